"""Who isn't on the roster but was often in touch with the owner (docs/roles.md, "Who is offered").

Two kinds of candidates take turns: those most in touch now, by a score that halves every 90 days, and those who
lapsed, who are due as soon as they are on the roster. This only ranks candidates. It never decides about contact.
"""

from __future__ import annotations

import math
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HALF_LIFE = 90 * 86_400
# An answer weighs most, since it shows that both write.
_WEIGHTS = {"reply": 1.0, "meeting": 1.0, "one-to-one": 0.6, "forward": 0.4, "small-group": 0.4}
WEEK = 7 * 86_400
# Contact with one person alone, or an answer. Mail to several people at once says nothing about a role.
PERSONAL = frozenset({"reply", "meeting", "one-to-one"})
# The share of weeks with contact that fits a mentor: from one week in six to two in three. More often is work.
IN_STEP = (1 / 6, 2 / 3)
# It takes this many weeks from first to last, and weeks with contact, to make a rhythm. Less is an errand.
LONG, MANY = 12, 4
# Weeks between the first and the last contact that show that an acquaintance lasts.
APART = 6
# Weeks of silence after which somebody has lapsed: a quarter, by which both a mentor and an advisor are due.
QUIET = 13


def score(contacts: Iterable[tuple[int, str]], now: int) -> float:
    """Return the score at `now` of (instant, reason) pairs; instants in epoch seconds."""
    return sum(_WEIGHTS.get(reason, 0.2) * math.exp2(-max(now - at, 0) / HALF_LIFE) for at, reason in contacts)


def closeness_before(contacts: Iterable[tuple[int, str]], now: int) -> float:
    """Return the score that somebody who lapsed had when they fell silent; 0 for everybody else.

    A person lapsed if they were written to alone in at least four weeks, and then not for a quarter and for twice as
    long as usual between the two.
    """
    found = list(contacts)
    weeks = {at // WEEK for at, reason in found if reason in PERSONAL}
    # At least half of the mail must be personal, since mail to several people tells nothing.
    if len(weeks) < MANY or sum(reason in PERSONAL for _, reason in found) * 2 < len(found):
        return 0.0
    # Scored at their last contact, or those who fell silent long ago would always come behind the others.
    last = max(at for at, _ in found)
    quiet, usual = (now - last) / WEEK, (max(weeks) - min(weeks) + 1) / len(weeks)
    return score(found, last) if quiet >= max(QUIET, 2 * usual) else 0.0


def taking_turns(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Return both rankings as one, taking turns. Somebody in both keeps their better place."""
    turns = (one for pair in zip_longest(first, second) for one in pair if one)
    return list(dict.fromkeys(turns))


def guess_role(address_domain: str, company_domains: Iterable[str], contacts: Iterable[tuple[int, str]]) -> str | None:
    """Return the role that somebody might have, or None if nothing suggests one (docs/roles.md, "A guess").

    `contacts` are a year's (instant in epoch seconds, reason) pairs. Without `company_domains` only a mentor can be
    guessed. No header shows that somebody is senior.
    """
    found = list(contacts)
    weeks = {at // WEEK for at, reason in found if reason in PERSONAL}
    if not weeks or sum(reason in PERSONAL for _, reason in found) * 2 < len(found):
        return None
    span = max(weeks) - min(weeks) + 1
    often = len(weeks) / span
    # Every few weeks, for long, is how mentors write. Somebody written to nearly every week is a person to work with,
    # which isn't a role.
    if span >= LONG and len(weeks) >= MANY and often >= IN_STEP[0]:
        return "mentor" if often <= IN_STEP[1] else None
    domains = tuple(company_domains)
    # One busy month is an errand.
    if span <= APART or not domains or often >= IN_STEP[1]:
        return None
    inside = any(address_domain == one or address_domain.endswith("." + one) for one in domains)
    return "advocate" if inside else "advisor"
