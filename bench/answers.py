"""Score what owners answer in plain words: `python -m bench.answers [FOLDER] [-v]` (docs/replies.md).

Without a model, then with one that reads what was meant and with one that is careless. `right` did what was meant, or
nothing where a careful person would ask; `asked` offers it as a question or a suggestion; `missed` is told as not
understood. `wrong` and `lost` should be 0.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.answer_corpus import FOLDER, VERDICTS, Score, careless, ideal, owners, score

if TYPE_CHECKING:
    from tests.answer_corpus import Reader

READERS: dict[str, Reader | None] = {"no model": None, "ideal": ideal, "careless": careless}


def main() -> None:
    """Print a line for each owner and the sum; with -v also each line and what came of it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    options.add_argument("-v", "--verbose", action="store_true")
    chosen = options.parse_args()
    for name, reader in READERS.items():
        total = Score()
        sys.stdout.write(f"{name:22}" + "".join(f"{verdict:>7}" for verdict in VERDICTS) + "  right or asked\n")
        for who, owner in owners(chosen.folder):
            one = score(owner, Score(), reader)
            _print(who, one)
            total.counts += one.counts
            total.told += one.told
        _print("all", total)
        if chosen.verbose:
            sys.stdout.write("\n".join(total.told) + "\n")


def _print(name: str, one: Score) -> None:
    counts = "".join(f"{one.counts[verdict]:7}" for verdict in VERDICTS)
    sys.stdout.write(f"{name:22}{counts} {100 * one.share('right', 'asked'):14.1f} %\n")


if __name__ == "__main__":
    main()
