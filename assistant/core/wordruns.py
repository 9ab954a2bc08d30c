"""Which lines of an answer are the parent's words, however a mail program wrapped them and whether it marked them.

Words alone count, so a line may be cut at any blank, hyphen or stop; a run of them must go over a line's end, since
one line alone may well be the owner's. Linear in time: at most so many places of the parent are followed at once.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PHRASE = 3
"""Words in a row by which the parent is looked up."""
RUN = 8
"""Words in a row that stand in the parent, over two lines or more: from here on they are the parent's."""
PLACES = 16
"""Places of the parent at most that are followed at once; what is repeated more often says little."""
_WORD = re.compile(r"[^\W_]+")


class WordRuns:
    """The words of a parent, ready to be found again."""

    def __init__(self, parent: str) -> None:
        self._words = tuple(_WORD.findall(parent))
        self._places: dict[tuple[str, ...], list[int]] = {}
        for index in range(len(self._words) - PHRASE + 1):
            places = self._places.setdefault(self._words[index : index + PHRASE], [])
            if len(places) < PLACES:
                places.append(index)

    def lines_of(self, lines: Sequence[str]) -> frozenset[int]:
        """Return the indices of the lines of which every word stands in such a run; those without a word do not."""
        stream = [(word, index) for index, line in enumerate(lines) for word in _WORD.findall(line)]
        steps = [0] * (len(stream) + 1)
        runs: dict[int, int] = {}
        for at in range(len(stream) - PHRASE + 1):
            end = at + PHRASE
            runs = self._going_on(runs, tuple(word for word, _line in stream[at:end]), at)
            start = min(runs.values(), default=at)
            if end - start >= RUN and stream[start][1] != stream[end - 1][1]:
                steps[start] += 1
                steps[end] -= 1
        depths = accumulate(steps[:-1])
        own = {index for (_word, index), depth in zip(stream, depths, strict=True) if not depth}
        return frozenset(index for _word, index in stream) - own

    def _going_on(self, runs: dict[int, int], phrase: tuple[str, ...], at: int) -> dict[int, int]:
        """Return, by where it now stands in the parent, where each run began: those that go on, those that begin."""
        words, last = self._words, phrase[-1]
        now = {
            place + 1: start
            for place, start in runs.items()
            if place + PHRASE < len(words) and words[place + PHRASE] == last
        }
        for place in self._places.get(phrase, ()):
            if len(now) >= PLACES:
                break
            now.setdefault(place, at)
        return now
