"""What no sentence may hold, whoever wrote it and in whatever language: the hard checks of docs/writer.md.

    form -> evidence, quote -> hazards -> language -> commitments -> time, numbers -> names -> None, or what failed

They judge what a machine can: digits, capitals, quotes, the calendar, a few closed lists. Whether the other words of a
sentence are true is for the verifier, or else for `novelty`. Hazards come early: a text that hides something can't be
read truly. The names of the checks are those that `brief --json` shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from assistant.core.evidence.commitments import commitment
from assistant.core.evidence.courtesy import asks, needs_verdict
from assistant.core.evidence.dossier import FOR_THE_OWNER, Sentence
from assistant.core.evidence.free_time import offers_another
from assistant.core.evidence.hazards import hazard
from assistant.core.evidence.known_time import Dated, Known, read
from assistant.core.evidence.names import Names, unknown_name, unknown_office
from assistant.core.evidence.owner_text import CLOSING_WORDS, GREETING_WORDS
from assistant.core.evidence.time_claims import unsupported
from assistant.core.language.detect import detect, speaks_another
from assistant.core.language.fold import fold_text
from assistant.core.language.lexicon import tokens

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier, Evidence, Words

__all__ = ["CHECKER_VERSION", "COMPUTED", "check", "evidence_language", "ground", "known_to", "needs_verdict"]
CHECKER_VERSION: Final = 5
"""Counts up when the checks change: part of the key under which answers of a model are kept."""
_LONGEST: Final = 600
_LONGEST_ENDS: Final = 8
"""Words of a greeting or a sign-off."""
_LEAST_QUOTED: Final = 3
"""Words between quotation marks that make a quote; fewer are a title or a word used with tongs."""
_SUGGESTS: Final = frozenset({"opening", "ask"})
"""Lines of a brief that put words into the owner's mouth."""
COMPUTED: Final = frozenset({"roster", "contact", "computed"})
_MARKED = re.compile(r"[\"“„«]\s?([^\"“”„«»]+?)\s?[\"”“»]")
_ELLIPSIS = re.compile(r"\s*(?:\.{3}|…|\[…\])\s*")


def check(sentence: Sentence, dossier: Dossier, *, brief: bool = False) -> str | None:
    """Return the name of the first hard check that `sentence` fails, None where it passes them all.

    `brief` says that it is a line of a brief: then it is in the owner's language and speaks to the owner. The kind
    "subject" is checked like a request. An empty text fails.
    """
    text = sentence.text
    if not text.strip() or len(text) > _LONGEST:
        return "length" if text.strip() else "empty"
    by_number = {item.number: item for item in dossier.evidence}
    if not by_number.keys() >= set(sentence.evidence):
        return "evidence"
    cited = tuple(by_number[number] for number in sentence.evidence)
    if sentence.quote and not _stands(sentence.quote, cited or dossier.evidence):
        return "quote"
    private = not brief and any(item.kind in FOR_THE_OWNER for item in cited)
    if found := "private" if private else hazard(text, lines=sentence.kind == "close"):
        return found
    if sentence.kind in {"greeting", "close"}:
        return _ends(sentence, dossier)
    return _claims(sentence, dossier, dossier.owner_language if brief else dossier.language, brief=brief)


def ground(words: Words, dossier: Dossier) -> Words:
    """Return the words without the sentences that fail, each of those in `dropped` with the check it failed.

    A subject that fails becomes "" (whoever asked must put another in its place).
    """
    dropped = list(words.dropped)
    subject = words.subject
    if reason := check(Sentence("subject", subject), dossier):
        dropped.append((subject, reason))
        subject = ""
    kept: dict[bool, list[Sentence]] = {False: [], True: []}
    for brief, sentences in ((False, words.sentences), (True, words.brief)):
        for sentence in sentences:
            if reason := check(sentence, dossier, brief=brief):
                dropped.append((sentence.text, reason))
            else:
                kept[brief].append(sentence)
    return replace(
        words, subject=subject, sentences=tuple(kept[False]), brief=tuple(kept[True]), dropped=tuple(dropped)
    )


def evidence_language(items: tuple[Evidence, ...]) -> str:
    """Return the language most of these pieces are in, "" where that can't be told; what code worded doesn't count."""
    return detect("\n".join(item.text for item in items if item.kind not in COMPUTED)) or ""


def _stands(quote: str, items: tuple[Evidence, ...]) -> bool:
    """Return whether every piece of a quote ("first … second") stands in one piece of evidence."""
    pieces = [_unmarked(piece).strip(" .,;:!?") for piece in _ELLIPSIS.split(quote)]
    texts = [_unmarked(item.text) for item in items]
    return any(pieces) and all(any(piece in text for text in texts) for piece in pieces if piece)


def _unmarked(text: str) -> str:
    """Return a text for comparing without quotation marks: those within a quote are made single."""
    return re.sub(r"[\"'‚‘’“”„«»]", "", fold_text(text))


def _misquotes(text: str, dossier: Dossier) -> bool:
    """Return whether a text has words between quotation marks that stand in no evidence."""
    quotes = [quoted for quoted in _MARKED.findall(text) if len(quoted.split()) >= _LEAST_QUOTED]
    subjects = fold_text("\n".join(filter(None, (dossier.topic, dossier.last_subject))))
    return not all(fold_text(quoted) in subjects or _stands(quoted, dossier.evidence) for quoted in quotes)


def _claims(sentence: Sentence, dossier: Dossier, language: str, *, brief: bool) -> str | None:
    text, frame = sentence.text, _frame(dossier, sentence.evidence)
    bare = _MARKED.sub(" ", text)
    if speaks_another(bare, language):
        return "language"
    if language == frame.language and not (brief and sentence.kind in _SUGGESTS) and _misquotes(text, dossier):
        return "quote"
    # What is quoted word for word is the evidence's own: a weekday in it belongs to no date outside of it.
    own = _MARKED.sub(lambda quoted: " " if _stands(quoted[1], dossier.evidence) else quoted[0], text)
    if found := commitment(own, "\n".join(frame.names.texts), brief=brief):
        return found
    if found := _untimely(own, language, frame.known, dossier, asks=asks(sentence), brief=brief):
        return found
    if unknown_name(own, language, frame.names):
        return "name"
    return "title" if unknown_office(own, language, frame.names) else None


def _untimely(text: str, language: str, known: Known, dossier: Dossier, *, asks: bool, brief: bool) -> str | None:
    """Return what is wrong with the times and numbers of a text, None for nothing."""
    if dossier.slots and asks and not brief and offers_another(text, language, dossier.slots):
        return "time"
    return unsupported(text, language, known, asks=asks, brief=brief)


def known_to(sentence: Sentence, dossier: Dossier) -> Known:
    """Return what the evidence says of time and number, and what follows from what the sentence cites."""
    return _frame(dossier, sentence.evidence).known


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the checks look things up in, made once a dossier and set of cited evidence."""

    names: Names
    known: Known
    language: str
    """The language of the evidence, as far as one can tell."""


@lru_cache(maxsize=512)
def _frame(dossier: Dossier, cited: tuple[str, ...]) -> _Frame:
    person = dossier.person
    more = [person.name, dossier.owner_name, person.role, person.goal, dossier.last_subject, dossier.topic]
    more += [dossier.greeting, dossier.sign_off, *dossier.owner_goals, *dossier.wins]
    names = Names((*(item.text for item in dossier.evidence), *(text for text in more if text)))
    dated = [
        Dated(item.text, item.on, cited=item.number in cited, computed=item.kind in COMPUTED)
        for item in dossier.evidence
    ]
    dated += [Dated(text, None) for text in more[2:] if text]
    days = [dossier.last_contact_on, dossier.last_letter_on, person.until]
    known = read(dossier.today, dated, [day for day in days if day])
    if dossier.cadence_days:
        known = replace(known, lengths=known.lengths | {float(dossier.cadence_days)})
    return _Frame(names, known, evidence_language(dossier.evidence) or dossier.language)


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
