"""Fetching a calendar: within its host, its size and its time, and its address is never said."""

from __future__ import annotations

import gzip
import logging
import ssl
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from assistant.core.contact.calendar_file import LARGEST
from assistant.errors import AssistantError, MailboxError, UserError
from assistant.mailbox.calendar_source import FileCalendar, WebCalendar
from tests.servers.dovecot import Certificate
from tests.servers.serving import QuietHandler, serving

if TYPE_CHECKING:
    from pathlib import Path

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
SECRET = "canary-4711"


@dataclass
class Shelf:
    """What a server gives by path: status, headers and body; `slow` sends it byte by byte."""

    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    slow: bool = False
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


def handler(shelf: Shelf) -> type[QuietHandler]:
    class Handler(QuietHandler):
        def do_GET(self) -> None:  # noqa: N802 - http.server's name
            shelf.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            status, headers, body = shelf.pages.get(self.path, (404, {}, b""))
            if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            for place in range(0, len(body), 1 if shelf.slow else max(len(body), 1)):
                try:
                    self.wfile.write(body[place : place + 1] if shelf.slow else body)
                    time.sleep(0.05 if shelf.slow else 0)
                except OSError:
                    return

    return Handler


def calendar(port: int, patience: float = 20.0) -> WebCalendar:
    return WebCalendar("Work", lambda: f"http://127.0.0.1:{port}/{SECRET}.ics", patience)


def test_an_unchanged_calendar_is_asked_for_and_not_given() -> None:
    shelf = Shelf({f"/{SECRET}.ics": (200, {"ETag": '"7"'}, CALENDAR)})
    with serving(handler(shelf)) as port:
        first = calendar(port).read(None)
        again = calendar(port).read(first.mark)
    assert (first.text, again.text, again.mark) == (CALENDAR.decode(), None, first.mark)
    assert [asked.get("if-none-match") for _, asked in shelf.asked] == [None, '"7"']


def test_what_was_noted_of_another_place_is_not_asked_with(tmp_path: Path) -> None:
    file = tmp_path / "work.ics"
    file.write_bytes(CALENDAR)
    of_file = FileCalendar("Work", file).read(None).mark
    shelf = Shelf({f"/{SECRET}.ics": (200, {"ETag": '"7"'}, CALENDAR), "/new.ics": (200, {"ETag": '"7"'}, CALENDAR)})
    with serving(handler(shelf)) as port:
        first = calendar(port).read(of_file)
        moved = replace(calendar(port), address=lambda: f"http://127.0.0.1:{port}/new.ics").read(first.mark)
    assert (first.text, moved.text) == (CALENDAR.decode(), CALENDAR.decode())


def test_an_etag_that_cannot_be_asked_with_is_left_out() -> None:
    shelf = Shelf({f"/{SECRET}.ics": (200, {"ETag": '"\u00ff"'}, CALENDAR)})
    with serving(handler(shelf)) as port:
        first = calendar(port).read(None)
        assert calendar(port).read(first.mark).text == CALENDAR.decode()


def test_gzip_is_unpacked() -> None:
    shelf = Shelf({f"/{SECRET}.ics": (200, {"Content-Encoding": "gzip"}, gzip.compress(CALENDAR))})
    with serving(handler(shelf)) as port:
        assert calendar(port).read(None).text == CALENDAR.decode()


BOMB = gzip.compress(b" " * (LARGEST * 20))


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ((200, {"Content-Encoding": "gzip"}, BOMB), "more than 10 MB"),
        ((200, {}, b" " * (LARGEST + 1)), "more than 10 MB"),
        ((200, {"Content-Encoding": "gzip"}, b"no gzip"), "can't be reached"),
        ((200, {"Content-Encoding": "br"}, b"x"), "packed in a way"),
        ((302, {"Location": f"http://localhost:1/{SECRET}"}, b""), "another host"),
        ((302, {"Location": f"https://127.0.0.1/{SECRET}"}, b""), "another host"),
        ((302, {"Location": f"//evil.example/{SECRET}"}, b""), "another host"),
        ((302, {"Location": f"/{SECRET}.ics"}, b""), "on and on"),
        ((404, {}, b""), "no longer gives"),
        ((403, {}, b""), "no longer gives"),
        ((503, {}, b""), "can't give"),
        ((304, {}, b""), "can't give"),
    ],
)  # fmt: skip
def test_what_a_server_may_not_do(page: tuple[int, dict[str, str], bytes], said: str) -> None:
    with serving(handler(Shelf({f"/{SECRET}.ics": page}))) as port, pytest.raises(MailboxError) as caught:
        calendar(port).read(None)
    assert said in str(caught.value)
    assert SECRET not in str(caught.value)
    assert "Work" in str(caught.value)


def test_a_redirect_within_the_host_is_followed() -> None:
    shelf = Shelf({f"/{SECRET}.ics": (302, {"Location": "new.ics"}, b""), "/new.ics": (200, {}, CALENDAR)})
    with serving(handler(shelf)) as port:
        assert calendar(port).read(None).text == CALENDAR.decode()


def test_a_byte_now_and_then_ends_at_the_deadline() -> None:
    began = time.monotonic()
    shelf = Shelf({f"/{SECRET}.ics": (200, {}, CALENDAR * 99)}, slow=True)
    with serving(handler(shelf)) as port, pytest.raises(MailboxError, match=r"within 0\.5 seconds"):
        calendar(port, patience=0.5).read(None)
    assert time.monotonic() - began < 3


def test_nothing_of_the_address_is_said_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    shelf = Shelf({f"/{SECRET}.ics": (200, {}, CALENDAR)})
    with caplog.at_level(logging.DEBUG), serving(handler(shelf)) as port:
        calendar(port).read(None)
        assert SECRET not in repr(calendar(port))
    with caplog.at_level(logging.DEBUG), pytest.raises(MailboxError) as caught:
        calendar(1).read(None)
    assert SECRET not in caplog.text + str(caught.value)


@pytest.mark.parametrize(
    "address", [f"http://calendar.example/{SECRET}", f"ftp://x.example/{SECRET}", SECRET, f"https://a\\b/{SECRET}", ""]
)
def test_an_address_from_a_command_is_checked_as_well(address: str) -> None:
    with pytest.raises(UserError) as caught:
        WebCalendar("Work", lambda: address).read(None)
    assert SECRET not in str(caught.value)


def test_the_certificate_is_checked(tmp_path: Path) -> None:
    certificate = Certificate.make(tmp_path).path
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    shelf = Shelf({f"/{SECRET}.ics": (200, {}, CALENDAR), "/down": (302, {"Location": "http://localhost/x"}, b"")})
    with serving(handler(shelf), context) as port:
        address = f"webcal://localhost:{port}/"
        assert WebCalendar("Work", lambda: f"{address}{SECRET}.ics", context=trusting).read(None).text
        with pytest.raises(MailboxError, match="can't be reached"):
            WebCalendar("Work", lambda: f"{address}{SECRET}.ics").read(None)
        with pytest.raises(MailboxError, match="another host"):
            WebCalendar("Work", lambda: f"{address}down", context=trusting).read(None)


def test_a_file_is_read_again_only_if_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "work.ics"
    path.write_bytes(CALENDAR)
    source = FileCalendar("Work", path)
    first = source.read(None)
    assert (first.text, source.read(first.mark).text) == (CALENDAR.decode(), None)
    path.write_bytes(CALENDAR + b" ")
    assert source.read(first.mark).text
    path.write_bytes(b" " * (LARGEST + 1))
    with pytest.raises(MailboxError, match="more than 10 MB"):
        source.read(None)
    path.unlink()
    with pytest.raises(AssistantError, match="can't be read"):
        source.read(None)
