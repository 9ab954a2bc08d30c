"""What a transcript says about people it adds: when they're due, a first draft if that's soon, the next digest."""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from assistant.core.language.data_files import LANGUAGES
from assistant.core.language.phrases import Phrases
from assistant.core.people.roster import Person
from assistant.errors import UnreachableError
from assistant.owner import Owner
from assistant.render.transcript import render_transcript
from assistant.rounds.digest.when_due import next_digest
from assistant.rounds.replies.lookups import StoreLookups
from assistant.rounds.replies.newcomers import first_drafts
from assistant.rounds.replies.obey import obey
from assistant.rounds.replies.plan_inputs import at_the_shell
from assistant.rounds.replies.process import process
from assistant.store.roster import load_roster
from tests.corpus.replies import Sent, fastmail
from tests.fakes import FakeMailbox
from tests.replying import NOW, OWNER, Life, config
from tests.replying import life as four_people

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from assistant.core.evidence.dossier import Words
    from assistant.core.mail.message import Body, Locator
    from assistant.core.people.cadence import Standing
    from assistant.core.replies.transcript import Transcript
    from assistant.rounds.digest.roster_status import View
    from assistant.rounds.ports import Mailbox

NEXT = "The next digest comes on Mon 9 March 2026."


@pytest.fixture
def life() -> Life:
    return four_people()


def write(life: Life, number: int, to: str, body: str, **ago: float) -> None:
    at = NOW - timedelta(**ago)
    header = f"From: Priya <{OWNER}>\r\nTo: {to}\r\nSubject: The thesis\r\nMessage-ID: <w{number}@example.com>\r\n"
    life.put(f"{header}Date: {at:%a, %d %b %Y %H:%M:%S +0100}\r\n\r\n{body}\r\n".encode(), at)


def said(life: Life, *lines: str) -> Transcript:
    """Return the transcript of lines obeyed in a round."""
    context = replace(at_the_shell(life.store, life.random), newcomers=True)
    return obey(life.store, life.config, lines, context, life.now, answers(life))


def answers(life: Life) -> StoreLookups:
    """Return the answers in the round of a reply, where the mailbox is open."""
    round_ = life.round()
    return StoreLookups(life.config, life.store, life.now, lambda: nullcontext(round_), partial(first_drafts, round_))


def test_whoever_is_due_at_once_comes_with_a_draft(life: Life) -> None:
    write(life, 1, "ada@quist.example", "Dear Ada,\r\n\r\nthank you for the talk.\r\n\r\nCheers,\r\nPriya", days=200)
    line = said(life, "C1 mentor").lines[0]
    assert line.details[:3] == ("Due today. A first draft:", "To ada@quist.example", line.details[2])
    assert line.details[2].startswith("Subject: ")
    assert line.details[3] == "Dear Ada,", "the owner's own greeting"
    assert line.details[-3:] == ("Cheers,", "Priya", NEXT)


def test_a_mail_in_german_gets_a_german_draft(life: Life) -> None:
    words = "hast du nächste Woche Zeit für einen Kaffee? Ich würde mich freuen."
    write(life, 1, "ada@quist.example", f"Liebe Ada,\r\n\r\n{words}\r\n\r\nViele Grüße\r\nPriya", days=200)
    details = said(life, "C1 mentor").lines[0].details
    assert "Liebe Ada," in details
    assert any({"ich", "du", "dir", "dich", "mir", "für"} & set(line.split()) for line in details)


def test_whoever_is_not_due_yet_comes_with_the_day(life: Life) -> None:
    write(life, 1, "ada@quist.example", "Hi", days=2)
    assert said(life, "C1 mentor").lines[0].details == ("Due on Mon 23 March 2026.", NEXT)


def test_whoever_is_due_by_the_next_digest_has_the_draft_already(life: Life) -> None:
    write(life, 1, "ada@quist.example", "Hi", days=17)
    assert said(life, "C1 mentor").lines[0].details[0] == "Due on Sun 8 March 2026. A first draft:"


def test_an_ally_without_a_goal_has_no_clock(life: Life) -> None:
    told = said(life, "add Ada Quist <ada@quist.example> as ally", "add Rui <rui@alves.example> as ally")
    assert [line.details for line in told.lines] == [(), (NEXT,)]


def test_the_last_one_added_says_when_the_next_digest_comes(life: Life) -> None:
    told = said(life, "C1 advisor", "C2 mentor", "met Jane Roe yesterday")
    assert [NEXT in line.details for line in told.lines] == [False, True, False]


def test_at_most_three_drafts_stand_in_one_answer(life: Life) -> None:
    told = said(life, *(f"add Person {name} <{name}@x.example> as mentor" for name in ("A", "B", "C", "D", "E")))
    firsts = [line.details[0] for line in told.lines]
    assert firsts.count("Due today. A first draft:") == 3
    assert firsts.count("Due today; a draft comes with the digest.") == 2


@pytest.mark.parametrize("line", ["met Jane Roe yesterday", "C1 ignore", "snooze jane-roe 2 weeks", "add Jane Roe"])
def test_nothing_is_said_where_nobody_is_added(life: Life, line: str) -> None:
    assert all(not one.details for one in said(life, line).lines)


@pytest.mark.parametrize("line", ["met Ada Quist yesterday", "snooze Ada Quist 3 weeks"])
def test_no_draft_for_whoever_the_same_answer_speaks_of(life: Life, line: str) -> None:
    details = said(life, "C1 mentor", line).lines[0].details
    assert not any("draft" in one or "Due" in one for one in details)


def test_somebody_brought_back_is_told_as_well(life: Life) -> None:
    code = re.search(r"confirm (\w{6})", life.one("drop Bob Li")[1])
    assert code
    life.do(code[0])
    assert life.person("bob-li").status == "dropped"
    assert said(life, "add Bob Li <bob@li.example> as advisor").lines[0].details[0] == "Due today. A first draft:"


class Failing(FakeMailbox):
    """A mailbox whose texts can't be read; `retry_after` is how long it asks to be left alone."""

    retry_after: float | None = None

    def bodies(self, locators: Sequence[Locator]) -> Iterator[Body]:
        del locators
        error = UnreachableError("The mail server imap.example:993 could not be reached.")
        error.retry_after = self.retry_after
        raise error


def test_a_mailbox_that_cannot_be_read_stops_nothing(life: Life) -> None:
    life.mailbox = Failing()
    line = said(life, "C1 mentor").lines[0]
    assert (line.outcome, line.details) == ("ok", ("Due today; a draft comes with the digest.", NEXT))
    assert life.person("ada-quist").role == "mentor"


def test_a_mailbox_that_wants_to_be_left_alone_ends_the_round(life: Life) -> None:
    life.mailbox = Failing()
    life.mailbox.retry_after = 600.0
    with pytest.raises(UnreachableError):
        said(life, "C1 mentor")
    assert "ada-quist" not in {person.handle for person in load_roster(life.store).people}, "it is obeyed later, once"


class Shut(Owner):
    """An owner whose mailbox must not be opened."""

    def open_mailbox(self) -> Mailbox:
        raise AssertionError


def test_at_the_shell_no_mailbox_is_opened(life: Life, tmp_path: Path) -> None:
    write(life, 1, "ada@quist.example", "Hi", days=200)
    owner = Shut(life.config, tmp_path, life.store)
    details = owner.say(["C1 mentor"], life.now).lines[0].details
    assert details[:2] == ("Due today. A first draft:", "To ada@quist.example")
    assert details[3] == "Hi Ada,", "the name is known without the mail"


def test_a_reply_is_answered_with_the_draft_in_the_owners_language() -> None:
    for language in LANGUAGES:
        say = Phrases(language)
        spoken = config(language=language)
        life = Life(replace(spoken, digest=replace(spoken.digest, language=spoken.me.language)))
        life.digest()
        life.put(fastmail(("C1 mentor",), life.mail, Sent(message_id="r1@example.com", date=life.stamp())))
        (told,) = process(life.round())
        says = say("newcomer.draft", when=say("newcomer.now"))
        assert told.lines[0].details[0] == says
        mailed = render_transcript(told, life.config.digest.language)
        assert says in mailed.text
        assert says in mailed.html
        assert "ada@quist.example" in mailed.text


def test_a_draft_that_is_quoted_back_orders_nothing(life: Life) -> None:
    told = said(life, "C1 mentor")
    lines = [line.strip() for line in render_transcript(told, "en").text.splitlines()]
    again = life.do(*[line for line in lines if not line.startswith(">")])
    assert again.changes == 0


def test_paused_digests_are_not_promised(life: Life) -> None:
    life.do("pause")
    assert next_digest(life.config, life.store, life.now) is None
    assert NEXT not in said(life, "C2 mentor").lines[0].details
    life.do("resume", "pause until 2026-04-01")
    found = next_digest(life.config, life.store, life.now)
    assert found
    assert found.date().isoformat() == "2026-04-01", "that week's digest is due as soon as the pause ends"
    life.do("resume", "stop")
    assert next_digest(life.config, life.store, life.now) is None


def test_people_about_to_be_added_leave_no_trace(life: Life) -> None:
    before = life.store.connection.total_changes
    person = Person("ada-quist", "Ada Quist", "mentor", addresses=("ada@quist.example",))
    assert answers(life).newcomers([person], {})["ada-quist"]
    assert life.store.connection.total_changes == before


def test_the_draft_to_somebody_hoped_for_knows_why(life: Life) -> None:
    round_ = life.round()
    asked: list[Standing] = []

    def drafter(views_of: Sequence[View]) -> dict[str, Words]:
        asked.extend(view.standing for view in views_of)
        return first_drafts(round_, views_of)

    write(life, 1, "ada@quist.example", "Dear Ada,\r\n\r\nthank you for coming.", days=200)
    answer = StoreLookups(life.config, life.store, life.now, lambda: nullcontext(round_), drafter)
    context = replace(at_the_shell(life.store, life.random), newcomers=True)
    line = "add Ada Quist <ada@quist.example> as hoped-for advocate, came to my poster"
    obey(life.store, life.config, [line], context, life.now, answer)
    (stands,) = asked
    assert (stands.why, stands.occasion and stands.occasion.text) == ("hoped", "came to my poster")
