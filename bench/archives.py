"""How fast an mbox archive is read: python -m bench.archives [COUNT].

Beside the disk itself (the file read through, looking at nothing), and the standard library's mailbox.mbox parsing the
header of each message. Seconds of wall and CPU, and MB of the file a second.
"""

from __future__ import annotations

import mailbox
import sys
import tempfile
import time
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.mailbox.archive.mbox import MboxArchive
from bench.mailbox import sent

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCK = 1 << 20
STAMP = b"From priya@example.com Mon Jan  4 07:00:00 2016\n"


def write(path: Path, count: int) -> None:
    """Write an mbox of that many messages."""
    with path.open("wb") as file:
        for message in sent(count):
            file.write(STAMP + message.replace(b"\r\n", b"\n") + b"\n")


def through(path: Path) -> int:
    """Read the file and look at nothing."""
    with path.open("rb", buffering=0) as file:
        return sum(len(block) for block in iter(lambda: file.read(BLOCK), b""))


def archive(path: Path) -> int:
    """Read the archive as a scan does."""
    return sum(len(batch.headers) for batch in MboxArchive(path).stream(None, frozenset, None))


def library(path: Path) -> int:
    """Read the header of each message by the standard library."""
    box = mailbox.mbox(path, create=False)
    parser = BytesHeaderParser()
    return sum(parser.parsebytes(box.get_bytes(key))["From"] is not None for key in box.keys())  # noqa: SIM118 - a mailbox


def measure(name: str, job: Callable[[Path], int], path: Path) -> float:
    """Run one job and print what it took; return its CPU seconds."""
    began, cpu = time.perf_counter(), time.process_time()
    done = job(path)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(f"{name:10}{wall:8.2f} s{cpu:8.2f} s CPU{path.stat().st_size / wall / 1e6:8.0f} MB/s   {done:,}")
    return cpu


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        path = Path(home, "sent.mbox")
        write(path, count)
        print(f"{count:,} messages, {path.stat().st_size / 1e6:.0f} MB")
        measure("the disk", through, path)
        ours = measure("archive", archive, path)
        print(f"mailbox.mbox takes {measure('mailbox', library, path) / ours:.1f} times the CPU")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
