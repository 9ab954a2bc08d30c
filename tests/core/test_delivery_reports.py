"""Delivery reports as servers write them (RFC 3464): who wasn't reached."""

from __future__ import annotations

import pytest

from assistant.core.mail.header import failed_recipients

POSTFIX = """Reporting-MTA: dns; mx.example
X-Postfix-Queue-ID: 4F1
Arrival-Date: Mon,  2 Mar 2026 10:00:00 +0100 (CET)

Final-Recipient: rfc822; jane@inner.example
Original-Recipient: rfc822;Jane+news@Roe.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <jane@inner.example>: Recipient address
    rejected: User unknown
"""


@pytest.mark.parametrize(
    ("report", "failed"),
    [
        (POSTFIX, ("jane@inner.example", "jane@roe.example")),
        (POSTFIX.replace("\n", "\r\n"), ("jane@inner.example", "jane@roe.example")),
        (POSTFIX.replace("failed", "delayed"), ()),
        (POSTFIX.replace("Action: failed\n", ""), ()),
        ("\n\nACTION:  Failed\nFinal-Recipient:rfc822;\n jane@roe.example\n", ("jane@roe.example",)),
        ("final-recipient: rfc822;a@x.example\naction: failed\n \nfinal-recipient: rfc822;b@x.example\naction: relayed",
         ("a@x.example",)),
        ("Action: failed\nFinal-Recipient: utf-8; zoë@x.example", ("zoë@x.example",)),
        ("Action: failed\nFinal-Recipient: x400; /C=de/O=x", ()),
        ("Action: failed", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_who_was_not_reached(report: str, failed: tuple[str, ...]) -> None:
    assert failed_recipients(report) == failed
