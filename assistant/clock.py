"""The clocks: the machine's, and one that pretends a time (for trials and tests).

This is the only place where the time enters. Everything else gets it as `now`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits."""

    def now(self) -> datetime:
        """Return the present moment (aware, UTC)."""
        ...

    def steady(self) -> float:
        """Return seconds that only grow, even when the clock is set. They may stop while the machine sleeps."""
        ...

    def wait(self, seconds: float) -> None:
        """Wait that many seconds of this clock."""
        ...

    def real(self, seconds: float) -> float:
        """Convert seconds of this clock to seconds of the machine's; 0 for a clock that doesn't run by itself."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time (UTC)."""
        return datetime.now(UTC)  # noqa: TID251 - the one place the clock enters

    def steady(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)

    def real(self, seconds: float) -> float:
        """Return the same number."""
        return seconds


@dataclass
class PretendedClock:
    """A clock that starts at `start` and runs `speed` times as fast as the machine's.

    With speed 0 it stands still, and `wait` moves it forward at once.
    """

    start: datetime
    speed: float = 1.0
    moved: timedelta = timedelta(0)
    began: float | None = None

    def now(self) -> datetime:
        """Return the pretended moment (UTC)."""
        if self.began is None:
            self.began = time.monotonic()
        ran = (time.monotonic() - self.began) * self.speed
        return (self.start + self.moved + timedelta(seconds=ran)).astimezone(UTC)

    def steady(self) -> float:
        """Return the pretended seconds since the start. This clock is never set, so they only grow."""
        return (self.now() - self.start).total_seconds()

    def wait(self, seconds: float) -> None:
        """Let that many pretended seconds pass."""
        if self.speed:
            time.sleep(seconds / self.speed)
        else:
            self.moved += timedelta(seconds=seconds)

    def real(self, seconds: float) -> float:
        """Return the machine's seconds, 0 with speed 0."""
        return seconds / self.speed if self.speed else 0.0
