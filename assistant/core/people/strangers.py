"""Who cannot be a candidate, by address and name alone: family, desks, relays (docs/roles.md, "Who is offered").

This never decides about contact: a desk in another language than English gets its verdict as before.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from assistant.core.language.data_files import data_file
from assistant.core.language.fold import fold_name
from assistant.core.mail.address import company_of, is_role_address
from assistant.core.people.names import given_names, parse_name, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Letters and digits that take turns three times, as in a3f9c1: no name is spelled so, and a relay's token is.
_TOKEN: Final = re.compile(r"(?:[a-z]+\d+){3}")
_SHORTEST: Final = 3
_PARTICLE: Final = 3  # van, der, von, del, dos
_HONORED: Final = 2


def cannot_be_close(address: str, names: Sequence[str], owner: str) -> bool:
    """Return whether somebody (a normal address, and the names it is written to) is no candidate of `owner`'s."""
    return is_desk(address, names) or is_formal(names) or is_family(address, names, owner)


def is_desk(address: str, names: Iterable[str]) -> bool:
    """Return whether a normal address belongs to a desk or a program, by itself or by the names it is written to."""
    local = fold_name(address.partition("@")[0]).split()
    if is_role_address(address) or _is_relay(address) or not _words("addresses").isdisjoint(local):
        return True
    return any(_offices().search(fold_name(name)) for name in names)


def is_formal(names: Iterable[str]) -> bool:
    """Return whether somebody is only known as Mr Hale or Frau Roth, by their last name; False without a name."""
    words = [fold_name(name).split() for name in names]
    return bool(words) and all(len(one) <= _HONORED and one[:1] and one[0] in _words("honorifics") for one in words)


def _is_relay(address: str) -> bool:
    local, _, host = address.partition("@")
    labels = host.split(".")
    # The registered domain is a company's own name, and may be any word.
    if host in _words("relays") or not _words("relay_labels").isdisjoint(labels[:-2]):
        return True
    return bool(re.search(r"[=%+]", local) or _TOKEN.search(local))


def is_family(address: str, names: Iterable[str], owner: str) -> bool:
    """Return whether somebody has the owner's surname: in a name, or in the address where no full name is known."""
    surname, known = _surname(owner), [parse_name(name) for name in names]
    if any(name.full for name in known):
        return any(not surname.isdisjoint(name.tokens[1:]) for name in known)
    spelled = words_of(address.partition("@")[0]) + words_of((company_of(address) or "").partition(".")[0])
    return any(word in surname and len(word) >= _SHORTEST for word in spelled)


@cache
def _surname(owner: str) -> frozenset[str]:
    """Return the parts of the owner's last names, empty if only one word is known.

    Anna Weber-Roth and Ana García López have two, and a second first name is none.
    """
    words = owner.split()
    middle = [token for word in words[1:-1] for token in parse_name(word).tokens]
    surnames = [token for token in middle if len(token) > _PARTICLE and token not in given_names()]
    return frozenset([*surnames, *(parse_name(words[-1]).tokens if len(words) > 1 else ())])


@cache
def _offices() -> re.Pattern[str]:
    # fold_name drops the asterisks, and takes the accents as it does from the names.
    words = [rf"\w*{fold_name(word)}" if word.startswith("*") else fold_name(word) for word in _words("names")]
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(data_file("words", "desks")[name].split())
