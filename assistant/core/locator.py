"""Where a message lies, and how far a folder was read (RFC 3501: UIDVALIDITY and UID)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Locator(NamedTuple):
    """One message in one folder; `folder` is the server's own decoded name."""

    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a folder was read: every message with a UID up to `last_uid` was seen.

    `modseq` is HIGHESTMODSEQ where the server has CONDSTORE, else None.
    """

    uidvalidity: int
    last_uid: int = 0
    modseq: int | None = None
