"""One spelling for each command. Parsing it gives the same command back (docs/replies.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.core.language.days_in_words import cadence_words
from assistant.core.people.ledger import HEADS
from assistant.core.replies.grammar.commands import (
    Add,
    Answer,
    ByNumber,
    Candidate,
    Close,
    Command,
    Confirm,
    Drop,
    Every,
    Favourite,
    Intro,
    IsAlso,
    IsNot,
    Keep,
    Look,
    Met,
    NotContact,
    NotNow,
    Now,
    Plain,
    SetRole,
    Snooze,
    Tell,
    Undo,
)

if TYPE_CHECKING:
    from datetime import date


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
