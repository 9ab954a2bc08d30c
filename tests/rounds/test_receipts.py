"""Taps are obeyed at once, and the receipts of an hour come as one transcript."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import TYPE_CHECKING

import pytest

from assistant.core.replies.grammar.lines import parse_line
from assistant.core.replies.own_ids import SHEET, tap_ref
from assistant.core.replies.plan.change import Change
from assistant.core.replies.plan.state import Planned, SendOrder
from assistant.core.replies.receipts import LONGEST, QUIET, is_due, may_wait
from assistant.rounds.delivery.outbox import deliver
from assistant.rounds.replies.obey import speech_of
from assistant.rounds.replies.process import A_DAY
from assistant.rounds.replies.receipts import mail_receipts
from assistant.rounds.whole_round import reason_to_act
from assistant.store import digests, roster
from tests.owner.test_end_to_end import text_of
from tests.replying import BUILT, OWNER, Life, life, ref, tap

if TYPE_CHECKING:
    from email.message import Message

    from assistant.core.replies.transcript import Transcript

MONDAY = ("done 1", "snooze 2 until 2026-03-18", "done 3", "Q1 yes", "C1 mentor")


def press(owner: Life, text: str, beside: str = "") -> Transcript:
    """Tap what orders `text`, with `beside` typed below, and return what came of it at once."""
    command = parse_line(text, speech_of(owner.config, owner.now)).command
    assert command
    draft = digests.load_draft(owner.store, command.numbers[0]).new.hash if text.startswith("send") else ""  # type: ignore[union-attr]
    owner.put(tap(owner, f"{text}\n{beside}\n\nref:{ref(owner, command, draft)}"))
    (told,) = answered(owner)
    return told


def answered(owner: Life) -> tuple[Transcript, ...]:
    """Do what a round does about answers, and return the transcripts."""
    told = owner.process()
    mail_receipts(owner.round())
    deliver(owner.round().way, owner.now)
    return told


def mails(owner: Life) -> list[Message]:
    """Return the transcripts that were mailed, oldest first."""
    rows = owner.store.rows("outbox WHERE kind = 'transcript' ORDER BY id")
    return [message_from_bytes(row["bytes"]) for row in rows]


def shown(mail: Message) -> str:
    return text_of(mail).replace("\r\n", "\n")


def subject(mail: Message) -> str:
    return str(make_header(decode_header(mail["Subject"])))


def rest(owner: Life, minutes: float = 10) -> Message:
    """Let that much time pass, and return the receipt that comes then."""
    before = len(mails(owner))
    owner.later(minutes=minutes)
    assert answered(owner) == ()
    (receipt,) = mails(owner)[before:]
    return receipt


def test_five_taps_change_five_things_at_once_and_get_one_mail() -> None:
    owner = life()
    for text in MONDAY:
        told = press(owner, text)
        assert [(line.outcome, line.text) for line in told.lines] == [("ok", text)]
        assert len(roster.changes_of(owner.store, told.id)) >= 1
        owner.later(minutes=1)
    assert mails(owner) == []
    owner.later(minutes=8, seconds=59)
    assert not reason_to_act(owner.config, owner.store, owner.now)
    assert answered(owner) == ()
    assert mails(owner) == []
    owner.later(seconds=1)
    assert reason_to_act(owner.config, owner.store, owner.now), "the daemon wakes for it"
    receipt = rest(owner, 0)
    assert subject(receipt) == f"All 5 done · Re: {owner.mail.subject}"
    assert receipt["To"] == f"Priya Raman <{OWNER}>"
    assert receipt["In-Reply-To"] == "<tap-5@example.com>"
    assert receipt["References"].split()[:2] == [f"<{owner.mail.message_id}>", "<tap-1@example.com>"]
    text = shown(receipt)
    assert [text.index(f"“{one}”") for one in MONDAY] == sorted(text.index(f"“{one}”") for one in MONDAY)
    assert [f" · T{number}\n" in text.replace("\n   T", " T") for number in range(5, 10)] == [True] * 5
    owner.later(hours=2)
    assert not reason_to_act(owner.config, owner.store, owner.now)
    assert answered(owner) == ()
    assert len(mails(owner)) == 1


def test_no_receipt_waits_longer_than_an_hour() -> None:
    owner = life()
    for minute in range(150):
        if minute % 5 == 0 and minute < 120:
            press(owner, "met 1")
        elif reason_to_act(owner.config, owner.store, owner.now):
            mail_receipts(owner.round())
        owner.later(minutes=1)
    waits = owner.store.connection.execute(
        "SELECT outbox.created_at - reply.at FROM reply JOIN outbox ON outbox.id = reply.outbox"
    ).fetchall()
    assert len(waits) == 24
    assert max(waits) == (LONGEST,)
    assert len(mails(owner)) == 2


@pytest.mark.parametrize(
    ("tapped", "now", "due"),
    [
        ([0], QUIET - 1, False),
        ([0], QUIET, True),
        ([0, QUIET - 1], QUIET, False),
        (list(range(0, LONGEST, 60)), LONGEST - 1, False),
        ([*range(0, LONGEST, 60), LONGEST], LONGEST, True),
        ([1_000_000], 0, True),
    ],
    ids=["just tapped", "quiet", "tapped again", "almost an hour", "an hour", "the clock was set back"],
)
def test_when_a_receipt_is_due(tapped: list[int], now: int, due: bool) -> None:  # noqa: FBT001 - a row of the table
    assert is_due(tapped, now) is due


def test_one_tap_alone_reads_as_ever() -> None:
    owner = life()
    told = press(owner, "done 2")
    receipt = rest(owner)
    assert subject(receipt) == f"Done · Re: {owner.mail.subject}"
    assert told.id not in shown(receipt)
    assert shown(receipt).endswith("Changed your mind? Reply “undo”.\n")
    owner.mail = owner.answered_mail(told)
    assert owner.reply("undo")[0].lines[0].effect.partition(" (")[0] == f"{told.id} taken back: 1 change"


def test_a_receipt_is_in_the_owners_language() -> None:
    owner = life()
    owner.config = replace(owner.config, digest=replace(owner.config.digest, language="de"))
    press(owner, "done 2")
    press(owner, "done 1")
    assert "Antworte „undo“ für alles oder „undo T5“ für eines davon." in shown(rest(owner))


@pytest.mark.parametrize(
    ("text", "beside", "outcomes"),
    [
        ("send 1", "", ["ok"]),
        ("status", "", ["ok"]),
        ("brief 1", "", ["ok"]),
        ("stop", "", ["ok"]),
        ("drop bob-li", "", ["ask"]),
        ("C1 mentor", "frobnicate the gizmo", ["ok", "unknown"]),
        ("send 3", "", ["refused"]),
    ],
)
def test_what_the_owner_needs_at_once_comes_at_once(text: str, beside: str, outcomes: list[str]) -> None:
    owner = life()
    press(owner, "done 2")
    told = press(owner, text, beside)
    assert [line.outcome for line in told.lines] == outcomes
    (mail,) = mails(owner)
    assert mail["In-Reply-To"] == "<tap-2@example.com>"
    assert rest(owner)["In-Reply-To"] == "<tap-1@example.com>", "the other waits as long as ever"


CHANGE = Change("setting", "paused_until", None, "2026-03-18", "pause")
SEND = SendOrder(1, 1, "jane-roe", "Jane Roe", "jane@roe.example")


@pytest.mark.parametrize(
    ("plan", "waits"),
    [
        (Planned("ok", "", (CHANGE,)), True),
        (Planned("ok", ""), False),
        (Planned("ask", "", (CHANGE,)), False),
        (Planned("ok", "", (CHANGE,), orders=(SEND,)), False),
        (Planned("ok", "", (CHANGE,), look=("status", "")), False),
        (Planned("ok", "", (CHANGE,), again=(1,)), False),
        (Planned("ok", "", (CHANGE,), revoke=True), False),
    ],
)
def test_whose_receipt_may_wait(plan: Planned, waits: bool) -> None:  # noqa: FBT001 - a row of the table
    assert may_wait([plan, Planned("noise", "")]) is waits


def test_the_sheet_is_a_whole_answer_and_no_tap() -> None:
    owner = life()
    whole = tap_ref(owner.secret, owner.token, "", SHEET)
    owner.put(tap(owner, f"1 Jane: done\n2 Bob: in 2 weeks\n\nref:{whole}"))
    (told,) = answered(owner)
    assert [line.outcome for line in told.lines] == ["ok", "ok"]
    assert len(mails(owner)) == 1


def test_a_message_sent_by_tap_is_stopped_by_its_receipt() -> None:
    owner = life()
    press(owner, "done 2")
    owner.mail = owner.answered_mail(press(owner, "send 1"))
    assert "was stopped in time" in owner.reply("undo")[0].lines[0].effect


def test_undo_of_the_receipt_takes_all_its_taps_back() -> None:
    owner = life()
    before = roster.load(owner.store), roster.all_notes(owner.store)
    for text in (*MONDAY, "snooze 2 until 2026-03-25", "met 2"):
        press(owner, text)
    told = press(owner, "C2 advisor")
    rest(owner)
    owner.mail = owner.answered_mail(told)
    (back,) = owner.reply("undo")
    assert back.lines[0].effect.startswith("T12, T11, T10, T9, T8, T7, T6, T5 taken back: ")
    assert back.changes == 8
    assert (roster.load(owner.store), roster.all_notes(owner.store)) == before
    owner.mail = owner.answered_mail(back)
    owner.later(minutes=1)
    assert owner.reply("undo")[0].lines[0].effect.startswith("T13 taken back")
    assert owner.person("bob-li").snoozed_until is not None, "and undo of that does them again"


def test_one_tap_of_a_receipt_can_be_taken_back_and_then_the_others() -> None:
    owner = life()
    first, second, third = (press(owner, f"done {number}") for number in (1, 2, 3))
    rest(owner)
    owner.mail = owner.answered_mail(third)
    assert owner.reply(f"undo {second.id}")[0].lines[0].effect.partition(" (")[0] == f"{second.id} taken back: 1 change"
    assert {one.person for one in roster.all_notes(owner.store)} == {"jane-roe", "mina-okafor"}
    owner.later(minutes=1)
    assert owner.reply("undo")[0].lines[0].effect.partition(" (")[0] == f"{third.id}, {first.id} taken back: 2 changes"
    assert roster.all_notes(owner.store) == ()


def test_a_later_change_keeps_the_whole_receipt() -> None:
    owner = life()
    first = press(owner, "snooze 1 until 2026-03-18")
    press(owner, "snooze 2 until 2026-03-18")
    rest(owner)
    (later,) = owner.reply("snooze 2 3 weeks")
    before = roster.snapshot(owner.store)
    owner.mail = owner.answered_mail(first)
    owner.later(minutes=1)
    (told,) = owner.reply("undo")
    assert (told.lines[0].outcome, told.changes) == ("refused", 0)
    assert told.lines[0].effect.startswith(f"{later.id} changed the same thing since")
    assert roster.snapshot(owner.store) == before


def test_a_tap_taken_back_before_its_receipt_is_said_to_be() -> None:
    owner = life()
    first, second = (press(owner, f"done {number}") for number in (1, 2))
    owner.reply(f"undo {first.id}")
    owner.later(minutes=10)
    answered(owner)
    undone, receipt = mails(owner)
    assert f"{first.id} taken back: 1 change" in shown(undone)
    assert f"“done 1”\n   {first.id} is taken back already." in shown(receipt)
    assert subject(receipt).startswith("Done · ")
    owner.mail = owner.answered_mail(second)
    assert owner.reply("undo")[0].lines[0].effect.partition(" (")[0] == f"{second.id} taken back: 1 change"


def test_a_receipt_of_what_was_all_taken_back_offers_no_undo() -> None:
    owner = life()
    press(owner, "done 1")
    owner.do("undo")
    assert shown(rest(owner)) == "Nothing to do.\n\n“done 1”\n   T5 is taken back already.\n"


def test_a_typed_answer_between_taps_has_its_own_transcript_at_once() -> None:
    owner = life()
    press(owner, "done 1")
    (typed,) = owner.reply("win: shipped the audit")
    press(owner, "done 2")
    (mail,) = mails(owner)
    assert "shipped the audit" in shown(mail)
    receipt = shown(rest(owner))
    assert "“done 1”" in receipt
    assert "“done 2”" in receipt
    assert "audit" not in receipt
    owner.mail = owner.answered_mail(typed)
    assert owner.reply("undo")[0].lines[0].effect.partition(" (")[0] == f"{typed.id} taken back: 1 change"


def test_taps_of_two_digests_have_a_receipt_each() -> None:
    owner = life()
    press(owner, "done 1")
    owner.digest(built=BUILT + timedelta(hours=1), week="2026-W11")
    press(owner, "done 2")
    owner.later(minutes=10)
    answered(owner)
    assert [mail["In-Reply-To"] for mail in mails(owner)] == ["<tap-1@example.com>", "<tap-2@example.com>"]


def test_the_bound_of_a_day_counts_mails() -> None:
    owner = life()
    for _ in range(A_DAY + 5):
        press(owner, "met 1")
        owner.later(seconds=1)
    rest(owner)
    for number in range(A_DAY - 2):
        assert owner.reply(f"win: number {number}")
    press(owner, "met 1")
    assert owner.reply("win: too many") == (), "the receipt that waits is the last of today"
    assert "This is answer 20 of today" in shown(rest(owner))
    assert len(mails(owner)) == A_DAY
    owner.later(days=1)
    assert len(answered(owner)) == 1


def test_a_receipt_is_queued_and_noted_together_or_not_at_all() -> None:
    owner = life()
    press(owner, "done 1")
    owner.later(minutes=10)
    db = owner.store.connection
    db.execute("CREATE TEMP TRIGGER cut BEFORE UPDATE OF outbox ON reply BEGIN SELECT RAISE(ABORT, 'cut off'); END")
    with pytest.raises(sqlite3.IntegrityError, match="cut off"):
        mail_receipts(owner.round())
    db.execute("DROP TRIGGER cut")
    assert mails(owner) == []
    press(owner, "done 2")
    assert "“done 1”" in shown(rest(owner))
    assert len(mails(owner)) == 1
