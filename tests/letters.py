"""Dossiers from the made-up correspondences of tests/corpus/letters: what the evidence side is to find, as it should.

Each file holds an owner, a person, the letters sent, and what a good reader finds in them: greeting, sign-off, topic,
open loops. Only the best loops go into a dossier.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assistant.core.digest.week import week_name
from assistant.core.evidence.dossier import Dossier, Evidence, OpenLoop
from assistant.core.evidence.owner_text import strip_body
from assistant.core.language.days_in_words import day_in_words
from assistant.core.people.roles import BUILT_IN
from assistant.core.people.roster import Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

FOLDER: Final = Path(__file__).parent / "corpus" / "letters"
# What these owners' notes ask for and rule out, as a reader of the notes would say.
_PREFERRED: Final = {
    "03": {"walk"},
    "07": {"call"},
    "31": {"visit"},
    "37": {"call"},
    "41": {"call"},
    "47": {"call"},
}
_FORBIDDEN: Final = {"03": {"drink"}, "31": {"video"}}


def names() -> list[str]:
    """Return the correspondences by file name, in order."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def letter_dossier(name: str, previous: Sequence[str] = (), **changes: Any) -> Dossier:
    """Return the dossier of one correspondence on its Monday; any field may be changed."""
    found = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    owner, person, expected = found["owner"], found["person"], found["expect"]
    today: date = found["today"]["on"]
    alone = [mail for mail in found["sent"] if mail["to"] == [person["address"]] and not mail.get("cc")]
    # The mail-merges to this person alone don't greet as their letters do.
    alone = [mail for mail in alone if expected["greeting"] in mail["body"] or mail is alone[0]]
    last: date = alone[-1]["at"].date()
    notes = found.get("note", [])
    wins = [win for win in found.get("win", []) if win["fits"] and win["on"] >= last]
    best = [loop for loop in found.get("loop", []) if loop["best"]]
    loops = tuple(OpenLoop(one["kind"], one["quote"], found["sent"][one["letter"]]["at"].date()) for one in best)
    met = max((note["on"] for note in notes if note["kind"] == "met"), default=None)
    spoken = met is not None and met > last
    latest = met if met and spoken else last
    rows = [Evidence("", "roster", f"{person['name']}; role: {person['role']}")]
    if person["goal"]:
        rows.append(Evidence("", "goal", f"the goal we share: {person['goal']}"))
    rows.append(
        Evidence("", "contact", f"Last contact: {day_in_words(latest)}; {(today - latest).days} days ago", latest)
    )
    kinds = {"met": "met", "advice": "advice"}
    rows += [Evidence("", kinds.get(note["kind"], "note"), note["text"], note["on"]) for note in notes]  # type: ignore[arg-type]
    rows += [Evidence("", "win", win["text"], win["on"]) for win in wins]
    rows += [Evidence("", "goal", goal) for goal in owner["goals"]]
    rows += [Evidence("", "message", strip_body(mail["body"]), mail["at"].date()) for mail in alone[:-4:-1]]
    rows += [Evidence("", "loop", loop.quote, loop.on) for loop in loops]
    evidence = tuple(replace(row, number=f"E{index}") for index, row in enumerate(rows, 1))
    numbers = {row.text: row.number for row in evidence if row.kind == "loop"}
    dossier = Dossier(
        person=Person(name, person["name"], person["role"], goal=person["goal"] or None),
        today=today,
        week=week_name(today),
        owner_name=owner["name"],
        language=expected["language"],
        evidence=evidence,
        last_contact_on=latest,
        last_subject=alone[-1]["subject"],
        days_since=(today - latest).days,
        overdue_days=1,
        greeting=expected["greeting"] or None,
        sign_off=expected["sign_off"] or None,
        owner_goals=tuple(owner["goals"]),
        wins=tuple(win["text"] for win in wins),
        playbook=BUILT_IN[person["role"]],
        last_kind="met" if spoken else "mail",
        cadence_days=BUILT_IN[person["role"]].cadence_days or 14,
        previous=tuple(previous),
        loops=tuple(replace(loop, number=numbers[loop.quote]) for loop in loops),
        topic=expected["topic"] or None,
        last_letter_on=last,
        inside=person["address"].partition("@")[2] in owner["company_domains"],
        forbidden=frozenset(_FORBIDDEN.get(name[:2], ())),
        preferred=frozenset(_PREFERRED.get(name[:2], ())),
        formal=expected.get("formal", False),
        owner_language=owner["language"],
    )
    return replace(dossier, **changes)
