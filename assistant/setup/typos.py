"""A slip in the domain of a well-known provider: gmial.com is nearly gmail.com. Only ever a question.

A slip is one letter too many, too few, another one, or two that changed places (OSA distance). One may be in the name,
and one more in an ending that no registry gives out ("con"). Short names are near too much: aol.com and aon.com are two
companies, so a slip in the name counts from five letters on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.core.mail.address import FREE_MAIL, public_suffix
from assistant.setup.discovery.providers import PROVIDERS, by_domain, by_public_domain

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST: Final = 5
_ANY: Final = ".*"


def meant_domain(domain: str) -> str | None:
    """Return the well-known domain that one in lower case may be a slip of; None for one that is known or near none."""
    suffix = public_suffix(domain)
    if suffix and (by_domain(domain) or by_public_domain(domain) or domain in FREE_MAIL):
        return None
    known = list(_well_known(suffix or "com"))
    near = {one: slips for one in known if (slips := _slips(domain, one, exists=bool(suffix))) is not None}
    if _name(domain) in map(_name, known):
        near = {one: slips for one, slips in near.items() if _name(one) == _name(domain)}  # its name has no slip
    return min(near, key=near.__getitem__, default=None)  # of equals the first: the table has the largest first


def _well_known(suffix: str) -> Iterator[str]:
    """Yield every well-known domain, the large providers first; one that has each ending with `suffix`."""
    for provider in PROVIDERS:
        for domain in provider.domains:
            yield domain.removesuffix(_ANY) + f".{suffix}" if domain.endswith(_ANY) else domain
    yield from sorted(FREE_MAIL)


def _name(domain: str) -> str:
    return domain.partition(".")[0]


def _slips(typed: str, known: str, *, exists: bool) -> int | None:
    """Return how many slips lead from `known` to what was typed, None for more than a hand makes.

    `exists` says whether the ending that was typed is one.
    """
    from rapidfuzz.distance import OSA

    of_name = OSA.distance(_name(typed), _name(known))
    of_ending = OSA.distance(typed.partition(".")[2], known.partition(".")[2])
    short = len(_name(known)) < SHORTEST
    if max(of_name, of_ending) > 1 or (of_name and short) or (exists and (of_name + of_ending > 1 or short)):
        return None
    return of_name + of_ending
