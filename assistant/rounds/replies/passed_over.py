"""What the owner is told about replies that weren't obeyed: one sentence each, with the reason and what to do.

Such a reply is never answered, since nobody knows who sent it (docs/replies.md). But an owner whose answers vanish
gives up, so the next digest and `assistant doctor` name it.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from assistant.core.language.phrases import Phrases
from assistant.core.mail.envelope_facts import from_facts
from assistant.rounds.digest.roster_status import local_day
from assistant.rounds.replies.answered_message import addresses_of, exposed_to, subjects
from assistant.store import replies
from assistant.store import replies as store_replies

if TYPE_CHECKING:
    from datetime import date

    from assistant.config import Config
    from assistant.core.language.data_files import Language
    from assistant.store.database import Store
    from assistant.store.replies import PassedOver

SHOWN = timedelta(days=7)
MOST = 6  # sentences
MOST_NAMED = 3
# The sentence for each reason. Other reasons have none: mail to oneself, and the same reply a second time.
SENTENCES = {
    "not-owner": "not-owner",
    "from": "header",
    "sender": "header",
    "malformed": "header",
    "repeated-field": "header",
    "resent": "header",
    "to": "others",
    "cc": "others",
    "automatic": "automatic",
    "report": "automatic",
    "from-outside": "outside",
    "no-pass": "unproven",
    "no-signature": "unproven",
    "content-type": "unproven",
    "unknown-token": "unknown",
    "indirect": "indirect",
    "no-answer": "indirect",
    "revoked": "revoked",
    "expired": "old",
    "wrong-ref": "link",
    "too-old": "clock",
    "no-date": "clock",
    "too-large": "large",
}
# The reason for mail to oneself. With a digest's subject it's an answer from a mail program that sets no In-Reply-To.
UNNAMED = "no-token"


def passed_over(store: Store, config: Config, since: datetime, now: datetime, language: Language) -> tuple[str, ...]:
    """Return one sentence per kind of reply that wasn't obeyed after `since`, the newest first, at most six."""
    phrases = Phrases(language)
    told: Counter[tuple[str, str]] = Counter()
    days: dict[tuple[str, str], date] = {}
    ours = subjects(store, int(now.timestamp()))
    for one in replies.passed_since(store, int(since.timestamp())):
        found = _kind(one, addresses_of(store, config), ours, now)
        if found:
            told[found] += 1
            days.setdefault(found, local_day(one.at, config.me.timezone))
    said = []
    for (kind, address), count in list(told.items())[:MOST]:
        sentence = phrases(f"passed.{kind}", day=phrases.short_day(days[kind, address]), address=address)
        said.append(sentence + (phrases("passed.more", count - 1) if count > 1 else ""))
    return tuple(said)


def _kind(one: PassedOver, own: frozenset[str], ours: tuple[str, ...], now: datetime) -> tuple[str, str] | None:
    """Return which sentence a reply gets and the address in it ("" for none), None for no sentence."""
    kind = SENTENCES.get(one.reason)
    envelope = from_facts(one.facts, now) if one.facts else None
    if one.reason == UNNAMED and envelope and any(subject in envelope.subject for subject in ours):
        kind = "no-thread"
    if kind is None or envelope is None:
        return (kind, "") if kind else None
    if kind == "others" and not any(named.address in own for named in envelope.to):
        return None  # written or forwarded to somebody else, so no attempt at an order
    return kind, envelope.sender[0].address if kind == "not-owner" and envelope.sender else ""


def exposed(store: Store, config: Config, now: datetime, language: Language) -> tuple[str, ...]:
    """Return the sentence that says who else got the newest digest; empty if nobody did."""
    phrases = Phrases(language)
    for sent in store_replies.valid_digests(store, int(now.timestamp()))[:1]:
        others = exposed_to(store, config, sent, now)
        if others:
            named = [phrases("passed.hidden") if one == "?" else one for one in others]
            more = [phrases("passed.others-more", len(named) - MOST_NAMED)] if len(named) > MOST_NAMED else []
            day = phrases.short_day(local_day(sent.issued_at, config.me.timezone))
            return (phrases("passed.exposed", day=day, to=phrases.join([*named[:MOST_NAMED], *more])),)
    return ()


def since_digest(built_at: int | None) -> datetime:
    """Return the time from which the next digest reports: when the last one was built, or the beginning."""
    return datetime.fromtimestamp(built_at or 0, UTC)
