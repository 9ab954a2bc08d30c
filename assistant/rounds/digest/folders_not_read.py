"""Folders that may hold mail the owner sent and that aren't read: the digest names each once, `doctor` always."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from assistant.core.language.phrases import isolated
from assistant.store import facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.language.phrases import Phrases
    from assistant.core.mail.message import Folders
    from assistant.store.database import Store

_TOLD = "folders told of"
MOST = 5


def new_ones(store: Store, folders: Folders) -> tuple[str, ...]:
    """Return the folders that no digest named yet; empty if there are none."""
    told = json.loads(facts.fact(store, _TOLD) or "[]")
    return tuple(name for name in folders.not_read if name not in told)


def note_told(store: Store, folders: Folders) -> None:
    """Note that a digest names the folders, in its transaction. What was told before stays told."""
    new = new_ones(store, folders)
    if new:
        told = json.loads(facts.fact(store, _TOLD) or "[]")
        facts.set_fact(store, _TOLD, json.dumps([*told, *new], ensure_ascii=False))


def sentence(names: Sequence[str], phrases: Phrases, most: int = MOST) -> tuple[str, ...]:
    """Return the sentence that names up to `most` of these folders, in a tuple; empty if there are none."""
    if not names:
        return ()
    shown = [isolated(name) for name in names[:most]]
    if len(names) > most:
        shown.append(phrases("remark.not-read-more", len(names) - most))
    return (phrases("remark.not-read", len(names), folders=phrases.join(shown)),)
