"""Mail from an address of the owner that isn't configured: it's asked about once, and counts after a yes."""

from __future__ import annotations

import contextlib
import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.cli.main import run
from assistant.core.digest.questions import alias_questions
from tests.black_box import OWNER, Box, mail, moment, rfc_date

if TYPE_CHECKING:
    from pathlib import Path

ALIAS = "hello@jo-harbour.example"
QUESTION = f"Is {ALIAS} yours?"


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Thirty of forty letters are from an alias."""
    made = Box(tmp_path)
    for number in range(40):
        when = moment("2025-10-01T10:00") + timedelta(days=3 * number)
        sender = OWNER if number % 4 == 0 else f"Jo <{ALIAS}>"
        raw = mail(f"a{number}@bb.example", to="jane@roe.example", sender=sender, date=rfc_date(when))
        made.put(raw, mtime=when)
    made.json("do", "add Jane Roe <jane@roe.example> as mentor")
    made.json("scan")
    return made


def _asked(box: Box, now: str = "") -> list[str]:
    items = box.json("digest", now=now)["items"]
    texts = [item["text"] for item in items if item["kind"] == "question"]
    return [text for text in texts if "peers" not in text]


def _last(box: Box) -> str:
    return str(box.json("people")[0]["last_contact"]["message_id"])


def test_the_digest_asks_once_whether_it_is_the_owners(box: Box) -> None:
    assert _asked(box) == [QUESTION]
    assert _asked(box, "2026-03-17T12:00:00+01:00") == []


def test_yes_counts_the_mail_from_it_and_undo_no_more(box: Box) -> None:
    assert _last(box) == "a36@bb.example"
    _asked(box)
    assert box.json("do", "Q1 yes")["lines"][0]["effect"] == f"{ALIAS} is yours: mail from it counts"
    assert _last(box) == "a39@bb.example"
    raw = mail("b@bb.example", to="jane@roe.example", sender=ALIAS, date=rfc_date(moment("2026-03-09T10:00")))
    box.put(raw, mtime=moment("2026-03-09T10:00"))
    box.json("scan")
    assert _last(box) == "b@bb.example"
    assert ALIAS not in (box.folder / "config.toml").read_text("utf-8")
    box.json("do", "undo")
    assert _last(box) == "a36@bb.example"


def _answered(box: Box, name: str, digest: str) -> list[str]:
    """Answer a digest from the alias, and return what was obeyed."""
    when = moment("2026-03-10T11:30")
    more = f"In-Reply-To: <{digest}>\nReferences: <{digest}>"
    raw = mail(name, to="jo@harbour.example", sender=ALIAS, date=rfc_date(when), more=more, body="1 skip\n")
    box.put(raw, mtime=when)
    box.json("scan", now="2026-03-10T13:00:00+01:00")
    found = box.json("replies", now="2026-03-10T13:00:00+01:00")
    return [line["outcome"] for transcript in found for line in transcript["lines"]]


def test_answers_from_it_are_obeyed_after_a_yes(box: Box) -> None:
    digest = box.json("digest")["message_id"]
    assert _answered(box, "before@bb.example", digest) == []
    box.json("do", "Q1 yes")
    assert _answered(box, "after@bb.example", digest) == ["ok"]


def test_no_is_remembered(box: Box) -> None:
    _asked(box)
    assert box.json("do", "Q1 no")["lines"][0]["effect"] == f"{ALIAS} is not yours"
    assert _last(box) == "a36@bb.example"
    assert _asked(box, "2026-03-17T12:00:00+01:00") == []
    assert _doctor(box).startswith("ok")


def _doctor(box: Box) -> str:
    out = io.StringIO()
    line = ["--config", str(box.folder / "config.toml"), "--home", str(box.folder / "home"), "--now", box.now]
    with contextlib.redirect_stdout(out):
        run([*line, "doctor", "--check", "own addresses"])
    return out.getvalue()


def test_the_doctor_names_it_until_then(box: Box) -> None:
    assert _doctor(box).startswith(f"FAIL own addresses: 30 of 40 messages in Sent come from {ALIAS}")
    _asked(box)
    box.json("do", "Q1 yes")
    assert _doctor(box).startswith("ok   own addresses: 3 known")


@pytest.mark.parametrize(
    ("letters", "total", "asked"), [(5, 40, 0), (6, 40, 1), (6, 300, 0), (7, 349, 1), (7, 350, 0), (0, 0, 0)]
)
def test_over_five_letters_and_two_per_cent_are_asked_about(letters: int, total: int, asked: int) -> None:
    assert len(alias_questions({ALIAS: letters}, total)) == asked


@pytest.mark.parametrize("to_owner", [True, False])
def test_mail_of_people_the_owner_writes_to_is_theirs(tmp_path: Path, to_owner: bool) -> None:  # noqa: FBT001
    box = Box(tmp_path)
    for number in range(8):
        when = moment("2026-01-01T10:00") + timedelta(days=number)
        to = OWNER if to_owner else "ole@brandt.example"
        box.put(
            mail(f"r{number}@roe.example", to=to, sender="Jane <jane@roe.example>", date=rfc_date(when)), mtime=when
        )
    when = moment("2026-01-02T10:00")
    if not to_owner:
        box.put(mail("w@bb.example", to="Jane Roe <jane@roe.example>", date=rfc_date(when)), mtime=when)
    box.json("scan")
    assert _asked(box) == []
