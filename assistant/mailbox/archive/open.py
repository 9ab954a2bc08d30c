"""Opens archives, and puts them beside a mailbox.

An archive counts as a folder, named by its path. `WithArchives` lets callers use a locator without knowing if it
belongs to the mailbox or to an archive.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.core.language.translation import Translatable
from assistant.core.mail.address import normal_address
from assistant.core.mail.address_list import sole_sender
from assistant.errors import AssistantError, UserError
from assistant.mailbox.archive.compressed import DAMAGED
from assistant.mailbox.archive.eml import EmlFolder
from assistant.mailbox.archive.mbox import MboxArchive
from assistant.mailbox.maildir_folder import MaildirFolder
from assistant.mailbox.whole_messages import READ, body, crlf

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path
    from typing import Protocol

    from assistant.core.mail.message import Batch, Body, Cursor, Folders, Locator, Senders
    from assistant.mailbox.imap.mailbox import ImapMailbox
    from assistant.mailbox.maildir import MaildirMailbox

    class Archive(Protocol):
        """What every archive can do: the reading half of a mailbox, for one folder."""

        name: str

        def stream(
            self, cursor: Cursor | None, seen: Callable[[], frozenset[int]], since: datetime | None
        ) -> Iterator[Batch]:
            """Yield what is new."""
            ...

        def read(self, locator: Locator, limit: int) -> bytes | None:
            """Return the first `limit` octets of a message, or None if it is gone."""
            ...


class WithArchives:
    """A mailbox with archives beside it. Reading an archive's folder goes to the archive, all else to the mailbox."""

    def __init__(self, mailbox: ImapMailbox | MaildirMailbox, archives: Sequence[Path]) -> None:
        # Nothing is opened yet: an archive that isn't there must not stop the mailbox.
        self._mailbox = mailbox
        self._paths = {str(path): path for path in archives}
        self._opened: dict[str, Archive] = {}

    @property
    def archives(self) -> tuple[str, ...]:
        """The folder names of the archives, which can be streamed like any folder."""
        return tuple(self._paths)

    def folders(self) -> Folders:
        """Return the mailbox's own folders."""
        return self._mailbox.folders()

    def stream(
        self, folder: str, cursor: Cursor | None, seen: Callable[[], frozenset[int]], since: datetime | None
    ) -> Iterator[Batch]:
        """Yield what is new in a folder or an archive. Raises UserError with the reason if an archive can't be read."""
        if folder not in self._paths:
            yield from self._mailbox.stream(folder, cursor, seen, since)
            return
        with _readable():
            yield from self._archive(folder).stream(cursor, seen, since)

    def received(self, folder: str, cursor: Cursor | None, senders: Senders, since: datetime | None) -> Iterator[Batch]:
        """Yield the mail of these senders in a folder, or in an archive, which is read again only for new ones."""
        if folder not in self._paths:
            yield from self._mailbox.received(folder, cursor, senders, since)
            return
        if cursor is not None and not senders.new:
            return
        wanted = frozenset(filter(None, map(normal_address, senders.every)))
        with _readable():
            for batch in self._archive(folder).stream(None, frozenset, since):
                kept = tuple(one for one in batch.headers if one.reports or sole_sender(one.header) in wanted)
                yield replace(batch, headers=kept, total=None)

    def answered_by_others(self, message_ids: Sequence[str], owner: Collection[str], since: datetime) -> frozenset[str]:
        """Return which of these messages a message in the mailbox answers. Archives are not searched."""
        return self._mailbox.answered_by_others(message_ids, owner, since)

    def bodies(self, locators: Sequence[Locator]) -> Iterator[Body]:
        """Yield text, HTML and calendar parts, those of the mailbox first. Messages that are gone are skipped."""
        yield from self._mailbox.bodies([one for one in locators if one.folder not in self._paths])
        for locator in locators:
            if locator.folder in self._paths:
                data = self._read(locator, READ)
                if data is not None:
                    yield body(locator, data)

    def find(self, folder: str, message_id: str) -> tuple[Locator, ...]:
        """Return where messages with this Message-ID are in the mailbox. Archives are not searched."""
        return () if folder in self._paths else self._mailbox.find(folder, message_id)

    def find_marked(self, folder: str, field: str, value: str, since: datetime | None = None) -> tuple[Locator, ...]:
        """Return where messages with this value in a header field are in the mailbox. Archives are not searched."""
        return () if folder in self._paths else self._mailbox.find_marked(folder, field, value, since)

    def raw(self, locator: Locator, limit: int) -> bytes | None:
        """Return the whole message, or None if it is gone or larger than `limit` octets."""
        if locator.folder not in self._paths:
            return self._mailbox.raw(locator, limit)
        data = self._read(locator, limit + 1)
        return None if data is None or len(data) > limit else crlf(data)

    def append(self, folder: str, message: bytes, flags: tuple[str, ...], at: datetime) -> Locator | None:
        """Put a message into the mailbox. Raises UserError for an archive, which is never written to."""
        if folder in self._paths:
            raise UserError("The archive {folder} is never written to.", folder=folder)
        return self._mailbox.append(folder, message, flags, at)

    def remove_draft(self, locator: Locator, message_id: str) -> bool:
        """Remove our own draft from the mailbox. Archives have none."""
        return locator.folder not in self._paths and self._mailbox.remove_draft(locator, message_id)

    def wait(self, seconds: float) -> bool:
        """Wait for news in the mailbox."""
        return self._mailbox.wait(seconds)

    def within(self, seconds: float | None) -> None:
        """Let everything the mailbox does end within `seconds` in all."""
        self._mailbox.within(seconds)

    def close(self) -> None:
        """Close the mailbox."""
        self._mailbox.close()

    def _archive(self, folder: str) -> Archive:
        if folder not in self._opened:
            self._opened[folder] = open_archive(self._paths[folder])
        return self._opened[folder]

    def _read(self, locator: Locator, limit: int) -> bytes | None:
        try:
            with _readable():
                return self._archive(locator.folder).read(locator, limit)
        except UserError:
            return None  # the scan reports it, and a draft can do without this letter


def open_archive(path: Path) -> Archive:
    """Return the archive at `path`: a Maildir, a folder of .eml or .emlx files, or an mbox file.

    Raises UserError if there is nothing at `path`. Its message goes after "… could not be read: ".
    """
    if (path / "cur").is_dir():
        return MaildirFolder(str(path), path)
    if path.is_dir():
        return EmlFolder(path)
    if not path.is_file():
        raise UserError("there is nothing with that name; check archives under [mailbox] in config.toml.")
    return MboxArchive(path)


@contextmanager
def _readable() -> Iterator[None]:
    # The messages go after "… could not be read: ", so they begin in lower case.
    try:
        yield
    except AssistantError:
        raise
    except OSError as error:
        raise UserError("{strerror}.", strerror=error.strerror or Translatable("input/output error")) from error
    except DAMAGED as error:
        raise UserError("its compressed data ends too soon or is broken.") from error
