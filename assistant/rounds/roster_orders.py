"""What an import or an edit of the roster will do, as commands of the reply grammar, and what can't be used.

    import: people in a file ──┬─> new ──> add, is also, met, ...
                               ├─> known ──> the addresses and notes they lack
                               └─> the same name, another address ──> a question
    edit:   two texts of the roster ──> the commands that lead from one to the other

Nothing is done here; `roster_import` carries the orders out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.core.people.contact_files import UnusableLine
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
    Keep,
    Met,
    SetRole,
    Snooze,
    Tell,
)
from assistant.core.replies.grammar.lines import ParsedLine
from assistant.core.replies.grammar.spelling import format_command

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from assistant.core.people.contact_files import ContactEntry, Filed, Remark
    from assistant.core.people.roster import Note, Person
    from assistant.core.replies.plan.roster_state import RosterState


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
    troubles: list[UnusableLine] = field(default_factory=list)

    def lines(self) -> tuple[ParsedLine, ...]:
        """Return the commands as parsed lines."""
        return tuple(ParsedLine(format_command(command), command) for command in self.commands)


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
    # So that a second import of the same file adds no note twice. Without the day, which is that of the first import.
    said = {(note.person, note.kind, note.text) for note in notes}
    taken = {name_key(person.name) for person in roster.people if person.status != "dropped"}
    for entry in filed.entries:
        known = _on_roster(entry, roster)
        if len(known) > 1:
            names = " or ".join(person.handle for person in known)
            orders.troubles.append(UnusableLine(entry.line, f"{entry.name} could be {names}, so nothing was done"))
            orders.left_out += 1
        elif known and known[0].status == "dropped":
            orders.troubles.append(
                UnusableLine(entry.line, f"{entry.name} was dropped from the roster and stays off it")
            )
            orders.left_out += 1
        elif known:
            orders.known += 1
            orders.commands.extend(_missing_parts(entry, known[0], said))
        elif name_key(entry.name) in taken and (entry.role or role) in roles and entry.addresses:
            _ask_about(orders, entry, entry.role or role or "", waiting or {})
        else:
            new = orders.new
            _add_person(orders, entry, entry.role or role, roles)
            taken |= {name_key(entry.name)} if orders.new > new else set()
    orders.commands.extend(_own_commands(r for r in filed.own if (None, r.kind, r.text) not in said))
    return orders


def _on_roster(entry: ContactEntry, roster: RosterState) -> tuple[Person, ...]:
    """Return whom an entry means: by handle in the roster's own TOML, else by any of its addresses."""
    own = roster.by_handle(entry.handle) if entry.handle else None
    if own is not None:
        return (own,)
    found = {person.handle: person for address in entry.addresses for person in roster.holding(address)}
    held = [found[handle] for handle in sorted(found)]
    # The address of a dropped person is nobody's as soon as somebody else on the roster has it.
    return tuple([person for person in held if person.status != "dropped"] or held)


def _add_person(orders: Orders, entry: ContactEntry, role: str | None, roles: Collection[str]) -> None:
    if role is None:
        # A file of 2,000 contacts is no roster of 2,000 people.
        orders.without_role += 1
        return
    if role not in roles:
        orders.troubles.append(
            UnusableLine(entry.line, f"{entry.name} has the role {role!r}; the roles are {', '.join(roles)}")
        )
        orders.left_out += 1
        return
    if not entry.addresses:
        orders.troubles.append(UnusableLine(entry.line, f"{entry.name} has no address"))
        orders.left_out += 1
        return
    orders.new += 1
    first, *others = entry.addresses
    orders.commands.append(Add(entry.name, first, role, entry.hoped, entry.cadence_days, _goal(entry), entry.until))
    orders.commands.extend(IsAlso(first, address) for address in others)
    orders.commands.extend(_status_commands(entry, first))
    orders.commands.extend(_note_commands(entry.remarks, first))


def _ask_about(orders: Orders, entry: ContactEntry, role: str, waiting: Mapping[str, str]) -> None:
    """Add the command that makes `obey` ask whether it's the same person, unless that question is open already."""
    first, *others = entry.addresses
    orders.left_out += 1
    orders.asked += 1
    label = next((waiting[address] for address in entry.addresses if address in waiting), None)
    if label is not None:
        said = "yes if it is the person on the roster, no if it is somebody else"
        text = f"{entry.name} <{first}> waits for your answer to {label}: {said}"
        orders.troubles.append(UnusableLine(entry.line, text))
        return
    more = "; the rest of this entry comes with the next import" if others or entry.remarks else ""
    text = f"{entry.name} <{first}> is asked about, since that name is on the roster already{more}"
    orders.troubles.append(UnusableLine(entry.line, text))
    orders.commands.append(Add(entry.name, first, role, entry.hoped, entry.cadence_days, _goal(entry), entry.until))


def _goal(entry: ContactEntry) -> str | None:
    return entry.goal.replace('"', "'") if entry.goal else None  # the command puts the goal in double quotes


def _status_commands(entry: ContactEntry, who: str) -> Iterator[Command]:
    if entry.favourite:
        yield Favourite(who)
    if entry.snoozed_until:
        yield Snooze((who,), entry.snoozed_until)
    if entry.kept_on:
        yield Keep(who)
    if entry.status == "closed":
        yield Close(who)


def _missing_parts(entry: ContactEntry, person: Person, said: set[tuple[str | None, str, str]]) -> Iterator[Command]:
    """Yield the commands that give a known person the addresses and notes they lack."""
    # Role, cadence and the like stay as they are: the owner set them, a file must not.
    yield from (IsAlso(person.handle, address) for address in entry.addresses if address not in person.addresses)
    fresh = [r for r in entry.remarks if (person.handle, r.kind, r.text) not in said]
    yield from _note_commands(tuple(fresh), person.handle)


def _note_commands(remarks: tuple[Remark, ...], who: str) -> Iterator[Command]:
    for remark in remarks:
        if remark.kind == "met":
            verb = remark.verb if remark.verb and remark.verb != "done" else "met"
            yield Met(verb, who, remark.on, remark.text)  # type: ignore[arg-type]
        elif remark.text or remark.kind == "thanked":
            yield Tell(remark.kind, who, remark.text, on=remark.on)  # type: ignore[arg-type]


def _own_commands(remarks: Iterable[Remark]) -> Iterator[Command]:
    return (Tell(r.kind, None, r.text, r.verb == "public", r.on) for r in remarks)  # type: ignore[arg-type]


def edits(before: Filed, after: Filed, roster: RosterState, roles: Collection[str]) -> Orders:
    """Return the commands that lead from one text of the roster to the other, and problems with what none can do."""
    old = {entry.handle: entry for entry in before.entries}
    new = {entry.handle: entry for entry in after.entries}
    orders = Orders("edit", after.rows, left_out=after.left_out, troubles=list(after.troubles))
    for handle, entry in new.items():
        if handle in old:
            orders.known += 1
            _change_person(orders, old[handle], entry, roles)
        elif entry.role is None:
            orders.troubles.append(
                UnusableLine(entry.line, f"{entry.name} has no role; the roles are {', '.join(roles)}")
            )
        elif known := _on_roster(entry, roster):
            there = (
                "was dropped from the roster, where they were"
                if known[0].status == "dropped"
                else "is on the roster already"
            )
            orders.troubles.append(UnusableLine(entry.line, f"{entry.name} {there} as {known[0].handle}"))
        else:
            _add_person(orders, entry, entry.role, roles)
    orders.commands.extend(Drop(handle) for handle in old if handle and handle not in new)
    _add_notes(orders, None, before.own, after.own, 1)
    return orders


def _change_person(orders: Orders, old: ContactEntry, new: ContactEntry, roles: Collection[str]) -> None:
    who = new.handle or ""
    for word in ("name", "goal", "until"):
        if getattr(old, word) != getattr(new, word):
            text = f"the {word} of {who} cannot be changed here; drop them and add them again"
            orders.troubles.append(UnusableLine(new.line, text))
    for gone, what in (
        (old.snoozed_until and not new.snoozed_until, "snoozed_until"),
        (old.kept_on and not new.kept_on, "kept"),
        (old.cadence_days and not new.cadence_days, "cadence"),
        (old.status == "closed" and new.status == "active", "status"),
    ):
        if gone:
            orders.troubles.append(UnusableLine(new.line, f"{what} of {who} cannot be removed here; change its value"))
    if (old.role, old.hoped) != (new.role, new.hoped):
        _set_role(orders, new, who, roles)
    if new.cadence_days and new.cadence_days != old.cadence_days:
        orders.commands.append(Every(who, new.cadence_days))
    orders.commands.extend(IsAlso(who, address) for address in new.addresses if address not in old.addresses)
    orders.commands.extend(IsNot(who, address) for address in old.addresses if address not in new.addresses)
    if new.favourite != old.favourite:
        orders.commands.append(Favourite(who, yes=new.favourite))
    orders.commands.extend(_set_days(old, new, who))
    if new.status == "closed" and old.status != "closed":
        orders.commands.append(Close(who))
    _add_notes(orders, who, old.remarks, new.remarks, new.line)


def _set_days(old: ContactEntry, new: ContactEntry, who: str) -> Iterator[Command]:
    if new.snoozed_until and new.snoozed_until != old.snoozed_until:
        yield Snooze((who,), new.snoozed_until)
    if new.kept_on and new.kept_on != old.kept_on:
        yield Keep(who)


def _set_role(orders: Orders, new: ContactEntry, who: str, roles: Collection[str]) -> None:
    if new.role in roles:
        orders.commands.append(SetRole(who, new.role or "", new.hoped))
    else:
        orders.troubles.append(
            UnusableLine(new.line, f"{who} has the role {new.role!r}; the roles are {', '.join(roles)}")
        )


def _add_notes(orders: Orders, who: str | None, old: tuple[Remark, ...], new: tuple[Remark, ...], line: int) -> None:
    """Add new notes as commands. Changed or removed notes are a problem."""
    # No command removes a note, only undo does.
    before = {(r.kind, r.text, r.on) for r in old}
    after = {(r.kind, r.text, r.on) for r in new}
    if before - after:
        text = f"{len(before - after)} notes were changed or removed; notes stay, only undo takes them back"
        orders.troubles.append(UnusableLine(line, text))
    fresh = tuple(r for r in new if (r.kind, r.text, r.on) not in before)
    if who is not None:
        orders.commands.extend(_note_commands(fresh, who))
    else:
        orders.commands.extend(_own_commands(fresh))
