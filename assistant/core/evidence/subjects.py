"""The subject of a message as a person would say it: "the platform migration", not "Re: FW: [OPS-12] Platform …"."""

# ruff: noqa: SIM905 -- lists of words are read best as text
from __future__ import annotations

import re
from typing import Final

from assistant.core.evidence.owner_text import one_line
from assistant.core.language.calendar_words import MONTHS, WEEKDAYS
from assistant.core.language.detect import END_OF_LATIN
from assistant.core.language.lexicon import word_list

_PREFIX = re.compile(
    r"^\s*(?:(?:re|fw|fwd|aw|wg|antw|antwort|sv|vs|tr|rv|ref|odp|ynt|res|enc|vl|i|r)(?:\s?[\[(]\d+[\])])?\s*:"
    r"|(?:updated |canceled |cancelled |declined |tentative )?(?:invitation|event)\s*:|(?:accepted|declined"
    r"|tentative)\s*:"
    r"|(?:einladung|zugesagt|abgesagt|aktualisiert|angenommen|abgelehnt)\s*:|\[[^\[\]]{0,60}\]|\([^()]{0,30}\)\s*:)\s*",
    re.IGNORECASE,
)
_TICKET = re.compile(r"[\[(]?\b[A-Z][A-Z0-9]{1,9}-\d+\b[\])]?|[\[(]?#\d+[\])]?|\[[^\[\]]{0,60}\]")
_WAS = re.compile(r"\((?:was|war)\b[^()]{0,200}\)", re.IGNORECASE)
_EDGES = " \t-–—:|·•*~,.;/\\<>\"'“”„‘’«»"
_LEAST_LETTERS: Final = 4
_MOST_WORDS: Final = 7

_EMPTY: Final = frozenset(
    "hi hello hey hallo moin lunch coffee kaffee dinner beer drinks breakfast call chat quick question "
    "questions thanks "
    "thank you thx danke fyi update updates meeting meet catch up catchup catch-up check in check-in checkin follow "
    "followup follow-up ping test no subject ohne betreff kein touch base sync 1:1 one on touchpoint today tomorrow "
    "next this last week weekend hope well long time see "
    "greetings happy new year birthday merry christmas congratulations congrats invite invitation intro introduction a "
    "the our my your for from to of and with again some one small short kurze frage fragen treffen termin mittagessen "
    "heute morgen nächste diese letzte woche bitte please "
    "wie geht's geht es dir ein eine der die das mein dein zum zur für und mit wieder mal merci gracias bonjour hola "
    "déjeuner café question reunión réunion info news neues important urgent wichtig dringend favour favor bitte "
    "schedule scheduling availability time termine feedback reminder erinnerung out office ooo yes no re".split()
) | frozenset(name.lower() for tongue in ("en", "de") for name in WEEKDAYS[tongue])
_NOT_A_THING: Final = frozenset(
    "i you we he she they it i'm i'd i'll we're you're it's let's let can could would will shall should must "
    "do does did "
    "is are am was were have has had please how what why when where who which whether if need needs want wants thank "
    "sorry hope join come send see me us my your mine yours "
    "ich du wir sie er ihr kannst könntest können kann könnte wollen willst soll sollen bitte wie was warum "
    "wann wo wer "
    "mein meine dein deine deinen ihre welche ob ist sind war hast haben habe brauche mir dir uns "
    "je tu vous nous peux pouvez pourrais est quoi comment quand yo tú puedes podemos qué cómo cuándo quién".split()
)
_DAYS: Final = frozenset(name.lower() for table in (MONTHS, WEEKDAYS) for names in table.values() for name in names)
_ARTICLES: Final = frozenset(
    "the a an my your our his her their this that these those some any all both der die das ein eine mein dein "
    "unser".split()
)
_ENGLISH_HINTS: Final = frozenset(
    "the of for and with from your our my about into on at to in by new plan review".split()
)
_GERMAN_HINTS: Final = frozenset(
    "der die das und für mit von zur zum im am auf über eine ein neue neuer neues dein deine mein unser unsere "
    "bei".split()
)
_PREPOSITIONS: Final = frozenset("for of on in at with about from to and after before by up over into between".split())
_MASS: Final = frozenset(
    "quality feedback advice research training planning hiring onboarding leadership management testing "
    "mentoring progress work security privacy "
    "documentation infrastructure engineering science access growth publishing writing reading teaching "
    "writing english german python rust".split()
)
_COMMON_ENDINGS: Final = (
    "tion",
    "tions",
    "sion",
    "ment",
    "ments",
    "ness",
    "ship",
    "ance",
    "ence",
    "ity",
    "ing",
    "ings",
    "ism",
    "ology",
    "ical",
    "ional",
    "ure",
    "ures",
)
_WORK: Final = frozenset(
    "platform project product team budget review roadmap offsite workshop conference draft proposal report "
    "launch release quarterly annual weekly "
    "monthly design data research paper code test customer client user support sale finance office travel trip "
    "course career mentor job role offer "
    "contract salary security incident outage postmortem retro retrospective backlog sprint demo prototype "
    "pilot on-call handover reorg community "
    "meetup panel keynote slide abstract book article blog newsletter website app mobile web search payment "
    "invoice vendor partner legal privacy "
    "audit process pipeline model experiment result metric dashboard survey summer winter autumn spring fall "
    "new old final early joint shared "
    "internal open technical staff senior science business work year-end kickoff kick-off proposal thesis "
    "grant library database server cluster "
    "network cloud cost customer feature bug fix upgrade rollout plan goal talk idea note draft outline "
    "chapter award party dinner visit board "
    "committee group panel student intern reference letter application position opening program programme "
    "policy style guide standard benchmark bench "
    "tool script quality risk safety health energy climate market growth story interview phone video remote "
    "hybrid language "
    "reading writing teaching open-source quarter half year week month agenda minute action item list question "
    "answer".split()
)
_GERMAN_ENDINGS: Final = (
    "ung",
    "ungen",
    "heit",
    "keit",
    "schaft",
    "tion",
    "ionen",
    "plan",
    "gespräch",
    "wechsel",
    "bericht",
)


def clean_subject(subject: str) -> str | None:
    """Return a subject on one line without Re:, Fwd:, tags and ticket numbers; None where nothing is left."""
    text = one_line(subject, 200)
    while (shorter := _PREFIX.sub("", text)) != text:
        text = shorter
    text = " ".join(_TICKET.sub(" ", _WAS.sub(" ", text)).split()).strip(_EDGES)
    return text or None


def topic(subject: str | None, language: str) -> str | None:
    """Return the cleaned subject as words that fit after "about" (English) or "zum Thema" (German), else None.

    None for what no person would quote: greetings, questions, whole sentences, lone generic words ("Lunch?"),
    numbers, shouting, too long a subject, or one that is in another language than the draft.
    """
    if subject is None or language not in {"en", "de"}:
        return None
    words = subject.split()
    if not _is_a_thing(subject, words) or _other_language(words, language):
        return None
    return _english(words) if language == "en" else _german(words)


def _is_a_thing(subject: str, words: list[str]) -> bool:
    lowered = [word.lower().strip(_EDGES + "?!()") for word in words]
    letters = sum(char.isalpha() for char in subject)
    return (
        len(words) <= _MOST_WORDS
        and letters >= _LEAST_LETTERS
        and letters >= len(subject.replace(" ", "")) * 0.7
        and not re.search(r"[?!:;=<>{}@|…/\\]|\.\.|\d{3,}|\d\s*$", subject)
        and not (subject.isupper() and len(words) > 1)
        and not all(word in _EMPTY or not word.isalpha() for word in lowered)
        and not any(word in _NOT_A_THING or word in _DAYS for word in lowered)
        and not _names_only(words)
    )


def _names_only(words: list[str]) -> bool:
    """Return whether a subject is but names side by side ("Jane / Priya")."""
    return len(words) > 1 and all(w[:1].isupper() and not _common(w.lower()) and not w.isupper() for w in words)


def _other_language(words: list[str], language: str) -> bool:
    lowered = {word.lower() for word in words}
    if any(ord(char) > END_OF_LATIN for word in words for char in word if char.isalpha()):
        return True
    german = len(lowered & _GERMAN_HINTS) + sum(word.endswith(_GERMAN_ENDINGS[:5]) for word in lowered - _ENGLISH_HINTS)
    german += sum(any(char in "äöüß" for char in word) for word in lowered)
    english = len(lowered & _ENGLISH_HINTS) + sum(word.endswith(("ing", "ment", "ship", "ness")) for word in lowered)
    romance = len(lowered & {"de", "la", "le", "les", "des", "du", "el", "los", "para", "del", "sur", "pour", "una"})
    if romance:
        return True
    if language == "en":
        # "-ion" and "-ung" alone say little: "migration" is both.
        hard = len(lowered & (_GERMAN_HINTS - _ENGLISH_HINTS)) + sum(any(c in "äöüß" for c in w) for w in lowered)
        hard += sum(
            word.endswith(("ungen", "ung", "heit", "keit", "schaft", "wechsel", "gespräch", "bericht"))
            for word in lowered
        )
        return hard > 0 and english <= hard
    return english > german


def _english(words: list[str]) -> str:
    first = words[0].lower()
    if first in _ARTICLES or first.endswith(("'s", "’s", "s'")):
        return " ".join([first if first in _ARTICLES else words[0], *words[1:]])
    words = [_lowered(word, index, words) for index, word in enumerate(words)]
    gerund = (
        first.endswith("ing") and len(words) > 1 and (words[1] in _ARTICLES | _PREPOSITIONS or words[1][0].isupper())
    )
    named = len(words) == 1 and words[0][0].isupper()
    bare = gerund or named or _plural(_head(words)) or _head(words).lower() in _MASS
    return " ".join(words if bare else ["the", *words])


def _lowered(word: str, index: int, words: list[str]) -> str:
    """Return `word` as it stands within a sentence: title case goes, names and abbreviations stay."""
    if not word[:1].isupper() or not word[1:].islower():
        return word
    titled = len(words) > 1 and sum(w[:1].isupper() for w in words) > len(words) / 2
    return word.lower() if (index == 0 or titled) and _common(word.lower()) else word


def _common(word: str) -> bool:
    stems = {word, word.removesuffix("s"), word.removesuffix("es")}
    return bool(stems & (_WORK | word_list("function", "en") | word_list("courtesy", "en"))) or word.endswith(
        _COMMON_ENDINGS
    )


def _head(words: list[str]) -> str:
    for index, word in enumerate(words):
        if index and word.lower() in _PREPOSITIONS:
            return words[index - 1]
    return words[-1]


def _plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us", "is")) and word.isalpha()


def _german(words: list[str]) -> str:
    if words[0].lower() in {"unser", "unsere", "mein", "meine", "dein", "deine", "der", "die", "das", "ein", "eine"}:
        words = words[1:]
    return " ".join(words) if words else ""
