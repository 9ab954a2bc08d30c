"""Finds the messages of a few senders without looking at any other message (RFC 3501, 6.4.4).

SEARCH compares by substring, so `FROM "jane@x.example"` also finds maryjane@x.example, jane@x.example.org and somebody
who calls himself "jane@x.example". Only the server may look at those, so it is asked to tell them apart:

    FROM "jane@x.example" ─> found ─┬─ the field has "<jane@x.example>", and nothing behind it ────> exact
                                    ├─ the field has no "<", but the server reads an address so ───> exact
                                    ├─ no "<" in either, and it's no part of a longer address ─────> doubtful
                                    ├─ a server that ignores punctuation: all of it ───────────────> doubtful
                                    └─ anything else ──────────────────────────────────────────────> left alone

Of the doubtful, a caller reads From alone before it asks for more. What servers do: for FROM, Dovecot and Cyrus make a
text of the addresses that they read in the field, always with brackets (Cyrus leaves out blanks), and for HEADER they
take the decoded field; Courier takes that for both; Gmail searches words, without punctuation.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from assistant.errors import MailboxError
from assistant.mailbox.imap.commands import existing_uids, uids_with_text
from assistant.mailbox.imap.uid_sets import sets_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from assistant.mailbox.imap.session import ImapSession

# Octets of criteria in one command: clients should stay below 8,192 in all (RFC 7162, 4).
LONGEST = 7_900
# UIDs in one command.
MOST = 5_000
# Nobody's address. A server that finds it doesn't search.
NOBODY = "no-such-sender@nowhere.invalid"
_IN_LOCALS = string.ascii_lowercase + string.digits + "!#$%&'*+-/=?^_`{|}~."
_IN_HOSTS = string.ascii_lowercase + string.digits + "-."


def quoted(text: str) -> bytes:
    """Return printable ASCII text as a quoted string (RFC 3501)."""
    return b'"' + text.replace("\\", "\\\\").replace('"', '\\"').encode("ascii") + b'"'


def either(criteria: Sequence[bytes]) -> bytes:
    """Return a criterion that holds if one of these does; there must be one."""
    # In halves: some servers read nested OR by recursion.
    half = len(criteria) // 2
    return b"OR " + either(criteria[:half]) + b" " + either(criteria[half:]) if half else criteria[0]


def _without(texts: Iterable[str], key: bytes = b"FROM ") -> bytes:
    return b"".join(b" NOT " + key + quoted(text) for text in texts)


_FIELD = b"HEADER From "
# With one blank or none before it. A blank alone proves nothing: it may end the field, and Cyrus leaves out all blanks.
_BEHIND = [f">{blank}{chr(code)}" for code in range(33, 127) for blank in ("", " ")]


class SenderSearch:
    """Searches the open folder for mail from some addresses. `ready` is called before each command.

    Raises MailboxError if the server refuses or can't search by sender, and what a line raises.
    """

    def __init__(self, session: ImapSession, addresses: Sequence[str], ready: Callable[[], None]) -> None:
        self._session = session
        self._ready = ready
        self._addresses = [one for one in addresses if one.isascii()]
        self._wide = [one for one in addresses if not one.isascii()]
        # Whether the server compares punctuation too; None until it is known.
        self._exact: bool | None = None
        # Whether it compares blanks too.
        self._blanks: bool | None = None

    def find(self, low: int, high: int, criteria: bytes) -> tuple[list[int], list[int]]:
        """Return the UIDs from `low` to `high` that are exactly from these senders, and the doubtful ones, sorted."""
        found = self._from(self._addresses, "{}", low, high, criteria)
        wide = self._find_wide(low, high, criteria)
        if not found and not wide:
            return [], []
        return self._told_apart(found, wide)

    def _told_apart(self, found: set[int], wide: set[int]) -> tuple[list[int], list[int]]:
        read_so = self._among(found, "<{}>") | wide
        written_so = self._among(found, "<{}>", _FIELD) | wide
        if self._exact is None:
            self._note_exactness(found | wide, read_so | written_so)
        if self._exact is False:
            return [], sorted(found | wide)
        if self._blanks is None and written_so & found:
            self._blanks = not self._among(written_so & found, "< {}>", _FIELD)
        # Where blanks count for nothing, ">  " would be ">", and nobody would be left.
        exact = self._these(written_so, _without([*_BEHIND, ">  "] if self._blanks else _BEHIND, _FIELD))
        # Without brackets in the field, a name or comment may hold the address. Some servers tell how they read it.
        plain = self._these(found - written_so, _without("<", _FIELD))
        exact |= self._these(plain & read_so, _without(_BEHIND))
        bare = self._bare(self._addresses, self._these(plain - read_so, _without("<")))
        return sorted(exact), sorted(bare)

    def _note_exactness(self, found: set[int], bracketed: set[int]) -> None:
        """Find out whether the server compares punctuation. Raises MailboxError if it compares nothing at all."""
        if not self._among(found, "<<{}>>"):
            self._exact = True if bracketed else None
        elif self._these(found, b" FROM " + quoted(NOBODY)):
            raise MailboxError("The mail server {place} can't search by sender.", place=self._session.place)
        else:
            self._exact = False

    def _bare(self, addresses: Sequence[str], among: set[int]) -> set[int]:
        """Return those of the messages whose From holds an address as a whole, and not as part of a longer one."""
        found = {uid for low, high, text in _sets(among) for uid in self._from(addresses, "{}", low, high, text)}
        if not found or len(addresses) > 1:
            half = len(addresses) // 2
            return self._bare(addresses[:half], found) | self._bare(addresses[half:], found) if found else found
        (address,) = addresses
        longer = (*(char + address for char in _IN_LOCALS), *(address + char for char in _IN_HOSTS))
        return self._these(found, _without(longer))

    def _among(self, uids: set[int], form: str, key: bytes = b"FROM ") -> set[int]:
        return {
            uid for low, high, text in _sets(uids) for uid in self._from(self._addresses, form, low, high, text, key)
        }

    def _from(
        self, addresses: Sequence[str], form: str, low: int, high: int, criteria: bytes, key: bytes = b"FROM "
    ) -> set[int]:
        """Return the UIDs from `low` to `high` whose From holds one of these addresses in this form."""
        terms = [key + quoted(form.format(address)) for address in addresses]
        parts = _short(terms, LONGEST - len(criteria))
        return {uid for some in parts for uid in self._any_of(some, low, high, criteria)}

    def _any_of(self, terms: Sequence[bytes], low: int, high: int, criteria: bytes) -> set[int]:
        self._ready()
        try:
            return set(existing_uids(self._session, low, high, criteria + b" " + either(terms)))
        except MailboxError as error:
            if error.retry_after is not None or len(terms) == 1:
                raise
        # Some servers take fewer terms than others.
        half = len(terms) // 2
        return self._any_of(terms[:half], low, high, criteria) | self._any_of(terms[half:], low, high, criteria)

    def _these(self, uids: set[int], criteria: bytes) -> set[int]:
        found: set[int] = set()
        for low, high, text in _sets(uids):
            self._ready()
            found |= set(existing_uids(self._session, low, high, text + criteria))
        return found

    def _find_wide(self, low: int, high: int, criteria: bytes) -> set[int]:
        """Return the UIDs whose From holds one of the addresses that aren't ASCII, none if the server can't tell."""
        found: set[int] = set()
        for address in self._wide:
            self._ready()
            found |= set(uids_with_text(self._session, low, high, criteria + b" FROM", f"<{address}>"))
        return found


def _sets(uids: set[int]) -> Iterator[tuple[int, int, bytes]]:
    """Yield UIDs in sets as (lowest, highest, criterion)."""
    for one in sets_of(sorted(uids), min(uids, default=0), max(uids, default=0), MOST):
        yield one.low, one.high, b" UID " + one.text


def _short(terms: Sequence[bytes], most: int) -> Iterator[list[bytes]]:
    """Yield the terms in lists of up to `most` octets, joined by OR."""
    some: list[bytes] = []
    length = 0
    for term in terms:
        if some and length + len(term) > most:
            yield some
            some, length = [], 0
        some.append(term)
        length += len(term) + len(b"OR  ")
    if some:
        yield some
