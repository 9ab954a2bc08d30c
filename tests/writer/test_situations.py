"""Each situation's letter in four languages: what it says of its occasion, and whether it asks (docs/roles.md)."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from assistant.core.digest.week import week_name
from assistant.core.evidence.build import LastFact, NoteFact, OwnMail
from assistant.core.language.detect import detect
from assistant.core.people.cadence import Occasion
from assistant.core.replies.grammar.lines import Speech
from assistant.render.view import quiet
from assistant.writer.offline.phrase_tables import LANGUAGES, address, fixed_part, phrases
from assistant.writer.offline.situations import situation_phrases, turned_round
from assistant.writer.offline.writer import offline_words, words_by_rules
from tests.dossiers import TODAY, dossier, person
from tests.servers.model import ModelServer, says
from tests.writer.test_offline import FORMS, WINS, is_sendable, lists, said, single_sentences
from tests.writer.test_verify import TRUE, asked_of, draft, fact, knowing
from tests.writer.test_verify import found as written_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.evidence.dossier import Dossier, Words
    from assistant.core.language.data_files import Language
    from tests.servers.model import Asked

CAME = {
    "en": "came to my poster",
    "de": "war bei meinem Vortrag",
    "fr": "est venue à mon poster",
    "es": "vino a mi póster",
}
CAME_TO_THEM = {
    ("en", False): "You came to my poster",
    ("de", False): "Du warst bei meinem Vortrag",
    ("de", True): "Sie waren bei meinem Vortrag",
    ("fr", False): "Tu es venue à mon poster",
    ("fr", True): "Vous êtes venue à mon poster",
    ("es", False): "Viniste a mi póster",
    ("es", True): "Vino usted a mi póster",
}
GOALS = {
    "en": "one build for all of the teams",
    "de": "ein gemeinsamer Ablauf für alle Teams",
    "fr": "une seule chaîne pour toutes les équipes",
    "es": "una sola cadena para todos los equipos",
}
TITLES = {"en": "Design review", "de": "Planung der Halle", "fr": "Revue du budget", "es": "Revisión del plan"}
TUESDAY = {"en": "Tuesday", "de": "Dienstag", "fr": "mardi", "es": "martes"}
LETTERS = {
    False: {
        "en": "Hi Jane,\n\nthe plan for the spring is nearly done and I am glad that you had a look at it.",
        "de": "Hallo Jane,\n\nder Plan ist fast fertig und ich bin froh, dass du ihn dir angesehen hast.",
        "fr": "Bonjour Jane,\n\nle plan est presque prêt et je suis contente que tu l'aies regardé avec nous.",
        "es": "Hola Jane:\n\nel plan ya está casi listo y me alegra que tú lo hayas visto con nosotros.",
    },
    True: {
        "de": "Guten Tag Jane Roe,\n\nder Plan ist fast fertig und ich bin froh, dass Sie ihn sich angesehen haben.",
        "fr": "Bonjour Jane Roe,\n\nle plan est presque prêt et je suis contente que vous l'ayez regardé.",
        "es": "Buenos días, Jane Roe:\n\nel plan ya está casi listo y me alegra que usted lo haya visto.",
    },
}
ASKING = ("hoped", "hoped, no occasion", "chance", "second-try", "promise-kept")
ONLY_TELLING = ("thanks, introduced", "thanks, favour", "reached", "update")


def made(told: str, role: str = "advocate", language: str = "en", *, formal: bool = False, **more: Any) -> Dossier:
    """Return the dossier of a situation, as the digest makes it; the last letter was two months ago."""
    today = more.pop("today", TODAY)
    on, tuesday = today - timedelta(days=60), today - timedelta(days=6)
    notes: list[NoteFact] = []
    wins: list[NoteFact] = []
    occasion: Occasion | None = None
    if told == "hoped":
        occasion = Occasion(CAME[language], "occasion", on)
    elif told == "chance":
        occasion = Occasion(TITLES[language], "meeting", tuesday)
    elif told.startswith("thanks"):
        occasion = Occasion("Sam Okoye", "introduced" if told.endswith("introduced") else "favour", on)
    elif told == "reached":
        occasion = Occasion(GOALS[language], "reached", on)
    elif told == "second-try":
        occasion = Occasion("", "mail", on)
    elif told == "promise-kept":
        occasion = Occasion(WINS[language], "promised", on, kept_by=WINS[language])
    elif told == "update":
        occasion = Occasion(WINS[language], "ask", on)
        notes.append(NoteFact(on, "ask", WINS[language]))
        wins.append(NoteFact(today, "win", WINS[language]))
    situation = {"reached": "goal-met"}.get(told, told.partition(",")[0])
    fields = {
        "person": person(role, handle=more.pop("handle", "jane-roe"), hoped=situation == "hoped"),
        "situation": situation,
        "occasion": occasion,
        "language": language,
        "today": today,
        "week": week_name(today),
        "notes": notes,
        "wins": wins,
        "last": LastFact(on, "Thank you!"),
        "mails": [OwnMail(on, "Thank you!", LETTERS[formal][language])],
    }
    return dossier(role, **{**fields, **more})


def in_weeks(told: str, role: str = "advocate", language: str = "en", **more: Any) -> Iterator[tuple[Dossier, Words]]:
    """Yield the same situation in each of five weeks, so that every phrase has its turn."""
    for week in range(5):
        found = made(told, role, language, today=TODAY + timedelta(weeks=week), **more)
        yield found, offline_words(found)


def middle(words: Words) -> str:
    return " ".join(line.text for line in words.sentences if line.kind not in {"greeting", "close"})


@pytest.mark.parametrize(("language", "formal"), FORMS)
@pytest.mark.parametrize("told", [*ASKING, *ONLY_TELLING])
def test_each_situation_gives_a_letter_to_send(told: str, language: str, *, formal: bool) -> None:
    for role in ("mentor", "advisor", "advocate", "ally"):
        for found, words in in_weeks(told, role, language, formal=formal):
            assert (found.language, found.formal) == (language, formal)
            assert is_sendable(words, 24, asks=told in ASKING), (role, words.body, words.dropped)
            assert detect(middle(words)) == language


WRONG_FORM = {
    ("de", True): r"\b(du|dir|dich|deine?[nmrs]?)\b",
    ("de", False): r"\b(Ihnen|Ihre?[nmrs]?)\b",
    ("fr", True): r"\b(tu|te|toi|ton|ta|tes)\b|\bt’",
    ("fr", False): r"\b(vous|votre|vos|vôtre)\b",
    ("es", True): r"\b(te|tus?|ti|tuya)\b",
    ("es", False): r"\b(usted|sus?|suya)\b",
}


@pytest.mark.parametrize(("language", "formal"), list(WRONG_FORM))
@pytest.mark.parametrize("told", [*ASKING, *ONLY_TELLING])
def test_each_letter_keeps_its_form_of_address(told: str, language: str, *, formal: bool) -> None:
    for _, words in in_weeks(told, "mentor", language, formal=formal):
        flags = re.IGNORECASE if formal else re.NOFLAG
        assert not re.search(WRONG_FORM[language, formal], middle(words), flags), middle(words)


# What each says of its occasion.


@pytest.mark.parametrize(("language", "formal"), list(CAME_TO_THEM))
def test_the_hoped_for_read_what_they_did(language: str, *, formal: bool) -> None:
    for found, words in in_weeks("hoped", "mentor", language, formal=formal):
        row = found.row_with(CAME[language])
        assert row
        line = words.sentences[1]
        assert CAME_TO_THEM[language, formal] in line.text
        assert (line.kind, line.evidence) == ("fact", (row.number,))
        assert line.quote
        assert words.brief[0].evidence == (row.number,)
        assert CAME[language] in words.brief[0].text


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_an_occasion_the_letter_says_that_one_knows_them_little(language: str) -> None:
    known = [fixed_part(one) for one in in_form(language, "opening", "occasion_none")]
    for _, words in in_weeks("hoped, no occasion", language=language):
        assert any(part in words.sentences[1].text.casefold().replace("\u00a0", " ") for part in known)


def in_form(language: str, table: str, key: str, *, formal: bool = False) -> list[str]:
    return [address(one, formal=formal) for one in situation_phrases(language)[table][key]]


def test_nobody_with_many_letters_is_called_hardly_known() -> None:
    mails = [OwnMail(TODAY - timedelta(days=days), "Thank you!", LETTERS[False]["en"]) for days in (60, 90)]
    known = [fixed_part(one) for one in in_form("en", "opening", "occasion_none")]
    for _, words in in_weeks("hoped, no occasion", mails=mails):
        assert not any(part in words.body.casefold() for part in known)


@pytest.mark.parametrize(
    "noted", ["came to my poster with her team", "kam zu meinem Poster", "https://x.example", "x " * 30]
)
def test_an_occasion_that_cannot_be_said_is_for_the_brief(noted: str) -> None:
    words = offline_words(made("hoped", occasion=Occasion(noted, "occasion", TODAY)))
    assert is_sendable(words, 24)
    assert noted not in words.body
    assert "poster" not in words.body.lower()


@pytest.mark.parametrize(
    ("clause", "language", "formal", "to_them"),
    [
        ("came to my poster and asked a good question", "en", False, "you came to my poster and asked a good question"),
        ("Saw my demo", "en", False, "you saw my demo"),
        ("came with her team", "en", False, None),
        ("came to my poster and was late", "en", False, None),
        ("came to my poster. Ask about Leeds", "en", False, None),
        ("came", "en", False, None),
        ("camera at the demo", "en", False, None),
        ("knows everybody", "en", False, None),
        ("lud mich zum Essen ein", "de", True, "Sie luden mich zum Essen ein"),
        ("war bei der Tagung und fragte viel", "de", False, None),
        ("stellte sich vor", "de", False, None),
        ("m’a félicitée à la pause", "fr", True, "vous m’avez félicitée à la pause"),
        ("était là et a posé une question", "fr", False, None),
        ("me preguntó por el plan", "es", True, "me preguntó usted por el plan"),
        ("se quedó hasta el final", "es", False, "te quedaste hasta el final"),
        ("vino con su equipo", "es", False, None),
    ],
)  # fmt: skip
def test_what_the_owner_noted_is_turned_round(clause: str, language: str, to_them: str | None, *, formal: bool) -> None:
    found = turned_round(clause, language, formal=formal)
    assert (found and found[0]) == to_them


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chance_names_the_meeting_and_its_weekday(language: str) -> None:
    for found, words in in_weeks("chance", language=language):
        assert f"({TITLES[language]})" in words.sentences[1].text
        assert TUESDAY[language] in words.sentences[1].text
        row = found.row_with(TITLES[language])
        assert row
        assert words.sentences[1].evidence == words.brief[0].evidence == (row.number,)


def test_a_chance_of_a_talk_begins_with_what_they_did() -> None:
    noted = Occasion("asked a question after my talk", "note", TODAY)
    words = offline_words(made("chance", occasion=noted))
    assert words.sentences[1].text.startswith("You asked a question after my talk")
    assert is_sendable(words, 24)
    untold = offline_words(made("chance", occasion=replace(noted, text="talk with her in May")))
    assert is_sendable(untold, 24)
    assert "talk with her" not in untold.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reached_goal_stands_word_for_word(language: str) -> None:
    for found, words in in_weeks("reached", "ally", language):
        assert GOALS[language] in words.body.replace("\u00a0", " ")
        assert found.row_with(GOALS[language])


def test_a_goal_in_another_language_is_thanked_for_without_its_words() -> None:
    words = offline_words(made("reached", "ally", "de", occasion=Occasion(GOALS["en"], "reached", TODAY)))
    assert GOALS["en"] not in words.body
    assert is_sendable(words, 24)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kept_promise_is_told_by_its_win(language: str) -> None:
    for _, words in in_weeks("promise-kept", "advisor", language):
        assert WINS[language][1:] in words.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_update_is_news_and_no_request(language: str) -> None:
    for _, words in in_weeks("update", language=language):
        assert WINS[language][1:] in words.body
        assert not any("?" in sentence.text for sentence in words.sentences if sentence.kind == "ask")
        assert words.brief[0].kind == "next_step"


def test_news_alone_begins_an_update_soon_after_the_last_letter() -> None:
    on = TODAY - timedelta(days=20)
    for week in range(8):
        mails = [OwnMail(on + timedelta(weeks=week), "Thank you!", LETTERS[False]["en"])]
        today = TODAY + timedelta(weeks=week)
        words = offline_words(made("update", today=today, mails=mails, last=LastFact(mails[0].on, "Thank you!")))
        assert WINS["en"][1:] in words.sentences[1].text


def test_no_request_comes_back_to_a_question_that_is_left_out() -> None:
    asked = "Hi Jane,\n\ndid the second reindex of the archive hold? I am glad that you had a look at the plan."
    mails = [OwnMail(TODAY - timedelta(days=60), "Thank you!", asked)]
    for _, words in in_weeks("promise-kept", "advisor", mails=mails):
        assert "reindex" not in words.body
        assert not re.search("my question|your answer|hear what you say|answer may", words.body)


def test_however_many_are_thanked_in_a_week_none_is_asked() -> None:
    people = [made("thanks, favour", handle=f"p-{n}") for n in range(6)]
    assert not any("?" in middle(words) for words in words_by_rules(people).values())


@pytest.mark.parametrize("told", ["update", "owe-answer"])
def test_where_there_is_nothing_to_say_there_is_no_draft(told: str) -> None:
    occasion = Occasion("Plans", "mail", TODAY - timedelta(days=6))
    words = offline_words(made(told, wins=[], occasion=occasion))
    assert words.sentences == ()
    assert words.subject == ""
    assert words.brief


def test_what_they_wrote_is_in_no_evidence() -> None:
    found = made("owe-answer", occasion=Occasion("The Zephyr offer", "received", TODAY - timedelta(days=6)))
    assert "Zephyr" not in repr(found)
    assert "Zephyr" not in repr(offline_words(found))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_of_a_draft_reads_as_an_order(language: Language) -> None:
    """The text part would put such a line into quotation marks, which looks odd in a letter."""
    speech = Speech(TODAY, language, ("mentor", "advisor", "advocate", "ally"))
    moments = {"en": ("last July", "from July"), "de": ("im Juli", "vom Juli")}
    when, of = moments.get(language, ("en julio", "de julio"))
    for _, options in (*lists(situation_phrases(language)), *lists(phrases(language))):
        for option in options:
            line = option.replace("{when}", when).replace("{from}", of)
            assert quiet(line, speech) == line


def test_a_second_try_keeps_its_thread_and_leaves_news_out() -> None:
    mails = [OwnMail(TODAY - timedelta(days=60), "Platform migration", LETTERS[False]["en"])]
    wins = [NoteFact(TODAY, "win", WINS["en"])]
    words = offline_words(made("second-try", "mentor", mails=mails, wins=wins))
    assert words.subject == "Re: Platform migration"
    assert WINS["en"][1:] not in words.body


def test_an_advocate_hoped_for_is_asked_for_minutes_and_nothing_else() -> None:
    for _, words in in_weeks("hoped", wins=[NoteFact(TODAY, "win", WINS["en"])]):
        (asked,) = [line.text for line in words.sentences if line.kind == "ask"]
        assert "twenty minutes" in asked
        assert WINS["en"][1:] not in words.body


@pytest.mark.parametrize("told", [*ASKING, *ONLY_TELLING])
def test_three_of_a_situation_share_no_sentence(told: str) -> None:
    people = [made(told, "mentor", handle=f"p-{n}") for n in range(3)]
    found = [single_sentences(words) for words in words_by_rules(people).values() if words.sentences]
    assert all(not one & other for one, other in itertools.combinations(found, 2))


@pytest.mark.parametrize("told", [*ASKING, *ONLY_TELLING])
def test_the_next_letter_of_a_situation_is_in_other_words(told: str) -> None:
    before = offline_words(made(told))
    today = TODAY + timedelta(weeks=4)
    after = offline_words(made(told, today=today, previous=tuple(said(before))))
    assert not single_sentences(before) & single_sentences(after)


# The phrases themselves.


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_phrases_for_every_situation(language: str) -> None:
    english = {key for key, _ in lists(situation_phrases("en"))}
    found = {key: options for key, options in lists(situation_phrases(language)) if not key.startswith("verbs")}
    assert found.keys() == english
    for key, options in found.items():
        assert len(set(options)) == len(options), key
        assert len(options) >= (2 if key.startswith("subject") else 3), key
    assert all(isinstance(form, str) == (language == "en") for form in situation_phrases(language)["verbs"].values())


# With a model.


@pytest.mark.parametrize(("told", "writer"), [("thanks", "model"), ("owe-answer", "model"), ("due", "offline")])
def test_a_models_draft_needs_a_request_only_where_one_is_due(told: str, writer: str) -> None:
    def tells(asked: Asked) -> dict[str, Any]:
        words = draft(*(fact(*one) for one in TRUE.items()))(asked)
        words["sentences"] = [row for row in words["sentences"] if row["kind"] not in {"ask", "greeting"}]
        return words

    with ModelServer(says(tells, knowing(*TRUE))) as server:
        # Nobody knows yet how the owner greets them.
        asked = replace(written_to(situation=told), greeting=None, sign_off=None)
        words = asked_of(server).words([asked])["jane-roe"]
    assert words.writer == writer
    assert [words.sentences[0].text, words.sentences[-1].text[-6:]] == ["Hi Jane,", "\nPriya"]
