"""Plan answers about one person: which role they have now, and what the owner alone knows (docs/roles.md)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from assistant.core.replies.grammar.cleaning import clean
from assistant.core.replies.grammar.commands import Tell
from assistant.core.replies.grammar.lines import Speech
from assistant.core.replies.grammar.slots import role_of
from assistant.core.replies.plan.change import Change
from assistant.core.replies.plan.question import KEEP, NO, YES
from assistant.core.replies.plan.state import Planned

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.core.replies.grammar.commands import Command
    from assistant.core.replies.plan.question import Question
    from assistant.core.replies.plan.state import State

    Planner = Callable[[Command, State], Planned]

CLOSE: Final = frozenset({"close", "no role", "without a role"})


def plan_role(question: Question, said: str, state: State) -> Planned | None:
    """Answer "Is Jane an advisor now?": a role, yes for the suggested one, no or keep, close for no role at all."""
    person = state.roster.by_handle(str(question.payload.get("handle") or question.about))
    if person is None:
        return None
    before = state.roster.value("person", person.handle)
    suggested = str(question.payload.get("likely") or "")
    if said in NO and suggested == person.role:
        return Planned("ask", state.words("role.which", name=person.name, role=state.words.role_within(person.role)))
    if said in KEEP or said.startswith("keep") or (said in YES and suggested == person.role):
        kept = state.words("role.kept", name=person.name, role=state.words.role_within(person.role))
        return Planned("ok", kept, (state.answered(question, "no" if said in NO else "keep"),))
    if said in CLOSE:
        change = Change("person", person.handle, before, {**before, "status": "closed"}, "close")
        return Planned("ok", state.words("role.closed", name=person.name), (change, state.answered(question, "close")))
    found = role_of(suggested if said in YES else said, Speech(state.reply.today, roles=state.reply.roles))
    if found is None:
        return None
    # Somebody hoped for has the suggested role no more than the old one.
    found = (found[0], person.hoped) if said in YES else found
    after = {**before, "role": found[0], "hoped": found[1], "status": "active"}
    change = Change("person", person.handle, before, after, "role")
    what = state.words("role", role=state.words.role_within(found[0], hoped=found[1]))
    effect = state.words("as-said", name=person.name, what=what, named="")
    return Planned("ok", effect, (change, state.answered(question, found[0])))


def plan_fact(question: Question, text: str, state: State, planner: Planner) -> Planned | None:
    """Answer "what should they say of you?" in the owner's own words, "are they a peer?" by yes or no."""
    kind, handle = question.payload["fact"], str(question.payload["handle"])
    said = clean(text).strip(" .!,").casefold()
    person = state.roster.by_handle(handle)
    if person is None or (kind == "peer" and said not in YES | KEEP):
        return None
    if said in KEEP and (kind != "peer" or said not in NO):
        return Planned("ok", state.words("fact.none", name=person.name), (state.answered(question, "no"),))
    told = ("yes" if said in YES else "no") if kind == "peer" else text
    # Handles are nobody else's, so there is nothing to ask back; but whoever was dropped since takes no note.
    planned = planner(Tell(kind, handle, told), state)
    settled = (state.answered(question, told),) if planned.outcome == "ok" else ()
    return replace(planned, changes=(*planned.changes, *settled))
