"""smtplib's client with limits on time and size, and with the steps of RFC 5321 that it doesn't take safely itself."""

from __future__ import annotations

import base64
import contextlib
import re
import select
import smtplib
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any

from assistant.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

# Seconds.
COMMAND = 60.0
# No answer of SMTP is longer, and a server could otherwise fill the memory.
MOST_OCTETS = 1 << 20
# Seconds to wait for news that the server cut the line while the message was being sent.
GLANCE = 0.05

PERMANENT = 500
# The address literal (RFC 5321, 4.1.3), for a machine whose name a server would refuse.
NAMELESS = "[127.0.0.1]"
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,255}}$){_LABEL}(\.{_LABEL})+", re.IGNORECASE)


class _CountedFile:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = MOST_OCTETS

    def readline(self, limit: int) -> bytes:
        line = self._file.readline(limit)
        self._left -= len(line)
        if self._left < 0:
            raise OSError("the server sent too much")
        return line

    def close(self) -> None:
        self._file.close()


class NameRefusedError(smtplib.SMTPResponseException):
    """The server refuses the name this machine gives in EHLO."""


class SmtpClient(smtplib.SMTP):
    """One connection. Its methods raise what smtplib and the socket raise."""

    # The last refusal of a sign-in.
    refused: smtplib.SMTPAuthenticationError | None = None

    def auth(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """Sign in by one mechanism, and remember a refusal in `refused`."""
        # smtplib's login goes on to the next mechanism after a refusal. If the server hangs up there, the refusal is
        # lost and it looks as if the line broke.
        try:
            return super().auth(*arguments, **options)
        except smtplib.SMTPAuthenticationError as error:
            self.refused = error
            raise

    def getreply(self) -> tuple[int, bytes]:
        """Return one answer. All answers together may have a megabyte."""
        if self.file is None and self.sock is not None:
            self.file = _CountedFile(self.sock.makefile("rb"))
        return super().getreply()

    def greet(self, host: str, port: int) -> None:
        """Connect and read the greeting."""
        code, words = self.connect(host, port)
        if code != 220:  # noqa: PLR2004 - RFC 5321, 4.2.2: ready
            raise smtplib.SMTPConnectError(code, words)
        self.set_timeout(COMMAND)

    def say_ehlo(self, *, last: bool) -> None:
        """Say EHLO, and if that is refused HELO. Raises NameRefusedError if this isn't the `last` name to try."""
        code, words = self.ehlo()
        # Before HELO, since a refused name must not be taken for an old server that knows no EHLO.
        if code >= PERMANENT and not last:
            raise NameRefusedError(code, words)
        if not 200 <= code < 300:  # noqa: PLR2004 - RFC 5321, 4.2.1
            helo = 0
            with contextlib.suppress(smtplib.SMTPServerDisconnected):  # the answer to EHLO says more
                helo, _ = self.helo()
            if not 200 <= helo < 300:  # noqa: PLR2004
                raise smtplib.SMTPHeloError(code, words)

    def sign_in_by_token(self, user: str, token: str) -> None:
        """Sign in with an access token (XOAUTH2)."""
        refuse_line_breaks(token)
        given = base64.b64encode(f"user={user}\1auth=Bearer {token}\1\1".encode()).decode("ascii")
        code, words = self.docmd("AUTH", "XOAUTH2 " + given)
        if code == 334:  # noqa: PLR2004 - a challenge: a refusal comes as one, which wants an empty answer
            code, words = self.docmd("")
        if code not in {235, 503}:
            raise smtplib.SMTPAuthenticationError(code, words)

    @contextlib.contextmanager
    def time_limit(self, seconds: float) -> Iterator[None]:
        """Shut the line after `seconds`, unless the context has ended."""
        # A server that sends an octet now and then never lets a read time out, so a timer has to do it.

        def shut() -> None:
            with contextlib.suppress(OSError):
                if self.sock is not None:
                    self.sock.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(seconds, shut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def set_timeout(self, seconds: float) -> None:
        """Wait at most `seconds` for each read and write from here on."""
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def check_line(self) -> None:
        """Raise SMTPServerDisconnected if the server has hung up."""
        # Noticed before the final dot, nothing was taken. Noticed after it, that would be a doubt, which costs ten
        # minutes or a question to the owner.
        if self.sock is None or isinstance(self.sock, ssl.SSLSocket):  # waiting octets may belong to TLS itself
            return
        readable, _, _ = select.select([self.sock], [], [], GLANCE)
        if readable and not self.sock.recv(1, socket.MSG_PEEK):
            raise smtplib.SMTPServerDisconnected("the line was closed before the message was whole")

    def leave(self) -> None:
        """Say QUIT and hang up without waiting for the answer. Never raises."""
        # The answer to QUIT doesn't count: a 421 there once turned a success into three mails.
        with contextlib.suppress(Exception):
            self.set_timeout(2.0)
            self.putcmd("quit")
        with contextlib.suppress(Exception):
            self.close()


class SmtpClientOverTls(SmtpClient, smtplib.SMTP_SSL):
    """One connection with TLS from the first byte."""


def own_name() -> str:
    """Return this machine's name for EHLO: its full domain name, else an address literal."""
    # smtplib would send whatever the machine is called, and raise if that has umlauts. Some servers refuse what is no
    # domain name, such as my_laptop.lan.
    try:
        name = socket.getfqdn()
    except (OSError, UnicodeError):
        return NAMELESS
    return name if _DOMAIN.fullmatch(name) else NAMELESS


def dot_stuffed(message: bytes) -> bytes:
    """Return a message with CRLF, doubled leading dots and the final dot (RFC 5321, 4.5.2)."""
    text = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    text = text.replace(b"\r\n.", b"\r\n..")
    if text.startswith(b"."):
        text = b"." + text
    return text + (b".\r\n" if text.endswith(b"\r\n") else b"\r\n.\r\n")


def refuse_line_breaks(text: str) -> None:
    """Raise UserError if an address or a token would break out of its command."""
    if any(ch in text for ch in "\r\n\0"):
        raise UserError("An address with a line break in it was refused.")
