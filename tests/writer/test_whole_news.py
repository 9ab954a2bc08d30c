"""What a letter says of a win and of a shared goal: whole sentences in the letter's language, or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.writer.offline.choose import choose
from assistant.writer.offline.toward import toward
from assistant.writer.offline.whole import whole
from tests.writer.test_offline import made


@pytest.mark.parametrize(
    ("language", "win", "said"),
    [
        ("en", "the harbour crane is back in service", "the harbour crane is back in service"),
        ("en", "harbour crane back in service", ""),
        ("en", "Crane is back in service", "Crane is back in service"),
        ("en", "Harbour crane is back in service", ""),
        ("en", "three ferries moved, none late", ""),
        ("en", "Ottilie Brandt opened the school, 40 places", "Ottilie Brandt opened the school"),
        ("en", "won the tender, two years", "I won the tender"),
        ("en", "budget: approved", ""),
        ("de", "der Kran, den alle hassen, läuft wieder", "Der Kran, den alle hassen, läuft wieder"),
        ("de", "Kran wieder in Betrieb", ""),
        ("de", "Halle 3 ist fertig, ohne Mängel", "Halle 3 ist fertig"),
        ("de", "habe die Prüfung bestanden", "Ich habe die Prüfung bestanden"),
        ("fr", "l'atelier ouvre en mars", "l'atelier ouvre en mars"),
        ("fr", "signé le bail", "j’ai signé le bail"),
        ("fr", "bail signé", ""),
        ("es", "hemos abierto la tienda", "hemos abierto la tienda"),
        ("es", "tienda abierta", ""),
    ],
)
def test_a_headline_is_no_sentence(language: str, win: str, said: str) -> None:
    assert whole(win, language) == said


def test_a_headline_is_left_to_the_brief() -> None:
    win = "harbour crane back in service"
    found = made("win", wins=(win,))
    rows = tuple(replace(row, text=win) if row.kind == "win" else row for row in found.evidence)
    assert choose(replace(found, evidence=rows)).news is None


@pytest.mark.parametrize(
    ("language", "goal", "said"),
    [
        ("en", "the orchard behind the mill, planted by March", "towards the orchard behind the mill"),
        ("en", "a ferry timetable that islanders can read", "towards our ferry timetable"),
        ("en", "open the orchard to schools", "to open the orchard to schools"),
        ("en", "move from paper to tablets", ""),
        (
            "de",
            "ein gemeinsamer Fahrplan für alle Inseln",
            "Unser Ziel ist ja ein gemeinsamer Fahrplan für alle Inseln",
        ),
        ("de", "einen gemeinsamen Fahrplan für alle Inseln", ""),
        ("de", "die Mühle im Mai wieder öffnen", "Wir wollten ja die Mühle im Mai wieder öffnen"),
        ("fr", "ouvrir le verger aux écoles", "pour ouvrir le verger aux écoles"),
        ("fr", "open the orchard to schools", ""),
        ("es", "el huerto de nuestra escuela", "para el huerto de nuestra escuela"),
    ],
)
def test_a_shared_goal_is_named_where_it_can_be(language: str, goal: str, said: str) -> None:
    found = made("goal", "ally", language, owner_language="en" if goal.startswith("open") else language)
    assert toward(replace(found, person=replace(found.person, goal=goal))) == said
