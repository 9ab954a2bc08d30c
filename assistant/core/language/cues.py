"""Cues: short patterns of words that give a sentence away, kept as data, one file a language (`cues/`).

A cue is words in their order. `a|b` is either of them, `word*` any ending, `word?` a word that may be missing, and
`..` up to five words between. Accents and case never matter, so that mail typed in a hurry is read as well.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from assistant.core.language.data_files import data_file

LANGUAGES: Final = ("en", "de", "fr", "es")
_GAP: Final = r"(?:\W+\w+){0,5}?"
_OPENER: Final = r"(?:^|[,;:–—(…-])\W*(?:(?:and|but|so|oh|und|aber|ach|na|et|mais|alors|y|pero|pues|ay)\W+)?"


def bare(text: str) -> str:
    """Return text for matching cues: lower case, without accents, straight apostrophes; as long as is needed."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFD", text.replace("’", "'").replace("ß", "ss").lower())
    return "".join(char for char in spread if not unicodedata.combining(char))


def says(kind: str, language: str, sentence: str) -> bool:
    """Return whether a sentence holds a cue of that kind; False in a language without cues."""
    pattern = _anywhere(kind, language)
    return bool(pattern and pattern.search(bare(sentence)))


def opens(kind: str, language: str, sentence: str) -> bool:
    """Return whether a clause of a sentence begins with a cue of that kind; a cue of one word must be all of it."""
    pattern = _at_start(kind, language)
    return bool(pattern and pattern.search(bare(sentence)))


def has_tone(kind: str, subject: str) -> bool:
    """Return whether a subject, as `bare` gives it, has a cue of a kind in words/tone.toml, whatever its language."""
    return bool(_tone(kind).search(subject))


@cache
def _tone(kind: str) -> re.Pattern[str]:
    table = data_file("words", "tone")[kind]
    cues = ["|".join(table["words"].split()), *table["phrases"]]
    return re.compile(rf"\b(?:{'|'.join(_pattern(cue) for cue in cues)})")


def _table(language: str) -> dict[str, list[str]]:
    return data_file("cues", language) if language in LANGUAGES else {}


@cache
def _anywhere(kind: str, language: str) -> re.Pattern[str] | None:
    cues = [_pattern(cue) for cue in _table(language).get(kind, ())]
    return re.compile(rf"\b(?:{'|'.join(cues)})") if cues else None


@cache
def _at_start(kind: str, language: str) -> re.Pattern[str] | None:
    cues = [_pattern(cue) + (r"\W*$" if " " not in cue else "") for cue in _table(language).get(kind, ())]
    return re.compile(rf"{_OPENER}(?:{'|'.join(cues)})") if cues else None


def _pattern(cue: str) -> str:
    """Return the regular expression of one cue; it never backtracks far, as gaps are short and words are whole."""
    found = ""
    for word in bare(cue).split():
        if word == "..":
            found += _GAP
            continue
        choices = "|".join(re.escape(each).replace(r"\*", r"\w*") for each in word.rstrip("?").split("|"))
        part = rf"(?:{choices})\b"
        lead = r"\W+" if found else ""
        found += f"(?:{lead}{part})?" if word.endswith("?") else lead + part
    return found
