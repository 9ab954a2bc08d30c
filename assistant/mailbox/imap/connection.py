"""One line to an IMAP server, with a deadline and a budget on everything that comes over it.

imapclient does the protocol, and all bytes come through `BoundedConnection`. So no server can hold up a command past
its deadline, fill the memory, or smuggle plain text in before STARTTLS. The header stream of `fetch.py` reads from the
same buffer.
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
# Larger than any message or header that is asked for. While it is put together it takes up to three times the memory.
LONGEST_LITERAL = 8 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much is waited for.

    In seconds: `connect` to connect, `silence` without an octet, `command` for a whole command, `poll` between looks
    without IDLE, `stale` until a quiet line is tried by NOOP. `octets` is what one command may bring.
    """

    connect: float = 20.0
    silence: float = 30.0
    command: float = 60.0
    poll: float = 60.0
    stale: float = 60.0
    # Parsed into objects, it takes up to twenty times as much memory.
    octets: int = 8 << 20


class BoundedConnection(imaplib.IMAP4):
    """imaplib's connection, reading through its own buffer."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, limits: Limits) -> None:
        """Connect and read the greeting. `context` None means no TLS from the first byte."""
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
        """Allow what follows this many seconds and octets in all (by default, those of the limits)."""
        self._deadline = time.monotonic() + (self.limits.command if seconds is None else seconds)
        self._octets = self.limits.octets if octets is None else octets

    def fill(self) -> bool:
        """Read more into the buffer and drop what was taken from it. False at the end of the line."""
        left = self._left()
        if left <= 0:
            raise TimeoutError("the server took too long")
        # A byte a second would defeat a read timeout alone, so the deadline counts too.
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
        """Return the seconds left for this command, and for all commands together if `until` is set."""
        end = self._deadline if self.until is None else min(self._deadline, self.until)
        return end - time.monotonic()

    def waiting(self) -> bool:
        """Return whether octets were read that nobody took yet."""
        return self.at < len(self.buffer)

    def readline(self) -> bytes:
        """Return one line with its line end. At the end of the connection, part of a line or b""."""
        # Octets from before STARTTLS were not protected: somebody in between may have put them there.
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
        """Return a literal of `size` octets, shorter only at the end of the connection."""
        if size > LONGEST_LITERAL:
            raise self.abort("the server announced more than can be taken")
        while len(self.buffer) - self.at < size:
            if not self._gather(size):
                break
        taken = self.buffer[self.at : self.at + size]
        self.at += len(taken)
        return taken

    def _gather(self, size: int) -> bool:
        # Joining the buffer at every chunk would be quadratic, so the chunks are gathered first.
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
        """Send it before the deadline."""
        self.sock.settimeout(max(0.1, min(self.limits.silence, self._left())))
        self.round_trips += 1
        super().send(data)

    def ask(self, command: bytes) -> bytes:
        """Send a one-line command without waiting for its answer. Return its tag."""
        tag: bytes = self._new_tag()
        self.send(tag + b" " + command + b"\r\n")
        return tag

    def forget(self, tag: bytes) -> None:
        """Expect no answer to this tag any more, since another reader took it."""
        self.tagged_commands.pop(tag, None)

    def answer(self, tag: bytes) -> tuple[str, bytes]:
        """Read up to the answer to `tag`. Return its status (OK, NO or BAD) and text."""
        status, data = self._get_tagged_response(tag)
        return str(status), bytes(data[0] or b"")

    def taken(self, kind: str) -> list[Any]:
        """Return and forget the untagged responses of that kind, an empty list if there are none."""
        found: list[Any] = self.untagged_responses.pop(kind, [])
        return found

    def invited(self, tag: bytes) -> bool:
        """Wait for the server's "+" to a command. False if it answered NO or BAD, which `answer` then returns."""
        while self._get_response() is not None:
            if self.tagged_commands[tag]:
                return False
        return True

    def listen(self, seconds: float) -> bool:
        """Wait up to `seconds` for one line during IDLE and take it. Return whether one came."""
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


class BoundedClient(IMAPClient):  # type: ignore[misc]  # imapclient has no types
    """imapclient over a `BoundedConnection`. Times stay as the server gave them, and nothing said gets logged."""

    def __init__(
        self, host: str, port: int, *, context: ssl.SSLContext | None, limits: Limits, names: WireNames
    ) -> None:
        """Connect. `context` is for TLS from the first byte; None is plain, or STARTTLS later."""
        self.names = names
        self._limits = limits
        self._first_context = context
        # Its debug log holds what mails say.
        logging.getLogger("imapclient").setLevel(logging.WARNING)
        super().__init__(host, port, ssl=context is not None, ssl_context=context, timeout=limits.connect)
        # Otherwise imapclient drops the server's offset and counts in this machine's zone.
        self.normalise_times = False
        self.folder_encode = False  # `names` decodes the prefixes itself
        self.line.debug = 0

    @property
    def line(self) -> BoundedConnection:
        """The line under this client."""
        line: BoundedConnection = self._imap
        return line

    def _normalise_folder(self, folder_name: str) -> bytes:
        # Every command of imapclient passes its folder name through here, so each is spelled as this server does.
        return self.names.quoted(folder_name)

    def _create_IMAP4(self) -> BoundedConnection:  # noqa: N802 - imapclient's hook
        return BoundedConnection(self.host, self.port, self._first_context, self._limits)
