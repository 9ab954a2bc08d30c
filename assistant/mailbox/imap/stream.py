"""Reads everything new in one folder, as batches of headers, as fast as the server gives them.

    UIDs to read ─> sets of up to 5,000 ─> waiting ─> asked ─> whole ─> Batch

What happens to one set (`UidSet`). Whatever has to wait again goes to the front of the queue:

    waiting ──FETCH──> asked ─┬─ OK, all of it came ─────────────> whole: all that came of it becomes a Batch
       ^                      ├─ OK, some is missing ────────────> what came is held; the missing: waiting, `again`
       │                      ├─ somebody else used the line ────> waiting
       │                      ├─ the line broke ─> a new line ─┬─> a single message, once: waiting, `again`
       │                      │                                └─> else: failed
       │                      └─ NO, BAD, or nothing came ───────> failed
       │
       └────────────────── failed ─┬─ a single message, once ────> waiting, `bare` (without its structure)
                                   ├─ others of the set come ────> its halves: waiting, `sure` (known to be there)
                                   ├─ they come without structure > waiting, `bare` and `sure`
                                   ├─ its neighbours come ───────> left unread: whole without it
                                   └─ nothing comes at all ──────> an error; the cursor stays where it was

An OK doesn't prove much, so what came is compared with what there is. If nothing of a set came, one message may spoil
it, or the server may be in trouble. `probe.py` asks for a few messages alone to find out which. What is left unread is
asked for again in later rounds (docs/reliability.md, "Reading").
"""

from __future__ import annotations

import imaplib
import logging
from collections import deque
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from assistant.core.mail.message import Batch, Cursor, Header
from assistant.core.mail.withheld import joined, spans_of, without
from assistant.errors import AssistantError, MailboxError, UnreachableError
from assistant.mailbox.errors import refusal, unreachable
from assistant.mailbox.imap.commands import day_before, existing_uids, fetch_answer, message_limit
from assistant.mailbox.imap.fetch import ITEMS, ITEMS_BARE, FetchReader
from assistant.mailbox.imap.numbering import Numbering
from assistant.mailbox.imap.probe import Probe, ProbeResult
from assistant.mailbox.imap.special_parts import ServerCalls, add_special_parts
from assistant.mailbox.imap.uid_sets import FIRST, UidSet, ranges, sets_again, sets_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from assistant.core.mail.withheld import Span
    from assistant.mailbox.imap.session import ImapSession, Selected

log = logging.getLogger(__name__)

# Over a line with 40 ms round trips, ranges of 5,000 were ten times as fast as ranges of 200.
BATCH = 5_000
WINDOW = 100_000
# The highest UID there can be (RFC 3501, 2.3.1.1).
HIGHEST = 2**32 - 1
MOST_BREAKS = 32


class _SetFailedError(Exception):
    """The server could not give a set; `error` is what the owner would read."""

    def __init__(self, error: MailboxError) -> None:
        super().__init__(str(error))
        self.error = error


class _Asked(NamedTuple):
    """A set that was asked for: the tag of its command, and the reader of the answer."""

    tag: bytes
    wanted: UidSet
    reader: FetchReader


class HeaderStream:
    """Reads one opened folder from UID `start` on. `since` leaves out what arrived before."""

    def __init__(
        self,
        session: ImapSession,
        selected: Selected,
        start: int,
        since: datetime | None,
        batch: int = BATCH,
        unread: tuple[Span, ...] = (),
    ) -> None:
        """`batch` is the most messages to ask for at once, `unread` what is missing below `start`."""
        self.selected = selected
        self.start = start
        self.batch = min(batch, session.message_limit or batch)
        self.unread = unread
        self._session = session
        self._since = since
        self._probe = Probe(session, selected, self._mend)
        self._found = self._came = 0
        self._breaks = 0
        self._waiting: deque[UidSet] = deque()
        self._asked: _Asked | None = None
        self._held: dict[int, Header] = {}
        self._alone: list[int] = []
        self._retrying = False
        self._numbering = Numbering(selected, 0 if start == 1 and since is None else None)

    def over(self, selected: Selected, start: int, batch: int, unread: tuple[Span, ...]) -> HeaderStream:
        """Return a stream like this one over another stretch, which ends before the UIDNEXT of `selected`."""
        return HeaderStream(self._session, selected, start, self._since, batch, unread)

    def batches(self) -> Iterator[Batch]:
        """Yield the batches, oldest first. The cursor of the last one has the folder's HIGHESTMODSEQ.

        Raises MailboxError if the server gives nothing of a set nor of the messages around it, UnreachableError if the
        line breaks for good. Batches yielded before that stay valid.
        """
        total = self.selected.exists if self.start == 1 and self._since is None else None
        top = self.selected.uidnext - 1
        read = self.start - 1
        try:
            for sets in self._plan(self.start, top):
                self._waiting.extend(sets)
                if self._since is not None and top < self.start + WINDOW:
                    total = self._found  # a single SEARCH covered it all, so the number is known
                for wanted, headers in self._results():
                    read = wanted.high
                    yield Batch(headers, self._cursor(read, top), total, self._taken_alone())
            if self.start == 1 and not self._came:
                self._refuse_silence()
            if read < top:  # UIDs that SEARCH left out have been dealt with too
                yield Batch((), self._cursor(top, top), total)
        finally:
            self._leave()

    def unread_again(self, read: int, spans: Sequence[Span]) -> Iterator[Batch]:
        """Ask for these spans of unread messages and yield what comes. The cursor stays at `read`.

        Raises what `batches` raises.
        """
        self._retrying = True
        for first, last in spans:
            self.unread = without(self.unread, first, last)
        self._waiting.extend(sets_again(spans, self.batch))
        try:
            for wanted, headers in self._results():
                spans = without(spans, wanted.low, wanted.high)
                unread = joined(self.unread, spans)
                yield Batch(headers, Cursor(self.selected.uidvalidity, read, None, unread), None, self._taken_alone())
        finally:
            self._leave()

    def _results(self) -> Iterator[tuple[UidSet, tuple[Header, ...]]]:
        # The next set is asked for before a batch is handed out, so that the server works while the batch is judged and
        # stored. But only one: Dovecot holds back the OK of every FETCH until it has answered all it was asked. Asked
        # for four sets, it gives four at once, and then both sides wait for each other by turns.
        while self._waiting or self._asked is not None:
            found = self._next()
            if found is not None:
                self._ask_early()
                self._session.owed = self._asked is not None
                yield found

    def _cursor(self, read: int, top: int) -> Cursor:
        return Cursor(self.selected.uidvalidity, read, self.selected.modseq if read >= top else None, self.unread)

    def _taken_alone(self) -> tuple[int, ...]:
        alone, self._alone = tuple(self._alone), []
        return alone

    def _refuse_silence(self) -> None:
        # A server that counts messages and names none is in trouble. The folder must not be taken for an empty one.
        self._resume()
        with self._session.guarded():
            if self.selected.exists and not existing_uids(self._session, 1, HIGHEST):
                raise self._nothing_came(self.selected.exists)

    def _nothing_came(self, count: int) -> MailboxError:
        told = "The mail server {place} gave none of {count:,} messages that it has in {folder}."
        return MailboxError(told, place=self._session.place, count=count, folder=self.selected.folder)

    def _leave(self) -> None:
        # Answers that nobody will read would confuse the next command. A line made since then isn't ours to drop.
        if self._asked is not None and self._session.selected is self.selected:
            self._session.drop()

    def _plan(self, start: int, top: int) -> Iterator[list[UidSet]]:
        # Plain ranges need no SEARCH, but where UIDs lie far apart they would be mostly holes.
        span = top - start + 1
        if self._since is None and (span <= self.batch or self.selected.exists * 2 >= span):
            yield list(ranges(start, top, self.batch))
            return
        criteria = day_before(self._since) if self._since is not None else b""
        window = min(WINDOW, self._session.message_limit or WINDOW)
        for low in range(start, top + 1, window):
            high = min(low + window - 1, top)
            self._resume()
            with self._session.guarded():
                uids = existing_uids(self._session, low, high, criteria)
            self._found += len(uids)
            yield [replace(one, sure=True) for one in sets_of(uids, low, high, self.batch, FIRST)]

    def _next(self) -> tuple[UidSet, tuple[Header, ...]] | None:
        """Read the next set. None if it isn't whole yet; the rest of it then waits."""
        self._resume()
        with self._session.guarded():
            try:
                return self._read(self._ask())
            except _SetFailedError as failed:
                return self._failed(self._take_back(), failed.error)
            except TimeoutError as error:
                if self._asked is None or self._asked.wanted.count > 1:
                    raise  # every half could be silent too, for half a minute each
                return self._broken(error)
            except (imaplib.IMAP4.abort, OSError) as error:
                return self._broken(error)

    def _resume(self) -> None:
        """Take the line back. If somebody else used it in between, what was asked for has to be asked again."""
        if self._session.selected is not self.selected:
            asked = self._take_back()
            if asked is not None:
                self._wait_again([asked])
            self._session.reopen(self.selected)
        self._session.touch()

    def _take_back(self) -> UidSet | None:
        """Return the set that was asked for and stop expecting it. What came of it is dropped."""
        asked, self._asked = self._asked, None
        return asked.wanted if asked is not None else None

    def _wait_again(self, sets: Sequence[UidSet]) -> None:
        # First in line: what is held is handed out only once nothing below it is missing.
        self._waiting.extendleft(reversed(sets))

    def _leave_unread(self, uids: Sequence[int], *, alone: bool) -> None:
        # Only messages that failed `alone`, while their neighbours came, may be given up after three days.
        self.unread = joined(self.unread, spans_of(uids))
        self._alone += uids if alone else ()

    def _ask(self) -> _Asked:
        """Ask for the next set, unless one is on its way already."""
        line = self._session.line
        if self._asked is None:
            first = self._waiting[0]
            tag = line.ask(b"UID FETCH " + first.text + b" " + (ITEMS_BARE if first.bare else ITEMS))
            self._waiting.popleft()  # only now: if asking breaks the line, the set must still be waiting
            self._asked = _Asked(tag, first, FetchReader(line, self.selected.folder, self.selected.uidvalidity))
        return self._asked

    def _ask_early(self) -> None:
        # Trouble here must not cost the batch that is about to be handed out.
        try:
            if self._waiting:
                self._ask()
        except (imaplib.IMAP4.abort, OSError, AssistantError):
            self._session.drop()  # the trouble comes up again when that set is read

    def _read(self, asked: _Asked) -> tuple[UidSet, tuple[Header, ...]] | None:
        wanted, reader, fetched = asked.wanted, asked.reader, asked.reader.fetched
        done, words = fetch_answer(self._session, reader, [asked.tag], alone=wanted.count == self.batch == 1)
        last = fetched.last
        if not done:
            raise _SetFailedError(refusal(self._session.place, words.decode("utf-8", "replace")))
        mine = {one.locator.uid: one for one in fetched.headers if wanted.low <= one.locator.uid <= wanted.high}
        came = [mine[uid] for uid in sorted(mine)]  # each once and in order: a server may shuffle them
        missing = self._numbering.missing(wanted, came, fetched, self._held, partial(existing_uids, self._session))
        if missing and not came:
            raise _SetFailedError(self._nothing_came(len(missing)))
        self._held |= {header.locator.uid: header for header in self._add_special_parts(came, reader)}
        if wanted.bare and wanted.count == 1:  # without its structure nobody knows of a calendar in it
            self._leave_unread([header.locator.uid for header in came], alone=True)
        self._numbering.follow(None if missing else last)
        self._take_back()
        if not missing:
            return self._whole(wanted)
        limit = message_limit(words)
        if limit is not None:
            self.batch = min(self.batch, limit)
            self._waiting = deque(part for one in self._waiting for part in one.only(list(one.each()), self.batch))
        # No more than came this time: the server may have a limit that it doesn't name.
        parts = wanted.only(missing, min(limit or self.batch, len(came)))
        self._wait_again([replace(one, again=True) for one in parts])
        return None

    def _whole(self, wanted: UidSet) -> tuple[UidSet, tuple[Header, ...]]:
        """Return a set with everything that came of it, in the order of UIDs."""
        uids = sorted(uid for uid in self._held if uid <= wanted.high)
        headers = [self._held.pop(uid) for uid in uids]
        self._came += len(headers)
        since = self._since
        recent = (one for one in headers if since is None or one.internaldate is None or one.internaldate >= since)
        return wanted, tuple(recent)

    def _add_special_parts(self, headers: list[Header], reader: FetchReader) -> list[Header]:
        """Read the parts that tell more than mail. Messages whose parts didn't come stay unread."""

        def is_done(tags: Sequence[bytes], count: int) -> bool:
            return fetch_answer(self._session, reader, tags, alone=count == self.batch == 1)[0]

        answers = ServerCalls(self._session.line.ask, is_done)
        read, failed = add_special_parts(headers, reader.fetched, answers, self.batch)
        if failed:
            self._leave_unread(failed, alone=self._probe.comes(failed[0]))
        return read

    def _failed(self, wanted: UidSet | None, error: UnreachableError) -> tuple[UidSet, tuple[Header, ...]] | None:
        """Go on after nothing of a set came. Raises `error` if the server is in trouble."""
        if wanted is None:
            return None
        if wanted.count == 1 and not wanted.bare and not self._retrying:
            # Some servers fail over the structure of one message. Its header still counts as contact.
            self._wait_again([replace(wanted, bare=True)])
            return None
        verdict = self._probe.judge(wanted, error)
        if verdict.do == "leave unread":
            return self._leave_out(wanted, verdict)
        most = -(-len(verdict.there) // 2) if verdict.do == "halve" else self.batch
        known = replace(wanted, sure=True, bare=wanted.bare or verdict.do == "ask bare")
        self._wait_again(known.only(verdict.there, most))
        return None

    def _leave_out(self, wanted: UidSet, verdict: ProbeResult) -> tuple[UidSet, tuple[Header, ...]]:
        if verdict.there:  # otherwise it was deleted meanwhile
            first, many = verdict.there[0], len(verdict.there)
            log.warning("message %d of a folder could not be read and is left out (%d in all)", first, many)
        self._leave_unread(verdict.there, alone=verdict.alone)
        self._numbering.follow(None)
        return self._whole(wanted)

    def _broken(self, error: Exception) -> tuple[UidSet, tuple[Header, ...]] | None:
        # A single message is asked for once more, since the line itself may have been bad.
        failed = self._take_back()
        self._mend(error)
        if failed is not None and failed.count == 1 and not failed.again:
            self._wait_again([replace(failed, again=True)])
            return None
        problem = unreachable(self._session.place, error)
        problem.__cause__ = error
        return self._failed(failed, problem)

    def _mend(self, error: Exception) -> None:
        """Reconnect after the line broke. Raises `error` if that happens too often, UnreachableError if it fails."""
        self._breaks += 1
        if self._breaks > MOST_BREAKS:
            raise error
        self._session.drop()
        self._session.reopen(self.selected)
