"""Hand-written fakes for the ports; mypy checks that they fit the Protocols."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from typing import TYPE_CHECKING, NoReturn

from assistant.core.mail.message import Batch, Body, Cursor, Folders, Header, Instant, Locator, Senders
from assistant.core.replies.reading.read_orders import Around, ReadOrder
from assistant.mailbox.whole_messages import calendars
from assistant.writer.offline.writer import words_by_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime

    from assistant.core.evidence.dossier import Dossier, Words
    from assistant.core.replies.reading.read_orders import PlacedLine, Read
    from assistant.rounds.ports import Mailbox, Reader, Transport, Writer
    from assistant.writer.model.cache import Completion


@dataclass
class FakeMailbox:
    """A mailbox in memory: `put` fills it, `fail` scripts the errors of the next appends."""

    messages: dict[Locator, tuple[bytes, frozenset[str], datetime]] = field(default_factory=dict)
    fail: list[Exception | None] = field(default_factory=list)
    appended: list[tuple[str, bytes, tuple[str, ...]]] = field(default_factory=list)
    closed: bool = False
    numbers: list[int] = field(default_factory=list)

    def put(self, folder: str, message: bytes, at: datetime, flags: tuple[str, ...] = ()) -> Locator:
        self.numbers.append(0)  # never given twice, even where a message was removed
        locator = Locator(folder, 1, len(self.numbers))
        self.messages[locator] = (message, frozenset(flags), at)
        return locator

    def folders(self) -> Folders:
        return Folders("INBOX", "Sent", "Drafts")

    def stream(
        self, folder: str, cursor: Cursor | None, seen: Callable[[], frozenset[int]], since: datetime | None
    ) -> Iterator[Batch]:
        del seen
        last = cursor.last_uid if cursor else 0
        new = {
            locator: stored
            for locator, stored in self.messages.items()
            if locator.folder == folder and locator.uid > last and (since is None or stored[2] >= since)
        }
        if new:
            headers = tuple(
                Header(
                    locator,
                    raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n",
                    Instant.of(at),
                    len(raw),
                    flags,
                    *calendars(raw),
                )
                for locator, (raw, flags, at) in new.items()
            )
            yield Batch(headers, Cursor(1, max(locator.uid for locator in new)), len(headers))

    def received(self, folder: str, cursor: Cursor | None, senders: Senders, since: datetime | None) -> Iterator[Batch]:
        wanted = {*senders.known, *senders.new}
        for batch in self.stream(folder, None if senders.new else cursor, frozenset, since):
            theirs = tuple(header for header in batch.headers if _sender(header.header) in wanted)
            yield replace(batch, headers=theirs, total=len(theirs))

    def answered_by_others(self, message_ids: Sequence[str], owner: Collection[str], since: datetime) -> frozenset[str]:
        heads = [
            BytesHeaderParser().parsebytes(raw.partition(b"\r\n\r\n")[0])
            for locator, (raw, _, at) in self.messages.items()
            if locator.folder == "INBOX" and at >= since
        ]
        said = [
            f"{head.get('In-Reply-To', '')} {head.get('References', '')}"
            for head in heads
            if "auto" not in head.get("Auto-Submitted", "") and parseaddr(head.get("From", ""))[1].lower() not in owner
        ]
        return frozenset(one for one in message_ids if any(f"<{one}>" in text for text in said))

    def bodies(self, locators: Sequence[Locator]) -> Iterator[Body]:
        for locator in locators:
            if locator in self.messages:
                message = message_from_bytes(self.messages[locator][0])
                payload = message.get_payload(decode=True)
                yield Body(locator, payload.decode() if isinstance(payload, bytes) else "", "")

    def find(self, folder: str, message_id: str) -> tuple[Locator, ...]:
        return tuple(
            locator
            for locator, (raw, _, _) in self.messages.items()
            if locator.folder == folder
            and f"message-id: <{message_id.lower()}>".encode() in raw.lower().replace(b"\r\n ", b" ")
        )

    def find_marked(self, folder: str, field: str, value: str, since: datetime | None = None) -> tuple[Locator, ...]:
        def marked(raw: bytes) -> bool:
            found = BytesHeaderParser().parsebytes(raw.partition(b"\r\n\r\n")[0]).get_all(field) or []
            return value.casefold() in " ".join(" ".join(found).split()).casefold()

        day = since - timedelta(days=1) if since else None
        return tuple(
            locator
            for locator, (raw, _, at) in self.messages.items()
            if locator.folder == folder and (day is None or at >= day) and marked(raw)
        )

    def raw(self, locator: Locator, limit: int) -> bytes | None:
        found = self.messages.get(locator)
        return found[0] if found and len(found[0]) <= limit else None

    def append(self, folder: str, message: bytes, flags: tuple[str, ...], at: datetime) -> Locator | None:
        error = self.fail.pop(0) if self.fail else None
        if error:
            raise error
        self.appended.append((folder, message, flags))
        return self.put(folder, message, at, flags)

    def remove_draft(self, locator: Locator, message_id: str) -> bool:
        del message_id
        return self.messages.pop(locator, None) is not None

    def wait(self, seconds: float) -> bool:
        del seconds
        return False

    def within(self, seconds: float | None) -> None:
        del seconds

    def close(self) -> None:
        self.closed = True


def _sender(header: bytes) -> str:
    return parseaddr(BytesHeaderParser().parsebytes(header).get("From", ""))[1].lower()


@dataclass
class FakeTransport:
    """A way out that keeps what it takes; `fail` scripts the errors of the next calls, `taken` says if it was kept."""

    fail: list[tuple[Exception, bool] | None] = field(default_factory=list)
    sent: list[tuple[str, str, bytes]] = field(default_factory=list)
    arrives: Callable[[bytes], object] | None = None

    def send(self, mail_from: str, rcpt_to: str, message: bytes) -> None:
        trouble = self.fail.pop(0) if self.fail else None
        if trouble is None or trouble[1]:
            self.sent.append((mail_from, rcpt_to, message))
            if self.arrives:
                self.arrives(message)
        if trouble:
            raise trouble[0]

    def check(self) -> None:
        if self.fail and self.fail[0]:
            raise self.fail[0][0]


@dataclass
class FakeWriter:
    """A writer that gives back what it was given, by handle."""

    answers: dict[str, Words] = field(default_factory=dict)
    asked: list[Dossier] = field(default_factory=list)

    def words(self, dossiers: Sequence[Dossier]) -> dict[str, Words]:
        self.asked.extend(dossiers)
        return {d.person.handle: self.answers[d.person.handle] for d in dossiers}

    def by_rules(self, dossiers: Sequence[Dossier]) -> dict[str, Words]:
        return words_by_rules(dossiers)

    def remarks(self) -> tuple[str, ...]:
        return ()

    def show_prompt(self, dossier: Dossier) -> str:
        return f"prompt for {dossier.person.handle}"


@dataclass
class FakeReader:
    """Somebody who reads plain words: what it was told to make of each line, resting on all of it."""

    orders: dict[str, tuple[str | ReadOrder, ...]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    around: Around = field(default_factory=Around)

    def read(self, lines: Sequence[PlacedLine], around: Around) -> Read:
        self.asked.extend(text for text, _place in lines)
        self.around = around
        return {line: tuple(self._orders(line[0])) for line in lines if line[0] in self.orders}

    def _orders(self, text: str) -> Iterator[ReadOrder]:
        for one in self.orders[text]:
            yield one if isinstance(one, ReadOrder) else ReadOrder(one, text, "happened")


class BlowUp:
    """A port that must not be touched: any use of it fails the test."""

    def __getattr__(self, name: str) -> NoReturn:
        message = f"nothing should have happened, but {name} was asked for"
        raise AssertionError(message)


if TYPE_CHECKING:
    _mailbox: Mailbox = FakeMailbox()
    _transport: Transport = FakeTransport()
    _writer: Writer = FakeWriter()
    _reader: Reader = FakeReader()


class MemoryCache:
    """A cache that keeps answers for as long as it lives, for tests."""

    def __init__(self) -> None:
        self.kept: dict[str, Completion] = {}
        self.modes: dict[tuple[str, str], str] = {}

    def get(self, key: str) -> str | None:
        """Return the answer kept under that key."""
        return self.kept[key].words if key in self.kept else None

    def put(self, completion: Completion) -> None:
        """Keep one answer, its tokens added to what the key took before."""
        before = self.kept.get(completion.key)
        if before:
            completion = replace(
                completion,
                words=completion.words if completion.words is not None else before.words,
                prompt_tokens=before.prompt_tokens + completion.prompt_tokens,
                completion_tokens=before.completion_tokens + completion.completion_tokens,
            )
        self.kept[completion.key] = completion

    def used(self, week: str) -> int:
        """Return the tokens of that week."""
        return sum(c.prompt_tokens + c.completion_tokens for c in self.kept.values() if c.week == week)

    def mode(self, base_url: str, model: str) -> str | None:
        """Return how the server took the last request that worked."""
        return self.modes.get((base_url, model))

    def set_mode(self, base_url: str, model: str, mode: str) -> None:
        """Remember how the server took a request."""
        self.modes[base_url, model] = mode
