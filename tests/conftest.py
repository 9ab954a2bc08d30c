"""Fixtures shared by all tests: a real Dovecot with a fresh account, a real PostgreSQL, and an SMTP sink."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.servers import dovecot as dovecot_server_module
from tests.servers import postgres as postgres_module
from tests.servers.smtp import Sink, running_sink
from tests.stores import close_stores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.dovecot import Account, Dovecot
    from tests.servers.postgres import Postgres

_numbers = itertools.count(1)

# On a desk every run tries other examples and finds new ones; in CI the same commit has the same answer twice.
settings.register_profile("ci", derandomize=True)
# What the program says follows the language of the environment, and the tests read English.
os.environ["LC_ALL"] = "C.UTF-8"
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs Dovecot or PostgreSQL where there is none, and say so. What may take longest comes first."""
    # Otherwise one process is left with the longest test when the others have nothing to do any more.
    items.sort(key=_patience, reverse=True)
    missing = not dovecot_server_module.BINARY.exists()
    for item in items:
        if "dovecot_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.dovecot)
        if missing and item.get_closest_marker("dovecot"):
            item.add_marker(
                pytest.mark.skip(reason="NOT TESTED: no /usr/sbin/dovecot here (apt install dovecot-imapd)")
            )
        if not postgres_module.THERE and "postgres_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason="NOT TESTED: no PostgreSQL here (apt install postgresql)"))


def _patience(item: pytest.Item) -> float:
    """Return the seconds a test may take if it says so, else 0."""
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker else 0.0


@pytest.fixture(autouse=True)
def _closed_stores() -> Iterator[None]:
    """Close the stores in memory that a test opened."""
    yield
    close_stores()


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    """One Dovecot for the whole run, with everything Debian's has."""
    with dovecot_server_module.running() as server:
        yield server


@pytest.fixture
def dovecot(dovecot_server: Dovecot) -> Account:
    """Return an account nobody used before."""
    return dovecot_server.account(f"priya{next(_numbers)}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One PostgreSQL for the whole run."""
    with postgres_module.running() as server:
        yield server


@pytest.fixture
def smtp_sink() -> Iterator[Sink]:
    """Return an SMTP server that keeps what it takes."""
    with running_sink() as sink:
        yield sink
