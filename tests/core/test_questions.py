from __future__ import annotations

import pytest

from assistant.core.digest.gap_fillers import fillers
from assistant.core.digest.model import CandidateItem
from assistant.core.digest.questions import OpenQuestion, choose, role_questions
from assistant.core.language.phrases import Phrases
from assistant.core.people.roles import BUILT_IN
from assistant.core.people.roster import Person, Roster
from assistant.core.people.workplace import OwnCompany, Written, workplace
from assistant.rounds.digest.building import Building, Gap
from assistant.rounds.digest.questions import gap_items, items, may_be_asked
from assistant.store.digests import StoredQuestion

JANE = Person("jane-roe", "Jane Roe", "advisor", addresses=("jane@work.example",))
BOB = Person("bob-li", "Bob Li", "advocate", addresses=("bob@li.example",))
GONE = Person("gone-by", "Gone By", "mentor", status="dropped", addresses=("gone@work.example",))
ROSTER = Roster((JANE, BOB, GONE))
DAY = 86_400


def asked_about(roster: Roster, *domains: str) -> list[OpenQuestion]:
    """Return the questions about roles where no mail was seen."""
    places = {person.handle: workplace(person.addresses, (), domains) for person in roster.active()}
    return role_questions(roster, BUILT_IN, places, OwnCompany(domains))


def test_role_and_company_that_disagree_are_a_question() -> None:
    found = asked_about(ROSTER, "work.example")
    assert [(q.key, q.payload["likely"]) for q in found] == [
        ("role jane-roe work.example inside", "advocate"),
        ("role bob-li li.example outside", "advisor"),
    ]
    assert asked_about(ROSTER) == []
    fit = Roster((Person("m", "M", "mentor", addresses=("m@work.example",)), Person("n", "N", "advisor")))
    assert asked_about(fit, "work.example") == []
    below = Roster((Person("s", "S", "advocate", addresses=("s@uk.work.example",)),))
    assert asked_about(below, "work.example") == []
    private = Roster((Person("p", "P", "advocate", addresses=("p@gmail.com",)), Person("q", "Q", "muse")))
    assert asked_about(private, "work.example") == []


MOVES = [
    ("from one company to the next", [("b", 50, 60), ("a", 10, 40)], ("b.example", "a.example")),
    ("back again", [("a", 10, 90), ("b", 50, 60)], ("a.example", None)),
    ("two at a time", [("b", 20, 60), ("a", 10, 40)], ("b.example", None)),
    ("one of two is silent since", [("b", 20, 150), ("a", 10, 40)], ("b.example", "a.example")),
    ("free mail now", [("c", 50, 60), ("a", 10, 40)], (None, None)),
    ("free mail in between", [("b", 70, 80), ("c", 50, 60), ("a", 10, 40)], ("b.example", "a.example")),
    ("nothing written", [], ("c.example", None)),
]


@pytest.mark.parametrize(("written", "places"), [case[1:] for case in MOVES], ids=[case[0] for case in MOVES])
def test_the_company_is_that_of_the_address_last_written_to(
    written: list[tuple[str, int, int]], places: tuple[str | None, str | None]
) -> None:
    domains = {"a": "a.example", "b": "mail.b.example", "c": "gmail.com"}
    mail = [Written(f"x@{domains[name]}", first * DAY, last * DAY) for name, first, last in written]
    found = workplace(("x@a.example", "x@c.example"), mail, ["a.example"])
    assert (found.now, found.was) == places
    assert found.inside is (None if found.now is None else found.now == "a.example")


ROLE = {"handle": "bob-li", "now": "new.example", "was": None, "left": False}


def test_three_a_digest_the_weightiest_first() -> None:
    questions = [OpenQuestion(f"link a{n}@example.com jane-roe", {"handle": "jane-roe"}) for n in range(5)]
    questions += [
        OpenQuestion("settle x", {}),
        OpenQuestion("role bob-li", {"handle": "bob-li"}),
        OpenQuestion("met uid bob-li", {"handle": "bob-li"}),
        OpenQuestion("link b@example.com bob-li", {"handle": "bob-li", "matters": True}),
        OpenQuestion("doubt 7", {"to": "x@example.com"}),
    ]
    found = [question.key for question in choose(questions, frozenset())]
    assert found == [
        "doubt 7",
        "link b@example.com bob-li",
        "met uid bob-li",
    ]
    due_first = choose(questions, frozenset({"jane-roe"}))
    assert [question.kind for question in due_first] == ["doubt", "link", "link"]


def test_each_kind_says_what_it_asks_in_both_languages() -> None:
    questions = [
        OpenQuestion(
            "link j@new.example jane-roe", {"handle": "jane-roe", "address": "j@new.example", "names": ["J Roe"]}
        ),
        OpenQuestion("met uid bob-li", {"handle": "bob-li", "day": "2026-03-03", "summary": "Coffee"}),
        OpenQuestion("role bob-li x", {**ROLE, "likely": "advisor", "inside": False}),
        OpenQuestion("doubt 7", {"to": "x@example.com"}),
        OpenQuestion("met uid gone-by", {"handle": "gone-by", "day": "2026-03-03"}),
    ]
    english = items(questions, ROSTER, Phrases("en"))
    assert [item.label for item in english] == ["Q1", "Q2", "Q3", "Q4"]
    assert english[0].text == "Is j@new.example the Jane Roe you know (you write “J Roe” there)?"
    assert english[1].text == "Did you and Bob meet on Tue 3 Mar?"
    assert english[2].answers == ("yes", "no", "mentor", "ally", "close")
    assert "x@example.com" in english[3].text
    german = items(questions, ROSTER, Phrases("de"))
    assert "Di. 3. März" in german[1].text
    assert "Beratung" in german[2].text


def test_a_link_without_names_or_known_address_and_a_meeting_without_summary() -> None:
    bare = Roster((Person("jane-roe", "Jane Roe", "mentor"),))
    questions = [
        OpenQuestion("link j@new.example jane-roe", {"handle": "jane-roe", "address": "j@new.example"}),
        OpenQuestion("met u jane-roe", {"handle": "jane-roe", "day": "2026-03-03"}),
    ]
    link, met = items(questions, bare, Phrases("en"))
    assert link.text == "Is j@new.example the Jane Roe you know?"
    assert met.text == "Did you and Jane meet on Tue 3 Mar?"


def test_a_gap_names_a_fitting_candidate_or_whom_to_look_for() -> None:
    candidate = CandidateItem("C2", "kim@example.com", "Kim Oh", 9, "advisor", "at example.com")
    who = fillers(BUILT_IN["advisor"], [candidate], (), lambda _: None)
    gaps = Building((), (Gap("advisor", "empty", who), Gap("mentor", "asleep", ())))
    fits, look = gap_items(gaps, BUILT_IN, [], {}, Phrases("en"), monthly=True)
    assert "Kim Oh (C2)" in fits.step
    assert "What one does" in fits.text
    assert "on a path like yours" in look.step
    assert look.text == "It's been long since you were in touch with any mentor."
    german = gap_items(gaps, BUILT_IN, [], {}, Phrases("de"), monthly=True)[0]
    assert german.text.startswith("Unter Beratung steht noch niemand. Wozu: Sieht deinen ganzen Werdegang")


@pytest.mark.parametrize(
    ("key", "asked_days_ago", "again"),
    [
        ("met u jane-roe", None, True),
        ("met u jane-roe", 7, False),
        ("met u jane-roe", 21, True),
        ("doubt 7", 7, True),
        ("mine a@b.example", None, True),
        ("mine a@b.example", 60, False),
        ("role bob-li x", 60, False),
    ],
)
def test_a_question_without_an_answer_rests(key: str, asked_days_ago: int | None, *, again: bool) -> None:
    now = 1_772_000_000
    asked_at = None if asked_days_ago is None else now - asked_days_ago * 86400
    assert may_be_asked(StoredQuestion(key, {}, asked_at), now) is again
