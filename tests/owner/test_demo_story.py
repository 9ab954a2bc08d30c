"""What the demo's story shows of the assistant: whom it brings up and why, what it asks, what the owner answers."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from assistant.core.language.detect import detect
from assistant.demo.cast import answer, load_cast
from assistant.demo.run import run_demo
from assistant.store import roster
from assistant.store.database import Store

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.demo.run import DemoResult


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> DemoResult:
    return run_demo(tmp_path_factory.mktemp("story"))


def test_each_card_has_a_reason_of_its_own(told: DemoResult) -> None:
    due = told.built.digest.due
    reasons = [item.why_not_cadence for item in due]
    assert None not in reasons
    assert len(set(reasons)) == len(due) == 5
    assert [item.situation for item in due[:3:2]] == ["goal-met", "hoped"]
    favourites = {row.handle for row in told.built.digest.roster if row.favourite}
    assert due[1].handle in favourites
    quiet = next(item for item in due if item.role == "advisor")
    assert quiet.days_since
    assert quiet.days_since > 2 * (quiet.cadence_days or 0)


def test_no_two_drafts_share_a_sentence(told: DemoResult) -> None:
    drafts = [
        {sentence.text for sentence in item.words.sentences if sentence.kind not in {"greeting", "close"}}
        for item in told.built.digest.due
        if item.situation != "owe-answer"
    ]
    assert len(drafts) == 4
    assert all(drafts)
    assert [one & other for one, other in combinations(drafts, 2) if one & other] == []


def test_the_letters_are_english_but_for_one_in_french(told: DemoResult) -> None:
    languages = Counter(detect(item.words.body) for item in told.built.digest.due if item.words.sentences)
    assert languages == {"en": 3, "fr": 1}


def test_one_card_reminds_of_an_answer_and_leaves_it_to_the_owner(told: DemoResult) -> None:
    (card,) = [item for item in told.built.digest.due if item.situation == "owe-answer"]
    assert (card.handle, card.words.sentences, card.in_drafts) == ("jonas-becker", (), False)
    assert card.why_not_cadence == (
        "you owe Jonas an answer (7 days): “Re: gemeinsame Nachbesprechung: Vorlage, dritter Stand”"
    )


def test_it_asks_three_questions_and_proposes_no_private_friend(told: DemoResult) -> None:
    digest = told.built.digest
    assert Counter(question.key.split()[0] for question in digest.questions) == {"came": 1, "role": 1, "link": 1}
    assert len(digest.meetings) == 3
    assert {one.guess for one in digest.candidates} == {"mentor", "advocate"}
    private = {address for people, _ in load_cast().home for _, address in people}
    assert not private & {one.address for one in digest.candidates}


def test_every_line_of_the_answer_is_obeyed_but_the_mistyped_one(told: DemoResult) -> None:
    assert [line.outcome for line in told.transcript.lines] == ["ok"] * 9 + ["unknown"]
    with Store(told.out / "data") as store:
        kept = Counter(note.kind for note in roster.all_notes(store) if note.id.startswith(f"{told.transcript.id}-"))
        nadia = roster.load_roster(store).by_handle("nadia-petrenko")
    assert kept == {"thanked": 1, "outcome": 2, "met": 2, "win": 1}
    assert nadia
    assert nadia.role == "advisor"


def test_a_line_without_its_label_is_left_out() -> None:
    everywhere = answer({})
    assert everywhere
    assert not any("{" in line for line in everywhere)
    assert next(line for line in answer({"came": "Q7"}) if line not in everywhere).startswith("Q7 ")


def test_another_moment_is_the_one_that_is_named(tmp_path: Path) -> None:
    now = datetime(2026, 7, 15, 12, 0, tzinfo=UTC)
    said = "\n".join(run_demo(tmp_path, now).lines())
    assert "It is Wednesday 15 July 2026, 12:00." in said
    assert "--now 2026-07-15T12:35:00+00:00" in said
