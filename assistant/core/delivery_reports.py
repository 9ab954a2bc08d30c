"""Which recipients a mail server could not reach, from its delivery report (RFC 3464, RFC 6533)."""

from __future__ import annotations

import re

from assistant.core.addresses import normal_address

_FIELD = re.compile(
    r"^(action|(?:final|original)-recipient)[ \t]*:[ \t]*(.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE
)


def failed_recipients(report: str) -> tuple[str, ...]:
    """Return the normal addresses that a report says failed, as they were written to and as they ended; empty for none.

    What was delayed, relayed or delivered is no failure, and neither is a block without an Action.
    """
    found: list[str] = []
    for block in re.split(r"\n[ \t]*\n", report.replace("\r\n", "\n")):
        fields = [(name.lower(), value.strip()) for name, value in _FIELD.findall(block)]
        if ("action", "failed") in {(name, value.lower()) for name, value in fields}:
            addresses = (normal_address(value.rpartition(";")[2]) for name, value in fields if name != "action")
            found += filter(None, addresses)
    return tuple(dict.fromkeys(found))
