"""Mailing lists: which messages come from one, and which addresses are lists (RFC 2919, RFC 2369, RFC 2076)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.core.mail.address import looks_like_list, normal_address

if TYPE_CHECKING:
    from collections.abc import Container

    from assistant.core.mail.envelope import Envelope

_BULK = frozenset({"bulk", "list", "junk"})
_POST = re.compile(r"mailto:([^>?\s,]+)", re.IGNORECASE)
_ID = re.compile(r"<([^<>\s]+)>[^<>]*$|^\s*([^<>\s]+)\s*$")


def is_list_mail(envelope: Envelope) -> bool:
    """Return whether a message has List-Id, List-Unsubscribe, List-Post or a bulk Precedence itself (row 4)."""
    marks = envelope.marks
    if "list_id" in marks or "list_unsubscribe" in marks or "list_post" in marks:
        return True
    return re.split(r"[;(\s]", marks.get("precedence", "").strip(), maxsplit=1)[0].lower() in _BULK


def is_list(address: str, lists: Container[str]) -> bool:
    """Return whether an address is a mailing list: seen as one in some message, or by its look (row 7)."""
    return address in lists or looks_like_list(address)


def list_addresses(envelope: Envelope) -> frozenset[str]:
    """Return the addresses that a message shows to be lists, from its List-Post and List-Id; empty for none."""
    marks = envelope.marks
    if "list_post" not in marks and "list_id" not in marks:
        return frozenset()
    found = {normal_address(address) for address in _POST.findall(marks.get("list_post", ""))}
    listed = _ID.search(marks.get("list_id", ""))
    if listed:
        # List-Id names a list without an @: <talk.lists.example> is talk@lists.example.
        name = listed.group(1) or listed.group(2)
        found.add(normal_address(name if "@" in name else name.replace(".", "@", 1)))
    return frozenset(address for address in found if address)
