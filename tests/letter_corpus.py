"""The labelled letters (`corpus/letters`): what an owner sent to one person, and what it leaves open.

Written by hand by somebody who had not seen the code. Each file has the letters with distractions among them, what an
assistant should find, and traps: sentences that look like an open loop and are none.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.digest.week import week_name
from assistant.core.evidence.build import LastFact, NoteFact, OwnMail, PersonFacts, build_dossier
from assistant.core.evidence.owner_text import one_line
from assistant.core.people.roles import BUILT_IN
from assistant.core.people.roster import Person

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from assistant.core.evidence.dossier import Dossier

FOLDER = Path(__file__).parent / "corpus" / "letters"
FEW = 4
_SAME = 0.6
"""The share of the shorter quote's words that two quotes of the same loop have in common."""


@dataclass
class Figures:
    """What came of a set: counts by name, and the misses in words."""

    counts: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def check(self, name: str, where: str, *, wanted: object, found: object) -> None:
        self.counts[name] += wanted == found
        self.counts[f"of {name}"] += 1
        if wanted != found:
            self.misses.append(f"{where}: {name} {found!r}, not {wanted!r}")

    def share(self, name: str) -> float:
        return self.counts[name] / self.counts[f"of {name}"]


def correspondents(folder: Path = FOLDER) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each file's name and content."""
    for path in sorted(folder.glob("*.toml")):
        yield path.stem, tomllib.loads(path.read_text(encoding="utf-8"))


def dossier_of(name: str, told: dict[str, Any]) -> Dossier:
    """Return the dossier that the program makes of one correspondent."""
    who, owner, today = told["person"], told["owner"], told["today"]["on"]
    sent = [mail for mail in _to(told) if _sent_to(mail) <= FEW]
    mails = [OwnMail(m["at"].date(), m["subject"], m["body"], alone=_sent_to(m) == 1) for m in sent]
    newest = max((mail for mail in mails if mail.alone), key=lambda mail: mail.on)
    last = LastFact(newest.on, newest.subject)
    met = max((note["on"] for note in _until(told, "note") if note["kind"] == "met"), default=None)
    if met and met > last.on:
        last = LastFact(met, None, "met")
    return build_dossier(
        PersonFacts(
            person=Person(name, who["name"], who["role"], goal=who["goal"] or None),
            role=BUILT_IN[who["role"]],
            today=today,
            week=week_name(today),
            owner_name=owner["name"],
            language=owner["language"],
            goals=owner["goals"],
            wins=[NoteFact(win["on"], "win", win["text"]) for win in _until(told, "win")],
            notes=[NoteFact(note["on"], _kind(note["kind"]), note["text"]) for note in _until(told, "note")],
            last=last,
            overdue_days=1,
            cadence_days=BUILT_IN[who["role"]].cadence_days or 14,
            mails=mails,
            inside=who["address"].partition("@")[2] in owner["company_domains"],
        )
    )


def names() -> list[str]:
    """Return the correspondences by file name, in order."""
    return [name for name, _ in correspondents()]


def letter_dossier(name: str, previous: Sequence[str] = (), **changes: Any) -> Dossier:
    """Return the dossier of one correspondent on its Monday; any field may be changed."""
    return replace(dossier_of(name, dict(correspondents())[name]), previous=tuple(previous), **changes)


def figures(folder: Path = FOLDER) -> Figures:
    """Return how well the letters of a folder are read."""
    found = Figures()
    for name, told in correspondents(folder):
        dossier, wanted = dossier_of(name, told), told["expect"]
        for end in ("greeting", "sign_off"):
            if wanted[end]:
                found.check(end, name, wanted=_words(wanted[end]), found=_words(getattr(dossier, end) or ""))
        found.check("language", name, wanted=wanted["language"], found=dossier.language)
        found.check("form", name, wanted=wanted.get("formal", False), found=dossier.formal)
        found.check("topic", name, wanted=wanted["topic"], found=dossier.topic or "")
        _check_loops(found, dossier, told.get("loop", []), name)
        for win in _until(told, "win"):
            if win["on"] >= (dossier.last_contact_on or win["on"]):
                found.check(
                    "win", f"{name} ({win['text']})", wanted=win["fits"], found=one_line(win["text"]) in dossier.wins
                )
    return found


def _check_loops(found: Figures, dossier: Dossier, wanted: list[dict[str, Any]], name: str) -> None:
    """Count people whose first loop is a labelled one, and first loops that are none."""
    first = dossier.loops[0].quote if dossier.loops else ""
    right = any(same(first, loop["quote"]) for loop in wanted)
    if wanted:
        found.check("loop", f"{name} ({first!r})", wanted=True, found=right)
    found.check("no wrong loop", f"{name} ({first!r})", wanted=False, found=bool(first) and not right)


def same(quote: str, other: str) -> bool:
    """Return whether two quotes are of the same sentence: one within the other, or most words shared."""
    one, two = _words(quote), _words(other)
    if not one or not two:
        return False
    shared = set(one.split()) & set(two.split())
    return one in two or two in one or len(shared) >= _SAME * min(len(set(one.split())), len(set(two.split())))


def _to(told: dict[str, Any]) -> list[dict[str, Any]]:
    address = told["person"]["address"].lower()
    return [
        mail
        for mail in told["sent"]
        if address in {one.lower() for one in mail["to"]} and mail["at"].date() <= told["today"]["on"]
    ]


def _sent_to(mail: dict[str, Any]) -> int:
    return len(mail["to"]) + len(mail["cc"])


def _until(told: dict[str, Any], what: str) -> list[dict[str, Any]]:
    today: date = told["today"]["on"]
    return [one for one in told.get(what, []) if one["on"] <= today]


def _kind(kind: str) -> str:
    return {"outcome": "note", "promised": "note"}.get(kind, kind)


def _words(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()
