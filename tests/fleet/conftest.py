"""The queue's database, empty for each test, and an owner to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.cli.main import run
from tests.fleet import hosting

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.postgres import Postgres


@pytest.fixture
def postgres(postgres_server: Postgres, monkeypatch: pytest.MonkeyPatch) -> Postgres:
    """Return a PostgreSQL with empty tables. This process finds it as well."""
    for name, value in postgres_server.environ.items():
        monkeypatch.setenv(name, value)
    if postgres_server.query("SELECT to_regclass('fleet_owner')") != [["fleet_owner"]]:
        assert run(["fleet", "tables"]) == 0
    postgres_server.query("TRUNCATE fleet_owner, procrastinate_jobs, procrastinate_workers CASCADE")
    return postgres_server


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an owner who is set up, to be copied."""
    return hosting.template(tmp_path_factory.mktemp("template") / "owner")
