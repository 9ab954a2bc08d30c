"""The offline writer: drafts and briefs by rules, from the same evidence and playbooks as a model gets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.core.evidence.dossier import Words
from assistant.core.evidence.hard_checks import ground
from assistant.writer.offline.brief import brief
from assistant.writer.offline.choose import family, has_draft
from assistant.writer.offline.phrase import Week, draft
from assistant.writer.offline.voice import formal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.evidence.dossier import Dossier


class OfflineWriter:
    """Finds words without a model and without the network; the same dossiers always give the same words."""

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
    """Return grounded words by handle. No two of these drafts share a sentence or a win."""
    week = Week()
    # An advocate's letter is the poorest without news, so the wins are theirs first.
    first = sorted(dossiers, key=lambda dossier: family(dossier) != "advocate")
    found = {dossier.person.handle: offline_words(dossier, week=week) for dossier in first}
    return {dossier.person.handle: found[dossier.person.handle] for dossier in dossiers}


def offline_words(dossier: Dossier, remark: str | None = None, *, week: Week | None = None) -> Words:
    """Return draft and brief for one person; `remark` says why no model was used.

    Where the two write in a language without phrases there is a brief only: no subject and no sentences.
    """
    dossier = replace(dossier, formal=formal(dossier))
    subject, sentences = draft(dossier, week or Week()) if has_draft(dossier) else ("", ())
    words = Words(subject, sentences, brief(dossier), "offline", remark)
    return ground(words, dossier)
