"""An Envelope as stored facts, and back.

    Envelope ─> facts ─> JSON in the store ─> from_facts ─> Envelope, by today's rules

The facts hold what was written, so the rules can run again without another look at the mailbox, and each reason can be
shown.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from assistant.core.mail.address import normal_address
from assistant.core.mail.address_list import Named
from assistant.core.mail.date import sent_at as choose_date
from assistant.core.mail.envelope import Envelope, Resent
from assistant.core.mail.header import MESSAGE_ID

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def facts(envelope: Envelope) -> str:
    """Return the Envelope as compact JSON with everything the rules need to run again. Empty fields are left out."""
    # Keys of one letter, and only the address as written, without its normal form: the store holds one for each
    # message, and a later version of the rules may normalize differently.
    told: dict[str, Any] = {
        "i": envelope.message_id,
        "d": _when(envelope.date),
        "a": _when(envelope.internaldate),
        "s": envelope.subject,
        "f": _written(envelope.sender),
        "t": _written(envelope.to),
        "c": _written(envelope.cc),
        "b": _written(envelope.bcc),
        "u": envelope.undisclosed,
        "r": envelope.in_reply_to,
        "x": envelope.references,
        "m": envelope.marks,
        "y": envelope.content_type,
        "k": envelope.method,
        "D": envelope.draft,
        "z": envelope.size,
        "I": envelope.imip,
        "o": envelope.unseen,
        "e": envelope.reaction,
        "n": envelope.failed,
    }
    if envelope.resent:
        r = envelope.resent
        told["R"] = [_written(r.sender), _written(r.to), _written(r.cc), _written(r.bcc), _when(r.at), r.key]
    return _encode({key: value for key, value in told.items() if value})


def from_facts(text: str, now: datetime) -> Envelope:
    """Return the Envelope that `facts` wrote.

    Addresses are normalized and the date is chosen by today's rules. A field that an earlier version didn't store
    counts as absent.
    """
    told = json.loads(text)
    date, internaldate = _moment(told.get("d")), _moment(told.get("a"))
    resent = _read_resent(told.get("R"))
    return Envelope(
        message_id=told["i"],
        sent_at=choose_date(resent.at if resent else date, internaldate, now),
        date=date,
        internaldate=internaldate,
        subject=told.get("s", ""),
        sender=_read(told.get("f")),
        to=_read(told.get("t")),
        cc=_read(told.get("c")),
        bcc=_read(told.get("b")),
        undisclosed=told.get("u", False),
        in_reply_to=told.get("r", ""),
        references=tuple(told.get("x", ())),
        resent=resent,
        marks=told.get("m", {}),
        content_type=told.get("y", ""),
        method=told.get("k", ""),
        draft=told.get("D", False),
        size=told.get("z", 0),
        imip=told.get("I", ""),
        unseen=told.get("o", False),
        reaction=told.get("e", False),
        failed=tuple(told.get("n", ())),
    )


def thread_in(text: str) -> tuple[str, str]:
    """Return the thread of a stored message and what it answers ("" for nothing), without reading all of its facts."""
    told = json.loads(text)
    answered = _answered(told)
    return next(iter(told.get("x", ())), answered) or told["i"], answered


def named_in(text: str) -> tuple[str, frozenset[str]]:
    """Return what a stored message answers ("" for nothing) and all it names, without reading all of its facts."""
    told = json.loads(text)
    answered = _answered(told)
    return answered, frozenset(filter(None, (answered, *told.get("x", ()))))


def _answered(told: dict[str, Any]) -> str:
    found = MESSAGE_ID.search(told.get("r", ""))
    return found[1] if found else next(iter(told.get("x", ())[-1:]), "")


def _written(people: tuple[Named, ...]) -> list[list[str]]:
    return [[named.raw, named.name] if named.name else [named.raw] for named in people]


def _read(people: list[list[str]] | None) -> tuple[Named, ...]:
    found = []
    for raw, *name in people or ():
        address = normal_address(raw)
        # By today's rules an address that was stored may not be one any more.
        if address:
            found.append(Named(address, name[0] if name else "", raw))
    return tuple(found)


def _read_resent(told: list[Any] | None) -> Resent | None:
    if told is None:
        return None
    sender, to, cc, bcc = (_read(people) for people in told[:4])
    return Resent(sender, to, cc, bcc, _moment(told[4]), told[5])


def _when(moment: datetime | None) -> list[int] | None:
    """Return a moment as seconds since 1970 UTC and its offset in minutes."""
    if moment is None:
        return None
    offset = moment.utcoffset() or timedelta()
    return [int(moment.timestamp()), int(offset.total_seconds()) // 60]


def _moment(told: list[int] | None) -> datetime | None:
    if told is None:
        return None
    zone = timezone(timedelta(minutes=told[1])) if told[1] else UTC
    return datetime.fromtimestamp(told[0], zone)
