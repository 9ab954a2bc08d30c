"""The labels Google Takeout writes into each message of its mbox files, in the language of the account."""

from __future__ import annotations

import csv
import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from functools import lru_cache

from assistant.core.mail.message import RECEIVED
from assistant.mailbox.imap.folder_names import DISCARDED, KNOWN, fold

_LABELS = re.compile(rb"^X-Gmail-Labels:((?:[^\n]|\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_DRAFTS = frozenset(map(fold, KNOWN["drafts"]))
_SENT = frozenset(map(fold, KNOWN["sent"]))


def is_discarded(header: bytes) -> bool:
    """Return whether a message was in Spam or Trash."""
    return b"-Gmail-Labels:" in header and not labels(header).isdisjoint(DISCARDED)


def label_flags(header: bytes) -> frozenset[str]:
    r"""Return `\Draft` for a message with that label, `RECEIVED` for one without the label Sent; else, nothing.

    Empty outside of Takeout.
    """
    if b"-Gmail-Labels:" not in header:
        return frozenset()
    found = labels(header)
    if not found.isdisjoint(_DRAFTS):
        return frozenset({"\\Draft"})
    return frozenset({RECEIVED} if found.isdisjoint(_SENT) else ())


def labels(header: bytes) -> frozenset[str]:
    """Return a message's labels, folded for comparison; empty if it has none."""
    found = _LABELS.search(header)
    return _split(found[1]) if found else frozenset()


@lru_cache(maxsize=256)  # an export repeats a few combinations
def _split(value: bytes) -> frozenset[str]:
    text = " ".join(value.decode("utf-8", "replace").split())
    try:
        text = str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return frozenset()
    return frozenset(fold(label) for row in csv.reader([text], skipinitialspace=True) for label in row)
