"""What set-up decides by itself, without a terminal: typos in domains, the company, the zone, line widths."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from assistant.cli.terminal import Terminal, bar_line, fitted
from assistant.config.values import is_plain_utc, spoken_zone
from assistant.rounds.ports import Progress
from assistant.setup import proposal as proposals
from assistant.setup.conversation import INTRODUCTION
from assistant.setup.discovery.providers import public_providers
from assistant.setup.outside import Surroundings
from assistant.setup.proposal import proposal
from assistant.setup.try_servers import Sender
from assistant.setup.typos import meant_domain

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gamil.com", "gmail.com"),
        ("gmal.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmial.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("outlok.com", "outlook.com"),
        ("hotmial.com", "hotmail.com"),
        ("iclod.com", "icloud.com"),
        ("yaho.com", "yahoo.com"),
        ("yahooo.fr", "yahoo.fr"),
        ("yaho.co.uk", "yahoo.co.uk"),
        ("yahoo.con", "yahoo.com"),
        ("protonmial.com", "protonmail.com"),
        ("t-onlin.de", "t-online.de"),
        ("btinternt.com", "btinternet.com"),
        ("aol.con", "aol.com"),
        ("gmx.dee", "gmx.de"),
    ],
)
def test_one_slip_in_a_well_known_domain_is_seen(typed: str, meant: str) -> None:
    assert meant_domain(typed) == meant


@pytest.mark.parametrize(
    "domain",
    [
        *("gmail.com", "googlemail.com", "mail.com", "email.com", "ymail.com", "yahoo.fr", "outlook.de", "gmx.at"),
        *("aon.com", "weg.de", "am.me", "hive.com", "dick.com", "web.dk", "aon.con"),  # near a short name
        "gmial.co",  # two slips, and the ending is one
        *("raman.example", "northwind.example", "example.com", "google.com", "proton.com", "orange.lan", "gmail.de"),
    ],
)
def test_what_is_known_or_near_nothing_is_not_questioned(domain: str) -> None:
    assert meant_domain(domain) is None


def test_no_domain_of_the_public_data_is_questioned() -> None:
    assert [domain for domain in public_providers() if meant_domain(domain)] == []


@dataclass
class Scripted:
    """An Asker with answers by key, which remembers what it was asked."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def ask(self, key: str, text: str, default: str | None = None) -> str:
        del text
        self.asked.append(key)
        return str(self.answers[key] or default)

    def secret(self, key: str, text: str, default: str | None = None) -> str:
        return self.ask(key, text, default)

    @property
    def language(self) -> str:
        return "en"

    def agree(self, key: str, text: str) -> bool:
        del text
        self.asked.append(key)
        return bool(self.answers.get(key))

    def again(self, problem: str) -> None:
        self.asked.append(problem)

    def say(self, text: str) -> None:
        raise AssertionError(text)

    def working(self, text: str) -> AbstractContextManager[None]:
        del text
        return nullcontext()

    def given(self, key: str) -> Any:
        return self.answers.get(f"given {key}")


PRIYA = "priya@raman.example"
AT_WORK = "priya@northwind.example"
COLLEAGUE = "kim@northwind.example"


@pytest.mark.parametrize(
    ("address", "written_to", "yes", "company", "asked"),
    [
        pytest.param(AT_WORK, [COLLEAGUE, "bob@other.example"], False, True, False, id="colleagues"),
        pytest.param(AT_WORK, ["kim@berlin.northwind.example"], False, True, False, id="a branch"),
        pytest.param(AT_WORK, ["bob@other.example"], False, False, True, id="nobody else there"),
        pytest.param(AT_WORK, ["bob@other.example"], True, True, True, id="nobody else yet"),
        pytest.param(AT_WORK, [AT_WORK, "info@northwind.example"], False, False, True, id="only desks and oneself"),
        pytest.param(PRIYA, ["bob@other.example"], False, False, True, id="one's own domain"),
        pytest.param(PRIYA, ["asha@raman.example"], False, False, True, id="a family's domain"),
        pytest.param(PRIYA, ["asha@raman.example"], True, True, True, id="a company of one's name"),
        pytest.param("priya@gmail.com", ["bob@gmail.com"], False, False, False, id="a provider"),
    ],
)
def test_a_company_is_taken_only_where_colleagues_write(
    address: str, written_to: list[str], *, yes: bool, company: bool, asked: bool
) -> None:
    asker = Scripted({"company": yes, "given timezone": "Europe/Berlin", "timezone": "Europe/Berlin"})
    found = proposal(asker, Surroundings(), address, Sender("Priya Raman", (address,), frozenset(written_to)))
    assert found.company_domains == ((address.partition("@")[2],) if company else ())
    assert ("company" in asker.asked) == asked


@pytest.mark.parametrize(
    ("domain", "name", "own"),
    [
        ("raman.example", "Priya Raman", True),
        ("priyaraman.example", "Priya Raman", True),
        ("raman-consulting.example", "Dr. Priya Raman", True),
        ("mueller.de", "Jörg Müller", True),
        ("northwind.example", "Priya Raman", False),
        ("ng.example", "Li Ng", False),
    ],
)
def test_a_domain_may_bear_its_owners_name(domain: str, name: str, *, own: bool) -> None:
    assert proposals.is_of_name(domain, name) == own


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "Zulu", "GMT", "Etc/GMT", "Universal"])
def test_the_zone_of_a_server_tells_nothing(zone: str) -> None:
    assert is_plain_utc(zone)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/London", "Africa/Abidjan", "GB", "Asia/Tokyo", "Etc/GMT-1"])
def test_the_zone_of_a_place_is_taken(zone: str) -> None:
    assert not is_plain_utc(zone)


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("UTC", "UTC"),
        ("Germany", None),
        ("../etc/passwd", None),
        ("", None),
    ],
)
def test_a_zone_may_be_named_by_its_city(said: str, zone: str | None) -> None:
    found = spoken_zone(said)
    assert (found.key if found else None) == zone


def test_the_introduction_is_three_lines_of_a_narrow_terminal() -> None:
    assert len(INTRODUCTION) == 3
    assert all(len(line) < 80 for line in INTRODUCTION)


@pytest.mark.parametrize("columns", [20, 40, 80])
def test_text_ends_its_lines_between_words(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    address = "https://accounts.example.com/o/oauth2/auth?client_id=" + "x" * 80
    text = f"Sign in here, in the browser of this machine:\n{address}\n    because of 2 messages in a year"
    shown = fitted(text).splitlines()
    assert [line for line in shown if len(line) > columns] == [address], "what is to be copied stays whole"
    assert " ".join(" ".join(shown).split()) == " ".join(text.split())
    assert shown[-1].startswith("    ")
    assert all(len(line) <= columns - 8 or line == address for line in fitted(text, room=8).splitlines())


def test_a_bar_fits_its_line() -> None:
    step = Progress("messages", 5_000, 20_000)
    for columns in (20, 45, 60, 80, 200):
        line = bar_line(step, 2.0, columns)
        assert len(line) < columns
        assert "5,000 of 20,000"[: columns - 1] in line


def test_waiting_shows_nothing_where_nobody_sees_it(capsys: pytest.CaptureFixture[str]) -> None:
    with Terminal({}).working("Signing in"):
        pass
    assert capsys.readouterr().err == ""
