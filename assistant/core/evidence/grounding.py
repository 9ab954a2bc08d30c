"""Does a text say only what is so? The five checks of docs/writer.md, on every sentence, whoever wrote it.

    sentence -> evidence and quote -> numbers, days, names -> words -> hazards -> promises -> None, or what failed

Hazards are looked for first, since a text that hides something cannot be read truly; the names of the checks are those
that `brief --json` shows.
"""

# ruff: noqa: SIM905 -- lists of words are read best as text
from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from assistant.core.evidence import assertions
from assistant.core.evidence.dossier import Sentence
from assistant.core.evidence.hazards import hazard
from assistant.core.evidence.owner_text import CLOSING_WORDS, GREETING_WORDS
from assistant.core.evidence.polarity import contradicts
from assistant.core.evidence.promises import unfounded
from assistant.core.evidence.time_claims import Known, known, unsupported
from assistant.core.language.detect import WORDED, detect
from assistant.core.language.everyday import brief_words
from assistant.core.language.fold import fold_text
from assistant.core.language.lexicon import CHECKED_ELSEWHERE, Vocabulary, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.core.evidence.dossier import Dossier, Evidence, Words

CHECKER_VERSION: Final = 1
"""Counts up when the checks change: part of the key under which answers of a model are kept."""
HEADINGS: Final = frozenset("left_off advice tell ask avoid opening motives next_step".split())
LEAST_WORDS: Final = 40
_LONGEST: Final = 600
_LONGEST_ENDS: Final = 8
"""Words of a greeting or a sign-off."""
_NUMERAL = re.compile(r"\d+(?:[.,]\d+)*(?:st|nd|rd|th|er|e|ème|º|ª)?", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;…]\s+|[\n\"“„«(¿¡]\s*|–\s|—\s)$")
_MINUTES_DEFAULT: Final = (20, 30)


def check(sentence: Sentence, dossier: Dossier, *, brief: bool = False) -> str | None:
    """Return the name of the first check that `sentence` fails, None where it says only what is so.

    `brief` says that it is a line of a brief: then it is in the owner's language and may speak of the person as
    a third one. The kind "subject" is checked like a sentence against all the evidence. An empty text fails.
    """
    text = sentence.text
    cited = _cited(sentence, dossier)
    if found := _form(sentence, cited):
        return found
    if sentence.kind in {"greeting", "close"} and (found := _ends(sentence, dossier)):
        return found
    brief = brief or sentence.kind in _BRIEF_ONLY
    frame = _frame(dossier, text, tuple(item.number for item in cited or ()), brief=brief)
    return _claims(sentence, dossier, cited or (), frame, brief=brief)


def _form(sentence: Sentence, cited: tuple[Evidence, ...] | None) -> str | None:
    """Return what is wrong with a sentence whatever the words mean: length, evidence, quote, hazards."""
    if not sentence.text.strip():
        return "empty"
    if len(sentence.text) > _LONGEST:
        return "length"
    if cited is None:
        return "evidence"
    if sentence.quote and not _quoted(sentence.quote, cited):
        return "quote"
    return hazard(sentence.text, lines=sentence.kind == "close")


_BRIEF_ONLY: Final = HEADINGS - {"ask"}


def ground(words: Words, dossier: Dossier) -> Words:
    """Return the words without the sentences that fail, each of those in `dropped` with the check it failed.

    A subject that fails becomes "" (whoever asked must put another in its place).
    """
    dropped = list(words.dropped)
    subject = words.subject
    if reason := check(Sentence("subject", subject), dossier):
        dropped.append((subject, reason))
        subject = ""
    kept = _sift(words.sentences, dossier, dropped, brief=False)
    lines = _sift(words.brief, dossier, dropped, brief=True)
    return replace(words, subject=subject, sentences=kept, brief=lines, dropped=tuple(dropped))


def enough(words: Words) -> bool:
    """Return whether a draft still stands after grounding: a greeting, an ask, and 40 words or more."""
    kinds = {sentence.kind for sentence in words.sentences}
    return {"greeting", "ask"} <= kinds and len(words.body.split()) >= LEAST_WORDS


def _sift(
    sentences: tuple[Sentence, ...], dossier: Dossier, dropped: list[tuple[str, str]], *, brief: bool
) -> tuple[Sentence, ...]:
    kept = []
    for sentence in sentences:
        reason = check(sentence, dossier, brief=brief)
        if reason is None:
            kept.append(sentence)
        else:
            dropped.append((sentence.text, reason))
    return tuple(kept)


def _cited(sentence: Sentence, dossier: Dossier) -> tuple[Evidence, ...] | None:
    """Return the evidence a sentence cites, None where it cites a number that does not exist."""
    by_number = {item.number: item for item in dossier.evidence}
    if any(number not in by_number for number in sentence.evidence):
        return None
    return tuple(by_number[number] for number in sentence.evidence)


def _quoted(quote: str, cited: tuple[Evidence, ...]) -> bool:
    wanted = fold_text(quote).strip(" .,;:!?\"'")
    return bool(wanted) and any(wanted in fold_text(item.text) for item in cited)


_MET: Final = "done reached achieved met behind finished completed erreicht geschafft abgeschlossen atteint conseguido"
"""What code knows to be so of a goal the owner closed."""


class _Frame:
    """What of a dossier the checks look things up in; made once a dossier, language and set of cited evidence.

    Where evidence is cited, numbers, days and names must stand in that, or in what code computed.
    """

    def __init__(self, dossier: Dossier, language: str, cited: tuple[str, ...]) -> None:
        items = [item for item in dossier.evidence if not cited or item.number in cited or item.kind in _COMPUTED]
        self.words = Vocabulary(_texts(dossier, dossier.evidence, whole=True), language)
        self.named = Vocabulary(_texts(dossier, items, whole=not cited), language)
        self.told = tuple(item for item in dossier.evidence if item.kind not in _COMPUTED)
        self.language = language
        dates = {item.on for item in items if item.on} | {dossier.last_contact_on, dossier.person.until}
        intervals = {dossier.days_since, dossier.cadence_days}
        self.known: Known = known(
            dossier.today,
            (day for day in dates if day),
            _texts(dossier, [item for item in items if item.kind not in _COMPUTED], whole=not cited),
            (days for days in intervals if days is not None and days > 0),
            [item.text for item in items if item.kind in _COMPUTED],
        )


_COMPUTED: Final = frozenset({"roster", "contact", "computed"})


def _texts(dossier: Dossier, items: Iterable[Evidence], *, whole: bool) -> list[str]:
    """Return the texts of the evidence and what else code knows of the two people; `whole`: of all the evidence."""
    person = dossier.person
    texts = [*(item.text for item in items), person.name, dossier.owner_name, person.role, dossier.last_subject or ""]
    texts += [dossier.greeting or "", dossier.sign_off or ""]
    if whole:
        texts += [person.goal or "", *dossier.owner_goals, *dossier.wins]
    if dossier.situation == "goal-met":
        texts.append(_MET)
    return texts


@lru_cache(maxsize=256)
def _frame_of(dossier: Dossier, language: str, cited: tuple[str, ...]) -> _Frame:
    return _Frame(dossier, language, cited)


def _frame(dossier: Dossier, text: str, cited: tuple[str, ...], *, brief: bool) -> _Frame:
    language = dossier.owner_language if brief else dossier.language
    if not brief and dossier.language not in {"en", "de"} and detect(text) in {None, "en"} and language != detect(text):
        # The offline writer knows English and German: it writes English to those the owner writes another language to.
        language = "en" if language not in WORDED or detect(text) == "en" else language
    return _frame_of(dossier, language, cited)


def _claims(
    sentence: Sentence, dossier: Dossier, cited: tuple[Evidence, ...], frame: _Frame, *, brief: bool
) -> str | None:
    text, kind = sentence.text, sentence.kind
    asking = kind in {"ask", "subject"} or text.rstrip().endswith("?")
    minutes = (dossier.playbook.minutes if dossier.playbook else _MINUTES_DEFAULT) if asking else None
    if kind in {"greeting", "close"}:
        return unsupported(text, frame.known, minutes=None) or _unknown(text, frame, brief=brief)
    return (
        unsupported(text, frame.known, minutes=minutes)
        or _names(text, frame)
        or _unknown(text, frame, brief=brief)
        or ("promise" if unfounded(text, frame.words) else None)
        or (_turned(text, cited, frame) if brief else _invented(text, cited or dossier.evidence, frame))
    )


def _unknown(text: str, frame: _Frame, *, brief: bool) -> str | None:
    """Return "words" where a word is neither in the evidence nor an everyday one."""
    extra = brief_words(frame.language) if brief else frozenset()
    words = (word for word in tokens(text) if not _NUMERAL.fullmatch(word) and fold_text(word) not in extra)
    return None if all(frame.words.allows(word) for word in words) else "words"


def _invented(text: str, near: tuple[Evidence, ...], frame: _Frame) -> str | None:
    """Return what is wrong with what a sentence of a draft reports."""
    if assertions.invented(text, frame.told, frame.language):
        return "claim"
    # What code worded speaks to the owner: its "you" is not the reader's.
    return contradicts(text, [item for item in near if item.kind not in _COMPUTED], frame.language)


def _turned(text: str, cited: tuple[Evidence, ...], frame: _Frame) -> str | None:
    """Return "negation" for a line of a brief that denies what it cites; who is who is told otherwise in a brief."""
    return "negation" if cited and contradicts(text, cited, frame.language) == "negation" else None


def _names(text: str, frame: _Frame) -> str | None:
    """Return "name" for a capitalised word within a sentence that the evidence lacks (English, French, Spanish)."""
    if frame.language == "de":
        return None  # German nouns are capitalised: there the word check decides
    for match in re.finditer(r"[^\W\d_][\w'’&.-]*", text):
        word = match[0].strip(".'’-")
        if (
            not word[:1].isupper()
            or fold_text(word) in CHECKED_ELSEWHERE
            or word in {"I", "I'm", "I've", "I'd", "I'll", "I’m", "I’ve", "I’d", "I’ll", "OK"}
        ):
            continue
        if _SENTENCE_START.search(text[: match.start()]) and word[1:] == word[1:].lower():
            continue
        if not frame.named.holds(word) and not all(
            frame.named.holds(part) for part in re.split(r"['’.&-]", word) if part
        ):
            return "name"
    return None


def _ends(sentence: Sentence, dossier: Dossier) -> str | None:
    """Return what is wrong with a greeting or a sign-off: it may name this person, or the owner, and nobody else."""
    greeting = sentence.kind == "greeting"
    learned = dossier.greeting if greeting else dossier.sign_off
    if learned and fold_text(sentence.text).strip(" ,.!") == fold_text(learned).strip(" ,.!"):
        return None
    name = dossier.person.name if greeting else dossier.owner_name
    words = {fold_text(part) for token in tokens(name) for part in (token, *re.split(r"['’.-]", token))}
    polite = GREETING_WORDS if greeting else CLOSING_WORDS
    if all(fold_text(word) in words | polite for word in tokens(sentence.text)):
        return None
    return "name" if len(sentence.text.split()) <= _LONGEST_ENDS else "length"
