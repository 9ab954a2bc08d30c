"""Queries on both sides of the mail with one person, for core/contact/correspondence.py."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from assistant.core.contact.correspondence import Sent, theirs
from assistant.core.contact.verdict import Verdict
from assistant.core.mail.envelope_facts import from_facts, named_in
from assistant.store.facts import fact, set_fact
from assistant.store.judged_recipients import verdict_of
from assistant.store.last_contacts import AHEAD, COUNTS
from assistant.store.messages import placeholders
from assistant.store.received import received_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from assistant.core.contact.correspondence import Theirs
    from assistant.store.database import Store

NEWEST = 25  # messages a side
_ELSEWHERE = "answered elsewhere"


class Letters(NamedTuple):
    """Both sides of the mail with one person, newest first, as far as it's stored.

    `elsewhere` has the ids of the letters that somebody answered whom nobody knows.
    """

    sent: list[Sent]
    received: list[Theirs]
    elsewhere: frozenset[str]


def letters_with(store: Store, addresses: Sequence[str], owner: frozenset[str], now: datetime) -> Letters:
    """Return what the owner sent to these addresses, and what came from them in their own words; empty for none."""
    told = (theirs(from_facts(one.facts, now), owner) for one in received_from(store, addresses, NEWEST))
    found = [one for one in told if one is not None]
    return Letters(_sent_to(store, addresses, now), found, frozenset(json.loads(fact(store, _ELSEWHERE) or "[]")))


def note_answered_elsewhere(store: Store, message_ids: Iterable[str]) -> None:
    """Note which letters somebody answered whom nobody knows, in place of those noted before."""
    set_fact(store, _ELSEWHERE, json.dumps(sorted(message_ids)))


def everybody_in(store: Store, message_ids: Sequence[str], now: datetime) -> frozenset[str]:
    """Return the addresses in these messages of the owner's, the owner's own too, as written and in normal form."""
    rows = store.connection.execute(
        f"SELECT facts FROM message WHERE message_id IN ({placeholders(message_ids)})", [*message_ids]
    )
    envelopes = [from_facts(told, now) for (told,) in rows]
    people = (one for mail in envelopes for one in (*mail.sender, *mail.to, *mail.cc, *mail.bcc))
    return frozenset(spelling for one in people for spelling in (one.raw, one.address))


def was_looked_for(store: Store, addresses: Sequence[str]) -> bool:
    """Return whether received mail of all these addresses was read; False for no addresses."""
    row = store.connection.execute(
        f"SELECT count(DISTINCT address) FROM looked_for WHERE address IN ({placeholders(addresses)})", [*addresses]
    ).fetchone()
    return bool(addresses) and row[0] == len(set(addresses))


def _sent_to(store: Store, addresses: Sequence[str], now: datetime) -> list[Sent]:
    # The facts are long, so they are read only of the newest.
    rows = store.connection.execute(
        "SELECT m.message_id, last.at, m.facts, last.field, last.if_known, last.verdict, last.weight, last.reason"
        " FROM ("
        " SELECT r.message, r.at, j.field, j.if_known, j.verdict, j.weight, j.reason"
        " FROM address a CROSS JOIN judgement j CROSS JOIN recipient_row r ON r.spelling = a.id AND r.judgement = j.id"
        f" WHERE a.address IN ({placeholders(addresses)}) AND r.at <= ?"
        " AND j.reason NOT IN ('draft', 'not-owner', 'duplicate')"
        f" AND r.{COUNTS} ORDER BY r.at DESC LIMIT ?) last JOIN message m ON m.id = last.message",
        [*addresses, int(now.timestamp()) + AHEAD, NEWEST],
    )
    found = []
    for message_id, at, told, field, known, *verdict in rows:
        answered, names = named_in(told)
        counts = verdict_of(known) if known else Verdict(*verdict)
        found.append(Sent(message_id, at, names, counts, field, answered))
    return found
