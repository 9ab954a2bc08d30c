"""Parse lines about contacts: met, talked to, called, emailed WHO [WHEN][, NOTE] (docs/replies.md).

A comma may begin a note or go on with a list of people. Only the roster can tell, so a line is kept with all its
readings; `plan/resolve_person.py` chooses. A second order behind the first makes the line not understood.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from assistant.core.replies.grammar.add import parse_add
from assistant.core.replies.grammar.cleaning import is_polite, without_courtesy, without_prefix
from assistant.core.replies.grammar.commands import Command, Met, MetVerb
from assistant.core.replies.grammar.numbered import by_number, snooze
from assistant.core.replies.grammar.slots import DAY_WORDS, ProblemError, Speech, is_who, problem, who_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

MOST_TOGETHER = 31  # people in one line, as many as a list of numbers holds
NAME_WORDS = 4
# Places of a line where a second order is looked for, so that the time stays linear: three quarters of them from its
# start, the rest from its end.
MOST_TAILS = 40
MOST_CONTACTS = 3  # other contacts looked for in a note

_MET = re.compile(
    r"(?:i )?(met|saw|talked|spoke|called|phoned|emailed|e-mailed|mailed|wrote)(?: up)?(?: (?:to|with))? (?=\S)",
    re.IGNORECASE,
)
# Within a note: "talked promo" is not a contact with somebody called Promo.
_ALSO_MET = re.compile(rf"(?!(?:i )?(?:talked|spoke) (?!to |with )){_MET.pattern}", re.IGNORECASE)
_MET_VERBS: dict[str, MetVerb] = {
    "met": "met",
    "saw": "met",
    "talked": "talked to",
    "spoke": "talked to",
    "called": "called",
    "phoned": "called",
}
# Where a note may begin. "10:30" and "3 - 4 hours" are not cut in two.
_NOTE_AT = re.compile(r"(?: ?[,;])+ ?| ?:(?!\d) ?|(?<!\d):| [-–—] (?!\d)|(?<!\d) [-–—] ")
_TOGETHER = re.compile(r"((?: ?,)+ ?(?:and |und |& )?| (?:and|und|&|\+) )", re.IGNORECASE)
_BEHIND = re.compile(r"[,;:.!?] ?| [-–—] ")
_NUMBER_FIRST = re.compile(r"(?:#|no\.? ?|number )?\d{1,3}(?: |[,;:&](?!\d)|,|\.?$)", re.IGNORECASE)


def met(said: str, speech: Speech) -> Command | None:
    """Return the contact of a line such as `met Jane on Tuesday, talked promo`, with its other readings.

    Returns None for another kind of line, and for one with a second order behind the first.
    Raises ProblemError for a day that is yet to come.
    """
    match = _MET.match(said)
    if match is None:
        return None
    verb: MetVerb = _MET_VERBS.get(match[1].lower(), "emailed")
    rest = said[match.end() :]
    tails = _tails(rest)
    if any(is_order(tail, speech) for tail in tails) or _is_crowd(rest):
        return None
    one = _one(verb, rest, speech)
    readings = list(_lists(verb, rest, speech))
    lists = tuple(noted for _found, noted in readings if noted)
    if one is None:  # "1, 2 and 3": a list of numbers is never a note
        return next((some for some in lists if all(who.isdecimal() for who in some.whos)), None)
    unsure = (found for found, noted in readings if noted is None)
    return replace(one, lists=lists, against=(*unsure, *_contacts(one, rest, tails, speech)))


def _tails(rest: str) -> list[str]:
    """Return the ends of a line that could be a second order."""
    ends = [cut.end() for cut in _BEHIND.finditer(rest)]
    last = MOST_TAILS // 4
    return [
        rest[end:].lstrip(" -–—")
        for end in (ends if len(ends) <= MOST_TAILS else ends[: MOST_TAILS - last] + ends[-last:])
    ]


def _one(verb: MetVerb, rest: str, speech: Speech) -> Met | None:
    for cut in _NOTE_AT.finditer(rest):
        head, note = rest[: cut.start()], rest[cut.end() :]
        if _goes_on(head, note, speech):
            continue
        who, on = _ended(head, note, speech)
        # In "met 1, 2 and 3" the rest is not a note.
        if (_NUMBER_FIRST.match(note) and who.isdecimal() and not on) or not _is_whos(who):
            return None
        return _noted(Met(verb, who, on), note, speech)
    who, on = _last(rest, speech)
    return Met(verb, who, on) if _is_whos(who) else None


def _lists(verb: MetVerb, rest: str, speech: Speech, most: int = MOST_TOGETHER) -> Iterator[tuple[Met, Met | None]]:
    """Yield each reading that begins with a list of people, the longest first: without its note, and with it.

    The second is None if the note begins with a day that can't be meant.
    """
    cuts = [(cut.start(), cut.end()) for cut in islice(_NOTE_AT.finditer(rest), most)]
    for end, start in [(len(rest), len(rest)), *reversed(cuts)]:
        found = noted = None
        with suppress(ProblemError):  # in another reading the day to come is part of the note
            found = _list(verb, rest[:end], rest[start:], speech)
            noted = _noted(found, rest[start:], speech) if found else None
        if found:
            yield found, noted


def _list(verb: MetVerb, head: str, note: str, speech: Speech) -> Met | None:
    who, on = _ended(head, note, speech)
    whos = _listed(who)
    return Met(verb, whos[0], on, company=whos[1:]) if whos else None


def _listed(words: str) -> tuple[str, ...]:
    """Return the people in "Bob, Sam and Jane", () if it isn't a list of names."""
    first, *others = _TOGETHER.split(words)
    pairs = zip(others[::2], others[1::2], strict=True)
    if not 0 < len(others) // 2 < MOST_TOGETHER or any(
        set(mark) <= set(" ,") and _is_plain(one, first) for mark, one in pairs
    ):
        return ()
    whos = tuple(who_of(one) for one in (first, *others[1::2]))
    return whos if all(is_who(one) and one.count(" ") < NAME_WORDS for one in whos) else ()


def _is_whos(words: str) -> bool:
    """Return whether words could be one WHO, or a list of names as a whole."""
    return is_who(words) or not (_listed(words) or ("0",))[0].isdecimal()


def _is_plain(words: str, first: str) -> bool:
    """Return whether "promo" behind "Bob, " is a plain word: in lower case, though the first name isn't."""
    return words == words.lower() != words.upper() and not set(words) & set("-@") and first != first.lower()


def _is_crowd(rest: str) -> bool:
    """Return whether more people may be listed than one line takes. The rest would end up in a note."""
    words = islice(_TOGETHER.split(rest), 0, 2 * MOST_TOGETHER + 2, 2)
    return sum(1 for one in words if one and one.count(" ") < NAME_WORDS) > MOST_TOGETHER


def _noted(said: Met, note: str, speech: Speech) -> Met | None:
    """Return the contact with its note, which may begin with the day; None if that contradicts the day before it."""
    day, left = _day_first(note, speech)
    while day:
        if said.on and day != said.on:
            return None
        said = replace(said, on=day)
        day, left = _day_first(left, speech)
    return replace(said, note="" if is_polite(left) else left)


def _contacts(one: Met, rest: str, tails: list[str], speech: Speech) -> Iterator[Met]:
    """Yield further contacts that the note may report: "called Sam", or people met on another day."""
    orders = [match for match in map(_ALSO_MET.match, map(without_prefix, tails)) if match]
    others = [match.string[match.end() :] for match in orders[:MOST_CONTACTS]]
    if one.on and one.note and rest[: -len(one.note)].rstrip()[-1:] in {",", ";"} and not _is_plain(one.note, one.who):
        others.append(one.note)  # "met Bob on Monday, Sam on Tuesday"
    for other in others:
        with suppress(ProblemError):
            found = _one(one.verb, other, speech)
            yield from (found,) if found else ()
            yield from (some for some, _note in _lists(one.verb, other, speech, most=1))


def _ended(head: str, note: str, speech: Speech) -> tuple[str, date | None]:
    return _who_and_day(head, speech) if note and not is_polite(note) else _last(head, speech)


def _last(words: str, speech: Speech) -> tuple[str, date | None]:
    """Split the end of a line into WHO and day, without politeness."""
    who, on = _who_and_day(without_courtesy(words), speech)
    return (who, on) if on else (who_of(without_courtesy(who)), on)


def _goes_on(head: str, note: str, speech: Speech) -> bool:
    """Return whether a day goes on behind a comma: "Tuesday, 3 March", "May 12th, 2026"."""
    words = head.split(" ")
    pieces = {_NOTE_AT.split(note, maxsplit=1)[0], *re.findall(r"^\d{4}(?!\d)", note)}
    days = (
        speech.day(f"{' '.join(words[start:])}, {piece.strip(' .!')}", "past")
        for start in range(max(1, len(words) - DAY_WORDS), len(words))
        for piece in pieces
    )
    return any(days)


def is_order(note: str, speech: Speech) -> bool:
    """Return whether a note is really a second order ("skip 2", but not "Q3 plans")."""
    said = without_courtesy(without_prefix(note))
    try:
        return bool(parse_add(said, speech) or by_number(said, speech) or snooze(said, speech))
    except ProblemError:
        return True


def _day_first(note: str, speech: Speech) -> tuple[date | None, str]:
    """Split "yesterday: talked promo", as in "met Jane, yesterday: talked promo", into the day and the rest."""
    words, *rest = _NOTE_AT.split(note, maxsplit=1)
    day = speech.day(words.strip(" .!()"), "past")
    if day is not None and day > speech.today:
        raise ProblemError(problem("ahead", day, speech))
    return (day, "".join(rest)) if day else (None, note)


def _who_and_day(head: str, speech: Speech) -> tuple[str, date | None]:
    """Split "Jane Roe on 12 May" into WHO and WHEN: the longest end that is a day and leaves somebody."""
    words = head.split(" ")
    for start in range(max(1, len(words) - DAY_WORDS), len(words)):
        day = speech.day(" ".join(words[start:]).strip("()."), "past")
        if day is not None:
            if day > speech.today:
                raise ProblemError(problem("ahead", day, speech))
            return who_of(" ".join(words[:start])), day
    return who_of(head), None
