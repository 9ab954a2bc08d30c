"""The tokens of our own messages: what they answer for, how long, and whether they still hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from assistant.store.database import Store

LIFETIME = 21 * 24 * 3600
"""Seconds a token can be answered (docs/replies.md)."""


@dataclass(frozen=True, slots=True)
class Issued:
    """One message of ours that may be answered; instants in epoch seconds.

    `digest` says whose numbers an answer means, None for names only; `text` is its text part, to trim answers by.
    """

    token: str
    kind: Literal["digest", "transcript"]
    message_id: str
    digest: int | None
    secret: str
    text: str
    issued_at: int
    expires_at: int
    revoked: bool


def issue(
    store: Store,
    *,
    token: str,
    kind: Literal["digest", "transcript"],
    message_id: str,
    digest: int | None,
    secret: str,
    text: str,
    now: int,
) -> Issued:
    """Record a token for 21 days from `now` and return it. A token that was given before is refused by the table."""
    row = Issued(token, kind, message_id, digest, secret, text, now, now + LIFETIME, revoked=False)
    with store.write() as db:
        db.execute(
            "INSERT INTO issued (token, kind, message_id, digest, secret, text, issued_at, expires_at, revoked)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
            [token, kind, message_id, digest, secret, text, row.issued_at, row.expires_at],
        )
    return row


def lookup(store: Store, token: str) -> Issued | None:
    """Return what was issued under a token, revoked and expired ones too; None for a token of nobody's."""
    found = _select(store, "WHERE token = ?", [token])
    return found[0] if found else None


def mailed(store: Store, message_id: str) -> bytes:
    """Return the frozen bytes of a message of ours, b"" where the outbox does not know it."""
    row = store.connection.execute('SELECT "bytes" FROM outbox WHERE message_id = ?', [message_id]).fetchone()
    return bytes(row[0]) if row else b""


def named_in(store: Store, token: str, subject: str, since: int) -> tuple[str, ...]:
    """Return the header facts (JSON) of the owner's mail that names a token, or whose subject has this one in it.

    Since `since` (epoch seconds), and without a date. An empty subject is in none.
    """
    rows = store.connection.execute(
        "SELECT facts FROM message WHERE (sent_at IS NULL OR sent_at >= ?)"
        " AND (facts LIKE '%' || ? || '%' OR (? != '' AND instr(lower(subject), lower(?))))",
        [since, token, subject, subject],
    )
    return tuple(str(facts) for (facts,) in rows)


def valid_digests(store: Store, now: int) -> tuple[Issued, ...]:
    """Return the digests that can still be answered, newest first."""
    where = "WHERE kind = 'digest' AND revoked = 0 AND expires_at > ? ORDER BY issued_at DESC"
    return _select(store, where, [now])


def revoke_all(store: Store) -> None:
    """Let no message sent so far be answered any more (`stop`)."""
    with store.write() as db:
        db.execute("UPDATE issued SET revoked = 1 WHERE revoked = 0")


def _select(store: Store, where: str, values: list[Any]) -> tuple[Issued, ...]:
    rows = store.connection.execute(
        "SELECT token, kind, message_id, digest, secret, text, issued_at, expires_at, revoked FROM issued " + where,
        values,
    ).fetchall()
    return tuple(
        Issued(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], revoked=bool(row[8])) for row in rows
    )
