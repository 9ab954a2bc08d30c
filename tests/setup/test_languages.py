"""Set-up and errors speak the owner's language: that of the environment, then that of the configuration."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from assistant.cli.main import run
from assistant.config import load_config
from assistant.core.language.data_files import data_file
from assistant.core.language.translation import TRANSLATED, Translatable, joined, means, spoken_language, translated
from assistant.errors import ConfigError, UnreachableError
from assistant.mailbox.errors import unreachable
from assistant.rounds.delivery import heartbeat
from assistant.store.database import Store
from tests.fakes import FakeMailbox
from tests.setup.test_init import DOMAIN, NOW, place, text_of
from tests.templates import templates, unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import dovecot as dovecots

# Blanks aside, the shortest piece of an English sentence that is looked for on the screen.
LONG = 14
CONVERSATIONS = {
    "de": (
        "Deine E-Mail-Adresse",
        "Passwort für",
        "abgelehnt",
        "Sprachmodell",
        "erste Wochenmail jetzt",
        "j",
        "Posteingang",
    ),
    "fr": (
        "Votre adresse e-mail",
        "Mot de passe pour",
        "refusé",
        "Modèle de langage",
        "premier point hebdo dans",
        "o",
        "boîte",
    ),
    "es": (
        "Tu dirección de correo",
        "Contraseña de",
        "rechazó",
        "Modelo de lenguaje",
        "el primer resumen a",
        "s",
        "bandeja",
    ),
}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_of_the_code_is_translated(language: str) -> None:
    assert unreadable() == [], "put together before it can be looked up"
    table = data_file("translations", language)
    assert templates() - table.keys() == set()
    assert table.keys() - templates() == set(), "left over"
    assert {english for english, other in table.items() if _places(english) != _places(other)} == set()


def _places(template: str) -> list[str]:
    # Without values a template is never filled, and its braces are plain text: those of TOML.
    if re.search(r"\{\s|\{\}", template):
        return []
    return sorted(name for _, name, _, _ in Formatter().parse(template) if name)


def english_on(screen: str) -> list[str]:
    """Return the English sentences that stand on a screen."""
    pieces = {piece.strip() for template in templates() for piece in re.split(r"\{[^}]*\}", template)}
    own = {value for language in TRANSLATED for value in data_file("translations", language).values()}
    return [piece for piece in pieces if len(piece) > LONG and piece in screen and not any(piece in one for one in own)]


@pytest.mark.parametrize("language", TRANSLATED)
def test_set_up_from_start_to_end(language: str, tmp_path: Path, dovecot_server: dovecots.Dovecot) -> None:
    address, password, refused, model, send, yes, inbox = CONVERSATIONS[language]
    with place(tmp_path, dovecot_server, letters=40) as there:
        there.locale = f"{language}_{language.upper()}.UTF-8"
        with there.terminal("init") as terminal:
            terminal.answer(address, "nobody")
            terminal.answer(address, there.address)
            terminal.answer(password, "wrong")
            terminal.until(refused)
            terminal.answer(password, "secret")
            terminal.answer(model, "")
            terminal.answer(send, yes)
            assert terminal.end() == 0, terminal.shown
        assert len(there.inbox()) == 1
        assert inbox in terminal.shown
        assert english_on(terminal.shown) == []
        assert english_on("Your email address: Nothing was read yet. Run: assistant scan"), "the check itself sees some"


def test_answers_from_a_file_are_answered_in_their_language(tmp_path: Path, dovecot_server: dovecots.Dovecot) -> None:
    with place(tmp_path, dovecot_server, letters=3) as there:
        answers = f'address = "{there.address}"\npassword = "secret"\nlanguage = "de"\n'
        done = there.piped("init", "--answers", "-", stdin=answers)
        assert f"Angemeldet als {there.address}" in done.stderr
        assert load_config(there.config).me.language == "de"
        doctor = there.piped("doctor").stdout
        assert "angemeldet; Gesendetes in Sent" in doctor
        assert english_on(doctor) == []


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en_GB.UTF-8", "There is no configuration at"),
        ("de_AT.UTF-8", "liegt noch keine Konfiguration. Starte: assistant init"),
        ("fr_CA", "Il n’y a pas encore de configuration"),
        ("es", "Aún no hay configuración"),
        ("it_IT.UTF-8", "There is no configuration at"),
    ],
)
def test_without_a_configuration_the_environment_decides(
    locale: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert run(["--config", str(tmp_path / "config.toml"), "scan"]) == 1
    assert said in capsys.readouterr().err


CONFIG = f"""[me]
name = "Priya Raman"
addresses = ["priya@{DOMAIN}"]
timezone = "Europe/Berlin"
language = "de"

[mailbox]
kind = "maildir"
path = "nowhere"
"""


def test_the_configuration_decides_as_soon_as_it_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    config = tmp_path / "config.toml"
    config.write_text(CONFIG)
    assert run(["--config", str(config), "--home", str(tmp_path / "home"), "scan"]) == 1
    assert f"Unter {tmp_path / 'nowhere'} liegt kein Maildir" in capsys.readouterr().err
    config.write_text(CONFIG.replace("maildir", "pop3") + 'since = "long"\n')
    assert run(["--config", str(config), "--home", str(tmp_path / "home"), "scan"]) == 1
    kind, since = capsys.readouterr().err.splitlines()
    assert kind == 'config.toml ligne 8 : [mailbox] kind = "pop3" n’est pas connu ; écrivez "imap" ou "maildir".'
    assert since.startswith("config.toml ligne 10 : [mailbox] since est un texte ; écrivez un nombre entier sans")


def test_a_notice_by_mail_says_why_in_the_language_of_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    error = unreachable("mail.example.com:993", TimeoutError())
    with Store(None) as store:
        box = FakeMailbox()
        home = heartbeat.Home(load_config(path), store, box, None, bytes)
        for day in range(3):
            heartbeat.note_failure(home, NOW + timedelta(days=day), error)
    ((_, notice, _),) = box.appended
    text = text_of(message_from_bytes(notice))
    assert "mail.example.com:993 war nicht zu erreichen: er hat nicht rechtzeitig geantwortet." in text


def test_an_error_within_an_error_is_translated_too() -> None:
    error = unreachable("mail.example.com:993", TimeoutError())
    assert str(error) == "The mail server mail.example.com:993 could not be reached: it did not answer in time."
    later = UnreachableError("{error} Nothing is lost; run it again later.", error=error)
    assert translated(later, "es") == (
        "No se pudo llegar al servidor de correo mail.example.com:993: no respondió a tiempo. "
        "No se ha perdido nada; vuelve a ejecutarlo más tarde."
    )
    problems = ConfigError((Translatable("due on {day}", day=3), "what the owner wrote: {day}"))
    assert translated(problems, "de") == "am 3 dran\nwhat the owner wrote: {day}"


def test_a_sentence_stays_english_where_nobody_translated_it() -> None:
    sentence = Translatable("It took {count:,} years.", count=12_000)
    assert [translated(sentence, language) for language in ("en", "de", "fr", "xx")] == [
        "It took 12,000 years.",
        "It took 12.000 years.",
        "It took 12\u202f000 years.",
        "It took 12,000 years.",
    ]
    assert joined([]) == ""


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "es_ES"}, "es"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR@euro", "LC_ALL": ""}, "fr"),
        ({"LANG": "DE"}, "de"),
        ({"LANG": "den_CA"}, "en"),
    ],
)
def test_the_language_of_an_environment(environ: dict[str, str], language: str) -> None:
    assert spoken_language(environ) == language


@pytest.mark.parametrize(("answer", "language", "yes"), [("ja", "de", True), ("Y", "de", True), ("ja", "fr", False)])
def test_yes_in_either_language(answer: str, language: str, *, yes: bool) -> None:
    assert means(answer, Translatable("yes y"), language) == yes
