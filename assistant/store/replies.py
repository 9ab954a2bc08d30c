"""The owner's replies, each obeyed once, and the tokens of the messages they answer.

Replies are known by Message-ID and by hash, and kept with their transcripts. A token says which message of ours it
belongs to, until when it can be answered, and whether it was revoked. See docs/replies.md.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from assistant.core.replies.plan.state import Item
from assistant.store.messages import placeholders

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.store.database import Store


# The scan makes up an id for a message without one, and two replies of the same second get the same. Their place tells
# them apart.
_KEY = (
    "CASE WHEN m.message_id LIKE 'none:%' THEN m.message_id || ' ' || m.folder || ' ' || m.uidvalidity || '.' || m.uid"
    " ELSE m.message_id END"
)


@dataclass(frozen=True, slots=True)
class PossibleReply:
    """A message in Sent that may be a reply: where it is, and its header facts as the scan stored them (JSON).

    If it has no Message-ID, `message_id` is the scan's name for it together with its place.
    """

    message_id: str
    folder: str
    uidvalidity: int
    uid: int
    facts: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A message that was not obeyed, with the reason word and its header facts (JSON).

    `at` is when it was sent, else when it was looked at (epoch seconds). `facts` is None for mail in INBOX, of which
    nothing is stored.
    """

    reason: str
    at: int
    facts: str | None


@dataclass(frozen=True, slots=True)
class WaitingTap:
    """A tap that was obeyed at `at` (epoch seconds) and has no receipt yet. `digest` is the token of its digest."""

    cause: str
    digest: str
    at: int
    transcript: dict[str, Any]


def begin(store: Store, message_id: str | None, body_hash: str | None, parent: str | None, at: int) -> str:
    """Record a reply and return the id of its transaction, "T17".

    Raises sqlite3.IntegrityError for a reply whose Message-ID or hash is known already.
    """
    row = {"message_id": message_id, "body_hash": body_hash, "parent": parent, "at": at, "transcript": "{}"}
    return f"T{store.insert('reply', row)}"


def finish(store: Store, cause: str, transcript: dict[str, Any], outbox: int | None) -> None:
    """Store the transcript of a reply and the outbox id that delivers it.

    None for what was said on the command line, and for a tap whose receipt waits.
    """
    kept = json.dumps(transcript, ensure_ascii=False)
    store.update("reply", int(cause[1:]), {"transcript": kept, "outbox": outbox})


def transcript(store: Store, cause: str) -> dict[str, Any] | None:
    """Return the stored transcript of a transaction, None if there is no such transaction."""
    row = store.row("reply", "id = ?", int(cause[1:]))
    return dict(json.loads(row["transcript"])) if row else None


def made_at(store: Store, cause: str) -> int:
    """Return when a transaction was made (epoch seconds). Raises LookupError for one that isn't there."""
    row = store.row("reply", "id = ?", int(cause[1:]))
    if row is None:
        raise LookupError(cause)
    return int(row["at"])


def delivery_state(store: Store, cause: str) -> str | None:
    """Return the outbox state of a transcript's mail ("sent", …), None if it isn't mailed."""
    row = store.connection.execute(
        "SELECT outbox.state FROM reply JOIN outbox ON outbox.id = reply.outbox WHERE reply.id = ?", [int(cause[1:])]
    ).fetchone()
    return str(row[0]) if row else None


def causes_of(store: Store, message_id: str) -> tuple[str, ...]:
    """Return the transactions whose transcript was mailed under a Message-ID, newest first; none for other messages."""
    rows = store.connection.execute(
        "SELECT reply.id FROM reply JOIN outbox ON outbox.id = reply.outbox WHERE outbox.message_id = ?"
        " ORDER BY reply.id DESC",
        [message_id],
    )
    return tuple(f"T{number}" for (number,) in rows)


def latest_transaction(store: Store) -> str | None:
    """Return the latest transaction ("T17"), None before the first."""
    row = store.connection.execute("SELECT max(id) FROM reply").fetchone()
    return f"T{row[0]}" if row[0] else None


def is_known(store: Store, message_id: str, body_hash: str | None = None) -> bool:
    """Return whether that reply, or a copy with the same hash under another Message-ID, was obeyed before."""
    return store.row("reply", "message_id = ? OR body_hash = ?", message_id, body_hash) is not None


def waiting_taps(store: Store) -> tuple[WaitingTap, ...]:
    """Return the taps that were obeyed and have no receipt yet, oldest first."""
    # What was said on the command line has no hash and gets no mail.
    rows = store.rows("reply WHERE outbox IS NULL AND body_hash IS NOT NULL ORDER BY id")
    return tuple(WaitingTap(f"T{row['id']}", row["parent"], row["at"], json.loads(row["transcript"])) for row in rows)


def give_receipt(store: Store, causes: Iterable[str], outbox: int) -> None:
    """Note the outbox id of the one mail that is the receipt of these taps."""
    for cause in causes:
        store.update("reply", int(cause[1:]), {"outbox": outbox})


def pass_over(store: Store, message_id: str, reason: str, now: int) -> None:
    """Note that a message was not obeyed, and why (one word)."""
    with store.write() as db:
        # Plain SQL for the reason given in `digests.ensure_question`.
        db.execute(
            "INSERT INTO passed_over VALUES (?, ?, ?) ON CONFLICT (message_id) DO NOTHING", [message_id, reason, now]
        )


def was_passed_over(store: Store, message_id: str) -> bool:
    """Return whether that message was noted as not obeyed."""
    return store.row("passed_over", "message_id = ?", message_id) is not None


def passed_since(store: Store, since: int) -> tuple[PassedOver, ...]:
    """Return what was passed over after `since` (epoch seconds), the newest first."""
    rows = store.connection.execute(
        "SELECT p.reason, coalesce(m.sent_at, p.at), m.facts FROM passed_over p LEFT JOIN message m ON m.message_id ="
        " CASE WHEN p.message_id LIKE 'none:% %' THEN substr(p.message_id, 1, instr(p.message_id, ' ') - 1)"
        " ELSE p.message_id END WHERE p.at > ? GROUP BY p.message_id ORDER BY p.at DESC, p.message_id",
        [since],
    )
    return tuple(PassedOver(*row) for row in rows)


def mailed_since(store: Store, since: int) -> int:
    """Return how many transcripts were queued to be mailed at or after `since` (epoch seconds)."""
    return store.db.table("outbox").count_where("kind = 'transcript' AND created_at >= ?", [since])


def possible_replies(store: Store, folder: str, since: int, *also: str) -> tuple[PossibleReply, ...]:
    """Return the messages in `folder` and in `also` that weren't looked at as replies yet, oldest first.

    Only those sent at or after `since` (epoch seconds) or without a date.
    """
    rows = store.connection.execute(
        f"SELECT {_KEY} AS key, folder, uidvalidity, uid, facts FROM message m"
        f" WHERE folder IN ({placeholders((folder, *also))}) AND (sent_at IS NULL OR sent_at >= ?)"
        " AND message_id NOT IN (SELECT message_id FROM reply WHERE message_id IS NOT NULL)"
        " AND message_id NOT IN (SELECT message_id FROM passed_over)"
        " AND key NOT IN (SELECT message_id FROM passed_over) ORDER BY sent_at, id",
        [folder, *also, since],
    ).fetchall()
    return tuple(PossibleReply(*row) for row in rows)


def items_by_label(store: Store, digest: int) -> dict[str, Item]:
    """Return the numbered lines of a digest by label."""
    rows = store.rows("digest_item WHERE digest = ?", digest)
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
    """Return the Message-IDs of the messages whose short id begins with `short`, at most two."""
    # Two are enough to know that it's ambiguous. From four characters on, a beginning will do.
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
    """A message of ours that can be answered; instants in epoch seconds.

    `digest` is the digest whose numbers an answer means (None: names only), `text` the text part, which is compared
    with the answer to find what the owner wrote.
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
    """Record a token that holds for 21 days from `now` (epoch seconds).

    Raises sqlite3.IntegrityError for a token that was issued before.
    """
    row = Issued(token, kind, message_id, digest, secret, text, now, now + LIFETIME, revoked=False)
    store.insert("issued", asdict(row))
    return row


def lookup(store: Store, token: str) -> Issued | None:
    """Return what was issued under a token, even if it's revoked or expired; None for an unknown token."""
    # Those too, because the owner is told why an answer to them wasn't obeyed.
    row = store.row("issued", "token = ?", token)
    return _issued(row) if row else None


def mailed(store: Store, message_id: str) -> bytes:
    """Return the frozen bytes of a message of ours, b"" if the outbox doesn't have it."""
    row = store.row("outbox", "message_id = ?", message_id)
    return bytes(row["bytes"]) if row else b""


def named_in(store: Store, token: str, subject: str, since: int) -> tuple[str, ...]:
    """Return the header facts (JSON) of the owner's mail that has this token in a header or this subject in its own.

    Only mail sent at or after `since` (epoch seconds) or without a date. An empty subject matches nothing.
    """
    # By subject too, because some programs forward without References.
    rows = store.connection.execute(
        "SELECT facts FROM message WHERE (sent_at IS NULL OR sent_at >= ?)"
        " AND (facts LIKE '%' || ? || '%' OR (? != '' AND instr(lower(subject), lower(?))))",
        [since, token, subject, subject],
    )
    return tuple(str(facts) for (facts,) in rows)


def valid_digests(store: Store, now: int) -> tuple[Issued, ...]:
    """Return the digests that can still be answered, newest first."""
    source = "issued WHERE kind = 'digest' AND revoked = 0 AND expires_at > ? ORDER BY issued_at DESC"
    return tuple(map(_issued, store.rows(source, now)))


def revoke_all(store: Store) -> None:
    """Revoke all tokens issued so far: no message sent before can be answered any more (`stop`)."""
    with store.write() as db:
        db.execute("UPDATE issued SET revoked = 1 WHERE revoked = 0")


def _issued(row: dict[str, Any]) -> Issued:
    return Issued(**row | {"revoked": bool(row["revoked"])})
