"""Judge stored messages and meetings again when what their verdicts rest on has changed.

    a batch was read    settle_messages > copies, merges, lists, bounces among and around it ┐
    a first scan ended  settle_all      > the same, once for the whole mailbox ──────────────┼─> judged ─> changed rows
    the rules changed   recheck         > every message, by facts derived again ─────────────┘
    invitations came    judge_meetings  > all that was ever said of these UIDs ─> core.contact.meetings ─> occurrences

A message is first judged by itself, while it's read (batch.py). Here it is judged together with the others, so that
the order in which the mailbox was read never matters. Nothing of this needs the network.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from assistant.core.contact import verdict
from assistant.core.contact.mail_merge import FEWEST, WIDEST, Alike, merge_key, merged
from assistant.core.contact.mailing_lists import is_list_mail, list_addresses
from assistant.core.contact.meetings import Seen, addressed, meeting_occurrences
from assistant.core.contact.verdict import RULE_VERSION, Circumstances
from assistant.core.language.days_in_words import counted
from assistant.core.mail.envelope_facts import from_facts
from assistant.rounds.ports import Progress
from assistant.rounds.scan.reading_start import is_unseen, owner_of, rules_of, since_of
from assistant.store import database, facts, identities, judged_recipients, meetings, messages, received
from assistant.store.heard import heard_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from assistant.config import Config
    from assistant.core.contact.verdict import Judged
    from assistant.core.mail.envelope import Envelope
    from assistant.store.database import Store
    from assistant.store.messages import StoredMessage

HORIZON = timedelta(days=400)  # how far ahead recurring meetings are laid out
HORIZON_LEAST = timedelta(days=200)
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Judging:
    """What all verdicts of a scan share; `lists` grows as addresses of mailing lists are found."""

    store: Store
    owner: frozenset[str]
    zone: ZoneInfo
    now: datetime
    lists: set[str] = field(default_factory=set)

    @property
    def today(self) -> date:
        """Return today's date in the owner's zone."""
        return self.now.astimezone(self.zone).date()


def judging_for(store: Store, config: Config, now: datetime) -> Judging:
    """Return what the verdicts of a scan share, as config and store have it now."""
    return Judging(store, owner_of(store, config), config.me.timezone, now, messages.known_list_addresses(store))


def settle_messages(
    judging: Judging, message_ids: Sequence[str], keys: Sequence[int], new_lists: Iterable[str], *, again: bool = False
) -> None:
    """Judge again what changes because of some messages, inside the caller's transaction.

    `keys` are theirs, `message_ids` theirs and those of the letters that they report as bounced. With `again` the
    messages were read before and are judged again themselves.
    """
    store = judging.store
    affected = messages.messages_to(store, new_lists) | (set(keys) if again else set())
    affected |= judged_recipients.bounced_messages(store, message_ids)
    affected.update(copy.id for copies in messages.copies_of(store, message_ids).values() for copy in copies)
    affected |= _merges_among(judging, keys)
    for some in chunks_of(affected):
        _judge_again(judging, messages.messages_of(store, some), _merges_among(judging, some))


def settle_all(judging: Judging, new_lists: Iterable[str], report: Callable[[Progress], None]) -> None:
    """End a first scan: create the late indexes, and judge again what messages change for each other."""
    store = judging.store
    if database.is_reading(store):
        report(Progress("indexes", 0, None))
        database.finish_bulk(store)
    merges = _all_merges(judging)
    for keys in (
        messages.copied(store),
        merges,
        messages.messages_to(store, new_lists),
        judged_recipients.bounced_messages(store),
    ):
        for some in chunks_of(keys):
            # A transaction for each chunk: cut off, it starts over, and what is judged already no longer differs.
            with store.write():
                _judge_again(judging, messages.messages_of(store, some), merges)
    database.note_settled(store)


@dataclass(frozen=True, slots=True)
class RecheckResult:
    """What judging everything again changed; `why` counts changes such as "full reply -> soft group"."""

    messages: int
    changed: int
    why: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return the result as `scan --recheck --json` prints it."""
        return {"messages": self.messages, "changed": self.changed, "why": self.why, "rule_version": RULE_VERSION}

    def sentence(self) -> str:
        """Return the result as text."""
        judged = counted(self.messages, "message")
        lines = [f"{judged} judged again, {counted(self.changed, 'verdict')} changed."]
        return "\n".join([*lines, *(f"  {number:,} × {change}" for change, number in self.why.items())])


def recheck(store: Store, config: Config, now: datetime, report: Callable[[Progress], None]) -> RecheckResult:
    """Judge every stored message again by today's rules, without the network, and return what changed."""
    since = since_of(store, config, now)
    judging = judging_for(store, config, now)
    before = meetings.laid_out(store)
    # For all messages before any is judged: a list's address may be named in a later one only.
    _derive_again(judging, since, report)
    merges = _all_merges(judging)
    changes: Counter[str] = Counter()
    done = 0
    for chunk in _all_messages(store, "messages judged", report):
        with store.write():
            changes.update(_judge_again(judging, chunk, merges))
        done += len(chunk)
    with store.write():
        judge_meetings(judging, meetings.all_uids(store))
        after = meetings.laid_out(store)
        was, now_is = ({row[:3]: f"{row[3]} {row[4]}" for row in rows} for rows in (before - after, after - before))
        changes.update(_changes(was, now_is))
        facts.set_fact(store, "rules", rules_of(store, config, since))
        facts.set_fact(store, "linked", "")  # makes the next `link_addresses` look at everything
    return RecheckResult(done, changes.total(), dict(changes.most_common()))


def _derive_again(judging: Judging, since: datetime | None, report: Callable[[Progress], None]) -> None:
    """Derive again what the verdicts rest on: dates, merge keys, mailing lists and bounces."""
    store = judging.store
    lists: set[str] = set()
    lost: set[tuple[str, str]] = set()
    for chunk in _all_messages(store, "messages read again", report):
        # What was left out as too old is seen again if the owner now wants more history.
        envelopes = {
            key: replace(one, unseen=is_unseen(one, since)) if one.unseen else one
            for key, one in _envelopes(judging, chunk).items()
        }
        for envelope in envelopes.values():
            lists |= list_addresses(envelope)
            lost |= verdict.came_back(envelope)
        with store.write():
            messages.update_messages(store, ((k, e, merge_key(e, judging.owner)) for k, e in envelopes.items()))
    # Reports of received mail are stored with nothing but which letter didn't reach whom.
    for told in received.reports(store):
        lost |= verdict.came_back(from_facts(told, judging.now))
    with store.write():
        messages.set_list_addresses(store, lists)
        judged_recipients.set_bounces(store, lost)
    judging.lists.clear()
    judging.lists.update(lists)


def _judge_again(judging: Judging, found: Sequence[StoredMessage], merges: Container[int]) -> Counter[str]:
    """Judge stored messages, store the rows that differ, and count the changes; `merges` are keys."""
    store, envelopes = judging.store, _envelopes(judging, found)
    copies = _copies(judging, envelopes)
    bounced = judged_recipients.bounced_addresses(store, {one.message_id for one in envelopes.values()})
    judged = {}
    for key, envelope in envelopes.items():
        at = _not_reached(judging, envelope, bounced.get(envelope.message_id, set()))
        around = Circumstances(judging.owner, judging.lists, key in copies, key in merges, at)
        judged[key] = verdict.judge(envelope, around)
    return _replace_changed(store, judged)


def _not_reached(judging: Judging, letter: Envelope, failed: set[str]) -> frozenset[str]:
    """Return the addresses that a letter didn't reach, of those that reports say so of.

    Anybody can write a report, so an answer is believed first: who answers a letter got it.
    """
    if not failed:
        return frozenset()
    people = {named.address for _, named in verdict.recipients(letter, judging.owner)}
    mails = [
        (sender, from_facts(told, judging.now))
        for sender, told in received.naming(judging.store, letter.message_id, people)
    ]
    answered = {
        sender
        for sender, mail in mails
        if letter.message_id in {mail.in_reply_to_id, *mail.references}
        and not (verdict.is_automatic(mail) or is_list_mail(mail) or mail.unseen)
    }
    return frozenset() if people <= answered else frozenset(failed - answered)


def _replace_changed(store: Store, judged: Mapping[int, tuple[Judged, ...]]) -> Counter[str]:
    """Store the rows of those messages whose verdicts differ from what is stored, and count the changes."""
    numbers = judged_recipients.Numbers(store)
    changes: Counter[str] = Counter()
    gone: list[judged_recipients.Row] = []
    come: list[judged_recipients.Row] = []
    stored = judged_recipients.stored_rows(store, judged)
    for key, verdicts in judged.items():
        old, new = stored.get(key, []), [judged_recipients.stored_of(one) for one in verdicts]
        if set(old) != set(new):
            changes.update(_changes(_in_words(old), _in_words(new)))
            before, after = judged_recipients.rows_of(store, key), [numbers.row(key, row) for row in new]
            judged_recipients.replace_rows(store, key, before, after)
            gone += before
            come += after
    names = judged_recipients.named(store, come)
    names.subtract(judged_recipients.named(store, gone))
    if any(names.values()):
        identities.add_names(store, names)
        facts.set_fact(store, "linked", "")  # names were counted differently, which may change any link
    return changes


def _in_words(rows: Iterable[judged_recipients.Stored]) -> dict[str, str]:
    return {address: f"{judgement.verdict.word} {judgement.verdict.reason}" for (address, _), judgement, _ in rows}


def _changes(before: Mapping[Any, str], after: Mapping[Any, str]) -> Counter[str]:
    pairs = ((before.get(one, "not seen"), after.get(one, "not seen")) for one in {**before, **after})
    return Counter(f"{was} -> {now}" for was, now in pairs if was != now)


def _copies(judging: Judging, envelopes: Mapping[int, Envelope]) -> set[int]:
    """Return the keys of messages that only repeat the contact of another copy."""
    found: set[int] = set()
    groups = messages.copies_of(judging.store, (one.message_id for one in envelopes.values()))
    for group in groups.values():
        alike = _envelopes(judging, group)
        found.update(
            key for key, repeats in verdict.duplicate_copies(list(alike.items()), judging.owner).items() if repeats
        )
    return found


def _merges_among(judging: Judging, keys: Iterable[int]) -> set[int]:
    """Return the keys of messages in a mail merge, among these and all that are alike around them."""
    spans = messages.spans_by_merge_key(judging.store, keys)
    groups = messages.alike_messages(judging.store, spans, FEWEST, WIDEST).values()
    return {key for group in groups for key in _merged(judging, group)}


def _all_merges(judging: Judging) -> set[int]:
    """Return the keys of all stored messages in a mail merge."""
    groups = (messages.members_of(judging.store, alike) for alike in messages.crowded(judging.store, FEWEST))
    return {key for group in groups for key in _merged(judging, group)}


def _merged(judging: Judging, group: Iterable[tuple[int, int, int, str]]) -> frozenset[int]:
    alike = []
    for key, at, size, told in group:
        people = verdict.recipients(from_facts(told, judging.now), judging.owner)
        if len(people) == 1:  # a mail merge writes to one person at a time
            alike.append(Alike(key, at, size, people[0][1].address))
    return merged(alike)


def _envelopes(judging: Judging, found: Iterable[StoredMessage]) -> dict[int, Envelope]:
    return {one.id: from_facts(one.facts, judging.now) for one in found}


def _all_messages(store: Store, what: str, report: Callable[[Progress], None]) -> Iterator[Sequence[StoredMessage]]:
    """Yield all stored messages in chunks, and report each chunk once the caller is done with it."""
    total = int(facts.fact(store, "messages") or 0)
    key = done = 0
    while chunk := messages.messages_after(store, key, CHUNK):
        yield chunk
        key, done = chunk[-1].id, done + len(chunk)
        report(Progress(what, done, total))


def chunks_of(keys: Iterable[int]) -> Iterator[list[int]]:
    """Yield keys in chunks, each for one transaction. `keys` are consumed as the chunks are asked for."""
    left = iter(keys)
    while some := list(islice(left, CHUNK)):
        yield some


def judge_meetings(judging: Judging, uids: Iterable[str]) -> None:
    """Judge the meetings with these UIDs again, from every message about them and every calendar that has them."""
    horizon = int((judging.now + HORIZON).timestamp())
    for uid in sorted(set(uids)):
        spoken = [
            (one, from_facts(one.message_facts, judging.now)) for one in meetings.invitations_of(judging.store, uid)
        ]
        seen = [
            Seen(one.message, one.sent_at, addressed(one.invitation, envelope, judging.owner))
            for one, envelope in spoken
            if _takes_part(envelope, judging.owner)
        ]
        heard = heard_of(judging.store, uid)
        seen += [Seen(None, one.at, one.invitation, one.source, one.sender) for one in heard]
        recurs = any(one.invitation.rule for one in seen)
        found = meeting_occurrences(seen, owner=judging.owner, lists=judging.lists, zone=judging.zone, horizon=horizon)
        meetings.replace_occurrences(judging.store, uid, found, horizon if recurs else None)


def _takes_part(envelope: Envelope, owner: frozenset[str]) -> bool:
    """Return whether the calendar part of a message counts: not in drafts, others' mail, automatic or bulk mail."""
    if envelope.unseen or not verdict.is_sent(envelope, owner) or is_list_mail(envelope) or verdict.is_own(envelope):
        return False
    if verdict.is_generated(envelope):
        return False
    return bool(envelope.imip) or not verdict.is_automatic(envelope)


def extend_series(judging: Judging) -> None:
    """Lay out recurring meetings again whose occurrences reach less than 200 days ahead."""
    least = int((judging.now + HORIZON_LEAST).timestamp())
    judge_meetings(judging, meetings.series_short_of(judging.store, least))
