"""Replies as docs/replies.md describes them to a stranger: by shell commands and by messages put into Sent."""

from __future__ import annotations

import contextlib
import io
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from assistant.cli.main import run
from tests.corpus.replies import STYLES, Mail, Sent, fastmail

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

ZONE = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=ZONE)
WEDNESDAY = datetime(2026, 3, 4, 10, 0, tzinfo=ZONE)
CONFIG = """
[me]
name = "Priya Raman"
addresses = ["priya@example.com"]
timezone = "Europe/Berlin"
language = "{language}"
{me}
[mailbox]
kind = "maildir"
path = "{path}"

[smtp]
host = "127.0.0.1"
port = 1
security = "none"
user = ""
[digest]
delivery = "append"
"""
PEOPLE = (
    "add Jane Roe <jane@roe.example> as mentor",
    "add Jane Lee <lee@x.example> as mentor",
    "add Bob Li <bob@li.example> as advisor, every 3 weeks",
    "add Jörg Müller <jm@x.example> as mentor",
    'add Sam Ode <sam@ode.example> as ally, for "ship it", until 12 May',
)


@dataclass
class Life:
    folder: Path
    language: str = "en"
    me: str = ""
    number: int = 0
    mail: Mail = field(default_factory=lambda: Mail("", "", "", ""))

    def __post_init__(self) -> None:
        for part in ("", ".Sent", ".Drafts"):
            for state in ("cur", "new", "tmp"):
                (self.folder / "Maildir" / part / state).mkdir(parents=True)
        text = CONFIG.format(language=self.language, path=self.folder / "Maildir", me=self.me)
        (self.folder / "config.toml").write_text(text)

    def run(self, at: datetime, *arguments: str) -> Any:
        base = ["--config", str(self.folder / "config.toml"), "--home", str(self.folder / "home")]
        out, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            code = run([*base, "--now", at.isoformat(), *arguments, "--json"])
        assert code == 0, errors.getvalue()
        return json.loads(out.getvalue())

    def do(self, *lines: str, at: datetime = WEDNESDAY) -> list[tuple[str, str]]:
        return [(line["outcome"], line["effect"]) for line in self.run(at, "do", *lines)["lines"]]

    def digest(self, at: datetime = MONDAY) -> None:
        """Build the week's digest, and use it as the mail to answer."""
        assert self.run(at, "once")["digest"]
        self.answer(self.inbox()[-1])

    def inbox(self) -> list[Message]:
        found = [
            message_from_bytes(path.read_bytes())
            for state in ("new", "cur")
            for path in (self.folder / "Maildir" / state).iterdir()
        ]
        return sorted(found, key=lambda message: datetime.strptime(str(message["Date"]), "%a, %d %b %Y %H:%M:%S %z"))

    def answer(self, message: Message) -> None:
        text, html = (part.get_payload(decode=True).decode() for part in message.walk() if not part.is_multipart())  # type: ignore[union-attr]
        self.mail = Mail(str(message["Message-ID"]).strip("<>"), "3 people to reach", text, html)

    def put(self, raw: bytes, folder: str = ".Sent") -> None:
        self.number += 1
        (
            self.folder / "Maildir" / folder / "cur" / f"{1_772_000_000 + self.number}.m{self.number}.host:2,S"
        ).write_bytes(raw)

    def said(self, *lines: str, at: datetime = WEDNESDAY, **fields: Any) -> bytes:
        self.number += 1
        stamp = at.strftime("%a, %d %b %Y %H:%M:%S %z")
        sent = Sent(**{"message_id": f"r{self.number}@example.com", "date": stamp, **fields})
        return fastmail(lines, self.mail, sent)

    def replies(self, at: datetime = WEDNESDAY) -> list[dict[str, Any]]:
        self.run(at, "scan")
        return list(self.run(at, "replies"))

    def reply(self, *lines: str, at: datetime = WEDNESDAY, **fields: Any) -> list[dict[str, Any]]:
        self.put(self.said(*lines, at=at, **fields))
        return self.replies(at)


@pytest.fixture
def life(tmp_path: Path) -> Life:
    new = Life(tmp_path)
    assert {outcome for outcome, _effect in new.do(*PEOPLE, at=MONDAY - timedelta(days=1))} == {"ok"}
    return new


def outcomes(told: list[dict[str, Any]]) -> list[list[str]]:
    return [[line["outcome"] for line in one["lines"]] for one in told]


SAID = """
ok      | met Bob                                       | met on Wed 4 Mar 2026
ok      | Met bob li last Tuesday.                      | met on Tue 3 Mar 2026
ok      | met Bob last Wednesday                        | met on Wed 25 Feb 2026
ok      | talked to Bob yesterday, about rust           | talked to on Tue 3 Mar 2026, noted “about rust”
ok      | met Bob, yesterday                            | met on Tue 3 Mar 2026
ok      | met Bob, on Tuesday, talked promo             | met on Tue 3 Mar 2026, noted “talked promo”
ok      | met Bob, Tuesday was great                    | noted “Tuesday was great”
refused | met Bob, next Friday                          | yet to come
ok      | called Bob today                              | called on Wed 4 Mar 2026
ok      | emailed bob@li.example 3 weeks ago            | emailed on Wed 11 Feb 2026
ok      | met Bob on 12 May                             | met on Mon 12 May 2025
ok      | met Bob on 31 February                        | met on Sat 28 Feb 2026
ok      | met Bob on 2026-03-01: nice                   | met on Sun 1 Mar 2026, noted “nice”
refused | met Bob next Friday                           | Fri 13 Mar 2026 is yet to come
ok      | snooze Bob for 3 weeks                        | on Wed 25 Mar 2026
ok      | snooze Bob until end of March                 | on Tue 31 Mar 2026
ok      | snooze Bob until Wednesday                    | on Wed 11 Mar 2026
ok      | snooze Bob until this Friday                  | on Fri 6 Mar 2026
ok      | snooze Bob until next Wednesday               | on Wed 11 Mar 2026
ok      | snooze Bob until 31 April                     | on Thu 30 Apr 2026
refused | snooze Bob until last Friday                  | has come already
refused | snooze Bob until today                        | has come already
unknown | snooze Bob for 10000 days                     | I didn't get that
unknown | snooze Bob until 2026-13-01                   | I didn't get that
ok      | not now Bob                                   | on Mon 9 Mar 2026
ok      | Bob biweekly                                  | every 2 weeks
ok      | bob twice a year                              | every 6 months
ok      | Bob role hoped-for advocate                   | now hoped-for advocate
ok      | Bob favourite                                 | a favourite
ok      | Bob is also <b2@li.example>                   | also b2@li.example
refused | Bob is also jane@roe.example                  | Jane Roe's already
ok      | note Bob: “likes” tea                         | noted
ok      | * MET BOB YESTERDAY                           | met on Tue 3 Mar 2026
ok      | - met Bob                                     | met on Wed 4 Mar 2026
ok      | please snooze Bob for a week, thanks!         | on Wed 11 Mar 2026
ok      | Could you please add Ann Oe <a@oe.example> as advisor? | added as advisor (ann-oe)
ask     | add Nora <nora@x.example>                     | Answer “Q1 mentor”
refused | add Jim <jane@roe.example> as ally            | already
ask     | add Jane Roe <other@roe.example> as ally      | on the roster already
refused | add Me <priya@example.com> as ally            | your own address
ask     | drop Bob                                      | confirm
ok      | close Sam                                     | the goal is reached
refused | close Bob                                     | no ally
ask     | met Jane                                      | Two Janes: jane-lee, jane-roe. Answer with one.
ask     | brief Jane                                    | Two Janes
ok      | met Jorg                                      | Jörg Müller
ok      | pause 2 weeks                                 | No digest until Wed 18 Mar 2026
refused | send 1                                        | which digest
refused | confirm ABCDEF                                | no code
refused | Q1 yes                                        | no open question Q1
refused | undo T999                                     | There is no T999
unknown | sned 1                                        | Closest: send 1
unknown | skip bob                                      | Closest: not now bob
unknown | snoze Bob for a week                          | Closest: snooze Bob until 2026-03-11
unknown | met Zoe                                       | Nobody on the roster
unknown | met Bob and Zoe                               | Nobody on the roster
ask     | met Bob and Jane                              | Two Janes
ok      | met Bob and jane-roe                          | Jane Roe: met
unknown | add Eve as mentor                             | I didn't get that
noise   | Thanks so much!                               |
"""


def test_sentences_at_the_shell_one_by_one(life: Life) -> None:
    rows = [tuple(part.strip() for part in row.split("|")) for row in SAID.strip().split("\n")]
    wrong = []
    for outcome, line, effect in rows:
        found = life.do(line)
        told = found[0][1] if len(found) == 1 else ""
        # What is not understood may lie near a command, which is then offered.
        near = outcome == "unknown" and told.startswith("Did you mean")
        if len(found) != 1 or found[0][0] != outcome or not (near or effect in told):
            wrong.append((line, found))
        number = life.run(WEDNESDAY, "do", "status")["id"]
        life.do(f"undo T{int(number[1:]) - 1}")
    assert wrong == []


GERMAN = """
met Bob am Dienstag, sprach über Rust | Di. 3. März 2026
met Bob letzten Dienstag              | Di. 3. März 2026
met Bob vorgestern                    | Mo. 2. März 2026
met Bob vor 3 Wochen                  | Mi. 11. Februar 2026
met Bob am 12.5.                      | Mo. 12. Mai 2025
met Bob am 1.3.2026                   | So. 1. März 2026
met Bob Ende Februar                  | Sa. 28. Februar 2026
met Bob yesterday                     | Di. 3. März 2026
snooze Bob bis Freitag                | Fr. 6. März 2026
snooze Bob bis 31.4.                  | Do. 30. April 2026
snooze Bob für 3 Wochen               | Mi. 25. März 2026
snooze Bob einen Monat                | Sa. 4. April 2026
snooze Bob bis Ende März              | Di. 31. März 2026
snooze Bob bis naechsten Mittwoch     | Mi. 11. März 2026
snooze Bob bis übermorgen             | Fr. 6. März 2026
snooze Bob until end of March         | Di. 31. März 2026
"""


def test_german_days(tmp_path: Path) -> None:
    life = Life(tmp_path, "de")
    life.do(PEOPLE[2])
    rows = [row.split("|") for row in GERMAN.strip().split("\n")]
    found = life.do(*(line.strip() for line, _day in rows))
    assert [(outcome, day.strip() in effect) for (outcome, effect), (_line, day) in zip(found, rows, strict=True)] == [
        ("ok", True)
    ] * len(rows), found


MONTH_ENDS = [
    ("2026-01-31", "snooze Bob for a month", "Sat 28 Feb 2026"),
    ("2024-01-31", "snooze Bob for 1 month", "Thu 29 Feb 2024"),
    ("2026-01-31", "snooze Bob until end of next month", "Sat 28 Feb 2026"),
    ("2026-08-31", "snooze Bob for a quarter", "Mon 30 Nov 2026"),
    ("2026-03-31", "met Bob a month ago", "Sat 28 Feb 2026"),
    ("2026-12-31", "snooze Bob for a week", "Thu 7 Jan 2027"),
    ("2026-03-02", "met Bob on Monday", "Mon 2 Mar 2026"),
    ("2026-03-02", "met Bob last Monday", "Mon 23 Feb 2026"),
    ("2026-03-02", "snooze Bob until Monday", "Mon 9 Mar 2026"),
    ("2026-03-08", "met Bob on Monday", "Mon 2 Mar 2026"),
    ("2026-03-08", "snooze Bob until next Monday", "Mon 9 Mar 2026"),
    ("2026-03-08", "met Bob last Sunday", "Sun 1 Mar 2026"),
]


def test_month_ends_and_weekdays(life: Life) -> None:
    for day, line, expected in MONTH_ENDS:
        found = life.do(line, at=datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=ZONE))
        assert (found[0][0], expected in found[0][1]) == ("ok", True), (day, line, found)


def test_the_shell_and_a_mail_say_the_same(tmp_path: Path, life: Life) -> None:
    lines = (
        "met Bob on Tuesday, talked promo",
        "snooze sam for a month",
        "sned 1",
        "met Jane",
        "Bob monthly",
        "win: yes",
    )
    life.digest()
    (told,) = life.reply(*lines)
    other = Life(tmp_path / "other")
    other.do(*PEOPLE, at=MONDAY - timedelta(days=1))
    assert [(line["outcome"], line["effect"]) for line in told["lines"]] == other.do(*lines)


def test_the_whole_talk_in_one_thread(life: Life) -> None:
    life.digest()
    numbers = re.findall(r"^(\d)\. ", life.mail.text, re.MULTILINE)
    assert len(numbers) == 5
    (first,) = life.reply("met Jane", "1,2 skip", "drop Bob", "add Nora <nora@x.example>", "9 done", "send 9")
    assert outcomes([first]) == [["ask", "ok", "ask", "ask", "refused", "refused"]]
    code = re.search(r"confirm ([A-Z2-9]{6})", first["lines"][2]["effect"])
    label = re.search(r"“(Q\d+) mentor”", first["lines"][3]["effect"])
    assert code
    assert label
    digest = life.mail
    assert outcomes(life.reply(f"confirm {code[1]}")) == [["refused"]], "not in an answer to that transcript"
    life.run(WEDNESDAY, "once")
    life.answer(next(mail for mail in life.inbox() if "drop Bob" in str(mail.get_payload(0))))
    later = WEDNESDAY + timedelta(hours=47)
    told = life.reply("jane-roe", f"{label[1]} advisor", f"confirm {code[1]}", at=later)
    assert outcomes(told) == [["ok", "ok", "ok"]], told
    people = {row["handle"]: row for row in life.run(later, "people")}
    assert "bob-li" not in people or people["bob-li"]["status"] == "dropped"
    assert people["nora"]["role"] == "advisor"
    assert people["jane-roe"]["last_contact"]["at"].startswith("2026-03-04"), "the day of the mail that said so"
    life.mail = digest
    assert outcomes(life.reply("undo", at=later))[0] == ["ok"]


def test_a_code_ends_after_48_hours(life: Life) -> None:
    life.digest()
    (told,) = life.reply("drop Bob")
    code = re.search(r"confirm ([A-Z2-9]{6})", told["lines"][0]["effect"])
    assert code
    life.run(WEDNESDAY, "once")
    life.answer(life.inbox()[-1])
    assert outcomes(life.reply(f"confirm {code[1]}", at=WEDNESDAY + timedelta(hours=49))) == [["refused"]]


def test_more_than_five_changes_at_once_are_held(life: Life) -> None:
    five = [f"{who} monthly" for who in ("jane-roe", "jane-lee", "bob", "jörg", "sam")]
    assert {outcome for outcome, _effect in life.do(*five)} == {"ok"}
    six = [line.replace("monthly", "weekly") for line in five] + ["Bob role advocate", "met Sam", "win: x"]
    assert [outcome for outcome, _effect in life.do(*six)] == ["ask"] * 6 + ["ok"] * 2


def test_an_older_digest_names_whom_it_means_and_sends_nothing(life: Life) -> None:
    life.digest()
    old = life.mail
    next_week = MONDAY + timedelta(weeks=1)
    life.digest(next_week)
    life.mail = old
    (told,) = life.reply("1 done", "send 2", at=next_week + timedelta(hours=1))
    assert outcomes([told]) == [["ok", "refused"]]
    assert "of 2 March" in told["lines"][0]["effect"]
    assert "newest digest only" in told["lines"][1]["effect"]


def test_undo_of_what_a_later_answer_changed_names_that_first(life: Life) -> None:
    life.digest()
    first = life.reply("Bob weekly")[0]["id"]
    second = life.reply("Bob monthly", at=WEDNESDAY + timedelta(minutes=1))[0]["id"]
    (told,) = life.reply(f"undo {first}", at=WEDNESDAY + timedelta(minutes=2))
    assert (told["lines"][0]["outcome"], f"undo {second} first" in told["lines"][0]["effect"]) == ("refused", True)
    told = life.reply(f"undo {second}", f"undo {first}", at=WEDNESDAY + timedelta(minutes=3))[0]
    assert outcomes([told]) == [["ok", "ok"]] or outcomes([told]) == [["ok", "refused"]]


def test_stop_shuts_every_earlier_mail(life: Life) -> None:
    life.digest()
    old = life.mail
    assert outcomes(life.reply("stop")) == [["ok"]]
    assert life.reply("1 done", at=WEDNESDAY + timedelta(minutes=1)) == []
    life.run(WEDNESDAY, "once")
    life.answer(life.inbox()[-1])
    assert outcomes(life.reply("resume", at=WEDNESDAY + timedelta(minutes=2))) == [["ok"]]
    life.mail = old
    assert life.reply("1 done", at=WEDNESDAY + timedelta(minutes=3)) == []


BAD: dict[str, dict[str, Any]] = {
    "forged": {"sender": "Priya Raman <priya@evil.example>"},
    "two addresses": {"sender": "priya@example.com, boss@example.com"},
    "a group": {"sender": "All: priya@example.com;"},
    "forwarded": {"to": "boss@example.com"},
    "forwarded to oneself too": {"to": "priya@example.com, boss@example.com"},
    "a group of recipients": {"to": "All: priya@example.com;"},
    "nobody": {"to": "undisclosed-recipients:;"},
    "a copy": {"extra": ("Cc: boss@example.com",)},
    "a blind copy": {"extra": ("Bcc: boss@example.com",)},
    "another sender": {"extra": ("Sender: boss@example.com",)},
    "two hops": {"extra": ("Received: by a", "Received: by b")},
    "results": {"extra": ("Authentication-Results: mx.example; dkim=pass",)},
    "away": {"extra": ("Auto-Submitted: auto-replied",)},
    "autoreply": {"extra": ("X-Autoreply: yes",)},
    "older than the digest": {"at": MONDAY - timedelta(days=1, minutes=1)},
    "two froms": {"extra": ("From: x@evil.example",)},
    "a tag that is not the control address": {"to": "priya+other@example.com"},
}


def test_what_is_not_in_order_does_nothing_and_answers_nobody(life: Life) -> None:
    life.digest()
    before = life.run(WEDNESDAY, "people"), len(life.inbox())
    for fields in BAD.values():
        life.put(life.said("1 done", "stop", **fields))
    assert life.replies() == []
    life.run(WEDNESDAY, "once")
    assert (life.run(WEDNESDAY, "people"), len(life.inbox())) == before


GOOD: dict[str, dict[str, Any]] = {
    "one hop, as some providers keep": {"extra": ("Received: from phone by mx; Wed",)},
    "bare": {"sender": "priya@example.com", "to": "<PRIYA@example.com>"},
    "no automatic answer": {"extra": ("Auto-Submitted: no",)},
    "a sender that is the same": {"extra": ("Sender: priya@example.com",)},
}


def test_what_is_in_order_is_obeyed(life: Life) -> None:
    life.digest()
    for number, fields in enumerate(GOOD.values()):
        life.put(life.said(f"win: number {number}", at=WEDNESDAY + timedelta(minutes=number), **fields))
    assert outcomes(life.replies(WEDNESDAY + timedelta(hours=1))) == [["ok"]] * len(GOOD)


def test_a_tagged_control_address_is_the_only_one(tmp_path: Path) -> None:
    life = Life(tmp_path, me='control_address = "priya+career@example.com"')
    life.do(*PEOPLE, at=MONDAY - timedelta(days=1))
    life.digest()
    assert "priya+career@example.com" in str(life.inbox()[0]["Reply-To"])
    assert life.reply("win: no") == []
    assert outcomes(life.reply("win: yes", to="priya+career@example.com")) == [["ok"]]


def test_the_same_again_by_copy_move_and_new_id_is_obeyed_once(life: Life) -> None:
    life.digest()
    raw = life.said("1 done")
    life.put(raw)
    life.put(raw)
    life.put(raw.replace(b"Message-ID: <r", b"Message-ID: <x"))
    assert len(life.replies()) == 1
    for path in list((life.folder / "Maildir" / ".Sent" / "cur").iterdir()):
        path.rename(path.with_name(path.name.replace(".host", ".other")))
    assert life.replies() == []


def test_a_bounce_a_calendar_answer_and_a_message_of_nothing_are_no_orders(life: Life) -> None:
    life.digest()
    for kind in ("multipart/report; report-type=delivery-status; boundary=b", "message/rfc822"):
        raw = re.sub(rb"Content-Type: [^\r]*", b"Content-Type: " + kind.encode(), life.said("stop"))
        life.put(raw)
    assert life.replies() == []


def test_twenty_answers_a_day(life: Life) -> None:
    life.digest()
    for number in range(22):
        life.put(life.said(f"win: {number}", at=WEDNESDAY + timedelta(seconds=number)))
    told = life.replies(WEDNESDAY + timedelta(minutes=1))
    assert len(told) == 20
    assert "tomorrow" in told[-1]["lines"][-1]["effect"]
    assert len(life.replies(WEDNESDAY + timedelta(days=1))) == 2


@pytest.mark.parametrize("style", list(STYLES)[::3])
def test_the_digest_quoted_alone_is_no_order(life: Life, style: str) -> None:
    life.digest()
    stamp = WEDNESDAY.strftime("%a, %d %b %Y %H:%M:%S %z")
    life.put(STYLES[style]((), life.mail, Sent(date=stamp)))
    assert [one["changes"] for one in life.replies()] == [0]


def test_a_transcript_quoted_alone_is_no_order(life: Life) -> None:
    life.digest()
    life.reply("1 skip", "drop Bob", "add Nora <nora@x.example>", "help", "status", "sned 1", "met Jane")
    life.run(WEDNESDAY, "once")
    transcript = life.inbox()[-1]
    life.answer(transcript)
    for number, style in enumerate(list(STYLES)[::4]):
        stamp = (WEDNESDAY + timedelta(minutes=number)).strftime("%a, %d %b %Y %H:%M:%S %z")
        life.put(STYLES[style]((), life.mail, Sent(message_id=f"quoted-{number}@example.com", date=stamp)))
    told = life.replies(WEDNESDAY + timedelta(hours=1))
    assert {one["changes"] for one in told} == {0}
    assert all(line["outcome"] in {"noise", "unknown"} for one in told for line in one["lines"]), told
