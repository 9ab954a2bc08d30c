"""What a brief takes from the role's playbook: how to prepare, complaints, topics, tone, and what never to write.

They're the words of the config or ours, no claims about anybody, so no check is made of them (docs/writer.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.core.evidence.dossier import Sentence
from assistant.core.language.phrases import Phrases
from assistant.core.people.roles import BUILT_IN, family, in_language

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier


def playbook_lines(dossier: Dossier) -> tuple[Sentence, ...]:
    """Return a line for each of the role's fields that has words, in the owner's language; empty without a role."""
    if dossier.playbook is None:
        return ()
    role = in_language(dossier.playbook, dossier.owner_language)
    lines = (
        ("preparation", role.preparation),
        ("complaints", _peer(dossier) or role.complaints),
        ("topics", "; ".join(role.topics)),
        ("tone", role.tone),
        ("avoid", "; ".join(role.never)),
    )
    return tuple(Sentence(heading, text) for heading, text in lines if text)


def own_topics(dossier: Dossier) -> tuple[str, ...]:
    """Return the topics that the owner wrote for this role; empty for the built-in ones."""
    role = dossier.playbook
    if role is None or (role.name in BUILT_IN and role.topics == BUILT_IN[role.name].topics):
        return ()
    return role.topics


def _peer(dossier: Dossier) -> str:
    """Return what is known of a mentor: whether they are a peer to complain to. "" for not known."""
    if dossier.peer is None or family(dossier.person.role, dossier.playbook) != "mentor":
        return ""
    phrases = Phrases(dossier.owner_language)
    return phrases("complaints.peer" if dossier.peer else "complaints.no-peer")
