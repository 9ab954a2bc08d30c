"""A throw-away PostgreSQL on a Unix socket, started and stopped within a `with`. No process and no file is left."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Debian keeps each version's programs in a folder of its own.
BINARIES = next(
    iter(
        sorted(
            (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
            key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0,
            reverse=True,
        )
    ),
    Path(shutil.which("initdb") or "/nowhere/initdb").parent,
)
THERE = (BINARIES / "initdb").exists()
USER = "fleet"
PATIENCE = 20


@dataclass
class Postgres:
    """A cluster in `root`. `environ` is what its clients need."""

    root: Path
    user: int | None
    group: int | None
    process: subprocess.Popen[bytes] | None = None
    environ: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Start the server and wait until it takes clients."""
        command = [str(BINARIES / "postgres"), "-D", str(self.root / "data"), "-k", str(self.root), "-h", ""]
        # A crash is still survived: that needs the log's order, and a killed process loses nothing the kernel has.
        options = ["-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "max_connections=60"]
        with (self.root / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *options], stdout=log, stderr=log, user=self.user, group=self.group
            )
        until = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process.poll() is None, (self.root / "log").read_text()
            assert time.monotonic() < until, (self.root / "log").read_text()
            time.sleep(0.05)

    def answers(self) -> bool:
        """Return whether it takes clients."""
        command = [str(BINARIES / "pg_isready"), "-q", "-h", str(self.root)]
        return subprocess.run(command, check=False).returncode == 0

    def kill(self) -> None:
        """End every process of it by SIGKILL, as when the machine's power goes."""
        assert self.process is not None
        number = self.process.pid
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
        for one in (number, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.process.wait(PATIENCE)
        (self.root / "data" / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop it at once."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE)

    def query(self, text: str) -> list[list[str]]:
        """Return the rows of a query as texts."""
        command = [str(BINARIES / "psql"), "-X", "-A", "-t", "-F", "\t", "-c", text]
        done = subprocess.run(command, env={**os.environ, **self.environ}, capture_output=True, text=True, check=True)
        return [line.split("\t") for line in done.stdout.splitlines() if line]


@contextlib.contextmanager
def running() -> Iterator[Postgres]:
    """Make a cluster, start it, yield it, stop it and remove its files."""
    root = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # short: a socket's path has 107 octets
    account = None if os.geteuid() else pwd.getpwnam("nobody")  # it refuses to run as root
    user, group = (account.pw_uid, account.pw_gid) if account else (None, None)
    environ = {"PGHOST": str(root), "PGUSER": USER, "PGDATABASE": "postgres"}
    server = Postgres(root, user, group, environ=environ)
    try:
        if user is not None:
            os.chown(root, user, -1)
        command = [str(BINARIES / "initdb"), "-D", str(root / "data"), "-U", USER, "-A", "trust", "--no-sync"]
        command += ["-E", "UTF8", "--locale=C"]
        subprocess.run(command, check=True, capture_output=True, user=user, group=group)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(root, ignore_errors=True)
