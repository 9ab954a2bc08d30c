"""SmtpTransport against a real SMTP server that can go wrong."""

from __future__ import annotations

import shutil
import time
import traceback
from typing import TYPE_CHECKING

import pytest

from assistant.config import SmtpConfig
from assistant.config.secrets import Credential
from assistant.errors import InDoubtError, LoginRefusedError, RefusedMessageError, UnreachableError, UserError
from assistant.mailbox.smtp import SmtpTransport
from tests.servers.dovecot import Certificate, free_port
from tests.servers.smtp import Fault, Sink, running_sink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MESSAGE = b"Message-ID: <a@example.com>\r\nSubject: Hi\r\n\r\n.\r\n..dots\r\nno end"


def transport(sink: Sink, credential: Credential | None = None, **options: float) -> SmtpTransport:
    config = SmtpConfig(sink.host, sink.port, "none", "priya" if credential else "")
    return SmtpTransport(config, (lambda: credential) if credential else None, **options)  # type: ignore[arg-type]


def send(way: SmtpTransport) -> None:
    way.send("priya@example.com", "owner@example.com", MESSAGE)


def test_a_message_goes_as_it_is(smtp_sink: Sink) -> None:
    send(transport(smtp_sink))
    taken = smtp_sink.taken[0]
    assert (taken.mail_from, taken.rcpt_to) == ("priya@example.com", ("owner@example.com",))
    assert taken.message == MESSAGE + b"\r\n"


@pytest.mark.parametrize(
    ("fault", "error", "taken"),
    [
        (Fault.DROP_BEFORE, UnreachableError, 0),
        (Fault.DROP_AFTER, InDoubtError, 1),
        (Fault.DROP_AFTER_LOST, InDoubtError, 0),
        (Fault.TRY_LATER, UnreachableError, 0),
        (Fault.TRY_LATER_RCPT, UnreachableError, 0),
        (Fault.REFUSE, RefusedMessageError, 0),
        (Fault.REFUSE_RCPT, RefusedMessageError, 0),
        (Fault.REFUSE_FROM, RefusedMessageError, 0),
        (Fault.SLOW, None, 1),
        (Fault.QUIT_421, None, 1),
    ],
)
def test_faults(smtp_sink: Sink, fault: Fault, error: type[Exception] | None, taken: int) -> None:
    smtp_sink.slow = 0.3
    smtp_sink.fail(fault)
    way = transport(smtp_sink)
    if error is None:
        send(way)
    else:
        with pytest.raises(error) as caught:
            send(way)
        assert type(caught.value) is error
    assert len(smtp_sink.taken) == taken
    send(way)  # the next one goes
    assert len(smtp_sink.taken) == taken + 1


def test_an_answer_that_does_not_come_is_doubt(smtp_sink: Sink) -> None:
    smtp_sink.slow = 3
    smtp_sink.fail(Fault.SLOW)
    begun = time.monotonic()
    with pytest.raises(InDoubtError):
        send(transport(smtp_sink, final_dot=0.3))
    assert time.monotonic() - begun < 2.5


@pytest.fixture(scope="module")
def secured() -> Iterator[Sink]:
    with running_sink(user="priya", password="right", token="tok") as sink:
        yield sink


def test_signing_in(secured: Sink) -> None:
    send(transport(secured, Credential("right")))
    send(transport(secured, Credential(token="tok")))
    assert len(secured.taken) == 2
    assert secured.taken[0].user == "priya"


@pytest.mark.parametrize("credential", [Credential("canary-one"), Credential(token="canary-two"), Credential("grün")])
def test_a_refused_sign_in(secured: Sink, credential: Credential) -> None:
    before = len(secured.taken)
    with pytest.raises(LoginRefusedError, match="for priya") as caught:
        send(transport(secured, credential))
    assert "canary" not in "".join(traceback.format_exception(caught.value))
    assert len(secured.taken) == before


def test_a_server_that_wants_a_sign_in(secured: Sink) -> None:
    with pytest.raises(UserError, match="sign-in"):
        send(transport(secured))


def test_unreachable() -> None:
    with pytest.raises(UnreachableError, match="nothing answers"):
        send(SmtpTransport(SmtpConfig("127.0.0.1", free_port(), "none"), None))
    with pytest.raises(UserError, match="without encryption"):
        send(SmtpTransport(SmtpConfig("smtp.example.com", 25, "none", "priya"), lambda: Credential("x")))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_no_encryption_no_message(smtp_sink: Sink, security: str) -> None:
    config = SmtpConfig(smtp_sink.host, smtp_sink.port, security, "priya")  # type: ignore[arg-type]
    with pytest.raises(UnreachableError):
        send(SmtpTransport(config, lambda: Credential("x")))
    assert smtp_sink.taken == []


def test_line_breaks_in_addresses_are_refused(smtp_sink: Sink) -> None:
    with pytest.raises(UserError):
        transport(smtp_sink).send("a@example.com", "b@example.com>\r\nRCPT TO:<c@example.com", MESSAGE)
    assert smtp_sink.taken == []


def test_check_signs_in_and_sends_nothing(secured: Sink) -> None:
    before = len(secured.taken)
    transport(secured, Credential("right")).check()
    assert len(secured.taken) == before


def test_delivery_into_a_mailbox_with_another_id() -> None:
    inbox: list[bytes] = []
    with running_sink(inbox.append, rewrite_message_id=True, visible_after=0.2) as sink:
        send(transport(sink))
        assert inbox == []
        time.sleep(0.4)
    assert inbox[0].startswith(b"Message-ID: <rewritten-0@relay.example>\r\n")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="NOT TESTED: no openssl here to make a certificate")
@pytest.mark.parametrize("at_once", [True, False])
def test_encryption_is_verified(tmp_path: Path, *, at_once: bool) -> None:
    pair = Certificate.make(tmp_path, at_once=at_once)
    with running_sink(certificate=pair, user="priya", password="right") as sink:
        config = SmtpConfig("localhost", sink.port, "tls" if at_once else "starttls", "priya")
        send(SmtpTransport(config, lambda: Credential("right"), context=pair.trusted()))
        with pytest.raises(UnreachableError, match="certificate can't be trusted"):
            send(SmtpTransport(config, lambda: Credential("right")))
    assert len(sink.taken) == 1
