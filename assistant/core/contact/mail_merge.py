"""Mail merge: the same message to many people, one at a time (row 14)."""

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

# Seconds, and how many messages alike within them make a merge, the message itself included.
WINDOWS = ((24 * 3600, 6), (7 * 24 * 3600, 11))
WIDEST = max(seconds for seconds, _ in WINDOWS)
FEWEST = min(count for _, count in WINDOWS)
# Sizes may differ by a tenth: each message of a merge has another name and address in it.
SIZE_TENTH = 10
_WORDS = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


class Alike(NamedTuple):
    """One message to one person that could belong to a merge; `at` in seconds since 1970 UTC, `size` in bytes."""

    key: int
    at: int
    size: int
    address: str


def merge_key(envelope: Envelope, owner: frozenset[str]) -> int | None:
    """Return the number that the messages of one merge share, or None for a message that can't belong to one.

    It can only if the owner sent it to one person in all, it answers nothing, and it has a date and a subject.
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
    """Return the words a merge can call somebody by: those of the name, or of the local part if there is no name."""
    words = _WORDS.findall(named.name.casefold()) or _WORDS.findall(named.address.partition("@")[0])
    # Anna-Lena may be called so, or by either half. An initial is no name: "a question" would lose a word.
    return frozenset(word for one in words for word in (one, *one.split("-")) if len(word) > 1)


def subject_key(subject: str, name: frozenset[str]) -> int | None:
    """Return a number for a subject, ignoring case, spaces and the recipient's name; None if nothing is left."""
    # Mails without a subject have none in common, so they must not all become one merge.
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
    """Return the keys of those messages that belong to a merge; all `messages` share one `merge_key`.

    A message belongs to one if any 24 hours that include it hold at least 6 messages to different people with a size
    within a tenth of its own, or any 7 days hold 11.
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
