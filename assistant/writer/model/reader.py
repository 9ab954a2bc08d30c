"""An owner's plain words into lines of the reply grammar, by the configured model, in one call (docs/replies.md).

    lines and what is around them -> cached? -> budget? -> asked, within a deadline -> orders as text, by line

Nothing here acts: what comes back is text, which `core/replies/reading` checks against the owner's words.
"""

from __future__ import annotations

import hashlib
import json
import queue
import threading
from typing import TYPE_CHECKING, Final

from assistant.config.values import base_url_problem
from assistant.core.replies.reading.read_orders import ReadOrder
from assistant.errors import UserError
from assistant.writer.model.answer import parse_reading
from assistant.writer.model.budget import Budget, Spare
from assistant.writer.model.cache import Completion
from assistant.writer.model.client import Line
from assistant.writer.model.prompts import Prompts
from assistant.writer.model.request import Asking, Turn
from assistant.writer.model.schema import OrderIn
from assistant.writer.model.wire import manner_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from assistant.config import LlmConfig
    from assistant.core.replies.reading.read_orders import Around, PlacedLine, Read
    from assistant.writer.model.cache import Cache
    from assistant.writer.model.prompts import Prompt

MOST_LINES: Final = 40
"""Lines of one answer that are offered to a model."""
_GRACE: Final = 5.0
"""Seconds past its deadline after which a call is given up for lost (a name that never resolves)."""


class ModelReader:
    """Reads plain words with the configured model. `key` reads the API key when the first call is made."""

    def __init__(self, config: LlmConfig, cache: Cache, now: datetime, key: Callable[[], str | None]) -> None:
        self._config, self._cache, self._now, self._key = config, cache, now, key

    def read(self, lines: Sequence[PlacedLine], around: Around) -> Read:
        """Return what each line orders; what the model makes nothing of is left out.

        Empty with `share = "nothing"`. Never raises for the model's sake.
        """
        if self._config.share == "nothing" or base_url_problem(self._config.base_url) or not lines:
            return {}
        offered = lines[:MOST_LINES]
        try:
            prompt = Prompts(self._config.prompts_dir).reply(offered, around)
            kept = self._cache.get(self._key_of(prompt))
            rows = [OrderIn(**row) for row in json.loads(kept)] if kept is not None else self._asked(prompt)
        except UserError:
            return {}
        return _by_line(offered, rows)

    def _key_of(self, prompt: Prompt) -> str:
        config = self._config
        parts = ["reply", config.base_url, config.model, str(config.temperature), prompt.system, prompt.user]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def _asked(self, prompt: Prompt) -> tuple[OrderIn, ...]:
        config, week = self._config, f"{self._now:%G-W%V}"
        known = self._cache.mode(config.base_url, config.model)
        secret = self._key()
        asking = Asking(
            config,
            lambda: Line(config.base_url, config.model, config.temperature, secret),
            Budget(config.weekly_tokens, self._cache.used(week)),
            Spare(),
            manner_of(known),
        )
        done: queue.SimpleQueue[tuple[Turn, tuple[OrderIn, ...] | None]] = queue.SimpleQueue()
        # In a thread, since nothing else can give up a call that hangs in a name server.
        threading.Thread(target=_ask, args=(asking, prompt, done), daemon=True).start()
        try:
            turn, rows = done.get(timeout=config.timeout + _GRACE)
        except queue.Empty:
            return ()
        if turn.calls:
            text = json.dumps([row.model_dump() for row in rows], ensure_ascii=False) if rows is not None else None
            row = (self._key_of(prompt), self._now, week, config.base_url, config.model, text)
            self._cache.put(Completion(*row, turn.prompt_tokens, turn.completion_tokens))
        if asking.manner_that_worked and asking.manner_that_worked.text() != known:
            self._cache.set_mode(config.base_url, config.model, asking.manner_that_worked.text())
        return rows or ()


def _ask(asking: Asking, prompt: Prompt, done: queue.SimpleQueue[tuple[Turn, tuple[OrderIn, ...] | None]]) -> None:
    line = asking.line()
    turn = Turn(asking, line)
    try:
        rows = turn.answer(prompt, parse_reading)[0]
    except Exception:  # noqa: BLE001 -- a thread of its own: whatever a server provoked, there is an answer
        rows = None
    done.put((turn, rows))
    line.close()


def _by_line(lines: Sequence[PlacedLine], rows: Iterable[OrderIn]) -> Read:
    """Return the orders under the lines whose numbers they have; an order for no line is left out."""
    found: dict[PlacedLine, tuple[ReadOrder, ...]] = {}
    for row in rows:
        if 1 <= row.line <= len(lines):
            line = lines[row.line - 1]
            found[line] = (*found.get(line, ()), ReadOrder(row.order, row.quote, row.status))
    return found
