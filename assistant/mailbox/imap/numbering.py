"""Tells by sequence numbers alone (RFC 3501, 2.3.1.2) if all messages of a set came, which saves a SEARCH.

Sequence numbers run from 1 to EXISTS without a gap. So a set is whole if its first message follows the last one read,
its numbers have no gap, and it ends with the folder or with the last UID that was asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence

    from assistant.core.mail.message import Header
    from assistant.mailbox.imap.fetch import Fetched
    from assistant.mailbox.imap.session import Selected
    from assistant.mailbox.imap.uid_sets import UidSet


class Numbering:
    """Follows the sequence numbers of one folder that is read in the order of its UIDs."""

    def __init__(self, selected: Selected, last: int | None) -> None:
        """`last` is the number of the last message read, 0 before the first, None if it isn't known."""
        self._selected = selected
        self._last = last

    def follow(self, last: int | None) -> None:
        """Note the last number of a set that is whole: 0 for an empty set, None if it isn't known."""
        # An empty set says nothing about the numbers, so the last one still holds.
        self._last = self._last if last == 0 else last

    def missing(
        self,
        wanted: UidSet,
        came: Sequence[Header],
        fetched: Fetched,
        held: Container[int],
        search: Callable[[int, int], Iterable[int]],
    ) -> list[int]:
        """Return the UIDs of a set that an OK left out.

        `came`, sorted by UID, is what this answer brought, `held` what earlier ones did. `search` is called only if the
        numbers don't settle it, and returns the UIDs that exist from one UID to another.
        """
        if not wanted.sure and (len(came) == wanted.count or self._is_whole(wanted, came, fetched)):
            return []
        got = {header.locator.uid for header in came}
        missing = [uid for uid in wanted.each() if uid not in got and uid not in held]
        if not missing:
            return []
        there = frozenset(search(missing[0], missing[-1]))
        named = [uid for uid in missing if uid in there]
        # What SEARCH doesn't name is asked for once more if the numbers tell of it. After that, SEARCH is believed.
        asked = wanted.again or wanted.sure
        return missing if not (named or asked) and self._has_more(wanted, came, fetched) else named

    def _is_whole(self, wanted: UidSet, came: Sequence[Header], fetched: Fetched) -> bool:
        """Return whether the numbers prove that `came` is the whole set."""
        if self._last is None or fetched.first != self._last + 1 or fetched.last - fetched.first + 1 != len(came):
            return False
        to_the_end = self._is_last(wanted) and fetched.last == self._selected.exists
        return to_the_end or came[-1].locator.uid == wanted.high

    def _has_more(self, wanted: UidSet, came: Sequence[Header], fetched: Fetched) -> bool:
        """Return whether the numbers show that messages are missing between the last one read and the end."""
        if self._last is None or not came:
            return False
        end = self._selected.exists if self._is_last(wanted) else fetched.last
        return end - self._last > len(came)

    def _is_last(self, wanted: UidSet) -> bool:
        return wanted.high == self._selected.uidnext - 1
