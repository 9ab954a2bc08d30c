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
    """How far a folder was read: every message with a UID up to `last_uid` was seen, save those in `unread`.

    `modseq` is HIGHESTMODSEQ where the server has CONDSTORE, else None. `unread` holds spans of UIDs, both ends
    included; None where nobody knows: then what is stored is compared with what the server has.
    """

    uidvalidity: int
    last_uid: int = 0
    modseq: int | None = None
    unread: tuple[tuple[int, int], ...] | None = ()
