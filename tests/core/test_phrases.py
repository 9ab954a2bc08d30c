"""What the owner is told, in every language: the same places, no command among it, and no English in other mail."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from assistant.core.language.data_files import LANGUAGES, Language, data_file
from assistant.core.language.dates import cadence_days
from assistant.core.language.days_in_words import say_day
from assistant.core.language.detect import FUNCTION_WORDS
from assistant.core.language.fold import fold_text
from assistant.core.language.lexicon import tokens
from assistant.core.language.phrases import Phrases, catalogue
from assistant.core.people.roles import BUILT_IN
from assistant.core.replies.grammar.lines import Speech, parse_line
from assistant.rounds.replies.lookups import StoreLookups
from assistant.writer.offline.phrase_tables import brief_lines
from tests.replying import Life, config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from assistant.rounds.context import Round

DAY = date(2026, 3, 4)
SHARED: dict[Language, set[str]] = {"de": {"an", "so", "was", "will"}, "fr": {"an", "but"}, "es": set()}
"""Words that are English too, and no function word of the language."""
SPLIT = {"who.which", "who.plural"}
"""Two parts of one sentence: English forms a plural of the name ("Two Janes"), others say whom the word fits."""


def places(template: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(template) if name}


def texts(value: object) -> Iterator[str]:
    """Yield every text of a table or a list, however deep."""
    if isinstance(value, str):
        yield value
    else:
        for one in value.values() if isinstance(value, dict) else value:  # type: ignore[attr-defined]
            yield from texts(one)


def forms(key: str, language: Language) -> list[str]:
    """Return the texts of a key: one, or one for one and one for many, or the lines of a list."""
    found = catalogue(language)[key]
    return [found] if isinstance(found, str) else found


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_have_the_same_keys(language: Language) -> None:
    assert list(catalogue("en")) == list(catalogue(language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(set(catalogue("en")) - {"help"} - SPLIT))
def test_all_languages_have_the_same_places(key: str, language: Language) -> None:
    english, other = forms(key, "en"), forms(key, language)
    # A language may need one and many where another doesn't; a list has as many lines in each.
    pairs = zip(english, other, strict=True) if len(english) == len(other) else ((english[-1], one) for one in other)
    for one, same in pairs:
        assert places(one) - {"n"} == places(same) - {"n"}
    assert len(english) == len(other) or {len(english), len(other)} == {1, 2}
    assert "n" in places(english[-1]) or "n" not in places(other[-1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_parts_of_a_sentence_have_the_places_of_one(language: Language) -> None:
    assert set().union(*(places(forms(key, language)[0]) for key in SPLIT)) - {"plural"} == {"many", "handles", "who"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(set(catalogue("en")) - {"help", "counts"}))
def test_no_sentence_reads_as_a_command(key: str, language: Language) -> None:
    """A transcript that is quoted without marks orders nothing (docs/replies.md)."""
    values: dict[str, object] = dict.fromkeys(places(" ".join(forms(key, language))) - {"n"}, "Jane")
    told = Phrases(language)(key, **values).strip(" ;,()")
    bare = {"look.brief", "look.show", "verb.talked to"}
    assert key in bare or parse_line(told, Speech(DAY, language)).command is None, told


def test_days_and_rhythms_in_german() -> None:
    say = Phrases("de")
    assert [say.dated(DAY), say.bare_day(DAY)] == ["Mi. 4. März 2026", "4. März"]
    rhythms = ("daily", "weekly", "every 3 weeks", "monthly", "quarterly", "yearly", "every 2 years", "every 10 days")
    said = [say.every(cadence_days(rhythm) or 0) for rhythm in rhythms]
    assert said == [
        "jeden Tag", "jede Woche", "alle 3 Wochen", "jeden Monat", "alle 3 Monate", "einmal im Jahr", "alle 2 Jahre",
        "alle 10 Tage",
    ]  # fmt: skip


def test_every_day_of_a_year_is_named_as_the_digest_names_it() -> None:
    for number in range(366):
        day = date(2024, 1, 1) + timedelta(days=number)
        assert say_day(day, "de") == Phrases("de").day(day)


def test_roles_are_named_as_in_the_digest() -> None:
    say = Phrases("de")
    assert all(say.role_within(role) == say.role(role) for role in BUILT_IN)
    assert [say.role_within("sponsor"), say.role_within("ally", hoped=True)] == ["sponsor", "Bündnis (erhofft)"]
    assert Phrases("en").role_within("ally", hoped=True) == "hoped-for ally"


SAID = """
add Jane Roe <jane@roe.example> as mentor, every 3 weeks, for "staff", until 2026-12-31
add Jane Roe <jane@roe.example> as mentor
add Jane Roe <other@roe.example> as mentor
add Bob Li <bob@li.example>
add Me <priya@example.com> as ally
met Jane yesterday, talked promo
called Jane
talked to Jane
emailed Jane
met Jane on 2031-01-01
snooze Jane for 3 weeks
not now Jane
Jane every 4 weeks
Jane role hoped-for advocate
Jane favourite
Jane favourite
Jane is also <jane.roe@home.example>
Jane is also <jane.roe@home.example>
Jane is not <jane.roe@home.example>
Jane is not <jane.roe@home.example>
note Jane: likes tea
advice Jane: ask for the scope first
ask Jane: for a review
win: the migration is done
goal: staff
close Jane
met Zacharias
3 done
C1 mentor
Q9 yes
not contact abcdef
confirm ABCDEF
undo T99
pause for 2 weeks
resume
resume
brief Jane
status
help
sned 1
drop Jane
stop
"""
ENGLISH = re.compile(
    r"\b(?:the|is|on|until|nothing|done|added|already|noted|kept|answer|not|number|digest|roster|every|weeks?)\b"
)


def effects(language: Language) -> list[tuple[str, str]]:
    told = config(language=language)
    life = Life(replace(told, digest=replace(told.digest, language=language)))
    return [life.one(line) for line in SAID.strip().split("\n")]


OTHER = tuple(language for language in LANGUAGES if language != "en")
QUOTED = re.compile(
    r"„[^“]*“|«[^»]*»|`[^`]*`|<[^>]*>|\([^)]*\)|\[[^]]*\]|\{[^}]*\}|confirm|resume|assistant do \w+|undo T\d+|\S+@\S+"
)
"""What the owner wrote, and commands."""


@pytest.mark.parametrize("language", OTHER)
def test_owners_are_told_in_their_language(language: Language) -> None:
    for _outcome, effect in effects(language):
        said = QUOTED.sub("", effect)
        assert not [word for word in ENGLISH.findall(said) if word not in FUNCTION_WORDS[language]], effect


def test_what_came_of_a_line_in_german_french_and_spanish() -> None:
    german, french, spanish = effects("de"), effects("fr"), effects("es")
    assert german[0][1].startswith(
        "Jane Roe <jane@roe.example>: neu auf der Liste, Mentoring, alle 3 Wochen, für „staff“"
    )
    assert ("ok", "Jane Roe: getroffen am Di. 3. März 2026, notiert: „talked promo“") in german
    assert ("ok", "Jane Roe\u00a0: rencontre le mar. 3 mars 2026, noté\u00a0: «\u00a0talked promo\u00a0»") in french
    assert ("ok", "Jane Roe: encuentro el mar. 3 de marzo de 2026, anotado «talked promo»") in spanish


@pytest.mark.parametrize("language", OTHER)
def test_no_english_word_is_left_in_the_texts_of_a_language(language: Language) -> None:
    """Outside quotation marks; `help` explains English commands, and two keys name one as it is typed."""
    english = FUNCTION_WORDS["en"] - FUNCTION_WORDS[language] - SHARED[language]
    tables = (
        {key: text for key, text in catalogue(language).items() if key not in {"help", "undo.later", "undo.itself"}},
        data_file("playbooks", language),
        {key: table for key, table in brief_lines(language).items() if key != "marks"},
    )
    for text in texts(tables):
        words = {fold_text(word) for word in tokens(QUOTED.sub("", text))}
        assert not words & english, text


@pytest.mark.parametrize("language", OTHER)
def test_the_language_changes_nothing_but_the_words(language: Language) -> None:
    english, others = effects("en"), effects(language)
    assert [outcome for outcome, _effect in english] == [outcome for outcome, _effect in others]
    same = [told for told, other in zip(english, others, strict=True) if told[1] == other[1]]
    assert same == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_the_help_reads_as_a_command(language: Language) -> None:
    assert len(Phrases("en").lines("help")) == len(Phrases(language).lines("help"))
    for line in Phrases(language).lines("help"):
        assert parse_line(line, Speech(DAY, language)).command is None, line


def test_what_is_asked_for_comes_in_german_too() -> None:
    told = config(language="de")
    life = Life(replace(told, digest=replace(told.digest, language="de")))
    life.add_people()
    life.do("Jane Roe every 3 weeks")

    def nothing_to_open() -> AbstractContextManager[Round]:
        raise AssertionError

    answers = StoreLookups(life.config, life.store, life.now, nothing_to_open, lambda _views: {})
    status, shown = answers.status(), answers.show("jane-roe")
    assert status[0].startswith("4 Menschen auf der Liste, ")
    assert status[1:3] == ("Offene Fragen: 0.", "Letzte Wochenmail: noch keine.")
    assert shown[0] == "Jane Roe (jane-roe): Mentoring, alle 21 Tage"
    assert "Adresse: jane@roe.example (von dir gesagt)" in shown
    assert not ENGLISH.search(" ".join((*status, *shown)))


def test_what_was_left_out_and_why_nothing_was_read_is_said_in_german() -> None:
    told = config(language="de")
    life = Life(replace(told, digest=replace(told.digest, language="de")))
    life.add_people()
    life.digest()
    (transcript,) = life.reply("2 skip")
    assert transcript.left_out == "die zitierte Wochenmail"
    assert transcript.lines[0].effect == (
        "Bob Li: diese Woche nicht, ich frage wieder am Mo. 9. März 2026 (Nummer 2 vom 2. März)"
    )
    (transcript,) = life.reply(*["note Bob: x"] * 301)
    assert transcript.lines[0].effect == "Deine Antwort hat mehr als 300 Zeilen: nichts davon gelesen, nichts getan."
