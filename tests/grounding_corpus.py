"""Reads the labelled set: people with their evidence, clean drafts, and drafts with one planted falsehood."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.evidence.build import LastFact, NoteFact, OwnMail, PersonFacts, build_dossier
from assistant.core.evidence.dossier import Sentence
from assistant.core.people.roles import BUILT_IN
from assistant.core.people.roster import Person
from tests.sentence_corpus import Labelled

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier

FOLDER = Path(__file__).parent / "corpus"


def dossier_of(row: dict[str, Any]) -> Dossier:
    """The dossier of one person of the set; all of them are seen on 16 March 2026."""
    until = date.fromisoformat(row["until"]) if row.get("until") else None
    last = row["last"] and LastFact(date.fromisoformat(row["last"][0]), row["last"][1], row["last"][2])
    person = Person(row["id"], row["name"], row["role"], goal=row.get("goal"), until=until)
    facts = PersonFacts(
        person=replace(person, role="advocate"),  # whose dossier holds every win: the set's numbers count on them
        role=BUILT_IN[row["role"]],
        today=date(2026, 3, 16),
        week="2026-W12",
        owner_name="Priya Patel",
        language=row["language"] if row["language"] == "de" else "en",
        goals=row["goals"],
        wins=[_note(note) for note in row["wins"]],
        notes=[_note(note) for note in row["notes"]],
        last=last or None,
        mails=[OwnMail(date.fromisoformat(on), subject, text) for on, subject, text in row["mails"]],
        overdue_days=row["overdue"],
        cadence_days=row["cadence"],
    )
    built = build_dossier(facts)
    first = replace(built.evidence[0], text=built.evidence[0].text.replace("role: advocate", f"role: {person.role}"))
    return replace(built, person=replace(built.person, role=person.role), evidence=(first, *built.evidence[1:]))


def _note(row: dict[str, str]) -> NoteFact:
    return NoteFact(date.fromisoformat(row["day"]), row["kind"], row["text"], row["verb"])


def people() -> dict[str, Dossier]:
    rows = json.loads((FOLDER / "grounding_people.json").read_text())
    return {row["id"]: dossier_of(row) for row in rows}


def drafts() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / "grounding.jsonl").read_text().splitlines()]


def sentence(row: dict[str, Any]) -> Sentence:
    return Sentence(row["kind"], row["text"], tuple(row["evidence"]), row["quote"])


def labelled() -> list[Labelled]:
    """Every sentence of the set that says something; those of a false draft that are true are in the clean ones too."""
    known, rows = people(), []
    for draft in drafts():
        for index, row in enumerate(draft["sentences"]):
            if draft["label"] == "clean" or index == draft["planted"]:
                fault = "" if draft["label"] == "clean" else draft["fault"]
                rows.append(Labelled(draft["person"], known[draft["person"]], sentence(row), brief=False, fault=fault))
    return rows
