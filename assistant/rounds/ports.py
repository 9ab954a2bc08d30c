"""What the rounds need from the outside, as Protocols: mailbox, transport, writer.

Adapters in `mailbox/` and `writer/` fit these shapes without importing them; tests use the
hand-written fakes of `tests/fakes.py`. All methods may raise `UnreachableError` (try again later)
or `UserError` (the owner must act); nothing else escapes an adapter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from assistant.core.evidence.dossier import Dossier, Words
    from assistant.core.mail.message import Batch, Body, Cursor, Folders, Locator
    from assistant.core.replies.outside_mail import Signed


class Mailbox(Protocol):
    """The owner's mailbox: IMAP or Maildir. Nothing in it is changed but through `append` and `remove_draft`."""

    def folders(self) -> Folders:
        """Return the names of INBOX, Drafts and all folders of sent mail, by SPECIAL-USE, known names or the config.

        Raises UserError with one sentence where Sent cannot be found.
        """
        ...

    def stream(
        self, folder: str, cursor: Cursor | None, seen: Callable[[], frozenset[int]], since: datetime | None
    ) -> Iterator[Batch]:
        """Yield what is new in `folder` above `cursor` as batches of at most 5,000 messages, oldest UID first.

        `cursor` is None, or of another UIDVALIDITY, for a folder to be read from its start; only messages that
        arrived at or after `since` (UTC; None = all) are read then. Each batch carries the cursor that is true once it
        is stored. What the server did not give stands in its `unread`, and what stands there is asked for again; where
        that is None, what is there and not `seen` is. `seen` gives the UIDs already stored (Maildir asks it each time).
        Yields nothing where nothing is new; but one empty batch, with the new cursor, for a folder of another
        UIDVALIDITY than the cursor's in which nothing lies at all (the scan refuses to take that for the truth).
        """
        ...

    def bodies(self, locators: Sequence[Locator]) -> Iterator[Body]:
        """Yield the text and calendar parts of those messages (64 KiB a part), skipping what is gone."""
        ...

    def find(self, folder: str, message_id: str) -> tuple[Locator, ...]:
        """Return where in `folder` messages with that Message-ID (without angle brackets) lie; empty for none."""
        ...

    def find_marked(self, folder: str, field: str, value: str, since: datetime | None = None) -> tuple[Locator, ...]:
        """Return where in `folder` messages lie whose header field `field` contains `value`, oldest first.

        For a mark of our own where a server rewrote the Message-ID. Case does not count; `since` (None: all) leaves
        out what arrived on an earlier day. Empty for none.
        """
        ...

    def raw(self, locator: Locator, limit: int) -> bytes | None:
        """Return the whole message (RFC 5322 bytes), None where it is gone or larger than `limit` bytes."""
        ...

    def append(self, folder: str, message: bytes, flags: tuple[str, ...], at: datetime) -> Locator | None:
        """Put a finished message into `folder`; return where it lies, None where the server does not say.

        Raises InDoubtError when the line broke after the message may have been taken.
        """
        ...

    def remove_draft(self, locator: Locator, message_id: str) -> bool:
        """Remove our own draft by UID, and only if it still bears that Message-ID; return whether it was there."""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait for news in Sent (IDLE where the server has it) up to `seconds`; return whether something came."""
        ...

    def within(self, seconds: float | None) -> None:
        """Let all that follows take so many seconds together; beyond them every call raises UnreachableError.

        None lifts it. A server that answers everything slowly would otherwise hold a round for hours.
        """
        ...

    def close(self) -> None:
        """End the session; never raises."""
        ...


class Transport(Protocol):
    """The way out: SMTP submission."""

    def send(self, mail_from: str, rcpt_to: str, message: bytes) -> None:
        """Hand over one message for one recipient: one DATA transaction at most.

        Raises RefusedMessageError (5xx: never again), UnreachableError (nothing was handed over: try again),
        InDoubtError (the line broke after the final dot: it may have been taken).
        """
        ...

    def check(self) -> None:
        """Connect and sign in, and send nothing. Raises what `send` would."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long job is: `done` of `total` (None when unknown) `what`s."""

    what: str
    done: int
    total: int | None


class Signatures(Protocol):
    """Whoever checks DKIM signatures."""

    def of(self, raw: bytes) -> tuple[Signed, ...]:
        """Return the signatures of a message that hold. Raises UnreachableError where a key could not be asked for."""
        ...


class Reader(Protocol):
    """Whoever turns an owner's prose into lines of the reply grammar: a language model. It never acts."""

    def read(self, lines: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return by line what it orders, as text that our own grammar reads; lines that give nothing are left out.

        Never raises for a model's sake.
        """
        ...


class Writer(Protocol):
    """Whoever finds the words: the offline writer or a language model with the offline one behind it."""

    def words(self, dossiers: Sequence[Dossier]) -> dict[str, Words]:
        """Return grounded words by handle, for every dossier; empty for none. Never raises for a model's sake."""
        ...

    def by_rules(self, dossiers: Sequence[Dossier]) -> dict[str, Words]:
        """Return the same without a model: at once, at no cost, and nothing leaves this machine."""
        ...

    def remarks(self) -> tuple[str, ...]:
        """Return what the digest should say about the last call of `words` (one sentence each), empty for nothing."""
        ...

    def show_prompt(self, dossier: Dossier) -> str:
        """Return the very bytes that would be sent to a model for this person, "" where nothing ever is."""
        ...
