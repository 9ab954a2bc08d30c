"""The brief by rules: what stands in its four lines, for whom, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.core.evidence.dossier import Evidence
from assistant.core.language.data_files import LANGUAGES
from assistant.writer.offline.brief import MOST_LINES, brief, full_brief
from assistant.writer.offline.phrase_tables import brief_lines
from tests.dossiers import TODAY, person, richest
from tests.letter_corpus import letter_dossier, names
from tests.writer.test_offline import ROLES, SITUATIONS, made, with_loops

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier, EvidenceKind, Sentence
    from assistant.core.language.data_files import Language


def noted(dossier: Dossier, *rows: tuple[EvidenceKind, str, date]) -> Dossier:
    """Return the dossier with more evidence."""
    more = [Evidence(f"N{n}", kind, text, on) for n, (kind, text, on) in enumerate(rows)]
    return replace(dossier, evidence=(*dossier.evidence, *more))


def texts(lines: tuple[Sentence, ...], kind: str = "") -> str:
    return "\n".join(line.text for line in lines if kind in {"", line.kind})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("told", SITUATIONS)
def test_at_most_four_lines_in_the_owners_language(told: str, role: str) -> None:
    for language in LANGUAGES:
        lines = brief(made(told, role, "fr", owner_language=language))
        assert 1 <= len(lines) <= MOST_LINES
        assert lines[0].kind == "left_off"
        assert not set(texts(lines)) & set("{}[]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_have_the_same_lines(language: Language) -> None:
    english, other = brief_lines("en"), brief_lines(language)
    assert {key: set(table) for key, table in english.items()} == {key: set(table) for key, table in other.items()}
    for key, options in other["ask"].items():
        assert len(set(options)) == len(options) >= 3, key


def test_a_question_that_fits_anybody_is_only_in_the_full_brief() -> None:
    found = made("date", "mentor")
    assert not [line for line in brief(found) if line.kind == "ask"]
    assert [line for line in full_brief(found) if line.kind == "ask"]
    aimed = brief(
        replace(found, evidence=(*found.evidence, Evidence("N1", "goal", "run the lab")), owner_goals=("run the lab",))
    )
    assert "run the lab" in texts(aimed, "ask")


def test_a_question_whose_day_is_past_is_not_left_off() -> None:
    asked = with_loops(made("date"), ("question", "Will you be at the fair in July?"))
    assert "fair" not in texts(brief(asked))
    assert "fair" in texts(brief(with_loops(made("date"), ("question", "Will you be at the fair with your brother?"))))


def test_a_talk_is_where_they_left_off() -> None:
    met = made("met")
    assert "(you met)" in texts(brief(met), "left_off")
    found = noted(met, ("met", "talked about the new role", met.last_contact_on or TODAY))
    assert "“talked about the new role”" in texts(brief(found), "left_off")


def test_what_to_tell_depends_on_the_role() -> None:
    rows: list[tuple[EvidenceKind, str, date]] = [
        ("note", "is moving to Lisbon", TODAY - timedelta(days=30)),
        ("win", "shipped the billing migration", TODAY - timedelta(days=9)),
        ("advice", "write it down first", TODAY - timedelta(days=50)),
    ]
    seen = {
        role: brief(noted(made("date", role, wins=("shipped the billing migration",)), *rows))[1].text for role in ROLES
    }
    assert "Lisbon" in seen["mentor"]
    assert "What came of their advice" in seen["advisor"]
    assert "billing migration" in seen["advocate"]
    assert "Lisbon" in seen["ally"]


def test_a_win_that_does_not_fit_is_not_told() -> None:
    found = noted(made("date", "advocate"), ("win", "shipped the billing migration", TODAY))
    assert "billing" not in texts(brief(found))


def test_the_sentence_of_an_advocate_is_asked_for_once_and_then_shown() -> None:
    first = brief(made("date", "advocate"))
    assert "What would you want Jane to say about you?" in texts(first, "next_step")
    again = brief(made("date", "advocate", previous=tuple(line.text for line in first)))
    assert "say about you" not in texts(again)
    known = noted(made("date", "advocate"), ("note", "should say: she turns outages into method", TODAY))
    assert "“should say: she turns outages into method”" in texts(brief(known), "next_step")
    assert "outages" not in texts(brief(known), "remember")


def test_the_next_room_with_an_advocate_comes_first() -> None:
    found = noted(made("date", "advocate"), ("meeting", "Roadmap review", TODAY + timedelta(days=3)))
    assert texts(brief(found), "next_step") == "The next room you share: 19 March, “Roadmap review”."


def test_an_ally_has_the_motives_and_the_next_step() -> None:
    found = made("goal", "ally")
    assert "What do they get out of it" in texts(brief(found), "motives")
    known = noted(found, ("note", "his motive: a quieter night shift", TODAY))
    assert "“his motive: a quieter night shift”" in texts(brief(known), "motives")
    assert "name the next step" in texts(full_brief(known), "next_step")
    ending = replace(found, person=person("ally", goal="ship the shared test bench", until=date(2026, 5, 29)))
    assert "ends on 29 May:" in texts(brief(ending), "next_step")
    past = replace(found, person=person("ally", goal="ship the shared test bench", until=date(2026, 1, 5)))
    assert "was to end on 5 January:" in texts(brief(past), "next_step")
    assert "Say thanks" in texts(brief(made("goal met", "ally")), "next_step")
    assert "share no goal yet" in texts(brief(made("date", "ally")), "motives")


def test_an_advisor_is_asked_for_their_path_in_one_quarter_of_the_year() -> None:
    days = [date(2026, month, 15) for month in range(1, 13)]
    asked = [day for day in days if "own path" in texts(brief(made("date", "advisor", today=day)))]
    assert len(asked) == 3
    assert len({(day.month - 1) // 3 for day in asked}) == 1


def test_the_full_brief_has_more_lines_and_each_once() -> None:
    for found in (richest("ally"), richest("advocate"), *(letter_dossier(name) for name in names())):
        lines = full_brief(found)
        assert len(brief(found)) <= len(lines) <= 12
        assert len(set(lines)) == len(lines)
        assert set(brief(found)) <= set(lines)


def test_a_coming_meeting_stands_in_the_full_brief() -> None:
    found = noted(made("date"), ("meeting", "Coffee with Jane", TODAY + timedelta(days=3)))
    assert "You'll see each other on 19 March: “Coffee with Jane”." in texts(full_brief(found))


def test_an_open_promise_stands_beside_the_question() -> None:
    found = with_loops(made("date"), ("question", "did it hold?"), ("promise", "I'll send the outline."))
    assert [line.evidence for line in brief(found)[:2]] == [("L0",), ("L1",)]
    assert "outline" in texts(full_brief(found), "left_off")


def test_a_question_stands_beside_the_promise_that_comes_first() -> None:
    found = with_loops(made("date"), ("promise", "I'll send the outline."), ("question", "did it hold?"))
    assert [line.evidence for line in brief(found)[:2]] == [("L0",), ("L1",)]


def test_the_best_fitting_win_is_told() -> None:
    wins = ("shipped the billing migration", "ran a marathon")
    rows: list[tuple[EvidenceKind, str, date]] = [("win", wins[1], TODAY), ("win", wins[0], TODAY - timedelta(days=9))]
    assert wins[0] in texts(brief(noted(made("date", "advocate", wins=wins), *rows)), "tell").split("\n")[0]


def test_a_win_and_a_note_are_worth_more_than_a_question_for_anybody() -> None:
    found = with_loops(made("win"), ("question", "did it hold?"), ("promise", "I'll send the outline."))
    lines = brief(noted(found, ("note", "is moving to Lisbon", TODAY)))
    assert [line.kind for line in lines] == ["left_off", "left_off", "remember", "tell"]
