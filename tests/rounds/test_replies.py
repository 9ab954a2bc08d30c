from __future__ import annotations

import logging
import re
import time
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from urllib.parse import unquote

import pytest

from assistant.core.mail.message import Locator
from assistant.core.replies.grammar.commands import (
    Answer,
    ByNumber,
    Candidate,
    Look,
    Met,
    NotNow,
    Pause,
    Plain,
    Snooze,
    Tell,
)
from assistant.core.replies.grammar.lines import Speech, parse_line
from assistant.core.replies.grammar.spelling import format_command
from assistant.core.replies.own_ids import HREF_LIMIT, new_token, read_tap, ref_in, tap_href, tap_of, tokens_in
from assistant.rounds.replies.process import A_DAY, delivered
from assistant.rounds.scan import run
from assistant.store import digests, outbox, replies, roster
from assistant.store import replies as store_replies
from tests.corpus.replies import ANSWERS, STYLES, Sent, below, fastmail, html_part, plain, single
from tests.fakes import BlowUp
from tests.gallery import digests as gallery
from tests.replying import NOW, OWNER, Life, life, ref, tap
from tests.stores import passed_over_reasons


def sent_copy(owner: Life, *lines: str, name: str = "reply-x", extra: tuple[str, ...] = ()) -> bytes:
    return fastmail(lines, owner.mail, Sent(message_id=f"{name}@example.com", date=owner.stamp(), extra=extra))


def test_a_reply_is_obeyed_once_and_answered_in_its_thread() -> None:
    owner = life()
    told = owner.reply("met jane-roe on Tuesday, talked promo", "snooze 2 for a month", "sned 1", "Thanks!")
    assert len(told) == 1
    transcript = told[0]
    assert [(line.outcome, line.effect) for line in transcript.lines] == [
        ("ok", "Jane Roe: met on Tue 3 Mar 2026, noted “talked promo”"),
        ("ok", "Bob Li: I'll ask again on Sat 4 Apr 2026 (number 2 of 2 March)"),
        ("unknown", "Did you mean “send 1”?"),
        ("noise", ""),
    ]
    assert (transcript.message_id, transcript.changes, transcript.left_out) == (
        "reply-1@example.com",
        2,
        "the quoted digest",
    )
    entry = outbox.by_key(owner.store, f"transcript {transcript.id}")
    assert entry
    mail = message_from_bytes(entry.order.message)
    assert mail["To"] == f"Priya Raman <{OWNER}>"
    assert entry.order.rcpt_to == OWNER
    assert mail["In-Reply-To"] == "<reply-1@example.com>"
    first, own, last = mail["References"].split()
    assert (first, last) == (f"<{owner.mail.message_id}>", "<reply-1@example.com>")
    assert own == f"<{entry.order.message_id.partition('.')[0]}.thread@example.com>"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Career-Assistant"] == "transcript"
    assert mail["Cc"] is None
    subject = str(make_header(decode_header(mail["Subject"])))
    assert subject.startswith("2 done, 1 I didn't get · Re: ")
    text = mail.get_payload()[0].get_payload(decode=True).decode()  # type: ignore[union-attr,index]
    assert "> Thanks!" not in text
    assert "Changed your mind? Reply “undo”." in text
    assert owner.process() == ()


def test_a_second_pass_touches_nothing() -> None:
    owner = life()
    owner.reply("2 done")
    before = roster.snapshot(owner.store)
    owner.mailbox = BlowUp()  # type: ignore[assignment]
    round_ = replace(Life(store=owner.store).round(), mailbox=BlowUp())
    from assistant.rounds.replies.process import process

    assert process(round_) == ()
    assert roster.snapshot(owner.store) == before


def test_the_same_reply_moved_copied_or_renumbered_has_one_effect() -> None:
    owner = life()
    owner.reply("2 done")
    copy = sent_copy(owner, "2 done", name="reply-1")
    owner.put(copy)
    owner.put(copy.replace(b"reply-1@", b"reply-copy@"))
    assert owner.process() == ()
    assert passed_over_reasons(owner.store) == {"reply-copy@example.com": "copy"}
    owner.mailbox.messages = {
        Locator(where.folder, 2, where.uid): stored for where, stored in owner.mailbox.messages.items()
    }
    run.scan_sent_mail(owner.round())
    assert owner.process() == ()
    assert len(roster.all_notes(owner.store, "met")) == 1


def test_the_transcript_is_answered_with_one_word_and_names_its_digest() -> None:
    owner = life()
    told = owner.reply("met Jane")[0]
    digest, owner.mail = owner.mail, owner.answered_mail(told)
    owner.later(minutes=3)
    assert owner.reply("jane-lee")[0].lines[0].effect == "Jane Lee: met on Wed 4 Mar 2026"
    assert owner.reply("2 done")[0].lines[0].effect.endswith("(number 2 of 2 March)")
    owner.mail = digest
    assert owner.reply("jane-lee")[0].lines[0].outcome == "unknown"


def test_one_word_settles_after_a_first_answer_with_a_slip_in_it() -> None:
    owner = life()
    asked = owner.answered_mail(owner.reply("met Jane")[0])
    owner.mail = asked
    owner.later(minutes=3)
    slip = owner.reply("jnae-lee")[0]
    assert slip.lines[0].outcome == "unknown"
    owner.mail = owner.answered_mail(slip)
    owner.later(minutes=3)
    assert owner.reply("jane-lee")[0].lines[0].outcome == "unknown"
    owner.later(minutes=3)
    told = owner.reply("jane-lee", thread=(asked.message_id,))[0]
    assert told.lines[0].effect == "Jane Lee: met on Wed 4 Mar 2026"


def test_a_code_counts_only_in_an_answer_to_its_transcript() -> None:
    owner = life()
    told = owner.reply("drop Bob")[0]
    code = told.lines[0].effect.partition("confirm ")[2][:6]
    assert owner.reply(f"confirm {code}")[0].lines[0].outcome == "refused"
    owner.mail = owner.answered_mail(told)
    assert owner.reply(f"confirm {code}")[0].lines[0].outcome == "ok"
    assert owner.person("bob-li").status == "dropped"


def test_undo_in_an_answer_means_the_transcript_that_is_answered() -> None:
    owner = life()
    first = owner.reply("Bob every week")[0]
    owner.reply("Mina every week")
    owner.mail = owner.answered_mail(first)
    assert owner.reply("undo")[0].lines[0].effect.partition(" (")[0] == f"{first.id} taken back: 1 change"
    assert owner.person("mina-okafor").cadence_days == 7


def test_an_older_digest_still_works_but_sends_nothing() -> None:
    owner = life()
    old = owner.mail
    owner.digest(built=NOW - timedelta(hours=1), week="2026-W11")
    owner.mail = old
    told = owner.reply("2 done", "send 1")[0]
    assert [line.outcome for line in told.lines] == ["ok", "refused"]
    assert told.lines[0].effect.endswith("(number 2 of 2 March)")
    assert "newest digest only" in told.lines[1].effect


@pytest.mark.parametrize("style", STYLES)
def test_every_style_ends_in_the_roster(style: str) -> None:
    owner = life()
    answer = ANSWERS[1]
    owner.put(STYLES[style](answer, owner.mail, Sent()))
    told = owner.process()
    assert [[line.outcome for line in one.lines] for one in told] == [["ask", "ok"]]
    assert str(owner.person("bob-li").snoozed_until) == "2026-04-04"
    owner.put(STYLES[style]((), owner.mail, Sent(message_id="empty@example.com", date=owner.stamp())))
    assert [one.changes for one in owner.process()] == [0]


def test_dates_are_anchored_at_the_messages_date() -> None:
    owner = life()
    owner.put(fastmail(("met Bob yesterday",), owner.mail, Sent(date="Tue, 03 Mar 2026 00:30:00 +0100")))
    owner.later(days=9)
    assert owner.process()[0].lines[0].effect == "Bob Li: met on Mon 2 Mar 2026"


def test_stop_shuts_the_door() -> None:
    owner = life()
    told = owner.reply("stop")[0]
    assert owner.reply("2 done") == ()
    assert passed_over_reasons(owner.store)["reply-2@example.com"] == "revoked"
    owner.mail = owner.answered_mail(told)
    assert owner.reply("resume")[0].lines[0].outcome == "ok"


def test_at_most_twenty_answers_a_day() -> None:
    owner = life()
    for number in range(A_DAY + 3):
        owner.later(seconds=1)
        owner.put(sent_copy(owner, f"note Bob: {number}", name=f"many-{number}"))
    told = owner.process()
    assert len(told) == A_DAY
    assert told[-1].lines[-1].effect == "This is answer 20 of today; what you send now is read tomorrow."
    assert all("tomorrow" not in line.effect for one in told[:-1] for line in one.lines)
    assert owner.process() == ()
    owner.later(days=1)
    assert len(owner.process()) == 3


def test_over_a_bound_an_authentic_reply_is_refused_whole_and_told() -> None:
    owner = life()
    owner.put(single(owner.mail, Sent(date=owner.stamp()), plain("stop\n" * 301)))
    told = owner.process()[0]
    assert [(line.outcome, line.effect) for line in told.lines] == [
        ("refused", "Your answer has more than 300 lines: nothing of it was read, nothing done.")
    ]
    assert roster.settings(owner.store) == {}


def test_five_megabytes_are_not_read_but_told() -> None:
    owner = life()
    raw = sent_copy(owner, "stop") + b"x" * (5 * 1024 * 1024 + 1)
    owner.put(raw)
    assert owner.process()[0].lines[0].effect.startswith("Your answer is larger than 5 MB")
    owner.put(raw.replace(b"reply-x@", b"reply-y@").replace(b"To: Priya", b"Cc: a@b.example\r\nTo: Priya"))
    assert owner.process() == ()
    owner.put(raw.replace(b"reply-x@", b"reply-z@").replace(b"In-Reply-To", b"X-In-Reply-To"))
    assert owner.process()[0].changes == 0
    owner.put(raw.replace(b"reply-x@", b"reply-a@").replace(owner.token.encode(), b"c" * 26))
    owner.put(raw.replace(b"reply-x@", b"reply-b@").replace(b"MIME-Version: 1.0", b"Auto-Submitted: auto-replied"))
    assert owner.process() == ()
    assert set(passed_over_reasons(owner.store).values()) == {"too-large"}


def test_a_message_that_is_gone_is_left_for_later() -> None:
    owner = life()
    owner.put(sent_copy(owner, "2 done"))
    kept = dict(owner.mailbox.messages)
    owner.mailbox.messages.clear()
    assert owner.process() == ()
    owner.mailbox.messages.update(kept)
    assert len(owner.process()) == 1


def test_delivered_is_what_the_outbox_says() -> None:
    owner = life()
    told = owner.reply("2 done")
    assert not delivered(owner.store, told)[0].delivered
    entry = outbox.by_key(owner.store, "transcript T5")
    assert entry
    outbox.set_state(owner.store, entry.id, "sent", 0)
    assert delivered(owner.store, told)[0].delivered
    assert not delivered(owner.store, [owner.do("status")])[0].delivered


def test_all_of_a_reply_or_nothing() -> None:
    owner = life()
    before = roster.snapshot(owner.store)

    class Trouble:
        def brief(self, handle: str) -> tuple[str, ...]:
            raise AssertionError(handle)

        def show(self, handle: str) -> tuple[str, ...]:
            raise RuntimeError(handle)

        status = help = why = brief

    owner.put(sent_copy(owner, "2 done", "show Bob"))
    from assistant.rounds.replies.process import process

    with pytest.raises(RuntimeError):
        process(owner.round(), Trouble())  # type: ignore[arg-type]
    assert roster.snapshot(owner.store) == before
    assert replies.latest_transaction(owner.store) == "T4"
    assert len(owner.process()) == 1


# What others have too. The ways they get it are in test_attacks; here what an answer may still do.


def forward(owner: Life, **fields: object) -> None:
    owner.numbers += 1
    sent = Sent(message_id=f"forward-{owner.numbers}@example.com", date=owner.stamp(), to="eve@rival.example")
    owner.put(single(owner.mail, replace(sent, **fields), plain("Look.")))  # type: ignore[arg-type]


def test_what_others_have_too_does_at_once_only_what_is_harmless() -> None:
    owner = life()
    forward(owner)
    harmless = ("1 done", "note Bob: x", "3 skip", "Bob weekly", "C2 ignore")
    heavy = ("send 1, 2", "Q1 yes", "C1 mentor", "drop 3", "Bob is also <b2@li.example>")
    rest = ("Jane Roe is not <jane@roe.example>", "add Nora Ek <n@ek.example> as ally")
    told = owner.reply(*harmless, *heavy, *rest)[0]
    assert [line.outcome for line in told.lines] == ["ok"] * 5 + ["ask"] * 7
    code = told.lines[-1].effect.partition("confirm ")[2][:6]
    assert "goes out (number 2 of 2 March)? Not done yet, since others have this mail too" in told.lines[5].effect
    owner.mail = owner.answered_mail(told)
    owner.later(days=1)
    done = owner.reply(f"confirm {code}")[0].lines[0]
    assert done.outcome == "ok"
    assert owner.person("mina-okafor").status == "dropped"
    assert owner.person("bob-li").addresses == ("bob@li.example", "b2@li.example")
    assert owner.person("jane-roe").addresses == ("kim@far.example",)
    assert {owner.person("ada-quist").role, owner.person("nora-ek").role} == {"mentor", "ally"}
    held = [entry.order.key for entry in outbox.open_entries(owner.store) if entry.order.kind == "send"]
    assert held == ["send 1", "send 2"]


def test_a_code_that_others_have_too_is_given_anew() -> None:
    owner = life()
    told = owner.reply("drop Bob")[0]
    code = told.lines[0].effect.partition("confirm ")[2][:6]
    owner.mail = owner.answered_mail(told)
    forward(owner)
    again = owner.reply(f"confirm {code}")[0]
    assert again.lines[0].outcome == "ask"
    assert owner.person("bob-li").status == "active"
    new = again.lines[0].effect.partition("confirm ")[2][:6]
    assert new != code
    owner.mail = owner.answered_mail(again)
    assert owner.reply(f"confirm {new}")[0].lines[0].outcome == "ok"
    assert owner.person("bob-li").status == "dropped"


def test_undo_of_what_weighs_is_for_the_answer_that_nobody_else_has() -> None:
    owner = life()
    told = owner.reply("Bob is also <b2@li.example>", "Bob weekly")[0]
    forward(owner)
    assert owner.reply("undo")[0].lines[0].outcome == "refused"
    owner.mail = owner.answered_mail(told)
    assert owner.reply("undo")[0].lines[0].outcome == "ok"
    assert owner.person("bob-li").addresses == ("bob@li.example",)


def test_links_that_others_have_too_do_only_what_is_harmless() -> None:
    owner = life()
    forward(owner)
    for command in (Answer(1, "yes"), Candidate(1, "mentor"), Plain("stop")):
        text = format_command(command)
        assert tapped(owner, f"{text}\nref:{ref(owner, command)}")[0][0] == "refused", text
    done = ref(owner, ByNumber("done", (2,)))
    assert tapped(owner, f"done 2\nref:{done}")[0][0] == "ok"
    assert roster.settings(owner.store) == {}


def test_a_forward_to_oneself_is_nobody_elses() -> None:
    owner = life()
    forward(owner, to="priya@work.example")
    forward(owner, date="Sun, 01 Feb 2026 08:00:00 +0000")  # no mail of before the digest has its token
    assert owner.reply("C1 mentor")[0].lines[0].outcome == "ok"


# Hostile messages: the header's are in test_authentic; here the whole way, and nothing may happen.

FORWARD = "---------- Forwarded message ---------\n"
HOSTILE: dict[str, tuple[str, dict[str, object]]] = {
    "forged from": ("not-owner", {"sender": "Priya Raman <priya@evil.example>"}),
    "lookalike": ("not-owner", {"sender": "Priya Raman <priya@exarnple.com>"}),
    "two addresses": ("from", {"sender": "priya@example.com, x@evil.example"}),
    "group": ("from", {"sender": "Us: priya@example.com;"}),
    "name of an address": ("from", {"sender": "priya@example.com <x@evil.example>"}),
    "forwarded": ("to", {"to": "Boss <boss@example.com>"}),
    "two recipients": ("to", {"to": "priya@example.com, boss@example.com"}),
    "group of recipients": ("to", {"to": "Us: priya@example.com;"}),
    "copy to a colleague": ("cc", {"extra": ("Cc: boss@example.com",)}),
    "blind copy": ("cc", {"extra": ("Bcc: boss@example.com",)}),
    "other sender": ("sender", {"extra": ("Sender: x@evil.example",)}),
    "second from": ("repeated-field", {"extra": ("From: x@evil.example",)}),
    "away note": ("automatic", {"extra": ("Auto-Submitted: auto-replied",)}),
    "autoreply": ("automatic", {"extra": ("X-Autoreply: yes",)}),
    "from outside": ("from-outside", {"extra": ("Authentication-Results: mx; dkim=pass",)}),
    "return path": ("from-outside", {"extra": ("Return-Path: <boss@example.com>",)}),
    "two hops": ("from-outside", {"extra": ("Received: a", "Received: b")}),
    "resent": ("resent", {"extra": ("Resent-To: priya@example.com",)}),
    "older than the digest": ("too-old", {"date": "Sun, 01 Mar 2026 06:59:00 +0000"}),
    "no date": ("no-date", {"date": "soon"}),
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_what_is_not_the_owners_does_nothing_and_is_logged(attack: str, caplog: pytest.LogCaptureFixture) -> None:
    word, fields = HOSTILE[attack]
    owner = life()
    before = roster.snapshot(owner.store), len(outbox.open_entries(owner.store))
    with caplog.at_level(logging.INFO, "assistant.replies"):
        assert owner.reply("2 done", "send 1", "stop", **fields) == ()
    assert (roster.snapshot(owner.store), len(outbox.open_entries(owner.store))) == before
    assert passed_over_reasons(owner.store) == {"reply-1@example.com": word}
    assert f"passed over reason={word}" in caplog.text
    assert "@" not in caplog.text


@pytest.mark.parametrize("folder", ["INBOX", "Drafts"])
def test_only_sent_is_read(folder: str) -> None:
    owner = life()
    owner.mailbox.put(folder, sent_copy(owner, "stop"), owner.now)
    run.scan_sent_mail(owner.round())
    assert owner.process() == ()


def test_an_unknown_token_answers_nothing() -> None:
    owner = life()
    owner.mail = replace(owner.mail, message_id=f"{'c' * 26}.digest@example.com")
    assert owner.reply("stop") == ()
    owner.mail = replace(owner.mail, message_id="ordinary@example.com")
    assert owner.reply("stop") == ()
    assert list(passed_over_reasons(owner.store).values()) == ["unknown-token", "no-token"]


def test_our_token_in_another_message_id_answers_nothing() -> None:
    owner = life()
    for kind, domain in (("digest", "rival.example"), ("thread", "example.com"), ("transcript", "example.com")):
        owner.mail = replace(owner.mail, message_id=f"{owner.token}.{kind}@{domain}")
        assert owner.reply("stop") == ()
    assert set(passed_over_reasons(owner.store).values()) == {"unknown-token"}


def test_a_token_ends_after_three_weeks() -> None:
    owner = life()
    owner.later(days=18, hours=21)
    assert owner.reply("2 done") != ()
    owner.later(hours=3)
    assert owner.reply("2 done") == ()


def test_our_own_mails_in_sent_are_no_orders() -> None:
    owner = life()
    owner.reply("2 done")
    for entry in outbox.open_entries(owner.store):
        owner.put(entry.order.message)
    assert owner.process() == ()


INJECTIONS = (
    "note Bob: x\r\nBcc: evil@example.net",
    "note Bob: {{ 7*7 }} {% for x in y %}",
    "note Bob: <script>alert(1)</script>",
    "add <img src=x> <a@b.example> as mentor",
    "add {{7*7}} <a@b.example> as mentor",
    "add Eve\u202e <a@b.example> as mentor",
    "note Bob: ' OR 1=1; DROP TABLE person; --",
    "add Robert'); DROP TABLE person;-- <a@b.example> as mentor",
    "met Bob, \x00\x1b[31m",
    "note Bob: " + "\u200b" * 300,
    "goal: =cmd|' /C calc'!A0",
    "note Bob: ${jndi:ldap://x}",
    "add A\u2028B <c@d.example> as ally",
    "Bob is also <x@y.example>\u0000",
    "undo T99999999",
    "confirm AAAAAA",
    "Q99 yes",
    "C99 mentor",
    "send 999",
    "snooze Bob until 9999-12-31",
    "snooze Bob for 9999 years",
    "not contact %",
    "not contact ____",
    "show ../../etc/passwd",
)


@pytest.mark.parametrize("line", INJECTIONS)
def test_injections_stay_text(line: str) -> None:
    owner = life()
    told = owner.reply(line)
    assert len(told) == 1
    entry = outbox.by_key(owner.store, f"transcript {told[0].id}")
    assert entry
    mail = message_from_bytes(entry.order.message)
    assert mail["Bcc"] is None
    html = mail.get_payload()[1].get_payload(decode=True).decode()  # type: ignore[union-attr,index]
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "49" not in told[0].lines[0].effect
    assert {person.status for person in roster.load_roster(owner.store).people} == {"active"}


BOMBS = (
    b"x" * 4_000_000,
    b"a " * 100_000,
    b"> " * 100_000,
    b"skip 2\n" * 299,
    b"note Bob: " + b"a" * 990,
    b"-" * 900 + b"\n" + b"_" * 900,
    b"On " * 300 + b"wrote:",
    b"From: a\n" * 290,
    b"(" * 1000,
    b"<" * 900,
    b"\n" * 200_000,
    b"met " * 249,
    b"\xff" * 900,
    b"1," * 400,
)


@pytest.mark.parametrize("index", range(len(BOMBS)))
@pytest.mark.parametrize("kind", ["text/plain", "text/html", "text/plain; format=flowed"])
def test_bombs_end_soon(index: int, kind: str) -> None:
    owner = life()
    head = fastmail((), owner.mail, Sent(date=owner.stamp())).partition(b"\r\n\r\n")[0]
    head = re.sub(rb"Content-Type: [^\r]*", b"Content-Type: " + kind.encode(), head)
    owner.put(head + b"\r\n\r\n" + BOMBS[index])
    start = time.process_time()
    told = owner.process()
    assert time.process_time() - start < 2
    assert len(told) == 1
    assert {person.status for person in roster.load_roster(owner.store).people} == {"active"}


def test_five_hundred_parts_in_each_other_end_soon() -> None:
    owner = life()
    head = fastmail((), owner.mail, Sent(date=owner.stamp())).partition(b"\r\n\r\n")[0]
    head = re.sub(rb"Content-Type: [^\r]*", b"Content-Type: multipart/mixed; boundary=b0", head)
    body = b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(500))
    owner.put(head + b"\r\n\r\n" + body + b"stop")
    start = time.process_time()
    assert owner.process()[0].changes == 0
    assert time.process_time() - start < 2


# Taps.


def tapped(owner: Life, body: str, **fields: object) -> list[tuple[str, str]]:
    owner.put(tap(owner, body, **fields))
    return [(line.outcome, line.effect) for one in owner.process() for line in one.lines]


def test_a_tap_does_what_its_ref_allows() -> None:
    owner = life()
    done = ref(owner, ByNumber("done", (2,)))
    assert len(f"ref:{done}") <= 20
    assert tapped(owner, f"done 2\n\nref:{done}") == [
        ("ok", "Bob Li: done, in touch on Wed 4 Mar 2026 (number 2 of 2 March)")
    ]
    met = ref(owner, Met("met", "2"))
    assert tapped(owner, f"met 2\n\nref:{met}\nwe spoke of his review\nSent from my iPhone") == [
        ("ok", "Bob Li: met on Wed 4 Mar 2026, noted “we spoke of his review” (number 2 of 2 March)")
    ]
    assert [outcome for outcome, _effect in tapped(owner, f"done 2\nwe spoke of it\nref:{done}")] == ["ok", "ok"]
    assert [note.text for note in roster.notes(owner.store, "bob-li", "note")] == ["we spoke of it"]
    snooze = ref(owner, Snooze(("1",), NOW.date()))
    assert tapped(owner, f"snooze 1 until 2026-03-18\nref:{snooze}")[0][1].startswith(
        "Jane Roe: I'll ask again on Wed 18 Mar"
    )
    assert tapped(owner, f"Q1 yes\nref:{ref(owner, Answer(1, 'yes'))}") == [("ok", "Jane Roe: also kim@far.example")]
    assert tapped(owner, f"C1 mentor\nref:{ref(owner, Candidate(1, 'mentor'))}")[0][0] == "ok"
    assert tapped(owner, f"pause\nref:{ref(owner, Pause())}")[0][0] == "ok"


@pytest.mark.parametrize("note", ["", "we spoke of his review"])
def test_a_signature_is_no_note_of_a_tap(note: str) -> None:
    owner = life()
    signature = "Kind regards,\n\nPriya Raman\nTern Ltd\n12 Harbour Street, London"
    done = ref(owner, ByNumber("done", (2,)))
    told = tapped(owner, f"done 2\n\nref:{done}\n{note}\n\n{signature}")
    assert {outcome for outcome, _effect in told} == {"ok"}
    assert [one.text for one in roster.notes(owner.store, "bob-li", "note")] == [note] * bool(note)


def test_what_else_stands_beside_another_tap_is_not_understood() -> None:
    owner = life()
    skip = ref(owner, ByNumber("skip", (2,)))
    told = tapped(owner, f"drop Bob\nskip 2\nstop\nThanks\nref:{skip}")
    assert [outcome for outcome, _effect in told] == ["ok", "unknown", "unknown"]
    assert roster.settings(owner.store) == {}


def test_a_tap_to_send_is_bound_to_the_text() -> None:
    owner = life()
    shown = digests.load_draft(owner.store, 1).new.hash
    assert tapped(owner, f"send 1\nref:{ref(owner, ByNumber('send', (1,)), 'another text')}") == []
    assert tapped(owner, f"send 1\nref:{ref(owner, ByNumber('send', (1,)), shown)}")[0][0] == "ok"


@pytest.mark.parametrize(
    ("body", "fields", "word"),
    [
        ("done 2\nref:{skip}", {}, "wrong-ref"),
        ("done 3\nref:{done}", {}, "wrong-ref"),
        ("drop Bob\nref:{done}", {}, "wrong-ref"),
        ("met 2, 3\nref:{met}", {}, "wrong-ref"),
        ("met 2 and 3\nref:{met}", {}, "wrong-ref"),
        ("met 2, no. 3\nref:{met}", {}, "wrong-ref"),
        ("met 2, 3.\nref:{met}", {}, "wrong-ref"),
        ("C1 mentor, weekly\nref:{mentor}", {}, "wrong-ref"),
        ("done 2", {}, "no-token"),
        ("done 2\nref:aaaaaaaaaaaaaaaa", {}, "wrong-ref"),
        ("done 2\nref:{done}", {"sender": "x@evil.example"}, "not-owner"),
        ("done 2\nref:{done}", {"date": "Sun, 01 Mar 2026 06:59:00 +0000"}, "too-old"),
    ],
)
def test_a_ref_allows_one_verb_on_one_number(body: str, fields: dict[str, object], word: str) -> None:
    owner = life()
    text = body.format(
        done=ref(owner, ByNumber("done", (2,))),
        skip=ref(owner, ByNumber("skip", (2,))),
        met=ref(owner, Met("met", "2")),
        mentor=ref(owner, Candidate(1, "mentor")),
    )
    assert tapped(owner, text, **fields) == []
    assert passed_over_reasons(owner.store) == {"tap-1@example.com": word}


def test_a_tap_from_a_device_whose_clock_is_slow_is_obeyed() -> None:
    owner = life()
    slow = tapped(owner, f"done 2\nref:{ref(owner, ByNumber('done', (2,)))}", date="Sun, 01 Mar 2026 08:00:00 +0000")
    assert slow[0][0] == "ok"


@pytest.mark.parametrize("note", ["'3'", "Mina", "mina-okafor and Jane Roe", "called Mina", "and 3", "yesterday, 3"])
def test_whatever_stands_behind_a_taps_number_is_its_note(note: str) -> None:
    owner = life()
    met = ref(owner, Met("met", "2"))
    assert tapped(owner, f"met 2, {note}\nref:{met}")[0][0] == "ok"
    kept = roster.all_notes(owner.store)
    assert [(one.person, one.kind, one.text) for one in kept] == [("bob-li", "met", note.removeprefix("yesterday, "))]


def test_a_tap_copied_has_one_effect() -> None:
    owner = life()
    raw = tap(owner, f"done 2\nref:{ref(owner, ByNumber('done', (2,)))}")
    owner.put(raw)
    owner.put(raw.replace(b"tap-1@", b"tap-2@"))
    assert len(owner.process()) == 1
    assert passed_over_reasons(owner.store) == {"tap-2@example.com": "copy"}


def test_refs_of_a_digest_without_items_and_other_secrets() -> None:
    owner = life()
    store_replies.issue(
        owner.store,
        token="e" * 26,
        kind="digest",
        message_id="x",
        digest=None,
        secret="other",
        text="",
        now=int(NOW.timestamp()),
    )
    assert tapped(owner, f"done 2\nref:{ref(owner, ByNumber('done', (2,)))}")[0][0] == "ok"


def test_what_can_be_tapped() -> None:
    known = {
        format_command(command): tap_of(command)
        for command in (
            ByNumber("send", (1,)),
            ByNumber("done", (1, 2)),
            Snooze(("1",), NOW.date()),
            Snooze(("bob",), NOW.date()),
            Met("called", "3"),
            Met("met", "bob"),
            NotNow("1"),
            NotNow("bob"),
            Tell("note", "1", "x"),
            Tell("win", None, "x"),
            Look("brief", "1"),
            Candidate(2, None),
            Candidate(2, "advocate", hoped=True),
            Answer(1, "Yes"),
            Pause(),
            Plain("stop"),
        )
    }
    assert list(known.values()) == [
        ("1", "send"),
        None,
        ("1", "snooze"),
        None,
        ("3", "called"),
        None,
        ("1", "not now"),
        None,
        ("1", "note"),
        None,
        ("1", "brief"),
        ("C2", "ignore"),
        ("C2", "hoped-for advocate"),
        ("Q1", "yes"),
        ("", "pause"),
        ("", "stop"),
    ]
    speech = Speech(NOW.date())
    read = read_tap(["note 1: x", "y"], speech, lambda _, verb: verb == "note")
    assert read
    assert read.lines[0].command == Tell("note", "1", "x y")
    assert read_tap(["what"], speech, lambda _, verb: verb == "note") is None


def test_links_of_taps_are_short_and_whole() -> None:
    href = tap_href(OWNER, "done 2 & more? 100 %", "Q1 yes", "a" * 16)
    assert href.startswith(
        "mailto:priya@example.com?subject=done%202%20%26%20more%3F%20100%20%25&body=Q1%20yes%0D%0A%0D%0Aref%3Aaaaa"
    )
    assert ref_in(unquote(href)) == "a" * 16
    assert len(tap_href(OWNER, "ü" * 300, "skip 2", "a" * 16)) < HREF_LIMIT
    with pytest.raises(ValueError, match="must be short"):
        tap_href(OWNER, "x", "y" * 500, "a" * 16)


def test_tokens_are_long_and_found_again() -> None:
    token = new_token(bytes(16))
    assert len(token) == 26
    assert tokens_in([f"<{token}.digest@example.com>", "x@y", f"{token}.transcript@z"]) == (token,)
    with pytest.raises(ValueError, match="128"):
        new_token(bytes(15))


def test_the_gallery_knows_its_commands() -> None:
    text = below(("x",), "y", life().mail)
    assert len(gallery()) > 10
    assert all(parse_line(line, Speech(NOW.date())).command is None for line in text.split("\n"))


def test_html_only_with_a_tag_is_read() -> None:
    owner = life()
    owner.put(single(owner.mail, Sent(date=owner.stamp()), html_part("<p>snooze <b>2</b> for a month</p>")))
    assert owner.process()[0].lines[0].outcome == "ok"
