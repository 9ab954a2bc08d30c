"""Who isn't on the roster but worth keeping: a score of what the owner sent (docs/roles.md, "Who is offered").

    personal × mutual × lasting × rhythm × need, each from 0 to 1

They are multiplied because each alone can rule somebody out: a colleague in every thread is lasting and mutual, a
landlord is personal for a month. This only ranks candidates. It never decides about contact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from assistant.core.language.cues import bare, has_tone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

DAY: Final = 86_400
WEEK: Final = 7 * DAY
MONTH: Final = 365.25 * DAY / 12
YEARS: Final = 3
# Half of each of the five. With less there is nobody to propose, or digest after digest would name the next best.
ENOUGH: Final = 1 / 2**5
# What nearly every week is worth, for then it's work (docs/roles.md).
WORK: Final = 0.35
# Half the credit for lasting: mail in two months, so that it wasn't once, and a quarter from first to last. It never
# fills up, so that of two long ties the longer one still counts for more.
_MONTHS_HALF, _WEEKS_HALF = 2, 13
# What somebody is lately is told by a year of mail, or by this many messages if the year has fewer.
_DOZEN = 12
# Twice the usual gap is when a tie is missed. Silence of four months that ended is a tie taken up again.
_MISSED, _BREAK = 2, 17
# Weeks of silence after which somebody has lapsed: a quarter, by which both a mentor and an advisor are due.
QUIET: Final = 13
# What goes to this many people isn't between two.
SEVERAL: Final = 3
_OFFICE = range(8, 18)
_SATURDAY = 5

# The share of weeks with contact that fits a mentor: from one week in six to two in three. More often is work.
IN_STEP = (1 / 6, 2 / 3)
# It takes this many weeks from first to last, and weeks with contact, to make a rhythm. Less is an errand.
LONG, MANY = 12, 4
# Weeks between the first and the last contact that show that an acquaintance lasts.
APART = 6


@dataclass(frozen=True, slots=True)
class Sent:
    """One message to somebody: when (epoch seconds), in which thread, about what.

    - `alone`: it was contact, and nobody else got it.
    - `full`: it was contact.
    - `answers`: it answers a message that the owner didn't write.
    - `topic`: the subject without Re: and the like, to compare; "" for none.
    - `tone`: of its subject, see `tone`.
    - `off_hours`: written in the evening, at night or on a weekend, where the owner lives.
    """

    at: int
    alone: bool
    full: bool
    thread: str
    answers: bool
    topic: str
    tone: int = 0
    off_hours: bool = False


@dataclass(frozen=True, slots=True)
class Ranking:
    """How much somebody is worth keeping, with the figures to say why: gaps in weeks, and shares from 0 to 1.

    `alone` is the share of the latest mail that nobody else got, `resumed` how long the silence was that ended lately,
    0 for none.
    """

    score: float
    alone: float
    quiet: float
    usual: float
    resumed: float

    @property
    def lapsed(self) -> bool:
        """Return whether they were in touch, and then not for a quarter and for twice as long as usual."""
        return self.quiet >= max(QUIET, _MISSED * self.usual)


def rank(sent: Sequence[Sent], public: Collection[str], now: int) -> Ranking | None:
    """Return the ranking of somebody at `now`, None if nothing was ever sent to them alone or they never wrote.

    `public` are the topics that aren't between two.
    """
    alone = [one for one in sent if one.alone]
    if not any(one.answers for one in alone):
        return None  # never answered: a machine, or somebody who doesn't know the owner
    # Copies and mail to five or more say nothing about one of them: a senior gets the rounds of a whole project.
    latest = lately([one for one in sent if one.full])
    quiet, usual, resumed = gaps([one.at for one in sent if one.full], now)
    score = (
        personal(latest, public)
        * mutual(alone)
        * lasting([one.at for one in alone])
        * rhythm([one.at for one in latest])
        * need(quiet, usual, resumed)
    )
    seen = lately(sent)
    return Ranking(score, sum(one.alone for one in seen) / len(seen), quiet, usual, resumed)


def lately(sent: Sequence[Sent]) -> list[Sent]:
    """Return the last year of mail to somebody, whenever that was, or the last dozen messages if these are more.

    People change jobs: what they were years ago, a colleague in every thread, isn't what they are.
    """
    newest = sorted(sent, key=lambda one: one.at, reverse=True)
    return [one for place, one in enumerate(newest) if place < _DOZEN or one.at > newest[0].at - 12 * MONTH]


def personal(sent: Sequence[Sent], public: Collection[str]) -> float:
    """Return how personal the mail is: how much goes to them alone, on topics between two, in personal words."""
    alone = [one for one in sent if one.alone]
    if not alone:
        return 0.0
    # One letter too few to both sides, so that one mail isn't a character.
    share = (len(alone) + 1) / (len(sent) + 2)
    private = sum(one.topic not in public for one in alone) / len(alone)
    # Each topic once, or one long thread would be a character as well. Neutral topics say nothing.
    tones = [tone for _, tone in {(one.topic, one.tone) for one in alone}]
    # Two topics in advance, one in four of them warm: most people one writes to are no candidates, and somebody whose
    # subjects say nothing, perhaps in a language without words here, comes after those whose subjects do.
    told = (tones.count(1) + 0.5) / (tones.count(1) + tones.count(-1) + 2)
    # Private errands are done in the evening too, so this only adds.
    off_hours = sum(one.off_hours for one in alone) / len(alone)
    return share * private * told * (2 + off_hours) / 3


def mutual(alone: Sequence[Sent]) -> float:
    """Return how even the exchange is: 1 if they began as many threads as the owner, less the more one side begins.

    Neither can stand in for the other: a robot never begins, and somebody who wants something always does.
    """
    began: dict[str, bool] = {}
    for one in sorted(alone, key=lambda one: one.at):
        began.setdefault(one.thread, not one.answers)
    # One thread more to both sides, so that few threads aren't called one-sided.
    mine, theirs = sum(began.values()) + 1, len(began) - sum(began.values()) + 1
    return 4 * mine * theirs / (mine + theirs) ** 2


def lasting(instants: Collection[int]) -> float:
    """Return how lasting a tie is, by the months with mail and the time from the first to the last."""
    months = len({int(at / MONTH) for at in instants})
    span = (max(instants) - min(instants)) / WEEK if instants else 0
    return months / (months + _MONTHS_HALF) * span / (span + _WEEKS_HALF)


def rhythm(instants: Collection[int]) -> float:
    """Return 1 for seldom, 0.35 for every week, and less for several days a week: that's work, or home."""
    days = {at // DAY for at in instants}
    weeks = {at // WEEK for at in instants}
    span = max(weeks) - min(weeks) + 1 if weeks else 1
    # Between weeks with mail and days with mail a week: a talk over three days is one talk.
    often = math.sqrt(len(weeks) * len(days)) / span
    return 1 / (1 + (1 / WORK - 1) * often**2)


def gaps(instants: Iterable[int], now: int) -> tuple[float, float, float]:
    """Return in weeks how long somebody is quiet, how long they usually are, and the silence that ended lately.

    Lately means within four months. Without contact all are 0.
    """
    weeks = sorted({at // WEEK for at in instants})
    if not weeks:
        return 0.0, 0.0, 0.0
    here = now // WEEK
    steps = [(after - before, after) for before, after in pairwise(weeks)]
    ended = [gap for gap, after in steps if gap >= _BREAK and here - after < _BREAK]
    usual = (weeks[-1] - weeks[0]) / len(steps) if steps else 0.0
    return float(max(here - weeks[-1], 0)), usual, float(max(ended, default=0))


def need(quiet: float, usual: float, resumed: float) -> float:
    """Return how much they need a reminder, from one half for whom the owner just wrote to anyway."""
    if resumed:
        return 1.0
    return 0.5 + 0.5 * min(1.0, quiet / (_MISSED * max(usual, 1)))


@lru_cache(maxsize=8_192)
def tone(subject: str) -> int:
    """Return 1 for a subject in personal words, -1 for an errand or what's private, 0 for neither or both."""
    text = bare(subject)
    return has_tone("personal", text) - (has_tone("errand", text) or has_tone("home", text))


def is_off_hours(at: datetime) -> bool:
    """Return whether a moment (in the owner's zone) is in the evening, at night or on a weekend."""
    return at.weekday() >= _SATURDAY or at.hour not in _OFFICE


def guess_role(address_domain: str, company_domains: Iterable[str], contacts: Iterable[Sent]) -> str | None:
    """Return the role that somebody might have, or None if nothing suggests one (docs/roles.md, "A guess").

    `contacts` are those of a year. Without `company_domains` only a mentor can be guessed. No header shows that
    somebody is senior.
    """
    found = [one for one in contacts if one.full]
    weeks = {one.at // WEEK for one in found if one.alone or one.answers}
    if not weeks or sum(one.alone or one.answers for one in found) * 2 < len(found):
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
