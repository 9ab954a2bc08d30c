"""Nothing is lost to a bad day of the server, seen from the command line (docs/reliability.md, promise 15)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

import pytest

from assistant.cli.main import run
from assistant.store.database import Store
from tests.mailbox.test_partial import WORDINGS
from tests.owner.test_end_to_end import CONFIG, MONDAY, OWNER, Life, add_people, reply, sent_mail, text_of
from tests.servers.dovecot import Setup, running
from tests.servers.scripted import Script, running_script

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

MANY = 60
EVERY = frozenset(range(1, MANY + 1))
QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)


@dataclass
class Scripted:
    """An owner whose mailbox is a scripted server's."""

    script: Script
    folder: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def run(self, at: datetime, *arguments: str) -> tuple[int, str]:
        """Return the exit code of a command, and what it printed and said."""
        self.capsys.readouterr()
        base = ["--config", str(self.folder / "config.toml"), "--home", str(self.home)]
        code = run([*base, "--now", at.isoformat(), *arguments])
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def contacts(self, at: datetime) -> int:
        code, said = self.run(at, "contacts", "--all", "--json")
        assert code == 0
        return len({json.loads(line)["message_id"] for line in said.splitlines()})

    def doctor(self, at: datetime) -> dict[str, dict[str, Any]]:
        return {row["check"]: row for row in json.loads(self.run(at, "doctor", "--json")[1])}

    def asked(self) -> int:
        return self.script.commands.count("UID FETCH")

    def digests(self) -> list[str]:
        found = (message_from_bytes(raw) for raw in self.script.appended)
        return [text_of(one) for one in found if one["X-Career-Assistant-Week"]]


@pytest.fixture
def owner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Scripted]:
    with running_script(Script([sent_mail(number) for number in range(MANY)])) as script:
        (tmp_path / "secret").write_text("x")
        (tmp_path / "secret").chmod(0o600)
        text = CONFIG.format(owner=OWNER, host="127.0.0.1", port=script.port, user="priya", secret=tmp_path / "secret")
        # The server has the same mail in every folder, and searches none of them.
        (tmp_path / "config.toml").write_text(text.replace("since = 0", "since = 0\nreceived = false"))
        yield Scripted(script, tmp_path, capsys)


@pytest.mark.parametrize("since", [0, 60])
@pytest.mark.parametrize("wording", [*WORDINGS, b"BYE"])
def test_two_hours_of_refusals_lose_nothing(owner: Scripted, wording: bytes, since: int) -> None:
    config = owner.folder / "config.toml"
    config.write_text(config.read_text().replace("since = 0", f"since = {since}"))
    if wording == b"BYE":
        owner.script.bye = frozenset({"UID FETCH"})
    else:
        owner.script.poison, owner.script.refusal = EVERY, wording
    for number in range(9):
        before = owner.asked()
        code, said = owner.run(MONDAY + number * QUARTER, "once")
        assert (code, "Nothing is lost" in said) == (3, True)
        assert owner.asked() - before <= 9
    found = owner.doctor(MONDAY + 8 * QUARTER)["mailbox"]
    failed = "could not be reached" if wording == b"BYE" else "refused the command"
    assert (found["ok"], failed in found["hint"]) == (False, True)
    owner.script.poison, owner.script.bye = frozenset(), frozenset()
    assert owner.run(MONDAY + 9 * QUARTER, "once")[0] == 0
    assert owner.contacts(MONDAY + 9 * QUARTER) == MANY
    assert len(owner.digests()) == 1


@pytest.mark.parametrize("habit", ["limit", "dropped", "nothing"])
def test_an_ok_with_a_part_is_no_whole(owner: Scripted, habit: str) -> None:
    owner.script.most = 25 if habit == "limit" else 0
    owner.script.dropped = {"limit": frozenset(), "dropped": frozenset({3, 4, 17}), "nothing": EVERY}[habit]
    code, said = owner.run(MONDAY, "once")
    assert code == (3 if habit == "nothing" else 0)
    assert ("3 messages in Sent could not be read whole yet; they will be tried again." in said) == (habit == "dropped")
    owner.script.dropped = frozenset()
    code, said = owner.run(MONDAY + QUARTER, "once")
    assert (code, "could not be read" in said, owner.contacts(MONDAY + QUARTER)) == (0, False, MANY)


def test_what_cannot_be_read_is_said_in_scan_doctor_and_digest(owner: Scripted) -> None:
    owner.script.poison = frozenset({9})
    sentence = "1 message in Sent could not be read whole yet; it will be tried again."
    assert sentence in owner.run(MONDAY, "once")[1]
    assert sentence in owner.doctor(MONDAY)["mailbox"]["hint"]
    assert sentence in " ".join(owner.digests()[0].split())
    before = owner.asked()
    for minute in range(1, 61):
        assert owner.run(MONDAY + timedelta(minutes=minute), "scan")[0] == 0
    assert owner.asked() - before <= 9 * 4, "five more tries, then one in fifteen minutes"


def test_a_message_is_given_up_where_it_failed_alone_on_three_days(owner: Scripted) -> None:
    owner.script.poison = frozenset({9})
    for day, words in ((0, "tried again"), (1, "tried again"), (2, "was given up"), (3, "was given up")):
        assert words in owner.run(MONDAY + day * DAY, "scan")[1]
    before = owner.asked()
    assert owner.run(MONDAY + 4 * DAY, "scan")[0] == 0
    assert (owner.asked(), owner.contacts(MONDAY + 4 * DAY)) == (before, MANY - 1)


def test_neighbours_that_fail_together_are_never_given_up(owner: Scripted) -> None:
    owner.script.poison = frozenset({9, 10})
    for day in range(10):
        assert "2 messages in" in owner.run(MONDAY + day * DAY, "scan")[1]
    owner.script.poison = frozenset()
    assert owner.run(MONDAY + 11 * DAY, "scan")[0] == 0
    assert owner.contacts(MONDAY + 11 * DAY) == MANY


@pytest.mark.parametrize("refused", [frozenset(), frozenset({5})])
def test_a_store_that_gave_messages_up_reads_them_again(owner: Scripted, refused: frozenset[int]) -> None:
    """Leave what an earlier version left after a bad afternoon: the cursor past everything, and no tries left."""
    assert owner.run(MONDAY, "scan")[0] == 0
    with Store(owner.home) as store, store.write() as db:
        db.execute("DELETE FROM recipient_row WHERE message > 20")
        db.execute("DELETE FROM message WHERE id > 20")
        db.execute("DELETE FROM fact WHERE name LIKE 'unread %'")
        noted = json.dumps([7, {str(uid): 6 for uid in range(21, 41)}])  # and of 41 to 60 it knows nothing at all
        db.execute("INSERT INTO fact VALUES ('left out Sent', ?)", [noted])
    assert owner.contacts(MONDAY) == 20
    owner.script.poison = refused
    before = owner.asked()
    assert owner.run(MONDAY + QUARTER, "scan")[0] == 0
    assert (owner.contacts(MONDAY + QUARTER), owner.asked() - before) == (MANY, 1)
    assert owner.run(MONDAY + 2 * QUARTER, "scan")[0] == 0
    assert owner.script.commands[-2:] == ["EXAMINE", "LOGOUT"]


def test_a_server_is_told_who_we_are_before_a_folder_is_opened(owner: Scripted) -> None:
    owner.script.wants_id = True
    assert owner.run(MONDAY, "scan")[0] == 3, "a server that has no ID cannot be told"
    owner.script.capabilities = b"IMAP4rev1 ID"
    assert owner.run(MONDAY, "scan")[0] == 0
    assert owner.script.known_as.startswith(b'ID ("name" "career-assistant" "version" "')
    assert owner.contacts(MONDAY) == MANY


def test_login_may_be_forbidden_where_plain_is_not(owner: Scripted) -> None:
    owner.script.capabilities = b"IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2"
    code, said = owner.run(MONDAY, "scan")
    assert (code, "it offers XOAUTH2" in said) == (1, True)
    owner.script.capabilities = b"IMAP4rev1 LOGINDISABLED AUTH=PLAIN SASL-IR"
    assert owner.run(MONDAY, "scan")[0] == 0
    assert owner.script.signed_in_by == b"\0priya\0x"


def test_a_login_refused_for_another_reason_than_the_password(owner: Scripted) -> None:
    owner.script.login = b"NO [ALERT] Account exceeded command or bandwidth limits. (Failure)"
    code, said = owner.run(MONDAY, "once")
    assert (code, "bandwidth limits" in said, "password" in said) == (3, True, False)


@pytest.mark.parametrize("odd", [b'"A&B"', b'"A"B"', b'"&2AA-"', b'"Gr\xc3\xbcn"', b"NIL", b"{3}\r\nA&B"])
def test_a_folder_name_that_is_none_costs_itself_alone(owner: Scripted, odd: bytes) -> None:
    owner.script.folders = (b'() "/" ' + odd, *owner.script.folders)
    assert owner.run(MONDAY, "once")[0] == 0
    assert owner.contacts(MONDAY) == MANY


@pytest.mark.parametrize("odd", [b"Sent & done", b"Gesch\xc3\xa4ft", b"&AOk"])
def test_a_folder_of_sent_mail_is_called_as_the_server_calls_it(owner: Scripted, odd: bytes) -> None:
    owner.script.folders = (b'(\\Sent) "/" "' + odd + b'"', b'(\\Drafts) "/" "A&B"', b'() "/" "INBOX"')
    owner.script.only = frozenset({odd, b"A&B", b"INBOX"})
    assert owner.run(MONDAY - DAY, "do", "add Jane Roe <jane@example.com> as mentor")[0] == 0
    assert owner.run(MONDAY, "once")[0] == 0
    assert owner.contacts(MONDAY) == MANY
    assert len(owner.digests()) == 1
    assert len(owner.script.appended) == 2, "and a draft"


BOTH = Setup(extra='namespace inbox {\n  mailbox "Sent Messages" {\n    auto=create\n    special_use=\\Sent\n  }\n}\n')
PLAIN = Setup(special_use=False, folders={"Sent": "Sent", "Drafts": "Drafts"})


@pytest.mark.parametrize("kind", ["both flagged", "by name", "in the config"])
def test_every_folder_of_sent_mail_is_read(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Old mail in one folder, yesterday's letter and the answer to the digest in another, where a phone files them."""
    other = "Old" if kind == "in the config" else "Sent Messages"
    with running(BOTH if kind == "both flagged" else PLAIN) as server:
        account = server.account("priya")
        (tmp_path / "secret").write_text(account.password)
        (tmp_path / "secret").chmod(0o600)
        text = CONFIG.format(
            owner=OWNER, host=account.host, port=account.port, user=account.user, secret=tmp_path / "secret"
        )
        named = f'sent = ["Sent", "{other}"]\n' if kind == "in the config" else ""
        (tmp_path / "config.toml").write_text(text + named)
        life = Life(tmp_path, account, capsys)
        account.fill("Sent", [sent_mail(number) for number in range(5)], times=[MONDAY - 40 * DAY] * 5)
        account.fill(other, [sent_mail(-300)], times=[MONDAY - 2 * DAY])  # to Jane
        add_people(life)
        done = life.json(MONDAY, "once")
        assert sorted(done["scans"][0]["folders"]) == sorted(["Sent", other])
        assert done["scans"][0]["new"] == 6
        assert f"sent mail in {' and '.join(done['scans'][0]['folders'])}" in str(life.json(MONDAY, "doctor"))
        jane = next(row for row in life.json(MONDAY, "people") if row["handle"] == "jane-roe")
        assert jane["last_contact"]["message_id"] == "m-300@example.com"
        (digest,) = (message_from_bytes(raw) for raw in account.messages("INBOX"))
        assert "6 new mails" in " ".join(text_of(digest).split())
        for number, folder in enumerate(("Sent", other), 1):
            at = MONDAY + timedelta(hours=number)
            account.deliver(reply(digest, f"win: number {number}", at), folder)
            assert [len(one["lines"]) for one in life.json(at, "once")["replies"]] == [1]
        assert life.json(MONDAY + timedelta(hours=3), "once")["scans"][0]["new"] == 0
