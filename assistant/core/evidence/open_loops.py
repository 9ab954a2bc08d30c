"""What the owner's letters leave open, quoted word for word (docs/writer.md, "Open loops").

    letters, newest first -> sentences -> a question, a promise, advice or news? -> settled since? -> the best first

One that is wrong is worse than none. So the last letter comes first, since no later one can have settled what it says;
an earlier one counts only where nothing that was written later touches the same thing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.core.evidence.dossier import OpenLoop
from assistant.core.language.calendar_words import MONTHS, UNITS, WEEKDAYS
from assistant.core.language.cues import LANGUAGES, bare, opens, says
from assistant.core.language.data_files import data_file
from assistant.core.language.detect import FUNCTION_WORDS, detect
from assistant.core.language.numbers import NUMBER_WORDS
from assistant.core.language.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from assistant.core.evidence.dossier import LoopKind
    from assistant.core.evidence.letters import Letter

_LEAST_WORDS: Final = 4
_LONG_QUESTION: Final = 8
"""Words of a question that carries enough to be answered; a shorter one that names nobody is mostly a sigh."""
_MOST_LETTERS: Final = 260
"""Longer sentences are cut to a clause, or not quoted."""
_NAMED: Final = 4
"""Letters of a word that names what a letter settles: "jack"."""
_TELLING: Final = 5
"""Letters of a word that is worth comparing; shorter ones are mostly glue, in all four languages."""
_SHE: Final = re.compile(r"\bsie\b|\bSie (?=(?:hat|ist|war|wird|will|kann|soll|hatte)\b)")
# "Sans toi", and not "sans vous mettre dans l'embarras".
_WITHOUT_YOU: Final = re.compile(
    r"\b(?:without|ohne|sans|sin) (?:you|dich|sie|euch|toi|vous|ti|usted|vos)\b(?! (?:\w+(?:er|ir|re)|\w+ing|zu)\b)",
    re.IGNORECASE,
)
_WOULD: Final = re.compile(r"\b(?:would|could|wurden?|taten?|waren?|\w+ria(?:mos|n)?|\w+r(?:ai[st]|aient|ions))\b")
_SAID_BY: Final = re.compile(
    r"\b(?:[Mm]e|[Nn]os) (?:dijo|dice|aconsejó|recomendó|sugirió|contó) "
    r"(?:mis?|el|la|los|las|una?|don|doña|[A-ZÁÉÍÓÚÑ]\w+)\b"
)
_CLAUSE = re.compile(r"(?<=[:;])\s+|\s+[–—-]\s+")
_MONTH: Final = "|".join(bare(month) for names in MONTHS.values() for month in names)
_DAY = re.compile(rf"\b\d{{1,2}}(?:\.(?!\d)|st\b|nd\b|rd\b|th\b|[:h]\d{{2}}\b|\s+(?:de\s+|of\s+)?(?:{_MONTH})\b)")
_MORGEN: Final = re.compile(r"(?<!am )(?<!guten )(?<!jeden )\bmorgen\b")
"""German "tomorrow"; the morning has a capital."""
_WORD = re.compile(r"[^\W\d_]+")
# "Algún sábado de diciembre" is no appointment.
_SOME_DAY: Final = re.compile(
    rf"\b(?:alg[uú]n|alguno de los|cualquier|some|any|irgendein\w*|quelque|n[’']importe quel) "
    rf"(?:{'|'.join(name for names in WEEKDAYS.values() for name in names)})\b",
    re.IGNORECASE,
)
# Months, days, counts and glue stand in letters about anything.
_GLUE: Final = {
    bare(word)[:_TELLING]
    for table in (*MONTHS.values(), *WEEKDAYS.values(), *UNITS.values(), NUMBER_WORDS, *FUNCTION_WORDS.values())
    for word in table
}
_TELLS_NOTHING: Final = {
    bare(word) for language in LANGUAGES for word in data_file("cues", language)["glue"][0].split("|")
}
_SHORT_GLUE: Final = {bare(word) for table in FUNCTION_WORDS.values() for word in table}
_FEW_TELLING: Final = 1
_MONTHS_AHEAD: Final = 2
_MORE_OWED: Final = 2
_ORDER: Final[tuple[LoopKind, ...]] = ("question", "promise", "advice", "news")


def open_loops(
    letters: Sequence[Letter], told: Iterable[str] = (), most: int = 3, noted: Iterable[tuple[date, str]] = ()
) -> tuple[OpenLoop, ...]:
    """Return what is open, the best first, at most `most`; `letters` newest first.

    `told` are the owner's notes since the newest, `noted` those with a day of their own, which may settle an older one.
    """
    found: list[OpenLoop] = []
    noted = [*noted]
    told = [*told, *(text for on, text in noted if letters and on > letters[0].on)]
    later = [*told]
    for age, letter in enumerate(letters):
        language = detect(letter.words) or detect(f"{letter.greeting or ''} {letter.words} {letter.subject}") or "en"
        loops = _loops(letter, language)
        since = later + [text for on, text in noted if on > letter.on]
        open_still = [loop for loop in loops if not _touched(about(loop, letter.words), since)]
        kept = [loop for loop in open_still if age == 0 or not _answered(loop, letter.words, letters[:age], language)]
        found += kept
        again = (loop for loop in loops if loop not in kept)
        found += [loop for loop in again if _renewed(loop, letter, letters[:age], told, language)]
        later.append(f"{letter.subject}\n{letter.words}")
    owed = [loop for loop in found[most:] if loop.kind == "promise"]
    return (*found[:most], *owed[:_MORE_OWED])  # a debt is never crowded out by questions


def _loops(letter: Letter, language: str) -> list[OpenLoop]:
    said = _joined(sentences(letter.words))
    found: list[tuple[float, int, OpenLoop]] = []
    for place, sentence in enumerate(said):
        before = said[place - 1] if place else ""
        after = said[place + 1] if place + 1 < len(said) else ""
        kind = _kind(sentence, before, after, language, letter.on)
        quote = _quote(sentence, kind, language) if kind else ""
        if kind and quote:
            # A question that names nobody may be one the owner only thinks about: a promise is surer.
            loose = kind == "question" and not says("you", language, quote)
            rank = _ORDER.index(kind) + 1.5 * loose
            found.append((rank, -place if kind == "question" else place, OpenLoop(kind, quote, letter.on)))
    return [loop for _, _, loop in sorted(found, key=lambda each: each[:2])]


def _joined(said: list[str]) -> list[str]:
    """Return sentences, fragments in a row as one: "The script: yes. I know. It's coming."."""
    found: list[str] = []
    short = False
    for sentence in said:
        was, short = short, len(sentence.split()) < _LEAST_WORDS and sentence.endswith(".")
        if was and short:
            found[-1] = f"{found[-1]} {sentence}"
        else:
            found.append(sentence)
    return found


def _kind(sentence: str, before: str, following: str, language: str, on: date) -> LoopKind | None:
    if len(sentence.split()) < _LEAST_WORDS:
        return None
    sentence = _others_left_out(sentence, language)
    asks = _is_question(sentence, language)
    if asks or says("question", language, sentence):
        # "I'm in town on 4 and 5 June. Could I see you?" is as past as one that names the day itself.
        dated = says("logistics", language, without_some_day(sentence)) or (
            _dated(f"{before} {sentence}") and not _months_on(sentence, on)
        )
        dated = dated or _for_tomorrow(sentence, language)  # a letter is weeks old when its answer is looked for
        idle = dated or _idle(sentence, language) or any(says(cue, language, sentence) for cue in ("aside", "loan"))
        to_nobody = asks and (
            _answers_itself(sentence, following, language) or not _asks_reader(sentence, following, language)
        )
        # "Let me know if you need a hand", and not "If you ever have an hour, I'd like to hear how you did it".
        turns = any(says(cue, language, sentence) for cue in ("offer", "idiom"))
        offers = not asks and turns and not says("wonders", language, sentence)
        return None if idle or to_nobody or offers else "question"
    kept = says("settles", language, sentence)  # "attached, as promised"
    # What was promised to nobody is a plan.
    theirs = says("owed", language, sentence) or (
        says("you", language, sentence) and says("promise", language, sentence)
    )
    if theirs and not kept and not any(says(cue, language, sentence) for cue in ("logistics", "idiom")):
        return "promise"
    if sentence.rstrip().endswith("?"):
        return None
    if says("advice", language, sentence) and not says("no_advice", language, sentence):
        told = says("outcome", language, sentence) or says("outcome", language, following)
        return None if told else "advice"
    return "news" if says("news", language, sentence) and not _of_others(sentence, language) else None


def _of_others(sentence: str, language: str) -> bool:
    """Return whether joy is that of others, or the owner's own: "The team were pleased", "Qué bien lo de ayer"."""
    return says("own_news", language, sentence) and not says("you", language, sentence)


def _others_left_out(sentence: str, language: str) -> str:
    """Return a sentence without what says of others what would else be said of the reader."""
    if language == "de" and _SHE.sub("", sentence) != sentence and sentence.lower() != sentence:
        return _SHE.sub("man ", sentence)  # "Warum sie sich für uns entschieden hat?": the reader is "Sie"
    return _SAID_BY.sub("", sentence) if language == "es" else sentence  # "me dijo mi primo"


def without_some_day(sentence: str) -> str:
    """Return a sentence without the days that are none in particular: "some Saturday in December"."""
    return _SOME_DAY.sub("", sentence)


def _months_on(sentence: str, on: date) -> bool:
    """Return whether a sentence names a month that comes a month or two after the letter's own."""
    words = set(_WORD.findall(bare(sentence)))
    named = (place for names in MONTHS.values() for place, name in enumerate(names, 1) if bare(name) in words)
    return any(1 <= (place - on.month) % 12 <= _MONTHS_AHEAD for place in named)


def _dated(sentence: str) -> bool:
    """Return whether a question names a day or an hour, which is past by now: "on the 22nd", "am 22.", "at 17:40"."""
    return bool(_DAY.search(bare(sentence)))


def _for_tomorrow(sentence: str, language: str) -> bool:
    """Return whether a question is for a day that is past whenever somebody looks for its answer."""
    return says("tomorrow", language, sentence) or (language == "de" and bool(_MORGEN.search(sentence)))


def _idle(sentence: str, language: str) -> bool:
    brief = len(sentence.split()) < _LONG_QUESTION  # "How are you covering the nights, have you had to …?" is none
    return opens("rhetorical", language, sentence) or (brief and opens("small_talk", language, sentence))


def _is_question(sentence: str, language: str) -> bool:
    """Return whether a sentence asks; a statement with a question mark, or a joke in brackets, doesn't."""
    if not sentence.rstrip("\"'”“»’) ").endswith("?") or sentence.startswith("("):
        return False
    # French and Spanish ask by the mark alone.
    return language in {"fr", "es"} or opens("asks", language, sentence)


def _asks_reader(sentence: str, following: str, language: str) -> bool:
    """Return whether a question is for the reader: it names them, or it is long, and not about the writer alone."""
    sentence = _quote(sentence, "question", language)
    # "What would I do without you?", "¿Qué haríamos los novatos sin ti?"
    if _WITHOUT_YOU.search(sentence) and (says("me", language, sentence) or _WOULD.search(bare(sentence))):
        return False
    # "Did they take it well? You had the better seat."
    if says("you", language, sentence) or (following and says("you", language, following.split(" ", 1)[0])):
        return True
    return len(sentence.split()) >= _LONG_QUESTION and not says("me", language, sentence)


def _answers_itself(question: str, following: str, language: str) -> bool:
    """Return whether the sentence after a question answers it or takes it back: "Because …", "Never mind."."""
    if not following or following.rstrip().endswith("?"):
        return False
    why = says("why", language, question) and opens("reason", language, following)
    # "Tú entiendes más." says why it is they who are asked.
    brief = len(following.split()) < _LEAST_WORDS and not says("you", language, following)
    return brief or why or opens("retracts", language, following)


def _quote(sentence: str, kind: LoopKind, language: str) -> str:
    """Return the part to quote: the whole sentence, or the clause that carries it where that is shorter."""
    clauses = [clause for clause in _CLAUSE.split(sentence) if clause]
    if kind == "question" and len(clauses) > 1 and len(clauses[-1].split()) >= _LEAST_WORDS and "?" in clauses[-1]:
        return clauses[-1].strip()
    if len(sentence) <= _MOST_LETTERS:
        return sentence.strip()
    carrying = (clause.strip() for clause in clauses if says(kind, language, clause))
    fits = (clause for clause in carrying if len(clause.split()) >= _LEAST_WORDS and len(clause) <= _MOST_LETTERS)
    return next(fits, "")


def telling(text: str) -> set[str]:
    """Return the beginnings of the words of a text that tell what it is about."""
    words = (word for word in _WORD.findall(bare(text)) if len(word) >= _TELLING and word not in _TELLS_NOTHING)
    return {word[:_TELLING] for word in words} - _GLUE


def about(loop: OpenLoop, words: str) -> str:
    """Return a loop with the sentence before it where only that one says what is meant: "What do you make of it?"."""
    said = sentences(words)
    place = next((at for at, sentence in enumerate(said) if loop.quote in sentence), 0)
    bare_question = loop.kind == "question" and len(telling(loop.quote)) < _FEW_TELLING
    return f"{said[place - 1]} {loop.quote}" if place and bare_question else loop.quote


def touches(one: str, other: str) -> bool:
    """Return whether two texts share a word that tells what they are about."""
    return bool(telling(one) & telling(other)) or bool(short_names(one) & short_names(other))


def short_names(text: str) -> set[str]:
    """Return the short nouns of a text whose words are few enough for each of them to count."""
    words = [word for word in _WORD.findall(bare(text)) if len(word) >= _NAMED]
    return {word for word in words if len(word) == _NAMED and word not in _SHORT_GLUE | _TELLS_NOTHING}


def _touched(quote: str, later: Sequence[str]) -> bool:
    return bool(later) and touches(quote, "\n".join(later))


def _renewed(loop: OpenLoop, letter: Letter, since: Sequence[Letter], told: Iterable[str], language: str) -> bool:
    """Return whether a later letter says that a promise still holds, and no note that it is kept."""
    before = sentences(letter.words)
    place = next((at for at, sentence in enumerate(before) if loop.quote in sentence), 0)
    promised = " ".join([*before[max(place - 1, 0) : place], loop.quote])  # "… the council. I'll ring them."
    said = [sentence for one in since for sentence in sentences(one.words)]
    again = (sentence for sentence in said if says("renews", language, sentence) and touches(promised, sentence))
    return loop.kind == "promise" and not _touched(loop.quote, [*told]) and any(again)


def _due_later(loop: OpenLoop, words: str, since: Sequence[Letter]) -> bool:
    """Return whether a report is on what comes after the later letters: "The audit is in November. I'll tell you."."""
    said = sentences(words)
    place = next((at for at, sentence in enumerate(said) if loop.quote in sentence), 0)
    near = set(_WORD.findall(bare(" ".join(said[max(place - 1, 0) : place + 1]))))
    named = {at for names in MONTHS.values() for at, name in enumerate(names, 1) if bare(name) in near}
    written = max((letter.on for letter in since), default=loop.on)
    apart = (written.year - loop.on.year) * 12 + written.month - loop.on.month
    return any((month - loop.on.month) % 12 > apart for month in named)


def _answered(loop: OpenLoop, words: str, since: Sequence[Letter], language: str) -> bool:
    """Return whether a later letter thanks for an answer or encloses what was promised."""
    # To report is to write: the next letter does. What was for the same week is done or has been said to be late.
    soon = any(says(cue, language, loop.quote) for cue in ("reports", "near"))
    if loop.kind == "promise" and soon:
        return not _due_later(loop, words, since)
    if loop.kind == "question" and (_dated(loop.quote) or _for_tomorrow(loop.quote, language)):
        return True  # its day has come, or the owner would have asked again
    # What came of an answer shows that there was one, and so does joy at it.
    cues = {"promise": ("settles",), "question": ("settles", "outcome", "reacts")}.get(loop.kind, ())
    return any(says(cue, language, said) for cue in cues for letter in since for said in sentences(letter.words))
