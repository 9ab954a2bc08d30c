"""The bounds of the page (docs/look.md), held on the demo's digest: words, pixels, bytes, and what is said twice."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from assistant.demo.run import run_demo
from assistant.render.digest import render_digest
from scripts.screenshots import CHROMIUM
from tests.gallery import digests
from tests.page import demo_mondays, pixels, repeated, words

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.demo.run import DemoResult

PHONE = 360
WEEKS = 8


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoResult:
    return run_demo(tmp_path_factory.mktemp("demo"))


def test_the_demo_is_read_in_less_than_four_minutes(demo: DemoResult) -> None:
    digest, html = demo.built.digest, demo.built.rendered.html
    counts = (len(digest.due), len(digest.questions), len(digest.candidates), len(digest.meetings))
    assert counts == (5, 3, 2, 3)
    assert len(words(html)) <= 850
    assert len(html.encode()) < 40_000


def test_twelve_people_stay_under_eighty_kilobytes() -> None:
    for state in ("twelve", "twelve-long"):
        assert len(render_digest(digests()[state]).html.encode()) < 80_000


@pytest.mark.chromium
@pytest.mark.timeout(180)
@pytest.mark.skipif(not os.access(CHROMIUM, os.X_OK), reason="Debian's chromium is not installed")
def test_the_first_button_is_on_the_first_screen_and_all_are_large(demo: DemoResult) -> None:
    found = pixels(demo.html, PHONE)
    assert found["first"] < 700
    assert found["height"] <= 5000
    assert found["smallest"] >= 44


def test_an_idle_owner_reads_little_twice(demo: DemoResult, tmp_path: Path) -> None:
    later = [words(built.rendered.html) for built in demo_mondays(tmp_path, WEEKS)]
    pages = [words(demo.built.rendered.html), *later]
    shares = [repeated(now, before) * len(now) for before, now in pairwise(pages)]
    assert sum(shares) <= 0.35 * sum(map(len, later))
    # The other way round: a page that is sent again counts as one.
    assert repeated(pages[1], pages[1]) == 1
