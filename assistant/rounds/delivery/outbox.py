"""Deliver each order once or not at all, and say which (docs/reliability.md, "The outbox" and promises 1 to 4, 7).

    queued ──> sending ──> sent
      ^           │ ├────> refused           (the server will never take it; mail to the owner: queued for INBOX)
      │           │ └────> doubt ──> sent    (found in the mailbox)
      └───────────┴──────────┘               (not taken; or, for mail to the owner alone, not found in three looks)

A row is `sending` on disk before the first byte leaves, and after a crash it is in doubt. A message in doubt is looked
for (find_delivered.py), at least three times over at least ten minutes. Then mail to the owner is sent again with the
same bytes, and for mail to anybody else the owner is asked.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from assistant.core.language.translation import Translatable, translated
from assistant.core.mail.date import CLOCK_AHEAD
from assistant.errors import (
    AssistantError,
    InDoubtError,
    LoginRefusedError,
    RefusedMessageError,
    UnreachableError,
    UserError,
)
from assistant.rounds.delivery import sign_in_pause
from assistant.rounds.delivery.find_delivered import find_delivered
from assistant.store import digests, outbox
from assistant.store.outbox import TO_THE_OWNER

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from assistant.core.mail.message import Folders, Locator
    from assistant.rounds.ports import Mailbox, Transport
    from assistant.store.database import Store
    from assistant.store.outbox import OutboxRow

log = logging.getLogger("assistant.outbox")

# Servers show new mail late. With mail that appears 0.6 s late, one look sent 25 of 71 crash cases twice; looking on
# for longer, none of 97.
LOOKS = 3
GRACE = timedelta(minutes=10)
# Shorter than the 15 minutes that daemon and server must be up together for the promise of a week's digest to hold.
LONGEST_WAIT = timedelta(minutes=10)
# If INBOX takes nothing either, every sixth try of mail to the owner is by SMTP again: about once an hour.
OTHER_WAY = 6
LOOK_AGAIN = timedelta(hours=1)  # while the owner, who was asked, hasn't answered
BETWEEN_LOOKS = timedelta(minutes=1)
SEEN = "\\Seen"


def no_step(_name: str) -> None:
    """Do nothing. The crash tests pass their own function instead."""


@dataclass(frozen=True, slots=True)
class DeliveryWay:
    """How mail goes out: by the mailbox (APPEND, and looking for messages in doubt), and by SMTP if there is one.

    `mailbox` is None if it can't be reached; then only SMTP works, and nothing can be found. `grace` is how long a
    message in doubt is looked for. `step` is called with a name wherever a crash would matter.
    """

    store: Store
    mailbox: Mailbox | None
    folders: Folders
    transport: Transport | None
    grace: timedelta = GRACE
    step: Callable[[str], None] = no_step
    language: str = "en"

    def reachable_mailbox(self) -> Mailbox:
        """Return the mailbox. Raises UnreachableError if there is none, like a mailbox that fails."""
        if self.mailbox is None:
            raise UnreachableError("The mailbox cannot be reached.")
        return self.mailbox


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of one pass: outbox ids by what became of them."""

    sent: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()


def deliver(way: DeliveryWay, now: datetime, kinds: frozenset[str] | None = None) -> Delivery:
    """Carry out every order whose time has come. What can't be sent now waits for a later time.

    `kinds` limits it to orders of those kinds. Raises nothing for a failed order, but MailboxError if the mailbox asks
    to be left alone.
    """
    ended: dict[str, list[int]] = {"sent": [], "refused": [], "waiting": []}
    smtp_works = True
    for waiting in outbox.open_entries(way.store):
        if kinds is not None and waiting.order.kind not in kinds:
            continue
        if waiting.order.route == "smtp" and not smtp_works:
            ended["waiting"].append(waiting.id)  # a server that stalls may take two minutes each time
            continue
        # Read again, because a failure earlier in this pass may have put this one off.
        entry = outbox.entry(way.store, waiting.id)
        if entry.state == "sending":
            entry = _put_in_doubt(way, entry, now, Translatable("the program ended while sending"))
        state = _look_for(way, entry, now) if entry.state == "doubt" else _try_to_send(way, entry, now)
        ended.setdefault(state, []).append(entry.id)
        stalls = entry.order.route == "smtp" and _was_put_off(way.store, entry)
        # A refused sign-in stalls nothing: it isn't tried again, and mail to the owner goes into INBOX.
        smtp_works = smtp_works and (not stalls or sign_in_pause.why_shut(way.store, now) is not None)
    return Delivery(tuple(ended["sent"]), tuple(ended["refused"]), tuple(ended["waiting"]))


def _was_put_off(store: Store, before: OutboxRow) -> bool:
    after = outbox.entry(store, before.id)
    return after.state == "queued" and after.order.route == before.order.route and after.tries > before.tries


def asked_key(entry: OutboxRow) -> str:
    """Return the key of the question about a message in doubt."""
    # With the number of tries: the owner may say "send it again", and that may end in doubt once more.
    return f"doubt {entry.id}" if entry.tries <= 1 else f"doubt {entry.id} {entry.tries}"


def is_to_look(entry: OutboxRow, now: int, grace: timedelta = GRACE) -> bool:
    """Return whether to look for a message in doubt at `now`: once a minute, or hourly after the owner was asked."""
    last = entry.last_look if entry.last_look is not None else 0
    asked = entry.order.kind == "send" and _looked_enough(entry, last, grace)  # so the last look asked
    since = now - last
    return since < 0 or since >= (LOOK_AGAIN if asked else min(BETWEEN_LOOKS, grace / LOOKS)).total_seconds()


def is_time(entry: OutboxRow, now: int) -> bool:
    """Return whether an order's time has come."""
    # Mail to the owner that was never tried was due when it was queued. If that lies ahead, the clock was set back.
    fresh = entry.state == "queued" and entry.tries == 0 and entry.order.kind in TO_THE_OWNER
    # Nothing waits for more than two days, so a time further ahead was noted by a wrong clock too.
    return fresh or not now < entry.order.not_before <= now + CLOCK_AHEAD.total_seconds()


def _try_to_send(way: DeliveryWay, entry: OutboxRow, now: datetime) -> str:  # noqa: PLR0911 - one return an outcome
    if not is_time(entry, _epoch(now)):
        return "waiting"
    try:
        if entry.order.kind == "copy" and (lies := find_delivered(way.reachable_mailbox(), way.folders, entry)):
            return _mark_sent(way, entry, now, lies)  # some providers put a copy into Sent by themselves
    except UnreachableError:
        return "waiting"
    way.step("before sending")
    if not outbox.claim(way.store, entry.id, _epoch(now)):
        return "waiting"  # undone in the meantime, or taken by another process
    way.step("sending")
    try:
        lies = _hand_over(way, entry, now)
    except InDoubtError as error:
        return _look_for(way, _put_in_doubt(way, entry, now, error), now)
    except (RefusedMessageError, UserError, UnreachableError) as error:
        if _goes_into_inbox(entry, error):
            return _put_into_inbox(way, entry, now, error)
        if isinstance(error, RefusedMessageError):
            return _mark_refused(way, entry, now, error)
        # Mail to anybody else gets one DATA in its life (promise 3), even if the server seems not to have taken it.
        if entry.order.kind == "send" and isinstance(error, UnreachableError) and error.after_data:
            return _look_for(way, _put_in_doubt(way, entry, now, error), now)
        _put_off(way, entry, now, error)
        return "waiting"
    way.step("handed over")
    return _mark_sent(way, entry, now, lies)


def _hand_over(way: DeliveryWay, entry: OutboxRow, now: datetime) -> Locator | None:
    order = entry.order
    if order.route == "append":
        return way.reachable_mailbox().append(order.folder or way.folders.inbox, order.message, order.flags, now)
    if way.transport is None:
        raise UserError("The config has no [smtp] section any more, so this message waits.")
    if order.kind in TO_THE_OWNER and (why := sign_in_pause.why_shut(way.store, now)):
        raise UserError(why)  # not LoginRefusedError, since nothing was tried and nothing should be counted
    try:
        way.transport.send(order.mail_from, order.rcpt_to, order.message)
    except LoginRefusedError as error:
        sign_in_pause.refused(way.store, now, translated(error, way.language))
        raise
    sign_in_pause.works(way.store)
    return None


def _goes_into_inbox(entry: OutboxRow, error: AssistantError) -> bool:
    """Return whether mail that SMTP didn't take is put into INBOX: it's to the owner, and was refused for good."""
    order = entry.order
    # Every error but UnreachableError: nothing was handed over then, and waiting wouldn't change that.
    return order.route == "smtp" and order.kind in TO_THE_OWNER and not isinstance(error, UnreachableError)


def _put_into_inbox(way: DeliveryWay, entry: OutboxRow, now: datetime, error: AssistantError) -> str:
    inbox, why = way.folders.inbox, translated(error, way.language)
    outbox.set_state(way.store, entry.id, "queued", _epoch(now), route="append", folder=inbox, refusal=why, detail=why)
    way.step("into INBOX instead")
    log.warning("refused by smtp, into the inbox instead kind=%s id=%d", entry.order.kind, entry.id)
    return _try_to_send(way, outbox.entry(way.store, entry.id), now)


def _mark_refused(way: DeliveryWay, entry: OutboxRow, now: datetime, error: AssistantError) -> str:
    outbox.set_state(way.store, entry.id, "refused", _epoch(now), detail=translated(error, way.language))
    way.step("refused")
    log.warning("refused kind=%s id=%d", entry.order.kind, entry.id)
    return "refused"


def _put_in_doubt(way: DeliveryWay, entry: OutboxRow, now: datetime, why: str | AssistantError) -> OutboxRow:
    outbox.set_state(
        way.store,
        entry.id,
        "doubt",
        _epoch(now),
        tries=entry.tries + 1,
        detail=translated(why, way.language),
        looks=0,
        first_look=None,
        last_look=None,
    )
    way.step("in doubt")
    log.warning("in doubt kind=%s id=%d", entry.order.kind, entry.id)
    return outbox.entry(way.store, entry.id)


def _mark_sent(way: DeliveryWay, entry: OutboxRow, now: datetime, lies: Locator | None) -> str:
    with way.store.write():
        outbox.set_state(way.store, entry.id, "sent", _epoch(now), detail=None)
        kind, _, number = entry.order.key.partition(" ")
        if kind == "draft":
            by_hand = lies is not None and lies.folder in way.folders.all_sent
            digests.set_draft(way.store, int(number), "sent" if by_hand else "placed", None if by_hand else lies)
        if kind == "send":
            digests.set_draft(way.store, int(number), "sent")
            outbox.queue(way.store, _sent_copy(way, entry, now), _epoch(now))
    way.step("sent")
    log.info("sent kind=%s route=%s id=%d", entry.order.kind, entry.order.route, entry.id)
    return "sent"


def _sent_copy(way: DeliveryWay, entry: OutboxRow, now: datetime) -> outbox.Order:
    order = entry.order
    later = _epoch(now + way.grace)  # providers that put a copy into Sent by themselves may show it late
    return outbox.Order(
        key=f"copy {order.key}",
        kind="copy",
        route="append",
        mail_from=order.mail_from,
        rcpt_to=order.rcpt_to,
        message_id=order.message_id,
        message=order.message,
        not_before=later,
        folder=way.folders.sent,
        flags=(SEEN,),
    )


def _look_for(way: DeliveryWay, entry: OutboxRow, now: datetime) -> str:
    """Look for a message in doubt, and decide after enough looks over enough time."""
    if not is_to_look(entry, _epoch(now), way.grace):
        return "waiting"
    try:
        lies = find_delivered(way.reachable_mailbox(), way.folders, entry)
    except UnreachableError:
        return "waiting"
    if lies:
        return _mark_sent(way, entry, now, lies)
    seen = entry.first_look
    first = seen if seen is not None and seen <= _epoch(now) else _epoch(now)  # a later one: the clock was set back
    looks = entry.looks + 1
    outbox.set_state(way.store, entry.id, "doubt", _epoch(now), looks=looks, first_look=first, last_look=_epoch(now))
    way.step("looked")
    entry = outbox.entry(way.store, entry.id)
    if not _looked_enough(entry, _epoch(now), way.grace):
        return "waiting"
    if entry.order.kind == "send":
        return _ask_owner(way, entry, now)
    outbox.set_state(way.store, entry.id, "queued", _epoch(now), looks=0, first_look=None, last_look=None)
    way.step("queued again")
    return _try_to_send(way, outbox.entry(way.store, entry.id), now)


def _looked_enough(entry: OutboxRow, now: int, grace: timedelta) -> bool:
    """Return whether a message was looked for often and long enough."""
    first = entry.first_look if entry.first_look is not None else now
    return entry.looks >= LOOKS and now - first >= grace.total_seconds()


def _ask_owner(way: DeliveryWay, entry: OutboxRow, now: datetime) -> str:
    """Ask the owner whether to send a message to somebody else again. After "no" it stays as it is."""
    key = asked_key(entry)
    if digests.answer_to(way.store, key) == "no":
        outbox.set_state(way.store, entry.id, "cancelled", _epoch(now), detail="not sent again, as the owner said")
    else:
        digests.ensure_question(way.store, key, {"outbox": entry.id, "to": entry.order.rcpt_to})
    way.step("asked")
    return "waiting"


def _put_off(way: DeliveryWay, entry: OutboxRow, now: datetime, error: AssistantError) -> None:
    wait = min(timedelta(minutes=2**entry.tries), LONGEST_WAIT)
    asked_for = error.retry_after if isinstance(error, UnreachableError) else None
    wait = max(wait, timedelta(seconds=asked_for or 0))
    tries = entry.tries + 1
    if isinstance(error, LoginRefusedError):
        wait = sign_in_pause.wait_after(tries)
    not_before = _epoch(now + wait)
    again: dict[str, object] = {"tries": tries, "not_before": not_before, "detail": translated(error, way.language)}
    if entry.refusal and way.transport is not None and tries % OTHER_WAY == 0:
        again |= {"route": "smtp", "folder": None}
    with way.store.write():
        outbox.set_state(way.store, entry.id, "queued", _epoch(now), **again)
        # This was about us, not about this message, so the others would fail too.
        if asked_for:
            outbox.put_off(way.store, entry.order.route, not_before)
        elif entry.order.route == "smtp" and isinstance(error, LoginRefusedError):
            # Mail to the owner needn't wait, since it can go into INBOX.
            outbox.put_off(way.store, "smtp", not_before, but=TO_THE_OWNER)
    way.step("put off")
    log.warning(
        "will try again kind=%s id=%d tries=%d error=%s",
        entry.order.kind,
        entry.id,
        entry.tries + 1,
        type(error).__name__,
    )
    if asked_for and entry.order.route == "append":
        raise error  # the mailbox wants to be left alone, so the round ends here


def _epoch(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp())
