"""Verifiers that a model server may have: each makes the answer to a request for verdicts.

server.habits = [says(words_for, lies)]
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.servers.model import Asked


def _all(asked: Asked, verdict: str, evidence: str = "", quote: str = "") -> dict[str, Any]:
    return {
        "verdicts": [
            {"sentence": item["sentence"], "verdict": verdict, "evidence": evidence, "quote": quote}
            for item in asked.data["sentences"]
        ]
    }


def lies(asked: Asked) -> dict[str, Any]:
    """Everything is supported, by words that stand nowhere."""
    return _all(asked, "supported", "E1", "as was said at the time")


def flatters(asked: Asked) -> dict[str, Any]:
    """Everything is courtesy."""
    return _all(asked, "courtesy")


def harsh(asked: Asked) -> dict[str, Any]:
    """Nothing is supported."""
    return _all(asked, "unsupported")


def of_quality(
    truth: Mapping[str, tuple[str, str]], right_on_false: float, right_on_true: float, seed: int
) -> Callable[[Asked], dict[str, Any]]:
    """A verifier that is right that often; `truth` gives number and quote of each true sentence, "" for courtesy.

    Where it is wrong about a false one it calls it supported, by a quote that does stand in the evidence.
    """
    chance = random.Random(seed)  # noqa: S311 -- a test that can be repeated

    def verdicts(asked: Asked) -> dict[str, Any]:
        rows = []
        for item in asked.data["sentences"]:
            known = truth.get(item["text"])
            right = chance.random() < (right_on_false if known is None else right_on_true)
            piece = asked.data["evidence"][-1]
            evidence, quote = known if known is not None else (piece["number"], piece["text"][:30])
            supported = right == (known is not None)
            verdict = ("supported" if quote else "courtesy") if supported else "unsupported"
            rows.append({"sentence": item["sentence"], "verdict": verdict, "evidence": evidence, "quote": quote})
        return {"verdicts": rows}

    return verdicts
