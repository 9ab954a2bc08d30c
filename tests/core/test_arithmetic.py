"""The arithmetic of retold numbers, on generated values: what follows is accepted, and chance hits are rare."""

from __future__ import annotations

import random
from itertools import product

import pytest

from assistant.core.evidence.arithmetic import fits, follows, shares, step, together

SEEDS = range(200)


def drawn(seed: int, least: int = 2, most: int = 5000) -> tuple[int, int]:
    chance = random.Random(seed)  # noqa: S311 -- the same values each time
    return chance.randint(least, most), chance.randint(least, most)


@pytest.mark.parametrize("seed", SEEDS)
def test_two_numbers_of_a_sentence_have_a_sum_and_a_difference(seed: int) -> None:
    one, other = drawn(seed)
    assert {one + other, abs(one - other)} <= follows([[[one, other]]])
    assert together([one, other]) == together([other, one])


@pytest.mark.parametrize("seed", SEEDS)
def test_how_many_times_one_is_the_other(seed: int) -> None:
    part, times = drawn(seed, 2, 60)
    assert times in follows([[[part, part * times]]])
    assert any(abs(share - 1 / times) < 1e-9 for share in shares([part, part * times]))
    assert any(abs(share - (1 - 1 / times)) < 1e-9 for share in shares([part, part * times]))  # fell by so much


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_missing_from_a_sum(seed: int) -> None:
    have, missing = (value + 200 for value in drawn(seed))
    later = have + missing // 3
    assert have + missing - later in follows([[[have, missing]], [[later]]])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_number_is_told_by_its_round_neighbour(seed: int) -> None:
    value, _ = drawn(seed, 501, 9999)
    below, above = value // 100 * 100, value // 100 * 100 + 100
    if value == below:
        return
    assert fits(value, below, 100, "over")
    assert fits(value, above, 100, "under")
    assert not fits(value, below, 100, "under")
    assert not fits(value, above, 100, "over")
    assert fits(value, round(value / 100) * 100, 100)
    assert not fits(value, above + 100, 100)


def test_what_round_numbers_are_counted_in() -> None:
    assert [step(value) for value in (41, 40, 400, 4100, 2.5)] == [1, 10, 100, 100, 1]


def test_nothing_follows_from_one_number() -> None:
    assert follows([]) == follows([[]]) == follows([[[7]]]) == frozenset()
    assert shares([0, 3]) == set()


def test_a_wrong_number_is_rarely_right_by_chance() -> None:
    """Of the numbers up to 100 not one in five follows from three in two pieces."""
    hits = tries = 0
    for seed in SEEDS:
        one, other = drawn(seed, 3, 100)
        third, _ = drawn(seed + 1000, 3, 100)
        known = follows([[[one, other]], [[third]]])
        hits += sum(claimed in known for claimed, _ in product(range(3, 101), [0]))
        tries += 98
    assert hits / tries < 0.2
