"""Which folders a scan reads, and what of them.

    Sent, and others that sent mail goes to ─> all of it                        in every round
    Sent/2026, the year that may still grow ─> all of it                        in every round
    Sent/2019 ──────────────────────────────> all of it                         once a day
    a folder that `archives` names ─────────> what is from the owner            once a day
    INBOX ──────────────────────────────────> what the owner saved there        when something is new in it

What isn't from the owner is neither asked for nor stored in the last two.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from assistant.core.contact.own_copy import is_own_copy
from assistant.core.contact.verdict import is_strange
from assistant.core.mail.envelope import parse_envelope
from assistant.core.mail.message import RECEIVED, Senders
from assistant.core.people.spellings import spellings_of
from assistant.rounds.scan.reading_start import owner_of
from assistant.rounds.scan.withheld import OWN
from assistant.rounds.scan.withheld import RECEIVED as RECEIVED_FROM
from assistant.store import facts, folders, messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from assistant.core.mail.message import Batch, Cursor, Header
    from assistant.rounds.context import Round

# The newest messages show how the owner's addresses are written: with dots, with a tag.
NEWEST = 2_000


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to read.

    `what` counts: all of it, what is "from the owner", or what is the owner's "own copy". `usual` are the folders that
    sent mail goes to. The history that the owner wants begins at `since` (None: all).
    """

    folder: str
    since: datetime | None
    what: Literal["all", "from the owner", "own copy"] = "all"
    usual: bool = False

    @property
    def name(self) -> str:
        """Return what its cursor and notes are kept under."""
        return OWN + self.folder if self.what == "own copy" else self.folder


def places_to_read(round_: Round, since: datetime | None) -> Iterator[Place]:
    """Yield the folders that this round reads, Sent first. Each is decided on after those before it were read."""
    found = round_.folders
    for folder in found.all_sent:
        yield Place(folder, since, usual=True)
    for one in found.by_year:
        if one.year >= round_.today.year or not _was_read_today(round_, one.name):
            yield Place(one.name, since)
    for folder in found.archives:
        if not _was_read_today(round_, folder):
            yield Place(folder, None, "from the owner")
    inbox = Place(_inbox(round_), since, "own copy")
    if inbox.folder and _may_hold_news(round_, inbox):
        yield inbox


def _inbox(round_: Round) -> str:
    """Return where the owner's own copies are looked for, "" for nowhere."""
    found = round_.folders
    # Where one folder holds all mail (Gmail), that is read instead. There a copy is in Sent too: labels on one message.
    first = next(iter(found.received), "")
    is_inbox = first.casefold() == found.inbox.casefold() and first not in found.all_sent
    return first if is_inbox and round_.config.mailbox.received else ""


def _may_hold_news(round_: Round, place: Place) -> bool:
    """Return whether something may have come to INBOX since it was read for the owner's own mail."""
    if round_.config.mailbox.kind == "maildir" or facts.fact(round_.store, f"again {place.name}"):
        return True
    # Received mail is read in every round, right after sent mail. Its cursor tells without another command, but only in
    # the round after: a copy in INBOX counts a round late.
    theirs, mine = (folders.cursor_of(round_.store, name) for name in (RECEIVED_FROM + place.folder, place.name))
    if theirs is None or mine is None or theirs.uidvalidity != mine.uidvalidity or theirs.last_uid > mine.last_uid:
        return True
    unread = facts.unread(round_.store, place.name, mine.uidvalidity)
    owner = owner_of(round_.store, round_.config)
    return unread is None or bool(unread.spans) or not _searched(round_, place).issuperset(owner)


def note_read(round_: Round, place: Place) -> None:
    """Note that a folder was read to its end today."""
    if not place.usual and place.what != "own copy":
        facts.set_fact(round_.store, _day(place.folder), round_.today.isoformat())


def batches(
    round_: Round,
    place: Place,
    owner: frozenset[str],
    cursor: Cursor | None,
    seen: Callable[[], frozenset[int]],
) -> Iterator[Batch]:
    """Yield what is new in a place, without what doesn't count there. Raises what the mailbox raises.

    `owner` has the owner's normal addresses.
    """
    if place.what == "all":
        for batch in round_.mailbox.stream(place.folder, cursor, seen, place.since):
            yield _counting(batch, place, owner, round_.now) if _holds_received(batch) else batch
        return
    if cursor is not None and cursor.unread is None:
        cursor = replace(cursor, unread=())  # None asks for a comparison with what is stored, and that is only a part
    searched, addresses = _searched(round_, place), _spellings(round_, owner)
    known = addresses if cursor is None else tuple(one for one in addresses if one in searched)
    senders = Senders(known, tuple(one for one in addresses if one not in known), own=True)
    for batch in round_.mailbox.received(place.folder, cursor, senders, place.since):
        yield _counting(batch, place, owner, round_.now)
        if cursor is None:
            _note_searched(round_, place, addresses)  # from now on the cursor says how far
    _note_searched(round_, place, addresses)


def _spellings(round_: Round, owner: frozenset[str]) -> tuple[str, ...]:
    """Return how the owner's addresses may be written: with dots or a tag, as in the newest mail."""
    written = messages.senders_written(round_.store, NEWEST)
    found = (spellings_of(one, written, (round_.config.me.name,)) for one in sorted(owner))
    return tuple(dict.fromkeys(spelling for some in found for spelling in some))


def _holds_received(batch: Batch) -> bool:
    return any(RECEIVED in header.flags for header in batch.headers)


def _counting(batch: Batch, place: Place, owner: frozenset[str], now: datetime) -> Batch:
    """Return a batch without what must not be stored, since it isn't from the owner."""
    # Of what is surely sent mail everything stays: an address that nobody configured shows there.
    counts = tuple(
        header
        for header in batch.headers
        if (place.what == "all" and RECEIVED not in header.flags) or _counts(place, header, owner, now)
    )
    return replace(batch, headers=counts, total=batch.total if place.what == "all" else None)


def _counts(place: Place, header: Header, owner: frozenset[str], now: datetime) -> bool:
    envelope = parse_envelope(
        header.header, flags=header.flags, internaldate=header.internaldate, size=header.size, now=now
    )
    if place.what == "own copy":
        return is_own_copy(header.header, envelope, owner)
    return not is_strange(envelope, owner)


def _was_read_today(round_: Round, folder: str) -> bool:
    return facts.fact(round_.store, _day(folder)) == round_.today.isoformat()


def _day(folder: str) -> str:
    return f"read on {folder}"


def _searched(round_: Round, place: Place) -> frozenset[str]:
    """Return the spellings that were searched for in a place from its start."""
    return frozenset(json.loads(facts.fact(round_.store, f"searched {place.name}") or "[]"))


def _note_searched(round_: Round, place: Place, spellings: tuple[str, ...]) -> None:
    searched = _searched(round_, place)
    if not searched.issuperset(spellings):
        facts.set_fact(round_.store, f"searched {place.name}", json.dumps(sorted({*searched, *spellings})))
