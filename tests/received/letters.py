"""What lies in the mailbox of somebody with a roster: their mail, reports, and everybody else's."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

OWNER = "jo@harbour.example"
CANARY = "canary"
"""Stands in every message that nothing may be read of."""
ROSTER = (
    ("Jane Doe", "jane@x.example"),
    ("Mary Ann Smith", "maryannsmith@gmail.com"),
    ("Per Ek", "per@ek.example"),
    ("Zoë Brandt", "zoe@xn--bcher-kva.example"),
)
# Each looks like mail from jane@x.example to a search for her address.
TRAPS = (
    "maryjane@x.example",
    "Mary Jane <maryjane@x.example>",
    "jane@x.example.org",
    "Jane <jane@x.example.org>",
    '"jane@x.example" <{}@evil.example>',
    '"<jane@x.example>" <{}@evil.example>',
    '"Jane <jane@x.example> via a list" <{}@evil.example>',
    '"<jane@x.example>  and more" <{}@evil.example>',
    "=?utf-8?q?=3Cjane=40x.example=3E?= <{}@evil.example>",
    "jane@x.example <{}@evil.example>",
    "<jane@x.example> <{}@evil.example>",
    "{}@evil.example (<jane@x.example>)",
    "{}@evil.example (jane@x.example)",
    "Jane <@jane@x.example:{}@evil.example>",
)


def letter(
    sender: str,
    number: object,
    at: datetime,
    *extra: str,
    to: str = OWNER,
    subject: str = "Hello",
    body: str = "A text.",
) -> bytes:
    fields = (f"Message-ID: <{number}@mail.example>", f"Date: {format_datetime(at)}", f"From: {sender}", f"To: {to}")
    return "\r\n".join((*fields, f"Subject: {subject}", *extra, "", body, "")).encode()


def stranger(number: int, at: datetime) -> bytes:
    """Return a message of which nothing may be read: a plain one, a list's, or a trap."""
    word = f"{CANARY}{number}"
    kinds = ("{}@far.example", "{} <{}@far.example>", *TRAPS)
    sender = kinds[number % len(kinds)].replace("{}", word)
    lists = (f"List-Id: <{word}.lists.example>", f"Sender: {word}@lists.example") if number % 5 == 0 else ()
    return letter(sender, word, at, *lists, subject=f"About {word}", body=f"{word} says jane@x.example.")


def invitation(sender: str, number: object, at: datetime, method: str, *, uid: str, text: str = "") -> bytes:
    """Return an answer to a meeting of the owner's, or an invitation, with a text beside the calendar."""
    people = f"ORGANIZER:mailto:{OWNER}\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{sender}"
    event = (
        f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:{at:%Y%m%dT%H%M%SZ}\r\n"
        f"DTSTART:{at + timedelta(days=1):%Y%m%dT%H%M%SZ}\r\n{people}\r\nEND:VEVENT\r\nEND:VCALENDAR"
    )
    parts = (
        f"--b\r\nContent-Type: text/plain\r\n\r\n{text or CANARY}\r\n--b\r\n"
        f"Content-Type: text/calendar; method={method}\r\n\r\n{event}\r\n--b--"
    )
    return letter(sender, number, at, 'Content-Type: multipart/alternative; boundary="b"', body=parts)


def report(
    number: object,
    at: datetime,
    failed: str,
    *,
    original: str = "",
    returned: str = "message/rfc822",
    status: str = "",
    extra: tuple[str, ...] = (),
) -> bytes:
    """Return a delivery report that returns a message with the Message-ID `original` ("": with none)."""
    lines = [f"Message-ID: <{original}>"] if original else []
    parts = (
        f"--r\r\nContent-Type: text/plain\r\n\r\n{CANARY}: it could not be delivered.\r\n--r\r\n"
        f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n{status}\r\n"
        f"Final-Recipient: rfc822; {failed}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--r\r\n"
        f"Content-Type: {returned}\r\n\r\n" + "\r\n".join((*lines, "Subject: Hello", "", CANARY, "--r--"))
    )
    kind = 'Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="r"'
    return letter("Mail Delivery System <mailer-daemon@mx.example>", number, at, kind, *extra, body=parts)
