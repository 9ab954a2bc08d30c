"""Parse lines about numbers of the digest and about when: done, skip, send, snooze, not now, now (docs/replies.md)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.core.replies.grammar.command_words import deadline_words
from assistant.core.replies.grammar.commands import ByNumber, Command, NotNow, Now, Snooze
from assistant.core.replies.grammar.slots import (
    DAY_WORDS,
    NUMBERS,
    ProblemError,
    Speech,
    all_numbers,
    is_who,
    problem,
    until_of,
    who_of,
    whos_of,
)

if TYPE_CHECKING:
    from datetime import date

_VERB_FIRST = re.compile(rf"(done|skip|send) (?:with )?({NUMBERS})", re.IGNORECASE)
_NUMBER_THEN_VERB = re.compile(rf"({NUMBERS})[.):]?(?: [-–—])? ?(done|skip|send)", re.IGNORECASE)
_DONE_THEN = re.compile(
    rf"(?:done (?:with )?({NUMBERS})|({NUMBERS})[.):]?(?: [-–—])? ?done),? (.{{1,60}})", re.IGNORECASE
)
_SNOOZE = re.compile(r"snooze (?=\S)", re.IGNORECASE)
_NEXT = re.compile(r"(?:next|nächst\w*|naechst\w*|kommend\w*) .+", re.IGNORECASE)
_AWAY = re.compile(r"^(?:in|um) ", re.IGNORECASE)
_NUMBER_SNOOZE = re.compile(rf"({NUMBERS})[.):]? (?:[-–—] )?snooze (.+)", re.IGNORECASE)
_NOT_NOW = re.compile(r"not now[,:]? (.+)", re.IGNORECASE)
# One word, or several that are written like a name: "I will do it now" is no order. A lone "not now" names nobody.
_NOW = re.compile(r"(?!(?i:not|nicht) )([^\s,]+|[^\W\d_a-z]\S*(?: [^\W\d_a-z]\S*){1,4}),? (?i:now|jetzt)")


def by_number(bare: str, speech: Speech) -> Command | None:
    """Return the command of `2 done`, `skip 2, 3`, `send 1` or `2 done yesterday`, None for any other line.

    Raises ProblemError for a day that is yet to come.
    """
    match = _VERB_FIRST.fullmatch(bare)
    verb, numbers = (match[1], match[2]) if match else ("", "")
    if match is None:
        match = _NUMBER_THEN_VERB.fullmatch(bare)
        if match is None:
            return _done_then(bare, speech)
        verb, numbers = match[2], match[1]
    return ByNumber(verb.lower(), all_numbers(numbers))  # type: ignore[arg-type]


def _done_then(bare: str, speech: Speech) -> Command | None:
    match = _DONE_THEN.fullmatch(bare)
    # "Done by Friday" is yet to be done.
    due = match is not None and match[3].split()[0].casefold() in deadline_words(speech.language)
    day = speech.day(match[3], "past") if match and not due else None
    if match is None or day is None:
        return None
    if day > speech.today:
        raise ProblemError(problem("ahead", day, speech))
    return ByNumber("done", all_numbers(match[1] or match[2]), day)


def snooze(bare: str, speech: Speech) -> Command | None:
    """Return the command of `snooze 2 for a month`, `snooze Jane until Friday` or `2 snooze 3 weeks`, else None.

    Raises ProblemError for a day that has come already.
    """
    match = _NUMBER_SNOOZE.fullmatch(bare)
    if match:
        until = _snoozed_until(match[2], speech)
        return Snooze(tuple(map(str, all_numbers(match[1]))), until) if until else None
    head = _SNOOZE.match(bare)
    words = bare[head.end() :].split(" ") if head else []
    # The longest end that is a time wins: "snooze 2 3 weeks" is number 2 for 3 weeks.
    for start in range(max(1, len(words) - DAY_WORDS), len(words)):
        until = _snoozed_until(" ".join(words[start:]), speech)
        whos = whos_of(" ".join(words[:start]))
        if until and all(map(is_who, whos)):
            return Snooze(whos, until)
    return None


def _snoozed_until(words: str, speech: Speech) -> date | None:
    """Return the day for "3 weeks" or "until Friday", and for "in 3 weeks" or "next week", which only a snooze has."""
    return until_of(f"until {words}" if _NEXT.fullmatch(words) else _AWAY.sub("", words, count=1), speech)


def not_now(bare: str, _speech: Speech) -> Command | None:
    """Return the command of `not now Jane`, None for any other line."""
    match = _NOT_NOW.fullmatch(bare)
    return NotNow(who_of(match[1])) if match and is_who(who_of(match[1])) else None


def now(bare: str, _speech: Speech) -> Command | None:
    """Return the command of `2 now`, `Jane now` or `Jane jetzt`, None for any other line."""
    match = _NOW.fullmatch(bare)
    return Now(who_of(match[1])) if match and is_who(who_of(match[1])) else None
