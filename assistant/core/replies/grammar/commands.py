"""The commands an owner can give, as frozen values (docs/replies.md). `spelling` writes them.

WHO is kept as it was written: a number of the digest, a handle, a name, an address or a part of one. Days are absolute.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from assistant.core.people.ledger import TellKind

MetVerb = Literal["met", "talked to", "called", "emailed"]
NumberVerb = Literal["done", "skip", "send"]


@dataclass(frozen=True, slots=True)
class Met:
    """A contact. `on` is None for today, `note` is "" for none, `company` is who else was there.

    `lists` are other readings of the line, which name several people ("met Bob, Sam and Jane"). One of them holds if
    the roster knows everybody in it. `against` are further contacts the line may report ("…, called Sam"). If the
    roster knows everybody in one of those, the line says two things and isn't obeyed.
    """

    # Readings are kept beside each other because the grammar doesn't know the roster.

    verb: MetVerb
    who: str
    on: date | None = None
    note: str = ""
    company: tuple[str, ...] = ()
    lists: tuple[Met, ...] = field(default=(), compare=False)
    against: tuple[Met, ...] = field(default=(), compare=False)

    @property
    def alone(self) -> Met:
        """The command without its other readings."""
        return replace(self, lists=(), against=())

    @property
    def whos(self) -> tuple[str, ...]:
        """Everybody who was met."""
        return (self.who, *self.company)

    def about(self, whos: Iterable[str], today: date) -> Met:
        """Return the same contact with these people, on its own day or else on `today`."""
        first, *others = whos
        return replace(self.alone, who=first, company=tuple(others), on=self.on or today)


@dataclass(frozen=True, slots=True)
class ByNumber:
    """done, skip or send for numbers of the digest. `on` is the day of a done, None for today."""

    verb: NumberVerb
    numbers: tuple[int, ...]
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Snooze:
    """No nudge for these people before `until`."""

    whos: tuple[str, ...]
    until: date


@dataclass(frozen=True, slots=True)
class NotNow:
    """No nudge this week."""

    who: str


@dataclass(frozen=True, slots=True)
class Now:
    """A card in the next digest, whatever the rhythm and however often there was one."""

    who: str


@dataclass(frozen=True, slots=True)
class Add:
    """A new person. A `role` of None is asked for; `cadence_days` is None for the role's own.

    `occasion` is why the owner hopes to win them, "" for none; only somebody hoped for has one.
    """

    name: str
    address: str
    role: str | None = None
    hoped: bool = False
    cadence_days: int | None = None
    goal: str | None = None
    until: date | None = None
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class Every:
    """A person's own cadence, in days."""

    who: str
    days: int


@dataclass(frozen=True, slots=True)
class SetRole:
    """Another role. `hoped` means that the owner wants to win them for it, and `occasion` says why ("" for nothing)."""

    who: str
    role: str
    hoped: bool = False
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class Favourite:
    """Somebody to be seen more often, or with `yes` false no longer."""

    who: str
    yes: bool = True


@dataclass(frozen=True, slots=True)
class IsAlso:
    """A further address of a person."""

    who: str
    address: str


@dataclass(frozen=True, slots=True)
class IsNot:
    """An address that is not that person's."""

    who: str
    address: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Something to remember about one person, or about the owner (win, goal; `who` is None).

    `text` is "" only for thanks. A `public` win may be told to anybody. `on` is None for today.
    """

    kind: TellKind
    who: str | None
    text: str
    public: bool = False
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Intro:
    """The owner introduced two people to each other. One of them may not be on the roster."""

    whos: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """The decision on candidate Cn: a role, or None to ignore them. `cadence_days` is None for the role's own."""

    number: int
    role: str | None
    hoped: bool = False
    cadence_days: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to question Qn: yes, no, a role, a handle or a name."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Take somebody off the roster."""

    who: str


@dataclass(frozen=True, slots=True)
class Keep:
    """Somebody never reached stays as they are, and isn't asked about for a year."""

    who: str


@dataclass(frozen=True, slots=True)
class Close:
    """An ally's goal is reached."""

    who: str


@dataclass(frozen=True, slots=True)
class NotContact:
    """The message of that short id was no contact."""

    short: str


@dataclass(frozen=True, slots=True)
class Look:
    """A request to be told the brief, everything, or the reasons of a card, about one person."""

    what: Literal["brief", "show", "why"]
    who: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A command that is one word."""

    verb: Literal["status", "review", "help", "resume", "stop"]


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back transaction `cause` ("T17"); None for the latest."""

    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Confirm:
    """The code a transcript asked for."""

    code: str


@dataclass(frozen=True, slots=True)
class Pause:
    """No digest before `until`; None until `resume`."""

    until: date | None = None


Command = (
    Met
    | ByNumber
    | Snooze
    | NotNow
    | Now
    | Add
    | Every
    | SetRole
    | Favourite
    | IsAlso
    | IsNot
    | Tell
    | Intro
    | Candidate
    | Answer
    | Drop
    | Keep
    | Close
    | NotContact
    | Look
    | Plain
    | Undo
    | Confirm
    | Pause
)
