"""The week's tokens, and the calls a digest may make beyond those it needs; shared by the threads of one writing."""

from __future__ import annotations

import threading
from typing import Final

SPARE_CALLS: Final = 2
_SUCCESSES_FOR_ANOTHER: Final = 5
_VERIFIERS_LOST: Final = 2


def estimate(size: int) -> int:
    """Return the tokens of so many UTF-8 bytes: a third, rounded up."""
    return -(-size // 3)


class Budget:
    """Tokens left in the week: reserved before a call by estimate, settled after it by what it took."""

    def __init__(self, ceiling: int, used: int) -> None:
        self._left = ceiling - used
        self._lock = threading.Lock()

    def reserve(self, tokens: int) -> bool:
        """Set tokens aside; False where not enough are left."""
        with self._lock:
            if tokens > self._left:
                return False
            self._left -= tokens
            return True

    def settle(self, reserved: int, taken: int) -> None:
        """Give back what a call did not take, or take more."""
        with self._lock:
            self._left += reserved - taken


class Spare:
    """Calls beyond those needed, for servers that refuse or garble: two, and one more for every five that worked.

    It also says when to stop: after a server was silent or unreachable, nobody else waits for it. A server that writes
    and never verifies would otherwise cost every person a whole timeout: `verifies` says whether to ask for verdicts.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spare = SPARE_CALLS
        self._worked = 0
        self._silent = 0
        self._unverified = 0
        self.stopped: str | None = None

    def take(self) -> bool:
        """Take one extra call; False where none is left."""
        with self._lock:
            if self._spare < 1:
                return False
            self._spare -= 1
            return True

    def worked(self) -> None:
        """Note an answer that could be read."""
        with self._lock:
            self._worked += 1
            self._silent = 0
            if self._worked % _SUCCESSES_FOR_ANOTHER == 0:
                self._spare += 1

    def failed(self, why: str) -> None:
        """Note a server that did not answer: at once where it never has, else after the third in a row."""
        with self._lock:
            self._silent += 1
            if self._worked == 0 or self._silent > SPARE_CALLS:
                self.stopped = why

    @property
    def verifies(self) -> bool:
        """Return whether the server is still worth asking for verdicts."""
        return self._unverified < _VERIFIERS_LOST

    def verified(self, *, good: bool) -> None:
        """Note whether a request for verdicts had an answer that could be read."""
        with self._lock:
            self._unverified = 0 if good else self._unverified + 1
