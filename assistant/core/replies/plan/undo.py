"""Plan undo, and the commands about the assistant itself: pause, resume, stop, status and help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.core.replies.plan.change import Change
from assistant.core.replies.plan.state import Planned, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.replies.grammar.commands import Pause, Plain, Undo

_DAY = 24 * 3600  # seconds
_MOST_NAMED = 4
FOR_EVER = "9999-12-31"  # `paused_until` of a pause that only `resume` ends


def plan_undo(command: Undo, state: State) -> Planned:
    """Take back a transaction: the named one, else those whose transcript is answered, else the latest.

    Several are taken back all together or not at all.
    """
    causes = (command.cause,) if command.cause else _meant(state)
    if not causes:
        return Planned("refused", state.words("undo.nothing"))
    if not command.cause and _is_old(causes, state):
        return Planned("refused", state.words("undo.old", cause=causes[0]))
    back = state.reply.past.changes(*causes) if all(map(state.reply.past.exists, causes)) else ()
    changes = tuple(change for change, _event in back)
    problem = _in_the_way(causes, changes, state)
    if problem:
        return Planned("refused", problem)
    count = count_changes(changes) if changes else 0
    key = ("undo", "undo.one", "undo.many")[min(count, 2)] if changes else "undo"
    named = list(dict.fromkeys(filter(None, (_named(change, state) for change in changes))))[:_MOST_NAMED]
    effect = state.words(key, cause=", ".join(causes), count=count) + (f" ({state.words.join(named)})" if named else "")
    return Planned("ok", effect, changes, undoes=tuple(event for _change, event in back), takes_back=causes)


def _in_the_way(causes: Sequence[str], changes: Sequence[Change], state: State) -> str:
    """Return why transactions can't be taken back now, "" if they can."""
    past, cause = state.reply.past, ", ".join(causes)
    if not all(map(past.exists, causes)):
        return state.words("undo.none", cause=cause)
    if all(map(past.undone, causes)):
        return state.words("undo.before", cause=cause)
    later = past.conflict(*causes)
    if later:
        return state.words("undo.later", later=later)
    if _touched(changes, state):
        return state.words("undo.itself", cause=cause)
    return "" if changes or any(map(past.sends, causes)) else state.words("undo.empty", cause=cause)


def _meant(state: State) -> tuple[str, ...]:
    reply, past = state.reply, state.reply.past
    # At the shell nothing is answered: the parent is only what came before, and that may be an undo itself.
    if not reply.trusted:
        # Of several taps, one may have been taken back by itself.
        left = tuple(cause for cause in reply.parents if past.exists(cause) and not past.undone(cause))
        if left:
            return left
    last = past.last()
    return (last,) if last else ()


def _is_old(causes: Sequence[str], state: State) -> bool:
    """Return whether a mere "undo" would take back something of days ago, which its owner may not think of."""
    answered = state.reply.trusted or set(causes) <= set(state.reply.parents)
    return not answered and state.reply.now - state.reply.past.at(causes[0]) > _DAY


def _named(change: Change, state: State) -> str:
    """Return the name of whom a change is about, "" for nobody."""
    value = change.before or change.after or {}
    match change.entity:
        case "note":
            handle = value["person"] or ""
        case "person":
            handle = change.key
        case "belongs":
            handle = change.key.rpartition(" ")[2]
        case "question":
            handle = str(value["payload"].get("handle") or "")
        case _:
            handle = ""
    person = state.roster.by_handle(handle)
    return person.name if person else ""


def _touched(changes: Sequence[Change], state: State) -> bool:
    """Return whether this reply changed the same things, or has a note or link of somebody who would go away."""
    done = {(change.entity, change.key) for change in state.roster.done}
    leaving = {change.key for change in changes if change.entity == "person" and change.after is None}
    told = {_about(change) for change in state.roster.done}
    return bool(done & {(change.entity, change.key) for change in changes}) or bool(leaving & told)


def _about(change: Change) -> Any:
    if change.entity == "note" and change.after:
        return change.after["person"]
    return change.key.rpartition(" ")[2] if change.entity == "belongs" else None


def count_changes(changes: Sequence[Change]) -> int:
    """Return how many things changed, as the owner counts them.

    Somebody added with an address is one thing. Answered questions count only if nothing else changed.
    """
    people = {
        change.key
        for change in changes
        if change.entity == "person" and (change.before is None or change.after is None)
    }
    things = [
        change
        for change in changes
        if change.entity != "question" and not (change.entity == "belongs" and change.key.rpartition(" ")[2] in people)
    ]
    answers = [
        change
        for change in changes
        if change.entity == "question"
        and any(value and value["answer"] is not None for value in (change.before, change.after))
    ]
    return len(things) or len(answers)


def plan_pause(command: Pause, state: State) -> Planned:
    """Return the plan to send no digest before a day, or before `resume`."""
    until = command.until.isoformat() if command.until else FOR_EVER
    change = Change("setting", "paused_until", state.roster.value("setting", "paused_until"), until, "pause")
    say = state.words
    effect = say("pause.until", day=say.dated(command.until)) if command.until else say("pause")
    return Planned("ok", effect, (change,))


def plan_plain(command: Plain, state: State) -> Planned:
    """Return the plan of status, review, help, resume or stop."""
    if command.verb in {"status", "review", "help"}:
        return Planned("ok", state.words(f"look.{command.verb}"), look=(command.verb, ""))
    if command.verb == "stop":
        change = Change("setting", "stopped", state.roster.value("setting", "stopped"), after=True, kind="stop")
        return Planned("ok", state.words("stop.shell" if state.reply.trusted else "stop"), (change,), revoke=True)
    names = [name for name in ("paused_until", "stopped") if state.roster.value("setting", name) is not None]
    changes = tuple(Change("setting", name, state.roster.value("setting", name), None, "resume") for name in names)
    return Planned("ok", state.words("resume" if changes else "resume.before"), changes)
