"""Digests, their items and drafts, and the questions they ask."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.core.mail.message import Locator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assistant.store.database import Store

Item = tuple[str, str, str | None, int | None, "Mapping[str, Any]"]
"""One numbered line of a digest: label, kind, handle, draft id, payload."""


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft as it is first written; `hash` covers address, subject and body: what `send N` may send."""

    person: str
    week: str
    address: str | None
    subject: str
    body: str
    hash: str
    sentences: str
    message_id: str
    in_reply_to: str | None
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A stored draft: `state` is written, placed, replaced, edited, sent or gone; `lies` is None until it is placed."""

    id: int
    new: NewDraft
    state: str
    lies: Locator | None


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its key says what it is about, its payload what an answer would do (JSON values)."""

    key: str
    payload: Mapping[str, Any]
    asked_at: int | None


def last_week(store: Store, until: str = "9999-W99") -> str | None:
    """Return the latest week whose digest was built, None when none was; a week after `until` counts as not done."""
    row = store.connection.execute("SELECT max(week) FROM digest WHERE week <= ?", [until]).fetchone()
    return str(row[0]) if row[0] else None


def digest_of_week(store: Store, week: str) -> tuple[int, int, str, int] | None:
    """Return (id, built_at, message_id, outbox id) of that week's digest, None when there is none."""
    row = store.connection.execute(
        "SELECT id, built_at, message_id, outbox FROM digest WHERE week = ?", [week]
    ).fetchone()
    return (int(row[0]), int(row[1]), str(row[2]), int(row[3])) if row else None


def add_digest(store: Store, week: str, slot: int, built_at: int, message_id: str, outbox: int) -> int:
    """Record a built digest and return its id. A second one for the same week is refused by the table."""
    with store.write() as db:
        cursor = db.execute(
            "INSERT INTO digest (week, slot, built_at, message_id, outbox) VALUES (?, ?, ?, ?, ?)",
            [week, slot, built_at, message_id, outbox],
        )
        return int(cursor.lastrowid or 0)


def add_items(store: Store, digest: int, items: Iterable[Item]) -> None:
    """Record a digest's numbered lines."""
    with store.write() as db:
        for label, kind, person, draft, payload in items:
            db.execute(
                "INSERT INTO digest_item (digest, label, kind, person, draft, payload) VALUES (?, ?, ?, ?, ?, ?)",
                [digest, label, kind, person, draft, json.dumps(payload, ensure_ascii=False)],
            )


def add_draft(store: Store, draft: NewDraft) -> int:
    """Record a draft and return its id."""
    with store.write() as db:
        cursor = db.execute(
            "INSERT INTO draft (person, week, address, subject, body, hash, sentences, state, message_id, in_reply_to,"
            ' "references") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
            [
                draft.person,
                draft.week,
                draft.address,
                draft.subject,
                draft.body,
                draft.hash,
                draft.sentences,
                "written",
                draft.message_id,
                draft.in_reply_to,
                " ".join(draft.references),
            ],
        )
        return int(cursor.lastrowid or 0)


def draft(store: Store, draft_id: int) -> Draft:
    """Return one draft. Raises LookupError for an id that was never given."""
    found = _drafts(store, "WHERE id = ?", [draft_id])
    if not found:
        message = f"no draft {draft_id}"
        raise LookupError(message)
    return found[0]


def drafts_edited(store: Store) -> tuple[Draft, ...]:
    """Return the drafts the owner changed in the Drafts folder."""
    return _drafts(store, "WHERE state = 'edited' ORDER BY id", [])


def drafts_lying(store: Store) -> tuple[Draft, ...]:
    """Return the drafts that were put into Drafts and not seen to leave it since."""
    return _drafts(store, "WHERE state = 'placed' ORDER BY id", [])


def was_sent_by_hand(store: Store, draft: Draft) -> bool:
    """Return whether, since that week's digest, mail went to the draft's recipient, in its thread if it has one."""
    new = draft.new
    row = store.connection.execute(
        "SELECT 1 FROM message JOIN recipient ON recipient.message = message.id"
        " JOIN digest ON digest.week = ? WHERE recipient.address = ? AND message.sent_at >= digest.built_at"
        " AND (? IS NULL OR instr(message.facts, ?) > 0) LIMIT 1",
        [new.week, new.address, new.in_reply_to, new.in_reply_to],
    ).fetchone()
    return row is not None


def set_draft(store: Store, draft_id: int, state: str, lies: Locator | None = None) -> None:
    """Move a draft to `state`; `lies` is stored where it is known."""
    with store.write() as db:
        db.execute("UPDATE draft SET state = ? WHERE id = ?", [state, draft_id])
        if lies:
            db.execute(
                "UPDATE draft SET folder = ?, uidvalidity = ?, uid = ? WHERE id = ?",
                [lies.folder, lies.uidvalidity, lies.uid, draft_id],
            )


def previous_openings(store: Store, person: str) -> tuple[str, ...]:
    """Return the `sentences` JSON of the last drafts written to a person, newest first, at most 3."""
    rows = store.connection.execute(
        "SELECT sentences FROM draft WHERE person = ? ORDER BY id DESC LIMIT 3", [person]
    ).fetchall()
    return tuple(str(row[0]) for row in rows)


def open_questions(store: Store) -> tuple[Question, ...]:
    """Return the questions nobody has answered, those asked before first, then by key."""
    rows = store.connection.execute(
        "SELECT key, payload, asked_at FROM question WHERE answer IS NULL ORDER BY asked_at IS NULL, asked_at, key"
    ).fetchall()
    return tuple(Question(str(key), json.loads(payload), asked_at) for key, payload, asked_at in rows)


def ensure_question(store: Store, key: str, payload: Mapping[str, Any]) -> None:
    """Add a question unless it was ever asked or answered before."""
    with store.write() as db:
        db.execute(
            "INSERT INTO question (key, payload) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
            [key, json.dumps(payload, ensure_ascii=False)],
        )


def was_asked(store: Store, key: str) -> bool:
    """Return whether this question is known already, answered or not."""
    return store.connection.execute("SELECT 1 FROM question WHERE key = ?", [key]).fetchone() is not None


def answer_to(store: Store, key: str) -> str | None:
    """Return the answer to a question, None where it is open or was never asked."""
    row = store.connection.execute("SELECT answer FROM question WHERE key = ?", [key]).fetchone()
    return str(row[0]) if row and row[0] is not None else None


def sent_for_the_owner(store: Store) -> tuple[Draft, ...]:
    """Return the drafts that were sent and may still lie in Drafts."""
    return _drafts(store, "WHERE state = 'sent' AND folder IS NOT NULL ORDER BY id", [])


def forget_place(store: Store, draft_id: int) -> None:
    """Note that a draft lies nowhere any more."""
    with store.write() as db:
        db.execute("UPDATE draft SET folder = NULL, uidvalidity = NULL, uid = NULL WHERE id = ?", [draft_id])


def mark_asked(store: Store, keys: Iterable[str], at: int) -> None:
    """Note that these questions stand in a digest now."""
    with store.write() as db:
        for key in keys:
            db.execute("UPDATE question SET asked_at = ? WHERE key = ?", [at, key])


def _drafts(store: Store, where: str, values: list[Any]) -> tuple[Draft, ...]:
    rows = store.connection.execute(
        "SELECT id, person, week, address, subject, body, hash, sentences, message_id, in_reply_to,"
        f' "references", state, folder, uidvalidity, uid FROM draft {where}',
        values,
    ).fetchall()
    return tuple(
        Draft(
            id=int(row[0]),
            new=_new_draft(row[1:11]),
            state=str(row[11]),
            lies=Locator(*row[12:15]) if row[12] else None,
        )
        for row in rows
    )


def _new_draft(row: tuple[Any, ...]) -> NewDraft:
    person, week, address, subject, body, text_hash, sentences, message_id, in_reply_to, references = row
    thread = tuple(str(references).split())
    return NewDraft(person, week, address, subject, body, text_hash, sentences, message_id, in_reply_to, thread)
