"""What the owner said, once each, and the tokens of our own messages that it answers.

Replies by Message-ID and by hash, their transcripts, what was passed over; tokens: what they answer for, how long, and
whether they still hold.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from assistant.core.replies.plan.state import Item
from assistant.store.messages import marks

if TYPE_CHECKING:
    from assistant.store.database import Store


_KEY = (
    "CASE WHEN m.message_id LIKE 'none:%' THEN m.message_id || ' ' || m.folder || ' ' || m.uidvalidity || '.' || m.uid"
    " ELSE m.message_id END"
)
"""Without a Message-ID two replies of one second look alike to the scan: their places tell them apart."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message in Sent that may be a reply: where it lies, and its header facts as the scan stored them (JSON).

    Where it has no Message-ID, `message_id` is what the scan called it and the place it lies in.
    """

    message_id: str
    folder: str
    uidvalidity: int
    uid: int
    facts: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A message looked at and not obeyed: why, when it was sent (else looked at, epoch seconds), its header facts.

    `facts` is None for mail in INBOX, of which nothing is stored.
    """

    reason: str
    at: int
    facts: str | None


def begin(store: Store, message_id: str | None, body_hash: str | None, parent: str | None, at: int) -> str:
    """Open the transaction of one reply and return its id, "T17". The same reply twice is refused by the table."""
    row = {"message_id": message_id, "body_hash": body_hash, "parent": parent, "at": at, "transcript": "{}"}
    return f"T{store.insert('reply', row)}"


def finish(store: Store, cause: str, transcript: dict[str, Any], outbox: int | None) -> None:
    """Keep the transcript of one reply, and the order that delivers it (None: said on the command line)."""
    with store.write() as db:
        kept = json.dumps(transcript, ensure_ascii=False)
        db.table("reply").update(int(cause[1:]), {"transcript": kept, "outbox": outbox})


def transcript(store: Store, cause: str) -> dict[str, Any] | None:
    """Return the transcript of one transaction as it was kept, None where there was none."""
    row = store.row("reply", "id = ?", int(cause[1:]))
    return dict(json.loads(row["transcript"])) if row else None


def delivery_state(store: Store, cause: str) -> str | None:
    """Return the outbox state of a transcript's mail ("sent", …), None where none was ordered."""
    row = store.connection.execute(
        "SELECT outbox.state FROM reply JOIN outbox ON outbox.id = reply.outbox WHERE reply.id = ?", [int(cause[1:])]
    ).fetchone()
    return str(row[0]) if row else None


def cause_of(store: Store, message_id: str) -> str | None:
    """Return the transaction whose transcript was mailed under a Message-ID, None for another message."""
    row = store.connection.execute(
        "SELECT reply.id FROM reply JOIN outbox ON outbox.id = reply.outbox WHERE outbox.message_id = ?", [message_id]
    ).fetchone()
    return f"T{row[0]}" if row else None


def latest(store: Store) -> str | None:
    """Return the latest transaction, None before the first."""
    row = store.connection.execute("SELECT max(id) FROM reply").fetchone()
    return f"T{row[0]}" if row[0] else None


def is_known(store: Store, message_id: str, body_hash: str | None = None) -> bool:
    """Return whether that reply, or a copy of it under another Message-ID, was obeyed before."""
    return store.row("reply", "message_id = ? OR body_hash = ?", message_id, body_hash) is not None


def pass_over(store: Store, message_id: str, reason: str, now: int) -> None:
    """Note that a message was looked at and not obeyed, and why (a word)."""
    with store.write() as db:
        # By hand, as `ensure_question` in digests.py.
        db.execute(
            "INSERT INTO passed_over VALUES (?, ?, ?) ON CONFLICT (message_id) DO NOTHING", [message_id, reason, now]
        )


def was_passed_over(store: Store, message_id: str) -> bool:
    """Return whether that message was looked at and not obeyed."""
    return store.row("passed_over", "message_id = ?", message_id) is not None


def passed_over(store: Store) -> dict[str, str]:
    """Return the reason word of every message that was looked at and not obeyed, by Message-ID."""
    return {row["message_id"]: row["reason"] for row in store.db.table("passed_over").rows}


def passed_since(store: Store, since: int) -> tuple[PassedOver, ...]:
    """Return what was looked at after `since` (epoch seconds) and not obeyed, the newest first."""
    rows = store.connection.execute(
        "SELECT p.reason, coalesce(m.sent_at, p.at), m.facts FROM passed_over p LEFT JOIN message m ON m.message_id ="
        " CASE WHEN p.message_id LIKE 'none:% %' THEN substr(p.message_id, 1, instr(p.message_id, ' ') - 1)"
        " ELSE p.message_id END WHERE p.at > ? GROUP BY p.message_id ORDER BY p.at DESC, p.message_id",
        [since],
    )
    return tuple(PassedOver(*row) for row in rows)


def mailed_since(store: Store, since: int) -> int:
    """Return how many transcripts were mailed for replies obeyed at or after `since` (epoch seconds)."""
    return store.db.table("reply").count_where("outbox IS NOT NULL AND at >= ?", [since])


def candidates(store: Store, folder: str, since: int, *also: str) -> tuple[Candidate, ...]:
    """Return the messages of a folder, and of some `also`, that nobody has looked at as replies yet, oldest first.

    Only those sent at or after `since` (epoch seconds; older tokens have expired) or without a date.
    """
    rows = store.connection.execute(
        f"SELECT {_KEY} AS key, folder, uidvalidity, uid, facts FROM message m"
        f" WHERE folder IN ({marks((folder, *also))}) AND (sent_at IS NULL OR sent_at >= ?)"
        " AND message_id NOT IN (SELECT message_id FROM reply WHERE message_id IS NOT NULL)"
        " AND message_id NOT IN (SELECT message_id FROM passed_over)"
        " AND key NOT IN (SELECT message_id FROM passed_over) ORDER BY sent_at, id",
        [folder, *also, since],
    ).fetchall()
    return tuple(Candidate(*row) for row in rows)


def items(store: Store, digest: int) -> dict[str, Item]:
    """Return the numbered lines of a digest by label."""
    rows = store.db.table("digest_item").rows_where("digest = ?", [digest])
    return {
        row["label"]: Item(row["label"], row["kind"], row["person"], row["draft"], json.loads(row["payload"]))
        for row in rows
    }


def built_at(store: Store, digest: int) -> int:
    """Return when a digest was built (epoch seconds). Raises LookupError for an id that was never given."""
    row = store.row("digest", "id = ?", digest)
    if row is None:
        raise LookupError(f"no digest {digest}")
    return int(row["built_at"])


def newest_digest(store: Store) -> int | None:
    """Return the id of the digest built last, None before the first."""
    row = store.connection.execute("SELECT id FROM digest ORDER BY built_at DESC, id DESC LIMIT 1").fetchone()
    return int(row[0]) if row else None


def short_ids(store: Store, short: str) -> tuple[str, ...]:
    """Return the Message-IDs of the messages whose short id begins so, at most two; empty for none."""
    begins = short.lower().replace("\\", "").replace("%", "").replace("_", "")
    rows = store.connection.execute(
        "SELECT DISTINCT message_id FROM message WHERE short = ? OR (length(?) >= 4 AND short LIKE ? || '%') LIMIT 2",
        [begins, begins, begins],
    ).fetchall()
    return tuple(str(row[0]) for row in rows)


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
        db.table("issued").insert(asdict(row))
    return row


def lookup(store: Store, token: str) -> Issued | None:
    """Return what was issued under a token, revoked and expired ones too; None for a token of nobody's."""
    row = store.row("issued", "token = ?", token)
    return _issued(row) if row else None


def mailed(store: Store, message_id: str) -> bytes:
    """Return the frozen bytes of a message of ours, b"" where the outbox does not know it."""
    row = store.row("outbox", "message_id = ?", message_id)
    return bytes(row["bytes"]) if row else b""


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
    where = "kind = 'digest' AND revoked = 0 AND expires_at > ?"
    return tuple(map(_issued, store.db.table("issued").rows_where(where, [now], order_by="issued_at DESC")))


def revoke_all(store: Store) -> None:
    """Let no message sent so far be answered any more (`stop`)."""
    with store.write() as db:
        db.execute("UPDATE issued SET revoked = 1 WHERE revoked = 0")


def _issued(row: dict[str, Any]) -> Issued:
    return Issued(**row | {"revoked": bool(row["revoked"])})
