"""Forty drafts of the offline writer from real-looking letters, two weeks running: `make samples` prints them."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.core.digest.week import week_name
from assistant.writer.offline.writer import offline_words, words_by_rules
from tests.letter_corpus import letter_dossier, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.evidence.dossier import Dossier, Words

_AGAIN = 5
"""How many of the forty are a second draft to somebody, two weeks after the first."""
_COUNT = 40


def samples() -> Iterator[tuple[str, Dossier, Words]]:
    """Yield forty labelled samples, spread over the correspondences; a few of them a second time two weeks later."""
    first = {name: letter_dossier(name) for name in names()[: _COUNT - _AGAIN]}
    written = words_by_rules(list(first.values()))
    for name, dossier in first.items():
        yield f"{name}, {dossier.person.role}", dossier, written[name]
    for name in names()[:_AGAIN]:
        said = [line.text for line in (*written[name].sentences, *written[name].brief)]
        today = first[name].today + timedelta(weeks=2)
        later = letter_dossier(name, said, today=today, week=week_name(today))
        yield f"{name}, {later.person.role}, the second time", later, offline_words(later)


def text(*, briefs: bool = True) -> str:
    """Return all samples as text to read."""
    parts = []
    for label, _, words in samples():
        lines = [f"=== {label} ({len(words.body.split())} words)", f"Subject: {words.subject}", "", words.body]
        lines += [f"  [{line.kind}] {line.text}" for line in words.brief] if briefs else []
        lines += [f"  DROPPED ({why}): {said}" for said, why in words.dropped]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(text() + "\n")
