"""What set-up shows after the first scan: five people with reasons, the most due, or candidates if there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.core.language.phrases import Phrases
from assistant.core.language.translation import Translatable
from assistant.rounds.digest.roster_status import local_day, views
from assistant.store import candidates, roster

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.config import Config
    from assistant.core.people.cadence import Standing
    from assistant.rounds.digest.roster_status import View
    from assistant.store.candidates import Candidate
    from assistant.store.database import Store

MOST: Final = 5


def first_look(config: Config, store: Store, now: datetime) -> list[str]:
    """Return up to five people in a line or two each, with the message and the rule behind it."""
    everybody = views(config, store, now)
    if everybody:
        phrases = Phrases(config.me.language)
        return [Translatable("Most due:"), *[line for view in everybody[:MOST] for line in _due(view, phrases)]]
    found = candidates.candidates(store, roster.load_roster(store), now, MOST, config.me)
    if not found:
        return [
            Translatable("Nobody was written to more than once in the last year, so there is nobody to propose yet.")
        ]
    return [
        Translatable("Nobody is on your roster yet. People you may want to keep up with:"),
        *[line for number, one in enumerate(found, start=1) for line in _candidate(config, number, one)],
    ]


def _due(view: View, phrases: Phrases) -> list[str]:
    stands, last = view.standing, view.last
    role = phrases.role_within(stands.person.role)
    head = Translatable("  {name} ({role}): {over}", name=stands.person.name, role=role, over=_over(stands, phrases))
    if last is None:
        return [head, Translatable("      no contact was seen in the mail that was read")]
    subject = f" “{last.subject}”" if last.subject else ""
    day, reason = phrases.day(last.on), phrases.reason(last.reason, last.source)
    return [
        head,
        Translatable("      last in touch on {day}:{subject} ({reason})", day=day, subject=subject, reason=reason),
    ]


def _over(stands: Standing, phrases: Phrases) -> Translatable:
    if stands.due_on is None:
        return Translatable("no clock runs")
    if stands.overdue_days < 0:
        return Translatable("due on {day}", day=phrases.day(stands.due_on))
    return Translatable("{days} days over", days=stands.overdue_days) if stands.overdue_days else Translatable("due")


def _candidate(config: Config, number: int, one: Candidate) -> list[str]:
    phrases = Phrases(config.me.language)
    day = phrases.day(local_day(one.last_at, config.me.timezone))
    who = f"{one.name} <{one.address}>" if one.name else one.address
    guess = Translatable(", perhaps as {role}", role=phrases.role_within(one.guess)) if one.guess else ""
    return [
        Translatable("  {number}. {who}{guess}", number=number, who=who, guess=guess),
        Translatable(
            "      because of {messages} messages and meetings in a year, {last}: “{subject}”",
            messages=one.messages,
            last=Translatable("and none since {day}" if one.ranking.lapsed else "the last on {day}", day=day),
            subject=one.last_subject,
        ),
    ]
