from __future__ import annotations

import hashlib
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from assistant.config import load_config
from assistant.core.replies.grammar.commands import Add, Snooze
from assistant.core.replies.grammar.lines import Speech, parse_lines
from assistant.demo.cast import load_cast
from assistant.demo.mailbox import DemoWorld, build_mailbox
from assistant.demo.run import Answered, write_reply
from assistant.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("Europe/Berlin"))
RESERVED = (".example", "example.com", "example.org", "example.net")


def messages(maildir: Path) -> list[EmailMessage]:
    paths = sorted((maildir / "cur").iterdir())
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def dates(maildir: Path) -> Iterator[datetime]:
    for path in (maildir / "cur").iterdir():
        yield parsedate_to_datetime(path.read_bytes().split(b"\r\n", 1)[0].decode().removeprefix("Date: "))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> DemoWorld:
    return build_mailbox(tmp_path_factory.mktemp("demo") / "world", NOW)


@pytest.fixture(scope="module")
def sent(world: DemoWorld) -> list[EmailMessage]:
    return messages(world.maildir / ".Sent")


def tree(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        yield str(path.relative_to(root)), hashlib.sha256(path.read_bytes()).hexdigest()


def test_it_is_a_maildir_of_about_three_thousand_sent_messages(world: DemoWorld, sent: list[EmailMessage]) -> None:
    assert world.sent == len(sent)
    assert 2700 <= len(sent) <= 3300
    for folder in ("", ".Sent", ".Drafts"):
        assert {"cur", "new", "tmp"} <= {path.name for path in (world.maildir / folder).iterdir()}
    assert len(messages(world.maildir)) == world.received > 100


def test_only_the_owner_may_read_it(world: DemoWorld) -> None:
    for path in [world.root, *world.root.rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_the_same_moment_gives_the_same_bytes(world: DemoWorld, tmp_path: Path) -> None:
    build_mailbox(tmp_path / "again", NOW)
    assert list(tree(tmp_path / "again")) == list(tree(world.root))
    build_mailbox(tmp_path / "again", NOW.astimezone(UTC))
    assert list(tree(tmp_path / "again")) == list(tree(world.root))


def test_it_takes_less_than_three_seconds(tmp_path: Path) -> None:
    begun = time.process_time()
    build_mailbox(tmp_path / "world", NOW)
    assert time.process_time() - begun < 3


def test_every_message_can_be_read_and_lies_in_the_two_years_before(sent: list[EmailMessage]) -> None:
    for message in sent:
        assert not message.defects
        assert NOW - timedelta(days=735) < parsedate_to_datetime(str(message["date"])) <= NOW
        assert message["from"].addresses[0].addr_spec
        assert str(message["subject"]).strip()
        assert message.get_content().strip()
        assert "{" not in message.get_content()
        assert all(len(line) < 998 for line in message.as_bytes().split(b"\n"))


def test_message_ids_are_unique_but_for_the_two_duplicates(sent: list[EmailMessage]) -> None:
    assert sorted(Counter(str(m["message-id"]) for m in sent).values())[-3:] == [1, 2, 2]


def test_every_address_is_reserved_for_examples(world: DemoWorld, sent: list[EmailMessage]) -> None:
    for message in [*sent, *messages(world.maildir)]:
        for field in ("from", "to", "cc", "bcc"):
            for address in message[field].addresses if message[field] else ():
                assert address.domain.endswith(RESERVED), address


def test_there_is_some_of_everything(sent: list[EmailMessage]) -> None:
    def count(*fields: str) -> int:
        return sum(any(message[field] for field in fields) for message in sent)

    assert count("in-reply-to") > 600
    assert count("cc") > 100
    assert count("bcc") >= 10
    assert count("auto-submitted") >= 30
    assert count("resent-to") >= 5
    assert count("list-unsubscribe") >= 20
    assert sum(len(message["to"].addresses) >= 10 for message in sent) >= 30
    assert sum(5 <= len(message["to"].addresses) < 10 for message in sent) >= 100
    assert sum(message.get_content_type() == "text/calendar" for message in sent) >= 80
    assert {"utf-8", "windows-1252", "iso-8859-15", "iso-2022-jp", "koi8-u"} <= {m.get_content_charset() for m in sent}
    assert sum(str(message["subject"]).startswith("Fwd:") for message in sent) >= 50


def test_each_friends_last_letter_is_as_old_as_the_story_says(sent: list[EmailMessage]) -> None:
    """It counts what went to at most four people and was neither a merge nor an answer to an invitation."""
    merges = load_cast().texts["merge_subjects"]
    last: dict[str, datetime] = {}
    for message in sent:
        merge = str(message["subject"]) in merges
        if len(message["to"].addresses) <= 4 and not merge and message.get_content_type() == "text/plain":
            for address in message["to"].addresses:
                at = parsedate_to_datetime(str(message["date"]))
                last[address.addr_spec] = max(at, last.get(address.addr_spec, at))
    for friend in load_cast().friends:
        days = (NOW.date() - last[friend.party(friend.last)[1]].date()).days
        assert friend.last <= days <= friend.last + 2, friend.name  # a weekend moves it to the Friday before


def test_somebody_changed_jobs_and_two_share_a_name(sent: list[EmailMessage]) -> None:
    names: dict[str, set[str]] = {}
    for message in sent:
        for address in message["to"].addresses:
            names.setdefault(address.display_name, set()).add(address.domain)
    assert names["Margaret Okafor"] == {"harbourlight.example", "ternbank.example"}
    assert names["Nadia Petrenko"] == {"northwind.example", "quarrystone.example"}
    assert names["Sarah Novak"] == {"northwind.example", "bluefin-talent.example"}


def test_meetings_lie_in_this_week(sent: list[EmailMessage]) -> None:
    starts = [
        line.partition(":")[2].strip()
        for message in sent
        if message.get_content_type() == "text/calendar"
        for line in message.get_content().split("\n")
        if line.startswith("DTSTART")
    ]
    coming = [start for start in starts if start > f"{NOW.astimezone(UTC):%Y%m%dT%H%M%SZ}"]
    assert len(coming) == 3
    assert max(coming) < f"{NOW + timedelta(days=7):%Y%m%dT}"


def test_all_that_was_said_is_understood_by_the_grammar(world: DemoWorld) -> None:
    commands = []
    for said in world.said:
        assert said.at < NOW
        for line in parse_lines(said.lines, Speech(said.at.date())):
            assert line.command is not None, line.text
            commands.append(line.command)
    added = [command for command in commands if isinstance(command, Add)]
    assert Counter(command.role for command in added) == {"mentor": 5, "advisor": 4, "advocate": 4, "ally": 3}
    assert [command.occasion for command in added if command.hoped] == ["came to my poster"]
    assert any(isinstance(command, Snooze) and command.until > NOW.date() for command in commands)
    assert [command for command in added if command.role == "ally" and (not command.goal or not command.until)] == []


def test_the_configuration_loads_and_names_the_maildir(world: DemoWorld) -> None:
    config = load_config(world.config)
    assert (config.mailbox.kind, config.mailbox.path) == ("maildir", world.maildir)
    assert config.me.addresses[0] == world.address
    assert (config.smtp, config.llm, config.warnings) == (None, None, ())


def test_it_is_made_for_any_moment(tmp_path: Path) -> None:
    for number, moment in enumerate(
        ("2025-01-01T00:00:30+00:00", "2024-02-29T23:59:00-11:00", "2026-10-25T01:30:00+00:00")
    ):
        now = datetime.fromisoformat(moment)
        world = build_mailbox(tmp_path / str(number), now)
        assert all(at <= now for at in dates(world.maildir / ".Sent"))


def test_it_replaces_itself_but_nothing_of_anybody_elses(tmp_path: Path) -> None:
    build_mailbox(tmp_path, NOW)
    build_mailbox(tmp_path, NOW)
    (tmp_path / "Maildir" / ".made-up").unlink()
    with pytest.raises(UserError, match="was not made by the demo"):
        build_mailbox(tmp_path, NOW)
    assert (tmp_path / "Maildir" / ".Sent").is_dir()


@pytest.mark.parametrize("name", ["Priya Raman", "Zoë Ångström"])
def test_the_reply_is_as_a_mail_program_writes_it(name: str) -> None:
    text = "1. Tomás Berroeta\n\n   " + "a rather long line, " * 20 + "\nFrom here on = signs\n.\n"
    digest = Answered(
        "t0ken." + "x" * 100 + "@northwind.example",
        "Monday: 3 people – ✓",
        text,
        NOW,
        "Career assistant",
        "p@northwind.example",
    )
    lines = ["met Ingrid yesterday, she says go", "sned 1", "win: größer als ≥ 3"]
    raw = write_reply(digest, lines, name=name, address="p@northwind.example", to="p@northwind.example", at=NOW)
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    assert message["in-reply-to"] == f"<{digest.message_id}>"
    assert f"<{digest.message_id}>".encode() in raw  # never folded into encoded words
    assert str(message["subject"]) == f"Re: {digest.subject}"
    assert message["from"].addresses[0].display_name == name
    assert [a.addr_spec for a in message["to"].addresses] == ["p@northwind.example"]
    assert message.get_content_type() == "multipart/alternative"
    plain, page = message.iter_parts()
    content = plain.get_content().replace("\r\n", "\n")
    assert content.startswith("\n".join(lines) + "\n\nOn Mon, Mar 02, 2026")
    assert [line[2:] for line in content.split("\n") if line.startswith(">")][:2] == text.split("\n")[:2]
    assert '<blockquote class="gmail_quote"' in page.get_content()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) < 998
