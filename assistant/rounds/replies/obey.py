"""Obey lines an owner wrote, in a reply or at the shell: one transaction, one transcript.

    lines ─> parse ─> plan_lines ─> (a model reads prose, once) ─> words for briefs and newcomers
          ─> one transaction: reply row, changes with their events, orders, transcript

All that is planned stays true until it is done, for one process at a time may act (`Owner.round_lock`).

What happened before, for `undo`: the events and the orders to send of earlier transactions.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.core.language.phrases import Words
from assistant.core.replies.grammar.lines import Line, Speech, parse
from assistant.core.replies.plan.change import OWN
from assistant.core.replies.plan.plan_lines import PlannedLines, Step, plan_lines, suggest
from assistant.core.replies.plan.roster_state import roster_state
from assistant.core.replies.plan.state import DraftFacts, State
from assistant.core.replies.plan.undo import count_changes
from assistant.core.replies.signature import without_signature
from assistant.core.replies.transcript import Transcript, TranscriptLine
from assistant.rounds.delivery.outbox import order_message
from assistant.rounds.replies.details import Answers, ahead, told
from assistant.rounds.scan.link import link
from assistant.rounds.scan.recheck import recheck
from assistant.rounds.scan.rules import owner_of
from assistant.store import digests, outbox, replies, roster

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.config import Config
    from assistant.core.replies.plan.change import Change
    from assistant.rounds.ports import Reader
    from assistant.store.database import Store

log = logging.getLogger("assistant.replies")

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 6
PROSE_WORDS = 4
"""From so many words on a line may be prose; below that it is a typing error."""
LINKED_BY = frozenset({"person", "belongs"})
"""Changes after which other addresses may be somebody's, or nobody's."""


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


def obey(
    store: Store, config: Config, lines: Sequence[str], context: Context, now: datetime, answers: Answers
) -> Transcript:
    """Carry out what those lines order and return the transcript; all of it in one transaction, or nothing."""
    speech = speech_of(config, context.said_at or now)
    parsed = context.lines if context.lines is not None else _parsed(config, lines, context, speech)
    state = opening(store, config, context, now)
    planned = _planned(without_signature(parsed, speech), speech, state, context.reader)
    worded = ahead(planned, state.roster, answers, newcomers=context.newcomers)
    changes = [change for step in planned.steps for change in step.planned.changes]
    with store.write():
        cause = replies.begin(store, context.message_id, context.body_hash, context.token, epoch(now))
        if cause != state.cause:
            message = f"{state.cause} was planned and {cause} begun: another process acted without the lock"
            raise RuntimeError(message)
        shown = _carry_out(store, config, planned, context, now)
        if any(change.entity in LINKED_BY for change in changes):
            # Not only with the next scan: what is read until then, this week's digest too, would not know their mail.
            link(store, config.me.timezone, now)
        lines_told = [told(step, answers, worded) for step in shown]
        transcript = _transcript(cause, context, lines_told, planned)
        queued = context.deliver(transcript) if context.deliver else None
        replies.finish(store, cause, {**transcript_value(transcript), "sends": _sends(planned)}, queued)
    if any(change.key.startswith(OWN) for change in changes):
        # Not only with the next scan: this week's digest may be built before that.
        recheck(store, config, now, lambda _: None)
        link(store, config.me.timezone, now)
    log.info("obeyed cause=%s lines=%d changes=%d", cause, len(transcript.lines), transcript.changes)
    return transcript


def _parsed(config: Config, lines: Sequence[str], context: Context, speech: Speech) -> tuple[Line, ...]:
    doubt = Words(config.digest.language)("doubtful")
    return (*(Line(text, problem=doubt) for text in context.doubtful), *parse(lines, speech))


def _planned(lines: Sequence[Line], speech: Speech, state: State, reader: Reader | None) -> PlannedLines:
    """Plan all lines; what the grammar makes nothing of is offered to the model, all at once."""
    planned = plan_lines(lines, speech, state)
    unknown = (step.line.text for step in planned.steps if step.planned.outcome == "unknown")
    prose = tuple(dict.fromkeys(text for text in unknown if len(text.split()) >= PROSE_WORDS))
    read = reader.read(prose) if reader and prose else {}
    # Later lines meet what the model's orders do, so all are planned again with them.
    return suggest(plan_lines(lines, speech, state, read) if read else planned, speech)


def speech_of(config: Config, said_at: datetime) -> Speech:
    """Return how this owner's lines are to be read when said at that moment."""
    me = config.me
    return Speech(
        said_at.astimezone(me.timezone).date(), me.language, tuple(config.roles), (me.name,), config.digest.language
    )


def opening(store: Store, config: Config, context: Context, now: datetime) -> State:
    """Return the state that the first line meets, in the transaction that comes next."""
    latest = replies.latest(store)
    cause = f"T{int(latest[1:]) + 1 if latest else 1}"
    digest = context.digest
    zone = config.me.timezone
    built = datetime.fromtimestamp(replies.built_at(store, digest), UTC) if digest is not None else None
    return State(
        roster=roster_state(roster.load(store)),
        today=(context.said_at or now).astimezone(zone).date(),
        now=epoch(now),
        cause=cause,
        language=config.digest.language,
        roles=tuple(config.roles),
        own_addresses=owner_of(store, config) | {config.me.control_address},
        items=replies.items(store, digest) if digest is not None else {},
        digest_on=built.astimezone(zone).date() if built else None,
        newest=digest is not None and digest == replies.newest_digest(store),
        parent=context.parent,
        thread=context.thread,
        trusted=context.trusted,
        outside=context.outside,
        exposed=context.exposed,
        tapped=context.lines is not None,
        code=_code(context.random_bytes(16)),
        can_send=config.smtp is not None,
        hold_minutes=config.smtp.hold_minutes if config.smtp else 0,
        past=StoredPast(store, cause),
        short_ids=lambda short: replies.short_ids(store, short),
        draft=lambda draft: draft_facts(store, draft),
    )


def draft_facts(store: Store, draft: int) -> DraftFacts:
    """Return what `send N` must know of a draft; its hash says whether the text is still the one that was shown."""
    kept = digests.draft(store, draft)
    new = kept.new
    text = "\0".join((new.address or "", new.subject, new.body))
    order = outbox.by_key(store, f"send {draft}")
    state = order.state if order and order.state != "cancelled" else None
    return DraftFacts(
        new.address, new.subject, hashlib.sha256(text.encode()).hexdigest() == new.hash, kept.state, state
    )


def transcript_value(transcript: Transcript) -> dict[str, Any]:
    """Return a transcript as JSON values, as `assistant replies --json` prints it."""
    return {
        "id": transcript.id,
        "message_id": transcript.message_id,
        "subject": transcript.subject,
        "lines": [
            {"text": line.text, "outcome": line.outcome, "effect": line.effect, "details": list(line.details)}
            for line in transcript.lines
        ],
        "changes": transcript.changes,
        "left_out": transcript.left_out,
        "delivered": transcript.delivered,
    }


def epoch(moment: datetime) -> int:
    """Return a moment in whole seconds since 1970 UTC."""
    return int(moment.astimezone(UTC).timestamp())


def _carry_out(store: Store, config: Config, run: PlannedLines, context: Context, now: datetime) -> list[Step]:
    """Apply every change and order of a plan; return its steps with what the orders came to."""
    cause, at = run.state.cause, epoch(now)
    shown = []
    for step in run.steps:
        planned = step.planned
        roster.apply_changes(store, planned.changes, cause, "owner", at, planned.undoes)
        for order in planned.orders:
            order_message(store, config, order, now, context.random_bytes, unsure=context.unsure)
        if planned.revoke:
            replies.revoke_all(store)
        for entry in planned.again:
            outbox.set_state(store, entry, "queued", at, looks=0, first_look=None, last_look=None, not_before=at)
        shown.append(_taken_back(store, step, at, run.state.words) if planned.takes_back else step)
    return shown


def _taken_back(store: Store, step: Step, at: int, say: Words) -> Step:
    cause = step.planned.takes_back or ""
    stopped, gone = StoredPast(store, cause).take_back_sends(cause, at)
    effect = step.planned.effect
    if stopped:
        effect += say("undo.stopped", names=", ".join(stopped))
    if gone:
        effect += say("undo.gone", names=", ".join(gone))
    return Step(step.line, replace(step.planned, effect=effect))


def _transcript(cause: str, context: Context, told: list[TranscriptLine], run: PlannedLines) -> Transcript:
    if context.refusal:
        told = [TranscriptLine("", "refused", context.refusal)]
    if context.postscript:
        told.append(TranscriptLine("", "noise", context.postscript))
    changes = sum(count_changes(step.planned.changes) + len(step.planned.orders) for step in run.steps)
    return Transcript(cause, context.message_id, context.subject, tuple(told), changes, context.left_out)


def _sends(run: PlannedLines) -> list[dict[str, Any]]:
    return [
        {"draft": order.draft, "name": order.name, "address": order.address}
        for step in run.steps
        for order in step.planned.orders
    ]


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

    def _sends(self, cause: str) -> list[dict[str, Any]]:
        kept = replies.transcript(self.store, cause) or {}
        return list(kept.get("sends", []))

    def _state(self, send: dict[str, Any]) -> str | None:
        row = outbox.by_key(self.store, f"send {send['draft']}")
        return row.state if row else None

    def _waits(self, send: dict[str, Any]) -> bool:
        return self._state(send) == "held"
