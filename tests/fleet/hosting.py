"""A host with many owners for trials: folders copied from one that is set up, the real processes, a pretended clock."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.black_box import Box, mail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.servers.postgres import Postgres

SET_UP = datetime.fromisoformat("2026-03-04T12:00:00+01:00")
SLOT = datetime.fromisoformat("2026-03-09T08:00:00+01:00")
PEOPLE = ("Ruth Vale", "Sam Cole", "Mina Park", "Leo Frost", "Ann Reyes", "Ivo Lang")


def template(folder: Path) -> Path:
    """Make one owner who is set up: three months of sent mail to six mentors, read; no digest is due yet."""
    box = Box(folder)
    for week in range(12):
        for number, name in enumerate(PEOPLE):
            first, last = name.lower().split()
            at = SET_UP - timedelta(days=7 * week + number + 20)
            text = f"Thank you for the talk about week {week}. I will send you the paper on budgets next month.\n"
            raw = mail(
                f"{week}.{number}@harbour.example",
                to=f"{name} <{first}@{last}.example>",
                date=at.strftime("%a, %d %b %Y %H:%M:%S %z"),
                subject=f"Our talk {week}",
                body=text,
            )
            box.put(raw, mtime=at)
    box.now = SET_UP.isoformat()
    box.text("once")
    box.text("do", *(f"add {name} <{'@'.join(name.lower().split())}.example> as mentor" for name in PEOPLE))
    (folder / "home").rename(folder / "data")
    return folder


def copy(source: Path, folder: Path) -> Path:
    """Make another owner like the template. Messages are hard links: no program changes one."""
    folder.mkdir(mode=0o700, parents=True)
    shutil.copytree(source / "data", folder / "data")
    shutil.copytree(source / "mail", folder / "mail", copy_function=os.link)
    config = (source / "config.toml").read_text().replace(str(source), str(folder))
    (folder / "config.toml").write_text(config)
    (folder / "config.toml").chmod(0o600)
    return folder


def digests(folder: Path) -> list[str]:
    """Return the ISO week of each digest that lies in an owner's inbox."""
    messages = [path.read_text("utf-8") for part in ("new", "cur") for path in (folder / "mail" / part).iterdir()]
    return [
        week for message in messages for week in re.findall(r"^X-Career-Assistant-Week: (\S+)", message, re.MULTILINE)
    ]


@dataclass
class Host:
    """A data folder with owners, and the processes on it. The clock begins at `start` when the first process does."""

    home: Path
    postgres: Postgres
    start: datetime
    speed: float
    began: float | None = None
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def owners(self) -> Path:
        return self.home / "owners"

    @property
    def now(self) -> datetime:
        """The pretended moment."""
        if self.began is None:
            self.began = time.monotonic()
        return self.start + timedelta(seconds=(time.monotonic() - self.began) * self.speed)

    def fill(self, source: Path, count: int) -> list[Path]:
        """Make that many owners."""
        return [copy(source, self.owners / f"o{number}") for number in range(count)]

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "assistant", "--home", str(self.home), *arguments]

    def run(self, *arguments: str) -> int:
        """Run `fleet …` to its end and return its exit code."""
        words = self.command("fleet", *arguments)
        return subprocess.run(words, env={**os.environ, **self.postgres.environ}, check=False).returncode

    def begin(self, *arguments: str, log: Path | None = None) -> subprocess.Popen[bytes]:
        """Start `fleet …` with the pretended clock, as leader of a group of its own."""
        words = self.command("--now", self.now.isoformat(), "-v", "fleet", *arguments, "--speed", str(self.speed))
        environ = {**os.environ, **self.postgres.environ}
        with (log or self.home / "log").open("ab") as out:
            process = subprocess.Popen(words, env=environ, stdout=out, stderr=out, start_new_session=True)
        self.processes.append(process)
        return process

    def until(self, done: Callable[[], bool], seconds: float) -> None:
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, (self.home / "log").read_text()[-3000:]
            time.sleep(0.05)

    def stop(self) -> None:
        """End what runs: first asked, then by force."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            cut(process)
        self.processes.clear()


def cut(process: subprocess.Popen[bytes]) -> None:
    """End a process and all it started by SIGKILL, as when the power goes."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


@contextlib.contextmanager
def host(home: Path, postgres: Postgres, start: datetime, speed: float) -> Iterator[Host]:
    """Yield a host, and end its processes."""
    made = Host(home, postgres, start, speed)
    made.owners.mkdir(mode=0o700, parents=True)
    try:
        yield made
    finally:
        made.stop()
