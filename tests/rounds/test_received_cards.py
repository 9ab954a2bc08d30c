"""What received mail does to a digest: who owes whom an answer, from headers in INBOX to the card."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.core.language.data_files import LANGUAGES
from assistant.errors import UnreachableError
from assistant.rounds.digest.other_answers import note_other_answers
from assistant.rounds.scan.received import read_received
from assistant.rounds.show import show_person
from assistant.store.roster import load_roster
from tests.fakes import FakeMailbox
from tests.rounds.test_situations import MONDAY, Weeks, drawn, why

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from assistant.core.language.data_files import Language
    from assistant.rounds.show import Shown

JANE = "Jane Roe <jane@elsewhere.example>"


class Correspondents(Weeks):
    """A life in which received mail is read before each digest."""

    def receive(self, sender: str, subject: str = "Plans", *fields: str, days_ago: float = 0) -> None:
        at = self.now - timedelta(days=days_ago)
        self.numbers += 1
        header = [
            f"From: {sender}", "To: priya@example.com", f"Subject: {subject}",
            f"Message-ID: <r{self.numbers}@elsewhere.example>", f"Date: {at:%a, %d %b %Y %H:%M:%S +0100}", *fields,
        ]  # fmt: skip
        self.mailbox.put("INBOX", ("\r\n".join(header) + "\r\n\r\nSecret words.\r\n").encode(), at)

    def read(self) -> None:
        read_received(self.round(), every_folder=True)
        note_other_answers(self.round(), load_roster(self.store))

    def show(self, who: str = "jane-roe") -> Shown:
        return show_person(self.config, self.store, self.now, who)


@pytest.fixture
def owner() -> Correspondents:
    life = Correspondents(now=MONDAY)
    life.say(f"add {JANE} as mentor")
    return life


def test_a_mail_that_waits_brings_its_sender_up(owner: Correspondents) -> None:
    owner.write("jane@elsewhere.example", "Plans", days_ago=12)
    owner.receive(JANE, "Re: the offer", "In-Reply-To: <m1@example.com>", days_ago=9)
    owner.read()
    built = owner.build()
    (card,) = built.digest.due
    assert why(card) == "you owe Jane an answer (9 days): “Re: the offer”"
    assert (card.words.sentences, card.in_drafts) == ((), False)
    assert "Secret" not in drawn(built)
    assert [line for line in owner.show().lines() if "answered" in line] == [
        "Your letter of 2026-02-18 was answered on 2026-02-21: “Re: the offer”"
    ]


@pytest.mark.parametrize("then", ["answered", "met", "automatic", "too early", "not read"])
def test_nobody_waits_for_an_answer_that_was_given(owner: Correspondents, then: str) -> None:
    marks = ["Auto-Submitted: auto-replied"] if then == "automatic" else []
    owner.receive(JANE, "The offer", *marks, days_ago=5 if then == "too early" else 9)
    if then == "answered":
        owner.write("jane@elsewhere.example", "Re: The offer", days_ago=1)
    if then == "met":
        owner.say("met Jane on Friday")
    if then == "not read":
        owner.config = replace(owner.config, mailbox=replace(owner.config.mailbox, received=False))
    owner.read()
    assert [card.situation for card in owner.cards().values()] in ([], ["first"])


def test_after_ten_days_without_an_answer_the_letter_is_a_second_try(owner: Correspondents) -> None:
    owner.write("jane@elsewhere.example", "Plans", days_ago=30)
    owner.read()
    (card,) = owner.build().digest.due
    assert (card.situation, why(card)) == ("second-try", "no answer yet to your mail of 31 January")
    assert owner.show().as_json()["mail"]["answer"] is None


def test_an_answer_by_somebody_unknown_makes_no_second_try(owner: Correspondents) -> None:
    owner.write("jane@elsewhere.example", "Plans", days_ago=30)
    owner.receive("Her office <office@elsewhere.example>", "Re: Plans", "In-Reply-To: <m1@example.com>", days_ago=20)
    owner.read()
    (card,) = owner.build().digest.due
    assert card.situation == "due"
    assert any("isn’t on your roster" in line for line in owner.show().lines())


def test_a_mailbox_that_cannot_search_stops_no_digest(owner: Correspondents) -> None:
    owner.write("jane@elsewhere.example", "Plans", days_ago=30)
    owner.read()

    class Broken(FakeMailbox):
        def answered_by_others(
            self, message_ids: Sequence[str], owner: Collection[str], since: datetime
        ) -> frozenset[str]:
            del message_ids, owner, since
            raise UnreachableError("The mail server can't be reached.")

    owner.mailbox = Broken(owner.mailbox.messages)
    (card,) = owner.build().digest.due
    assert card.situation == "due"


def test_an_answer_to_their_question_makes_no_second_try(owner: Correspondents) -> None:
    owner.receive(JANE, "A question", days_ago=31)
    owner.write("jane@elsewhere.example", "Re: A question\r\nIn-Reply-To: <r1@elsewhere.example>", days_ago=30)
    owner.read()
    (card,) = owner.build().digest.due
    assert card.situation == "due"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_debt_is_said_in_every_language(owner: Correspondents, language: Language) -> None:
    owner.config = replace(owner.config, digest=replace(owner.config.digest, language=language))
    owner.receive(JANE, "The offer", days_ago=9)
    owner.read()
    (card,) = owner.build().digest.due
    assert ("Jane" in why(card), "9" in why(card), "The offer" in why(card)) == (True, True, True)


def test_what_they_wrote_reaches_no_model(owner: Correspondents) -> None:
    owner.write("jane@elsewhere.example", "Plans", days_ago=12)
    owner.receive(JANE, "Zephyr", "In-Reply-To: <m1@example.com>", days_ago=9)
    owner.read()
    assert "Zephyr" not in repr(owner.dossier("jane-roe"))


@pytest.mark.parametrize(
    ("answer", "asked", "full"), [("", True, False), ("ACCEPTED", False, True), ("DECLINED", False, False)]
)
def test_no_question_about_a_meeting_that_has_an_answer(
    owner: Correspondents, answer: str, *, asked: bool, full: bool
) -> None:
    event = [
        "BEGIN:VEVENT", "UID:coffee@example.com", "DTSTART:20260227T090000Z", "DTEND:20260227T100000Z",
        "DTSTAMP:20260224T090000Z", "SUMMARY:Coffee", "ORGANIZER:mailto:priya@example.com",
    ]  # fmt: skip
    owner.put(
        invitation("priya@example.com", "jane@elsewhere.example", "REQUEST", event, ""), MONDAY - timedelta(days=6)
    )
    if answer:
        mail = invitation(JANE, "priya@example.com", "REPLY", event, f";PARTSTAT={answer}")
        owner.mailbox.put("INBOX", mail, MONDAY - timedelta(days=5))
    owner.read()
    assert (len([one for one in owner.build().digest.questions if one.key.startswith("met ")]) == 1) is asked
    (row,) = [row for row in owner.show().rows if row.field == "meeting"]
    assert (row.verdict == "full") is full


def test_an_invitation_of_theirs_is_an_answer_too(owner: Correspondents) -> None:
    owner.write("jane@elsewhere.example", "Plans", days_ago=30)
    event = [
        "BEGIN:VEVENT", "UID:zephyr@example.com", "DTSTART:20260305T090000Z", "DTEND:20260305T100000Z",
        "DTSTAMP:20260224T090000Z", "SUMMARY:Zephyr", "ORGANIZER:mailto:jane@elsewhere.example",
    ]  # fmt: skip
    mail = invitation(JANE, "priya@example.com", "REQUEST", event, "").replace(
        b"ATTENDEE:mailto:jane@elsewhere.example", b"ATTENDEE:mailto:priya@example.com"
    )
    owner.mailbox.put("INBOX", mail, MONDAY - timedelta(days=5))
    owner.read()
    built = owner.build()
    (card,) = built.digest.due
    assert card.situation == "due"
    assert [meeting.summary for meeting in built.digest.meetings] == ["Zephyr"]
    assert "Zephyr" not in repr(owner.dossier("jane-roe"))


def test_who_answered_is_not_asked_the_same_again(owner: Correspondents) -> None:
    owner.write("jane@elsewhere.example", "Plans", "Would you show me your plan for the spring?", days_ago=12)
    owner.receive(JANE, "Re: Plans", "In-Reply-To: <m1@example.com>", days_ago=9)
    owner.read()
    (card,) = owner.build().digest.due
    assert not [line for line in card.words.brief if line.kind == "ask" or "?" in line.text]


def invitation(sender: str, to: str, method: str, event: list[str], state: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", f"METHOD:{method}", *event, f"ATTENDEE{state}:mailto:jane@elsewhere.example"]
    header = [
        f"From: {sender}", f"To: {to}", "Subject: Coffee", f"Message-ID: <{method.lower()}@example.com>",
        "Date: Tue, 24 Feb 2026 10:00:00 +0100", f"Content-Type: text/calendar; method={method}",
    ]  # fmt: skip
    return "\r\n".join([*header, "", *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


def invited(owner: Correspondents, *, answers: bool) -> None:
    """Let Jane invite the owner to yesterday, and the owner accept it."""
    for folder, sender, method in (("INBOX", JANE, "REQUEST"), ("Sent", "priya@example.com", "REPLY"))[: 1 + answers]:
        at, day = owner.now - timedelta(days=2), owner.now - timedelta(days=1)
        lines = (
            f"Message-ID: <{method}@elsewhere.example>", f"From: {sender}", "To: jane@elsewhere.example",
            f"Date: {at:%a, %d %b %Y %H:%M:%S +0100}", f"Content-Type: text/calendar; method={method}", "",
            "BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", "UID:u", f"SUMMARY:Zephyr by {method}",
            f"DTSTART:{day:%Y%m%d}T090000Z", "DURATION:PT1H", "ORGANIZER:mailto:jane@elsewhere.example",
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:priya@example.com", "END:VEVENT", "END:VCALENDAR", "",
        )  # fmt: skip
        raw = "\r\n".join(lines).encode()
        if folder == "Sent":
            owner.put(raw, at)
        else:
            owner.mailbox.put(folder, raw, at)


@pytest.mark.parametrize("answers", [False, True])
def test_a_title_of_theirs_reaches_no_dossier_unless_the_owner_sent_it(
    owner: Correspondents,
    answers: bool,  # noqa: FBT001
) -> None:
    owner.write("jane@elsewhere.example", "Plans", days_ago=90)
    invited(owner, answers=answers)
    owner.read()
    owner.build()
    assert [row["address"] for row in owner.store.rows("occurrence")] == ["jane@elsewhere.example"]
    told = repr(owner.dossier("jane-roe"))
    assert ("Zephyr by REPLY" in told) is answers
    assert "Zephyr by REQUEST" not in told
