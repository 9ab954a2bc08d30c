"""Find what a message orders, or why it orders nothing (docs/replies.md, "Whose mail is obeyed").

message ─> raw ─> authentic? ─┬─> answers one of ours ─> trim ─> Order
                              ├─> a tap, with the ref of one verb on one number ─> Order
                              ├─> Refused, with a word for the log
                              └─> None: not known yet, so it's looked at again in the next round
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.core.language.phrases import Phrases
from assistant.core.mail.header import decode_words, split_fields
from assistant.core.mail.message import Locator
from assistant.core.mail.mime import content_of, html_of
from assistant.core.replies import own_ids
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
from assistant.core.replies.trim import Parent, Trimmed, names_of, trim
from assistant.errors import UnreachableError
from assistant.rounds.replies import from_inbox
from assistant.rounds.replies.answered_message import addresses_of, answered, others_in, shown, token_of
from assistant.rounds.replies.obey import speech_of
from assistant.store import digests, replies

if TYPE_CHECKING:
    from assistant.core.mail.envelope import Envelope
    from assistant.core.mail.mime import Content
    from assistant.core.replies.grammar.lines import ParsedLine
    from assistant.rounds.context import Round
    from assistant.rounds.replies.from_inbox import Arrived
    from assistant.store.replies import Issued, PossibleReply

log = logging.getLogger("assistant.replies")

MESSAGE_LIMIT = 5 * 1024 * 1024
DISPLAY_NAME = "Career assistant"


@dataclass(frozen=True, slots=True)
class ReplyOrder:
    """A reply to obey: what it answers, its lines, and how its transcript finds its thread.

    A tap's `lines` are parsed already. Otherwise `lines` is None, and they are parsed from `trimmed`. `button` tells
    whether it's a tap that orders one thing: not the sheet, which is a whole answer.
    """

    accepted: Accepted
    answers: Issued | None
    trimmed: Trimmed
    subject: str
    hash: str
    lines: tuple[ParsedLine, ...] | None = None
    button: bool = False


def could_be_order(envelope: Envelope, round_: Round) -> bool:
    """Return whether a message may answer one of ours or be a tap, by its stored header."""
    # Only then is the text fetched: an answer is one of two reasons to read any (docs/privacy.md).
    return not envelope.marks.get("assistant") and (_names_ours(envelope) or _is_to_us(envelope, round_))


def _names_ours(envelope: Envelope) -> bool:
    return bool(own_ids.tokens_in((*ids_in(envelope.in_reply_to), *envelope.references)))


def _is_to_us(envelope: Envelope, round_: Round) -> bool:
    return [named.raw.casefold() for named in envelope.to] == [round_.config.me.control_address.casefold()]


def order_in_sent(round_: Round, candidate: PossibleReply, envelope: Envelope) -> ReplyOrder | Refused | None:
    """Return what a message in Sent orders. Raises UnreachableError if it can't be read."""
    raw = round_.mailbox.raw(Locator(candidate.folder, candidate.uidvalidity, candidate.uid), MESSAGE_LIMIT)
    if raw is None:  # too large, or not there at the moment
        return _too_large(round_, candidate, envelope) if envelope.size > MESSAGE_LIMIT else None
    if (
        not _names_ours(envelope)
        and others_in(envelope, addresses_of(round_.store, round_.config))
        and not _has_ref(raw)
    ):
        return Refused("to-others")  # an ordinary letter to oneself and others, no attempt at an order
    return _read(round_, raw, _door(round_, raw), envelope.subject)


def order_in_inbox(round_: Round, arrived: Arrived) -> ReplyOrder | Refused | None:
    """Return what a message in INBOX orders; only asked while the config opens the second door."""
    door = replace(_door(round_, arrived.raw), addresses=frozenset(round_.config.replies.also_from))
    return _read(round_, arrived.raw, door, arrived.subject, inbox=True)


def _has_ref(raw: bytes) -> bool:
    content = content_of(raw)
    return own_ids.ref_in(f"{content.text}\n{content.html}") is not None


def _read(round_: Round, raw: bytes, door: Door, subject: str, *, inbox: bool = False) -> ReplyOrder | Refused | None:
    try:
        accepted = authenticate(raw, door, inbox=inbox)
    except UnreachableError as error:  # the DNS has the key of a signature, and can't be reached
        log.warning("waits reason=unreachable detail=%s", error)
        return None
    if isinstance(accepted, Refused):
        return accepted
    content = content_of(raw)
    if accepted.token is None:
        return _tap(round_, accepted, content, subject)
    hashed = body_hash(accepted.token.token, accepted.date, content.text or content.html)
    if replies.is_known(round_.store, accepted.message_id, hashed):
        return Refused("copy")  # by hash too, since a copy may have another Message-ID
    ours = replies.lookup(round_.store, accepted.token.token)
    parent = _parent(round_, ours, subject)
    if ours:
        beside = shown(round_, accepted.answers, ours, exposed=accepted.token.exposed)
        parent = replace(parent, text=f"{parent.text}\n{beside.text}", html=f"{parent.html}\n{beside.html}")
    return ReplyOrder(accepted, ours, trim(content, parent, round_.config.digest.language), subject, hashed)


def _door(round_: Round, raw: bytes) -> Door:
    def look(message_id: str) -> Token | None:
        return token_of(round_, message_id)

    control = round_.config.me.control_address
    return Door(
        addresses_of(round_.store, round_.config), control, look, round_.epoch, from_inbox.doubt_of(round_, raw)
    )


def _parent(round_: Round, answered: Issued | None, subject: str) -> Parent:
    addresses, owner = sorted(addresses_of(round_.store, round_.config)), (round_.config.me.name,)
    if answered is None:
        return Parent("", names=names_of(addresses, DISPLAY_NAME, subject), owner=owner)
    mailed = replies.mailed(round_.store, answered.message_id)
    ours = decode_words(dict(split_fields(mailed)).get("subject", ""))
    names = names_of(addresses, DISPLAY_NAME, ours or subject)
    return Parent(answered.text, html_of(mailed), answered.kind, names, owner)


def _tap(round_: Round, accepted: Accepted, content: Content, subject: str) -> ReplyOrder | Refused:
    """Return the order of a tap. The ref in its body must allow that one verb on that one number of a digest."""
    trimmed = trim(content, _parent(round_, None, ""), round_.config.digest.language)
    ref = own_ids.ref_in("\n".join(trimmed.lines))
    if ref is None:
        return Refused("no-token")
    speech = speech_of(round_.config, accepted.said_at)
    for digest in replies.valid_digests(round_.store, round_.epoch):
        tapped = own_ids.read_tap(trimmed.lines, speech, _allows(round_, digest, ref))
        if tapped is None:
            continue
        # Nobody can tap a link before the digest is out, but a phone's clock may be slow.
        if accepted.said_at.timestamp() < digest.issued_at - CLOCK:
            return Refused("too-old")
        hashed = body_hash(digest.token, accepted.date, content.text or content.html)
        if replies.is_known(round_.store, accepted.message_id, hashed):
            return Refused("copy")
        button = tapped.verb != own_ids.SHEET
        return ReplyOrder(accepted, digest, trimmed, subject, hashed, tapped.lines, button)
    return Refused("wrong-ref")


def _allows(round_: Round, digest: Issued, ref: str) -> own_ids.Allows:
    items = replies.items_by_label(round_.store, digest.digest) if digest.digest is not None else {}

    def allows(label: str, verb: str) -> bool:
        item = items.get(label)
        draft = item.draft if item and verb == "send" else None
        # With the hash of the draft in the ref, a tap can only send the text that was shown.
        draft_hash = digests.load_draft(round_.store, draft).new.hash if draft is not None else ""
        return own_ids.same_ref(own_ids.tap_ref(digest.secret, digest.token, label, verb, draft_hash), ref)

    return allows


def _too_large(round_: Round, candidate: PossibleReply, envelope: Envelope) -> ReplyOrder | Refused:
    """Refuse a message larger than 5 MB. If its stored header makes it the owner's answer, a transcript says so."""
    # Nothing of it was fetched, so the stored header alone must show that it's an answer of the owner's.
    above = f"<{envelope.references[-1]}>" if envelope.references else ""
    ours = answered(round_, answered_directly(envelope.in_reply_to, above))
    sender = tuple(named.address for named in envelope.sender)
    own = addresses_of(round_.store, round_.config)
    honest = len(sender) == 1 and sender[0] in own and _is_to_us(envelope, round_) and not others_in(envelope, own)
    if not ours or ours.revoked or ours.expires_at <= round_.epoch or not honest or envelope.marks:
        return Refused("too-large")
    if envelope.date is None or envelope.date.timestamp() < ours.issued_at - CLOCK:
        return Refused("too-large")
    token = Token(ours.token, ours.issued_at, ours.expires_at, revoked=False)
    ids = tuple(dict.fromkeys((*envelope.references, *ids_in(envelope.in_reply_to))))
    message_id = "" if candidate.message_id.startswith("none:") else candidate.message_id
    accepted = Accepted(token, message_id, envelope.date, envelope.subject, ids, "")
    hashed = body_hash(ours.token, envelope.date.isoformat(), envelope.message_id)
    return ReplyOrder(
        accepted,
        ours,
        Trimmed((), refusal=Phrases(round_.config.digest.language)("refused.large")),
        envelope.subject,
        hashed,
    )
