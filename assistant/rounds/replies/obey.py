"""Obey lines an owner wrote, in a reply or at the shell: one transaction, one transcript.

    lines -> grammar -> changes.plan, one after the other, over a frozen State
          -> one transaction: reply row, changes with their events, orders, transcript

More than five changes at once to what exists, or a drop, are planned a second time with those lines held for a code.

What happened before, for `undo`: the events and the orders to send of earlier transactions.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.core.language.phrases import Words
from assistant.core.replies.grammar.lines import Line, Speech, parse
from assistant.core.replies.grammar.prose import planned_from
from assistant.core.replies.grammar.suggest import closest
from assistant.core.replies.plan.answer import hold, settle
from assistant.core.replies.plan.change import OWN
from assistant.core.replies.plan.plan import MASS, decide
from assistant.core.replies.plan.state import DraftFacts, Planned, State, advance, roster_of
from assistant.core.replies.plan.undo import count_changes
from assistant.core.replies.signature import without_signature
from assistant.core.replies.transcript import Transcript, TranscriptLine
from assistant.rounds.delivery.outbox import order_message
from assistant.rounds.replies.details import Ahead, Answers, Step, ahead, needs_words, told
from assistant.rounds.scan.judge import recheck
from assistant.rounds.scan.link import link
from assistant.rounds.scan.rules import owner_of
from assistant.store import digests, outbox, replies, roster
from assistant.store import replies as store_replies
from assistant.store import roster as store_roster

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assistant.config import Config
    from assistant.core.people.roster import Roster
    from assistant.core.replies.plan.change import Change
    from assistant.rounds.ports import Reader
    from assistant.store.database import Store

log = logging.getLogger("assistant.replies")

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 6
PROSE_WORDS = 4
"""From so many words on a line may be prose; below that it is a typing error."""
SMALL = 4
LINKED_BY = frozenset({"person", "belongs"})
"""Changes after which other addresses may be somebody's, or nobody's."""
SUGGESTIONS = 40
"""How many lines at most get a closest command: looking for one costs more than anything else."""


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


@dataclass(slots=True)
class _Run:
    """A plan of all lines: steps in order, and the state they lead to; `prose` is what lines were read as."""

    state: State
    prose: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    mass: int = 0
    suggested: int = 0


def at_the_shell(store: Store, random_bytes: Callable[[int], bytes]) -> Context:
    """Return the context of `assistant do`: the numbers of the newest digest, the questions of the last answer."""
    return Context(random_bytes, digest=replies.newest_digest(store), parent=replies.latest(store), trusted=True)


def obey(
    store: Store, config: Config, lines: Sequence[str], context: Context, now: datetime, answers: Answers
) -> Transcript:
    """Carry out what those lines order and return the transcript; all of it in one transaction, or nothing."""
    said_at = context.said_at or now
    speech = speech_of(config, said_at)
    doubt = Words(config.digest.language)("doubtful")
    doubtful = (Line(text, problem=doubt) for text in context.doubtful)
    parsed = context.lines if context.lines is not None else (*doubtful, *parse(lines, speech))
    prose = _prose(store, config, parsed, context, now)
    worded = _ahead(store, config, parsed, context, now, answers, prose)
    with store.write():
        cause = replies.begin(store, context.message_id, context.body_hash, context.token, epoch(now))
        run = _planned(parsed, speech, opening(store, config, context, cause, now), prose)
        shown = _carry_out(store, config, run, context, now)
        if any(change.entity in LINKED_BY for step in run.steps for change in step.planned.changes):
            # Not only with the next scan: what is read until then, this week's digest too, would not know their mail.
            link(store, config.me.timezone, now)
        lines_told = [told(step, answers, worded) for step in shown]
        transcript = _transcript(cause, context, lines_told, run)
        queued = context.deliver(transcript) if context.deliver else None
        replies.finish(store, cause, {**transcript_value(transcript), "sends": _sends(run)}, queued)
    if any(change.key.startswith(OWN) for step in run.steps for change in step.planned.changes):
        # Not only with the next scan: this week's digest may be built before that.
        recheck(store, config, now, lambda _: None)
        link(store, config.me.timezone, now)
    log.info("obeyed cause=%s lines=%d changes=%d", cause, len(transcript.lines), transcript.changes)
    return transcript


def speech_of(config: Config, said_at: datetime) -> Speech:
    """Return how this owner's lines are to be read when said at that moment."""
    me = config.me
    return Speech(
        said_at.astimezone(me.timezone).date(), me.language, tuple(config.roles), (me.name,), config.digest.language
    )


def opening(store: Store, config: Config, context: Context, cause: str, now: datetime) -> State:
    """Return the state that the first line meets."""
    found = store_roster.load(store)
    digest = context.digest
    zone = config.me.timezone
    built = datetime.fromtimestamp(replies.built_at(store, digest), UTC) if digest is not None else None
    return State(
        entities=found,
        roster=roster_of(found),
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


def _planned(
    parsed: Sequence[Line], speech: Speech, state: State, prose: Mapping[str, tuple[str, ...]] | None = None
) -> _Run:
    run = _plan_all(parsed, speech, state, prose or {})
    if run.mass <= MASS and not (run.mass and _sweeps(state.roster, run.state.roster)):
        return run
    return _plan_all(parsed, speech, replace(state, hold=True), prose or {})


def _sweeps(before: Roster, after: Roster) -> bool:
    """Return whether so little stays that it is more likely a slip: a role of two or more emptied, or half the roster.

    docs/reliability.md: a mass change is asked about first. On a roster of three or fewer every change is large.
    """
    now = {person.handle: person.role for person in after.active()}
    were = {person.handle: person.role for person in before.active()}
    if len(were) < SMALL:
        return False
    roles = Counter(were.values())
    emptied = any(count > 1 and role not in now.values() for role, count in roles.items())
    return emptied or sum(handle not in now for handle in were) * 2 >= len(were)


def _plan_all(parsed: Sequence[Line], speech: Speech, state: State, prose: Mapping[str, tuple[str, ...]]) -> _Run:
    run = _Run(state, prose)
    for line in without_signature(parsed, speech):
        planned = _plan_line(line, speech, run)
        run.mass += planned.mass
        run.state = advance(run.state, planned.changes)
        run.steps.append(Step(line, planned))
    held = tuple(text for step in run.steps if step.planned.outcome == "ask" for text in step.planned.held)
    if held:
        change = hold(held, run.state)
        run.state = advance(run.state, (change,))
        last = max(index for index, step in enumerate(run.steps) if step.planned.held)
        step = run.steps[last]
        run.steps[last] = Step(step.line, replace(step.planned, changes=(*step.planned.changes, change)))
    return run


def _plan_line(line: Line, speech: Speech, run: _Run) -> Planned:
    if line.noise:
        return Planned("noise", "")
    if line.problem:
        return Planned("refused", run.state.words("problem", problem=line.problem))
    planned = decide(line.command, run.state) if line.command else settle(line.text, run.state, decide)
    if planned is None or planned.outcome == "unknown":
        read = planned_from(line.text, run.prose.get(line.text, ()), speech, run.state)
        return read or planned or _unknown(line, speech, run)
    return planned


def _unknown(line: Line, speech: Speech, run: _Run) -> Planned:
    run.suggested += 1
    near = closest(line.text, speech) if run.suggested <= SUGGESTIONS else None
    say = run.state.words
    return Planned("unknown", say("unknown.closest", near=near) if near else say("unknown"))


def _carry_out(store: Store, config: Config, run: _Run, context: Context, now: datetime) -> list[Step]:
    """Apply every change and order of a run; return its steps with what the orders came to."""
    cause, at = run.state.cause, epoch(now)
    shown = []
    for step in run.steps:
        planned = step.planned
        roster.apply_changes(store, planned.changes, cause, "owner", at, planned.undoes)
        for order in planned.orders:
            order_message(store, config, order, now, context.random_bytes, unsure=context.unsure)
        if planned.revoke:
            store_replies.revoke_all(store)
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


def _prose(
    store: Store, config: Config, parsed: Sequence[Line], context: Context, now: datetime
) -> dict[str, tuple[str, ...]]:
    """Offer what the grammar does not know to the model, before the transaction begins; empty without one."""
    if context.reader is None:
        return {}
    run = _planned(parsed, speech_of(config, context.said_at or now), opening(store, config, context, "T0", now))
    offered = dict.fromkeys(
        step.line.text
        for step in run.steps
        if step.planned.outcome == "unknown" and len(step.line.text.split()) >= PROSE_WORDS
    )
    return context.reader.read(tuple(offered)) if offered else {}


def _ahead(
    store: Store,
    config: Config,
    parsed: Sequence[Line],
    context: Context,
    now: datetime,
    answers: Answers,
    prose: Mapping[str, tuple[str, ...]],
) -> Ahead:
    if not prose and not any(needs_words(line, newcomers=context.newcomers) for line in parsed):
        return Ahead()
    speech = speech_of(config, context.said_at or now)
    run = _planned(parsed, speech, opening(store, config, context, "T0", now), prose)
    known = {person.handle for person in roster.load_roster(store).people}
    return ahead(run.steps, run.state, known, answers, newcomers=context.newcomers)


def _transcript(cause: str, context: Context, told: list[TranscriptLine], run: _Run) -> Transcript:
    if context.refusal:
        told = [TranscriptLine("", "refused", context.refusal)]
    if context.postscript:
        told.append(TranscriptLine("", "noise", context.postscript))
    changes = sum(count_changes(step.planned.changes) + len(step.planned.orders) for step in run.steps)
    return Transcript(cause, context.message_id, context.subject, tuple(told), changes, context.left_out)


def _sends(run: _Run) -> list[dict[str, Any]]:
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
