"""Words as JSON and back: what the cache keeps."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from assistant.core.evidence.dossier import Sentence, Words


def to_json(words: Words) -> str:
    """Return the words as JSON text."""
    return json.dumps(asdict(words), ensure_ascii=False)


def from_json(text: str) -> Words | None:
    """Return the words that `to_json` wrote, None where a row was written by another version."""
    try:
        return _words(json.loads(text))
    except (ValueError, TypeError, KeyError):
        return None


def _words(value: dict[str, Any]) -> Words:
    for key in ("sentences", "brief"):
        value[key] = tuple(Sentence(**{**row, "evidence": tuple(row["evidence"])}) for row in value[key])
    value["dropped"] = tuple((said, why) for said, why in value["dropped"])
    return Words(**value)
