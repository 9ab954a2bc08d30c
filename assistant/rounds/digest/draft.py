"""The draft on one card: what is stored of it, and its bytes for the Drafts folder."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from assistant.render.mail import Party, compose_draft
from assistant.rounds.digest.result import Drafted
from assistant.store import digests, last_contacts

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Words
    from assistant.rounds.context import Round
    from assistant.rounds.digest.roster_status import View


def draft_of(round_: Round, view: View, week: str, words: Words, edited: frozenset[str]) -> Drafted:
    """Return one draft. It has no bytes for the Drafts folder if no address is known or an edited draft is there."""
    person = view.standing.person
    # Of the addresses that a draft may go to: anybody can put a name on an address.
    addresses = last_contacts.addresses_to_write_to(round_.store, person, round_.config.me.timezone)
    thread = last_contacts.thread_of(round_.store, addresses)
    # Without a draft there is nothing to put into Drafts, and `send` finds no address to send to.
    address = ((thread.address if thread else None) or next(iter(addresses), None)) if words.sentences else None
    message_id = f"{round_.random_bytes(16).hex()}@{round_.config.me.control_address.rpartition('@')[2]}"
    new = digests.NewDraft(
        person=person.handle,
        week=week,
        address=address,
        subject=words.subject,
        body=words.body,
        hash=hashlib.sha256("\0".join((address or "", words.subject, words.body)).encode()).hexdigest(),
        sentences=json.dumps(asdict(words), ensure_ascii=False),
        message_id=message_id,
        in_reply_to=thread.message_id if thread else None,
        references=thread.references if thread else (),
    )
    # A draft that the owner changed is left alone, and the new text is only in the digest.
    stays_here = address is None or person.handle in edited
    return Drafted(new, None if stays_here else _draft_bytes(round_, person.name, new))


def _draft_bytes(round_: Round, name: str, new: digests.NewDraft) -> bytes:
    me = round_.config.me
    return compose_draft(
        message_id=new.message_id,
        from_=Party(me.name, me.addresses[0]),
        to=Party(name, new.address or ""),
        subject=new.subject,
        body=new.body,
        date=round_.now.astimezone(me.timezone),
        in_reply_to=new.in_reply_to,
        references=new.references,
    )
