"""Plan new people: `add`, and candidates of the digest. Adding never overwrites anybody (docs/replies.md)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from assistant.core.mail.address import normal_address
from assistant.core.people.handles import handle_for
from assistant.core.people.roster import Person
from assistant.core.replies.grammar.commands import Add, Candidate
from assistant.core.replies.plan.change import Change, belongs_key, belongs_value, person_value
from assistant.core.replies.plan.notes import note_change
from assistant.core.replies.plan.question import Question
from assistant.core.replies.plan.state import Planned, State

if TYPE_CHECKING:
    from datetime import date


def plan_add(command: Add, state: State) -> Planned:
    """Return what `add` does: a new person, a question, or a sentence that they are on the roster already."""
    address = normal_address(command.address)
    problem = address_problem(address, command.address, state)
    if address is None or problem:
        return Planned("refused", problem or "")
    holders = state.roster.holding(address)
    there = [person for person in holders if person.status != "dropped"]
    command = replace(command, address=address)
    namesakes = [person for person in state.roster.called(command.name) if person.status != "dropped"]
    if there:
        # The rules may have linked the address to a namesake. Then it can be the person who is added now.
        if there[0] in namesakes and all(_is_guess(address, person.handle, state) for person in there):
            return _ask_same([*there, *(one for one in namesakes if one not in there)], command, state)
        return Planned("refused", state.words("add.there", name=there[0].name, address=address))
    if holders:
        same = [person for person in holders if person in state.roster.called(command.name)]
        return plan_back(same[0], command, state) if same else _ask_back(holders[0], command, state)
    # One person with two addresses or two people of one name: that is never guessed.
    if namesakes:
        return _ask_same(namesakes, command, state)
    return new_person(command, state) if command.role else ask_role(command, state)


def _is_guess(address: str, handle: str, state: State) -> bool:
    """Return whether the rules linked that address, not the owner."""
    value = state.roster.value("belongs", belongs_key(address, handle))
    return bool(value) and value["lane"] == "auto"


def new_person(command: Add, state: State) -> Planned:
    """Return the plan that adds somebody under a new handle, and takes the address from whoever had it."""
    handle = handle_for(command.name, state.roster.handles)
    person = Person(
        handle,
        command.name,
        command.role or "",
        command.cadence_days,
        goal=command.goal,
        until=command.until,
        hoped=command.hoped,
    )
    before = state.roster.holding(command.address)
    changes = (
        Change("person", handle, None, person_value(person), "add"),
        link_change(state, command.address, handle, "said"),
        *(link_change(state, command.address, one.handle, "no") for one in before),  # an address belongs to one person
        *occasion_changes(state, handle, command.occasion),
    )
    told = {"name": command.name, "address": command.address, "described": _described(command, state)}
    return Planned("ok", state.words("add", **told, handle=handle), changes)


def occasion_changes(state: State, handle: str, occasion: str) -> tuple[Change, ...]:
    """Return the change that keeps why somebody is hoped for; () for "", which is no reason."""
    return (note_change(state, handle, "occasion", occasion),) if occasion else ()


def link_change(state: State, address: str, handle: str, lane: Literal["said", "no"]) -> Change:
    """Return the change that links an address to a person, or says that it isn't theirs."""
    key = belongs_key(address, handle)
    return Change("belongs", key, state.roster.value("belongs", key), belongs_value(lane, state.reply.now), "link")


def ask_role(command: Add, state: State) -> Planned:
    """Return the question in which role somebody is added."""
    label = state.next_label()
    first, *others = state.reply.roles
    who = {"name": command.name, "address": command.address}
    effect = state.words("add.role", **who, label=label, first=first, others=", ".join(others))
    return _asked(
        "add",
        label,
        {**add_value(command), "text": state.words("add.role-text", name=command.name)},
        effect,
        state,
    )


def _ask_same(namesakes: list[Person], command: Add, state: State) -> Planned:
    label = state.next_label()
    first = namesakes[0]
    handles = [person.handle for person in namesakes]
    told = {"name": first.name, "address": command.address}
    effect = state.words("same", **told, handles=", ".join(handles), label=label)
    payload = {
        **add_value(command),
        "handle": first.handle,
        "handles": handles,
        "text": state.words("same.text", **told),
    }
    return _asked("same", label, payload, effect, state)


def _asked(kind: str, label: str, payload: dict[str, Any], effect: str, state: State) -> Planned:
    said = {"label": label, "asked_at": state.reply.now, "cause": state.reply.cause}
    return Planned("ask", effect, (state.asked(Question(kind, payload["address"], {**payload, **said})),))


def _ask_back(person: Person, command: Add, state: State) -> Planned:
    """Return the question whether the new name means the person who was dropped under that address."""
    label = state.next_label()
    told = {"name": command.name, "address": command.address, "dropped": person.name}
    payload = {**add_value(command), "handle": person.handle, "text": state.words("back.text", **told)}
    return _asked("back", label, payload, state.words("back", **told, label=label), state)


def plan_back(person: Person, command: Add, state: State) -> Planned:
    """Return the plan that brings back somebody who was dropped. Their handle stays theirs."""
    if not command.role:
        return ask_role(command, state)
    before = state.roster.value("person", person.handle)
    after = {
        **before,
        "status": "active",
        "role": command.role,
        "hoped": command.hoped,
        "snoozed_until": None,
        "cadence_days": command.cadence_days,
        "goal": command.goal,
        "until": _iso(command.until),
    }
    change = Change("person", person.handle, before, after, "add")
    told = {"name": person.name, "described": _described(command, state), "handle": person.handle}
    changes = (change, *occasion_changes(state, person.handle, command.occasion))
    return Planned("ok", state.words("add.back", **told), changes)


def plan_candidate(command: Candidate, state: State) -> Planned:
    """Return the plan for a candidate of the digest: added in a role, or never offered again."""
    label = f"C{command.number}"
    item = state.reply.items.get(label)
    if item is None:
        return Planned("refused", state.words("candidate.none", label=label))
    name, address = str(item.payload.get("name") or ""), str(item.payload.get("address", ""))
    name = name or address.partition("@")[0]
    if command.role:
        return plan_add(Add(name, address, command.role, command.hoped, command.cadence_days), state)
    ignored = Question("candidate", address, {"address": address, "name": name})
    change = state.answered(ignored, "ignore", "ignore")
    return Planned("ok", state.words("candidate.ignored", name=name, address=address, label=label), (change,))


def address_problem(address: str | None, written: str, state: State) -> str | None:
    """Return why nobody on the roster can have that address, None if somebody can."""
    if address is None:
        return state.words("address.none", written=written)
    return state.words("address.own", address=address) if address in state.reply.own_addresses else None


def add_value(command: Add) -> dict[str, Any]:
    """Return an Add as the payload of a question."""
    return {
        "name": command.name,
        "address": command.address,
        "role": command.role,
        "hoped": command.hoped,
        "cadence_days": command.cadence_days,
        "goal": command.goal,
        "until": _iso(command.until),
        "occasion": command.occasion,
    }


def _described(command: Add, state: State) -> str:
    say = state.words
    words = say.role_within(command.role or "", hoped=command.hoped)
    words += f", {say.every(command.cadence_days)}" if command.cadence_days else ""
    words += say("add.goal", goal=command.goal) if command.goal else ""
    words += say("add.until", day=say.dated(command.until)) if command.until else ""
    return words + (say("add.occasion", occasion=command.occasion) if command.occasion else "")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
