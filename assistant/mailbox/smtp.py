"""Sends one message to one recipient by SMTP submission (RFC 6409), with a clear answer to "was it taken?".

    connect, EHLO, STARTTLS ─> sign in ─> MAIL, RCPT ─> DATA ─> text ─> final dot ─> answer
    └── nothing handed over: unreachable, refused or UserError ──────┘ └─ in doubt ──┘ └─ taken, refused or later

smtplib does the protocol, except for DATA: it can't tell a line that broke before the final dot from one that broke
after it, and only the latter is a doubt (docs/reliability.md, "The outbox").
"""

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
# Seconds. RFC 5321, 4.5.3.2.6 asks for ten minutes: giving up earlier sends messages twice.
FINAL_DOT = 600.0

# Seconds from the greeting to RCPT.
SETTING_UP = 60.0
# No answer of SMTP is longer, and a server could otherwise fill the memory.
MOST_OCTETS = 1 << 20

# Seconds to wait for news that the server cut the line while the message was being sent.
GLANCE = 0.05

_PERMANENT = 500
_SIGN_IN_WANTED = 530
# The address literal (RFC 5321, 4.1.3), for a machine whose name a server would refuse.
_ANYBODY = "[127.0.0.1]"
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,255}}$){_LABEL}(\.{_LABEL})+", re.IGNORECASE)


class _Counted:
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


class _Smtp(smtplib.SMTP):
    refused: smtplib.SMTPAuthenticationError | None = None

    def auth(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        # smtplib's login goes on to the next mechanism after a refusal. If the server hangs up there, the refusal is
        # lost and it looks as if the line broke.
        try:
            return super().auth(*arguments, **options)
        except smtplib.SMTPAuthenticationError as error:
            self.refused = error
            raise

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Counted(self.sock.makefile("rb"))
        return super().getreply()


class _NameRefusedError(smtplib.SMTPResponseException):
    """The server refuses the name this machine gives in EHLO."""


class _SmtpOverTls(_Smtp, smtplib.SMTP_SSL):
    pass


class SmtpTransport:
    """Fits the Transport port. Each `send` uses its own connection and at most one DATA."""

    def __init__(
        self,
        config: SmtpConfig,
        secret: Callable[[], Credential] | None,
        *,
        final_dot: float = FINAL_DOT,
        setting_up: float = SETTING_UP,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """`secret` is called at each sign-in (None or an empty user: no sign-in). `context` None is the usual one."""
        self._config = config
        self._secret = secret
        self._final_dot = final_dot
        self._setting_up = setting_up
        self._context = context

    def send(self, mail_from: str, rcpt_to: str, message: bytes) -> None:
        """Hand over `message` (RFC 5322 bytes with CRLF) for one recipient.

        Raises RefusedMessageError if the server answered 5xx to sender, recipient or message; LoginRefusedError if it
        did to the sign-in; UserError if it did to anything before that, or if the owner must act; UnreachableError if
        nothing was handed over, so that it may be tried again; InDoubtError if the line broke after the final dot was
        on its way.
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
        # An order to send to somebody else gets one DATA in its life, so a failure from here on has to say so.
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
        """Connect, sign in and leave. Raises what `send` raises. For `assistant doctor`."""
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
            # On a new connection: some servers hang up on a name they don't like.
            return self._greeted_as(_ANYBODY, context, last=True)

    def _greeted_as(self, name: str, context: ssl.SSLContext, *, last: bool = False) -> _Smtp:
        """Connect and say EHLO with this name. Raises _NameRefusedError if it is refused, unless it is the `last`."""
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
        # 5xx at any step is for good, so that the digest goes straight to the inbox instead (docs/reliability.md, 14).
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
            # A token may be refused before it expires. A fresh one shows whether the sign-in itself is still good.
            failure = self._refusal(server, credential.renew())
        if failure is not None:
            raise failure  # outside the handler: a chained traceback could hold the secret

    def _refusal(self, server: _Smtp, credential: Credential) -> AssistantError | None:
        """Sign in. Return the error if that failed, else None."""
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
                    f"The mail server {self._config.host} offers no way to sign in that is supported; check [smtp] in "
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
        # Addresses beyond ASCII need SMTPUTF8 (RFC 6531), which not every server has.
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
        # Done by hand, since smtplib's `data` can't say on which side of the final dot the line broke.
        code, words = server.docmd("DATA")
        if code != 354:  # noqa: PLR2004 - "start mail input"
            self._answered(code, words)
            raise self._later(code, words)
        text = _dotted(message)
        server.send(text[:-3])  # if the line breaks in here, nothing was taken: the final dot is missing
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
        """Raise the error for an answer that is not 2xx."""
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
        found = UnreachableError(f"The mail server {self._config.place} can't take it now ({code} {plain(said)}).")
        found.retry_after = backoff(said)
        return found


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _own_name() -> str:
    # smtplib would send whatever the machine is called, and raise if that has umlauts. Some servers refuse what is no
    # domain name, such as my_laptop.lan.
    try:
        name = socket.getfqdn()
    except (OSError, UnicodeError):
        return _ANYBODY
    return name if _DOMAIN.fullmatch(name) else _ANYBODY


def _introduced(server: smtplib.SMTP, *, last: bool) -> None:
    # Old servers know only HELO. It comes after the last name, so that a refused name isn't taken for an old server.
    code, words = server.ehlo()
    if code >= _PERMANENT and not last:
        raise _NameRefusedError(code, words)
    if not 200 <= code < 300:  # noqa: PLR2004 - RFC 5321, 4.2.1
        helo = 0
        with contextlib.suppress(smtplib.SMTPServerDisconnected):  # the answer to EHLO says more
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
    # A server that sends an octet now and then never lets a read time out, so a timer shuts the line.

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
    """Return a message with CRLF, doubled leading dots and the final dot (RFC 5321, 4.5.2)."""
    text = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    text = text.replace(b"\r\n.", b"\r\n..")
    if text.startswith(b"."):
        text = b"." + text
    return text + (b".\r\n" if text.endswith(b"\r\n") else b"\r\n.\r\n")


def _still_there(server: smtplib.SMTP) -> None:
    # A server that hung up before the final dot took nothing. Noticed only after the dot, that would be a doubt, and a
    # doubt costs ten minutes or a question to the owner.
    sock = server.sock
    if sock is None or isinstance(sock, ssl.SSLSocket):  # waiting octets may belong to TLS itself
        return
    readable, _, _ = select.select([sock], [], [], GLANCE)
    if readable and not sock.recv(1, socket.MSG_PEEK):
        raise smtplib.SMTPServerDisconnected("the line was closed before the message was whole")


def _xoauth2(server: smtplib.SMTP, user: str, token: str) -> None:
    """Sign in with an access token. A refusal comes as a challenge with the reason, which wants an empty answer."""
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
    # The answer to QUIT doesn't count: a 421 there once turned a success into three mails.
    with contextlib.suppress(Exception):
        _patience(server, 2.0)
        server.putcmd("quit")
    with contextlib.suppress(Exception):
        server.close()
