"""The same sent mail gives the same contacts, whatever the server can do (docs/how-contact-is-inferred.md)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from assistant.config.secrets import Credential
from assistant.mailbox.imap.mailbox import ImapMailbox
from assistant.rounds.scan.run import scan_sent_mail
from assistant.store.contact_report import contact_rows
from assistant.store.database import Store
from bench.mailbox import NOW, sent
from bench.whole_scan import ME
from tests.fakes import FakeMailbox
from tests.scanning import make_config, make_round
from tests.servers.dovecot import PASSWORD, Account, Dovecot, Setup, running
from tests.servers.scripted import Script, running_script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.config import MailboxConfig

MAIL = tuple(sent(1_200))
INVITED = 100
"""From the first on, one in so many messages has an invitation."""


def contacts(section: MailboxConfig) -> list[dict[str, Any]]:
    """Scan that mailbox into a new store and return what `contacts --json --all` prints, whatever the order."""
    mailbox = ImapMailbox(section, lambda: Credential(PASSWORD), batch=300)
    with Store(None) as store:
        config = replace(make_config(owner=ME.addresses), mailbox=section)
        round_ = make_round(store, FakeMailbox(), config=config, now=NOW)
        scan_sent_mail(replace(round_, mailbox=mailbox, folders=mailbox.folders()))
        rows = [row.as_json() for row in contact_rows(store, NOW, include_all=True)]
    mailbox.close()
    return sorted(rows, key=repr)


@pytest.fixture(scope="module")
def expected(dovecot_server: Dovecot) -> list[dict[str, Any]]:
    """The contacts by a Dovecot with all extensions."""
    return contacts(filled(dovecot_server.account("everything"), "Sent").config())


def filled(account: Account, folder: str) -> Account:
    account.fill(folder, MAIL)
    return account


@pytest.fixture(scope="module")
def bare() -> Iterator[Account]:
    """The same mail on a server with a prefix and dots, without SPECIAL-USE, CONDSTORE, ESEARCH, UIDPLUS and IDLE."""
    setup = Setup(".", "INBOX.", special_use=False, capabilities="IMAP4rev1 NAMESPACE", folders={})
    with running(setup) as server:
        yield filled(server.account("bare"), "INBOX.Sent")


@pytest.mark.parametrize("since", [0, 1_200])
def test_a_bare_server_gives_the_same_contacts(bare: Account, expected: list[dict[str, Any]], since: int) -> None:
    assert {row["verdict"] for row in expected} == {"full", "soft", "none"}
    assert any(row["field"] == "meeting" for row in expected)
    assert contacts(bare.config(since=since)) == expected


def test_a_server_that_is_no_dovecot_gives_the_same_contacts(dovecot: Account) -> None:
    mail = [one for number, one in enumerate(MAIL) if number % INVITED]
    dovecot.fill("Sent", mail)
    script = Script(mail, capabilities=b"IMAP4rev1", folders=(b'() "." "INBOX"', b'() "." "INBOX.Sent"'), courier=True)
    with running_script(script):
        assert contacts(script.config(since=0)) == contacts(dovecot.config())
