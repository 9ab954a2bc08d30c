"""The review of a quarter or a year, for the first digest after it and for whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.core.digest.review import Followed, last_period, period_due, review
from assistant.core.language.phrases import Phrases
from assistant.core.people.cadence import gaps
from assistant.render.review import review_entries, review_title
from assistant.rounds.digest.roster_status import local_day, views
from assistant.store import contact_report, digests, roster

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assistant.config import Config
    from assistant.core.digest.review import Period, Review
    from assistant.core.language.data_files import Language
    from assistant.rounds.context import Round
    from assistant.rounds.digest.roster_status import View
    from assistant.store.database import Store


def review_due(round_: Round, week: str, everybody: Sequence[View]) -> Review | None:
    """Return the review that the digest of a week brings, None for all but the first digest of a quarter.

    None too while nobody was due yet, since the roster says more then.
    """
    zone = round_.config.me.timezone
    before = digests.built_before(round_.store, week)
    period = period_due(round_.today, local_day(before, zone) if before is not None else None)
    if period is None:
        return None
    found = _review(round_.config, round_.store, round_.now, period, everybody)
    return found if found.has_counts else None


def last_review(config: Config, store: Store, now: datetime, *, year: bool = False) -> Review:
    """Return the review of the last whole quarter, or of the last whole year."""
    period = last_period(now.astimezone(config.me.timezone).date(), year=year)
    return _review(config, store, now, period, views(config, store, now))


def _review(config: Config, store: Store, now: datetime, period: Period, everybody: Sequence[View]) -> Review:
    zone = config.me.timezone
    records = contact_report.records(store, roster.load_roster(store), now, zone)
    standings = sorted((view.standing for view in everybody), key=lambda stands: stands.person.handle)
    people = [Followed(one.person, one.cadence_days, records[one.person.handle]) for one in standings]
    found = gaps(config.roles, standings)
    return review(period, people, config.roles, found, now.astimezone(zone).date())


def review_lines(found: Review, language: Language) -> tuple[str, ...]:
    """Return a review as lines of text, with how to answer for somebody never reached."""
    t = Phrases(language)
    lines = [review_title(found, t), t("review.lead")]
    for entry in review_entries(found, t):
        lines += [entry.title, *(f"  {line}" for line in entry.lines)]
    return (*lines, t("review.answer")) if found.unreached else tuple(lines)
