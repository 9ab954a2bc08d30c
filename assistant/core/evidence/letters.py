"""A letter: what the owner wrote to one person alone, taken apart into greeting, words and sign-off.

    body of a sent message -> without quotes and signatures -> greeting | words | sign-off | postscript

Ends are told by their place and shape, and by the two names: a list of all the ways to say hello would never be long
enough. What greets or signs is then the owner's own, letter by letter, and is used again as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.core.evidence.owner_text import CLOSING_WORDS, GREETING_WORDS, own_lines, plain, suspicious
from assistant.core.language.calendar_words import WEEKDAYS
from assistant.core.language.cues import LANGUAGES, bare, opens, says
from assistant.core.language.detect import FUNCTION_WORDS
from assistant.core.language.fold import fold_name
from assistant.core.language.sentences import sentences
from assistant.core.language.titles import HONORIFICS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_POSTSCRIPT = re.compile(r"^\s*p\.?\s?(?:p\.?\s?)?[sd]\.?(?:\s|:|$)", re.IGNORECASE)
_MOST_GREETING: Final = 7
_LONGEST_GREETING: Final = 60
_SHORT: Final = 4
_PET_NAME: Final = 3
_LONGEST_PET_NAME: Final = 8
_ALONE: Final = 2
_MOST_INITIALS: Final = 3
_MOST_CLOSING: Final = 8
_LONGEST_CLOSING: Final = 14
"""Words of a French "Veuillez croire, chère Madame, …", which ends in a comma."""
_LONGEST_COURTESY: Final = 30
"""Words of a closing that is a sentence of its own, such as "Je vous prie d'agréer, Maître, …"."""
_MOST_ENDING: Final = 10
"""Lines from the end in which a name may stand: below it there may be a job title and a telephone."""
_OPENING: Final = 60
"""Characters within which a closing shows that it is one."""
_FEW_KNOWN: Final = 3
"""A long line of which less than one word in three belongs to closings is a last sentence."""
_NICKNAME: Final = 3
"""Letters of a name that a short form shares with it: Imo for Imogen, Kati for Katja."""

_WEEKDAYS: Final = tuple({bare(day) for days in WEEKDAYS.values() for day in days})
_SPOKEN: Final = ("so", "ok", "okay", "va", "yes", "no", "ja", "oui", "sí", "bon", "bueno")
# Glue of the four languages, and what spoken mail begins with.
_GLUE: Final = frozenset().union(*(FUNCTION_WORDS[language] for language in LANGUAGES)) | frozenset(_SPOKEN)


@dataclass(frozen=True, slots=True)
class Letter:
    r"""One letter of the owner's: `on` in the owner's zone, `words` without greeting and sign-off.

    `greeting` is its first line ("Hi Jane,"), `sign_off` its last ("Best,\nPriya"); None where there is none.
    `alone`: it went to this person and nobody else.
    """

    on: date
    subject: str
    words: str
    greeting: str | None = None
    sign_off: str | None = None
    alone: bool = True


def read_letter(on: date, subject: str, body: str, *, name: str, owner: str, alone: bool = True) -> Letter:
    """Return a message of the owner's as a letter to `name`; `body` is its text part, quotes and all."""
    lines = [line for line in plain("\n".join(own_lines(body))).split("\n") if not suspicious(line)]
    lines = _trimmed(lines)
    greeting, lines = _greeting(lines, name)
    sign_off, lines = _sign_off(lines, owner)
    words = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return Letter(on, subject, words, greeting, sign_off, alone)


def nicknames(bodies: Sequence[str]) -> list[str]:
    """Return the words that more than one letter ends with, each alone on its line: Resi for Theresa."""
    lines = [_trimmed(own_lines(body)) for body in bodies]
    last = Counter(found[-1].strip() for found in lines if found)
    return [line for line, times in last.items() if times > 1 and re.fullmatch(r"[^\W\d_]{3,8}", line)]


def usual_greeting(letters: Sequence[Letter]) -> str | None:
    """Return the newest greeting that fits any day, None for none: "Happy Friday Tom," was for a Friday."""
    return next((one.greeting for one in letters if one.greeting and not _of_a_day(one.greeting)), None)


def usual_sign_off(letters: Sequence[Letter]) -> str | None:
    """Return how the owner signs, None for never.

    A closing that was for a day or a season isn't used again ("Stay cool", "Schönen Restsonntag"), and one in words of
    the moment gives way to one that comes back in these letters. Where only such ones are left, the name alone.
    """
    signed = [letter for letter in letters if letter.sign_off]
    lasting = [one for one in signed if not _of_a_day(_closing(one), "season")]
    if not lasting:
        return (signed[0].sign_off or "").rsplit("\n", 1)[-1] if signed else None
    newest = lasting[0]
    if any(word.lower() in CLOSING_WORDS for word in _WORD.findall(_closing(newest))):
        return newest.sign_off
    times = Counter(_closing(one).casefold() for one in lasting if _closing(one) != one.sign_off)  # no mere name
    # Who has come closer signs otherwise, too: only letters that greet alike are compared.
    again = (one for one in lasting if times[_closing(one).casefold()] > 1 and one.greeting == newest.greeting)
    return next(again, newest).sign_off


def _closing(letter: Letter) -> str:
    """Return a sign-off without the name on its last line; all of it where it has one line."""
    said = letter.sign_off or ""
    return said.rsplit("\n", 1)[0]


def _of_a_day(said: str, *more: str) -> bool:
    """Return whether words are tied to a feast, the weather or a weekday, and to what else the cues `more` name."""
    festive = any(says(kind, language, said) for kind in ("festive", *more) for language in LANGUAGES)
    return festive or any(day in bare(said) for day in _WEEKDAYS)


def crowd_greeted(letter: Letter) -> bool:
    """Return whether a letter greets many ("Dear all,"), whoever it went to."""
    first = letter.greeting or letter.words.split("\n", 1)[0]
    return len(first) <= _LONGEST_GREETING and any(says("crowd", language, first) for language in LANGUAGES)


def _greeting(lines: list[str], name: str) -> tuple[str | None, list[str]]:
    if not lines:
        return None, lines
    first, rest = lines[0].strip(), lines[1:]
    if _greets(first, name):
        return first, _trimmed(rest)
    # "Hola Carles: te mando…", "Hallo Torben, kurze Frage": the greeting runs on into the letter.
    head = re.match(r"^[^,:!–]{2,40}[,:!–]", first)
    if head and _greets(head[0], name) and len(first) > len(head[0]):
        return head[0], [first[len(head[0]) :].strip(), *rest]
    return None, lines


def _greets(line: str, name: str) -> bool:
    words = _WORD.findall(line)
    if not words or len(words) > _MOST_GREETING or line.rstrip().endswith(("?", ";")):
        return False
    ended = line.rstrip()[-1:]
    pet_name = len(words) <= _PET_NAME and ended == "," and not any(word.lower() in _GLUE for word in words)
    # In a letter to one person: "Schatz,", "Old friend,", and not "so,", "va," or "alles klar,".
    if pet_name and (len(words) == 1 or words[0][0].isupper()):
        return True
    short = len(words) <= _SHORT
    hello = words[0].lower() in GREETING_WORDS or (short and ended in ",:!" and words[-1].lower() in GREETING_WORDS)
    if hello:
        return short or ended in ",:!" or any(_is_part(word, name) for word in words)
    # A name within a sentence greets nobody; alone on its line it does.
    alone = len(words) <= _ALONE or (short and ended in ",:!–-")
    return alone and any(_is_part(word, name) for word in words)


def _sign_off(lines: list[str], owner: str) -> tuple[str | None, list[str]]:
    """Return the sign-off and the lines without it and without what stands below: a job title, a telephone."""
    kept, postscript = _without_postscript(lines)
    first = max(len(kept) - _MOST_ENDING, 0)
    for index in range(first, len(kept)):
        line = kept[index].strip()
        above = index - 1
        while above >= first and not kept[above].strip():
            above -= 1
        closing = kept[above].strip() if above >= 0 else ""
        petname = index == len(kept) - 1 and _closes(closing) and _is_pet_name(line, owner)
        if not line or not (petname or _signs(line, owner)):
            continue
        begin = above if _closes(closing) else index
        begin = _courtesy(kept, first, above) if above >= first else begin
        said = "\n".join(part.strip() for part in kept[begin : index + 1] if part.strip())
        return said, _trimmed([*kept[:begin], *postscript])
    last = kept[-1].strip() if kept else ""
    words = [word.lower() for word in _WORD.findall(last)]
    if words and len(kept) > 1 and len(words) <= _SHORT and all(word in CLOSING_WORDS for word in words):
        return last, _trimmed([*kept[:-1], *postscript])
    return None, lines


def _courtesy(lines: list[str], first: int, last: int) -> int:
    """Return where the paragraph that ends at `last` begins if it is one long closing on several lines, else `last`+1.

    A short closing stands on its own line, whatever is above it.
    """
    begin = last
    while begin > first and lines[begin - 1].strip():
        begin -= 1
    whole = " ".join(line.strip() for line in lines[begin : last + 1])
    opened = any(opens("closing", language, whole[:_OPENING]) for language in LANGUAGES)
    if begin < last and opened and len(whole.split()) <= _LONGEST_COURTESY and len(sentences(whole)) == 1:
        return begin
    return last if _closes(lines[last].strip()) else last + 1


def _without_postscript(lines: list[str]) -> tuple[list[str], list[str]]:
    at = next((index for index, line in enumerate(lines) if index and _POSTSCRIPT.match(line)), len(lines))
    return _trimmed(lines[:at]), lines[at:]


def _signs(line: str, owner: str) -> bool:
    """Return whether a line is the owner's name, a short form or an initial of it, or a closing with it."""
    words = _WORD.findall(line)
    if not words or len(words) > _MOST_CLOSING:
        return False
    mine = [word for word in words if _is_part(word, owner) or _is_initial(word, owner)]
    others = [word for word in words if word not in mine and len(word) > 1]
    if mine and not others:
        return True
    return bool(mine) and words[-1] in mine and all(word.lower() in CLOSING_WORDS for word in others)


def _is_pet_name(line: str, owner: str) -> bool:
    """Return whether a line is one word that may be short for the owner's name: Vroni for Veronika, So for Solène."""
    words = _WORD.findall(line)
    initials = {part[0] for part in fold_name(owner).split()}
    return len(words) == 1 and len(words[0]) <= _LONGEST_PET_NAME and fold_name(words[0])[:1] in initials


def _closes(line: str) -> bool:
    words = _WORD.findall(line)
    longest = _LONGEST_CLOSING if line.endswith((",", ".")) else _MOST_CLOSING
    if len(words) <= _LONGEST_COURTESY and any(opens("closing", language, line[:_OPENING]) for language in LANGUAGES):
        return True
    if not 0 < len(words) <= longest or line.endswith(("?", ":", ";")):
        return False
    known = [word.lower() in CLOSING_WORDS for word in words]
    if all(known):
        return True
    # "hope the boys are good & the knee" is a last sentence.
    sentence = len(words) > _SHORT and sum(known) * _FEW_KNOWN < len(known)
    return not line.endswith(".") and (line.endswith(",") or not sentence)


def _is_part(word: str, name: str) -> bool:
    """Return whether a word is part of a name or a short form of one, titles left out."""
    folded = fold_name(word)
    if " " in folded:  # Karl-Heinz
        return all(_is_part(part, name) for part in folded.split())
    if not folded or folded in HONORIFICS:
        return False
    beginning = folded[: max(_NICKNAME, len(folded) - 1)] if len(folded) >= _NICKNAME else folded + " "
    return any(folded == part or part.startswith(beginning) for part in fold_name(name).split())


def _is_initial(word: str, name: str) -> bool:
    # JL signs for Jean-Louis Martin, and so do JLM and L.
    left = iter(part[0] for part in fold_name(name).split())
    return len(word) <= _MOST_INITIALS and word.isalpha() and all(char in left for char in fold_name(word))


def _trimmed(lines: Sequence[str]) -> list[str]:
    kept = list(lines)
    while kept and not kept[0].strip():
        kept.pop(0)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept
