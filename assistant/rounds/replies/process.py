"""Obey the owner's answers in Sent, each once, and answer each with a transcript.

    messages of Sent nobody looked at ──> could it be one? ──> raw ──> authentic ──> trim ──> commands.obey
                                              │                 └──> passed over, with a reason word for the log
                                              └──> left alone        └──> one transaction, transcript queued in it

Whatever is refused is answered by nothing: never a bounce, never a word to the apparent sender (docs/replies.md).
"""

from __future__ import annotations

import json
import logging
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from assistant.core.language.phrases import Words
from assistant.core.mail.envelope import from_facts
from assistant.core.mail.header import decode_words, split_fields
from assistant.core.mail.message import Locator
from assistant.core.mail.mime import Content, content_of, html_of
from assistant.core.replies import taps
from assistant.core.replies.authenticate import (
    CLOCK,
    Accepted,
    Door,
    Refused,
    Token,
    answered_directly,
    authenticate,
    body_hash,
    ids_in,
)
from assistant.core.replies.taps import Tapped, read_tap
from assistant.core.replies.trim import Parent, Trimmed, names_of, trim
from assistant.errors import UnreachableError
from assistant.render.mail import Party, compose, transcript_headers
from assistant.render.transcript import render_transcript, transcript_subject
from assistant.rounds.delivery import restore
from assistant.rounds.delivery.marks import marks
from assistant.rounds.replies import from_inbox
from assistant.rounds.replies.answered_message import answered, exposed_to, others_in, own_addresses, shown, token_of
from assistant.rounds.replies.obey import obey, speech_of
from assistant.rounds.replies.opening import Context
from assistant.store import digests, facts, outbox, replies
from assistant.store import replies as store_replies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.core.mail.envelope import Envelope
    from assistant.core.replies.grammar.lines import Line
    from assistant.core.replies.transcript import Transcript, TranscriptLine
    from assistant.rounds.context import Round
    from assistant.rounds.replies.details import Answers
    from assistant.store.database import Store
    from assistant.store.replies import Candidate, Issued

log = logging.getLogger("assistant.replies")

MESSAGE_LIMIT = 5 * 1024 * 1024
A_DAY = 20
"""Transcripts a day at most; the next reply waits for tomorrow."""
DISPLAY_NAME = "Career assistant"
SECRET_BYTES = 32
STUCK = "unread replies"
MOST_STUCK = 50
LOOK_BACK = timedelta(days=22)
"""A day more than a token holds: older messages can answer nothing."""


@dataclass(frozen=True, slots=True)
class _Order:
    """A reply that is to be obeyed: what it answers, its lines, and how its transcript finds its thread."""

    accepted: Accepted
    answers: Issued | None
    trimmed: Trimmed
    subject: str
    hash: str
    lines: tuple[Line, ...] | None = None


def process(round_: Round, answers: Answers | None = None) -> tuple[Transcript, ...]:
    """Obey every new answer of the owner's in Sent, oldest first, and return the transcripts; empty for none.

    Raises UnreachableError where the mailbox cannot be read; what was obeyed before that stays so.
    """
    asked = answers or _answers(round_)
    done: list[Transcript] = []
    since = round_.epoch - int(LOOK_BACK.total_seconds())
    folders = round_.folders
    also = (name for name in folders.also_sent if name != folders.inbox)  # where others put mail nobody is obeyed
    for candidate in replies.candidates(round_.store, folders.sent, since, *also):
        envelope = from_facts(candidate.facts, round_.now)
        if not _could_be(envelope, round_) or replies.is_known(round_.store, candidate.message_id):
            continue
        today = _mailed_today(round_)
        if today >= A_DAY:
            log.info("waits reason=too-many-today")
            break
        try:
            order = _order(round_, candidate, envelope)
        except UnreachableError as error:
            if not _is_stuck(round_, candidate.message_id, error):
                raise
            continue
        if isinstance(order, _Order):
            done.append(_obeyed(round_, order, asked, last=today == A_DAY - 1))
        elif order:
            _pass_over(round_, candidate.message_id, order)
    return (*done, *_by_the_second_door(round_, asked))


def _by_the_second_door(round_: Round, answers: Answers) -> Iterator[Transcript]:
    """Obey what came into INBOX from another address of the owner's and proves it, where the config opens that door."""
    for arrived in from_inbox.arrived(round_):
        today = _mailed_today(round_)
        if today >= A_DAY:
            log.info("waits reason=too-many-today")
            return
        accepted = _authentic(round_, arrived.raw, inbox=True)
        order = accepted if isinstance(accepted, str) else _read(round_, accepted, arrived.raw, arrived.subject)
        if isinstance(order, _Order):
            yield _obeyed(round_, order, answers, last=today == A_DAY - 1)
        elif order:
            _pass_over(round_, arrived.message_id, order)
        else:
            return


def delivered(store: Store, transcripts: Iterable[Transcript]) -> tuple[Transcript, ...]:
    """Return the transcripts with `delivered` as the outbox has it now."""
    return tuple(
        replace(transcript, delivered=replies.delivery_state(store, transcript.id) == "sent")
        for transcript in transcripts
    )


def _is_stuck(round_: Round, message_id: str, error: UnreachableError) -> bool:
    """Return whether a message could not be read in an earlier round either: then the others go on without it.

    It is tried again in each round, so nothing the owner said is lost.
    """
    if error.retry_after is not None:
        return False
    noted: list[str] = json.loads(facts.fact(round_.store, STUCK) or "[]")
    if message_id in noted:
        log.warning("left for later reason=unreadable")
        return True
    facts.set_fact(round_.store, STUCK, json.dumps([*noted, message_id][-MOST_STUCK:]))
    return False


def _could_be(envelope: Envelope, round_: Round) -> bool:
    """Say whether a message may answer one of ours, or be a tap: by its stored header alone."""
    return not envelope.marks.get("assistant") and (_names_ours(envelope) or _is_to_us(envelope, round_))


def _names_ours(envelope: Envelope) -> bool:
    return bool(taps.tokens_in((*ids_in(envelope.in_reply_to), *envelope.references)))


def _is_to_us(envelope: Envelope, round_: Round) -> bool:
    return [named.raw.casefold() for named in envelope.to] == [round_.config.me.control_address.casefold()]


def _order(round_: Round, candidate: Candidate, envelope: Envelope) -> _Order | str:
    """Return what is to be obeyed, or the reason why not; "" for a message that is not there just now."""
    raw = round_.mailbox.raw(Locator(candidate.folder, candidate.uidvalidity, candidate.uid), MESSAGE_LIMIT)
    if raw is None:
        return _too_large(round_, candidate, envelope) if envelope.size > MESSAGE_LIMIT else ""
    if not _names_ours(envelope) and others_in(envelope, own_addresses(round_.config)) and not _has_ref(raw):
        return "to-others"  # mail to oneself and others is nobody's attempt at anything
    accepted = _authentic(round_, raw)
    return accepted if isinstance(accepted, str) else _read(round_, accepted, raw, envelope.subject)


def _has_ref(raw: bytes) -> bool:
    content = content_of(raw)
    return taps.ref_in(f"{content.text}\n{content.html}") is not None


def _authentic(round_: Round, raw: bytes, *, inbox: bool = False) -> Accepted | str:
    """Return what was accepted, else the reason why not; "" where that cannot be known just now."""
    door = _door(round_, raw)
    if inbox:
        door = replace(door, addresses=frozenset(round_.config.replies.also_from))
    try:
        judged = authenticate(raw, door, inbox=inbox)
    except UnreachableError as error:
        log.warning("waits reason=unreachable detail=%s", error)
        return ""
    return judged.reason if isinstance(judged, Refused) else judged


def _read(round_: Round, accepted: Accepted, raw: bytes, subject: str) -> _Order | str:
    """Return what an authentic message orders, or the reason why nothing."""
    content = content_of(raw)
    if accepted.token is None:
        return _tap(round_, accepted, content, subject)
    hashed = body_hash(accepted.token.token, accepted.date, content.text or content.html)
    if replies.is_known(round_.store, accepted.message_id, hashed):
        return "copy"
    ours = store_replies.lookup(round_.store, accepted.token.token)
    parent = _parent(round_, ours, subject)
    if ours:
        beside = shown(round_, accepted.answers, ours, exposed=accepted.token.exposed)
        parent = replace(parent, text=f"{parent.text}\n{beside.text}", html=f"{parent.html}\n{beside.html}")
    return _Order(accepted, ours, trim(content, parent, round_.config.digest.language), subject, hashed)


def _door(round_: Round, raw: bytes) -> Door:
    def look(message_id: str) -> Token | None:
        return token_of(round_, message_id)

    control = round_.config.me.control_address
    return Door(own_addresses(round_.config), control, look, round_.epoch, from_inbox.doubt_of(round_, raw))


def _parent(round_: Round, answered: Issued | None, subject: str) -> Parent:
    addresses = sorted(own_addresses(round_.config))
    if answered is None:
        return Parent("", names=names_of(addresses, DISPLAY_NAME, subject))
    mailed = store_replies.mailed(round_.store, answered.message_id)
    ours = decode_words(dict(split_fields(mailed)).get("subject", ""))
    names = names_of(addresses, DISPLAY_NAME, ours or subject)
    return Parent(answered.text, html_of(mailed), answered.kind, names)


def _tap(round_: Round, accepted: Accepted, content: Content, subject: str) -> _Order | str:
    """Return the order of a tap: the ref in its body must be that of one verb on one number of a digest."""
    trimmed = trim(content, _parent(round_, None, ""), round_.config.digest.language)
    ref = taps.ref_in("\n".join(trimmed.lines))
    if ref is None:
        return "no-token"
    speech = speech_of(round_.config, accepted.said_at)
    for digest in store_replies.valid_digests(round_.store, round_.epoch):
        tapped = read_tap(trimmed.lines, speech, _allows(round_, digest, ref))
        if tapped is None:
            continue
        if accepted.said_at.timestamp() < digest.issued_at:
            return "too-old"
        return _tapped(round_, accepted, digest, tapped, trimmed, content, subject)
    return "wrong-ref"


def _allows(round_: Round, digest: Issued, ref: str) -> taps.Allows:
    items = replies.items(round_.store, digest.digest) if digest.digest is not None else {}

    def allows(label: str, verb: str) -> bool:
        item = items.get(label)
        draft = item.draft if item and verb == "send" else None
        draft_hash = digests.draft(round_.store, draft).new.hash if draft is not None else ""
        return taps.same_ref(taps.tap_ref(digest.secret, digest.token, label, verb, draft_hash), ref)

    return allows


def _tapped(
    round_: Round,
    accepted: Accepted,
    digest: Issued,
    tapped: Tapped,
    trimmed: Trimmed,
    content: Content,
    subject: str,
) -> _Order | str:
    hashed = body_hash(digest.token, accepted.date, content.text or content.html)
    if replies.is_known(round_.store, accepted.message_id, hashed):
        return "copy"
    return _Order(accepted, digest, trimmed, subject, hashed, tapped.lines)


def _too_large(round_: Round, candidate: Candidate, envelope: Envelope) -> _Order | str:
    """Refuse a message of more than 5 MB; where its stored header is the owner's answer, a transcript says so."""
    above = f"<{envelope.references[-1]}>" if envelope.references else ""
    ours = answered(round_, answered_directly(envelope.in_reply_to, above))
    sender = tuple(named.address for named in envelope.sender)
    own = own_addresses(round_.config)
    honest = len(sender) == 1 and sender[0] in own and _is_to_us(envelope, round_) and not others_in(envelope, own)
    if not ours or ours.revoked or ours.expires_at <= round_.epoch or not honest or envelope.marks:
        return "too-large"
    if envelope.date is None or envelope.date.timestamp() < ours.issued_at - CLOCK:
        return "too-large"
    token = Token(ours.token, ours.issued_at, ours.expires_at, revoked=False)
    ids = tuple(dict.fromkeys((*envelope.references, *ids_in(envelope.in_reply_to))))
    message_id = "" if candidate.message_id.startswith("none:") else candidate.message_id
    accepted = Accepted(token, message_id, envelope.date, envelope.subject, ids, "")
    hashed = body_hash(ours.token, envelope.date.isoformat(), envelope.message_id)
    return _Order(accepted, ours, Trimmed((), refusal=_words(round_)("refused.large")), envelope.subject, hashed)


def _obeyed(round_: Round, order: _Order, answers: Answers, *, last: bool) -> Transcript:
    ours, accepted = order.answers, order.accepted
    say = _words(round_)
    refusal = say("refused", why=order.trimmed.refusal) if order.trimmed.refusal else ""
    named = bool(accepted.message_id)
    answered_before = named and restore.was_answered(round_, accepted.message_id, accepted.said_at)

    def deliver(transcript: Transcript) -> int:
        queued = _queue(round_, order, transcript)
        if answered_before:
            outbox.set_state(
                round_.store, queued, "sent", round_.epoch, detail="answered before the data were put back"
            )
        return queued

    context = Context(
        round_.random_bytes,
        digest=ours.digest if ours else None,
        parent=replies.cause_of(round_.store, ours.message_id) if ours else None,
        thread=_thread(round_, accepted),
        message_id=accepted.message_id or None,
        body_hash=order.hash,
        token=ours.token if ours else None,
        exposed=bool(ours and exposed_to(round_.store, round_.config, ours, round_.now)),
        said_at=accepted.said_at,
        subject=order.subject,
        left_out=order.trimmed.left_out,
        doubtful=order.trimmed.doubtful,
        lines=order.lines,
        reader=None if order.lines is not None else round_.reader,
        refusal=refusal,
        postscript=say("a-day", count=A_DAY) if last else "",
        outside=accepted.outside,
        newcomers=True,
        unsure=answered_before or restore.is_unsure(round_, accepted.said_at),
        deliver=deliver,
    )
    round_.step("before obeying")
    transcript = obey(round_.store, round_.config, order.trimmed.lines, context, round_.now, answers)
    round_.step("obeyed")
    return transcript


def _thread(round_: Round, accepted: Accepted) -> tuple[str, ...]:
    """Return the transactions whose transcripts stand in the last five References, the nearest first."""
    found = (store_replies.lookup(round_.store, token) for token in taps.tokens_in(reversed(accepted.references[-5:])))
    causes = (replies.cause_of(round_.store, row.message_id) for row in found if row)
    return tuple(cause for cause in causes if cause)


def _words(round_: Round) -> Words:
    return Words(round_.config.digest.language)


def _queue(round_: Round, order: _Order, transcript: Transcript) -> int:
    """Freeze a transcript's mail, in the thread of the reply, under a token of its own; return its outbox id."""
    me, accepted = round_.config.me, order.accepted
    language = round_.config.digest.language
    rendered = render_transcript(_without_noise(transcript), language)
    token = taps.new_token(round_.random_bytes(taps.TOKEN_BYTES))
    message_id = taps.message_id(token, "transcript", me.control_address.rpartition("@")[2])
    control = Party(me.name, me.control_address)
    message = compose(
        message_id=message_id,
        from_=Party(DISPLAY_NAME, me.control_address),
        to=control,
        subject=transcript_subject(transcript, language),
        text=rendered.text,
        html=rendered.html,
        date=round_.now.astimezone(me.timezone),
        in_reply_to=accepted.message_id or None,
        references=(*accepted.references, *round_.thread_ids(token)),
        headers={**transcript_headers(control), **marks(round_.own_key, message_id)},
    )
    store_replies.issue(
        round_.store,
        token=token,
        kind="transcript",
        message_id=message_id,
        digest=order.answers.digest if order.answers else None,
        secret=round_.random_bytes(SECRET_BYTES).hex(),
        text=rendered.text,
        now=round_.epoch,
    )
    return round_.queue_to_owner(f"transcript {transcript.id}", "transcript", message_id, message)


def _without_noise(transcript: Transcript) -> Transcript:
    """Leave greetings, thanks and signatures out of what is mailed; what has something to say stays."""
    lines: tuple[TranscriptLine, ...] = tuple(
        line for line in transcript.lines if line.outcome != "noise" or line.effect
    )
    return replace(transcript, lines=lines)


def _pass_over(round_: Round, message_id: str, reason: str) -> None:
    # Mail to oneself is nobody's attempt at anything.
    log.log(logging.DEBUG if reason == "no-token" else logging.INFO, "passed over reason=%s", reason)
    replies.pass_over(round_.store, message_id, reason, round_.epoch)


def _mailed_today(round_: Round) -> int:
    midnight = datetime.combine(round_.today, time(), round_.config.me.timezone)
    return replies.mailed_since(round_.store, int(midnight.astimezone(UTC).timestamp()))


def _answers(round_: Round) -> Answers:
    from assistant.rounds.replies.lookups import OwnersAnswers
    from assistant.rounds.replies.newcomers import first_drafts

    return OwnersAnswers(
        round_.config, round_.store, round_.now, lambda: nullcontext(round_), partial(first_drafts, round_)
    )
