from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.replies.grammar.cleaning import clean, is_signed
from assistant.core.replies.grammar.commands import (
    Add,
    Answer,
    ByNumber,
    Candidate,
    Close,
    Command,
    Confirm,
    Drop,
    Every,
    Favourite,
    Intro,
    IsAlso,
    IsNot,
    Look,
    Met,
    NotContact,
    NotNow,
    Now,
    Pause,
    Plain,
    SetRole,
    Snooze,
    Tell,
    Undo,
)
from assistant.core.replies.grammar.lines import Speech, parse_line, parse_lines
from assistant.core.replies.grammar.spelling import format_command
from assistant.core.replies.grammar.suggest import closest_command

TODAY = date(2026, 3, 4)
SPEECH = Speech(TODAY, "de", own_names=("Priya Raman",))
TUESDAY = date(2026, 3, 3)
APRIL = date(2026, 4, 4)

UNDERSTOOD: dict[str, Command] = {
    "met Jane on Tuesday, talked promo": Met("met", "Jane", TUESDAY, "talked promo"),
    "met Jane": Met("met", "Jane"),
    "met with Jane Roe yesterday": Met("met", "Jane Roe", TUESDAY),
    "I met Jane last Tuesday": Met("met", "Jane", TUESDAY),
    "talked to Bob Li yesterday": Met("talked to", "Bob Li", TUESDAY),
    "spoke with Bob": Met("talked to", "Bob"),
    "called 3": Met("called", "3"),
    "phoned #3": Met("called", "3"),
    "emailed jane-roe on 12 Feb, about the talk": Met("emailed", "jane-roe", date(2026, 2, 12), "about the talk"),
    "met Jane am Dienstag": Met("met", "Jane", TUESDAY),
    "met Jane on May 12th, 2025, talked": Met("met", "Jane", date(2025, 5, 12), "talked"),
    "met jane on Tuesday - promo": Met("met", "jane", TUESDAY, "promo"),
    "met jane: promo, and more": Met("met", "jane", None, "promo, and more"),
    "met jane@roe.example": Met("met", "jane@roe.example"),
    "met <jane@roe.example> today": Met("met", "jane@roe.example", TODAY),
    "met May": Met("met", "May"),
    "met April yesterday": Met("met", "April", TUESDAY),
    "met Jane, thanks": Met("met", "Jane"),
    "met Jane yesterday, she said please.": Met("met", "Jane", TUESDAY, "she said please."),
    "1 done": ByNumber("done", (1,)),
    "done 1": ByNumber("done", (1,)),
    "1. skip": ByNumber("skip", (1,)),
    "1) skip": ByNumber("skip", (1,)),
    "2,3 skip": ByNumber("skip", (2, 3)),
    "skip 2, 3 and 4": ByNumber("skip", (2, 3, 4)),
    "skip 2 & 3": ByNumber("skip", (2, 3)),
    "skip 2, 2": ByNumber("skip", (2,)),
    "skip number 2": ByNumber("skip", (2,)),
    "SKIP 2!": ByNumber("skip", (2,)),
    "Please skip 2.": ByNumber("skip", (2,)),
    "skip 2 please, thanks!": ByNumber("skip", (2,)),
    "ok, skip 2": ByNumber("skip", (2,)),
    "Thanks, skip 2": ByNumber("skip", (2,)),
    "could you please skip 2?": ByNumber("skip", (2,)),
    "bitte skip 2": ByNumber("skip", (2,)),
    "skip 2 🙂": ByNumber("skip", (2,)),
    "* skip 2": ByNumber("skip", (2,)),
    "•skip 2": ByNumber("skip", (2,)),
    "1. skip 3": ByNumber("skip", (3,)),
    "send 1": ByNumber("send", (1,)),
    "1) send": ByNumber("send", (1,)),
    "snooze 2 for a month": Snooze(("2",), APRIL),
    "snooze 2 a month": Snooze(("2",), APRIL),
    "2 snooze a month": Snooze(("2",), APRIL),
    "2. snooze 3 weeks": Snooze(("2",), date(2026, 3, 25)),
    "snooze 2 3 weeks": Snooze(("2",), date(2026, 3, 25)),
    "snooze 2,3 for 3 weeks": Snooze(("2", "3"), date(2026, 3, 25)),
    "snooze Jane Roe until end of March": Snooze(("Jane Roe",), date(2026, 3, 31)),
    "snooze jane-roe till Friday": Snooze(("jane-roe",), date(2026, 3, 6)),
    "snooze jane für drei Wochen": Snooze(("jane",), date(2026, 3, 25)),
    "snooze jane bis Ende März": Snooze(("jane",), date(2026, 3, 31)),
    "not now Jane": NotNow("Jane"),
    "not now, 2": NotNow("2"),
    "2 now": Now("2"),
    "jane now, please": Now("jane"),
    "Jane Roe, now": Now("Jane Roe"),
    "jane-roe jetzt": Now("jane-roe"),
    "add Jane Roe <jane@x.example>": Add("Jane Roe", "jane@x.example"),
    "add Jane Roe <jane@x.example> as mentor": Add("Jane Roe", "jane@x.example", "mentor"),
    "add Jane Roe jane@x.example as an adviser please": Add("Jane Roe", "jane@x.example", "advisor"),
    'add "Jane Roe" <jane@x.example> as hoped-for advocate, monthly': Add(
        "Jane Roe", "jane@x.example", "advocate", hoped=True, cadence_days=30
    ),
    "add J <j@x.example> as hoped-for advocate, came to my poster": Add(
        "J", "j@x.example", "advocate", hoped=True, occasion="came to my poster"
    ),
    "add J <j@x.example> as hoped-for advocate, every 6 weeks, liked “my” talk, asked for slides, until 1 May": Add(
        "J",
        "j@x.example",
        "advocate",
        hoped=True,
        cadence_days=42,
        until=date(2026, 5, 1),
        occasion='liked "my" talk, asked for slides',
    ),
    "add J <j@x.example> as hoped advocate": Add("J", "j@x.example", "advocate", hoped=True),
    "add Jane Roe <jane@x.example> as ally, every 3 weeks, for “ship the parser, twice”, until end of June": Add(
        "Jane Roe", "jane@x.example", "ally", cadence_days=21, goal="ship the parser, twice", until=date(2026, 6, 30)
    ),
    "add Jane Roe <jane@x.example> as ally for 'the talk' until 12 May 2026": Add(
        "Jane Roe", "jane@x.example", "ally", goal="the talk", until=date(2026, 5, 12)
    ),
    "add J <j@x.example>, for the talk, as ally": Add("J", "j@x.example", "ally", goal="the talk"),
    "add Jane Roe <mailto:jane@x.example> as mentor": Add("Jane Roe", "jane@x.example", "mentor"),
    "add Jane Roe <jane@x.example<mailto:jane@x.example>> as mentor": Add("Jane Roe", "jane@x.example", "mentor"),
    "add Jane Roe jane@x.example <mailto:jane@x.example> as mentor": Add("Jane Roe", "jane@x.example", "mentor"),
    "Jane every 3 weeks": Every("Jane", 21),
    "- jane-roe every 2 weeks": Every("jane-roe", 14),
    "1. jane-roe every 2 weeks": Every("jane-roe", 14),
    "2 every month": Every("2", 30),
    "Jane monthly": Every("Jane", 30),
    "Jane every monthly": Every("Jane", 30),
    "Jane twice a year": Every("Jane", 182),
    "Jane role advisor": SetRole("Jane", "advisor"),
    "jane role hoped-for advocate": SetRole("jane", "advocate", hoped=True),
    "jane is role hoped-for advocate, came to my poster, twice": SetRole(
        "jane", "advocate", hoped=True, occasion="came to my poster, twice"
    ),
    "occasion jane: came to my poster": Tell("occasion", "jane", "came to my poster"),
    "2 role mentor": SetRole("2", "mentor"),
    "Jane favourite": Favourite("Jane"),
    "Jane is not a favourite": Favourite("Jane", yes=False),
    "Jane no longer favorite": Favourite("Jane", yes=False),
    "not favourite: Jane": Favourite("Jane", yes=False),
    "gave Jane: an hour on her slides": Tell("gave", "Jane", "an hour on her slides"),
    "promised 2: the paper": Tell("promised", "2", "the paper"),
    "outcome Jane: I applied, and got it": Tell("outcome", "Jane", "I applied, and got it"),
    "thanked Jane: for the intro": Tell("thanked", "Jane", "for the intro"),
    "thanked Jane on Tuesday": Tell("thanked", "Jane", "", on=TUESDAY),
    "advice Jane on 12 Feb: ask early": Tell("advice", "Jane", "ask early", on=date(2026, 2, 12)),
    "win public on 2026-03-03: the talk is online": Tell("win", None, "the talk is online", public=True, on=TUESDAY),
    "thanked Jane": Tell("thanked", "Jane", ""),
    "intro from Jane: to Rui, who hires": Tell("introduced", "Jane", "to Rui, who hires"),
    "favor from Jane: she read my draft": Tell("favour", "Jane", "she read my draft"),
    "intro Jane to Bob Li": Intro(("Jane", "Bob Li")),
    "introduced Jane and Bob": Intro(("Jane", "Bob")),
    "see me Jane: as the one who ships": Tell("see-me", "Jane", "as the one who ships"),
    "my motive Jane: fewer pages at night": Tell("my-motive", "Jane", "fewer pages at night"),
    "motive Jane: a calmer team": Tell("motive", "Jane", "a calmer team"),
    "Jane is a peer": Tell("peer", "Jane", "yes"),
    "Jane is not my peer": Tell("peer", "Jane", "no"),
    "win public: the talk is online": Tell("win", None, "the talk is online", public=True),
    "Jane is a favorite": Favourite("Jane"),
    "Jane is also <jane@home.example>": IsAlso("Jane", "jane@home.example"),
    "Jane is not jane@home.example": IsNot("Jane", "jane@home.example"),
    "met Jane on Tuesday, 3 March 2026, talked promo": Met("met", "Jane", TUESDAY, "talked promo"),
    "met Jane on Tuesday, 3 March": Met("met", "Jane", TUESDAY),
    "met Jane yesterday, Tuesday, talked promo": Met("met", "Jane", TUESDAY, "talked promo"),
    "saw Jane yesterday": Met("met", "Jane", TUESDAY),
    "wrote to Jane yesterday": Met("emailed", "Jane", TUESDAY),
    "met Jane please:": Met("met", "Jane"),
    "met Jane, Q3 plans": Met("met", "Jane", None, "Q3 plans"),
    "met Jane, confirm budget": Met("met", "Jane", None, "confirm budget"),
    "met Jane, call her next week": Met("met", "Jane", None, "call her next week"),
    "met 1, 2 on Tuesday": Met("met", "1", TUESDAY, company=("2",)),
    "called 1 and 2, talked promo": Met("called", "1", None, "talked promo", ("2",)),
    "met Jane, see her next Friday": Met("met", "Jane", None, "see her next Friday"),
    "met 2 on Tuesday, 3 hours": Met("met", "2", TUESDAY, "3 hours"),
    "met 2, 10:30 call": Met("met", "2", None, "10:30 call"),
    "met 1, no. 2": Met("met", "1", company=("2",)),
    "met Jane (yesterday), promo": Met("met", "Jane", TUESDAY, "promo"),
    "met Jane ., promo": Met("met", "Jane", None, "promo"),
    "met Jane please, thanks": Met("met", "Jane"),
    "met Jane, yesterday, , promo": Met("met", "Jane", TUESDAY, "promo"),
    "met Jane: 2 hours": Met("met", "Jane", None, "2 hours"),
    "met Jane, read chapter 2": Met("met", "Jane", None, "read chapter 2"),
    "2 done yesterday": ByNumber("done", (2,), TUESDAY),
    "2, 3 done on Tuesday": ByNumber("done", (2, 3), TUESDAY),
    "done 2 last Tuesday": ByNumber("done", (2,), TUESDAY),
    "met Jane, she’s “glad”": Met("met", "Jane", None, "she’s “glad”"),
    "note Jane: „grün“ and it’s tea": Tell("note", "Jane", "„grün“ and it’s tea"),
    "snooze Jane in two weeks": Snooze(("Jane",), date(2026, 3, 18)),
    "snooze 2 next week": Snooze(("2",), date(2026, 3, 9)),
    "snooze Jane nächsten Freitag": Snooze(("Jane",), date(2026, 3, 13)),
    "snooze Jane bis zum 12.5.": Snooze(("Jane",), date(2026, 5, 12)),
    "snooze Jane to Sat 4 Apr 2026": Snooze(("Jane",), APRIL),
    "note Jane: moved to Berlin.": Tell("note", "Jane", "moved to Berlin."),
    "note 2: thanks": Tell("note", "2", "thanks"),
    "Advice from Jane: go for staff": Tell("advice", "Jane", "go for staff"),
    "ask Bob Li: intro to Kim": Tell("ask", "Bob Li", "intro to Kim"),
    "win: shipped it": Tell("win", None, "shipped it"),
    "Goal: staff by spring": Tell("goal", None, "staff by spring"),
    "C1 mentor": Candidate(1, "mentor"),
    "C1 mentor, monthly": Candidate(1, "mentor", cadence_days=30),
    "C2 as an ally, every 3 weeks": Candidate(2, "ally", cadence_days=21),
    "Jane once a month": Every("Jane", 30),
    "c2 ignore": Candidate(2, None),
    "C3 as hoped-for advocate": Candidate(3, "advocate", hoped=True),
    "Q1 yes": Answer(1, "yes"),
    "q2: jane-roe": Answer(2, "jane-roe"),
    "Q3 mentor, please": Answer(3, "mentor"),
    "drop Bob Li": Drop("Bob Li"),
    "drop Jane please": Drop("Jane"),
    "close 2": Close("2"),
    "not contact a1b2c3": NotContact("a1b2c3"),
    "brief Jane?": Look("brief", "Jane"),
    "show jane@x.example": Look("show", "jane@x.example"),
    "status": Plain("status"),
    "help?": Plain("help"),
    "status, please?": Plain("status"),
    "resume": Plain("resume"),
    "Stop.": Plain("stop"),
    "undo": Undo(),
    "undo T17": Undo("T17"),
    "undo t17": Undo("T17"),
    "confirm abcdef": Confirm("ABCDEF"),
    "pause": Pause(),
    "pause for 2 weeks": Pause(date(2026, 3, 18)),
    "pause until Monday": Pause(date(2026, 3, 9)),
}
NOT_UNDERSTOOD = (
    "sned 1",
    "done 1 March",
    "> skip 2",
    "snooze 2",
    "snooze 2 weeks",
    "snooze",
    "skip",
    "skip two",
    "skip 2 done",
    "skip 2. met Jane",
    "send <n>",
    "snooze <n> for 2 weeks",
    "<n> skip",
    "note <who>: <text>",
    "win: <text>",
    "brief <who>",
    "met <who>",
    "1. send 2",
    "met",
    "met Jane? yes",
    "jane-roe",
    "add Jane Roe as mentor",
    "add <jane@x.example>",
    "add Jane <jane@x.example> as sponsor",
    "add Jane <jane@x.example> as mentor, sometimes",
    "add Jane: <j@x.example>",
    "add Jane <jane@x.example> as mentor, as ally",
    'add Jane <jane@x.example> for ""',
    "add Jane <jane@x.example> until x",
    "Jane every so often",
    "Jane role boss",
    "Jane is also nobody",
    "Q1",
    "Q1 Is this jane@x.example?",
    "Q1 yes, that is her",
    "C1 boss",
    "undo everything",
    "confirm abc",
    "pause forever",
    "not contact",
    "drop",
    "drop a, b",
    "Great coffee with Jane yesterday, she says go for staff",
    "note Jane moved",
    "note: moved",
    "x" * 1001,
    "met a b c d e f g h i",
    "0000000",
    "2 snooze soon",
    "not now",
    "stop it now",
    "I will do it now",
    "the status is fine",
    "helpful",
    ", is also a@b.example",
    ": favourite",
    "x: role mentor",
    "x: weekly",
    "drop <who>",
    "snooze a: for a month",
    "met Jane on Tuesday, 5 March",
    "met Jane yesterday, today",
    "met Jane yesterday; snooze Bob 2 weeks",
    "met Jane yesterday; snooze Bob until 1 January 2020",
    "met Jane, 2 skip",
    "add J <j@x.example> as hoped-for advocate, came to my poster; 2 skip",
    "add J <j@x.example> as advocate, came to my poster",
    "jane role hoped-for advocate, 2 skip",
    "jane role advocate, came to my poster",
    "met Jane, add Ada <ada@quist.example> as mentor",
    "met Jane, good talk, 2 skip",
    "met Jane, good talk. Skip 2",
    "met 1, 2, 3, skip 3",
    "met Jane, yesterday, today, promo",
    "met " + "Jane, " * 40 + "Bob",
    "1.2 skip",
    "1.5 done",
    "pause in 2 weeks",
    "pause next week",
    "snooze Will May",
)
NOISE = (
    "Hi,",
    "Hello there",
    "Hallo zusammen!",
    "Guten Morgen",
    "Thanks!",
    "Thank you very much.",
    "Thanks, Priya",
    "Best regards",
    "Best,",
    "Viele Grüße",
    "Liebe Grüße, Priya",
    "Mit freundlichen Grüßen",
    "Priya",
    "Priya Raman",
    "- Priya",
    "--",
    "***",
    "🙂",
    "Cheers and thanks",
    "Thanks in advance!",
    "Danke schön",
    "LG",
)


@pytest.mark.parametrize(("line", "command"), UNDERSTOOD.items())
def test_what_is_understood_and_its_one_spelling(line: str, command: Command) -> None:
    parsed = parse_line(line, SPEECH)
    assert parsed.command == command
    assert (parsed.text, parsed.noise, parsed.problem) == (line, False, "")
    assert parse_line(format_command(command), SPEECH).command == command
    assert parse_line(line.upper(), Speech(TODAY, "de")).command is not None


@pytest.mark.parametrize("line", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_not_obeyed_halfway(line: str) -> None:
    parsed = parse_line(line, SPEECH)
    assert parsed.command is None
    assert not parsed.noise


@pytest.mark.parametrize("line", NOISE)
def test_greetings_thanks_and_signatures_are_noise(line: str) -> None:
    assert parse_line(line, SPEECH).noise


@pytest.mark.parametrize("line", ["Thanks for the digest", "Hi Jane, can we talk", "Best digest so far", "Cheers, Bob"])
def test_prose_that_begins_politely_is_no_noise(line: str) -> None:
    assert not parse_line(line, SPEECH).noise


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("met Jane on 2030-01-01", "Tue 1 Jan 2030 is yet to come"),
        ("met Jane next Friday, promo", "Fri 13 Mar 2026 is yet to come"),
        ("2 done tomorrow", "Thu 5 Mar 2026 is yet to come"),
        ("snooze 2 until yesterday", "Tue 3 Mar 2026 has come already"),
        ("add J <j@x.example> as ally, until 2020-01-01", "Wed 1 Jan 2020 has come already"),
        ("pause until today", "Wed 4 Mar 2026 has come already"),
    ],
)
def test_days_on_the_wrong_side_of_today_are_told(line: str, problem: str) -> None:
    parsed = parse_line(line, SPEECH)
    assert (parsed.command, parsed.problem) == (None, problem)


def test_blank_lines_are_no_lines() -> None:
    assert [line.text for line in parse_lines(["", " \u200b ", "status", "\t"], SPEECH)] == ["status"]


def test_roles_of_an_owners_own() -> None:
    assert parse_line("jane role sponsor", Speech(TODAY, roles=("sponsor",))).command == SetRole("jane", "sponsor")


@pytest.mark.parametrize(
    ("line", "near"),
    [
        ("sned 1", "send 1"),
        ("skpi 2, 3", "skip 2, 3"),
        ("2 dnoe", "done 2"),
        ("snoze 2 for a month", "snooze 2 until 2026-04-04"),
        ("jane rle mentor", "jane role mentor"),
        ("jane role mentr", "jane role mentor"),
        ("Jane favorit", "Jane favourite"),
        ("stauts", "status"),
        ("skip Jane", "not now Jane"),
        ("done jane-roe", "met jane-roe"),
        ("skip", "<n> skip"),
        ("skip Jane Roe with a very long name here", None),
        ("snooze 2", "snooze <n> for 2 weeks"),
        ("win", "win, a colon and what went well"),
        ("what is this", None),
        ("bob snooze 2 weeks", None),
        ("drop bob", "drop <who>"),
        ("", None),
        ("met", "met <who> on Tuesday, a note"),
    ],
)
def test_the_closest_command(line: str, near: str | None) -> None:
    assert closest_command(line, SPEECH) == near


def test_usage_can_be_quoted_back() -> None:
    from assistant.core.replies.grammar.suggest import _USAGE

    assert [text for text in _USAGE.values() if parse_line(text, SPEECH).command] == []


def test_text_is_cleaned_of_what_cannot_be_seen() -> None:
    assert clean("\u200bskip\u00a02\u00ad \ud800") == "skip 2"
    assert clean("“a” ‘b’") == "\"a\" 'b'"


def test_who_signs() -> None:
    assert is_signed("Best, Priya", ("Priya Raman",))
    assert not is_signed("Thanks!", ("Priya Raman",))


names = st.from_regex(r"[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8})?", fullmatch=True).filter(
    lambda name: (
        parse_line(f"met {name}", SPEECH).command == Met("met", name)
        and parse_line(f"snooze {name} for a month", SPEECH).command == Snooze((name,), APRIL)
        # "Ok favourite" begins politely: somebody called Ok is said by address or number there.
        and parse_line(f"{name} favourite", SPEECH).command == Favourite(name)
    )
)
numbers = st.lists(st.integers(0, 99), min_size=1, max_size=5, unique=True)
whos = st.one_of(names, st.integers(0, 99).map(str), st.from_regex(r"[a-z]{2,8}-[a-z]{2,8}", fullmatch=True))
days = st.dates(date(2026, 3, 5), date(2030, 1, 1))
texts = st.from_regex(r"[A-Za-z][a-z ,.;:é]{0,40}[a-z]", fullmatch=True).filter(lambda text: text == clean(text))
roles = st.sampled_from(["mentor", "advisor", "advocate", "ally"])
addresses = st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True)
cadences = st.integers(1, 3650)
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        Met,
        st.sampled_from(["met", "talked to", "called", "emailed"]),
        whos,
        st.none() | st.dates(date(2020, 1, 1), TODAY),
        st.just("")
        | texts.filter(lambda text: parse_line(f"met jane, {text}", SPEECH).command == Met("met", "jane", None, text)),
    ),
    st.builds(
        lambda numbers, on, note: Met("met", str(numbers[0]), on, note, tuple(map(str, numbers[1:]))),
        st.lists(st.integers(0, 99), min_size=2, max_size=8, unique=True),
        st.none() | st.dates(date(2020, 1, 1), TODAY),
        st.sampled_from(["", "talked promo", "2 hours", "Sam", "Sam, 3"]),
    ),
    st.builds(ByNumber, st.sampled_from(["done", "skip", "send"]), numbers.map(tuple)),
    st.builds(Snooze, st.one_of(whos.map(lambda who: (who,)), numbers.map(lambda many: tuple(map(str, many)))), days),
    st.builds(NotNow, whos),
    st.builds(Now, st.sampled_from(("2", "jane-roe", "Jane Roe"))),
    st.builds(Add, names, addresses, roles, st.booleans(), st.none() | cadences, st.none() | texts, st.none() | days),
    st.builds(Every, whos, cadences),
    st.builds(SetRole, whos, roles, st.booleans()),
    st.builds(Favourite, whos),
    st.builds(IsAlso, whos, addresses),
    st.builds(IsNot, whos, addresses),
    st.builds(Tell, st.sampled_from(["note", "advice", "ask"]), whos, texts),
    st.builds(Tell, st.sampled_from(["win", "goal"]), st.none(), texts),
    st.builds(Candidate, st.integers(1, 99), roles, st.booleans(), st.none() | cadences),
    st.builds(Candidate, st.integers(1, 99), st.none()),
    st.builds(Answer, st.integers(1, 99), st.sampled_from(["yes", "no", "mentor", "jane-roe", "Jane Roe"])),
    st.builds(Drop, whos),
    st.builds(Close, whos),
    st.builds(NotContact, st.from_regex(r"[a-z0-9]{6}", fullmatch=True)),
    st.builds(Look, st.sampled_from(["brief", "show"]), whos),
    st.builds(Plain, st.sampled_from(["status", "help", "resume", "stop"])),
    st.builds(Undo, st.none() | st.integers(1, 9999).map(lambda number: f"T{number}")),
    st.builds(Confirm, st.from_regex(r"[A-Z0-9]{6}", fullmatch=True)),
    st.builds(Pause, st.none() | days),
)


@pytest.mark.parametrize(
    "piece", ["a, ", "Ann, ", "Ann Bo and ", "met Bob, ", "1, ", "a - ", ", ,", "called A and B, "]
)
def test_twice_as_long_a_line_takes_no_more_than_twice_the_time(piece: str) -> None:
    def took(length: int) -> float:
        line = ("met " + piece * length)[:length]
        start = time.process_time()
        for _ in range(5):
            parse_line(line, SPEECH)
        return time.process_time() - start

    took(125)
    assert min(took(1000) for _ in range(3)) < 20 * min(took(125) for _ in range(3)) + 0.01


@given(commands)
def test_every_command_has_one_spelling(command: Command) -> None:
    assert parse_line(format_command(command), SPEECH).command == command


pieces = st.sampled_from(
    [
        "met ",
        "skip ",
        "send ",
        "1",
        "2,3 ",
        "Jane",
        " on ",
        "Tuesday",
        "add ",
        "<a@b.example>",
        " as ",
        "mentor",
        ", ",
        "for ",
        '"',
        "until ",
        "note ",
        ": ",
        "Q1 ",
        "yes",
        "undo ",
        "T",
        "- ",
        "1. ",
        "please ",
        "every ",
        "weeks",
        "3 ",
        "\u202e",
        "is also ",
        "ag\u0131",
        "İ",
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(pieces, max_size=12).map("".join)))
def test_any_line_is_read_without_an_error_and_read_back_the_same(text: str) -> None:
    command = parse_line(text, SPEECH).command
    if command is not None:
        again = parse_line(format_command(command), SPEECH).command
        assert again == command


@pytest.mark.parametrize(
    "line",
    [
        "a" * 1000,
        "add " + "a " * 490,
        "met " + "a," * 490,
        "met " + "Ann Bo and " * 90,
        "met Bob, " * 110,
        "called 1, " * 99,
        "met A, talked to B, " * 49,
        "met a" + " 10:30" * 160,
        "skip " + "1," * 490,
        "<" * 1000,
        "add a@" * 160,
        "a is also " * 99,
        "thanks " * 140,
        "snooze " + "a " * 490,
        "x role " * 140,
        "please " * 140,
        "add a <a@b.example> " + "as mentor, " * 80,
        'add a <a@b.example> for "' + "x" * 900,
        "\u0130" * 1000,
        "q1 " * 330,
        " every" * 160,
    ],
)
def test_no_line_takes_long(line: str) -> None:
    start = time.process_time()
    for _ in range(10):
        parse_line(line, SPEECH)
    closest_command(line, SPEECH)
    assert time.process_time() - start < 0.5


def test_every_line_of_the_page_for_owners_is_understood() -> None:
    page = (Path(__file__).parents[2] / "docs" / "replies.md").read_text()
    table = page.partition("| line | does |")[2].partition("\n\n")[0]
    shown = [line for row in table.split("\n")[2:] for line in re.findall(r"`([^`]+)`", row.split("|")[1])]
    assert len(shown) > 35
    assert [line for line in shown if parse_line(line.replace("…", "x"), SPEECH).command is None] == []
