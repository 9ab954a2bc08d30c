"""Obey the lines an owner wrote, in a reply or at the shell: one transaction, one transcript.

    lines ─> parse ─> plan_lines ─> (a model reads prose, once) ─> words for briefs and newcomers
          ─> one transaction: reply row, changes with their events, orders, transcript

A plan stays true until it is carried out, because only one process may act at a time (`Owner.round_lock`).
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.core.language.dates import writes_month_first
from assistant.core.language.phrases import Phrases
from assistant.core.replies.grammar.lines import ParsedLine, Speech, parse_lines
from assistant.core.replies.plan.change import OWN
from assistant.core.replies.plan.plan_lines import PlannedLine, PlannedLines, plan_lines, suggest
from assistant.core.replies.plan.undo import count_changes
from assistant.core.replies.reading.read_orders import around
from assistant.core.replies.receipts import may_wait
from assistant.core.replies.transcript import Transcript, TranscriptLine
from assistant.rounds.delivery.send_orders import order_message
from assistant.rounds.replies.plan_inputs import Context, StoredPast, epoch, opening
from assistant.rounds.replies.transcript_details import Lookups, transcript_line, word_ahead
from assistant.rounds.scan.judge import recheck
from assistant.rounds.scan.link import link_addresses
from assistant.store import outbox, replies, roster

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assistant.config import Config
    from assistant.core.replies.plan.state import State
    from assistant.rounds.ports import Reader
    from assistant.store.database import Store

log = logging.getLogger("assistant.replies")

PROSE_WORDS = 4  # a shorter line that isn't understood is a typing error, not prose
# Changes to these may decide whose other addresses are.
LINKED_BY = frozenset({"person", "belongs"})


def obey(
    store: Store, config: Config, lines: Sequence[str], context: Context, now: datetime, answers: Lookups
) -> Transcript:
    """Carry out what the lines order, all of it in one transaction or nothing, and return the transcript."""
    speech = speech_of(config, context.said_at or now)
    parsed = context.lines if context.lines is not None else _parsed(config, lines, context, speech)
    state = opening(store, config, context, now)
    planned = _planned(parsed, speech, state, context.reader)
    # Before the transaction: a mailbox takes seconds for a brief, a model up to a minute.
    worded = word_ahead(planned, state.roster, answers, newcomers=context.newcomers)
    changes = [change for step in planned.steps for change in step.planned.changes]
    with store.write():
        cause = replies.begin(store, context.message_id, context.body_hash, context.token, epoch(now))
        if cause != state.reply.cause:
            raise RuntimeError(
                f"{state.reply.cause} was planned and {cause} begun: another process acted without the lock"
            )
        shown = _carry_out(store, config, planned, context, now)
        if any(change.entity in LINKED_BY for change in changes):
            # Not only in the next scan: until then nothing, not even this week's digest, would know about their mail.
            link_addresses(store, config.me.timezone, now)
        lines_told = [transcript_line(step, answers, worded) for step in shown]
        transcript = _transcript(cause, context, lines_told, planned)
        # In the same transaction, so that a reply that was obeyed has its transcript in the outbox after any crash.
        # A receipt that waits is this row without an outbox id (receipts.py).
        waits = context.receipt_may_wait and may_wait([step.planned for step in planned.steps])
        queued = context.deliver(transcript) if context.deliver and not waits else None
        replies.finish(store, cause, {**transcript_value(transcript), "sends": _sends(planned)}, queued)
    if any(change.key.startswith(OWN) for change in changes):
        # Not only in the next scan, because this week's digest may be built before it.
        recheck(store, config, now, lambda _: None)
        link_addresses(store, config.me.timezone, now)
    log.info("obeyed cause=%s lines=%d changes=%d", cause, len(transcript.lines), transcript.changes)
    return transcript


def _parsed(config: Config, lines: Sequence[str], context: Context, speech: Speech) -> tuple[ParsedLine, ...]:
    doubt = Phrases(config.digest.language)("doubtful")
    told = tuple(ParsedLine(text, problem=doubt) for text in context.doubtful)
    return (*told, *parse_lines(lines, speech, context.places))


def _planned(lines: Sequence[ParsedLine], speech: Speech, state: State, reader: Reader | None) -> PlannedLines:
    """Plan all lines. Those that the grammar doesn't know go to the model, in one call."""
    planned = plan_lines(lines, speech, state)
    unsure = (step.line for step in planned.steps if _is_prose(step))
    prose = tuple(dict.fromkeys((line.text, line.place) for line in unsure))
    read = reader.read(prose, around(state)) if reader and prose else {}
    # What the model makes of one line may change what a later one means, so all are planned again.
    return suggest(plan_lines(lines, speech, state, read) if read else planned, speech)


def _is_prose(step: PlannedLine) -> bool:
    """Return whether a line is worth a model: not understood and no mere typing error, or only a guess of our own."""
    if step.planned.outcome == "unknown":
        return len(step.line.text.split()) >= PROSE_WORDS
    return any(change.entity == "question" and change.key.startswith("prose ") for change in step.planned.changes)


def speech_of(config: Config, said_at: datetime) -> Speech:
    """Return how to read this owner's lines, said at that moment."""
    me = config.me
    return Speech(
        said_at.astimezone(me.timezone).date(),
        me.language,
        tuple(config.roles),
        (me.name,),
        config.digest.language,
        writes_month_first(me.language, str(me.timezone)),
    )


def transcript_value(transcript: Transcript) -> dict[str, Any]:
    """Return a transcript as JSON values, as `assistant replies --json` prints it."""
    return {
        "id": transcript.id,
        "message_id": transcript.message_id,
        "subject": transcript.subject,
        "lines": [
            {"text": line.text, "outcome": line.outcome, "effect": line.effect, "details": details(line)}
            for line in transcript.lines
        ],
        "changes": transcript.changes,
        "left_out": transcript.left_out,
        "delivered": transcript.delivered,
    }


def transcript_from(value: dict[str, Any]) -> Transcript:
    """Return a transcript from its stored JSON values."""
    lines = tuple(
        TranscriptLine(line["text"], line["outcome"], line["effect"], tuple(line["details"])) for line in value["lines"]
    )
    return Transcript(value["id"], value["message_id"], value["subject"], lines, value["changes"], value["left_out"])


def details(line: TranscriptLine) -> list[str]:
    """Return what stands below a line's effect, as text."""
    return [*line.details, *(row.said for row in line.rows)]


def _carry_out(store: Store, config: Config, run: PlannedLines, context: Context, now: datetime) -> list[PlannedLine]:
    """Apply all changes and orders of a plan, and return its steps with the outcome of the orders."""
    cause, at = run.state.reply.cause, epoch(now)
    shown = []
    for step in run.steps:
        planned = step.planned
        roster.apply_changes(store, planned.changes, cause, "owner", at, planned.undoes)
        for order in planned.orders:
            order_message(store, config, order, now, context.random_bytes, unsure=context.unsure)
        if planned.revoke:
            replies.revoke_all(store)
        for entry in planned.again:  # a message in doubt that the owner said to send again
            outbox.set_state(store, entry, "queued", at, looks=0, first_look=None, last_look=None, not_before=at)
        shown.append(_taken_back(store, step, at, run.state.words) if planned.takes_back else step)
    return shown


def _taken_back(store: Store, step: PlannedLine, at: int, say: Phrases) -> PlannedLine:
    stopped: list[str] = []
    gone: list[str] = []
    for cause in step.planned.takes_back:
        in_time, too_late = StoredPast(store, cause).take_back_sends(cause, at)
        stopped += in_time
        gone += too_late
    effect = step.planned.effect
    if stopped:
        effect += say("undo.stopped", names=", ".join(stopped))
    if gone:
        effect += say("undo.gone", names=", ".join(gone))
    return PlannedLine(step.line, replace(step.planned, effect=effect))


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
