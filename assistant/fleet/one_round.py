"""One owner's round in a process of its own, which ends whatever becomes of it.

    worker ──> a process that is warm ──> fork ──> become the owner's Unix user ──> round ──> Outcome

A round takes what the daemon's takes, in the daemon's order. The process has a limit of time and of memory that the
kernel enforces, so that a mailbox that stalls or floods costs only its own owner, even if the worker is gone.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import resource
import signal
import zlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import logs
from assistant.config import load_config
from assistant.daemon import POLL, patience
from assistant.errors import AssistantError
from assistant.fleet.folders import CONFIG, DATA
from assistant.owner import ROUND_SECONDS, Owner
from assistant.rounds.delivery import heartbeat
from assistant.rounds.digest.when_due import next_digest
from assistant.rounds.replies import receipts
from assistant.rounds.whole_round import reason_to_act
from assistant.store import folders, outbox
from assistant.store.database import Store

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

log = logging.getLogger("assistant.fleet")

# Seconds. The mailbox has ROUND_SECONDS; a slow model may take longer (docs/writer.md).
LIMIT = int(ROUND_SECONDS) + 20
LIMIT_WITH_MODEL = 900
MEMORY = 1 << 30
SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a round: when the next is due, the kind of the error (None: it worked), the digest's week if any."""

    next_at: datetime
    error: str | None = None
    digest: str | None = None

    def as_bytes(self) -> bytes:
        """Return it as JSON, since nothing that comes from a process full of others' mail is unpickled."""
        return json.dumps(asdict(self) | {"next_at": self.next_at.isoformat()}).encode()

    @classmethod
    def read(cls, said: bytes) -> Outcome:
        """Return what `as_bytes` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        values = json.loads(said)
        error, digest = values["error"], values["digest"]
        return cls(datetime.fromisoformat(values["next_at"]), error and str(error)[:80], digest and str(digest)[:8])


def run_alone(folder: str, now: datetime, failures: int, limit: int, channel: Connection) -> None:
    """Do one round in this process, which is the owner's alone, and send its outcome."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.alarm(limit)  # without a handler it ends the process, and a restart goes on from there (promise 7)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.umask(0o077)
    try:
        become_owner(Path(folder))
        outcome = do_round(Path(folder), now, failures)
    except (OSError, LookupError) as error:  # no such folder, or nobody has its user id
        outcome = _failed(error, now, failures, 0)
    with contextlib.suppress(OSError):  # the worker is gone; what was done is in the owner's data file
        channel.send_bytes(outcome.as_bytes())


def become_owner(folder: Path) -> None:
    """Become the Unix user to whom the folder belongs, if root runs this, and forget how PostgreSQL is reached."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]
    owner = folder.stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        return
    import pwd

    user = pwd.getpwuid(owner.st_uid)
    os.initgroups(user.pw_name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.environ |= {"HOME": user.pw_dir, "USER": user.pw_name, "LOGNAME": user.pw_name}
    os.chdir(folder)


def do_round(folder: Path, now: datetime, failures: int) -> Outcome:
    """Do the round of one owner if there's a reason for one, after `failures` in a row. Raises nothing."""
    home = folder / DATA
    try:
        config = load_config(folder / CONFIG)
        if config.llm:
            signal.alarm(LIMIT_WITH_MODEL)
        handler = logs.to_file(home)
        try:
            with Store(home) as store:
                return _guarded(Owner(config, home, store), folder.name, now, failures)
        finally:
            logs.close_handler(handler)
    except Exception as error:  # noqa: BLE001 - whatever it is, the next try must have its time
        return _failed(error, now, failures, 0)


def _guarded(owner: Owner, name: str, now: datetime, failures: int) -> Outcome:
    digest = None
    try:
        # Both locks: neither a daemon of the owner's nor a command may be at work at the same time.
        with owner.daemon_lock(), owner.round_lock():
            if failures or _is_due(owner, name, now):
                digest = owner.whole_round(now).digest
                log.info("round done digest=%s", digest or "none")
    except Exception as error:  # noqa: BLE001 - as in the daemon, one failed round ends nothing
        noted = heartbeat.trouble(owner.store)
        return _failed(error, now, failures, noted.refused if noted else 0)
    return Outcome(_next_round(owner, name, now), digest=digest)


def _failed(error: Exception, now: datetime, failures: int, refused: int) -> Outcome:
    place = "" if isinstance(error, AssistantError) else logs.where(error)
    log.warning('round failed error=%s where="%s"', type(error).__name__, place)
    return Outcome(now + patience(error, failures + 1, refused), type(error).__name__)


def next_poll(name: str, now: datetime) -> datetime:
    """Return the owner's next look at Sent after `now`. Each has an own place in the quarter of an hour, by their name.

    So thousands of owners are spread evenly, and it's the same place on every machine.
    """
    step = int(POLL.total_seconds())
    place = zlib.crc32(name.encode()) % step
    return datetime.fromtimestamp((int(now.timestamp()) - place) // step * step + step + place, UTC)


def _is_due(owner: Owner, name: str, now: datetime) -> bool:
    """Return whether to open the mailbox: as the daemon, four times an hour or for a reason."""
    last = folders.last_scan_at(owner.store, int(now.timestamp()))
    polled = last is not None and now < next_poll(name, datetime.fromtimestamp(last, UTC))
    return not polled or reason_to_act(owner.config, owner.store, now) or owner.needs_care(now)


def _next_round(owner: Owner, name: str, now: datetime) -> datetime:
    times = [next_poll(name, now)]
    if at := next_digest(owner.config, owner.store, now):
        times.append(at)
    if outbox.open_entries(owner.store) or receipts.count_waiting(owner.store):
        times.append(now)
    return max(min(times), now + SOON)
