"""Opens files that a mail server or an export compressed, and reads them as if they weren't."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import logging
import lzma
import shutil
import tempfile
import zlib
from typing import IO, TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from pathlib import Path

log = logging.getLogger(__name__)

_OPENERS: dict[bytes, Callable[..., IO[bytes]]] = {
    b"\x1f\x8b": cast("Callable[..., IO[bytes]]", gzip.open),
    b"BZh": cast("Callable[..., IO[bytes]]", bz2.open),
    b"\xfd7zXZ\x00": cast("Callable[..., IO[bytes]]", lzma.open),
}
# Files that an owner may take for mail, by their first octets. Each gets a sentence instead of an empty scan.
_KINDS = {
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"\x04\x22\x4d\x18": "compressed with lz4",
    b"Dovecot-LZ4\r": "compressed with lz4",
    b"CRYPTED\x03\x07": "encrypted by the mail server",
    b"PK\x03\x04": "a ZIP file",
    b"!BDN": "an Outlook PST file",
    b"\xd0\xcf\x11\xe0": "an Outlook MSG file",
    b"SQLite format 3\x00": "a database",
}
_LONGEST = max(map(len, (*_OPENERS, *_KINDS)))
# What the libraries raise for a compressed file that is cut off or broken, besides OSError.
DAMAGED = (EOFError, lzma.LZMAError, zlib.error)


class ForeignError(OSError):
    """The file holds no mail that can be read here. `kind` says what it is ("a ZIP file")."""

    def __init__(self, kind: str) -> None:
        super().__init__(errno.EINVAL, f"it is {kind}; export the mail in it as an mbox file")
        self.kind = kind


def kind_of(error: BaseException) -> str:
    """Return what an unreadable file is, as words that go after "1 message is"."""
    log.info("a message file could not be read and is left out: %s", type(error).__name__)
    return error.kind if isinstance(error, ForeignError) else "damaged or not readable by you"


def unreadable_messages(kinds: Counter[str]) -> str:
    """Return how many messages of each unreadable kind there are ("2 messages are compressed with zstd")."""
    return ", ".join(
        f"{count:,} {'messages are' if count > 1 else 'message is'} {kind}" for kind, count in kinds.items()
    )


def open_mail(path: Path | str) -> IO[bytes]:
    """Open a file for reading, decompressing gzip, bzip2 and xz on the fly. Raises OSError, and so ForeignError."""
    file = open(path, "rb")  # noqa: PTH123, SIM115 - scandir gives strings; the caller closes it
    first = file.peek(_LONGEST)
    opener = next((opener for magic, opener in _OPENERS.items() if first.startswith(magic)), None)
    foreign = next((kind for magic, kind in _KINDS.items() if first.startswith(magic)), "")
    if opener is None and not foreign:
        return file
    file.close()
    if opener is None:
        raise ForeignError(foreign)
    return opener(path, "rb")


def open_seekable(path: Path) -> IO[bytes]:
    """Open a file in which going back costs nothing. A compressed one becomes a temporary file without a name."""
    file = open_mail(path)
    if isinstance(file, io.BufferedReader):
        return file
    with file:
        # Going back in a gzip file would decompress it from the start each time.
        whole = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        try:
            shutil.copyfileobj(file, whole, 1 << 20)
        except BaseException:
            whole.close()
            raise
    whole.seek(0)
    return whole
