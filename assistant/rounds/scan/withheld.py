"""What the server didn't give: it is asked for again in later rounds, and named in one sentence until it comes.

cursor_and_waiting ──> mailbox.stream ──> batch ──> keep: what is unread now, beside the cursor
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.core.language.phrases import Phrases, isolated
from assistant.core.mail.withheld import Unread, count, is_due, joined, tried, unread_after
from assistant.store import facts, folders

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from assistant.config import MailboxConfig
    from assistant.core.language.data_files import Language
    from assistant.core.mail.message import Batch, Cursor, Folders
    from assistant.core.mail.withheld import Span
    from assistant.store.database import Store


# A prefix for the name under which the cursor of received mail is kept. The plain name would be that of sent mail.
RECEIVED = "received "
# The same for the owner's own mail in INBOX.
OWN = "own mail in "


def cursor_and_waiting(store: Store, folder: str, now: int) -> tuple[Cursor | None, tuple[Span, ...]]:
    """Return how far a folder is read, with what to ask for again at `now` (epoch seconds), and what waits for later.

    The cursor's `unread` is None if an earlier version read the folder: all of it is compared with the server then.
    """
    cursor = folders.cursor_of(store, folder)
    if cursor is None:
        return None, ()
    unread = facts.unread(store, folder, cursor.uidvalidity)
    if unread is None:
        # Earlier versions gave messages up after six rounds and didn't note which.
        return replace(cursor, unread=None), ()
    if not is_due(unread, now):
        return cursor, unread.spans
    if unread.spans:
        facts.note(store, folder, cursor.uidvalidity, tried(unread, now))
    return replace(cursor, unread=unread.spans), ()


def keep(store: Store, folder: str, batch: Batch, waiting: Iterable[Span], today: date) -> None:
    """Note what is unread up to a batch's cursor, with what is `waiting`, inside the caller's transaction."""
    validity = batch.cursor.uidvalidity
    before = facts.unread(store, folder, validity)
    given_up = {uid: day for uid, day in before.given_up.items() if uid <= batch.cursor.last_uid} if before else {}
    was = replace(before or Unread(), given_up=given_up)  # those above the cursor are read again
    now = unread_after(was, joined(waiting, batch.cursor.unread or ()), batch.alone, today)
    if now != before:
        facts.note(store, folder, validity, now)


def places(folders: Folders, config: MailboxConfig) -> tuple[str, ...]:
    """Return the names under which all folders and archives that are read are noted."""
    received = [prefix + folder for prefix in (RECEIVED, OWN) for folder in folders.received]
    return (*folders.all_sent, *folders.older, *folders.missing, *map(str, config.archives), *received)


def remarks(store: Store, folders: Iterable[str], language: Language) -> tuple[str, ...]:
    """Return sentences about folders that couldn't be read, or not completely; empty if all was read."""
    # Each once: INBOX is read for two things.
    return tuple(dict.fromkeys(one for folder in folders for one in _remarks(store, folder, Phrases(language))))


def _remarks(store: Store, folder: str, say: Phrases) -> Iterable[str]:
    shown = isolated(folder.removeprefix(RECEIVED).removeprefix(OWN))
    if why := facts.fact(store, _trouble(folder)):
        yield say("remark.folder", folder=shown, why=why)
    cursor = folders.cursor_of(store, folder)
    unread = facts.unread(store, folder, cursor.uidvalidity) if cursor else None
    if unread and unread.spans:
        yield say("remark.unread", count(unread.spans), folder=shown)
    if unread and unread.given_up:
        yield say("remark.given-up", len(unread.given_up), folder=shown)


def note_trouble(store: Store, folder: str, why: str) -> None:
    """Note why a folder couldn't be read, "" if it could."""
    if (facts.fact(store, _trouble(folder)) or "") != why:
        facts.set_fact(store, _trouble(folder), why)


def _trouble(folder: str) -> str:
    return f"trouble {folder}"
