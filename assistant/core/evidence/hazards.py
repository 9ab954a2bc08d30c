"""What may never stand in a draft or brief, whatever the evidence says: links, addresses, markup, tricks of script.

Check 4 of docs/writer.md.
"""

# ruff: noqa: SIM905 -- lists of words are read best as text
from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from assistant.core.language.lexicon import pattern, word_list

if TYPE_CHECKING:
    from collections.abc import Callable

_URL = re.compile(
    r"(?:https?|ftps?|mailto|tel|data|cid|javascript|file|smb|hxxps?)\s?:|://|\bwww\s?\.|\\\\\w", re.IGNORECASE
)
_EMAIL = re.compile(r"\S@\S|\w\s?[(\[]\s?(?:at|ät|@)\s?[)\]]\s?\w", re.IGNORECASE)
_SPELLED = re.compile(
    r"\b[\w-]+(?:\s?[(\[]?\s?(?:dot|punkt|point|punto)\s?[)\]]?\s?)(?:com|org|net|io|de|co|uk|eu|info|biz|dev"
    r"|app|me|ai|xyz|fr|es|ch|at|example|test)\b"
    r"(?!(?<=point de)\s\w|(?<=punto de)\s\w)",  # a point of view
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"(?<![\w.@])[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\s?\.([^\W\d_]{2,24})(?!\w|\.\w)")
_PHONE = re.compile(r"(?<![\w-])\+?\(?\d[\d\s().\-/]{5,}\d(?![\w-])")
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}\.\s?\d{1,2}\.\s?\d{4}\b|\b\d{1,2}/\d{1,2}/\d{4}\b")
_PHONE_DIGITS: Final = 7
_SHORT: Final = 2
_SPACED_OUT: Final = frozenset({"com", "org", "net", "example"})
"""Endings that make a link even of a name with a space before the point."""
_MARKUP = re.compile(r"[<>{}`*\\|~^]|\[|\]|__|&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8});|^\s{0,3}#|^\s*[-+]\s", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"\b(?:X{2,}|TBD|TBA|TODO|FIXME|PLACEHOLDER|INSERT|lorem ipsum)\b|_{2,}|\[[^\[\]]{0,60}\]|\.{4,}|\b(?:your"
    r"|recipient'?s?|sender'?s?|first|last|company|full) Name\b"
    r"|\b(?:Dein|Ihr|Mein) Name hier\b|\bYOUR NAME\b|%\w+%|\$\w+",
)
_BLOB = re.compile(r"[A-Za-z0-9+/=_-]{33,}")
_SAME_PAGE: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"})
_DISGUISED: Final = frozenset(
    "FULLWIDTH MATHEMATICAL CIRCLED PARENTHESIZED SQUARED NEGATIVE REGIONAL SUPERSCRIPT MODIFIER".split()
)


def hazard(text: str, *, lines: bool = False) -> str | None:
    """Return what is wrong with a text in one word, None for nothing. `lines`: line breaks are allowed (a sign-off)."""
    if _invisible(text, lines=lines):
        return "invisible"
    return next((name for name, found in _LOOKED_FOR if found(text)), None)


def _invisible(text: str, *, lines: bool) -> bool:
    return any(
        unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
        or "\ufe00" <= char <= "\ufe0f"
        or char in "\u034f\u115f\u1160\u3164\uffa0"
        for char in text
        if not (lines and char == "\n")
    )


def _domain(text: str) -> bool:
    for match in _DOMAIN.finditer(text):
        ending = match[1].lower()
        spaced = text[match.start(1) - 2 : match.start(1)] == " ."
        if ending in _SPACED_OUT if spaced else not _abbreviation(match[0]):
            return True
    return False


def _abbreviation(text: str) -> bool:
    """Return whether points are part of a short form ("z.B", "e.g", "Ph.D") or of a name such as "Node.js"."""
    parts = text.lower().split(".")
    return (all(len(part) <= _SHORT for part in parts) and parts[-1] not in word_list("endings", "hazards")) or (
        parts[-1] in {"js", "net"} and parts[0] in {"node", "vue", "asp"}
    )


def _phone(text: str) -> bool:
    return any(
        sum(char.isdigit() for char in match[0]) >= _PHONE_DIGITS for match in _PHONE.finditer(_ISO_DAY.sub("", text))
    )


@lru_cache(maxsize=4000)
def _mixed(word: str) -> bool:
    """Return whether a word mixes scripts or uses look-alike letter forms."""
    scripts = set()
    for char in word:
        name = unicodedata.name(char, "")
        first = name.split(" ")[0]
        if first in _DISGUISED:
            return True
        if unicodedata.category(char).startswith("L"):
            scripts.add("CJK" if first in _SAME_PAGE else first)
    return len(scripts) > 1


def _link(text: str) -> bool:
    return bool(_URL.search(text) or _SPELLED.search(text)) or _domain(text)


def _marked_up(text: str) -> bool:
    return bool(_MARKUP.search(text) or _BLOB.search(text))


def _disguised(text: str) -> bool:
    return any(_mixed(word) for word in re.findall(r"[^\W\d_]+", text))


_LOOKED_FOR: Final[tuple[tuple[str, Callable[[str], object]], ...]] = (
    ("link", _link),
    ("address", _EMAIL.search),
    ("phone", _phone),
    ("placeholder", _PLACEHOLDER.search),
    ("markup", _marked_up),
    ("script", _disguised),
    ("preamble", pattern("preamble", "hazards").match),
)
