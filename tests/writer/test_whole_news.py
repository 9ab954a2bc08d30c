"""What a letter says of a win and of a shared goal: whole sentences in the letter's language, or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.writer.offline.choose import choose
from assistant.writer.offline.toward import toward
from assistant.writer.offline.whole import headline, whole
from assistant.writer.offline.writer import offline_words
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


LETTERS = "Ich mache den Segelschein. Je ne quitte pas le chantier de Sète. La obra va bien."


@pytest.mark.parametrize(
    ("language", "win", "said"),
    [
        ("en", "harbour crane back in service", "the harbour crane is back in service"),
        ("en", "late sailings down by half, no fines", "late sailings are down by half"),
        ("en", "ferry school opened", "the ferry school has opened"),
        ("en", "all six buoys replaced", "all six buoys are replaced"),
        ("en", "East Quay online again", "East Quay is online again"),
        ("en", "double shifts and no accidents", ""),
        ("en", "crew opened the bar", "the crew opened the bar"),
        ("en", "library open until five", ""),
        ("de", "Segelschein bestanden, 88 Punkte", "Ich habe den Segelschein bestanden"),
        ("de", "Bootsschein bestanden", ""),
        ("de", "Segelschein teurer", ""),
        ("fr", "chantier de Sète livré sans réserve", "le chantier de Sète a été livré sans réserve"),
        ("fr", "hangar livré", ""),
        ("es", "obra terminada en marzo", "la obra ha sido terminada en marzo"),
    ],
)
def test_a_headline_gets_the_verb_and_the_article_it_leaves_out(language: str, win: str, said: str) -> None:
    assert headline(win, language, LETTERS) == said


def test_a_headline_without_a_verb_stands_behind_a_colon_but_not_in_english() -> None:
    win = "Nachtfahrten von 23 auf 4 im Monat"
    found = made("win", language="de", owner_language="de", wins=(win,))
    rows = tuple(replace(row, text=win) if row.kind == "win" else row for row in found.evidence)
    found = replace(found, evidence=rows)
    assert f": {win}." in offline_words(found).body
    assert choose(found).news.kind == "telegram"  # type: ignore[union-attr]


def test_a_headline_is_left_to_the_brief() -> None:
    win = "double shifts and no accidents"
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
