"""What an owner can ask for in a reply or at the shell: brief, show, status, review and help, each as lines of text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.core.digest.questions import DIGEST_KINDS
from assistant.core.digest.week import latest
from assistant.core.language.first_name import called
from assistant.core.language.phrases import Phrases
from assistant.core.mail.date import CLOCK_AHEAD
from assistant.render.everyone import rows
from assistant.render.headline import week_day
from assistant.rounds import brief as rounds_brief
from assistant.rounds import show as rounds_show
from assistant.rounds import why as rounds_why
from assistant.rounds.delivery import undelivered
from assistant.rounds.digest.review import last_review, review_lines
from assistant.rounds.digest.roster_status import views
from assistant.rounds.digest.sections import roster_rows
from assistant.rounds.replies import newcomers
from assistant.store import digests, folders, roster

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date

    from assistant.config import Config
    from assistant.core.digest.roster_row import Row
    from assistant.core.people.cadence import Occasion
    from assistant.core.people.roster import Person
    from assistant.rounds.context import Round
    from assistant.rounds.replies.newcomers import Drafter
    from assistant.store.database import Store


@dataclass(frozen=True, slots=True)
class StoreLookups:
    """Answers from the store; `open_round` is called only for a brief, `drafter` for first drafts."""

    config: Config
    store: Store
    now: datetime
    open_round: Callable[[], AbstractContextManager[Round]]
    drafter: Drafter

    def brief(self, handle: str) -> tuple[str, ...]:
        """Return the prep brief of one person."""
        with self.open_round() as round_:
            return rounds_brief.build_brief(round_, handle).lines()

    def newcomers(self, people: Sequence[Person], occasions: Mapping[str, Occasion]) -> dict[str, tuple[str, ...]]:
        """Return lines by handle for people about to be added: when they are due, and a first draft if that's soon."""
        return newcomers.first_words(self.config, self.store, self.now, people, self.drafter, occasions)

    def show(self, handle: str) -> tuple[str, ...]:
        """Return everything about one person, with reasons."""
        return tuple(rounds_show.show_person(self.config, self.store, self.now, handle).lines())

    def why(self, handle: str) -> tuple[str, ...]:
        """Return what somebody's last card was made from, and the contact it counts from."""
        return rounds_why.why(self.config, self.store, self.now, handle)

    def status(self) -> tuple[str, ...]:
        """Return how things stand: who is due, open questions, last scan, last digest, pause."""
        everybody = views(self.config, self.store, self.now)
        due = [view.standing.person.name for view in everybody if view.standing.is_due]
        settings = roster.settings(self.store)
        scanned = folders.last_scan_at(self.store, int((self.now + CLOCK_AHEAD).timestamp()))
        # Codes and similar questions are settled by answering a transcript, so they aren't listed here.
        waiting = [one for one in digests.open_questions(self.store) if one.key.partition(" ")[0] in DIGEST_KINDS]
        zone, t = self.config.me.timezone, Phrases(self.config.digest.language)
        names = t("status.names", names=", ".join(due[:12])) if due else "."
        lines = [
            t("status.roster", len(everybody), due=str(len(due))) + names,
            t("status.questions", len(waiting)),
            self._last_digest(t),
        ]
        if scanned is not None:
            at = datetime.fromtimestamp(scanned, UTC).astimezone(zone)
            lines.append(t("status.read", day=t.bare_day(at.date()), year=str(at.year), time=f"{at:%H:%M}"))
        if settings.get("stopped"):
            lines.append(t("status.stopped"))
        elif settings.get("paused_until"):
            lines.append(t("status.paused", day=str(settings["paused_until"])))
        return tuple(lines)

    def everyone(self) -> tuple[Row, ...]:
        """Return a row on each person: when they come up, a bar, and the months in which they were in touch."""
        t, people = Phrases(self.config.digest.language), roster.load_roster(self.store)
        everybody = views(self.config, self.store, self.now)
        names = called(person.name for person in people.active())
        return rows(roster_rows(self.config, self.store, self.now, people, everybody), names, self._today, t)

    @property
    def _today(self) -> date:
        return self.now.astimezone(self.config.me.timezone).date()

    def _last_digest(self, t: Phrases) -> str:
        week = digests.last_week(self.store, latest(self.now, self.config.me.timezone))
        entry = undelivered.of_week(self.store, week) if week else None
        said = week_day(week, t) if week else t("status.digest-none")
        if week and entry and entry.state != "sent":
            return t("status.digest-late", week=said, why=undelivered.reason(entry))
        return t("status.digest", week=said)

    def review(self) -> tuple[str, ...]:
        """Return the review of the last whole quarter."""
        return review_lines(last_review(self.config, self.store, self.now), self.config.digest.language)

    def help(self) -> tuple[str, ...]:
        """Return how to answer."""
        return Phrases(self.config.digest.language).lines("help")
