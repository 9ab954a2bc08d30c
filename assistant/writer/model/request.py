"""Asking a model server until there is an answer of use: at most five requests about one thing, within one deadline.

refused: without it;  json_schema -> json_object -> text;  busy: wait, once more;  unreadable: once more, then give up
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from assistant.writer.model.answer import UnusableError
from assistant.writer.model.budget import estimate
from assistant.writer.model.client import pause
from assistant.writer.model.wire import MODES, FailedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.config import LlmConfig
    from assistant.writer.model.budget import Budget, Spare
    from assistant.writer.model.client import Line
    from assistant.writer.model.prompts import Prompt
    from assistant.writer.model.wire import Manner, Reply

MOST_REQUESTS: Final = 5
"""Requests about one person (or one line of a reply), whatever fails."""
UNUSABLE: Final = "unusable"
_WAIT: Final = 1.0
_FATAL: Final = frozenset({"denied", "missing", "redirect", "unreachable", "late"})
Found = TypeVar("Found")


class Asking:
    """What the threads of one writing share: settings, the books, and how the server takes a request."""

    def __init__(
        self, config: LlmConfig, line: Callable[[], Line], budget: Budget, spare: Spare, manner: Manner
    ) -> None:
        self.config, self.line, self.budget, self.spare, self.manner = config, line, budget, spare, manner
        self.manner_that_worked: Manner | None = None
        self.first_turn_over = threading.Event()


class Turn:
    """The requests about one thing, one after the other; it counts them and what they took.

    `ends` is when the last must be over (`time.monotonic`); None: the configured timeout from now.
    """

    def __init__(self, asking: Asking, line: Line, ends: float | None = None) -> None:
        self.asking, self.line = asking, line
        self.ends = time.monotonic() + asking.config.timeout if ends is None else ends
        self.calls = self.prompt_tokens = self.completion_tokens = 0

    @property
    def may_ask(self) -> bool:
        """Return whether there is a request and time left for one more thing to ask."""
        return self.calls < MOST_REQUESTS and time.monotonic() < self.ends and not self.asking.spare.stopped

    def answer(self, prompt: Prompt, read: Callable[[Reply], Found]) -> tuple[Found | None, str]:
        """Ask until `read` makes something of a reply; return it, or None and why there is none.

        `read` raises UnusableError for what cannot be used; one such reply is asked for again, where calls are spare.
        """
        why, again = "", False
        while self.calls < MOST_REQUESTS:
            if self.asking.spare.stopped:
                return None, self.asking.spare.stopped
            manner = self.asking.manner
            reserved = estimate(prompt.size) + prompt.expected
            if not self.asking.budget.reserve(reserved):
                return None, why or "budget"
            try:
                found = read(self._request(prompt, manner, reserved, again=again))
            except UnusableError:
                why, once_more = UNUSABLE, True
            except FailedError as failure:
                why = failure.why
                if self._carry_on(failure, manner):
                    continue
                once_more = why not in _SETTLED
            else:
                self._worked(manner)
                return found, ""
            if again or not once_more or not self._may_ask_again():
                return None, why
            again = True
        return None, why or "garbled"

    def _worked(self, manner: Manner) -> None:
        asking = self.asking
        asking.spare.worked()
        asking.manner_that_worked = manner
        asking.first_turn_over.set()

    def _request(self, prompt: Prompt, manner: Manner, reserved: int, *, again: bool) -> Reply:
        self.calls += 1
        took = 0
        try:
            reply = self.line.ask(prompt, manner, max(self.ends - time.monotonic(), 0.1), again=again)
            took = self._count(prompt, reply)
        except FailedError as failure:
            if failure.why in {"late", "garbled", "large"}:
                took = estimate(prompt.size)
                self.prompt_tokens += took
            raise
        finally:
            self.asking.budget.settle(reserved, took)
        return reply

    def _count(self, prompt: Prompt, reply: Reply) -> int:
        """Return the tokens of a call: as reported, else by the bytes."""
        sent = estimate(prompt.size) if reply.prompt_tokens is None else reply.prompt_tokens
        got = estimate(len(reply.text.encode())) if reply.completion_tokens is None else reply.completion_tokens
        self.prompt_tokens += sent
        self.completion_tokens += got
        return sent + got

    def _carry_on(self, failure: FailedError, manner: Manner) -> bool:
        """Return whether to send the same once more after a request without a reply, having waited or stepped down."""
        if failure.why in _FATAL:
            self.asking.spare.failed(failure.why)
            return False
        if failure.why in {"option", "format"}:
            return self._step_down(failure, manner)
        if failure.why == "busy":
            wait = _WAIT * self.calls if failure.wait is None else failure.wait
            if time.monotonic() + wait >= self.ends or not self.asking.spare.take():
                return False
            pause(wait)
            return True
        return False

    def _step_down(self, failure: FailedError, manner: Manner) -> bool:
        """Ask for less from here on; return whether there is less to ask for, and a call to do it with.

        Somebody else may have stepped down meanwhile: then that step is tried, not one further.
        """
        asking = self.asking
        if failure.option is not None and failure.option not in manner.without:
            asking.manner = replace(asking.manner, without=asking.manner.without | {failure.option})
            return True
        if manner.mode == MODES[-1]:
            asking.spare.failed("garbled")
            return False
        if asking.manner.mode == manner.mode:
            asking.manner = replace(asking.manner, mode=MODES[MODES.index(manner.mode) + 1])
        return asking.spare.take()

    def _may_ask_again(self) -> bool:
        return time.monotonic() < self.ends and self.asking.spare.take()


_SETTLED: Final = _FATAL | {"option", "format", "busy"}
"""Failures about which `_carry_on` has said the last word; after any other the same may be asked once more."""
