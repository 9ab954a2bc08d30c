"""The outbox: everything that goes out, as frozen bytes with a durable state (docs/reliability.md, promises 3 and 4).

The states and what moves a row between them are drawn in `rounds/delivery/outbox.py`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from assistant.store.messages import placeholders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.store.database import Store

State = Literal["queued", "sending", "sent", "refused", "doubt", "held", "cancelled"]
Kind = Literal["digest", "transcript", "draft", "send", "copy", "notice"]
OPEN_STATES = ("queued", "held", "sending", "doubt")
TO_THE_OWNER = frozenset({"digest", "transcript", "notice"})
"""Kinds of mail to the owner alone. If SMTP refuses one, it can be put into INBOX instead."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order to deliver. The same `key` is never queued twice.

    `route` is smtp, or append (into `folder` with `flags`). `not_before` is in epoch seconds.
    """

    key: str
    kind: Kind
    route: Literal["smtp", "append"]
    mail_from: str
    rcpt_to: str
    message_id: str
    message: bytes
    not_before: int
    folder: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One row of the outbox; instants in epoch seconds, None for what hasn't happened.

    `refusal` is why the submission server refused it, for mail that goes into INBOX instead.
    """

    id: int
    order: Order
    state: State
    tries: int
    looks: int
    first_look: int | None
    last_look: int | None
    detail: str | None
    sending_at: int | None
    done_at: int | None
    refusal: str | None


def queue(store: Store, order: Order, now: int, *, held: bool = False) -> int:
    """Freeze an order and return its id. If its key is known, nothing changes and the id of that row comes back.

    A `held` order can be taken back until `not_before`.
    """
    with store.write():
        before = by_key(store, order.key)
        # A round that was cut off orders again. The first bytes stay, so that nothing can go out twice.
        if before:
            return before.id
        row = asdict(order) | {"flags": " ".join(order.flags), "bytes": order.message, "created_at": now}
        row |= {"state": "held" if held else "queued", "tries": 0, "looks": 0}
        del row["message"]
        return store.insert("outbox", row)


def entry(store: Store, entry_id: int) -> OutboxRow:
    """Return one row. Raises LookupError for an unknown id."""
    rows = _select(store, "id = ?", [entry_id])
    if not rows:
        raise LookupError(f"no outbox row {entry_id}")
    return rows[0]


def by_key(store: Store, key: str) -> OutboxRow | None:
    """Return the row with that key, None if it was never queued."""
    rows = _select(store, "key = ?", [key])
    return rows[0] if rows else None


def open_entries(store: Store) -> tuple[OutboxRow, ...]:
    """Return the rows that still have to be sent or looked for, oldest first."""
    return _select(store, f"state IN ({placeholders(OPEN_STATES)})", OPEN_STATES)


def in_trouble(store: Store, since: int) -> tuple[OutboxRow, ...]:
    """Return what was refused at `since` (epoch seconds) or later, and what was tried and still waits; oldest first."""
    return _select(store, "(state = 'refused' AND done_at >= ?) OR (state = 'queued' AND tries > 0)", [since])


def to_the_owner(store: Store, since: int) -> tuple[OutboxRow, ...]:
    """Return mail to the owner that was tried and hasn't gone, and what SMTP refused; oldest first.

    Refused mail that was put into INBOX is left out if that was before `since` (epoch seconds).
    """
    where = (
        f"kind IN ({placeholders(TO_THE_OWNER)}) AND ((state IN ('queued', 'sending', 'doubt') AND tries > 0)"
        " OR (state = 'sent' AND refusal IS NOT NULL AND done_at >= ?))"
    )
    return _select(store, where, [*sorted(TO_THE_OWNER), since])


def last_to_the_owner(store: Store) -> OutboxRow | None:
    """Return the newest mail to the owner that was accepted, None if there is none."""
    where = f"state = 'sent' AND kind IN ({placeholders(TO_THE_OWNER)})"
    return next(iter(_select(store, where, sorted(TO_THE_OWNER), "id DESC LIMIT 1")), None)


def set_state(store: Store, entry_id: int, state: State, now: int, **columns: Any) -> None:
    """Move a row to `state`, together with any other columns. It's on disk when this returns (synchronous=FULL)."""
    columns["state"] = state
    if state in {"sent", "refused", "cancelled"}:
        columns["done_at"] = now
    store.update("outbox", entry_id, columns)


def claim(store: Store, entry_id: int, now: int) -> bool:
    """Move a row from queued or held to sending, on disk; return False if it's in neither state any more."""
    with store.write() as db:
        # One UPDATE with the states in it: `undo` may cancel a held order at the same moment.
        cursor = db.execute(
            "UPDATE outbox SET state = 'sending', sending_at = ? WHERE id = ? AND state IN ('queued', 'held')",
            [now, entry_id],
        )
        return cursor.rowcount == 1


def put_off(store: Store, route: str, not_before: int, *, but: frozenset[str] = frozenset()) -> None:
    """Put off what waits to go by `route` until `not_before` (epoch seconds) or later, except the kinds in `but`."""
    with store.write() as db:
        # Counted as a try, so that what waits is reported as late.
        db.execute(
            "UPDATE outbox SET not_before = ?, tries = max(tries, 1) WHERE route = ?"
            f" AND state IN ('queued', 'held') AND not_before < ? AND kind NOT IN ({placeholders(but)})",
            [not_before, route, not_before, *sorted(but)],
        )


def look_anew(store: Store) -> None:
    """Start counting looks again for every row in doubt: nobody knows how much time passed since the first."""
    with store.write() as db:
        db.execute("UPDATE outbox SET looks = 0, first_look = NULL, last_look = NULL WHERE state = 'doubt'")


def cancel_held(store: Store, key: str, now: int) -> bool:
    """Cancel a held order; return False if there is none or it has gone already."""
    with store.write():
        row = by_key(store, key)
        if row is None or row.state != "held":
            return False
        set_state(store, row.id, "cancelled", now, detail="undone by the owner")
        return True


def _select(store: Store, where: str, values: Sequence[object], order: str = "id") -> tuple[OutboxRow, ...]:
    return tuple(map(_entry, store.rows(f"outbox WHERE {where} ORDER BY {order}", *values)))


def _entry(row: dict[str, Any]) -> OutboxRow:
    row |= {"message": row["bytes"], "flags": tuple(row["flags"].split())}
    order = Order(**{field.name: row[field.name] for field in fields(Order)})
    return OutboxRow(
        order=order, **{field.name: row[field.name] for field in fields(OutboxRow) if field.name != "order"}
    )
