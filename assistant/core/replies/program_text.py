"""Find the lines of our own message in an answer, however a mail program wrapped, marked or indented them.

Only letters and digits are compared, across the ends of lines. So our text is found wherever it was cut:

    ours      careerassistantmon2march20263peopletoreach…
    answer    |on2march…wrote|careerassistantmon|2march2026|1done|3peopletoreach|…
                              └─ a run of ours ─────────┘   └─ goes on where it stopped

A run is looked up once by its first letters and then followed. What the owner wrote between our lines interrupts it but
doesn't end it. Each line is compared with only a few places, so the time is linear.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GRAM = 12  # letters by which the beginning of a run is looked up
RUN = 24  # letters; a run this long over two whole lines is ours, but one line alone may well be the owner's
PREFIX = 32  # letters; behind this many of ours, the rest of the line was typed by somebody
LINE_ENDS = 3  # a line that spans this many ends of our lines is ours
LOOK = 500  # letters to compare to choose between places where we said the same
HUGE = 1 << 30
PLACES = 16  # places to compare with one line; what we repeat more often says little
# Lines to look ahead for a better place to go on, since the owner may have typed the very words that come next in ours.
AHEAD = 12


def letters(text: str) -> str:
    """Return the letters and digits of a text, casefolded and without accents; "" if it has none."""
    # Most words are ASCII letters and need neither. A digest answered has thousands, each looked at several times.
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFD", text).casefold()
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))


def spaced(words: Iterable[str]) -> str:
    """Return words in letters, each with blanks around it, so that whole ones can be counted."""
    return "".join(f" {word} " for word in words)


class OurText:
    """One text of ours to find in an answer: our text part, our HTML as it is shown, or what our HTML hides."""

    def __init__(self, text: str) -> None:
        """Take a text. Any white space separates its words."""
        lines = [[found for found in map(letters, line.split()) if found] for line in text.split("\n")]
        words = [word for line in lines for word in line]
        self.letters = "".join(words)
        self.words = spaced(words)
        self._ends = sorted({*accumulate(sum(map(len, line)) for line in lines)})
        starts = list(accumulate(map(len, words), initial=0))
        self._words = frozenset(starts)
        self._places: dict[str, list[int]] = {}
        for start in starts[:-1]:
            places = self._places.setdefault(self.letters[start : start + GRAM], [])
            if len(places) < PLACES:
                places.append(start)

    def covers(self, lines: Sequence[str]) -> tuple[list[int], list[int]]:
        """Return how many letters at the beginning of each line are ours, and the places where they begin.

        They are all of a line, none, or at least `PREFIX`.
        `lines` hold nothing but letters and digits (see `letters`); empty ones are skipped.
        """
        answer = _Answer(lines)
        ours, starts = [0] * len(lines), [0] * len(lines)
        place = len(self.letters)
        for index, line in enumerate(answer.filled):
            length = answer.length(index)
            found = self._going_on(answer, index, place)
            if not found:
                place, found = self._beginning(answer, index, place)
            if found >= length or found >= PREFIX:
                ours[line], starts[line] = min(found, length), place
                place += ours[line]
        return ours, starts

    def line_at(self, words: str, place: int) -> int:
        """Return where, from that place on, a line of ours begins with those letters; -1 for nowhere."""
        place = self.letters.find(words, place)
        while place >= 0 and not self._ends_a_line(place):
            place = self.letters.find(words, place + 1)
        return place

    def _going_on(self, answer: _Answer, index: int, place: int) -> int:
        """Return how many letters from that line on continue ours, 0 if none do or if it may be chance."""
        length = answer.length(index)
        found = answer.common(index, self.letters, place, length + RUN)
        to_the_end = place < len(self.letters) == place + found
        if found >= PREFIX or (found >= length and (found >= RUN or to_the_end)):
            return found
        if found < length:
            return 0
        # A short line fits, but the owner may have typed it. Then our own next words stand further down.
        instead = answer.best_below(index, self.letters, place, at_least=length)
        after = max(
            answer.best_below(index, self.letters, place + length, at_least=GRAM),
            answer.whole(index + 1, self.letters, place + length),
        )
        if after or instead:
            return found if after and length + after >= instead else 0
        return found if self._ends_a_line(place + length) or place not in self._words else 0

    def _beginning(self, answer: _Answer, index: int, place: int) -> tuple[int, int]:
        """Return where in our text a run that begins with that line stands, and its length, 0 for no run."""
        if answer.best_below(index, self.letters, place):
            return place, 0  # the quote goes on further down, so this line was typed in between
        start, length = answer.starts[index], answer.length(index)
        best, chosen = 0, place
        for at in self._places.get(answer.stream[start : start + GRAM], ()):
            needed = max(RUN, min(answer.two_lines(index), self._reach(at, length), len(self.letters)))
            found = answer.common(index, self.letters, at, max(needed, LOOK))
            # A short line that doesn't begin a line of ours is more likely the owner's.
            found = found if length >= GRAM or self._ends_a_line(at) else 0
            if found >= needed and (found, at >= place) > (best, chosen >= place):
                best, chosen = found, at
        return chosen, best

    def _reach(self, place: int, length: int) -> int:
        """Return how long a line must be to span `LINE_ENDS` ends of our lines, so that it is ours by itself."""
        last = bisect(self._ends, place) + LINE_ENDS - 1
        return max(length, self._ends[last] - place + 1) if last < len(self._ends) else HUGE

    def _ends_a_line(self, place: int) -> bool:
        at = bisect(self._ends, place)
        return place == 0 or (at > 0 and self._ends[at - 1] == place)


class _Answer:
    """The letters of an answer in one string; `filled` are the indices of its lines that have any."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.filled = [index for index, line in enumerate(lines) if line]
        self.stream = "".join(lines)
        self.starts = list(accumulate((len(lines[index]) for index in self.filled), initial=0))

    def length(self, index: int) -> int:
        return self.starts[index + 1] - self.starts[index]

    def two_lines(self, index: int) -> int:
        """Return the length of a line and the next one together, `HUGE` for the last."""
        end = index + 2
        return self.starts[end] - self.starts[index] if end < len(self.starts) else HUGE

    def best_below(self, index: int, ours: str, place: int, at_least: int = RUN) -> int:
        """Return how many letters, up to `RUN`, one of the next lines continues ours from `place`; else 0."""
        starts = self.starts[index + 1 : min(index + 1 + AHEAD, len(self.filled))]
        first = ours[place : place + 1]
        if not first or not any(self.stream.startswith(first, start) for start in starts):
            return 0
        best = max(self.common(at, ours, place, RUN) for at in range(index + 1, index + 1 + len(starts)))
        return best if best >= at_least else 0

    def whole(self, index: int, ours: str, place: int) -> int:
        """Return the length of a line if all of it continues ours from `place`, else 0."""
        if index >= len(self.filled) or self.common(index, ours, place, self.length(index)) < self.length(index):
            return 0
        return self.length(index)

    def common(self, index: int, ours: str, place: int, most: int = HUGE) -> int:
        """Return how many letters from that line on, across the ends of lines, are ours from `place` on."""
        # In slices that double, since a loop over letters is slow.
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
