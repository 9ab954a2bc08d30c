"""Real processes, killed in the middle of their work: nobody's digest is doubled, and nobody's is missing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.fleet import hosting

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.postgres import Postgres

OWNERS = 12


@pytest.mark.timeout(300)
def test_each_owner_has_one_digest_whatever_is_killed(tmp_path: Path, template: Path, postgres: Postgres) -> None:
    start = hosting.SLOT - timedelta(minutes=3)
    with hosting.host(tmp_path / "host", postgres, start, speed=30) as host:
        owners = host.fill(template, OWNERS)

        def delivered() -> int:
            return sum(bool(hosting.digests(folder)) for folder in owners)

        def doing() -> bool:
            return (
                postgres.query("SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND task_name = 'round'") != []
            )

        host.begin("serve")
        first, second = (host.begin("worker", "--node", "a", "--at-once", "1") for _ in range(2))
        host.until(lambda: host.now > hosting.SLOT and delivered() > 0 and doing(), 90)
        first.kill()  # alone: the round it began goes on without it
        host.until(lambda: delivered() > 2 and doing(), 90)
        postgres.kill()
        hosting.cut(second)  # and with it the round in its midst
        left = delivered()
        postgres.start()
        host.begin("worker", "--node", "a", "--at-once", "2")
        host.until(lambda: delivered() == OWNERS, 90)
        rounds = "SELECT count(*) FROM fleet_owner WHERE last_ok > '2026-03-09T07:01Z'"
        host.until(lambda: postgres.query(rounds) == [[str(OWNERS)]], 90)
        host.stop()
        assert left < OWNERS, "something was left to do"
        assert [hosting.digests(folder) for folder in owners] == [["2026-W11"]] * OWNERS
        assert postgres.query("SELECT id FROM procrastinate_jobs WHERE status = 'doing'") == []
