"""`send N`: the text that was shown, frozen and held for a while, so that `undo` still stops it."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from assistant.render.mail import Party, compose_draft
from assistant.store import digests, outbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from assistant.config import Config
    from assistant.core.replies.plan.state import SendOrder
    from assistant.store.database import Store


def hold_of(config: Config) -> timedelta:
    """Return how long a message to a third person waits (docs/replies.md): ten minutes unless [smtp] says otherwise."""
    return timedelta(minutes=config.smtp.hold_minutes if config.smtp else 0)


def order_message(
    store: Store,
    config: Config,
    order: SendOrder,
    now: datetime,
    random_bytes: Callable[[int], bytes],
    *,
    unsure: bool = False,
) -> None:
    """Freeze the message and hold it. An order that was taken back before is held anew, with the same bytes.

    `unsure`: the same order may have been carried out before a backup was put back. Then it is a doubt from the
    start, and the owner is asked.
    """
    key = f"send {order.draft}"
    at = int(now.astimezone(UTC).timestamp())
    until = at + int(hold_of(config).total_seconds())
    before = outbox.by_key(store, key)
    if before is not None:
        fresh = {
            "not_before": until,
            "done_at": None,
            "detail": None,
            "looks": 0,
            "first_look": None,
            "last_look": None,
        }
        outbox.set_state(store, before.id, "doubt" if unsure else "held", at, **fresh)
        return
    me, draft = config.me, digests.draft(store, order.draft).new
    # Not the draft's own Message-ID: the copy in Drafts must never be taken for proof that this went out.
    message_id = f"{random_bytes(16).hex()}@{me.addresses[0].rpartition('@')[2]}"
    message = compose_draft(
        message_id=message_id,
        from_=Party(me.name, me.addresses[0]),
        to=Party(order.name, order.address),
        subject=draft.subject,
        body=draft.body,
        date=now.astimezone(me.timezone),
        in_reply_to=draft.in_reply_to,
        references=draft.references,
        marked=False,
    )
    queued = outbox.queue(
        store,
        outbox.Order(key, "send", "smtp", me.addresses[0], order.address, message_id, message, until),
        at,
        held=True,
    )
    if unsure:
        outbox.set_state(store, queued, "doubt", at, tries=1, detail="ordered before the data were put back")
