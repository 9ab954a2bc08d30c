"""What the model writer keeps: answers and usage, the mode a server took; and words as JSON and back.

`assistant.store.completions.Completions` fits `Cache` without either knowing the other.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

from assistant.core.evidence.dossier import Sentence, Words

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Completion:
    """One call as it is kept: the answer's JSON (None: only its usage counts) and its tokens."""

    key: str
    at: datetime
    week: str
    base_url: str
    model: str
    words: str | None
    prompt_tokens: int
    completion_tokens: int


class Cache(Protocol):
    """Answers by key, usage by week, modes by server. Called from one thread at a time."""

    def get(self, key: str) -> str | None:
        """Return the answer kept under that key (JSON text), None for none."""
        ...

    def put(self, completion: Completion) -> None:
        """Keep one answer or one call's usage; a key put twice adds its tokens and keeps the newer answer."""
        ...

    def used(self, week: str) -> int:
        """Return the tokens of all calls of that week, in and out; 0 for none."""
        ...

    def mode(self, base_url: str, model: str) -> str | None:
        """Return how the server took the last request that worked (`Manner.text`), None where nothing is known."""
        ...

    def set_mode(self, base_url: str, model: str, mode: str) -> None:
        """Remember how the server took a request."""
        ...


Dropped = tuple[tuple[str, str], ...]


def to_json(words: Words) -> str:
    """Return the words as JSON text."""
    return json.dumps(asdict(words), ensure_ascii=False)


def refused(dropped: Dropped) -> str:
    """Return what is kept in place of words that could not be used, so that the same digest asks only once."""
    return json.dumps({"refused": True, "dropped": dropped}, ensure_ascii=False)


def from_json(text: str) -> Words | Dropped | None:
    """Return the words that `to_json` wrote, or what was dropped of words that could not be used.

    None where a row was written by another version.
    """
    try:
        value = json.loads(text)
        return _dropped(value) if value.get("refused") else _words(value)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _words(value: dict[str, Any]) -> Words:
    for key in ("sentences", "brief"):
        value[key] = tuple(Sentence(**{**row, "evidence": tuple(row["evidence"])}) for row in value[key])
    return Words(**{**value, "dropped": _dropped(value)})


def _dropped(value: dict[str, Any]) -> Dropped:
    return tuple((said, why) for said, why in value["dropped"])
