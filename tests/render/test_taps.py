"""Every tap of a real digest, clicked in Chromium: its message, put into Sent as it is, does what it says.

The digest is the demo's, with [smtp]; each tap is obeyed in a copy of the data of its own, so that none is in the way
of another. A mail program is played by the few lines of `message_of`.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from assistant.config import load_config
from assistant.core.digest.week import current
from assistant.demo.mailbox import build_mailbox
from assistant.demo.run import MOMENT
from assistant.owner import Owner
from assistant.rounds.delivery.outbox import deliver
from assistant.rounds.digest import build
from assistant.rounds.digest.roster_status import views
from assistant.rounds.replies import process
from assistant.rounds.scan import run
from assistant.rounds.whole_round import run_whole_round
from assistant.store import digests, roster
from assistant.store.database import Store
from scripts.screenshots import CHROMIUM, chromium
from tests.servers.smtp import running_sink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.core.people.roster import Person
    from assistant.core.replies.transcript import Transcript
    from assistant.rounds.digest.result import Built
    from tests.servers.smtp import Sink

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.timeout(180),
    pytest.mark.skipif(not os.access(CHROMIUM, os.X_OK), reason="Debian's chromium is not installed"),
]
SOON = MOMENT + timedelta(minutes=20)
SMTP_CONFIG = '\n[smtp]\nhost = "{host}"\nport = {port}\nsecurity = "none"\nuser = ""\n'
FINGER = """<!DOCTYPE html><meta charset="utf-8"><title>finger</title>
<iframe id="mail" src="{page}" style="border:0;width:360px;height:20000px"></iframe><pre id="found"></pre><script>
document.getElementById("mail").onload = function () {{
  const mail = this.contentDocument, opened = [];
  mail.addEventListener("click", (event) => {{
    event.preventDefault();
    opened.push({{href: event.target.closest("a").href, label: event.target.textContent}});
  }});
  for (const link of mail.links) {{
    const box = link.getBoundingClientRect();
    const hit = mail.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (hit) hit.click(); else opened.push({{href: "nothing under the finger", label: link.textContent}});
    opened[opened.length - 1].size = Math.min(box.width, box.height);
  }}
  document.getElementById("found").textContent = JSON.stringify(opened);
}};
</script>"""


@dataclass(frozen=True)
class Monday:
    """The demo's Monday: its digest, the data folder behind it, and where its mail goes."""

    owner: Owner
    home: Path
    maildir: Path
    built: Built
    sink: Sink


@dataclass(frozen=True)
class Opened:
    """What a tap opened in Chromium: the address of its link, its label and how small it is (pixels)."""

    href: str
    label: str
    size: float

    @property
    def command(self) -> str:
        return str(message_of(self.href, 0).get_content()).split("\n")[0].strip()


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monday]:
    folder = tmp_path_factory.mktemp("monday")
    world = build_mailbox(folder / "mailbox", MOMENT)
    with running_sink() as sink:
        text = world.config.read_text().replace("[digest]\n", '[digest]\ndelivery = "append"\n')
        world.config.write_text(text + SMTP_CONFIG.format(host=sink.host, port=sink.port))
        with Store(folder / "data") as store:
            owner = Owner(load_config(world.config), folder / "data", store)
            for said in world.said:
                owner.say(said.lines, said.at)
            with owner.one_round(MOMENT) as round_:
                run.scan_sent_mail(round_)
                built = build.build(round_, current(MOMENT, round_.slot))
                deliver(round_.way, round_.now)
        yield Monday(owner, folder / "data", world.maildir, built, sink)


@pytest.fixture(scope="module")
def taps(monday: Monday, tmp_path_factory: pytest.TempPathFactory) -> list[Opened]:
    folder = tmp_path_factory.mktemp("finger")
    (folder / "digest.html").write_text(monday.built.rendered.html, encoding="utf-8")
    page = folder / "finger.html"
    page.write_text(FINGER.format(page=(folder / "digest.html").as_uri()), encoding="utf-8")
    dom = chromium(str(folder / "profile"), "--dump-dom", page.as_uri())
    found: list[dict[str, Any]] = json.loads(unescape(dom.partition('<pre id="found">')[2].partition("</pre>")[0]))
    return [Opened(one["href"], one["label"], one["size"]) for one in found]


def message_of(href: str, number: int) -> EmailMessage:
    """Return the message a mail program makes of a mailto: link and sends (RFC 6068)."""
    address, _, fields = href.removeprefix("mailto:").partition("?")
    values = {name: unquote(value) for name, _, value in (field.partition("=") for field in fields.split("&"))}
    message = EmailMessage(policy=SMTP)
    message["From"] = "Priya Raman <priya.raman@northwind.example>"
    message["To"] = unquote(address)
    message["Subject"] = values["subject"]
    message["Date"] = format_datetime(SOON)
    message["Message-ID"] = f"<tap-{number}@northwind.example>"
    message.set_content(values["body"])
    return message


@contextmanager
def put_back(folder: Path) -> Iterator[None]:
    """Take away again whatever lands in a mailbox meanwhile, and put back the drafts that go."""
    before = set(folder.rglob("*"))
    drafts = {path: path.read_bytes() for path in before if ".Drafts" in path.parts and path.is_file()}
    try:
        yield
    finally:
        for path in set(folder.rglob("*")) - before:
            if path.is_file():
                path.unlink()
        for path in drafts.keys() - set(folder.rglob("*")):
            path.write_bytes(drafts[path])


def obeyed(monday: Monday, message: EmailMessage, copy: Path) -> tuple[Owner, Transcript | None]:
    """Put the message into Sent of a copy of the data, read it, and return the owner there and the transcript."""
    shutil.copytree(monday.home, copy)
    owner = replace(monday.owner, home=copy, store=Store(copy))
    with owner.one_round(SOON) as round_:
        placed = round_.mailbox.append(round_.folders.sent, message.as_bytes(), ("\\Seen",), SOON)
        assert placed
        run.scan_sent_mail(round_)
        transcripts = process.process(round_)
    return owner, transcripts[0] if transcripts else None


def test_there_are_taps_for_all_that_is_asked(monday: Monday, taps: list[Opened]) -> None:
    value = monday.built.digest
    commands = [tap.command for tap in taps]
    assert len(value.due) == 5
    for item in value.due:
        assert {f"met {item.number}", f"snooze {item.number} until 2026-03-16"} <= {*commands}
        assert sum(tap.href.startswith(f"mailto:{item.address}?") for tap in taps) == 1
    for one in value.candidates:
        assert sum(command.startswith(f"{one.label} ") for command in commands) == 4
    for asked in value.questions:
        assert sum(command.startswith(f"{asked.label} ") for command in commands) == min(3, len(asked.answers))
    assert {"status", "pause", "stop"} <= {*commands}


def orders(taps: list[Opened]) -> list[Opened]:
    """Return the taps that order one thing: not the letters to others, and not the sheet."""
    own = [tap for tap in taps if tap.href.startswith("mailto:priya.raman@northwind.example?")]
    return [tap for tap in own if tap.label not in {"Note a win", "Answer it all at once"}]


def test_each_tap_is_a_short_mailto_large_enough_for_a_finger(taps: list[Opened]) -> None:
    assert len(orders(taps)) > 20
    for tap in taps:
        assert tap.href.startswith("mailto:"), tap
        assert len(tap.href) <= (500 if tap in orders(taps) else 1900), tap
        # Apple asks for 44, and WCAG 2.2 for 24: the links of the last line are no buttons.
        assert tap.size >= (32 if tap.command in {"status", "pause", "stop"} else 44), tap


def test_each_tap_does_what_it_says(monday: Monday, taps: list[Opened], tmp_path: Path) -> None:
    problems = []
    for number, tap in enumerate(orders(taps)):
        with put_back(monday.maildir):
            owner, transcript = obeyed(monday, message_of(tap.href, number), tmp_path / str(number))
            with owner.store:
                line = transcript.lines[0] if transcript else None
                if transcript is None or line is None or line.outcome != "ok" or len(transcript.lines) != 1:
                    problems.append(f"{tap.command}: {line}")
                elif not happened(tap.command, monday, owner, transcript):
                    problems.append(f"{tap.command}: said {line.effect!r} and did not")
        shutil.rmtree(tmp_path / str(number))
    assert problems == []


def happened(command: str, monday: Monday, owner: Owner, transcript: Transcript) -> bool:
    """Return whether the data shows what the command orders."""
    settings = roster.settings(owner.store)
    words = command.split()
    if command == "status":
        return bool(transcript.lines[0].details)
    if words[0] in {"pause", "stop"}:
        return bool(settings.get("paused_until" if words[0] == "pause" else "stopped"))
    if words[0][0] == "C":
        return candidate_settled(words, monday, owner)
    if words[0][0] == "Q":
        return question_settled(words, monday, owner)
    person = somebody(words, monday, owner)
    if "met" in words:
        met = roster.notes(owner.store, person.handle, "met")
        return any(note.on == SOON.date() and note.id.startswith(f"{transcript.id}-") for note in met)
    return person.snoozed_until is not None and person.snoozed_until.isoformat() == words[-1]


def somebody(words: list[str], monday: Monday, owner: Owner) -> Person:
    number = next(int(word) for word in words if word.isdecimal())
    handle = next(item.handle for item in monday.built.digest.due if item.number == number)
    person = roster.load_roster(owner.store).by_handle(handle)
    assert person
    return person


def candidate_settled(words: list[str], monday: Monday, owner: Owner) -> bool:
    address = next(item.address for item in monday.built.digest.candidates if item.label == words[0])
    people = roster.load_roster(owner.store).by_address(address)
    if words[1] == "ignore" and words[0] != "C1":
        return people == ()
    if words[1] == "ignore":
        # One stands for all: a digest is built for it.
        with owner.one_round(SOON + timedelta(days=7)) as round_:
            later = build.build(round_, current(round_.now, round_.slot))
        return people == () and address not in {item.address for item in later.digest.candidates}
    return [person.role for person in people] == words[1:]


def question_settled(words: list[str], monday: Monday, owner: Owner) -> bool:
    key = next(item.key for item in monday.built.digest.questions if item.label == words[0])
    kind, *what = key.split()
    if digests.answer_to(owner.store, key) is None:
        return False
    people = roster.load_roster(owner.store)
    if kind == "link":
        return bool(what[1] in {person.handle for person in people.by_address(what[0])}) == (words[1] == "yes")
    if kind == "role" and words[1] not in {"yes", "no"}:
        person = people.by_handle(what[0])
        return person is not None and words[1] in {person.role, "close" if person.status == "closed" else ""}
    return True


def test_write_sends_the_draft_and_our_copy_goes(monday: Monday, taps: list[Opened], tmp_path: Path) -> None:
    # The first is thanked for a goal that is closed, and is in no list of who is next.
    item = monday.built.digest.due[1]
    (tap,) = [tap for tap in taps if tap.href.startswith(f"mailto:{item.address}?")]
    assert item.name.split()[0] in tap.label
    copied = shutil.copytree(monday.maildir, tmp_path / "mail")
    shutil.copytree(monday.home, tmp_path / "data")
    config = replace(monday.owner.config, mailbox=replace(monday.owner.config.mailbox, path=copied))
    owner = replace(monday.owner, config=config, home=tmp_path / "data", store=Store(tmp_path / "data"))
    letter = message_of(tap.href, 1)
    assert letter["To"] == item.address
    assert " ".join(str(letter.get_content()).split()) == " ".join(item.words.body.split())
    with owner.store, owner.one_round(SOON) as round_:
        lying = {draft.new.person for draft in digests.drafts_lying(owner.store)}
        round_.mailbox.append(round_.folders.sent, letter.as_bytes(), ("\\Seen",), SOON)
        run_whole_round(round_)
        assert {draft.new.person for draft in digests.drafts_lying(owner.store)} == lying - {item.handle}
        assert not round_.mailbox.find(round_.folders.drafts, drafted(monday, item.handle))
        latest = views(owner.config, owner.store, SOON)
        assert next(view for view in latest if view.standing.person.handle == item.handle).standing.days_since == 0


def drafted(monday: Monday, handle: str) -> str:
    """Return the Message-ID of somebody's draft."""
    return next(one.new.message_id for one in monday.built.drafts.values() if one.new.person == handle)


def test_the_sheet_answers_it_all_at_once(monday: Monday, taps: list[Opened], tmp_path: Path) -> None:
    (tap,) = [tap for tap in taps if tap.label == "Answer it all at once"]
    message = message_of(tap.href, 1)
    filled = f"\n{message.get_content()}"
    names = [item.name.split()[0] for item in monday.built.digest.due]
    for label, said in (
        (f"1 {names[0]}: ", "talked on Saturday, about the role"), (f"2 {names[1]}: ", "in 2 weeks"),
        (f"3 {names[2]}: ", "send"), (f"4 {names[3]}: ", "she moved to Lyon"), ("win: ", "the talk is online"),
    ):  # fmt: skip
        assert label in filled
        filled = filled.replace(f"\n{label}", f"\n{label}{said}")
    message.set_content(filled)
    with put_back(monday.maildir):
        owner, transcript = obeyed(monday, message, tmp_path / "copy")
    with owner.store:
        assert transcript
        assert [line.outcome for line in transcript.lines] == ["ok", "ok", "refused", "ask", "ok"]
        assert [note.text for note in roster.notes(owner.store, None, "win")][-1] == "the talk is online"


def test_a_win_is_noted_in_two_taps_and_its_words(monday: Monday, taps: list[Opened], tmp_path: Path) -> None:
    (tap,) = [tap for tap in taps if tap.label == "Note a win"]
    message = message_of(tap.href, 1)
    message.set_content(str(message.get_content()).replace("win: ", "win: the talk is online", 1))
    with put_back(monday.maildir):
        owner, transcript = obeyed(monday, message, tmp_path / "copy")
    with owner.store:
        assert transcript
        assert [line.outcome for line in transcript.lines] == ["ok"]
        assert [note.text for note in roster.notes(owner.store, None, "win")][-1] == "the talk is online"


def test_a_tap_changed_to_another_number_does_nothing(monday: Monday, taps: list[Opened], tmp_path: Path) -> None:
    met = next(tap for tap in taps if tap.command == "met 1")
    href = met.href.replace("body=met%201", "body=met%202")
    with put_back(monday.maildir):
        owner, transcript = obeyed(monday, message_of(href, 900), tmp_path / "copy")
    with owner.store:
        assert transcript is None or all(line.outcome != "ok" for line in transcript.lines)
        assert all(note.on != SOON.date() for note in roster.all_notes(owner.store, "met"))
