"""Turn one batch of headers into rows, in one transaction with the cursor.

Header ─┬─> core.plain ────────────────────────> Plain ────┬─> message, recipient, address
        └─> core.envelope ─> Envelope ─> core.contact ─────┤
text/calendar ─> core.calendar ─> Invitation ──────────────┴─> meeting, occurrence
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant.core.contact.calendar import imip_kind, read_invitations
from assistant.core.contact.fast_path import PlainReader
from assistant.core.contact.mail_merge import merge_key
from assistant.core.contact.mailing_lists import list_addresses
from assistant.core.contact.meetings import addressed, is_owners_word
from assistant.core.contact.verdict import Circumstances, came_back, judge
from assistant.core.mail.envelope import Envelope, parse_envelope
from assistant.core.mail.header import failed_recipients
from assistant.core.mail.message import Locator
from assistant.rounds.ports import Progress
from assistant.rounds.scan import withheld
from assistant.rounds.scan.judge import judge_meetings, settle_messages
from assistant.rounds.scan.reading_start import is_unseen
from assistant.store import database, facts, folders, identities, judged_recipients, meetings, messages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from assistant.core.contact.calendar import Invitation
    from assistant.core.mail.message import Batch, Header
    from assistant.core.mail.withheld import Span
    from assistant.rounds.scan.judge import Judging


MOST_FRESH = 500


@dataclass(slots=True)
class Reading:
    """One folder while it is read. Mail dated before `since` (None: all) is left out. Counts grow with each batch.

    `fresh` holds the (address, name) pairs seen for the first time, up to about `MOST_FRESH`. `waiting` is what is
    known to be unread and not asked for in this round, `trouble` why some of it can't be read. The cursor is kept under
    `name`.
    """

    judging: Judging
    folder: str
    name: str
    since: datetime | None
    report: Callable[[Progress], None]
    waiting: tuple[Span, ...] = ()
    trouble: str = ""
    done: int = 0
    new: int = 0
    newcomers: int = 0
    remarks: Counter[str] = field(default_factory=Counter)
    fresh: set[tuple[str, str]] = field(default_factory=set)
    plain: PlainReader = field(init=False)
    numbers: judged_recipients.Numbers = field(init=False)
    drafts: dict[frozenset[str], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Create what needs the other fields."""
        judging = self.judging
        self.plain = PlainReader(judging.owner, judging.lists, judging.now, self.since)
        self.numbers = judged_recipients.Numbers(judging.store)


@dataclass(slots=True)
class _Rows:
    """What one batch brings, collected so that it can be written at once."""

    messages: list[messages.MessageRow] = field(default_factory=list)
    recipients: list[judged_recipients.Row] = field(default_factory=list)
    lists: set[str] = field(default_factory=set)
    bounces: set[tuple[str, str]] = field(default_factory=set)
    invitations: list[tuple[int, Invitation]] = field(default_factory=list)


def keep(reading: Reading, batch: Batch) -> None:
    """Store one batch with its verdicts and cursor, in one transaction."""
    # Together, so that a scan that is cut off anywhere goes on after the last whole batch.
    store = reading.judging.store
    with store.write():
        again = _read_whole_now(reading, batch)
        headers = _without_known(reading, batch)
        rows = _rows(reading, headers, batch.cursor.uidvalidity, messages.last_key(store) + 1)
        _write(reading, rows)
        folders.set_cursor(store, reading.name, batch.cursor)
        withheld.keep(store, reading.name, batch, reading.waiting, reading.judging.today)
        new = len(headers) - again
        facts.set_fact(store, "messages", str(int(facts.fact(store, "messages") or 0) + new))
    reading.done += len(batch.headers)
    reading.new += new
    reading.report(Progress("messages", reading.done, batch.total))


def _read_whole_now(reading: Reading, batch: Batch) -> int:
    """Forget stored messages whose calendar part arrived only now, so that they're read as new; return how many."""
    store = reading.judging.store
    # A server may give a message and refuse its calendar part, which is then asked for in later rounds.
    uids = [one.locator.uid for one in batch.headers if one.calendar]
    keys = messages.without_meeting(store, reading.folder, batch.cursor.uidvalidity, uids) if uids else []
    for key in keys:
        rows = judged_recipients.rows_of(store, key)
        judged_recipients.replace_rows(store, key, rows, [])
        identities.add_names(
            store, Counter({one: -times for one, times in judged_recipients.named(store, rows).items()})
        )
        messages.forget(store, key)
    return len(keys)


def _without_known(reading: Reading, batch: Batch) -> Sequence[Header]:
    """Return the headers that were never read before. Messages that only have a new UID are given it in the store."""
    store, uidvalidity = reading.judging.store, batch.cursor.uidvalidity
    known = messages.stored_among(store, reading.folder, uidvalidity, [one.locator.uid for one in batch.headers])
    left = [one for one in batch.headers if one.locator.uid not in known] if known else batch.headers
    if not left or not messages.other_numbers(store, reading.folder, uidvalidity):
        return left
    if database.is_reading(store):
        database.finish_bulk(store)  # finding messages by Message-ID needs an index
    pairs = [(one.locator.uid, _envelope(one, reading)) for one in left]
    moved = messages.renumbered(store, reading.folder, uidvalidity, pairs)
    return [one for one in left if one.locator.uid not in moved]


def _rows(reading: Reading, headers: Sequence[Header], uidvalidity: int, first: int) -> _Rows:
    # This runs for every message of a first scan, hence the local names and plain tuples. Only messages that aren't of
    # the common shape need the full parser, which takes many times as long.
    rows = _Rows()
    folder = reading.folder
    read, is_draft = reading.plain.read, reading.drafts
    spellings, judgements = reading.numbers.spellings, reading.numbers.judgements
    for key, (locator, header, arrived, size, flags, calendar, _, _, reaction, _, _) in enumerate(headers, first):
        if flags not in is_draft:
            is_draft[flags] = any(flag.lower() == "\\draft" for flag in flags)
        plain = None if is_draft[flags] or calendar or reaction else read(header, arrived, size)
        if plain is None:
            _add_full(rows, reading, headers[key - first], uidvalidity, key)
            continue
        message_id, at, offset, subject, kept, alike, judged = plain
        short = messages.short_id(message_id)
        rows.messages.append(
            (key, message_id, short, folder, uidvalidity, locator.uid, at, offset, subject, size, kept, alike)
        )
        for judgement, people in judged:
            number = judgements[judgement]
            rows.recipients += [(key, spellings[one], number, at) for one in people]
    return rows


def _add_full(rows: _Rows, reading: Reading, header: Header, uidvalidity: int, key: int) -> None:
    """Read a message that isn't of the common shape with the full parser, and judge it by itself."""
    judging = reading.judging
    envelope = _envelope(header, reading)
    envelope, invitations = _invitations(header, envelope, reading)
    place = Locator(reading.folder, uidvalidity, header.locator.uid)
    rows.messages.append(messages.message_row(key, place, envelope, merge_key(envelope, judging.owner)))
    lists = list_addresses(envelope) - judging.lists
    # Known at once, for this message too. What they change for earlier messages is settled after the batch.
    rows.lists |= lists
    rows.bounces |= came_back(envelope)
    judging.lists.update(lists)
    verdicts = judge(envelope, Circumstances(judging.owner, judging.lists))
    rows.recipients += reading.numbers.rows(key, verdicts)
    rows.invitations += [(key, one) for one in invitations]


def _envelope(header: Header, reading: Reading) -> Envelope:
    envelope = parse_envelope(
        header.header,
        flags=header.flags,
        internaldate=header.internaldate,
        size=header.size,
        now=reading.judging.now,
    )
    if header.reaction or header.reports:
        failed = tuple(address for report in header.reports for address in failed_recipients(report))
        envelope = replace(envelope, reaction=header.reaction, failed=failed)
    return replace(envelope, unseen=True) if is_unseen(envelope, reading.since) else envelope


def _invitations(header: Header, envelope: Envelope, reading: Reading) -> tuple[Envelope, tuple[Invitation, ...]]:
    """Return the invitations in a message, and its envelope, marked if it's about a meeting and not a letter."""
    if not header.calendar and envelope.content_type != "text/calendar":
        return envelope, ()
    judging = reading.judging
    method = envelope.method or header.calendar_method
    invitations = tuple(
        addressed(one, envelope, judging.owner)
        for text in header.calendar
        for one in read_invitations(text, method=method, zone=judging.zone)
    )
    speaks = any(is_owners_word(one, judging.owner) for one in invitations)
    is_body, method = header.calendar_is_body, header.calendar_method
    if imip_kind(envelope, header.calendar, is_body=is_body, method=method, speaks=speaks):
        readable = any(_names_somebody(one, judging.owner) for one in invitations)
        envelope = replace(envelope, imip="meeting" if readable else "unreadable")
    for one in invitations:
        if one.guessed_zone:
            reading.remarks[
                f"The meeting “{one.summary}” is in an unknown time zone; it was read as if it were yours."
            ] += 1
    return envelope, invitations


def _names_somebody(invitation: Invitation, owner: frozenset[str]) -> bool:
    people = (invitation.organiser, *invitation.attendees)
    return invitation.method == "CANCEL" or any(one is not None and one.address not in owner for one in people)


def _write(reading: Reading, rows: _Rows) -> None:
    judging, store = reading.judging, reading.judging.store
    messages.insert_messages(store, rows.messages)
    judged_recipients.insert_rows(store, rows.recipients)
    reading.newcomers += _add_names(reading, judged_recipients.named(store, rows.recipients))
    if rows.lists:
        messages.add_list_addresses(store, rows.lists)
        judge_meetings(judging, meetings.uids_with(store, rows.lists))
    judged_recipients.add_bounces(store, rows.bounces)
    if not database.is_reading(store):  # a first scan settles once at its end
        ids = [row[1] for row in rows.messages]
        settle_messages(
            judging, [*ids, *(one for one, _ in rows.bounces)], [row[0] for row in rows.messages], rows.lists
        )
    _keep_invitations(reading, rows.invitations)


def _add_names(reading: Reading, names: Counter[int]) -> int:
    """Count spellings and return how many addresses are new."""
    store = reading.judging.store
    fresh = identities.new_pairs(store, names)
    if len(reading.fresh) <= MOST_FRESH:
        reading.fresh.update(fresh)
    addresses = {address for address, _ in fresh}
    newcomers = len(addresses - identities.seen_among(store, addresses))
    identities.add_names(store, names)
    return newcomers


def _keep_invitations(reading: Reading, found: Sequence[tuple[int, Invitation]]) -> None:
    if not found:
        return
    judging = reading.judging
    meetings.insert_invitations(judging.store, found)
    judge_meetings(judging, {invitation.uid for _, invitation in found})
    people = [one for _, i in found for one in (i.organiser, *i.attendees) if one and one.address not in judging.owner]
    spellings = reading.numbers.spellings
    _add_names(reading, Counter(spellings[one.address, one.name] for one in people))
