"""The addresses in an address field such as To or Cc (RFC 5322, 3.4). Nothing here raises.

    field ─┬─> cut (the common shape) ─> pieces, each parsed once and remembered ─┬─> AddressList
           └─> parse_any (anything else) ─────────────────────────────────────────┘

The field is split first and the names are decoded afterwards: an address inside a comment, a quoted string or an
encoded word was not written to, so it must not come out. A quote, comment or bracket that is never closed is read as
an ordinary character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from assistant.core.mail.address import normal_address
from assistant.core.mail.header import decode_words, split_fields

_ROUTE = re.compile(r"\s*@[^:<>]*:")
_COLON_IN_ADDRESS = re.compile(r"\s*mailto$", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;]+")
_UNDISCLOSED = re.compile(
    r"undisclosed[-_ ]*recipient|unlisted[-_ ]*recipient|recipients? not specified", re.IGNORECASE
)
_Q_WORD = re.compile(r"(=\?[^?\s<>@,;]{1,60}\?[qQ]\?)([^?\s]*)(\?=)")
_MARK = re.compile(r"[\"(),.:;<>@\[\]\\]")
_MARKS = re.compile(r"[\\\"()<>\[\]]")
_LONGEST_NAME = 1000


class Named(NamedTuple):
    """One address in a field: `address` in normal form, `name` decoded ("" for none), `raw` as written."""

    address: str
    name: str
    raw: str


@dataclass(frozen=True, slots=True)
class AddressList:
    """The addresses in one field. `undisclosed` means that it hides its recipients (an empty group, or in words)."""

    people: tuple[Named, ...] = ()
    undisclosed: bool = False


NOBODY = AddressList()


_COMMON = re.compile(
    r"""[ \t]*((?:"[^"\\]*"|[\w .'-]*|(?:=\?[\w-]{1,60}\?[bBqQ]\?[\w=+/*!'-]*\?=[ \t]*)+)[ \t]*"""
    r"""<[\w.+-]+@[\w.-]+>|[\w.+-]+@[\w.-]+)[ \t]*(?:,|$)""",
    re.ASCII,
)


def parse_addresses(text: str) -> AddressList:
    """Return the addresses of one To, Cc, From … field, in order, with duplicates; empty for an empty field."""
    if not text:
        return NOBODY
    # A mailbox repeats the same few spellings, so it pays to cut the common shape by a pattern and remember each piece.
    pieces = cut(text)
    if pieces is None:
        return parse_any(text)
    if len(pieces) == 1:
        return _once(pieces[0])
    found = [_once(piece) for piece in pieces]
    return AddressList(tuple(n for one in found for n in one.people), any(one.undisclosed for one in found))


def sole_sender(header: bytes) -> str:
    """Return the normal address of the only sender in From, "" for none, several, or more than one From."""
    fields = [value for name, value in split_fields(header) if name == "from"]
    people = parse_addresses(fields[0]).people if len(fields) == 1 else ()
    return people[0].address if len(people) == 1 else ""


def cut(text: str) -> list[str] | None:
    """Return the pieces of a field, one address each, or None if it doesn't have the common shape.

    The common shape is `Name <address>`, `"Name" <address>` or a bare address, separated by commas.
    """
    pieces: list[str] = []
    at = 0
    while at < len(text):
        piece = _COMMON.match(text, at)
        if piece is None:
            return None
        pieces.append(piece.group(1))
        at = piece.end()
    return pieces


@lru_cache(maxsize=16_384)
def _once(piece: str) -> AddressList:
    return parse_any(piece)


def parse_any(text: str) -> AddressList:
    """Return the same as `parse_addresses` by the full parser, for a field of any shape."""
    if "=?" in text:
        text = _Q_WORD.sub(_encode_separators, text)
    people: list[Named] = []
    undisclosed = False
    pending = ""
    members = 0
    for kind, part in _parts(text):
        if kind == "group":
            pending, members = "", len(people)
            continue
        found = _addresses(pending + part) if "@" in part else []
        if found:
            people.extend(found)
            pending = ""
        else:
            # An unquoted "Doe, Jane <jane@x.example>": the part before the comma belongs to the name after it.
            pending = f"{pending}{part}, " if part.strip() and kind == "comma" and "@" not in part else ""
            # Bounded, or a hostile field of commas would be copied again at each of them.
            pending = pending[-_LONGEST_NAME:]
        undisclosed |= bool(_UNDISCLOSED.search(part))
        if kind == "end-group":
            undisclosed |= members == len(people)
            pending = ""
    # Some programs give the hidden recipients an address: undisclosed-recipients@x.example.
    return AddressList(tuple(person for person in people if not _UNDISCLOSED.match(person.address)), undisclosed)


def _encode_separators(word: re.Match[str]) -> str:
    """Return an encoded word in which the characters that separate addresses are encoded."""
    # RFC 2047, 5 (3) wants them encoded, but some programs leave the comma of =?utf-8?Q?Doe,_J=C3=B6rg?= bare.
    return word.group(1) + _MARK.sub(lambda mark: f"={ord(mark.group()):02X}", word.group(2)) + word.group(3)


def _parts(text: str) -> list[tuple[str, str]]:
    """Return (kind, text) up to each separator: comma, semicolon, group (the name before it), end-group, end."""
    parts: list[tuple[str, str]] = []
    start = at = 0
    in_group = False
    ends = _ends(text)
    while at < len(text):
        char = text[at]
        if char in '"(<[':
            at = ends.get(at, at + 1)
            continue
        if char == "\\":
            at += 2
            continue
        if char == ":" and not _COLON_IN_ADDRESS.fullmatch(text[start:at]):
            kind = "group"
            in_group = True
        elif char == ",":
            kind = "comma"
        elif char == ";":
            kind, in_group = ("end-group" if in_group else "semicolon"), False
        else:
            at += 1
            continue
        if kind == "group":
            parts.append((kind, text[start:at]))
            # The name of a group isn't searched by the caller, and "undisclosed-recipients:;" is only a name.
            if _UNDISCLOSED.search(text[start:at]):
                parts.append(("semicolon", text[start:at]))
        else:
            parts.append((kind, text[start:at]))
        at += 1
        start = at
    parts.append(("end-group" if in_group else "end", text[start:]))
    return parts


def _ends(text: str) -> dict[int, int]:
    """Return the index after the end of each closed quote, comment or bracket, by the index where it opens."""
    # One pass for the whole text: a hostile header opens ten thousand brackets that it never closes, and looking for
    # the end of each would take quadratic time.
    ends: dict[int, int] = {}
    open_at: dict[str, list[int]] = {"(": [], "<": [], "[": []}
    quote = -1
    escaped = -1
    for mark in _MARKS.finditer(text):
        at, char = mark.start(), mark.group()
        if char == "\\":
            escaped = at + 1 if at != escaped else -1
        elif char in '"()':
            if at == escaped:
                continue
            if char == '"':
                if quote >= 0:
                    ends[quote] = at + 1
                quote = at
            else:
                _close(char, at, open_at["("], ends)
        elif char in "<>":
            _close(char, at, open_at["<"], ends)
        elif char == "[":
            open_at["["].append(at)
        else:
            ends.update(dict.fromkeys(open_at["["], at + 1))
            open_at["["].clear()
    return ends


def _close(char: str, at: int, open_at: list[int], ends: dict[int, int]) -> None:
    if char in "(<":
        open_at.append(at)
    elif open_at:
        ends[open_at.pop()] = at + 1


def _addresses(part: str) -> list[Named]:
    """Return the addresses in one part between separators: `name <address>`, or a bare one."""
    # There are several where a separator is missing: "Jane <jane@x.example> Bob <bob@y.example>".
    pieces = _pieces(part)
    angles = [number for number, (kind, _) in enumerate(pieces) if kind == "<"]
    if not angles:
        return _bare(pieces)
    found = []
    before = 0
    for number in angles:
        name_pieces = pieces[before:number]
        after = pieces[number + 1 :] if number == angles[-1] else []
        torn = _bare([piece for piece in after if not piece[0]])
        inside = _unrouted(pieces[number][1])
        named = _named(inside, name_pieces if torn else name_pieces + after)
        found.extend([named] if named else _several(inside))
        found.extend(torn)
        before = number + 1
    # Brackets without an address separate the text before them from the text after them.
    return found or _bare([("", ",") if piece[0] == "<" else piece for piece in pieces])


def _several(inside: str) -> list[Named]:
    """Return the addresses in brackets that hold several of them and nothing else."""
    # They get no name: nothing tells whose the name before the brackets is.
    words = [word for word in _BETWEEN.split(inside) if word]
    if any(word.count("@") != 1 or '"' in word for word in words):
        return []
    return [named for named in (_named(word, []) for word in words) if named]


def _pieces(part: str) -> list[tuple[str, str]]:
    """Return the part as (kind, text) pieces: quoted string ('"'), comment ("("), bracket ("<"), plain text ("")."""
    pieces: list[tuple[str, str]] = []
    at = start = 0
    ends = _ends(part)
    while at < len(part):
        char = part[at]
        if char in '"(<':
            end = ends.get(at, at + 1)
            if end == at + 1 and char == "<":
                end = len(part) + 1
            if end > at + 1:
                pieces.extend((("", part[start:at]), (char, part[at + 1 : end - 1])))
                at = start = end
                continue
        at += 2 if char == "\\" else 1
    pieces.append(("", part[start:]))
    return [(kind, text) for kind, text in pieces if kind or text.strip()]


def _unrouted(inside: str) -> str:
    """Return the content of angle brackets without comments, further brackets and a source route."""
    inside = inside.strip("<> \t")
    if "(" in inside:
        inside = "".join(f'"{text}"' if kind == '"' else text for kind, text in _pieces(inside) if kind != "(")
    return _ROUTE.sub("", inside) if inside.startswith("@") else inside


def _bare(pieces: list[tuple[str, str]]) -> list[Named]:
    """Return the addresses of a part without angle brackets: `address (Name)`, `"odd local"@host`."""
    plain = "".join(f'"{text}"' if kind == '"' else text for kind, text in pieces if kind != "(").strip()
    if "@" not in plain:
        return []
    whole = normal_address(plain)
    comments = [piece for piece in pieces if piece[0] == "("]
    if whole:
        return [Named(whole, _name(comments), plain)]
    words = re.sub(r'"[^"]*"(?!@)', " ", plain).split()
    found = [_named(word, comments) for word in words if word.count("@") == 1 and "." in word.partition("@")[2]]
    return [named for named in found if named]


def _named(raw: str, pieces: list[tuple[str, str]]) -> Named | None:
    address = normal_address(raw)
    return Named(address, _name(pieces), raw) if address else None


def _name(pieces: list[tuple[str, str]]) -> str:
    """Return the display name: the phrase before the address, else the comment."""
    phrase = " ".join(_unquoted(text) if kind == '"' else text for kind, text in pieces if kind != "(").strip()
    if not phrase.strip(" ,'\""):
        phrase = " ".join(_unquoted(text) for kind, text in pieces if kind == "(")
    return decode_words(phrase).strip(" ,'\"")


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text) if "\\" in text else text
