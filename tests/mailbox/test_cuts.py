"""The line is cut anywhere: what was read is whole, and what was appended is there once or known to be in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.config.secrets import Credential
from assistant.errors import InDoubtError, UnreachableError
from assistant.mailbox.imap.connection import BoundedConnection, Limits
from assistant.mailbox.imap.mailbox import ImapMailbox
from tests.mailbox.test_imap import AT, DRAFT, invitation, message
from tests.servers.dovecot import PASSWORD, Account
from tests.servers.proxy import How, running_proxy

if TYPE_CHECKING:
    from assistant.core.mail.message import Header

QUICK = Limits(connect=2.0, silence=0.2, command=0.6)
PATIENT = Limits(connect=10.0, silence=10.0, command=10.0)
HOW: tuple[How, ...] = ("end", "reset", "silence")
_SEND = BoundedConnection.send


def mailbox_at(account: Account, port: int, how: How = "end", batch: int = 5_000) -> ImapMailbox:
    limits = QUICK if how == "silence" else PATIENT
    return ImapMailbox(account.config(port=port), lambda: Credential(PASSWORD), limits=limits, batch=batch)


def read(mailbox: ImapMailbox) -> list[Header]:
    try:
        return [header for batch in mailbox.stream("Sent", None, frozenset, None) for header in batch.headers]
    finally:
        mailbox.close()


@pytest.mark.parametrize("how", HOW)
def test_a_cut_while_reading(dovecot: Account, how: How) -> None:
    dovecot.fill("Sent", [invitation(n) if n % 5 == 0 else message(n) for n in range(12)])
    expected = read(mailbox_at(dovecot, dovecot.port))
    outcomes = {"whole": 0, "unreachable": 0}
    for octets in range(1, 7_000, 1_400 if how == "silence" else 620):
        with running_proxy(dovecot.port, down=octets, how=how) as proxy:
            mailbox = mailbox_at(dovecot, proxy.port, how)
            try:
                assert read(mailbox) == expected
                outcomes["whole"] += 1
            except UnreachableError:
                outcomes["unreachable"] += 1
                assert read(mailbox_at(dovecot, dovecot.port)) == expected  # the next round, over a line that holds
    assert outcomes["unreachable"]
    assert outcomes["whole"] or how == "silence"  # a timeout ends the round, a line that breaks is made anew


def test_a_line_that_takes_no_more_commands(dovecot: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    dovecot.fill("Sent", [invitation(n) if n % 5 == 0 else message(n) for n in range(12)])
    expected, commands = read_while_a_command_fails(dovecot, monkeypatch, 0)
    fetches = [number for number, command in enumerate(commands, 1) if b" UID FETCH " in command]
    assert len(fetches) > 4, "four sets, and calendars"
    for number in fetches:
        found, commands = read_while_a_command_fails(dovecot, monkeypatch, number)
        assert found == expected
        assert len(commands) > number


def read_while_a_command_fails(
    account: Account, monkeypatch: pytest.MonkeyPatch, number: int
) -> tuple[list[Header], list[bytes]]:
    """Read while the line takes all commands but one (from 1; 0 takes all). Return what was read, and the commands."""
    commands: list[bytes] = []

    def send(line: BoundedConnection, data: bytes) -> None:
        commands.append(bytes(data))
        if len(commands) == number:
            raise BrokenPipeError
        _SEND(line, data)

    monkeypatch.setattr(BoundedConnection, "send", send)
    return read(mailbox_at(account, account.port, batch=3)), commands


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("side", ["up", "down"])
def test_a_cut_while_a_draft_is_put_there(dovecot: Account, how: How, side: str) -> None:
    dovecot.fill("Drafts", [])
    kept = doubts = 0
    for octets in range(20, 900, 110 if (how, side) == ("silence", "up") else 55):
        before = len(dovecot.messages("Drafts"))
        with running_proxy(dovecot.port, how=how, **{side: octets}) as proxy:
            mailbox = mailbox_at(dovecot, proxy.port, how)
            try:
                where = mailbox.append("Drafts", DRAFT, ("\\Draft",), AT)
                assert where is not None
                assert len(dovecot.messages("Drafts")) == before + 1
                kept += 1
            except InDoubtError:
                doubts += 1
            except UnreachableError:
                assert len(dovecot.messages("Drafts")) == before
            finally:
                mailbox.close()
    assert doubts
    assert kept or side == "down"
