"""Look in the mailbox for a message of ours that may or may not have been delivered."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING

from assistant.errors import MailboxError
from assistant.rounds.delivery import own_headers
from assistant.store.outbox import TO_THE_OWNER

if TYPE_CHECKING:
    from assistant.core.mail.message import Folders, Locator
    from assistant.rounds.ports import Mailbox
    from assistant.store.outbox import OutboxRow

MARGIN = timedelta(days=2)


def find_delivered(mailbox: Mailbox, folders: Folders, entry: OutboxRow) -> Locator | None:
    """Return where the message of an order is, None if it isn't found.

    It's looked for by its Message-ID. On servers that replace it, mail to the owner is found by the mark in its header,
    and mail to somebody else by a copy with the same date to the same address. Raises UnreachableError.
    """
    for folder in _folders(folders, entry):
        found = _seen(mailbox, folders, folder, entry)
        if found:
            return found
    return None


def _folders(folders: Folders, entry: OutboxRow) -> tuple[str, ...]:
    order = entry.order
    if order.kind == "copy":
        named: tuple[str | None, ...] = (order.folder, *folders.all_sent)
    elif order.kind == "send":
        named = (*folders.all_sent, folders.inbox)
    else:
        named = (order.folder, folders.inbox, *folders.all_sent, folders.drafts)
    return tuple(dict.fromkeys(folder for folder in named if folder))


def _seen(mailbox: Mailbox, folders: Folders, folder: str, entry: OutboxRow) -> Locator | None:
    try:
        found = mailbox.find(folder, entry.order.message_id)
    except MailboxError:
        if folder != folders.drafts:
            raise  # "not found" would send the message once more, and this server hasn't searched
        return None  # there may be no Drafts folder yet
    if not found:
        with suppress(MailboxError):  # some servers can't search by unusual header fields
            found = _by_mark(mailbox, folder, entry)
    return found[0] if found else None


def _by_mark(mailbox: Mailbox, folder: str, entry: OutboxRow) -> tuple[Locator, ...]:
    since = datetime.fromtimestamp(entry.sending_at, UTC) - MARGIN if entry.sending_at else None
    if entry.order.kind in TO_THE_OWNER:
        return mailbox.find_marked(folder, own_headers.ID, own_headers.id_of(entry.order.message_id), since)
    if entry.order.kind in {"send", "copy"}:
        return _same_copy(mailbox, folder, entry, since)
    return ()


def _same_copy(mailbox: Mailbox, folder: str, entry: OutboxRow, since: datetime | None) -> tuple[Locator, ...]:
    """Return the messages with the same Date (to the second) and recipient as the frozen one."""
    date = str(BytesHeaderParser().parsebytes(entry.order.message)["Date"] or "")
    if not date:
        return ()
    dated = mailbox.find_marked(folder, "Date", date, since)
    meant = mailbox.find_marked(folder, "To", entry.order.rcpt_to, since) if dated else ()
    return tuple(locator for locator in dated if locator in meant)
