"""Ways to meet that the owner's notes rule out or ask for: "gave up coffee", "prefers calls in the morning"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.core.language.cues import LANGUAGES, says

if TYPE_CHECKING:
    from collections.abc import Iterable

WAYS: Final = ("coffee", "drink", "meal", "call", "video", "visit", "walk")
# "rather a walk than the pub": what stands before the comparison is asked for, what stands behind it is not.
_THAN: Final = re.compile(r"\b(?:than|instead of|over|to an?|als|statt|que|en vez de|a una?)\b", re.IGNORECASE)


def ways_to_meet(notes: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the ways that are forbidden and those that are preferred, of `WAYS`; notes may be in any language."""
    forbidden: set[str] = set()
    preferred: set[str] = set()
    for clause in (part for note in notes for part in re.split(r"[,;.!\n]", note)):
        for language in LANGUAGES:
            named = {way for way in WAYS if says(f"way_{way}", language, clause)}
            if not named:
                continue
            than = _THAN.search(clause)
            if than and says("prefers", language, clause):
                wanted = {way for way in named if says(f"way_{way}", language, clause[: than.start()])}
                preferred |= wanted
                forbidden |= named - wanted
            elif says("forbids", language, clause):
                forbidden |= named
            elif says("prefers", language, clause):
                preferred |= named
    return frozenset(forbidden), frozenset(preferred - forbidden)
