"""Folders beside Sent that hold mail the owner sent: by year, archives, known names in other places.

    below Sent, or a name of Sent with a year (Sent/2019, Gesendet 2024) ─> by_year: surely sent mail, so it's read
    what `archives` names, and all below it ──────────────────────────────> archives: read by the owner's addresses
    archives, names of Sent elsewhere (Archives/2026, Old/Sent) ──────────> not_read: the owner is told of them, once

An archive mostly holds mail of others, and a Sent elsewhere may be somebody else's, so nobody but the owner can say.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.core.language.calendar_words import MONTH_NUMBERS
from assistant.core.mail.message import YearFolder
from assistant.mailbox.imap.folder_names import CONTAINERS, DISCARDED, KNOWN, OTHER_USES, fold

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from assistant.core.mail.message import Folders
    from assistant.mailbox.imap.folder_names import Listed

# Where servers put what other people share (RFC 2342); asking for NAMESPACE would cost a command.
_SHARED = frozenset(
    {"other users", "shared folders", "public folders", "shared", "public", "user", "#shared", "#public"}
)
_ARCHIVE_FLAG = "\\archive"
_CLOSED = OTHER_USES - {_ARCHIVE_FLAG}
_FIRST_YEAR, _LAST_YEAR = 1980, 2099


def with_older_mail(folders: Folders, listed: Sequence[Listed], prefix: str, archives: Sequence[str]) -> Folders:
    """Return the folders with those that older sent mail lies in, or may lie in.

    `prefix` is the one of the personal namespace, `archives` what the config names.
    """
    sent, inbox = folders.all_sent, folders.inbox
    named = {asked: _below(listed, prefix, asked, inbox) for asked in archives}
    archived = {name for found in named.values() for name in found} - {*sent, inbox}
    others = [one for one in listed if one.open and one.name not in {*sent, inbox, folders.drafts}]
    elsewhere = [one for one in others if one.name not in archived and not one.flags & _CLOSED]
    by_year = [YearFolder(one.name, year) for one in elsewhere if (year := _year(one, prefix, sent, inbox))]
    years = {one.name for one in by_year}
    closed = tuple(one.name + one.separator for one in listed if one.flags & _CLOSED)
    may_hold = (one.name for one in elsewhere if one.name not in years and _may_hold_sent_mail(one, prefix))
    return replace(
        folders,
        by_year=tuple(sorted(by_year)),
        archives=tuple(one.name for one in others if one.name in archived),
        missing=tuple(one for one in archives if not named[one]),
        not_read=tuple(sorted(name for name in may_hold if not name.startswith(closed))),
    )


def _below(listed: Sequence[Listed], prefix: str, asked: str, inbox: str) -> set[str]:
    """Return the folder that the owner names and all below it, which mail programs file by year."""
    for name in (asked, prefix + asked):
        if name.casefold() == inbox.casefold():
            return {inbox}  # it's read anyway, by a stricter rule, and everything may lie below it
        found = {one.name for one in listed if one.name == name or one.name.startswith(name + (one.separator or "\0"))}
        if found:
            return found
    return set()


def _year(folder: Listed, prefix: str, sent: Collection[str], inbox: str) -> int:
    """Return the last year in the name of a folder that surely holds sent mail, 0 for any other folder."""
    sep = folder.separator or "\0"
    for parent in sent:
        if folder.name.startswith(parent + sep) and parent.casefold() != inbox.casefold():
            words = _words(folder.name.removeprefix(parent + sep).replace(sep, " "))
            return max(map(_as_year, words), default=0) if all(map(_is_date, words)) else 0
    *inside, name = map(fold, folder.name.removeprefix(prefix).split(sep))
    usual = len(inside) <= 1 and set(inside) <= CONTAINERS
    return max(map(_as_year, _words(name)), default=0) if usual and _undated(name) in _SENT_NAMES else 0


def _may_hold_sent_mail(folder: Listed, prefix: str) -> bool:
    levels = [fold(level) for level in folder.name.removeprefix(prefix).split(folder.separator or "\0")]
    if levels[0] in _SHARED or not DISCARDED.isdisjoint(levels):
        return False
    if folder.flags & {"\\sent", _ARCHIVE_FLAG} or _undated(levels[-1]) in _SENT_NAMES | _ARCHIVE_NAMES:
        return True
    # Archives/2026: a date alone is called what the folder above it is.
    above = [level for level in levels if _undated(level)]
    return levels[-1] not in above and bool(above) and _undated(above[-1]) in _ARCHIVE_NAMES


def _undated(name: str) -> str:
    return " ".join(word for word in _words(name) if not _is_date(word))


def _words(name: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in fold(name)).split()


def _as_year(word: str) -> int:
    year = int(word) if len(word) == len("2019") and word.isascii() and word.isdigit() else 0
    return year if _FIRST_YEAR <= year <= _LAST_YEAR else 0


def _is_date(word: str) -> bool:
    """Return whether a word is a year or a month, in digits or by name (Pine: `sent-mail-feb-2019`)."""
    return bool(_as_year(word)) or word in _MONTHS


_MONTHS = frozenset(
    [
        *(name for months in MONTH_NUMBERS.values() for name in months),
        *(f"{n}" for n in range(1, 13)),
        *(f"{n:02}" for n in range(1, 10)),
    ]
)
_SENT_NAMES = frozenset(map(_undated, KNOWN["sent"]))
_ARCHIVE_NAMES = frozenset(map(_undated, KNOWN["archive"]))
