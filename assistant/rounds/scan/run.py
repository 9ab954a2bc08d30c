"""Read what is new in each folder of sent mail, and each archive once; judge it, and link addresses to people.

    mailbox.stream ─> batches ─> message, recipient, address, meeting, cursor         (one transaction a batch)
                         then: judge ──────> what messages change for each other
                               calendars ──> heard, occurrence
                               link ───────> belongs, question

A scan that is cut off goes on after the last whole batch. Messages are recognized by their Message-ID, so a folder that
the server renumbered (another UIDVALIDITY) changes only numbers.
"""

from __future__ import annotations

import gc
import json
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

from assistant.core.language.days_in_words import counted
from assistant.core.language.translation import Translatable, translated
from assistant.core.mail.message import Cursor
from assistant.errors import LoginRefusedError, MailboxError, UnreachableError, UserError
from assistant.rounds.scan import calendars, withheld
from assistant.rounds.scan.batch import Reading, keep
from assistant.rounds.scan.judge import RecheckResult, extend_series, judging_for, recheck, settle_all
from assistant.rounds.scan.link import Linked, ask_about_meetings, link_addresses
from assistant.rounds.scan.places import Place, batches, note_read, places_to_read
from assistant.rounds.scan.reading_start import rules_changed, since_of
from assistant.rounds.scan.wrong_clock import date_again
from assistant.store import contact_report, database, facts, folders, judged_recipients, messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.mail.message import Batch
    from assistant.errors import AssistantError
    from assistant.rounds.context import Round
    from assistant.rounds.scan.judge import Judging
    from assistant.store.database import Store


_MISSING = Translatable(
    "there is no file and no folder of your mailbox with that name; check archives under [mailbox] in config.toml."
)
_EMPTY = Translatable("no message was found in it.")
_TO_NOBODY = Translatable("its messages name no addresses that mail went to.")
_FROM_NOBODY = Translatable("its messages name no addresses that they came from.")
SELDOM = 50_000  # new objects between two runs of the cycle collector while mail is read


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What reading sent mail or one archive brought. `full`, `soft` and `none` (by reason) count recipients.

    `folders` are those that were read, `newcomers` counts addresses seen for the first time, `complete_to` is the
    moment up to which everything is read. `remarks` are sentences for the owner.
    """

    folders: tuple[str, ...]
    new: int
    full: int
    soft: int
    none: dict[str, int]
    newcomers: int
    seconds: float
    complete_to: datetime
    linked: tuple[tuple[str, str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """Return the first folder that was read."""
        return self.folders[0]

    def as_json(self) -> dict[str, Any]:
        """Return the result as `scan --json` prints it."""
        return {
            "folder": self.folder,
            "folders": list(self.folders),
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
        """Return the result as text: one line, then those of `noteworthy`."""
        none = sum(self.none.values())
        counts = f"{counted(self.full, 'contact')}, {self.soft:,} weaker, {none:,} none"
        found = f"{', '.join(self.folders)}: {counted(self.new, 'new message')}; {counts}"
        addresses = counted(self.newcomers, "address", "addresses")
        line = f"{found}; {addresses} seen for the first time ({self.seconds:.1f} s)"
        return "\n".join([line, *self.noteworthy()])

    def noteworthy(self) -> list[str]:
        """Return what the owner should hear even if nobody asked: new links, and remarks."""
        linked = [f"{address} was linked to {person} ({reason})" for address, person, reason in self.linked]
        return [*linked, *self.remarks]


@dataclass(frozen=True, slots=True)
class _Done:
    """Folders read one after the other. The keys of their new messages are above `first`, up to `last`.

    `readings` has one for each folder that could be read.
    """

    readings: tuple[Reading, ...]
    first: int
    last: int
    seconds: float


def scan_sent_mail(round_: Round) -> tuple[ScanResult, ...]:
    """Read sent mail and each archive not read yet, link addresses to people, and return what each of them brought.

    Raises UserError if a folder of sent mail is suddenly empty (nothing is changed then), and what the mailbox raises.
    Whole batches read before that are kept. If only some of several folders fail, a remark says so.
    """
    store, config = round_.store, round_.config
    since = since_of(store, config, round_.now)
    judging = judging_for(store, config, round_.now)
    # After a scan that was cut off nobody knows which lists were settled, so all of them count as new.
    known_lists = set() if database.is_unsettled(store) else set(judging.lists)
    if rules_changed(store, config, since):
        recheck(store, config, round_.now, round_.report)
    date_again(store, config, since, round_.now)
    if not folders.was_ever_read(store):
        database.begin_bulk(store)  # a first scan writes with few indexes
    try:
        with _rare_collections():
            done = _read_all(round_, judging, since)
    finally:
        if database.is_unsettled(store):
            settle_all(judging, judging.lists - known_lists, round_.report)
    with store.write():
        extend_series(judging)
    calendars.read_calendars(round_)
    fresh = {pair for one in done for reading in one.readings for pair in reading.fresh}
    linked = link_addresses(store, config.me.timezone, round_.now, fresh)
    ask_about_meetings(store, round_.now, config.me.timezone)
    results = [_result(one, round_) for one in done]
    _note_new(store, sum(one.new for one in results))
    trouble = withheld.remarks(store, withheld.places(round_.folders, config.mailbox), "en")
    unread = calendars.trouble_of(store, config, round_.now, "en")
    return (replace(results[0], linked=linked.made, remarks=(*results[0].remarks, *trouble, *unread)), *results[1:])


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Let Python's cycle collector run rarely."""
    # Tens of thousands of rows hold no cycles, and walking them took a tenth of the time.
    usual = gc.get_threshold()
    gc.set_threshold(SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _read_all(round_: Round, judging: Judging, since: datetime | None) -> list[_Done]:
    """Read the folders of sent mail, then each archive that wasn't read yet."""
    store = round_.store
    sent = _read_sent(round_, judging, since)
    paths = map(str, round_.config.mailbox.archives)
    unread_ones = [path for path in paths if not _is_read(store, path)]
    return [sent, *filter(None, (_read_archive(round_, judging, path) for path in unread_ones))]


def _is_read(store: Store, path: str) -> bool:
    """Return whether an archive was read and brought mail."""
    # Both: earlier versions noted an archive as read even if they couldn't tell its messages apart.
    return facts.fact(store, f"archive {path}") is not None and messages.has_messages(store, path)


def _read_archive(round_: Round, judging: Judging, path: str) -> _Done | None:
    """Read an archive; None if it can't be read. That stops nothing else, and it's tried again in every round."""
    store, began = round_.store, perf_counter()
    first = messages.last_key(store)
    if not messages.has_messages(store, path):
        facts.set_fact(store, f"again {path}", "from its start")
    try:
        reading = _read_folder(round_, judging, Place(path, None))
    except (MailboxError, UserError) as error:
        withheld.note_trouble(store, path, translated(error, round_.config.me.language))
        return None
    last = messages.last_key(store)
    if not messages.has_messages(store, path):
        withheld.note_trouble(store, path, translated(_EMPTY, round_.config.me.language))
        return None
    bare: str = ""
    if reading.new and not judged_recipients.tally_between(store, first, last):
        bare = translated(_TO_NOBODY, round_.config.me.language)
    elif reading.new and not messages.name_a_sender(store, first, last):
        bare = translated(_FROM_NOBODY, round_.config.me.language)
    withheld.note_trouble(store, path, reading.trouble or bare)
    facts.set_fact(store, f"archive {path}", round_.now.isoformat())
    return _Done((reading,), first, last, perf_counter() - began)


def _read_sent(round_: Round, judging: Judging, since: datetime | None) -> _Done:
    """Read each folder of sent mail. One that fails stops no other, but if all usual ones fail, raises Sent's error."""
    store, began = round_.store, perf_counter()
    first = messages.last_key(store)
    readings: list[Reading] = []
    failed: dict[str, AssistantError] = {}
    for place in places_to_read(round_, since):
        try:
            reading = _read_folder(round_, judging, place)
        except (UnreachableError, UserError) as error:
            if _ends_the_scan(error, place):
                raise
            failed[place.name] = error
            if isinstance(error, UnreachableError) and not isinstance(error, MailboxError):
                break  # the line is dead, and each further folder would wait for it again
        else:
            note_read(round_, place)
            withheld.note_trouble(store, place.name, reading.trouble)
            # What is only looked into is named if there was something.
            readings += [reading] if place.usual or reading.new else []
        if failed.keys() >= set(round_.folders.all_sent):
            raise failed[round_.folders.sent]
    troubles: dict[str, AssistantError | str] = {**failed, **dict.fromkeys(round_.folders.missing, _MISSING)}
    for name, why in troubles.items():
        withheld.note_trouble(store, name, translated(why, round_.config.me.language))
    return _Done(tuple(readings), first, messages.last_key(store), perf_counter() - began)


def _ends_the_scan(error: AssistantError, place: Place) -> bool:
    """Return whether trouble with one folder is trouble with all."""
    # A server that asks to be left alone means all folders.
    if isinstance(error, LoginRefusedError) or getattr(error, "retry_after", None) is not None:
        return True
    return place.usual and not isinstance(error, MailboxError)


def _read_folder(round_: Round, judging: Judging, place: Place) -> Reading:
    store = judging.store
    cursor, waiting = withheld.cursor_and_waiting(store, place.name, round_.epoch)
    reading = Reading(judging, place.folder, place.name, place.since, round_.report, waiting)
    start = None if facts.fact(store, f"again {place.name}") else cursor
    uidvalidity = cursor.uidvalidity if cursor else 0

    def seen() -> frozenset[int]:
        return messages.known_uids(store, place.folder, uidvalidity)

    for batch in batches(round_, place, judging.owner, start, seen):
        if place.what == "all":
            _refuse_sudden_emptiness(reading, cursor, batch)
        keep(reading, batch)
        cursor, reading.trouble = batch.cursor, batch.trouble or reading.trouble
    with store.write():
        folders.set_cursor(store, place.name, cursor or Cursor(0), int(judging.now.timestamp()))
        facts.set_fact(store, f"again {place.name}", "")
    return reading


def _result(done: _Done, round_: Round) -> ScanResult:
    store, now, readings = round_.store, round_.now, done.readings
    folders = tuple(one.folder for one in readings)
    tally = judged_recipients.tally_between(store, done.first, done.last)
    counts = contact_report.by_verdict(tally + contact_report.meeting_counts(store, now, done.first))
    return ScanResult(
        folders=folders,
        new=sum(one.new for one in readings),
        full=counts["full"],
        soft=counts["soft"],
        none=counts["none"],
        newcomers=sum(one.newcomers for one in readings),
        seconds=done.seconds,
        complete_to=now.astimezone(UTC),
        remarks=tuple(remark for one in readings for remark in one.remarks),
    )


def _refuse_sudden_emptiness(reading: Reading, cursor: Cursor | None, batch: Batch) -> None:
    if batch.headers or cursor is None or batch.cursor.uidvalidity == cursor.uidvalidity:
        return
    # A surprising mass change is refused, like a reply that would empty the roster (docs/reliability.md, "Your data").
    if messages.has_messages(reading.judging.store, reading.folder):
        raise UserError(
            "The folder {folder} is suddenly empty, although mail was read from it before. Nothing was "
            "changed. If you emptied it on purpose, the scan goes on by itself as soon as there is mail in "
            "it again.",
            folder=reading.folder,
        )


def _note_new(store: Store, new: int) -> None:
    """Add to the count of messages that came since the last digest was built."""
    noted = json.loads(facts.fact(store, "new since digest") or "{}")
    built = messages.last_digest_at(store)
    before = noted.get("new", 0) if noted.get("built") == built else 0
    facts.set_fact(store, "new since digest", json.dumps({"new": before + new, "built": built}))


__all__ = ["Linked", "RecheckResult", "ScanResult", "recheck", "scan_sent_mail"]
