"""Finds out why nothing came of a set: one message spoils it, or the server is in trouble.

    one of a few messages asked for alone comes ──> halves, down to the message that spoils the set
    none comes, but one does without its structure ──> the set without structures
    none comes, but a neighbor of the set does ──> left unread, and asked for in later rounds
    not even a neighbor comes ──> an error: the server gives nothing, and the cursor stays where it is

SEARCH says which messages exist. Only what comes decides, not the words of a refusal.
"""

from __future__ import annotations

import imaplib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.mailbox.errors import backoff, refusal
from assistant.mailbox.imap.commands import existing_uids
from assistant.mailbox.imap.fetch import ITEMS, ITEMS_BARE, RANGE_OCTETS, FetchReader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.errors import UnreachableError
    from assistant.mailbox.imap.session import ImapSession, Selected
    from assistant.mailbox.imap.uid_sets import UidSet

# UIDs. How far away neighbors are looked for first.
NEAR = 500
# So few messages are halved right away: asking for some of them first wouldn't be shorter.
FEW = 8
# So many sets may fail in one stream. What fails after that is left unread without more questions.
MOST_FAILURES = 40


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What to do with a set of which nothing came. `there` are those of its UIDs that the server has.

    `alone`: it is a single message, and its neighbors came.
    """

    do: Literal["halve", "ask bare", "leave unread"]
    there: tuple[int, ...]
    alone: bool = False


class Probe:
    """Asks about one opened folder. No other answer may be on its way over the line."""

    def __init__(self, session: ImapSession, selected: Selected, mend: Callable[[Exception], None]) -> None:
        """`mend` is called after the line broke. It makes a new one with the folder open."""
        self._session = session
        self._selected = selected
        self._mend = mend
        self._failures = 0

    def judge(self, wanted: UidSet, error: UnreachableError) -> ProbeResult:
        """Return what to do with a set of which nothing came. Raises `error` if the server gives nothing at all."""
        self._failures += 1
        there = tuple(wanted.each() if wanted.sure else self._there(wanted))
        if not there:
            return ProbeResult("leave unread", ())
        if wanted.count == 1:
            return self._judge_one(there[0], error)
        if len(there) <= FEW:
            return ProbeResult("halve", there)
        if self._failures <= MOST_FAILURES:
            if self._some_come(there, bare=wanted.bare):
                return ProbeResult("halve", there)
            if not wanted.bare and self.comes(there[0]):
                return ProbeResult("ask bare", there)
        if not self._gives_anything(there[0], there[-1], ()):
            raise error
        return ProbeResult("leave unread", there)

    def _judge_one(self, uid: int, error: UnreachableError) -> ProbeResult:
        below, there, above = self._around(uid, uid, NEAR)
        if not there:
            return ProbeResult("leave unread", ())
        neighbours = (*below[-1:], *above[:1])
        came = [self.comes(one) for one in neighbours]
        if not any(came) and not self._gives_anything(uid, uid, neighbours):
            raise error
        return ProbeResult("leave unread", (uid,), alone=bool(came) and all(came))

    def _gives_anything(self, low: int, high: int, asked: Sequence[int]) -> bool:
        """Return whether any message outside comes: the nearest ones, those further away, those at the folder's ends.

        `asked` are messages that did not come.
        """
        tried = set(asked)
        for reach in (NEAR, self._selected.uidnext):
            below, _, above = self._around(low, high, reach)
            few = {*below[-1:], *above[:1], *below[:1], *above[-1:]} - tried
            if any(self.comes(uid) for uid in sorted(few)):
                return True
            tried |= few
        return False

    def _there(self, wanted: UidSet) -> list[int]:
        named = frozenset(existing_uids(self._session, wanted.low, wanted.high))
        return [uid for uid in wanted.each() if uid in named]

    def _some_come(self, uids: Sequence[int], *, bare: bool = True) -> bool:
        """Return whether any of a few of these comes: the first, the middle one, the last."""
        few = dict.fromkeys((uids[0], uids[len(uids) // 2], uids[-1]))
        return any(self.comes(uid, bare=bare) for uid in few)

    def _around(self, low: int, high: int, reach: int) -> tuple[list[int], list[int], list[int]]:
        """Return the UIDs that exist up to `reach` below `low`, from `low` to `high`, and up to `reach` above."""
        uids = existing_uids(self._session, max(1, low - reach), min(self._selected.uidnext - 1, high + reach))
        below, above = [uid for uid in uids if uid < low], [uid for uid in uids if uid > high]
        return below, uids[len(below) : len(uids) - len(above)], above

    def comes(self, uid: int, *, bare: bool = True) -> bool:
        """Ask for one message alone. Return whether it came. `bare` asks without its structure.

        Raises MailboxError if the server asks to be left alone.
        """
        line, selected = self._session.line, self._selected
        reader = FetchReader(line, selected.folder, selected.uidvalidity)
        line.allow(octets=RANGE_OCTETS)
        try:
            tag = line.ask(b"UID FETCH %d %s" % (uid, ITEMS_BARE if bare else ITEMS))
            status, words = reader.until(tag, [tag])
        except (imaplib.IMAP4.abort, OSError) as error:
            self._mend(error)
            return False
        said = words.decode("utf-8", "replace")
        if status != "OK" and backoff(said):
            raise refusal(self._session.place, said)
        return status == "OK" and any(header.locator.uid == uid for header in reader.fetched.headers)
