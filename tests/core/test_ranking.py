"""Who is worth keeping and isn't on the roster, and which role they may have (docs/roles.md, "Who is offered")."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from assistant.core.contact.candidates import (
    DAY,
    WEEK,
    Sent,
    gaps,
    guess_role,
    is_off_hours,
    lasting,
    lately,
    mutual,
    need,
    personal,
    rank,
    rhythm,
    tone,
)
from assistant.core.language.cues import LANGUAGES, bare
from assistant.core.language.data_files import data_file
from assistant.core.language.lexicon import word_list

NOW = 2000 * WEEK
COMPANY = ("northwind.example",)


def weekly(*ago: int, reason: str = "one-to-one", a_week: int = 1) -> list[Sent]:
    """Return contacts in the weeks that long ago, `a_week` in each."""
    found = []
    for week in ago:
        for number in range(a_week):
            at = NOW - week * WEEK + number * 3600
            alone, answers = reason != "small-group", reason == "reply"
            one = Sent(at, alone=alone, full=True, thread=f"{week} {number}", answers=answers, topic=f"topic {week}")
            found.append(one)
    return found


@pytest.mark.parametrize(
    ("contacts", "inside", "outside"),
    [
        pytest.param(weekly(*range(1, 52, 3)), "mentor", "mentor", id="every three weeks for a year"),
        pytest.param(
            weekly(*range(1, 30, 5), a_week=6), "mentor", "mentor", id="a talk and its mails every five weeks"
        ),
        pytest.param(weekly(*range(0, 40, 2), reason="reply"), "mentor", "mentor", id="answers every two weeks"),
        pytest.param(weekly(*range(52)), None, None, id="every week: they work together"),
        pytest.param(weekly(*range(52), a_week=5), None, None, id="every day"),
        pytest.param(weekly(1, 14, 27, 40), "advocate", "advisor", id="once a quarter"),
        pytest.param(weekly(2, 45), "advocate", "advisor", id="twice a year"),
        pytest.param(weekly(1, 2, 3, a_week=9), None, None, id="one busy month"),
        pytest.param(weekly(3, a_week=40), None, None, id="one busy week"),
        pytest.param(weekly(*range(1, 52, 3), reason="small-group"), None, None, id="always among several"),
        pytest.param(
            [*weekly(1, 20), *weekly(*range(30), reason="small-group")], None, None, id="mostly among several"
        ),
        pytest.param([], None, None, id="nothing"),
    ],
)
def test_the_rhythm_tells_the_role_or_nothing_does(
    contacts: list[Sent], inside: str | None, outside: str | None
) -> None:
    assert guess_role("northwind.example", COMPANY, contacts) == inside
    assert guess_role("berlin.northwind.example", COMPANY, contacts) == inside
    assert guess_role("roe.example", COMPANY, contacts) == outside
    assert guess_role("notnorthwind.example", COMPANY, contacts) == outside


def test_without_a_company_nobody_is_in_or_out_of_it() -> None:
    assert guess_role("roe.example", (), weekly(1, 14, 27, 40)) is None
    assert guess_role("roe.example", (), weekly(*range(1, 52, 3))) == "mentor"


def exchange(*ago: int, **changes: object) -> list[Sent]:
    """Return mail to one person alone in the weeks that long ago; every other message answers theirs."""
    found = [replace(one, answers=place % 2 == 1) for place, one in enumerate(weekly(*ago))]
    return [replace(one, **changes) for one in found]  # type: ignore[arg-type]


def score(sent: list[Sent], *public: str) -> float:
    found = rank(sent, public, NOW)
    return found.score if found else 0.0


def test_all_shares_stay_between_nothing_and_one() -> None:
    for sent in ([], weekly(3), exchange(*range(150)), exchange(1, 30, 100), weekly(*range(20), reason="small-group")):
        instants = [one.at for one in sent]
        found = [personal(sent, ()), mutual(sent), lasting(instants), rhythm(instants), need(*gaps(instants, NOW))]
        assert all(0 <= one <= 1 for one in found), found


def test_never_answered_is_no_candidate() -> None:
    assert rank(weekly(*range(0, 100, 5)), (), NOW) is None
    assert rank([], (), NOW) is None
    assert score(exchange(*range(0, 100, 5))) > 0


def test_personal_is_alone_between_two_and_in_personal_words() -> None:
    plain = exchange(*range(0, 50, 5))
    among = [*plain, *weekly(*range(20), reason="small-group")]
    assert personal(among, ()) < personal(plain, ())
    assert personal(plain, {one.topic for one in plain[:5]}) == pytest.approx(personal(plain, ()) / 2)
    warm, cold = (exchange(*range(0, 50, 5), tone=tone) for tone in (1, -1))
    assert personal(cold, ()) < personal(plain, ()) < personal(warm, ())
    assert personal(plain, ()) < personal(exchange(*range(0, 50, 5), off_hours=True), ())


def test_one_long_thread_counts_as_one_topic() -> None:
    thread = exchange(*range(20), tone=1, topic="coffee?")
    assert personal(thread, ()) == pytest.approx(personal(exchange(*range(20), topic="coffee?", tone=1)[:20], ()))
    assert personal(thread, ()) < personal(exchange(*range(20), tone=1), ())


def test_mutual_falls_the_more_one_side_begins() -> None:
    even, owner, they = exchange(*range(20)), weekly(*range(20)), weekly(*range(20), reason="reply")
    assert mutual(even) == pytest.approx(1)
    assert mutual(owner) == pytest.approx(mutual(they))
    assert mutual(they) < 0.2
    assert mutual(they) < mutual(they[:2]), "two answers aren't a habit"
    # An answer in the owner's own thread doesn't make it theirs.
    both = [replace(one, thread="t") for one in exchange(2, 1)]
    assert mutual([replace(both[0], answers=False), replace(both[1], answers=True)]) == mutual(weekly(1))


def test_lasting_is_many_months_and_a_long_time() -> None:
    burst, twice, years = ([one.at for one in weekly(*ago)] for ago in ((1, 2, 3), (1, 30), range(0, 150, 12)))
    assert lasting(burst) < 0.1 < lasting(twice) < lasting(years) < 1
    assert lasting([]) == lasting([NOW]) == 0


def test_rhythm_of_every_week_is_work_and_seldom_is_free() -> None:
    assert rhythm([one.at for one in weekly(*range(50))]) == pytest.approx(0.35)
    daily = [NOW - day * DAY for day in range(200)]
    assert rhythm(daily) < 0.1
    assert rhythm([one.at for one in weekly(*range(0, 100, 12))]) > 0.95
    assert rhythm([]) == 1


@pytest.mark.parametrize(
    ("ago", "quiet", "usual", "resumed"),
    [
        ((10, 12, 14, 16), 10, 2, 0),
        ((0, 30, 60), 0, 30, 30),
        ((20, 60), 20, 40, 0),
        ((3, 23, 25, 27), 3, 8, 20),
        ((5,), 5, 0, 0),
        ((), 0, 0, 0),
    ],
)
def test_gaps_in_weeks(ago: tuple[int, ...], quiet: int, usual: int, resumed: int) -> None:
    assert gaps([one.at for one in weekly(*ago)], NOW) == (quiet, usual, resumed)


def test_need_grows_to_twice_the_usual_gap_or_is_there_once_resumed() -> None:
    assert need(0, 5, 0) == 0.5 < need(5, 5, 0) < need(10, 5, 0) == need(50, 5, 0) == 1
    assert need(0, 30, 20) == 1


@pytest.mark.parametrize(
    ("ago", "lapsed"),
    [
        (range(26, 50, 2), True),
        ((20, 22, 24, 26), True),
        (range(0, 52, 2), False),
        (range(12, 40, 2), False),
        ((2, *range(26, 50, 2)), False),
        ((14, 24, 34, 44), False),
    ],
)
def test_lapsed_is_who_was_in_touch_and_then_silent(ago: tuple[int, ...], *, lapsed: bool) -> None:
    found = rank(exchange(*ago), (), NOW)
    assert found
    assert found.lapsed == lapsed


def test_what_somebody_is_lately_counts() -> None:
    colleague = weekly(*range(60, 150), reason="small-group", a_week=3)
    friend = exchange(*range(2, 50, 4), tone=1)
    assert lately([*colleague, *friend]) == friend
    found = rank([*colleague, *friend], (), NOW)
    assert found
    assert (found.alone, found.score >= score(friend)) == (1, True)
    few = exchange(*range(2, 150, 15))
    assert sorted(one.at for one in lately(few)) == sorted(one.at for one in few), "a dozen, however old"


def test_large_rounds_say_nothing_about_somebody() -> None:
    crowd = [replace(one, full=False) for one in weekly(*range(100), reason="small-group")]
    senior = exchange(*range(2, 100, 12))
    found = rank([*senior, *crowd], (), NOW)
    assert found
    assert found.score == pytest.approx(score(senior))
    assert found.alone < 0.2, "the reason says how it is"


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        ("Coffee next week?", 1), ("AW: Danke für deinen Rat", 1), ("Merci pour tes conseils", 1), ("Gracias", 1),
        ("How was your first month?", 1), ("long time no see", 1), ("Your new role", 1), ("Schön dich zu sehen", 1),
        ("Invoice 4711", -1), ("Nebenkostenabrechnung 2025", -1), ("Votre facture", -1), ("Cita previa", -1),
        ("Happy birthday!", -1), ("Urlaub auf Rügen", -1), ("Photos de Noël", -1), ("Cumpleaños de la abuela", -1),
        ("Status of the dashboard", 0), ("The thing", 0), ("", 0), ("Thanks for the photos", 0),
    ],
)  # fmt: skip
def test_the_tone_of_a_subject(subject: str, wanted: int) -> None:
    assert tone(subject) == wanted


def test_no_word_of_a_tone_means_nothing_in_another_language() -> None:
    for kind in ("personal", "home", "errand"):
        cues = {bare(word.rstrip("*")) for word in data_file("words", "tone")[kind]["words"].split()}
        for language in LANGUAGES:
            assert cues.isdisjoint(map(bare, word_list("function", language))), (kind, language)


def test_off_hours_are_evenings_and_weekends() -> None:
    hours = [datetime.fromisoformat(f"2026-03-{day}").astimezone() for day in ("10T09:00", "10T20:00", "14T11:00")]
    assert [is_off_hours(one) for one in hours] == [False, True, True]
