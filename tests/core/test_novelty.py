from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

import pytest

from assistant.core.evidence.dossier import Dossier, Evidence, Sentence
from assistant.core.evidence.novelty import loud
from assistant.core.people.roster import Person

if TYPE_CHECKING:
    from assistant.core.language.data_files import Language

LETTERS = {
    "en": "You said that I should never hire in a hurry. I drew the plan. Would a sand filter do? We didn't take it.",
    "de": "Du hast gesagt, dass ich es nicht eilig haben soll. Ich habe den Plan gezeichnet. Genügt ein Sandfilter?",
    "fr": "Tu m'as dit de ne pas me presser. J'ai dessiné le plan. Un filtre à sable suffirait ?",
    "es": "Usted me dijo que no tuviera prisa. Yo dibujé el plano. ¿Usted lo tomaría? Es de la casa.",
}


def made(language: str, *, formal: bool = False, owner_language: Language | None = None) -> Dossier:
    return Dossier(
        person=Person("jane-roe", "Jane Roe", "mentor"),
        today=date(2026, 3, 16),
        week="2026-W12",
        owner_name="Priya Patel",
        language=language,
        evidence=(
            Evidence("E1", "message", LETTERS[language], date(2026, 2, 10)),
            Evidence("E2", "note", "Jane moved to Leeds", date(2026, 2, 1)),
            Evidence("E3", "win", "won the bridge prize", date(2026, 3, 1)),
            Evidence("E4", "win", "", date(2026, 3, 1)),
            Evidence("E5", "message", "Sara hired almost all of us. We sold a third of the six boats.", None),
            Evidence("E6", "message", "I drew the plan for you, and not the bridge.", None),
            Evidence("E7", "computed", "34 days since the last letter", None),
        ),
        formal=formal,
        owner_language=owner_language or cast("Language", language),
    )


QUESTION, OWN, THEIRS, DENIED = "Would a sand filter do?", "I drew the plan.", "You said that I", "We didn't take it."
CASES = [
    ("courtesy is silent", "courtesy", "I hope you are well.", "", "E1", False),
    ("a greeting is silent", "greeting", "Hi Jane,", "", "E1", False),
    ("the evidence in other forms", "fact", "I hired nobody in a hurry.", "never hire in a hurry", "E1", False),
    ("nothing telling", "fact", "It is so.", "", "E1", False),
    ("most of it new", "fact", "Your daughter adores marmalade.", "", "E1", True),
    ("new though it cites nothing", "why", "Penguins marched through Lisbon.", "", "", True),
    ("a negation of its own", "fact", "I did not draw the plan.", OWN, "E1", True),
    ("a negation that stands", "fact", "We never did take it.", DENIED, "E1", False),
    ("a negation lost", "fact", "We did take it.", DENIED, "E1", True),
    ("a negation of no quote", "fact", "I should never hire in a hurry.", "", "E1", False),
    ("units of time are not new", "fact", "The months slipped by since my letter.", "34 days", "E7", False),
    ("asked by the owner", "fact", "I asked you whether a sand filter would do.", QUESTION, "E1", False),
    ("asked by the reader", "fact", "You asked me whether a sand filter would do.", QUESTION, "E1", True),
    ("asked again", "fact", "Would a sand filter do, do you think?", QUESTION, "E1", False),
    ("answered", "fact", "Good that the sand filter will do.", QUESTION, "E1", True),
    ("done by the owner", "fact", "I drew the plan you wanted.", OWN, "E1", False),
    ("done by the reader", "fact", "You drew the plan.", OWN, "E1", True),
    ("said by the reader", "fact", "You said that I should hire.", THEIRS, "E1", False),
    ("a note is the reader's", "fact", "I moved to Leeds.", "moved to Leeds", "E2", True),
    ("a note for the reader", "fact", "You moved to Leeds.", "moved to Leeds", "E2", False),
    ("a win is the owner's", "fact", "You won the bridge prize.", "won the bridge prize", "E3", True),
    ("a win told", "fact", "I won the bridge prize.", "won the bridge prize", "E3", False),
    ("half a question, asked by the reader", "fact", "You asked me about the sand filter.", "Would a sand", "E1", True),
    ("all of it", "fact", "I drew all of the plan.", OWN, "E1", True),
    ("less than is quoted", "fact", "Sara hired us, yet in a hurry.", "almost all of us", "E5", True),
    ("another share than is quoted", "fact", "We sold half of the six boats.", "sold a third of the six", "E5", True),
    ("a share lost", "fact", "We sold the boats.", "sold a third of the six boats", "E5", True),
    ("a share counted", "fact", "Two of the six boats are sold.", "sold a third of the six boats", "E5", False),
    ("a word replaced in a copy", "fact", "I drew the cathedral for you.", "I drew the plan for you", "E6", True),
    ("a word added to a copy", "fact", "I drew the splendid plan for you.", "I drew the plan for you", "E6", False),
    ("answered with a subject", "fact", "I was glad of your word on sand filters.", QUESTION, "E1", True),
    ("a name from another line", "fact", "Sara sold a third of them.", "sold a third of the six boats", "E5", True),
    ("another share of it", "fact", "I drew half the plan.", OWN, "E1", True),
    ("no denial but of a number", "fact", "I drew the plan in not two.", OWN, "E1", False),
    ("a wish for what is known", "warmth", "I hope the sand filter works.", "", "", False),
    ("a wish that takes something for known", "warmth", "I hope your daughter slept.", "", "", True),
    ("a request that takes nothing for known", "ask", "Would a pot of tea be too soon?", "", "", False),
    ("a request for too much", "ask", "Could you buy vouchers, stamps and sherry?", "", "", True),
    ("a claim that is called a request", "ask", "The merger failed.", "", "", True),
    ("a brief turns words round", "remember", "Jane never stayed: she moved to Leeds.", "moved to Leeds", "E2", False),
    ("a brief tells it to the owner", "left_off", "You drew the plan.", OWN, "E1", False),
    ("a brief gives it away", "left_off", "She drew the plan for you.", OWN, "E1", True),
    ("a brief on a question", "left_off", "She asked you whether a sand filter would do.", QUESTION, "E1", True),
    ("a brief on a note", "remember", "She moved to Leeds.", "moved to Leeds", "E2", False),
]


@pytest.mark.parametrize(
    ("kind", "text", "quote", "number", "marked"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_is_marked(kind: str, text: str, quote: str, number: str, marked: bool) -> None:  # noqa: FBT001
    assert loud(Sentence(kind, text, (number,) if number else (), quote), made("en")) is marked


ASKED = [
    ("de", "Ich habe dich gefragt, ob ein Sandfilter genügt.", "Genügt ein Sandfilter?", False),
    ("de", "Du hast mich gefragt, ob ein Sandfilter genügt.", "Genügt ein Sandfilter?", True),
    ("fr", "Je t'ai demandé si un filtre à sable suffirait.", "Un filtre à sable suffirait ?", False),
    ("fr", "Tu m'as demandé si un filtre à sable suffirait.", "Un filtre à sable suffirait ?", True),
    ("es", "En febrero le pregunté si usted lo tomaría.", "¿Usted lo tomaría?", False),
    ("es", "Usted me preguntó si yo lo tomaría.", "¿Usted lo tomaría?", True),
    ("es", "Me preguntaste si lo tomaría.", "¿Usted lo tomaría?", True),
    ("es", "Te pregunté si lo tomarías, que yo me lo tomaría.", "¿Usted lo tomaría?", False),
    ("fr", "Merci de ta réponse sur le filtre à sable.", "Un filtre à sable suffirait ?", True),
]


@pytest.mark.parametrize(("language", "text", "quote", "marked"), ASKED)
def test_who_asked_in_four_languages(language: str, text: str, quote: str, marked: bool) -> None:  # noqa: FBT001
    assert loud(Sentence("fact", text, ("E1",), quote), made(language, formal=language == "es")) is marked


def test_german_sie_is_the_reader_only_with_a_capital() -> None:
    text = "Sie haben den Plan gezeichnet."
    formal = made("de", formal=True)
    assert loud(Sentence("fact", text, ("E1",), "Ich habe den Plan gezeichnet."), formal)
    told = Sentence(
        "fact", "So habe ich den Plan gezeichnet, und sie mochten ihn.", ("E1",), "habe den Plan gezeichnet"
    )
    assert not loud(told, formal)


def test_in_another_language_than_the_evidence_all_but_courtesy_is_marked() -> None:
    found = made("en", owner_language="de")
    assert loud(Sentence("left_off", "Du hast den Plan gezeichnet.", ("E1",), OWN), found)
    across = replace(made("de"), language="en")
    assert loud(Sentence("fact", "I drew the plan.", ("E1",), ""), across)
    assert not loud(Sentence("ask", "Would you have time for a call?"), across)


def test_evidence_too_short_to_tell_is_taken_for_the_letters_language() -> None:
    assert not loud(Sentence("fact", "You won the bridge, and Jane moved to Leeds.", ("E2", "E3")), made("en"))
    nothing = replace(made("en"), evidence=())
    assert loud(Sentence("fact", "Penguins marched."), nothing)
    assert loud(Sentence("fact", "Pinguini marciano."), replace(nothing, language="other"))
