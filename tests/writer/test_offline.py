"""The offline writer: what it picks up, how it words it, and that nothing is said twice."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from assistant.core.digest.week import week_name
from assistant.core.evidence.build import NoteFact
from assistant.core.evidence.dossier import Dossier, Evidence, OpenLoop
from assistant.core.language.days_in_words import day_in_words
from assistant.core.language.detect import detect
from assistant.core.language.first_name import first_name
from assistant.core.people.roles import BUILT_IN, Role
from assistant.writer.offline.choose import choose, cut, family, situation
from assistant.writer.offline.phrase import MOST_WORDS, quoted
from assistant.writer.offline.phrase_tables import LANGUAGES, address, phrases
from assistant.writer.offline.pick_up import LONGEST_QUOTE, settled
from assistant.writer.offline.situations import with_situations
from assistant.writer.offline.things import thing_of
from assistant.writer.offline.voice import SHORTEST, least_words
from assistant.writer.offline.voice import USUAL as LEAST_WORDS
from assistant.writer.offline.writer import OfflineWriter, offline_words, words_by_rules
from tests.dossiers import TODAY, WEEK, dossier, person
from tests.letter_corpus import letter_dossier, names
from tests.samples import samples, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.evidence.dossier import EvidenceKind, LoopKind, Words

QUOTES: dict[str, dict[LoopKind, str]] = {
    "en": {
        "question": "did the second reindex hold?",
        "promise": "I'll send you the outline once it's clean.",
        "advice": "You said to start with the smallest site.",
        "news": "So glad that the new lab is opening",
    },
    "de": {
        "question": "habt ihr den alten Hof nun verkauft?",
        "promise": "Die Liste schicke ich, sobald sie fertig ist.",
        "advice": "Der Rat, mit dem kleinsten Werk anzufangen",
        "news": "Wie schön, dass das neue Labor aufmacht!",
    },
    "fr": {
        "question": "est-ce que le toit de la grange a tenu ?",
        "promise": "La liste part dès qu'elle est propre.",
        "advice": "Le conseil de commencer par le plus petit site",
        "news": "Quelle joie que le nouveau labo ouvre !",
    },
    "es": {
        "question": "¿aguantó el tejado del granero?",
        "promise": "La lista sale en cuanto esté limpia.",
        "advice": "El consejo de empezar por la planta más pequeña",
        "news": "Qué alegría que abra el laboratorio nuevo",
    },
}
WINS = {
    "en": "shipped the billing migration",
    "de": "die Umstellung der Abrechnung ist fertig und läuft",
    "fr": "la migration de la facturation est en service",
    "es": "la migración de la facturación ya está en marcha",
}
ADVICE = {
    "en": "write a short weekly summary for the team",
    "de": "erst mit dem Team reden und dann planen",
    "fr": "parler avec les gens avant de faire le plan",
    "es": "hablar con la gente antes de hacer el plan",
}
ROLES = tuple(BUILT_IN)
SITUATIONS = (
    "question",
    "wondered",
    "promise",
    "advice",
    "news",
    "met",
    "called",
    "advice note",
    "date",
    "never",
    "candidate",
    "hoped",
    "gap",
    "goal",
    "goal met",
    "win",
)
FORMS = [(language, formal) for language in LANGUAGES for formal in (False, True) if language != "en" or not formal]


def made(told: str, role: str = "mentor", language: str = "en", *, handle: str = "jane-roe", **more: Any) -> Dossier:
    """Return a dossier of one situation; any field may be changed. The last letter was two months ago."""
    on = more.get("today", TODAY) - timedelta(days=60)
    rows: list[tuple[EvidenceKind, str]] = []
    if told != "never":
        rows.append(("contact", f"Last contact: {day_in_words(on)}, by mail; 60 days ago."))
    fields: dict[str, Any] = {}
    if told in QUOTES["en"]:
        quote = QUOTES[language][told]
        rows.append(("loop", quote))
        fields["loops"] = (OpenLoop(told, quote, on, f"E{len(rows)}"),)
    elif told == "wondered":
        quote = QUOTES[language]["advice"]
        rows.append(("loop", quote))
        fields["loops"] = (OpenLoop("question", quote, on, f"E{len(rows)}"),)
    elif told in {"met", "called"}:
        fields["last_kind"] = told
    elif told == "advice note":
        rows.append(("advice", ADVICE[language]))
    elif told in {"candidate", "gap"}:
        fields["situation"] = told
    elif told == "goal met":
        fields["situation"] = "goal-met"
    elif told == "win":
        rows.append(("win", WINS[language]))
        fields["wins"] = (WINS[language],)
    goal = "ship the shared test bench" if told in {"goal", "goal met"} else None
    return Dossier(
        person=person(role, handle=handle, goal=goal, hoped=told == "hoped"),
        **{
            "today": TODAY,
            "week": WEEK,
            "owner_name": "Priya Patel",
            "language": language,
            "owner_language": "de" if language == "de" else "en",
            "evidence": tuple(Evidence(f"E{n}", kind, said, on) for n, (kind, said) in enumerate(rows, 1)),
            "playbook": BUILT_IN.get(role),
            "last_contact_on": None if told == "never" else on,
            "last_letter_on": None if told == "never" else on,
            "days_since": None if told == "never" else 60,
            **fields,
            **more,
        },
    )


def with_loops(dossier: Dossier, *loops: tuple[LoopKind, str], days: int = 60) -> Dossier:
    """Return the dossier with these loops, each in the evidence, from a letter so many days ago."""
    found = [OpenLoop(kind, quote, TODAY - timedelta(days=days), f"L{n}") for n, (kind, quote) in enumerate(loops)]
    rows = [Evidence(loop.number, "loop", loop.quote, loop.on) for loop in found]
    return replace(dossier, loops=tuple(found), evidence=(*dossier.evidence, *rows))


def said(words: Words) -> list[str]:
    return [line.text for line in (*words.sentences, *words.brief)]


def single_sentences(words: Words) -> set[str]:
    """The sentences of a draft one by one, greeting and sign-off left out."""
    middle = [line.text for line in words.sentences if line.kind not in {"greeting", "close"}]
    return {part.strip() for line in middle for part in re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý¿¡“„«])", line)}


def is_sendable(words: Words, least: int = LEAST_WORDS, *, asks: bool = True) -> bool:
    kinds = [sentence.kind for sentence in words.sentences]
    return (
        words.dropped == ()
        and kinds[0] == "greeting"
        and kinds[-1] == "close"
        and kinds.count("ask") == asks
        and least <= len(words.body.split()) <= MOST_WORDS
        and not set(words.body) & set("{}[]<>|")
        and bool(words.subject)
    )


@pytest.mark.parametrize(("language", "formal"), FORMS)
@pytest.mark.parametrize("role", ROLES)
def test_every_situation_gives_a_draft_to_send(role: str, language: str, *, formal: bool) -> None:
    for told, week in itertools.product(SITUATIONS, range(0, 12, 3)):
        today = TODAY + timedelta(weeks=week)
        found = made(told, role, language, today=today, week=week_name(today), formal=formal)
        assert is_sendable(offline_words(found)), (told, offline_words(found).body)


def lists(table: dict[str, Any], path: str = "") -> Iterator[tuple[str, list[str]]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from lists(value, f"{path}{key}.")
        elif isinstance(value, list):
            yield f"{path}{key}", value


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_enough_phrases(language: str) -> None:
    english = {key: len(options) for key, options in lists(phrases("en"))}
    found = dict(lists(phrases(language)))
    assert found.keys() == english.keys() - ({"owed.doing_late"} if language != "en" else set())
    for key, options in found.items():
        assert len(set(options)) == len(options), key
        assert len(options) >= (6 if key in {"opening.date", "opening.none"} or key.startswith("request.a") else 3), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_shares_a_sentence_with_another(language: str) -> None:
    seen: dict[str, str] = {}
    for key, options in lists(with_situations(language)):
        if key.startswith(("close", "subject")):
            continue
        for option in options:
            for part in re.split(r"(?<=[.!?:])\s+", option):
                if "{" not in part and not part.endswith((":", "…")) and len(part.split()) > 2:
                    assert seen.setdefault(part, option) == option, part


@pytest.mark.parametrize(("language", "formal"), FORMS)
def test_every_phrase_is_in_its_language_and_form(language: str, *, formal: bool) -> None:
    familiar = {
        "de": r"\b(du|dir|dich|deine?[nmrs]?)\b",
        "fr": r"\b(tu|te|toi|ton|ta|tes)\b|\bt’",
        "es": r"\b(te|tus?|ti|tuya)\b",
    }
    polite = {"de": r"\b(Ihnen|Ihre?[nmrs]?)\b", "fr": r"\b(vous|votre|vos|vôtre)\b", "es": r"\b(usted|sus?|suya)\b"}
    for told, role in itertools.product(SITUATIONS, ROLES):
        for week in range(6):
            today = TODAY + timedelta(weeks=week)
            found = made(told, role, language, today=today, week=week_name(today), formal=formal)
            middle = " ".join(s.text for s in offline_words(found).sentences if s.kind not in {"greeting", "close"})
            middle = re.sub(r"[“„«].*?[”“»]", "", middle)
            assert detect(middle) == language, middle
            if language != "en":
                wrong, flags = (familiar, re.IGNORECASE) if formal else (polite, re.NOFLAG)
                assert not re.search(wrong[language], middle, flags), middle


def test_german_knows_no_sharp_s() -> None:
    """Swiss owners write ss; a phrase with ß would not be theirs, and one with ss not anybody else's."""
    assert not [
        option
        for key, options in lists(with_situations("de"))
        if "close" not in key
        for option in options
        if "ß" in option
    ]


def test_french_and_spanish_marks() -> None:
    words = offline_words(made("question", language="fr"))
    assert "st-ce que le toit de la grange a tenu\u00a0?" in words.body
    assert not re.search(r" [?!:;»]|« ", words.body)
    assert all(
        option.count("?") == option.count("¿") for _, options in lists(with_situations("es")) for option in options
    )


def test_french_words_elide() -> None:
    for formal in (False, True):
        for _, options in lists(with_situations("fr")):
            for option in options:
                assert not re.search(r"\b(?:je|te|me|ne|que|de|le) [aeiouyéêà]", address(option, formal=formal)), option


# What is picked up


@pytest.mark.parametrize("kind", list(QUOTES["en"]))
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_open_loop_is_taken_up_and_quoted_in_the_brief(kind: LoopKind, language: str) -> None:
    words = offline_words(made(kind, language=language))
    quote = QUOTES[language][kind].rstrip(" .!?")
    assert (quote[1:] in words.body.replace("\u00a0", " ")) == (kind == "question")
    waits = kind == "promise" and language in {"fr", "es"}  # "dès qu'elle est propre", about nothing that has a name
    if kind != "news" and not waits:
        assert words.sentences[1].evidence == ("E2",)
    assert (words.brief[0].kind, words.brief[0].evidence) == ("left_off", ("E2",))
    assert quote in words.brief[0].text


def test_no_draft_puts_the_owners_words_in_quotation_marks() -> None:
    for told, language in itertools.product(SITUATIONS, LANGUAGES):
        assert not re.search(r"[“”„«»]", offline_words(made(told, language=language)).body)


def test_the_reader_is_never_asked_for_the_owners_debt() -> None:
    handed_back = r"remind me|nudge|if I (?:still )?owe|Wink|erinner|rappel|avísame|recuérda"
    for language, week in itertools.product(LANGUAGES, range(8)):
        found = made("promise", language=language, week=week_name(TODAY + timedelta(weeks=week)))
        assert not re.search(handed_back, offline_words(found).body)


def test_a_question_begins_where_it_asks() -> None:
    words = offline_words(with_loops(made("date"), ("question", "And did the harbour wall hold?")))
    assert "id the harbour wall hold?" in words.body
    assert "nd did" not in words.body


@pytest.mark.parametrize(
    "asked",
    [
        "did they take it well, and what did they say?",
        "did " + "the harbour wall, " * 9 + "hold?",
        "how is your knee after the summer of the harbour wall?",
    ],
)
def test_what_is_not_clear_or_too_private_is_not_asked_again(asked: str) -> None:
    words = offline_words(with_loops(made("date"), ("question", asked)))
    assert asked[4:20] not in words.body
    assert "asked" not in words.body
    assert asked[4:20] in words.brief[0].text


@pytest.mark.parametrize(
    ("language", "offered"),
    [
        ("en", "If you ever have an hour, I'd be curious to hear what you make of the talk."),
        ("fr", "Si vous avez une heure, j’aimerais savoir."),
        ("es", "Si algún día tienes una hora, me gustaría saber."),
    ],
)
def test_a_condition_at_the_beginning_asks_nothing(language: str, offered: str) -> None:
    words = offline_words(with_loops(made("date", language=language), ("question", offered)))
    assert not any(part in words.body for part in ("if you ever", "si vous avez une heure", "si algún día"))


@pytest.mark.parametrize(
    ("language", "asked", "again"),
    [
        ("en", "I'd be curious whether the harbour wall held.", "whether the harbour wall held."),
        ("en", "Might I ask, in all modesty, whether the board has met?", "whether the board has met."),
        ("en", "I wonder if the wall held, and I ask too late.", "if the wall held."),
        ("de", "Ob der alte Hof noch steht, wüsste ich gern.", "ob der alte Hof noch steht."),
        ("de", "Es beschäftigt mich, wie Sie den Umbau geschafft haben.", "wie Sie den Umbau geschafft haben."),
        ("fr", "J’aimerais savoir comment le toit a tenu.", "comment le toit a tenu."),
        ("es", "Me gustaría saber cómo aguantó el tejado.", "cómo aguantó el tejado."),
    ],
)
def test_what_was_asked_indirectly_is_said_again(language: str, asked: str, again: str) -> None:
    found = with_loops(made("date", language=language, formal=" Sie " in asked), ("question", asked))
    assert again in offline_words(found).body


def test_an_old_question_is_not_asked_again() -> None:
    words = offline_words(with_loops(made("date"), ("question", "did it hold?"), days=250))
    assert "hold?" not in words.body
    assert "did it hold?" in words.brief[0].text


@pytest.mark.parametrize(
    ("asked", "days", "kind"),
    [
        ("will your council approve the harbour wall?", 30, "question"),
        ("will your council approve the harbour wall?", 100, "date"),
        ("did your council approve the harbour wall?", 100, "question"),
        ("will you open the harbour wall next week?", 30, "date"),
        ("has your council met in October about the harbour wall?", 60, "date"),
        ("I wonder whether your council likes the harbour wall", 100, "indirect"),
    ],
)
def test_what_time_has_overtaken_is_not_asked_as_if_open(asked: str, days: int, kind: str) -> None:
    found = with_loops(
        made("date", last_letter_on=TODAY - timedelta(days=max(days, 60))), ("question", asked), days=days
    )
    assert choose(found).pick_up.kind == kind


def test_a_question_of_an_earlier_letter_is_not_asked_again() -> None:
    asked: tuple[LoopKind, str] = ("question", "did your council approve the harbour wall?")
    assert choose(with_loops(made("date"), asked, days=60)).pick_up.kind == "question"
    assert choose(with_loops(made("date"), asked, days=61)).pick_up.kind == "date"


@pytest.mark.parametrize(
    ("language", "asked", "kind"),
    [
        ("en", "did the ferry win, and who steered it?", "question"),
        ("en", "does a beginner like me have a chance there?", "date"),
        ("en", "what does a harbour pilot earn, if you don't mind my asking?", "date"),
        ("de", "können Sie mir sagen, ob man da eine Chance hat?", "date"),
        ("fr", "combien gagne un pilote, si ce n'est pas indiscret ?", "date"),
        ("es", "¿cuánto gana un práctico, si no es indiscreción?", "date"),
    ],
)
def test_a_question_stands_by_itself_and_pries_into_nothing(language: str, asked: str, kind: str) -> None:
    found = with_loops(made("date", language=language, formal=language != "en"), ("question", asked))
    assert choose(found).pick_up.kind == kind


@pytest.mark.parametrize(
    ("language", "topic", "letter", "asked", "named"),
    [
        ("en", "Ferry rota", "I've taken over the ferry rota.", "How did you do it with your crew?", "the ferry rota"),
        ("en", "Ferry rota", "I've taken over the ferry rota.\n\nWell.", "How did you run it with your crew?", ""),
        ("de", "Fahrplan", "Der Fahrplan liegt bei mir.", "Wie hast du die Leute dafür gewonnen?", "Fahrplan"),
        ("fr", "Carte", "J'écris la carte d'hiver.", "Tu mettrais quoi au menu pour les enfants ?", "la carte"),
        ("es", "Carta de invierno", "Me toca la carta de invierno.", "Tú qué pondrías?", "la carta de invierno"),
    ],
)
def test_a_question_has_its_topic_named(language: str, topic: str, letter: str, asked: str, named: str) -> None:
    found = with_loops(made("date", language=language, topic=topic), ("question", asked))
    row = Evidence("M1", "message", f"{letter} {asked}", TODAY - timedelta(days=60))
    pick_up = choose(replace(found, evidence=(*found.evidence, row))).pick_up
    assert pick_up.places == ((("topic", named),) if named else ())


@pytest.mark.parametrize(
    ("language", "quote", "named"),
    [
        ("en", "You told me to ask for the budget first.", "to ask for the budget first"),
        ("en", "You told me to ask him about it.", ""),
        (
            "de",
            "Dein Rat, zuerst mit dem Hafenmeister zu reden, geht mir nach.",
            "zuerst mit dem Hafenmeister zu reden",
        ),
        ("fr", "Vous m'aviez conseillé de garder les deux bateaux.", "de garder les deux bateaux"),
        ("es", "Me aconsejaste hablar antes con la gente.", "hablar antes con la gente"),
        ("es", "Me aconsejaste que hablara con la gente.", ""),
    ],
)
def test_advice_is_named_or_left_out(language: str, quote: str, named: str) -> None:
    found = choose(with_loops(made("date", language=language), ("advice", quote)))
    assert (found.pick_up.kind, found.pick_up.text) == (("advice", named) if named else ("date", ""))


@pytest.mark.parametrize(
    ("language", "before", "promise", "thing"),
    [
        ("en", "Thanks for asking about the lease.", "I'll ring her and tell you what she says.", "the lease"),
        ("en", "The lease is nearly up.", "I'll let you know once they answer.", "the lease"),
        ("en", "The list says stay.", "I'll let you know once they answer.", ""),
        ("de", "Der Schlüssel fehlt noch.", "Wie es damit steht, berichte ich dir dann.", "den Schlüssel"),
        ("fr", "L'entretien s'est bien passé.", "Je vous préviendrai dès qu'elle aura répondu.", "l'entretien"),
        ("es", "Faltan las estanterías.", "En cuanto lo sepa te digo.", "las estanterías"),
        ("es", "Faltan las estanterías.\n\nEso es todo.", "En cuanto lo sepa te digo.", ""),
    ],
)
def test_a_report_that_is_owed_names_what_it_is_on(language: str, before: str, promise: str, thing: str) -> None:
    found = with_loops(made("date", language=language), ("promise", promise))
    row = Evidence("M1", "message", f"{before} {promise}", TODAY - timedelta(days=60))
    pick_up = choose(replace(found, evidence=(*found.evidence, row))).pick_up
    assert pick_up.text == thing
    assert pick_up.kind == ("telling" if thing else "date")


def promised(language: str, letter: str, promise: str, win: str) -> list[str]:
    """What a letter says where a win is the news that was promised."""
    found = made("date", language=language)
    on = TODAY - timedelta(days=60)
    loop = OpenLoop("promise", promise, on, told_by=win)
    rows = (Evidence("M1", "message", letter, on), Evidence("W1", "win", win, TODAY - timedelta(days=5)))
    return said(offline_words(replace(found, evidence=(*found.evidence, *rows), loops=(loop,), wins=(win,))))


@pytest.mark.parametrize(
    ("language", "letter", "promise", "win", "told"),
    [
        ("en", "The audit is in May. ", "I'll let you know how it goes.", "passed the audit",
         "that I passed the audit."),
        ("de", "Die Wartezeit ist zu lang. ", "Ich berichte dir, wie es läuft.", "Wartezeit 35 → 19 Minuten!!",
         ": Wartezeit von 35 auf 19 Minuten."),
        ("fr", "Ils attendent 35 minutes. ", "Je vous communiquerai les chiffres.", "waiting time 35 → 19 min",
         "de 35 à 19 min."),
        ("es", "Esperan 35 minutos. ", "Le mandaré las cifras.", "waiting time 35 → 19 min", "de 35 a 19 min."),
    ],
)  # fmt: skip
def test_promised_news_is_told_first_and_no_longer_owed(
    language: str, letter: str, promise: str, win: str, told: str
) -> None:
    lines = promised(language, letter + promise, promise, win)
    place = next((at for at, line in enumerate(lines) if line.endswith(told)), None)
    assert place is not None, lines
    assert not [line for line in lines if any(word in line.lower() for word in ("owe", "schuld", "dois", "debo"))]


def test_promised_news_in_another_language_is_announced() -> None:
    lines = promised("es", "La vista es en mayo. Le contaré cómo va.", "Le contaré cómo va.", "hearing won")
    assert any("noticia" in line or "novedades" in line for line in lines), lines


@pytest.mark.parametrize(
    ("language", "asked", "kind"),
    [
        ("de", "Könntest du mir die noch diese Runde heraussuchen?", "date"),
        ("de", "Könntest du mir die alten Pläne heraussuchen?", "question"),
        ("en", "Do you honestly think I am ready?", "date"),
        ("en", "Do you honestly think I am ready for a bigger kitchen?", "question"),
        ("fr", "Est-ce que tu peux me les retrouver ?", "date"),
        ("es", "¿Tú podrías buscármelos en el archivo?", "date"),
    ],
)
def test_a_question_without_its_noun_is_left_out(language: str, asked: str, kind: str) -> None:
    found = with_loops(made("date", language=language), ("question", asked), days=20)
    assert choose(found).pick_up.kind == kind


def test_a_formal_letter_is_signed_with_a_name() -> None:
    found = made("date", language="es", formal=True, sign_off="Saludos.")
    assert offline_words(found).body.endswith("Saludos.\nPriya Patel\n")


def test_a_question_that_a_win_touches_is_not_asked_as_if_open() -> None:
    found = with_loops(made("win"), ("question", "will the billing migration be shipped?"))
    later = tuple(replace(row, on=TODAY) if row.kind == "win" else row for row in found.evidence)
    assert choose(replace(found, evidence=later)).pick_up.kind == "date"


def test_after_a_german_greeting_with_a_comma_the_letter_goes_on_small() -> None:
    for told, week in itertools.product(SITUATIONS, range(8)):
        found = made(told, language="de", greeting="Liebe Jane,", week=week_name(TODAY + timedelta(weeks=week)))
        assert offline_words(found).sentences[1].text[0].islower(), told
        assert offline_words(replace(found, greeting="Hoi Jane")).sentences[1].text[0].isupper(), told


def test_the_next_loop_follows_the_one_of_last_time() -> None:
    found = with_loops(made("date"), ("question", "did the wall hold?"), ("question", "who found the leak?"))
    first = offline_words(found)
    assert "id the wall hold?" in first.body
    again = offline_words(replace(found, previous=tuple(said(first))))
    assert "ho found the leak?" in again.body


def test_the_same_loop_comes_back_in_another_frame() -> None:
    found = made("question")
    first = offline_words(found)
    again = offline_words(replace(found, previous=tuple(said(first))))
    assert "id the second reindex hold?" in again.body
    assert again.sentences[1].text != first.sentences[1].text


def test_a_loop_older_than_the_last_talk_stays_in_the_brief() -> None:
    words = offline_words(with_loops(made("met"), ("question", "did it hold?"), days=90))
    assert "did it hold?" not in words.body
    assert "did it hold?" in words.brief[0].text


@pytest.mark.parametrize(
    ("quote", "question", "short"),
    [
        ("short as it is", False, "short as it is"),
        (
            "so I asked him for the budget in writing, " + "word " * 30,
            False,
            "so I asked him for the budget in writing …",
        ),
        ("word " * 30 + "– is the old way still open to us?", True, "… is the old way still open to us?"),
        ("word " * 40, False, ""),
        ("word " * 40 + "?", True, ""),
    ],
)
def test_a_long_quote_is_cut_at_a_clause(quote: str, question: bool, short: str) -> None:  # noqa: FBT001
    assert cut(quote.strip(), question=question) == short
    assert len(short) <= LONGEST_QUOTE


def test_a_quote_with_a_link_or_in_another_language_is_not_quoted() -> None:
    for quote in ("have you seen https://x.example?", "hast du das schon gesehen, und wie ist es?"):
        words = offline_words(with_loops(made("date"), ("question", quote)))
        assert quote[1:] not in words.body
        assert words.dropped == ()


@pytest.mark.parametrize(
    ("text", "language", "marked"),
    [
        ("is it so?", "en", "“is it so?”"),
        ("it is so,", "en", "“it is so”."),
        ('he said "no" twice.', "en", "“he said ‘no’ twice.”"),
        ("so ist es", "de", "„so ist es“."),
        ("c'est ainsi", "fr", "«\u00a0c'est ainsi\u00a0»."),
        ("¿es así?", "es", "«¿es así?»"),
    ],
)
def test_quotation_marks(text: str, language: str, marked: str) -> None:
    assert quoted(text, language) == marked


def test_nothing_is_claimed_of_the_reader() -> None:
    """Sent mail shows that the owner wrote, and nothing of what came back."""
    for told, role in itertools.product(("date", "question", "promise"), ROLES):
        body = offline_words(made(told, role)).body
        assert not re.search(r"\b(we (?:last )?(?:talked|spoke|met)|you (?:answered|replied|told me))\b", body)
    assert re.search(r"\bmet\b", offline_words(made("met")).body)
    assert re.search(r"\bspoke\b", offline_words(made("called")).body)


@pytest.mark.parametrize("topic", ["FIELD DAY AUG 27", "Lunch on Friday?", "Thank you!", "x" * 80, "", None])
def test_a_subject_never_shouts_or_asks(topic: str | None) -> None:
    words = offline_words(made("date", topic=topic))
    assert not words.subject.startswith("Re:")
    assert not words.subject.isupper()
    assert topic not in words.body if topic else True


def test_a_topic_continues_the_thread() -> None:
    assert offline_words(made("question", topic="Platform migration")).subject == "Re: Platform migration"
    assert offline_words(made("candidate", topic="Platform migration")).subject != "Re: Platform migration"


# What is owed


@pytest.mark.parametrize(
    ("language", "promise", "thing"),
    [
        ("en", "I'll send you the old slides once I find them.", "the old slides"),
        ("en", "My list will go to you when Legal is done.", "my list"),
        ("en", "I'll forward the same to you once the forms are in.", ""),
        ("en", "I'll send them on to you when she has put the rates in.", ""),
        ("en", "I'll ring the archive for you and I'll send you their answer.", ""),
        ("de", "Den neuen Fahrplan schicke ich dir bis Freitag.", "den neuen Fahrplan"),
        ("de", "Ich suche dir die Karte raus.", "die Karte"),
        ("de", "die karte: ja. ich denke dran. kommt.", "die karte"),
        ("de", "Für den Vorstand schicke ich dir etwas.", ""),
        ("de", "Sobald der Bericht steht, bekommen Sie ihn von mir.", "den Bericht"),
        ("en", "A written quote is on its way to you.", "the written quote"),
        ("fr", "Je vous dois une étude.", "l’étude"),
        ("fr", "Je vous enverrai le relevé de la vanne dès que possible.", "le relevé de la vanne"),
        ("fr", "Je te les envoie lundi.", ""),
        ("fr", "Je te transmets l'avis du comité.", "l'avis du comité"),
        ("es", "Le mandaré el informe de la cosecha.", "el informe de la cosecha"),
        ("es", "En cuanto la tenga te la mando.", ""),
    ],
)
def test_what_was_promised_is_named_where_that_is_sure(language: str, promise: str, thing: str) -> None:
    assert thing_of(promise, language) == thing


@pytest.mark.parametrize(
    ("language", "before", "promise", "thing"),
    [
        ("en", "The old slides are on my desk.", "They'll be with you soon.", "the old slides"),
        ("en", "The old slides are on my desk.", "It will be with you soon.", ""),
        ("en", "The lessons fit on a page.", "Expect that page from me when they've settled.", "that page"),
        ("de", "Das Buch vom Hof liegt noch hier.", "Ich bring es dir vorbei.", "das Buch"),
        ("de", "Die Karte liegt noch hier.", "Ich bringe es Ihnen vorbei.", ""),
        ("fr", "Le carton est au bureau.", "Je vous le renvoie.", "le carton"),
        ("es", "Las fotos ya salieron.", "Te las mando pronto.", "las fotos"),
        ("es", "Hay fotos.", "Te las mando pronto.", ""),
        ("de", "", "Sobald der neue Bericht steht, bekommen Sie ihn von mir.", ""),
    ],
)
def test_what_was_promised_may_be_named_a_sentence_before(language: str, before: str, promise: str, thing: str) -> None:
    assert thing_of(promise, language, before) == thing


def test_a_debt_is_named_beside_a_question() -> None:
    loops: list[tuple[LoopKind, str]] = [
        ("question", QUOTES["en"]["question"]),
        ("promise", "I'll send you the outline."),
    ]
    words = offline_words(with_loops(made("date"), *loops))
    assert ("L1",) in [line.evidence for line in words.sentences]
    assert "he outline" in words.body
    assert "sorry" in words.body


def test_a_long_silence_is_admitted_before_a_debt() -> None:
    found = with_loops(made("date"), ("promise", "I'll send you the slides."), days=300)
    choice = choose(replace(found, last_letter_on=TODAY - timedelta(days=300)))
    assert choice.pick_up.kind == "date"
    assert choice.debt
    assert choice.debt.text == "the slides"


@pytest.mark.parametrize(
    ("promise", "days", "kind", "text"),
    [
        ("I'll send you the old slides.", 20, "thing", "the old slides"),
        ("I'll send you the old slides.", 60, "thing_late", "the old slides"),
        ("I'll send you the old slides once they are found.", 60, "thing", "the old slides"),
        ("I'll dig out some old maps for you.", 60, "doing_late", "dig out some old maps for you"),
        ("You'll have it before you leave.", 60, "date", ""),
        ("I'll let you know how it ends.", 60, "date", ""),
        ("You'll have it once it is done.", 60, "date", ""),
        ("I'll let you know how it ends.", 20, "date", ""),
    ],
)
def test_a_promise_is_named_and_excused_when_late(promise: str, days: int, kind: str, text: str) -> None:
    found = choose(with_loops(made("date"), ("promise", promise), days=days)).pick_up
    assert (found.kind, found.text) == (kind, text)


# Wins


def test_a_win_that_comes_of_advice_is_tied_to_it() -> None:
    found = made("win", role="advisor")
    advised = Evidence("E8", "advice", "ship the billing migration before the summer")
    assert choose(found).news.kind == "line"  # type: ignore[union-attr]
    news = choose(replace(found, evidence=(*found.evidence, advised))).news
    assert news
    assert news.kind == "advice"
    assert "advice" in offline_words(replace(found, evidence=(*found.evidence, advised))).body


@pytest.mark.parametrize(
    ("advice", "kind"),
    [
        ("let the paint dry on the walls first", "advice"),
        ("never paint in the rain", "line"),
        ("ask the harbourmaster before you begin", "advice"),
    ],
)
def test_one_short_word_ties_nothing(advice: str, kind: str) -> None:
    win = "the paint on the walls is there, says the harbourmaster"
    found = noted_advice(made("win", wins=(win,)), win, advice)
    assert choose(found).news.kind == kind  # type: ignore[union-attr]


def noted_advice(found: Dossier, win: str, advice: str) -> Dossier:
    rows = [replace(row, text=win) if row.kind == "win" else row for row in found.evidence]
    return replace(found, evidence=(*rows, Evidence("E8", "advice", advice)))


def test_a_win_that_was_to_be_reported_keeps_the_promise() -> None:
    found = with_loops(made("win"), ("promise", "I'll let you know how the billing migration goes."))
    choice = choose(found)
    assert choice.news
    assert (choice.news.kind, choice.debt) == ("promise", None)
    other = choose(
        with_loops(made("win"), ("promise", "I'll send you the plan once the billing migration has shipped."))
    )
    assert other.news
    assert (other.news.kind, other.news.thing) == ("due", "the plan")
    unnamed = choose(with_loops(made("win"), ("promise", "You'll have it once the billing migration has shipped.")))
    assert unnamed.news
    assert unnamed.news.kind == "came"
    assert choice.pick_up.kind == "date"


def test_a_win_is_told_once_a_week_and_once_to_a_person() -> None:
    week = [made("win", handle=f"p-{n}") for n in range(3)]
    words = words_by_rules(week)
    assert sum(WINS["en"][1:] in one.body for one in words.values()) == 1
    first = offline_words(made("win"))
    assert WINS["en"][1:] in first.body
    assert WINS["en"][1:] not in offline_words(made("win", previous=tuple(said(first)))).body


def test_an_advocate_has_the_first_of_the_wins() -> None:
    words = words_by_rules([made("win", handle="a"), made("win", "advocate", handle="b")])
    assert list(words) == ["a", "b"]
    assert WINS["en"][1:] in words["b"].body


def test_a_win_in_another_language_stays_in_the_brief() -> None:
    words = offline_words(made("win", language="fr", owner_language="de"))
    assert WINS["fr"][1:] in words.body
    foreign = made("date", language="fr", wins=("Retourenportal live",), owner_language="de")
    foreign = replace(foreign, evidence=(*foreign.evidence, Evidence("E9", "win", "Retourenportal live", TODAY)))
    words = offline_words(foreign)
    assert "Retourenportal" not in words.body
    assert ("E9",) not in [line.evidence for line in words.sentences]  # nor is it hinted at
    assert any("Retourenportal" in line.text for line in words.brief)


def test_only_a_win_that_fits_is_told() -> None:
    words = offline_words(made("win", wins=()))
    assert WINS["en"][1:] not in words.body + "".join(said(words))


# Requests


@pytest.mark.parametrize(
    ("fields", "way"),
    [
        ({}, "call"),
        ({"inside": True}, "coffee"),
        ({"inside": False}, "call"),
        ({"preferred": frozenset({"walk"})}, "walk"),
        ({"preferred": frozenset({"call", "visit"})}, "call"),
        ({"preferred": frozenset({"coffee"}), "forbidden": frozenset({"coffee"})}, "call"),
        ({"forbidden": frozenset({"coffee"}), "inside": True}, "call"),
        ({"forbidden": frozenset({"call"})}, "coffee"),
        ({"preferred": frozenset({"letter"})}, "letter"),
        ({"formal": True, "inside": True}, "open"),
        ({"forbidden": frozenset({"coffee", "call"})}, "walk"),
        ({"forbidden": frozenset({"coffee", "call", "walk", "visit"})}, "open"),
    ],
)
def test_how_to_meet(fields: dict[str, Any], way: str) -> None:
    assert choose(made("date", **fields)).way == way


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_notes_forbid_is_never_proposed(language: str) -> None:
    for told, role, week in itertools.product(SITUATIONS, ROLES, range(6)):
        name = week_name(TODAY + timedelta(weeks=week))
        words = offline_words(made(told, role, language, forbidden=frozenset({"coffee"}), week=name))
        assert not re.search(r"coffee|kaffee|café", words.body, re.IGNORECASE)


def test_at_most_one_length_of_time_is_named() -> None:
    lengths = re.compile(r"half an hour|twenty minutes|\bminutes\b|\bhour\b")
    for told, role, week in itertools.product(SITUATIONS, ROLES, range(6)):
        words = offline_words(made(told, role, week=week_name(TODAY + timedelta(weeks=week))))
        assert len(lengths.findall(words.body)) <= 1


def test_the_playbooks_minutes_are_asked_for() -> None:
    role = replace(BUILT_IN["advocate"], minutes=(45, 60))
    bodies = [
        offline_words(made("date", "advocate", playbook=role, week=week_name(TODAY + timedelta(weeks=n)))).body
        for n in range(16)
    ]
    assert any("three quarters of an hour" in body for body in bodies)
    assert not any("twenty minutes" in body or "half an hour" in body for body in bodies)


@pytest.mark.parametrize(
    ("told", "role", "request_"),
    [
        ("question", "mentor", "mentor"),
        ("question", "advisor", "advisor_back"),
        ("promise", "advisor", "advisor"),
        ("date", "advocate", "advocate"),
        ("goal", "ally", "goal_step"),
        ("date", "ally", "ally_open"),
        ("goal met", "ally", "goal_met"),
        ("candidate", "mentor", "first.mentor"),
        ("gap", "advisor", "first.advisor"),
        ("hoped", "advocate", "first.advocate"),
    ],
)
def test_what_is_asked_for(told: str, role: str, request_: str) -> None:
    assert choose(made(told, role)).request == request_


# Never the same twice


def test_a_week_of_six_shares_no_sentence() -> None:
    kinds = ("question", "promise", "date", "never", "met", "goal")
    for language, week in itertools.product(LANGUAGES, range(4)):
        name = week_name(TODAY + timedelta(weeks=week))
        people = [made(kinds[n % len(kinds)], ROLES[n % 4], language, handle=f"p-{n}", week=name) for n in range(6)]
        # The same quote to all of them would be the same sentence: each has a question of their own.
        people = [
            replace(one, loops=tuple(replace(loop, quote=f"{loop.quote} ({n})", number="") for loop in one.loops))
            for n, one in enumerate(people)
        ]
        found = [single_sentences(words) for words in words_by_rules(people).values()]
        assert all(not one & other for one, other in itertools.combinations(found, 2))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("language", "formal"), FORMS)
def test_six_of_one_role_share_no_sentence(role: str, language: str, *, formal: bool) -> None:
    kinds = ("never", "date")
    people = [made(kinds[n % 2], role, language, handle=f"p-{n}", formal=formal) for n in range(6)]
    drafts = words_by_rules(people)
    # The last finds the longest lines taken, and may be a few words short.
    assert all(is_sendable(words, least=LEAST_WORDS - 6) for words in drafts.values())
    found = [single_sentences(words) for words in drafts.values()]
    assert all(not one & other for one, other in itertools.combinations(found, 2))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("told", SITUATIONS)
def test_the_next_draft_opens_and_asks_in_other_words(told: str, language: str) -> None:
    for role, gap in itertools.product(ROLES, (1, 6, 7, 8, 42)):
        before = offline_words(made(told, role, language))
        today = TODAY + timedelta(weeks=gap)
        after = offline_words(made(told, role, language, week=week_name(today), previous=tuple(said(before))))
        # What the owner once wrote stays as it was written.
        own = {loop.quote.rstrip(".") for loop in made(told, role, language).loops}
        shared = single_sentences(before) & single_sentences(after)
        assert not {one for one in shared if one.rstrip(".") not in own}
        asked = {line.text for line in before.brief if line.kind == "ask"}
        assert not asked & {line.text for line in after.brief if line.kind == "ask"} - _path(before)


def _path(words: Words) -> set[str]:
    return {line.text for line in words.brief if "own path" in line.text or "nach dem Weg" in line.text}


def test_the_same_dossiers_give_the_same_words() -> None:
    week = [made(told, handle=told.replace(" ", "-")) for told in SITUATIONS]
    assert words_by_rules(week) == words_by_rules(week)
    assert OfflineWriter().words(week) == OfflineWriter().by_rules(week)
    assert OfflineWriter().words([]) == {}
    assert OfflineWriter().remarks() == ()
    assert OfflineWriter().show_prompt(made("date")) == ""


# Greeting, sign-off, languages


def written(text: str) -> Dossier:
    return replace(made("date"), evidence=(*made("date").evidence, Evidence("M1", "message", text, TODAY)))


def test_a_draft_has_the_owners_capitals_and_length() -> None:
    small = written("hi jane,\n\nthe wall held. nobody but the harbour master saw it, and he told nobody at all.\n\np")
    assert offline_words(small).body.split("\n\n", 1)[1].rsplit("\n\n", 1)[0].islower()
    begun = written("the wall held, says Anna. nobody noticed but the Harbour Board. we went to Bristol then.")
    middle = [line.text for line in offline_words(begun).sentences[1:-1]]
    assert all(line[0].islower() or line.startswith("I") for line in middle)
    usual = written("The wall held, says Anna. Nobody noticed but the Harbour Board. We went to Bristol then.")
    assert all(line.text[0].isupper() for line in offline_words(usual).sentences[1:-1])
    assert [least_words(one) for one in (small, made("date"))] == [SHORTEST, LEAST_WORDS]


@pytest.mark.parametrize("name", names())
def test_greeting_and_sign_off_are_the_owners(name: str) -> None:
    found = letter_dossier(name)
    words = offline_words(found)
    if found.greeting:
        assert words.body.startswith(f"{found.greeting}\n\n")
    if found.sign_off:
        assert words.body.endswith(f"\n\n{found.sign_off}\n")


@pytest.mark.parametrize(
    ("language", "formal", "greeting", "close"),
    [
        ("en", False, "Hi Jane,", r"\nPriya$"),
        ("de", False, "Hallo Jane,", r"\nPriya$"),
        ("de", True, "Guten Tag Jane Roe,", r"\nPriya Patel$"),
        ("fr", True, "Bonjour Jane Roe,", r",\nPriya Patel$"),
        ("es", False, "Hola, Jane:", r",\nPriya$"),
        ("es", True, "Buenos días, Jane Roe:", r",\nPriya Patel$"),
    ],
)
def test_plain_greeting_and_sign_off(language: str, greeting: str, close: str, *, formal: bool) -> None:
    words = offline_words(made("date", language=language, formal=formal))
    assert words.sentences[0].text == greeting
    assert re.search(close, words.sentences[-1].text)


@pytest.mark.parametrize("language", ["other", "it", "pt"])
def test_in_another_language_there_is_a_brief_and_no_draft(language: str) -> None:
    words = offline_words(replace(made("question"), language=language), "why")
    assert words.subject == ""
    assert words.sentences == ()
    assert words.brief
    assert words.remark == "why"


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
    words = offline_words(replace(made("date"), person=person(name=name)))
    assert words.dropped == ()
    assert first in words.body.split("\n")[0]


# Roles and situations


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
        assert is_sendable(offline_words(found))
    assert family(dossier("muse", role=None)) == "mentor"


def test_situations() -> None:
    assert situation(made("date")) == "due"
    assert situation(made("never")) == "never"
    assert situation(made("date", days_since=900)) == "long"
    assert situation(made("hoped", "advocate")) == "hoped"
    assert situation(made("hoped")) == "candidate"
    assert situation(made("gap")) == "candidate"
    assert situation(made("goal met")) == "due"
    assert situation(made("goal met", "ally")) == "goal-met"


# From the letters


def test_the_best_loops_of_the_letters_are_picked_up() -> None:
    for name in names():
        found = letter_dossier(name)
        words = offline_words(found)
        assert is_sendable(words, least=min(least_words(found), LEAST_WORDS - 6)), words.body
        if numbers := {loop.number for loop in found.loops if not settled(loop, found)}:
            assert any(numbers & set(line.evidence) for line in (*words.sentences, *words.brief))


def test_forty_samples_can_be_printed() -> None:
    found = list(samples())
    assert len(found) == 40
    assert {one.language for _, one, _ in found} == set(LANGUAGES)
    assert all(is_sendable(words, least=LEAST_WORDS - 6) and 2 <= len(words.brief) <= 4 for _, _, words in found)
    assert "DROPPED" not in text()


def test_a_note_with_a_phone_number_is_not_printed() -> None:
    words = offline_words(dossier(notes=[NoteFact(date(2026, 3, 1), "note", "new number +49 170 1234567")]))
    assert "1234567" not in str([words.sentences, words.brief])
