"""What a line meets, the reply it stands in and the roster; and what comes of it: a plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from assistant.core.language.phrases import Phrases
from assistant.core.replies.plan.change import Change
from assistant.core.replies.plan.question import Question, question_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from assistant.core.language.dates import Language
    from assistant.core.replies.plan.roster_state import RosterState
    from assistant.core.replies.transcript import Outcome

CODE_SECONDS = 48 * 3600
"""How long a code can be confirmed."""
ANSWERABLE_SECONDS = 21 * 24 * 3600
"""How long a mail of ours can be answered: so long its question labels mean what they meant."""


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered line of a digest: label "1", "Q2" or "C3"; kind due, question or candidate."""

    label: str
    kind: str
    person: str | None
    draft: int | None
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What `send N` must know of a draft: `as_shown` says whether the text is still the one the digest showed.

    `state` is the draft's own; `order` the state of an order to send it, None when there was none.
    """

    address: str | None
    subject: str
    as_shown: bool
    state: str
    order: str | None


class Past(Protocol):
    """What the store knows of earlier transactions and messages."""

    def last(self) -> str | None:
        """Return the latest transaction that can be taken back, None for none."""
        ...

    def exists(self, cause: str) -> bool:
        """Return whether there was such a transaction; this very one is no past yet."""
        ...

    def undone(self, cause: str) -> bool:
        """Return whether it is taken back already."""
        ...

    def conflict(self, cause: str) -> str | None:
        """Return the later transaction that stands on it, None for none."""
        ...

    def changes(self, cause: str) -> tuple[tuple[Change, int | None], ...]:
        """Return what takes it back, each with the event it takes back."""
        ...

    def sends(self, cause: str) -> tuple[str, ...]:
        """Return the people it ordered a message to, by name."""
        ...

    def messages(self, short: str) -> tuple[str, ...]:
        """Return the Message-IDs of the messages whose short id begins so, at most two; empty for none."""
        ...


@dataclass(frozen=True, slots=True)
class ReplyContext:
    """What is the same for all lines of a reply.

    `cause` is its transaction ("T18"), `now` in epoch seconds, `today` the day it was said (owner's zone), `language`
    that of what the owner is told, `roles` and `own_addresses` the configuration's.

    `items` are the lines of the digest that is answered by label, `drafts` those that `send` may mean, `digest_on` its
    day (None: names only), `newest` whether it is the latest one. `parent` is the transaction whose transcript is
    answered, `thread` those further up, nearest first.

    `trusted`: said at the owner's shell. `outside`: mail by the second door, which may neither `send` nor `drop` nor
    `confirm`. `exposed`: somebody else was sent what is answered. `tapped`: the line is that of a link. `code` is what
    a confirmation would be asked by. `hold_minutes` is how long `send N` waits, None where nothing can be sent.
    """

    cause: str
    now: int
    today: date
    language: Language
    roles: tuple[str, ...]
    own_addresses: frozenset[str]
    items: Mapping[str, Item]
    drafts: Mapping[int, DraftFacts]
    digest_on: date | None
    newest: bool
    parent: str | None
    thread: tuple[str, ...]
    trusted: bool
    outside: bool
    exposed: bool
    tapped: bool
    code: str
    hold_minutes: int | None
    past: Past


@dataclass(frozen=True, slots=True)
class State:
    """What a line meets: the reply it stands in, and the roster as the lines before it left it.

    `hold`: mass changes are held for a code.
    """

    reply: ReplyContext
    roster: RosterState
    hold: bool = False

    @property
    def words(self) -> Phrases:
        """Return the words in which the owner is told what came of a command."""
        return Phrases(self.reply.language)

    def after(self, changes: tuple[Change, ...]) -> State:
        """Return the state after those changes; this one stays as it is."""
        return replace(self, roster=self.roster.after(changes))

    def question(self, key: str) -> Question | None:
        """Return the question of that key, None where it was never asked."""
        value = self.roster.value("question", key)
        return question_of(key, value) if value else None

    def questions(self) -> Iterator[Question]:
        """Yield all questions, answered ones too."""
        return (question_of(key, value) for (entity, key), value in self.roster.values.items() if entity == "question")

    def question_labelled(self, label: str) -> Question | None:
        """Return the question of that label: of the digest, else the latest asked in a transcript."""
        item = self.reply.items.get(label)
        if item is not None:
            return self.question(str(item.payload.get("key", "")))
        asked = (one for one in self.questions() if one.label == label and one.answer is None)
        return max(asked, key=lambda one: (one.asked_at, one.key), default=None)

    def next_label(self) -> str:
        """Return the first question label above those of the digest and of all that mails could still answer."""
        since = self.reply.now - ANSWERABLE_SECONDS
        labels = [label for label in self.reply.items if label.startswith("Q")]
        labels += [one.label for one in self.questions() if one.label and (one.answer is None or one.asked_at > since)]
        return f"Q{max((int(label[1:]) for label in labels), default=0) + 1}"

    def asked(self, question: Question) -> Change:
        """Return the change that asks a question, though it was answered before."""
        return Change("question", question.key, self.roster.value("question", question.key), question.value(), "ask")

    def answered(self, question: Question, answer: str, kind: str = "answer") -> Change:
        """Return the change that answers a question now."""
        before = self.roster.value("question", question.key)
        after = replace(question, answer=answer).value(self.reply.now)
        return Change("question", question.key, before, after, kind)


@dataclass(frozen=True, slots=True)
class SendOrder:
    """An order to send one draft, as it was shown, to one person."""

    draft: int
    number: int
    handle: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What a command does: the changes and their outcome in one sentence.

    `undoes` are the events the changes take back, in the same order; `takes_back` the transaction. `orders` go out
    after the hold, `again` are outbox rows whose delivery the owner orders anew; `revoke` lets no earlier
    message be answered; `look` asks for an answer (what, handle). `mass` counts the changes to what exists that a
    confirmation may be needed for; `held` are the commands that wait for it.
    """

    outcome: Outcome
    effect: str
    changes: tuple[Change, ...] = ()
    details: tuple[str, ...] = ()
    orders: tuple[SendOrder, ...] = ()
    undoes: tuple[int | None, ...] = ()
    takes_back: str | None = None
    revoke: bool = False
    look: tuple[Literal["brief", "show", "status", "help"], str] | None = None
    again: tuple[int, ...] = ()
    mass: int = 0
    held: tuple[str, ...] = ()
