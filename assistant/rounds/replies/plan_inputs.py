"""What planning needs to know, read from the store before the first line is planned.

That is where the lines come from, what their numbers and words may mean, and, for `undo`, what earlier transactions
changed and sent.
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
    from assistant.core.replies.grammar.lines import ParsedLine
    from assistant.core.replies.plan.change import Change
    from assistant.core.replies.transcript import Transcript
    from assistant.rounds.ports import Reader
    from assistant.store.database import Store

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without I, O, 0 and 1, which are easily confused
CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Context:
    """Where lines come from, and what they may mean.

    - `digest`: the digest whose numbers count (None: names only).
    - `parents`: the transactions whose transcript is answered, newest first; `thread`: those further up, nearest first.
    - `trusted`: typed at the owner's shell; `outside`: came in by the second door.
    - `exposed`: somebody else got the message that is answered.
    - `said_at`: the message's Date (None: now).
    - `lines`: lines that are parsed already (a tap's or an import's); `doubtful`: lines to show first and not to obey.
    - `places`: the label each of the lines was written under ("2", "Q1"), "" for none.
    - `reader`: turns prose into orders (None: nothing does).
    - `receipt_may_wait`: if all goes well, its transcript isn't mailed now but with those of other taps.
    - `refusal`: why nothing in the message may be obeyed, "" if it may.
    - `deliver`: freezes the transcript's mail inside the transaction and returns its outbox id.
    - `unsure`: it may have been obeyed before, in a data file that was replaced by a backup.
    - `newcomers`: the transcript says more about people who are added.
    """

    random_bytes: Callable[[int], bytes]
    digest: int | None = None
    parents: tuple[str, ...] = ()
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
    places: tuple[str, ...] = ()
    lines: tuple[ParsedLine, ...] | None = None
    reader: Reader | None = None
    refusal: str = ""
    postscript: str = ""
    deliver: Callable[[Transcript], int] | None = None
    receipt_may_wait: bool = False
    unsure: bool = False
    newcomers: bool = False


def at_the_shell(store: Store, random_bytes: Callable[[int], bytes]) -> Context:
    """Return the context of `assistant do`: the numbers of the newest digest, the questions of the last answer."""
    latest = replies.latest_transaction(store)
    return Context(random_bytes, digest=replies.newest_digest(store), parents=(latest,) if latest else (), trusted=True)


def opening(store: Store, config: Config, context: Context, now: datetime) -> State:
    """Return the state before the first line, in the transaction that comes next."""
    latest = replies.latest_transaction(store)
    cause = f"T{int(latest[1:]) + 1 if latest else 1}"
    digest, zone = context.digest, config.me.timezone
    built = datetime.fromtimestamp(replies.built_at(store, digest), zone) if digest is not None else None
    items = replies.items_by_label(store, digest) if digest is not None else {}
    reply = ReplyContext(
        cause=cause,
        now=epoch(now),
        # Days in a reply count from the day of the mail, not from when it's read.
        today=(context.said_at or now).astimezone(zone).date(),
        language=config.digest.language,
        roles=tuple(config.roles),
        own_addresses=owner_of(store, config) | {config.me.control_address},
        items=items,
        drafts={item.draft: _draft_facts(store, item.draft) for item in items.values() if item.draft is not None},
        digest_on=built.date() if built else None,
        newest=digest is not None and digest == replies.newest_digest(store),
        parents=context.parents,
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
    """Return what `send N` must know about a draft, and whether its text is still the one that was shown."""
    kept = digests.load_draft(store, draft)
    new = kept.new
    text = "\0".join((new.address or "", new.subject, new.body))
    order = outbox.by_key(store, f"send {draft}")
    state = order.state if order and order.state != "cancelled" else None
    as_shown = hashlib.sha256(text.encode()).hexdigest() == new.hash
    return DraftFacts(new.address, new.subject, as_shown, kept.state, state)


def epoch(moment: datetime) -> int:
    """Return a moment in whole seconds since 1970, UTC."""
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
    """Earlier transactions as the store has them. `before` is the one that asks, which isn't over yet."""

    store: Store
    before: str

    def last(self) -> str | None:
        """Return the latest transaction that changed or sent something, wasn't undone, and is no undo itself."""
        number = int(self.before[1:]) - 1
        changed = roster.last_cause(self.store)
        while number > 0 and f"T{number}" != changed:
            if any(self._state(send) == "held" for send in self._sends(f"T{number}")):
                break
            number -= 1
        return f"T{number}" if number > 0 else None

    def at(self, cause: str) -> int:
        """Return when an earlier transaction was made, in epoch seconds."""
        return replies.made_at(self.store, cause)

    def exists(self, cause: str) -> bool:
        """Return whether this earlier transaction exists."""
        return cause != self.before and replies.transcript(self.store, cause) is not None

    def undone(self, cause: str) -> bool:
        """Return whether everything the transaction did was undone already."""
        sends = self._sends(cause)
        if roster.changes_of(self.store, cause):
            return roster.undone(self.store, cause)
        return bool(sends) and all(self._state(send) == "cancelled" for send in sends)

    def conflict(self, *causes: str) -> str | None:
        """Return the latest later transaction that depends on one of these, None if there is none."""
        return roster.conflict(self.store, *causes)

    def changes(self, *causes: str) -> tuple[tuple[Change, int | None], ...]:
        """Return the changes that undo the transactions, newest first, each with the event it takes back."""
        return roster.undo_changes(self.store, *causes)

    def sends(self, cause: str) -> tuple[str, ...]:
        """Return the names of the people to whom the transaction ordered a message."""
        return tuple(str(send["name"]) for send in self._sends(cause))

    def take_back_sends(self, cause: str, now: int) -> tuple[list[str], list[str]]:
        """Stop the messages that are still held; return the names of their recipients, and of those who got theirs."""
        stopped: list[str] = []
        gone: list[str] = []
        for send in self._sends(cause):
            if outbox.cancel_held(self.store, f"send {send['draft']}", now):
                stopped.append(str(send["name"]))
            elif self._state(send) != "cancelled":
                gone.append(str(send["name"]))
        return stopped, gone

    def messages(self, short: str) -> tuple[str, ...]:
        """Return the Message-IDs of the messages whose short id begins with `short`, at most two."""
        return replies.short_ids(self.store, short)

    def _sends(self, cause: str) -> list[dict[str, Any]]:
        kept = replies.transcript(self.store, cause) or {}
        return list(kept.get("sends", []))

    def _state(self, send: dict[str, Any]) -> str | None:
        row = outbox.by_key(self.store, f"send {send['draft']}")
        return row.state if row else None
