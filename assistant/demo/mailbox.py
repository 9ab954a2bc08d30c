"""Write the made-up mailbox: a real Maildir++ with about 3,000 sent messages of two years.

    story/*.toml -> cast -> letters to friends, work, home and the rest -> sorted -> Maildir, config.toml, roster lines

The same `now` gives the same bytes on every machine. Nobody in it exists.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.demo import correspondence, inbox, invitations
from assistant.demo.cast import Said, load_cast, story
from assistant.demo.letter_style import LetterWriter
from assistant.demo.letters import to_bytes
from assistant.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from assistant.demo.letters import Letter

MARKER = ".made-up"
_FOLDERS = {"INBOX": "", "Sent": ".Sent", "Drafts": ".Drafts"}
_CONFIG = """\
# The configuration of the demo: a made-up owner, a Maildir on this machine, no mail server.
[me]
name = "{name}"
addresses = ["{address}", "{private}"]
timezone = "Europe/Berlin"
company_domains = ["northwind.example"]

[mailbox]
kind = "maildir"
path = "Maildir"
since = 0

[digest]
day = "monday"
time = "08:00"
people = 5
"""
_LLM = """
[llm]
base_url = {url}
model = {model}
"""


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """What was made: the paths, the numbers of messages, and what the owner had said before `now`."""

    root: Path
    maildir: Path
    config: Path
    owner: str
    address: str
    sent: int
    received: int
    said: tuple[Said, ...]


def build_mailbox(root: Path, now: datetime, llm: tuple[str, str] | None = None) -> DemoWorld:
    """Write the mailbox and its config.toml under `root` and return what was made. `now` is aware.

    `llm` is the address of a model server and the model's name, None for the offline writer.
    Replaces an older made-up mailbox. Raises UserError if `root` has some other Maildir.
    """
    cast = load_cast()
    writer = LetterWriter(cast, now)
    sent = sent_letters(writer)
    received = sorted(inbox.incoming(writer, sent), key=_order)
    maildir = _fresh(root)
    _fill(maildir, "Sent", sent)
    _fill(maildir, "INBOX", received)
    _fill(maildir, "Drafts", _drafts(writer))
    config = root / "config.toml"
    name, address = cast.owner
    text = _CONFIG.format(name=name, address=address, private=cast.private[1])
    if llm is not None:
        # A JSON string is a TOML string too.
        text += _LLM.format(url=json.dumps(llm[0]), model=json.dumps(llm[1]))
    _write(config, text.encode())
    return DemoWorld(root, maildir, config, name, address, len(sent), len(received), story(cast, now))


def sent_letters(writer: LetterWriter) -> list[Letter]:
    """Return everything the owner sent, oldest first. Two of the messages are there twice."""
    letters: list[Letter] = []
    for part in (
        correspondence.friends, correspondence.work, correspondence.home, invitations.invitation_answers,
        invitations.special, correspondence.groups, correspondence.lists,
        correspondence.machines, correspondence.merges, correspondence.rest,
    ):  # fmt: skip
        letters.extend(part(writer))
    letters.extend(writer.chance.sample(letters, 2))
    return sorted(letters, key=_order)


def _order(letter: Letter) -> tuple[float, str]:
    return letter.at.timestamp(), letter.id


def _drafts(writer: LetterWriter) -> list[Letter]:
    """Return two messages that the owner began and hasn't sent."""
    hannah, ruth = writer.cast.friend("Hannah").party(0), writer.cast.friend("Ruth").party(0)
    return [
        writer.letter(
            writer.moment(12), [hannah], ("Boundary, second drawing", "Hi Hannah,\n\nI moved the line as you\n")
        ).copy(flags="DS"),
        writer.letter(writer.moment(30), [ruth], ("Overdue news", "Dear Ruth,\n\nI have owed you this for\n")).copy(
            flags="DS"
        ),
    ]


def _fresh(root: Path) -> Path:
    """Return an empty Maildir under `root`, in folders that nobody else may read."""
    maildir = root / "Maildir"
    if maildir.exists():
        if not (maildir / MARKER).exists():  # it may be somebody's real mail
            raise UserError(
                "{maildir} exists and was not made by the demo; choose another folder with --out.", maildir=maildir
            )
        shutil.rmtree(maildir)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in _FOLDERS.values():
        for part in ("", "cur", "new", "tmp"):
            (maildir / folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(maildir / MARKER, b"Everybody and everything in this mailbox is made up.\n")
    return maildir


def _fill(maildir: Path, folder: str, letters: Iterable[Letter]) -> None:
    """Write letters into a folder, each under a name with its moment, as a delivery would do."""
    current = maildir / _FOLDERS[folder] / "cur"
    for number, letter in enumerate(letters, start=1):
        second = int(letter.at.timestamp())
        path = current / f"{second}.M{number:06d}P1.northwind:2,{letter.flags}"
        _write(path, to_bytes(letter))
        os.utime(path, (second, second))


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
