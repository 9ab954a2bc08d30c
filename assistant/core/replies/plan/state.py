"""What a command meets: the roster and everything else it may look at, frozen, and how a change moves it on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from assistant.core.language.phrases import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from assistant.core.language.dates import Language
    from assistant.core.replies.plan.change import Change
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
    """What happened before, as far as taking back needs it."""

    def last(self) -> str | None:
        """Return the latest transaction that can be taken back, None for none."""
        ...

    def exists(self, cause: str) -> bool:
        """Return whether there was such a transaction."""
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


class NoPast:
    """A past in which nothing happened."""

    def last(self) -> str | None:
        """Return None."""
        return None

    def exists(self, _cause: str) -> bool:
        """Return False."""
        return False

    def undone(self, _cause: str) -> bool:
        """Return False."""
        return False

    def conflict(self, _cause: str) -> str | None:
        """Return None."""
        return None

    def changes(self, _cause: str) -> tuple[tuple[Change, int | None], ...]:
        """Return nothing."""
        return ()

    def sends(self, _cause: str) -> tuple[str, ...]:
        """Return nothing."""
        return ()


def _nothing(_short: str) -> tuple[str, ...]:
    return ()


def _no_draft(_draft: int) -> DraftFacts | None:
    return None


@dataclass(frozen=True, slots=True)
class State:
    """Everything a command may look at.

    `items` are the lines of the digest that is answered, `digest_on` its day (None: names only), `newest` whether it is
    the latest one.
    `now` is in epoch seconds, `today` the day the command was said (owner's zone), `cause` its transaction ("T18"),
    `parent` the transaction whose transcript is answered, `thread` those further up, `trusted` at the owner's shell,
    `outside` True for mail by the second door, which may neither `send` nor `drop` nor `confirm`. `exposed`: somebody
    else was sent what is answered; `tapped`: the command is that of a link. `code` is what a confirmation would be
    asked by; `hold` holds back mass changes for it. `hold_minutes` is how long `send N` waits.
    `language` is that of what the owner is told.
    """

    roster: RosterState
    today: date
    now: int
    cause: str
    language: Language = "en"
    roles: tuple[str, ...] = ("mentor", "advisor", "advocate", "ally")
    own_addresses: frozenset[str] = frozenset()
    items: Mapping[str, Item] = field(default_factory=dict)
    digest_on: date | None = None
    newest: bool = False
    parent: str | None = None
    thread: tuple[str, ...] = ()
    trusted: bool = False
    outside: bool = False
    exposed: bool = False
    tapped: bool = False
    code: str = "AAAAAA"
    hold: bool = False
    can_send: bool = False
    hold_minutes: int = 10
    past: Past = field(default_factory=NoPast)
    short_ids: Callable[[str], tuple[str, ...]] = _nothing
    draft: Callable[[int], DraftFacts | None] = _no_draft

    @property
    def words(self) -> Words:
        """Return the words in which the owner is told what came of a command."""
        return Words(self.language)

    def after(self, changes: tuple[Change, ...]) -> State:
        """Return the state after those changes; this one stays as it is."""
        return replace(self, roster=self.roster.after(changes))

    def question_labelled(self, label: str) -> str | None:
        """Return the key of the question of that label: of the digest, else the latest asked in a transcript."""
        item = self.items.get(label)
        if item is not None:
            return str(item.payload.get("key", ""))
        asked = [
            (value["payload"].get("asked_at", 0), key)
            for (entity, key), value in self.roster.values.items()
            if entity == "question" and value["payload"].get("label") == label and value["answer"] is None
        ]
        return max(asked)[1] if asked else None

    def next_label(self) -> str:
        """Return the first question label above those of the digest and of all that mails could still answer."""
        since = self.now - ANSWERABLE_SECONDS
        labels = [label for label in self.items if label.startswith("Q")]
        labels += [
            str(value["payload"]["label"])
            for (entity, _key), value in self.roster.values.items()
            if entity == "question"
            and value["payload"].get("label")
            and (value["answer"] is None or value["payload"].get("asked_at", 0) > since)
        ]
        return f"Q{max((int(label[1:]) for label in labels), default=0) + 1}"


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
