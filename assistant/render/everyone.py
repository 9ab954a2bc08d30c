"""Everybody on the roster: names by when, what a week without cards says, and the rows with bars (see `view.py`)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from assistant.core.digest.roster_row import Row
from assistant.core.language.days_in_words import brief_day
from assistant.core.language.first_name import called
from assistant.render.cards import bar
from assistant.render.view import name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.core.digest.model import Digest, RosterRow
    from assistant.core.language.phrases import Phrases

SOON = timedelta(days=4)
"""From Monday to Friday."""
NEXT = timedelta(days=13)
"""The Sunday of next week: who is due by then comes up in the next digest."""
_SAY_THE_DAY = timedelta(days=60)
_MOST_NAMES = 12


def short_names(digest: Digest) -> dict[str, str]:
    """Return what to call everybody the digest names, by whole name, cleaned for showing."""
    names = [*(row.name for row in digest.roster), *(item.name for item in digest.due), *digest.waiting]
    names += [*digest.deferred, *(who for meeting in digest.meetings for who in meeting.people)]
    return {whole: name(short) for whole, short in called(dict.fromkeys(names)).items()}


def is_monthly(digest: Digest) -> bool:
    """Return whether this is the first digest of its month, or the first of all."""
    before = digest.on - timedelta(weeks=1 + len(digest.missed_weeks))
    return digest.first or (before.year, before.month) != (digest.on.year, digest.on.month)


def by_when(digest: Digest, names: dict[str, str], t: Phrases) -> tuple[tuple[str, str], ...]:
    """Return lines of names with their labels: waiting for a card, due by Friday, next week, later, without a day."""
    shown = {item.handle for item in digest.due}
    waiting = {*digest.waiting, *digest.deferred}
    rest = [row for row in digest.roster if row.handle not in shown and row.name not in waiting]
    dated = sorted(((on, row.name) for row in rest if (on := comes_up(row))), key=lambda one: one[0])
    soon, later = digest.on + SOON, digest.on + NEXT
    lines = (
        (t("when.by", day=t.weekday(soon)), [names[who] for on, who in dated if on <= soon]),
        (t("when.next"), [names[who] for on, who in dated if soon < on <= later]),
        (t("when.later"), [f"{names[who]} ({_date(on, digest.on, t)})" for on, who in dated if on > later]),
        (t("when.open"), [names[row.name] for row in rest if not comes_up(row)]),
    )
    listed = tuple((label, _names(people, t)) for label, people in lines if people)
    return (*without_card(digest, names, t), *listed)


def without_card(digest: Digest, names: dict[str, str], t: Phrases) -> tuple[tuple[str, str], ...]:
    """Return the lines of names of those who are due and have no card: no room this week, or shown often before."""
    lines = ((t("when.deferred"), digest.deferred), (t("when.waiting"), digest.waiting))
    return tuple((label, _names((names[who] for who in people), t)) for label, people in lines if people)


def nobody(digest: Digest, names: dict[str, str], t: Phrases) -> tuple[str, ...]:
    """Return who comes next in a week without cards: ("Jonas tomorrow", "Mei Lin and Haruka by Friday")."""
    dated = sorted((on, row.name) for row in digest.roster if (on := comes_up(row)) and on > digest.on)
    tomorrow, soon, later = digest.on + timedelta(days=1), digest.on + SOON, digest.on + NEXT
    spans = (
        ("nobody.tomorrow", date.min, tomorrow),
        ("nobody.by", tomorrow, soon),
        ("nobody.next", soon, later),
    )
    found: list[str] = []
    for key, after, until in spans:
        people = [names[who] for on, who in dated if after < on <= until]
        # One line: who is due next week is of interest only where nobody is this week.
        if people and not (key == "nobody.next" and found):
            found.append(t(key, people=t.join(people[:_MOST_NAMES]), day=t.weekday(soon)))
    if not found and dated:
        on, who = dated[0]
        found.append(t("nobody.later", people=names[who], day=_date(on, digest.on, t)))
    return tuple(found)


def comes_up(row: RosterRow) -> date | None:
    """Return the day from which on somebody may have a card, None without one."""
    if row.snoozed_until and row.due_on:
        return max(row.snoozed_until, row.due_on)
    return row.snoozed_until or row.due_on


def rows(people: Sequence[RosterRow], names: dict[str, str], today: date, t: Phrases) -> tuple[Row, ...]:
    """Return the roster's rows with bars and months, those due first on top."""
    ordered = sorted(people, key=lambda row: (comes_up(row) is None, comes_up(row) or date.max))
    return tuple(_row(row, names[row.name], today, t) for row in ordered)


def _row(row: RosterRow, short: str, today: date, t: Phrases) -> Row:
    on = comes_up(row)
    if on is None:
        words = t("when.open-one")
    else:
        words = t("when.now") if on <= today else _date(on, today, t)
        # Otherwise the bar, which may be over, would contradict the date.
        if on == row.snoozed_until and on > today:
            words = t("when.snoozed", day=words)
    if row.hoped:
        words = t("when.hoped") if on and on <= today else f"{t('when.hoped')}, {words}"
    return Row(
        name=short,
        words=words,
        bar=bar(row.days_since, row.cadence_days),
        months=tuple(min(2, count) for count in row.months),
        months_label=_months_label(row.months, t),
        label=t.label(short),
    )


def _months_label(months: tuple[int, ...], t: Phrases) -> str:
    touched = sum(count > 0 for count in months)
    if not months:
        return ""
    return t("roster.months" if touched else "roster.months-none", touched, of=str(len(months)))


def _names(people: Iterable[str], t: Phrases) -> str:
    found = list(people)
    more = [t("when.more", len(found) - _MOST_NAMES)] if len(found) > _MOST_NAMES else []
    return ", ".join([*found[:_MOST_NAMES], *more])


def _date(on: date, today: date, t: Phrases) -> str:
    """Return a day as far ahead as it needs to be told: "19 Mar", "Jun", "March 2027"."""
    if on.year != today.year:
        return t.month(on)
    if on - today > _SAY_THE_DAY:
        return t.month_name(on)
    return brief_day(on, t.language)
