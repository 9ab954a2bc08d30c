"""How well letters are read: `python -m bench.letters [FOLDER]` prints each share and what was missed."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.letter_corpus import FOLDER, figures


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    found = figures(folder)
    for name in [name for name in found.counts if not name.startswith("of ")]:
        print(f"{name:15} {found.counts[name]:4} of {found.counts['of ' + name]:4}  {found.share(name):.0%}")
    for miss in found.misses:
        print(f"  {miss}")


if __name__ == "__main__":
    main()
