"""The state in which a line is planned (the reply it stands in, and the roster), and the plan itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from assistant.core.language.phrases import Phrases
from assistant.core.replies.plan.change import Change
from assistant.core.replies.plan.question import Question, question_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from assistant.core.language.data_files import Language
    from assistant.core.replies.plan.roster_state import RosterState
    from assistant.core.replies.transcript import Outcome

CODE_SECONDS = 48 * 3600  # how long a code can be confirmed
# How long our mails can be answered. Until then, no label of theirs is given to another question.
ANSWERABLE_SECONDS = 21 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered line of a digest. `label` is "1", "Q2" or "C3", `kind` is due, question or candidate."""

    label: str
    kind: str
    person: str | None
    draft: int | None
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What `send N` must know about a draft. `as_shown` tells whether the text is still what the digest showed.

    `state` is the draft's. `order` is the state of an order to send it, None if there was none.
    """

    address: str | None
    subject: str
    as_shown: bool
    state: str
    order: str | None


class Past(Protocol):
    """What the store knows about earlier transactions and messages."""

    def last(self) -> str | None:
        """Return the latest transaction that can be taken back, or None."""
        ...

    def at(self, cause: str) -> int:
        """Return when an earlier transaction was made, in epoch seconds."""
        ...

    def exists(self, cause: str) -> bool:
        """Return whether there was such a transaction. The current one doesn't count yet."""
        ...

    def undone(self, cause: str) -> bool:
        """Return whether it has been taken back."""
        ...

    def conflict(self, *causes: str) -> str | None:
        """Return the later transaction, none of these, that changed the same thing, or None."""
        ...

    def changes(self, *causes: str) -> tuple[tuple[Change, int | None], ...]:
        """Return the changes that take them back, newest first, each with the event it takes back."""
        ...

    def sends(self, cause: str) -> tuple[str, ...]:
        """Return the names of the people it ordered a message to."""
        ...

    def messages(self, short: str) -> tuple[str, ...]:
        """Return up to two Message-IDs of messages whose short id begins with `short`; empty for none."""
        ...


@dataclass(frozen=True, slots=True)
class ReplyContext:
    """What is the same for all lines of a reply.

    `cause` is its transaction ("T18"). `now` is in epoch seconds, `today` is the day it was written in the owner's
    zone. The owner is answered in `language`. `roles` and `own_addresses` come from the configuration.

    `items` are the numbered lines of the digest it answers, by label, and `drafts` are those that `send` may mean.
    `digest_on` is that digest's day, None if it answers none (then only names work); `newest` tells whether it is the
    latest. `parents` are the transactions whose transcript is answered, newest first: more than one after several taps.
    `thread` are those further up, nearest first.

    `trusted` means that it comes from the owner's shell, `outside` that it came by the second door, which may not
    `send`, `drop` or `confirm`. `exposed` means that somebody else has the message it answers too, `tapped` that it is
    the message of a link. `code` is used if a confirmation is asked for. `send N` waits `hold_minutes`, None if nothing
    can be sent.
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
    parents: tuple[str, ...]
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
    """The reply a line stands in, and the roster as the lines before it left it.

    With `hold`, mass changes wait for a code.
    """

    reply: ReplyContext
    roster: RosterState
    hold: bool = False

    @property
    def words(self) -> Phrases:
        """Return the phrases for the owner, in their language."""
        return Phrases(self.reply.language)

    def after(self, changes: tuple[Change, ...]) -> State:
        """Return a copy of the state after those changes."""
        return replace(self, roster=self.roster.after(changes))

    def question(self, key: str) -> Question | None:
        """Return the question with that key, None if it was never asked."""
        value = self.roster.value("question", key)
        return question_of(key, value) if value else None

    def questions(self) -> Iterator[Question]:
        """Yield all questions, including answered ones."""
        return (question_of(key, value) for (entity, key), value in self.roster.values.items() if entity == "question")

    def question_labelled(self, label: str) -> Question | None:
        """Return the question with that label: the digest's, else the latest of a transcript; None for none."""
        item = self.reply.items.get(label)
        if item is not None:
            return self.question(str(item.payload.get("key", "")))
        asked = (one for one in self.questions() if one.label == label and one.answer is None)
        return max(asked, key=lambda one: (one.asked_at, one.key), default=None)

    def next_label(self) -> str:
        """Return the first label above those of the digest and of every question a mail could still answer."""
        since = self.reply.now - ANSWERABLE_SECONDS
        labels = [label for label in self.reply.items if label.startswith("Q")]
        labels += [one.label for one in self.questions() if one.label and (one.answer is None or one.asked_at > since)]
        return f"Q{max((int(label[1:]) for label in labels), default=0) + 1}"

    def asked(self, question: Question) -> Change:
        """Return the change that asks a question, even if it was answered before."""
        return Change("question", question.key, self.roster.value("question", question.key), question.value(), "ask")

    def answered(self, question: Question, answer: str, kind: str = "answer") -> Change:
        """Return the change that answers a question."""
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
    """The plan of a command: its changes and their outcome, with the effect in one sentence.

    `undoes` are the events that the changes take back, in the same order, and `takes_back` are their transactions.
    `orders` go out after the hold; `again` are rows of the outbox to deliver once more. With `revoke`, no earlier
    message can be answered any more. `look` is what the owner asks to see, as (what, handle). `mass` is how many of
    the changes to existing things may need a confirmation, `held` are the commands that wait for it.
    """

    outcome: Outcome
    effect: str
    changes: tuple[Change, ...] = ()
    details: tuple[str, ...] = ()
    orders: tuple[SendOrder, ...] = ()
    undoes: tuple[int | None, ...] = ()
    takes_back: tuple[str, ...] = ()
    revoke: bool = False
    look: tuple[Literal["brief", "show", "why", "status", "review", "help"], str] | None = None
    again: tuple[int, ...] = ()
    mass: int = 0
    held: tuple[str, ...] = ()


def joined(steps: Sequence[Planned]) -> Planned:
    """Return the plan of steps that are done one after the other, with all that each does; `look` is the first one's.

    There is at least one step, and each of them is "ok".
    """
    return Planned(
        "ok",
        "; ".join(step.effect for step in steps),
        tuple(one for step in steps for one in step.changes),
        tuple(one for step in steps for one in step.details),
        tuple(one for step in steps for one in step.orders),
        # By position, so a change that takes nothing back has its place too.
        tuple(one for step in steps for one in (*step.undoes, *[None] * (len(step.changes) - len(step.undoes)))),
        tuple(one for step in steps for one in step.takes_back),
        revoke=any(step.revoke for step in steps),
        look=next((step.look for step in steps if step.look), None),
        again=tuple(one for step in steps for one in step.again),
        mass=sum(step.mass for step in steps),
        held=tuple(one for step in steps for one in step.held),
    )
