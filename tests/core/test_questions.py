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
from assistant.rounds.digest.questions import gap_items, items

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


def test_five_a_digest_the_weightiest_first() -> None:
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
        "role bob-li",
        "link a0@example.com jane-roe",
    ]
    due_first = choose(questions, frozenset({"jane-roe"}))
    assert [question.kind for question in due_first] == ["doubt", "link", "link", "link", "link"]


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
    assert english[0].text == "Is j@new.example (you write “J Roe” there) Jane Roe?"
    assert "Tue 3 March 2026" in english[1].text
    assert "Coffee" in english[1].text
    assert english[2].answers == ("yes", "no", "mentor", "advisor", "ally", "close")
    assert "x@example.com" in english[3].text
    german = items(questions, ROSTER, Phrases("de"))
    assert "Di. 3. März 2026" in german[1].text
    assert "Beratung" in german[2].text


def test_a_link_without_names_or_known_address_and_a_meeting_without_summary() -> None:
    bare = Roster((Person("jane-roe", "Jane Roe", "mentor"),))
    questions = [
        OpenQuestion("link j@new.example jane-roe", {"handle": "jane-roe", "address": "j@new.example"}),
        OpenQuestion("met u jane-roe", {"handle": "jane-roe", "day": "2026-03-03"}),
    ]
    link, met = items(questions, bare, Phrases("en"))
    assert link.text == "Is j@new.example Jane Roe?"
    assert met.text == "Did you meet Jane Roe on Tue 3 March 2026?"


def test_a_gap_names_a_fitting_candidate_or_whom_to_look_for() -> None:
    candidate = CandidateItem("C2", "kim@example.com", "Kim Oh", 9, None, None, "advisor", "at example.com")
    who = fillers(BUILT_IN["advisor"], [candidate], (), lambda _: None)
    gaps = Building((), (Gap("advisor", "empty", who), Gap("mentor", "asleep", ())))
    fits, look = gap_items(gaps, BUILT_IN, [], {}, Phrases("en"))
    assert "Kim Oh (C2)" in fits.step
    assert "What one does" in fits.text
    assert "on a path like yours" in look.step
    assert look.text == "You have not been in touch with any mentor for a long time."
    german = gap_items(gaps, BUILT_IN, [], {}, Phrases("de"))[0]
    assert german.text.startswith("Unter Beratung steht noch niemand. Wozu: Sieht deinen ganzen Werdegang")
