"""The writer with a language model: one structured call a person, checked, cached, bounded, with a way back.

    dossiers -> cached? -> budget? -> asked (4 at once) -> parsed -> grounded -> kept
                                   +-> refused, silent, untrue, too dear: the offline writer, and a remark

Threads only ask and check; the cache and the budget's books are kept by the thread that called `words`.

Words as JSON and back: what the cache keeps.

What the model writer needs from the outside: a place to keep answers, usage and the mode that worked.

`assistant.store.completions.Completions` fits this shape without either knowing the other.

Why the model was not used, in one sentence for the digest, in the owner's language.
"""

from __future__ import annotations

import hashlib
import json
import queue
import threading
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from assistant.config.values import base_url_problem
from assistant.core.evidence.build import shared
from assistant.core.evidence.dossier import Sentence, Words
from assistant.core.evidence.hard_checks import CHECKER_VERSION
from assistant.errors import UserError
from assistant.writer.model.client import Line
from assistant.writer.model.prompts import Prompts
from assistant.writer.model.request import Asked, Asking, Budget, Spare
from assistant.writer.model.schema import SCHEMA
from assistant.writer.model.wire import manner_of
from assistant.writer.offline.writer import offline_words, words_by_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from assistant.config import LlmConfig
    from assistant.core.evidence.dossier import Dossier
    from assistant.writer.model.prompts import Prompt
    from assistant.writer.model.wire import Manner

REFUSED: Final = '{"refused":true}'
"""Kept in place of words that could not be used, so that the same digest asks for them only once."""
_HEAD_START: Final = 0.5
"""Seconds the first call gets alone where it is not known yet what the server takes."""
_GRACE: Final = 5.0
"""Seconds past its deadline after which a call is given up for lost (a name that never resolves)."""


@dataclass(frozen=True, slots=True)
class _Job:
    dossier: Dossier
    prompt: Prompt
    key: str


class ModelWriter:
    """Finds words with the configured model; falls back to the offline writer person by person.

    `key` reads the API key when the first call is made (None: the server wants none).
    """

    def __init__(self, config: LlmConfig, cache: Cache, now: datetime, key: Callable[[], str | None]) -> None:
        self._config, self._cache, self._now, self._key = config, cache, now, key
        self._remarks: list[str] = []

    def words(self, dossiers: Sequence[Dossier]) -> dict[str, Words]:
        """Return grounded words by handle, for every dossier. Never raises for the model's sake."""
        self._remarks = []
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
            prompt = Prompts(self._config.prompts_dir).render(shared(dossier, self._config.share))
            return line.body(prompt, self._first_manner()).decode()
        finally:
            line.close()

    def _before(self) -> str | None:
        if self._config.share == "nothing":
            return "nothing"
        return "insecure" if base_url_problem(self._config.base_url) else None

    def _job(self, dossier: Dossier) -> _Job | None:
        told = shared(dossier, self._config.share)
        try:
            prompts = Prompts(self._config.prompts_dir)
            prompt = prompts.render(told)
        except UserError as error:
            self._remarks.append(str(error))
            return None
        config = self._config
        parts = [prompts.fingerprint(), json.dumps(SCHEMA), str(CHECKER_VERSION), config.base_url, config.model]
        parts += [str(config.temperature), prompt.system, prompt.user, prompt.again, dossier.week, repr(dossier)]
        key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
        return _Job(told, prompt, key)

    def _kept(self, dossier: Dossier, kept: str) -> Words:
        words = None if kept == REFUSED else from_json(kept)
        return words or self._offline(dossier, "unusable")

    def _offline(self, dossier: Dossier, why: str) -> Words:
        if why == "nothing":
            return offline_words(dossier)
        said = self._remarks[-1] if why == "told" and self._remarks else remark(why, dossier.owner_language)
        self._remarks.append(said)
        return offline_words(dossier, said)

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
            self._remarks.append(str(error))
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
                done.put((job, asking.ask(job.dossier, job.prompt)))

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
        kept = to_json(words) if words else REFUSED if asked.why in {"unusable", "untrue", "abstain"} else None
        if asked.calls:
            row = (job.key, self._now, job.dossier.week, config.base_url, config.model, kept)
            self._cache.put(Completion(*row, asked.prompt_tokens, asked.completion_tokens))
        if words:
            return words
        offline = self._offline(job.dossier, asked.why or "garbled")
        return replace(offline, dropped=(*offline.dropped, *asked.dropped))


def to_json(words: Words) -> str:
    """Return the words as JSON text."""
    return json.dumps(asdict(words), ensure_ascii=False)


def from_json(text: str) -> Words | None:
    """Return the words that `to_json` wrote, None where a row was written by another version."""
    try:
        return _words(json.loads(text))
    except (ValueError, TypeError, KeyError):
        return None


def _words(value: dict[str, Any]) -> Words:
    for key in ("sentences", "brief"):
        value[key] = tuple(Sentence(**{**row, "evidence": tuple(row["evidence"])}) for row in value[key])
    value["dropped"] = tuple((said, why) for said, why in value["dropped"])
    return Words(**value)


@dataclass(frozen=True, slots=True)
class Completion:
    """One call as it is kept: the answer's JSON (None: only its usage counts) and its tokens."""

    key: str
    at: datetime
    week: str
    base_url: str
    model: str
    words: str | None
    prompt_tokens: int
    completion_tokens: int


class Cache(Protocol):
    """Answers by key, usage by week, modes by server. Called from one thread at a time."""

    def get(self, key: str) -> str | None:
        """Return the answer kept under that key (JSON text), None for none."""
        ...

    def put(self, completion: Completion) -> None:
        """Keep one answer or one call's usage; a key put twice adds its tokens and keeps the newer answer."""
        ...

    def used(self, week: str) -> int:
        """Return the tokens of all calls of that week, in and out; 0 for none."""
        ...

    def mode(self, base_url: str, model: str) -> str | None:
        """Return how the server took the last request that worked (`Manner.text`), None where nothing is known."""
        ...

    def set_mode(self, base_url: str, model: str, mode: str) -> None:
        """Remember how the server took a request."""
        ...


_EN: Final = {
    "unreachable": "The language model could not be reached; the offline writer found the words.",
    "late": "The language model did not answer in time; the offline writer found the words.",
    "busy": "The language model was too busy to answer; the offline writer found the words.",
    "denied": "The language model refused the key; check api_key in [llm]. The offline writer found the words.",
    "missing": "The language model's server does not know that model or address; check model and base_url in [llm]. "
    "The offline writer found the words.",
    "redirect": "The language model's server pointed elsewhere, and nothing was sent there; check base_url in [llm]. "
    "The offline writer found the words.",
    "garbled": "The language model's answers could not be read; the offline writer found the words.",
    "unusable": "Some of the language model's answers could not be used; the offline writer found those words.",
    "abstain": "The language model found too little to go on for some; the offline writer found those words.",
    "budget": (
        "This week's tokens for the language model are used up (weekly_tokens); the offline writer found the rest."
    ),
    "insecure": "The language model's address does not begin with https, so nothing was sent; check base_url in [llm]. "
    "The offline writer found the words.",
    "prompts": "The prompts in prompts_dir cannot be filled; the offline writer found the words.",
}
_DE: Final = {
    "unreachable": "Das Sprachmodell war nicht zu erreichen; die Worte stammen vom eingebauten Schreiber.",
    "late": "Das Sprachmodell hat nicht rechtzeitig geantwortet; die Worte stammen vom eingebauten Schreiber.",
    "busy": "Das Sprachmodell war überlastet; die Worte stammen vom eingebauten Schreiber.",
    "denied": (
        "Das Sprachmodell hat den Schlüssel abgelehnt; prüfe api_key in [llm]. Die Worte stammen vom "
        "eingebauten Schreiber."
    ),
    "missing": "Der Server kennt dieses Sprachmodell oder diese Adresse nicht; prüfe model und base_url in [llm]. "
    "Die Worte stammen vom eingebauten Schreiber.",
    "redirect": "Der Server des Sprachmodells verwies woandershin, dorthin wurde nichts geschickt; prüfe "
    "base_url in [llm]. Die Worte stammen vom eingebauten Schreiber.",
    "garbled": "Die Antworten des Sprachmodells waren nicht lesbar; die Worte stammen vom eingebauten Schreiber.",
    "unusable": (
        "Einige Antworten des Sprachmodells waren nicht brauchbar; diese Worte stammen vom eingebauten Schreiber."
    ),
    "abstain": "Für einige fand das Sprachmodell zu wenig vor; diese Worte stammen vom eingebauten Schreiber.",
    "budget": "Die Token dieser Woche sind verbraucht (weekly_tokens); der Rest stammt vom eingebauten Schreiber.",
    "insecure": "Die Adresse des Sprachmodells beginnt nicht mit https, darum wurde nichts geschickt; prüfe "
    "base_url in [llm]. Die Worte stammen vom eingebauten Schreiber.",
    "prompts": "Die Vorlagen in prompts_dir lassen sich nicht füllen; die Worte stammen vom eingebauten Schreiber.",
}


def remark(why: str, language: str) -> str:
    """Return the sentence for that reason; `garbled` stands for any reason unknown."""
    table = _DE if language == "de" else _EN
    return table.get({"format": "garbled", "large": "garbled", "untrue": "unusable"}.get(why, why), table["garbled"])
