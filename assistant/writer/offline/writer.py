"""The offline writer: drafts and briefs by rules, from the same evidence and playbooks as a model gets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.core.evidence.dossier import Words
from assistant.core.evidence.hard_checks import ground
from assistant.writer.offline.brief import brief
from assistant.writer.offline.draft import draft, draft_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.evidence.dossier import Dossier


class OfflineWriter:
    """Finds words without a model and without the network; the same dossier always gives the same words."""

    def words(self, dossiers: Sequence[Dossier]) -> dict[str, Words]:
        """Return grounded words by handle; empty for no dossiers."""
        return words_by_rules(dossiers)

    def by_rules(self, dossiers: Sequence[Dossier]) -> dict[str, Words]:
        """Return the same."""
        return words_by_rules(dossiers)

    def remarks(self) -> tuple[str, ...]:
        """Return nothing: no model was asked for."""
        return ()

    def show_prompt(self, dossier: Dossier) -> str:
        """Return nothing: nothing is sent for anybody."""
        del dossier
        return ""


def words_by_rules(dossiers: Sequence[Dossier]) -> dict[str, Words]:
    """Return grounded words by handle, each person's by rules."""
    return {dossier.person.handle: offline_words(dossier) for dossier in dossiers}


def offline_words(dossier: Dossier, remark: str | None = None) -> Words:
    """Return draft and brief for one person; `remark` says why no model was used."""
    subject, sentences = draft(dossier)
    # Checked in the language it is written in, which is English where the two write in one this writer has not.
    checked_in = replace(dossier, language=draft_language(dossier))
    return ground(Words(subject, sentences, brief(dossier), "offline", remark), checked_in)
