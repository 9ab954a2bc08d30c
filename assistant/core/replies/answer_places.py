"""Find under which card, question or candidate of our message a line of an answer stands.

Our text part opens each of them at the beginning of a line ("2. ", "Q1. ", "C1. ") and indents its other paragraphs.
So each of our texts falls into stretches, each with a label, "" for what is about nobody. A line of the owner's has the
label of the stretch above it only if the answer quotes that stretch from its opening on. A wrong label would order
something about the wrong person, so where anything is unsure there is none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from assistant.core.replies.program_text import GRAM, letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.replies.answer_lines import BodyLine
    from assistant.core.replies.program_text import OurText

WIN = "win"
OPENINGS = 300  # a message with more of them is no digest
ALONE = 5  # letters; shorter ones the owner may have typed
_ITEM = re.compile(r"([QC]?\d{1,3})\. \S")


def openings(text: str, win: str) -> list[tuple[str, str]]:
    """Return (label, letters of its first line) of each stretch of our text part; empty if labels contradict.

    `win` is the heading that asks what went well. Its stretch, with the paragraph below it, has the label "win".
    """
    found: list[tuple[str, str]] = []
    above, asked = "", False
    for line in text.split("\n"):
        if line.strip() and not above.strip() and not line.startswith(" "):
            item, words = _ITEM.match(line), letters(line)
            label = item[1] if item else WIN if words == letters(win) else ""
            if label or not asked:
                found.append((label, words))
            asked = label == WIN
        above = line
    labelled = {opening for opening in found if opening[0]}
    return found if len(labelled) == len({label for label, _ in labelled}) and len(found) <= OPENINGS else []


def stretches(text: OurText, opened: Sequence[tuple[str, str]]) -> list[tuple[int, str]]:
    """Return (place of its first letter, label) of each stretch of a text of ours, empty if one can't be found."""
    place, found = 0, []
    for label, words in opened:
        at = text.line_at(words, place)
        if at >= 0:
            found.append((at, label))
            place = at + len(words)
        elif label:
            return []
    # Without an end, the last one would take in our footer.
    return found if found and not found[-1][1] else []


def label_line(line: BodyLine, start: int, end: int, stretched: Sequence[tuple[int, str]]) -> None:
    """Note in which stretch a line of ours, from `start` to `end`, ends, and whether that stretch begins in it."""
    index = bisect_left(stretched, (end,)) - 1
    if index >= 0:
        line.label, line.opens = stretched[index][1], stretched[index][0] >= start


def place_lines(
    lines: Sequence[BodyLine], text: OurText, opened: Sequence[tuple[str, str]], own: str, ours: str
) -> None:
    """Give each line of kind `own` its place: the label of the stretch it stands in or under, "" where unsure."""
    firsts, stretched = [words for _, words in opened], stretches(text, opened)
    for line in lines:
        at = text.line_at(line.letters, 0) if line.kind == ours and line.label is None else -1
        if at >= 0 > text.line_at(line.letters, at + 1):  # a line quoted alone, that we wrote once
            label_line(line, at, at + len(line.letters), stretched)
    below = _ours_below(lines, ours)
    quoted = {line.label for line in lines if line.kind == ours}
    place, inside = "", False
    for line, following in zip(lines, below, strict=True):
        if line.kind == ours or line.ours:
            known = line.opens or line.label == place
            place = line.label or "" if known else ""
        elif line.letters and (line.kind != own or _is_torn(line.letters, text, firsts)):
            place = ""  # what may be ours may open another stretch
        if line.kind != own or not place:
            continue
        # At the end of a quote it may be an answer to everything, unless the owner cut the quote up around answers.
        fits = following.opens or following.label == place if following else inside or quoted == {place}
        line.place = place if fits else ""
        inside = inside or fits


def _is_torn(words: str, text: OurText, firsts: Sequence[str]) -> bool:
    """Return whether a line is a piece of ours that stands too much alone to say where it belongs."""
    begins = len(words) >= ALONE and any(first.startswith(words) for first in firsts)
    return begins or (len(words) >= GRAM and words in text.letters)


def _ours_below(lines: Sequence[BodyLine], ours: str) -> list[BodyLine | None]:
    below: list[BodyLine | None] = []
    found = None
    for line in reversed(lines):
        below.append(found)
        found = line if line.kind == ours else found
    return below[::-1]
