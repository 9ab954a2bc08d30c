"""An owner's prose into lines of the reply grammar, by the configured model: one call a line (docs/replies.md).

    line -> cached? -> budget? -> asked, all lines within one deadline -> commands as text, for our own grammar to read

Nothing here acts: what comes back is text. The model sees the one line and nothing else, no roster and no names.
"""

from __future__ import annotations

import hashlib
import json
import queue
import threading
import time
from typing import TYPE_CHECKING, Final

from assistant.config.values import base_url_problem
from assistant.errors import UserError
from assistant.writer.model.answer import parse_commands
from assistant.writer.model.budget import Budget, Spare
from assistant.writer.model.cache import Completion
from assistant.writer.model.client import Line
from assistant.writer.model.prompts import Prompts
from assistant.writer.model.request import Asking, Turn
from assistant.writer.model.wire import manner_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from assistant.config import LlmConfig
    from assistant.writer.model.cache import Cache
    from assistant.writer.model.prompts import Prompt

MOST_LINES: Final = 8
"""Lines of one reply that are offered to a model."""
_AGAIN: Final = "A first answer could not be read. Answer with the JSON object alone."
_GRACE: Final = 5.0
"""Seconds past its deadline after which a call is given up for lost (a name that never resolves)."""


class ModelReader:
    """Reads prose with the configured model. `key` reads the API key when the first call is made."""

    def __init__(self, config: LlmConfig, cache: Cache, now: datetime, key: Callable[[], str | None]) -> None:
        self._config, self._cache, self._now, self._key = config, cache, now, key

    def read(self, lines: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return what each line orders, as lines of the grammar; what the model makes nothing of is left out.

        Empty with `share = "nothing"`. Never raises for the model's sake.
        """
        if self._config.share == "nothing" or base_url_problem(self._config.base_url):
            return {}
        try:
            prompts = {line: Prompts(self._config.prompts_dir).reply(line, _AGAIN) for line in lines[:MOST_LINES]}
            kept = {line: self._cache.get(self._key_of(prompt)) for line, prompt in prompts.items()}
            missing = {line: prompt for line, prompt in prompts.items() if kept[line] is None}
            found = {line: tuple(json.loads(text)) for line, text in kept.items() if text is not None}
            found |= self._asked(missing) if missing else {}
        except UserError:
            return {}
        return {line: commands for line, commands in found.items() if commands}

    def _key_of(self, prompt: Prompt) -> str:
        config = self._config
        parts = ["reply", config.base_url, config.model, str(config.temperature), prompt.system, prompt.user]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def _asked(self, prompts: dict[str, Prompt]) -> dict[str, tuple[str, ...]]:
        config, week = self._config, f"{self._now:%G-W%V}"
        known = self._cache.mode(config.base_url, config.model)
        secret = self._key()
        budget = Budget(config.weekly_tokens, self._cache.used(week))
        asking = Asking(
            config,
            lambda: Line(config.base_url, config.model, config.temperature, secret),
            budget,
            Spare(),
            manner_of(known),
        )
        done: queue.SimpleQueue[tuple[str, Turn, tuple[str, ...] | None]] = queue.SimpleQueue()
        threading.Thread(target=_ask_all, args=(asking, prompts, done), daemon=True).start()
        ends = time.monotonic() + config.timeout + _GRACE
        found: dict[str, tuple[str, ...]] = {}
        for _ in prompts:
            try:
                line, turn, commands = done.get(timeout=max(ends - time.monotonic(), 0.0))
            except queue.Empty:
                break
            found |= {line: commands} if commands is not None else {}
            if turn.calls:
                text = json.dumps(commands, ensure_ascii=False) if commands is not None else None
                row = (self._key_of(prompts[line]), self._now, week, config.base_url, config.model, text)
                self._cache.put(Completion(*row, turn.prompt_tokens, turn.completion_tokens))
        if asking.manner_that_worked and asking.manner_that_worked.text() != known:
            self._cache.set_mode(config.base_url, config.model, asking.manner_that_worked.text())
        return found


def _ask_all(
    asking: Asking,
    prompts: dict[str, Prompt],
    done: queue.SimpleQueue[tuple[str, Turn, tuple[str, ...] | None]],
) -> None:
    """Ask for one line after the other, all within one deadline; each has an answer, None where it failed."""
    line = asking.line()
    ends = time.monotonic() + asking.config.timeout
    try:
        for text, prompt in prompts.items():
            turn = Turn(asking, line, ends)
            try:
                commands = turn.answer(prompt, parse_commands)[0] if turn.may_ask else None
            except Exception:  # noqa: BLE001 -- a thread of its own: whatever a server provoked, there is an answer
                commands = None
            done.put((text, turn, commands))
    finally:
        line.close()
