"""Read what is new in Sent (and old archives once), judge it, and link addresses to people.

    mailbox.stream ─> Header ─> core.envelope ─> Envelope ─┐            ┌─> message, recipient, address, meeting
    text/calendar ──> core.calendar ─> Invitation ─────────┴─> judging ─┴─> cursor          (one transaction a batch)
                                            then: linking ─> belongs, question

A scan that is cut off goes on from the last whole batch. Messages are known by their Message-ID: a folder that was
renumbered (another UIDVALIDITY) changes nothing but numbers.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

from assistant.core.calendar import imip_kind, read_invitations
from assistant.core.envelope import Envelope, parse_envelope
from assistant.core.lists import list_addresses
from assistant.core.locator import Cursor
from assistant.core.merge import merge_key
from assistant.errors import UserError
from assistant.rounds.history import is_unseen, rules_changed, since_of
from assistant.rounds.judging import (
    Judging,
    around,
    judged,
    judging_for,
    lay_out,
    lay_out_further,
    names_in,
    replace_changed,
)
from assistant.rounds.linking import Linked, ask_about_meetings, link
from assistant.rounds.ports import Progress
from assistant.rounds.rechecking import RecheckResult, recheck
from assistant.store import contact_rows, identities, meetings, messages, scanned
from assistant.store import rows as rowstore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.core.calendar import Invitation
    from assistant.core.message import Batch, Header
    from assistant.rounds.context import Round
    from assistant.rounds.ports import Mailbox
    from assistant.store.database import Store

    Report = Callable[[Progress], None]

CHUNK = 2_000
MONTHS = 12


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What reading one folder brought; counts are of recipients, `newcomers` addresses seen for the first time.

    `complete_to` is the moment up to which the folder is read. `remarks` are sentences for the owner.
    """

    folder: str
    new: int
    full: int
    soft: int
    none: dict[str, int]
    newcomers: int
    seconds: float
    complete_to: datetime
    linked: tuple[tuple[str, str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the result as `scan --json` prints it."""
        return {
            "folder": self.folder,
            "new": self.new,
            "full": self.full,
            "soft": self.soft,
            "none": self.none,
            "newcomers": self.newcomers,
            "linked": [
                {"address": address, "person": person, "reason": reason} for address, person, reason in self.linked
            ],
            "remarks": list(self.remarks),
            "seconds": round(self.seconds, 3),
            "complete_to": self.complete_to.isoformat(),
        }

    def sentence(self) -> str:
        """Return the result in a sentence."""
        none = sum(self.none.values())
        found = f"{self.folder}: {self.new:,} new messages; {self.full:,} contacts, {self.soft:,} weaker, {none:,} none"
        lines = [f"{found}; {self.newcomers:,} addresses seen for the first time ({self.seconds:.1f} s)"]
        lines += [f"{address} was linked to {person} ({reason})" for address, person, reason in self.linked]
        return "\n".join([*lines, *self.remarks])


@dataclass(slots=True)
class _Reading:
    """One folder being read; mail dated before `since` (None: all) was not seen."""

    judging: Judging
    folder: str
    since: datetime | None
    report: Report
    first_key: int
    done: int = 0
    new: int = 0
    newcomers: int = 0
    remarks: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Read:
    """One message as it was read."""

    uid: int
    envelope: Envelope
    invitations: tuple[Invitation, ...]


def scan(round_: Round) -> tuple[ScanResult, ...]:
    """Read Sent and each archive not yet read, link addresses to people, and return what each folder brought.

    Raises UserError where the Sent folder suddenly is empty (nothing is lost or changed then), and what the mailbox
    raises; whole batches read before that are kept.
    """
    store, config = round_.store, round_.config
    since = since_of(store, config, round_.now)
    judging = judging_for(store, config, round_.now)
    if rules_changed(store, config, since):
        recheck(store, config, round_.now, round_.report)
    results = [_read_folder(judging, round_.mailbox, round_.folders.sent, since, round_.report)]
    for path in map(str, config.mailbox.archives):
        if scanned.fact(store, f"archive {path}") is None:
            results.append(_read_folder(judging, round_.mailbox, path, None, round_.report))
            scanned.set_fact(store, f"archive {path}", round_.now.isoformat())
    with store.write():
        lay_out_further(judging)
    linked = link(store, config.me.timezone, round_.now)
    ask_about_meetings(store, round_.now, config.me.timezone)
    _note_new(store, sum(result.new for result in results))
    return (replace(results[0], linked=linked.made), *results[1:])


def _read_folder(judging: Judging, mailbox: Mailbox, folder: str, since: datetime | None, report: Report) -> ScanResult:
    store = judging.store
    began = perf_counter()
    reading = _Reading(judging, folder, since, report, scanned.last_key(store))
    cursor = scanned.cursor_of(store, folder)
    start = None if scanned.fact(store, f"again {folder}") else cursor
    uidvalidity = cursor.uidvalidity if cursor else 0

    def seen() -> frozenset[int]:
        return scanned.known_uids(store, folder, uidvalidity)

    for batch in mailbox.stream(folder, start, seen, since):
        _refuse_sudden_emptiness(reading, cursor, batch)
        _keep(reading, batch)
        cursor = batch.cursor
    return _finished(reading, cursor, perf_counter() - began)


def _finished(reading: _Reading, cursor: Cursor | None, seconds: float) -> ScanResult:
    store, now = reading.judging.store, reading.judging.now
    with store.write():
        scanned.set_cursor(store, reading.folder, cursor or Cursor(0), int(now.timestamp()))
        scanned.set_fact(store, f"again {reading.folder}", "")
    first = reading.first_key
    counts = messages.by_verdict(rowstore.tally_after(store, first) + contact_rows.meeting_counts(store, now, first))
    return ScanResult(
        folder=reading.folder,
        new=reading.new,
        full=counts["full"],
        soft=counts["soft"],
        none=counts["none"],
        newcomers=reading.newcomers,
        seconds=seconds,
        complete_to=now.astimezone(UTC),
        remarks=tuple(reading.remarks),
    )


def _refuse_sudden_emptiness(reading: _Reading, cursor: Cursor | None, batch: Batch) -> None:
    if batch.headers or cursor is None or batch.cursor.uidvalidity == cursor.uidvalidity:
        return
    if scanned.has_messages(reading.judging.store, reading.folder):
        message = (
            f"The folder {reading.folder} is suddenly empty, though mail was read from it before. Nothing was changed;"
            " if you emptied it on purpose, the scan goes on by itself as soon as there is mail in it again."
        )
        raise UserError(message)


def _keep(reading: _Reading, batch: Batch) -> None:
    """Store one batch with its verdicts and cursor, in one transaction."""
    judging, store = reading.judging, reading.judging.store
    read = [_read(header, reading) for header in batch.headers]
    with store.write():
        fresh = _without_known(reading, batch.cursor.uidvalidity, read)
        uidvalidity = batch.cursor.uidvalidity
        keys = scanned.insert_messages(
            store,
            [
                scanned.NewMessage(
                    reading.folder, uidvalidity, one.uid, one.envelope, merge_key(one.envelope, judging.owner)
                )
                for one in fresh
            ],
        )
        envelopes = {key: one.envelope for key, one in zip(keys, fresh, strict=True)}
        _judge_fresh(reading, envelopes)
        _keep_invitations(judging, {key: one.invitations for key, one in zip(keys, fresh, strict=True)})
        scanned.set_cursor(store, reading.folder, batch.cursor)
        scanned.set_fact(store, "messages", str(int(scanned.fact(store, "messages") or 0) + len(fresh)))
    reading.done += len(read)
    reading.new += len(fresh)
    reading.report(Progress("messages", reading.done, batch.total))


def _read(header: Header, reading: _Reading) -> _Read:
    judging = reading.judging
    envelope = parse_envelope(
        header.header, flags=header.flags, internaldate=header.internaldate, size=header.size, now=judging.now
    )
    if is_unseen(envelope, reading.since):
        envelope = replace(envelope, unseen=True)
    if not header.calendar and envelope.content_type != "text/calendar":
        return _Read(header.locator.uid, envelope, ())
    method = envelope.method or header.calendar_method
    invitations = tuple(
        one for text in header.calendar for one in read_invitations(text, method=method, zone=judging.zone)
    )
    if imip_kind(envelope, header.calendar, is_body=header.calendar_is_body, method=header.calendar_method):
        readable = any(_names_somebody(one, judging.owner) for one in invitations)
        envelope = replace(envelope, imip="meeting" if readable else "unreadable")
    for one in invitations:
        if one.guessed_zone:
            reading.remarks[
                f"The meeting “{one.summary}” names a time zone that is not known; your own was taken for it."
            ] += 1
    return _Read(header.locator.uid, envelope, invitations)


def _names_somebody(invitation: Invitation, owner: frozenset[str]) -> bool:
    people = (invitation.organiser, *invitation.attendees)
    return invitation.method == "CANCEL" or any(one is not None and one.address not in owner for one in people)


def _without_known(reading: _Reading, uidvalidity: int, read: Sequence[_Read]) -> list[_Read]:
    """Return what was never read before; what only bears a new number is given it."""
    store = reading.judging.store
    known = scanned.stored_among(store, reading.folder, uidvalidity, [one.uid for one in read])
    left = [one for one in read if one.uid not in known]
    moved = scanned.renumbered(store, reading.folder, uidvalidity, [(one.uid, one.envelope) for one in left])
    return [one for one in left if one.uid not in moved]


def _judge_fresh(reading: _Reading, fresh: dict[int, Envelope]) -> None:
    judging, store = reading.judging, reading.judging.store
    new_lists = {one for envelope in fresh.values() for one in list_addresses(envelope)} - judging.lists
    if new_lists:
        judging.lists.update(new_lists)
        scanned.add_list_addresses(store, new_lists)
        lay_out(judging, meetings.uids_with(store, new_lists))
    older = around(judging, fresh, new_lists)
    rows = judged(judging, {**fresh, **older})
    rowstore.insert_rows(store, [rowstore.row_of(key, row) for key in fresh for row in rows[key]])
    replace_changed(judging, {key: rows[key] for key in older})
    names = names_in(row for key in fresh for row in rows[key])
    reading.newcomers += _add_names(store, names)


def _add_names(store: Store, names: Counter[tuple[str, str]]) -> int:
    """Count names, and return how many addresses are new."""
    addresses = {address for address, _ in names}
    known = identities.known_among(store, addresses)
    identities.add_names(store, names)
    return len(addresses - known)


def _keep_invitations(judging: Judging, found: dict[int, tuple[Invitation, ...]]) -> None:
    pairs = [(key, invitation) for key, invitations in found.items() for invitation in invitations]
    if not pairs:
        return
    meetings.insert_invitations(judging.store, pairs)
    lay_out(judging, {invitation.uid for _, invitation in pairs})
    people = [one for _, i in pairs for one in (i.organiser, *i.attendees) if one and one.address not in judging.owner]
    identities.add_names(judging.store, Counter((one.address, one.name) for one in people))


def _note_new(store: Store, new: int) -> None:
    """Count what came since the last digest was built."""
    noted = json.loads(scanned.fact(store, "new since digest") or "{}")
    built = scanned.last_digest_at(store)
    before = noted.get("new", 0) if noted.get("built") == built else 0
    scanned.set_fact(store, "new since digest", json.dumps({"new": before + new, "built": built}))


__all__ = ["Linked", "RecheckResult", "ScanResult", "recheck", "scan"]
