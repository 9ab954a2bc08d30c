"""Repair what a wrong clock left behind (docs/reliability.md, promise 16).

    it was ahead  ──> what it noted lies ahead of now and of all mail: corrected in the next round
    it was behind ──> mail of its own time had no date that it could believe: dated and judged again in the next scan

While the clock is behind, nothing is moved.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from assistant.core.contact.mail_merge import merge_key
from assistant.core.mail.envelope_facts import from_facts
from assistant.rounds.delivery import heartbeat
from assistant.rounds.first_use import raise_set_up, set_up_at
from assistant.rounds.scan.judge import chunks_of, judge_meetings, judging_for, settle_messages
from assistant.rounds.scan.reading_start import is_behind, is_unseen
from assistant.store import database, facts, folders, meetings, messages, wrong_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.config import Config
    from assistant.core.mail.envelope import Envelope
    from assistant.rounds.scan.judge import Judging
    from assistant.store.database import Store

log = logging.getLogger("assistant.clock")

# Only what was noted this far ahead of now, and of the newest mail, surely comes from a wrong clock. If it's only days
# ahead, today's clock may be the one that is behind. More than two days ahead it counts as not done in any case.
SURE = timedelta(days=30)
BELIEVED = timedelta(days=1)  # a message dated so far ahead is believed (docs/how-contact-is-inferred.md)
A_WEEK = timedelta(days=7)


def correct_wrong_clock(store: Store, config: Config, now: datetime) -> None:
    """Correct what a clock that was ahead noted, and the failure that one that was behind noted."""
    newest = wrong_clock.newest(store)
    if newest is not None and newest > int((now + SURE).timestamp()) and is_behind(store, now) is False:
        wrong_clock.correct_ahead(store, int(now.timestamp()), config.me.timezone)
        log.warning("the clock was ahead; what it noted was corrected")
    noted = heartbeat.trouble(store)
    # Noted years ago by such a clock, it would tell the owner at once that mail wasn't read for two days.
    if noted is not None and datetime.fromtimestamp(noted.since, UTC) < set_up_at(store, now) - SURE:
        told = asdict(replace(noted, since=int(now.timestamp())))
        facts.set_fact(store, heartbeat.NAME, json.dumps(told, ensure_ascii=False))


def date_again(store: Store, config: Config, since: datetime | None, now: datetime) -> int:
    """Date stored messages again that a wrong clock couldn't date or dated ahead, and return how many.

    They are judged again, with everything that depends on them. What rounds noted while the clock was behind is
    corrected.
    """
    if database.is_unsettled(store):
        return 0
    last, judging = folders.last_scan_at(store), judging_for(store, config, now)
    late = [] if is_behind(store, now) else messages.dated_after(store, int((now + BELIEVED).timestamp()))
    found = [message_id for some in chunks_of(messages.undated(store)) for message_id in _judge(judging, some, since)]
    for some in chunks_of(late):
        _judge(judging, some, since, dated=True)
    if found:
        with store.write():
            if last is not None and last < int(now.timestamp()):
                wrong_clock.correct_behind(store, int(now.timestamp()), last, found)
            raise_set_up(store, now - A_WEEK)
        log.warning("the clock was behind; messages were dated again number=%d", len(found))
    return len(found) + len(late)


def _judge(judging: Judging, keys: Sequence[int], since: datetime | None, *, dated: bool = False) -> list[str]:
    """Judge messages again that have a date now (with `dated`: all of them), and return their Message-IDs."""
    store = judging.store
    envelopes = {one.id: from_facts(one.facts, judging.now) for one in messages.messages_of(store, keys)}
    changed: dict[int, Envelope] = {
        key: replace(one, unseen=is_unseen(one, since)) for key, one in envelopes.items() if one.sent_at or dated
    }
    ids = [one.message_id for one in changed.values()]
    if changed:
        with store.write():
            rows = ((key, one, merge_key(one, judging.owner)) for key, one in changed.items())
            messages.update_messages(store, rows)
            settle_messages(judging, ids, list(changed), (), again=True)
            judge_meetings(judging, meetings.uids_of(store, changed))
    return ids
