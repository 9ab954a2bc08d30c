"""The owner's mailbox on an IMAP server (RFC 3501), as the rounds use it."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from imapclient.datetime_util import datetime_to_INTERNALDATE
from imapclient.exceptions import IMAPClientAbortError

from assistant.core.mail.header import message_id_of, split_message
from assistant.core.mail.message import Batch, Cursor, Locator
from assistant.errors import InDoubtError, UnreachableError
from assistant.mailbox.errors import refusal, safe
from assistant.mailbox.imap import unreadable
from assistant.mailbox.imap.answered import answered_ids
from assistant.mailbox.imap.bodies import octets, read_bodies
from assistant.mailbox.imap.folder_names import choose_folders
from assistant.mailbox.imap.received import read_received
from assistant.mailbox.imap.sent_like import with_older_mail
from assistant.mailbox.imap.session import ImapSession
from assistant.mailbox.imap.stream import BATCH, HIGHEST, HeaderStream

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime

    from assistant.config import MailboxConfig
    from assistant.config.secrets import Credential
    from assistant.core.mail.message import Body, Folders, Senders
    from assistant.core.mail.withheld import Span
    from assistant.mailbox.imap.connection import Limits
    from assistant.mailbox.imap.unreadable import Pace

# Seconds. A line that died in silence is noticed when IDLE ends.
IDLE_LONGEST = 300.0
_APPENDUID = re.compile(rb"\[APPENDUID (\d+) (\d+)\]", re.IGNORECASE)


class ImapMailbox:
    r"""Fits the Mailbox port. Connects when it is first used, and again after the line broke.

    Only `append` and `remove_draft` change anything. Reading leaves \Seen alone.
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
        """`secret` is called at each sign-in. `context` None verifies certificates by the system's roots.

        `batch` is the most messages `stream` yields at once. `pace` remembers which folders to read in smaller steps.
        """
        self._pace = pace
        self._batch = batch
        self._config = config
        self._session = ImapSession(config, secret, limits, context)
        self._folders: Folders | None = None
        self._uidnext: dict[str, int] = {}

    @property
    def round_trips(self) -> int:
        """How many commands were sent over the present line."""
        return self._session.line.round_trips

    def folders(self) -> Folders:
        """Return Sent, Drafts and INBOX: from the config, by SPECIAL-USE (RFC 6154), or by known names.

        Drafts may not exist yet; `append` makes it. Raises UserError if Sent is not found, UnreachableError if the
        server can't be reached.
        """
        if self._folders is None:
            listed, prefix = self._session.folders()
            chosen = choose_folders(listed, prefix, self._config, self._session.newest, self._session.count)
            self._folders = with_older_mail(chosen, listed, prefix, self._config.archive_folders)
        return self._folders

    def stream(
        self, folder: str, cursor: Cursor | None, seen: Callable[[], frozenset[int]], since: datetime | None
    ) -> Iterator[Batch]:
        """Yield what is new in `folder` above `cursor`, in batches of at most 5,000, in the order of UIDs.

        After that, asks again for what the cursor lists as unread. If nothing is new, yields nothing and costs one
        EXAMINE. If a folder that was read before has new numbers and is empty, yields one empty batch. `seen` is called
        once, and only if the cursor doesn't list what is unread.
        """
        selected = self._session.open(folder, again=True)
        known = cursor is not None and cursor.uidvalidity == selected.uidvalidity
        start = cursor.last_uid + 1 if cursor is not None and known else 1
        self._uidnext[folder] = selected.uidnext
        # Without this batch nobody would learn that the folder was emptied, and the scan has to ask what happened.
        if selected.exists == 0 and cursor is not None and not known:
            yield Batch((), Cursor(selected.uidvalidity, selected.uidnext - 1, selected.modseq), 0)
        unread: tuple[Span, ...] = ()
        if known and cursor is not None:
            unread = cursor.unread or ()
            # Cursors of earlier versions: those gave messages up, so look for what was never stored.
            if cursor.unread is None:
                unread = unreadable.never_read(self._session, selected, cursor, seen, since)
                yield Batch((), replace(cursor, unread=unread), None)
        more = unread
        if selected.exists and selected.uidnext > start:
            stream = HeaderStream(self._session, selected, start, None if known else since, self._batch, unread)
            for batch in stream.batches() if self._pace is None else unreadable.paced(stream, self._pace):
                more = batch.cursor.unread or ()
                yield batch
        # After the new mail, so that old trouble never delays it.
        if unread:
            read = max(start, selected.uidnext) - 1
            yield from unreadable.unread_again(self._session, selected, read, unread, more)

    def received(self, folder: str, cursor: Cursor | None, senders: Senders, since: datetime | None) -> Iterator[Batch]:
        """Yield the headers of mail from these senders, and of reports of mail that came back (`received.py`).

        If nothing is new, it costs one STATUS. Nothing of a stranger's mail leaves this method.
        """
        yield from read_received(self._session, folder, cursor, senders, since, self._batch)

    def answered_by_others(self, message_ids: Sequence[str], owner: Collection[str], since: datetime) -> frozenset[str]:
        """Return which of these messages a received one answers that isn't the owner's or automatic.

        All of them if the server refuses to search for it. Nothing is fetched.
        """
        return answered_ids(self._session, self.folders().received, message_ids, owner, since)

    def bodies(self, locators: Sequence[Locator]) -> Iterator[Body]:
        """Yield text, HTML and calendar parts, 64 KiB of each, in the order asked for. Skips messages that are gone."""
        return read_bodies(self._session, locators)

    def find(self, folder: str, message_id: str) -> tuple[Locator, ...]:
        """Return where messages with exactly this Message-ID lie (with or without angle brackets); empty if none."""
        wanted = safe(message_id).strip().removeprefix("<").removesuffix(">")
        if not wanted or not wanted.isascii():
            return ()
        selected = self._session.open(folder, again=True)
        with self._session.guarded():
            hits = list(self._session.client.search(["HEADER", "Message-ID", wanted]))[:100]
            # SEARCH compares by substring, so each hit's own header is read.
            ids = self._message_ids(hits)
        return tuple(
            Locator(folder, selected.uidvalidity, uid) for uid in sorted(ids) if ids[uid] == wanted.encode("ascii")
        )

    def find_marked(self, folder: str, field: str, value: str, since: datetime | None = None) -> tuple[Locator, ...]:
        """Return where messages lie whose header field contains `value`; at most the newest hundred, empty if none."""
        name, wanted = safe(field).encode("ascii"), " ".join(safe(value).split())
        if not wanted or not wanted.isascii():
            return ()
        criteria: list[Any] = ["HEADER", field, wanted]
        if since is not None:
            # SEARCH compares days in the server's own time zone, so begin a day early.
            criteria = ["SINCE", (since - timedelta(days=1)).date(), *criteria]
        selected = self._session.open(folder, again=True)
        with self._session.guarded():
            # Servers disagree on what a substring of a header field is, so each hit's own field is read.
            hits = sorted(self._session.client.search(criteria))[-100:]
            answer = self._session.client.fetch(hits, [b"BODY.PEEK[HEADER.FIELDS (%s)]" % name]) if hits else {}
        texts = {uid: b" ".join(_header_of(items).split()).decode("latin-1").lower() for uid, items in answer.items()}
        return tuple(
            Locator(folder, selected.uidvalidity, uid) for uid in sorted(texts) if wanted.lower() in texts[uid]
        )

    def raw(self, locator: Locator, limit: int) -> bytes | None:
        """Return the whole message, or None if it is gone or larger than `limit` octets."""
        if not self._session.holds(locator):
            return None
        with self._session.guarded():
            client = self._session.client
            # A server may announce a literal of any size, so the size comes first.
            size = client.fetch([locator.uid], ["RFC822.SIZE"]).get(locator.uid, {}).get(b"RFC822.SIZE")
            if size is None or size > limit:
                return None
            client.line.allow(octets=limit + (1 << 20))
            message = client.fetch([locator.uid], ["BODY.PEEK[]"]).get(locator.uid, {}).get(b"BODY[]")
        return message if isinstance(message, bytes) and len(message) <= limit else None

    def append(self, folder: str, message: bytes, flags: tuple[str, ...], at: datetime) -> Locator | None:
        """Put a message into `folder`, which is made if it is missing. Return where the message lies.

        Without UIDPLUS it is looked for by its Message-ID, and None is returned if that finds nothing. Raises
        InDoubtError if the line broke after the message was on its way, MailboxError if the server refused it.
        """
        status, words = self._append(folder, message, flags, at)
        if status == "NO" and b"TRYCREATE" in words.upper():
            self._session.create(folder)
            status, words = self._append(folder, message, flags, at)
        if status != "OK":
            raise refusal(self._session.place, words.decode("utf-8", "replace"))
        self._session.selected = None  # its EXISTS and UIDNEXT are out of date now
        given = _APPENDUID.search(words)
        if given:
            return Locator(folder, int(given[1]), int(given[2]))
        return self._look_for(folder, message)

    def remove_draft(self, locator: Locator, message_id: str) -> bool:
        r"""Remove our own draft if it still has this Message-ID and \Draft. Return whether it was there.

        Without UIDPLUS it is only marked \Deleted.
        """
        if not self._session.holds(locator, write=True):
            return False
        with self._session.guarded():
            client = self._session.client
            items = client.fetch([locator.uid], ["FLAGS"]).get(locator.uid, {})
            flags = {flag.lower() for flag in items.get(b"FLAGS", ())}
            wanted = safe(message_id).strip().removeprefix("<").removesuffix(">").encode()
            if b"\\draft" not in flags or self._message_ids([locator.uid]).get(locator.uid) != wanted:
                return False
            client.add_flags([locator.uid], [b"\\Deleted"], silent=True)
            # A plain EXPUNGE would also remove what other programs marked, and that is the owner's mail.
            if client.has_capability("UIDPLUS"):
                client.uid_expunge([locator.uid])
        return True

    def wait(self, seconds: float) -> bool:
        """Wait up to `seconds` for news in Sent, by IDLE or by asking once a minute. Return whether there is any.

        Other folders of sent mail are looked at once, before waiting. Raises UnreachableError as soon as the line is
        dead.
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
                # None: IDLE is refused. True with nothing new below: some servers repeat EXISTS at the start of
                # each IDLE, which made for hundreds of rounds a second.
                idle = news is False
            else:
                time.sleep(min(left, self._session.limits.poll))
            if self._session.open(sent, again=True).uidnext > selected.uidnext:
                return True
        return False

    def within(self, seconds: float | None) -> None:
        """Let everything that follows end within `seconds` in all. None: only each command has its own limit."""
        self._session.within(seconds)

    def close(self) -> None:
        """Sign out; never raises."""
        self._session.close()

    def _idle(self, seconds: float) -> bool | None:
        """Return whether the folder grew during one IDLE (RFC 2177), None if the server refuses IDLE."""
        line = self._session.line
        line.taken("EXISTS")
        tag = line.ask(b"IDLE")
        if not line.invited(tag):
            line.answer(tag)
            return None
        self._session.owed = True  # if this is interrupted, the line is left waiting for DONE
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
        """Find what was just appended, by its Message-ID. None if it has none or doesn't show up yet."""
        named = message_id_of(split_message(message)[0])
        if not named:
            return None
        try:
            found = self.find(folder, named)
        except UnreachableError:
            return None  # the message was taken, so a failed lookup must not look like a failed APPEND
        return found[-1] if found else None

    def _message_ids(self, uids: list[int]) -> dict[int, bytes]:
        answer = self._session.client.fetch(uids, ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
        found = {uid: message_id_of(_header_of(items)) for uid, items in answer.items()}
        return {uid: named.encode("ascii", "replace") for uid, named in found.items() if named}


def _header_of(items: dict[bytes, Any]) -> bytes:
    # Courier puts quotes around the field names it echoes, so the key is not always the one that was asked for.
    return next((octets(value) for key, value in items.items() if key.startswith(b"BODY[HEADER")), b"")
