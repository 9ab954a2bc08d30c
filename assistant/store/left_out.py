"""Which messages a scan had to leave out, and how often they were tried."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from assistant.store import memo

if TYPE_CHECKING:
    from assistant.store.database import Store

TRIES = 6
"""Rounds in which a message is asked for: the first, and five more."""
MOST = 200


class LeftOut:
    """Fits the mailbox's port of that name; a folder that was renumbered begins anew."""

    def __init__(self, store: Store) -> None:
        """Keep it in `store`."""
        self._store = store

    def to_try(self, folder: str, uidvalidity: int) -> tuple[int, ...]:
        """Return the UIDs that are worth another try, in their order."""
        return tuple(sorted(uid for uid, tries in self._noted(folder, uidvalidity).items() if tries < TRIES))

    def failed(self, folder: str, uidvalidity: int, uid: int) -> None:
        """Note that a message could not be read (once more)."""
        noted = self._noted(folder, uidvalidity)
        noted[uid] = noted.get(uid, 0) + 1
        self._note(folder, uidvalidity, dict(sorted(noted.items())[-MOST:]))

    def done(self, folder: str, uidvalidity: int, uid: int) -> None:
        """Note that nothing more is to be tried: it was read, or is gone."""
        self._note(folder, uidvalidity, {one: n for one, n in self._noted(folder, uidvalidity).items() if one != uid})

    def pace(self, folder: str) -> int | None:
        """Return how many messages to ask for at once since the server fell silent there; None for as many as usual."""
        noted = memo.fact(self._store, f"pace {folder}")
        return int(noted) if noted else None

    def set_pace(self, folder: str, pace: int | None) -> None:
        """Note how many messages to ask for at once there."""
        memo.set_fact(self._store, f"pace {folder}", str(pace or ""))

    def _noted(self, folder: str, uidvalidity: int) -> dict[int, int]:
        noted = json.loads(memo.fact(self._store, _name(folder)) or "[0, {}]")
        return {int(uid): tries for uid, tries in noted[1].items()} if noted[0] == uidvalidity else {}

    def _note(self, folder: str, uidvalidity: int, uids: dict[int, int]) -> None:
        memo.set_fact(self._store, _name(folder), json.dumps([uidvalidity, uids]))


def _name(folder: str) -> str:
    return f"left out {folder}"
