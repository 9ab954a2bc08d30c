"""Whether a sentence that no verifier judged is shown marked "not checked" (docs/writer.md).

    plain courtesy -> silent;  another language than its evidence -> loud
    a request or a wish: takes something new for known -> loud
    else: new words, one word replaced, a name or number of other lines than those quoted,
          a turned negation, a turned speaker, another measure or share of the whole -> loud

Nothing here can tell whether a sentence is true. The signals only tell where its evidence doesn't lie open. They need
no list but the closed ones of a language: function words, negations, pronouns, words of degree.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from assistant.core.evidence.courtesy import asks, needs_verdict, opens_as_one, own_words, presumes
from assistant.core.evidence.dossier import FOR_THE_OWNER
from assistant.core.evidence.hard_checks import COMPUTED, check, evidence_language, known_to
from assistant.core.evidence.time_claims import shares_hold
from assistant.core.language.fold import fold_name, fold_text
from assistant.core.language.lexicon import LISTED, calendar_names, tokens, word_list
from assistant.core.language.numbers import fractions, numbers
from assistant.core.language.time_words import lengths, unit_words

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier, Evidence, Sentence

LOUD_SHARE: Final = 0.65
"""From which share of new telling words on a sentence is loud: two thirds are, three fifths is paraphrase."""
_LOUD_IN_A_REQUEST: Final = 1 / 3
_MANY: Final = 3
_BRIEF: Final = frozenset(
    {"brief", "left_off", "remember", "tell", "advice", "motives", "next_step", "opening", "avoid"}
)
_OWN: Final = frozenset({"message", "loop", "win", "ask"})
"""Evidence that speaks of the owner where it names nobody."""
_LETTERS: Final = frozenset({"message", "loop"})
_READERS: Final = frozenset({"note", "advice"})
"""Evidence that speaks of the reader where it names nobody."""
_SHORTEST: Final = 3
_SHARED: Final = 4
"""Letters that two forms of a word share at the least."""
_PART: Final = 5
_DROPS_SUBJECTS: Final = frozenset({"es"})
_WORD = re.compile(r"[^\W\d_]+")


def loud(sentence: Sentence, dossier: Dossier) -> bool:
    """Return whether a sentence that passed the hard checks, and that nobody verified, is marked "not checked".

    Greeting, close and plain courtesy never are. What is in another language than its evidence always is: words can't
    be compared there.
    """
    if not needs_verdict(sentence, dossier):
        return False
    language = dossier.owner_language if sentence.kind in _BRIEF else dossier.language
    known = tuple(item for item in dossier.evidence if sentence.kind in _BRIEF or item.kind not in FOR_THE_OWNER)
    cited = tuple(item for item in known if item.number in sentence.evidence) or known
    spoken = evidence_language(cited) or evidence_language(dossier.evidence) or language
    if spoken != language or language not in LISTED:
        return True
    if asks(replace(sentence, kind="fact")):  # by its form: a model files a claim as a wish, too
        return _presumes_new(sentence.text, dossier, language)
    brief, near = sentence.kind in _BRIEF, _around(sentence.quote, cited)
    if not brief and (  # which says it in words of its own, and "never ring" for "hates calls"
        _new_share(sentence.text, cited, dossier, language) >= LOUD_SHARE
        or _turned(sentence, near, cited, language)
        or _measures_less(sentence, language)
    ):
        return True
    return (
        _given_to_the_reader(sentence, near, cited, dossier, language)
        or _one_word_replaced(sentence, cited, dossier, language)
        or _of_all(sentence.text, cited, language)
        or not shares_hold(sentence.text, language, known_to(sentence, dossier))
        or check(replace(sentence, quote=""), _narrowed(dossier, near, cited), brief=brief) is not None
    )


def _presumes_new(text: str, dossier: Dossier, language: str) -> bool:
    """Return whether a third of the own words of a request or a wish are new, and it takes one of them for known.

    Three new ones are too many in any case, and so is one where only the writer calls it a request.
    """
    own, known = own_words(text, language), _known(dossier.evidence, dossier, language)
    new = [word for word in own if not any(_related(fold_name(word), other) for other in known)]
    if len(new) < _LOUD_IN_A_REQUEST * len(own):
        return False
    return len(new) >= _MANY or not opens_as_one(text) or presumes(text, new, language)


def _known(cited: tuple[Evidence, ...], dossier: Dossier, language: str) -> frozenset[str]:
    return frozenset().union(
        *(_telling(item.text, language) for item in cited), _telling(dossier.person.name, language)
    )


def _new_share(text: str, cited: tuple[Evidence, ...], dossier: Dossier, language: str) -> float:
    """Return which share of the telling words of a text stands in none of its evidence; 0 where it has none.

    How long ago something was takes words that code doesn't use ("97 days": "three months since I wrote").
    """
    told = _telling(text, language)
    new = _new(text, cited, dossier, language) - {fold_name(unit) for unit in unit_words(language)}
    few = _MANY if lengths(text, language) and all(item.kind in COMPUTED for item in cited) else 1
    return len(new) / len(told) if len(new) >= few else 0.0


def _new(text: str, cited: tuple[Evidence, ...], dossier: Dossier, language: str) -> set[str]:
    """Return the telling words of a text that stand in none of its evidence."""
    known = _known(cited, dossier, language)
    return {word for word in _telling(text, language) if not any(_related(word, other) for other in known)}


@lru_cache(maxsize=4096)
def _telling(text: str, language: str) -> frozenset[str]:
    """Return the words of a text that name or say something, folded: no function words, days or numbers."""
    skipped = word_list("function", language) | calendar_names()
    return frozenset(
        fold_name(part)
        for word in tokens(text)
        for part in re.split(r"['’.&/-]", word)
        if len(part) >= _SHORTEST and fold_text(part) not in skipped and not numbers(part, language)
    )


@lru_cache(maxsize=65_536)
def _related(one: str, other: str) -> bool:
    """Return whether two words are forms of one, or one a part of the other ("Antrag", "Förderantrag")."""
    short, long = sorted((one, other), key=len)
    shared = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if shared >= max(_SHARED, 0.6 * len(long)) or (len(short) >= _PART and short in long):
        return True
    return shared >= max(_SHORTEST, len(short) - 1) and len(long) - shared <= _SHORTEST and len(short) <= _PART


def _turned(sentence: Sentence, near: list[str], cited: tuple[Evidence, ...], language: str) -> bool:
    """Return whether a sentence denies where its evidence doesn't, or doesn't where the words it quotes do.

    What code worded denies nothing ("97 days": "I haven't written for three months"), and before a number a denial is
    none ("keine vierzig").
    """
    if all(item.kind in COMPUTED for item in cited):
        return False
    if not _denials(sentence.text, language):
        return bool(_denials(sentence.quote, language))
    return not any(_denials(line, language) for line in near)


def _denials(text: str, language: str) -> list[str]:
    counted = {number.start for number in numbers(text, language)}
    negations = word_list("negation", language)
    return [
        match[0] for match in _WORD.finditer(text) if match[0].lower() in negations and match.end() + 1 not in counted
    ]


def _of_all(text: str, cited: tuple[Evidence, ...], language: str) -> bool:
    """Return whether a text speaks of all or most of something where its evidence never does."""
    of_all = word_list("of_all", language)
    return bool(of_all & set(_words(text))) and not any(of_all & set(_words(item.text)) for item in cited)


def _measures_less(sentence: Sentence, language: str) -> bool:
    """Return whether the words a text quotes say how much or how often, and the text says it in no such word."""
    degrees, text = word_list("degree", language), sentence.text
    said = degrees & set(_words(sentence.quote))
    if said and not said & set(_words(text)):
        return True
    parts, told = ({part.value for part in fractions(words, language)} for words in (sentence.quote, text))
    return bool(parts) and not (parts & told if told else numbers(text, language))


def _one_word_replaced(sentence: Sentence, cited: tuple[Evidence, ...], dossier: Dossier, language: str) -> bool:
    """Return whether a text keeps half of its quote or more, though not all of it, and has one new word besides."""
    quoted, told = _telling(sentence.quote, language), _telling(sentence.text, language)
    kept = sum(any(_related(word, other) for other in told) for word in quoted)
    return len(quoted) / 2 <= kept < len(quoted) and len(_new(sentence.text, cited, dossier, language)) == 1


def _narrowed(dossier: Dossier, near: list[str], cited: tuple[Evidence, ...]) -> Dossier:
    """Return the dossier with nothing but what code worded and the sentences a quote touches.

    A name, number or day that stands elsewhere in the evidence supports nothing here.
    """
    kept = [item for item in dossier.evidence if item in cited or item.kind in COMPUTED]
    texts = ["\n".join(line for line in near if line in item.text) for item in kept]
    return replace(
        dossier,
        evidence=tuple(
            item if item.kind in COMPUTED else replace(item, text=text) for item, text in zip(kept, texts, strict=True)
        ),
    )


def _around(quote: str, cited: tuple[Evidence, ...]) -> list[str]:
    """Return the sentences of the evidence that a quote touches; all of them where it is in none."""
    lines = [line for item in cited for line in re.split(r"(?<=[.!?;])\s|\n", item.text)]
    wanted = fold_text(quote).strip(" .,;:!?")
    near = [
        line for line in lines if wanted and (wanted in fold_text(line) or fold_text(line).strip(" .,;:!?") in wanted)
    ]
    return near or lines


def _given_to_the_reader(
    sentence: Sentence, near: list[str], cited: tuple[Evidence, ...], dossier: Dossier, language: str
) -> bool:
    """Return whether the reader comes first where the quoted words of a letter are the owner's alone.

    A question of the owner's, quoted whole or in part, is retold with the owner first ("I asked you whether …"), or
    asked again; anything else made of it claims an answer. In a brief the owner is "you", the reader a third person.
    """
    quote, text = sentence.quote, sentence.text
    kinds = {item.kind for item in cited if fold_text(quote) in fold_text(item.text)}
    if not quote or not kinds & (_OWN | _READERS) or text.rstrip().endswith("?"):
        return False
    brief = sentence.kind in _BRIEF
    you = word_list("reader", language) | (
        word_list("reader_formal", language) if dossier.formal or brief else frozenset()
    )
    owner, reader = (you, word_list("third", language)) if brief else (word_list("owner", language), you)
    subject = owner if brief else word_list("owner_subject", language)
    if any(line.rstrip().endswith("?") for line in near):
        retold = brief or word_list("asking", language) & set(_words(text))
        if language in _DROPS_SUBJECTS and not brief:
            # "Te pregunté si …" has only the reader before the question, "me preguntaste si …" only the owner.
            turned = _before(text, word_list("owner_object", language), word_list("asking", language))
        else:
            turned = _first(text, reader) == 0 if brief else _before(text, reader, subject)
        return turned or not retold
    named = _first(quote, word_list("owner", language)) is not None
    if _first(quote, you) is not None:
        return False
    if kinds & _READERS and not named:
        return not brief and _before(text, owner, reader) and _first(text, reader) is None
    first = _first(text, reader) == 0 if brief else _before(text, reader, owner)
    return first and (named or not kinds & _LETTERS)


def _before(text: str, first: frozenset[str], second: frozenset[str]) -> bool:
    """Return whether one of the first words stands before all of the second."""
    one, other = _first(text, first), _first(text, second)
    return one is not None and (other is None or one < other)


def _first(text: str, words: frozenset[str]) -> int | None:
    """Return the place of the first of these words; a capitalised one (German Sie) must be so in the text."""
    return next((i for i, word in enumerate(_WORD.findall(text)) if word in words or word.lower() in words), None)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
