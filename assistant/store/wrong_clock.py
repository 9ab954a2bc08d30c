"""Correct what was noted while the clock was ahead or behind (docs/reliability.md, promise 16).

An instant more than two days ahead was noted by a wrong clock. It becomes `now`, and days that were counted from it
(a snooze, a pause, the day of a meeting) move back as far. So does the log of changes, because replaying it must give
the same roster.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from assistant.core.replies.plan.undo import FOR_EVER
from assistant.store import facts
from assistant.store.replies import LIFETIME
from assistant.store.roster import dumps, put

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from assistant.core.replies.plan.change import Entity
    from assistant.store.database import Store

AHEAD = 2 * 86_400  # seconds; what was noted further ahead than that was noted by a wrong clock
NEWEST = """
SELECT max(at) FROM (
    SELECT max(at) AS at FROM event UNION ALL SELECT max(at) FROM reply UNION ALL SELECT max(at) FROM passed_over
    UNION ALL SELECT max(built_at) FROM digest UNION ALL SELECT max(not_before) FROM outbox
    UNION ALL SELECT max(asked_at) FROM question UNION ALL SELECT max(complete_to) FROM folder
)
"""
STATEMENTS = (
    "UPDATE digest SET built_at = :now WHERE built_at > :limit",
    "UPDATE issued SET issued_at = :now - :lifetime, expires_at = :now + :lifetime WHERE issued_at > :limit",
    (
        # An order that was held is held as long as intended, from now on.
        "UPDATE outbox SET not_before = :now + iif(created_at > :limit, max(0, not_before - created_at), 0)"
        " WHERE not_before > :limit"
    ),
    "UPDATE outbox SET sending_at = NULL WHERE sending_at > :limit",  # without it all mail is searched for the message
    "UPDATE outbox SET looks = 0, first_look = NULL, last_look = NULL WHERE last_look > :limit",
    "UPDATE outbox SET done_at = :now WHERE done_at > :limit",
    "UPDATE outbox SET created_at = :now WHERE created_at > :limit",
    "UPDATE question SET asked_at = NULL WHERE asked_at > :limit",
    "UPDATE reply SET at = :now WHERE at > :limit",
    "DELETE FROM passed_over WHERE at > :limit",  # only for that clock may the reply have been too late
    "UPDATE folder SET complete_to = :now WHERE complete_to > :limit",
)
FACTS = ("restored_at", "caught_up_at")
# The field of each entity that holds a day; "" means the value itself.
DAYS: dict[Entity, str] = {"person": "snoozed_until", "note": "day", "setting": ""}
INSTANTS: dict[Entity, str] = {"belongs": "since", "question": "answered_at"}


def newest(store: Store) -> int | None:
    """Return the latest instant (epoch seconds) that any round or command noted, None if none did."""
    found: int | None = store.connection.execute(NEWEST).fetchone()[0]
    return found


def correct_ahead(store: Store, now: int, zone: tzinfo) -> None:
    """Correct everything noted more than two days ahead of `now` (epoch seconds), in one transaction.

    Messages of ours can then be answered for the usual 21 days from `now`, and an order that is held stays held as
    long as intended. The week of a digest isn't changed: a week ahead counts as not done (core/digest/week.py).
    """
    limit = now + AHEAD
    with store.write() as db:
        _correct_log(store, now, zone)
        for statement in STATEMENTS:
            db.execute(statement, {"now": now, "limit": limit, "lifetime": LIFETIME})
        for name in FACTS:
            if int(facts.fact(store, name) or 0) > limit:
                facts.set_fact(store, name, str(now))


def correct_behind(store: Store, now: int, last: int, message_ids: Iterable[str]) -> None:
    """Correct what a clock that was behind left. It said `last` at the last scan and couldn't date these messages.

    Our messages can be answered for their full time, and replies among `message_ids` that were passed over, because
    they seemed too early, are looked at again.
    """
    with store.write() as db:
        db.execute(
            "UPDATE issued SET expires_at = expires_at + ? WHERE expires_at > ? AND issued_at <= ?",
            [now - last, last, last],
        )
        store.connection.executemany("DELETE FROM passed_over WHERE message_id = ?", ((one,) for one in message_ids))


def _correct_log(store: Store, now: int, zone: tzinfo) -> None:
    """Correct the events that were noted ahead, and the values they lead to."""
    db = store.connection
    wrong = db.execute("SELECT DISTINCT entity, key FROM event WHERE at > ?", [now + AHEAD]).fetchall()
    for entity, key in wrong:
        # The value before an event, as it was noted and as it should have been. Both go along from event to event, so
        # that replaying the corrected log still gives what stands.
        was: Any = None
        should: Any = None
        events = db.execute(
            'SELECT id, at, before, "after" FROM event WHERE entity = ? AND key = ? ORDER BY id', [entity, key]
        ).fetchall()
        for number, at, before, after in events:
            if number == events[0][0]:
                was = should = json.loads(before or "null")
            noted = json.loads(after or "null")
            ahead = _day(at, zone) - _day(now, zone) if at > now + AHEAD else None
            meant = _corrected(entity, noted, was, should, now, ahead)
            db.execute(
                'UPDATE event SET at = ?, before = ?, "after" = ? WHERE id = ?',
                [at if ahead is None else now, _json(should), _json(meant), number],
            )
            was, should = noted, meant
        put(db, entity, key, should)


def _day(moment: int, zone: tzinfo) -> date:
    return datetime.fromtimestamp(moment, zone).date()


def _corrected(entity: Entity, noted: Any, was: Any, should: Any, now: int, ahead: timedelta | None) -> Any:
    """Return the value an event should have left; `ahead` is how far its clock was ahead, None if it was right."""
    if entity not in DAYS | INSTANTS or noted is None:
        return noted
    field = (DAYS | INSTANTS)[entity]
    value, old = _field(noted, field), _field(was, field)
    if value == old:
        # This event left the day alone, so it takes over the day as corrected before it.
        return _with_field(noted, field, _field(should, field))
    if ahead is None or value is None:
        return noted
    return _with_field(noted, field, now if entity in INSTANTS else _moved(value, ahead))


def _field(value: Any, field: str) -> Any:
    return value if not field or value is None else value[field]


def _with_field(value: Any, field: str, new: Any) -> Any:
    return {**value, field: new} if field else new


def _moved(day: Any, ahead: timedelta) -> Any:
    """Return an ISO day moved back by `ahead`. "For ever" and values that aren't days stay as they are."""
    try:
        return day if day == FOR_EVER else (date.fromisoformat(day) - ahead).isoformat()
    except (TypeError, ValueError):
        return day


def _json(value: Any) -> str | None:
    return None if value is None else dumps(value)
