"""Orders in plain words (docs/replies.md): what is done, what is asked, and what must never be done."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.replies.grammar.command_words import phrases
from assistant.core.replies.grammar.lines import Speech, parse_lines
from assistant.core.replies.plan.plain_orders import plan_plain
from assistant.core.replies.plan.plan_lines import plan_lines, suggest
from assistant.store import roster
from tests.answer_corpus import Score, careless, facts, ideal, monday, owners, score
from tests.replying import life

if TYPE_CHECKING:
    from assistant.core.language.data_files import Language
    from assistant.core.replies.plan.state import Planned
    from tests.answer_corpus import Reader

LANGUAGES: tuple[Language, ...] = ("en", "de", "fr", "es")
TABLES = Path(__file__).parent / "plain_words"
MONDAY = monday()


def said(line: str, language: Language = "en", place: str = "") -> Planned:
    """Return the plan of one line answered to the corpus's digest."""
    speech = Speech(MONDAY.reply.today, language, MONDAY.reply.roles, ("Priya Raman",))
    parsed = [replace(one, place=place) for one in parse_lines([line], speech)]
    return suggest(plan_lines(parsed, speech, MONDAY), speech).steps[0].planned


def table(name: str) -> list[tuple[Language, str, list[str]]]:
    found = tomllib.loads((TABLES / f"{name}.toml").read_text(encoding="utf-8"))
    return [
        (language, line, found[language][line] if name == "done" else [])
        for language in LANGUAGES
        for line in found[language]
    ]


def not_done() -> dict[str, Any]:
    return tomllib.loads((TABLES / "not_done.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("language", "line", "made"), table("done"))
def test_what_is_said_plainly_is_done(language: Language, line: str, made: list[str]) -> None:
    assert [" ".join(fact).strip() for fact in facts(said(line, language))] == made


@pytest.mark.parametrize(("language", "line", "_made"), table("not_done"))
def test_what_is_not_surely_meant_is_never_done(language: Language, line: str, _made: list[str]) -> None:
    planned = said(line, language)
    assert planned.outcome not in {"ok", "noise"}
    assert facts(planned) == []


@pytest.mark.parametrize(
    ("place", "line", "made"),
    [
        ("2", "done", "handled lea-fontaine 2026-03-03"),
        ("2", "skip", "skip lea-fontaine 2026-03-09"),
        ("4", "met her on Friday", "talked ruth-abramson 2026-02-27"),
        ("4", "had lunch on Friday, she moves to Oslo", "talked ruth-abramson 2026-02-27"),
        ("4", "in 2 weeks", "later ruth-abramson 2026-03-17"),
        ("4", "no answer", "tried ruth-abramson"),
        ("Q2", "yes", "change nadia-petrenko role"),
        ("Q2", "ally", "change nadia-petrenko role"),
        ("Q3", "no, a recruiter", "link sarah.marlow@bluefin-talent.example sarah-novak"),
        ("C1", "mentor", "add oliver-grant mentor"),
        ("win", "we won the pitch", "win"),
    ],
)
def test_a_bare_answer_is_about_what_it_stands_under(place: str, line: str, made: str) -> None:
    planned = said(line, place=place)
    assert planned.outcome == "ok"
    assert " ".join(facts(planned)[0]).strip() == made


@pytest.mark.parametrize(
    ("place", "line"),
    [
        *(
            ("4", line)
            for line in ("met with her team", "her husband called", "lunch with her boss", "4 names", "when?")
        ),
        ("Q3", "no idea"),
        ("Q2", "yes or no?"),
        ("C1", "mentor, maybe"),
        ("win", "not a good week"),
    ],
)
def test_a_place_makes_nothing_certain_that_is_not(place: str, line: str) -> None:
    assert facts(said(line, place=place)) == []


def test_stop_beside_another_order_revokes_what_stop_alone_revokes() -> None:
    both = said("skip 1 and stop")
    assert (both.outcome, both.revoke) == ("ok", True)
    assert len(both.changes) == len(said("skip 1").changes) + len(said("stop").changes)


def test_undo_beside_another_order_takes_back_the_same_events() -> None:
    alone, both = said("undo"), said("skip 1, undo")
    assert alone.takes_back
    assert both.takes_back
    # One change takes nothing back: the skip.
    assert len(both.undoes) == len(both.changes)
    assert both.undoes[0] is None


def test_an_answer_in_own_words_is_kept_as_it_was_said() -> None:
    planned = said("Wrote it. Nobody read it.", place="Q1")
    assert planned.outcome == "ok"
    assert planned.changes[0].after["text"] == "Wrote it. Nobody read it."


@pytest.mark.parametrize(
    ("line", "effect"),
    [
        ("Leah: call on Sunday", "Léa Fontaine"),
        ("skpi Daniel", "Daniel Whitcombe"),
        ("Ruth is moving to Oslo", "Ruth Abramson"),
        ("lunch with Ruth on Friday", "Ruth Abramson"),
    ],
)
def test_a_guess_becomes_a_question_about_the_owners_words(line: str, effect: str) -> None:
    planned = said(line)
    assert planned.outcome == "ask"
    assert effect in planned.effect
    assert planned.changes[0].entity == "question"


@pytest.mark.parametrize("line", ["Helena omg yes send that one", "please stop sending so much", "drop Ruth a line"])
def test_what_goes_out_or_away_is_never_one_yes_away(line: str) -> None:
    planned = said(line)
    assert planned.outcome == "unknown"
    assert planned.changes == ()


@pytest.mark.parametrize(("reader", "goal"), [(None, 0.6), (ideal, 0.9), (careless, 0.6)])
def test_lines_by_owners_without_a_manual_are_right_or_asked_and_never_wrong(
    reader: Reader | None, goal: float
) -> None:
    total = Score()
    for _name, owner in owners():
        score(owner, total, reader)
    assert total.counts["wrong"] == total.counts["lost"] == 0, [
        one for one in total.told if one[:5] in {"wrong", "lost "}
    ]
    assert total.share("right", "asked") >= goal


WORDS = [" ".join(words) for group in phrases("fr").values() for words, _senses in group] + [
    *("Ruth", "Léa", "daniel", "Q1", "Q2", "C1", "2", "3", ",", ".", ":", "?", "yesterday", "3/4", "in May", "xyz"),
]


@given(st.lists(st.sampled_from(WORDS), max_size=14), st.sampled_from(["", "2", "Q1", "Q2", "C1", "win", "sheet"]))
def test_no_line_of_known_words_fails(words: list[str], place: str) -> None:
    speech = Speech(MONDAY.reply.today, "fr", MONDAY.reply.roles)
    plan_plain(" ".join(words), place, speech, MONDAY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_kinds_of_words(language: Language) -> None:
    def kinds(tongue: Language) -> set[str]:
        return {section for group in phrases(tongue).values() for _words, senses in group for section, _key in senses}

    assert kinds("en") <= kinds(language)


@pytest.mark.parametrize(("word", "outcome"), [("yes", "ok"), ("ok", "ok"), ("no", "ok"), ("thanks", "noise")])
def test_a_bare_yes_answers_the_one_thing_a_transcript_asked(word: str, outcome: str) -> None:
    owner = life()
    assert owner.one("great talk, Bob Li says go for staff")[0] == "ask"
    assert roster.all_notes(owner.store) == ()
    assert owner.one(word)[0] == outcome
    assert [note.text for note in roster.all_notes(owner.store)] == (
        ["says go for staff"] if word in {"yes", "ok"} else []
    )


def test_a_bare_yes_to_two_questions_does_nothing() -> None:
    owner = life()
    owner.do("great talk, Bob Li says go for staff", "Mina Okafor is moving to Oslo")
    assert owner.one("yes")[0] == "unknown"
    assert roster.all_notes(owner.store) == ()


@pytest.mark.parametrize(("language", "place", "line"), not_done()["under"])
def test_what_an_attacker_of_the_words_wrote_is_never_done(language: Language, place: str, line: str) -> None:
    planned = said(line, language, place)
    assert planned.outcome not in {"ok", "noise"}
    assert facts(planned) == []
