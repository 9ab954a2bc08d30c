"""Real digests, week after week: what the data file keeps decides who has a card (docs/roles.md)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.core.digest.week import current
from assistant.rounds.digest import build
from assistant.store import digests, roster
from assistant.writer.offline.writer import OfflineWriter
from tests.replying import NOW, Life, config

if TYPE_CHECKING:
    from assistant.core.digest.model import Digest
    from assistant.rounds.context import Round

NAMES = ("Jane Roe", "Bob Li", "Eve Sato")


def owner_of(*names: str, places: int) -> Life:
    """An owner who added these mentors some days ago and wrote to none of them; the first are longest on the roster."""
    told = config()
    life = Life(config=replace(told, digest=replace(told.digest, people=places)))
    for number, name in enumerate(names):
        life.now = NOW - timedelta(days=30 - number)
        assert life.one(f"add {name} <{name.lower().replace(' ', '.')}@x.example> as mentor")[0] == "ok"
    life.now = NOW
    return life


def round_of(life: Life) -> Round:
    return replace(life.round(), writer=OfflineWriter())


def week(life: Life) -> Digest:
    """Build this week's digest, and go on to the next week."""
    round_ = round_of(life)
    built = build.build(round_, current(round_.now, round_.slot))
    life.later(weeks=1)
    return built.digest


def cards(life: Life, weeks: int) -> list[str]:
    return [" ".join(item.handle for item in week(life).due) for _ in range(weeks)]


def test_one_place_goes_round_and_nobody_is_shown_a_third_time_running() -> None:
    assert cards(owner_of(*NAMES, places=1), 7) == [
        "jane-roe", "bob-li", "eve-sato", "jane-roe", "bob-li", "eve-sato", "jane-roe",
    ]  # fmt: skip
    assert cards(owner_of("Jane Roe", places=5), 9) == [
        "jane-roe", "jane-roe", "", "jane-roe", "", "", "", "jane-roe", "",
    ]  # fmt: skip


def test_who_is_still_waiting_and_who_is_put_off_have_a_line_each() -> None:
    life = owner_of(*NAMES, places=1)
    assert (week(life).waiting, week(life).deferred) == ((), ("Jane Roe", "Eve Sato"))
    alone = owner_of("Jane Roe", places=1)
    cards(alone, 2)
    round_ = round_of(alone)
    built = build.build(round_, current(round_.now, round_.slot))
    assert built.digest.waiting == ("Jane Roe",)
    assert "Shown before, no answer yet: Jane" in built.rendered.text
    assert "Shown before, no answer yet:</b> Jane" in built.rendered.html
    assert built.as_json()["waiting"] == [{"person": "Jane Roe"}]


@pytest.mark.parametrize(
    "line", ["note Jane: moved to Leeds", "Jane favourite", "Jane is also <j@y.example>", "Jane now"]
)
def test_an_answer_about_them_is_a_reaction(line: str) -> None:
    life = owner_of("Jane Roe", places=1)
    cards(life, 2)
    assert life.one(line)[0] == "ok"
    assert cards(life, 3) == ["jane-roe", "jane-roe", ""]


def test_a_draft_that_was_changed_is_a_reaction() -> None:
    life = owner_of("Jane Roe", places=1)
    cards(life, 2)
    digests.set_draft(life.store, 2, "sent")
    assert cards(life, 3) == ["jane-roe", "jane-roe", ""]


def test_now_gives_one_card_and_can_be_taken_back() -> None:
    life = owner_of("Jane Roe", "Bob Li", places=1)
    assert life.one("met Jane today")[0] == "ok"
    assert life.one("snooze Jane for 2 months")[0] == "ok"
    assert life.one("Jane now") == ("ok", "Jane Roe: has a card in the next digest")
    before = roster.snapshot(life.store)
    roster.replay(life.store)
    assert roster.snapshot(life.store) == before
    assert [event["key"] for event in roster.change_log(life.store) if event["entity"] == "setting"] == ["now jane-roe"]
    first = week(life)
    assert [(item.handle, item.why_not_cadence) for item in first.due] == [("jane-roe", "you asked for this card")]
    assert cards(life, 1) == ["bob-li"]
    assert life.one("jane-roe jetzt")[0] == "ok"
    assert life.one("undo")[0] == "ok"
    assert cards(life, 1) == ["bob-li"]


def test_now_is_refused_for_a_closed_ally_and_asks_which_of_two() -> None:
    life = owner_of("Jane Roe", "Jane Lee", places=1)
    assert life.one("Jane now")[0] == "ask"
    assert life.one("jane-lee")[0] == "ok"
    assert life.one("add Sam Ost <sam@x.example> as ally")[0] == "ok"
    assert life.one("close Sam")[0] == "ok"
    assert life.one("Sam now")[0] == "refused"


def test_a_preview_of_a_week_that_went_shows_the_same_people() -> None:
    life = owner_of(*NAMES, places=1)
    round_ = round_of(life)
    built = build.build(round_, current(round_.now, round_.slot))
    assert [item.handle for item in build.preview(round_).digest.due] == [item.handle for item in built.digest.due]


def test_a_favourite_who_comes_due_later_does_not_push_the_queue_back() -> None:
    life = owner_of(*NAMES, "Ann Ude", places=1)
    seen = cards(life, 1)
    assert life.one("add Fay Orr <fay@x.example> as mentor")[0] == "ok"
    assert life.one("Fay favourite")[0] == "ok"
    seen += cards(life, 4)
    # Five digests for four people: one place in all may be lost to the four, and Fay has it.
    assert seen == ["jane-roe", "fay-orr", "bob-li", "eve-sato", "ann-ude"]
