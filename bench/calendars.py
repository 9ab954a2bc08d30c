"""How right is what is read of calendars? `python -m bench.calendars [FOLDER] [-v]` (tests/calendar_corpus.py).

Prints for each labelled calendar of a folder how many rows are right of all that are labelled or were found, by kind:
the meetings of the week, events that only name somebody, what past meetings count, and when the owner is busy. With -v
also each row that is wrong. Pairs (NAME_before, NAME_after) are read one after the other into the same data file.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from time import process_time

from assistant.store.database import Store
from tests.calendar_corpus import FOLDER, KINDS, names, score


def main() -> None:
    """Print a line for each calendar and the sum."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    options.add_argument("-v", "--verbose", action="store_true")
    chosen = options.parse_args()
    sys.stdout.write(f"{'':18}" + "".join(f"{kind:>16}" for kind in KINDS) + f"{'CPU s':>8}\n")
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    stores: dict[str, Store] = {}
    # Before comes before after.
    for name in sorted(names(chosen.folder), key=lambda name: (name.partition("_")[0], "after" in name, name)):
        pair = name.partition("_")[0] if name.endswith(("_before", "_after")) else name
        began = process_time()
        one = score(chosen.folder, name, stores.setdefault(pair, Store(None)))
        sys.stdout.write(_line(name, one.right, one.total) + f"{process_time() - began:8.2f}\n")
        right += one.right
        total += one.total
        for row in one.wrong if chosen.verbose else ():
            sys.stdout.write(f"    {row}\n")
    sys.stdout.write(_line("all", right, total) + "\n")


def _line(name: str, right: Counter[str], total: Counter[str]) -> str:
    return f"{name:18}" + "".join(f"{f'{right[kind]} of {total[kind]}':>16}" for kind in KINDS)


if __name__ == "__main__":
    main()
