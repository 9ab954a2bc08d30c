"""Notices a typo in the domain of a well-known provider, such as gmial.com, so that set-up can ask about it.

A typo is one letter too many, too few or wrong, or two that are swapped (OSA distance). There may be one in the name,
and one more in an ending that doesn't exist ("con").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.core.mail.address import FREE_MAIL, public_suffix
from assistant.setup.discovery.providers import PROVIDERS, by_domain, by_public_domain

if TYPE_CHECKING:
    from collections.abc import Iterator

# Letters. Short names are close to too many others: aol.com and aon.com are two companies.
SHORTEST: Final = 5
_ANY: Final = ".*"


def meant_domain(domain: str) -> str | None:
    """Return the well-known domain `domain` (lower case) may be a typo of; None if it is known or close to none."""
    suffix = public_suffix(domain)
    if suffix and (by_domain(domain) or by_public_domain(domain) or domain in FREE_MAIL):
        return None
    known = list(_well_known(suffix or "com"))
    near = {one: slips for one in known if (slips := _slips(domain, one, exists=bool(suffix))) is not None}
    if _name(domain) in map(_name, known):
        # Then the name has no typo, and only the ending is wrong.
        near = {one: slips for one, slips in near.items() if _name(one) == _name(domain)}
    return min(near, key=near.__getitem__, default=None)  # on a tie the first, which is the largest provider


def _well_known(suffix: str) -> Iterator[str]:
    """Yield every well-known domain, large providers first. For one that has every ending, take `suffix`."""
    for provider in PROVIDERS:
        for domain in provider.domains:
            yield domain.removesuffix(_ANY) + f".{suffix}" if domain.endswith(_ANY) else domain
    yield from sorted(FREE_MAIL)


def _name(domain: str) -> str:
    return domain.partition(".")[0]


def _slips(typed: str, known: str, *, exists: bool) -> int | None:
    """Return how many typos lead from `known` to what was typed, None if too many.

    `exists` says whether the typed ending exists.
    """
    from rapidfuzz.distance import OSA

    of_name = OSA.distance(_name(typed), _name(known))
    of_ending = OSA.distance(typed.partition(".")[2], known.partition(".")[2])
    short = len(_name(known)) < SHORTEST
    if max(of_name, of_ending) > 1 or (of_name and short) or (exists and (of_name + of_ending > 1 or short)):
        return None
    return of_name + of_ending
