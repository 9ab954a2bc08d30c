"""Plan one command: what it changes and what the owner is told (docs/replies.md). The state itself stays as it is.

plan ─> find ─> one person ─> Change(s) and a sentence
   │      └──> nobody, or two: nothing is done, the line asks
   ├─> add (add, Cn)          ├─> edit_person (every, role, favourite, is also, is not, drop, keep, close)
   ├─> notes (note, gave, …)  └─> answer (Qn, confirm, a word that settles)
   └─> undo (undo, pause, …)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

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
    Pause,
    Plain,
    SetRole,
    Snooze,
    Tell,
    Undo,
)
from assistant.core.replies.plan import add, edit_person, notes, undo
from assistant.core.replies.plan import answer as plan_answer
from assistant.core.replies.plan.change import Change, now_setting
from assistant.core.replies.plan.exposed import hold_if_exposed
from assistant.core.replies.plan.resolve_person import FoundPerson, find_number, find_person, find_recipient, reading_of
from assistant.core.replies.plan.state import Planned, SendOrder, State, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

WEEK = 7


def plan(command: Command, state: State) -> Planned:
    """Return what one command does in that state. Never raises."""
    verb = {Drop: "drop", Confirm: "confirm"}.get(type(command)) or getattr(command, "verb", "")
    if state.reply.outside and verb in {"send", "drop", "confirm"}:
        return Planned("refused", state.words("main-account", verb=verb))
    return _PLANS[type(command)](command, state)


def plan_or_hold(command: Command, state: State) -> Planned:
    """Return `plan`, with whatever needs a code held until the code comes back.

    A drop always needs one. So does every mass change while `state.hold` is set, and whatever has weight in an answer
    to an exposed message (see `exposed`).
    """
    planned = plan(command, state)
    weighty = hold_if_exposed(command, planned, state)
    if weighty is not None:
        return weighty
    if planned.mass and _concerns_new(planned, state) and not isinstance(command, Drop):
        planned = replace(planned, mass=0, held=())  # only changes to what existed before are counted
    if planned.mass and (state.hold or any(text.startswith("drop ") for text in planned.held)):
        effect = state.words("confirm", effect=planned.effect, code=state.reply.code)
        return Planned("ask", effect, held=planned.held, mass=planned.mass)
    return planned


def _concerns_new(planned: Planned, state: State) -> bool:
    """Return whether it changes only people who were added in this very reply."""
    keys = [change.key.rpartition(" ")[2] for change in planned.changes if change.entity in {"person", "belongs"}]
    return bool(keys) and state.roster.at_first.isdisjoint(keys)


def _met(command: Met, state: State) -> Planned:
    reading = reading_of(command, state)
    if isinstance(reading, Planned):
        return reading
    met: dict[str, FoundPerson] = {}
    for who in reading.whos:
        found = find_person(who, reading, state)
        if isinstance(found, Planned):
            return found
        met.setdefault(found.person.handle, found)
    return _together(tuple(met.values()), lambda found, now: _met_one(reading, found, now), state)


def _met_one(command: Met, found: FoundPerson, state: State) -> Planned:
    on = command.on or state.reply.today
    say = state.words
    change = notes.note_change(state, found.person.handle, "met", command.note, on, command.verb)
    noted = say("met.noted", note=command.note) if command.note else ""
    verb = say(f"verb.{command.verb}")
    effect = say("met", name=found.person.name, verb=verb, day=say.dated(on), noted=noted, named=found.named)
    return Planned("ok", effect, (change,))


def _by_number(command: ByNumber, state: State) -> Planned:
    def done(number: int, now: State) -> Planned:
        return _done(number, command.on or now.reply.today, now)

    one = {"done": done, "skip": _skip, "send": _send}[command.verb]
    return _together(command.numbers, one, state)


def _together(parts: Sequence[Any], one: Callable[[Any, State], Planned], state: State) -> Planned:
    """Plan the parts one after the other. If one can't be done, nothing of the line is."""
    planned: list[Planned] = []
    for part in parts:
        step = one(part, state)
        if step.outcome != "ok":
            return step
        planned.append(step)
        state = state.after(step.changes)
    return joined(planned)


def _done(number: int, on: date, state: State) -> Planned:
    found = find_number(number, state)
    if isinstance(found, Planned):
        return found
    change = notes.note_change(state, found.person.handle, "met", "", on, "done")
    say = state.words
    effect = say("done", name=found.person.name, day=say.dated(on), named=found.named)
    return Planned("ok", effect, (change,))


def _skip(number: int, state: State) -> Planned:
    found = find_number(number, state)
    return found if isinstance(found, Planned) else _snoozed(found, next_monday(state.reply.today), "skip", state)


def next_monday(today: date) -> date:
    """Return the Monday of the next ISO week, until which a skip holds."""
    return today + timedelta(days=WEEK - today.weekday())


def _snoozed(found: FoundPerson, until: date, kind: str, state: State) -> Planned:
    change = edit_person.person_change(state, found.person, kind, snoozed_until=until.isoformat())
    say, key = state.words, "snooze" if kind == "snooze" else "skip"
    return Planned("ok", say(key, name=found.person.name, day=say.dated(until), named=found.named), (change,))


def _snooze(command: Snooze, state: State) -> Planned:
    def one(who: str, now: State) -> Planned:
        found = find_person(who, Snooze((who,), command.until), now)
        return found if isinstance(found, Planned) else _snoozed(found, command.until, "snooze", now)

    return _together(command.whos, one, state)


def _not_now(command: NotNow, state: State) -> Planned:
    found = find_person(command.who, command, state)
    return found if isinstance(found, Planned) else _snoozed(found, next_monday(state.reply.today), "not now", state)


def _now(command: Now, state: State) -> Planned:
    found = find_person(command.who, command, state)
    if isinstance(found, Planned):
        return found
    say, person = state.words, found.person
    if person.status != "active":
        return Planned("refused", say("now.closed", name=person.name, named=found.named))
    # The instant, not the day: a digest of the same day may have been built before or after it.
    key = now_setting(person.handle)
    changes = [Change("setting", key, state.roster.value("setting", key), state.reply.now, "now")]
    if person.snoozed_until:
        changes.append(edit_person.person_change(state, person, "now", snoozed_until=None))
    return Planned("ok", say("now", name=person.name, named=found.named), tuple(changes))


def _send(number: int, state: State) -> Planned:
    found = find_recipient(number, state)
    if isinstance(found, Planned):
        return found
    item = state.reply.items[str(number)]
    draft = state.reply.drafts.get(item.draft) if item.draft is not None else None
    # Only what the newest digest showed may go out, and only as it was shown.
    problem = "send.no-draft" if draft is None or draft.address is None else None
    if problem is None and not state.reply.newest:
        problem = "send.newest"
    if draft is None or draft.address is None or problem or item.draft is None:
        return _not_sent(problem or "send.no-draft", found, state)
    reason = (
        _NOT_SENT.get(draft.order or "")
        or _DRAFT_STATES.get(draft.state)
        or ("" if draft.as_shown else "send.changed")
        or ("send.no-smtp" if state.reply.hold_minutes is None else "")
    )
    if reason:
        return _not_sent(reason, found, state)
    order = SendOrder(item.draft, number, found.person.handle, found.person.name, draft.address)
    told = {"name": found.person.name, "address": draft.address, "subject": draft.subject, "named": found.named}
    return Planned("ok", state.words("send", **told, when=_goes_out(state)), orders=(order,))


def _goes_out(state: State) -> str:
    if state.reply.exposed or not state.reply.hold_minutes:
        return state.words("send.out" if state.reply.exposed else "send.now")
    key = "send.minute" if state.reply.hold_minutes == 1 else "send.minutes"
    return state.words(key, minutes=state.reply.hold_minutes, cause=state.reply.cause)


def _not_sent(reason: str, found: FoundPerson, state: State) -> Planned:
    say = state.words
    return Planned("refused", say("send.refused", name=found.person.name, reason=say(reason), named=found.named))


_NOT_SENT = {
    "held": "send.under-way",
    "queued": "send.under-way",
    "sending": "send.under-way",
    "sent": "send.sent",
    "doubt": "send.doubt",
    "refused": "send.mail-refused",
}
_DRAFT_STATES = {"edited": "draft.edited", "sent": "draft.sent", "replaced": "draft.replaced"}


def _not_contact(command: NotContact, state: State) -> Planned:
    ids = state.reply.past.messages(command.short)
    if len(ids) != 1:
        key = "not-contact.several" if ids else "not-contact.none"
        return Planned("refused", state.words(key, short=command.short))
    change = Change("correction", ids[0], None, {}, "not contact")
    return Planned("ok", state.words("not-contact", short=command.short), (change,))


def _look(command: Look, state: State) -> Planned:
    found = find_person(command.who, command, state)
    if isinstance(found, Planned):
        return found
    what = state.words(f"look.{command.what}")
    effect = state.words("look", name=found.person.name, what=what, named=found.named)
    return Planned("ok", effect, look=(command.what, found.person.handle))


_PLANS: dict[type, Callable[[Any, State], Planned]] = {
    Met: _met,
    ByNumber: _by_number,
    Snooze: _snooze,
    NotNow: _not_now,
    Now: _now,
    Add: add.plan_add,
    Every: edit_person.plan_every,
    SetRole: edit_person.plan_set_role,
    Favourite: edit_person.plan_favourite,
    IsAlso: edit_person.plan_is_also,
    IsNot: edit_person.plan_is_not,
    Tell: notes.plan_tell,
    Intro: notes.plan_intro,
    Candidate: add.plan_candidate,
    Answer: lambda command, state: plan_answer.plan_answer(command, state, plan),
    Drop: edit_person.plan_drop,
    Keep: edit_person.plan_keep,
    Close: edit_person.plan_close,
    NotContact: _not_contact,
    Look: _look,
    Plain: undo.plan_plain,
    Undo: undo.plan_undo,
    Confirm: lambda command, state: plan_answer.plan_confirm(command, state, plan),
    Pause: undo.plan_pause,
}
