"""Reads the check set: people with their evidence, sentences that are true of it, and false ones (docs/writer.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assistant.core.evidence.dossier import Dossier, Evidence, Sentence
from assistant.core.people.roles import BUILT_IN
from assistant.core.people.roster import Person

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import EvidenceKind

FOLDER: Final = Path(__file__).parent / "corpus" / "sentences"
_KINDS: Final[dict[str, EvidenceKind]] = {"letter": "message"}


@dataclass(frozen=True)
class Labelled:
    """One sentence of the set: `fault` is what is wrong with it, "" where it is true."""

    person: str
    dossier: Dossier
    sentence: Sentence
    brief: bool
    fault: str
    across: bool
    """Whether it is in another language than the evidence."""


def labelled(folder: Path = FOLDER) -> list[Labelled]:
    """Every sentence of every file, in order."""
    return [row for path in sorted(folder.glob("*.json")) for row in _of_file(path)]


def dossier_of(data: dict[str, Any]) -> Dossier:
    """The dossier of one file, as the rounds would gather it."""
    evidence = tuple(
        Evidence(
            item["number"],
            _KINDS.get(item["kind"], item["kind"]),
            item["text"],
            date.fromisoformat(item["on"]) if item["on"] else None,
        )
        for item in data["evidence"]
    )
    today = date.fromisoformat(data["today"])
    letters = [item.on for item in evidence if item.kind == "message" and item.on]
    last = max(letters, default=None)
    who = data["person"]
    return Dossier(
        person=Person("who", who["name"], who["role"], goal=who["goal"] or None),
        today=today,
        week="2026-W47",
        owner_name=data["owner"],
        language=data["draft_language"],
        evidence=evidence,
        last_contact_on=last,
        last_letter_on=last,
        days_since=(today - last).days if last else None,
        playbook=BUILT_IN[who["role"]],
        formal=data["formal"],
        owner_language=data["draft_language"],
    )


def _of_file(path: Path) -> list[Labelled]:
    data = json.loads(path.read_text(encoding="utf-8"))
    dossier = dossier_of(data)
    across = data["evidence_language"] != data["draft_language"]
    return [
        Labelled(
            path.stem,
            dossier,
            Sentence(row["kind"], row["text"], tuple(row["evidence"]), row["quote"]),
            row["kind"] == "brief",
            row.get("fault", ""),
            across,
        )
        for row in data["true"] + data["false"]
    ]
