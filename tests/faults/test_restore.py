"""After a restore: no second digest of the week, no second transcript, nothing to others again, and it catches up."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING

import pytest

from assistant.core.digest.week import current
from assistant.errors import UserError
from assistant.rounds.first_use import remember_set_up, secret_of
from assistant.rounds.replies.obey import obey
from assistant.rounds.replies.plan_inputs import at_the_shell
from assistant.store import digests, facts, outbox, replies, roster
from assistant.store.backups import back_up, backups, put_back
from tests.crash.lives import CONFIGS, MINUTE, MONDAY, PEOPLE, Program
from tests.crash.world import World, header_of
from tests.owner.test_end_to_end import reply, sent_mail
from tests.replying import Said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = timedelta(days=1)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """Yield a program with two people on its roster, a day before its first digest."""
    world = World(MONDAY - DAY)
    for number in range(8):
        world.mailbox.put("Sent", sent_mail(number), MONDAY - 40 * DAY)
    made = Program(tmp_path, world, "smtp")
    remember_set_up(made.store, world.now)
    obey(made.store, CONFIGS["smtp"], PEOPLE, at_the_shell(made.store, made.random), world.now, Said())
    made.once(MONDAY - DAY)
    yield made
    made.store.close()


def restored(program: Program, minute: float) -> None:
    """Restore the newest backup like another process, and start again."""
    program.store.close()
    put_back(program.home, None, MONDAY + minute * MINUTE)
    program.random.number += 1_000
    program.start()


def kinds(program: Program, folder: str = "INBOX") -> list[str]:
    return sorted(identity[0] for identity in program.world.snapshot()[folder].elements())


def test_the_digest_that_went_since_is_known_again_with_its_numbers_and_drafts(program: Program) -> None:
    back_up(program.store, MONDAY - DAY)
    program.event(0, "")
    (sent,) = [raw for raw in program.inbox() if header_of(raw)["X-Career-Assistant-Week"]]
    token = str(header_of(sent)["X-Career-Assistant-Id"]).partition(".")[0]
    secret = replies.lookup(program.store, token)
    restored(program, 1440)
    program.event(1441, "")
    assert kinds(program) == ["digest"]
    assert digests.digest_of_week(program.store, "2026-W10") is not None
    again = replies.lookup(program.store, token)
    assert again
    assert secret
    assert (again.secret, again.text.split()) == (secret.secret, secret.text.split()), "its taps work as before"
    program.event(1500, "met 1\nsnooze 2 2 weeks")
    assert len(roster.all_notes(program.store, "met")) == 1
    assert [person.snoozed_until is not None for person in roster.load_roster(program.store).people].count(True) == 1
    assert kinds(program, "Drafts") == ["draft", "draft"], "no second drafts"
    program.event(7 * 1440, "")
    assert kinds(program) == ["digest", "digest", "transcript"], "the next week has its own"
    assert kinds(program, "Drafts").count("draft") <= 2, "drafts of the week before are still known as ours"


def test_after_a_restore_the_digest_of_the_next_week_comes(program: Program) -> None:
    """People in it again have a draft that was found in Drafts, and nothing is known about how it was made."""
    back_up(program.store, MONDAY - DAY)
    program.event(0, "")
    restored(program, 1440)
    program.event(1441, "")
    assert digests.drafts_lying(program.store)
    program.event(7 * 1440, "")
    assert kinds(program) == ["digest", "digest"]
    assert kinds(program, "Drafts") == ["draft", "draft"]


def test_a_reply_obeyed_since_is_obeyed_again_without_a_second_transcript(program: Program) -> None:
    program.event(0, "")
    back_up(program.store, MONDAY)
    program.event(60, "met Jane on Sunday\nsned 1")
    before = program.end()
    restored(program, 1440)
    assert roster.all_notes(program.store, "met") == ()
    program.event(1441, "")
    program.settle(MONDAY + 1442 * MINUTE)
    end = program.end()
    assert (end["mail"], end["roster"], end["replies"]) == (before["mail"], before["roster"], before["replies"])


@pytest.mark.parametrize("backed_up_at", [0, 61], ids=["before the taps", "between them"])
def test_taps_with_a_receipt_in_inbox_get_no_second(program: Program, backed_up_at: int) -> None:
    program.event(0, "")
    if backed_up_at == 0:
        back_up(program.store, MONDAY)
    program.event(60, "tap met 1")
    if backed_up_at:
        back_up(program.store, MONDAY + backed_up_at * MINUTE)
    program.event(62, "tap snooze 2 2 weeks")
    program.event(73, "")
    before = program.end()
    assert kinds(program) == ["digest", "transcript"]
    restored(program, 1440)
    for minute in (1441, 1452):
        program.event(minute, "")
    end = program.end()
    assert (end["mail"], end["roster"], end["replies"]) == (before["mail"], before["roster"], before["replies"])
    assert replies.waiting_taps(program.store) == ()


def test_both_lost_digest_and_reply_are_caught_up_with(program: Program) -> None:
    back_up(program.store, MONDAY - DAY)
    program.event(0, "")
    program.event(60, "met Jane on Sunday")
    before = program.end()
    restored(program, 1440)
    program.event(1441, "")
    end = program.end()
    assert (end["mail"], end["roster"], end["weeks"]) == (before["mail"], before["roster"], before["weeks"])


@pytest.mark.parametrize("backed_up_at", [0, 65], ids=["before it was ordered", "while it was held"])
def test_what_was_sent_to_somebody_else_is_not_sent_again_but_asked_about(program: Program, backed_up_at: int) -> None:
    program.event(0, "")
    if backed_up_at == 0:
        back_up(program.store, MONDAY)
    program.event(60, "send 1")
    if backed_up_at:
        back_up(program.store, MONDAY + 65 * MINUTE)
    program.event(71, "")
    program.event(82, "")
    assert len(program.world.others) == 1
    assert kinds(program, "Drafts") == ["draft"], "nobody should send it a second time by hand"
    restored(program, 1440)
    for minute in (1441, 1443, 1445, 1453, 1465, 2000):
        program.event(minute, "")
    assert len(program.world.others) == 1
    states = {entry.order.kind: entry.state for entry in outbox.open_entries(program.store)}
    assert states in ({"send": "doubt"}, {}), "asked about, or found in Sent by its date"
    questions = [question.key for question in digests.open_questions(program.store)]
    assert bool(states) == any(key.startswith("doubt") for key in questions)


def test_a_strangers_digest_is_not_taken_for_ours(program: Program) -> None:
    """The fields alone prove nothing: without the folder's key nobody can suppress the week's digest."""
    forged = (
        b"From: priya@example.com\r\nTo: priya@example.com\r\nSubject: x\r\n"
        b"X-Career-Assistant: digest\r\nX-Career-Assistant-Id: " + b"a" * 26 + b".digest\r\n"
        b"X-Career-Assistant-Week: 2026-W10\r\nX-Career-Assistant-Proof: " + b"0" * 40 + b"\r\n\r\nhello\r\n"
    )
    program.world.mailbox.put("INBOX", forged, MONDAY)
    program.event(0, "")
    assert kinds(program) == ["digest", "digest"]
    assert replies.lookup(program.store, "a" * 26) is None


def test_by_hand_too_the_digest_that_went_is_found(program: Program) -> None:
    from assistant.rounds.digest.build import by_hand
    from assistant.rounds.digest.result import WentBefore

    back_up(program.store, MONDAY - DAY)
    program.event(0, "")
    restored(program, 60)
    program.world.at(MONDAY + 61 * MINUTE)
    assert isinstance(by_hand(program.round()), WentBefore)
    assert current(MONDAY, program.round().slot).week == "2026-W10"


def test_nothing_is_put_back_while_the_daemon_runs_or_from_a_strange_file(program: Program, tmp_path: Path) -> None:
    from assistant.owner import Owner

    path = back_up(program.store, MONDAY)
    owner = Owner(CONFIGS["smtp"], program.home, program.store)
    with owner.daemon_lock(), pytest.raises(UserError, match="Stop it first"):
        put_back(program.home, None, MONDAY)
    strange = tmp_path / "strange.sqlite3"
    strange.write_bytes(b"")
    with pytest.raises(UserError, match="not a backup"):
        put_back(program.home, strange, MONDAY)
    for no_backup in (tmp_path / "gone.sqlite3", tmp_path):
        with pytest.raises(UserError, match="damaged"):
            put_back(program.home, no_backup, MONDAY)
    assert backups(program.home) == [path]
    assert facts.fact(program.store, "own_key"), "the data file is as it was"


def test_secrets_of_taps_differ_by_key_and_token() -> None:
    assert len({secret_of(key, token) for key in (b"a", b"b") for token in ("x", "y")}) == 4


def test_the_digest_answered_after_a_restore_is_the_one_in_the_mailbox(program: Program) -> None:
    back_up(program.store, MONDAY - DAY)
    program.event(0, "")
    digest = message_from_bytes(program.inbox()[0])
    program.world.mailbox.put("Sent", reply(digest, "met 1", MONDAY + 30 * MINUTE), MONDAY + 30 * MINUTE)
    restored(program, 40)  # the answer lies in Sent, was never read, and its digest is forgotten
    program.event(41, "")
    assert len(roster.all_notes(program.store, "met")) == 1
    assert kinds(program) == ["digest", "transcript"]
