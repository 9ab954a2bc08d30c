"""Each field of `[roles.NAME]` is used where the owner sees it: an odd text in the config, and where it's found."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.cli.show_commands import person_line
from assistant.config.playbooks import read_roles
from assistant.config.section import Notes
from assistant.config.syntax import read_toml
from assistant.core.digest.week import current
from assistant.core.people.roles import BUILT_IN
from assistant.rounds.brief import build_brief
from assistant.rounds.digest import build
from assistant.rounds.digest.dossier import gather
from assistant.rounds.digest.roster_status import views
from assistant.rounds.show import show_person
from assistant.rounds.why import why
from assistant.writer.model.prompts import Prompts
from assistant.writer.offline.writer import OfflineWriter
from tests.replying import OWNER, Life

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.core.people.roles import Role
    from assistant.rounds.context import Round
    from assistant.rounds.digest.result import Built

ODD = "the odd marmot whistles"


def roles(text: str) -> dict[str, Role]:
    source = read_toml(text)
    notes = Notes(source)
    found = read_roles(notes, source.values["roles"])
    assert not notes.problems
    return found


def life(field: str, role: str = "mentor", *, days_ago: int = 40) -> Life:
    """One mentor, last written to so many days ago, whose role has an odd text in one field; nobody else."""
    value = f'["{ODD}"]' if field in {"topics", "never"} else f'{{ overdue = "{ODD}" }}' if field == "nudges" else None
    there = Life()
    written = f"[roles.{role}]\n{field} = {value or f'{chr(34)}{ODD}{chr(34)}'}\n" if field else "[roles]\n"
    there.config = replace(there.config, roles=roles(written))
    assert there.one(f"add Jo Kent <jo@kent.example> as {role}")[0] == "ok"
    at = there.now - timedelta(days=days_ago)
    head = f"From: Priya <{OWNER}>\r\nTo: jo@kent.example\r\nSubject: Hello\r\nMessage-ID: <1@example.com>\r\n"
    there.put(f"{head}Date: {at:%a, %d %b %Y %H:%M:%S +0100}\r\n\r\nHow is it going?\r\n".encode(), at)
    return there


def opened(there: Life) -> Round:
    return replace(there.round(), writer=OfflineWriter())


def built(there: Life) -> Built:
    round_ = opened(there)
    return build.preview(round_)


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def digest(there: Life) -> str:
    return flat(built(there).rendered.text)


def card(there: Life) -> str:
    return digest(there).partition("1. Jo Kent")[2].partition("WHO'S MISSING?")[0]


def gaps(there: Life) -> str:
    return digest(there).partition("WHO'S MISSING?")[2].partition("EVERYONE")[0]


def reasons(there: Life) -> str:
    return "\n".join(why(there.config, there.store, there.now, "jo-kent"))


def brief(there: Life) -> str:
    return "\n".join(build_brief(opened(there), "jo").lines())


def prompt(there: Life) -> str:
    round_ = opened(there)
    (view,) = views(there.config, there.store, there.now)
    dossier = gather(round_, view, current(round_.now, round_.slot).week)
    return Prompts().person(dossier).write.system


def shown(there: Life) -> str:
    return "\n".join(show_person(there.config, there.store, there.now, "jo").lines())


def people(there: Life) -> str:
    (view,) = views(there.config, there.store, there.now)
    return person_line(view, "")


PLACES: list[tuple[str, Callable[[Life], str], str]] = [
    ("preparation", brief, f"Prepare: {ODD}"),
    ("complaints", brief, f"Complaints: {ODD}"),
    ("topics", brief, f"Topics: {ODD}"),
    ("topics", card, f"Ask: {ODD.capitalize()}"),
    ("topics", prompt, ODD),
    ("tone", brief, f"Tone: {ODD}"),
    ("tone", prompt, ODD),
    ("never", brief, f"Avoid: {ODD}"),
    ("never", prompt, ODD),
    ("cadence_words", reasons, f"The plan: {ODD}; due on"),
    ("cadence_words", shown, f"mentor, {ODD}"),
    ("cadence_words", people, ODD),
    ("nudges", card, f"6 weeks quiet; {ODD}"),
    ("does", prompt, ODD),
]


@pytest.mark.parametrize(("field", "place", "text"), PLACES, ids=[f"{f}-{p.__name__}" for f, p, _ in PLACES])
def test_a_field_shows_where_the_owner_sees_it(field: str, place: Callable[[Life], str], text: str) -> None:
    assert text in place(life(field))
    assert ODD not in place(life(""))


@pytest.mark.parametrize(("field", "text"), [("does", f"What one does: {ODD}"), ("who", f"Who to look for: {ODD}")])
def test_an_empty_role_is_told_with_what_it_is_for(field: str, text: str) -> None:
    there = life("")
    there.config = replace(there.config, roles=roles(f'[roles.advisor]\n{field} = "{ODD}"\n'))
    assert text in gaps(there)
    assert ODD not in gaps(life(""))


def test_built_in_words_are_in_the_owners_language() -> None:
    there = life("tone")
    there.config = replace(there.config, digest=replace(there.config.digest, language="de"))
    told = brief(there)
    assert f"Ton: {ODD}" in told
    assert "Vorbereitung: Wenig: wissen, was euch beide gerade beschäftigt" in told
    assert "alle zwei bis vier Wochen" in shown(there)


def test_a_rhythm_of_their_own_has_no_words_of_the_role() -> None:
    there = life("cadence_words")
    assert there.one("Jo every 5 weeks")[0] == "ok"
    assert ODD not in shown(there)
    assert "every 5 weeks" in people(there)
    slower = replace(BUILT_IN["mentor"], favourite_days=14, cadence_words=ODD)
    there = life("")
    there.config = replace(there.config, roles={**BUILT_IN, "mentor": slower})
    assert there.one("Jo favourite")[0] == "ok"
    assert ODD not in people(there)


@pytest.mark.parametrize(
    ("said", "told"), [("Jo is a peer", "both of you"), ("Jo is not a peer", "no peers"), ("", "may")]
)
def test_whether_a_mentor_is_a_peer_says_whether_to_complain(said: str, told: str) -> None:
    there = life("")
    if said:
        assert there.one("Jo is a peer", said)[0] == "ok"
    (line,) = [line for line in brief(there).split("\n") if line.startswith("Complaints")]
    assert told in line


def test_personal_facts_are_in_the_brief_the_latest_of_each() -> None:
    there = life("", "advocate")
    there.do("see me Jo: quick", "see me Jo: turns outages into method", "note Jo: likes trams")
    assert "What they should say of you: “turns outages into method”" in brief(there)
    assert "quick" not in brief(there)
    assert "“quick”" not in shown(there)
    there = life("", "ally")
    there.do(
        'add Ann Oak <ann@oak.example> as ally for "ship it"', "motive Ann: quieter nights", "my motive Ann: scope"
    )
    told = "\n".join(build_brief(opened(there), "ann").lines())
    assert "What they get from it: “quieter nights”" in told
    assert "What you get from it: “scope”" in told
