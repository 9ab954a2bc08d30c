"""A line that is cut anywhere: what was read is whole, what was put there is there once or known to be in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.config.secrets import Credential
from assistant.errors import InDoubtError, UnreachableError
from assistant.mailbox.imap import ImapMailbox
from assistant.mailbox.line import Limits
from tests.servers.dovecot import PASSWORD, Account
from tests.servers.proxy import How, running_proxy
from tests.test_mailbox_imap import AT, DRAFT, invitation, message

if TYPE_CHECKING:
    from assistant.core.message import Header

QUICK = Limits(connect=2.0, silence=0.2, command=0.6)
PATIENT = Limits(connect=10.0, silence=10.0, command=10.0)
HOW: tuple[How, ...] = ("end", "reset", "silence")


def mailbox_at(account: Account, port: int, how: How = "end") -> ImapMailbox:
    limits = QUICK if how == "silence" else PATIENT
    return ImapMailbox(account.config(port=port), lambda: Credential(PASSWORD), limits=limits)


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
