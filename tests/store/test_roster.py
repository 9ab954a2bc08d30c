from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING

import pytest

from assistant.core.people.roster import Note, Person
from assistant.core.replies.plan.change import Change, belongs_key, belongs_value, note_value, person_value
from assistant.store import roster
from assistant.store.roster import load, put, read
from tests.stores import memory_store

if TYPE_CHECKING:
    from assistant.store.database import Store

JANE = Person(
    "jane-roe",
    "Jane Roe",
    "mentor",
    until=date(2026, 5, 1),
    snoozed_until=date(2026, 4, 1),
    addresses=("jane@roe.example",),
)
ADD = (
    Change("person", "jane-roe", None, person_value(JANE), "add"),
    Change("belongs", belongs_key("jane@roe.example", "jane-roe"), None, belongs_value("said", 5), "add"),
)
NOTE = Note("T2-1", "jane-roe", "met", "met", date(2026, 3, 3), "promo")
QUESTION = {"payload": {"a": "ü"}, "answer": None, "answered_at": None}


@pytest.fixture
def store() -> Store:
    made = memory_store()
    roster.apply_changes(made, ADD, "T1", "owner", 10)
    return made


def test_the_roster_is_what_was_said(store: Store) -> None:
    assert roster.load_roster(store).people == (JANE,)
    assert roster.load_roster(memory_store()).people == ()


def test_links_the_owner_denied_are_no_addresses(store: Store) -> None:
    no = Change("belongs", "x@y.example jane-roe", None, belongs_value("no", 6), "is not")
    auto = Change("belongs", "a@b.example jane-roe", None, belongs_value("auto", 6), "link")
    roster.apply_changes(store, [no, auto], "T2", "owner", 11)
    assert roster.load_roster(store).people[0].addresses == ("jane@roe.example", "a@b.example")


def test_notes_by_person_and_kind(store: Store) -> None:
    win = Note("T2-2", None, "win", None, date(2026, 3, 2), "shipped")
    changes = [Change("note", note.id, None, note_value(note), note.kind) for note in (NOTE, win)]
    roster.apply_changes(store, changes, "T2", "owner", 11)
    assert roster.notes(store, "jane-roe") == (NOTE,)
    assert roster.notes(store, "jane-roe", "advice", "note") == ()
    assert roster.notes(store, None, "win") == (win,)
    assert roster.all_notes(store) == (win, NOTE)
    assert roster.all_notes(store, "met") == (NOTE,)


def test_settings_and_corrections(store: Store) -> None:
    changes = [
        Change("setting", "paused_until", None, "2026-05-01", "pause"),
        Change("correction", "m@x", None, {}, "not contact"),
    ]
    assert len(roster.apply_changes(store, changes, "T2", "owner", 11)) == 2
    assert roster.settings(store) == {"paused_until": "2026-05-01"}
    assert roster.corrections(store) == frozenset({"m@x"})
    assert roster.apply_changes(store, changes, "T3", "owner", 12) == ()


def test_every_change_is_an_event_with_what_really_stood_there(store: Store) -> None:
    wrong = Change("person", "jane-roe", {"name": "Somebody"}, {**person_value(JANE), "role": "ally"}, "role")
    (event,) = roster.apply_changes(store, [wrong], "T2", "owner", 11)
    assert roster.change_log(store)[-1] == {
        "id": event,
        "at": 11,
        "cause": "T2",
        "who": "owner",
        "kind": "role",
        "entity": "person",
        "key": "jane-roe",
        "before": person_value(JANE),
        "after": {**person_value(JANE), "role": "ally"},
    }


def test_replaying_rebuilds_byte_for_byte(store: Store) -> None:
    changes = [
        Change("note", NOTE.id, None, note_value(NOTE), "met"),
        Change("question", "link a@b.example jane-roe", None, QUESTION, "ask"),
        Change("setting", "stopped", None, after=True, kind="stop"),
        Change("correction", "m@x", None, {}, "not contact"),
        Change("setting", "stopped", before=True, after=None, kind="resume"),
    ]
    roster.apply_changes(store, changes, "T2", "owner", 11)
    kept = roster.snapshot(store)
    store.connection.execute("UPDATE person SET role = 'ally'")
    store.connection.execute("DELETE FROM note")
    store.connection.execute("INSERT INTO question (key, payload, asked_at) VALUES ('met x', '{}', 3)")
    assert roster.snapshot(store) != kept
    roster.replay(store)
    assert roster.snapshot(store) == kept
    assert ("question", "met x") in load(store)


def test_when_a_question_was_asked_is_left_alone(store: Store) -> None:
    store.connection.execute("INSERT INTO question (key, payload, asked_at) VALUES ('q', '{\"a\":\"ü\"}', 7)")
    change = Change("question", "q", QUESTION, {**QUESTION, "answer": "yes", "answered_at": 9}, "answer")
    roster.apply_changes(store, [change], "T2", "owner", 11)
    assert store.connection.execute("SELECT asked_at, answer FROM question").fetchone() == (7, "yes")


def test_nobody_goes_while_something_is_kept_of_them(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        put(store.connection, "person", "jane-roe", None)
    assert read(store.connection, "person", "nobody") is None


def test_undo_knows_what_stands_in_the_way(store: Store) -> None:
    role = Change("person", "jane-roe", None, {**person_value(JANE), "role": "ally"}, "role")
    roster.apply_changes(store, [role], "T2", "owner", 11)
    assert roster.conflict(store, "T1") == "T2"
    assert roster.conflict(store, "T2") is None
    back = roster.undo_changes(store, "T2")
    roster.apply_changes(store, [change for change, _ in back], "T3", "owner", 12, [event for _, event in back])
    assert roster.undone(store, "T2")
    assert not roster.undone(store, "T3")
    assert roster.conflict(store, "T1") is None
    assert roster.last_cause(store) == "T1"
    again = roster.undo_changes(store, "T3")
    roster.apply_changes(store, [change for change, _ in again], "T4", "owner", 13, [event for _, event in again])
    assert not roster.undone(store, "T2")
    assert roster.conflict(store, "T1") == "T2"
    assert roster.last_cause(store) == "T2"


def test_somebody_with_notes_of_later_transactions_stays(store: Store) -> None:
    roster.apply_changes(store, [Change("note", NOTE.id, None, note_value(NOTE), "met")], "T2", "owner", 11)
    assert roster.conflict(store, "T1") == "T2"
    assert roster.undone(store, "T9") is False
    assert roster.last_cause(memory_store()) is None


def test_what_only_asked_is_not_the_latest_change(store: Store) -> None:
    roster.apply_changes(store, [Change("question", "q", None, QUESTION, "ask")], "T2", "owner", 11)
    assert roster.last_cause(store) == "T1"


def test_what_the_rules_linked_is_taken_back_with_the_person(store: Store) -> None:
    auto = Change("belongs", "a@b.example jane-roe", None, belongs_value("auto", 6), "link")
    roster.apply_changes(store, [auto], "scan", "rules", 11)
    assert roster.conflict(store, "T1") is None
    keys = [change.key for change, _event in roster.undo_changes(store, "T1")]
    assert keys == ["a@b.example jane-roe", "jane@roe.example jane-roe", "jane-roe"]
    assert [event.change.key for event in roster.changes_of(store, "scan")] == ["a@b.example jane-roe"]


def test_a_failure_in_the_middle_changes_nothing(store: Store) -> None:
    kept = roster.snapshot(store)
    broken = [
        Change("setting", "stopped", None, after=True, kind="stop"),
        Change("note", "n", None, {"person": "x"}, "note"),
    ]
    with pytest.raises(KeyError):
        roster.apply_changes(store, broken, "T2", "owner", 11)
    assert roster.snapshot(store) == kept
