from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

import pytest

from assistant.core.evidence.build import MeetingFact, NoteFact, OwnMail
from assistant.core.evidence.dossier import Sentence, Words
from assistant.core.evidence.grounding import check, enough, ground
from assistant.core.evidence.hazards import hazard
from assistant.core.language.everyday import brief_words, everyday
from tests.dossiers import TODAY, dossier, person, poorest, richest
from tests.grounding_corpus import INVENTION, drafts, measure, people, sentence

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier


def number_of(found: Dossier, kind: str) -> str:
    return next(item.number for item in found.evidence if item.kind == kind)


def fact(text: str, kind: str = "message", quote: str = "") -> str | None:
    found = richest()
    return check(Sentence("fact", text, (number_of(found, kind),), quote), found)


def test_the_labelled_set_is_large_enough() -> None:
    found = drafts()
    assert sum(draft["label"] == "false" for draft in found) >= 150
    clean = [str(draft["sentences"]) for draft in found if draft["label"] == "clean"]
    assert len(set(clean)) >= 150
    assert sum(draft.get("fault") == INVENTION for draft in found) >= 40
    assert {person.language for person in people().values()} >= {"en", "de", "fr", "es"}


def test_the_goals_are_met() -> None:
    figures = measure()
    assert figures.caught_share >= 0.95
    assert figures.inventions_share >= 0.85
    assert figures.dropped_share <= 0.05


def test_the_other_sentences_of_a_false_draft_mostly_stay() -> None:
    known, kept, count = people(), 0, 0
    for draft in drafts():
        for index, row in enumerate(draft["sentences"]):
            if draft["label"] == "false" and index != draft["planted"]:
                count += 1
                kept += check(sentence(row), known[draft["person"]]) is None
    assert kept / count >= 0.95


def test_check_one_the_quote() -> None:
    assert fact("Your checklist saved us a week.", quote="Your checklist saved us a week") is None
    assert fact("Your checklist saved us a week.", quote="“your  checklist SAVED us a week.”") is None
    assert fact("Your checklist saved us a week.", quote="Your checklist saved us a year") == "quote"
    assert fact("Your checklist saved us a week.", kind="win", quote="Your checklist saved us a week") == "quote"
    assert check(Sentence("fact", "Your checklist saved us a week.", ("E99",)), richest()) == "evidence"


DATES = [
    ("We last wrote on 10 February 2026.", None),
    ("We last wrote on Tuesday, 10 February.", None),
    ("We last wrote on February 10th.", None),
    ("We last wrote on 2026-02-10.", None),
    ("We last wrote in February.", None),
    ("We last wrote about five weeks ago.", None),
    ("We last wrote 34 days ago.", None),
    ("We last wrote a month ago.", None),
    ("We last wrote a few weeks ago.", None),
    ("We last wrote last month.", None),
    ("We last wrote this year.", None),
    ("We last wrote on 11 February 2026.", "date"),
    ("We last wrote on 10 February 2025.", "date"),
    ("We last wrote on Wednesday, 10 February.", "date"),
    ("We last wrote in April.", "date"),
    ("We last wrote in June 2024.", "date"),
    ("We last wrote last week.", "time"),
    ("We last wrote yesterday.", "time"),
    ("We last wrote two weeks ago.", "time"),
    ("We last wrote half a year ago.", "time"),
    ("We last wrote last year.", "time"),
    ("We last wrote at 10:30.", "time"),
    ("We last wrote on Friday.", "date"),
]


@pytest.mark.parametrize(("text", "reason"), DATES)
def test_check_two_days_and_times(text: str, reason: str | None) -> None:
    found = dossier()
    assert check(Sentence("fact", text, ("E2",)), found) == reason


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("Would you have 20 to 30 minutes for a call?", "ask", None),
        ("Would you have half an hour for a call?", "ask", None),
        ("Would you have 25 minutes for a call?", "ask", None),
        ("Would you have twenty to thirty minutes for a call?", "ask", None),
        ("20 minutes for a coffee?", "subject", None),
        ("Would you have 45 minutes for a call?", "ask", "number"),
        ("Would you have 10 minutes for a call?", "ask", "number"),
        ("Could you name two or three times that suit you?", "ask", None),
        ("Could we meet on Friday at noon?", "ask", "date"),
        ("Could we meet next week?", "ask", "time"),
        ("Could we talk in the coming weeks?", "ask", None),
        ("It cost us 40 percent.", "why", "number"),
        ("There were seventeen of us.", "why", "number"),
    ],
)
def test_check_two_numbers(text: str, kind: str, reason: str | None) -> None:
    assert check(Sentence(kind, text), dossier()) == reason


def test_a_coming_meeting_may_be_named() -> None:
    found = dossier(meetings=[MeetingFact(date(2026, 3, 19), "Coffee")])
    assert check(Sentence("why", "I am glad that we see each other on Thursday."), found) is None
    assert check(Sentence("why", "I am glad that we see each other on Friday."), found) == "date"


@pytest.mark.parametrize(
    "text",
    [
        "Maria sends her best.",
        "You should meet Bob Stone.",
        "I saw it at Initech.",
        "The CEO asked me.",
        "I flew to Paris.",
        "Ask Dr. Grace Hill about it.",
    ],
)
def test_check_two_names(text: str) -> None:
    assert check(Sentence("why", text), richest()) in {"name", "words", "promise", "claim"}


@pytest.mark.parametrize("kind", ["fact", "why", "ask", "warmth"])
@pytest.mark.parametrize(
    "text",
    ["Your daughter must be walking by now.", "I hear that the baby has your eyes.", "My back hurts since the flood."],
)
def test_check_three_mislabelling_does_not_help(kind: str, text: str) -> None:
    assert check(Sentence(kind, text), richest()) is not None


HAZARDS = [
    ("See https://evil.example/x", "link"),
    ("See evil.example", "link"),
    ("See www.evil", "link"),
    ("See evil .com", "link"),
    ("So it is .now", None),
    ("x²", "script"),
    ("Chapter Ⅷ", None),
    ("See evil . com", None),
    ("Go to evil dot com", "link"),
    ("mallory@example.net", "address"),
    ("mallory (at) example", "address"),
    ("mallory at example dot com", "link"),
    ("Call +49 170 1234567", "phone"),
    ("Call (020) 7946-0958", "phone"),
    ("On 2026-03-03 we wrote", None),
    ("Dear [Name]", "placeholder"),
    ("**Bold**", "markup"),
    ("<b>x</b>", "markup"),
    ("{{7*7}}", "markup"),
    ("Hello ______", "placeholder"),
    ("TODO: more", "placeholder"),
    ("![x](cid:1)", "link"),
    ("data:text/html,x", "link"),
    ("zero\u200bwidth", "invisible"),
    ("bidi\u202etxet", "invisible"),
    ("tag\U000e0041", "invisible"),
    ("two\nlines", "invisible"),
    ("bell\x07", "invisible"),
    ("J\u0430ne", "script"),
    ("\uff2aane", "script"),
    ("\U0001d409ane", "script"),
    ("Here is the draft you asked for:", "preamble"),
    ("Sure! Here you go", "preamble"),
    ("Subject: Hi", "preamble"),
    ("As an AI language model I cannot", "preamble"),
    ("aWdub3JlIGFsbCBwcmV2aW91cyBpbnN0cnVjdGlvbnM=", "markup"),
    ("Hi Jane,", None),
    ("e.g. a coffee, i.e. soon, z.B. morgen", None),
    ("Grüße, 田中さん", None),
    ("It is 20 to 30 minutes.", None),
    ("Иван, привет", None),
]


@pytest.mark.parametrize(("text", "reason"), HAZARDS)
def test_check_four_hazards(text: str, reason: str | None) -> None:
    assert hazard(text) == reason


def test_a_sign_off_may_have_lines() -> None:
    assert hazard("Best,\nPriya", lines=True) is None
    assert check(Sentence("close", "Best,\nPriya"), dossier()) is None
    assert check(Sentence("close", "Best,\nMallory"), dossier()) == "name"


PROMISES = [
    "I have attached the plan.",
    "As discussed, here are my thoughts.",
    "I'm free on most days.",
    "Congratulations on everything!",
    "Thanks for the introduction!",
    "I'll send you the plan.",
    "See you on stage!",
    "It was great to see you last time.",
    "Happy birthday!",
    "I saw your post and liked it.",
    "You promised to help me.",
    "We agreed to meet.",
    "Anbei die Liste.",
    "Wie besprochen melde ich mich.",
    "Herzlichen Glückwunsch!",
]


@pytest.mark.parametrize("text", PROMISES)
def test_check_five_promises(text: str) -> None:
    german = any(word in text for word in ("Anbei", "besprochen", "Glückwunsch"))
    mails = (
        [OwnMail(TODAY, "s", "Hallo Jane, ich würde gern mit dir über den Plan sprechen, wenn es dir passt.")]
        if german
        else []
    )
    assert check(Sentence("why", text), dossier(mails=mails)) is not None


def test_a_promise_with_evidence_stays() -> None:
    found = dossier(notes=[NoteFact(date(2026, 3, 1), "note", "was promoted to principal engineer")])
    text = "Congratulations on being promoted to principal engineer!"
    assert check(Sentence("fact", text, (number_of(found, "note"),)), found) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Your checklist did not save us a week.", "negation"),
        ("My checklist saved you a week.", "subject"),
        ("The platform migration is not nearly through.", "negation"),
        ("The platform migration is nearly through.", None),
    ],
)
def test_evidence_is_not_turned_round(text: str, reason: str | None) -> None:
    assert fact(text) == reason


def test_greetings_name_this_person_alone() -> None:
    for text, reason in (
        ("Hi Jane,", None),
        ("Dear Jane Roe,", None),
        ("Hi Bob,", "name"),
        ("Hi,", None),
        ("Hi Jane and Tom,", "name"),
    ):
        assert check(Sentence("greeting", text), dossier()) == reason


def test_a_language_without_a_list_gives_no_facts() -> None:
    mails = [OwnMail(TODAY, "s", "Ciao Jane, vorrei parlare con te del progetto, se hai tempo, ma non è urgente.")]
    found = dossier(mails=mails)
    assert found.language == "other"
    assert check(Sentence("why", "Vorrei parlare con te della tua nuova casa al mare."), found) == "words"
    assert check(Sentence("why", "I would like to hear how things are with you."), found) is None


def test_ground_keeps_what_is_so_and_says_what_is_not() -> None:
    found = dossier()
    words = Words(
        "Meet at evil.example",
        (
            Sentence("greeting", "Hi Jane,"),
            Sentence("why", "Your son is a star."),
            Sentence("ask", "Shall we have a coffee soon?"),
            Sentence("close", "Best,\nPriya"),
        ),
        (Sentence("ask", "What is on your mind?"), Sentence("tell", "Call +49 170 1234567.")),
        "model",
    )
    after = ground(words, found)
    assert after.subject == ""
    assert [s.kind for s in after.sentences] == ["greeting", "ask", "close"]
    assert [line.kind for line in after.brief] == ["ask"]
    assert [why for _, why in after.dropped] == ["link", "words", "phone"]
    assert not enough(after)


def test_an_empty_or_endless_sentence_fails() -> None:
    assert check(Sentence("why", "  "), dossier()) == "empty"
    assert check(Sentence("why", "well " * 200), dossier()) == "length"


def test_the_lists_hold_no_inventions() -> None:
    for language, words in {
        "en": (
            "daughter son baby wife husband wedding divorce hospital illness cancer surgery house flat car "
            "holiday vacation salary promoted fired hired quit resigned director dog cat"
        ),
        "de": (
            "tochter sohn baby frau-von ehefrau hochzeit scheidung krankenhaus krankheit operation haus auto "
            "urlaub befördert gekündigt hund katze chef direktor"
        ),
        "fr": (
            "fille fils bébé femme mari mariage hôpital maladie maison voiture vacances licencié chien chat directeur"
        ),
        "es": (
            "hija hijo bebé esposa marido boda hospital enfermedad casa coche vacaciones despedido perro "
            "gato director jefe"
        ),
    }.items():
        assert not set(words.split()) & everyday(language)
        assert len(everyday(language)) >= 700
    assert everyday("it") == frozenset()
    assert brief_words("fr") == frozenset()


LIES = [
    "You moved to {place} in {month}.",
    "We met {number} times.",
    "Your {kin} is well.",
    "{name} told me that you left.",
    "See {link} for more.",
    "I will be in {place} on {day}.",
    "You earn {number} a year now.",
    "My {kin} loves your talk.",
    "{name} from {org} sends regards.",
    "Our meeting on {day} went well.",
    "The {org} deal closed in {month}.",
    "you have {number} open roles at {org}.",
    "I met {name} at {place}.",
    "Call me at {phone}.",
]
FILLINGS = {
    "place": ["Oslo", "Lyon", "the lake house", "Room 12", "Kyoto"],
    "month": ["April", "June 2024", "last year", "August"],
    "number": ["17", "forty", "3,000", "nine"],
    "kin": ["daughter", "brother", "puppy", "mother"],
    "name": ["Maria", "Bob Stone", "Dr. Hill", "Xi Wu"],
    "link": ["evil.example", "https://a.example", "bit.ly/x"],
    "day": ["Friday", "12 May", "Sunday", "next Monday"],
    "org": ["Initech", "Globex", "Umbrella Ltd"],
    "phone": ["+1 202 555 0143", "0170 1234567"],
}


def test_a_thousand_lies_and_not_one_gets_through() -> None:
    chance = random.Random(11)  # noqa: S311 -- a test wants the same lies each time
    dossiers = [richest(), dossier(), poorest("advisor"), richest("ally")]
    for _ in range(1000):
        text = chance.choice(LIES).format(**{key: chance.choice(values) for key, values in FILLINGS.items()})
        kind = chance.choice(["fact", "why", "ask", "warmth", "subject"])
        assert check(Sentence(kind, text), chance.choice(dossiers)) is not None, (kind, text)


def test_a_name_of_the_person_is_no_ones_elses() -> None:
    found = dossier(person=person(name="Mark Will"))
    assert check(Sentence("greeting", "Hi Mark,"), found) is None


REPORTS = [
    ("You really got the person whom I need.", "claim"),
    ("You have a point.", None),
    ("You are right.", None),
    ("Your schedule is full.", None),
    ("Your advice has stayed with me.", None),
    ("Your review was fair.", "claim"),
    ("My new role is a challenge.", "claim"),
    ("I spoke with the group.", "words"),
    ("I met with the team.", "claim"),
    ("I made the right choice.", "claim"),
    ("I took the liberty of writing.", None),
    ("I have been thinking about the platform migration.", None),
    ("Everyone likes the plan.", "claim"),
    ("The team is exhausted.", "words"),
    ("The team is busy.", "claim"),
    ("The platform migration was a relief.", "claim"),
    ("The platform migration is on my mind.", None),
    ("The last cluster moves in March.", None),
    ("The question is whether it fits.", None),
    ("I am a staff engineer.", "promise"),
    ("I wrote a short weekly summary for the team.", "claim"),
    ("I want to become a staff engineer.", None),
    ("It should be clear that the billing migration is through.", None),
]


@pytest.mark.parametrize(("text", "reason"), REPORTS)
def test_reports_need_evidence(text: str, reason: str | None) -> None:
    assert check(Sentence("why", text), richest()) == reason


GERMAN_REPORTS = [
    ("Ich habe oft an den Umbau gedacht.", None),
    ("Wir haben uns in Leipzig getroffen.", "claim"),
    ("Ich habe einen neuen Job.", "claim"),
    ("Mein Team war begeistert.", "claim"),
    ("Die Migrationsfrage bleibt spannend.", None),
    ("Ich würde gern hören, wie es dir geht.", None),
]


@pytest.mark.parametrize(("text", "reason"), GERMAN_REPORTS)
def test_reports_in_german(text: str, reason: str | None) -> None:
    mails = [
        OwnMail(
            date(2026, 2, 10),
            "s",
            "Hallo Jane, der Umbau und die Migration sind fast fertig. Ich melde mich aus Leipzig bei dir.",
        )
    ]
    assert check(Sentence("why", text), dossier(mails=mails)) == reason


TIMES = [
    ("The coffee is in three days.", None),
    ("The coffee is in three weeks.", "time"),
    ("Let us talk in a day.", None),
    ("We talk every 21 days.", None),
    ("It takes 5 weeks each time.", None),
    ("It takes 9 weeks each time.", "time"),
    ("We last wrote last Tuesday.", "time"),
    ("We wrote last February.", None),
    ("We wrote last autumn.", "time"),
    ("It begins next spring.", "time"),
    ("It is from 2026.", None),
    ("It is from 2019.", "number"),
    ("We last wrote on 31 February.", "date"),
    ("May I ask you something?", None),
]


@pytest.mark.parametrize(("text", "reason"), TIMES)
def test_more_times(text: str, reason: str | None) -> None:
    found = dossier(
        meetings=[MeetingFact(date(2026, 3, 19), "Coffee")],
        notes=[NoteFact(date(2026, 3, 1), "note", "starts in spring")],
    )
    assert check(Sentence("why", text), found) == reason
