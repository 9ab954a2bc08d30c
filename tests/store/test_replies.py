from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from assistant.store import outbox, replies
from assistant.store import replies as store_replies
from tests.stores import memory_store, passed_over_reasons

if TYPE_CHECKING:
    from assistant.store.database import Store


@pytest.fixture
def store() -> Store:
    return memory_store()


def message(
    store: Store, uid: int, message_id: str, sent_at: int | None, folder: str = "Sent", short: str = "abcdef"
) -> None:
    store.connection.execute(
        "INSERT INTO message (message_id, short, folder, uidvalidity, uid, sent_at, subject, size, facts)"
        " VALUES (?, ?, ?, 1, ?, ?, '', 1, '{}')",
        [message_id, short, folder, uid, sent_at],
    )


def order(key: str) -> outbox.Order:
    return outbox.Order(key, "transcript", "smtp", "a@b.example", "a@b.example", f"{key}@x", b"bytes", 0)


def test_each_reply_is_kept_once(store: Store) -> None:
    assert replies.latest_transaction(store) is None
    assert replies.begin(store, "m1", "h1", "token", 5) == "T1"
    assert replies.transcript(store, "T1") == {}
    replies.finish(store, "T1", {"id": "T1", "text": "ü"}, None)
    assert replies.transcript(store, "T1") == {"id": "T1", "text": "ü"}
    assert replies.transcript(store, "T2") is None
    assert replies.is_known(store, "m1")
    assert replies.is_known(store, "m2", "h1")
    assert not replies.is_known(store, "m2", "h2")
    assert replies.begin(store, None, None, None, 6) == "T2"
    assert replies.latest_transaction(store) == "T2"
    with pytest.raises(sqlite3.IntegrityError):
        replies.begin(store, "m1", "h3", None, 7)


def test_a_transcript_and_its_mail_know_each_other(store: Store) -> None:
    cause = replies.begin(store, "m1", "h1", None, 5)
    entry = outbox.queue(store, order("transcript T1"), 5)
    replies.finish(store, cause, {}, entry)
    assert replies.causes_of(store, "transcript T1@x") == ("T1",)
    assert replies.causes_of(store, "else@x") == ()
    assert replies.delivery_state(store, "T1") == "queued"
    assert replies.delivery_state(store, "T2") is None
    assert replies.mailed_since(store, 5) == 1
    assert replies.mailed_since(store, 6) == 0


def test_candidates_are_what_nobody_looked_at(store: Store) -> None:
    for uid, (message_id, sent_at) in enumerate(
        (("new", 100), ("old", 10), ("undated", None), ("seen", 100), ("passed", 100))
    ):
        message(store, uid, message_id, sent_at)
    message(store, 9, "archived", 100, folder="old.mbox")
    replies.begin(store, "seen", "h", None, 5)
    replies.pass_over(store, "passed", "to", 5)
    replies.pass_over(store, "passed", "cc", 6)
    assert [found.message_id for found in replies.possible_replies(store, "Sent", 50)] == ["undated", "new"]
    assert passed_over_reasons(store) == {"passed": "to"}


def test_digests_and_their_lines(store: Store) -> None:
    assert replies.newest_digest(store) is None
    entry = outbox.queue(store, order("digest"), 5)
    store.connection.execute(
        "INSERT INTO digest (week, slot, built_at, message_id, outbox) VALUES ('2026-W10', 1, 2, 'm', ?)", [entry]
    )
    store.connection.execute(
        "INSERT INTO digest_item (digest, label, kind, payload) VALUES (1, 'Q1', 'question', '{\"key\":\"k\"}')"
    )
    assert replies.items_by_label(store, 1)["Q1"].payload == {"key": "k"}
    assert (replies.newest_digest(store), replies.built_at(store, 1)) == (1, 2)
    with pytest.raises(LookupError):
        replies.built_at(store, 2)


def test_short_ids_find_one_message_or_say_how_many(store: Store) -> None:
    message(store, 1, "a", 1, short="abcd12")
    message(store, 2, "b", 1, short="abcd34")
    message(store, 3, "a", 1, short="abcd12")
    assert replies.short_ids(store, "ABCD12") == ("a",)
    assert len(replies.short_ids(store, "abcd")) == 2
    assert replies.short_ids(store, "abc") == ()
    assert replies.short_ids(store, "%%%%") == ()


def test_tokens_are_issued_found_expired_and_revoked(store: Store) -> None:
    for number, kind in enumerate(("digest", "transcript", "digest")):
        store_replies.issue(
            store,
            token=f"t{number}",
            kind="digest" if kind == "digest" else "transcript",
            message_id=f"m{number}",
            digest=None,
            secret="s",
            text="x",
            now=number,
        )
    found = store_replies.lookup(store, "t1")
    assert found
    assert (found.kind, found.text, found.expires_at, found.revoked) == (
        "transcript",
        "x",
        1 + store_replies.LIFETIME,
        False,
    )
    assert store_replies.lookup(store, "t9") is None
    assert [row.token for row in store_replies.valid_digests(store, store_replies.LIFETIME)] == ["t2"]
    assert [row.token for row in store_replies.valid_digests(store, 5)] == ["t2", "t0"]
    store_replies.revoke_all(store)
    assert store_replies.valid_digests(store, 5) == ()
    assert store_replies.mailed(store, "nothing") == b""
    outbox.queue(store, order("k"), 5)
    assert store_replies.mailed(store, "k@x") == b"bytes"
