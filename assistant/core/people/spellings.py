"""How an address may be written in a From, to search for it: a server compares letters, not normal forms."""

from __future__ import annotations

import re
from itertools import permutations, product
from typing import TYPE_CHECKING

from assistant.core.mail.address import normal_address
from assistant.core.people.names import parse_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_GMAIL = ("gmail.com", "googlemail.com")
# What would end a quoted string or an angle bracket isn't searched for.
_PLAIN = re.compile(r"[^\s\"\\<>(),:;\x00-\x1f\x7f]+@[^\s\"\\<>(),:;\x00-\x1f\x7f]+")
_DIGITS = re.compile(r"\d*$")
# People put the dot between two or three words of their name.
_MOST_WORDS = 3


def is_dotless(address: str) -> bool:
    """Return whether dots in the local part mean nothing at this provider, so that nobody knows where they stand."""
    return address.rpartition("@")[2] in _GMAIL


def spellings_of(address: str, written: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Return the spellings of a normal address in lower case, itself first.

    `written` are addresses as the owner wrote them, `names` the names of its person. Gmail ignores dots and has two
    domains, so a Gmail address is spelled with both, and with the dots that the names suggest.
    """
    local = address.rpartition("@")[0]
    locals_ = {local}
    found = [address]
    for raw in sorted({one.lower() for one in written}):
        if normal_address(raw) == address and _PLAIN.fullmatch(raw):
            found.append(raw)
            locals_.add(raw.rpartition("@")[0])
    if is_dotless(address):
        locals_.update(dotted for name in names for dotted in _dotted(local, name))
        found += [f"{one}@{domain}" for one in sorted(locals_) for domain in _GMAIL]
    return tuple(dict.fromkeys(found))


def _dotted(local: str, name: str) -> Iterator[str]:
    """Yield the local part of a Gmail address with dots between some of the words of a name that it is made of."""
    digits = _DIGITS.search(local)
    letters, tail = local[: digits.start()] if digits else local, digits[0] if digits else ""
    parsed = parse_name(name)
    for tokens in {parsed.tokens, parsed.umlauts}:
        pieces = [piece for token in tokens[:_MOST_WORDS] for piece in (token, token[0])]
        for count in range(2, _MOST_WORDS + 1):
            for some in permutations(pieces, count):
                if "".join(some) == letters:
                    for dots in product(("", "."), repeat=count - 1):
                        yield "".join(part for pair in zip(some, (*dots, tail), strict=True) for part in pair)
