"""Reads the text, HTML and calendar parts of messages, and nothing else of them.

    BODYSTRUCTURE of five messages ─> their text parts ─> one FETCH for those that want the same parts ─> Body
                                                           └─ refused, or the line broke: each message alone

A message whose text can't be had is left out. It must not stop the digest each time.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.core.mail.message import Body
from assistant.errors import MailboxError, UnreachableError
from assistant.mailbox.imap.structure import decode_text, text_parts, undo_encoding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.core.mail.message import Locator
    from assistant.mailbox.imap.session import ImapSession
    from assistant.mailbox.imap.structure import Part

log = logging.getLogger(__name__)

# The parts of five messages together stay below what one command may bring.
BODIES_AT_ONCE = 5
MOST_OF_A_KIND = 4


def read_bodies(session: ImapSession, locators: Sequence[Locator]) -> Iterator[Body]:
    """Yield the bodies in the order asked for, 64 KiB of each part. Skips messages that are gone or unreadable.

    Raises UnreachableError if the server can't be reached or asks to be left alone.
    """
    for at in range(0, len(locators), BODIES_AT_ONCE):
        some = locators[at : at + BODIES_AT_ONCE]
        found = {locator: body for group in _by_folder(some) for locator, body in _readable(session, group)}
        yield from (found[locator] for locator in some if locator in found)


def octets(value: Any) -> bytes:
    """Return a string of the server as octets."""
    # imapclient turns a string of digits into a number.
    if isinstance(value, bytes):
        return value
    return b"" if value is None else str(value).encode("ascii")


def _by_folder(locators: Sequence[Locator]) -> list[list[Locator]]:
    groups: dict[tuple[str, int], list[Locator]] = {}
    for locator in locators:
        groups.setdefault((locator.folder, locator.uidvalidity), []).append(locator)
    return list(groups.values())


def _readable(session: ImapSession, group: Sequence[Locator]) -> Iterator[tuple[Locator, Body]]:
    """Read a group at once, or each message alone if one of them spoils the answer or breaks the line."""
    if not _can_open(session, group[0]):
        return
    try:
        yield from list(_bodies(session, group))
    except UnreachableError as error:
        if error.retry_after is not None:
            raise
        if len(group) == 1:
            log.warning("the text of message %d could not be read and is left out", group[0].uid)
            return
        for locator in group:
            yield from _readable(session, [locator])


def _can_open(session: ImapSession, locator: Locator) -> bool:
    # A folder that is gone costs only its own messages, but a server that can't be reached must end the round.
    try:
        return session.holds(locator)
    except MailboxError as error:
        if error.retry_after is not None:
            raise
        log.warning("a folder could not be opened and is left out")
        return False


def _bodies(session: ImapSession, group: Sequence[Locator]) -> Iterator[tuple[Locator, Body]]:
    with session.guarded():
        answer = session.client.fetch([one.uid for one in group], ["BODYSTRUCTURE"])
        parts = {uid: _few(text_parts(items.get(b"BODYSTRUCTURE"))) for uid, items in answer.items()}
        texts = _texts(session, parts)
    for locator in group:
        if locator.uid in parts:
            yield locator, _body(locator, parts[locator.uid], texts.get(locator.uid, {}))


def _few(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    # Nobody writes more than four parts of a kind, and a hostile message may have hundreds.
    kept: list[Part] = []
    for part in parts:
        if sum(part.kind == other.kind for other in kept) < MOST_OF_A_KIND:
            kept.append(part)
    return tuple(kept)


def _texts(session: ImapSession, parts: dict[int, tuple[Part, ...]]) -> dict[int, dict[bytes, bytes]]:
    """Return the octets of parts by UID and section. Messages that want the same parts share a command."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for uid, some in parts.items():
        if some:
            alike.setdefault(tuple(part.request for part in some), []).append(uid)
    texts: dict[int, dict[bytes, bytes]] = {}
    for request, uids in alike.items():
        for uid, items in session.client.fetch(uids, list(request)).items():
            sections = {key[5:].partition(b"]")[0]: value for key, value in items.items() if key.startswith(b"BODY[")}
            texts[uid] = {section: octets(value) for section, value in sections.items()}
    return texts


@dataclass(slots=True)
class _Gathered:
    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    calendar: list[str] = field(default_factory=list)


def _body(locator: Locator, parts: tuple[Part, ...], texts: dict[bytes, bytes]) -> Body:
    gathered = _Gathered()
    for part in parts:
        data = texts.get(part.section.encode("ascii"))
        if data is not None:
            text = decode_text(undo_encoding(data, part.encoding), part.charset)
            getattr(gathered, part.kind).append(text)
    return Body(locator, "\n".join(gathered.plain), "\n".join(gathered.html), tuple(gathered.calendar))
