"""Two simulated years of Mondays for owners of three kinds: `python -m bench.places` (docs/roles.md).

Waits are counted in digests, the one with the card included. The people, their owners and the counting are those of the
tests (tests/card_years.py).
"""

from __future__ import annotations

import sys
from random import Random

from tests.card_years import Figures, Kind, run

WEEKS, SEEDS, PLACES = 104, 5, 5
OWNERS: tuple[Kind, ...] = ("idle", "busy", "perfect")
PEOPLE = (5, 10, 20, 40, 60)


def main() -> int:
    """Print a row for each owner and roster size, and return 1 if a promise was broken."""
    print(f"{WEEKS} weeks, {PLACES} places, somebody to build with every other week, {SEEDS} rosters a row")
    print("owner    people  longest wait  promised  favourite   closing allies  most weeks running  most cards")
    print("                  for a card              waited    missed/closed    without reaction   in a digest")
    broken = False
    for kind in OWNERS:
        for people in PEOPLE:
            figures = [
                run(Random(seed), kind, people, PLACES, building=1, weeks=WEEKS)  # noqa: S311 - nothing secret
                for seed in range(SEEDS)
            ]
            print(_row(kind, people, figures))
            broken |= any(one.late or one.missed or one.running > 2 for one in figures)
    print("a promise was BROKEN" if broken else "all promises kept")
    return int(broken)


def _row(kind: str, people: int, figures: list[Figures]) -> str:
    longest = max(figures, key=lambda one: one.longest)
    favourite, most = max(one.favourite for one in figures), max(one.most for one in figures)
    allies = f"{sum(one.missed for one in figures)}/{sum(one.closed for one in figures)}"
    running = max(one.running for one in figures)
    return f"{kind:9}{people:6}{longest.longest:14}{longest.bound:10}{favourite:11}{allies:>17}{running:20}{most:12}"


if __name__ == "__main__":
    sys.exit(main())
