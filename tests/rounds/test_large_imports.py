"""Files of 5,000 rows are imported once and quickly."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from assistant.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 5_000
CONFIG = '[me]\nname = "P"\naddresses = ["p@example.org"]\ntimezone = "UTC"\n[mailbox]\nkind = "maildir"\npath = "m"\n'


def _letters(number: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in range(4))


def linkedin(size: int) -> str:
    rows = (
        f'{_letters(n).title()},Rao,https://x.example/{n},{f"p{n}@example.com" if n % 10 else ""},"A, Inc",Lead,1 May'
        for n in range(size)
    )
    head = 'Notes:\n"You may notice that some of the email addresses are missing."\n\n'
    return "\n".join([f"{head}First Name,Last Name,URL,Email Address,Company,Position,Connected On", *rows])


def google(size: int) -> str:
    rows = (
        f"{_letters(n).title()},Rao,told by {n},* myContacts,*,p{n}@example.com,Home,h{n}@example.com"
        for n in range(size)
    )
    return "\n".join(
        ["First Name,Last Name,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value", *rows]
    )


def vcard(size: int) -> str:
    return "".join(
        f"BEGIN:VCARD\r\nVERSION:{3 + n % 2}.0\r\nFN:{_letters(n).title()} Rao\r\nEMAIL;TYPE=WORK:p{n}@example.com\r\n"
        f"NOTE:met at a\r\n  fair\r\nEND:VCARD\r\n"
        for n in range(size)
    )


def toml(size: int) -> str:
    return "".join(
        f'[people.p-{n}]\nname = "{_letters(n).title()} Rao"\nrole = "advisor"\naddresses = ["p{n}@example.com"]\n'
        for n in range(size)
    )


@pytest.mark.parametrize(
    ("name", "content", "new", "changes"),
    [
        ("c.csv", linkedin, 4500, 13_500),
        ("g.csv", google, 5000, 15_000),
        ("v.vcf", vcard, 5000, 10_000),
        ("t.toml", toml, 5000, 5000),
    ],
)
def test_five_thousand_people_come_in_once_and_quickly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: object, new: int, changes: int
) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    assert callable(content)
    (tmp_path / name).write_text(content(SIZE))
    base = ["--config", str(tmp_path / "config.toml"), "--home", str(tmp_path / "home"), "roster", "import"]
    began = time.process_time()
    assert run([*base, str(tmp_path / name), "--role", "mentor", "--json"]) == 0
    took = time.process_time() - began
    done = json.loads(capsys.readouterr().out)
    assert took < 20, took
    assert done["rows"] == SIZE == done["new"] + done["known"] + done["without_role"] + done["left_out"]
    assert (done["new"], done["changes"], len(done["problems"])) == (new, changes, SIZE - new)
    assert {line["outcome"] for line in done["outcomes"]} == {"ok"}
    assert run([*base, str(tmp_path / name), "--role", "mentor", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["known"], again["new"], again["changes"], again["commands"]) == (new, 0, 0, [])
