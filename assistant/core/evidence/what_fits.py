"""What suits one reader: which wins to tell them, and which ways to meet the owner's notes rule out or ask for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.core.evidence.open_loops import short_names, telling
from assistant.core.language.cues import LANGUAGES, says
from assistant.core.language.fold import fold_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.core.evidence.build import NoteFact

WAYS: Final = ("coffee", "drink", "meal", "call", "video", "visit", "walk", "letter")
# "rather a walk than the pub": what stands before the comparison is asked for, what stands behind it is not.
_MAIN: Final = 3
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
    before = fold_text("\n".join(drafted))
    new = (win for win in wins if fold_text(_main(win.text)) not in before)
    shared = [(len((telling(win.text) | short_names(win.text)) & known), win) for win in new]
    aims = telling("\n".join(goals))
    # What says most of what the two write about, and of the owner's goals, comes first; among equals, as they came.
    shared.sort(key=lambda each: -each[0] - len(telling(each[1].text) & aims))
    # Somebody who speaks up for the owner hears of the work, and not of the marathon.
    work = [win for count, win in shared if count or win.verb == "public" or (advocate and telling(win.text) & aims)]
    return work or [win for _, win in shared if advocate]


def _main(win: str) -> str:
    """Return the part of a win that a draft tells in any case: up to a comma, if that is more than a word or two."""
    head, *_ = win.rstrip(". ").split(", ")
    return head if len(head.split()) >= _MAIN else win.rstrip(". ")
