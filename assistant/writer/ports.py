"""What the model writer needs from the outside: a place to keep answers, usage and the mode that worked.

`assistant.store.completions.Completions` fits this shape without either knowing the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

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


class NoCache:
    """A cache that keeps answers for as long as it lives, for `brief --show-prompt` and tests."""

    def __init__(self) -> None:
        self.kept: dict[str, Completion] = {}
        self.modes: dict[tuple[str, str], str] = {}

    def get(self, key: str) -> str | None:
        """Return the answer kept under that key."""
        return self.kept[key].words if key in self.kept else None

    def put(self, completion: Completion) -> None:
        """Keep one answer, its tokens added to what the key took before."""
        before = self.kept.get(completion.key)
        if before:
            completion = replace(
                completion,
                words=completion.words if completion.words is not None else before.words,
                prompt_tokens=before.prompt_tokens + completion.prompt_tokens,
                completion_tokens=before.completion_tokens + completion.completion_tokens,
            )
        self.kept[completion.key] = completion

    def used(self, week: str) -> int:
        """Return the tokens of that week."""
        return sum(c.prompt_tokens + c.completion_tokens for c in self.kept.values() if c.week == week)

    def mode(self, base_url: str, model: str) -> str | None:
        """Return how the server took the last request that worked."""
        return self.modes.get((base_url, model))

    def set_mode(self, base_url: str, model: str, mode: str) -> None:
        """Remember how the server took a request."""
        self.modes[base_url, model] = mode
