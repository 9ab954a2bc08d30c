"""The labelled threads, laid out as Maildirs and read as an owner's mailbox is (tests/thread_corpus.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.thread_corpus import CORPUS, load, said

if TYPE_CHECKING:
    from pathlib import Path

    from tests.thread_corpus import Thread

# Two people in one From: nobody knows which of them wrote.
OPEN = {"a135", "b129"}
THREADS = [thread for path in sorted(CORPUS.glob("*.jsonl")) for thread in load(path)]


@pytest.mark.parametrize("thread", THREADS, ids=lambda thread: thread.name)
def test_what_a_thread_says_of_answers_is_right(thread: Thread, tmp_path: Path) -> None:
    if thread.name in OPEN:
        pytest.skip("two people in one From: nobody knows which of them wrote")
    assert said(thread, tmp_path) == thread.labels, thread.told["why"]
