"""Display names and local parts in forms that can be compared.

The rules are in docs/how-contact-is-inferred.md, "Whose address is it".

    display name ─> cuts, Doe, Jane turned, ASCII, titles dropped ─> Name ─> `compare_names`
    local part ─> letters only ─> compared with the forms that a name makes (`local_forms`)
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from anyascii import anyascii

from assistant.core.language.fold import fold_name
from assistant.core.language.lookalikes import LATIN, deceives, look_of, script_of
from assistant.core.language.titles import DEGREES, DEGREES_OR_NAMES, GENERATIONS, TITLES, TITLES_OR_NAMES

if TYPE_CHECKING:
    from nicknames import NickNamer

_TWO = 2
# Characters of a display name that are read. Nobody has a longer name.
LONGEST_NAME = 300
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
# Letters and digits that look the same in many fonts: I, l and 1, O and 0.
_ALIKE = str.maketrans("i10", "llo")


@dataclass(frozen=True, slots=True)
class Name:
    """A name to compare: `tokens` in ASCII with the first name first, and `raw` if it is written in CJK, else "".

    `umlauts` are the tokens with ö as oe. All are empty if the text isn't a name. `script` is that of the letters.
    `looks` are the tokens by the look of their letters if these aren't Latin. `deceptive` says that the letters seem
    chosen for their look.
    """

    tokens: tuple[str, ...]
    raw: str
    umlauts: tuple[str, ...]
    script: str = LATIN
    looks: tuple[str, ...] = ()
    deceptive: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """Return the sorted tokens. Equal names have equal keys."""
        return tuple(sorted(self.tokens))

    @property
    def look(self) -> tuple[str, ...]:
        """Return the sorted tokens by the look of their letters. Names that look equal have equal ones."""
        return tuple(sorted(token.translate(_ALIKE) for token in self.looks or self.tokens))

    @property
    def full(self) -> bool:
        """Return whether it is more than a first name or a last name."""
        return len(self.tokens) > 1 or len(self.raw) > 1


NO_NAME = Name((), "", ())


@lru_cache(maxsize=131_072)
def parse_name(text: str) -> Name:
    """Return a display name in the form for comparing, or `NO_NAME` for an address or a text that isn't a name."""
    text = unicodedata.normalize("NFKC", _without_pictures(text[:LONGEST_NAME])).strip()
    # Many programs repeat the address as the name.
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
    """Return a text with a blank for each picture or sign (🚀 ★ ™). Letters in a circle stay: they are letters."""
    if text.isascii():
        return text
    return "".join(" " if unicodedata.category(c) == "So" and not _is_letter(c) else c for c in text)


def _is_letter(char: str) -> bool:
    plain = unicodedata.normalize("NFKC", char)
    return len(plain) == 1 and plain.isalpha()


def _turned(text: str) -> str:
    """Return `Doe, Jane` as `Jane Doe`, but keep `Jane Doe, PhD`."""
    first, *others = (part.strip() for part in text.split(","))
    suffixes = [part for part in others if _is_suffix(part)]
    rest = [part for part in others if part and not _is_suffix(part)]
    return " ".join([*rest, first, *suffixes])


def _is_suffix(part: str) -> bool:
    words = [word.replace(".", "") for word in part.casefold().split()]
    return "".join(words) in DEGREES or all(word in DEGREES or word in GENERATIONS for word in words)


def _tokens(text: str) -> tuple[str, ...]:
    text = _APOSTROPHES.sub("", anyascii(text))
    # In a name that is all in capitals, MA may be Ms. Ma as well as a degree.
    if not text.isupper():
        text = _CAPITALS.sub(_degree, text)
    text = _FACULTIES.sub(" ", text.lower())
    text = _TITLE_DOTTED.sub(" ", _DOTTED.sub(_degree, re.sub(r"\bph\.? ?d\b\.?", " ", text)))
    words = [word for word in _WORD.findall(text) if not word.isdigit()]
    kept = [word for place, word in enumerate(words) if not _is_title(word, place)]
    # Don is a title in "Don Pedro Doe", and a name in "Don Doe".
    if len(kept) > _TWO and kept[0] in TITLES_OR_NAMES:
        del kept[0]
    return tuple(kept or words)


def _is_title(word: str, place: int) -> bool:
    if word in DEGREES_OR_NAMES or word in TITLES_OR_NAMES:
        return False
    return word in TITLES or (word in DEGREES and place > 0)


def _degree(found: re.Match[str]) -> str:
    """Return the matched capitals or dotted letters, or a blank for a degree after a name (`Jane Doe, M.Sc.`)."""
    # Two words must come before it, or Jack Ma would lose his last name.
    before = _LETTERS.findall(found.string, 0, found.start())
    is_degree = len(before) >= _TWO and "".join(_LETTERS.findall(found.group())).lower() in DEGREES
    return " " if is_degree else found.group()


def name_key(text: str) -> str:
    """Return a key that equal names (`same`) share. A single word, or no name, gives its folded text."""
    key = parse_name(text).key
    return " ".join(key) if len(key) > 1 else fold_name(text)


@dataclass(frozen=True, slots=True)
class LocalForms:
    """How a name is spelled in local parts, letters only: `whole` by first and last name, `short` with an initial."""

    whole: frozenset[str]
    short: frozenset[str]


@lru_cache(maxsize=4096)
def local_forms(name: Name) -> LocalForms:
    """Return the local parts that a name makes, none for a name of one word."""
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
    """Return the letters of a local part: `janedoe` for `jane.doe2`."""
    return "".join(_PARTS.findall(anyascii(local).lower()))


def words_of(local: str) -> list[str]:
    """Return the words of a local part: jane and doe for `jane.doe2`."""
    return [word for word in _PARTS.findall(anyascii(local).lower()) if word]


# Words in local parts that say nothing about whose it is.
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
    """Return whether a local part spells somebody else's name (`bob.smith` or `bsmith` for Jane Doe).

    `known` are the tokens of all names in the mailbox.
    """
    forms = local_forms(name)
    if squash(local) in forms.whole | forms.short:
        return False
    words = [word for word in words_of(local) if word not in _NOISE]
    strange = [word for word in words if not _fits_word(word, name)]
    if len(words) > 1:
        initials = len(strange) == len(words) and not any(char.isdigit() for char in local)
        return initials or any(len(word) >= _SHORTEST for word in strange)
    # A single word may be anything (sunshine@), so it counts as a name only if it is known as one.
    return bool(strange) and _is_known(strange[0], name, known)


def fits_local(local: str, name: Name) -> bool:
    """Return whether a local part fits a name: it is one of its forms, its initials, or parts of it with noise."""
    forms, squashed = local_forms(name), squash(local)
    if squashed in forms.whole | forms.short:
        return True
    if any(squashed == "".join(token[0] for token in tokens) for tokens in (name.tokens, name.tokens[::-1])):
        return True
    words = [word for word in words_of(local) if word not in _NOISE]
    return bool(words) and all(_fits_word(word, name) for word in words)


def _is_known(word: str, name: Name, known: frozenset[str]) -> bool:
    if word in known or word in given_names():
        return True  # never this person's own tokens: those fit, and don't come here
    if any(word[:cut] in given_names() for cut in range(_SHORTEST, len(word) - _SHORTEST + 1)):
        return True  # annleeds@gmail.com: the normal form has lost the dot of ann.leeds
    rest = word[1:]  # bsmith
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
    """Return other forms of a first name: its nicknames, and the names that it is a nickname of."""
    namer = _nicknamer()
    return frozenset(namer.nicknames_of(token) | namer.canonicals_of(token)) - {token}


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Return the first names that the nickname data knows."""
    return frozenset(_nicknamer().nickname_lookup) | frozenset(_nicknamer().canonical_lookup)
