"""How right is "no answer" and "they wait"? The labelled threads (tests/corpus/threads).

    .venv/bin/python -m bench.threads [FILE]

Prints the wrong ones with their author's reason, and the share of labels that are right. Ends with 1 below the goal.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.thread_corpus import CORPUS, load, said

GOAL = 0.99


def main(paths: list[Path]) -> int:
    """Print the table of these files; return the exit code."""
    right = total = 0
    for path in paths:
        for thread in load(path):
            with tempfile.TemporaryDirectory() as folder:
                found = said(thread, Path(folder))
            pairs = list(zip(found._fields, found, thread.labels, strict=True))
            wrong = [f"{name}: {got}, not {wanted}" for name, got, wanted in pairs if got != wanted]
            total += len(pairs)
            right += len(pairs) - len(wrong)
            if wrong:
                print(f"{path.stem} {thread.name} {'; '.join(wrong)}\n    {thread.told['why']}")
    print(f"{right} of {total} labels right, {right / total:.3f} (goal {GOAL})")
    return 0 if right / total >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main([Path(one) for one in sys.argv[1:]] or sorted(CORPUS.glob("*.jsonl"))))
