"""Read what is new in Sent (and old archives once), judge it, and link addresses to people.

    mailbox.stream ─> batches ─> message, recipient, address, meeting, cursor         (one transaction a batch)
                         then: settling ─> what messages change for each other
                               linking ──> belongs, question

A scan that is cut off goes on from the last whole batch. Messages are known by their Message-ID: a folder that was
renumbered (another UIDVALIDITY) changes nothing but numbers.
"""

from __future__ import annotations

import gc
import json
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

from assistant.core.locator import Cursor
from assistant.core.unread import count, is_due, tried
from assistant.errors import UserError
from assistant.rounds.batches import Reading, keep
from assistant.rounds.history import rules_changed, since_of
from assistant.rounds.judging import judging_for, lay_out_further
from assistant.rounds.linking import Linked, ask_about_meetings, link
from assistant.rounds.rechecking import RecheckResult, recheck
from assistant.rounds.settling import settle_all
from assistant.store import bulk, contact_rows, left_out, memo, messages, scanned
from assistant.store import rows as rowstore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.message import Batch
    from assistant.core.unread import Span, Unread
    from assistant.rounds.context import Round
    from assistant.rounds.judging import Judging
    from assistant.store.database import Store


SELDOM = 50_000
"""New objects between two collections while mail is read."""


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


@dataclass(frozen=True, slots=True)
class _Done:
    """One folder read: the keys of its new messages lie above `first`, up to `last`."""

    reading: Reading
    first: int
    last: int
    seconds: float


def scan(round_: Round) -> tuple[ScanResult, ...]:
    """Read Sent and each archive not yet read, link addresses to people, and return what each folder brought.

    Raises UserError where the Sent folder suddenly is empty (nothing is lost or changed then), and what the mailbox
    raises; whole batches read before that are kept.
    """
    store, config = round_.store, round_.config
    since = since_of(store, config, round_.now)
    judging = judging_for(store, config, round_.now)
    known_lists = set() if bulk.is_open(store) else set(judging.lists)
    if rules_changed(store, config, since):
        recheck(store, config, round_.now, round_.report)
    if not scanned.was_ever_read(store):
        bulk.begin(store)
    try:
        with _rare_collections():
            done = _read_all(round_, judging, since)
    finally:
        if bulk.is_open(store):
            settle_all(judging, judging.lists - known_lists, round_.report)
    with store.write():
        lay_out_further(judging)
    fresh = {pair for one in done for pair in one.reading.fresh}
    linked = link(store, config.me.timezone, round_.now, fresh)
    ask_about_meetings(store, round_.now, config.me.timezone)
    _note_new(store, sum(one.reading.new for one in done))
    results = [_result(one) for one in done]
    return (replace(results[0], linked=linked.made), *results[1:])


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Have the cycle collector look seldom: rows by the ten thousand hold no cycles, and walking them took a tenth."""
    usual = gc.get_threshold()
    gc.set_threshold(SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _read_all(round_: Round, judging: Judging, since: datetime | None) -> list[_Done]:
    """Read Sent, then each archive that never was."""
    store = round_.store
    done = [_read_folder(round_, judging, round_.folders.sent, since)]
    for path in map(str, round_.config.mailbox.archives):
        if memo.fact(store, f"archive {path}") is None:
            done.append(_read_folder(round_, judging, path, None))
            memo.set_fact(store, f"archive {path}", round_.now.isoformat())
    return done


def _read_folder(round_: Round, judging: Judging, folder: str, since: datetime | None) -> _Done:
    store = judging.store
    began = perf_counter()
    cursor, waiting = _cursor(round_, folder)
    reading = Reading(judging, folder, since, round_.report, waiting)
    start = None if memo.fact(store, f"again {folder}") else cursor
    uidvalidity = cursor.uidvalidity if cursor else 0

    def seen() -> frozenset[int]:
        return scanned.known_uids(store, folder, uidvalidity)

    first = scanned.last_key(store)
    for batch in round_.mailbox.stream(folder, start, seen, since):
        _refuse_sudden_emptiness(reading, cursor, batch)
        keep(reading, batch)
        cursor = batch.cursor
    with store.write():
        scanned.set_cursor(store, folder, cursor or Cursor(0), int(judging.now.timestamp()))
        memo.set_fact(store, f"again {folder}", "")
    unread = left_out.unread(store, folder, cursor.uidvalidity) if cursor else None
    reading.remarks.update(unread_remarks(folder, unread))
    return _Done(reading, first, scanned.last_key(store), perf_counter() - began)


def _cursor(round_: Round, folder: str) -> tuple[Cursor | None, tuple[Span, ...]]:
    """Return how far a folder is read, with what is to be asked for again; and what of the unread waits for later."""
    store = round_.store
    cursor = scanned.cursor_of(store, folder)
    if cursor is None:
        return None, ()
    unread = left_out.unread(store, folder, cursor.uidvalidity)
    if unread is None:
        return replace(cursor, unread=None), ()
    if not is_due(unread, round_.epoch):
        return cursor, unread.spans
    if unread.spans:
        left_out.note(store, folder, cursor.uidvalidity, tried(unread, round_.epoch))
    return replace(cursor, unread=unread.spans), ()


def unread_remarks(folder: str, unread: Unread | None) -> tuple[str, ...]:
    """Return a sentence each for what could not be read yet and for what was given up; empty for neither."""
    said = []
    if unread and unread.spans:
        number = count(unread.spans)
        messages = "message in {} could" if number == 1 else "messages in {} could"
        said.append(f"{number:,} {messages.format(folder)} not be read whole yet; it will be tried again.")
    if unread and unread.given_up:
        number = len(unread.given_up)
        messages = "message in {} was" if number == 1 else "messages in {} were"
        said.append(f"{number:,} {messages.format(folder)} given up: the server failed on each on three days.")
    return tuple(said)


def _result(done: _Done) -> ScanResult:
    reading, store, now = done.reading, done.reading.judging.store, done.reading.judging.now
    tally = rowstore.tally_between(store, done.first, done.last)
    counts = messages.by_verdict(tally + contact_rows.meeting_counts(store, now, done.first))
    return ScanResult(
        folder=reading.folder,
        new=reading.new,
        full=counts["full"],
        soft=counts["soft"],
        none=counts["none"],
        newcomers=reading.newcomers,
        seconds=done.seconds,
        complete_to=now.astimezone(UTC),
        remarks=tuple(reading.remarks),
    )


def _refuse_sudden_emptiness(reading: Reading, cursor: Cursor | None, batch: Batch) -> None:
    if batch.headers or cursor is None or batch.cursor.uidvalidity == cursor.uidvalidity:
        return
    if scanned.has_messages(reading.judging.store, reading.folder):
        message = (
            f"The folder {reading.folder} is suddenly empty, though mail was read from it before. Nothing was changed;"
            " if you emptied it on purpose, the scan goes on by itself as soon as there is mail in it again."
        )
        raise UserError(message)


def _note_new(store: Store, new: int) -> None:
    """Count what came since the last digest was built."""
    noted = json.loads(memo.fact(store, "new since digest") or "{}")
    built = scanned.last_digest_at(store)
    before = noted.get("new", 0) if noted.get("built") == built else 0
    memo.set_fact(store, "new since digest", json.dumps({"new": before + new, "built": built}))


__all__ = ["Linked", "RecheckResult", "ScanResult", "recheck", "scan"]
