"""Everything new in one folder as batches of headers, at the server's pace.

    UIDs to read -> sets of up to 5,000 -> FETCH -> Headers -> calendar texts -> next FETCH -> Batch
                                   ^           |
                                   +-- halved <-- NO, BAD, a line that breaks

The next set is asked for before a batch is handed out, so that the server works while the batch is judged and stored;
not earlier, for Dovecot holds back the OK of every FETCH until it has answered all that it was asked: who asks for four
sets gets four sets at once, and then both sides wait for each other by turns.

A set that fails is halved until the one message that breaks it stands alone; that one is asked for once more without
its structure, then left out, and said so in the log by its UID. A FETCH of calendars that is refused is halved
likewise, and the one calendar that cannot be had stays unread.
"""

from __future__ import annotations

import imaplib
import logging
from collections import deque
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from assistant.core.locator import Cursor
from assistant.core.message import Batch, Header
from assistant.errors import AssistantError, MailboxError
from assistant.mailbox.failures import refusal, throttled
from assistant.mailbox.fetch import ITEMS, ITEMS_BARE, RANGE_OCTETS, FetchReader
from assistant.mailbox.structure import Part, calendar_is_body, is_blank, is_reaction, report_parts, text_parts
from assistant.mailbox.text import to_text, undo_encoding
from assistant.mailbox.uid_sets import FIRST, UidSet, ranges, sets_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from assistant.mailbox.session import Selected, Session

log = logging.getLogger(__name__)

BATCH = 5_000
WINDOW = 100_000
MOST_BREAKS = 32
MOST_CALENDARS = 4
MAYBE_BLANK = 2048
"""Octets up to which a text beside an attached calendar may be blank; it is read to see."""


class _SetFailedError(Exception):
    """The server could not give a set."""


def _nobody(uid: int) -> None:
    """Hear of a UID, and leave it at that."""


class HeaderStream:
    """Reads one opened folder from UID `start` on; `since` leaves out what arrived before."""

    def __init__(
        self,
        session: Session,
        selected: Selected,
        start: int,
        since: datetime | None,
        batch: int = BATCH,
        given_up: Callable[[int], None] = _nobody,
    ) -> None:
        """Ask nothing yet; `batch` is the most messages asked for at once, `given_up` is told the UIDs left out."""
        self.batch = batch
        self.selected = selected
        self.start = start
        self._given_up = given_up
        self._session = session
        self._since = since
        self._found = 0
        self._breaks = 0
        self._reader: FetchReader | None = None
        self._waiting: deque[UidSet] = deque()
        self._asked: tuple[bytes, UidSet] | None = None

    def over(self, selected: Selected, start: int, batch: int, given_up: Callable[[int], None]) -> HeaderStream:
        """Return the same over another stretch of the folder, which ends before the UIDNEXT of `selected`."""
        return HeaderStream(self._session, selected, start, self._since, batch, given_up)

    def batches(self) -> Iterator[Batch]:
        """Yield the batches, oldest first; the last one carries the folder's HIGHESTMODSEQ in its cursor."""
        total = self.selected.exists if self.start == 1 and self._since is None else None
        top = self.selected.uidnext - 1
        read = self.start - 1
        try:
            for sets in self._plan(self.start, top):
                self._waiting.extend(sets)
                if self._since is not None and top < self.start + WINDOW:
                    total = self._found  # one SEARCH told how many there are
                while self._waiting or self._asked is not None:
                    found = self._next()
                    if found is not None:
                        read = found[0].high
                        self._ask_early()
                        self._session.owed = self._asked is not None
                        yield Batch(found[1], self._cursor(read, top), total)
            if read < top:  # what a SEARCH left out counts as read too
                yield Batch((), self._cursor(top, top), total)
        finally:
            self._leave()

    def _cursor(self, read: int, top: int) -> Cursor:
        return Cursor(self.selected.uidvalidity, read, self.selected.modseq if read >= top else None)

    def _leave(self) -> None:
        """Answers nobody will read spoil the line for what comes after; a line made since then is not ours to drop."""
        if self._asked is not None and self._session.selected is self.selected:
            self._session.drop()

    def _plan(self, start: int, top: int) -> Iterator[list[UidSet]]:
        """Yield the sets to ask for: plain ranges where UIDs lie dense, else what a SEARCH names, window by window."""
        span = top - start + 1
        size = self.batch
        dense = self._since is None and (span <= size or self.selected.exists * 2 >= span)
        if dense:
            yield list(ranges(start, top, size))
            return
        for low in range(start, top + 1, WINDOW):
            yield self._searched(low, min(low + WINDOW - 1, top))

    def _searched(self, low: int, high: int) -> list[UidSet]:
        self._resume()
        session = self._session
        criteria = b"UID %d:%d" % (low, high)
        if self._since is not None:
            criteria += b" SINCE " + _day(self._since)
        with session.guarded():
            line = session.line
            line.taken("SEARCH")
            status, words = line.answer(line.ask(b"UID SEARCH " + criteria))
            if status != "OK":
                raise refusal(session.host, words.decode("ascii", "replace"))
            uids = sorted({int(word) for data in line.taken("SEARCH") for word in data.split() if word.isdigit()})
        uids = [uid for uid in uids if low <= uid <= high]
        self._found += len(uids)
        return sets_of(uids, low, high, self.batch, FIRST)

    def _next(self) -> tuple[UidSet, tuple[Header, ...]] | None:
        """Read the next set; None where it failed and was put back in halves, or was given up."""
        self._resume()
        with self._session.guarded():
            try:
                return self._read(*self._ask())
            except _SetFailedError:
                return self._split(self._take_back())
            except TimeoutError:
                if self._asked is None or self._asked[1].count > 1:
                    raise  # to go on in halves would take half a minute each
            except (imaplib.IMAP4.abort, OSError):
                self._breaks += 1
                if self._breaks > MOST_BREAKS:
                    raise
        return self._again()

    def _resume(self) -> None:
        """Take the line back; where it served somebody else in between, what was asked for is asked again."""
        if self._session.selected is not self.selected:
            asked = self._take_back()
            if asked is not None:
                self._waiting.appendleft(asked)
            self._reopen()
        self._session.touch()

    def _take_back(self) -> UidSet | None:
        """Return what was asked for, and expect it no more; what came of it is forgotten."""
        asked, self._asked, self._reader = self._asked, None, None
        return asked[1] if asked is not None else None

    def _ask(self) -> tuple[bytes, UidSet]:
        """Ask for the next set, unless one is on its way already; return its tag and the set."""
        line = self._session.line
        if self._asked is None:
            self._reader = FetchReader(line, self.selected.folder, self.selected.uidvalidity)
            first = self._waiting[0]
            items = ITEMS_BARE if first.bare else ITEMS
            self._asked = (line.ask(b"UID FETCH " + first.text + b" " + items), first)
            self._waiting.popleft()
        return self._asked

    def _ask_early(self) -> None:
        """Ask for the next set while the last is still to be judged, which is not lost where that cannot be."""
        try:
            if self._waiting:
                self._ask()
        except (imaplib.IMAP4.abort, OSError, AssistantError):
            self._session.drop()  # what hinders it comes up again when that set is to be read

    def _read(self, tag: bytes, wanted: UidSet) -> tuple[UidSet, tuple[Header, ...]]:
        if not self._until([tag]):
            raise _SetFailedError
        headers = self._with_parts(self._take(wanted))
        for uid in sorted(set(self._current.harvest.broken) - {header.locator.uid for header in headers}):
            if wanted.low <= uid <= wanted.high:
                self._leave_out(uid)
        self._take_back()
        return wanted, headers

    def _until(self, tags: Sequence[bytes]) -> bool:
        """Read up to the answer to the first of these tags; return whether it is OK."""
        self._session.line.allow(octets=RANGE_OCTETS)
        status, words = self._current.until(tags[0], tags)
        self._session.touch()
        said = words.decode("utf-8", "replace")
        if status != "OK" and throttled(said):
            raise refusal(self._session.host, said)  # asking again in halves would be asking more
        return status == "OK"

    @property
    def _current(self) -> FetchReader:
        if self._reader is None:
            message = "nothing was asked for"
            raise MailboxError(message)
        return self._reader

    def _take(self, wanted: UidSet) -> list[Header]:
        """Take this set's headers out of the harvest, in the order of their UIDs, each once."""
        low, high, found = wanted.low, wanted.high, self._current.harvest.headers
        mine = {header.locator.uid: header for header in found if low <= header.locator.uid <= high}
        return [mine[uid] for uid in sorted(mine) if self._recent(mine[uid])]

    def _recent(self, header: Header) -> bool:
        return self._since is None or header.internaldate is None or header.internaldate >= self._since

    def _with_parts(self, headers: list[Header]) -> tuple[Header, ...]:
        """Read the text of the calendar parts and delivery reports that the structures told of."""
        structures = self._current.harvest.structures
        told = {h.locator.uid: structures[h.locator.uid] for h in headers if h.locator.uid in structures}
        read = {uid: _to_be_read(structure) for uid, structure in told.items()}
        texts = self._part_texts({uid: parts for uid, parts in read.items() if parts})
        return tuple(_with_told(h, told.get(h.locator.uid), texts.get(h.locator.uid, {})) for h in headers)

    def _part_texts(self, wanted: dict[int, list[Part]]) -> dict[int, dict[Part, str]]:
        by_request: dict[str, list[int]] = {}
        for uid, parts in wanted.items():
            by_request.setdefault(" ".join(part.request for part in parts), []).append(uid)
        self._fetch_parts(
            [
                (request.encode("ascii"), some)
                for request, uids in by_request.items()
                for some in sets_of(uids, uids[0], uids[-1], self.batch)
            ]
        )
        found = {uid: self._current.harvest.parts.get(uid, {}) for uid in wanted}
        return {
            uid: {
                p: to_text(undo_encoding(found[uid][p.section], p.encoding), p.charset)
                for p in parts
                if p.section in found[uid]
            }
            for uid, parts in wanted.items()
            if found[uid]
        }

    def _fetch_parts(self, wanted: list[tuple[bytes, UidSet]]) -> None:
        """Read parts of messages into the harvest; what is refused is asked for in halves."""
        line = self._session.line
        while wanted:
            tags = [line.ask(b"UID FETCH %s (UID %s)" % (some.text, request)) for request, some in wanted]
            done = [self._until(tags[at:]) for at in range(len(tags))]
            refused = [one for one, is_done in zip(wanted, done, strict=True) if not is_done and one[1].count > 1]
            wanted = [(request, half) for request, some in refused for half in some.halves()]

    def _split(self, failed: UidSet | None) -> tuple[UidSet, tuple[Header, ...]] | None:
        """Halve a set that failed; a single message is tried bare, then given up (an empty result moves on)."""
        if failed is None:
            return None
        if failed.count > 1:
            self._waiting.extendleft(reversed(failed.halves()))
        elif not failed.bare:
            self._waiting.appendleft(replace(failed, bare=True))
        else:
            self._leave_out(failed.uids[0][0])
            return failed, ()
        return None

    def _leave_out(self, uid: int) -> None:
        log.warning("message %d of a folder could not be read and is left out", uid)
        self._given_up(uid)

    def _again(self) -> tuple[UidSet, tuple[Header, ...]] | None:
        """Connect anew after the line broke; what broke it is halved. Raises where that cannot be had.

        A single message is asked for once more as it is: it may have been the line.
        """
        self._session.drop()
        failed = self._take_back()
        self._reopen()
        if failed is None or failed.count > 1 or failed.again:
            return self._split(failed)
        self._waiting.appendleft(replace(failed, again=True))
        return None

    def _reopen(self) -> None:
        found = self._session.open(self.selected.folder, write=self.selected.writable, again=True)
        if found.uidvalidity != self.selected.uidvalidity:
            message = "The mailbox numbered its messages anew while it was read; it will be read again."
            raise MailboxError(message)
        self._session.selected = self.selected


def _to_be_read(structure: Any) -> list[Part]:
    """Return a report, calendar parts, and beside an attached one the texts so short that they may be blank."""
    parts, reports = text_parts(structure), list(report_parts(structure))[:1]
    calendars = [part for part in parts if part.kind == "calendar"][:MOST_CALENDARS]
    if not calendars or any(part.is_body for part in calendars):
        return reports + calendars
    texts = [part for part in parts if part.kind != "calendar"]
    short = len(texts) <= MOST_CALENDARS and all(part.size <= MAYBE_BLANK for part in texts)
    return reports + calendars + (texts if short else [])


def _with_told(header: Header, structure: Any, read: dict[Part, str]) -> Header:
    """Return a header with what its structure and the parts that were read tell beyond mail."""
    if structure is None:
        return header
    header = header._replace(
        reaction=is_reaction(structure), reports=tuple(text for part, text in read.items() if part.kind == "report")
    )
    calendar = tuple(text for part, text in read.items() if part.kind == "calendar")
    if not calendar:
        return header
    parts = text_parts(structure)
    told = tuple(part for part in parts if part.kind == "calendar" or not is_blank(read.get(part, "unread")))
    method = next(part.method for part in told if part.kind == "calendar")
    return header._replace(calendar=calendar, calendar_is_body=calendar_is_body(told), calendar_method=method)


def _day(since: datetime) -> bytes:
    """Return the day before `since` as SEARCH wants it: its days are the server's own, not UTC's."""
    day = since - timedelta(days=1)
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[day.month - 1]
    return f"{day.day}-{month}-{day.year}".encode("ascii")
