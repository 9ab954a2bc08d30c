"""What our own messages to the owner bear in their header, so that they are known again (docs/reliability.md).

The Message-ID is not enough: some servers write their own. And a data file put back from a backup must find the digests
that went out since: the week, and whom its numbers mean, stand in the digest itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

KIND = "X-Career-Assistant"
ID = "X-Career-Assistant-Id"
WEEK = "X-Career-Assistant-Week"
ITEMS = "X-Career-Assistant-Items"


def id_of(message_id: str) -> str:
    """Return what stands in the Id field of a message of ours: the token and kind, the Message-ID up to its @."""
    return message_id.strip("<> ").partition("@")[0]


def marks(message_id: str) -> dict[str, str]:
    """Return the field that lets a message be found where its Message-ID was rewritten."""
    return {ID: id_of(message_id)}


def digest_marks(message_id: str, week: str, items: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the fields of a digest: its id, week, and what each label means (kind, then what it is about)."""
    told = " ".join(f"{label}={','.join(quote(one, safe='@') for one in values)}" for label, values in items.items())
    return {**marks(message_id), WEEK: week, **({ITEMS: told} if told else {})}


def items_of(field: str) -> dict[str, tuple[str, ...]]:
    """Return what the Items field of a digest says, by label; what is garbled is left out."""
    pairs = (word.partition("=") for word in field.split())
    return {label: tuple(map(unquote, told.split(","))) for label, sign, told in pairs if label and sign and told}
