"""Reads the check set: people with their evidence, sentences that are true of it, and false ones (docs/writer.md)."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assistant.core.evidence.courtesy import needs_verdict
from assistant.core.evidence.dossier import Dossier, Evidence, Sentence
from assistant.core.evidence.hard_checks import check
from assistant.core.evidence.novelty import loud
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
    across: bool = False
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


@dataclass
class Figures:
    """What came of a set. Shares are of all true or all false sentences unless they say otherwise."""

    true: int = 0
    false: Counter[str] = field(default_factory=Counter)
    lost: list[tuple[str, str]] = field(default_factory=list)
    """True sentences that a hard check dropped, each with the check."""
    caught: Counter[str] = field(default_factory=Counter)
    marked: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, str]] = field(default_factory=list)
    """False sentences neither dropped nor marked where there is no verifier, each with its fault."""
    judged_true: int = 0
    judged_false: int = 0
    """Sentences that a verifier gets to see."""
    own_language: int = 0
    marked_true: list[str] = field(default_factory=list)
    """True sentences in the language of their evidence that are marked without a verifier, and how many there are."""

    @property
    def lost_share(self) -> float:
        return len(self.lost) / self.true

    @property
    def caught_share(self) -> float:
        return sum(self.caught.values()) / self.false.total()

    @property
    def caught_or_marked_share(self) -> float:
        return (self.caught.total() + self.marked.total()) / self.false.total()

    @property
    def marked_true_share(self) -> float:
        return len(self.marked_true) / self.own_language if self.own_language else 0.0

    def with_verifier(self, right_on_false: float = 0.9, right_on_true: float = 0.97) -> tuple[float, float]:
        """The shares of false sentences caught and of true ones lost with a verifier that is right so often.

        Scripted: the same draws each time, a hundred verifiers long, so that the figure is that of a usual one.
        """
        chance = random.Random(7)  # noqa: S311 -- the same verifiers each time
        rounds = 100
        caught = sum(chance.random() < right_on_false for _ in range(rounds * self.judged_false)) / rounds
        lost = sum(chance.random() >= right_on_true for _ in range(rounds * self.judged_true)) / rounds
        return (self.caught.total() + caught) / self.false.total(), (len(self.lost) + lost) / self.true


def measure(rows: list[Labelled]) -> Figures:
    """Put every sentence of a set to the checks."""
    figures = Figures()
    for row in rows:
        reason = check(row.sentence, row.dossier, brief=row.brief)
        judged = reason is None and needs_verdict(row.sentence, row.dossier)
        marked = judged and loud(row.sentence, row.dossier)
        if row.fault:
            figures.false[row.fault] += 1
            figures.caught[row.fault] += reason is not None
            figures.marked[row.fault] += marked
            figures.judged_false += judged
            if reason is None and not marked:
                figures.missed.append((row.fault, row.sentence.text))
            continue
        figures.true += 1
        figures.judged_true += judged
        figures.own_language += not row.across
        if reason:
            figures.lost.append((reason, row.sentence.text))
        elif marked and not row.across:
            figures.marked_true.append(row.sentence.text)
    return figures
