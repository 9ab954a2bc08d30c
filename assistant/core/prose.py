"""What a language model read out of an owner's prose, held against the owner's own words (docs/replies.md).

    orders as text ─> our grammar ─> plan ─┬─> additive, and said in the owner's words: done
                                           ├─> anything else that could be done: a question that `yes` answers
                                           └─> not possible, not read: left out

The model picks words out of one line. It resolves nobody, works out no day, and what it adds of its own is never done.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.core.answering import numbered
from assistant.core.change import Change
from assistant.core.changes import plan
from assistant.core.commands import Answer, Candidate, Command, Confirm, Met, Snooze, Tell, Undo, format_command
from assistant.core.grammar import parse_line
from assistant.core.language.dates import parse_day
from assistant.core.slots import ProblemError, until_of
from assistant.core.speech import clean
from assistant.core.state import Planned, State, advance
from assistant.core.witness import WORD, places, says_met

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from assistant.core.grammar import Speech

MOST = 5
"""Orders that one line can hold."""
DAY_WORDS = 6
ABBREVIATION = 3
"""Letters of "sat" and "so": too often no day to hold a missing one against somebody."""
_ABOUT_ANSWERS = (Answer, Candidate, Confirm, Undo)
"""What is said of labels, codes and numbers of transcripts: nobody says that in prose."""
_EDGES = " ,.;:!?()\"'“”–—-"
_NEGATION = re.compile(
    r"(?:\b(?:not|never|no|without|nicht|nie|kein\w{0,2}|ohne)|n't|n’t)(?: [^\W\d_]+)?[ ,]*$", re.IGNORECASE
)
_UNDONE = re.compile(
    r"\b(?:not|never|cancel\w*|postpone\w*|resched\w*|missed|skipped|called off|(?:is|was) off|fell through|no-show"
    r"|abgesagt|verschoben|verpasst|ausgefallen|fiel aus|nicht|nie|kein\w{0,2})\b|n't\b|\?",
    re.IGNORECASE,
)
"""Anywhere in a line these may say that nobody met."""
_TO_COME = re.compile(
    r"\b(?:will|would|should|might|may|must|if|want\w* to|hope\w* to|plan\w* to|planning|going to|need\w* to|tomorrow"
    r"|werde|will|möchte|sollte|wenn|falls|morgen)\b|'ll\b",
    re.IGNORECASE,
)
"""Beside the name or the day these say that it is yet to come."""
_CLAUSE = re.compile(r"[,;:.!–—]| - | (?:and|but|und|aber) ")


def planned_from(text: str, said: Sequence[str], speech: Speech, state: State) -> Planned | None:
    """Return what the orders `said`, read out of the owner's line `text`, do in that state; None where nothing."""
    steps: list[tuple[str, Planned]] = []
    line = clean(text)
    for order in said[:MOST]:
        command = parse_line(order, speech).command
        if command is None:
            continue
        planned = _one(command, order, line, speech, state)
        if planned:
            steps.append((clean(order), planned))
            state = advance(state, planned.changes)
    if not steps:
        return None
    say = state.words
    effect = "; ".join(say("prose.order", order=order, effect=planned.effect) for order, planned in steps)
    asks = any(planned.outcome == "ask" for _order, planned in steps)
    changes = tuple(change for _order, planned in steps for change in planned.changes)
    return Planned("ask" if asks else "ok", say("prose.read", effect=effect), changes)


def _one(command: Command, order: str, line: str, speech: Speech, state: State) -> Planned | None:
    if isinstance(command, _ABOUT_ANSWERS):
        return None
    if isinstance(command, Met):
        command = command.alone  # a model writes an order for each person
    planned = plan(command, state)
    if planned.outcome not in {"ok", "ask"} or planned.look:
        return None
    if _is_the_owners(command, line, speech, state):
        return planned
    return _asked(command, order, planned, state) if planned.outcome == "ok" else None


def _is_the_owners(command: Command, line: str, speech: Speech, state: State) -> bool:
    """Say whether a command only adds, and stands in the owner's own words: who, when and what."""
    match command:
        case Met(_, _, on, note):
            names = _names(state)
            said = all(says_met(who, line, names) and _met_then(on, who, line, speech) for who in command.whos)
            return said and _holds(note, line)
        case Tell(kind, who, text) if kind != "goal":
            return (who is None or _says(who, line)) and _holds(text, line)
        case Snooze(whos, until):
            about = [line] if _one_named(line, state) else _CLAUSE.split(line)
            return all(any(_says(who, part) and until in set(_ends(part, speech)) for part in about) for who in whos)
    return False


def _names(state: State) -> frozenset[str]:
    return frozenset(word for person in state.roster.active() for word in WORD.findall(person.name.casefold()))


def _one_named(line: str, state: State) -> bool:
    """Say whether one person at most is named in a line, so that all it says is about them."""
    words = set(WORD.findall(line.casefold()))
    named = sum(bool(words & set(WORD.findall(person.name.casefold()))) for person in state.roster.active())
    return named + sum(any(places(label, line)) for label in state.items if label.isdecimal()) <= 1


def _says(who: str, line: str) -> bool:
    if who.isdecimal():
        return any(places(who, line))
    said = set(WORD.findall(line.casefold()))
    return all(word in said for word in WORD.findall(who.casefold()))


def _holds(text: str, line: str) -> bool:
    """Say whether a text is a literal part of the line, from word to word, and not what the line denies."""
    part = clean(text)
    at = line.find(part)
    while part and at >= 0:
        before, after = line[:at], line[at + len(part) :]
        whole = not (before[-1:].isalnum() and part[0].isalnum()) and not (after[:1].isalnum() and part[-1].isalnum())
        if whole and not _NEGATION.search(before[-40:]):
            return True
        at = line.find(part, at + 1)
    return not part


def _met_then(on: date | None, who: str, line: str, speech: Speech) -> bool:
    """Say whether the line says that it happened, and on that day; without a day of its own it was today."""
    about = [part for part in _CLAUSE.split(line) if _says(who, part) or any(_days(part, speech))]
    if _UNDONE.search(line) or any(_TO_COME.search(part) for part in about):
        return False
    if on is not None:
        return on in {day for _words, day in _days(line, speech)}
    return all(day == speech.today for words, day in _days(line, speech) if len(words) > ABBREVIATION)


def _days(line: str, speech: Speech) -> Iterator[tuple[str, date]]:
    for words in _pieces(line):
        day = parse_day(words, speech.today, "past", speech.language)
        if day is not None:
            yield words, day


def _ends(line: str, speech: Speech) -> Iterator[date]:
    for words in _pieces(line):
        try:
            day = until_of(words, speech)
        except ProblemError:
            continue
        if day is not None:
            yield day


def _pieces(line: str) -> Iterator[str]:
    """Yield every run of at most six words of a line, without the marks around it."""
    words = line.split(" ")
    for start in range(len(words)):
        for end in range(start + 1, min(start + DAY_WORDS, len(words)) + 1):
            yield " ".join(words[start:end]).strip(_EDGES)


def _asked(command: Command, order: str, planned: Planned, state: State) -> Planned:
    """Ask before anything is done; the question keeps the command, by name, and what its numbers stand for."""
    label = state.next_label()
    number = sum(change.key.startswith("prose ") for change in state.done) + 1
    payload: dict[str, Any] = {
        "label": label,
        "asked_at": state.now,
        "cause": state.cause,
        "said_on": state.today.isoformat(),
        "text": clean(order),
        "command": format_command(_by_name(command, state)),
        "items": numbered(command, state),
    }
    key = f"prose {state.cause}-{number}"
    change = Change("question", key, None, {"payload": payload, "answer": None, "answered_at": None}, "ask")
    said = planned.effect.removesuffix(".")
    return Planned("ask", state.words("prose.ask", label=label, said=said), (change,))


def _by_name(command: Command, state: State) -> Command:
    """Return the command with handles in place of numbers: in a later answer those may mean others."""

    def named(who: str) -> str:
        item = state.items.get(who)
        return item.person if item and item.person else who

    if isinstance(command, Snooze):
        return replace(command, whos=tuple(map(named, command.whos)))
    if isinstance(command, Met):  # the day it was said on: "today" is another day once the answer comes
        return command.about(map(named, command.whos), state.today)
    who = getattr(command, "who", None)
    return replace(command, who=named(who)) if who else command  # type: ignore[arg-type]
