"""One person's words from the model: written, checked, verified, repaired once, at most five requests in all.

    write -> hard checks -> verify -> (something failed) repair -> hard checks -> verify -> words, or why there are none

Each request may fail by itself. Without the first there are no words; without a verdict what nobody could check is
marked; without a repair what failed is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from assistant.core.evidence.dossier import NO_REQUEST, Sentence, Words
from assistant.core.language.first_name import first_name
from assistant.writer.model.answer import parse, parse_repair, parse_verdicts
from assistant.writer.model.numbered import REPEATED, filed, repaired, with_verdicts, without_verdicts
from assistant.writer.model.request import Asking, Turn
from assistant.writer.offline.choose import has_draft
from assistant.writer.offline.greetings import greeting as greeting_of
from assistant.writer.offline.greetings import sign_off

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.core.evidence.dossier import Dossier
    from assistant.writer.model.client import Line
    from assistant.writer.model.numbered import Item
    from assistant.writer.model.prompts import PersonPrompts
    from assistant.writer.model.schema import AnswerIn

LEAST_WORDS: Final = 40
MOST_WORDS: Final = 130
MOST_BRIEF: Final = 4
LEAST_BRIEF: Final = 3
"""Lines of a brief; below the least it is filled up with the offline writer's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of it: words, or why there are none; requests made and the tokens they took; what was dropped."""

    words: Words | None
    why: str | None
    calls: int
    prompt_tokens: int
    completion_tokens: int
    dropped: tuple[tuple[str, str], ...] = ()


def ask(asking: Asking, told: Dossier, prompts: PersonPrompts, plain: Words) -> Asked:
    """Return what came of asking for this person; never raises.

    `told` is what the model may know and its words are checked against; `plain` are the offline writer's words.
    """
    if asking.spare.stopped:
        return Asked(None, asking.spare.stopped, 0, 0, 0)
    line = asking.line()
    person = _Person(asking, line, told, prompts, plain)
    try:
        return person.asked()
    except Exception:  # noqa: BLE001 -- a thread of its own: whatever a server provoked, there is an answer
        return person.over("garbled")
    finally:
        asking.first_turn_over.set()
        line.close()


class _Person:
    """One person's requests, and what was dropped on the way."""

    def __init__(self, asking: Asking, line: Line, told: Dossier, prompts: PersonPrompts, plain: Words) -> None:
        self.turn = Turn(asking, line)
        self.spare, self.told, self.prompts, self.plain = asking.spare, told, prompts, plain
        self.dropped: list[tuple[str, str]] = []

    def asked(self) -> Asked:
        """Return the words, or why there are none."""
        answer, why = self.turn.answer(self.prompts.write, parse)
        if answer is None:
            return self.over(why)
        if answer.abstain and not answer.sentences:
            return self.over("abstain")
        words = self._words(answer)
        asks = self.told.situation not in NO_REQUEST
        return self.over(None, words) if enough(words, asks=asks) else self.over("untrue")

    def over(self, why: str | None, words: Words | None = None) -> Asked:
        """Return what came of it, with what it took."""
        turn = self.turn
        return Asked(words, why, turn.calls, turn.prompt_tokens, turn.completion_tokens, tuple(self.dropped))

    def _words(self, answer: AnswerIn) -> Words:
        self.dropped += [(text, "form") for text in answer.odd]
        told, plain = self.told, self.plain
        # Where rules write no draft, they know how to greet and sign all the same.
        known = has_draft(told)
        greeting = _end("greeting", greeting_of(told, told.language) if known else told.greeting)
        items = self._verified(filed(answer, self.told, greeted=bool(greeting)))
        self._drop(items)
        if wanted := _worth_repairing(items):
            items = self._repaired(items, wanted)
        # The bare name is a sign-off in every language.
        close = _end("close", sign_off(told) if known else told.sign_off or first_name(told.owner_name))
        words = assembled(items, (greeting, close), plain)
        self.dropped += words.dropped
        return replace(words, dropped=tuple(self.dropped))

    def _verified(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        """Return the items with verdicts where they can be had, one request for all of them."""
        unsure = [item for item in items if item.open]
        if not unsure or not self.turn.may_ask or not self.spare.verifies:
            return without_verdicts(items, self.told)
        verdicts, why = self.turn.answer(self.prompts.verify([item.as_data() for item in unsure]), parse_verdicts)
        if why != "budget":
            self.spare.verified(good=verdicts is not None)
        return without_verdicts(items, self.told) if verdicts is None else with_verdicts(items, verdicts, self.told)

    def _repaired(self, items: tuple[Item, ...], wanted: Sequence[Item]) -> tuple[Item, ...]:
        """Return the items with what failed written once more, or left as it is where that is not to be had."""
        if not self.turn.may_ask:
            return items
        rows = [{"sentence": i.number, "part": i.part, "kind": i.sentence.kind, "reason": i.why} for i in wanted]
        kept = [item.as_data() for item in items if item.why is None and item.part != "subject"]
        answer, _ = self.turn.answer(self.prompts.repair(rows, kept), parse_repair)
        if answer is None:
            return items
        before = {item.number: item.sentence for item in items}
        items = self._verified(repaired(items, answer, wanted, self.told))
        self._drop(item for item in items if item.sentence != before[item.number])
        return items

    def _drop(self, items: Iterable[Item]) -> None:
        """Write down what failed, each with the check: a repair does not hide it."""
        self.dropped += [(item.sentence.text, item.why) for item in items if item.why and item.sentence.text]


def _worth_repairing(items: Sequence[Item]) -> list[Item]:
    """Return what to write once more: what the draft lost, and the brief too where few of its lines are left.

    A subject is not worth a request: the offline writer's takes its place.
    """
    failed = [item for item in items if item.why not in {None, REPEATED}]
    lost = {part: [item for item in failed if item.part == part] for part in ("draft", "brief")}
    lines = sum(item.part == "brief" and item.why is None for item in items)
    if not lost["draft"] and lines >= LEAST_BRIEF:
        return []
    return [*lost["draft"], *(lost["brief"] if lines < MOST_BRIEF else [])]


def assembled(items: Sequence[Item], ends: tuple[list[Sentence], list[Sentence]], plain: Words) -> Words:
    """Return what passed as words, between the owner's greeting and sign-off (`ends`, either may be empty).

    `plain` are the offline writer's words: their subject stands in where the model's failed, and their lines fill up a
    brief of fewer than three, under headings that it lacks. What is too much is in `dropped`.
    """
    good = [item for item in items if item.why is None and item.sentence.text]
    subject = next((item.sentence.text for item in good if item.part == "subject"), plain.subject)
    draft = [item.sentence for item in good if item.part == "draft"]
    greeting, close = ends
    greeting = greeting or [sentence for sentence in draft if sentence.kind == "greeting"][:1]
    middle = [sentence for sentence in draft if sentence.kind != "greeting"]
    kept = _shortened(middle, MOST_WORDS - sum(len(end.text.split()) for end in (*greeting, *close)))
    lines = [item.sentence for item in good if item.part == "brief"]
    brief = lines[:MOST_BRIEF]
    if len(brief) < LEAST_BRIEF:
        headings = {line.kind for line in brief}
        brief += [line for line in plain.brief if line.kind not in headings][: MOST_BRIEF - len(brief)]
    too_long = [sentence for sentence in (*middle, *lines) if sentence not in kept and sentence not in brief]
    dropped = tuple((sentence.text, "length") for sentence in too_long)
    return Words(subject, (*greeting, *kept, *close), tuple(brief), "model", dropped=dropped)


def enough(words: Words, *, asks: bool = True) -> bool:
    """Return whether a draft still stands as it would be sent: a greeting, 40 words or more, a request if it `asks`."""
    kinds = {sentence.kind for sentence in words.sentences if not sentence.unchecked}
    needed = {"greeting", "ask"} if asks else {"greeting"}
    return needed <= kinds and len(words.body.split()) >= LEAST_WORDS


def _end(kind: str, text: str | None) -> list[Sentence]:
    """Return greeting or sign-off as a sentence of its kind; [] for none."""
    return [Sentence(kind, text)] if text else []


def _shortened(middle: Sequence[Sentence], most: int) -> list[Sentence]:
    """Return at most so many words: the last courtesies and reasons go first, never the request."""
    kept = list(middle)
    while sum(len(sentence.text.split()) for sentence in kept) > most:
        spare = [sentence for sentence in kept if sentence.kind in {"warmth", "why", "fact"}]
        if not spare:
            break
        kept.remove(spare[-1])
    return kept
