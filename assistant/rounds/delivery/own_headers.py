"""What our own messages to the owner bear in their header, so that they are known again (docs/reliability.md).

The Message-ID is not enough: some servers write their own. And a data file put back from a backup must find the digests
that went out since: the week, and whom its numbers mean, stand in the digest itself.
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
PROOF = "X-Career-Assistant-Proof"


def id_of(message_id: str) -> str:
    """Return what stands in the Id field of a message of ours: the token and kind, the Message-ID up to its @."""
    return message_id.strip("<> ").partition("@")[0]


def marks(
    key: bytes, message_id: str, week: str = "", items: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, str]:
    """Return the fields that let a message of ours be known again.

    Its id; for a digest its week and what each label means (kind, then what it is about); and a proof under the data
    folder's own key: what a stranger sends with such fields is none of ours.
    """
    told = " ".join(
        f"{label}={','.join(quote(one, safe='@') for one in values)}" for label, values in (items or {}).items()
    )
    fields = {ID: id_of(message_id), WEEK: week, ITEMS: told}
    return {**{name: value for name, value in fields.items() if value}, PROOF: _proof(key, *fields.values())}


def is_ours(key: bytes, head: Message) -> bool:
    """Return whether the fields of a message were written under this key."""
    given = (" ".join(str(head[name] or "").split()) for name in (ID, WEEK, ITEMS))
    return hmac.compare_digest(_proof(key, *given).encode(), str(head[PROOF] or "").strip().encode())


def _proof(key: bytes, *values: str) -> str:
    return hmac.new(key, "\0".join(("marks", *values)).encode(), hashlib.sha256).hexdigest()[:40]


def items_of(field: str) -> dict[str, tuple[str, ...]]:
    """Return what the Items field of a digest says, by label; what is garbled is left out."""
    pairs = (word.partition("=") for word in field.split())
    return {label: tuple(map(unquote, told.split(","))) for label, sign, told in pairs if label and sign and told}
