"""Plan changes to somebody on the roster: cadence, role, favourite, addresses, drop and close (docs/replies.md)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.core.mail.address import normal_address
from assistant.core.replies.grammar.spelling import format_command
from assistant.core.replies.plan import add
from assistant.core.replies.plan.change import Change, belongs_key, belongs_value, keep_setting
from assistant.core.replies.plan.notes import note_change
from assistant.core.replies.plan.resolve_person import FoundPerson, find_person
from assistant.core.replies.plan.state import Planned

if TYPE_CHECKING:
    from assistant.core.people.roster import Person
    from assistant.core.replies.grammar.commands import Close, Drop, Every, Favourite, IsAlso, IsNot, Keep, SetRole
    from assistant.core.replies.plan.state import State


def person_change(state: State, person: Person, kind: str, **fields: Any) -> Change:
    """Return the change of some fields of one person. Values are plain JSON."""
    before = state.roster.value("person", person.handle)
    return Change("person", person.handle, before, {**before, **fields}, kind)


def plan_every(command: Every, state: State) -> Planned:
    """Return the plan that gives somebody their own cadence."""
    found = find_person(command.who, command, state)
    if isinstance(found, Planned):
        return found
    change = person_change(state, found.person, "every", cadence_days=command.days)
    return _mass(command, found, state.words.every(command.days), change, state)


def plan_set_role(command: SetRole, state: State) -> Planned:
    """Return the plan that gives somebody another role, and brings back whoever was closed."""
    found = find_person(command.who, command, state)
    if isinstance(found, Planned):
        return found
    change = person_change(state, found.person, "role", role=command.role, hoped=command.hoped, status="active")
    say = state.words
    what = say("role", role=say.role_within(command.role, hoped=command.hoped))
    what += say("add.occasion", occasion=command.occasion) if command.occasion else ""
    planned = _mass(command, found, what, change, state)
    return replace(
        planned, changes=(*planned.changes, *add.occasion_changes(state, found.person.handle, command.occasion))
    )


def _mass(command: Any, found: FoundPerson, what: str, change: Change, state: State) -> Planned:
    """Return a change to what exists. It counts as one, and is also kept as a command that a code can confirm."""
    told = {"name": found.person.name, "what": what, "named": found.named}
    if change.before == change.after:
        return Planned("ok", state.words("as-it-was", **told))
    # By handle, since the code comes back in another message, where a number may mean somebody else.
    held = format_command(replace(command, who=found.person.handle))
    return Planned("ok", state.words("as-said", **told), (change,), mass=1, held=(held,))


def plan_favourite(command: Favourite, state: State) -> Planned:
    """Return the plan that makes somebody a favourite, or no longer one."""
    found = find_person(command.who, command, state)
    if isinstance(found, Planned):
        return found
    change = person_change(state, found.person, "favourite", favourite=command.yes)
    changes = (change,) if change.before != change.after else ()
    key = ("favourite" if command.yes else "favourite.not") + ("" if changes else ".before")
    return Planned("ok", state.words(key, name=found.person.name, named=found.named), changes)


def plan_is_also(command: IsAlso, state: State) -> Planned:
    """Return the plan that links one more address to somebody, unless it is somebody else's."""
    found = find_person(command.who, command, state)
    if isinstance(found, Planned):
        return found
    address = normal_address(command.address)
    problem = add.address_problem(address, command.address, state)
    if address is None or problem:
        return Planned("refused", problem or "")
    others = [
        other.name
        for other in state.roster.holding(address)
        if other.status == "active" and other.handle != found.person.handle
    ]
    if others:
        return Planned("refused", state.words("address.taken", address=address, name=others[0]))
    if address in found.person.addresses:
        known = state.words("address.known", name=found.person.name, address=address, named=found.named)
        return Planned("ok", known)
    changes = (
        add.link_change(state, address, found.person.handle, "said"),
        *_settled_link(state, address, found, "yes"),
    )
    return _linked(command, found, state.words("address.also", address=address), changes, state)


def plan_is_not(command: IsNot, state: State) -> Planned:
    """Return the plan that keeps an address from counting as somebody's."""
    found = find_person(command.who, command, state)
    if isinstance(found, Planned):
        return found
    address = normal_address(command.address)
    if address is None:
        return Planned("refused", state.words("address.none", written=command.address))
    key = belongs_key(address, found.person.handle)
    change = Change("belongs", key, state.roster.value("belongs", key), belongs_value("no", state.reply.now), "is not")
    if change.before and change.before["lane"] == "no":
        before = state.words("address.not-before", name=found.person.name, address=address, named=found.named)
        return Planned("ok", before)
    changes = (change, *_settled_link(state, address, found, "no"))
    return _linked(command, found, state.words("address.not", address=address), changes, state)


def _linked(command: Any, found: FoundPerson, what: str, changes: tuple[Change, ...], state: State) -> Planned:
    planned = _mass(command, found, what, changes[0], state)
    return replace(planned, changes=changes)


def _settled_link(state: State, address: str, found: FoundPerson, answer: str) -> tuple[Change, ...]:
    """Answer the open question about the same link, so that it isn't asked again."""
    question = state.question(f"link {address} {found.person.handle}")
    return (state.answered(question, answer),) if question and question.answer is None else ()


def plan_drop(command: Drop, state: State) -> Planned:
    """Return the plan that takes somebody off the roster."""
    found = find_person(command.who, command, state)
    if isinstance(found, Planned):
        return found
    change = person_change(state, found.person, "drop", status="dropped")
    return _mass(command, found, state.words("dropped"), change, state)


def plan_keep(command: Keep, state: State) -> Planned:
    """Return the plan that leaves somebody never reached as they are, and keeps the review from asking for a year."""
    found = find_person(command.who, command, state)
    if isinstance(found, Planned):
        return found
    key = keep_setting(found.person.handle)
    change = Change("setting", key, state.roster.value("setting", key), state.reply.today.isoformat(), "keep")
    return Planned("ok", state.words("keep", name=found.person.name, named=found.named), (change,))


def plan_close(command: Close, state: State) -> Planned:
    """Return the plan for a goal that is reached: it's cleared, and an ally leaves the rotation but not the roster."""
    found = find_person(command.who, command, state)
    if isinstance(found, Planned):
        return found
    person, goal = found.person, found.person.goal
    if person.role != "ally" and not goal:
        return Planned("refused", state.words("closed.nothing", name=person.name, named=found.named))
    # An ally is one for a goal. Anybody else only loses the goal.
    status = "closed" if person.role == "ally" else person.status
    change = person_change(state, person, "close", status=status, goal=None, until=None)
    what = state.words("closed") if person.role == "ally" else state.words("closed.goal", goal=goal)
    planned = _mass(command, found, what, change, state)
    # The note is what the next digest's thanks go by.
    reached = (note_change(state, person.handle, "reached", goal),) if goal else ()
    return replace(planned, changes=(*planned.changes, *reached)) if planned.changes else planned
