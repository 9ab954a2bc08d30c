"""Sends one message to one recipient by SMTP submission (RFC 6409), with a clear answer to "was it taken?".

    connect, EHLO, STARTTLS ─> sign in ─> MAIL, RCPT ─> DATA ─> text ─> final dot ─> answer
    └── nothing handed over: unreachable, refused or UserError ──────┘ └─ in doubt ──┘ └─ taken, refused or later

smtplib does the protocol, except for DATA: it can't tell a line that broke before the final dot from one that broke
after it, and only the latter is a doubt (docs/reliability.md, "The outbox").
"""

from __future__ import annotations

import smtplib
import ssl
from typing import TYPE_CHECKING

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
    printable,
    refused_login,
    refused_submission,
    unreachable,
    without_secret,
)
from assistant.mailbox.smtp_client import (
    COMMAND,
    NAMELESS,
    PERMANENT,
    NameRefusedError,
    SmtpClient,
    SmtpClientOverTls,
    dot_stuffed,
    own_name,
    refuse_line_breaks,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.config import SmtpConfig
    from assistant.config.secrets import Credential

CONNECT = 30.0
# Seconds. RFC 5321, 4.5.3.2.6 asks for ten minutes: giving up earlier sends messages twice.
FINAL_DOT = 600.0
# Seconds from the greeting to RCPT.
SETTING_UP = 60.0
_SIGN_IN_WANTED = 530


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
        refuse_line_breaks(mail_from)
        refuse_line_breaks(rcpt_to)
        server = self._connect()
        try:
            with server.time_limit(self._setting_up):
                self._sign_in(server)
                self._send_envelope(server, mail_from, rcpt_to)
            with server.time_limit(COMMAND + self._final_dot):
                self._send_message(server, message)
        except (smtplib.SMTPException, OSError) as error:
            raise unreachable(self._config.place, error) from error
        finally:
            server.leave()

    def _send_message(self, server: SmtpClient, message: bytes) -> None:
        # An order to send to somebody else gets one DATA in its life, so a failure from here on has to say so.
        try:
            self._send_data(server, message)
        except UnreachableError as error:
            error.after_data = True
            raise
        except (smtplib.SMTPException, OSError) as error:
            broken = unreachable(self._config.place, error)
            broken.after_data = True
            raise broken from error

    def check(self) -> None:
        """Connect, sign in and leave. Raises what `send` raises. For `assistant doctor`."""
        server = self._connect()
        try:
            with server.time_limit(self._setting_up):
                self._sign_in(server)
        except (smtplib.SMTPException, OSError) as error:
            raise unreachable(self._config.place, error) from error
        finally:
            server.leave()

    def _connect(self) -> SmtpClient:
        config = self._config
        signs_in = self._secret is not None and config.user
        if config.security == "none" and signs_in and not is_loopback(config.host):
            raise no_plain_login(config.host)
        if config.security != "none" and self._context is None:
            self._context = ssl.create_default_context()  # kept, since reading the system's roots takes 20 ms
        try:
            return self._connect_as(own_name())
        except NameRefusedError:
            # On a new connection: some servers hang up on a name they don't like.
            return self._connect_as(NAMELESS, last=True)

    def _connect_as(self, name: str, *, last: bool = False) -> SmtpClient:
        """Connect and say EHLO with this name. Raises NameRefusedError if it is refused, unless it is the `last`."""
        config = self._config
        server = (
            SmtpClientOverTls(local_hostname=name, timeout=CONNECT, context=self._context)
            if config.security == "tls"
            else SmtpClient(local_hostname=name, timeout=CONNECT)
        )
        server._host = config.host  # type: ignore[attr-defined]  # noqa: SLF001 - for TLS; its constructor would connect
        try:
            with server.time_limit(self._setting_up):
                server.greet(config.host, config.port)
                server.say_ehlo(last=last)
                if config.security == "starttls":
                    server.starttls(context=self._context)
                    server.say_ehlo(last=last)
        except NameRefusedError:
            server.leave()
            raise
        except smtplib.SMTPResponseException as error:
            server.leave()
            raise self._refused_connection(error) from error
        except (smtplib.SMTPException, OSError) as error:
            server.leave()
            raise unreachable(config.place, error) from error
        return server

    def _refused_connection(self, error: smtplib.SMTPResponseException) -> AssistantError:
        # 5xx at any step is for good, so that the digest goes straight to the inbox instead (docs/reliability.md, 14).
        said = _text(error.smtp_error)
        if error.smtp_code < PERMANENT:
            return self._later(error.smtp_code, said.encode())
        return UserError(
            "The mail server {place} refused the connection ({smtp_code} {said}); check [smtp] in "
            "config.toml, or ask whoever runs the server.",
            place=self._config.place,
            smtp_code=error.smtp_code,
            said=printable(said),
        )

    def _sign_in(self, server: SmtpClient) -> None:
        if self._secret is None or not self._config.user:
            return
        credential = self._secret()
        failure = self._try_sign_in(server, credential)
        if isinstance(failure, LoginRefusedError) and credential.renew is not None:
            # A token may be refused before it expires. A fresh one shows whether the sign-in itself is still good.
            failure = self._try_sign_in(server, credential.renew())
        if failure is not None:
            raise failure  # outside the handler: a chained traceback could hold the secret

    def _try_sign_in(self, server: SmtpClient, credential: Credential) -> AssistantError | None:
        """Sign in. Return the error if that failed, else None."""
        failure: AssistantError | None = None
        try:
            if credential.token:
                server.sign_in_by_token(self._config.user, credential.token)
            else:
                server.login(self._config.user, credential.password or "")
        except smtplib.SMTPNotSupportedError:
            failure = UserError(
                "The mail server {host} offers no sign-in; check [smtp] in config.toml.", host=self._config.host
            )
        except smtplib.SMTPAuthenticationError as error:
            failure = self._not_signed_in(error, credential)
        except smtplib.SMTPException as error:
            if server.refused is not None:
                failure = self._not_signed_in(server.refused, credential)
            elif type(error) is smtplib.SMTPException:  # smtplib's for "no suitable authentication method"
                failure = UserError(
                    "The mail server {host} offers no way to sign in that is supported; check [smtp] in config.toml.",
                    host=self._config.host,
                )
            else:
                raise
        except UnicodeError:
            failure = refused_login(self._config.user, token=bool(credential.token))
        return failure

    def _not_signed_in(self, error: smtplib.SMTPAuthenticationError, credential: Credential) -> AssistantError:
        words = without_secret(_text(error.smtp_error), self._config.user, credential)
        if error.smtp_code < PERMANENT:
            return self._later(error.smtp_code, words.encode())
        said = f"{error.smtp_code} {printable(words)}"
        return refused_submission(self._config.place, self._config.user, said, token=bool(credential.token))

    def _send_envelope(self, server: SmtpClient, mail_from: str, rcpt_to: str) -> None:
        # Addresses beyond ASCII need SMTPUTF8 (RFC 6531), which not every server has.
        wide = not (mail_from + rcpt_to).isascii()
        if wide and not server.has_extn("smtputf8"):
            raise RefusedMessageError(
                "The mail server {host} cannot send to {rcpt_to}: it takes only ASCII addresses.",
                host=self._config.host,
                rcpt_to=rcpt_to,
            )
        if wide:
            server.command_encoding = "utf-8"
        self._check_answer(*server.mail(mail_from, ["SMTPUTF8", "BODY=8BITMIME"] if wide else []))
        self._check_answer(*server.rcpt(rcpt_to))

    def _send_data(self, server: SmtpClient, message: bytes) -> None:
        # Done by hand, since smtplib's `data` can't say on which side of the final dot the line broke.
        code, words = server.docmd("DATA")
        if code != 354:  # noqa: PLR2004 - "start mail input"
            self._check_answer(code, words)
            raise self._later(code, words)
        text = dot_stuffed(message)
        server.send(text[:-3])  # if the line breaks in here, nothing was taken: the final dot is missing
        server.check_line()
        try:
            server.set_timeout(self._final_dot)
            server.send(text[-3:])
            code, words = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            doubt = "The line to the mail server broke after the message was handed over; it may have been taken."
            raise InDoubtError(doubt) from error
        self._check_answer(code, words)

    def _check_answer(self, code: int, words: bytes) -> None:
        """Raise the error for an answer that is not 2xx."""
        if 200 <= code < 300:  # noqa: PLR2004 - RFC 5321, 4.2.1
            return
        said = printable(words.decode("utf-8", "replace"))
        if code == _SIGN_IN_WANTED:
            wanted = "The mail server {host} wants a sign-in ({code} {said}); set user and password under [smtp]."
            raise UserError(wanted, host=self._config.host, code=code, said=said)
        if code >= PERMANENT:
            raise RefusedMessageError(
                "The mail server {host} refused the message: {code} {said}",
                host=self._config.host,
                code=code,
                said=said,
            )
        raise self._later(code, words)

    def _later(self, code: int, words: bytes) -> UnreachableError:
        said = words.decode("utf-8", "replace")
        found = UnreachableError(
            "The mail server {place} can't take it now ({code} {said}).",
            place=self._config.place,
            code=code,
            said=printable(said),
        )
        found.retry_after = backoff(said)
        return found


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
