"""What happened before, for `undo`: the events and the orders to send of earlier transactions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.store import outbox, replies, roster

if TYPE_CHECKING:
    from assistant.core.replies.plan.change import Change
    from assistant.store.database import Store


@dataclass(frozen=True, slots=True)
class StoredPast:
    """The past as the store has it; `before` is the transaction that asks, which is no past yet."""

    store: Store
    before: str

    def last(self) -> str | None:
        """Return the latest transaction that changed or sent something, stands, and is no undo itself."""
        number = int(self.before[1:]) - 1
        changed = roster.last_cause(self.store)
        while number > 0 and f"T{number}" != changed:
            if any(self._waits(send) for send in self._sends(f"T{number}")):
                break
            number -= 1
        return f"T{number}" if number > 0 else None

    def exists(self, cause: str) -> bool:
        """Return whether there was such a transaction."""
        return cause != self.before and replies.transcript(self.store, cause) is not None

    def undone(self, cause: str) -> bool:
        """Return whether everything it did is taken back already."""
        sends = self._sends(cause)
        if roster.changes_of(self.store, cause):
            return roster.undone(self.store, cause)
        return bool(sends) and all(self._state(send) == "cancelled" for send in sends)

    def conflict(self, cause: str) -> str | None:
        """Return the later transaction that stands on it, None for none."""
        return roster.conflict(self.store, cause)

    def changes(self, cause: str) -> tuple[tuple[Change, int | None], ...]:
        """Return what takes it back, each with the event it takes back."""
        return roster.undo_changes(self.store, cause)

    def sends(self, cause: str) -> tuple[str, ...]:
        """Return the people it ordered a message to, by name."""
        return tuple(str(send["name"]) for send in self._sends(cause))

    def take_back_sends(self, cause: str, now: int) -> tuple[list[str], list[str]]:
        """Stop the messages that are still held; return the names of those stopped and of those that went out."""
        stopped: list[str] = []
        gone: list[str] = []
        for send in self._sends(cause):
            if outbox.cancel_held(self.store, f"send {send['draft']}", now):
                stopped.append(str(send["name"]))
            elif self._state(send) != "cancelled":
                gone.append(str(send["name"]))
        return stopped, gone

    def _sends(self, cause: str) -> list[dict[str, Any]]:
        kept = replies.transcript(self.store, cause) or {}
        return list(kept.get("sends", []))

    def _state(self, send: dict[str, Any]) -> str | None:
        row = outbox.by_key(self.store, f"send {send['draft']}")
        return row.state if row else None

    def _waits(self, send: dict[str, Any]) -> bool:
        return self._state(send) == "held"
