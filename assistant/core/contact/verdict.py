"""Was it contact? The verdict on each recipient of one sent message, by the table of docs/how-contact-is-inferred.md.

    Envelope ─┬─> rows 1 to 6: the whole message ─┬─> one verdict for all recipients
              │                                   └─> iMIP: a meeting (`meetings`), no rows here
              └─> rows 7 to 15: each recipient by itself

The rows are in the table's order, and the first that fits decides. What a row must know about other messages (a copy
that already counted, a mail merge, the address of a list) comes in as `Circumstances`. So a message gets the same
verdict in whatever order the mailbox is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from assistant.core.contact.mailing_lists import is_list, is_list_mail
from assistant.core.mail.address import is_role_address
from assistant.core.mail.envelope_facts import facts

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from datetime import datetime

    from assistant.core.mail.address_list import Named
    from assistant.core.mail.envelope import Envelope

# Raise it with every change of a rule: the next scan then judges all messages again from their stored facts.
RULE_VERSION = 2

# An address in its normal form, and the name written with it ("" for none).
Spelling = tuple[str, str]
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


# What Outlook writes before the subject of a declined invitation, in its languages.
_DECLINED = frozenset(
    (
        *("declined", "abgelehnt", "refusé", "rechazado", "rechazada", "rifiutato", "rifiutata", "geweigerd"),
        *("afgewezen", "recusado", "recusada", "nej", "avböjt", "afslået", "avvist", "avslått", "hylätty", "odrzucono"),
        *("odrzucone", "odmítnuto", "elutasítva", "отклонено", "reddedildi", "辞退", "已拒绝", "거절됨"),
    )
)
REASONS = frozenset(
    [
        *("one-to-one", "reply", "forward", "small-group", "group", "cc", "bcc", "bcc-many", "broadcast", "merge"),
        *("resent", "list", "automatic", "self", "role-address", "draft", "not-owner", "duplicate", "not-contact"),
        *("reaction", "bounced"),
        *("meeting", "meeting-ahead", "meeting-unconfirmed", "meeting-unknown", "meeting-large"),
        *("declined", "cancelled", "counter", "invited", "meeting-group"),
    ]
)
"""Every reason that a verdict can have. `render` has words for each."""


class Verdict(NamedTuple):
    """The verdict's `word` (full, soft or none), `weight` (1, 0.5, 0.25 or 0) and `reason` (one of `REASONS`)."""

    word: VerdictWord
    weight: float
    reason: str


class Judgement(NamedTuple):
    """The verdict on a recipient, whoever it is. `field` is the one they were written to in.

    `if_known` is the verdict for an address on the roster (row 8), None if it is the same.
    """

    field: str
    verdict: Verdict
    if_known: Verdict | None = None


class Judged(NamedTuple):
    """One recipient of one message. `field` is the one they were written to in.

    `at` is when the contact was, None if no date can be trusted. `if_known` is the verdict for an address on the roster
    (row 8), None if it is the same.
    """

    address: str
    name: str
    field: str
    verdict: Verdict
    at: datetime | None
    if_known: Verdict | None = None

    @property
    def judgement(self) -> Judgement:
        """Return the verdict without the recipient and the date."""
        return Judgement(self.field, self.verdict, self.if_known)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What must be known besides the message: the owner's and the lists' normal addresses, copies and merges.

    `duplicate` says that another copy of the message counts, `merge` that it belongs to a mail merge. `bounced` has the
    normal addresses from which this message came back.
    """

    owner: frozenset[str]
    lists: Container[str] = field(default_factory=frozenset)
    duplicate: bool = False
    merge: bool = False
    bounced: frozenset[str] = frozenset()


def full(reason: str) -> Verdict:
    """Return the verdict for contact that resets the clock."""
    return Verdict("full", 1.0, reason)


def soft(reason: str, weight: float = 0.5) -> Verdict:
    """Return the verdict for contact that is shown but doesn't reset the clock."""
    return Verdict("soft", weight, reason)


def none(reason: str) -> Verdict:
    """Return the verdict for what wasn't contact."""
    return Verdict("none", 0.0, reason)


def judge(envelope: Envelope, circumstances: Circumstances) -> tuple[Judged, ...]:
    """Return one row for each recipient but the owner; empty if there is none, or if the message is a meeting.

    An address in several fields gets one row, for the strongest field: To, Cc, Bcc.
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
    # A list is a crowd of unknown size, so it weakens the message for everybody on it.
    listed = any(is_list(named.address, circumstances.lists) for _, named in people)
    return tuple(_row(envelope, circumstances, people, where, named, listed=listed, at=at) for where, named in people)


def came_back(envelope: Envelope) -> set[tuple[str, str]]:
    """Return (Message-ID, normal address) for each recipient that a delivery report says wasn't reached."""
    return {(envelope.answered, address) for address in envelope.failed} if envelope.answered else set()


def recipients(envelope: Envelope, owner: frozenset[str]) -> list[tuple[str, Named]]:
    """Return (field, address and name) of all recipients but the owner, each address once, in its strongest field."""
    # Of a resent message only those it was resent to: the first recipients had their contact when it was sent.
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
    """Return whether the owner sent the message (row 1): it isn't a draft, and one From or Resent-From is theirs."""
    return not envelope.draft and not is_strange(envelope, owner)


def is_strange(envelope: Envelope, owner: frozenset[str]) -> bool:
    """Return whether none of the senders is the owner, with or without a `+tag`."""
    sender = envelope.sender
    if envelope.resent:
        sender = envelope.resent.sender or sender
    return all(named.address not in owner for named in sender)


def is_automatic(envelope: Envelope) -> bool:
    """Return whether a machine sent the message (row 3, RFC 3834)."""
    # X-Auto-Response-Suppress alone proves nothing, and neither does a subject: a person can write "Automatic reply".
    marks = envelope.marks
    auto = re.split(r"[;(\s]", _COMMENT.sub(" ", marks.get("auto", "no")).strip(), maxsplit=1)[0].lower()
    return (
        auto not in {"no", ""}
        or any(marks.get(name, "no").strip().lower() not in {"no", "false"} for name in ("autoreply", "autorespond"))
        or "auto_reply" in marks.get("precedence", "").lower().replace("-", "_")
        or envelope.content_type in _RECEIPTS
        or "return_path" in marks
        or is_generated(envelope)
    )


def is_generated(envelope: Envelope) -> bool:
    """Return whether Exchange wrote the message in the owner's name, by a rule or its calendar attendant."""
    return "generated" in envelope.marks


def is_own(envelope: Envelope) -> bool:
    """Return whether the assistant wrote the message to the owner."""
    # The mark "draft" is on our drafts. The owner sent this one, so it is the owner's mail.
    return envelope.marks.get("assistant", "draft").strip().lower() != "draft"


def is_forward(envelope: Envelope) -> bool:
    """Return whether the message is a forward: its program says so, or its subject begins like one."""
    return "forwarded" in envelope.marks or says_forward(envelope.subject, answers=envelope.answers)


def says_forward(subject: str, *, answers: bool) -> bool:
    """Return whether a subject begins like a forward's. `answers` says whether the message answers another."""
    if _FORWARD.match(subject):
        return True
    # VS: means a forward in Danish and Norwegian, but an answer in Finnish.
    return not answers and bool(_NORDIC.match(subject))


def is_meeting_message(envelope: Envelope) -> bool:
    """Return whether Exchange says that the message is about a meeting. Its copy in Sent may have no calendar part."""
    return envelope.marks.get("class", "").strip().lower() == "urn:content-classes:calendarmessage"


def says_declined(subject: str) -> bool:
    """Return whether a subject begins like Outlook's for a declined invitation."""
    return subject.replace("\uff1a", ":").partition(":")[0].strip().casefold() in _DECLINED


def _whole_message(  # noqa: PLR0911 - one return for each row of the table
    envelope: Envelope, circumstances: Circumstances
) -> Verdict | None:
    """Return the verdict of rows 1 to 6, which is the same for all recipients, or None if no row fits."""
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
    # A report may name the address that a forwarding server tried last. With one recipient it is clear who is meant.
    if named.address in circumstances.bounced or (circumstances.bounced and len(people) == 1):
        return Judged(named.address, named.name, where, none("bounced"), at)
    if is_list(named.address, circumstances.lists):
        return Judged(named.address, named.name, where, none("list"), at)
    verdict = _by_field(envelope, people, where, merge=circumstances.merge)
    if listed and verdict.weight > soft("list").weight:
        verdict = soft("list")
    if is_role_address(named.address):
        return Judged(named.address, named.name, where, none("role-address"), at, if_known=verdict)
    return Judged(named.address, named.name, where, verdict, at)


def _by_field(  # noqa: PLR0911 - one return for each row of the table
    envelope: Envelope, people: list[tuple[str, Named]], where: str, *, merge: bool
) -> Verdict:
    """Return the verdict of rows 9 to 15: by the number of recipients and by the field."""
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
    """Return the reason why a message to few people is contact."""
    # A forward comes first: many programs put In-Reply-To on it, so it would look like a reply.
    if is_forward(envelope):
        return "forward"
    if envelope.answers:
        return "reply"
    return "one-to-one" if in_all == 1 else "small-group"


def duplicate_copies(copies: Iterable[tuple[int, Envelope]], owner: frozenset[str]) -> dict[int, bool]:
    """Return for the key of each message whether it is a copy that doesn't count (row 2).

    `copies` are (key, Envelope) pairs of one Message-ID. The earliest counts.
    """
    groups: dict[str, list[tuple[tuple[float, float, str], int]]] = {}
    duplicate: dict[int, bool] = {}
    for key, envelope in copies:
        duplicate[key] = False
        # A draft or a stranger's message doesn't count, so it must not take the count from the copy that was sent.
        if is_sent(envelope, owner) and not envelope.unseen:
            # Resending keeps the Message-ID, but it is another message: to other people, at another time.
            group = envelope.resent.key if envelope.resent else ""
            groups.setdefault(group, []).append((_earliness(envelope), key))
    for members in groups.values():
        for _, key in sorted(members)[1:]:
            duplicate[key] = True
    return duplicate


def _earliness(envelope: Envelope) -> tuple[float, float, str]:
    """Return the sort key of the copies."""
    # The facts break ties, so the order of reading never matters.
    never = float("inf")
    sent, arrived = envelope.sent_at, envelope.internaldate
    return (sent.timestamp() if sent else never, arrived.timestamp() if arrived else never, facts(envelope))
