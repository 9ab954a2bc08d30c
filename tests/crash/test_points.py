"""Ended hard at every step, whatever the mail server did: the end is that of a life without it (promises 1 to 5, 7).

A step is a moment around a durable change (a transaction, an APPEND, a DATA, a removal) or one the program names.
"""

from __future__ import annotations

import logging
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from email import message_from_bytes
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.crash.lives import MINUTE, MONDAY, ROUTES, STORIES, Base, all_cases
from tests.crash.world import Fault
from tests.owner.test_end_to_end import reply, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKERS = 2
LEAST = 1_000
ONE_ROUTE = {"send, held and due", "send, copy kept by the provider", "a draft"}
"""What is delivered in these doesn't depend on the route of mail to the owner."""
STREETS = [
    (number, route)
    for number, story in enumerate(STORIES)
    for route in ROUTES
    if route == "smtp" or story.name not in ONE_ROUTE
]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder in memory if there is one, since a thousand small databases are copied."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own within
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


@pytest.mark.timeout(300)
def test_killed_at_every_step_under_every_fault_the_end_is_the_same(folder: Path) -> None:
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"), initializer=logging.disable) as pool:
        running = []
        for place, (number, route) in enumerate(STREETS):
            own = folder / str(place)
            own.mkdir()
            running.append(pool.submit(all_cases, number, route, own, tuple(Fault)))
        results = [one.result() for one in running]
    cases = sum(int(result[0]) for result in results)
    wrong = [line for result in results for line in result[1:]]
    assert not wrong, f"{len(wrong)} of {cases}: " + "\n".join(wrong[:3])
    assert cases >= LEAST


@pytest.mark.parametrize("route", ROUTES)
def test_without_the_grace_the_double_appears(folder: Path, route: str) -> None:
    """The check above can fail: without the patience, a message that shows up late goes out twice."""
    _, *wrong = all_cases(0, route, folder, [Fault.DROPPED_TAKEN], timedelta(0))
    assert wrong
    assert "[({'INBOX': {('digest', '2026-W10'): 1}}, {})" in wrong[0].replace("'mail': (", "[(")


def test_answers_are_obeyed_where_a_server_writes_message_ids_of_its_own(folder: Path) -> None:
    """The owner answers a Message-ID the program has never seen, but our own id is in References."""
    (story,) = [story for story in STORIES if story.rewrites]
    life = Base.make(story, "smtp", folder).case(folder / "case", None, None)
    assert all(b"Message-ID: <rewritten-" in raw for raw in life.inbox())
    assert sorted(kind for kind, *_ in life.end()["mail"]["INBOX"].elements()) == ["digest", "transcript"]
    at = MONDAY + 120 * MINUTE
    transcript = message_from_bytes(life.inbox()[-1])
    life.world.mailbox.put("Sent", reply(transcript, "undo", at - MINUTE), at)
    life.once(at)
    assert "T2 taken back" in text_of(message_from_bytes(life.inbox()[-1]))
    life.store.close()


def test_a_server_that_rewrites_message_ids_makes_no_doubles(folder: Path) -> None:
    base = Base.make(STORIES[0], "smtp", folder)
    base.world.rewrites = True
    undisturbed = base.case(folder / "case", None, Fault.DROPPED_TAKEN)
    undisturbed.store.close()
    for kill in range(1, len(undisturbed.steps.names)):
        program = base.case(folder / "case", kill, Fault.DROPPED_TAKEN)
        assert program.end()["mail"]["INBOX"] == {("digest", "2026-W10"): 1}
        program.store.close()
