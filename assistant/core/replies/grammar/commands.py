"""The commands an owner can give, as frozen values, and one spelling for each (docs/replies.md).

WHO is kept as it was written: a number of the digest, a handle, a name, an address or a part of one. Days are absolute.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from assistant.core.language.days_in_words import cadence_words
from assistant.core.people.ledger import HEADS

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


def format_command(command: Command) -> str:  # noqa: C901, PLR0911, PLR0912 - one line a command
    """Return the one spelling of a command. Parsing it gives the same command back."""
    match command:
        case Met(verb, who, on, note):
            # Behind a comma, a name in the note would read as one more person; behind a colon it stays a note. The
            # comma is kept only where the line itself left that open.
            mark = ", " if any(some.who == command.who for some in command.lists) else ": "
            joint = ", " if who.isdecimal() else " and "
            return f"{verb} {joint.join(command.whos)}" + _day(on) + (f"{mark}{note}" if note else "")
        case ByNumber(verb, numbers, on):
            return f"{verb} {', '.join(map(str, numbers))}" + _day(on)
        case Snooze(whos, until):
            return f"snooze {', '.join(whos)} until {until.isoformat()}"
        case NotNow(who):
            return f"not now {who}"
        case Now(who):
            return f"{who} now"
        case Add():
            return _format_add(command)
        case Every(who, days):
            return f"{who} {cadence_words(days)}"
        case SetRole(who, role, hoped, occasion):
            return f"{who} role {role_words(role, hoped=hoped)}" + (f", {occasion}" if occasion else "")
        case Favourite(who, yes):
            return f"{who} favourite" if yes else f"{who} not favourite"
        case IsAlso(who, address):
            return f"{who} is also <{address}>"
        case IsNot(who, address):
            return f"{who} is not <{address}>"
        case Tell(kind, who, text, public, on):
            head = (f"{HEADS[kind]} {who}" if who else f"{kind} public" if public else kind) + _day(on)
            return f"{head}: {text}" if text else head
        case Intro((first, second)):
            return f"intro {first} to {second}"
        case Candidate(number, role, hoped, days):
            rhythm = f", {cadence_words(days)}" if days else ""
            return f"C{number} {role_words(role, hoped=hoped) if role else 'ignore'}{rhythm}"
        case Answer(number, text):
            return f"Q{number} {text}"
        case Drop(who):
            return f"drop {who}"
        case Keep(who):
            return f"keep {who}"
        case Close(who):
            return f"close {who}"
        case NotContact(short):
            return f"not contact {short}"
        case Look(what, who):
            return f"{what} {who}"
        case Plain(verb):
            return verb
        case Undo(cause):
            return f"undo {cause}" if cause else "undo"
        case Confirm(code):
            return f"confirm {code}"
        case _:
            return f"pause until {command.until.isoformat()}" if command.until else "pause"


def _day(on: date | None) -> str:
    return f" on {on.isoformat()}" if on else ""


def role_words(role: str, *, hoped: bool) -> str:
    """Return a role as owners write it: "advocate" or "hoped-for advocate"."""
    return f"hoped-for {role}" if hoped else role


def _format_add(command: Add) -> str:
    parts = [f"add {command.name} <{command.address}>"]
    if command.role:
        parts[0] += f" as {role_words(command.role, hoped=command.hoped)}"
    if command.cadence_days:
        parts.append(cadence_words(command.cadence_days))
    if command.goal:
        parts.append(f'for "{command.goal}"')
    if command.until:
        parts.append(f"until {command.until.isoformat()}")
    if command.occasion:
        parts.append(command.occasion)
    return ", ".join(parts)
