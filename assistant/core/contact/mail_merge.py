"""Mail merge: the same message to many, one at a time (row 14)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from assistant.core.contact.mailing_lists import is_list_mail
from assistant.core.contact.verdict import is_automatic, is_own, is_sent, recipients

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.core.mail.address_list import Named
    from assistant.core.mail.envelope import Envelope

WINDOWS = ((24 * 3600, 6), (7 * 24 * 3600, 11))
"""Seconds, and how many alike within them (the message itself among them) make a merge."""
WIDEST = max(seconds for seconds, _ in WINDOWS)
FEWEST = min(count for _, count in WINDOWS)
SIZE_TENTH = 10
_WORDS = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


class Alike(NamedTuple):
    """One message to one person that could be of a merge; `at` in seconds since 1970 UTC, `size` in bytes."""

    key: int
    at: int
    size: int
    address: str


def merge_key(envelope: Envelope, owner: frozenset[str]) -> int | None:
    """Return the number that messages of one merge share, by their subject (case and space folded); None for the rest.

    Only a message of the owner's to one person in all that answers nothing, with a known date and a subject, can be of
    a merge: mails without a subject have none in common.
    """
    if envelope.in_reply_to or envelope.sent_at is None or envelope.imip or envelope.resent or envelope.unseen:
        return None
    if not is_sent(envelope, owner) or len(recipients(envelope, owner)) != 1:
        return None
    if is_automatic(envelope) or is_list_mail(envelope) or is_own(envelope):
        return None
    ((_, named),) = recipients(envelope, owner)
    return subject_key(envelope.subject, words_of_name(named))


def words_of_name(named: Named) -> frozenset[str]:
    """Return the words by which a merge calls somebody: those of the name, without one those of the local part.

    Words joined by a hyphen are there as one and each. A single letter is no name: "a question" would lose it.
    """
    words = _WORDS.findall(named.name.casefold()) or _WORDS.findall(named.address.partition("@")[0])
    return frozenset(word for one in words for word in (one, *one.split("-")) if len(word) > 1)


def subject_key(subject: str, name: frozenset[str]) -> int | None:
    """Return the number of a subject, whatever its case and spaces and the recipient's name in it; None for none."""
    folded = subject.casefold()
    if any(word in folded for word in name):
        folded = _WORDS.sub(lambda word: "" if _is_name(word[0], name) else word[0], folded)
    folded = " ".join(folded.split())
    if not folded:
        return None
    return int.from_bytes(sha256(folded.encode("utf-8", "replace")).digest()[:8], "big", signed=True)


def _is_name(word: str, name: frozenset[str]) -> bool:
    return word in name or word.removesuffix("'s").removesuffix("\u2019s") in name


def merged(messages: Iterable[Alike]) -> frozenset[int]:
    """Return the keys of those messages of one merge key that are of a merge.

    A message is, when some 24 hours around it hold 6 or more messages to different people whose size differs from its
    own by at most a tenth, or some 7 days hold 11.
    """
    ordered = sorted(messages, key=lambda one: one.at)
    times = [one.at for one in ordered]
    return frozenset(one.key for one in ordered if any(_crowded(one, ordered, times, *window) for window in WINDOWS))


def _crowded(one: Alike, ordered: list[Alike], times: list[int], seconds: int, count: int) -> bool:
    around = ordered[bisect_left(times, one.at - seconds) : bisect_right(times, one.at + seconds)]
    if len(around) < count:
        return False
    near = [other for other in around if _same_size(one, other)]
    first = 0
    for last, other in enumerate(near):
        while other.at - near[first].at > seconds:
            first += 1
        window = near[first : last + 1]
        if window[0].at <= one.at <= other.at and len({m.address for m in window} | {one.address}) >= count:
            return True
    return False


def _same_size(one: Alike, other: Alike) -> bool:
    return abs(one.size - other.size) * SIZE_TENTH <= max(one.size, other.size)
