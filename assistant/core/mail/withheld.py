"""The messages of a folder that the server withheld, and how long they are asked for (docs/reliability.md, 15).

A cursor says how far a folder was read. Below it there may be messages that the server didn't return. They are noted
here and asked for again. A message is given up only if it failed alone, while its neighbors came, on three different
days.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from assistant.core.mail.date import CLOCK_AHEAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# UIDs from the first to the last, both included.
Span = tuple[int, int]

# Rounds in a row that ask for the same messages, before there is a pause between two tries.
TRIES = 6
# In seconds: the daemon looks at the folder this often.
PAUSE = 15 * 60
# Not just three rounds: a server that has one bad day must not cost a message.
DAYS = 3
LONGEST_AGO = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Unread:
    """The messages of one folder that weren't read, as ascending `spans` of UIDs.

    `alone` has the days on which a UID failed while its neighbors came, `given_up` the day on which it was given up.
    `tries` counts the rounds that returned none of them, the last one at `tried_at` (epoch seconds).
    """

    spans: tuple[Span, ...] = ()
    alone: Mapping[int, tuple[date, ...]] = field(default_factory=dict)
    given_up: Mapping[int, date] = field(default_factory=dict)
    tries: int = 0
    tried_at: int = 0


def is_due(unread: Unread, now: int) -> bool:
    """Return whether a round at `now` (epoch seconds) should ask for the messages."""
    # A clock that was set back makes the difference negative, which must not stop the tries for years.
    return unread.tries < TRIES or not 0 <= now - unread.tried_at < PAUSE


def tried(unread: Unread, now: int) -> Unread:
    """Return `unread` after one more try. It is stored before the try, since the try may end the round."""
    return replace(unread, tries=unread.tries + 1, tried_at=now)


def unread_after(unread: Unread, spans: Sequence[Span], alone: Iterable[int], today: date) -> Unread:
    """Return `unread` after a reading: `spans` are unread now, and the UIDs in `alone` failed alone this time."""
    # Days outside these bounds were noted by a wrong clock.
    first, last = today - LONGEST_AGO, today + CLOCK_AHEAD
    days = {
        uid: tuple(day for day in unread.alone.get(uid, ()) if first <= day <= last)
        for uid in {*unread.alone, *alone}
        if holds(spans, uid)
    }
    days |= {uid: tuple(dict.fromkeys((*days[uid], today))) for uid in alone if uid in days}
    given_up = {**{uid: today for uid, seen in days.items() if len(seen) >= DAYS}, **unread.given_up}
    left = tuple(spans)
    for uid in given_up:
        left = without(left, uid, uid)
    return Unread(
        left,
        {uid: seen for uid, seen in sorted(days.items()) if seen and uid not in given_up},
        given_up,
        unread.tries if left == unread.spans else 1,
        unread.tried_at,
    )


def spans_of(uids: Iterable[int]) -> tuple[Span, ...]:
    """Return UIDs as ascending spans; empty for none."""
    return tuple(_merged((uid, uid) for uid in uids))


def joined(spans: Iterable[Span], more: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans that hold the UIDs of both."""
    return tuple(_merged((*spans, *more)))


def without(spans: Iterable[Span], low: int, high: int) -> tuple[Span, ...]:
    """Return the spans without the UIDs from `low` to `high`."""
    left = ((first, min(last, low - 1)) for first, last in spans if first < low)
    right = ((max(first, high + 1), last) for first, last in spans if last > high)
    return tuple(sorted({*left, *right}))


def holds(spans: Iterable[Span], uid: int) -> bool:
    """Return whether a UID is in one of the spans."""
    return any(first <= uid <= last for first, last in spans)


def count(spans: Iterable[Span]) -> int:
    """Return how many UIDs the spans hold, if they don't overlap."""
    return sum(last - first + 1 for first, last in spans)


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    low = high = -1
    for first, last in sorted(spans):
        if high >= 0 and first <= high + 1:
            high = max(high, last)
            continue
        if high >= 0:
            yield low, high
        low, high = first, last
    if high >= 0:
        yield low, high
