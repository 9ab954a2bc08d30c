"""From which date mail is read, and what all verdicts rest on besides the messages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.core.contact.verdict import RULE_VERSION
from assistant.core.mail.date import CLOCK_AHEAD
from assistant.store import facts, folders, messages
from assistant.store.roster import own_addresses

if TYPE_CHECKING:
    from assistant.config import Config
    from assistant.core.mail.envelope import Envelope
    from assistant.store.database import Store

MONTHS = 12


def is_unseen(envelope: Envelope, since: datetime | None) -> bool:
    """Return whether a message is dated before the history that the owner wants to be read."""
    return since is not None and envelope.sent_at is not None and envelope.sent_at < since


def owner_of(store: Store, config: Config) -> frozenset[str]:
    """Return the owner's addresses in normal form: those in the config and those they said are theirs."""
    return own_addresses(store) | frozenset(config.me.addresses)


def rules_of(store: Store, config: Config, since: datetime | None) -> str:
    """Return what all verdicts rest on besides the messages, as text that can be compared."""
    owner = sorted(owner_of(store, config))
    told = [RULE_VERSION, owner, config.me.timezone.key, since.isoformat() if since else None]
    return json.dumps(told)


def rules_changed(store: Store, config: Config, since: datetime | None) -> bool:
    """Return whether stored verdicts rest on other rules, addresses, time zone or history than now."""
    rules = rules_of(store, config, since)
    noted = facts.fact(store, "rules")
    if noted is None:  # the first scan
        facts.set_fact(store, "rules", rules)
    return noted is not None and noted != rules


def since_of(store: Store, config: Config, now: datetime) -> datetime | None:
    """Return the moment (UTC) from which mail is read, None for all. It's fixed at the first scan.

    If the owner configures more months than before, folders are read again from their start. Fewer months change
    nothing that was read.
    """
    months = config.mailbox.since
    noted = json.loads(facts.fact(store, "since") or "null")
    ahead = noted and noted["at"] and noted["at"] > int(_months_before(now + CLOCK_AHEAD, months).timestamp())
    # A moment that was fixed while the clock was ahead left out mail that the owner wanted, so it's fixed again.
    if noted and noted["months"] == months and not (ahead and not is_behind(store, now)):
        return _utc(noted["at"])
    at = None if months <= 0 else int(_months_before(now, months).timestamp())
    if noted:
        old = noted["at"]
        if old is not None and (at is None or at < old):
            folders.read_again(store)
        elif old is None or (at is not None and at > old):
            at = old  # fewer months than before: what was read stays
    facts.set_fact(store, "since", json.dumps({"months": months, "at": at}))
    return _utc(at)


def is_behind(store: Store, now: datetime) -> bool | None:
    """Return whether `now` is behind the mail that was read, so the clock is wrong; None before any was read."""
    newest = messages.newest_sent(store)
    return None if newest is None else newest > int((now + CLOCK_AHEAD).timestamp())


def _utc(epoch: int | None) -> datetime | None:
    return None if epoch is None else datetime.fromtimestamp(epoch, UTC)


def _months_before(now: datetime, months: int) -> datetime:
    """Return midnight UTC of the first day of that month."""
    # A whole month, because "since March 2021" is easier to say than a day.
    count = now.year * MONTHS + now.month - 1 - months
    return datetime(max(count // MONTHS, 1970), count % MONTHS + 1, 1, tzinfo=UTC)
