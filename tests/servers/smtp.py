"""An SMTP sink on loopback that keeps or delivers what it takes, with faults to switch on.

`running_sink(deliver=account.deliver)` yields a `Sink`; `sink.fail(Fault.DROP_AFTER)` makes the next
transaction go wrong in that way, `times=None` all of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
import time
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, AnyStr, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.dovecot import Certificate, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MESSAGE_ID = re.compile(rb"^message-id:[^\r\n]*", re.IGNORECASE | re.MULTILINE)


class Fault(Enum):
    """What can go wrong with one transaction."""

    DROP_BEFORE = "the line drops after 354, before the final dot"
    DROP_AFTER = "the message is taken, then the line drops without an answer"
    DROP_AFTER_LOST = "the line drops after the final dot and the message is lost"
    TRY_LATER = "451 to the message"
    TRY_LATER_RCPT = "451 to the recipient"
    REFUSE = "550 to the message"
    REFUSE_RCPT = "550 to the recipient"
    REFUSE_FROM = "550 to the sender"
    SLOW = "the answer to the final dot takes `slow` seconds"
    QUIT_421 = "the message is taken, and QUIT is answered by 421"


@dataclass(frozen=True, slots=True)
class Taken:
    """One message the sink took."""

    mail_from: str
    rcpt_to: tuple[str, ...]
    message: bytes
    user: str | None


@dataclass(slots=True)
class Sink:
    """The running sink: what it took, and what it should do wrong."""

    host: str
    port: int
    user: str | None = None
    password: str | None = None
    token: str | None = None
    certificate: Certificate | None = None
    deliver: Callable[[bytes], None] | None = None
    rewrite_message_id: bool = False
    visible_after: float = 0.0
    slow: float = 1.0
    taken: list[Taken] = field(default_factory=list)
    datas: int = 0
    logins: int = 0
    faults: list[Fault] = field(default_factory=list)
    always: Fault | None = None
    # The answer to a step, every time: CONNECT, EHLO, AUTH, MAIL, RCPT, DATA, or the final DOT.
    answers: dict[str, str] = field(default_factory=dict)
    # Refuse every name at EHLO that is not an address literal, and hang up.
    only_literals: bool = False
    names: list[str] = field(default_factory=list)

    def fail(self, fault: Fault | None, times: int | None = 1) -> None:
        """Let the next `times` transactions go wrong (None: all until told otherwise). `fault` None ends it."""
        self.always = fault if times is None else None
        self.faults = [] if fault is None or times is None else [*self.faults, *([fault] * times)]

    @property
    def messages(self) -> list[bytes]:
        return [taken.message for taken in self.taken]

    def take(self, taken: Taken) -> None:
        """Keep a message and deliver it, with another Message-ID or late if asked to."""
        message = taken.message
        if self.rewrite_message_id:
            message = MESSAGE_ID.sub(b"Message-ID: <rewritten-%d@relay.example>" % len(self.taken), message, count=1)
        self.taken.append(taken)
        if self.deliver is not None:
            self.deliver(message)


class _Handler:
    """aiosmtpd's hooks. One fault is chosen at MAIL and lasts for the transaction."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.fault: Fault | None = None

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session
        self.fault = self.sink.always or (self.sink.faults.pop(0) if self.sink.faults else None)
        if "MAIL" in self.sink.answers:
            return self.sink.answers["MAIL"]
        if self.fault is Fault.REFUSE_FROM:
            return "550 5.7.1 sender refused"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if "RCPT" in self.sink.answers:
            return self.sink.answers["RCPT"]
        if self.fault is Fault.REFUSE_RCPT:
            return "550 5.1.1 no such user"
        if self.fault is Fault.TRY_LATER_RCPT:
            return "451 4.7.1 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.sink.datas += 1
        if "DOT" in self.sink.answers:
            return self.sink.answers["DOT"]
        if self.fault is Fault.TRY_LATER:
            return "451 4.3.0 try later"
        if self.fault is Fault.REFUSE:
            return "550 5.7.1 message refused"
        if self.fault is Fault.DROP_AFTER_LOST:
            _drop(server)
            return "250 lost"
        taken = Taken(
            str(envelope.mail_from), tuple(envelope.rcpt_tos), envelope.original_content or b"", _user(session)
        )
        if self.sink.visible_after:
            asyncio.get_running_loop().call_later(self.sink.visible_after, self.sink.take, taken)
        else:
            self.sink.take(taken)
        if self.fault is Fault.DROP_AFTER:
            _drop(server)
        if self.fault is Fault.SLOW:
            await asyncio.sleep(self.sink.slow)
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session, envelope
        return "421 4.3.2 shutting down" if self.fault is Fault.QUIT_421 else "221 Bye"


class _Server(SMTP):
    """aiosmtpd's server, with the drop before the dot and XOAUTH2."""

    sink: Sink

    async def push(self, status: AnyStr) -> None:
        """Send an answer. The greeting is the sink's own if it has one."""
        if isinstance(status, str) and status.startswith("220 ") and "CONNECT" in self.sink.answers:
            await super().push(self.sink.answers["CONNECT"])
        else:
            await super().push(status)

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        self.sink.names.append(hostname)
        if self.sink.only_literals and not hostname.startswith("["):
            await self.push("501 Syntactically invalid EHLO argument(s)")
            _drop(self, politely=True)
        elif "EHLO" in self.sink.answers:
            await self.push(self.sink.answers["EHLO"])
        else:
            await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802
        if "EHLO" in self.sink.answers:
            await self.push(self.sink.answers["EHLO"])
        else:
            await super().smtp_HELO(hostname)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        if "AUTH" not in self.sink.answers:
            await super().smtp_AUTH(arg)
            return
        self.sink.logins += 1
        await self.push(self.sink.answers["AUTH"])

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if "DATA" in self.sink.answers:
            await self.push(self.sink.answers["DATA"])
            return
        if self.event_handler.fault is Fault.DROP_BEFORE:
            await self.push("354 go on")
            _drop(self)
            return
        await super().smtp_DATA(arg)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        from base64 import b64decode

        del server
        given = b64decode(args[1]) if len(args) > 1 else b""
        self.sink.logins += 1
        expected = f"user={self.sink.user}\1auth=Bearer {self.sink.token}\1\1".encode()
        return AuthResult(success=given == expected, handled=False, auth_data=LoginPassword(b"", b""))


def _drop(server: SMTP, *, politely: bool = False) -> None:
    if server.transport is not None:
        transport = cast("asyncio.WriteTransport", server.transport)
        transport.close() if politely else transport.abort()


def _user(session: Session) -> str | None:
    data: Any = session.auth_data
    return data.login.decode() if isinstance(data, LoginPassword) else None


def _server_context(sink: Sink) -> ssl.SSLContext | None:
    if sink.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(sink.certificate.path)
    return context


class _Controller(Controller):
    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        at_once = _server_context(sink) if sink.certificate is not None and sink.certificate.at_once else None
        super().__init__(_Handler(sink), hostname=sink.host, port=sink.port, ready_timeout=10, ssl_context=at_once)

    def factory(self) -> SMTP:
        sink = self.sink

        def authenticate(
            server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
        ) -> AuthResult:
            del server, session, envelope, mechanism
            sink.logins += 1
            wanted = LoginPassword(str(sink.user).encode(), str(sink.password).encode())
            return AuthResult(success=data == wanted, handled=False, auth_data=data)

        secured = sink.user is not None
        starttls = sink.certificate is not None and not sink.certificate.at_once
        server = _Server(
            self.handler,
            hostname="sink.example",
            auth_require_tls=False,
            authenticator=authenticate if secured else None,
            auth_exclude_mechanism=None if sink.token else ["XOAUTH2"],
            enable_SMTPUTF8=True,
            tls_context=_server_context(sink) if starttls else None,
        )
        server._auth_required = secured  # noqa: SLF001 - the argument warns where TLS is not required
        server.sink = sink
        return server


@contextlib.contextmanager
def running_sink(deliver: Callable[[bytes], None] | None = None, **options: Any) -> Iterator[Sink]:
    """Start a sink on a free loopback port, yield it, stop it. `options` are Sink's fields (user, password, ...)."""
    sink = Sink("127.0.0.1", free_port(), deliver=deliver, **options)
    controller = _Controller(sink)
    controller.start()
    try:
        yield sink
    finally:
        time.sleep(sink.visible_after)
        controller.stop()
