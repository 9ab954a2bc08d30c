"""The checks of drafts on two labelled sets, against their goals: `python -m bench.checks [-v] [FOLDER]`.

FOLDER holds files like those of tests/corpus/sentences and is measured in their place.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests import grounding_corpus
from tests.sentence_corpus import FOLDER, Figures, labelled, measure


def main() -> int:
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    met = _report(f"The check set ({folders[0] if folders else FOLDER.name})", measure(labelled(*folders[:1])))
    _report("The project's own older set (tests/corpus/grounding.jsonl)", measure(grounding_corpus.labelled()))
    return 0 if met else 1


def _report(title: str, figures: Figures) -> bool:
    started = time.perf_counter()
    caught, lost = figures.with_verifier()
    rows = (
        ("true sentences lost by the hard checks", figures.lost_share, "<=", 0.01),
        ("falsehoods caught by the hard checks", figures.caught_share, "", 0.0),
        ("no verifier: caught or marked", figures.caught_or_marked_share, ">=", 0.9),
        ("no verifier: true ones marked", figures.marked_true_share, "<=", 0.35),
        ("verifier 90/97: caught", caught, ">=", 0.95),
        ("verifier 90/97: true ones lost", lost, "<=", 0.05),
    )
    print(f"{title}: {figures.true} true, {figures.false.total()} false, {time.perf_counter() - started:.1f} s")
    met = True
    for name, value, sign, goal in rows:
        ok = {"<=": value <= goal, ">=": value >= goal}.get(sign, True)
        met = met and ok
        print(f"  {name:40}{value:7.1%}" + (f"   goal {sign} {goal:.0%}   {'met' if ok else 'MISSED'}" if sign else ""))
    for fault, count in sorted(figures.false.items()):
        print(f"    {fault:28}{figures.caught[fault]:4} caught, {figures.marked[fault]:3} marked of {count}")
    if "-v" in sys.argv:
        for reason, text in dict.fromkeys(figures.lost):
            print(f"  lost ({reason}): {text}")
        for fault, text in figures.missed:
            print(f"  missed ({fault}): {text}")
        for text in figures.marked_true:
            print(f"  marked: {text}")
    return met


if __name__ == "__main__":
    sys.exit(main())
