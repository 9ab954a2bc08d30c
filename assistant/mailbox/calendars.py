"""The calendar parts of messages: which ones are read, and a header with their texts (docs/how-contact-is-inferred.md).

A FETCH of parts that is refused is asked for in halves, so that one part which cannot be had costs no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.mailbox.structure import calendar_is_body, is_blank
from assistant.mailbox.text import to_text, undo_encoding
from assistant.mailbox.uid_sets import sets_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assistant.core.message import Header
    from assistant.mailbox.structure import Part

MOST_CALENDARS = 4
MAYBE_BLANK = 2048
"""Octets up to which a text beside an attached calendar may be blank; it is read to see."""
MOST_REFUSED = 40
FEW_REFUSED = 7
"""So many refusals in one batch, fewer where nothing came at all, and the rest is left for a later round."""


def to_be_read(parts: tuple[Part, ...]) -> list[Part]:
    """Return the calendar parts, and beside an attached one the texts so short that they may be blank."""
    calendars = [part for part in parts if part.kind == "calendar"][:MOST_CALENDARS]
    if not calendars or any(part.is_body for part in calendars):
        return calendars
    texts = [part for part in parts if part.kind != "calendar"]
    short = len(texts) <= MOST_CALENDARS and all(part.size <= MAYBE_BLANK for part in texts)
    return calendars + (texts if short else [])


def with_calendar(header: Header, parts: tuple[Part, ...], octets: dict[str, bytes]) -> Header:
    """Return a header with the texts of its calendar parts: those of `parts` whose octets are there, by section.

    The header as it is where no calendar part came.
    """
    came = [part for part in to_be_read(parts) if part.section in octets]
    read = {part: to_text(undo_encoding(octets[part.section], part.encoding), part.charset) for part in came}
    calendar = tuple(text for part, text in read.items() if part.kind == "calendar")
    if not calendar:
        return header
    told = tuple(part for part in parts if part.kind == "calendar" or not is_blank(read.get(part, "unread")))
    method = next(part.method for part in told if part.kind == "calendar")
    return header._replace(calendar=calendar, calendar_is_body=calendar_is_body(told), calendar_method=method)


def fetch_parts(
    parts: Mapping[int, Sequence[Part]],
    batch: int,
    ask: Callable[[bytes], bytes],
    is_done: Callable[[Sequence[bytes], int], bool],
) -> set[int]:
    """Ask for parts of messages (by UID), up to `batch` messages at once; return the UIDs that were refused for good.

    `ask` sends a command and gives its tag; `is_done` reads up to the answer to the first of some tags, which is about
    so many messages, and says whether it is OK.
    """
    alike: dict[str, list[int]] = {}
    for uid, some in parts.items():
        alike.setdefault(" ".join(part.request for part in some), []).append(uid)
    wanted = [(key.encode("ascii"), one) for key, uids in alike.items() for one in sets_of(uids, 0, 0, batch)]
    refused: set[int] = set()
    failures, most = 0, FEW_REFUSED
    while wanted:
        tags = [ask(b"UID FETCH %s (UID %s)" % (some.text, request)) for request, some in wanted]
        done = [is_done(tags[at:], some.count) for at, (_, some) in enumerate(wanted)]
        failed = [one for one, came in zip(wanted, done, strict=True) if not came]
        failures += len(failed)
        most = MOST_REFUSED if any(done) else most
        halved = [one for one in failed if one[1].count > 1 and failures < most]
        refused |= {uid for one in failed if one not in halved for uid in one[1].each()}
        wanted = [(request, half) for request, some in halved for half in some.halves()]
    return refused
