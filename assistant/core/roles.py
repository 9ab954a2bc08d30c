"""The playbooks: what the assistant knows about each role (docs/roles.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """One role as data an owner can override.

    `cadence_days` is None for roles without a clock of their own; then `goal_days` (days) is how often a check-in
    is due while a goal is open. `favourite_days` is the cadence of a favourite, None when the same.
    `inside` says whether such a person belongs at the owner's company: True, False, or None for either.
    """

    name: str
    does: str
    who: str
    cadence_days: int | None
    favourite_days: int | None = None
    goal_days: int | None = None
    inside: bool | None = None
    preparation: str = ""
    complaints: str = "no"
    topics: tuple[str, ...] = ()
    tone: str = ""
    never: tuple[str, ...] = ()
    cadence_words: str = ""
