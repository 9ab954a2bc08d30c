"""The way out: one message to one recipient by SMTP submission (RFC 6409), with a clear answer to "was it taken?"."""

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

from assistant.config.values import is_loopback
from assistant.errors import (
    AssistantError,
    InDoubtError,
    LoginRefusedError,
    RefusedMessageError,
    UnreachableError,
    UserError,
)
from assistant.mailbox.errors import (
    backoff,
    no_plain_login,
    plain,
    refused_login,
    refused_submission,
    unreachable,
    without_secret,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from assistant.config import SmtpConfig
    from assistant.config.secrets import Credential

CONNECT = 30.0
COMMAND = 60.0
FINAL_DOT = 600.0
"""Seconds; RFC 5321, 4.5.3.2.6 wants ten minutes for the answer to the final dot: giving up early makes doubles."""

SETTING_UP = 60.0
"""Seconds for everything from the greeting to RCPT."""
MOST_OCTETS = 1 << 20

GLANCE = 0.05
"""Seconds to wait for word of a line that the server cut while the message was sent."""

_PERMANENT = 500
_SIGN_IN_WANTED = 530
_ANYBODY = "[127.0.0.1]"
"""The address literal (RFC 5321, 4.1.3) for a machine whose name a server would refuse."""
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,255}}$){_LABEL}(\.{_LABEL})+", re.IGNORECASE)


class _Counted:
    """What comes from a server, up to a megabyte: no answer of SMTP is longer."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = MOST_OCTETS

    def readline(self, limit: int) -> bytes:
        """Return one line; raises OSError once the server has said too much."""
        line = self._file.readline(limit)
        self._left -= len(line)
        if self._left < 0:
            raise OSError("the server sent too much")
        return line

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class _Smtp(smtplib.SMTP):
    """smtplib's client, with an end to what it reads; `refused` is the last refusal of a sign-in."""

    refused: smtplib.SMTPAuthenticationError | None = None

    def auth(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """Sign in by one mechanism, and keep a refusal: `login` tries the next one, where a server may hang up."""
        try:
            return super().auth(*arguments, **options)
        except smtplib.SMTPAuthenticationError as error:
            self.refused = error
            raise

    def getreply(self) -> tuple[int, bytes]:
        """Return one answer, read through a counter."""
        if self.file is None and self.sock is not None:
            self.file = _Counted(self.sock.makefile("rb"))
        return super().getreply()


class _NameRefusedError(smtplib.SMTPResponseException):
    """The server refuses the name that this machine gives at EHLO."""


class _SmtpOverTls(_Smtp, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class SmtpTransport:
    """Fits the Transport port; each `send` is a connection of its own and at most one DATA."""

    def __init__(
        self,
        config: SmtpConfig,
        secret: Callable[[], Credential] | None,
        *,
        final_dot: float = FINAL_DOT,
        setting_up: float = SETTING_UP,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """`secret` is asked at each sign-in (None or an empty user: no sign-in); `context` None verifies as usual."""
        self._config = config
        self._secret = secret
        self._final_dot = final_dot
        self._setting_up = setting_up
        self._context = context

    def send(self, mail_from: str, rcpt_to: str, message: bytes) -> None:
        """Hand over `message` (RFC 5322 bytes with CRLF) for one recipient.

        Raises RefusedMessageError where the server said 5xx to sender, recipient or message; LoginRefusedError where it
        said so to the sign-in, UserError where to anything before that, or where the owner must act. UnreachableError
        where nothing was handed over and it may be tried again; InDoubtError where the line broke after the final dot
        was on its way.
        """
        _one_line(mail_from)
        _one_line(rcpt_to)
        server = self._connected()
        try:
            with _watched(server, self._setting_up):
                self._signed_in(server)
                self._envelope(server, mail_from, rcpt_to)
            with _watched(server, COMMAND + self._final_dot):
                self._transaction(server, message)
        except (smtplib.SMTPException, OSError) as error:
            raise unreachable(self._config.place, error) from error
        finally:
            _leave(server)

    def _transaction(self, server: smtplib.SMTP, message: bytes) -> None:
        """Carry out DATA; what fails from here on says so, since no order to a third person gets a second one."""
        try:
            self._data(server, message)
        except UnreachableError as error:
            error.after_data = True
            raise
        except (smtplib.SMTPException, OSError) as error:
            broken = unreachable(self._config.place, error)
            broken.after_data = True
            raise broken from error

    def check(self) -> None:
        """Connect, sign in and leave; raises as `send` does. For `assistant doctor`."""
        server = self._connected()
        try:
            with _watched(server, self._setting_up):
                self._signed_in(server)
        except (smtplib.SMTPException, OSError) as error:
            raise unreachable(self._config.place, error) from error
        finally:
            _leave(server)

    def _connected(self) -> _Smtp:
        config = self._config
        signs_in = self._secret is not None and config.user
        if config.security == "none" and signs_in and not is_loopback(config.host):
            raise no_plain_login(config.host)
        context = self._context or ssl.create_default_context()
        try:
            return self._greeted_as(_own_name(), context)
        except _NameRefusedError:
            # On a line of its own: some servers hang up on a name that they do not like.
            return self._greeted_as(_ANYBODY, context, last=True)

    def _greeted_as(self, name: str, context: ssl.SSLContext, *, last: bool = False) -> _Smtp:
        """Connect and say EHLO by that name; raises _NameRefusedError where that is refused and it isn't the `last`."""
        config = self._config
        server = (
            _SmtpOverTls(local_hostname=name, timeout=CONNECT, context=context)
            if config.security == "tls"
            else _Smtp(local_hostname=name, timeout=CONNECT)
        )
        server._host = config.host  # type: ignore[attr-defined]  # noqa: SLF001 - for TLS; its constructor would connect
        try:
            with _watched(server, self._setting_up):
                _greeted(server, config.host, config.port)
                _introduced(server, last=last)
                if config.security == "starttls":
                    server.starttls(context=context)
                    _introduced(server, last=last)
        except _NameRefusedError:
            _leave(server)
            raise
        except smtplib.SMTPResponseException as error:
            _leave(server)
            raise self._turned_away(error) from error
        except (smtplib.SMTPException, OSError) as error:
            _leave(server)
            raise unreachable(config.place, error) from error
        return server

    def _turned_away(self, error: smtplib.SMTPResponseException) -> AssistantError:
        """Return what an answer to greeting, EHLO or STARTTLS means: for good with 5xx, else for now."""
        said = _text(error.smtp_error)
        if error.smtp_code < _PERMANENT:
            return self._later(error.smtp_code, said.encode())
        return UserError(
            f"The mail server {self._config.place} refused the connection ({error.smtp_code} {plain(said)}); "
            "check [smtp] in config.toml, or ask whoever runs the server."
        )

    def _signed_in(self, server: _Smtp) -> None:
        if self._secret is None or not self._config.user:
            return
        credential = self._secret()
        failure = self._refusal(server, credential)
        if isinstance(failure, LoginRefusedError) and credential.renew is not None:
            # A token may be refused before its time: a fresh one tells whether the sign-in itself still holds.
            failure = self._refusal(server, credential.renew())
        if failure is not None:
            raise failure  # outside the handler: a chained traceback could hold the secret

    def _refusal(self, server: _Smtp, credential: Credential) -> AssistantError | None:
        """Sign in; return why that did not do, None where it did."""
        failure: AssistantError | None = None
        try:
            if credential.token:
                _xoauth2(server, self._config.user, credential.token)
            else:
                server.login(self._config.user, credential.password or "")
        except smtplib.SMTPNotSupportedError:
            failure = UserError(f"The mail server {self._config.host} offers no sign-in; check [smtp] in config.toml.")
        except smtplib.SMTPAuthenticationError as error:
            failure = self._not_signed_in(error, credential)
        except smtplib.SMTPException as error:
            if server.refused is not None:
                failure = self._not_signed_in(server.refused, credential)
            elif type(error) is smtplib.SMTPException:  # smtplib's for "no suitable authentication method"
                failure = UserError(
                    f"The mail server {self._config.host} offers no sign-in that can be used; check [smtp] in "
                    "config.toml."
                )
            else:
                raise
        except UnicodeError:
            failure = refused_login(self._config.user, token=bool(credential.token))
        return failure

    def _not_signed_in(self, error: smtplib.SMTPAuthenticationError, credential: Credential) -> AssistantError:
        words = without_secret(_text(error.smtp_error), self._config.user, credential)
        if error.smtp_code < _PERMANENT:
            return self._later(error.smtp_code, words.encode())
        said = f"{error.smtp_code} {plain(words)}"
        return refused_submission(self._config.place, self._config.user, said, token=bool(credential.token))

    def _envelope(self, server: smtplib.SMTP, mail_from: str, rcpt_to: str) -> None:
        """Say who it is from and for; raises where either is refused."""
        wide = not (mail_from + rcpt_to).isascii()
        if wide and not server.has_extn("smtputf8"):
            raise RefusedMessageError(
                f"The mail server {self._config.host} cannot send to {rcpt_to}: it takes only ASCII addresses."
            )
        if wide:
            server.command_encoding = "utf-8"
        self._answered(*server.mail(mail_from, ["SMTPUTF8", "BODY=8BITMIME"] if wide else []))
        self._answered(*server.rcpt(rcpt_to))

    def _data(self, server: smtplib.SMTP, message: bytes) -> None:
        """Hand over the message; what breaks from the moment its last octets are on their way is doubt."""
        code, words = server.docmd("DATA")
        if code != 354:  # noqa: PLR2004 - "start mail input"
            self._answered(code, words)
            raise self._later(code, words)
        text = _dotted(message)
        server.send(text[:-3])  # a break in here cannot have been taken: the dot is missing
        _still_there(server)
        try:
            _patience(server, self._final_dot)
            server.send(text[-3:])
            code, words = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            doubt = "The line to the mail server broke after the message was handed over; it may have been taken."
            raise InDoubtError(doubt) from error
        self._answered(code, words)

    def _answered(self, code: int, words: bytes) -> None:
        """Raise what an answer that is not 2xx means."""
        if 200 <= code < 300:  # noqa: PLR2004 - RFC 5321, 4.2.1
            return
        said = plain(words.decode("utf-8", "replace"))
        if code == _SIGN_IN_WANTED:
            wants = f"The mail server {self._config.host} wants a sign-in ({code} {said})"
            raise UserError(f"{wants}; set user and password under [smtp].")
        if code >= _PERMANENT:
            raise RefusedMessageError(f"The mail server {self._config.host} refused the message: {code} {said}")
        raise self._later(code, words)

    def _later(self, code: int, words: bytes) -> UnreachableError:
        said = words.decode("utf-8", "replace")
        found = UnreachableError(f"The mail server {self._config.place} did not take it now ({code} {plain(said)}).")
        found.retry_after = backoff(said)
        return found


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _own_name() -> str:
    """Return this machine's name as EHLO takes it: its full domain name, else an address literal.

    smtplib would say whatever the machine is called, and raise over a name with umlauts.
    """
    try:
        name = socket.getfqdn()
    except (OSError, UnicodeError):
        return _ANYBODY
    return name if _DOMAIN.fullmatch(name) else _ANYBODY


def _introduced(server: smtplib.SMTP, *, last: bool) -> None:
    """Say EHLO, and where that is refused by the `last` name HELO, as old servers want it."""
    code, words = server.ehlo()
    if code >= _PERMANENT and not last:
        raise _NameRefusedError(code, words)
    if not 200 <= code < 300:  # noqa: PLR2004 - RFC 5321, 4.2.1
        helo = 0
        with contextlib.suppress(smtplib.SMTPServerDisconnected):  # what it said to EHLO tells more
            helo, _ = server.helo()
        if not 200 <= helo < 300:  # noqa: PLR2004
            raise smtplib.SMTPHeloError(code, words)


def _greeted(server: smtplib.SMTP, host: str, port: int) -> None:
    code, words = server.connect(host, port)
    if code != 220:  # noqa: PLR2004 - RFC 5321, 4.2.2: ready
        raise smtplib.SMTPConnectError(code, words)
    _patience(server, COMMAND)


@contextlib.contextmanager
def _watched(server: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Shut the line after so many seconds: a server that drips never lets a read time out."""

    def shut() -> None:
        with contextlib.suppress(OSError):
            if server.sock is not None:
                server.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _dotted(message: bytes) -> bytes:
    """Return a message with CRLF line ends, its leading dots doubled and the final dot behind (RFC 5321, 4.5.2)."""
    text = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    text = text.replace(b"\r\n.", b"\r\n..")
    if text.startswith(b"."):
        text = b"." + text
    return text + (b".\r\n" if text.endswith(b"\r\n") else b"\r\n.\r\n")


def _still_there(server: smtplib.SMTP) -> None:
    """Look, before the final dot, whether the server hung up: what is known then would be doubt a moment later."""
    sock = server.sock
    if sock is None or isinstance(sock, ssl.SSLSocket):  # under TLS, octets that wait may be its own
        return
    readable, _, _ = select.select([sock], [], [], GLANCE)
    if readable and not sock.recv(1, socket.MSG_PEEK):
        raise smtplib.SMTPServerDisconnected("the line was closed before the message was whole")


def _xoauth2(server: smtplib.SMTP, user: str, token: str) -> None:
    """Sign in by an access token; a challenge after it holds the reason for a refusal and wants an empty answer."""
    _one_line(token)
    given = base64.b64encode(f"user={user}\1auth=Bearer {token}\1\1".encode()).decode("ascii")
    code, words = server.docmd("AUTH", "XOAUTH2 " + given)
    if code == 334:  # noqa: PLR2004 - a challenge
        code, words = server.docmd("")
    if code not in {235, 503}:
        raise smtplib.SMTPAuthenticationError(code, words)


def _one_line(text: str) -> None:
    if any(ch in text for ch in "\r\n\0"):
        raise UserError("An address with a line break in it was refused.")


def _patience(server: smtplib.SMTP, seconds: float) -> None:
    if server.sock is not None:
        server.sock.settimeout(seconds)


def _leave(server: smtplib.SMTP) -> None:
    """Say QUIT and hang up without waiting for what it answers: the message's own answer is the one that counts."""
    with contextlib.suppress(Exception):
        _patience(server, 2.0)
        server.putcmd("quit")
    with contextlib.suppress(Exception):
        server.close()
