from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from assistant.core.digest.week import week_name
from assistant.core.evidence.build import LastFact, MeetingFact, NoteFact, OwnMail
from assistant.core.evidence.hard_checks import check
from assistant.core.people.roles import BUILT_IN, Role
from assistant.writer.offline import draft_de, draft_en
from assistant.writer.offline.draft import family, situation
from assistant.writer.offline.wording import advice, aim, first_name, news
from assistant.writer.offline.writer import OfflineWriter, offline_words
from tests.dossiers import TODAY, dossier, person, poorest, richest
from tests.samples import samples, text

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier

SITUATIONS: dict[str, dict[str, Any]] = {
    "due": {},
    "long": {"last": LastFact(date(2024, 1, 5), "Data quality")},
    "never": {"last": None, "overdue_days": 0},
    "candidate": {"situation": "candidate"},
    "gap": {"situation": "gap"},
    "hoped": {"hoped": True},
    "goal": {"goal": "ship the shared test bench"},
    "goal-met": {"goal": "ship the shared test bench", "situation": "goal-met"},
    "advice": {"notes": [NoteFact(date(2026, 2, 10), "advice", "write a weekly summary")]},
    "win": {"wins": [NoteFact(date(2026, 3, 1), "win", "shipped the billing migration")]},
    "met": {
        "last": LastFact(date(2026, 2, 10), None, "met"),
        "notes": [NoteFact(date(2026, 2, 10), "met", "talked promo", "met")],
    },
}


def made(role: str, told: str, language: str, **more: Any) -> Dossier:
    fields = dict(SITUATIONS[told]) | more
    person_fields = {key: fields.pop(key) for key in ("hoped", "goal") if key in fields}
    return dossier(role, person=person(role, **person_fields), language=language, **fields)


ALL = list(itertools.product(BUILT_IN, SITUATIONS, ("en", "de")))


@pytest.mark.parametrize(("role", "told", "language"), ALL)
def test_every_draft_can_be_sent_as_it_is(role: str, told: str, language: str) -> None:
    for week in range(0, 28, 3):
        today = TODAY + timedelta(weeks=week)
        words = offline_words(made(role, told, language, today=today, week=week_name(today)))
        assert words.dropped == ()
        assert 60 <= len(words.body.split()) <= 120
        assert not set(words.body) & set("{}[]<>|")
        assert next(s.kind for s in words.sentences) == "greeting"
        assert [s.kind for s in words.sentences][-1] == "close"
        assert sum(s.kind == "ask" for s in words.sentences) == 1
        assert words.subject
        assert 3 <= len(words.brief) <= 9
        assert words.body.rstrip().endswith("Priya")


def test_every_sentence_of_every_table_is_grounded() -> None:
    """Variants are many and weeks few: each is checked, not only those a sample hits."""
    for language, phrases in (("en", draft_en), ("de", draft_de)):
        for role, told in itertools.product(BUILT_IN, SITUATIONS):
            options = phrases.OPENINGS[role].get(told, phrases.OPENINGS[role]["never"])
            for week in range(len(options)):
                today = TODAY + timedelta(weeks=week)
                words = offline_words(made(role, told, language, today=today, week=week_name(today)))
                assert words.dropped == ()


@pytest.mark.parametrize(("role", "told", "language"), ALL)
def test_no_two_weeks_running_open_alike(role: str, told: str, language: str) -> None:
    openings = []
    for week in range(10):
        words = offline_words(made(role, told, language, week=week_name(TODAY + timedelta(weeks=week))))
        openings.append(words.sentences[1].text)
    assert all(one != other for one, other in itertools.pairwise(openings))
    assert len(set(openings)) >= 4


@pytest.mark.parametrize("gap", range(1, 60))
def test_what_was_said_last_time_is_not_said_again(gap: int) -> None:
    before = offline_words(dossier())
    later = TODAY + timedelta(weeks=gap)
    previous = [sentence.text for sentence in (*before.sentences, *before.brief)]
    after = offline_words(dossier(week=week_name(later), previous=previous))
    assert after.sentences[1].text != before.sentences[1].text
    questions = {line.text for line in before.brief if line.kind == "ask"}
    assert not questions & {line.text for line in after.brief if line.kind == "ask"}


def test_the_same_person_and_week_give_the_same_words() -> None:
    assert offline_words(richest()) == offline_words(richest())
    assert OfflineWriter().words([richest(), dossier(person=person(handle="b"))]).keys() == {"jane-roe", "b"}
    assert OfflineWriter().words([]) == {}
    assert OfflineWriter().remarks() == ()


def test_people_in_the_same_week_open_differently() -> None:
    openings = {offline_words(dossier(person=person(handle=f"p-{n}"))).sentences[1].text for n in range(20)}
    assert len(openings) >= 5


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("role", list(BUILT_IN))
def test_four_variants_at_least(language: str, role: str) -> None:
    phrases = draft_en if language == "en" else draft_de
    for told, options in phrases.OPENINGS[role].items():
        assert len(set(options)) >= 4, told
    for key in (role, f"{role}-candidate"):
        assert len(set(phrases.ASKS[key])) >= 4
    assert len(set(phrases.NO[role])) >= 4


def test_the_greeting_and_the_sign_off_are_the_owners() -> None:
    mails = [OwnMail(date(2026, 2, 1), "s", "Hey Janie,\n\nthis is what I think about it.\n\nCheerio,\nPriya")]
    assert offline_words(dossier(mails=mails)).body.startswith("Hi Jane,\n\n")
    mails = [OwnMail(date(2026, 2, 1), "s", "Hey Jane!\n\nthis is what I think about it.\n\nCheers,\nPri")]
    assert offline_words(dossier(mails=mails)).body.startswith("Hey Jane,\n\n")


def test_formal_german_is_kept() -> None:
    mails = [
        OwnMail(
            date(2026, 2, 1),
            "s",
            "Sehr geehrter Herr Meier,\n\nich danke Ihnen für Ihre Zeit und das Gespräch.\n\nMit freundlichen "
            "Grüßen\nPriya Patel",
        )
    ]
    for week in range(8):
        words = offline_words(
            dossier(
                "advisor",
                person=person("advisor", "Dr. Ulrich Meier"),
                mails=mails,
                week=week_name(TODAY + timedelta(weeks=week)),
            )
        )
        assert words.body.startswith("Sehr geehrter Herr Meier,\n\n")
        assert not {"du", "dir", "dich", "dein", "deine"} & {word.strip(",.?").lower() for word in words.body.split()}
        assert words.body.endswith("Mit freundlichen Grüßen\nPriya Patel\n")
        assert words.dropped == ()


NAMES = [
    ("Jane Roe", "Jane"),
    ("jane roe", "Jane"),
    ("JANE ROE", "Jane"),
    ("Dr. Jane Roe", "Jane"),
    ("Dr. Roe", "Dr. Roe"),
    ("Roe, Jane", "Jane"),
    ("Jane Roe (Acme)", "Jane"),
    ("Jane Roe, PhD", "Jane"),
    ("Madonna", "Madonna"),
    ("J. Roe", "J. Roe"),
    ("Jean-Luc Dupont", "Jean-Luc"),
    ("田中太郎", "田中太郎"),
    ("王 小明", "王 小明"),
    ("김민수", "김민수"),
    ("Иван Петров", "Иван"),
    ("Ñandú Pérez", "Ñandú"),
    ("van der Berg", "van der Berg"),
]


@pytest.mark.parametrize(("name", "first"), NAMES)
def test_first_names(name: str, first: str) -> None:
    assert first_name(name) == first
    words = offline_words(dossier(person=person(name=name)))
    assert words.dropped == ()
    assert first in words.body.split("\n")[0]


@pytest.mark.parametrize(
    "subject", ["Lunch?", "", "Re: ", "[OPS-1]", "Hi", "Réunion", "Fwd: FW: 12345", "请看", "??", "x" * 300]
)
def test_a_useless_subject_is_left_out(subject: str) -> None:
    for week in range(7):
        words = offline_words(
            dossier(last=LastFact(date(2026, 2, 10), subject), week=week_name(TODAY + timedelta(weeks=week)))
        )
        assert "about" not in words.sentences[1].text.split(" and I")[0]
        assert "zum Thema" not in words.body
        assert words.dropped == ()


def test_a_subject_is_said_as_a_person_would() -> None:
    words = offline_words(dossier())
    assert "about the platform migration" in words.body
    assert "OPS-12" not in words.body


@pytest.mark.parametrize(
    ("said", "clause"),
    [
        ("shipped the billing migration", "I shipped the billing migration"),
        ("promoted to staff", "I was promoted to staff"),
        ("talk accepted at the spring conference", "talk accepted at the spring conference"),
        ("We won the hackathon", "we won the hackathon"),
        ("Migration der Abrechnung für alle fertig", None),
        ("one. Two things. Three", None),
    ],
)
def test_wins_become_clauses(said: str, clause: str | None) -> None:
    item = next(e for e in dossier(wins=[NoteFact(date(2026, 3, 1), "win", said)]).evidence if e.kind == "win")
    assert news(item, "en") == clause


@pytest.mark.parametrize(
    ("said", "clause"),
    [
        ("go for staff first", "to go for staff first"),
        ("don't chase titles", "not to chase titles"),
        ("She said to ask for the scope", "to ask for the scope"),
        ("titles come later", "(“titles come later”)"),
        ("talk to her boss", None),
        ("erst mit dem Team reden", None),
    ],
)
def test_advice_becomes_a_clause(said: str, clause: str | None) -> None:
    item = next(e for e in dossier(notes=[NoteFact(date(2026, 2, 10), "advice", said)]).evidence if e.kind == "advice")
    assert advice(item, "en") == clause


def test_aims() -> None:
    assert aim("become a staff engineer", "en") == "to become a staff engineer"
    assert aim("Staff engineer by 2027", "en") == "Staff engineer by 2027"
    assert aim("eine größere Rolle übernehmen", "en") is None


def test_a_role_of_the_owners_own_is_like_one_of_the_four() -> None:
    own = [
        (Role("sponsor", "", "", 365, inside=True), "advocate"),
        (Role("coach", "", "", 180), "advisor"),
        (Role("buddy", "", "", 14), "mentor"),
        (Role("partner", "", "", None, goal_days=7), "ally"),
    ]
    for role, like in own:
        found = dossier(role.name, role=role)
        assert family(found) == like
        assert offline_words(found).dropped == ()
    assert family(dossier("muse", role=None)) == "mentor"


def test_situations() -> None:
    assert situation(dossier()) == "due"
    assert situation(poorest()) == "never"
    assert situation(dossier(last=LastFact(date(2025, 1, 1), "x"))) == "long"
    assert situation(dossier("advocate", person=person("advocate", hoped=True))) == "hoped"
    assert situation(dossier("mentor", person=person(hoped=True))) == "candidate"
    assert situation(dossier(situation="gap")) == "candidate"
    assert situation(dossier("mentor", situation="goal-met")) == "due"


def test_a_coming_meeting_is_the_next_step() -> None:
    words = offline_words(dossier(meetings=[MeetingFact(date(2026, 3, 19), "Coffee with Jane")]))
    line = next(line for line in words.brief if line.kind == "next_step")
    assert "19 March 2026" in line.text
    assert "Coffee with Jane" in line.text


def test_the_brief_rests_on_evidence() -> None:
    found = richest("advisor")
    words = offline_words(found)
    assert any("write a short weekly summary" in line.text for line in words.brief if line.kind == "advice")
    assert any("shipped the billing migration" in line.text for line in words.brief if line.kind == "tell")
    assert any("become a staff engineer" in line.text for line in words.brief)
    assert words.brief[0].evidence
    assert all(check(line, found, brief=True) is None for line in words.brief)


def test_a_brief_for_a_german_owner_is_german() -> None:
    words = offline_words(dossier(language="de"))
    assert words.brief[0].text.startswith("Am 10. Februar 2026, vor 5 Wochen")


def test_a_note_with_a_phone_number_is_not_printed() -> None:
    words = offline_words(dossier(notes=[NoteFact(date(2026, 3, 1), "note", "new number +49 170 1234567")]))
    assert "1234567" not in str([words.sentences, words.brief])
    assert [why for _, why in words.dropped] == ["phone"]


def test_forty_samples_can_be_printed() -> None:
    found = list(samples())
    assert len(found) == 40
    assert {label.split(", ")[-1] for label, _, _ in found} == {"en", "de"}
    assert all(words.dropped == () for _, _, words in found)
    assert "DROPPED" not in text(briefs=True)


@pytest.mark.parametrize(
    ("verb", "english", "german"),
    [
        ("called", "spoke", "telefoniert"),
        ("talked to", "talked", "gesprochen"),
        ("met", "met", "getroffen"),
        ("emailed", "wrote", "geschrieben"),
        ("done", "were in touch", "Kontakt gehabt"),
    ],
)
def test_how_the_owner_said_it_went(verb: str, english: str, german: str) -> None:
    told = {"last": LastFact(date(2026, 2, 10), None, "met"), "notes": [NoteFact(date(2026, 2, 10), "met", "", verb)]}
    for week in range(7):
        name = week_name(TODAY + timedelta(weeks=week))
        words = offline_words(dossier(**told, week=name))
        assert words.dropped == ()
        assert english in words.body or "exchange" in words.body
        words = offline_words(dossier(**told, week=name, language="de"))
        assert words.dropped == ()
        assert german in words.body or "Austausch" in words.body
