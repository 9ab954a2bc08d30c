"""Digests, their items and drafts, and the questions they ask."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from assistant.core.mail.message import Locator
from assistant.core.replies.plan.change import NOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assistant.store.database import Store

_PLACE = ("folder", "uidvalidity", "uid")
Item = tuple[str, str, str | None, int | None, "Mapping[str, Any]"]
"""One labeled line of a digest: label, kind, handle, draft id, payload."""


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft as it's first written. `hash` covers address, subject and body; `send N` sends only that text."""

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
class StoredDraft:
    """A stored draft. `state` is written, placed, replaced, edited, sent or gone; `lies` is None until it's placed."""

    id: int
    new: NewDraft
    state: str
    lies: Locator | None


@dataclass(frozen=True, slots=True)
class StoredCard:
    """One card of a digest: whose, when the digest was built (epoch seconds), and for which situation ("": unknown).

    `sent_body` is the draft's text if it was sent, else None.
    """

    person: str
    built_at: int
    situation: str
    sent_body: str | None


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """One question. Its key says what it's about, its payload what an answer would do (JSON values)."""

    key: str
    payload: Mapping[str, Any]
    asked_at: int | None


def last_week(store: Store, until: str = "9999-W99") -> str | None:
    """Return the latest week, up to `until`, whose digest was built ("2026-W13"); None if none was."""
    row = store.connection.execute("SELECT max(week) FROM digest WHERE week <= ?", [until]).fetchone()
    return str(row[0]) if row[0] else None


def built_before(store: Store, week: str) -> int | None:
    """Return when the last digest of an earlier week was built (epoch seconds), None if there was none."""
    row = store.connection.execute("SELECT max(built_at) FROM digest WHERE week < ?", [week]).fetchone()
    return row[0] if row else None


def digest_of_week(store: Store, week: str) -> tuple[int, int, str, int] | None:
    """Return (id, built_at, message_id, outbox id) of that week's digest, None if there is none."""
    row = store.row("digest", "week = ?", week)
    return (row["id"], row["built_at"], row["message_id"], row["outbox"]) if row else None


def add_digest(store: Store, week: str, slot: int, built_at: int, message_id: str, outbox: int) -> int:
    """Record a built digest and return its id. Raises sqlite3.IntegrityError for a second one of the same week."""
    row = {"week": week, "slot": slot, "built_at": built_at, "message_id": message_id, "outbox": outbox}
    return store.insert("digest", row)


def cards_shown(store: Store, before: str) -> tuple[tuple[int, str | None, bool], ...]:
    """Return (built_at, handle, was the draft changed or sent) for each card before a week, oldest digest first.

    A digest without cards has one row, with None for the handle.
    """
    rows = store.connection.execute(
        "SELECT d.built_at, i.person, coalesce(w.state IN ('edited', 'sent'), 0) FROM digest d"
        " LEFT JOIN digest_item i ON i.digest = d.id AND i.kind = 'due' LEFT JOIN draft w ON w.id = i.draft"
        " WHERE d.week < ? ORDER BY d.built_at, d.week, CAST(i.label AS INTEGER)",
        [before],
    )
    return tuple((at, handle, bool(taken_up)) for at, handle, taken_up in rows)


def last_words(store: Store) -> dict[str, int]:
    """Return when the owner last said anything about each person (epoch seconds), by handle."""
    rows = store.connection.execute(
        "SELECT handle, max(at) FROM (SELECT at, CASE entity WHEN 'person' THEN key"
        " WHEN 'belongs' THEN substr(key, instr(key, ' ') + 1) WHEN 'setting' THEN substr(key, length(?) + 1)"
        " WHEN 'note' THEN json_extract(coalesce(\"after\", before), '$.person')"
        " ELSE json_extract(\"after\", '$.payload.handle') END AS handle FROM event WHERE who = 'owner'"
        # A question that is only asked is not a word of the owner's, and other settings are about nobody.
        " AND (entity IN ('person', 'belongs', 'note') OR entity = 'setting' AND substr(key, 1, length(?)) = ?"
        " OR entity = 'question' AND json_extract(\"after\", '$.answer') IS NOT NULL))"
        " WHERE handle IS NOT NULL GROUP BY handle",
        [NOW, NOW, NOW],
    )
    return dict(rows.fetchall())


def changes_of_people(store: Store) -> dict[str, list[tuple[int, dict[str, Any]]]]:
    """Return (at in epoch seconds, the person's line of the roster from then on) by handle, oldest first."""
    found: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for handle, at, after in store.connection.execute(
        'SELECT key, at, "after" FROM event WHERE entity = \'person\' AND "after" IS NOT NULL ORDER BY id'
    ):
        found.setdefault(handle, []).append((at, json.loads(after)))
    return found


def add_items(store: Store, digest: int, items: Iterable[Item]) -> None:
    """Record the labeled lines of a digest."""
    with store.write() as db:
        columns = ("digest", "label", "kind", "person", "draft", "payload")
        rows = ((digest, *line, json.dumps(payload, ensure_ascii=False)) for *line, payload in items)
        db.table("digest_item").insert_all(dict(zip(columns, row, strict=True)) for row in rows)


def times_offered(store: Store, week: str, last: int) -> Counter[str]:
    """Return how many of the last digests before that week named each address as a candidate."""
    rows = store.connection.execute(
        "SELECT json_extract(payload, '$.address'), count(*) FROM digest_item WHERE kind = 'candidate'"
        " AND digest IN (SELECT id FROM digest WHERE week < ? ORDER BY week DESC LIMIT ?) GROUP BY 1",
        [week, last],
    )
    return Counter(dict(rows.fetchall()))


def add_draft(store: Store, draft: NewDraft) -> int:
    """Record a draft and return its id."""
    return store.insert("draft", asdict(draft) | {"state": "written", "references": " ".join(draft.references)})


def cards_before(store: Store, week: str) -> tuple[StoredCard, ...]:
    """Return all cards in the digests before that week, oldest first."""
    rows = store.connection.execute(
        "SELECT i.person, d.built_at, coalesce(json_extract(i.payload, '$.situation'), ''),"
        " CASE w.state WHEN 'sent' THEN w.body END FROM digest d JOIN digest_item i ON i.digest = d.id"
        " LEFT JOIN draft w ON w.id = i.draft WHERE d.week < ? AND i.kind = 'due' AND i.person IS NOT NULL"
        " ORDER BY d.built_at",
        [week],
    )
    return tuple(StoredCard(*row) for row in rows)


def ignored_addresses(store: Store) -> set[str]:
    """Return the addresses of candidates that the owner said to ignore, in normal form."""
    rows = store.db.table("question").rows_where("key GLOB 'candidate *' AND answer IS NOT NULL", select="key")
    return {row["key"].removeprefix("candidate ") for row in rows}


def hoped_since(store: Store) -> dict[str, int]:
    """Return since when the owner hopes to win each person (epoch seconds), by handle; only those still hoped for."""
    return dict(
        store.connection.execute(
            "SELECT key, min(at) FROM event e WHERE entity = 'person' AND json_extract(\"after\", '$.hoped') AND id >"
            " coalesce((SELECT max(id) FROM event WHERE entity = 'person' AND key = e.key"
            " AND NOT coalesce(json_extract(\"after\", '$.hoped'), 0)), 0) GROUP BY key"
        ).fetchall()
    )


def load_draft(store: Store, draft_id: int) -> StoredDraft:
    """Return one draft. Raises LookupError for an unknown id."""
    found = _drafts(store, "id = ?", draft_id)
    if not found:
        raise LookupError(f"no draft {draft_id}")
    return found[0]


def drafts_edited(store: Store) -> tuple[StoredDraft, ...]:
    """Return the drafts the owner changed in the Drafts folder."""
    return _drafts(store, "state = 'edited'")


def drafts_lying(store: Store) -> tuple[StoredDraft, ...]:
    """Return the drafts that were put into Drafts and, as far as is known, are still there."""
    return _drafts(store, "state = 'placed'")


def was_sent_by_hand(store: Store, draft: StoredDraft) -> bool:
    """Return whether mail went to the draft's recipient since its digest, in its thread if it has one."""
    new = draft.new
    # By recipient and thread, since many mail programs give a draft a new Message-ID when they send it.
    row = store.connection.execute(
        "SELECT 1 FROM message JOIN recipient ON recipient.message = message.id"
        " JOIN digest ON digest.week = ? WHERE recipient.address = ? AND message.sent_at >= digest.built_at"
        " AND (? IS NULL OR instr(message.facts, ?) > 0) LIMIT 1",
        [new.week, new.address, new.in_reply_to, new.in_reply_to],
    ).fetchone()
    return row is not None


def letters_since(store: Store, draft: StoredDraft) -> tuple[Locator, ...]:
    """Return where the messages lie that went to the draft's recipient since its digest, newest first."""
    rows = store.connection.execute(
        "SELECT DISTINCT message.folder, message.uidvalidity, message.uid, message.sent_at FROM message"
        " JOIN recipient ON recipient.message = message.id JOIN digest ON digest.week = ?"
        " WHERE recipient.address = ? AND message.sent_at >= digest.built_at ORDER BY message.sent_at DESC",
        [draft.new.week, draft.new.address],
    )
    return tuple(Locator(*row[:3]) for row in rows)


def set_draft(store: Store, draft_id: int, state: str, lies: Locator | None = None) -> None:
    """Move a draft to `state`. `lies` replaces its place, unless it is None."""
    store.update("draft", draft_id, {"state": state} | (_place(lies) if lies else {}))


def previous_openings(store: Store, person: str) -> tuple[str, ...]:
    """Return the `sentences` JSON of the last drafts written to a person, newest first, at most 3."""
    rows = store.rows("draft WHERE person = ? ORDER BY id DESC LIMIT 3", person)
    return tuple(row["sentences"] for row in rows)


def last_card(store: Store, person: str) -> tuple[dict[str, Any], str] | None:
    """Return the payload of a person's last card and the `sentences` JSON of its draft, None for somebody without."""
    row = store.connection.execute(
        "SELECT i.payload, w.sentences FROM digest_item i JOIN draft w ON w.id = i.draft"
        " WHERE i.kind = 'due' AND i.person = ? ORDER BY i.digest DESC LIMIT 1",
        [person],
    ).fetchone()
    return (json.loads(row[0]), row[1]) if row else None


def draft_bodies(store: Store, person: str) -> tuple[str, ...]:
    """Return the bodies of all drafts ever written to a person; empty for none."""
    return tuple(row["body"] for row in store.rows("draft WHERE person = ?", person))


def open_questions(store: Store) -> tuple[StoredQuestion, ...]:
    """Return the unanswered questions: first those asked before, then the others by key."""
    rows = store.rows("question WHERE answer IS NULL ORDER BY asked_at IS NULL, asked_at, key")
    return tuple(StoredQuestion(row["key"], json.loads(row["payload"]), row["asked_at"]) for row in rows)


def ensure_question(store: Store, key: str, payload: Mapping[str, Any]) -> None:
    """Add a question, unless its key is known already."""
    with store.write() as db:
        # Plain SQL: for a row that exists, sqlite-utils (4.2) asks for its rowid, and this table has none.
        db.execute(
            "INSERT INTO question (key, payload) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
            [key, json.dumps(payload, ensure_ascii=False)],
        )


def was_asked(store: Store, key: str) -> bool:
    """Return whether a question with this key exists, answered or not."""
    return store.row("question", "key = ?", key) is not None


def keys_asked(store: Store, kind: str) -> frozenset[str]:
    """Return the keys of all questions of a kind, answered or not."""
    rows = store.connection.execute("SELECT key FROM question WHERE key GLOB ?", [f"{kind} *"])
    return frozenset(key for (key,) in rows)


def answer_to(store: Store, key: str) -> str | None:
    """Return the answer to a question, None if it's open or was never asked."""
    row = store.row("question", "key = ?", key)
    return row["answer"] if row else None


def sent_for_the_owner(store: Store) -> tuple[StoredDraft, ...]:
    """Return the drafts that were sent and may still be in the Drafts folder."""
    return _drafts(store, "state = 'sent' AND folder IS NOT NULL")


def forget_place(store: Store, draft_id: int) -> None:
    """Note that a draft is no longer in the mailbox."""
    store.update("draft", draft_id, _place(None))


def mark_asked(store: Store, keys: Iterable[str], at: int) -> None:
    """Note that these questions are in a digest now; `at` is in epoch seconds."""
    with store.write() as db:
        for key in keys:
            db.execute("UPDATE question SET asked_at = ? WHERE key = ?", [at, key])


def _place(lies: Locator | None) -> dict[str, Any]:
    return dict(zip(_PLACE, lies or (None, None, None), strict=True))


def _drafts(store: Store, where: str, *values: object) -> tuple[StoredDraft, ...]:
    return tuple(map(_draft, store.rows(f"draft WHERE {where} ORDER BY id", *values)))


def _draft(row: dict[str, Any]) -> StoredDraft:
    new = {field.name: row[field.name] for field in fields(NewDraft)} | {"references": tuple(row["references"].split())}
    lies = Locator(*(row[name] for name in _PLACE)) if row["folder"] else None
    return StoredDraft(row["id"], NewDraft(**new), row["state"], lies)
