"""Drafts and briefs with a language model: written, checked, verified, cached, bounded, with a way back.

    dossiers -> cached? -> budget? -> asked (4 at once; see `person`) -> kept
                                   +-> refused, silent, untrue, too dear: the offline writer, and a remark

Threads only ask and check; the cache and the budget's books are kept by the thread that called `words`.
"""

from __future__ import annotations

import hashlib
import json
import queue
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from assistant.config.values import base_url_problem
from assistant.core.evidence.build import shared
from assistant.core.evidence.dossier import Words
from assistant.core.evidence.hard_checks import CHECKER_VERSION
from assistant.core.language.phrases import Phrases
from assistant.core.language.translation import translated
from assistant.errors import UserError
from assistant.writer.model.budget import Budget, Spare
from assistant.writer.model.cache import Completion, from_json, refused, to_json
from assistant.writer.model.client import Line
from assistant.writer.model.person import ask
from assistant.writer.model.prompts import Prompts
from assistant.writer.model.request import Asking
from assistant.writer.model.schema import REPAIR_SCHEMA, VERDICTS_SCHEMA, WORDS_SCHEMA
from assistant.writer.model.wire import manner_of
from assistant.writer.offline.writer import words_by_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from assistant.config import LlmConfig
    from assistant.core.evidence.dossier import Dossier
    from assistant.core.language.data_files import Language
    from assistant.writer.model.cache import Cache
    from assistant.writer.model.person import Asked
    from assistant.writer.model.prompts import PersonPrompts
    from assistant.writer.model.wire import Manner

_KEPT_REFUSALS: Final = frozenset({"unusable", "untrue", "abstain"})
_HEAD_START: Final = 0.5
"""Seconds the first call gets alone where it is not known yet what the server takes."""
_GRACE: Final = 5.0
"""Seconds past its deadline after which a call is given up for lost (a name that never resolves)."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One person to ask about: all that is known, what of it the model is told, what it may be asked."""

    dossier: Dossier
    told: Dossier
    prompts: PersonPrompts
    key: str


class ModelWriter:
    """Finds words with the configured model; falls back to the offline writer person by person.

    `key` reads the API key when the first call is made (None: the server wants none).
    """

    def __init__(self, config: LlmConfig, cache: Cache, now: datetime, key: Callable[[], str | None]) -> None:
        self._config, self._cache, self._now, self._key = config, cache, now, key
        self._remarks: list[str] = []
        self._plain: dict[str, Words] = {}

    def words(self, dossiers: Sequence[Dossier]) -> dict[str, Words]:
        """Return grounded words by handle, for every dossier. Never raises for the model's sake."""
        self._remarks = []
        # All at once: the offline writer sees to it that no two drafts of a week say the same.
        self._plain = words_by_rules(dossiers)
        found: dict[str, Words] = {}
        jobs: list[_Job] = []
        reason = self._before()
        for dossier in dossiers:
            job = None if reason else self._job(dossier)
            if job is None:
                found[dossier.person.handle] = self._offline(dossier, reason or "told")
            elif (kept := self._cache.get(job.key)) is not None:
                found[dossier.person.handle] = self._kept(dossier, kept)
            else:
                jobs.append(job)
        found.update(self._asked(jobs))
        return {dossier.person.handle: found[dossier.person.handle] for dossier in dossiers}

    def by_rules(self, dossiers: Sequence[Dossier]) -> dict[str, Words]:
        """Return the offline writer's words; no model is asked."""
        return words_by_rules(dossiers)

    def remarks(self) -> tuple[str, ...]:
        """Return what the digest should say about the last call of `words`, each sentence once."""
        return tuple(dict.fromkeys(self._remarks))

    def show_prompt(self, dossier: Dossier) -> str:
        """Return the very body that would be sent for this person (JSON), "" with `share = "nothing"`.

        Raises UserError where the owner's own prompts cannot be filled.
        """
        if self._config.share == "nothing":
            return ""
        line = self._line(None)
        try:
            prompts = Prompts(self._config.prompts_dir).person(_told(dossier, self._config.share))
            return line.body(prompts.write, self._first_manner()).decode()
        finally:
            line.close()

    def _before(self) -> str | None:
        if self._config.share == "nothing":
            return "nothing"
        return "insecure" if base_url_problem(self._config.base_url) else None

    def _job(self, dossier: Dossier) -> _Job | None:
        told = _told(dossier, self._config.share)
        try:
            templates = Prompts(self._config.prompts_dir)
            prompts = templates.person(told)
        except UserError as error:
            self._remarks.append(translated(error, dossier.owner_language))
            return None
        config, write = self._config, prompts.write
        parts = [templates.fingerprint(), json.dumps([WORDS_SCHEMA, VERDICTS_SCHEMA, REPAIR_SCHEMA])]
        parts += [
            str(CHECKER_VERSION),
            config.base_url,
            config.model,
            str(config.temperature),
            write.system,
            write.user,
        ]
        parts += [write.again, prompts.verify_system, prompts.repair_system, dossier.week, repr(dossier)]
        key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
        return _Job(dossier, told, prompts, key)

    def _kept(self, dossier: Dossier, kept: str) -> Words:
        found = from_json(kept)
        return found if isinstance(found, Words) else self._offline(dossier, "unusable", found or ())

    def _offline(self, dossier: Dossier, why: str, dropped: tuple[tuple[str, str], ...] = ()) -> Words:
        if why == "nothing":
            return self._plain[dossier.person.handle]
        said = self._remarks[-1] if why == "told" and self._remarks else remark(why, dossier.owner_language)
        self._remarks.append(said)
        words = self._plain[dossier.person.handle]
        return replace(words, remark=said, dropped=(*words.dropped, *dropped))

    def _first_manner(self) -> Manner:
        return manner_of(self._cache.mode(self._config.base_url, self._config.model))

    def _line(self, key: str | None) -> Line:
        return Line(self._config.base_url, self._config.model, self._config.temperature, key)

    def _asked(self, jobs: Sequence[_Job]) -> dict[str, Words]:
        """Ask for each job, a few at once; every job has an answer within its time."""
        if not jobs:
            return {}
        week = jobs[0].dossier.week
        known = self._cache.mode(self._config.base_url, self._config.model)
        budget = Budget(self._config.weekly_tokens, self._cache.used(week))
        try:
            secret = self._key()
        except UserError as error:
            self._remarks.append(translated(error, jobs[0].dossier.owner_language))
            return {job.dossier.person.handle: self._offline(job.dossier, "told") for job in jobs}
        asking = Asking(self._config, lambda: self._line(secret), budget, Spare(), self._first_manner())
        waiting: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        done: queue.SimpleQueue[tuple[_Job, Asked]] = queue.SimpleQueue()
        for job in jobs:
            waiting.put(job)
        self._start(asking, waiting, done, min(self._config.parallel, len(jobs)), alone=known is None)
        found = self._collect(jobs, asking, done)
        if asking.manner_that_worked and asking.manner_that_worked.text() != known:
            self._cache.set_mode(self._config.base_url, self._config.model, asking.manner_that_worked.text())
        return found

    def _start(
        self,
        asking: Asking,
        waiting: queue.SimpleQueue[_Job],
        done: queue.SimpleQueue[tuple[_Job, Asked]],
        threads: int,
        *,
        alone: bool,
    ) -> None:
        def work(*, wait: bool) -> None:
            if wait:
                asking.first_turn_over.wait(_HEAD_START)
            while True:
                try:
                    job = waiting.get_nowait()
                except queue.Empty:
                    return
                done.put((job, ask(asking, job.told, job.prompts, self._plain[job.dossier.person.handle])))

        for index in range(max(threads, 1)):
            threading.Thread(target=work, kwargs={"wait": alone and index > 0}, daemon=True).start()

    def _collect(
        self, jobs: Sequence[_Job], asking: Asking, done: queue.SimpleQueue[tuple[_Job, Asked]]
    ) -> dict[str, Words]:
        left = {job.key: job for job in jobs}
        found: dict[str, Words] = {}
        while left:
            try:
                job, asked = done.get(timeout=self._config.timeout + _GRACE)
            except queue.Empty:
                asking.spare.failed("late")
                break
            left.pop(job.key, None)
            found[job.dossier.person.handle] = self._settle(job, asked)
        return found | {job.dossier.person.handle: self._offline(job.dossier, "late") for job in left.values()}

    def _settle(self, job: _Job, asked: Asked) -> Words:
        """Write down what a call took and gave; return its words or the offline writer's."""
        config = self._config
        words = asked.words and replace(
            asked.words,
            model=config.model,
            prompt_tokens=asked.prompt_tokens,
            completion_tokens=asked.completion_tokens,
        )
        kept = to_json(words) if words else refused(asked.dropped) if asked.why in _KEPT_REFUSALS else None
        if asked.calls:
            row = (job.key, self._now, job.dossier.week, config.base_url, config.model, kept)
            self._cache.put(Completion(*row, asked.prompt_tokens, asked.completion_tokens))
        return words or self._offline(job.dossier, asked.why or "garbled", asked.dropped)


def _told(dossier: Dossier, share: str) -> Dossier:
    """Return what of the dossier the model may know; without excerpts, last week's draft may quote none either."""
    told = shared(dossier, share)
    return told if share == "excerpts" else replace(told, previous=(), loops=())


def remark(why: str, language: Language) -> str:
    """Return why the model was not used, in one sentence; `garbled` stands for any reason unknown."""
    phrases = Phrases(language)
    key = f"model.{_SAME.get(why, why)}"
    return phrases(key if phrases.known(key) else "model.garbled")


_SAME: Final = {"untrue": "unusable"}
