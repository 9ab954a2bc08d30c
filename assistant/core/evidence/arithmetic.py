"""The small arithmetic that people do when they retell a number: what follows from numbers, and how they round.

Values are plain numbers of one unit: counts, or days for lengths of time. Whether a claim stands is for `time_claims`.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGE: Final = 20
"""From here on numbers are rounded, and a ratio of two is no chance hit."""
_SURELY: Final = 100
"""From here on a sum of three is no chance hit either."""
_FAR: Final = 0.15
"""The share of a claim that a true value may be off, however round it is."""


def step(count: float) -> float:
    """Return what a round count is counted in: 100 for 400, 10 for 40, 1 for 41."""
    digits = f"{count:.0f}"
    return float(10 ** (len(digits) - len(digits.rstrip("0"))))


def fits(actual: float, claimed: float, grain: float, hedge: str = "", slack: float | None = None) -> bool:
    """Return whether a true value may be told as the claimed one: "over" it, "under" it, or about it.

    "Over" is less than one step (`grain`) above it, "under" less than one below. Without a hedge a value may be off by
    `slack`, or else by half a step; with one it may still cross the claim by a fifth of that.
    """
    about = min(grain / 2, claimed * _FAR) if slack is None else slack
    near = (slack or 0) * 0.2  # the calendar counts to the day, people don't
    if hedge == "over":
        return claimed - near <= actual < claimed + max(min(grain, claimed * 0.35), near)
    if hedge == "under":
        return claimed - max(min(grain, claimed * 0.3), near) < actual <= claimed + near
    return abs(actual - claimed) <= about


def together(values: Sequence[float]) -> set[float]:
    """Return the sums and differences of two."""
    return {made for one, other in combinations(values, 2) for made in (one + other, abs(one - other))}


def shares(values: Sequence[float]) -> set[float]:
    """Return how many times one holds another, which share of it one is, and how much it grew or shrank by."""
    made = set[float]()
    for one, other in combinations((value for value in values if value), 2):
        low, high = sorted((one, other))
        made |= {high / low, low / high, (high - low) / high, (high - low) / low}
    return made


def follows(pieces: Sequence[Sequence[Sequence[float]]]) -> frozenset[float]:
    """Return what follows from numbers given by piece and sentence; empty for fewer than two.

    Sums and differences within a sentence, sums and large differences of two pieces; how many times one is another
    within a sentence, or anywhere in a piece where that is many times; what is missing from a large sum.
    """
    found = set[float]()
    wholes = [[value for line in piece for value in line] for piece in pieces]
    for piece, whole in zip(pieces, wholes, strict=True):
        for line in piece:
            found |= together(line) | {round(times, 2) for times in shares(line) if times >= 1}
        found |= {times for times in shares(whole) if times >= LARGE}
    sums = {value for piece in pieces for line in piece for value in together(line) if value >= _SURELY}
    found |= {abs(total - value) for total, whole in product(sums, wholes) for value in whole if value >= _SURELY}
    for first, second in combinations(wholes, 2):
        found |= {one + other for one, other in product(first, second)}
        found |= {abs(one - other) for one, other in product(first, second) if min(one, other) >= LARGE}
    return frozenset(found)
