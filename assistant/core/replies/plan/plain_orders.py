"""Plan what an owner said in plain words: certain orders are done, a guess is asked (docs/replies.md)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.core.people.handles import NEVER_PARTS
from assistant.core.replies.answer_sheet import is_harmless
from assistant.core.replies.grammar.command_words import Named, fold
from assistant.core.replies.grammar.commands import Add, Answer, Command, Drop, Look, Met, Pause, Plain, Snooze, Undo
from assistant.core.replies.grammar.plain import read_plain
from assistant.core.replies.grammar.slots import ProblemError
from assistant.core.replies.grammar.spelling import format_command
from assistant.core.replies.plan.answer import numbered
from assistant.core.replies.plan.plan import plan_or_hold
from assistant.core.replies.plan.question import Question
from assistant.core.replies.plan.state import Planned, joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.core.replies.grammar.piece_answers import Order
    from assistant.core.replies.grammar.slots import Speech
    from assistant.core.replies.plan.state import State

_SHORTEST = 3  # letters of a word of a name that means somebody by itself
# What goes out, away or off is never one "yes" away: it's suggested in the words that do it.
_SUGGESTED = (Drop, Look, Pause, Plain, Undo)


def named_in(state: State) -> Named:
    """Return whom words can name: everybody active, and the candidates and labels of the answered digest."""
    names: dict[tuple[str, ...], set[str]] = {}
    carded = {item.person for item in state.reply.items.values()}
    for person in state.roster.people:
        if person.status != "active" and (person.handle not in carded or person.status == "dropped"):
            continue
        for words in (*_ways(person.name), (fold(person.handle),)):
            names.setdefault(words, set()).add(person.handle)
    cards, asked, kinds = {}, {}, {}
    for label, item in state.reply.items.items():
        if label[0] == "C":
            for words in _ways(str(item.payload.get("name", ""))):
                names.setdefault(words, set()).add(label)
        elif label[0] == "Q":
            question = state.question(str(item.payload.get("key", "")))
            if question and question.answer is None:
                kinds[label] = question.kind
                asked[str(question.payload.get("handle", ""))] = label
        elif item.person:
            cards[item.person] = label
    asked_since = {one.label: one.kind for one in state.questions() if one.label and one.answer is None}
    # Two people of one name: the roster asks which, so the name is passed on as it was written.
    whos = {words: min(found) if len(found) == 1 else " ".join(words) for words, found in names.items()}
    return Named(
        whos,
        frozenset(state.reply.items) | asked_since.keys(),
        cards,
        asked,
        asked_since | kinds,
        _people(cards, asked),
    )


def _people(cards: Mapping[str, str], asked: Mapping[str, str]) -> dict[str, str]:
    """Return who stands behind each number and each question."""
    return {label: handle for known in (cards, asked) for handle, label in known.items()}


@lru_cache(maxsize=16_384)
def _ways(name: str) -> frozenset[tuple[str, ...]]:
    """Return a name's words together and each by itself."""
    words = tuple(fold(name).replace("-", " ").split())
    parts = {(word,) for word in words if len(word) >= _SHORTEST and word not in NEVER_PARTS}
    return frozenset({words, tuple(fold(name).split()), *parts} - {()})


def plan_plain(text: str, place: str, speech: Speech, state: State) -> Planned | None:
    """Return the plan of a line in plain words, None where there is nothing to say about it.

    Certain orders are planned one after the other, all or none. A guess becomes a question or a suggestion.
    """
    try:
        found = read_plain(text, speech, named_in(state), place)
        bare = found is None or not (place or found)
        found = _to_the_one_question(text, speech, state) or found if bare else found
    except ProblemError as error:
        return Planned("refused", state.words("problem", problem=str(error)))
    if found is None:
        return None
    if not found:
        return Planned("noise", "")
    if state.reply.tapped and not all(is_harmless(order.command) for order in found):
        return Planned("refused", state.words("problem", problem=state.words("sheet.in-an-answer")))
    if not all(order.sure for order in found):
        return _asked(found[0], text, state) if len(found) == 1 else None
    return _in_turn(found, state)


def _to_the_one_question(text: str, speech: Speech, state: State) -> tuple[Order, ...]:
    """Return a bare "yes" as the answer to what the answered transcript asked, if that was one thing; else ()."""
    open_ = [one for one in state.questions() if one.answer is None and one.payload.get("cause") in state.reply.parents]
    if len(open_) != 1 or not open_[0].label:
        return ()
    found = read_plain(text, speech, named_in(state), open_[0].label) or ()
    return found if len(found) == 1 and found[0].sure and isinstance(found[0].command, Answer) else ()


def plan_several(text: str, place: str, speech: Speech, state: State) -> Planned | None:
    """Return the plan of a line that is made of two or more certain orders; None if it isn't.

    A note may end in one: "met Jane on Friday, skip Daniel".
    """
    with suppress(ProblemError):
        found = read_plain(text, speech, named_in(state), place) or ()
        return _in_turn(found, state) if len(found) > 1 and all(order.sure for order in found) else None
    return None


def _in_turn(found: Sequence[Order], state: State) -> Planned | None:
    """Plan certain orders one after the other, all of them or none."""
    steps = []
    for order in found:
        step = plan_or_hold(order.command, state)
        if step.outcome in {"unknown", "refused"} or (len(found) > 1 and step.outcome != "ok"):
            return step if len(found) == 1 else None
        steps.append(step)
        state = state.after(step.changes)
    return steps[0] if len(steps) == 1 else joined(steps)


def _asked(order: Order, text: str, state: State) -> Planned | None:
    """Return the question whether a guess is meant, or the suggestion to say it; None if it can't be done at all."""
    command = by_name(order.command, state)
    verb = getattr(command, "verb", "")
    said = format_command(command)
    if isinstance(command, _SUGGESTED) or verb == "send":
        return Planned("unknown", state.words("unknown.closest", near=said))
    planned = plan_or_hold(order.command, state)
    if planned.outcome != "ok":
        return None
    return ask_whether(text, [(order.command, planned)], state)


def ask_whether(text: str, meant: Sequence[tuple[Command, Planned]], state: State) -> Planned:
    """Return the one question about a line, which `yes` turns into all these orders, each with its plan."""
    label = state.next_label()
    number = sum(change.key.startswith("prose ") for change in state.roster.done) + 1
    payload = {
        "label": label,
        "asked_at": state.reply.now,
        "cause": state.reply.cause,
        "said_on": state.reply.today.isoformat(),
        "text": text,
        "commands": [format_command(by_name(command, state)) for command, _planned in meant],
        "items": [item for command, _planned in meant for item in numbered(command, state)],
    }
    change = state.asked(Question("prose", f"{state.reply.cause}-{number}", payload))
    said = "; ".join(planned.effect.removesuffix(".") for _command, planned in meant)
    return Planned("ask", state.words("plain.ask", label=label, said=said), (change,))


def by_name(command: Command, state: State) -> Command:
    """Return the command with handles for numbers and its day, since the answer may come later and elsewhere."""

    def named(who: str) -> str:
        item = state.reply.items.get(who)
        return item.person if item and item.person else who

    if isinstance(command, Snooze):
        return replace(command, whos=tuple(map(named, command.whos)))
    if isinstance(command, Met):
        return command.about(map(named, command.whos), state.reply.today)
    who = getattr(command, "who", None)
    return replace(command, who=named(who)) if who and not isinstance(command, Add) else command  # type: ignore[arg-type]
