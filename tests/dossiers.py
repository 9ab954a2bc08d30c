"""Made-up dossiers for the tests of the writer: nobody of these exists."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.core.evidence.build import LastFact, MeetingFact, NoteFact, OwnMail, PersonFacts, build_dossier
from assistant.core.people.roles import BUILT_IN
from assistant.core.people.roster import Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assistant.core.evidence.dossier import Dossier

TODAY = date(2026, 3, 16)
WEEK = "2026-W12"


def person(role: str = "mentor", name: str = "Jane Roe", handle: str = "jane-roe", **fields: Any) -> Person:
    return Person(handle, name, role, **fields)


def dossier(named: str = "mentor", /, **fields: Any) -> Dossier:
    """A dossier with a last contact and nothing else; any field of PersonFacts may be given."""
    values: dict[str, Any] = {
        "person": person(named),
        "role": BUILT_IN.get(named),
        "today": TODAY,
        "week": WEEK,
        "owner_name": "Priya Patel",
        "last": LastFact(date(2026, 2, 10), "Re: [OPS-12] Platform migration"),
        "overdue_days": 13,
        "cadence_days": 21,
    }
    return build_dossier(PersonFacts(**{**values, **fields}))


LETTERS = {
    ("en", False): "Hi Jane,\n\nI hope the move went well. Thanks for the help with the plan.\n\nBest\nPriya",
    (
        "en",
        True,
    ): "Dear Ms Roe,\n\nI hope the move went well. Thank you for your help with the plan.\n\nKind regards\nPriya",
    (
        "de",
        False,
    ): "Liebe Jane,\n\nich hoffe, der Umzug ist gut gelaufen. Vielen Dank für deine Hilfe.\n\nViele Grüße\nPriya",
    (
        "de",
        True,
    ): "Sehr geehrte Frau Roe,\n\nvielen Dank noch einmal für Ihre Hilfe mit dem Plan.\n\nViele Grüße\nPriya",
    (
        "fr",
        False,
    ): "Salut Jane,\n\nJ’espère que tu vas bien. Merci encore pour ton aide avec le plan.\n\nAmitiés\nPriya",
    ("fr", True): "Madame,\n\nJe vous remercie encore de votre aide avec le plan.\n\nCordialement\nPriya",
    ("es", False): "Hola Jane:\n\nEspero que estés bien. Gracias por tu ayuda con el plan.\n\nUn saludo\nPriya",
    ("es", True): "Estimada señora Roe:\n\nLe agradezco mucho su ayuda con el plan.\n\nUn cordial saludo\nPriya",
}


def dossier_with_slots(language: str, slots: Sequence[datetime], week: str, *, formal: bool = False) -> Dossier:
    """One of an advisor who is overdue, written to in that language, with half-hours to offer."""
    year, _, number = week.partition("-W")
    mail = OwnMail(date(2026, 6, 1), "Plan", LETTERS[language, formal])
    return dossier(
        "advisor", today=date.fromisocalendar(int(year), int(number), 4), week=week, last=LastFact(date(2026, 6, 1)),
        mails=[mail], slots=slots, cadence_days=91, language=language, owner_name="Priya",
    )  # fmt: skip


def poorest(named: str = "mentor", /, **fields: Any) -> Dossier:
    """Nothing is known but a name."""
    return dossier(named, last=None, overdue_days=0, cadence_days=None, **fields)


def richest(named: str = "mentor", /, **fields: Any) -> Dossier:
    """Every kind of evidence there is."""
    values: dict[str, Any] = {
        "person": person(
            named, goal="ship the shared test bench" if named == "ally" else None, until=date(2026, 5, 29)
        ),
        "goals": ["become a staff engineer"],
        "wins": [NoteFact(date(2026, 3, 2), "win", "shipped the billing migration")],
        "notes": [
            NoteFact(date(2026, 2, 10), "met", "talked about the platform migration", "met"),
            NoteFact(date(2026, 2, 10), "advice", "write a short weekly summary for the team"),
            NoteFact(date(2026, 1, 20), "note", "is moving to the Lisbon office in autumn"),
            NoteFact(date(2026, 1, 5), "ask", "asked for a review of my talk outline"),
        ],
        "mails": [
            OwnMail(
                date(2026, 2, 10),
                "Re: [OPS-12] Platform migration",
                "Hi Jane,\n\nthe platform migration is nearly through; the last cluster moves in March.\n"
                "Your checklist saved us a week.\n\nCheers,\nPriya\n\nOn Mon, 9 Feb 2026, Jane Roe wrote:\n> ok\n",
            ),
            OwnMail(
                date(2026, 1, 12),
                "Talk outline",
                "Hi Jane,\n\nhere is what I plan to say about test data.\n\nCheers,\nPriya\n",
            ),
        ],
        "meetings": [MeetingFact(date(2026, 3, 26), "Coffee with Jane")],
    }
    return dossier(named, **{**values, **fields})
