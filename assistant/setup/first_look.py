"""What set-up shows after the first scan: five people with reasons, the most due, or candidates if there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.core.language.phrases import Phrases
from assistant.rounds.digest.roster_status import local_day, views
from assistant.store import candidates, roster

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.config import Config
    from assistant.rounds.digest.roster_status import View
    from assistant.store.candidates import Candidate
    from assistant.store.database import Store

MOST: Final = 5


def first_look(config: Config, store: Store, now: datetime) -> list[str]:
    """Return up to five people in a line or two each, with the message and the rule behind it."""
    everybody = views(config, store, now)
    if everybody:
        return ["Most due:", *[line for view in everybody[:MOST] for line in _due(view)]]
    found = candidates.candidates(store, roster.load_roster(store), now, MOST, config.me)
    if not found:
        return ["Nobody was written to more than once in the last year, so there is nobody to propose yet."]
    return [
        "Nobody is on your roster yet. People you may want to keep up with:",
        *[line for number, one in enumerate(found, start=1) for line in _candidate(config, number, one)],
    ]


def _due(view: View) -> list[str]:
    stands, last = view.standing, view.last
    phrases = Phrases("en")
    over = f"{stands.overdue_days} days over" if stands.due_on and stands.overdue_days > 0 else "due"
    if stands.due_on is None or stands.overdue_days < 0:
        over = f"due on {phrases.day(stands.due_on)}" if stands.due_on else "no clock runs"
    head = f"  {stands.person.name} ({stands.person.role}): {over}"
    if last is None:
        return [head, "      no contact was seen in the mail that was read"]
    subject = f" “{last.subject}”" if last.subject else ""
    return [head, f"      last in touch on {phrases.day(last.on)}:{subject} ({phrases.reason(last.reason)})"]


def _candidate(config: Config, number: int, one: Candidate) -> list[str]:
    day = Phrases("en").day(local_day(one.last_at, config.me.timezone))
    who = f"{one.name} <{one.address}>" if one.name else one.address
    guess = f", perhaps as {one.guess}" if one.guess else ""
    last = f"and none since {day}" if one.ranking.lapsed else f"the last on {day}"
    return [
        f"  {number}. {who}{guess}",
        f"      because of {one.messages} messages and meetings in a year, {last}: “{one.last_subject}”",
    ]
