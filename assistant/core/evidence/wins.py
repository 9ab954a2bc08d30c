"""Which of the owner's wins one reader may be told of (docs/writer.md, "Wins")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.core.evidence.open_loops import telling
from assistant.core.language.fold import fold_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.core.evidence.build import NoteFact


def fitting_wins(
    wins: Iterable[NoteFact], said: Sequence[str], *, advocate: bool, drafted: Sequence[str]
) -> list[NoteFact]:
    """Return the wins that fit a reader, the best fitting first.

    One fits that shares telling words with what was said to this reader, or any where the reader speaks up for the
    owner. One that a draft to this reader told already never comes again.
    """
    known = telling("\n".join(said))
    before = fold_text("\n".join(drafted))
    new = (win for win in wins if fold_text(win.text).rstrip(". ") not in before)
    shared = [(len(telling(win.text) & known), win) for win in new]
    # What says most of what the two write about comes first; among equals, the order they came in.
    return [win for count, win in sorted(shared, key=lambda each: -each[0]) if advocate or count]
