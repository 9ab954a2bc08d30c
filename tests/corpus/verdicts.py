"""The labelled set of sent messages (verdicts/README): read it, run it through the real scan, compare."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from assistant.core.mail.header import header_end
from assistant.core.mail.message import Header, Instant, Locator
from assistant.mailbox.whole_messages import calendars, crlf, wanted_fields
from assistant.rounds.scan.run import scan_sent_mail
from assistant.store.contact_report import contact_rows
from assistant.store.database import Store
from tests.scanning import NOW, ListMailbox, make_round

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLDER = Path(__file__).parent / "verdicts"
FIRST = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

Row = tuple[str, str, str, str, float, str, str]
"""(message_id, address, field, verdict, weight, reason, at) with at "" where the set does not say."""


@dataclass
class Message:
    """One labelled message: the raw octets, what the server says of it, and the rows it must have."""

    raw: bytes
    message_id: str
    options: dict[str, str]
    rows: list[Row] = field(default_factory=list)


@dataclass
class Mailbox:
    """Messages that are read together."""

    name: str
    messages: list[Message] = field(default_factory=list)


def load() -> list[Mailbox]:
    """Return every labelled mailbox."""
    return [mailbox for path in sorted(FOLDER.glob("*.txt")) for mailbox in _parse(path)]


def _parse(path: Path) -> Iterator[Mailbox]:
    for block in path.read_text("utf-8").split("\n@ "):
        name, _, rest = block.removeprefix("@ ").partition("\n")
        mailbox = Mailbox(f"{path.stem}: {name.strip()}")
        for number, part in enumerate(_messages(rest), start=1):
            mailbox.messages.append(_message(part, number, mailbox.name))
        yield mailbox


def _messages(text: str) -> Iterator[list[str]]:
    lines: list[str] = []
    for line in text.split("\n"):
        if (line == "---" or line.startswith("--- ")) and lines:
            yield lines
            lines = []
        lines.append(line)
    if any(line.strip() for line in lines):
        yield lines


def _message(lines: list[str], number: int, name: str) -> Message:
    options = dict(option.split("=", 1) for option in lines[0].removeprefix("---").split())
    told = [line for line in lines[1:] if not line.startswith("=> ")]
    left_out = {line[1:].strip().lower() for line in told if line.startswith("!")}
    text = "\n".join(line for line in told if not line.startswith("!")).rstrip("\n")
    header = text.partition("\n\n")[0]
    fields = {line.partition(":")[0].strip().lower() for line in header.split("\n")} | left_out
    own_id = f"m{number}.{crc32(name.encode())}@harbour.example"
    defaults = {
        "from": "From: Jo Harbour <jo@harbour.example>",
        "date": f"Date: {FIRST + timedelta(minutes=number):%a, %d %b %Y %H:%M:%S +0000}",
        "message-id": f"Message-ID: <{own_id}>",
    }
    whole = "\n".join([*(line for key, line in defaults.items() if key not in fields), text, ""])
    raw = crlf(whole.encode("utf-8") + (b"" if "\n\n" in text else b"\n"))
    found = next((line for line in whole.split("\n") if line.lower().startswith("message-id:")), "")
    message = Message(raw, found.partition("<")[2].rstrip(">"), options)
    message.rows = [_row(line[3:], message.message_id) for line in lines if line.startswith("=> ") and line != "=> -"]
    return message


def _row(text: str, message_id: str) -> Row:
    address, where, verdict, weight, reason, *at = text.split()
    return (message_id, address, where, verdict, float(weight), reason, at[0].removeprefix("at=") if at else "")


def headers(mailbox: Mailbox) -> dict[str, list[Header]]:
    """Return the messages as a mailbox yields them, by folder."""
    found: dict[str, list[Header]] = {}
    for message in mailbox.messages:
        folder = message.options.get("folder", "Sent")
        here = found.setdefault(folder, [])
        arrived = message.options.get("arrived")
        end = header_end(message.raw)
        parts = calendars(message.raw)
        here.append(
            Header(
                Locator(folder, 1, len(here) + 1),
                wanted_fields(message.raw[:end]),
                Instant.of(datetime.fromisoformat(arrived)) if arrived else None,
                int(message.options.get("size", "0")) or len(message.raw),
                frozenset(filter(None, message.options.get("flags", "").split(","))),
                *parts,
            )
        )
    return found


def judged(
    mailbox: Mailbox, *, order: Sequence[str] | None = None, backwards: bool = False, batch: int = 5000
) -> list[Row]:
    """Return the rows that the real scan gives the messages, folder after folder."""
    by_folder = headers(mailbox)
    names = list(order or sorted(by_folder, reverse=True))
    with Store(None) as store:
        for name in names:
            found = by_folder.get(name, [])
            reader = ListMailbox(found[::-1] if backwards else found, name, batch)
            scan_sent_mail(make_round(store, reader))
        return [
            (row.message_id, row.address, row.field, row.verdict, row.weight, row.reason, _stamp(row.at))
            for row in contact_rows(store, NOW, include_all=True)
        ]


def _stamp(at: int | None) -> str:
    return "unknown" if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def expected(mailbox: Mailbox) -> list[Row]:
    """Return the rows that the messages must have."""
    return [row for message in mailbox.messages for row in message.rows]


def compared(mailbox: Mailbox, rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Return (rows missing, rows too many): where the set says no date or id, any will do."""
    left = list(rows)
    missing = []
    for want in expected(mailbox):
        hit = next((row for row in left if _fits(row, want)), None)
        if hit is None:
            missing.append(want)
        else:
            left.remove(hit)
    return missing, left


def _fits(row: Row, want: Row) -> bool:
    return row[1:6] == want[1:6] and want[0] in {"", row[0]} and want[6] in {"", row[6]}
