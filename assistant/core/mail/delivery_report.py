"""What a delivery report says besides who wasn't reached: about which message, and when it was taken (RFC 3464)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.core.mail.date import parse_date
from assistant.core.mail.header import MESSAGE_ID, split_fields

if TYPE_CHECKING:
    from datetime import datetime

# Gmail names the message there, and returns it without a Message-ID if that was long.
_ORIGINAL = frozenset({"x-original-message-id", "original-message-id"})


def original_id(report: str) -> str:
    """Return the Message-ID that the text of a message/delivery-status part names, "" if it names none."""
    found = (MESSAGE_ID.search(value) for name, value in _fields(report) if name in _ORIGINAL)
    return next((one[1] for one in found if one), "")


def taken_at(report: str) -> datetime | None:
    """Return when the reporting server took the message (Arrival-Date, RFC 3464, 2.2.5), None if it doesn't say."""
    dates = (parse_date(value) for name, value in _fields(report) if name == "arrival-date")
    return next(filter(None, dates), None)


def _fields(report: str) -> list[tuple[str, str]]:
    # Both fields are about the whole message, so they stand in the first block.
    first = re.split(r"\n[ \t]*\n", report.replace("\r\n", "\n").lstrip("\n"), maxsplit=1)[0]
    return split_fields(first.encode("utf-8", "replace"))
