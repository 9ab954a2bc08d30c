"""`send N`: freeze the text that the digest showed and hold it for a while, so that `undo` can stop it.

The outbox sends it when the hold is over (docs/replies.md).
"""

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


def order_message(
    store: Store,
    config: Config,
    order: SendOrder,
    now: datetime,
    random_bytes: Callable[[int], bytes],
    *,
    unsure: bool = False,
) -> None:
    """Freeze the message and hold it. If it was ordered and undone before, the same bytes are held again.

    `unsure` means that it may have been sent already, before a backup was restored. It's in doubt from the start then,
    and the owner is asked.
    """
    key = f"send {order.draft}"
    at = int(now.astimezone(UTC).timestamp())
    hold = timedelta(minutes=config.smtp.hold_minutes if config.smtp else 0)
    until = at + int(hold.total_seconds())
    before = outbox.by_key(store, key)
    if before is not None:
        fresh = dict.fromkeys(("done_at", "detail", "first_look", "last_look"))
        outbox.set_state(store, before.id, "doubt" if unsure else "held", at, not_before=until, looks=0, **fresh)
        return
    me, draft = config.me, digests.load_draft(store, order.draft).new
    # A new Message-ID, since the copy in Drafts has the draft's and must never prove that this went out.
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
        outbox.set_state(store, queued, "doubt", at, tries=1, detail="ordered before a backup was restored")
