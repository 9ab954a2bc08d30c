"""Calendars as they are read: a file, or an address on the web that is fetched within bounds.

    path ─> changed? ─> bytes ─────────────────────────────┐
    address ─> GET, If-None-Match ─> its own host's answer ─┴─> at most 10 MB ─> CalendarText

An address is a secret: whoever has it reads the calendar. Only the calendar's name and the host are ever said.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from assistant.config.calendars import calendar_address, calendar_address_problem
from assistant.config.values import is_loopback
from assistant.core.contact.calendar_file import LARGEST, CalendarText
from assistant.errors import MailboxError, UserError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx2

MOST_REDIRECTS: Final = 3
PATIENCE: Final = 20.0
_OK, _NOT_MODIFIED, _MULTIPLE, _BAD = 200, 304, 300, 400
_WITHDRAWN: Final = frozenset({401, 403, 404, 410})
_LOGGERS: Final = ("httpx2", "httpcore2")


@dataclass(frozen=True, slots=True)
class FileCalendar:
    """A calendar in a file."""

    name: str
    path: Path

    @property
    def place(self) -> str:
        """Return where it is, as sentences name it."""
        return self.path.name

    def read(self, mark: str | None) -> CalendarText:
        """Return the file's text, None if it's as it was at that mark. Raises MailboxError if it can't be read."""
        try:
            with self.path.open("rb") as file:
                content = file.read(LARGEST + 1)
                changed = self.path.stat()
        except OSError as error:
            told = "The calendar {name} can't be read ({strerror}); check its path under [[calendar]] in config.toml."
            raise MailboxError(told, name=self.name, strerror=error.strerror) from None
        if len(content) > LARGEST:
            raise _too_large(self.name)
        now = f"{changed.st_mtime_ns} {changed.st_size} {zlib.crc32(content)}"
        return CalendarText(None if now == mark else _text(content), now)


@dataclass(frozen=True, slots=True)
class WebCalendar:
    """A calendar on the web. `address` gets its address when needed, `context` is whom TLS trusts (None: as usual)."""

    name: str
    address: Callable[[], str] = field(repr=False)
    patience: float = PATIENCE
    context: ssl.SSLContext | None = None

    @property
    def place(self) -> str:
        """Return the host, as sentences name it."""
        return urlsplit(self._checked()).hostname or ""

    def read(self, mark: str | None) -> CalendarText:
        """Return what the server gives, None for the text if it's as it was at that mark.

        Ends after about `patience` seconds, whatever the server does. Raises MailboxError if the server can't be
        reached or gives nothing usable, UserError if the address is none or a command doesn't tell it.
        """
        import httpx2

        url = self._checked()
        late = threading.Event()
        sockets: list[socket.socket] = []  # each as it is opened, so that the deadline can close it
        timer = threading.Timer(self.patience, _hang_up, (late, sockets))
        timer.daemon = True
        timer.start()
        host = urlsplit(url).hostname
        try:
            return self._fetch(url, mark, sockets.append)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError, ValueError, zlib.error) as error:
            if late.is_set():
                told = "{host} didn't give the calendar {name} within {patience:g} seconds."
                raise MailboxError(told, host=host, name=self.name, patience=self.patience) from None
            # Never what the library says: it may hold the address.
            told = "{host} can't be reached for the calendar {name} ({kind})."
            raise MailboxError(told, host=host, name=self.name, kind=type(error).__name__) from None
        finally:
            timer.cancel()

    def _checked(self) -> str:
        url = calendar_address(self.address())
        if calendar_address_problem(url):
            told = "The address of the calendar {name} is none; it begins with https:// or webcal://."
            raise UserError(told, name=self.name)
        return url

    def _fetch(self, url: str, mark: str | None, opened: Callable[[socket.socket], None]) -> CalendarText:
        here, known = url, _asked_with(mark, url)
        with _client(url, self.patience, self.context, opened) as client:
            for _ in range(MOST_REDIRECTS + 1):
                with client.stream("GET", here, headers=known) as response:
                    if response.status_code == _NOT_MODIFIED and known and mark:
                        return CalendarText(None, mark)
                    if response.status_code == _OK:
                        content = b"".join(self._bounded(response))
                        return CalendarText(_text(content), _mark(response, url))
                    if not _MULTIPLE <= response.status_code < _BAD or response.status_code == _NOT_MODIFIED:
                        raise self._refused(response)
                    here = self._next(here, response)
        told = "{host} sends on and on for the calendar {name}."
        raise MailboxError(told, host=urlsplit(url).hostname, name=self.name)

    def _next(self, here: str, response: httpx2.Response) -> str:
        """Return where a redirect leads, if that is on the same host."""
        there = urljoin(here, response.headers.get("location", ""))
        old, new = urlsplit(here), urlsplit(there)
        if (new.scheme, new.hostname, new.port) != (old.scheme, old.hostname, old.port):
            # The address is a secret, and another host has no business with it.
            told = "{host} sends on to another host for the calendar {name}, which isn't followed."
            raise MailboxError(told, host=old.hostname, name=self.name)
        # The user part, where there is one, stays: it is for this host.
        return there if new.username else new._replace(netloc=old.netloc).geturl()

    def _refused(self, response: httpx2.Response) -> MailboxError:
        host, status = response.url.host, response.status_code
        if status in _WITHDRAWN:
            told = "{host} no longer gives the calendar {name} ({status}); its secret address may be another now."
        else:
            told = "{host} can't give the calendar {name} now ({status})."
        return MailboxError(told, host=host, name=self.name, status=status)

    def _bounded(self, response: httpx2.Response) -> Iterator[bytes]:
        """Yield the body, unpacked, as long as it isn't too large."""
        packed = response.headers.get("content-encoding", "identity").strip().lower()
        if packed not in {"identity", "gzip", "x-gzip", ""}:
            told = "{host} gives the calendar {name} packed in a way that wasn't asked for."
            raise MailboxError(told, host=response.url.host, name=self.name)
        unpack = zlib.decompressobj(wbits=31) if "gzip" in packed else None
        size = 0
        for chunk in response.iter_raw():
            # A few octets may unpack to any number: never more than what is still allowed.
            part = unpack.decompress(chunk, LARGEST + 1 - size) if unpack else chunk
            size += len(part)
            if size > LARGEST:
                raise _too_large(self.name)
            yield part


def _client(
    url: str, patience: float, context: ssl.SSLContext | None, opened: Callable[[socket.socket], None]
) -> httpx2.Client:
    """Return a client that follows nothing by itself, and tells each socket that it opens."""
    import httpx2

    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)  # below that their lines hold the address

    def trace(event: str, info: dict[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            found = info["return_value"].get_extra_info("socket")
            if found is not None:
                opened(found)

    def prepare(request: httpx2.Request) -> None:
        request.extensions = {**request.extensions, "trace": trace}

    return httpx2.Client(
        follow_redirects=False,
        trust_env=not is_loopback(url),
        timeout=patience,
        verify=context or True,
        headers={"User-Agent": "career-assistant", "Accept": "text/calendar", "Accept-Encoding": "gzip"},
        event_hooks={"request": [prepare]},
    )


def _hang_up(late: threading.Event, sockets: list[socket.socket]) -> None:
    late.set()
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def _mark(response: httpx2.Response, url: str) -> str:
    """Return what to ask with the next time (RFC 9110, 13.1.2 and 13.1.3), "" if the server gives nothing for it."""
    names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    told = {asked: response.headers.get(name, "") for name, asked in names.items()}
    # What isn't ASCII can't be asked with.
    found = {asked: value for asked, value in told.items() if value and value.isascii()}
    return json.dumps([_number(url), found]) if found else ""


def _asked_with(mark: str | None, url: str) -> dict[str, str]:
    """Return what to ask with, nothing if the mark is of a file or of another address: the calendar has moved."""
    try:
        number, known = json.loads(mark or "")
        return dict(known) if number == _number(url) else {}
    except (TypeError, ValueError):
        return {}


def _number(url: str) -> int:
    return zlib.crc32(url.encode())


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig", "replace")


def _too_large(name: str) -> MailboxError:
    told = "The calendar {name} has more than {limit} MB, which is too much to read."
    return MailboxError(told, name=name, limit=LARGEST // 2**20)
