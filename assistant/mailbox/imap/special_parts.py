"""Reads the parts that tell more than mail (calendars, delivery reports, emoji) and puts them into the headers.

docs/how-contact-is-inferred.md has the rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.core.mail.header import message_id_of
from assistant.mailbox.imap.structure import (
    calendar_is_body,
    decode_text,
    is_blank,
    is_reaction,
    report_parts,
    returned_parts,
    text_parts,
    undo_encoding,
)
from assistant.mailbox.imap.uid_sets import sets_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assistant.core.mail.message import Header
    from assistant.mailbox.imap.fetch import Fetched
    from assistant.mailbox.imap.structure import Part

    # What chooses parts to read, given a BODYSTRUCTURE and the text parts in it.
    Choice = Callable[[Any, Sequence[Part]], list[Part]]

MOST_CALENDARS = 4
# Octets. Up to this size, a text beside an attached calendar may be blank, so it is read to find out.
MAYBE_BLANK = 2048
# After this many refusals in one batch, the rest is left for a later round: earlier if nothing came at all.
MOST_REFUSED = 40
FEW_REFUSED = 7


@dataclass(frozen=True, slots=True)
class ServerCalls:
    """What is needed of a line.

    `ask` sends a command and returns its tag. `is_done` takes tags and a number of messages, reads up to the answer to
    the first tag, and returns whether it is OK.
    """

    ask: Callable[[bytes], bytes]
    is_done: Callable[[Sequence[bytes], int], bool]


def add_special_parts(
    headers: Sequence[Header], fetched: Fetched, answers: ServerCalls, batch: int, choose: Choice | None = None
) -> tuple[list[Header], list[int]]:
    """Return the headers with what their parts tell, and the UIDs of those whose parts did not all come.

    `fetched` holds the structures, and gets the parts. What an OK left out is asked for once more. `choose` says which
    parts to read (None: those that tell something about a sent message).
    """
    choose = choose or of_sent_mail
    structures = fetched.structures  # of few messages: the others are passed on untouched
    texts = {h.locator.uid: text_parts(structures[h.locator.uid]) for h in headers if h.locator.uid in structures}
    wanted = {uid: choose(structures[uid], parts) for uid, parts in texts.items()}

    def missing() -> dict[int, list[Part]]:
        came = fetched.parts
        return {uid: some for uid, some in wanted.items() if any(p.section not in came.get(uid, {}) for p in some)}

    refused = _fetch(missing(), batch, answers)
    _fetch({uid: some for uid, some in missing().items() if uid not in refused}, batch, answers)
    read = [
        _with_parts(h, structures[uid], texts[uid], _read(wanted[uid], fetched.parts.get(uid, {})))
        if uid in texts
        else h
        for h in headers
        for uid in (h.locator.uid,)
    ]
    return read, sorted(missing())


def only_calendars(structure: Any, parts: Sequence[Part]) -> list[Part]:
    """Return the calendar parts: all that is read of a received message."""
    del structure
    return [part for part in parts if part.kind == "calendar"][:MOST_CALENDARS]


def only_report(structure: Any, parts: Sequence[Part]) -> list[Part]:
    """Return the parts of a delivery report that say who wasn't reached, and about which message."""
    del parts
    return [*report_parts(structure)[:1], *returned_parts(structure)[:1]]


def of_sent_mail(structure: Any, parts: Sequence[Part]) -> list[Part]:
    """Return the parts that tell something about a message that the owner sent."""
    # The texts beside an attached calendar matter only if all are blank: then the calendar is the message.
    reports = list(report_parts(structure))[:1]
    calendars = [part for part in parts if part.kind == "calendar"][:MOST_CALENDARS]
    if not calendars or any(part.is_body for part in calendars):
        return reports + calendars
    texts = [part for part in parts if part.kind != "calendar"]
    short = len(texts) <= MOST_CALENDARS and all(part.size <= MAYBE_BLANK for part in texts)
    return reports + calendars + (texts if short else [])


def _read(parts: Sequence[Part], octets: Mapping[str, bytes]) -> dict[Part, str]:
    """Return the text of the parts that came. `octets` holds them by section."""
    came = [part for part in parts if part.section in octets]
    return {part: decode_text(undo_encoding(octets[part.section], part.encoding), part.charset) for part in came}


def _with_parts(header: Header, structure: Any, parts: Sequence[Part], read: Mapping[Part, str]) -> Header:
    """Return a header with what its structure tells and the parts that were read."""
    header = header._replace(
        reaction=is_reaction(structure),
        reports=tuple(text for part, text in read.items() if part.kind == "report"),
        returned=next((message_id_of(text.encode()) for part, text in read.items() if part.kind == "returned"), ""),
    )
    calendar = tuple(text for part, text in read.items() if part.kind == "calendar")
    if not calendar:
        return header
    told = tuple(part for part in parts if part.kind == "calendar" or not is_blank(read.get(part, "unread")))
    method = next(part.method for part in told if part.kind == "calendar")
    return header._replace(calendar=calendar, calendar_is_body=calendar_is_body(told), calendar_method=method)


def _fetch(parts: Mapping[int, Sequence[Part]], batch: int, answers: ServerCalls) -> set[int]:
    """Ask for parts of messages (by UID). Return the UIDs that were refused for good."""
    alike: dict[str, list[int]] = {}
    for uid, some in parts.items():
        alike.setdefault(" ".join(part.request for part in some), []).append(uid)
    wanted = [(key.encode("ascii"), one) for key, uids in alike.items() for one in sets_of(uids, 0, 0, batch)]
    refused: set[int] = set()
    failures, most = 0, FEW_REFUSED
    while wanted:
        tags = [answers.ask(b"UID FETCH %s (UID %s)" % (some.text, request)) for request, some in wanted]
        done = [answers.is_done(tags[at:], some.count) for at, (_, some) in enumerate(wanted)]
        failed = [one for one, came in zip(wanted, done, strict=True) if not came]
        failures += len(failed)
        most = MOST_REFUSED if any(done) else most
        # In halves, so that one part that can't be had costs no other.
        halved = [one for one in failed if one[1].count > 1 and failures < most]
        refused |= {uid for one in failed if one not in halved for uid in one[1].each()}
        wanted = [(request, half) for request, some in halved for half in some.halves()]
    return refused
