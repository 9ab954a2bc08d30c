"""A real Radicale (CalDAV) on a free loopback port, with one calendar that events are PUT into."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from base64 import b64encode
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND = shutil.which("radicale")
MADE = (201, 204)


@dataclass(frozen=True, slots=True)
class Radicale:
    port: int

    @property
    def url(self) -> str:
        return f"http://priya:secret@127.0.0.1:{self.port}/priya/work/"

    def put(self, uid: str, *lines: str) -> None:
        """Put one event, or what stands between several (`lines`), into the calendar."""
        text = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//EN", "BEGIN:VEVENT", f"UID:{uid}"]
        body = "\r\n".join([*text, "DTSTAMP:20260301T080000Z", *lines, "END:VEVENT", "END:VCALENDAR", ""])
        assert self._ask("PUT", f"{uid}.ics", body.encode(), "text/calendar") in MADE

    def delete(self, uid: str) -> None:
        assert self._ask("DELETE", f"{uid}.ics") in (200, 204)

    def make_calendar(self) -> None:
        assert self._ask("MKCALENDAR", "") in MADE

    def _ask(self, method: str, name: str, body: bytes = b"", kind: str = "") -> int:
        line = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            # Radicale takes any password then, but wants to know who asks.
            who = {"Authorization": f"Basic {b64encode(b'priya:secret').decode()}"}
            line.request(method, f"/priya/work/{name}", body, who | ({"Content-Type": kind} if kind else {}))
            return line.getresponse().status
        finally:
            line.close()


@contextlib.contextmanager
def running_radicale(folder: Path) -> Iterator[Radicale]:
    """Start it with an empty calendar, its data in `folder`; stop it at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    config = folder / "radicale.conf"
    config.write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = none\n[rights]\ntype = owner_write\n"
        f"[storage]\nfilesystem_folder = {folder / 'data'}\n[logging]\nlevel = error\n",
        encoding="utf-8",
    )
    assert COMMAND is not None
    process = subprocess.Popen([COMMAND, "--config", str(config)], stderr=subprocess.DEVNULL)
    try:
        server = Radicale(port)
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        server.make_calendar()
        yield server
    finally:
        process.terminate()
        process.wait(10)
