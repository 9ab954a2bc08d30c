"""The labelled letters are read as somebody who knows the two would read them (docs/writer.md)."""

from __future__ import annotations

import pytest

from tests.letter_corpus import Figures, figures

GOALS = {
    "greeting": 1.0,
    "sign_off": 0.88,  # "Guten Rutsch" and "Bon été" are left to their season
    "language": 1.0,
    "form": 0.95,
    "topic": 0.9,
    "loop": 0.88,
    "no wrong loop": 0.9,
    "win": 0.8,
}


@pytest.fixture(scope="module")
def found() -> Figures:
    return figures()


@pytest.mark.parametrize("name", GOALS)
def test_letters_are_read_right(found: Figures, name: str) -> None:
    assert found.share(name) >= GOALS[name], "\n".join(miss for miss in found.misses if f": {name} " in miss)
