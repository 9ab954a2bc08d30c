"""What SEARCH finds, as different servers compare: `meets` evaluates criteria (RFC 3501, 6.4.4) over one message."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.header import decode_header, make_header
from email.utils import getaddresses
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Compare = Callable[[str, str, str], bool]
"""Given the name of a field ("" for FROM), its decoded text, and what is searched for: is it found?"""
_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"|(\S+)')


def meets(criteria: bytes, uid: int, message: bytes, compare: Compare) -> bool:
    """Return whether a message meets all criteria. Dates count as met."""
    tokens = iter(_tokens(criteria))
    met = True
    for token in tokens:
        met = _one(token, tokens, uid, message, compare) and met
    return met


@lru_cache(maxsize=16)
def _tokens(criteria: bytes) -> tuple[str, ...]:
    return tuple(_unquoted(found) for found in _TOKEN.finditer(criteria))


def _one(token: str, tokens: Iterator[str], uid: int, message: bytes, compare: Compare) -> bool:
    match token.upper():
        case "OR":
            both = [_one(next(tokens), tokens, uid, message, compare) for _ in range(2)]
            return any(both)
        case "NOT":
            return not _one(next(tokens), tokens, uid, message, compare)
        case "UID":
            return any(_holds(part, uid) for part in next(tokens).split(","))
        case "FROM":
            return compare("", _field(message, "from"), next(tokens))
        case "HEADER":
            name = next(tokens)
            return compare(name.lower(), _field(message, name), next(tokens))
        case "SINCE":
            return bool(next(tokens))
    raise AssertionError(token)


def _unquoted(found: re.Match[bytes]) -> str:
    quoted, plain = found.groups()
    return re.sub(r"\\(.)", r"\1", quoted.decode()) if quoted is not None else plain.decode()


def _holds(part: str, uid: int) -> bool:
    first, _, last = part.partition(":")
    return int(first) <= uid <= int(last or first)


@lru_cache(maxsize=4_096)
def _field(message: bytes, name: str) -> str:
    head = message.partition(b"\r\n\r\n")[0].decode().replace("\r\n ", " ")
    found = re.search(rf"^{name}:[ ]*(.*?)\r?$", head, re.IGNORECASE | re.MULTILINE)
    return str(make_header(decode_header(found[1]))) if found else ""


def as_courier(_name: str, field: str, text: str) -> bool:
    """Compare with the decoded field, letter by letter."""
    return text.lower() in field.lower()


def as_cyrus(name: str, field: str, text: str) -> bool:
    """Compare without blanks, and for FROM with a text made of the addresses in the field."""
    return "".join(text.lower().split()) in _without_blanks(field, addresses=not name)


@lru_cache(maxsize=4_096)
def _without_blanks(field: str, *, addresses: bool) -> str:
    if addresses:
        field = ",".join(f"{display}<{address}>" for display, address in getaddresses([field]))
    return "".join(field.lower().split())


def as_gmail(_name: str, field: str, text: str) -> bool:
    """Compare words, without punctuation. A text without a word is in every field."""
    words, wanted = (re.findall(r"\w+", one.lower()) for one in (field, text))
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) + 1))


def as_gmail_or_nothing(name: str, field: str, text: str) -> bool:
    """Compare words, but a text without a word is in no field."""
    return bool(re.search(r"\w", text)) and as_gmail(name, field, text)


def as_exchange(name: str, field: str, text: str) -> bool:
    """Compare with names and addresses, which are kept apart and so without brackets."""
    if not name:
        field = " ".join(f"{display} {address}" for display, address in getaddresses([field]))
    return text.lower() in field.lower()


def as_nobody(_name: str, _field: str, _text: str) -> bool:
    """Find everything."""
    return True
