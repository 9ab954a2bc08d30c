"""A signed-in connection to an IMAP server: made when first needed, made anew after it broke."""

from __future__ import annotations

import contextlib
import re
import ssl
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError
from imapclient.imap_utf7 import decode as from_utf7
from imapclient.imap_utf7 import encode as to_utf7
from imapclient.response_parser import parse_response

from assistant.config.hosts import is_loopback
from assistant.errors import AssistantError, LoginRefusedError, MailboxError, UserError
from assistant.mailbox.failures import guarded, login_failure, no_plain_login, plain, unreachable
from assistant.mailbox.line import Client, Limits, Line
from assistant.mailbox.names import Listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from assistant.config import MailboxConfig
    from assistant.config.secrets import Credential

_UNSAFE = re.compile(r"[\r\n\0]")


@dataclass(frozen=True, slots=True)
class Selected:
    """A folder that was opened: `uidnext` is one above the highest UID there can be, `exists` how many lie in it."""

    folder: str
    uidvalidity: int
    uidnext: int
    exists: int
    modseq: int | None
    writable: bool


class Session:
    """The connection of one ImapMailbox. All methods may raise UnreachableError, MailboxError and UserError."""

    def __init__(
        self,
        config: MailboxConfig,
        secret: Callable[[], Credential],
        limits: Limits | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """Connect nothing yet; `secret` is asked at each sign-in; `context` None verifies by the system's roots."""
        self.place = config.place
        self._config = config
        self._secret = secret
        self.limits = limits or Limits()
        self._context = context
        self._client: Client | None = None
        self._used = 0.0
        self._listed: tuple[Listed, ...] | None = None
        self._prefix = ""
        self.selected: Selected | None = None
        self._until: float | None = None
        self.owed = False
        """Whether answers are on their way that a stream asked for: nobody else can use that line."""

    @property
    def client(self) -> Client:
        """The signed-in client; connects where there is none, and tries a line that was quiet for a minute."""
        if self._until is not None and time.monotonic() > self._until:
            self.drop()
            raise unreachable(self.place, TimeoutError())
        if self.owed:
            self.drop()
        if self._client is not None and time.monotonic() - self._used > self.limits.stale:
            self._try_line(self._client)
        if self._client is None:
            self._client = self._connect()
        self._used = time.monotonic()
        self._client.line.allow()
        return self._client

    @property
    def line(self) -> Line:
        """The line beneath the client."""
        return self.client.line

    def within(self, seconds: float | None) -> None:
        """Let all that follows end within so many seconds; None lifts it."""
        self._until = None if seconds is None else time.monotonic() + seconds
        if self._client is not None:
            self._client.line.until = self._until

    def touch(self) -> None:
        """Note that the line is in use by the stream that asked for what is on its way."""
        self.owed = False
        self._used = time.monotonic()

    def guarded(self) -> AbstractContextManager[None]:
        """Return the context in which commands are given: only the program's errors leave it."""
        return guarded(self.place, self.drop)

    def drop(self) -> None:
        """Close the line without a word; the next use connects anew."""
        client, self._client, self.selected, self.owed = self._client, None, None, False
        if client is not None:
            _shut(client)

    def close(self) -> None:
        """Sign out, within 2 seconds; never raises."""
        client = self._client
        if client is not None and not self.owed:
            with contextlib.suppress(Exception):  # leaving is all that is wanted
                client.line.allow(seconds=2.0)
                client.logout()
        self.drop()

    def has(self, capability: str) -> bool:
        """Return whether the server names that capability."""
        with self.guarded():
            return bool(self.client.has_capability(capability))

    def open(self, folder: str, *, write: bool = False, again: bool = False) -> Selected:
        """Open a folder: EXAMINE, or SELECT for writing; the one that is open is kept unless asked `again`.

        Raises MailboxError where there is no such folder.
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

    def folders(self) -> tuple[tuple[Listed, ...], str]:
        """Return all folders, and the prefix of the personal namespace ("" or "INBOX."); asked once a connection."""
        with self.guarded():
            client = self.client
            if self._listed is None:
                self._listed = _list(client)
                self._prefix = "" if self._uses_are_told(self._listed) else _prefix(client)
        return self._listed or (), self._prefix

    def _uses_are_told(self, listed: tuple[Listed, ...]) -> bool:
        """Return whether no folder has to be found by a name: then nobody needs the prefix of names."""
        told = {flag for folder in listed for flag in folder.flags}
        return {"\\sent", "\\drafts"} <= told and not (self._config.sent or self._config.drafts)

    def count(self, folder: str) -> int:
        """Return how many messages lie in a folder, 0 where that cannot be told."""
        with self.guarded():
            try:
                return int(self.client.folder_status(safe(folder), ["MESSAGES"])[b"MESSAGES"])
            except IMAPClient.AbortError:
                raise
            except (IMAPClientError, KeyError):
                return 0

    def create(self, folder: str) -> None:
        """Make a folder."""
        with self.guarded():
            self.client.create_folder(safe(folder))
        self._listed = None

    def _open(self, folder: str, *, write: bool) -> Selected:
        client = self.client
        answer = client.select_folder(folder, readonly=not write)
        uidnext = answer.get(b"UIDNEXT")
        if uidnext is None and not write:
            # Courier's EXAMINE has no UIDNEXT and, before the first SELECT, no lasting UIDVALIDITY.
            answer = client.select_folder(folder, readonly=False)
            uidnext = answer.get(b"UIDNEXT")
        exists = int(answer.get(b"EXISTS") or 0)
        if uidnext is None:
            status = client.folder_status(folder, ["UIDNEXT", "UIDVALIDITY"])
            uidnext = status[b"UIDNEXT"]
            answer = {b"UIDVALIDITY": status[b"UIDVALIDITY"], **answer}
        modseq = answer.get(b"HIGHESTMODSEQ")
        return Selected(folder, int(answer[b"UIDVALIDITY"]), int(uidnext), exists, modseq, write)

    def _try_line(self, client: Client) -> None:
        try:
            client.line.allow(seconds=10.0)
            client.noop()
        except Exception:  # noqa: BLE001 - whatever is wrong with an old line, a new one is made
            self.drop()

    def _connect(self) -> Client:
        config = self._config
        if config.security == "none" and not is_loopback(config.host):
            raise no_plain_login(config.host)
        credential = self._secret()
        self._listed = None
        try:
            return self._signed_in(credential)
        except LoginRefusedError:
            if credential.renew is None:
                raise
        # A token may be refused before its time: a fresh one tells whether the sign-in itself still holds.
        return self._signed_in(credential.renew())

    def _signed_in(self, credential: Credential) -> Client:
        try:
            client = self._greeted()
        except (OSError, EOFError, IMAPClientError) as error:
            raise unreachable(self.place, error) from error
        try:
            _sign_in(client, self._config, credential)
        except BaseException:
            _shut(client)
            raise
        return client

    def _greeted(self) -> Client:
        config = self._config
        context = self._context or ssl.create_default_context()
        limits = self.limits
        if self._until is not None:
            left = max(0.1, self._until - time.monotonic())
            limits = replace(limits, connect=min(limits.connect, left))
        client = Client(config.host, config.port, context=context if config.security == "tls" else None, limits=limits)
        client.line.until = self._until
        client.line.allow()
        if config.security == "starttls":
            try:
                client.starttls(context)
            except BaseException:
                _shut(client)
                raise
        return client


def safe(text: str) -> str:
    """Return a folder name or search word; raises UserError where it would break out of the command (CR, LF, NUL)."""
    if _UNSAFE.search(text):
        message = "A folder name or message id with a line break in it was refused."
        raise UserError(message)
    return text


def quoted(folder: str) -> bytes:
    """Return a folder name as a quoted string in modified UTF-7 (RFC 3501, 5.1.3)."""
    return b'"' + bytes(to_utf7(safe(folder))).replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _sign_in(client: Client, config: MailboxConfig, credential: Credential) -> None:
    """Sign in by token or password; raises LoginRefusedError only where the server says that they are wrong."""
    if client.has_capability("LOGINDISABLED") and not credential.token:
        message = f"The mail server {config.host} takes no password on this line: set another security in config.toml."
        raise UserError(message)
    try:
        if credential.token:
            client.oauth2_login(config.user, safe(credential.token))
        elif _is_plain(config.user + (credential.password or "")):
            client.login(config.user, credential.password or "")
        else:
            client.plain_login(config.user, credential.password or "")
    except AssistantError:
        raise
    except (OSError, IMAPClientError) as error:
        raise login_failure(config.place, config.user, error, credential) from None
    except Exception:  # noqa: BLE001 - the chain is cut: a traceback could hold the secret
        message = f"The mail server {config.host} answered the sign-in in a way that cannot be read."
        raise MailboxError(message) from None


def _is_plain(text: str) -> bool:
    """Return whether LOGIN can carry it: printable ASCII (AUTHENTICATE PLAIN takes the rest)."""
    return text.isascii() and text.isprintable()


def _list(client: Client) -> tuple[Listed, ...]:
    found = [_listed(entry) for entry in client.list_folders()]
    marked = any(folder.flags & {"\\sent", "\\drafts"} for folder in found)
    if not marked and client.has_capability("SPECIAL-USE") and client.has_capability("LIST-EXTENDED"):
        found = list(_with_uses(client)) or found
    return tuple(found)


def _with_uses(client: Client) -> Iterator[Listed]:
    """Ask for the uses where a plain LIST does not tell them (RFC 6154)."""
    line = client.line
    line.taken("LIST")
    status, _ = line.answer(line.ask(b'LIST "" "*" RETURN (SPECIAL-USE)'))
    raw = line.taken("LIST")
    if status == "OK":
        parsed = parse_response([entry for entry in raw if entry])
        for at in range(0, len(parsed) - 2, 3):
            name = parsed[at + 2]
            if isinstance(name, (bytes, str)):
                yield _listed((parsed[at], parsed[at + 1], _decoded(name)))


def _decoded(name: bytes | str) -> str:
    return str(from_utf7(name.encode() if isinstance(name, str) else name))


def _listed(entry: tuple[object, object, object]) -> Listed:
    flags, separator, name = entry
    words = (
        [flag.decode("ascii", "replace").lower() for flag in flags if isinstance(flag, bytes)]
        if isinstance(flags, tuple)
        else []
    )
    return Listed(
        str(name), frozenset(words), separator.decode("ascii", "replace") if isinstance(separator, bytes) else ""
    )


def _prefix(client: Client) -> str:
    """Return the prefix of the personal namespace, "" where the server has no NAMESPACE (RFC 2342)."""
    if not client.has_capability("NAMESPACE"):
        return ""
    try:
        personal = client.namespace().personal
        return str(personal[0][0]) if personal else ""
    except IMAPClient.AbortError:
        raise
    except (IMAPClientError, ValueError, TypeError, LookupError):
        return ""


def _shut(client: Client) -> None:
    with contextlib.suppress(Exception):  # it is gone
        client.shutdown()


__all__ = ["Selected", "Session", "plain", "quoted", "safe"]
