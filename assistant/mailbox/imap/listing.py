"""The folders a server lists, and how it spells their names (RFC 3501, 5.1.3 and 7.2.2).

Names should be modified UTF-7. Some servers send names that aren't (`A&B`, or plain UTF-8). Such a name is shown as it
came and sent back as it came. An entry that can't be read is left out, and the others stay.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from imapclient.exceptions import IMAPClientError
from imapclient.imap_utf7 import decode as from_utf7
from imapclient.imap_utf7 import encode as to_utf7
from imapclient.response_parser import parse_response

from assistant.mailbox.imap.folder_names import Listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

log = logging.getLogger(__name__)


class WireNames:
    """Folder names as they are sent over the line. Remembers those that the server spells in its own way."""

    def __init__(self) -> None:
        self._odd: dict[str, bytes] = {}
        self._listed: frozenset[str] = frozenset()

    def decoded(self, raw: bytes) -> str:
        """Return a name as it is shown to people, and remember how the server spells it."""
        name = _decoded(raw)
        if to_utf7(name) != raw:
            self._odd[name] = raw
        return name

    def quoted(self, name: str) -> bytes:
        """Return a name as a quoted string, spelled as the server spells it."""
        raw = self._odd.get(name) or bytes(to_utf7(name))
        return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'

    def may_be_odd(self, name: str) -> bool:
        """Return whether the server may spell a name differently, judging before any LIST."""
        return name not in self._listed and ("&" in name or not name.isascii())

    def listed(self, responses: Iterable[Any]) -> tuple[Listed, ...]:
        """Return the folders in LIST responses as imaplib gives them, without those that can't be read."""
        found: dict[str, Listed] = {}
        # Two names may look the same once decoded. Odd ones come first, so that the proper one replaces them.
        for flags, separator, raw in sorted(_parsed(responses), key=_is_odd, reverse=True):
            name = self.decoded(raw)
            if not _is_odd((flags, separator, raw)):
                self._odd.pop(name, None)
            found[name] = _listed(flags, separator, name)
        self._listed = frozenset(found)
        return tuple(found.values())


def _parsed(responses: Iterable[Any]) -> Iterator[tuple[Any, Any, bytes]]:
    """Yield flags, separator and undecoded name of each response."""
    for entry in _entries(responses):
        try:
            flags, separator, name = parse_response(entry)[:3]
            # imapclient gives a name of digits as a number.
            raw = name if isinstance(name, bytes) else str(int(name)).encode("ascii")
        except (IMAPClientError, ValueError, TypeError):
            log.warning("a folder in the server's list could not be read and is left out")
            continue
        yield flags, separator, raw


def _is_odd(entry: tuple[Any, Any, bytes]) -> bool:
    return bool(to_utf7(_decoded(entry[2])) != entry[2])


def _decoded(raw: bytes) -> str:
    try:
        name = str(from_utf7(raw)) if raw.isascii() else raw.decode("utf-8")
        name.encode("utf-8")  # raises for half a character, which could be stored nowhere
    except UnicodeError:
        return raw.decode("latin-1")
    return name


def _entries(responses: Iterable[Any]) -> Iterator[list[Any]]:
    # imaplib gives a name sent as a literal as (line, literal) and the rest, so the pieces are joined again.
    entry: list[Any] = []
    for piece in responses:
        if piece:
            entry.append(piece)
        if entry and not isinstance(piece, tuple):
            yield entry
            entry = []


def _listed(flags: Any, separator: Any, name: str) -> Listed:
    words = flags if isinstance(flags, tuple) else ()
    return Listed(
        name,
        frozenset(flag.decode("ascii", "replace").lower() for flag in words if isinstance(flag, bytes)),
        separator.decode("ascii", "replace") if isinstance(separator, bytes) else "",
    )
