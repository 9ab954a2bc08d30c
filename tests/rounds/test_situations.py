"""Who comes up for which reason, from mail and commands to the card (docs/roles.md, "Situations")."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.core.digest.week import current
from assistant.core.language.phrases import Phrases
from assistant.render.cards import card as words_of
from assistant.render.view import Cuts
from assistant.rounds.digest import build
from assistant.rounds.digest.dossier import gather
from assistant.rounds.digest.roster_status import views
from assistant.rounds.roster_import import export
from assistant.store import digests, roster
from assistant.writer.offline.writer import OfflineWriter
from tests.replying import OWNER, ZONE, Life, config

if TYPE_CHECKING:
    from assistant.core.digest.model import DueItem
    from assistant.core.evidence.dossier import Dossier
    from assistant.core.language.data_files import Language
    from assistant.rounds.digest.result import Built

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
ADA = "add Ada Moreau <ada@example.com> as hoped-for advocate, came to my poster"


class Weeks(Life):
    """A life in which digests are built for real, with the offline writer."""

    def say(self, *lines: str) -> None:
        for line in self.do(*lines).lines:
            assert line.outcome == "ok", (line.text, line.effect)

    def write(self, to: str, subject: str = "Plans", body: str = "how are you?", days_ago: float = 0) -> None:
        at = self.now - timedelta(days=days_ago)
        self.numbers += 1
        header = f"From: Priya <{OWNER}>\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <m{self.numbers}@example.com>"
        self.put(f"{header}\r\nDate: {at:%a, %d %b %Y %H:%M:%S +0100}\r\n\r\nHi,\r\n\r\n{body}\r\n".encode(), at)

    def write_to_kim(self) -> None:
        """Answer somebody outside the company, who isn't on the roster, over most of a year."""
        subjects = ("Coffee in Leeds?", "Thanks for your advice", "Lunch in May?", "Your new job")
        for number, days in enumerate((330, 250, 200, 130)):
            answered = f"In-Reply-To: <kim{number}@elsewhere.example>\r\n"
            subject = f"Re: {subjects[number % len(subjects)]}"
            self.write("Kim Oh <kim@elsewhere.example>", f"{subject}\r\n{answered.rstrip()}", days_ago=days)

    def meet(self, summary: str, *guests: str, days_ago: float = 1) -> None:
        """Accept an invitation of somebody else's to a meeting with these guests."""
        start = (self.now - timedelta(days=days_ago)).astimezone(UTC)
        self.numbers += 1
        lines = [
            "BEGIN:VCALENDAR", "METHOD:REPLY", "BEGIN:VEVENT", f"UID:u{self.numbers}@example.com",
            f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{start + timedelta(hours=1):%Y%m%dT%H%M%SZ}",
            f"SUMMARY:{summary}", f"ORGANIZER:mailto:{guests[0]}", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{OWNER}",
            *(f"ATTENDEE;CN={guest.partition('@')[0].title()} Name:mailto:{guest}" for guest in guests[1:]),
            "END:VEVENT", "END:VCALENDAR",
        ]  # fmt: skip
        at = self.now - timedelta(days=days_ago + 1)
        header = f"From: {OWNER}\r\nTo: {guests[0]}\r\nSubject: Accepted: {summary}\r\n"
        header += f"Message-ID: <u{self.numbers}@example.com>\r\nDate: {at:%a, %d %b %Y %H:%M:%S +0100}\r\n"
        header += "Content-Type: text/calendar; method=REPLY\r\n\r\n"
        self.put((header + "\r\n".join(lines) + "\r\n").encode(), at)

    def build(self) -> Built:
        round_ = replace(self.round(), writer=OfflineWriter())
        return build.build(round_, current(round_.now, round_.slot))

    def cards(self, weeks_later: int = 0) -> dict[str, DueItem]:
        """Build the digest of so many weeks later, and return its cards by handle."""
        self.later(weeks=weeks_later)
        return {item.handle: item for item in self.build().digest.due}

    def dossier(self, handle: str) -> Dossier:
        round_ = replace(self.round(), writer=OfflineWriter())
        (view,) = [one for one in views(self.config, self.store, self.now) if one.standing.person.handle == handle]
        return gather(round_, view, "2026-W10")


@pytest.fixture
def weeks() -> Weeks:
    own = config()
    me = replace(own.me, company_domains=("example.com",))
    return Weeks(config=replace(own, me=me), now=MONDAY)


def why(card: DueItem) -> str:
    assert card.why_not_cadence
    return card.why_not_cadence


# Hoped for.


def test_somebody_hoped_for_comes_every_four_weeks_until_a_first_one_to_one(weeks: Weeks) -> None:
    weeks.write("ada@example.com", days_ago=60)
    weeks.say(ADA)
    first = weeks.cards()["ada-moreau"]
    assert first.situation == "hoped"
    assert why(first) == "your reason: “came to my poster”"
    dossier = weeks.dossier("ada-moreau")
    assert (dossier.situation, dossier.occasion, dossier.occasion_kind) == ("hoped", "came to my poster", "occasion")
    assert dossier.occasion_on == MONDAY.date()
    assert "came to my poster" in [row.text for row in dossier.evidence]
    shown = [week for week in range(1, 9) if "ada-moreau" in weeks.cards(1)]
    assert shown == [4, 8]
    weeks.write("ada@example.com")
    assert [week for week in range(1, 9) if "ada-moreau" in weeks.cards(1)] == []


def test_the_occasion_is_exported_and_undone_with_the_person(weeks: Weeks) -> None:
    weeks.say(ADA)
    assert 'kind = "occasion", on = 2026-03-02, text = "came to my poster"' in export(weeks.store)
    weeks.say("undo")
    assert roster.all_notes(weeks.store) == ()
    assert roster.load_roster(weeks.store).people == ()


def test_somebody_on_the_roster_may_become_hoped_for(weeks: Weeks) -> None:
    weeks.write("ada@example.com", days_ago=3)
    weeks.say("add Ada Moreau <ada@example.com> as mentor")
    assert "ada-moreau" not in weeks.cards()
    weeks.later(weeks=1)
    weeks.say("Ada role hoped-for advocate, came to my poster")
    assert why(weeks.cards()["ada-moreau"]).endswith("“came to my poster”")


def test_hoped_for_without_a_reason(weeks: Weeks) -> None:
    weeks.say("add Ada Moreau <ada@example.com> as hoped-for advocate")
    assert why(weeks.cards()["ada-moreau"]) == "time to get to know each other"


# Gaps.


def test_an_empty_role_names_a_candidate_with_a_first_mail(weeks: Weeks) -> None:
    weeks.write_to_kim()
    weeks.say("add Bob Li <bob@other.example> as mentor")
    built = weeks.build()
    card = next(item for item in built.digest.due if item.handle == "kim@elsewhere.example")
    assert (card.situation, card.role, card.address) == ("gap", "advisor", "kim@elsewhere.example")
    assert why(card) == "could be the advisor you miss"
    assert card.in_drafts
    step = next(gap.step for gap in built.digest.gaps if gap.role == "advisor")
    assert step == f"Kim Oh (C1) would fit. A first mail to Kim Oh is under {card.number}."
    assert "kim@elsewhere.example" not in weeks.cards(1), "a first mail is drafted once"


def test_a_first_mail_can_be_sent_by_number_but_nothing_else(weeks: Weeks) -> None:
    weeks.write_to_kim()
    assert weeks.cards() == {}, "nobody is on the roster yet"
    weeks.say("add Bob Li <bob@other.example> as mentor")
    number = weeks.cards(2)["kim@elsewhere.example"].number
    assert weeks.one(f"met {number}") == (
        "refused",
        "Kim Oh <kim@elsewhere.example> is not on your roster yet: add them first, nothing done.",
    )
    outcome, effect = weeks.one(f"{number} send")
    assert (outcome, effect[:31]) == ("ok", "Kim Oh <kim@elsewhere.example>:")
    weeks.say("add Kim Oh <kim@elsewhere.example> as advisor", f"met {number}")


def test_where_everybody_is_due_building_has_a_place_every_other_week(weeks: Weeks) -> None:
    weeks.write_to_kim()
    weeks.say(*(f"add Person {name} <{name}@x.example> as mentor" for name in "abcdef"))
    digests_ = [weeks.cards(week) for week in (0, 1)]
    assert [len(cards) for cards in digests_] == [5, 5]
    assert sorted("kim@elsewhere.example" in cards for cards in digests_) == [False, True]


def test_people_of_meetings_are_named_where_they_fit_inside_or_outside(weeks: Weeks) -> None:
    weeks.meet("Design review", "grace@example.com", "kim@elsewhere.example", "ines@example.com")
    weeks.meet("Design review", "grace@example.com", "ines@example.com", "lou@elsewhere.example", days_ago=8)
    steps = {gap.role: gap.step for gap in weeks.build().digest.gaps}
    assert "You and Ines Name were both in “Design review” on Sun 1 Mar." in steps["advocate"]
    assert "Kim Name" not in steps["advocate"]
    assert "Kim Name" in steps["advisor"]
    assert "drafted above" not in steps["advocate"] + steps["advisor"], "nobody was ever written to"


def test_somebody_due_is_the_answer_to_a_sleeping_role(weeks: Weeks) -> None:
    weeks.write("ruth@other.example", days_ago=200)
    weeks.say("add Ruth Abel <ruth@other.example> as advisor")
    (gap,) = [gap for gap in weeks.build().digest.gaps if gap.role == "advisor"]
    assert gap.step == "Ruth Abel is due this week: start there."


def test_no_first_mail_for_a_role_in_which_somebody_is_due(weeks: Weeks) -> None:
    weeks.write_to_kim()
    weeks.write("ruth@other.example", days_ago=200)
    weeks.say("add Ruth Abel <ruth@other.example> as advisor")
    assert list(weeks.cards()) == ["ruth-abel"]


# A chance.


@pytest.mark.parametrize("role", ["advocate", "hoped-for advocate"])
def test_a_meeting_with_somebody_senior_is_a_chance(weeks: Weeks, role: str) -> None:
    weeks.write("grace@example.com", days_ago=120)
    weeks.later(days=-100)
    weeks.say(f"add Grace Odell <grace@example.com> as {role}")
    weeks.later(days=100)
    weeks.meet("Design review", "ines@example.com", "grace@example.com", days_ago=5)
    card = weeks.cards()["grace-odell"]
    assert (card.situation, why(card)) == (
        "chance",
        "you were both in “Design review” on 25 February",
    )
    dossier = weeks.dossier("grace-odell")
    assert (dossier.occasion, dossier.occasion_kind) == ("Design review", "meeting")


@pytest.mark.parametrize("spoken", ["met Grace on 26 February", "emailed Grace yesterday"])
def test_no_chance_where_the_two_spoke_since(weeks: Weeks, spoken: str) -> None:
    weeks.say("add Grace Odell <grace@example.com> as advocate")
    weeks.meet("Design review", "ines@example.com", "grace@example.com", days_ago=5)
    weeks.say(spoken)
    assert "grace-odell" not in weeks.cards()


def test_a_meeting_of_the_two_alone_or_with_a_mentor_is_no_chance(weeks: Weeks) -> None:
    weeks.write("grace@example.com", days_ago=120)
    weeks.write("bob@example.com", days_ago=12)
    weeks.say("add Grace Odell <grace@example.com> as advocate", "add Bob Li <bob@example.com> as mentor")
    weeks.meet("Coffee", "grace@example.com", days_ago=3)
    weeks.meet("Design review", "ines@example.com", "bob@example.com", days_ago=3)
    assert {"grace-odell", "bob-li"} & weeks.cards().keys() == set()


def test_a_meeting_that_the_owner_only_called_is_no_chance(weeks: Weeks) -> None:
    weeks.say("add Grace Odell <grace@example.com> as mentor")
    weeks.meet("Design review", "ines@example.com", "grace@example.com", days_ago=3)
    weeks.store.connection.execute("UPDATE occurrence SET state = 'requested', verdict = 'soft'")
    weeks.say("Grace role advocate")
    assert weeks.dossier("grace-odell").situation == "first"


def test_a_talk_in_a_note_is_a_chance_for_a_week(weeks: Weeks) -> None:
    weeks.write("grace@example.com", days_ago=200)
    weeks.say("add Grace Odell <grace@example.com> as advocate", "note Grace: asked a question after my talk")
    assert why(weeks.cards()["grace-odell"]) == ("your note of 2 March: “asked a question after my talk”")
    weeks.later(weeks=1)
    assert "grace-odell" not in weeks.cards(1)


# Allies.


def test_a_goal_without_an_ally_is_named_once_a_quarter(weeks: Weeks) -> None:
    weeks.say("goal: lead the search platform migration")
    named = []
    for week in range(20):
        gaps = [gap for gap in weeks.build().digest.gaps if gap.role == "ally"]
        named += [weeks.now.date().isoformat()] * len(gaps)
        if gaps:
            assert gaps[0].text == "Nobody works with you on “lead the search platform migration” yet."
        weeks.later(weeks=1)
        if week == 6:
            weeks.say("add Bob Li <bob@other.example> as mentor")
    assert named == ["2026-04-06", "2026-07-06"]


@pytest.mark.parametrize(
    "line", ['add Ann Poe <ann@poe.example> as ally, for "the search platform"', "win: the search platform migration"]
)
def test_a_goal_that_is_shared_or_reached_needs_no_ally(weeks: Weeks, line: str) -> None:
    weeks.say("goal: the search platform migration")
    weeks.build()
    weeks.later(weeks=5)
    weeks.say(line)
    assert [gap for gap in weeks.build().digest.gaps if gap.role == "ally"] == []


# A goal that is met.


def test_a_closed_ally_is_thanked_once_and_never_comes_up_again(weeks: Weeks) -> None:
    weeks.write("ann@poe.example", days_ago=3)
    weeks.say('add Ann Poe <ann@poe.example> as ally, for "one build for all"')
    weeks.cards()
    weeks.later(days=2)
    weeks.say("close Ann")
    card = weeks.cards(1)["ann-poe"]
    assert (card.situation, why(card)) == ("goal-met", "“one build for all” is reached: time to say thanks")
    assert "Thank" in card.words.body
    assert all("ann-poe" not in weeks.cards(1) for _ in range(12))


def test_an_undone_close_is_no_reached_goal(weeks: Weeks) -> None:
    weeks.write("ann@poe.example", days_ago=3)
    weeks.say('add Ann Poe <ann@poe.example> as ally, for "one build for all"', "close Ann")
    weeks.say("undo")
    assert weeks.cards() == {}


# Promises, thanks, news.


def test_a_kept_promise_is_told_at_most_twice(weeks: Weeks) -> None:
    weeks.write("ruth@other.example", days_ago=5)
    weeks.say("add Ruth Abel <ruth@other.example> as advisor", "promised Ruth: the outline of the benchmark talk")
    assert "ruth-abel" not in weeks.cards()
    weeks.later(days=2)
    weeks.say("win: the benchmark outline is out")
    card = weeks.cards(1)["ruth-abel"]
    assert (card.situation, why(card)) == (
        "promise-kept",
        "you promised “the outline of the benchmark talk”, and it looks done: “the benchmark outline is out”",
    )
    dossier = weeks.dossier("ruth-abel")
    assert (dossier.occasion, dossier.kept_by) == ("the outline of the benchmark talk", "the benchmark outline is out")
    assert {"you promised: the outline of the benchmark talk", "the benchmark outline is out"} <= {
        row.text for row in dossier.evidence
    }
    assert ["ruth-abel" in weeks.cards(1) for _ in range(3)] == [True, False, False]


@pytest.mark.parametrize("line", ["note Ruth: still waits for the outline of the benchmark", "win: a benchmark"])
def test_what_does_not_say_it_is_done_keeps_no_promise(weeks: Weeks, line: str) -> None:
    weeks.write("ruth@other.example", days_ago=5)
    weeks.say("add Ruth Abel <ruth@other.example> as advisor", "promised Ruth: the outline of the benchmark talk", line)
    assert "ruth-abel" not in weeks.cards()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("intro from Ruth: Sam Okoye at Quist", "Ruth introduced you (“Sam Okoye at Quist”, 2 March)"),
        ("favour from Ruth: read my draft", "Ruth did you a favour (“read my draft”, 2 March)"),
    ],
)
def test_thanks_are_due_at_once_and_twice_at_most(weeks: Weeks, line: str, reason: str) -> None:
    weeks.write("ruth@other.example", days_ago=5)
    weeks.say("add Ruth Abel <ruth@other.example> as advisor", line)
    card = weeks.cards()["ruth-abel"]
    assert (card.situation, why(card)) == ("thanks", f"{reason}: no thanks yet")
    assert ["ruth-abel" in weeks.cards(1) for _ in range(3)] == [True, False, False]


@pytest.mark.parametrize("how", ["note", "letter", "sent"])
def test_no_second_thanks(weeks: Weeks, how: str) -> None:
    weeks.write("ruth@other.example", days_ago=5)
    weeks.say("add Ruth Abel <ruth@other.example> as advisor", "favour from Ruth: read my draft")
    number = weeks.cards()["ruth-abel"].number
    weeks.later(days=1)
    if how == "note":
        weeks.say("thanked Ruth")
    elif how == "letter":
        weeks.write("ruth@other.example")
    else:
        weeks.store.connection.execute("UPDATE draft SET state = 'sent' WHERE id = ?", [number])
    assert "ruth-abel" not in weeks.cards(1)


@pytest.mark.parametrize(("role", "situation"), [("advisor", "update"), ("mentor", "due")])
def test_a_third_draft_after_two_requests_is_for_news(weeks: Weeks, role: str, situation: str) -> None:
    weeks.write("ruth@other.example", days_ago=100)
    weeks.say(f"add Ruth Abel <ruth@other.example> as {role}", "ask Ruth: an introduction", "ask Ruth: a review")
    card = weeks.cards()["ruth-abel"]
    assert card.situation == situation
    assert (card.why_not_cadence or "").startswith("news first") == (situation == "update")


@pytest.mark.parametrize("told", [True, False])
def test_news_in_a_sent_draft_count_as_a_return(weeks: Weeks, told: bool) -> None:  # noqa: FBT001
    weeks.write("ruth@other.example", days_ago=100)
    weeks.say("add Ruth Abel <ruth@other.example> as advisor", "win: the billing migration shipped")
    weeks.say("ask Ruth: an introduction")
    weeks.cards(1)
    body = "Hi,\n\nthe billing migration has shipped.\n" if told else "Hi,\n\nhow are you?\n"
    weeks.store.connection.execute("UPDATE draft SET state = 'sent', body = ?", [body])
    weeks.later(weeks=1)
    weeks.say("ask Ruth: a review")
    assert weeks.dossier("ruth-abel").situation == ("due" if told else "update")


def test_an_update_that_was_sent_is_a_return(weeks: Weeks) -> None:
    weeks.write("ruth@other.example", days_ago=100)
    weeks.say("add Ruth Abel <ruth@other.example> as advisor", "ask Ruth: an introduction", "ask Ruth: a review")
    weeks.later(days=7)
    weeks.cards()
    weeks.store.connection.execute("UPDATE draft SET state = 'sent'")
    weeks.later(weeks=1)
    assert weeks.dossier("ruth-abel").situation == "due"


# What came of it.


def advised(weeks: Weeks) -> Built:
    """The digest seven weeks after Ruth's advice."""
    weeks.write("ruth@other.example", days_ago=5)
    weeks.say("add Ruth Abel <ruth@other.example> as advisor", "advice Ruth: ask for the scope in writing")
    weeks.later(weeks=7)
    return weeks.build()


def test_advice_is_asked_about_once(weeks: Weeks) -> None:
    (question,) = advised(weeks).digest.questions
    assert question.text == "In March Ruth advised: “ask for the scope in writing”. What came of it?"
    assert [tap.label for tap in question.taps] == ["Nothing so far"]
    weeks.later(weeks=1)
    assert weeks.build().digest.questions == ()


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ("I took the job", "I took the job"),
        ("they agreed, in writing: the scope is ours, and the team is happy with it.", None),
        ("“yes” was the answer; we start in May", None),
        ("nothing", ""),
        ("no", ""),
    ],
)
def test_an_answer_in_own_words_is_kept_as_the_outcome(weeks: Weeks, answer: str, kept: str | None) -> None:
    advised(weeks)
    outcome, _ = weeks.one(f"Q1 {answer}")
    assert outcome == "ok"
    texts = [note.text for note in roster.notes(weeks.store, "ruth-abel", "outcome")]
    assert texts == ([kept or answer] if kept != "" else [])
    assert weeks.one("Q1 again")[0] == "refused"
    weeks.say("undo")
    assert roster.notes(weeks.store, "ruth-abel", "outcome") == ()
    assert digests.open_questions(weeks.store)[0].key.startswith("came ")


def test_our_own_question_quoted_back_is_no_answer(weeks: Weeks) -> None:
    advised(weeks)
    assert weeks.one("Q1 In March Ruth advised: “ask for the scope in writing”. What came of it?")[0] == "unknown"
    assert weeks.one("Q1 ask for the scope in writing")[0] == "unknown"
    assert roster.notes(weeks.store, "ruth-abel", "outcome") == ()


def test_a_sentence_without_a_yes_is_no_answer_to_a_yes_or_no_question(weeks: Weeks) -> None:
    link = {"address": "r@new.example", "handle": "ruth-abel", "handles": ["ruth-abel"], "names": [""], "matters": True}
    weeks.say("add Ruth Abel <ruth@other.example> as advisor")
    digests.ensure_question(weeks.store, "link r@new.example ruth-abel", link)
    weeks.build()
    outcome, effect = weeks.one("Q1 she moved in May, I hear")
    assert (outcome, effect) == ("unknown", "I didn't get that.")
    assert weeks.person("ruth-abel").addresses == ("ruth@other.example",)


# What the draft says of it, as the drawn digest shows it.


def drawn(built: Built) -> str:
    return " ".join(built.rendered.text.split())


def test_the_poster_stands_in_the_draft_of_somebody_hoped_for(weeks: Weeks) -> None:
    weeks.say(ADA)
    text = drawn(weeks.build())
    assert "You came to my poster" in text
    assert "Your reason: “came to my poster”" in text


def test_a_closed_ally_reads_the_goal_in_the_thanks(weeks: Weeks) -> None:
    weeks.write("ann@poe.example", days_ago=3)
    weeks.say('add Ann Poe <ann@poe.example> as ally, for "one build for all"', "close Ann")
    built = weeks.build()
    assert ": one build for all." in drawn(built)
    (card,) = built.digest.due
    assert "ask" not in [sentence.kind for sentence in card.words.sentences]
    assert card.in_drafts


def asked_twice(weeks: Weeks) -> None:
    weeks.write("ruth@other.example", days_ago=100)
    weeks.say(
        "add Ruth Abel <ruth@other.example> as advisor",
        "ask Ruth: an introduction",
        "ask Ruth: a review of the benchmark paper",
    )


def test_a_third_request_is_held_back_with_its_reason(weeks: Weeks) -> None:
    asked_twice(weeks)
    weeks.say("win: the benchmark paper is accepted")
    built = weeks.build()
    (card,) = built.digest.due
    assert "the benchmark paper is accepted." in card.words.body
    assert not any("?" in sentence.text for sentence in card.words.sentences if sentence.kind == "ask")
    assert "news first" in drawn(built).lower()
    assert "Only news this time, no request" in drawn(built)


def test_without_news_no_third_draft_and_the_card_says_why(weeks: Weeks) -> None:
    asked_twice(weeks)
    built = weeks.build()
    (card,) = built.digest.due
    assert (card.words.sentences, card.in_drafts) == ((), False)
    assert "No draft: news first this time." in drawn(built)


@pytest.mark.parametrize(("language", "said"), [("en", "goes by itself"), ("de", "verschwindet die Erinnerung")])
def test_an_answer_that_is_owed_is_for_the_owner_to_write(weeks: Weeks, language: Language, said: str) -> None:
    asked_twice(weeks)
    built = weeks.build()
    (item,) = built.digest.due
    owed = replace(item, situation="owe-answer")
    assert said in " ".join(words_of(owed, None, Phrases(language), Cuts()).note.split())


@pytest.mark.parametrize(("lines", "new"), [((), True), (("note Ada: met at the poster",), False)])
def test_who_noted_things_before_the_first_digest_is_no_newcomer(
    weeks: Weeks, lines: tuple[str, ...], *, new: bool
) -> None:
    weeks.say(ADA.partition(",")[0], *lines)
    assert weeks.build().digest.first is new
