"""Our drafts in the Drafts folder: find out what became of them, and remove those that are out of date.

A draft that the owner changed is never touched (promise 8).
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.errors import MailboxError
from assistant.store import digests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.rounds.context import Round
    from assistant.store.digests import StoredDraft

log = logging.getLogger("assistant.drafts")


def update_states(round_: Round) -> None:
    """Note which drafts were edited, sent by hand or deleted, and remove the copy of one that was sent by its link."""
    for draft in (*digests.drafts_lying(round_.store), *digests.drafts_edited(round_.store)):
        with _keep_if_refused():
            state = where_now(round_, draft)
            if state == "placed" and draft.lies and _was_written(round_, draft):
                # The digest's link opens a message of its own, so our copy would lie there to be sent once more.
                round_.mailbox.remove_draft(draft.lies, draft.new.message_id)
                round_.step("written draft removed")
                state = "sent"
            if state != draft.state:
                digests.set_draft(round_.store, draft.id, state)


def _was_written(round_: Round, draft: StoredDraft) -> bool:
    """Return whether the owner sent these words to this person since, in whatever message."""
    drafted = _words(draft.new.body)
    letters = round_.mailbox.bodies(list(digests.letters_since(round_.store, draft)))
    return any((drafted & _words(body.text)).total() * 2 > drafted.total() for body in letters)


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def clear_sent(round_: Round) -> None:
    """Remove the untouched drafts whose text was sent by `send N`, so that nobody sends it again by hand."""
    for draft in digests.sent_for_the_owner(round_.store):
        with _keep_if_refused():
            if draft.lies:
                round_.mailbox.remove_draft(draft.lies, draft.new.message_id)
            round_.step("sent draft removed")
            digests.forget_place(round_.store, draft.id)


def where_now(round_: Round, draft: StoredDraft) -> str:
    """Return what became of a draft that was placed: placed (untouched), edited, sent or gone."""
    message_id = draft.new.message_id
    found = round_.mailbox.find(round_.folders.drafts, message_id)
    # A message in a mailbox never changes: saving an edited draft makes a new message with a new UID.
    if draft.lies in found or (found and draft.lies is None):
        return "placed"
    if found:
        return "edited"
    # Many programs give a draft a new Message-ID when they send it, so recipient and thread decide too.
    by_id = any(round_.mailbox.find(folder, message_id) for folder in round_.folders.all_sent)
    return "sent" if by_id or digests.was_sent_by_hand(round_.store, draft) else "gone"


def edited(round_: Round) -> frozenset[str]:
    """Return the handles of people whose earlier draft the owner edited and still has in Drafts."""
    update_states(round_)
    found: set[str] = set()
    for draft in digests.drafts_edited(round_.store):
        with _keep_if_refused():
            if round_.mailbox.find(round_.folders.drafts, draft.new.message_id):
                found.add(draft.new.person)
    return frozenset(found)


def clear_stale(round_: Round) -> None:
    """Remove the untouched drafts of earlier weeks from the Drafts folder, each by its UID."""
    for draft in digests.drafts_lying(round_.store):
        with _keep_if_refused():
            removed = draft.lies is not None and round_.mailbox.remove_draft(draft.lies, draft.new.message_id)
            round_.step("stale draft removed")
            if removed:
                digests.set_draft(round_.store, draft.id, "replaced")


@contextmanager
def _keep_if_refused() -> Iterator[None]:
    """Leave a draft as it is if the folder refuses."""
    # A Drafts folder that is gone once stopped the digest in every round. A server that asks to be left alone still
    # ends the round.
    try:
        yield
    except MailboxError as error:
        if error.retry_after is not None:
            raise
        log.warning("a draft was left as it is, since the Drafts folder refused")
