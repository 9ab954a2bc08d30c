"""Answers: to a question (Qn), to a code, and the one word that settles which Jane was meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.core import adding
from assistant.core.change import Change, note_value
from assistant.core.commands import Add, Answer, Command, Confirm, role_words
from assistant.core.dates import say_day
from assistant.core.grammar import Speech, parse_line
from assistant.core.handles import resolve
from assistant.core.people import Note
from assistant.core.slots import role_of
from assistant.core.speech import clean
from assistant.core.state import CODE_SECONDS, Planned, State, advance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from assistant.core.people import Person
    from assistant.core.transcript import Outcome

    Planner = Callable[[Command, State], Planned]

YES = frozenset({"yes", "y", "yep", "yeah", "ja", "correct", "right", "true"})
NO = frozenset({"no", "n", "nope", "nein", "wrong", "false"})
KEEP = NO | {"keep", "ignore", "skip"}


def answered(state: State, key: str, answer: str) -> Change:
    """Return the change that answers a question."""
    before = state.value("question", key)
    return Change("question", key, before, {**before, "answer": answer, "answered_at": state.now}, "answer")


def answer(command: Answer, state: State, planner: Planner) -> Planned:
    """Return what the answer to question Qn does."""
    label = f"Q{command.number}"
    key = state.question_labelled(label)
    question = state.value("question", key) if key else None
    if key is None or question is None:
        return Planned("refused", f"There is no open question {label}, nothing done")
    if question["answer"] is not None:
        return Planned("refused", f"{label} was answered already ({question['answer']}), nothing done")
    kind = key.partition(" ")[0]
    said = clean(command.text).strip(" .!,").casefold()
    handler = _ANSWERS.get(kind)
    if kind == "prose":
        planned = _prose(key, question["payload"], said, state, planner)
    else:
        planned = handler(key, question["payload"], said, state) if handler else None
    if planned is None:
        return Planned("unknown", f"{label} cannot be answered by “{command.text}”, nothing done")
    return planned


def numbered(command: Command, state: State) -> list[list[Any]]:
    """Return what the numbers of a command stand for in the digest that is answered: [person, draft] each."""
    items = [state.items.get(str(number)) for number in getattr(command, "numbers", ())]
    return [[item.person, item.draft] if item else [None, None] for item in items]


def _prose(key: str, payload: Mapping[str, Any], said: str, state: State, planner: Planner) -> Planned | None:
    """Answer "is that meant?" about what a model read out of prose: yes does it, as if it had been written so."""
    if said in NO:
        return Planned("ok", f"“{payload['text']}” was not meant", (answered(state, key, "no"),))
    command = parse_line(str(payload["command"]), Speech(state.today, roles=state.roles)).command
    if said not in YES or command is None:
        return None
    if numbered(command, state) != [list(item) for item in payload["items"]]:
        return Planned("refused", f"The numbers of “{payload['text']}” mean others by now: say it anew, nothing done")
    planned = planner(command, state)
    if planned.outcome != "ok":
        return planned
    return replace(planned, changes=(*planned.changes, answered(state, key, "yes")))


def _link(key: str, payload: Mapping[str, Any], said: str, state: State) -> Planned | None:
    address, handle = _link_of(key, payload)
    handles = list(payload.get("handles") or payload.get("candidates") or [handle])
    if said in NO:
        changes = [adding.link(state, address, one, "no") for one in handles if state.roster.by_handle(one)]
        names = ", ".join(_name(one, state) for one in handles)
        return Planned("ok", f"{address} is not {names}", (*changes, answered(state, key, "no")))
    people = [state.roster.by_handle(one) for one in handles] if said in YES else resolve(said, state.roster.active())
    known = [person for person in people if person]
    if len(known) != 1:
        return Planned("ask", f"Which one: {', '.join(person.handle for person in known)}?") if known else None
    return _linked(key, address, known[0], handles, state)


def _linked(key: str, address: str, person: Person, handles: list[str], state: State) -> Planned:
    others = [state.roster.by_handle(one) for one in handles if one != person.handle]
    changes = [adding.link(state, address, person.handle, "said")]
    changes += [adding.link(state, address, other.handle, "no") for other in others if other]
    return Planned("ok", f"{person.name}: also {address}", (*changes, answered(state, key, person.handle)))


def _link_of(key: str, payload: Mapping[str, Any]) -> tuple[str, str]:
    words = key.split(" ")
    address = str(payload.get("address") or words[1])
    return address, str(payload.get("handle") or words[-1])


def _name(handle: str, state: State) -> str:
    person = state.roster.by_handle(handle)
    return person.name if person else handle


def _met(key: str, payload: Mapping[str, Any], said: str, state: State) -> Planned | None:
    """Answer "Did you meet Jane on Tuesday?": yes is a contact on the meeting's day."""
    handles = list(payload.get("handles") or [payload.get("handle")])
    people = [person for person in map(state.roster.by_handle, handles) if person]
    if said in NO:
        return Planned("ok", "Counted as not met", (answered(state, key, "no"),))
    if said not in YES:
        people = list(resolve(said, people))
    if not people:
        return None
    on = date.fromisoformat(str(payload["day"])) if payload.get("day") else state.today
    used = sum(change.entity == "note" for change in state.done)
    notes = [
        Note(f"{state.cause}-{used + number}", person.handle, "met", "met", on, "")
        for number, person in enumerate(people, 1)
    ]
    changes = [Change("note", note.id, None, note_value(note), "met") for note in notes]
    names = ", ".join(person.name for person in people)
    return Planned("ok", f"{names}: met on {say_day(on)}", (*changes, answered(state, key, "yes")))


def _role(key: str, payload: Mapping[str, Any], said: str, state: State) -> Planned | None:
    """Answer "Is Jane an advisor now?": a role, yes for the role that was suggested, no or keep."""
    person = state.roster.by_handle(str(payload.get("handle") or key.partition(" ")[2]))
    if person is None:
        return None
    if said in KEEP or said.startswith("keep"):
        return Planned("ok", f"{person.name}: stays {person.role}", (answered(state, key, "no"),))
    suggested = payload.get("likely") or ""
    found = role_of(str(suggested) if said in YES else said, Speech(state.today, roles=state.roles))
    if found is None:
        return None
    before = state.value("person", person.handle)
    after = {**before, "role": found[0], "hoped": found[1], "status": "active"}
    change = Change("person", person.handle, before, after, "role")
    effect = f"{person.name}: {role_words(found[0], hoped=found[1])} now"
    return Planned("ok", effect, (change, answered(state, key, found[0])))


def _add(key: str, payload: Mapping[str, Any], said: str, state: State) -> Planned | None:
    """Answer "as what?": a role adds them, no or ignore does not."""
    if said in KEEP:
        return Planned("ok", f"{payload['name']} is not added", (answered(state, key, "no"),))
    found = role_of(said.removeprefix("as "), Speech(state.today, roles=state.roles))
    if found is None:
        return None
    command = replace(_add_of(payload), role=found[0], hoped=found[1])
    planned = adding.new_person(command, state) if payload.get("second") else adding.add(command, state)
    changes = (*planned.changes, answered(state, key, found[0])) if planned.outcome == "ok" else planned.changes
    return replace(planned, changes=changes)


def _same(key: str, payload: Mapping[str, Any], said: str, state: State) -> Planned | None:
    """Answer "is it the Jane of your roster?": yes links the address, no adds a second Jane."""
    command = _add_of(payload)
    handles = [str(handle) for handle in payload["handles"]]
    if said in NO:
        answer_it = answered(state, key, "no")
        if command.role:
            planned = adding.new_person(command, state)
        else:
            planned = adding.ask_role(command, advance(state, (answer_it,)))
            second = planned.changes[0]
            payload_after = {**second.after, "payload": {**second.after["payload"], "second": True}}
            planned = replace(planned, changes=(replace(second, after=payload_after),))
        return replace(planned, changes=(*planned.changes, answer_it))
    people = [state.roster.by_handle(handle) for handle in handles]
    known = [person for person in people if person and (said in YES or resolve(said, (person,)))]
    if len(known) > 1:
        return Planned("ask", f"Which one: {', '.join(person.handle for person in known)}?")
    return _linked(key, command.address, known[0], [], state) if known else None


def _doubt(key: str, payload: Mapping[str, Any], said: str, state: State) -> Planned | None:
    """Answer "send it again?": the one case in which the same order may go out twice, since the owner says so."""
    if said in NO:
        return Planned("ok", f"The message to {payload['to']} is left as it is", (answered(state, key, "no"),))
    if said not in YES:
        return None
    if state.outside:
        return Planned("refused", "Sending again works from your main account alone, nothing done")
    effect = f"The message to {payload['to']} goes out again"
    return Planned("ok", effect, (answered(state, key, "yes"),), again=int(payload["outbox"]))


def _add_of(payload: Mapping[str, Any]) -> Add:
    return Add(
        payload["name"],
        payload["address"],
        payload.get("role"),
        bool(payload.get("hoped")),
        payload.get("cadence_days"),
        payload.get("goal"),
        date.fromisoformat(payload["until"]) if payload.get("until") else None,
    )


_ANSWERS: dict[str, Callable[[str, Mapping[str, Any], str, State], Planned | None]] = {
    "link": _link,
    "met": _met,
    "role": _role,
    "add": _add,
    "same": _same,
    "doubt": _doubt,
}


def settle(text: str, state: State, planner: Planner) -> Planned | None:
    """Return what a word like "jane-roe" settles of what the answered transcript asked; None for nothing."""
    said = clean(text).strip(" .!,")
    steps: list[Planned] = []
    for key, payload in _open(state, "settle "):
        handles = list(payload["forms"])
        people = resolve(said, (person for person in state.roster.people if person.handle in handles))
        if len(people) != 1:
            continue
        command = parse_line(payload["forms"][people[0].handle], Speech(state.today, roles=state.roles)).command
        step = planner(command, state) if command else Planned("refused", f"{payload['who']}: not possible any more")
        settles = step.outcome == "ok" or bool(step.held)
        done = (*step.changes, answered(state, key, people[0].handle)) if settles else ()
        state = advance(state, done)
        steps.append(replace(step, changes=done))
    return _joined(steps) if steps else None


def _joined(steps: list[Planned]) -> Planned:
    held = tuple(text for step in steps for text in step.held)
    changes = tuple(change for step in steps for change in step.changes)
    outcome: Outcome = "ask" if held else "ok" if changes else steps[0].outcome
    effect = "; ".join(step.effect for step in steps)
    return Planned(outcome, effect, changes, held=held, mass=sum(step.mass for step in steps))


def _open(state: State, prefix: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Yield the open questions of a kind that the answered transcript asked, in the order they were asked."""
    return [
        (key, value["payload"])
        for (entity, key), value in sorted(state.entities.items(), key=lambda entry: entry[0])
        if entity == "question"
        and key.startswith(prefix)
        and value["answer"] is None
        and value["payload"]["cause"] == state.parent
    ]


def hold(commands: tuple[str, ...], state: State) -> Change:
    """Return the question that keeps commands until their code comes back."""
    payload = {
        "cause": state.cause,
        "commands": list(commands),
        "expires": state.now + CODE_SECONDS,
        "trusted": state.trusted,
    }
    value = {"payload": payload, "answer": None, "answered_at": None}
    return Change("question", f"code {state.code}", None, value, "ask")


def confirm(command: Confirm, state: State, planner: Planner) -> Planned:
    """Carry out what a code stands for: within 48 hours, once, in an answer to the transcript that asked for it."""
    key = f"code {command.code}"
    question = state.value("question", key)
    if question is None or not (state.trusted or question["payload"]["cause"] == state.parent):
        return Planned("refused", f"{command.code} is no code of the transcript this answers, nothing done")
    if question["answer"] is not None:
        return Planned("refused", f"{command.code} was confirmed already, nothing done")
    if state.now > question["payload"]["expires"]:
        return Planned("refused", f"{command.code} was good for 48 hours: say it again, nothing done")
    changes: tuple[Change, ...] = ()
    effects: list[str] = []
    speech = Speech(state.today, roles=state.roles)
    for text in question["payload"]["commands"]:
        parsed = parse_line(text, speech).command
        step = planner(parsed, state) if parsed else None
        if step and step.outcome == "ok":
            changes, state = changes + step.changes, advance(state, step.changes)
        effects.append(step.effect if step else f"{text}: not possible any more")
    return Planned("ok", "; ".join(effects), (*changes, answered(state, key, "confirmed")))
