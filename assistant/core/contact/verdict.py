"""Was it contact? The verdict on each recipient of one sent message, by the table of docs/how-contact-is-inferred.md.

The rows of that table stand here in its order, and the first that fits decides. What a row must know of other
messages (a copy counted already, a mail merge, an address that is a list's) comes in as `Circumstances`, so that the
same message under the same circumstances has the same verdict in whatever order the mailbox was read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from assistant.core.contact.mailing_lists import is_list, is_list_mail
from assistant.core.mail.address import is_role_address
from assistant.core.mail.envelope import facts

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from datetime import datetime

    from assistant.core.mail.address_list import Named
    from assistant.core.mail.envelope import Envelope

RULE_VERSION = 2
"""Raised with every change of a rule: a scan then judges everything anew from the stored facts."""

Spelling = tuple[str, str]
"""An address in its normal form, and the name written beside it ("" for none)."""
VerdictWord = Literal["full", "soft", "none"]
BROADCAST = 10
FEW = 4
_RECEIPTS = frozenset({"multipart/report", "message/disposition-notification", "message/delivery-status"})
_FORWARD = re.compile(
    r"\s*(?:fwd?|wg|weitergel(?:eitet)?|tr|rv|i|enc|doorst|vb|vl|pd|továbbítás|ilt|i̇lt|転送|转发|轉寄|轉發|прд|пересл)"
    r"\s*(?:\[\d+\])?\s*[:\uff1a]",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"\([^()]*\)")
_NORDIC = re.compile(r"\s*vs\s*:", re.IGNORECASE)


_DECLINED = frozenset(
    (
        *("declined", "abgelehnt", "refusé", "rechazado", "rechazada", "rifiutato", "rifiutata", "geweigerd"),
        *("afgewezen", "recusado", "recusada", "nej", "avböjt", "afslået", "avvist", "avslått", "hylätty", "odrzucono"),
        *("odrzucone", "odmítnuto", "elutasítva", "отклонено", "reddedildi", "辞退", "已拒绝", "거절됨"),
    )
)
"""What Outlook puts before the subject of an invitation that was declined, in its languages."""
REASONS = frozenset(
    [
        *("one-to-one", "reply", "forward", "small-group", "group", "cc", "bcc", "bcc-many", "broadcast", "merge"),
        *("resent", "list", "automatic", "self", "role-address", "draft", "not-owner", "duplicate", "not-contact"),
        *("reaction", "bounced"),
        *("meeting", "meeting-ahead", "meeting-unconfirmed", "meeting-unknown", "meeting-large"),
        *("declined", "cancelled", "counter"),
    ]
)
"""Every reason a verdict can bear; `render` has words for each."""


class Verdict(NamedTuple):
    """`word` full, soft or none, its `weight` (1, 0.5, 0.25 or 0) and the `reason`, one of `REASONS`."""

    word: VerdictWord
    weight: float
    reason: str


class Judgement(NamedTuple):
    """What was found of a recipient, whoever it is: `field` as written to, the verdict.

    `if_known` is the verdict that holds instead when the address is on the roster (row 8), None for the same.
    """

    field: str
    verdict: Verdict
    if_known: Verdict | None = None


class Judged(NamedTuple):
    """One recipient of one message: `field` as written to, when the contact was (None: no date can be trusted).

    `if_known` is the verdict that holds instead when the address is on the roster (row 8), None for the same.
    """

    address: str
    name: str
    field: str
    verdict: Verdict
    at: datetime | None
    if_known: Verdict | None = None

    @property
    def judgement(self) -> Judgement:
        """Return what was found, apart from whom and when."""
        return Judgement(self.field, self.verdict, self.if_known)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What must be known beside the message: the owner's normal addresses, lists' addresses, copies and merges.

    `bounced` holds the normal addresses at which this very message came back.
    """

    owner: frozenset[str]
    lists: Container[str] = field(default_factory=frozenset)
    duplicate: bool = False
    merge: bool = False
    bounced: frozenset[str] = frozenset()


def full(reason: str) -> Verdict:
    """Return a contact that resets the clock."""
    return Verdict("full", 1.0, reason)


def soft(reason: str, weight: float = 0.5) -> Verdict:
    """Return a contact that is shown and resets nothing."""
    return Verdict("soft", weight, reason)


def none(reason: str) -> Verdict:
    """Return what was no contact."""
    return Verdict("none", 0.0, reason)


def judge(envelope: Envelope, circumstances: Circumstances) -> tuple[Judged, ...]:
    """Return one row for each address written to but the owner's; empty when there is none, or it is an iMIP message.

    An address in two fields has one row, by the strongest: To, Cc, Bcc.
    """
    if envelope.unseen:
        return ()
    people = recipients(envelope, circumstances.owner)
    whole = _whole_message(envelope, circumstances)
    at = envelope.sent_at
    if whole:
        return tuple(Judged(named.address, named.name, where, whole, at) for where, named in people)
    if envelope.imip:
        return ()
    listed = any(is_list(named.address, circumstances.lists) for _, named in people)
    return tuple(_row(envelope, circumstances, people, where, named, listed=listed, at=at) for where, named in people)


def came_back(envelope: Envelope) -> set[tuple[str, str]]:
    """Return (Message-ID, normal address) for each recipient that a delivery report says a message did not reach."""
    return {(envelope.answered, address) for address in envelope.failed} if envelope.answered else set()


def recipients(envelope: Envelope, owner: frozenset[str]) -> list[tuple[str, Named]]:
    """Return (field, address and name) of all but the owner, each address once, by the strongest field."""
    if envelope.resent:
        fields = (
            ("resent-to", envelope.resent.to),
            ("resent-cc", envelope.resent.cc),
            ("resent-bcc", envelope.resent.bcc),
        )
    else:
        fields = (("to", envelope.to), ("cc", envelope.cc), ("bcc", envelope.bcc))
    found: dict[str, tuple[str, Named]] = {}
    for where, people in fields:
        for named in people:
            known = found.get(named.address)
            if known is None:
                if named.address not in owner:
                    found[named.address] = (where, named)
            elif named.name and not known[1].name:
                found[named.address] = (known[0], named)
    return list(found.values())


def is_sent(envelope: Envelope, owner: frozenset[str]) -> bool:
    """Return whether the owner sent it: no draft, and one From (Resent-From of what was resent) is theirs (row 1)."""
    return not envelope.draft and not is_strange(envelope, owner)


def is_strange(envelope: Envelope, owner: frozenset[str]) -> bool:
    """Return whether no sender is an address of the owner's; `+tag`s are cut by the normal form."""
    sender = envelope.sender
    if envelope.resent:
        sender = envelope.resent.sender or sender
    return all(named.address not in owner for named in sender)


def is_automatic(envelope: Envelope) -> bool:
    """Return whether a machine sent it (row 3, RFC 3834): X-Auto-Response-Suppress or a subject alone prove nothing."""
    marks = envelope.marks
    auto = re.split(r"[;(\s]", _COMMENT.sub(" ", marks.get("auto", "no")).strip(), maxsplit=1)[0].lower()
    return (
        auto not in {"no", ""}
        or any(_set(marks.get(name)) for name in ("autoreply", "autorespond"))
        or "auto_reply" in marks.get("precedence", "").lower().replace("-", "_")
        or envelope.content_type in _RECEIPTS
        or is_generated(envelope)
    )


def is_generated(envelope: Envelope) -> bool:
    """Return whether Exchange wrote it in the owner's name: a rule of the mailbox, its calendar attendant."""
    return "generated" in envelope.marks


def _set(value: str | None) -> bool:
    return value is not None and value.strip().lower() not in {"no", "false"}


def is_own(envelope: Envelope) -> bool:
    """Return whether the assistant made it for the owner; a draft of ours that the owner sent is the owner's mail."""
    return envelope.marks.get("assistant", "draft").strip().lower() != "draft"


def is_forward(envelope: Envelope) -> bool:
    """Return whether it hands on another message: its program says so, or its subject begins as a forward does."""
    return "forwarded" in envelope.marks or says_forward(envelope.subject, answers=envelope.answers)


def says_forward(subject: str, *, answers: bool) -> bool:
    """Return whether a subject begins as a forward's does; `answers` whether the message says that it answers one."""
    if _FORWARD.match(subject):
        return True
    # VS: is a forward in Danish and Norwegian, an answer in Finnish.
    return not answers and bool(_NORDIC.match(subject))


def is_meeting_message(envelope: Envelope) -> bool:
    """Return whether Exchange says that it is about a meeting, though its copy in Sent may have lost the calendar."""
    return envelope.marks.get("class", "").strip().lower() == "urn:content-classes:calendarmessage"


def says_declined(subject: str) -> bool:
    """Return whether a subject begins as that of an invitation that was declined does in Outlook."""
    return subject.replace("\uff1a", ":").partition(":")[0].strip().casefold() in _DECLINED


def _whole_message(  # noqa: PLR0911 - one return for each row of the table
    envelope: Envelope, circumstances: Circumstances
) -> Verdict | None:
    """Return the verdict of rows 1 to 6, which holds for every recipient alike, None where none of them fits."""
    if envelope.draft:
        return none("draft")
    if is_strange(envelope, circumstances.owner):
        return none("not-owner")
    if circumstances.duplicate:
        return none("duplicate")
    if is_generated(envelope) or (not envelope.imip and is_automatic(envelope)):
        return none("automatic")
    if envelope.reaction:
        return none("reaction")
    if not envelope.imip and is_meeting_message(envelope):
        return none("declined" if says_declined(envelope.subject) else "meeting-unknown")
    if is_list_mail(envelope):
        return none("list")
    if is_own(envelope):
        return none("self")
    return none("meeting-unknown") if envelope.imip == "unreadable" else None


def _row(
    envelope: Envelope,
    circumstances: Circumstances,
    people: list[tuple[str, Named]],
    where: str,
    named: Named,
    *,
    listed: bool,
    at: datetime | None,
) -> Judged:
    if _is_back(named.address, people, circumstances.bounced):
        return Judged(named.address, named.name, where, none("bounced"), at)
    if is_list(named.address, circumstances.lists):
        return Judged(named.address, named.name, where, none("list"), at)
    verdict = _by_field(envelope, people, where, merge=circumstances.merge)
    if listed and verdict.weight > soft("list").weight:
        verdict = soft("list")
    if is_role_address(named.address):
        return Judged(named.address, named.name, where, none("role-address"), at, if_known=verdict)
    return Judged(named.address, named.name, where, verdict, at)


def _is_back(address: str, people: list[tuple[str, Named]], bounced: frozenset[str]) -> bool:
    """Return whether a letter came back from somebody: of one to one person, under whatever address it ended."""
    return address in bounced or (bool(bounced) and len(people) == 1)


def _by_field(  # noqa: PLR0911 - one return for each row of the table
    envelope: Envelope, people: list[tuple[str, Named]], where: str, *, merge: bool
) -> Verdict:
    """Return the verdict of rows 9 to 15: by how many were written to, and in which field."""
    in_all = len(people)
    if where.startswith("resent"):
        return soft("resent", 0.25)
    if in_all >= BROADCAST:
        return none("broadcast")
    if where == "bcc":
        hidden = sum(1 for other, _ in people if other == "bcc")
        return soft("bcc") if hidden == 1 and in_all <= FEW and not envelope.undisclosed else none("bcc-many")
    if where == "cc":
        return soft("cc", 0.5 if in_all <= FEW else 0.25)
    if in_all > FEW:
        return soft("group")
    if merge:
        return soft("merge", 0.25)
    return full(_reason(envelope, in_all))


def _reason(envelope: Envelope, in_all: int) -> str:
    """Return why a message to few is contact. A forward is told first: many programs let it answer what it hands on."""
    if is_forward(envelope):
        return "forward"
    if envelope.answers:
        return "reply"
    return "one-to-one" if in_all == 1 else "small-group"


def counted(copies: Iterable[tuple[int, Envelope]], owner: frozenset[str]) -> dict[int, bool]:
    """Return for each message of one Message-ID (key, Envelope) whether it is a copy that does not count (row 2).

    The earliest counts; drafts and strangers' messages neither count nor take the count from another. What was resent
    is its own message, and a copy only of the same resending.
    """
    groups: dict[str, list[tuple[tuple[float, float, str], int]]] = {}
    duplicate: dict[int, bool] = {}
    for key, envelope in copies:
        duplicate[key] = False
        if is_sent(envelope, owner) and not envelope.unseen:
            group = envelope.resent.key if envelope.resent else ""
            groups.setdefault(group, []).append((_earliness(envelope), key))
    for members in groups.values():
        for _, key in sorted(members)[1:]:
            duplicate[key] = True
    return duplicate


def _earliness(envelope: Envelope) -> tuple[float, float, str]:
    """Return what the copies are sorted by; the last part makes the order of reading matter never."""
    never = float("inf")
    sent, arrived = envelope.sent_at, envelope.internaldate
    return (sent.timestamp() if sent else never, arrived.timestamp() if arrived else never, facts(envelope))
