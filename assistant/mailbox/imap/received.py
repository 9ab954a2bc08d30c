"""Reads received mail of a few senders, and reports of mail that came back: headers and calendars, no text.

    STATUS: nothing new ─> done
    EXAMINE ─> windows of UIDs ─> SEARCH by sender ─> exact ────────────> FETCH header fields, calendar parts ─┐
                               │                  └─> doubtful ─> FETCH From alone ─> theirs ─^                ├─> Batch
                               └─> SEARCH reports ─> FETCH header fields, the status, the returned Message-ID ─┘

What is guaranteed: on a server that compares texts as RFC 3501 says (Dovecot, Cyrus, Courier), no FETCH names a
stranger's message. The one exception is somebody who put one of these addresses in angle brackets into their own name,
with a letter beyond ASCII behind it (on Courier, also in a comment). On other servers (Gmail, Exchange) the From of
some strangers is read. Nothing else of theirs is asked for, and nothing of it leaves this module: a header counts only
if its From holds one address, and that is a sender's.

What a server doesn't give is left unread, and asked for again in later rounds (core/mail/withheld.py).
"""

from __future__ import annotations

import imaplib
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.core.mail.address import normal_address
from assistant.core.mail.address_list import sole_sender
from assistant.core.mail.message import Batch, Cursor, Header
from assistant.core.mail.withheld import joined, spans_of, without
from assistant.errors import MailboxError, UnreachableError
from assistant.mailbox.errors import safe
from assistant.mailbox.imap.commands import day_before, existing_uids, fetch_answer
from assistant.mailbox.imap.fetch import ITEMS_OWN, ITEMS_OWN_BARE, ITEMS_RECEIVED, ITEMS_RECEIVED_BARE, FetchReader
from assistant.mailbox.imap.sender_search import SenderSearch
from assistant.mailbox.imap.special_parts import (
    ServerCalls,
    add_special_parts,
    of_sent_mail,
    only_calendars,
    only_report,
)
from assistant.mailbox.imap.uid_sets import UidSet, sets_again, sets_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from assistant.core.mail.message import Senders
    from assistant.core.mail.withheld import Span
    from assistant.mailbox.imap.session import ImapSession, Selected
    from assistant.mailbox.imap.special_parts import Choice

# UIDs that are searched by one command. A server that keeps no index reads the header of each.
WINDOW = 50_000
LEAST_WINDOW = 1_000
# Lines that may break, and commands that may fail, before the rest is left for a later round.
MOST_BREAKS = 3
MOST_FAILED = 60
# What came incompletely is asked for again in so many parts.
PARTS = 20
# What earlier rounds didn't get: so many are searched for at once, and so few fetched.
AGAIN = 1_000
FEW = 50
_FROM_ALONE = b"(UID BODY.PEEK[HEADER.FIELDS (FROM)])"
_REPORTS = b' HEADER Content-Type "delivery-status"'
# In no message: a server that finds it doesn't search header fields.
_NO_REPORTS = b' HEADER Content-Type "no-such-type-of-content"'


def read_received(
    session: ImapSession, folder: str, cursor: Cursor | None, senders: Senders, since: datetime | None, batch: int
) -> Iterator[Batch]:
    """Yield what `Mailbox.received` does, in batches of up to `batch`. If nothing is new, it costs one STATUS.

    Raises UnreachableError; the batches yielded before that stay valid.
    """
    validity, uidnext = _numbers(session, folder)
    same = cursor is not None and cursor.uidvalidity == validity
    if cursor and same and not senders.new and not cursor.unread and 0 < uidnext <= cursor.last_uid + 1:
        return
    yield from _Reader(session, session.open(folder, again=True), senders, since, batch).batches(cursor)


def _numbers(session: ImapSession, folder: str) -> tuple[int, int]:
    """Return UIDVALIDITY and UIDNEXT of a folder that isn't opened, 0 for what the server doesn't say."""
    with session.guarded():
        told = session.client.folder_status(safe(folder), ["UIDVALIDITY", "UIDNEXT"])
    return int(told.get(b"UIDVALIDITY") or 0), int(told.get(b"UIDNEXT") or 0)


class _Reader:
    """Reads one opened folder."""

    def __init__(
        self, session: ImapSession, selected: Selected, senders: Senders, since: datetime | None, batch: int
    ) -> None:
        self._session = session
        self._selected = selected
        self._senders = senders
        self._since = since
        self._batch = min(batch, session.message_limit or batch)
        self._wanted = frozenset(filter(None, map(normal_address, senders.every)))
        self._window = WINDOW * max(1, (selected.uidnext - 1) // max(selected.exists, 1))
        # What earlier rounds didn't get and wasn't asked for yet, and what this round didn't get.
        self._waiting: tuple[Span, ...] = ()
        self._unread: tuple[Span, ...] = ()
        self._alone: list[int] = []
        self._breaks = self._failures = 0
        self._searches_fields: bool | None = None

    def batches(self, cursor: Cursor | None) -> Iterator[Batch]:
        if cursor is not None and cursor.uidvalidity != self._selected.uidvalidity:
            cursor = None
        top, start = self._selected.uidnext - 1, cursor.last_uid + 1 if cursor else 1
        read = max(top, start - 1)
        self._waiting = waiting = (cursor.unread or ()) if cursor else ()
        recent = day_before(self._since) if self._since else b""
        reports = day_before(self._senders.reports_since) if self._senders.reports_since else b""
        everybody = self._search_for(self._senders.every)
        yield from self._stretch(
            everybody, start, top, b"" if cursor else recent, None if self._senders.own else reports
        )
        if cursor and self._senders.new:
            newcomers = self._search_for(self._senders.new)
            for one in self._stretch(newcomers, 1, start - 1, recent, None):
                yield replace(one, cursor=self._cursor(read))
        # After the new mail, so that old trouble never delays it.
        for some in sets_again(waiting, AGAIN):
            these = b" UID " + some.text
            told = None if self._senders.own else these
            for one in self._stretch(everybody, some.low, some.high, these, told, FEW):
                self._waiting = without(self._waiting, some.low, one.cursor.last_uid)
                yield replace(one, cursor=self._cursor(read))
            self._waiting = without(self._waiting, some.low, some.high)
        yield Batch((), self._cursor(read), 0, self._take_alone())

    def _search_for(self, addresses: Sequence[str]) -> SenderSearch:
        return SenderSearch(self._session, addresses, self._ready)

    def _cursor(self, read: int) -> Cursor:
        unread = joined(self._waiting, self._unread)
        return Cursor(self._selected.uidvalidity, read, self._selected.modseq, unread)

    def _stretch(
        self,
        search: SenderSearch,
        low: int,
        top: int,
        criteria: bytes,
        reports: bytes | None,
        most: int | None = None,
    ) -> Iterator[Batch]:
        """Yield mail of senders from UID `low` to `top` by `criteria`, and by `reports` that came back (None: none).

        It is searched by windows that one command can search. Each batch's cursor is at the end of what it covers.
        """
        while low <= top:
            high = min(low + self._window - 1, top)
            try:
                theirs, told = self._search(search, low, high, criteria, reports)
            except UnreachableError as error:
                self._breaks += 1
                span = high - low + 1
                slow = isinstance(error.__cause__, TimeoutError) and span > LEAST_WINDOW
                if not slow or self._breaks > MOST_BREAKS:
                    raise
                self._window = max(span // 5, LEAST_WINDOW)
                continue
            for one in sets_of(sorted(theirs | told), low, high, most or self._batch):
                yield self._of_set(set(one.each()), theirs, one.high)
            if high < top:
                yield Batch((), self._cursor(high), None, self._take_alone())
            low = high + 1

    def _of_set(self, uids: set[int], theirs: set[int], high: int) -> Batch:
        headers = [
            *self._read(sorted(uids & theirs), of_sent_mail if self._senders.own else only_calendars),
            *self._read(sorted(uids - theirs), only_report),
        ]
        headers.sort(key=lambda header: header.locator.uid)
        return Batch(tuple(headers), self._cursor(high), None, self._take_alone())

    def _search(
        self, search: SenderSearch, low: int, high: int, criteria: bytes, reports: bytes | None
    ) -> tuple[set[int], set[int]]:
        """Return the UIDs of mail from the senders, and those of reports."""
        with self._session.guarded():
            exact, doubtful = search.find(low, high, criteria)
            told = set() if reports is None else self._reports(low, high, reports)
        theirs = {*exact, *self._confirmed(doubtful)}
        return theirs, told - theirs

    def _reports(self, low: int, high: int, criteria: bytes) -> set[int]:
        if self._searches_fields is False:
            return set()
        self._ready()
        try:
            found = set(existing_uids(self._session, low, high, criteria + _REPORTS))
            if found and self._searches_fields is None:
                # Otherwise every message would be taken for a report, and its header be fetched.
                self._searches_fields = not existing_uids(self._session, low, high, _NO_REPORTS)
        except MailboxError as error:
            if error.retry_after is not None:
                raise
            self._searches_fields = False  # it refuses, so there are no reports to be had here
        return found if self._searches_fields else set()

    def _confirmed(self, doubtful: Sequence[int]) -> list[int]:
        """Return those whose From is a sender's. Of the others nothing but From is ever asked for."""
        came, failed = self._gather(doubtful, _FROM_ALONE, None)
        self._leave_unread(failed)
        return [uid for uid, header in came.items() if sole_sender(header.header) in self._wanted]

    def _read(self, uids: Sequence[int], choose: Choice) -> list[Header]:
        """Return the headers of these messages with the parts that `choose` names, and note what didn't come."""
        own = self._senders.own
        came, failed = self._gather(uids, ITEMS_OWN if own else ITEMS_RECEIVED, choose)
        if choose is only_report:
            self._leave_unread(failed)
            return [header for header in came.values() if header.reports]
        bare, failed = self._gather(failed, ITEMS_OWN_BARE if own else ITEMS_RECEIVED_BARE, None)
        # Without its structure nobody knows of a calendar in it, so it is asked for again.
        self._leave_unread([*failed, *bare])
        found = {**came, **bare}
        return [header for header in found.values() if sole_sender(header.header) in self._wanted]

    def _gather(self, uids: Sequence[int], items: bytes, choose: Choice | None) -> tuple[dict[int, Header], list[int]]:
        """Ask for items of these messages, in smaller sets for what doesn't come. Return what came, and what didn't."""
        waiting = deque(sets_of(uids, uids[0], uids[-1], self._batch) if uids else ())
        found: dict[int, Header] = {}
        failed: list[int] = []
        # Counted anew: trouble with the From of some must not cost the others' headers.
        self._breaks = self._failures = 0
        while waiting:
            one = waiting.popleft()
            if self._is_over():
                failed += one.each()
                continue
            with self._session.guarded():
                came = self._ask(one, items, choose)
            found |= came
            missing = [uid for uid in one.each() if uid not in came]
            self._failures += bool(missing)
            if one.count > 1 and missing:
                waiting += sets_of(missing, one.low, one.high, max(1, one.count // PARTS))
            else:
                failed += missing
        return found, sorted(failed)

    def _ask(self, wanted: UidSet, items: bytes, choose: Choice | None) -> dict[int, Header]:
        """Ask for one set. Return what came whole, even if the server refused or the line broke after that."""
        self._ready()
        line = self._session.line
        reader = FetchReader(line, self._selected.folder, self._selected.uidvalidity)
        fetched, uids = reader.fetched, frozenset(wanted.each())

        def is_done(tags: Sequence[bytes], count: int) -> bool:
            del count
            return fetch_answer(self._session, reader, tags, alone=False)[0]

        broken = False
        try:
            is_done([line.ask(b"UID FETCH %s %s" % (wanted.text, items))], 0)
        except (imaplib.IMAP4.abort, OSError):
            broken = True
        # What came last may be cut off.
        whole = fetched.headers[:-1] if broken else fetched.headers
        came = {one.locator.uid: one for one in whole if one.locator.uid in uids}
        if choose is not None and not broken and not fetched.structures.keys().isdisjoint(came):
            try:
                read, lost = add_special_parts(
                    list(came.values()), fetched, ServerCalls(line.ask, is_done), self._batch, choose
                )
                came = {one.locator.uid: one for one in read}
                self._leave_unread(lost)  # but its header counts
            except (imaplib.IMAP4.abort, OSError):
                broken = True
        if broken:
            self._mend()
            came = {uid: one for uid, one in came.items() if uid not in fetched.structures}
        return came

    def _is_over(self) -> bool:
        """Return whether the server gave too much trouble to ask on."""
        return self._failures > MOST_FAILED or self._breaks > MOST_BREAKS

    def _mend(self) -> None:
        self._breaks += 1
        self._session.drop()
        self._ready()

    def _ready(self) -> None:
        """Open the folder again if somebody else used the line, or if it broke."""
        if self._session.selected is not self._selected:
            self._session.reopen(self._selected)

    def _leave_unread(self, uids: Sequence[int]) -> None:
        """Note messages to ask for again, without those that were deleted meanwhile."""
        if not uids:
            return
        if self._is_over():
            self._unread = joined(self._unread, spans_of(uids))
            return
        with self._session.guarded():
            self._ready()
            there = existing_uids(self._session, min(uids), max(uids), b" UID " + _set_of(uids))
        self._unread = joined(self._unread, spans_of(there))
        # If the server tells the flags of a message, it is the message that can't be had, and not the server.
        try:
            with self._session.guarded():
                flags = self._session.client.fetch(there, ["FLAGS"]) if there else {}
            self._alone += sorted(flags.keys() & set(there))
        except UnreachableError as error:
            if error.retry_after is not None:
                raise
            self._breaks += 1

    def _take_alone(self) -> tuple[int, ...]:
        alone, self._alone = tuple(self._alone), []
        return alone


def _set_of(uids: Sequence[int]) -> bytes:
    return b",".join(one.text for one in sets_of(sorted(uids), 0, 0, len(uids)))
