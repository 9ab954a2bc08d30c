"""Asking one person's words of a model: at most five requests, stepping down, one re-ask, within one deadline.

without what is refused;  json_schema -> json_object -> text;  busy: wait, once more;  unusable: once more, then give up

The week's tokens, and the calls a digest may make beyond one a person; shared by the threads of one writing.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from assistant.core.evidence.dossier import Sentence, Words
from assistant.core.evidence.hard_checks import enough, ground
from assistant.writer.model.answer import UnusableError, parse
from assistant.writer.model.client import pause
from assistant.writer.model.wire import MODES, FailedError
from assistant.writer.offline.brief import MOST_LINES
from assistant.writer.offline.greetings import sign_off
from assistant.writer.offline.writer import offline_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.config import LlmConfig
    from assistant.core.evidence.dossier import Dossier
    from assistant.writer.model.client import Line
    from assistant.writer.model.prompts import Prompt
    from assistant.writer.model.schema import AnswerIn
    from assistant.writer.model.wire import Manner, Reply

MOST_REQUESTS: Final = 5
MOST_WORDS: Final = 130
_WAIT: Final = 1.0
_LEAST_BRIEF: Final = 3
_RESTS_ON_EVIDENCE: Final = frozenset({"left_off", "advice"})
Found = TypeVar("Found")
_FATAL: Final = frozenset({"denied", "missing", "redirect", "unreachable", "late"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of it: words, or why there are none; requests made and the tokens they took; what was dropped."""

    words: Words | None
    why: str | None
    calls: int
    prompt_tokens: int
    completion_tokens: int
    dropped: tuple[tuple[str, str], ...] = ()


class Asking:
    """What the threads of one writing share: settings, the books, and how the server takes a request."""

    def __init__(
        self, config: LlmConfig, line: Callable[[], Line], budget: Budget, spare: Spare, manner: Manner
    ) -> None:
        self.config, self.line, self.budget, self.spare, self.manner = config, line, budget, spare, manner
        self.manner_that_worked: Manner | None = None
        self.first_turn_over = threading.Event()

    def ask(self, dossier: Dossier, prompt: Prompt) -> Asked:
        """Return what came of asking for this person; never raises."""
        if self.spare.stopped:
            return Asked(None, self.spare.stopped, 0, 0, 0)
        line = self.line()
        turn = _WordsTurn(self, line, dossier, prompt)
        try:
            return turn.asked()
        except Exception:  # noqa: BLE001 -- a thread of its own: whatever a server provoked, there is an answer
            return turn.over("garbled")
        finally:
            self.first_turn_over.set()
            line.close()


class Turn(Generic[Found]):
    """The requests about one thing, until what comes back is of use; `judged` says whether it is."""

    def __init__(self, asking: Asking, line: Line, prompt: Prompt, ends: float | None = None) -> None:
        self.asking, self.line, self.prompt = asking, line, prompt
        self.ends = time.monotonic() + asking.config.timeout if ends is None else ends
        self.calls = self.prompt_tokens = self.completion_tokens = 0
        self.again = False

    def judged(self, reply: Reply, manner: Manner) -> Found | str:
        """Return what the reply gives, or why it gives nothing: unusable, untrue, abstain."""
        raise NotImplementedError

    def taken(self) -> tuple[Found | None, str]:
        """Ask until there is something or a reason to stop; return it, or None and the reason."""
        why = "garbled"
        while self.calls < MOST_REQUESTS:
            if self.asking.spare.stopped:
                return None, self.asking.spare.stopped
            manner = self.asking.manner
            reserved = estimate(self.prompt.size) + TOKENS_OUT
            if not self.asking.budget.reserve(reserved):
                return None, why if self.calls else "budget"
            try:
                reply = self._request(manner, reserved)
            except FailedError as failure:
                why = failure.why
                if not self._carry_on(failure, manner):
                    return None, why
                continue
            outcome = self.judged(reply, manner)
            if not isinstance(outcome, str):
                return outcome, ""
            why = outcome
            if why == "abstain" or self.again or not self._may_ask_again(why):
                return None, why
            self.again = True
        return None, why

    def _request(self, manner: Manner, reserved: int) -> Reply:
        self.calls += 1
        took = 0
        try:
            reply = self.line.ask(self.prompt, manner, max(self.ends - time.monotonic(), 0.1), again=self.again)
            took = self._count(reply)
        except FailedError as failure:
            if failure.why in {"late", "garbled", "large"}:
                took = estimate(self.prompt.size)
                self.prompt_tokens += took
            raise
        finally:
            self.asking.budget.settle(reserved, took)
        return reply

    def _count(self, reply: Reply) -> int:
        """Return the tokens of a call: as reported, else by the bytes."""
        sent = estimate(self.prompt.size) if reply.prompt_tokens is None else reply.prompt_tokens
        got = estimate(len(reply.text.encode())) if reply.completion_tokens is None else reply.completion_tokens
        self.prompt_tokens += sent
        self.completion_tokens += got
        return sent + got

    def _carry_on(self, failure: FailedError, manner: Manner) -> bool:
        """Return whether to ask once more after a request without a reply, having waited or stepped down."""
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
        return self._may_ask_again(failure.why) and not self.again and self._second()

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

    def _second(self) -> bool:
        self.again = True
        return True

    def _may_ask_again(self, why: str) -> bool:
        """Return whether the one re-ask may be made: for untrue words always, for unreadable ones from the spare."""
        return time.monotonic() < self.ends and (why == "untrue" or self.asking.spare.take())


class _WordsTurn(Turn[Words]):
    """One person's requests."""

    def __init__(self, asking: Asking, line: Line, dossier: Dossier, prompt: Prompt) -> None:
        super().__init__(asking, line, prompt)
        self.dossier = dossier
        self.dropped: tuple[tuple[str, str], ...] = ()

    def asked(self) -> Asked:
        """Return the words, or why there are none."""
        words, why = self.taken()
        return self.over(None, words) if words else self.over(why)

    def over(self, why: str | None, words: Words | None = None) -> Asked:
        """Return what came of it, with what it took."""
        return Asked(words, why, self.calls, self.prompt_tokens, self.completion_tokens, self.dropped)

    def judged(self, reply: Reply, manner: Manner) -> Words | str:
        """Return grounded words, or why the reply gives none: unusable, untrue, abstain."""
        try:
            answer = parse(reply)
        except UnusableError:
            return "unusable"
        self.asking.spare.worked()
        self.asking.manner_that_worked = manner
        self.asking.first_turn_over.set()
        if answer.abstain and not answer.sentences:
            return "abstain"
        words = grounded(answer, self.dossier)
        self.dropped = words.dropped
        return words if enough(words) else "untrue"


def grounded(answer: AnswerIn, dossier: Dossier) -> Words:
    """Return the answer as words with everything dropped that is not so, completed from code where code knows better.

    The sign-off is the owner's, the subject the offline writer's where the model's fails, and so is a brief of which
    fewer than three lines remain.
    """
    unquoted = [row.text for row in answer.sentences if row.kind == "fact" and not (row.quote.strip() and row.evidence)]
    sentences = tuple(
        Sentence(row.kind, row.text.strip(), tuple(row.evidence), row.quote)
        for row in answer.sentences
        if row.text not in unquoted and row.kind != "close"
    )
    brief = tuple(
        Sentence(row.heading, row.text.strip(), tuple(row.evidence), row.quote)
        for row in answer.brief
        if row.evidence or row.heading not in _RESTS_ON_EVIDENCE
    )
    subject = answer.subject.strip()
    words = Words(
        subject,
        sentences,
        brief,
        "model",
        dropped=(*((text, "form") for text in answer.odd), *((text, "quote") for text in unquoted)),
    )
    words = ground(words, dossier)
    plain = offline_words(dossier)
    close = next((s for s in plain.sentences if s.kind == "close"), Sentence("close", sign_off(dossier)))
    shortened = _in_order((*_shortened(words.sentences), close))
    return replace(
        words,
        subject=words.subject or plain.subject,
        sentences=shortened,
        brief=words.brief[:MOST_LINES] if len(words.brief) >= _LEAST_BRIEF else plain.brief,
    )


def _in_order(sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """Return one greeting first, the middle as it came, one close last."""
    greetings = [s for s in sentences if s.kind == "greeting"][:1]
    middle = [s for s in sentences if s.kind not in {"greeting", "close"}]
    return (*greetings, *middle, *[s for s in sentences if s.kind == "close"][-1:])


def _shortened(sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """Return at most 130 words: the last courtesies and reasons go first, never the greeting or the ask."""
    kept = list(sentences)
    while sum(len(s.text.split()) for s in kept) > MOST_WORDS:
        spare = [s for s in kept if s.kind in {"warmth", "why", "fact"}]
        if not spare:
            break
        kept.remove(spare[-1])
    return tuple(kept)


TOKENS_OUT: Final = 700
"""What an answer is expected to cost before it is known."""
SPARE_CALLS: Final = 2
_SUCCESSES_FOR_ANOTHER: Final = 5


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
    """Calls beyond one a person for servers that refuse or garble: two, and one more for every five that worked.

    It also says when to stop: after a server was silent or unreachable, nobody else waits for it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spare = SPARE_CALLS
        self._worked = 0
        self._silent = 0
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
