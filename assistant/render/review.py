"""The review in words: a title, and an entry for each thing it says (see `view.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.core.language.calendar_words import MONTHS
from assistant.render.view import Entry, name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.digest.review import Review, RoleLine, SeenDays, Unreached
    from assistant.core.language.phrases import Phrases


def review_title(review: Review, t: Phrases) -> str:
    """Return the heading: "January to March 2026, in people", "2026 in people"."""
    first, last = review.period.first, review.period.last
    if review.period.is_year:
        return t("review.year", year=str(first.year))
    months = MONTHS[t.language]
    return t("review.quarter", first=months[first.month - 1], last=months[last.month - 1], year=str(last.year))


def review_entries(review: Review, t: Phrases) -> tuple[Entry, ...]:
    """Return what there is to say, each under its heading, and last the people never reached, each with their taps."""
    listed = (
        ("review.roles", [_role(line, t) for line in review.roles]),
        ("review.favourites", [_favourite(one, t) for one in review.favourites]),
        ("review.gaps", [t(f"review.{kind}", role=t.role(role)) for role, kind in review.gaps]),
        ("review.moved", [_moved(one.name, one.domain, t) for one in review.moved]),
        ("review.new", [t.join([name(one.name) for one in review.new])] if review.new else []),
        ("review.most", [t("review.days", one.seen, name=name(one.name)) for one in review.most]),
        ("review.back", list(_back(review, t))),
        ("review.unreached", [t("review.ask", len(review.unreached))] if review.unreached else []),
    )
    said = [Entry("", t(key), lines=tuple(lines)) for key, lines in listed if lines]
    return (*said, *(_unreached(one, t) for one in review.unreached))


def _role(line: RoleLine, t: Phrases) -> str:
    role, rest = t.role(line.role, many=True), line.people - line.asked
    if not line.asked:
        return t("review.role-none", role=role)
    said = t("review.role", role=role, seen=str(line.seen), asked=str(line.asked))
    return t("review.role-rest", rest, line=said) if rest else said


def _favourite(one: SeenDays, t: Phrases) -> str:
    return t("review.favourite", one.wanted, name=name(one.name), seen=str(one.seen))


def _moved(who: str, domain: str, t: Phrases) -> str:
    return t("review.domain", name=name(who), domain=name(domain))


def _back(review: Review, t: Phrases) -> Iterator[str]:
    for one in review.back:
        yield t("review.after", name=name(one.name), day=t.bare_day(one.on), silence=t.about(one.days))


def _unreached(one: Unreached, t: Phrases) -> Entry:
    last = t("last", day=t.day(one.last_on)) if one.last_on else t("since.none")
    plan = t.every(one.cadence_days)
    return Entry("", name(one.name), t.role(one.role), (f"{plan[:1].upper()}{plan[1:]}. {last}",), one.taps)
