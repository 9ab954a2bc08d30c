"""A real Dovecot on a free loopback port, started and stopped within a `with`.

`running(Setup(...))` yields a `Dovecot`; `dovecot.account("priya")` an `Account` in it: any user name
signs in with the password "secret" and gets an empty mailbox of its own.
"""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from imapclient import IMAPClient
from imapclient.imap_utf7 import encode as utf7

from assistant.config import MailboxConfig, Secret
from tests.servers.dovecot_config import config_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

BINARY = Path("/usr/sbin/dovecot")
PASSWORD = "secret"
ROOM = 1 << 30  # bytes
PLAIN_CAPABILITIES = "IMAP4rev1 LITERAL+ SASL-IR LOGIN-REFERRALS ID ENABLE IDLE NAMESPACE UIDPLUS"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A key and certificate for localhost in one file. `at_once` is TLS from the first byte, otherwise STARTTLS."""

    path: Path
    at_once: bool = True

    @classmethod
    def make(cls, folder: Path, *, at_once: bool = True) -> Certificate:
        """Make a self-signed certificate in `folder`."""
        key, certificate, both = folder / "key.pem", folder / "cert.pem", folder / "both.pem"
        command = (
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
        )
        names = ["-addext", "subjectAltName=DNS:localhost"]
        files = ["-keyout", str(key), "-out", str(certificate)]
        subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
        both.write_bytes(certificate.read_bytes() + key.read_bytes())
        return cls(both, at_once)

    def trusted(self) -> ssl.SSLContext:
        """Return a client context that trusts it."""
        return ssl.create_default_context(cafile=str(self.path))


@dataclass(frozen=True, slots=True)
class Setup:
    """How the server is set up. `capabilities` None keeps Dovecot's own, `folders` maps a use to a name.

    `tokeninfo` is the address that access tokens are checked at, with the token to be added ("": none are taken).
    """

    separator: str = "/"
    prefix: str = ""
    special_use: bool = True
    capabilities: str | None = None
    folders: dict[str, str] = field(default_factory=lambda: {"Sent": "Sent", "Drafts": "Drafts"})
    tokeninfo: str = ""
    extra: str = ""
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One user of a running Dovecot, with the Maildir under it."""

    host: str
    port: int
    user: str
    home: Path
    prefix: str = ""
    separator: str = "/"
    password: str = PASSWORD

    @property
    def maildir(self) -> Path:
        return self.home / "Maildir"

    def config(self, **changes: object) -> MailboxConfig:
        """Return a [mailbox] section for this account."""
        given: dict[str, object] = {
            "kind": "imap",
            "host": self.host,
            "port": self.port,
            "security": "none",
            "user": self.user,
            "secret": Secret(literal=self.password),
            "since": 0,
        }
        return MailboxConfig(**{**given, **changes})  # type: ignore[arg-type]

    def folder_path(self, folder: str) -> Path:
        """Return the Maildir of a folder, by the name the IMAP client sees."""
        bare: str = folder.removeprefix(self.prefix) if folder != "INBOX" else folder
        if bare == "INBOX":
            return self.maildir
        encoded: str = utf7(bare.replace(self.separator, ".")).decode("ascii")
        return self.maildir / f".{encoded}"

    def fill(
        self, folder: str, messages: Iterable[bytes], flags: str = "S", times: Iterable[datetime] | None = None
    ) -> int:
        """Write messages straight into a folder's `cur`, in order; `times` are their arrival dates. Return how many."""
        cur = _own_maildir(self.folder_path(folder), self.home) / "cur"
        stamps = iter(times) if times is not None else None
        start = time.time_ns() // 1000
        count = 0
        for message in messages:
            path = cur / f"{start // 10**6}.M{start % 10**6 + count:010d}P1.local,S={len(message)}:2,{flags}"
            path.write_bytes(message)
            if stamps is not None:
                at = next(stamps).timestamp()
                os.utime(path, (at, at))
            _give(path)
            count += 1
        return count

    def deliver(self, message: bytes, folder: str = "INBOX") -> None:
        """Deliver one message as a mail server does, through `tmp` into `new`."""
        box = _own_maildir(self.folder_path(folder), self.home)
        seconds, rest = divmod(time.time_ns() // 1000, 10**6)
        name = f"{seconds}.M{rest}P2.local"
        (box / "tmp" / name).write_bytes(message)
        _give(box / "tmp" / name)
        (box / "tmp" / name).rename(box / "new" / name)

    def files(self, folder: str) -> list[Path]:
        """Return the message files of a folder, oldest first."""
        box = self.folder_path(folder)
        found = [path for part in ("cur", "new") if (box / part).is_dir() for path in (box / part).iterdir()]
        # Dovecot writes microseconds without leading zeros: as text, .M9 would come after .M10.
        return sorted(found, key=lambda path: [int(number) for number in re.findall(r"\d+", path.name)[:2]])

    def messages(self, folder: str) -> list[bytes]:
        """Return the messages of a folder, oldest first; empty if there is no such folder."""
        return [path.read_bytes() for path in self.files(folder)]

    def renumber(self, folder: str) -> None:
        """Make the server forget its numbers, so that the folder gets another UIDVALIDITY."""
        for path in self.folder_path(folder).glob("dovecot*"):
            if path.name != "dovecot-uidvalidity" and path.is_file():
                path.unlink()

    @contextlib.contextmanager
    def client(self) -> Iterator[IMAPClient]:
        with IMAPClient(self.host, self.port, ssl=False, timeout=20) as client:
            client.login(self.user, self.password)
            yield client


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A running server. `account` creates users."""

    root: Path
    port: int
    setup: Setup
    host: str = "127.0.0.1"

    def account(self, user: str) -> Account:
        """Return the account of that name. Its mailbox is created at the first login or by `fill`."""
        home = self.root / "home" / user
        for path in (home, home / "Maildir"):
            path.mkdir(mode=0o755, exist_ok=True)
            _give(path)
        return Account(self.host, self.port, user, home, self.setup.prefix, self.setup.separator)


@contextlib.contextmanager
def running(setup: Setup | None = None) -> Iterator[Dovecot]:
    """Start a Dovecot, yield it, stop it and remove its files. No process is left."""
    setup = setup or Setup()
    root = Path(tempfile.mkdtemp(prefix="dovecot-", dir=_place()))
    root.chmod(0o755)
    _give(root)
    (root / "home").mkdir()
    _give(root / "home")
    process: subprocess.Popen[bytes] | None = None
    try:
        process, port = _start(root, setup)
        yield Dovecot(root, port, setup)
    finally:
        if process is not None:
            _stop(process)
        shutil.rmtree(root, ignore_errors=True)


def _place() -> str:
    """Return a folder in memory if there is room: the mailboxes are ten thousand files, each put on disk by itself."""
    memory = "/dev/shm"  # noqa: S108 - a folder of its own within
    return memory if Path(memory).is_dir() and shutil.disk_usage(memory).free > ROOM else "/tmp"  # noqa: S108


def _start(root: Path, setup: Setup) -> tuple[subprocess.Popen[bytes], int]:
    for _ in range(3):  # the port may be taken between looking and binding
        port = free_port()
        (root / "dovecot.conf").write_text(config_text(BINARY, root, port, setup, _me(), PASSWORD))
        process = subprocess.Popen(
            [str(BINARY), "-F", "-c", str(root / "dovecot.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if _answers(process, port, silent=setup.certificate is not None and setup.certificate.at_once):
            return process, port
        _stop(process)
    log = (root / "log").read_text() if (root / "log").exists() else "(no log)"
    message = f"Dovecot did not start:\n{log}"
    raise RuntimeError(message)


def _answers(process: subprocess.Popen[bytes], port: int, *, silent: bool) -> bool:
    """Wait for the greeting, or under TLS from the first byte (`silent`) for the port."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as line:
            if silent or line.recv(64).startswith(b"* OK"):
                return True
        time.sleep(0.02)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGQUIT)
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=5)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)  # its session leader is gone; whatever it started goes with it


def free_port() -> int:
    """Return a loopback port that is free right now."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def _me() -> tuple[str, str]:
    """Return the user and group Dovecot serves as, since it refuses to serve root."""
    if os.geteuid() == 0:
        return "nobody", "nogroup"
    return pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(path, *_me())


def _own_maildir(box: Path, home: Path) -> Path:
    for path in (*(p for p in (box.parent, box) if p != home), box / "tmp", box / "new", box / "cur"):
        if not path.is_dir():
            path.mkdir(mode=0o755, parents=True)
            _give(path)
    return box
