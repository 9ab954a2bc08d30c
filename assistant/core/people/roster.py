"""Who is on the roster: frozen values, without I/O.

The shapes are those of `docs/how-it-works.md`; handles are given once and never change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

Status = Literal["active", "closed", "dropped"]


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the roster.

    `cadence_days` is what the owner said for this person (days), None for the role's own.
    `hoped` marks somebody who is not yet what `role` says but is hoped to be (an advocate to win).
    `addresses` are normal forms, in the order they were linked; may be empty.
    """

    handle: str
    name: str
    role: str
    cadence_days: int | None = None
    status: Status = "active"
    goal: str | None = None
    until: date | None = None
    favourite: bool = False
    hoped: bool = False
    snoozed_until: date | None = None
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """One thing the owner said: `id` "T17-2", `person` a handle or None for the owner's own (win, goal).

    `kind` is note, met, advice, win, goal or ask; `verb` how a met was said (met, called, talked to, emailed, done),
    None for the other kinds; `on` the day it speaks of, in the owner's zone.
    """

    id: str
    person: str | None
    kind: str
    verb: str | None
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody ever added, the dropped ones too (their handles stay taken)."""

    people: tuple[Person, ...] = ()

    def active(self) -> Iterator[Person]:
        """Yield those who take part in digests."""
        return (person for person in self.people if person.status == "active")

    def by_handle(self, handle: str) -> Person | None:
        """Return the person of that handle, or None."""
        return next((p for p in self.people if p.handle == handle), None)

    def by_address(self, address: str) -> tuple[Person, ...]:
        """Return the active people that address (normal form) is linked to; empty when nobody."""
        return tuple(p for p in self.active() if address in p.addresses)
