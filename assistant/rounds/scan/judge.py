"""Judge stored messages: gather what each verdict must know of other messages, then keep the rows.

messages ─> copies and merges around them ─> core.contact.judge ─> rows
UIDs of meetings ─> every invitation seen ─> core.meetings.resolve ─> occurrences
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from assistant.core.contact.lists import is_list_mail
from assistant.core.contact.mail_merge import FEWEST, WIDEST, Alike, merged
from assistant.core.contact.meetings import Seen, addressed, resolve
from assistant.core.contact.verdict import (
    Circumstances,
    Judged,
    counted,
    is_automatic,
    is_generated,
    is_own,
    is_sent,
    judge,
    recipients,
)
from assistant.core.mail.envelope import from_facts
from assistant.rounds.scan.rules import owner_of
from assistant.store import facts as store_facts
from assistant.store import identities, meetings
from assistant.store import messages as store_messages
from assistant.store import recipients as rowstore
from assistant.store import recipients as store_recipients

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from assistant.config import Config
    from assistant.core.mail.envelope import Envelope
    from assistant.store.database import Store

HORIZON = timedelta(days=400)
"""How far ahead recurring meetings are laid out."""
HORIZON_LEAST = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Judging:
    """What all verdicts of one scan share; `lists` grows while new lists' addresses are seen."""

    store: Store
    owner: frozenset[str]
    zone: ZoneInfo
    now: datetime
    lists: set[str] = field(default_factory=set)

    @property
    def today(self) -> date:
        """Return the day in the owner's zone."""
        return self.now.astimezone(self.zone).date()

    @property
    def horizon(self) -> int:
        """Return the instant up to which recurring meetings are laid out."""
        return int((self.now + HORIZON).timestamp())


def judged(
    judging: Judging, messages: Mapping[int, Envelope], merges: Container[int] | None = None
) -> dict[int, tuple[Judged, ...]]:
    """Return the rows of stored messages, by key; `merges` when it is known which are of a merge."""
    copies = _copies(judging, messages)
    came_back = store_recipients.addresses_of(judging.store, {one.message_id for one in messages.values()})
    if merges is None:
        merges = merges_among(judging, messages)
    found: dict[int, tuple[Judged, ...]] = {}
    for key, envelope in messages.items():
        bounced = frozenset(came_back.get(envelope.message_id, ()))
        circumstances = Circumstances(judging.owner, judging.lists, key in copies, key in merges, bounced)
        found[key] = judge(envelope, circumstances)
    return found


def _copies(judging: Judging, messages: Mapping[int, Envelope]) -> set[int]:
    found: set[int] = set()
    groups = store_messages.copies_of(judging.store, (one.message_id for one in messages.values()))
    for group in groups.values():
        envelopes = [(one.id, messages.get(one.id) or from_facts(one.facts, judging.now)) for one in group]
        found.update(key for key, duplicate in counted(envelopes, judging.owner).items() if duplicate)
    return found


def merges_among(judging: Judging, keys: Iterable[int]) -> set[int]:
    """Return the keys of messages of a merge, of those under these keys and all that are alike around them."""
    found: set[int] = set()
    spans = store_messages.spans_of(judging.store, keys)
    for members in store_messages.alike_messages(judging.store, spans, FEWEST, WIDEST).values():
        alike = []
        for key, at, size, facts in members:
            people = recipients(from_facts(facts, judging.now), judging.owner)
            if len(people) == 1:
                alike.append(Alike(key, at, size, people[0][1].address))
        found.update(merged(alike))
    return found


def lay_out(judging: Judging, uids: Iterable[str]) -> None:
    """Judge the meetings of these UIDs anew from every message that spoke of them."""
    for uid in sorted(set(uids)):
        spoken = [
            (one, from_facts(one.message_facts, judging.now)) for one in meetings.invitations_of(judging.store, uid)
        ]
        seen = [
            Seen(one.message, one.sent_at, addressed(one.invitation, envelope, judging.owner))
            for one, envelope in spoken
            if takes_part(envelope, judging.owner)
        ]
        recurs = any(one.invitation.rule for one in seen)
        found = resolve(seen, owner=judging.owner, lists=judging.lists, zone=judging.zone, horizon=judging.horizon)
        meetings.lay_out(judging.store, uid, found, judging.horizon if recurs else None)


def takes_part(envelope: Envelope, owner: frozenset[str]) -> bool:
    """Return whether a message's calendar part counts: not on drafts, strangers', automatic or bulk mail."""
    if envelope.unseen or not is_sent(envelope, owner) or is_list_mail(envelope) or is_own(envelope):
        return False
    if is_generated(envelope):
        return False
    return bool(envelope.imip) or not is_automatic(envelope)


def lay_out_further(judging: Judging) -> None:
    """Lay out recurring meetings again whose occurrences end too soon."""
    least = int((judging.now + HORIZON_LEAST).timestamp())
    lay_out(judging, meetings.series_short_of(judging.store, least))


def judging_for(store: Store, config: Config, now: datetime) -> Judging:
    """Return what the verdicts of a scan share, as the configuration and the store have it now."""
    return Judging(store, owner_of(store, config), config.me.timezone, now, store_messages.list_addresses(store))


def replace_changed(judging: Judging, rows: dict[int, Any]) -> Counter[str]:
    """Keep the rows of older messages where they differ from what is stored; count what became of what."""
    store = judging.store
    numbers = rowstore.Numbers(store)
    changes: Counter[str] = Counter()
    gone: list[rowstore.Row] = []
    come: list[rowstore.Row] = []
    stored = rowstore.stored_rows(store, rows)
    for key, judged_rows in rows.items():
        old = stored.get(key, [])
        new = [rowstore.stored_of(row) for row in judged_rows]
        if set(old) != set(new):
            changes.update(_changes(old, new))
            before, after = rowstore.rows_of(store, key), [numbers.row(key, row) for row in new]
            rowstore.replace_rows(store, key, before, after)
            gone += before
            come += after
    names = rowstore.named(store, come)
    names.subtract(rowstore.named(store, gone))
    if any(names.values()):
        identities.add_names(judging.store, names)
        store_facts.set_fact(judging.store, "linked", "")  # whose name is whose is to be looked at as a whole
    return changes


def _changes(old: Sequence[rowstore.Stored], new: Sequence[rowstore.Stored]) -> list[str]:
    before, after = (
        {spelling[0]: f"{judgement.verdict.word} {judgement.verdict.reason}" for spelling, judgement, _ in rows}
        for rows in (old, new)
    )
    pairs = ((before.get(one, "not seen"), after.get(one, "not seen")) for one in {**before, **after})
    return [f"{was} -> {now}" for was, now in pairs if was != now]
