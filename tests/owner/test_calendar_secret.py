"""A calendar's secret address, from the configuration to the digest: it works, and nothing ever says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.black_box import Box
from tests.mailbox.test_calendar_source import Shelf, handler
from tests.servers.serving import serving

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "canary-of-an-address-77c1"
EVENT = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:coffee
DTSTART:20260305T090000Z
DTEND:20260305T100000Z
SUMMARY:Coffee
ATTENDEE:mailto:mara@quist.example
END:VEVENT
END:VCALENDAR
"""


def test_a_secret_address_is_read_and_never_said(tmp_path: Path) -> None:
    shelf = Shelf({f"/{SECRET}.ics": (200, {}, EVENT.encode())})
    box = Box(tmp_path)
    config = tmp_path / "config.toml"
    said = [box.text("do", "add Mara Quist <mara@quist.example> as mentor")]
    with serving(handler(shelf)) as port:
        command = f'url_command = "echo http://127.0.0.1:{port}/{SECRET}.ics"'
        with config.open("a") as file:
            file.write(f'[[calendar]]\nname = "Work"\n{command}\noffer_slots = true\n')
        said += [box.text("scan"), box.text("doctor"), box.text("doctor", "--json")]
        assert "Work: 1 event" in said[-1]
        (row,) = box.lines("contacts")
        assert (row["verdict"], row["source"], row["subject"]) == ("full", "calendar Work", "Coffee")
        preview = box.text("digest", "--out", str(tmp_path / "preview"))
        said += [box.text("show", "mara"), box.text("contacts"), preview, box.text("backup")]
        assert "Coffee" in said[4]
        shelf.pages = {f"/{SECRET}.ics": (302, {"Location": f"https://evil.example/{SECRET}"}, b"")}
        said += [box.text("scan", now="2026-03-10T14:00:00+01:00"), box.text("doctor", code=1)]
    assert len(shelf.asked) >= 4
    said += [
        box.text("scan", now="2026-03-12T14:00:00+01:00"),
        box.text("once", "--json", now="2026-03-12T15:00:00+01:00"),
    ]
    assert "Your calendar “Work” could not be read since" in said[-2]
    assert not [text for text in said if SECRET in text]
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path != config]
    assert [path.name for path in files if SECRET.encode() in path.read_bytes()] == []
    assert any(path.name.endswith(".db") or "sqlite" in path.name for path in files)
