"""Sets of UIDs to ask for in one command (RFC 3501, sequence-set), small ones first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.core.mail.withheld import Span

# UIDs in the first set of a scan.
FIRST = 500
# Stretches that are asked for one by one; more are asked for together.
MOST_SPANS = 20
# Letters. Servers answer BAD to longer lists of UIDs.
LONGEST_SET = 4_000


@dataclass(frozen=True, slots=True)
class UidSet:
    """UIDs to ask for in one command.

    Once the set is read, everything from `low` to `high` counts as read. `again`: it was asked for before, and the line
    broke or something was left out. `bare`: it is asked for without BODYSTRUCTURE. `sure`: the server named these UIDs
    itself, so each has a message.
    """

    low: int
    high: int
    uids: tuple[tuple[int, int], ...]
    again: bool = False
    bare: bool = False
    sure: bool = False

    @property
    def text(self) -> bytes:
        """The set in the notation of RFC 3501: `1:5,7`."""
        return b",".join(b"%d" % a if a == b else b"%d:%d" % (a, b) for a, b in self.uids)

    @property
    def count(self) -> int:
        """How many UIDs it names; there may be fewer messages."""
        return sum(last - first + 1 for first, last in self.uids)

    def each(self) -> Iterator[int]:
        """Yield every UID it names, in order."""
        for first, last in self.uids:
            yield from range(first, last + 1)

    def only(self, uids: Sequence[int], most: int) -> list[UidSet]:
        """Return sets of up to `most` of these sorted UIDs. Together they cover the same stretch as this set."""
        sets = sets_of(uids, self.low, self.high, most)
        return [replace(one, again=self.again, bare=self.bare, sure=self.sure) for one in sets]

    def halves(self) -> tuple[UidSet, UidSet]:
        """Return two sets with about half of the UIDs each, the lower half first."""
        left: list[tuple[int, int]] = []
        right: list[tuple[int, int]] = []
        need = self.count // 2
        for first, last in self.uids:
            take = min(max(need, 0), last - first + 1)
            if take:
                left.append((first, first + take - 1))
            if take < last - first + 1:
                right.append((first + take, last))
            need -= take
        middle = left[-1][1]
        return replace(self, high=middle, uids=tuple(left)), replace(self, low=middle + 1, uids=tuple(right))


def ranges(low: int, top: int, most: int) -> Iterator[UidSet]:
    """Yield ranges of up to `most` UIDs from `low` to `top`; none if `top` is below `low`."""
    # Small ones first, so that even a short folder is judged while the server reads on.
    size = min(FIRST, most)
    while low <= top:
        high = min(low + size - 1, top)
        yield UidSet(low, high, ((low, high),))
        low, size = high + 1, min(2 * size, most)


def sets_again(spans: Sequence[Span], most: int) -> list[UidSet]:
    """Return sets of up to `most` UIDs for stretches that were left unread, the longest stretch first."""
    # Each stretch is asked for by itself, since a message in one may spoil the others. With many stretches that would
    # take too many commands.
    if len(spans) > MOST_SPANS:
        uids = [uid for first, last in spans for uid in range(first, last + 1)]
        sets = sets_of(uids, uids[0], uids[-1], most)
    else:
        longest_first = sorted(spans, key=lambda span: span[0] - span[1])
        sets = [one for first, last in longest_first for one in ranges(first, last, most)]
    return [replace(one, again=True) for one in sets]


def sets_of(uids: Sequence[int], low: int, high: int, most: int, size: int | None = None) -> list[UidSet]:
    """Return sorted UIDs as sets of up to `most`, short enough for any server, that together cover low to high.

    The first set holds up to `size` UIDs (None: `most`), each other one up to twice as many as the set before. No UIDs
    give no sets.
    """
    size = min(size or most, most)
    sets: list[UidSet] = []
    runs: list[tuple[int, int]] = []
    count = length = 0
    for first, last in _runs(uids, size):
        letters = len(str(first)) + len(str(last)) + 2
        if runs and (count + last - first + 1 > size or length + letters > LONGEST_SET):
            sets.append(UidSet(low, runs[-1][1], tuple(runs)))
            low, runs, count, length, size = runs[-1][1] + 1, [], 0, 0, min(2 * size, most)
        runs.append((first, last))
        count, length = count + last - first + 1, length + letters
    if runs:
        sets.append(UidSet(low, high, tuple(runs)))
    return sets


def _runs(uids: Iterable[int], most: int) -> Iterator[tuple[int, int]]:
    """Yield unbroken runs of sorted UIDs as (first, last), each of at most `most`."""
    first = last = -1
    for uid in uids:
        if uid == last + 1 and uid - first < most:
            last = uid
            continue
        if first >= 0:
            yield first, last
        first = last = uid
    if first >= 0:
        yield first, last
