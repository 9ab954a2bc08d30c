"""Score what owners answer in plain words: `python -m bench.answers [FOLDER] [-v]` (docs/replies.md).

Without a model. `right` did what was meant, or nothing where a careful person would ask; `asked` offers it as a
question or a suggestion; `missed` is told as not understood. `wrong` and `lost` must stay 0.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.answer_corpus import FOLDER, VERDICTS, Score, owners, score


def main() -> None:
    """Print a line for each owner and the sum; with -v also each line and what came of it."""
    folders = [Path(word) for word in sys.argv[1:] if word != "-v"]
    total = Score()
    sys.stdout.write(f"{'owner':22}" + "".join(f"{verdict:>7}" for verdict in VERDICTS) + "  right or asked\n")
    for folder in folders or [FOLDER]:
        for name, owner in owners(folder):
            one = score(owner, Score())
            _print(name, one)
            total.counts += one.counts
            total.told += one.told
    _print("all", total)
    if "-v" in sys.argv:
        sys.stdout.write("\n".join(total.told) + "\n")


def _print(name: str, one: Score) -> None:
    counts = "".join(f"{one.counts[verdict]:7}" for verdict in VERDICTS)
    sys.stdout.write(f"{name:22}{counts} {100 * one.share('right', 'asked'):14.1f} %\n")


if __name__ == "__main__":
    main()
