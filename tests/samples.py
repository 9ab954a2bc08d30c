"""Forty drafts of the offline writer, over roles, situations and languages: `make samples` prints them."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from assistant.core.digest.week import week_name
from assistant.core.evidence.build import LastFact, MeetingFact, NoteFact, OwnMail, PersonFacts, build_dossier
from assistant.core.people.roles import BUILT_IN
from assistant.core.people.roster import Person
from assistant.writer.offline.brief_de import HEADINGS as GERMAN
from assistant.writer.offline.brief_en import HEADINGS as ENGLISH
from assistant.writer.offline.writer import offline_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.evidence.dossier import Dossier, Words

_GERMAN_TURN: Final = 2
_TODAY: Final = date(2026, 3, 16)
_SITUATIONS: Final = ("due", "long", "never", "advice", "win", "candidate", "hoped", "goal", "goal-met", "met")
_NAMES: Final = {
    "en": (
        "Jane Roe",
        "Dr. Omar Haddad",
        "Mei Lin",
        "Tomás Vidal",
        "王 小明",
        "Aoife Byrne",
        "Sam Okafor",
        "Ingrid Solberg",
    ),
    "de": ("Jana Brandt", "Dr. Ulrich Meier", "Leyla Demir", "Bernd Kolb", "Anna-Lena Voss", "Jonas Reuter"),
}
_SUBJECTS: Final = {
    "en": (
        "Re: [OPS-12] Platform migration",
        "Notes from the offsite",
        "Lunch?",
        "AW: Hiring plan for spring",
        "Reviewing the talk outline",
    ),
    "de": (
        "AW: Umbau der Plattform",
        "Unser Workshop zur Datenqualität",
        "Mittagessen?",
        "WG: Einarbeitung der Neuen",
        "Vortrag auf der Konferenz",
    ),
}
_WINS: Final = {
    "en": ("shipped the billing migration", "talk accepted at the spring conference"),
    "de": ("Migration der Abrechnung abgeschlossen",),
}
_ADVICE: Final = {
    "en": ("write a short summary every week", "don't chase titles"),
    "de": ("erst mit dem Team reden, dann planen",),
}
_GOALS: Final = {
    "en": ("ship the shared test bench", "a common style for our reports"),
    "de": ("die gemeinsame Testumgebung fertigstellen",),
}
_MAILS: Final = {
    "en": "Hi {name},\n\nthanks for the time today, it was good to think this through with you.\n\nCheers,\nPriya\n",
    "de": (
        "Hallo {name},\n\ndanke für das Gespräch heute, es hat mir gutgetan, mit dir darüber "
        "nachzudenken.\n\nLiebe Grüße\nPriya\n"
    ),
    "formal": (
        "Guten Tag Herr Meier,\n\nvielen Dank, dass Sie sich die Zeit genommen haben. Ich melde mich bei "
        "Ihnen.\n\nBeste Grüße\nPriya Patel\n"
    ),
}


def samples(count: int = 40) -> Iterator[tuple[str, Dossier, Words]]:
    """Yield so many labelled samples: every role and situation, English and German by turns."""
    for number in range(count):
        language = "de" if number % 3 == _GERMAN_TURN else "en"
        role = tuple(BUILT_IN)[number % 4]
        situation = _SITUATIONS[(number // 4) % len(_SITUATIONS)]
        if situation in {"goal", "goal-met"} and role != "ally":
            situation = ("due", "long")[number % 2]
        if situation == "hoped" and role != "advocate":
            situation = "candidate"
        found = _sample(number, language, role, situation)
        yield f"{number + 1}. {role}, {situation}, {language}", found, offline_words(found)


def _sample(number: int, language: str, role: str, situation: str) -> Dossier:
    names, subjects = _NAMES[language], _SUBJECTS[language]
    name = names[number % len(names)]
    today = _TODAY + timedelta(weeks=number % 5)
    days = {"long": 700 if role == "advocate" else 240, "never": 0}.get(
        situation, 30 if role in {"mentor", "ally"} else 110
    )
    last = LastFact(today - timedelta(days=days), subjects[number % len(subjects)]) if situation != "never" else None
    if last and situation == "met":
        last = LastFact(last.on, None, ("met", "called", "talked to", "meeting")[number % 4])
    goal = _GOALS[language][number % len(_GOALS[language])] if role == "ally" and situation != "candidate" else None
    values: dict[str, Any] = {
        "person": Person(f"sample-{number}", name, role, goal=goal, hoped=situation == "hoped"),
        "role": BUILT_IN[role],
        "today": today,
        "week": week_name(today),
        "owner_name": "Priya Patel",
        "language": language,
        "last": last,
        "cadence_days": BUILT_IN[role].cadence_days or 14,
        "situation": situation if situation in {"candidate", "goal-met"} else "due",
        "goals": ("become a staff engineer",) if language == "en" and number % 2 else (),
    }
    if situation in {"win", "hoped"}:
        values["wins"] = [NoteFact(today - timedelta(days=5), "win", _WINS[language][number % len(_WINS[language])])]
    if situation == "advice" and last:
        values["notes"] = [NoteFact(last.on, "advice", _ADVICE[language][number % len(_ADVICE[language])])]
    if situation == "met" and last:
        values["notes"] = [NoteFact(last.on, "met", "talked about the promotion round", last.kind)]
        values["meetings"] = [MeetingFact(today + timedelta(days=3), "Coffee")]
    if number % 2 and last:
        values["mails"] = [OwnMail(last.on, "", _mail(language, name))]
    return build_dossier(PersonFacts(**values))


def _mail(language: str, name: str) -> str:
    if language == "de" and name.startswith("Dr."):
        return _MAILS["formal"]
    return _MAILS[language].format(name=name.replace("Dr. ", "").split()[0])


def text(*, briefs: bool = True) -> str:
    """Return all samples as text to read."""
    parts = []
    for label, dossier, words in samples():
        headings = GERMAN if dossier.owner_language == "de" else ENGLISH
        lines = [f"=== {label} ({len(words.body.split())} words)", f"Subject: {words.subject}", "", words.body]
        lines += [f"  [{headings[line.kind]}] {line.text}" for line in words.brief] if briefs else []
        lines += [f"  DROPPED ({why}): {said}" for said, why in words.dropped]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(text() + "\n")
