"""The roster: people, and what the owner said about them. A handle is given once and never changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

Status = Literal["active", "closed", "dropped"]


@dataclass(frozen=True, slots=True)
class Person:
    """One person on the roster.

    `cadence_days` is the owner's cadence for this person (days), None for the role's. `hoped` says that the person
    doesn't have the role yet, as an advocate to win. `addresses` are normal forms in the order they were linked; there
    may be none.
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
    """One thing the owner said: `id` is like "T17-2", `person` a handle or None for the owner's own wins and goals.

    `kind` is note, met, advice, win, goal or ask. `verb` is how a met was said (met, called, talked to, emailed, done),
    None for other kinds. `on` is the day that it is about, in the owner's zone.
    """

    id: str
    person: str | None
    kind: str
    verb: str | None
    on: date
    text: str

    @property
    def place(self) -> tuple[object, ...]:
        """Return what notes are sorted by: their day, then in the order they were said."""
        # T10 comes after T9, unlike in a comparison of texts.
        return self.on, tuple(int(part) for part in self.id.removeprefix("T").split("-") if part.isdecimal())


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody ever added, including those dropped, since their handles stay taken."""

    people: tuple[Person, ...] = ()

    def active(self) -> Iterator[Person]:
        """Yield the people who can be in a digest."""
        return (person for person in self.people if person.status == "active")

    def by_handle(self, handle: str) -> Person | None:
        """Return the person with that handle, or None."""
        return next((p for p in self.people if p.handle == handle), None)

    def by_address(self, address: str) -> tuple[Person, ...]:
        """Return the active people that an address (normal form) is linked to; empty for nobody."""
        return tuple(p for p in self.active() if address in p.addresses)
