"""The owner's mailbox as a Maildir on this machine, in the Maildir++ layout (INBOX at the root, `.Sent`, `.Drafts`)."""

from __future__ import annotations

import itertools
import logging
import os
import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from imapclient.imap_utf7 import decode as from_utf7
from imapclient.imap_utf7 import encode as to_utf7

from assistant.core.language.translation import Translatable
from assistant.core.mail.message import Cursor, Locator
from assistant.errors import AssistantError, UserError
from assistant.mailbox.imap.folder_names import Listed, choose_folders
from assistant.mailbox.imap.sent_like import with_older_mail
from assistant.mailbox.maildir_folder import UIDVALIDITY, MaildirFolder, flag_letters, uid_of
from assistant.mailbox.maildir_received import answered_in, read_received
from assistant.mailbox.whole_messages import READ, body, crlf

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from assistant.config import MailboxConfig
    from assistant.core.mail.message import Batch, Body, Folders, Senders

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
# Levels of folders within folders that are listed.
DEEPEST = 4
_numbers = itertools.count(1)


class MaildirMailbox:
    """Fits the Mailbox port. Only `append` and `remove_draft` change anything; messages stay where they are.

    A UID is a hash of the unique part of a file name, which stays the same when flags change or the file moves within
    the Maildir. All methods raise UserError with one sentence if the files can't be read or written.
    """

    def __init__(self, config: MailboxConfig) -> None:
        """`config.path` is the Maildir. It is first looked at when it is needed."""
        if config.path is None:
            raise UserError("A mailbox of kind maildir needs its path in config.toml under [mailbox].")
        self._config = config
        self._root = config.path
        self._known: dict[str, MaildirFolder] = {}
        self._folders: Folders | None = None

    def folders(self) -> Folders:
        """Return Sent, Drafts and INBOX, by the config or by known names. Raises UserError if Sent is not found."""
        if self._folders is None:
            with self._local():
                paths = self._paths()
            listed = [Listed(name, frozenset(), "/" if "/" in name else ".") for name in paths]
            chosen = choose_folders(listed, "", self._config, self._newest, self._count)
            self._folders = with_older_mail(chosen, listed, "", self._config.archive_folders)
        return self._folders

    def stream(
        self, folder: str, cursor: Cursor | None, seen: Callable[[], frozenset[int]], since: datetime | None
    ) -> Iterator[Batch]:
        """Yield what is not `seen` in `folder`, in batches of at most 5,000, oldest file name first.

        The cursor's `modseq` holds the epoch second before which files are left out. It is set at the first read.
        """
        with self._local():
            yield from self._folder(folder).stream(cursor, seen, since)

    def received(self, folder: str, cursor: Cursor | None, senders: Senders, since: datetime | None) -> Iterator[Batch]:
        """Yield the headers of mail from these senders, and of reports of mail that came back.

        Of all other files only the header is read, and nothing of it kept. Yields nothing if there is no such folder.
        """
        if folder not in self._paths():
            return  # not every Maildir has an INBOX
        with self._local():
            yield from read_received(self._folder(folder), cursor, senders, since)

    def answered_by_others(self, message_ids: Sequence[str], owner: Collection[str], since: datetime) -> frozenset[str]:
        """Return which of these messages a received one answers that isn't the owner's or automatic."""
        folders = [name for name in self.folders().received if name in self._paths()]
        with self._local():
            found = [answered_in(self._folder(name), message_ids, owner, since) for name in folders]
        return frozenset().union(*found) if folders else frozenset(message_ids)

    def bodies(self, locators: Sequence[Locator]) -> Iterator[Body]:
        """Yield text, HTML and calendar parts, 64 KiB of each. Messages that are gone are skipped."""
        for locator in locators:
            with self._local():
                data = self._folder(locator.folder).read(locator, READ)
            if data is not None:
                yield body(locator, data)

    def find(self, folder: str, message_id: str) -> tuple[Locator, ...]:
        """Return where messages with exactly this Message-ID lie; empty if there are none. Headers are cached."""
        with self._local():
            return self._folder(folder).find(message_id.strip().removeprefix("<").removesuffix(">"))

    def find_marked(self, folder: str, field: str, value: str, since: datetime | None = None) -> tuple[Locator, ...]:
        """Return where messages lie whose header field contains `value`; empty if there are none, or no such folder."""
        if folder not in self._paths():
            return ()
        with self._local():
            return self._folder(folder).find_marked(field, value, since)

    def raw(self, locator: Locator, limit: int) -> bytes | None:
        """Return the whole message with CRLF, or None if it is gone or larger than `limit` octets."""
        with self._local():
            data = self._folder(locator.folder).read(locator, limit + 1)
        if data is None or len(data) > limit:
            return None
        return crlf(data)

    def append(self, folder: str, message: bytes, flags: tuple[str, ...], at: datetime) -> Locator | None:
        """Put a message into `folder`, which is made if it is missing. A crash leaves the whole message or nothing."""
        with self._local():
            path = self._folder(folder, make=True).path
            # cr.yp.to/proto/maildir.html wants a name that no other delivery of this machine or second can have.
            unique = f"{int(at.timestamp())}.M{time.time_ns() % 10**9}P{os.getpid()}Q{next(_numbers)}.{_host()}"
            letters = flag_letters(flags)
            # Only names in `cur` can carry flags. Without any, it goes to `new`, so that mail programs show it as new.
            target = path / "cur" / f"{unique}:2,{letters}" if letters else path / "new" / unique
            _write(path / "tmp" / unique, target, message.replace(b"\r\n", b"\n"), at.timestamp())
        return Locator(folder, UIDVALIDITY, uid_of(unique))

    def remove_draft(self, locator: Locator, message_id: str) -> bool:
        """Remove our own draft if it still has this Message-ID and the flag D. Return whether it was there."""
        with self._local():
            return self._folder(locator.folder).remove_draft(locator, message_id.strip("<> "))

    def wait(self, seconds: float) -> bool:
        """Look at Sent once a second, for up to `seconds`. Return whether files came or went."""
        folders = [self._folder(name) for name in self.folders().all_sent]
        until = time.monotonic() + seconds
        with self._local():
            before = [folder.stamp() for folder in folders]
            while (left := until - time.monotonic()) > 0:
                time.sleep(min(left, LOOK_EVERY))
                if [folder.stamp() for folder in folders] != before:
                    return True
        return False

    def within(self, seconds: float | None) -> None:
        """Do nothing: a disk answers or fails, so it needs no time limit."""

    def close(self) -> None:
        """Do nothing: no file is kept open."""

    def _folder(self, name: str, *, make: bool = False) -> MaildirFolder:
        """Return the folder, raising UserError if there is none and `make` is off."""
        if name not in self._known:
            path = self._paths().get(name)
            if path is None and not make:
                raise UserError('The Maildir {root} has no folder "{name}".', root=self._root, name=name)
            self._known[name] = MaildirFolder(name, path or self._make(name))
        return self._known[name]

    def _paths(self) -> dict[str, Path]:
        """Return the folders by name: the root is INBOX, `.A.B` is `A.B`, and folders within folders are `A/B`."""
        if not self._root.is_dir():
            raise UserError(
                "There is no Maildir at {root}; check path under [mailbox] in config.toml.", root=self._root
            )
        found = {"INBOX": self._root} if (self._root / "cur").is_dir() else {}
        return found | dict(_below(self._root, "", DEEPEST))

    def _make(self, name: str) -> Path:
        # The name may come from the config, and must not lead out of the Maildir.
        encoded = bytes(to_utf7(name)).decode("ascii").replace("/", ".").replace("\0", "")
        path = self._root if name == "INBOX" else self._root / f".{encoded}"
        for part in ("tmp", "new", "cur"):
            (path / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def _count(self, name: str) -> int:
        with self._local():
            return sum(1 for _ in self._folder(name).entries())

    def _newest(self, name: str) -> int:
        # Delivery time is in the file's name (epoch seconds), so no file has to be opened for it.
        with self._local():
            return max((entry.order[0] for entry in self._folder(name).entries()), default=0)

    @contextmanager
    def _local(self) -> Iterator[None]:
        try:
            yield
        except AssistantError:
            raise
        except OSError as error:
            raise UserError(
                "The Maildir {root} could not be read or written: {strerror}.",
                root=self._root,
                strerror=error.strerror or Translatable("input/output error"),
            ) from error


def _below(folder: Path, prefix: str, depth: int) -> Iterator[tuple[str, Path]]:
    """Yield the Maildirs below a folder by name. mbsync's styles Maildir++, Verbatim and Legacy are all understood."""
    for path in sorted(folder.iterdir()):
        if path.name in {"cur", "new", "tmp"} or not path.is_dir():
            continue
        name = prefix + _decoded(path.name.removeprefix("."))
        if (path / "cur").is_dir():
            yield name, path
        if depth:
            yield from _below(path, f"{name}/", depth - 1)


def _write(temporary: Path, target: Path, message: bytes, at: float) -> None:
    # Programs read `cur` and `new` at any time, so a file gets its final name only once it is safe on the disk.
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        # The modification time stands for IMAP's INTERNALDATE.
        os.utime(temporary, (at, at))
        temporary.rename(target)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    # Without this a power failure may lose the rename, and the outbox already counts the message as delivered.
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _host() -> str:
    # A file name must work under any locale, and a slash or colon in it would break the Maildir format.
    name = socket.gethostname().encode("ascii", "replace").decode()
    return name.replace("/", "\\057").replace(":", "\\072").replace("?", "_") or "localhost"


def _decoded(name: str) -> str:
    try:
        return str(from_utf7(name.encode("ascii")))
    except (UnicodeError, ValueError):
        return name
