"""Received mail in a Maildir: the heads of new files, and of nobody's but the senders' mail anything more.

A cursor holds the time (epoch seconds) up to which files were looked at, and in `modseq` the folder's last change. A
file's time is that of its last change of name or content (ctime), since moving a message keeps all other times.
"""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING

from assistant.core.mail.address import normal_address
from assistant.core.mail.address_list import sole_sender
from assistant.core.mail.header import MESSAGE_ID, header_end, split_fields
from assistant.core.mail.message import Batch, Cursor, Header, Locator, instant
from assistant.mailbox.archive.compressed import DAMAGED, kind_of, open_mail
from assistant.mailbox.maildir_folder import BATCH, UIDVALIDITY, MaildirFolder, MessageFile
from assistant.mailbox.whole_messages import (
    LONGEST_HEADER,
    NO_CALENDARS,
    SCANNED,
    calendars,
    may_hold_calendar,
    wanted_fields,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from assistant.core.mail.message import Senders

# Octets of a head that are read at once: what follows the head isn't looked at.
STEP = 2 << 10
# Nanoseconds: two seconds, the tick of the coarsest file systems.
TICK = 2 * 10**9
_REPORT = re.compile(rb"^content-type:(?:[^\n]|\n[ \t])*delivery-status", re.IGNORECASE | re.MULTILINE)


def read_received(
    folder: MaildirFolder, cursor: Cursor | None, senders: Senders, since: datetime | None
) -> Iterator[Batch]:
    """Yield what `Mailbox.received` does. Raises OSError if the folder can't be read."""
    # Before the files are listed: what comes meanwhile changes it, and is seen next time. A change within one tick of
    # the file system's clock doesn't show, so a folder that changed just now isn't known to be the same next time.
    changed = max(folder.stamp())
    settled = changed if time.time_ns() - changed > TICK else None
    if cursor is not None and cursor.uidvalidity != UIDVALIDITY:
        cursor = None
    if cursor and not senders.new and cursor.modseq == changed:
        return
    # A folder changed before what it holds was seen: the clock was ahead then, so look at everything.
    looked = cursor.last_uid if cursor and changed // 10**9 >= cursor.last_uid else 0
    everybody, new = (frozenset(filter(None, map(normal_address, some))) for some in (senders.every, senders.new))
    oldest, reports_since = (int(at.timestamp()) if at else 0 for at in (since, senders.reports_since))
    top, headers = looked, []
    for entry in folder.entries():
        try:
            state = os.stat(entry.path)  # noqa: PTH116 - scandir gives strings
        except FileNotFoundError:
            continue
        is_new, arrived = int(state.st_ctime) >= looked, int(state.st_mtime)
        top = max(top, int(state.st_ctime))
        wanted = everybody if is_new else new
        if (cursor is None or not is_new) and arrived < oldest:
            continue
        if wanted or is_new:
            reports = is_new and arrived >= reports_since and not senders.own
            header = _header(folder.name, entry, state, wanted, reports=reports, own=senders.own)
            headers += [header] if header else []
        if len(headers) == BATCH:
            yield Batch(tuple(headers), cursor or Cursor(UIDVALIDITY, 0, 0), None)
            headers = []
    yield Batch(tuple(headers), Cursor(UIDVALIDITY, top, settled), None)


def answered_in(
    folder: MaildirFolder, message_ids: Collection[str], owner: Collection[str], since: datetime
) -> frozenset[str]:
    """Return which of these messages one in `folder` answers that isn't the owner's or automatic."""
    found: set[str] = set()
    for entry in folder.entries():
        head = _head(entry.path) if _arrived(entry.path) >= since.timestamp() else b""
        if not head or sole_sender(head) in owner:
            continue
        fields = dict(reversed(split_fields(head)))
        named = MESSAGE_ID.findall(f"{fields.get('in-reply-to', '')} {fields.get('references', '')}")
        if not _is_automatic(fields):
            found.update(one for one in named if one in message_ids)
    return frozenset(found)


def _is_automatic(fields: dict[str, str]) -> bool:
    marked = "auto" in fields.get("auto-submitted", "").lower() or "auto" in fields.get("precedence", "").lower()
    return marked or "x-autoreply" in fields or "multipart/report" in fields.get("content-type", "").lower()


def _header(
    name: str, entry: MessageFile, state: os.stat_result, wanted: frozenset[str], *, reports: bool, own: bool
) -> Header | None:
    """Return a header of a sender's, or of a report; None for all others, of which nothing is kept."""
    try:
        head = _head(entry.path)
        theirs = sole_sender(head) in wanted
        if not theirs and not (reports and _REPORT.search(head)):
            return None
        found = NO_CALENDARS
        if may_hold_calendar(head):
            with open_mail(entry.path) as file:
                found = calendars(file.read(SCANNED))
    except FileNotFoundError:
        return None
    except (OSError, *DAMAGED) as error:
        kind_of(error)
        return None
    if not theirs and not found.reports:
        return None
    return Header(
        Locator(name, UIDVALIDITY, entry.uid),
        wanted_fields(head, received=True, own=own),
        instant(int(state.st_mtime), 0),
        state.st_size,
        entry.flags,
        *(found if own else found._replace(reports=(), returned="") if theirs else found._replace(texts=())),
    )


def _head(path: str) -> bytes:
    """Return a message's header, and not a step more. Raises OSError."""
    with open_mail(path) as file:
        data = b""
        while (end := header_end(data)) < 0 and len(data) < LONGEST_HEADER:
            more = file.read(STEP)
            if not more:
                break
            data += more
    return data[:end] if end >= 0 else data


def _arrived(path: str) -> float:
    try:
        return os.stat(path).st_mtime  # noqa: PTH116 - scandir gives strings
    except FileNotFoundError:
        return 0.0
