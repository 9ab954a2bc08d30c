"""Grounding on the labelled set, against the goals of docs/writer.md: `python -m bench.grounding [-v]`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.grounding_corpus import drafts, measure


def main() -> int:
    started = time.perf_counter()
    figures = measure()
    seconds = time.perf_counter() - started
    rows = (
        ("planted falsehoods caught", figures.caught_share, ">=", 0.95),
        ("  of them lower-case inventions", figures.inventions_share, ">=", 0.85),
        ("clean sentences wrongly dropped", figures.dropped_share, "<=", 0.05),
    )
    print(
        f"{sum(figures.planted.values())} drafts with a falsehood, "
        f"{sum(d['label'] == 'clean' for d in drafts())} clean, "
        f"{figures.clean} clean sentences, {seconds:.1f} s"
    )
    met = True
    for name, value, sign, goal in rows:
        ok = value >= goal if sign == ">=" else value <= goal
        met = met and ok
        print(f"{name:34}{value:7.1%}   goal {sign} {goal:.0%}   {'met' if ok else 'MISSED'}")
    for fault, count in sorted(figures.planted.items()):
        print(f"    {fault:12}{figures.caught[fault]:4} of {count}")
    if "-v" in sys.argv:
        for fault, text in figures.missed:
            print(f"  missed ({fault}): {text}")
        for text, reason in dict.fromkeys(figures.dropped):
            print(f"  wrongly dropped ({reason}): {text}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
