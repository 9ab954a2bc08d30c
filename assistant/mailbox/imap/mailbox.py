"""The owner's mailbox on an IMAP server (RFC 3501), as the rounds want it."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from imapclient.datetime_util import datetime_to_INTERNALDATE
from imapclient.exceptions import IMAPClientAbortError

from assistant.core.mail.header import message_id, split_message
from assistant.core.mail.message import Batch, Body, Cursor, Locator
from assistant.errors import InDoubtError, MailboxError, UnreachableError
from assistant.mailbox.errors import refusal, safe
from assistant.mailbox.imap import unreadable
from assistant.mailbox.imap.folder_names import choose
from assistant.mailbox.imap.session import Session
from assistant.mailbox.imap.stream import BATCH, HIGHEST, HeaderStream
from assistant.mailbox.imap.structure import Part, text_parts, to_text, undo_encoding

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from assistant.config import MailboxConfig
    from assistant.config.secrets import Credential
    from assistant.core.mail.message import Folders
    from assistant.core.mail.withheld import Span
    from assistant.mailbox.imap.connection import Limits
    from assistant.mailbox.imap.unreadable import Pace

log = logging.getLogger(__name__)

IDLE_LONGEST = 300.0
BODIES_AT_ONCE = 5
"""With all their parts less than one command may bring."""
MOST_OF_A_KIND = 4
_APPENDUID = re.compile(rb"\[APPENDUID (\d+) (\d+)\]", re.IGNORECASE)


class ImapMailbox:
    r"""Fits the Mailbox port. Connects when first used, and again after a line that broke.

    Only `append` and `remove_draft` change anything; all reading leaves \Seen alone.
    """

    def __init__(
        self,
        config: MailboxConfig,
        secret: Callable[[], Credential],
        *,
        limits: Limits | None = None,
        context: ssl.SSLContext | None = None,
        batch: int = BATCH,
        pace: Pace | None = None,
    ) -> None:
        """`secret` is asked at each sign-in; `context` None verifies certificates by the system's roots.

        `batch` is the most messages that `stream` yields at once; `pace` remembers where to ask for fewer.
        """
        self._pace = pace
        self._batch = batch
        self._config = config
        self._session = Session(config, secret, limits, context)
        self._folders: Folders | None = None
        self._uidnext: dict[str, int] = {}

    @property
    def round_trips(self) -> int:
        """How many commands went over the present line so far."""
        return self._session.line.round_trips

    def folders(self) -> Folders:
        """Return Sent, Drafts and INBOX: from the config, by SPECIAL-USE (RFC 6154), by known names.

        Drafts need not be there yet: it is made when first written to. Raises UserError where Sent is not found,
        UnreachableError where the server is not.
        """
        if self._folders is None:
            listed, prefix = self._session.folders()
            self._folders = choose(listed, prefix, self._config, self._session.newest, self._session.count)
        return self._folders

    def stream(
        self, folder: str, cursor: Cursor | None, seen: Callable[[], frozenset[int]], since: datetime | None
    ) -> Iterator[Batch]:
        """Yield what is new in `folder` above `cursor`, in batches of at most 5,000, in the order of UIDs.

        What the cursor calls unread is asked for after that. Yields nothing where nothing is new, at the cost of one
        EXAMINE; one empty batch where a folder read before was made anew and is empty. `seen` is asked once, where the
        cursor does not know what is unread.
        """
        selected = self._session.open(folder, again=True)
        known = cursor is not None and cursor.uidvalidity == selected.uidvalidity
        start = cursor.last_uid + 1 if cursor is not None and known else 1
        self._uidnext[folder] = selected.uidnext
        if selected.exists == 0 and cursor is not None and not known:
            yield Batch((), Cursor(selected.uidvalidity, selected.uidnext - 1, selected.modseq), 0)
        unread: tuple[Span, ...] = ()
        if known and cursor is not None:
            unread = cursor.unread or ()
            if cursor.unread is None:
                unread = unreadable.never_read(self._session, selected, cursor, seen, since)
                yield Batch((), replace(cursor, unread=unread), None)
        more = unread
        if selected.exists and selected.uidnext > start:
            stream = HeaderStream(self._session, selected, start, None if known else since, self._batch, unread)
            for batch in stream.batches() if self._pace is None else unreadable.paced(stream, self._pace):
                more = batch.cursor.unread or ()
                yield batch
        if unread:
            read = max(start, selected.uidnext) - 1
            yield from unreadable.unread_again(self._session, selected, read, unread, more)

    def bodies(self, locators: Sequence[Locator]) -> Iterator[Body]:
        """Yield text, HTML and calendar parts, 64 KiB each, in the order asked for; what is gone is skipped."""
        for at in range(0, len(locators), BODIES_AT_ONCE):
            some = locators[at : at + BODIES_AT_ONCE]
            found = {locator: body for group in _by_folder(some) for locator, body in self._readable(group)}
            yield from (found[locator] for locator in some if locator in found)

    def find(self, folder: str, message_id: str) -> tuple[Locator, ...]:
        """Return where messages with exactly that Message-ID lie (without angle brackets); empty for none.

        SEARCH compares by substring, so each hit's own header is read.
        """
        wanted = safe(message_id).strip().removeprefix("<").removesuffix(">")
        if not wanted or not wanted.isascii():
            return ()
        selected = self._session.open(folder, again=True)
        with self._session.guarded():
            hits = list(self._session.client.search(["HEADER", "Message-ID", wanted]))[:100]
            ids = self._message_ids(hits)
        return tuple(
            Locator(folder, selected.uidvalidity, uid) for uid in sorted(ids) if ids[uid] == wanted.encode("ascii")
        )

    def find_marked(self, folder: str, field: str, value: str, since: datetime | None = None) -> tuple[Locator, ...]:
        """Return where messages lie whose header field contains `value`; empty for none.

        Each hit's own field is read: what servers make of a substring differs. At most the newest hundred are told.
        """
        name, wanted = safe(field).encode("ascii"), " ".join(safe(value).split())
        if not wanted or not wanted.isascii():
            return ()
        criteria: list[Any] = ["HEADER", field, wanted]
        if since is not None:
            criteria = ["SINCE", (since - timedelta(days=1)).date(), *criteria]  # its days are the server's own
        selected = self._session.open(folder, again=True)
        with self._session.guarded():
            hits = sorted(self._session.client.search(criteria))[-100:]
            answer = self._session.client.fetch(hits, [b"BODY.PEEK[HEADER.FIELDS (%s)]" % name]) if hits else {}
        texts = {uid: b" ".join(_header_of(items).split()).decode("latin-1").lower() for uid, items in answer.items()}
        return tuple(
            Locator(folder, selected.uidvalidity, uid) for uid in sorted(texts) if wanted.lower() in texts[uid]
        )

    def raw(self, locator: Locator, limit: int) -> bytes | None:
        """Return the whole message, None where it is gone or larger than `limit`; its size is asked first."""
        if not self._open_at(locator):
            return None
        with self._session.guarded():
            client = self._session.client
            size = client.fetch([locator.uid], ["RFC822.SIZE"]).get(locator.uid, {}).get(b"RFC822.SIZE")
            if size is None or size > limit:
                return None
            client.line.allow(octets=limit + (1 << 20))
            message = client.fetch([locator.uid], ["BODY.PEEK[]"]).get(locator.uid, {}).get(b"BODY[]")
        return message if isinstance(message, bytes) and len(message) <= limit else None

    def append(self, folder: str, message: bytes, flags: tuple[str, ...], at: datetime) -> Locator | None:
        """Put a message into `folder` (made where it is the missing Drafts); return where it lies.

        Without UIDPLUS it is looked for by its Message-ID; None where that finds nothing. Raises InDoubtError when
        the line broke after the message was on its way, MailboxError when the server refused it.
        """
        status, words = self._append(folder, message, flags, at)
        if status == "NO" and b"TRYCREATE" in words.upper():
            self._session.create(folder)
            status, words = self._append(folder, message, flags, at)
        if status != "OK":
            raise refusal(self._session.place, words.decode("utf-8", "replace"))
        self._session.selected = None  # what is known of the open folder is old now
        given = _APPENDUID.search(words)
        if given:
            return Locator(folder, int(given[1]), int(given[2]))
        return self._look_for(folder, message)

    def remove_draft(self, locator: Locator, message_id: str) -> bool:
        r"""Remove our own draft; return whether it was there.

        It must bear that Message-ID and \Draft. Without UIDPLUS it is only marked \Deleted: a plain EXPUNGE would
        remove what others marked.
        """
        if not self._open_at(locator, write=True):
            return False
        with self._session.guarded():
            client = self._session.client
            items = client.fetch([locator.uid], ["FLAGS"]).get(locator.uid, {})
            flags = {flag.lower() for flag in items.get(b"FLAGS", ())}
            wanted = safe(message_id).strip().removeprefix("<").removesuffix(">").encode()
            if b"\\draft" not in flags or self._message_ids([locator.uid]).get(locator.uid) != wanted:
                return False
            client.add_flags([locator.uid], [b"\\Deleted"], silent=True)
            if client.has_capability("UIDPLUS"):
                client.uid_expunge([locator.uid])
        return True

    def wait(self, seconds: float) -> bool:
        """Wait for news in Sent, by IDLE (5 minutes at a time) or by asking once a minute; return whether some came.

        Further folders of sent mail are looked at before. Raises UnreachableError at once when the line is dead.
        """
        sent, *others = self.folders().all_sent
        until = time.monotonic() + seconds
        if any(self._session.uidnext(name) > self._uidnext.get(name, HIGHEST) for name in others):
            return True
        selected = self._session.open(sent, again=True)
        if selected.uidnext > self._uidnext.setdefault(sent, selected.uidnext):
            return True
        idle = self._session.has("IDLE")
        while (left := until - time.monotonic()) > 0:
            if idle:
                with self._session.guarded():
                    news = self._idle(min(left, IDLE_LONGEST))
                idle = news is False  # refused, or told: where it told of nothing new it would do so again at once
            else:
                time.sleep(min(left, self._session.limits.poll))
            if self._session.open(sent, again=True).uidnext > selected.uidnext:
                return True
        return False

    def within(self, seconds: float | None) -> None:
        """Give all that follows so many seconds together (None: no end but that of each command)."""
        self._session.within(seconds)

    def close(self) -> None:
        """Sign out; never raises."""
        self._session.close()

    def _idle(self, seconds: float) -> bool | None:
        """Return whether the folder grew within one IDLE, None where the server refuses IDLE (RFC 2177)."""
        line = self._session.line
        line.taken("EXISTS")
        tag = line.ask(b"IDLE")
        if not line.invited(tag):
            line.answer(tag)
            return None
        self._session.owed = True  # whoever is interrupted from here on leaves a line that waits for DONE
        until = time.monotonic() + seconds
        news = bool(line.taken("EXISTS"))
        while not news and (left := until - time.monotonic()) > 0:
            if line.listen(left):
                news = bool(line.taken("EXISTS"))
        line.allow(seconds=20.0)
        line.send(b"DONE\r\n")
        line.answer(tag)
        self._session.touch()
        return news or bool(line.taken("EXISTS"))

    def _append(self, folder: str, message: bytes, flags: tuple[str, ...], at: datetime) -> tuple[str, bytes]:
        when = f'"{datetime_to_INTERNALDATE(at)}"'.encode("ascii")
        words = safe(" ".join(flags)).encode("ascii")
        command = b"APPEND %s (%s) %s {%d}" % (self._session.quoted(folder), words, when, len(message))
        with self._session.guarded():
            line = self._session.line
            tag = line.ask(command)
            if not line.invited(tag):
                return line.answer(tag)
            try:
                line.send(message + b"\r\n")
                return line.answer(tag)
            except (IMAPClientAbortError, OSError) as error:
                self._session.drop()
                raise InDoubtError(
                    "The line to the mail server broke while a message was put into the mailbox; it may be there."
                ) from error

    def _look_for(self, folder: str, message: bytes) -> Locator | None:
        """Find what was just put there by its Message-ID; None where it has none or does not show yet."""
        named = message_id(split_message(message)[0])
        if not named:
            return None
        try:
            found = self.find(folder, named)
        except UnreachableError:
            return None  # it was taken: that it cannot be looked up now must not look like a failure
        return found[-1] if found else None

    def _open_at(self, locator: Locator, *, write: bool = False) -> bool:
        """Open a locator's folder; return whether its numbers still hold."""
        return self._session.open(locator.folder, write=write).uidvalidity == locator.uidvalidity

    def _message_ids(self, uids: list[int]) -> dict[int, bytes]:
        answer = self._session.client.fetch(uids, ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
        found = {uid: message_id(_header_of(items)) for uid, items in answer.items()}
        return {uid: named.encode("ascii", "replace") for uid, named in found.items() if named}

    def _readable(self, group: Sequence[Locator]) -> Iterator[tuple[Locator, Body]]:
        """Read a group at once; where one of it spoils the answer or breaks the line, each alone, leaving that out."""
        if not self._can_open(group[0]):
            return
        try:
            yield from list(self._bodies(group))
        except UnreachableError as error:
            if error.retry_after is not None:
                raise
            if len(group) == 1:
                log.warning("the text of message %d could not be read and is left out", group[0].uid)
                return
            for locator in group:
                yield from self._readable([locator])

    def _can_open(self, locator: Locator) -> bool:
        """Return whether a folder is there; a server that is not ends the round, and leaves out nothing."""
        try:
            return self._open_at(locator)
        except MailboxError as error:
            if error.retry_after is not None:
                raise
            log.warning("a folder could not be opened and is left out")
            return False

    def _bodies(self, group: Sequence[Locator]) -> Iterator[tuple[Locator, Body]]:
        with self._session.guarded():
            answer = self._session.client.fetch([one.uid for one in group], ["BODYSTRUCTURE"])
            parts = {uid: _few(text_parts(items.get(b"BODYSTRUCTURE"))) for uid, items in answer.items()}
            texts = self._texts(parts)
        for locator in group:
            if locator.uid in parts:
                yield locator, _body(locator, parts[locator.uid], texts.get(locator.uid, {}))

    def _texts(self, parts: dict[int, tuple[Part, ...]]) -> dict[int, dict[bytes, bytes]]:
        """Fetch the parts, those messages together that want the same ones; return octets by UID and section."""
        alike: dict[tuple[str, ...], list[int]] = {}
        for uid, some in parts.items():
            if some:
                alike.setdefault(tuple(part.request for part in some), []).append(uid)
        texts: dict[int, dict[bytes, bytes]] = {}
        for request, uids in alike.items():
            for uid, items in self._session.client.fetch(uids, list(request)).items():
                texts[uid] = {_section(key): _octets(value) for key, value in items.items() if key.startswith(b"BODY[")}
        return texts


@dataclass(slots=True)
class _Gathered:
    plain: list[str]
    html: list[str]
    calendar: list[str]


def _body(locator: Locator, parts: tuple[Part, ...], texts: dict[bytes, bytes]) -> Body:
    gathered = _Gathered([], [], [])
    for part in parts:
        data = texts.get(part.section.encode("ascii"))
        if data is not None:
            text = to_text(undo_encoding(data, part.encoding), part.charset)
            getattr(gathered, part.kind).append(text)
    return Body(locator, "\n".join(gathered.plain), "\n".join(gathered.html), tuple(gathered.calendar))


def _few(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the first four parts of each kind: nobody writes more, and a hostile message may have hundreds."""
    kept: list[Part] = []
    for part in parts:
        if sum(part.kind == other.kind for other in kept) < MOST_OF_A_KIND:
            kept.append(part)
    return tuple(kept)


def _by_folder(locators: Sequence[Locator]) -> list[list[Locator]]:
    groups: dict[tuple[str, int], list[Locator]] = {}
    for locator in locators:
        groups.setdefault((locator.folder, locator.uidvalidity), []).append(locator)
    return list(groups.values())


def _header_of(items: dict[bytes, Any]) -> bytes:
    """Return the header fields of an answer, by whichever key: Courier puts the names in quotes."""
    return next((_octets(value) for key, value in items.items() if key.startswith(b"BODY[HEADER")), b"")


def _section(key: bytes) -> bytes:
    return key[5:].partition(b"]")[0]


def _octets(value: Any) -> bytes:
    """Return a string of the server as octets; imapclient turns digits into a number."""
    if isinstance(value, bytes):
        return value
    return b"" if value is None else str(value).encode("ascii")
