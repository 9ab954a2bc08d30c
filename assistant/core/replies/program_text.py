"""Which lines of an answer are our own message's, however a mail program wrapped, marked, indented or recased them.

Only letters and digits count, and they run on over the ends of lines. So our text is found wherever it was cut:

    ours      careerassistantmon2march20263peopletoreach…
    answer    |on2march…wrote|careerassistantmon|2march2026|1done|3peopletoreach|…
                              └─ a run of ours ─────────┘   └─ goes on where it stopped

The run is found once, by its first letters, and then followed: what the owner wrote between our lines only interrupts
it. Each line is compared with few places, so the time is linear.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

GRAM = 12
"""Letters by which a run's beginning is looked up."""
RUN = 24
"""Letters from which on a run over two whole lines or more is ours; one line alone may well be the owner's."""
PREFIX = 32
"""Letters of ours from which on the rest of that line is what somebody typed behind them."""
LINE_ENDS = 3
"""Ends of lines of ours within one line of the answer, from which on that line is ours."""
LOOK = 500
"""Letters that are compared to choose between places where we said the same."""
HUGE = 1 << 30
PLACES = 16
"""Places of ours at most that are compared with one line; what is repeated more often says little."""
AHEAD = 12
"""Lines that are looked at for a better place to go on: the owner may have written what our next words are."""


def letters(text: str) -> str:
    """Return the letters and digits of a text in one case, without accents; "" where it has none."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFD", text).casefold()))


class OurText:
    """One text of ours (its text part, its HTML as it is seen, its HTML with all that is hidden), to be found again."""

    def __init__(self, text: str) -> None:
        """Take in a text; its words may be parted by any white space."""
        lines = [[found for found in map(letters, line.split()) if found] for line in text.split("\n")]
        words = [word for line in lines for word in line]
        self.letters = "".join(words)
        self._ends = sorted({*accumulate(sum(map(len, line)) for line in lines)})
        self._words = frozenset(accumulate(map(len, words), initial=0))
        self._places: dict[str, list[int]] = {}
        for start in sorted(self._words)[:-1]:
            places = self._places.setdefault(self.letters[start : start + GRAM], [])
            if len(places) < PLACES:
                places.append(start)

    def covers(self, lines: Sequence[str]) -> list[int]:
        """Return how many letters at the beginning of each line are ours: all of them, 0, or `PREFIX` and more.

        `lines` hold letters only (`letters`); a line without any is passed over.
        """
        answer = _Answer(lines)
        ours = [0] * len(lines)
        place = len(self.letters)
        for index, line in enumerate(answer.filled):
            length = answer.length(index)
            found = self._going_on(answer, index, place)
            if not found:
                place, found = self._beginning(answer, index, place)
            if found >= length or found >= PREFIX:
                ours[line] = min(found, length)
                place += ours[line]
        return ours

    def _going_on(self, answer: _Answer, index: int, place: int) -> int:
        """Return how many letters from that line on are our next ones; 0 where that is chance, or none are."""
        length = answer.length(index)
        found = answer.common(index, self.letters, place, length + RUN)
        to_the_end = place < len(self.letters) == place + found
        if found >= PREFIX or (found >= length and (found >= RUN or to_the_end)):
            return found
        if found < length:
            return 0
        # A short line. The owner may have written what our next words are: then those stand further down.
        instead = answer.best_below(index, self.letters, place, at_least=length)
        after = max(
            answer.best_below(index, self.letters, place + length, at_least=GRAM),
            answer.whole(index + 1, self.letters, place + length),
        )
        if after or instead:
            return found if after and length + after >= instead else 0
        return found if self._ends_a_line(place + length) or place not in self._words else 0

    def _beginning(self, answer: _Answer, index: int, place: int) -> tuple[int, int]:
        """Return where a run of ours that begins with that line stands, and how long it is there; 0 for no run."""
        if answer.best_below(index, self.letters, place):
            return place, 0  # The quote goes on further down; what stands here came in between.
        start, length = answer.starts[index], answer.length(index)
        best, chosen = 0, place
        for at in self._places.get(answer.stream[start : start + GRAM], ()):
            needed = max(RUN, min(answer.two_lines(index), self._reach(at, length), len(self.letters)))
            found = answer.common(index, self.letters, at, max(needed, LOOK))
            # A word alone that ends a line of ours is rather the owner's.
            found = found if length >= GRAM or self._ends_a_line(at) else 0
            if found >= needed and (found, at >= place) > (best, chosen >= place):
                best, chosen = found, at
        return chosen, best

    def _reach(self, place: int, length: int) -> int:
        """Return the length of a line that is ours by itself, since it holds the ends of some lines of ours."""
        last = bisect(self._ends, place) + LINE_ENDS - 1
        return max(length, self._ends[last] - place + 1) if last < len(self._ends) else HUGE

    def _ends_a_line(self, place: int) -> bool:
        at = bisect(self._ends, place)
        return place == 0 or (at > 0 and self._ends[at - 1] == place)


class _Answer:
    """The letters of an answer as one stream; `filled` are the indices of its lines that have any."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.filled = [index for index, line in enumerate(lines) if line]
        self.stream = "".join(lines)
        self.starts = list(accumulate((len(lines[index]) for index in self.filled), initial=0))

    def length(self, index: int) -> int:
        return self.starts[index + 1] - self.starts[index]

    def two_lines(self, index: int) -> int:
        """Return the letters of a line and the next one, `HUGE` for the last."""
        end = index + 2
        return self.starts[end] - self.starts[index] if end < len(self.starts) else HUGE

    def best_below(self, index: int, ours: str, place: int, at_least: int = RUN) -> int:
        """Return how far, up to `RUN` letters, one of the next lines goes on with ours from `place` on; else 0."""
        starts = self.starts[index + 1 : min(index + 1 + AHEAD, len(self.filled))]
        first = ours[place : place + 1]
        if not first or not any(self.stream.startswith(first, start) for start in starts):
            return 0
        best = max(self.common(at, ours, place, RUN) for at in range(index + 1, index + 1 + len(starts)))
        return best if best >= at_least else 0

    def whole(self, index: int, ours: str, place: int) -> int:
        """Return how long that line is where all of it is ours from `place` on; else 0."""
        if index >= len(self.filled) or self.common(index, ours, place, self.length(index)) < self.length(index):
            return 0
        return self.length(index)

    def common(self, index: int, ours: str, place: int, most: int = HUGE) -> int:
        """Return how many letters from that line on, over the ends of lines, are those of ours from `place` on."""
        start, length, size = self.starts[index], 0, 64
        while length < most:
            size = min(size, most - length)
            here = self.stream[start + length : start + length + size]
            there = ours[place + length : place + length + size]
            if here != there or len(here) < size:
                pairs = enumerate(zip(here, there, strict=False))
                return length + next((at for at, (one, other) in pairs if one != other), min(len(here), len(there)))
            length += size
            size *= 2
        return length
