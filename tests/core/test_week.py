from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from assistant.core.digest.week import Due, Slot, coming, current, due, missed, monday_of, next_slot, week_name

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_AT_EIGHT = Slot(0, time(8), BERLIN)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        ("2026-03-02T07:59:59", "2026-W09", None),
        ("2026-03-02T08:00:00", "2026-W09", "2026-W10"),
        ("2026-03-08T23:59:59", "2026-W09", "2026-W10"),
        ("2026-03-02T08:00:00", "2026-W10", None),
        ("2026-03-09T07:00:00", "2026-W09", None),
        ("2026-03-02T08:00:00", "2026-W11", None),
        ("2026-12-28T08:00:00", "2026-W52", "2026-W53"),
        ("2027-01-04T08:00:00", "2026-W53", "2027-W01"),
    ],
)
def test_due_between_slot_and_end_of_its_week(now: str, last: str, expected: str | None) -> None:
    found = due(berlin(now), MONDAY_AT_EIGHT, last, LONG_AGO)
    assert (found.week if found else None) == expected


def test_a_week_whose_slot_lies_before_the_set_up_is_not_owed() -> None:
    assert due(berlin("2026-03-02T09:00"), MONDAY_AT_EIGHT, None, berlin("2026-03-02T08:30")) is None
    assert due(berlin("2026-03-02T08:00"), MONDAY_AT_EIGHT, None, berlin("2026-03-02T08:00")) is not None


def test_missed_weeks_are_named_once_and_only_since_the_set_up() -> None:
    found = due(berlin("2026-03-24T10:00"), MONDAY_AT_EIGHT, "2026-W09", LONG_AGO)
    assert found
    assert (found.week, found.missed) == ("2026-W13", ("2026-W10", "2026-W11", "2026-W12"))
    fresh = due(berlin("2026-03-24T10:00"), MONDAY_AT_EIGHT, None, berlin("2026-03-10T00:00"))
    assert fresh
    assert fresh.missed == ("2026-W12",)
    assert len(missed(current(berlin("2026-03-24T10:00"), MONDAY_AT_EIGHT), MONDAY_AT_EIGHT, None, LONG_AGO)) == 52


def test_gap_and_fold_have_one_slot_each() -> None:
    sunday = Slot(6, time(2, 30), BERLIN)
    gap = sunday.of(date(2026, 3, 23))
    assert gap.astimezone(BERLIN).strftime("%H:%M") == "03:30"
    fold = sunday.of(date(2026, 10, 19))
    assert fold == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "last", "comes"),
    [
        ("2026-03-02T07:00", None, "2026-03-02T08:00"),
        ("2026-03-02T07:00", "2026-W10", "2026-03-09T08:00"),
        ("2026-03-04T10:00", "2026-W10", "2026-03-09T08:00"),
        ("2026-03-04T10:00", "2026-W09", "2026-03-04T10:00"),
        ("2026-03-08T23:00", "2026-W10", "2026-03-09T08:00"),
        ("2026-03-04T10:00", "2026-W12", "2026-03-23T08:00"),
    ],
)
def test_the_next_digest_is_that_of_the_first_week_not_done(now: str, last: str | None, comes: str) -> None:
    assert coming(berlin(now), MONDAY_AT_EIGHT, last, LONG_AGO) == berlin(comes)


def test_a_week_that_is_not_owed_is_passed_over() -> None:
    set_up = berlin("2026-03-04T09:00")
    assert coming(berlin("2026-03-04T10:00"), MONDAY_AT_EIGHT, None, set_up) == berlin("2026-03-09T08:00")


def test_names_go_both_ways_and_next_slot_lies_ahead() -> None:
    assert week_name(monday_of("2026-W53")) == "2026-W53"
    with pytest.raises(ValueError, match="2026-1"):
        monday_of("2026")
    now = berlin("2026-03-02T08:00")
    assert next_slot(now, MONDAY_AT_EIGHT) == berlin("2026-03-09T08:00")
    assert next_slot(now - timedelta(seconds=1), MONDAY_AT_EIGHT) == now
    assert current(now, MONDAY_AT_EIGHT) == Due("2026-W10", now.astimezone(UTC))


def different_zones() -> list[str]:
    """Return one name for each zone in tzdata that behaves differently. Many names are the same file."""
    by_content: dict[bytes, str] = {}
    for name in sorted(available_timezones()):
        path = files("tzdata").joinpath("zoneinfo", *name.split("/"))
        if path.is_file():
            by_content.setdefault(path.read_bytes(), name)
    return sorted(by_content.values())


def slot_in_a_gap(zone: ZoneInfo, mondays: list[date]) -> Slot:
    """Return the weekly slot that falls into the first gap of these weeks, or Sunday at 2:30 if there is none."""
    moments = [datetime.combine(monday, time(), UTC) for monday in mondays]
    for low, high in pairwise(moments):
        before, behind = low, high
        if shift(high, zone) <= shift(low, zone):
            continue
        while behind - before > timedelta(seconds=1):
            middle = before + (behind - before) // 2
            before, behind = (middle, behind) if shift(middle, zone) == shift(low, zone) else (before, middle)
        swallowed = behind.astimezone(zone).replace(tzinfo=None) - (shift(high, zone) - shift(low, zone)) / 2
        return Slot(swallowed.weekday(), swallowed.time().replace(second=0, microsecond=0), zone)
    return Slot(6, time(2, 30), zone)


def shift(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def test_every_zone_and_ten_years_of_slots_give_exactly_one_digest_a_week() -> None:
    mondays = [date(2020, 1, 6) + timedelta(weeks=n) for n in range(522)]
    zones = different_zones()
    assert len(zones) > 300
    for name in zones:
        slot = slot_in_a_gap(ZoneInfo(name), mondays)
        instants = [slot.of(monday) for monday in mondays]
        assert all(timedelta(days=5) < b - a < timedelta(days=9) for a, b in pairwise(instants)), name
        for monday, at in zip(mondays, instants, strict=True):
            week = week_name(monday)
            found = due(at, slot, week_name(monday - timedelta(weeks=1)), LONG_AGO)
            assert found, (name, monday)
            assert found.week == week
            assert due(at, slot, week, LONG_AGO) is None
            assert due(at - timedelta(seconds=1), slot, week_name(monday - timedelta(weeks=1)), LONG_AGO) is None
