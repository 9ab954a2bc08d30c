"""Deliver what was ordered: once, or not at all, and say which (docs/reliability.md, 1 to 4 and 7).

    queued ──> sending ──> sent
      ^           │ ├────> refused           (the server will never take it)
      │           │ └────> doubt ──> sent    (found in the mailbox)
      └───────────┴──────────┘               (not taken; or, for mail to the owner alone, not found in three looks)

A row is `sending` on disk before the first byte leaves. After a crash what is `sending` is in doubt. In doubt we
look for our Message-ID, at least three times over at least ten minutes; one look is not enough, since servers show
new mail late. Mail to a third person is never sent again by itself: the owner is asked.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from assistant.errors import InDoubtError, MailboxError, RefusedMessageError, UnreachableError, UserError
from assistant.store import digests, outbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.core.locator import Locator
    from assistant.core.message import Folders
    from assistant.rounds.ports import Mailbox, Transport
    from assistant.store.database import Store
    from assistant.store.outbox import Entry

log = logging.getLogger("assistant.outbox")

LOOKS = 3
GRACE = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=1)
SEEN = "\\Seen"


def no_step(_name: str) -> None:
    """Do nothing: the crash harness puts its own function here."""


@dataclass(frozen=True, slots=True)
class Way:
    """How mail leaves: the mailbox (for APPEND and for looking), SMTP where there is one, and the patience in doubt.

    `step` is called with a name at each place a crash would matter.
    """

    store: Store
    mailbox: Mailbox
    folders: Folders
    transport: Transport | None
    grace: timedelta = GRACE
    step: Callable[[str], None] = no_step


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one pass did: outbox ids by where they ended."""

    sent: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()


def deliver(way: Way, now: datetime) -> Delivery:
    """Carry out every order whose time has come; what cannot go now stays, with a later time.

    Returns what was sent, refused, and what still waits. Raises nothing for a single failed order.
    """
    ended: dict[str, list[int]] = {"sent": [], "refused": [], "waiting": []}
    for entry in outbox.open_entries(way.store):
        if entry.state == "sending":
            outbox.set_state(way.store, entry.id, "doubt", _epoch(now), detail="the program ended while sending")
            entry = outbox.entry(way.store, entry.id)  # noqa: PLW2901  (the row as it is now)
        state = _resolve(way, entry, now) if entry.state == "doubt" else _start(way, entry, now)
        ended.setdefault(state, []).append(entry.id)
    return Delivery(tuple(ended["sent"]), tuple(ended["refused"]), tuple(ended["waiting"]))


def _start(way: Way, entry: Entry, now: datetime) -> str:  # noqa: PLR0911 - one return an outcome
    if entry.order.not_before > _epoch(now):
        return "waiting"
    if entry.order.kind == "copy" and way.mailbox.find(way.folders.sent, entry.order.message_id):
        return _sent(way, entry, now, None)  # the provider keeps a copy of its own
    way.step("before sending")
    if not outbox.claim(way.store, entry.id, _epoch(now)):
        return "waiting"  # taken back, or taken by another process, in between
    way.step("sending")
    try:
        lies = _hand_over(way, entry, now)
    except RefusedMessageError as error:
        outbox.set_state(way.store, entry.id, "refused", _epoch(now), detail=str(error))
        log.warning("refused kind=%s id=%d", entry.order.kind, entry.id)
        return "refused"
    except InDoubtError as error:
        outbox.set_state(way.store, entry.id, "doubt", _epoch(now), tries=entry.tries + 1, detail=str(error))
        return _resolve(way, outbox.entry(way.store, entry.id), now)
    except (UnreachableError, UserError) as error:
        _again(way, entry, now, str(error))
        return "waiting"
    way.step("handed over")
    return _sent(way, entry, now, lies)


def _hand_over(way: Way, entry: Entry, now: datetime) -> Locator | None:
    order = entry.order
    if order.route == "append":
        return way.mailbox.append(order.folder or way.folders.inbox, order.message, order.flags, now)
    if way.transport is None:
        message = "There is no [smtp] section in the config any more, so this message waits."
        raise UserError(message)
    way.transport.send(order.mail_from, order.rcpt_to, order.message)
    return None


def _sent(way: Way, entry: Entry, now: datetime, lies: Locator | None) -> str:
    with way.store.write():
        outbox.set_state(way.store, entry.id, "sent", _epoch(now), detail=None)
        kind, _, number = entry.order.key.partition(" ")
        if kind == "draft":
            digests.set_draft(way.store, int(number), "placed", lies or _where(way, entry))
        if kind == "send":
            digests.set_draft(way.store, int(number), "sent")
            outbox.queue(way.store, _copy(way, entry, now), _epoch(now))
    way.step("sent")
    log.info("sent kind=%s route=%s id=%d", entry.order.kind, entry.order.route, entry.id)
    return "sent"


def _copy(way: Way, entry: Entry, now: datetime) -> outbox.Order:
    order = entry.order
    later = _epoch(now + timedelta(minutes=1))  # providers that keep their own copy need a moment
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


def _resolve(way: Way, entry: Entry, now: datetime) -> str:
    """Look for a message that may have been taken; decide only after enough looks over enough time."""
    try:
        lies = _where(way, entry)
    except (MailboxError, UnreachableError):
        return "waiting"
    if lies:
        return _sent(way, entry, now, lies)
    first = entry.first_look if entry.first_look is not None else _epoch(now)
    looks = entry.looks + 1
    outbox.set_state(way.store, entry.id, "doubt", _epoch(now), looks=looks, first_look=first, last_look=_epoch(now))
    patient = looks >= LOOKS and _epoch(now) - first >= way.grace.total_seconds()
    if not patient:
        return "waiting"
    if entry.order.kind == "send":
        payload = {"outbox": entry.id, "to": entry.order.rcpt_to}
        digests.ensure_question(way.store, f"doubt {entry.id}", payload)
        return "waiting"
    outbox.set_state(way.store, entry.id, "queued", _epoch(now), looks=0, first_look=None, last_look=None)
    return _start(way, outbox.entry(way.store, entry.id), now)


def _where(way: Way, entry: Entry) -> Locator | None:
    folders = (entry.order.folder, way.folders.inbox, way.folders.sent, way.folders.drafts)
    for folder in dict.fromkeys(folder for folder in folders if folder):
        found = way.mailbox.find(folder, entry.order.message_id)
        if found:
            return found[0]
    return None


def _again(way: Way, entry: Entry, now: datetime, why: str) -> None:
    wait = min(timedelta(minutes=2**entry.tries), LONGEST_WAIT)
    not_before = _epoch(now + wait)
    outbox.set_state(
        way.store, entry.id, "queued", _epoch(now), tries=entry.tries + 1, not_before=not_before, detail=why
    )
    log.warning("will try again kind=%s id=%d tries=%d", entry.order.kind, entry.id, entry.tries + 1)


def _epoch(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp())
