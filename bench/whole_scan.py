"""The whole scan into an empty store, as `assistant scan` runs it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from assistant.config import Config, DigestConfig, Me
from assistant.config.secrets import Credential
from assistant.mailbox.imap.mailbox import ImapMailbox
from assistant.rounds.context import Round
from assistant.rounds.scan.run import scan_sent_mail
from assistant.store.database import Store
from bench.mailbox import NOW
from tests.servers.dovecot import PASSWORD

if TYPE_CHECKING:
    from tests.servers.dovecot import Account

ME = Me("Priya Raman", ("priya@example.com",), "priya@example.com", ZoneInfo("Europe/Berlin"))


def whole_scan(account: Account) -> int:
    """Scan the account's Sent folder into a new store and return how many messages were new."""
    config = Config(ME, account.config(since=0), None, DigestConfig(), None, {})
    with tempfile.TemporaryDirectory() as home, Store(Path(home)) as store:
        mailbox = ImapMailbox(config.mailbox, lambda: Credential(PASSWORD))
        nobody = cast("Any", None)  # a scan writes no words
        round_ = Round(config, store, mailbox, mailbox.folders(), None, nobody, NOW, bytes)
        found = scan_sent_mail(round_)
        mailbox.close()
        return found[0].new
