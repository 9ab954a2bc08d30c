from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.core.digest.gap_fillers import Attendee, fillers, goal_without_ally
from assistant.core.digest.model import CandidateItem
from assistant.core.digest.situation import Known, Shown, Waiting, building, in_situation, mentions_talk, same_matter
from assistant.core.people.cadence import Occasion, standing
from assistant.core.people.ledger import holding
from assistant.core.people.roles import BUILT_IN
from assistant.core.people.roster import Note, Person

if TYPE_CHECKING:
    from assistant.core.people.cadence import Standing

TODAY = date(2026, 3, 2)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def note(kind: str, days: int, text: str = "the outline of the talk", number: int = 1) -> Note:
    return Note(f"T{number}-1", "jane-roe", kind, None, ago(days), text)


def stands(role: str = "advisor", last: int | None = 5, known: Known | None = None, **fields: object) -> Standing:
    person = replace(Person("jane-roe", "Jane Roe", role), **fields)  # type: ignore[arg-type]
    found = standing(person, BUILT_IN.get(role), ago(last) if last is not None else None, TODAY)
    return in_situation(found, BUILT_IN.get(role), known or Known(), TODAY)


def test_nothing_known_leaves_the_cadence() -> None:
    assert (stands().why, stands().is_due, stands(last=None).why) == ("cadence", False, "never-seen")


EVERYTHING = Known(
    notes=(note("reached", 4), note("favour", 3), note("promised", 3), note("ask", 2), note("ask", 1)),
    wins=(Note("T9-1", None, "win", None, ago(1), "the outline of the talk is out"),),
    chances=(Occasion("Design review", "meeting", ago(2)),),
    letter_on=ago(20),
    one_to_one_on=ago(200),
    waiting=Waiting(ago(6), "Your outline"),
    unanswered_on=ago(20),
)


def test_what_they_wait_for_comes_first() -> None:
    """Each situation gives way to the next as soon as it's settled."""
    order = []
    known = EVERYTHING
    for settle in (
        {"waiting": None},
        {"notes": [one for one in EVERYTHING.notes if one.kind != "reached"]},
        {"notes": [one for one in EVERYTHING.notes if one.kind in {"promised", "ask"}]},
        {"wins": ()},
        {"unanswered_on": None},
        {"chances": ()},
        {"hoped_on": ago(300), "one_to_one_on": ago(200)},
        {"notes": ()},
    ):
        order.append(stands("advocate", 200, known, hoped=True).why)
        known = replace(known, **settle)
        if known.hoped_on is None:
            known = replace(known, hoped_on=ago(10))
    assert order == [
        "owe-answer", "goal-met", "thanks", "promise-kept", "second-try", "chance", "hoped", "update",
    ]  # fmt: skip
    assert stands("advocate", 200, known).why == "cadence"


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (Known(), "cadence"),
        (Known(waiting=Waiting(ago(3), "Plans")), "cadence"),
        (Known(waiting=Waiting(ago(3), "Plans?", asks=True)), "owe-answer"),
        (Known(waiting=Waiting(ago(6), "Plans")), "owe-answer"),
        (Known(waiting=Waiting(ago(183), "Plans")), "owe-answer"),
        (Known(waiting=Waiting(ago(184), "Plans?", asks=True)), "cadence"),
        (Known(waiting=Waiting(ago(28), "Re: Plans", answers=True)), "owe-answer"),
        (Known(waiting=Waiting(ago(29), "Re: Plans", answers=True)), "cadence"),
        (Known(unanswered_on=ago(9)), "cadence"),
        (Known(unanswered_on=ago(10)), "second-try"),
        (Known(unanswered_on=ago(183)), "second-try"),
        (Known(unanswered_on=ago(184)), "cadence"),
    ],
)
def test_an_answer_is_owed_or_missing_after_days(known: Known, why: str) -> None:
    found = stands(last=12, known=known)
    assert (found.why, found.is_due) == (why, why == "owe-answer")


@pytest.mark.parametrize(
    ("cards", "why"),
    [((7,), "owe-answer"), ((7, 14), "cadence"), ((7, 21), "owe-answer")],
)
def test_two_reminders_of_one_mail_are_enough(cards: tuple[int, ...], why: str) -> None:
    shown = [Shown(ago(days), "owe-answer") for days in cards]
    assert stands(last=12, known=Known(waiting=Waiting(ago(20)), shown=shown)).why == why


def test_the_situation_never_puts_off_who_is_due() -> None:
    before = stands(last=120)
    thanked = stands(last=120, known=Known(notes=(note("favour", 1),)))
    assert (thanked.why, thanked.due_on, thanked.overdue_days) == ("thanks", before.due_on, before.overdue_days)


@pytest.mark.parametrize(
    ("days", "shown", "letter", "thanks"),
    [
        (5, [], None, True),
        (5, [Shown(ago(4), "thanks")], None, True),
        (5, [Shown(ago(4), "thanks"), Shown(ago(2), "thanks")], None, False),
        (5, [Shown(ago(8), "thanks"), Shown(ago(7), "thanks")], None, True),
        (5, [Shown(ago(4), "thanks", sent=True)], None, False),
        (5, [Shown(ago(4), "due"), Shown(ago(3), "due")], None, True),
        (5, [], ago(6), True),
        (5, [], ago(5), True),
        (5, [], ago(4), False),
        (57, [], None, False),
    ],
)
def test_how_long_thanks_are_due(days: int, shown: list[Shown], letter: date | None, *, thanks: bool) -> None:
    known = Known(notes=(note("favour", days),), shown=shown, letter_on=letter)
    assert (stands(known=known).why == "thanks") == thanks


@pytest.mark.parametrize(
    ("later", "kept"),
    [
        (Note("T2-1", None, "win", None, ago(1), "the talk outline is finished"), True),
        (Note("T2-1", "jane-roe", "note", None, ago(1), "outline of the talk sent"), True),
        (Note("T2-1", "jane-roe", "note", None, ago(1), "Gliederung und outline verschickt"), True),
        (Note("T2-1", "jane-roe", "note", None, ago(1), "the outline is not finished"), False),
        (Note("T2-1", "jane-roe", "note", None, ago(1), "asked for the outline again"), False),
        (Note("T2-1", None, "win", None, ago(1), "spoke at the meetup"), False),
        (Note("T2-1", None, "win", None, ago(9), "the talk outline is finished"), False),
    ],
)
def test_what_says_that_a_promise_is_kept(later: Note, *, kept: bool) -> None:
    own = [note("promised", 5), *([later] if later.person else [])]
    known = Known(notes=own, wins=[] if later.person else [later])
    assert (stands(known=known).why == "promise-kept") == kept


def test_a_promise_that_was_handed_over_needs_no_news() -> None:
    win = Note("T9-1", None, "win", None, ago(1), "the outline of the talk is out")
    known = Known(notes=(note("promised", 5), note("gave", 1)), wins=(win,))
    assert stands(known=known).why == "cadence"
    asked = Known(notes=(note("ask", 5),), wins=(win,))
    assert stands(known=asked).why == "cadence", "it was no promise"


def test_somebody_hoped_for_has_a_clock_of_their_own() -> None:
    named = Known(hoped_on=ago(40))
    assert stands("advocate", 60, named, hoped=True).is_due
    once = replace(named, shown=(Shown(ago(40)), Shown(ago(27), "hoped")))
    found = stands("advocate", 60, once, hoped=True)
    assert (found.why, found.cadence_days, found.due_on) == ("hoped", 28, TODAY + timedelta(days=1))
    own = stands("advocate", 60, once, hoped=True, cadence_days=14)
    assert (own.due_on, own.overdue_days) == (ago(13), 13)
    spoke = stands("advocate", 60, replace(once, one_to_one_on=ago(40)), hoped=True)
    assert (spoke.why, spoke.is_due) == ("cadence", False)


@pytest.mark.parametrize(
    ("role", "hoped", "alone", "shown", "chance"),
    [
        ("advocate", False, None, [], True),
        ("advocate", False, 100, [], True),
        ("advocate", False, 90, [], False),
        ("advocate", True, 3, [], True),
        ("advocate", True, 2, [], False),
        ("mentor", False, None, [], False),
        ("mentor", True, None, [], True),
        ("advocate", False, None, [Shown(ago(27), "chance")], False),
        ("advocate", False, None, [Shown(ago(28), "chance")], True),
        ("advocate", False, None, [Shown(ago(7), "due")], True),
    ],
)
def test_when_a_meeting_is_a_chance(
    role: str, alone: int | None, shown: list[Shown], *, hoped: bool, chance: bool
) -> None:
    met = Occasion("Design review", "meeting", ago(2))
    known = Known(
        chances=(met,), one_to_one_on=ago(alone) if alone is not None else None, shown=shown, hoped_on=ago(30)
    )
    assert (stands(role, 1, known, hoped=hoped).why == "chance") == chance


def test_the_order_of_the_building_place() -> None:
    base = stands()
    gap = replace(base, person=Person("kim@x.example", "Kim Oh", "advocate"), why="gap")

    def one(handle: str, why: str, **fields: object) -> Standing:
        return replace(base, person=Person(handle, handle, "advocate"), why=why, **fields)  # type: ignore[arg-type]

    hoped = one("ada", "hoped", due_on=ago(1), overdue_days=1)
    earlier = one("bea", "hoped", due_on=ago(5), overdue_days=5)
    everybody = [
        hoped, earlier, one("cem", "chance"), one("dov", "chance", snoozed=True), one("eli", "cadence"),
        one("fay", "hoped", due_on=TODAY + timedelta(days=3), overdue_days=-3),
    ]  # fmt: skip
    assert building(everybody, gap) == ("cem", "bea", "ada", "kim@x.example")
    assert building([]) == ()


@pytest.mark.parametrize(
    "text",
    ["asked about my talk", "war bei meinem Vortrag", "venue à l’exposé", "vino a mi ponencia", "the Keynote slides"],
)
def test_a_talk_is_known_in_four_languages(text: str) -> None:
    assert mentions_talk(text)
    assert not mentions_talk("talked about the budget")


def test_the_same_matter() -> None:
    assert same_matter("the outline of the benchmark talk", "benchmark outline published")
    assert not same_matter("a write-up of the migration", "shipped the billing migration")
    assert not same_matter("it", "it")
    assert not same_matter("reviewers, budget, travel and hotel lists for Lisbon", "the budget and the travel of May")


def candidate(label: str, address: str, guess: str | None = None) -> CandidateItem:
    return CandidateItem(label, address, label, 9, guess, "")


def inside(address: str) -> bool | None:
    return {"x.example": True, "y.example": False}.get(address.rpartition("@")[2])


def test_who_could_fill_a_gap() -> None:
    people = [
        candidate("C1", "a@x.example"), candidate("C2", "b@y.example"), candidate("C3", "c@x.example", "mentor"),
        candidate("C4", "d@z.example"), candidate("C5", "e@x.example", "advocate"),
    ]  # fmt: skip
    met = [
        Attendee("f@x.example", "F", Occasion("Review", "meeting", ago(9))),
        Attendee("g@x.example", "G", Occasion("Review", "meeting", ago(1))),
        Attendee("f@x.example", "F", Occasion("Demo", "meeting", ago(3))),
        Attendee("h@y.example", "H", Occasion("Demo", "meeting", ago(3))),
    ]

    def named(role: str, who: list[CandidateItem]) -> list[str]:
        return [one.name for one in fillers(BUILT_IN[role], who, met, inside)]

    assert named("advocate", people) == ["C5", "C1", "F"]
    assert named("advocate", []) == ["F", "G"]
    assert named("advisor", people) == ["C2", "H"]
    assert named("mentor", people) == ["C3"]
    (first, _) = fillers(BUILT_IN["advocate"], [], met, inside)
    assert first.met == Occasion("Demo", "meeting", ago(3))


def test_a_goal_that_an_ally_shares_is_not_alone() -> None:
    ally = stands("ally", goal="migrate the search platform")
    goals = ["the search platform migration", "speak at a conference"]
    assert goal_without_ally(goals, [ally]) == "speak at a conference"
    assert goal_without_ally(goals[:1], [ally]) is None
    assert goal_without_ally([], []) is None


def test_only_the_latest_of_what_lasts_is_in_force() -> None:
    first, second = note("occasion", 9, "came to my poster", 1), note("occasion", 1, "asked for my slides", 2)
    assert holding([first, note("note", 5, number=3), second]) == (note("note", 5, number=3), second)
