"""Plan answers: to a question (Qn), with a code, and the one word that says which Jane was meant."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.core.people.handles import people_meant
from assistant.core.replies.grammar.cleaning import as_typed, clean, without_courtesy, without_prefix
from assistant.core.replies.grammar.commands import Add, Answer, Command, Confirm
from assistant.core.replies.grammar.lines import Speech, parse_line
from assistant.core.replies.grammar.slots import labels, role_of
from assistant.core.replies.plan import add
from assistant.core.replies.plan.change import Change, own_setting
from assistant.core.replies.plan.notes import note_change, plan_outcome
from assistant.core.replies.plan.person_answers import plan_fact, plan_role
from assistant.core.replies.plan.question import KEEP, NO, YES, Question
from assistant.core.replies.plan.state import CODE_SECONDS, Planned, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from assistant.core.people.roster import Person
    from assistant.core.replies.transcript import Outcome

    Planner = Callable[[Command, State], Planned]

_SENTENCE = re.compile(r"q(\d{1,3})[:.)]? (?:= )?(.+)", re.IGNORECASE)


def _speech(state: State) -> Speech:
    """Return how to read the commands that questions keep, and words for a role."""
    return Speech(state.reply.today, roles=state.reply.roles)


def plan_answer(command: Answer, state: State, planner: Planner) -> Planned:
    """Return the plan of an answer to question Qn."""
    label = f"Q{command.number}"
    question = state.question_labelled(label)
    if question is None:
        return Planned("refused", state.words("question.none", label=label))
    if question.answer is not None:
        return Planned("refused", state.words("question.before", label=label, answer=question.answer))
    said = clean(command.text).strip(" .!,").casefold()
    handler = _ANSWERS.get(question.kind)
    if question.kind == "came":
        planned = plan_outcome(question, command.text, state, closes=said in NO)
    elif question.kind == "prose":
        planned = _prose(question, said, state, planner)
    elif question.kind == "fact":
        planned = plan_fact(question, command.text, state, planner)
    else:
        planned = handler(question, said, state) if handler else None
    return planned or Planned("unknown", state.words("question.unfit", label=label, text=command.text))


def plan_sentence(text: str, state: State, planner: Planner) -> Planned | None:
    """Return the plan of a whole sentence as an answer ("Q2 I took the job, and stayed"), None if it is none."""
    # Here and not in the grammar: only the question tells whether it takes more than a word, and our own questions,
    # quoted back, must never read as answers.
    match = _SENTENCE.fullmatch(without_prefix(as_typed(text)))
    question = state.question_labelled(f"Q{int(match[1])}") if match else None
    if match is None or question is None or question.kind not in {"came", "fact"}:
        return None
    if labels(match[2]):
        return None  # the line goes on with another answer ("Q1 wrote it, Q2 yes")
    return plan_answer(Answer(int(match[1]), match[2]), state, planner)


def numbered(command: Command, state: State) -> list[list[Any]]:
    """Return [person, draft] for each number of a command, as the answered digest has them."""
    items = [state.reply.items.get(str(number)) for number in getattr(command, "numbers", ())]
    return [[item.person, item.draft] if item else [None, None] for item in items]


def on_the_day(payload: Mapping[str, Any], state: State) -> State:
    """Return the state on the day a question was asked, so that its answer does what the question said."""
    # Questions asked by earlier versions have no day.
    said_on = payload.get("said_on")
    return replace(state, reply=replace(state.reply, today=date.fromisoformat(said_on))) if said_on else state


def _prose(question: Question, said: str, state: State, planner: Planner) -> Planned | None:
    """Answer "is that meant?" about what a model read in prose: yes carries it out as if the owner had written it."""
    if said in NO:
        return Planned(
            "ok", state.words("prose.not-meant", text=question.payload["text"]), (state.answered(question, "no"),)
        )
    # Questions asked by earlier versions have one command.
    texts = question.payload.get("commands") or [question.payload["command"]]
    commands = [command for text in texts if (command := parse_line(str(text), _speech(state)).command)]
    if said not in YES or len(commands) != len(texts):
        return None
    # Under another digest the numbers mean other people, and "yes" was not about those.
    if [item for command in commands for item in numbered(command, state)] != [*map(list, question.payload["items"])]:
        return Planned("refused", state.words("prose.numbers", text=question.payload["text"]))
    steps: list[Planned] = []
    then = on_the_day(question.payload, state)
    for command in commands:
        steps.append(planner(command, then))
        if steps[-1].outcome != "ok":
            return steps[-1]  # nothing of it is done, and the question stays open
        then = then.after(steps[-1].changes)
    planned = steps[0] if len(steps) == 1 else _joined(steps)
    return replace(planned, changes=(*planned.changes, state.answered(question, "yes")))


def _link(question: Question, said: str, state: State) -> Planned | None:
    words = question.about.split(" ")
    address = str(question.payload.get("address") or words[0])
    handle = str(question.payload.get("handle") or words[-1])
    handles = list(question.payload.get("handles") or question.payload.get("candidates") or [handle])
    if said in NO:
        changes = [add.link_change(state, address, one, "no") for one in handles if state.roster.by_handle(one)]
        names = ", ".join(_name(one, state) for one in handles)
        effect = state.words("address.not-names", address=address, names=names)
        return Planned("ok", effect, (*changes, state.answered(question, "no")))
    people = (
        [state.roster.by_handle(one) for one in handles] if said in YES else people_meant(said, state.roster.active())
    )
    known = [person for person in people if person]
    if len(known) != 1:
        return _which(known, state) if known else None
    return _linked(question, address, known[0], handles, state)


def _linked(question: Question, address: str, person: Person, handles: list[str], state: State) -> Planned:
    others = [state.roster.by_handle(one) for one in handles if one != person.handle]
    changes = [add.link_change(state, address, person.handle, "said")]
    changes += [add.link_change(state, address, other.handle, "no") for other in others if other]
    effect = state.words("address.linked", name=person.name, address=address)
    return Planned("ok", effect, (*changes, state.answered(question, person.handle)))


def _which(people: Iterable[Person], state: State) -> Planned:
    return Planned("ask", state.words("which", handles=", ".join(person.handle for person in people)))


def _name(handle: str, state: State) -> str:
    person = state.roster.by_handle(handle)
    return person.name if person else handle


def _met(question: Question, said: str, state: State) -> Planned | None:
    """Answer "Did you meet Jane on Tuesday?": yes is a contact on the day of the meeting."""
    handles = list(question.payload.get("handles") or [question.payload.get("handle")])
    people = [person for person in map(state.roster.by_handle, handles) if person]
    if said in NO:
        return Planned("ok", state.words("met.not"), (state.answered(question, "no"),))
    if said not in YES:
        people = list(people_meant(said, people))
    if not people:
        return None
    on = date.fromisoformat(str(question.payload["day"])) if question.payload.get("day") else state.reply.today
    changes: list[Change] = []
    for person in people:
        changes.append(note_change(state.after(tuple(changes)), person.handle, "met", "", on, "met"))
    names = ", ".join(person.name for person in people)
    effect = state.words("met.all", names=names, day=state.words.dated(on))
    return Planned("ok", effect, (*changes, state.answered(question, "yes")))


def _add(question: Question, said: str, state: State) -> Planned | None:
    """Answer "as what?": a role adds them, no or ignore doesn't."""
    if said in KEEP:
        return Planned("ok", state.words("add.not", name=question.payload["name"]), (state.answered(question, "no"),))
    found = role_of(said.removeprefix("as "), _speech(state))
    if found is None:
        return None
    command = replace(_add_of(question.payload), role=found[0], hoped=found[1])
    planned = add.new_person(command, state) if question.payload.get("second") else add.plan_add(command, state)
    changes = (*planned.changes, state.answered(question, found[0])) if planned.outcome == "ok" else planned.changes
    return replace(planned, changes=changes)


def _same(question: Question, said: str, state: State) -> Planned | None:
    """Answer "is it the Jane on your roster?": yes links the address, no adds a second Jane."""
    command = _add_of(question.payload)
    handles = [str(handle) for handle in question.payload["handles"]]
    if said in NO:
        return _second(command, state.answered(question, "no"), state)
    people = [state.roster.by_handle(handle) for handle in handles]
    known = [person for person in people if person and (said in YES or people_meant(said, (person,)))]
    if len(known) > 1:
        return _which(known, state)
    return _linked(question, command.address, known[0], [], state) if known else None


def _back(question: Question, said: str, state: State) -> Planned | None:
    """Answer "is it the Jane you dropped?": yes brings her back, no adds somebody new with her address."""
    command, person = _add_of(question.payload), state.roster.by_handle(str(question.payload["handle"]))
    if said in NO:
        return _second(command, state.answered(question, "no"), state)
    if said not in YES or person is None or person.status != "dropped":
        return None
    planned = add.plan_back(person, replace(command, name=person.name), state)
    return replace(planned, changes=(*planned.changes, state.answered(question, "yes")))


def _second(command: Add, answer_it: Change, state: State) -> Planned:
    """Return the plan that adds a new person although the name or address is known. A missing role is asked for."""
    if command.role:
        planned = add.new_person(command, state)
    else:
        planned = add.ask_role(command, state.after((answer_it,)))
        asked = planned.changes[0]
        # Marked, so that the answer doesn't ask about the namesake again.
        after = {**asked.after, "payload": {**asked.after["payload"], "second": True}}
        planned = replace(planned, changes=(replace(asked, after=after),))
    return replace(planned, changes=(*planned.changes, answer_it))


def _doubt(question: Question, said: str, state: State) -> Planned | None:
    """Answer "send it again?" about a message that may have gone already."""
    if said in NO:
        return Planned("ok", state.words("doubt.left", to=question.payload["to"]), (state.answered(question, "no"),))
    if said not in YES:
        return None
    if state.reply.outside:
        return Planned("refused", state.words("doubt.main"))
    # The one way for an order to go out twice: the owner says so.
    effect = state.words("doubt.again", to=question.payload["to"])
    return Planned("ok", effect, (state.answered(question, "yes"),), again=(int(question.payload["outbox"]),))


def _mine(question: Question, said: str, state: State) -> Planned | None:
    """Answer "is that address yours?": yes counts mail from it, as if it were in the configuration."""
    address = question.about
    if said in NO:
        return Planned("ok", state.words("mine.not", address=address), (state.answered(question, "no"),))
    if said not in YES:
        return None
    name = own_setting(address)
    change = Change("setting", name, state.roster.value("setting", name), after=True, kind="own")
    return Planned("ok", state.words("mine", address=address), (change, state.answered(question, "yes")))


def _add_of(payload: Mapping[str, Any]) -> Add:
    return Add(
        payload["name"],
        payload["address"],
        payload.get("role"),
        bool(payload.get("hoped")),
        payload.get("cadence_days"),
        payload.get("goal"),
        date.fromisoformat(payload["until"]) if payload.get("until") else None,
        payload.get("occasion") or "",
    )


_ANSWERS: dict[str, Callable[[Question, str, State], Planned | None]] = {
    "link": _link,
    "met": _met,
    "role": plan_role,
    "add": _add,
    "same": _same,
    "back": _back,
    "doubt": _doubt,
    "mine": _mine,
}


def plan_bare_answer(text: str, state: State, planner: Planner) -> Planned | None:
    """Return what a word like "jane-roe" settles of what the answered transcript asked, None for nothing."""
    said = without_courtesy(without_prefix(clean(text))).strip(" .!,")
    steps: list[Planned] = []
    # If the first answer had a slip in it, its transcript asked nothing. Then the question is further up the thread.
    asked = (_open(state, "settle", cause) for cause in (*state.reply.parents, *state.reply.thread))
    for question in next(filter(None, asked), ()):
        forms = question.payload["forms"]
        people = people_meant(said, (person for person in state.roster.people if person.handle in forms))
        if len(people) != 1:
            continue
        command = parse_line(forms[people[0].handle], _speech(state)).command
        gone = Planned("refused", state.words("not-possible", what=question.payload["who"]))
        step = planner(command, on_the_day(question.payload, state)) if command else gone
        # With two Janes and two Sams on one line, the word settles Jane, and then Sam is asked about.
        settles = step.outcome == "ok" or bool(step.held) or (step.outcome == "ask" and bool(step.changes))
        done = (*step.changes, state.answered(question, people[0].handle)) if settles else ()
        state = state.after(done)
        steps.append(replace(step, changes=done))
    return _joined(steps) if steps else None


def _joined(steps: list[Planned]) -> Planned:
    held = tuple(text for step in steps if step.outcome == "ask" for text in step.held)
    changes = tuple(change for step in steps for change in step.changes)
    asks = held or any(step.outcome == "ask" and step.changes for step in steps)
    outcome: Outcome = "ask" if asks else "ok" if changes else steps[0].outcome
    effect = "; ".join(step.effect for step in steps)
    return Planned(outcome, effect, changes, held=held, mass=sum(step.mass for step in steps))


def _open(state: State, kind: str, cause: str) -> list[Question]:
    """Return the open questions of a kind that a transaction asked, sorted by key."""
    asked = (one for one in state.questions() if one.kind == kind and one.answer is None)
    return sorted((one for one in asked if one.payload["cause"] == cause), key=lambda one: one.key)


def hold(commands: tuple[str, ...], state: State) -> Change:
    """Return the change that asks for the code and keeps the commands until it comes back."""
    payload = {
        "cause": state.reply.cause,
        "commands": list(commands),
        "said_on": state.reply.today.isoformat(),
        "expires": state.reply.now + CODE_SECONDS,
        "trusted": state.reply.trusted,
    }
    return state.asked(Question("code", state.reply.code, payload))


def plan_confirm(command: Confirm, state: State, planner: Planner) -> Planned:
    """Return the plan of what a code confirms: once, within 48 hours, in an answer to the transcript that has it."""
    question = state.question(f"code {command.code}")
    if question is None or not (state.reply.trusted or question.payload["cause"] in state.reply.parents):
        return Planned("refused", state.words("confirm.none", code=command.code))
    if question.answer is not None:
        return Planned("refused", state.words("confirm.before", code=command.code))
    if state.reply.now > question.payload["expires"]:
        return Planned("refused", state.words("confirm.late", code=command.code))
    then = on_the_day(question.payload, state)
    steps: list[Planned] = []
    effects: list[str] = []
    for text in question.payload["commands"]:
        parsed = parse_line(text, _speech(state)).command
        step = planner(parsed, then) if parsed else None
        if step and step.outcome == "ok":
            steps.append(step)
            then = then.after(step.changes)
        effects.append(step.effect if step else state.words("not-possible", what=text))
    return Planned(
        "ok",
        "; ".join(effects),
        (*(change for step in steps for change in step.changes), state.answered(question, "confirmed")),
        orders=tuple(order for step in steps for order in step.orders),
        again=tuple(entry for step in steps for entry in step.again),
        held=tuple(question.payload["commands"]),
    )
