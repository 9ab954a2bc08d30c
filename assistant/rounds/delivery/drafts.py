"""Keep our drafts in the Drafts folder in step: never touch what the owner changed (docs/replies.md).

A message in a mailbox never changes: an edited draft is a new message, so a draft that still lies under the very UID
we were given is untouched. One that lies elsewhere under its Message-ID was edited; one that is gone was sent or
thrown away. A Drafts folder that is gone or refuses stops nothing else: the digest is worth more.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.errors import MailboxError
from assistant.store import digests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.rounds.context import Round
    from assistant.store.digests import Draft

log = logging.getLogger("assistant.drafts")


def settle(round_: Round) -> None:
    """Note which drafts left their place: edited, sent by hand, or gone. Changes no mail."""
    for draft in (*digests.drafts_lying(round_.store), *digests.drafts_edited(round_.store)):
        with _no_matter():
            state = where_now(round_, draft)
            if state != draft.state:
                digests.set_draft(round_.store, draft.id, state)


def clear_sent(round_: Round) -> None:
    """Remove the untouched drafts whose text went out for the owner: nobody should send it a second time by hand."""
    for draft in digests.sent_for_the_owner(round_.store):
        with _no_matter():
            if draft.lies:
                round_.mailbox.remove_draft(draft.lies, draft.new.message_id)
            round_.step("sent draft removed")
            digests.forget_place(round_.store, draft.id)


def where_now(round_: Round, draft: Draft) -> str:
    """Return placed (untouched), edited, sent or gone for a draft that was placed.

    Many programs give what is sent a Message-ID of its own: then recipient and thread tell.
    """
    message_id = draft.new.message_id
    found = round_.mailbox.find(round_.folders.drafts, message_id)
    if draft.lies in found or (found and draft.lies is None):
        return "placed"
    if found:
        return "edited"
    by_id = any(round_.mailbox.find(folder, message_id) for folder in round_.folders.all_sent)
    return "sent" if by_id or digests.was_sent_by_hand(round_.store, draft) else "gone"


def edited(round_: Round) -> frozenset[str]:
    """Return the handles whose draft of an earlier week the owner changed and still has in Drafts."""
    settle(round_)
    found: set[str] = set()
    for draft in digests.drafts_edited(round_.store):
        with _no_matter():
            if round_.mailbox.find(round_.folders.drafts, draft.new.message_id):
                found.add(draft.new.person)
    return frozenset(found)


def clear_stale(round_: Round) -> None:
    """Remove the untouched drafts of earlier weeks from Drafts, each by its UID."""
    for draft in digests.drafts_lying(round_.store):
        with _no_matter():
            removed = draft.lies is not None and round_.mailbox.remove_draft(draft.lies, draft.new.message_id)
            round_.step("stale draft removed")
            if removed:
                digests.set_draft(round_.store, draft.id, "replaced")


@contextmanager
def _no_matter() -> Iterator[None]:
    """Leave one draft as it is where the folder refuses; a server that wants to be left alone still ends the round."""
    try:
        yield
    except MailboxError as error:
        if error.retry_after is not None:
            raise
        log.warning("a draft was left as it is, since the Drafts folder refused")
