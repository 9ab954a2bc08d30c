"""The header fields by which our messages to the owner are recognized (docs/reliability.md, "The outbox").

The Message-ID isn't enough, since some servers write their own. And a restored data file must learn from a digest in
INBOX which week it is for and whom its numbers mean.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message

KIND = "X-Career-Assistant"
ID = "X-Career-Assistant-Id"
WEEK = "X-Career-Assistant-Week"
ITEMS = "X-Career-Assistant-Items"
ANSWERS = "X-Career-Assistant-Answers"
"""The Message-IDs of all taps whose receipt a transcript is. In-Reply-To has one only."""
PROOF = "X-Career-Assistant-Proof"


def id_of(message_id: str) -> str:
    """Return the value of the Id field: the Message-ID up to its @, which is the token and the kind."""
    return message_id.strip("<> ").partition("@")[0]


def marks(
    key: bytes, message_id: str, week: str = "", items: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, str]:
    """Return the header fields of a message of ours: its id, and a proof made with the data folder's key.

    A digest also has its week, and what each label means: a kind, followed by what it's about.
    """
    told = " ".join(
        f"{label}={','.join(quote(one, safe='@') for one in values)}" for label, values in (items or {}).items()
    )
    fields = {ID: id_of(message_id), WEEK: week, ITEMS: told}
    # Anybody can send a message with such fields; only the proof shows that we wrote them.
    return {**{name: value for name, value in fields.items() if value}, PROOF: _proof(key, *fields.values())}


def is_ours(key: bytes, head: Message) -> bool:
    """Return whether the fields of a message were written with this key."""
    # Long fields come back folded, and servers fold them in their own ways, so blanks don't count.
    given = (" ".join(str(head[name] or "").split()) for name in (ID, WEEK, ITEMS))
    return hmac.compare_digest(_proof(key, *given).encode(), str(head[PROOF] or "").strip().encode())


def _proof(key: bytes, *values: str) -> str:
    return hmac.new(key, "\0".join(("marks", *values)).encode(), hashlib.sha256).hexdigest()[:40]


def items_of(field: str) -> dict[str, tuple[str, ...]]:
    """Return what each label means by the Items field of a digest. Garbled entries are left out."""
    pairs = (word.partition("=") for word in field.split())
    return {label: tuple(map(unquote, told.split(","))) for label, sign, told in pairs if label and sign and told}
