"""One line to an IMAP server, with a deadline and a budget on everything that comes over it.

imapclient speaks the protocol; the bytes come through `Line`, so that no server can hold a command
longer than its deadline, fill the memory, or slip plain text under STARTTLS. The header stream of
`fetch.py` reads from the same buffer.
"""

from __future__ import annotations

import imaplib
import logging
import time
from dataclasses import dataclass, replace
from socket import create_connection
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient

if TYPE_CHECKING:
    import socket
    import ssl

    from assistant.mailbox.imap.listing import WireNames

CHUNK = 1 << 18
LONGEST_LINE = 8 << 20
LONGEST_LITERAL = 8 << 20
"""More than any message or header that is asked for; what is being put together lies in memory up to three times."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, of a silence, for a command, between looks without IDLE, until a quiet line is tried by NOOP.

    And the octets that one command may bring: as objects they weigh up to twenty times as much.
    """

    connect: float = 20.0
    silence: float = 30.0
    command: float = 60.0
    poll: float = 60.0
    stale: float = 60.0
    octets: int = 8 << 20


class Line(imaplib.IMAP4):
    """imaplib's connection, reading through a buffer of its own."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, limits: Limits) -> None:
        """Connect and read the greeting; `context` None means no TLS from the first byte."""
        self._context = context
        self.limits = limits
        self.buffer = b""
        self.at = 0
        self.round_trips = 0
        self.until: float | None = None
        self._filled_from: object = None
        self._deadline = time.monotonic() + limits.connect
        self._octets = limits.octets
        super().__init__(host, port, timeout=limits.connect)

    def allow(self, seconds: float | None = None, octets: int | None = None) -> None:
        """Give what follows so many seconds in all and so many octets (the limits' own by default)."""
        self._deadline = time.monotonic() + (self.limits.command if seconds is None else seconds)
        self._octets = self.limits.octets if octets is None else octets

    def fill(self) -> bool:
        """Read more into the buffer (what was taken from it goes); False at the end of the line."""
        left = self._left()
        if left <= 0:
            raise TimeoutError("the server took too long")
        self.sock.settimeout(min(self.limits.silence, left))
        chunk = self.sock.recv(CHUNK)
        self._octets -= len(chunk)
        if self._octets < 0:
            raise self.abort("the server sent too much")
        self._filled_from = self.sock
        self.buffer = self.buffer[self.at :] + chunk
        self.at = 0
        return bool(chunk)

    def _left(self) -> float:
        """Return the seconds left: of this command, and of all commands together where `until` is set."""
        end = self._deadline if self.until is None else min(self._deadline, self.until)
        return end - time.monotonic()

    def waiting(self) -> bool:
        """Return whether something was read that nobody took yet."""
        return self.at < len(self.buffer)

    def readline(self) -> bytes:
        """Return one line with its end; a part of one, or b"", at the end of the line."""
        if self._filled_from is not None and self._filled_from is not self.sock and self.waiting():
            raise self.abort("the server spoke before encryption was agreed")
        looked = self.at
        while (end := self.buffer.find(b"\n", looked)) < 0:
            looked = len(self.buffer) - self.at
            if looked > LONGEST_LINE:
                raise self.abort("the server sent an endless line")
            if not self.fill():
                end = len(self.buffer) - 1
                break
        taken = self.buffer[self.at : end + 1]
        self.at = end + 1
        return taken

    def read(self, size: int) -> bytes:
        """Return a literal of `size` octets; shorter only at the end of the line."""
        if size > LONGEST_LITERAL:
            raise self.abort("the server announced more than can be taken")
        while len(self.buffer) - self.at < size:
            if not self._gather(size):
                break
        taken = self.buffer[self.at : self.at + size]
        self.at += len(taken)
        return taken

    def _gather(self, size: int) -> bool:
        """Fill the buffer up to `size` octets at one go: joining at each chunk would be quadratic."""
        parts = [self.buffer[self.at :]]
        have = len(parts[0])
        self.buffer, self.at = b"", 0
        while have < size and self.fill():
            parts.append(self.buffer)
            have += len(self.buffer)
            self.buffer, self.at = b"", 0
        self.buffer = b"".join(parts)
        return have >= size

    def send(self, data: Any) -> None:
        """Send it within the deadline."""
        self.sock.settimeout(max(0.1, min(self.limits.silence, self._left())))
        self.round_trips += 1
        super().send(data)

    def ask(self, command: bytes) -> bytes:
        """Send a command of one line without waiting for its answer; return its tag."""
        tag: bytes = self._new_tag()
        self.send(tag + b" " + command + b"\r\n")
        return tag

    def forget(self, tag: bytes) -> None:
        """Expect no answer to this tag any more: a reader of its own took it."""
        self.tagged_commands.pop(tag, None)

    def answer(self, tag: bytes) -> tuple[str, bytes]:
        """Read up to the answer to `tag`; return its status (OK, NO, BAD) and text."""
        status, data = self._get_tagged_response(tag)
        return str(status), bytes(data[0] or b"")

    def taken(self, kind: str) -> list[Any]:
        """Return and forget the untagged responses of that kind; an empty list when there are none."""
        found: list[Any] = self.untagged_responses.pop(kind, [])
        return found

    def invited(self, tag: bytes) -> bool:
        """Wait for the server's "+" to a command; False where it answered NO or BAD, which `answer` then gives."""
        while self._get_response() is not None:
            if self.tagged_commands[tag]:
                return False
        return True

    def listen(self, seconds: float) -> bool:
        """Wait up to `seconds` for one line to come in (IDLE) and take it; return whether there was one."""
        self._deadline = time.monotonic() + seconds
        kept, self.limits = self.limits, replace(self.limits, silence=seconds)
        try:
            self._get_response()
        except TimeoutError:
            return False
        finally:
            self.limits = kept
        return True

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = create_connection((self.host, self.port), timeout)
        if self._context is None:
            return plain
        return self._context.wrap_socket(plain, server_hostname=self.host)


class Client(IMAPClient):  # type: ignore[misc]  # imapclient has no types
    """imapclient over a `Line`. Times stay as the server gave them; nothing is logged of what is said."""

    def __init__(
        self, host: str, port: int, *, context: ssl.SSLContext | None, limits: Limits, names: WireNames
    ) -> None:
        """Connect; `context` is for TLS from the first byte (None: plain, or STARTTLS later)."""
        self.names = names
        self._limits = limits
        self._first_context = context
        logging.getLogger("imapclient").setLevel(logging.WARNING)  # its debug log holds what mails say
        super().__init__(host, port, ssl=context is not None, ssl_context=context, timeout=limits.connect)
        self.normalise_times = False
        self.folder_encode = False  # prefixes come as they are: `names` reads them
        self.line.debug = 0

    @property
    def line(self) -> Line:
        """The line beneath."""
        line: Line = self._imap
        return line

    def _normalise_folder(self, folder_name: str) -> bytes:
        """Spell the name as this server does, in every command that imapclient gives."""
        return self.names.quoted(folder_name)

    def _create_IMAP4(self) -> Line:  # noqa: N802 - imapclient's hook
        return Line(self.host, self.port, self._first_context, self._limits)
