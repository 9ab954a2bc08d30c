"""Where an owner's lines come from, and all that they may mean: read from the store before the first is planned.

What happened before, for `undo`: the events and the orders to send of earlier transactions.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.core.replies.plan.roster_state import roster_state
from assistant.core.replies.plan.state import DraftFacts, ReplyContext, State
from assistant.rounds.scan.reading_start import owner_of
from assistant.store import digests, outbox, replies, roster

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.config import Config
    from assistant.core.replies.grammar.lines import Line
    from assistant.core.replies.plan.change import Change
    from assistant.core.replies.transcript import Transcript
    from assistant.rounds.ports import Reader
    from assistant.store.database import Store

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Context:
    """Where lines come from, and what they may mean.

    `digest` is the digest whose numbers count (None: names only), `parent` the transaction whose transcript is
    answered, `thread` those further up, nearest first, `trusted` True at the owner's own shell, `outside` True for mail
    by the second door, `exposed` that somebody else was sent what is answered. `said_at` is the message's Date (None:
    now). `lines` are read already (a tap's), `reader` turns prose among them into orders (None: nobody does), `refusal`
    is why nothing of the message may be obeyed. `deliver` freezes the transcript's mail, inside the transaction, and
    returns its outbox id. `unsure`: it may have been obeyed before, in a data file now lost. `newcomers` says whether
    the owner is told more of who is added. `doubtful` lines are told
    before the others and not obeyed.
    """

    random_bytes: Callable[[int], bytes]
    digest: int | None = None
    parent: str | None = None
    thread: tuple[str, ...] = ()
    trusted: bool = False
    outside: bool = False
    exposed: bool = False
    message_id: str | None = None
    body_hash: str | None = None
    token: str | None = None
    said_at: datetime | None = None
    subject: str = ""
    left_out: str = ""
    doubtful: tuple[str, ...] = ()
    lines: tuple[Line, ...] | None = None
    reader: Reader | None = None
    refusal: str = ""
    postscript: str = ""
    deliver: Callable[[Transcript], int] | None = None
    unsure: bool = False
    newcomers: bool = False


def at_the_shell(store: Store, random_bytes: Callable[[int], bytes]) -> Context:
    """Return the context of `assistant do`: the numbers of the newest digest, the questions of the last answer."""
    return Context(random_bytes, digest=replies.newest_digest(store), parent=replies.latest(store), trusted=True)


def opening(store: Store, config: Config, context: Context, now: datetime) -> State:
    """Return the state that the first line meets, in the transaction that comes next."""
    latest = replies.latest(store)
    cause = f"T{int(latest[1:]) + 1 if latest else 1}"
    digest, zone = context.digest, config.me.timezone
    built = datetime.fromtimestamp(replies.built_at(store, digest), zone) if digest is not None else None
    items = replies.items(store, digest) if digest is not None else {}
    reply = ReplyContext(
        cause=cause,
        now=epoch(now),
        today=(context.said_at or now).astimezone(zone).date(),
        language=config.digest.language,
        roles=tuple(config.roles),
        own_addresses=owner_of(store, config) | {config.me.control_address},
        items=items,
        drafts={item.draft: _draft_facts(store, item.draft) for item in items.values() if item.draft is not None},
        digest_on=built.date() if built else None,
        newest=digest is not None and digest == replies.newest_digest(store),
        parent=context.parent,
        thread=context.thread,
        trusted=context.trusted,
        outside=context.outside,
        exposed=context.exposed,
        tapped=context.lines is not None,
        code=_code(context.random_bytes(16)),
        hold_minutes=config.smtp.hold_minutes if config.smtp else None,
        past=StoredPast(store, cause),
    )
    return State(reply, roster_state(roster.load(store)))


def _draft_facts(store: Store, draft: int) -> DraftFacts:
    """Return what `send N` must know of a draft; its hash says whether the text is still the one that was shown."""
    kept = digests.draft(store, draft)
    new = kept.new
    text = "\0".join((new.address or "", new.subject, new.body))
    order = outbox.by_key(store, f"send {draft}")
    state = order.state if order and order.state != "cancelled" else None
    as_shown = hashlib.sha256(text.encode()).hexdigest() == new.hash
    return DraftFacts(new.address, new.subject, as_shown, kept.state, state)


def epoch(moment: datetime) -> int:
    """Return a moment in whole seconds since 1970 UTC."""
    return int(moment.astimezone(UTC).timestamp())


def _code(random_bytes: bytes) -> str:
    number = int.from_bytes(random_bytes, "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, index = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[index])
    return "".join(letters)


@dataclass(frozen=True, slots=True)
class StoredPast:
    """The past as the store has it; `before` is the transaction that asks, which is no past yet."""

    store: Store
    before: str

    def last(self) -> str | None:
        """Return the latest transaction that changed or sent something, stands, and is no undo itself."""
        number = int(self.before[1:]) - 1
        changed = roster.last_cause(self.store)
        while number > 0 and f"T{number}" != changed:
            if any(self._waits(send) for send in self._sends(f"T{number}")):
                break
            number -= 1
        return f"T{number}" if number > 0 else None

    def exists(self, cause: str) -> bool:
        """Return whether there was such a transaction."""
        return cause != self.before and replies.transcript(self.store, cause) is not None

    def undone(self, cause: str) -> bool:
        """Return whether everything it did is taken back already."""
        sends = self._sends(cause)
        if roster.changes_of(self.store, cause):
            return roster.undone(self.store, cause)
        return bool(sends) and all(self._state(send) == "cancelled" for send in sends)

    def conflict(self, cause: str) -> str | None:
        """Return the later transaction that stands on it, None for none."""
        return roster.conflict(self.store, cause)

    def changes(self, cause: str) -> tuple[tuple[Change, int | None], ...]:
        """Return what takes it back, each with the event it takes back."""
        return roster.undo_changes(self.store, cause)

    def sends(self, cause: str) -> tuple[str, ...]:
        """Return the people it ordered a message to, by name."""
        return tuple(str(send["name"]) for send in self._sends(cause))

    def take_back_sends(self, cause: str, now: int) -> tuple[list[str], list[str]]:
        """Stop the messages that are still held; return the names of those stopped and of those that went out."""
        stopped: list[str] = []
        gone: list[str] = []
        for send in self._sends(cause):
            if outbox.cancel_held(self.store, f"send {send['draft']}", now):
                stopped.append(str(send["name"]))
            elif self._state(send) != "cancelled":
                gone.append(str(send["name"]))
        return stopped, gone

    def messages(self, short: str) -> tuple[str, ...]:
        """Return the Message-IDs of the messages whose short id begins so, at most two."""
        return replies.short_ids(self.store, short)

    def _sends(self, cause: str) -> list[dict[str, Any]]:
        kept = replies.transcript(self.store, cause) or {}
        return list(kept.get("sends", []))

    def _state(self, send: dict[str, Any]) -> str | None:
        row = outbox.by_key(self.store, f"send {send['draft']}")
        return row.state if row else None

    def _waits(self, send: dict[str, Any]) -> bool:
        return self._state(send) == "held"
