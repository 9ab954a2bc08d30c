from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from assistant.core.digest.nudges import nudge
from assistant.core.evidence.build import LastFact, MeetingFact, NoteFact
from assistant.core.evidence.dossier import Sentence
from assistant.core.evidence.hard_checks import check
from assistant.core.evidence.playbook_lines import playbook_lines
from assistant.core.language.data_files import LANGUAGES, Language, data_file
from assistant.core.people.cadence import standing
from assistant.core.people.ledger import KINDS, LASTING, holding
from assistant.core.people.roles import BUILT_IN, NUDGES, Role, in_language
from assistant.core.people.roster import Note
from tests.dossiers import TODAY, dossier, person

KEYS = replace(BUILT_IN["mentor"], nudges={key: key for key in NUDGES})
WIN = {"wins": [NoteFact(TODAY, "win", "shipped the platform migration")]}
ASKED = {"notes": [NoteFact(TODAY - timedelta(days=300), "ask", "how the platform migration went")]}
LAST = LastFact(TODAY - timedelta(days=60))


def given(role: Role, days: int = 60, facts: dict[str, Any] | None = None, **who: Any) -> str | None:
    """Return the reason for somebody last in touch so many days ago."""
    someone = person(role.name, **who)
    found = dossier(role.name, role=role, person=someone, last=LAST, **(facts or {}))
    return nudge(standing(someone, role, TODAY - timedelta(days=days), TODAY), found)


CASES = [
    ("nothing asked for a year", {}, {}, "path"),
    ("time went by", ASKED, {}, "overdue"),
    ("a favourite", ASKED, {"favourite": True}, "favourite"),
    ("a win they don't know", WIN | ASKED, {}, "no_win"),
    ("a meeting tomorrow", WIN | {"meetings": [MeetingFact(TODAY + timedelta(days=1), "Review")]}, {}, "chance"),
    ("a meeting last week", {"meetings": [MeetingFact(TODAY - timedelta(days=7), "Review")]}, {}, "chance"),
    ("a meeting last month", ASKED | {"meetings": [MeetingFact(TODAY - timedelta(days=30), "Review")]}, {}, "overdue"),
    ("a goal that ends", WIN, {"goal": "ship it", "until": TODAY + timedelta(days=2)}, "end_near"),
    ("a goal that ended", WIN, {"goal": "ship it", "until": TODAY - timedelta(days=65)}, "end_past"),
    ("a goal that is met", WIN | {"situation": "goal-met"}, {}, "goal_met"),
]


@pytest.mark.parametrize(("facts", "who", "key"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_weightiest_reason_that_applies(facts: dict[str, Any], who: dict[str, Any], key: str) -> None:
    role = replace(KEYS, cadence_days=None if "goal" in who else 21)
    days = 80 if key == "end_past" else 60
    assert given(role, days, facts, **who) == key


def test_a_step_towards_a_goal() -> None:
    assert given(BUILT_IN["ally"], 20, WIN, goal="ship {it}") == "time for a next step towards “ship {it}”"
    german = given(BUILT_IN["ally"], 20, {"language": "de"}, goal="ship it")
    assert german == "Zeit für den nächsten Schritt zu „ship it“"


def test_the_owners_words_are_taken_as_they_are() -> None:
    role = replace(BUILT_IN["mentor"], nudges={"overdue": "{name} waits {0} {", "favourite": ""})
    assert given(role) == "Jane Roe waits {0} {"
    assert given(role, favourite=True) == "Jane Roe waits {0} {"
    assert given(replace(role, nudges={"overdue": ""})) == ""
    assert given(replace(role, nudges={})) is None
    assert given(KEYS, 3) is None, "not due"
    assert given(replace(KEYS, nudges={"overdue": "late"}), 21, ASKED) is None, "due today"
    unknown = dossier("mentor", role=None)
    assert nudge(standing(person(), BUILT_IN["mentor"], TODAY - timedelta(days=60), TODAY), unknown) is None
    assert playbook_lines(unknown) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_have_the_same_playbooks(language: Language) -> None:
    english, other = data_file("playbooks", "en"), data_file("playbooks", language)
    assert list(english) == list(other) == list(BUILT_IN)
    for name, table in english.items():
        assert list(table) == list(other[name])
        assert set(table["nudges"]) == set(other[name]["nudges"]) <= set(NUDGES)
        for key, value in table.items():
            assert not isinstance(value, list) or len(value) == len(other[name][key])


def test_what_the_owner_wrote_of_a_role_stays_in_their_words() -> None:
    german = data_file("playbooks", "de")
    assert in_language(BUILT_IN["ally"], "de").does == german["ally"]["does"]
    own = replace(
        BUILT_IN["mentor"], tone="Dry.", nudges={"overdue": "hm", "favourite": BUILT_IN["mentor"].nudges["favourite"]}
    )
    said = in_language(own, "de")
    assert (said.tone, said.nudges) == ("Dry.", {"overdue": "hm", "favourite": german["mentor"]["nudges"]["favourite"]})


@pytest.mark.parametrize("kind", ["see-me", "motive", "my-motive"])
def test_what_the_owner_thinks_of_them_is_in_no_letter(kind: str) -> None:
    found = dossier("ally", notes=[NoteFact(TODAY, kind, "a seat in the steering group")])
    (item,) = found.of_kind(kind)  # type: ignore[arg-type]
    line = Sentence("fact", "A seat in the steering group.", (item.number,))
    assert check(line, found) == "private"
    assert check(line, found, brief=True) is None


def test_of_lasting_notes_the_latest_holds() -> None:
    notes = [Note(f"T{n}-1", "jo", kind, None, date(2026, 1, n), str(n)) for n in (1, 2) for kind in KINDS]
    found = holding(notes)
    assert {note.kind for note in found if note.text == "1"} == set(KINDS) - set(LASTING)
    assert {note.kind for note in found if note.text == "2"} == set(KINDS)
