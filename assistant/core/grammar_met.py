"""Lines about contacts: met, talked to, called, emailed WHO [WHEN][, NOTE] (docs/replies.md)."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from assistant.core.commands import Command, Met, MetVerb
from assistant.core.dates import parse_day
from assistant.core.grammar_add import parse_add
from assistant.core.grammar_numbers import by_number, snooze
from assistant.core.slots import DAY_WORDS, ProblemError, Speech, is_who, problem, who_of
from assistant.core.speech import is_polite, without_courtesy, without_prefix

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

MOST_TOGETHER = 10
"""People met in one line at most."""
NAME_WORDS = 4

_MET = re.compile(
    r"(?:i )?(met|saw|talked|spoke|called|phoned|emailed|e-mailed|mailed|wrote)(?: up)?(?: (?:to|with))? (?=\S)",
    re.IGNORECASE,
)
_MET_VERBS: dict[str, MetVerb] = {
    "met": "met",
    "saw": "met",
    "talked": "talked to",
    "spoke": "talked to",
    "called": "called",
    "phoned": "called",
}
_NOTE_AT = re.compile(r" ?[,;:] ?| [-–—] ")
_TOGETHER = re.compile(r" ?, ?(?:and |und )?| (?:and|und|&|\+) ", re.IGNORECASE)
_NUMBER_FIRST = re.compile(r"#?\d{1,3}(?: |,|&|$)")


def met(said: str, speech: Speech) -> Command | None:
    """Return `met Jane on Tuesday, talked promo`, with the readings beside it that name several people."""
    match = _MET.match(said)
    if match is None:
        return None
    verb: MetVerb = _MET_VERBS.get(match[1].lower(), "emailed")
    rest = said[match.end() :]
    one = _one(verb, rest, speech)
    lists = tuple(_lists(verb, rest, speech))
    if one is None:  # numbers are never a note
        return next((some for some in lists if all(who.isdecimal() for who in some.whos)), None)
    return replace(one, lists=lists)


def _one(verb: MetVerb, rest: str, speech: Speech) -> Met | None:
    for cut in _NOTE_AT.finditer(rest):
        head, note = rest[: cut.start()], rest[cut.end() :]
        if _goes_on(head, note, speech):
            continue
        who, on = _who_and_day(head, speech) if note else _last(head, speech)
        # A list of numbers is no note.
        if (_NUMBER_FIRST.match(note) and who.isdecimal()) or not is_who(who):
            return None
        return _noted(Met(verb, who, on), note, speech)
    who, on = _last(rest, speech)
    return Met(verb, who, on) if is_who(who) else None


def _lists(verb: MetVerb, rest: str, speech: Speech) -> Iterator[Met]:
    """Yield each reading of "Bob, Sam and Jane on Tuesday, talked promo" that begins with a list, the longest first."""
    cuts = [(cut.start(), cut.end()) for cut in islice(_NOTE_AT.finditer(rest), MOST_TOGETHER)]
    for end, start in [(len(rest), len(rest)), *reversed(cuts)]:
        with suppress(ProblemError):  # a day to come may be part of a note
            found = _list(verb, rest[:end], rest[start:], speech)
            if found is not None:
                yield found


def _list(verb: MetVerb, head: str, note: str, speech: Speech) -> Met | None:
    who, on = _who_and_day(head, speech) if note else _last(head, speech)
    first, *others = (who_of(one) for one in _TOGETHER.split(who))
    if not 0 < len(others) < MOST_TOGETHER:
        return None
    if not all(is_who(one) and one.count(" ") < NAME_WORDS for one in (first, *others)):
        return None
    return _noted(Met(verb, first, on, company=tuple(others)), note, speech)


def _noted(said: Met, note: str, speech: Speech) -> Met | None:
    """Return it with a note that may begin with the day; None for a second order, and for another day than was said."""
    if _is_order(note, speech):
        return None
    day, left = _day_first(note, speech)
    if said.on and day and day != said.on:
        return None
    return replace(said, on=said.on or day, note="" if is_polite(left) else left)


def _last(words: str, speech: Speech) -> tuple[str, date | None]:
    """Part what ends its line: politeness there is no name, with quotes around it or not."""
    who, on = _who_and_day(without_courtesy(words), speech)
    return (who, on) if on else (who_of(without_courtesy(who)), on)


def _goes_on(head: str, note: str, speech: Speech) -> bool:
    """Say whether a day goes on behind a comma: "Tuesday, 3 March", "May 12th, 2026"."""
    words = head.split(" ")
    pieces = {_NOTE_AT.split(note, maxsplit=1)[0], *re.findall(r"^\d{4}(?!\d)", note)}
    days = (
        parse_day(f"{' '.join(words[start:])}, {piece.strip(' .!')}", speech.today, "past", speech.language)
        for start in range(max(1, len(words) - DAY_WORDS), len(words))
        for piece in pieces
    )
    return any(days)


def _is_order(note: str, speech: Speech) -> bool:
    """Say whether a note is a second order that nobody writes as a note ("skip 2"; not "Q3 plans"): one to a line."""
    said = without_courtesy(without_prefix(note))
    try:
        return bool(parse_add(said, speech) or by_number(said, speech) or snooze(said, speech))
    except ProblemError:
        return True


def _day_first(note: str, speech: Speech) -> tuple[date | None, str]:
    """Part "yesterday, talked promo", as in "met Jane, yesterday, talked promo": a day that stands for itself."""
    words, _, rest = (part.strip() for part in note.partition(","))
    day = parse_day(words.rstrip(" .!"), speech.today, "past", speech.language)
    if day is not None and day > speech.today:
        raise ProblemError(problem("ahead", day, speech))
    return (day, rest) if day else (None, note)


def _who_and_day(head: str, speech: Speech) -> tuple[str, date | None]:
    """Part "Jane Roe on 12 May" into WHO and WHEN: the longest end that is a day, as long as somebody is left."""
    words = head.split(" ")
    for start in range(max(1, len(words) - DAY_WORDS), len(words)):
        day = parse_day(" ".join(words[start:]).rstrip("."), speech.today, "past", speech.language)
        if day is not None:
            if day > speech.today:
                raise ProblemError(problem("ahead", day, speech))
            return who_of(" ".join(words[:start])), day
    return who_of(head), None
