"""Labelled threads: what the mail of two people says of who answered and who waits (tests/corpus/threads).

A thread is a small mailbox: files in a Maildir, an owner, a person on the roster, a moment, and three labels. Whoever
wrote the labels hadn't seen the code.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant.config import Config, DigestConfig, MailboxConfig, Me
from assistant.core.contact.correspondence import correspondence
from assistant.core.mail.address import normal_address
from assistant.core.people.roster import Person
from assistant.core.replies.plan.change import Change, belongs_key, belongs_value, person_value
from assistant.mailbox.maildir import MaildirMailbox
from assistant.mailbox.maildir_folder import flag_letters
from assistant.rounds.context import Round
from assistant.rounds.digest.other_answers import note_other_answers
from assistant.rounds.scan.reading_start import owner_of
from assistant.rounds.scan.received import read_received
from assistant.rounds.scan.run import scan_sent_mail
from assistant.store.correspondence import letters_with
from assistant.store.database import Store
from assistant.store.roster import apply_changes, load_roster
from tests.fakes import FakeWriter
from tests.scanning import BERLIN

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(__file__).parent / "corpus" / "threads"
_FOLDERS = {"INBOX": "", "Sent": ".Sent", "Archive": ".Archive", "Drafts": ".Drafts"}


class Labels(NamedTuple):
    """What is to be said of a person: answered, none or n/a; whether they wait; whether the last letter came back."""

    answer: str
    waits: bool
    bounced: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """One labelled mailbox. `told` is what its author wrote, as JSON."""

    told: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.told["id"])

    @property
    def labels(self) -> Labels:
        return Labels(self.told["answer"], self.told["waits"], self.told["bounced"])


def load(path: Path) -> list[Thread]:
    """Return the threads of one file."""
    return [Thread(json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()]


def said(thread: Thread, folder: Path) -> Labels:
    """Return what the program says, after one scan of the thread laid out as a Maildir in `folder`."""
    told, now = thread.told, datetime.fromisoformat(thread.told["now"])
    _fill(folder, told["messages"])
    owner = tuple(filter(None, map(normal_address, told["owner"])))
    mailbox = MaildirMailbox(MailboxConfig("maildir", path=folder, since=0))
    config = Config(
        Me("The Owner", owner, owner[0], BERLIN),
        MailboxConfig("maildir", path=folder, since=0),
        None,
        DigestConfig(),
        None,
        {},
    )
    store = Store(None)
    try:
        apply_changes(store, _roster(told["person"]), "T1", "owner", 1)
        round_ = Round(config, store, mailbox, mailbox.folders(), None, FakeWriter(), now, os.urandom)
        scan_sent_mail(round_)
        read_received(round_, every_folder=True)
        note_other_answers(round_, load_roster(store))
        addresses = [str(normal_address(one)) for one in told["person"]["addresses"]]
        stands = correspondence(*letters_with(store, addresses, owner_of(store, config), now))
    finally:
        store.close()
    answer = "n/a" if stands.letter is None or stands.bounced else "none" if stands.unanswered else "answered"
    return Labels(answer, stands.waits is not None, stands.bounced)


def _fill(folder: Path, messages: list[dict[str, Any]]) -> None:
    for path in (folder / name for name in _FOLDERS.values()):
        for part in ("tmp", "new", "cur"):
            (path / part).mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(messages, start=1):
        at = datetime.fromisoformat(one["arrived"]).timestamp()
        name = f"{int(at)}.M{number}P1.host:2,{flag_letters(tuple(one.get('flags', ())))}"
        path = folder / _FOLDERS[one["folder"]] / "cur" / name
        path.write_bytes(one["raw"].encode("utf-8", "surrogateescape").replace(b"\r\n", b"\n"))
        os.utime(path, (at, at))


def _roster(told: dict[str, Any]) -> Iterator[Change]:
    person = Person("jane", told["name"], "mentor")
    yield Change("person", person.handle, None, person_value(person), "add")
    for address in told["addresses"]:
        key = belongs_key(normal_address(address) or "", person.handle)
        yield Change("belongs", key, None, belongs_value("said", 1), "add")
