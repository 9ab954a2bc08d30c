"""Keep our drafts in the Drafts folder in step: never touch what the owner changed (docs/replies.md).

An IMAP message never changes: an edited draft is a new message, so a draft that still lies under the very UID we were
given is untouched. One that lies elsewhere under its Message-ID was edited; one that is gone was sent or thrown away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.store import digests

if TYPE_CHECKING:
    from assistant.rounds.context import Round
    from assistant.store.digests import Draft


def settle(round_: Round) -> None:
    """Note which placed drafts of earlier weeks left their place: edited, sent by hand, or gone. Changes no mail."""
    for draft in digests.drafts_lying(round_.store):
        state = where_now(round_, draft)
        if state != "placed":
            digests.set_draft(round_.store, draft.id, state)


def where_now(round_: Round, draft: Draft) -> str:
    """Return placed (untouched), edited, sent or gone for a draft that was placed."""
    message_id = draft.new.message_id
    found = round_.mailbox.find(round_.folders.drafts, message_id)
    if draft.lies in found or (found and draft.lies is None):
        return "placed"
    if found:
        return "edited"
    return "sent" if round_.mailbox.find(round_.folders.sent, message_id) else "gone"


def clear_stale(round_: Round, handles: frozenset[str]) -> frozenset[str]:
    """Remove untouched drafts of earlier weeks; return the handles whose edited draft still waits in Drafts.

    `handles` are those who get a new draft now; the drafts of anybody else who is not due any more go too.
    """
    edited: set[str] = set()
    for draft in digests.drafts_lying(round_.store):
        state = where_now(round_, draft)
        if state == "placed" and draft.lies and round_.mailbox.remove_draft(draft.lies, draft.new.message_id):
            state = "replaced"
        digests.set_draft(round_.store, draft.id, state)
    for draft in digests.drafts_edited(round_.store):
        if draft.new.person in handles and round_.mailbox.find(round_.folders.drafts, draft.new.message_id):
            edited.add(draft.new.person)
    return frozenset(edited)
