"""What the rounds need from outside, as Protocols: mailbox, calendars, transport, writer, reader, signatures.

The adapters in `mailbox/` and `writer/` have these shapes without importing them, and tests use the fakes in
`tests/fakes.py`. All methods may raise `UnreachableError` (try again later) or `UserError` (the owner must act), and
nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime

    from assistant.core.contact.calendar_file import CalendarText
    from assistant.core.evidence.dossier import Dossier, Words
    from assistant.core.mail.message import Batch, Body, Cursor, Folders, Locator, Senders
    from assistant.core.replies.outside_mail import Signed
    from assistant.core.replies.reading.read_orders import Around, PlacedLine, Read


class Mailbox(Protocol):
    """The owner's mailbox: IMAP or Maildir. Only `append` and `remove_draft` change anything in it."""

    def folders(self) -> Folders:
        """Return the names of INBOX, Drafts and all folders of sent mail, from the config, SPECIAL-USE or known names.

        Raises UserError if Sent can't be found.
        """
        ...

    def stream(
        self, folder: str, cursor: Cursor | None, seen: Callable[[], frozenset[int]], since: datetime | None
    ) -> Iterator[Batch]:
        """Yield what is new in `folder` above `cursor` in batches of at most 5,000 messages, lowest UID first.

        A folder is read from its start if `cursor` is None or has another UIDVALIDITY; only messages that arrived at
        or after `since` (UTC; None: all) are read then. Each batch carries the cursor that holds once it is stored.

        A cursor's `unread` names what the server didn't give, which is asked for again. If it is None, everything that
        is there and not in `seen` is asked for; `seen` returns the UIDs already stored (Maildir asks every time).

        Yields nothing if nothing is new, with one exception: for an empty folder with a new UIDVALIDITY it yields one
        empty batch, so that the scan can refuse to believe it.
        """
        ...

    def received(self, folder: str, cursor: Cursor | None, senders: Senders, since: datetime | None) -> Iterator[Batch]:
        """Yield the headers of mail in `folder` that `senders` sent, and of reports of mail that came back.

        Nothing of other mail is fetched, and no text: a header, the calendar parts, the delivery-status part of a
        report. Mail of known senders is yielded above `cursor`, mail of new ones from the folder's start; if `cursor`
        is None or has another UIDVALIDITY, all are new. Of that, only what arrived since `since` (UTC; None: all),
        give or take a day.

        Each batch carries the cursor that holds once it is stored. Yields nothing if nothing is new.
        """
        ...

    def answered_by_others(self, message_ids: Sequence[str], owner: Collection[str], since: datetime) -> frozenset[str]:
        """Return which of these Message-IDs (without angle brackets) a received message answers or refers to.

        It may be anybody's, but not one from the `owner` (addresses as they are written in From), one marked as
        automatic, or one that arrived before `since` (UTC). The server searches for it, and nothing is fetched. If it
        can't be searched for, all of them are returned: then nobody can say that there is no answer.
        """
        ...

    def bodies(self, locators: Sequence[Locator]) -> Iterator[Body]:
        """Yield the text and calendar parts of those messages (64 KiB a part), without messages that are gone."""
        ...

    def find(self, folder: str, message_id: str) -> tuple[Locator, ...]:
        """Return the places in `folder` of messages with that Message-ID (without angle brackets)."""
        ...

    def find_marked(self, folder: str, field: str, value: str, since: datetime | None = None) -> tuple[Locator, ...]:
        """Return the places in `folder` of messages whose header field `field` contains `value`, oldest first.

        This finds our own marks on servers that replace the Message-ID. Case doesn't matter, and messages that arrived
        on a day before `since` (None: all) are left out.
        """
        ...

    def raw(self, locator: Locator, limit: int) -> bytes | None:
        """Return the whole message (RFC 5322 bytes), None if it's gone or larger than `limit` bytes."""
        ...

    def append(self, folder: str, message: bytes, flags: tuple[str, ...], at: datetime) -> Locator | None:
        """Put a finished message into `folder`; return its place, None if the server doesn't say.

        Raises InDoubtError if the connection broke after the server may have taken the message.
        """
        ...

    def remove_draft(self, locator: Locator, message_id: str) -> bool:
        """Remove our own draft by UID, only if it still has that Message-ID; return whether it was there."""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait up to `seconds` for news in Sent (with IDLE if the server has it); return whether there is any."""
        ...

    def within(self, seconds: float | None) -> None:
        """Allow all following calls so many seconds together; after that every call raises UnreachableError.

        None lifts the limit. Without it, a server that answers everything slowly could hold up a round for hours.
        """
        ...

    def close(self) -> None:
        """End the session. Never raises."""
        ...


class Calendar(Protocol):
    """A calendar of the owner's, which is only ever read."""

    @property
    def name(self) -> str:
        """Return the name it has in the configuration."""
        ...

    @property
    def place(self) -> str:
        """Return the host or the file's name, never the address."""
        ...

    def read(self, mark: str | None) -> CalendarText:
        """Return what it holds now, without its text if that is as it was at `mark`.

        Raises MailboxError or UserError.
        """
        ...


class Transport(Protocol):
    """SMTP submission."""

    def send(self, mail_from: str, rcpt_to: str, message: bytes) -> None:
        """Hand over one message for one recipient, in at most one DATA transaction.

        Raises RefusedMessageError (5xx: don't try again), UnreachableError (nothing was handed over: try again), or
        InDoubtError (the connection broke after the final dot, so the server may have taken it).
        """
        ...

    def check(self) -> None:
        """Connect and sign in, without sending anything. Raises what `send` would."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long job is: `done` of `total` (None if unknown) `what`s."""

    what: str
    done: int
    total: int | None


class Signatures(Protocol):
    """A checker of DKIM signatures."""

    def of(self, raw: bytes) -> tuple[Signed, ...]:
        """Return the valid signatures of a message. Raises UnreachableError if a key couldn't be fetched."""
        ...


class Reader(Protocol):
    """Reads an owner's plain words as lines of the reply grammar: a language model. It never acts."""

    def read(self, lines: Sequence[PlacedLine], around: Around) -> Read:
        """Return what each line orders, for our own grammar and checks; lines without orders are left out.

        Never raises because of the model.
        """
        ...


class Writer(Protocol):
    """Words drafts and briefs: the offline writer, or a language model with the offline writer behind it."""

    def words(self, dossiers: Sequence[Dossier]) -> dict[str, Words]:
        """Return checked words by handle for every dossier. Never raises because of the model."""
        ...

    def by_rules(self, dossiers: Sequence[Dossier]) -> dict[str, Words]:
        """Return the same without a model: at once, for free, and without anything leaving this machine."""
        ...

    def remarks(self) -> tuple[str, ...]:
        """Return the sentences the digest should say about the last call of `words`; usually empty."""
        ...

    def show_prompt(self, dossier: Dossier) -> str:
        """Return exactly what would be sent to a model for this person, "" if nothing ever is."""
        ...
