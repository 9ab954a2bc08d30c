"""Who is on no list but was often in touch with the owner (docs/how-contact-is-inferred.md).

Two kinds of candidates take turns: those most in touch, by a score that halves with time, and those lapsed, who are due
as soon as they are on the roster. This ranks candidates only, and never says when a last contact was.
"""

from __future__ import annotations

import math
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HALF_LIFE = 90 * 86_400
_WEIGHTS = {"reply": 1.0, "meeting": 1.0, "one-to-one": 0.6, "forward": 0.4, "small-group": 0.4}
WEEK = 7 * 86_400
PERSONAL = frozenset({"reply", "meeting", "one-to-one"})
"""Contact with somebody alone, or an answer; what is written to several at once tells no role."""
IN_STEP = (1 / 6, 2 / 3)
"""Of the weeks known, how many have contact with somebody to trade ideas with: every six weeks, to two of three."""
LONG, MANY = 12, 4
"""Weeks from first to last, and weeks with contact, from which on there is a rhythm at all."""
APART = 6
"""Weeks between first and last that show that an acquaintance lasts."""
QUIET = 13
"""Weeks without a word after which somebody has lapsed: a quarter, by which a mentor and an advisor are due."""


def score(contacts: Iterable[tuple[int, str]], now: int) -> float:
    """Return the score of (instant in epoch seconds, reason) pairs; an answer weighs most: it shows that both write."""
    return sum(_WEIGHTS.get(reason, 0.2) * math.exp2(-max(now - at, 0) / HALF_LIFE) for at, reason in contacts)


def closeness_before(contacts: Iterable[tuple[int, str]], now: int) -> float:
    """Return the score somebody lapsed had when they fell silent; 0 for everybody else.

    Lapsed is who was written to alone, in four weeks or more, and then no more for a quarter and for twice as long as
    was usual between the two.
    """
    found = list(contacts)
    weeks = {at // WEEK for at, reason in found if reason in PERSONAL}
    if len(weeks) < MANY or sum(reason in PERSONAL for _, reason in found) * 2 < len(found):
        return 0.0
    last = max(at for at, _ in found)
    quiet, usual = (now - last) / WEEK, (max(weeks) - min(weeks) + 1) / len(weeks)
    return score(found, last) if quiet >= max(QUIET, 2 * usual) else 0.0


def taking_turns(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Return both rankings as one, one of each in turn; whoever stands in both has their better place."""
    turns = (one for pair in zip_longest(first, second) for one in pair if one)
    return list(dict.fromkeys(turns))


def guess_role(address_domain: str, company_domains: Iterable[str], contacts: Iterable[tuple[int, str]]) -> str | None:
    """Return the role somebody might have, None where nothing speaks for one (docs/roles.md).

    `contacts` are (instant in epoch seconds, reason) of a year. A mentor is in step with the owner, every few weeks and
    for long; who is written to nearly every week is worked with, which is no role. More seldom, and over some time: an
    advocate at the owner's company, an advisor elsewhere. Mail to several, or of one busy month, tells nothing; nor
    does the company while `company_domains` is empty. That somebody is senior no header shows.
    """
    found = list(contacts)
    weeks = {at // WEEK for at, reason in found if reason in PERSONAL}
    if not weeks or sum(reason in PERSONAL for _, reason in found) * 2 < len(found):
        return None
    span = max(weeks) - min(weeks) + 1
    often = len(weeks) / span
    if span >= LONG and len(weeks) >= MANY and often >= IN_STEP[0]:
        return "mentor" if often <= IN_STEP[1] else None
    domains = tuple(company_domains)
    if span <= APART or not domains or often >= IN_STEP[1]:
        return None
    inside = any(address_domain == one or address_domain.endswith("." + one) for one in domains)
    return "advocate" if inside else "advisor"
