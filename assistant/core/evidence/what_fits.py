"""What suits one reader: which wins to tell them, and which ways to meet the owner's notes rule out or ask for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.core.evidence.open_loops import short_names, telling, touches
from assistant.core.language.cues import LANGUAGES, says
from assistant.core.language.fold import fold_text
from assistant.core.language.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.core.evidence.build import NoteFact
    from assistant.core.evidence.dossier import OpenLoop
    from assistant.core.evidence.letters import Letter

WAYS: Final = ("coffee", "drink", "meal", "call", "video", "visit", "walk", "letter")
# "rather a walk than the pub": what stands before the comparison is asked for, what stands behind it is not.
_MAIN: Final = 3
ARROW: Final = re.compile(r"(\d[\d.,]*) ?(?:→|[-=]+>) ?(\d[\d.,]*)")
_NUMBER: Final = re.compile(r"\d[\d.,]*\d|\d")
# A "chapter of results" is a thing to send.
_PART_OF: Final = re.compile(
    r"\b(?:of|with|on|de|des|del|con|avec|sur|mit|von)\s+(?:(?:the|los|las|la|les|den|dem|der)\s+)?\w+", re.IGNORECASE
)
_LETTERS: Final = re.compile(r"\b[A-Z][A-Z0-9]{1,4}\b")
_THAN: Final = re.compile(r"\b(?:than|instead of|over|to an?|als|statt|que|en vez de|a una?)\b", re.IGNORECASE)


def ways_to_meet(notes: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the ways that are forbidden and those that are preferred, of `WAYS`; notes may be in any language.

    "Gave up coffee" forbids one, "prefers calls in the morning" asks for one.
    """
    forbidden: set[str] = set()
    preferred: set[str] = set()
    for note in notes:
        against, plainly = set[str](), set[str]()
        for clause in re.split(r"[,;.!\n]", note):
            for language in LANGUAGES:
                never, wanted, named = _ways(clause, language)
                against |= never
                preferred |= wanted
                plainly |= named
        forbidden |= against
        # "Never phones back, but answers letters": what is named beside a way that is out is the way that is left.
        preferred |= plainly if against else set()
    return frozenset(forbidden), frozenset(preferred - forbidden)


def _ways(clause: str, language: str) -> tuple[set[str], set[str], set[str]]:
    """Return the ways that a clause of a note is against, those it asks for, and those it only names."""
    named = {way for way in WAYS if says(f"way_{way}", language, clause)}
    if not named:
        return set(), set(), set()
    than = _THAN.search(clause)
    if than and says("prefers", language, clause):
        wanted = {way for way in named if says(f"way_{way}", language, clause[: than.start()])}
        return named - wanted, wanted, set()
    if says("forbids", language, clause):
        return named - {"call"} if "video" in named else named, set(), set()  # "no video calls"
    return (set(), named, set()) if says("prefers", language, clause) else (set(), set(), named)


def fitting_wins(
    wins: Iterable[NoteFact], said: Sequence[str], *, goals: Sequence[str], advocate: bool, drafted: Sequence[str]
) -> list[NoteFact]:
    """Return the wins that fit a reader, the best fitting first.

    One fits that shares telling words with what was said to this reader, one that the owner called public, or any where
    the reader speaks up for the owner. One that a draft to this reader told already never comes again.
    """
    known = telling("\n".join(said)) | short_names("\n".join(said))
    new = untold(wins, drafted)
    shared = [(len((telling(win.text) | short_names(win.text)) & known), win) for win in new]
    aims = telling("\n".join(goals))
    # What says most of what the two write about, and of the owner's goals, comes first; among equals, as they came.
    shared.sort(key=lambda each: -each[0] - len(telling(each[1].text) & aims))
    # Somebody who speaks up for the owner hears of the work, and not of the marathon.
    work = [win for count, win in shared if count or win.verb == "public" or (advocate and telling(win.text) & aims)]
    return work or [win for _, win in shared if advocate]


def untold(wins: Iterable[NoteFact], drafted: Sequence[str]) -> list[NoteFact]:
    """Return the wins that no draft to this reader told."""
    before = fold_text("\n".join(drafted))
    return [win for win in wins if not _told(win.text, before)]


def _told(win: str, before: str) -> bool:
    """Return whether a draft told a win; "35 → 19" is told as "from 35 to 19", in whatever words."""
    if pairs := ARROW.findall(win):
        return all(re.search(rf"\b{one} \w+ {other}\b", before) for one, other in pairs)
    return fold_text(_main(win)) in before


def brings_news(promise: str, language: str) -> bool:
    """Return whether a promise is of words, or of a result that a line can tell."""
    return says("reports", language, promise) or says("results", language, _PART_OF.sub("", promise))


def promised_news(
    loops: Iterable[OpenLoop], letters: Iterable[Letter], wins: Sequence[NoteFact], language: str
) -> dict[OpenLoop, NoteFact]:
    """Return the win that is the news of each open promise to report; `wins` newest first.

    It is one since then that shares a word with the promise, what stands before it or its subject. Where an outcome was
    waited for (an exam, a decision), it is else the newest that tells one: it passed, or was approved.
    """
    found: dict[OpenLoop, NoteFact] = {}
    by_day = {letter.on: letter for letter in letters}
    for loop in loops:
        since = [win for win in wins if win.day > loop.on]
        letter = by_day.get(loop.on)
        if loop.kind != "promise" or letter is None or not since or not brings_news(loop.quote, language):
            continue
        near = f"{letter.subject}\n{' '.join(_up_to(loop.quote, letter.words))}"
        change = {first for win in since for first, _ in ARROW.findall(win.text)} & set(_NUMBER.findall(letter.words))
        shared = (win for win in since if shares_name(win.text, near) or any(one in win.text for one in change))
        attained = (win for win in since if any(says("attained", one, win.text) for one in LANGUAGES))
        win = next(shared, None) or (next(attained, None) if says("trial", language, near) else None)
        if win:
            found[loop] = win
    return found


def shares_name(win: str, text: str) -> bool:
    """Return whether a win shares a telling word with a text, or letters that stand for a name: "CPC"."""
    return touches(win, text) or bool(set(_LETTERS.findall(win)) & set(_LETTERS.findall(text)))


def _up_to(quote: str, words: str) -> list[str]:
    """Return a promise with the two sentences before it, which say on what."""
    said = sentences(words)
    place = next((at for at, sentence in enumerate(said) if quote in sentence), 0)
    return said[max(place - 2, 0) : place + 1]


def _main(win: str) -> str:
    """Return the part of a win that a draft tells in any case: up to a comma, if that is more than a word or two."""
    head, *_ = win.rstrip(". ").split(", ")
    return head if len(head.split()) >= _MAIN else win.rstrip(". ")
