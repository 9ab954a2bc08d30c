"""A question to the owner: what it is about, what its answer needs to know, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

YES: Final = frozenset({"yes", "y", "yep", "yeah", "ja", "correct", "right", "true"})
NO: Final = frozenset({"no", "n", "nope", "nein", "wrong", "false"})
KEEP: Final = NO | {"keep", "ignore", "skip"}


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    `kind` says what is asked ("link", "role", …) and `about` about what (an address, a handle, a code). `payload` is
    plain JSON. `answer` is None while the question is open.
    """

    kind: str
    about: str
    payload: Mapping[str, Any]
    answer: str | None = None

    @property
    def key(self) -> str:
        """Return the key under which it is stored."""
        return f"{self.kind} {self.about}"

    @property
    def label(self) -> str:
        """Return what the owner calls it ("Q3"), "" if it is answered without a label."""
        return str(self.payload.get("label") or "")

    @property
    def asked_at(self) -> int:
        """Return when a transcript asked it (epoch seconds), 0 if the digest did."""
        return int(self.payload.get("asked_at", 0))

    def value(self, answered_at: int | None = None) -> dict[str, Any]:
        """Return the JSON value to store. `answered_at` is in epoch seconds."""
        return {"payload": dict(self.payload), "answer": self.answer, "answered_at": answered_at}


def question_of(key: str, value: Mapping[str, Any]) -> Question:
    """Return the question stored as `value` under `key`."""
    kind, _, about = key.partition(" ")
    return Question(kind, about, value["payload"], value["answer"])
