from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.core.evidence.dossier import Sentence, Words
from assistant.rounds.brief import Brief
from tests.dossiers import dossier

if TYPE_CHECKING:
    from assistant.core.language.data_files import Language

CHECKED = Sentence("left_off", "You wrote in February.", ("E2",))
UNCHECKED = Sentence("remember", "Her son likes college.", unchecked=True)
SAID = (Sentence("greeting", "Hi Jane,"), Sentence("fact", "Your son likes college.", unchecked=True))


def made(language: Language) -> Brief:
    removed = (("We met on 3 May.", "date"), ("It failed.", "unsupported"))
    return Brief(dossier(), Words("Hello", SAID, (CHECKED, UNCHECKED), "model", dropped=removed), language)


def test_what_was_removed_is_listed_with_its_check() -> None:
    assert made("en").as_json()["dropped"] == [
        {"text": "We met on 3 May.", "check": "date"},
        {"text": "It failed.", "check": "unsupported"},
    ]


def test_what_nobody_could_check_is_marked() -> None:
    told = made("en").as_json()
    assert [line["unchecked"] for line in told["brief"]] == [False, True]
    assert told["draft"] == {"subject": "Hello", "body": "Hi Jane,\n", "unchecked": ["Your son likes college."]}
    assert "Remember: Her son likes college. [not checked]" in made("en").lines()
    assert any("[nicht geprüft]" in line for line in made("de").lines())
