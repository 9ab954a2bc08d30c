"""Move an owner to another node: backup, copy, verify, switch.

    no rounds ──> backup ──> copy by tar ──> verify by sha256sum ──> switch the pin ──> give the copy its name

The copy has its name only after the switch, which is one UPDATE, so at no moment could two nodes do a round. A move
that was cut off anywhere is begun again by the same command; no round begins until then. The target is a folder that
this machine sees, or HOST:FOLDER by ssh.
"""

from __future__ import annotations

import asyncio
import hashlib
import shlex
import subprocess
from typing import IO, TYPE_CHECKING, Final

from assistant.errors import UnreachableError, UserError
from assistant.fleet import folders, queue
from assistant.store.backups import back_up, check_database
from assistant.store.database import FILE_NAME, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

_STILL: Final = "UPDATE fleet_owner SET moving = %(moving)s WHERE name = %(name)s"
_AT_WORK: Final = "SELECT FROM procrastinate_jobs WHERE lock = 'owner ' || %(name)s AND status = 'doing'"
_SWITCH: Final = "UPDATE fleet_owner SET node = %(node)s, next_at = %(now)s, moving = false WHERE name = %(name)s"


async def move(owners: Path, name: str, node: str, into: str, now: datetime) -> Path:
    """Move an owner from this machine to `node`, whose folder of owners is `into`. Return where the old folder is kept.

    Raises UserError if a round is running, the data is damaged or the copy differs, and UnreachableError if the copy
    can't be made.
    """
    folder = folders.known_owner(owners, name)
    async with queue.opened() as app:
        await queue.change(app, _STILL, name=name, moving=True)
        try:
            # At most as long as a round may take.
            while await queue.rows(app, _AT_WORK, name=name):  # noqa: ASYNC110 - no event crosses machines
                await asyncio.sleep(1)
            with folders.alone(folder):
                _back_up(folder, now)
                name_it = _copy(folder, into)
                await queue.change(app, _SWITCH, name=name, node=node, now=now)
                name_it()
                aside = owners / f".{name}.moved"
                folder.rename(aside)
                return aside
        finally:
            await queue.change(app, _STILL, name=name, moving=False)


def _back_up(folder: Path, now: datetime) -> None:
    """Back the data up and close it, so that nothing of it is in the write-ahead log any more."""
    if (folder / folders.DATA / FILE_NAME).exists():
        with folders.acting_for(folder), Store(folder / folders.DATA) as store:
            check_database(store, deep=True)
            back_up(store, now)


def _copy(folder: Path, into: str) -> Callable[[], None]:
    """Copy a folder under a name that is no owner's, compare each file, and return what gives the copy its own name."""
    host, _, there = into.rpartition(":")
    # An owner that is there already may be live; what a move that was cut off left has another name.
    half = f".{folder.name}.coming"
    target, coming = shlex.quote(there), shlex.quote(f"{there}/{half}")
    final = shlex.quote(f"{there}/{folder.name}")
    _run(host, f"test -d {target} && ! test -e {final} && rm -rf {coming} && mkdir -m 700 {coming}")
    pack = subprocess.Popen(["tar", "-C", str(folder), "-cf", "-", "."], stdout=subprocess.PIPE)  # noqa: S603, S607
    with pack:
        _run(host, f"tar -C {coming} -xpf -", pack.stdout or b"")
    if pack.returncode:
        raise UnreachableError("The folder {folder} could not be copied.", folder=folder)
    _run(host, f"cd {coming} && sha256sum --quiet --strict -c -", "".join(_sums(folder)).encode())
    return lambda: _run(host, f"mv {coming} {final} && sync")


def _sums(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                yield f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.relative_to(folder)}\n"


def _run(host: str, command: str, given: bytes | IO[bytes] = b"") -> None:
    """Run one command of the shell here, or on a host by ssh. `given` is its input: bytes, or an open pipe."""
    words = ["ssh", "-o", "BatchMode=yes", host, command] if host else ["sh", "-c", command]
    piped = None if isinstance(given, bytes) else given
    whole = given if isinstance(given, bytes) else None
    done = subprocess.run(words, stdin=piped, input=whole, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise UserError("It was not moved: {command} failed ({said}).", command=command, said=said[0])
