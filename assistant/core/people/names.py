"""Display names and local parts, brought to what can be compared (docs/how-contact-is-inferred.md, "Name")."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from anyascii import anyascii

from assistant.core.language.fold import fold_name
from assistant.core.language.lookalikes import LATIN, MIXED, SOUNDED, deceives, look_of, script_of
from assistant.core.language.titles import DEGREES, DEGREES_OR_NAMES, GENERATIONS, TITLES, TITLES_OR_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nicknames import NickNamer

MANY_NAMES = 3
_TWO = 2
LONGEST_NAME = 300
"""Characters of a display name that are looked at: longer ones are nobody's."""
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|<[^<>]*>|（[^（）]*）|【[^【】]*】|[(\[{<（【].*$")
_CUT = re.compile(r"(?:^|\s+)(?:via|on behalf of|im auftrag von)\s.*$|\s+[|｜].*$|\s+[-–—]+\s.*$", re.IGNORECASE)
_FACULTIES = re.compile(
    r"\bdr\.? ?(?:(?:med|dent|vet|rer|nat|phil|jur|iur|pol|oec|theol|agr|techn|mont|habil|h\. ?c)\. ?)+"
)
_DOTTED = re.compile(r"(?<![a-z.])(?:[a-z]{1,4}\. ?)+[a-z]{1,4}(?![a-z])\.?")
_TITLE_DOTTED = re.compile(rf"\b(?:{'|'.join(sorted(TITLES_OR_NAMES))})\.")
_CAPITALS = re.compile(rf"\b(?:{'|'.join(sorted(DEGREES_OR_NAMES)).upper()})\b")
_APOSTROPHES = re.compile(r"['’`´ʼ]")
_WORD = re.compile(r"[a-z0-9]+")
_LETTERS = re.compile(r"[A-Za-z]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_UMLAUTS = str.maketrans(
    {
        mark: plain
        for low, plain in zip("äöüøåæ", ("ae", "oe", "ue", "oe", "aa", "ae"), strict=True)
        for mark in (low, low.upper())
    }
)
_PARTS = re.compile(r"[^\W\d_]+")
_ALIKE = str.maketrans("i10", "llo")
"""Letters and figures that nobody tells apart in many a font: I, l and 1, O and 0."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name to compare: `tokens` in ASCII, first name first; `raw` for what is written in CJK, "" otherwise.

    `umlauts` are the same tokens with ö as oe. Both are empty for what is no name. `script` is that of its letters,
    `looks` its tokens by the look of the letters where they are not Latin, and `deceptive` whether the look is meant.
    """

    tokens: tuple[str, ...]
    raw: str
    umlauts: tuple[str, ...]
    script: str = LATIN
    looks: tuple[str, ...] = ()
    deceptive: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """Return the tokens sorted: equal keys are equal names."""
        return tuple(sorted(self.tokens))

    @property
    def look(self) -> tuple[str, ...]:
        """Return the tokens sorted, each letter by its look: names that look equal have equal ones."""
        return tuple(sorted(token.translate(_ALIKE) for token in self.looks or self.tokens))

    @property
    def full(self) -> bool:
        """Return whether it is more than a first or a last name alone."""
        return len(self.tokens) > 1 or len(self.raw) > 1


NO_NAME = Name((), "", ())


@lru_cache(maxsize=131_072)
def parse_name(text: str) -> Name:
    """Return a display name as it is compared; what holds an `@`, or nothing after the cuts, is no name."""
    text = unicodedata.normalize("NFKC", _without_pictures(text[:LONGEST_NAME])).strip()
    if "@" in text:
        return NO_NAME
    text = _CUT.sub("", _BRACKETS.sub(" ", text)).strip(" ,.;\"'")
    if not text:
        return NO_NAME
    text = _turned(text)
    raw = "".join(text.split()) if _CJK.search(text) else ""
    script = script_of(text)
    looks = () if script == LATIN else _tokens(look_of(text))
    return Name(_tokens(text), raw, _tokens(text.translate(_UMLAUTS)), script, looks, deceives(text))


def _without_pictures(text: str) -> str:
    """Return a text with a blank for each picture or sign (🚀 ★ ™): letters in a circle are letters."""
    if text.isascii():
        return text
    return "".join(" " if unicodedata.category(c) == "So" and not _is_letter(c) else c for c in text)


def _is_letter(char: str) -> bool:
    plain = unicodedata.normalize("NFKC", char)
    return len(plain) == 1 and plain.isalpha()


def _turned(text: str) -> str:
    """Return `Doe, Jane` as `Jane Doe`; degrees and suffixes after a comma are not what is turned."""
    first, *others = (part.strip() for part in text.split(","))
    suffixes = [part for part in others if _is_suffix(part)]
    rest = [part for part in others if part and not _is_suffix(part)]
    return " ".join([*rest, first, *suffixes])


def _is_suffix(part: str) -> bool:
    words = [word.replace(".", "") for word in part.casefold().split()]
    return "".join(words) in DEGREES or all(word in DEGREES or word in GENERATIONS for word in words)


def _tokens(text: str) -> tuple[str, ...]:
    text = _APOSTROPHES.sub("", anyascii(text))
    if not text.isupper():
        text = _CAPITALS.sub(_degree, text)
    text = _FACULTIES.sub(" ", text.lower())
    text = _TITLE_DOTTED.sub(" ", _DOTTED.sub(_degree, re.sub(r"\bph\.? ?d\b\.?", " ", text)))
    words = [word for word in _WORD.findall(text) if not word.isdigit()]
    kept = [word for place, word in enumerate(words) if not _is_title(word, place)]
    if len(kept) > _TWO and kept[0] in TITLES_OR_NAMES:
        del kept[0]
    return tuple(kept or words)


def _is_title(word: str, place: int) -> bool:
    if word in DEGREES_OR_NAMES or word in TITLES_OR_NAMES:
        return False
    return word in TITLES or (word in DEGREES and place > 0)


def _degree(found: re.Match[str]) -> str:
    """Return what capitals or dotted letters stand for: nothing for a degree after a name (`Jane Doe, M.Sc.`)."""
    before = _LETTERS.findall(found.string, 0, found.start())
    is_degree = len(before) >= _TWO and "".join(_LETTERS.findall(found.group())).lower() in DEGREES
    return " " if is_degree else found.group()


def name_key(text: str) -> str:
    """Return a name so that two that are equal (`same`) have one key; a word alone, and what is no name, as `fold`."""
    key = parse_name(text).key
    return " ".join(key) if len(key) > 1 else fold_name(text)


def same(one: Name, other: Name) -> bool:
    """Return whether two full names are equal: raw for CJK first, then their tokens whatever the order.

    Names of two scripts are equal by their sound (Ольга, Olga), never by the look of their letters.
    """
    if MIXED in {one.script, other.script}:
        return False
    if one.raw and one.raw == other.raw:
        return True
    return len(one.tokens) > 1 and one.key == other.key and (one.script == other.script or _sound(one, other))


def _sound(one: Name, other: Name) -> bool:
    return {one.script, other.script} <= SOUNDED and not one.deceptive and not other.deceptive


def alike(one: Name, other: Name) -> bool:
    """Return whether two full names that are not equal look so, or would be equal if scripts were not mixed."""
    return len(one.tokens) > 1 and not same(one, other) and (one.key == other.key or one.look == other.look)


def compatible(one: Name, other: Name) -> bool:
    """Return whether two names could be spellings of one: equal, one within the other, or with initials."""
    if same(one, other):
        return True
    short, long = sorted((one.tokens, other.tokens), key=len)
    return bool(short) and _covers(short, list(long))


def _covers(short: tuple[str, ...], long: list[str]) -> bool:
    """Return whether each token of `short` finds its own in `long`, as itself or as an initial; one in full."""
    in_full = 0
    for token in short:
        match = (
            token if token in long else next((o for o in long if o[0] == token[0] and 1 in {len(o), len(token)}), None)
        )
        if match is None:
            return False
        in_full += match == token and len(token) > 1
        long.remove(match)
    return in_full > 0


def is_shared(names: Iterable[str]) -> bool:
    """Return whether an address bears three or more different full names: it is nobody's own."""
    groups: list[Name] = []
    for name in (parse_name(text) for text in names):
        if name.full and not any(compatible(name, other) for other in groups):
            groups.append(name)
    return len(groups) >= MANY_NAMES


@dataclass(frozen=True, slots=True)
class LocalForms:
    """How a name is spelt in local parts, without marks: `whole` first and last name, `short` with an initial."""

    whole: frozenset[str]
    short: frozenset[str]


@lru_cache(maxsize=4096)
def local_forms(name: Name) -> LocalForms:
    """Return the local parts that a name makes; empty for a name of one word."""
    whole: set[str] = set()
    short: set[str] = set()
    for tokens in {name.tokens, name.umlauts}:
        if len(tokens) > 1:
            first, last, rest = tokens[0], tokens[-1], "".join(tokens[1:])
            whole |= {first + last, last + first, first + rest, rest + first, "".join(tokens[:-1]) + last}
            whole.add(first + "".join(token[0] for token in tokens[1:-1]) + last)
            short |= {first[0] + last, last + first[0], first + last[0], last[0] + first, first[0] + rest}
            short.add("".join(token[0] for token in tokens[:-1]) + last)
    return LocalForms(frozenset(whole), frozenset(short - whole))


@lru_cache(maxsize=65_536)
def squash(local: str) -> str:
    """Return a local part without marks and figures: `jane.doe2` gives `janedoe`."""
    return "".join(_PARTS.findall(anyascii(local).lower()))


def words_of(local: str) -> list[str]:
    """Return the words of a local part: `jane.doe2` gives jane and doe."""
    return [word for word in _PARTS.findall(anyascii(local).lower()) if word]


_NOISE = frozenset(
    [
        *(
            "mail",
            "email",
            "home",
            "work",
            "private",
            "privat",
            "office",
            "web",
            "me",
            "my",
            "mr",
            "mrs",
            "dr",
            "hello",
        ),
        *("hi", "contact", "info", "dev", "online", "official", "real", "its", "im", "post", "postfach", "box", "the"),
        *("consulting", "photo", "music", "family", "personal", "business", "biz", "new", "old", "uni", "gmail"),
    ]
)
_SHORTEST = 3


def spells_another(local: str, name: Name, known: frozenset[str]) -> bool:
    """Return whether a local part spells a name that is not this one (`bob.smith`, `bsmith` for Jane Doe).

    `known` holds tokens of names seen anywhere: a single word is a name only if it is one of them.
    """
    forms = local_forms(name)
    if squash(local) in forms.whole | forms.short:
        return False
    words = [word for word in words_of(local) if word not in _NOISE]
    strange = [word for word in words if not _fits_word(word, name)]
    if len(words) > 1:
        initials = len(strange) == len(words) and not any(char.isdigit() for char in local)
        return initials or any(len(word) >= _SHORTEST for word in strange)
    return bool(strange) and _is_known(strange[0], name, known)


def fits_local(local: str, name: Name) -> bool:
    """Return whether a local part is made of a name: a form of it, its initials, or parts of it and common words."""
    forms, squashed = local_forms(name), squash(local)
    if squashed in forms.whole | forms.short:
        return True
    if any(squashed == "".join(token[0] for token in tokens) for tokens in (name.tokens, name.tokens[::-1])):
        return True
    words = [word for word in words_of(local) if word not in _NOISE]
    return bool(words) and all(_fits_word(word, name) for word in words)


def _is_known(word: str, name: Name, known: frozenset[str]) -> bool:
    if word in known or word in given_names():
        return True  # of this person's own tokens none comes here: they fit
    if any(word[:cut] in given_names() for cut in range(_SHORTEST, len(word) - _SHORTEST + 1)):
        return True  # annleeds: Gmail's dots are no part of the normal form
    rest = word[1:]
    return len(rest) > _SHORTEST and rest in known and rest not in name.tokens


def _fits_word(word: str, name: Name) -> bool:
    for token in (*name.tokens, *name.umlauts):
        if word == token or token.startswith(word) or (word.startswith(token) and len(token) >= _SHORTEST):
            return True
        if word in nicknames_of(token):
            return True
    return False


@lru_cache(maxsize=1)
def _nicknamer() -> NickNamer:
    from nicknames import NickNamer

    return NickNamer()


@lru_cache(maxsize=8192)
def nicknames_of(token: str) -> frozenset[str]:
    """Return the first names that may stand for this one: its nicknames, and what it is a nickname of."""
    namer = _nicknamer()
    return frozenset(namer.nicknames_of(token) | namer.canonicals_of(token)) - {token}


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Return first names known as such."""
    return frozenset(_nicknamer().nickname_lookup) | frozenset(_nicknamer().canonical_lookup)
