"""Spans of UIDs compared with plain sets, and how long an unread message is asked for."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assistant.core.mail.withheld import (
    PAUSE,
    TRIES,
    Span,
    Unread,
    count,
    holds,
    is_due,
    joined,
    spans_of,
    tried,
    unread_after,
    without,
)

UIDS = st.frozensets(st.integers(1, 30))
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def uids_of(spans: tuple[Span, ...]) -> frozenset[int]:
    return frozenset(uid for first, last in spans for uid in range(first, last + 1))


@given(UIDS, UIDS, st.integers(1, 30), st.integers(0, 10))
def test_spans_are_sets_of_uids(one: frozenset[int], other: frozenset[int], low: int, more: int) -> None:
    spans = spans_of(one)
    assert spans == tuple(sorted(spans))
    assert uids_of(spans) == one
    assert count(spans) == len(one)
    assert uids_of(joined(spans, spans_of(other))) == one | other
    assert uids_of(without(spans, low, low + more)) == one - frozenset(range(low, low + more + 1))
    assert [uid for uid in range(32) if holds(spans, uid)] == sorted(one)


def test_a_message_that_fails_alone_on_three_days_is_given_up() -> None:
    unread = Unread()
    for day, given_up in ((0, {}), (0, {}), (1, {}), (5, {7: TODAY + 5 * DAY})):
        unread = unread_after(unread, [(7, 7)], [7], TODAY + day * DAY)
        assert unread.given_up == given_up
    assert (unread.spans, unread.alone) == ((), {})
    assert unread_after(unread, [(7, 8)], [7], TODAY + 6 * DAY).spans == ((8, 8),), "it stays given up"


def test_what_fails_with_its_neighbours_is_never_given_up() -> None:
    unread = Unread()
    for day in range(30):
        unread = unread_after(unread, [(7, 9)], [], TODAY + day * DAY)
    assert (unread.spans, unread.given_up) == (((7, 9),), {})


def test_days_that_a_wrong_clock_noted_do_not_count() -> None:
    unread = Unread()
    for day in (date(2016, 3, 7), date(2036, 3, 3), TODAY):
        unread = unread_after(unread, [(7, 7)], [7], day)
    assert (unread.alone, unread.given_up) == ({7: (TODAY,)}, {})


def test_what_was_read_is_forgotten() -> None:
    unread = unread_after(Unread(), [(7, 9)], [7], TODAY)
    assert unread_after(unread, [(8, 9)], [], TODAY) == Unread(((8, 9),), tries=1)


def test_it_is_asked_for_in_six_rounds_and_then_after_a_pause() -> None:
    unread = unread_after(Unread(), [(7, 7)], [7], TODAY)
    for number in range(1, TRIES):
        assert is_due(unread, 1_000)
        unread = tried(unread, 1_000)
        unread = unread_after(unread, unread.spans, [], TODAY)
        assert unread.tries == number + 1
    assert [is_due(unread, at) for at in (1_000, 999 + PAUSE, 1_000 + PAUSE)] == [False, False, True]
    assert is_due(unread, 500), "the clock was set back"
    assert is_due(unread_after(unread, [], [], TODAY), 1_001)
