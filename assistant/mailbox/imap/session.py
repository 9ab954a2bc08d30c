"""A signed-in connection to an IMAP server, made when it is first needed and again after it broke."""

from __future__ import annotations

import contextlib
import ssl
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from assistant.config.values import is_loopback
from assistant.errors import LoginRefusedError, MailboxError
from assistant.mailbox.errors import guarded, no_plain_login, safe, unreachable
from assistant.mailbox.imap.connection import BoundedClient, BoundedConnection, Limits
from assistant.mailbox.imap.folder_names import sent_folders
from assistant.mailbox.imap.listing import WireNames
from assistant.mailbox.imap.sign_in import introduce, sign_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from assistant.config import MailboxConfig
    from assistant.config.secrets import Credential
    from assistant.core.mail.message import Locator
    from assistant.mailbox.imap.folder_names import Listed

# The newest message of a folder is looked for among this many UIDs.
LAST = 50


@dataclass(frozen=True, slots=True)
class Selected:
    """A folder that was opened. `uidnext` is one above the highest UID there can be, `exists` counts its messages."""

    folder: str
    uidvalidity: int
    uidnext: int
    exists: int
    modseq: int | None
    writable: bool


class ImapSession:
    """The connection of one ImapMailbox. All methods may raise UnreachableError, MailboxError or UserError."""

    def __init__(
        self,
        config: MailboxConfig,
        secret: Callable[[], Credential],
        limits: Limits | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """`secret` is called at each sign-in. `context` None verifies certificates by the system's roots."""
        self.place = config.place
        self._config = config
        self._secret = secret
        self.limits = limits or Limits()
        self._context = context
        self._client: BoundedClient | None = None
        self._used = 0.0
        self._listed: tuple[Listed, ...] | None = None
        self._prefix = ""
        self._names = WireNames()
        self.selected: Selected | None = None
        self._until: float | None = None
        # Whether answers are on their way that a stream asked for. Nobody else can use the line then.
        self.owed = False

    @property
    def client(self) -> BoundedClient:
        """The signed-in client. Connects if there is none, and tries a line that was quiet for a minute."""
        if self._until is not None and time.monotonic() > self._until:
            self.drop()
            raise unreachable(self.place, TimeoutError())
        # Reading past answers that somebody else asked for could take a whole set. A new line is quicker.
        if self.owed:
            self.drop()
        # Routers drop quiet lines without a word, and the next command would wait out its whole time limit.
        if self._client is not None and time.monotonic() - self._used > self.limits.stale:
            self._try_line(self._client)
        if self._client is None:
            self._client = self._connect()
        self._used = time.monotonic()
        self._client.line.allow()
        return self._client

    @property
    def line(self) -> BoundedConnection:
        """The line under the client."""
        return self.client.line

    def within(self, seconds: float | None) -> None:
        """Let everything that follows end within `seconds` in all; None lifts the limit."""
        self._until = None if seconds is None else time.monotonic() + seconds
        if self._client is not None:
            self._client.line.until = self._until

    def touch(self) -> None:
        """Note that the line is in use, by the stream whose answers are on their way."""
        self.owed = False
        self._used = time.monotonic()

    def guarded(self) -> AbstractContextManager[None]:
        """Return the context to give commands in. Only the program's own errors leave it."""
        return guarded(self.place, self.drop)

    def drop(self) -> None:
        """Close the line without saying goodbye. The next use connects again."""
        client, self._client, self.selected, self.owed = self._client, None, None, False
        if client is not None:
            _shut(client)

    def close(self) -> None:
        """Sign out, within 2 seconds. Never raises."""
        client = self._client
        if client is not None and not self.owed:
            with contextlib.suppress(Exception):
                client.line.allow(seconds=2.0)
                client.logout()
        self.drop()

    def quoted(self, folder: str) -> bytes:
        """Return a folder name as it is sent over the line."""
        return self._names.quoted(safe(folder))

    def has(self, capability: str) -> bool:
        """Return whether the server has this capability."""
        with self.guarded():
            return bool(self.client.has_capability(capability))

    @property
    def message_limit(self) -> int | None:
        """How many messages the server takes in one command (RFC 9738), None if it names no limit."""
        with self.guarded():
            names = self.client.capabilities()
        limits = [name.partition(b"=")[2] for name in names if name.upper().startswith(b"MESSAGELIMIT=")]
        return next((int(limit) or None for limit in limits if limit.isdigit()), None)

    def open(self, folder: str, *, write: bool = False, again: bool = False) -> Selected:
        """Open a folder by EXAMINE, or by SELECT to `write`. One that is open already is kept unless asked `again`.

        Raises MailboxError if there is no such folder.
        """
        current = self.selected
        fits = current is not None and current.folder == folder and (current.writable or not write)
        if (
            current is not None
            and fits
            and not (again or self.owed)
            and time.monotonic() - self._used <= self.limits.stale
        ):
            return current
        with self.guarded():
            self.selected = self._open(safe(folder), write=write)
        return self.selected

    def holds(self, locator: Locator, *, write: bool = False) -> bool:
        """Open the folder of a locator. Return whether its UIDs still mean the same messages."""
        return self.open(locator.folder, write=write).uidvalidity == locator.uidvalidity

    def reopen(self, selected: Selected) -> None:
        """Open a folder again that somebody reads. Raises MailboxError if its UIDs mean other messages now."""
        found = self.open(selected.folder, write=selected.writable, again=True)
        if found.uidvalidity != selected.uidvalidity:
            raise MailboxError(
                "The mail server gave its messages new numbers while they were read; the folder will be read again."
            )
        self.selected = selected

    def folders(self) -> tuple[tuple[Listed, ...], str]:
        """Return the owner's folders and the prefix of their namespace ("" or "INBOX."). Asked once per connection."""
        with self.guarded():
            client = self.client
            if self._listed is None:
                listed = _list(client)
                self._prefix, foreign = ("", ()) if self._uses_are_told(listed) else _namespaces(client)
                self._listed = tuple(folder for folder in listed if not folder.name.startswith(foreign))
        return self._listed or (), self._prefix

    def _uses_are_told(self, listed: tuple[Listed, ...]) -> bool:
        # If every folder is told by its use, none has to be found by name, and NAMESPACE would be a wasted round trip.
        told = {flag for folder in listed for flag in folder.flags}
        named = self._config.sent or self._config.drafts
        return {"\\sent", "\\drafts"} <= told and not named and len(sent_folders(listed, "")) == 1

    def count(self, folder: str) -> int:
        """Return how many messages lie in a folder, 0 if the server doesn't say."""
        return self._status(folder, "MESSAGES")

    def uidnext(self, folder: str) -> int:
        """Return the number above a folder's highest UID without opening it, 0 if the server doesn't say."""
        return self._status(folder, "UIDNEXT")

    def _status(self, folder: str, item: str) -> int:
        with self.guarded():
            try:
                return int(self.client.folder_status(safe(folder), [item])[item.encode("ascii")])
            except IMAPClient.AbortError:
                raise
            except (IMAPClientError, KeyError):
                return 0

    def newest(self, folder: str) -> int:
        """Return when the last message of a folder arrived (epoch seconds), 0 if the server doesn't say."""
        try:
            top = self.open(folder, again=True).uidnext - 1
            with self.guarded():
                last = self.client.fetch(range(max(1, top - LAST + 1), top + 1), ["INTERNALDATE"]) if top else {}
        except MailboxError as error:
            if error.retry_after is not None:
                raise
            return 0
        dates = (items.get(b"INTERNALDATE") for items in last.values())
        return max((int(date.timestamp()) for date in dates if date), default=0)

    def create(self, folder: str) -> None:
        """Make a folder."""
        with self.guarded():
            self.client.create_folder(safe(folder))
        self._listed = None

    def _open(self, folder: str, *, write: bool) -> Selected:
        client = self.client
        if self._listed is None and client.names.may_be_odd(folder):
            self.folders()  # only LIST shows how this server spells the name
        answer = client.select_folder(folder, readonly=not write)
        uidnext = answer.get(b"UIDNEXT")
        if uidnext is None and not write:
            # Courier's EXAMINE gives no UIDNEXT, and its UIDVALIDITY changes with each session until the first SELECT.
            answer = client.select_folder(folder, readonly=False)
            uidnext = answer.get(b"UIDNEXT")
        exists = int(answer.get(b"EXISTS") or 0)
        if uidnext is None:
            status = client.folder_status(folder, ["UIDNEXT", "UIDVALIDITY"])
            uidnext = status[b"UIDNEXT"]
            answer = {b"UIDVALIDITY": status[b"UIDVALIDITY"], **answer}
        modseq = answer.get(b"HIGHESTMODSEQ")
        return Selected(folder, int(answer[b"UIDVALIDITY"]), int(uidnext), exists, modseq, write)

    def _try_line(self, client: BoundedClient) -> None:
        try:
            # A dead line must not cost a whole command's time.
            client.line.allow(seconds=10.0)
            client.noop()
        except Exception:  # noqa: BLE001 - whatever is wrong with the old line, a new one takes its place
            self.drop()

    def _connect(self) -> BoundedClient:
        config = self._config
        if config.security == "none" and not is_loopback(config.host):
            raise no_plain_login(config.host)
        credential = self._secret()
        self._listed = None
        try:
            return self._sign_in(credential)
        except LoginRefusedError:
            if credential.renew is None:
                raise
        # A token may be refused before it expires. A fresh one shows whether the sign-in itself is still good.
        return self._sign_in(credential.renew())

    def _sign_in(self, credential: Credential) -> BoundedClient:
        try:
            client = self._greet()
        except (OSError, EOFError, IMAPClientError) as error:
            raise unreachable(self.place, error) from error
        try:
            sign_in(client, self._config, credential)
            introduce(client)
        except (OSError, EOFError, IMAPClientError) as error:
            _shut(client)
            raise unreachable(self.place, error) from error
        except BaseException:
            _shut(client)
            raise
        return client

    def _greet(self) -> BoundedClient:
        config = self._config
        if config.security != "none" and self._context is None:
            self._context = ssl.create_default_context()  # kept, since reading the system's roots takes 20 ms
        limits = self.limits
        if self._until is not None:
            # Connecting counts against the time of the whole round too.
            left = max(0.1, self._until - time.monotonic())
            limits = replace(limits, connect=min(limits.connect, left))
        tls = self._context if config.security == "tls" else None
        client = BoundedClient(config.host, config.port, context=tls, limits=limits, names=self._names)
        client.line.until = self._until
        client.line.allow()
        if config.security == "starttls":
            try:
                client.starttls(self._context)
            except BaseException:
                _shut(client)
                raise
        return client


def _list(client: BoundedClient) -> tuple[Listed, ...]:
    found = _ask_list(client, b'LIST "" "*"')
    marked = any(folder.flags & {"\\sent", "\\drafts"} for folder in found)
    if not marked and client.has_capability("SPECIAL-USE") and client.has_capability("LIST-EXTENDED"):
        try:  # some servers tell the special uses only when asked like this (RFC 6154)
            return _ask_list(client, b'LIST "" "*" RETURN (SPECIAL-USE)') or found
        except IMAPClient.AbortError:
            raise
        except IMAPClientError:
            return found
    return found


def _ask_list(client: BoundedClient, command: bytes) -> tuple[Listed, ...]:
    line = client.line
    line.taken("LIST")
    status, words = line.answer(line.ask(command))
    responses = line.taken("LIST")
    if status != "OK":
        raise IMAPClientError(words.decode("utf-8", "replace"))
    return client.names.listed(responses)


def _namespaces(client: BoundedClient) -> tuple[str, tuple[str, ...]]:
    """Return the personal namespace's prefix ("" if unknown), and those of other people's (RFC 2342)."""
    if not client.has_capability("NAMESPACE"):
        return "", ()
    try:
        personal, *others = client.namespace()
        own = client.names.decoded(personal[0][0]) if personal else ""
        foreign = (client.names.decoded(prefix) for some in others for prefix, _ in some or ())
        return own, tuple(prefix for prefix in foreign if prefix and not own.startswith(prefix))
    except IMAPClient.AbortError:
        raise
    except (IMAPClientError, ValueError, TypeError, LookupError):
        return "", ()


def _shut(client: BoundedClient) -> None:
    with contextlib.suppress(Exception):  # it is gone either way
        client.shutdown()
