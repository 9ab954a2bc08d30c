"""Candidates: people who aren't on the roster but worth keeping, best first (docs/roles.md, "Who is offered").

mail to one person alone, by SQL ─> who it goes to ─> the most each could score ─> details of the best ─> ranked
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from assistant.core.contact import candidates as ranking
from assistant.core.contact.candidates import Sent
from assistant.core.contact.mailing_lists import is_list
from assistant.core.language.fold import fold_text
from assistant.core.language.lexicon import calendar_names
from assistant.core.mail.address import company_of
from assistant.core.mail.envelope_facts import thread_in
from assistant.core.people.compare_names import is_shared, same
from assistant.core.people.names import parse_name
from assistant.core.people.strangers import cannot_be_close
from assistant.store.identities import names_of_addresses
from assistant.store.messages import chunks, known_list_addresses, placeholders
from assistant.store.roster import own_addresses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.config import Me
    from assistant.core.contact.candidates import Ranking
    from assistant.core.people.names import Name
    from assistant.core.people.roster import Roster
    from assistant.store.database import Store

YEAR: Final = 365 * ranking.DAY
FEWEST: Final = 2
# How many people are looked at in detail at a time, and in all: the digest of somebody with a thousand acquaintances
# shouldn't wait for the last of them.
SOME, MOST_DETAILS = 32, 192


# Re:, AW:, Fwd[2]: and their like in any language: a few letters and a colon.
_PREFIXES: Final = re.compile(r"\A(?:[^\W\d_]{1,5}(?:\s?[\[(]\d+[\])])?\s?:\s*)+")
_NOISE: Final = re.compile(r"\[[^\[\]]*\]|[\d.,:;?!]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One candidate. `messages` counts the contacts of a year, `last_at` is the last one's instant (epoch seconds).

    `before` is the address they had before this one, "" if there is none. `guess` is a role or None.
    """

    address: str
    name: str
    messages: int
    last_at: int
    last_subject: str
    guess: str | None
    ranking: Ranking
    before: str = ""


class _Known(NamedTuple):
    """Somebody the owner wrote to alone: their addresses, the last one first, their name, and when."""

    addresses: tuple[str, ...]
    name: str
    instants: list[int]


class _Row(NamedTuple):
    sent: Sent
    subject: str


def candidates(store: Store, roster: Roster, now: datetime, most: int, me: Me) -> list[Candidate]:
    """Return up to `most` candidates, best first.

    Left out are mailing lists, desks, relays, machines, shared addresses, the owner's family, everybody who was ever
    on the roster, whom the owner said to ignore, and who was written to alone only once.
    """
    epoch = int(now.timestamp())
    people = _strangers(store, roster, me, epoch)
    # What could be known of them without a look at their mail is the most that they can score.
    bounds = sorted(((_bound(one.instants, epoch), -number) for number, one in enumerate(people)), reverse=True)
    public: frozenset[str] | None = None
    found: list[Candidate] = []
    for start in range(0, min(len(bounds), MOST_DETAILS), SOME):
        if len(found) >= most and bounds[start][0] <= found[most - 1].ranking.score:
            break
        public = _public_topics(store, epoch) if public is None else public
        some = [people[-place] for _, place in bounds[start : start + SOME]]
        for one, rows in zip(some, _details(store, some, me, epoch), strict=True):
            ranked = ranking.rank([row.sent for row in rows], public, epoch)
            if ranked:
                found.append(_candidate(one, rows, ranked, me, epoch))
        found.sort(key=lambda one: (-one.ranking.score, one.address))
    return found[:most]


def _bound(instants: list[int], now: int) -> float:
    latest = [at for at in instants if at > max(instants) - YEAR]
    return ranking.lasting(instants) * ranking.rhythm(latest) * ranking.need(*ranking.gaps(instants, now))


def _window(now: int) -> tuple[int, int]:
    return now - ranking.YEARS * YEAR, now + ranking.DAY


def _strangers(store: Store, roster: Roster, me: Me, now: int) -> list[_Known]:
    """Return everybody who could be a candidate, those with one full name as one person."""
    instants = {address: at for address, at in _alone(store, now).items() if len(at) >= FEWEST}
    ignored = store.db.table("question").rows_where("key GLOB 'candidate *' AND answer IS NOT NULL")
    said = [json.loads(row["payload"]) for row in ignored]
    known = {row["address"] for row in store.db.table("belongs").rows_where("lane != 'no'")}
    known |= {one["address"] for one in said} | own_addresses(store) | set(me.addresses)
    bearers: dict[tuple[str, ...], list[Name]] = {}
    for name in [parse_name(text) for text in [*(one["name"] for one in said), *(p.name for p in roster.people)]]:
        bearers.setdefault(name.key, []).append(name)
    lists = known_list_addresses(store)
    found: dict[object, _Known] = {}
    for address, names in names_of_addresses(store, instants.keys() - known).items():
        written = [name for name in names if name and "@" not in name]
        name = parse_name(written[0] if written else "")
        # Somebody on the roster or ignored may write from an address that isn't linked.
        known_name = name.full and any(same(name, other) for other in bearers.get(name.key, ()))
        if known_name or is_list(address, lists) or is_shared(names) or cannot_be_close(address, written, me.name):
            continue
        # A name of letters from two scripts, or one word alone, makes nobody the same as anybody.
        key = (name.raw or name.key, name.script) if name.full and not name.deceptive else address
        one = _Known((address,), written[0] if written else "", instants[address])
        found[key] = _joined(found[key], one) if key in found else one
    return list(found.values())


def _joined(one: _Known, other: _Known) -> _Known:
    newer, older = sorted((one, other), key=lambda known: max(known.instants), reverse=True)
    return _Known(newer.addresses + older.addresses, newer.name, newer.instants + older.instants)


def _alone(store: Store, now: int) -> dict[str, list[int]]:
    """Return when the owner wrote to each address alone, as contact."""
    # CROSS JOIN keeps the order of the tables: the messages of the window first.
    rows = store.connection.execute(
        "SELECT a.address, m.sent_at FROM message m CROSS JOIN recipient_row r ON r.message = m.id"
        " CROSS JOIN judgement j ON j.id = r.judgement CROSS JOIN address a ON a.id = r.spelling"
        " WHERE m.sent_at BETWEEN ? AND ? AND j.verdict = 'full' AND NOT EXISTS"
        " (SELECT 1 FROM recipient_row o WHERE o.message = r.message AND o.spelling != r.spelling)",
        _window(now),
    )
    found: dict[str, list[int]] = {}
    for address, at in rows:
        found.setdefault(address, []).append(at)
    return found


@lru_cache(maxsize=65_536)
def _topic(subject: str) -> str:
    """Return a subject to compare: what only a number, a date or a tag tells apart is one topic."""
    words = _NOISE.sub(" ", _PREFIXES.sub("", fold_text(subject))).split()
    return " ".join(word for word in words if word not in calendar_names())


def _public_topics(store: Store, now: int) -> frozenset[str]:
    """Return the topics that went to three or more people, at once or one by one.

    One by one "coffee?" may go to many, and is meant for each of them.
    """
    rows = store.connection.execute(
        "SELECT m.subject, min(r.spelling), max(r.spelling), count(DISTINCT r.spelling) FROM message m"
        " CROSS JOIN recipient_row r ON r.message = m.id WHERE m.sent_at BETWEEN ? AND ? GROUP BY m.id",
        _window(now),
    )
    people: dict[str, set[int]] = {}
    found = set()
    for subject, one, other, many in rows:
        topic = _topic(subject)
        people.setdefault(topic, set()).update((one, other))
        if many >= ranking.SEVERAL or (len(people[topic]) >= ranking.SEVERAL and ranking.tone(subject) < 1):
            found.add(topic)
    return frozenset(found) - {""}


def _details(store: Store, some: Sequence[_Known], me: Me, now: int) -> list[list[_Row]]:
    """Return what was sent to each of these people and their meetings, in no order."""
    whose = {address: number for number, one in enumerate(some) for address in one.addresses}
    found: list[list[_Row]] = [[] for _ in some]
    for addresses in chunks(list(whose)):
        for address, row in [*_mail(store, addresses, me, now), *_meetings(store, addresses, now)]:
            found[whose[address]].append(row)
    return found


def _mail(store: Store, addresses: Sequence[str], me: Me, now: int) -> list[tuple[str, _Row]]:
    rows = store.connection.execute(
        "SELECT a.address, r.at, j.verdict, m.subject, m.facts,"
        " (SELECT count(DISTINCT o.spelling) FROM recipient_row o WHERE o.message = r.message)"
        " FROM address a CROSS JOIN recipient_row r ON r.spelling = a.id"
        " CROSS JOIN judgement j ON j.id = r.judgement CROSS JOIN message m ON m.id = r.message"
        f" WHERE a.address IN ({placeholders(addresses)}) AND r.at BETWEEN ? AND ? AND j.verdict != 'none'"
        " AND m.message_id NOT IN (SELECT message_id FROM correction)",
        [*addresses, *_window(now)],
    ).fetchall()
    threads = [thread_in(facts) for *_, facts, _ in rows]
    mine = _stored_among(store, [answered for _, answered in threads if answered])
    found = []
    for (address, at, verdict, subject, _, many), (thread, answered) in zip(rows, threads, strict=True):
        sent = Sent(
            at=at,
            alone=verdict == "full" and many == 1,
            full=verdict == "full",
            thread=thread,
            # To write again to one's own letter says nothing about the other.
            answers=bool(answered) and answered not in mine,
            topic=_topic(subject),
            tone=ranking.tone(subject),
            off_hours=ranking.is_off_hours(datetime.fromtimestamp(at, me.timezone)),
        )
        found.append((address, _Row(sent, subject)))
    return found


def _meetings(store: Store, addresses: Sequence[str], now: int) -> list[tuple[str, _Row]]:
    """Return meetings held, each as a message: one accepted was theirs."""
    rows = store.connection.execute(
        "SELECT address, start, uid, summary, state, (SELECT count(*) FROM occurrence o WHERE o.uid = occurrence.uid"
        " AND o.recurrence = occurrence.recurrence) FROM occurrence WHERE verdict = 'full'"
        f" AND address IN ({placeholders(addresses)}) AND start BETWEEN ? AND ?",
        [*addresses, now - ranking.YEARS * YEAR, now],
    )
    found = []
    for address, start, uid, summary, state, many in rows:
        sent = Sent(
            at=start,
            alone=many == 1,
            full=True,
            thread=uid,
            answers=state == "accepted",
            topic=_topic(summary),
            tone=ranking.tone(summary),
        )
        found.append((address, _Row(sent, summary)))
    return found


def _stored_among(store: Store, message_ids: Sequence[str]) -> set[str]:
    """Return which of these messages the owner sent."""
    found: set[str] = set()
    for some in chunks(message_ids):
        query = f"SELECT message_id FROM message WHERE message_id IN ({placeholders(some)})"
        found.update(one for (one,) in store.connection.execute(query, some))
    return found


def _candidate(one: _Known, rows: list[_Row], ranked: Ranking, me: Me, now: int) -> Candidate:
    year = [row.sent for row in rows if row.sent.full and row.sent.at >= now - YEAR]
    last = max((row for row in rows if row.sent.full), key=lambda row: row.sent.at)
    address = one.addresses[0]
    return Candidate(
        address=address,
        name=one.name,
        messages=len(year),
        last_at=last.sent.at,
        last_subject=last.subject,
        guess=ranking.guess_role(address.rpartition("@")[2], me.company_domains, year),
        ranking=ranked,
        before=next((old for old in one.addresses if company_of(old) != company_of(address)), ""),
    )
