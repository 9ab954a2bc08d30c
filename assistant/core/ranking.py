"""Who is often in touch with the owner but on no list: a score that halves with time (docs/how-contact-is-inferred.md).

It ranks candidates only, and never says when a last contact was.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HALF_LIFE = 90 * 86_400
_WEIGHTS = {"reply": 1.0, "meeting": 1.0, "one-to-one": 0.6, "forward": 0.4, "small-group": 0.4}
OFTEN = 12
"""Contacts in a year from which on somebody is in step with the owner, as a mentor is."""


def score(contacts: Iterable[tuple[int, str]], now: int) -> float:
    """Return the score of (instant in epoch seconds, reason) pairs; an answer weighs most: it shows that both write."""
    return sum(_WEIGHTS.get(reason, 0.2) * math.exp2(-max(now - at, 0) / HALF_LIFE) for at, reason in contacts)


def guess_role(address_domain: str, company_domains: Iterable[str], contacts_a_year: int) -> str | None:
    """Return the role somebody might have (docs/roles.md), None where nothing speaks for one.

    Often in touch: a mentor. More seldom and at the owner's company: an advocate. More seldom elsewhere: an advisor.
    """
    domains = tuple(company_domains)
    if contacts_a_year >= OFTEN:
        return "mentor"
    if not domains:
        return None
    inside = any(address_domain == one or address_domain.endswith("." + one) for one in domains)
    return "advocate" if inside else "advisor"
