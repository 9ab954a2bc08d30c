"""Export, import and edit the roster as a whole.

    file -> Filed -> Orders: commands, and what could not be used -> the same `obey` as a reply -> one transcript

Imports and edits become commands of the reply grammar, so there is no second way to change the roster.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.core.people.contact_files import Trouble
from assistant.core.people.names import name_key
from assistant.core.replies.grammar.commands import (
    Add,
    Close,
    Command,
    Drop,
    Every,
    Favourite,
    IsAlso,
    IsNot,
    Met,
    SetRole,
    Snooze,
    Tell,
    format_command,
)
from assistant.core.replies.grammar.lines import Line
from assistant.core.replies.plan.roster_state import roster_state
from assistant.errors import ConfigError, UserError
from assistant.rounds.roster_files import export_toml, read_people, read_roster
from assistant.store import digests
from assistant.store import roster as kept

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from assistant.core.people.contact_files import Entry, Filed, Remark
    from assistant.core.people.roster import Note, Person
    from assistant.core.replies.plan.roster_state import RosterState
    from assistant.core.replies.transcript import Transcript
    from assistant.store.database import Store

    Say = Callable[[tuple[Line, ...]], Transcript]


@dataclass(slots=True)
class Orders:
    """What an import or an edit will do.

    Of the `rows` people in the file, `new` will be added, `known` are on the roster, `without_role` have no role, and
    `left_out` can't be used, or not yet; together these are all rows. `asked` of those left out have a name that is on
    the roster, so they are asked about.
    """

    kind: str
    rows: int = 0
    new: int = 0
    known: int = 0
    without_role: int = 0
    left_out: int = 0
    asked: int = 0
    commands: list[Command] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    def lines(self) -> tuple[Line, ...]:
        """Return the commands as parsed lines."""
        return tuple(Line(format_command(command), command) for command in self.commands)


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of an import or an edit; `transcript` is None if nothing was done (a dry run, or nothing to do)."""

    orders: Orders
    transcript: Transcript | None
    dry_run: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the counts, the commands and the problems by line as JSON values."""
        orders = self.orders
        return {
            "kind": orders.kind,
            "rows": orders.rows,
            "new": orders.new,
            "known": orders.known,
            "without_role": orders.without_role,
            "left_out": orders.left_out,
            "asked": orders.asked,
            "commands": [line.text for line in orders.lines()],
            "problems": [{"line": trouble.line, "text": trouble.text} for trouble in _sorted(orders.troubles)],
            "dry_run": self.dry_run,
            "transcript": self.transcript.id if self.transcript else None,
            "changes": self.transcript.changes if self.transcript else 0,
            "outcomes": [
                {"text": line.text, "outcome": line.outcome, "effect": line.effect}
                for line in (self.transcript.lines if self.transcript else ())
            ],
        }

    def lines(self) -> list[str]:
        """Return the same as text: counts, problems by line, then each command with its outcome."""
        told = [_summary(self.orders), *(trouble.sentence() for trouble in _sorted(self.orders.troubles))]
        if self.transcript:
            told += [f"{line.outcome:<7} {line.text}\n        {line.effect}" for line in self.transcript.lines]
            undo = " Take it all back: assistant do undo" if self.transcript.changes else ""
            told.append(f"{self.transcript.changes} changed.{undo}")
        elif self.orders.commands:
            told += [f"would do: {line.text}" for line in self.orders.lines()]
        return told


def export(store: Store) -> str:
    """Return the whole roster as TOML."""
    return export_toml(kept.load_roster(store), kept.all_notes(store))


def import_file(
    store: Store, roles: Collection[str], path: Path, role: str | None, say: Say, *, dry_run: bool = False
) -> Result:
    """Import the people in a file. `role` is for everybody in it who has none, `say` obeys lines.

    Raises UserError if the file can't be read or there is no such role.
    """
    if role is not None and role not in roles:
        raise UserError(f"There is no role {role!r}; there are {', '.join(roles)}.")
    filed, waiting = read_people(path), _waiting(store)
    orders = orders_of(filed, roster_state(kept.load(store)), kept.all_notes(store), roles, role, waiting)
    return _carry_out(orders, say, dry_run=dry_run)


def apply_edit(store: Store, roles: Collection[str], before: str, after: str, say: Say) -> Result:
    """Turn the differences between two texts of the roster into commands and obey them.

    Raises ConfigError with all problems by line if the new text has any. Nothing is done then.
    """
    new = read_roster(after)
    orders = edits(read_roster(before), new, roster_state(kept.load(store)), roles)
    if orders.troubles:
        raise ConfigError(tuple(f"roster {trouble.sentence()}" for trouble in _sorted(orders.troubles)))
    return _carry_out(orders, say)


def _carry_out(orders: Orders, say: Say, *, dry_run: bool = False) -> Result:
    done = say(orders.lines()) if orders.commands and not dry_run else None
    return Result(orders, done, dry_run)


def _waiting(store: Store) -> dict[str, str]:
    """Return the addresses that are already asked about, each with the label of its question."""
    asked = (question for question in digests.open_questions(store) if question.key.startswith("same "))
    return {question.key.removeprefix("same "): str(question.payload.get("label", "")) for question in asked}


def orders_of(
    filed: Filed,
    roster: RosterState,
    notes: tuple[Note, ...],
    roles: Collection[str],
    role: str | None = None,
    waiting: Mapping[str, str] | None = None,
) -> Orders:
    """Return what an import will do: new people are added, known ones get what they lack, nobody is overwritten.

    A known name with another address is asked about. `waiting` are the addresses that were asked about before.
    """
    orders = Orders(filed.kind, filed.rows, left_out=filed.left_out, troubles=list(filed.troubles))
    said = {(note.person, note.kind, note.text) for note in notes}
    taken = {name_key(person.name) for person in roster.people if person.status != "dropped"}
    for entry in filed.entries:
        known = _on_roster(entry, roster)
        if len(known) > 1:
            names = " and ".join(person.handle for person in known)
            orders.troubles.append(Trouble(entry.line, f"{entry.name} fits {names}, nothing done"))
            orders.left_out += 1
        elif known and known[0].status == "dropped":
            orders.troubles.append(Trouble(entry.line, f"{entry.name} was dropped from the roster and stays off it"))
            orders.left_out += 1
        elif known:
            orders.known += 1
            orders.commands.extend(_completing(entry, known[0], said))
        elif name_key(entry.name) in taken and (entry.role or role) in roles and entry.addresses:
            _asking(orders, entry, entry.role or role or "", waiting or {})
        else:
            new = orders.new
            _adding(orders, entry, entry.role or role, roles)
            taken |= {name_key(entry.name)} if orders.new > new else set()
    orders.commands.extend(Tell(r.kind, None, r.text) for r in filed.own if (None, r.kind, r.text) not in said)  # type: ignore[arg-type]
    return orders


def _on_roster(entry: Entry, roster: RosterState) -> tuple[Person, ...]:
    """Return whom an entry means: by handle in the roster's own TOML, else by any of its addresses."""
    own = roster.by_handle(entry.handle) if entry.handle else None
    if own is not None:
        return (own,)
    found = {person.handle: person for address in entry.addresses for person in roster.holding(address)}
    held = [found[handle] for handle in sorted(found)]
    # The address of a dropped person is nobody's as soon as somebody else on the roster has it.
    return tuple([person for person in held if person.status != "dropped"] or held)


def _adding(orders: Orders, entry: Entry, role: str | None, roles: Collection[str]) -> None:
    if role is None:
        # A file of 2,000 contacts is no roster of 2,000 people.
        orders.without_role += 1
        return
    if role not in roles:
        orders.troubles.append(Trouble(entry.line, f"{entry.name} has the role {role!r}; there are {', '.join(roles)}"))
        orders.left_out += 1
        return
    if not entry.addresses:
        orders.troubles.append(Trouble(entry.line, f"{entry.name} has no address"))
        orders.left_out += 1
        return
    orders.new += 1
    first, *others = entry.addresses
    orders.commands.append(Add(entry.name, first, role, entry.hoped, entry.cadence_days, _goal(entry), entry.until))
    orders.commands.extend(IsAlso(first, address) for address in others)
    orders.commands.extend(_marks(entry, first))
    orders.commands.extend(_said(entry.remarks, first))


def _asking(orders: Orders, entry: Entry, role: str, waiting: Mapping[str, str]) -> None:
    """Add the command that makes `obey` ask whether it's the same person, unless that question is open already."""
    first, *others = entry.addresses
    orders.left_out += 1
    orders.asked += 1
    label = next((waiting[address] for address in entry.addresses if address in waiting), None)
    if label is not None:
        text = f"{entry.name} <{first}> waits for your answer to {label}: yes is the one on the roster, no a second one"
        orders.troubles.append(Trouble(entry.line, text))
        return
    more = "; the rest of this entry comes with the next import" if others or entry.remarks else ""
    text = f"{entry.name} <{first}> is asked about, since that name is on the roster already{more}"
    orders.troubles.append(Trouble(entry.line, text))
    orders.commands.append(Add(entry.name, first, role, entry.hoped, entry.cadence_days, _goal(entry), entry.until))


def _goal(entry: Entry) -> str | None:
    return entry.goal.replace('"', "'") if entry.goal else None


def _marks(entry: Entry, who: str) -> Iterator[Command]:
    if entry.favourite:
        yield Favourite(who)
    if entry.snoozed_until:
        yield Snooze((who,), entry.snoozed_until)
    if entry.status == "closed":
        yield Close(who)


def _completing(entry: Entry, person: Person, said: set[tuple[str | None, str, str]]) -> Iterator[Command]:
    """Yield the commands that give a known person the addresses and notes they lack."""
    # Role, cadence and the like stay as they are: the owner set them, a file must not.
    yield from (IsAlso(person.handle, address) for address in entry.addresses if address not in person.addresses)
    fresh = [r for r in entry.remarks if (person.handle, r.kind, r.text) not in said]
    yield from _said(tuple(fresh), person.handle)


def _said(remarks: tuple[Remark, ...], who: str) -> Iterator[Command]:
    for remark in remarks:
        if remark.kind == "met":
            verb = remark.verb if remark.verb and remark.verb != "done" else "met"
            yield Met(verb, who, remark.on, remark.text)  # type: ignore[arg-type]
        elif remark.text:
            yield Tell(remark.kind, who, remark.text)  # type: ignore[arg-type]


def edits(before: Filed, after: Filed, roster: RosterState, roles: Collection[str]) -> Orders:
    """Return the commands that lead from one text of the roster to the other, and problems with what none can do."""
    old = {entry.handle: entry for entry in before.entries}
    new = {entry.handle: entry for entry in after.entries}
    orders = Orders("edit", after.rows, left_out=after.left_out, troubles=list(after.troubles))
    for handle, entry in new.items():
        if handle in old:
            orders.known += 1
            _changing(orders, old[handle], entry, roles)
        elif entry.role is None:
            orders.troubles.append(Trouble(entry.line, f"{entry.name} has no role; there are {', '.join(roles)}"))
        elif known := _on_roster(entry, roster):
            there = (
                "was dropped from the roster, where they stood"
                if known[0].status == "dropped"
                else "is on the roster already"
            )
            orders.troubles.append(Trouble(entry.line, f"{entry.name} {there} as {known[0].handle}"))
        else:
            _adding(orders, entry, entry.role, roles)
    orders.commands.extend(Drop(handle) for handle in old if handle and handle not in new)
    _remarking(orders, None, before.own, after.own, 1)
    return orders


def _changing(orders: Orders, old: Entry, new: Entry, roles: Collection[str]) -> None:
    who = new.handle or ""
    for word in ("name", "goal", "until"):
        if getattr(old, word) != getattr(new, word):
            text = f"the {word} of {who} cannot be changed here; drop them and add them anew"
            orders.troubles.append(Trouble(new.line, text))
    for gone, what in (
        (old.favourite and not new.favourite, "favourite"),
        (old.snoozed_until and not new.snoozed_until, "snoozed_until"),
        (old.cadence_days and not new.cadence_days, "cadence"),
        (old.status == "closed" and new.status == "active", "status"),
    ):
        if gone:
            orders.troubles.append(Trouble(new.line, f"{what} of {who} cannot be taken away here; change its value"))
    if (old.role, old.hoped) != (new.role, new.hoped):
        _set_role(orders, new, who, roles)
    if new.cadence_days and new.cadence_days != old.cadence_days:
        orders.commands.append(Every(who, new.cadence_days))
    orders.commands.extend(IsAlso(who, address) for address in new.addresses if address not in old.addresses)
    orders.commands.extend(IsNot(who, address) for address in old.addresses if address not in new.addresses)
    if new.favourite and not old.favourite:
        orders.commands.append(Favourite(who))
    if new.snoozed_until and new.snoozed_until != old.snoozed_until:
        orders.commands.append(Snooze((who,), new.snoozed_until))
    if new.status == "closed" and old.status != "closed":
        orders.commands.append(Close(who))
    _remarking(orders, who, old.remarks, new.remarks, new.line)


def _set_role(orders: Orders, new: Entry, who: str, roles: Collection[str]) -> None:
    if new.role in roles:
        orders.commands.append(SetRole(who, new.role or "", new.hoped))
    else:
        orders.troubles.append(Trouble(new.line, f"{who} has the role {new.role!r}; there are {', '.join(roles)}"))


def _remarking(orders: Orders, who: str | None, old: tuple[Remark, ...], new: tuple[Remark, ...], line: int) -> None:
    """Add new notes as commands. Changed or removed notes are a problem."""
    # No command removes a note, only undo does.
    before = {(r.kind, r.text, r.on) for r in old}
    after = {(r.kind, r.text, r.on) for r in new}
    if before - after:
        text = f"{len(before - after)} notes were changed or taken out; notes stay, undo takes the latest back"
        orders.troubles.append(Trouble(line, text))
    fresh = tuple(r for r in new if (r.kind, r.text, r.on) not in before)
    if who is not None:
        orders.commands.extend(_said(fresh, who))
    else:
        orders.commands.extend(Tell(r.kind, None, r.text) for r in fresh)  # type: ignore[arg-type]


def _summary(orders: Orders) -> str:
    parts = [f"{orders.rows} read", f"{orders.new} new", f"{orders.known} on the roster already"]
    if orders.without_role:
        parts.append(f"{orders.without_role} without a role, not added (give one with --role)")
    asked = f" ({orders.asked} of them asked about)" if orders.asked else ""
    return ", ".join([*parts, f"{orders.left_out} left out{asked}"]) + "."


def _sorted(troubles: list[Trouble]) -> list[Trouble]:
    return sorted(troubles, key=lambda trouble: trouble.line)
