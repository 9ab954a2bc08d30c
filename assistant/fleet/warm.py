"""Imported once in the process that all rounds fork off: it does a digest for a made-up owner in each language.

What a first digest loads and compiles (modules, templates, patterns, words) is shared by every round then. Without it a
digest takes 320 ms of CPU instead of 115, and a look at Sent 35 instead of 20 (`python -m bench.fleet`).
"""

from __future__ import annotations

import contextlib
import gc
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import assistant.mailbox.imap.mailbox  # noqa: F401 - IMAP is loaded only where it is used
from assistant.config import load_config
from assistant.core.language.data_files import LANGUAGES
from assistant.fleet.folders import CONFIG, DATA
from assistant.fleet.one_round import Outcome, do_round
from assistant.owner import Owner
from assistant.store.database import Store

_MONDAY: Final = datetime(2026, 3, 2, 8, tzinfo=UTC)
_CONFIG: Final = """\
[me]
name = "Made Up"
addresses = ["made.up@example.com"]
timezone = "UTC"
language = "{language}"
[mailbox]
kind = "maildir"
path = "mail"
"""
_LETTER: Final = """\
From: Made Up <made.up@example.com>
To: Jane Roe <jane@roe.example>
Date: {date:%a, %d %b %Y %H:%M:%S} +0000
Subject: Our talk {number}
Message-ID: <{number}@example.com>

Thank you for the talk on Monday. I will send you the paper next week. How was the move?
"""


def made_up_digest(folder: Path, language: str) -> Outcome:
    """Set a made-up owner up in an empty folder, do the round of their first digest, and return its outcome."""
    sent = folder / "mail" / ".Sent" / "cur"
    for place in (sent, folder / "mail" / "cur", folder / "mail" / ".Drafts" / "cur"):
        for part in ("cur", "new", "tmp"):
            (place.parent / part).mkdir(parents=True, exist_ok=True)
    for number in range(3):
        text = _LETTER.format(number=number, date=_MONDAY - timedelta(days=90 + number))
        (sent / f"{number}.M{number}P1.host:2,S").write_text(text, encoding="utf-8")
    (folder / CONFIG).write_text(_CONFIG.format(language=language), encoding="utf-8")
    do_round(folder, _MONDAY - timedelta(days=1), 0)
    with Store(folder / DATA) as store:
        owner = Owner(load_config(folder / CONFIG), folder / DATA, store)
        owner.say(["add Jane Roe <jane@roe.example> as mentor"], _MONDAY - timedelta(days=1))
    return do_round(folder, _MONDAY, 0)


for _language in LANGUAGES:
    with contextlib.suppress(Exception), tempfile.TemporaryDirectory() as _place:
        made_up_digest(Path(_place), _language)
gc.collect()
gc.freeze()  # nothing that is here now is looked at again, so its pages stay shared
