"""The mapping that is never changed, against plain dicts, in any order of looking back; and large imports."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cli.main import run
from assistant.core.people.roster import Person
from assistant.core.replies.plan.directory import Directory
from assistant.core.replies.plan.versioned import Versioned

if TYPE_CHECKING:
    from pathlib import Path

KEYS = st.sampled_from("abcd")
CHANGE = st.lists(st.tuples(KEYS, st.none() | st.integers(0, 3)), max_size=4)


@given(st.lists(st.tuples(st.integers(0, 20), CHANGE), max_size=12), st.lists(st.integers(0, 20), max_size=20))
def test_every_version_stays_what_it_was(
    steps: list[tuple[int, list[tuple[str, int | None]]]], looks: list[int]
) -> None:
    versions: list[Versioned[str, int]] = [Versioned({"a": 1, "b": 2})]
    plain: list[dict[str, int]] = [{"a": 1, "b": 2}]
    for start, change in steps:
        at = start % len(versions)
        versions.append(versions[at].changed(change))
        after = dict(plain[at])
        for key, value in change:
            if value is None:
                after.pop(key, None)
            else:
                after[key] = value
        plain.append(after)
    for look in [*looks, *range(len(versions))]:
        at = look % len(versions)
        assert dict(versions[at]) == plain[at]
        assert len(versions[at]) == len(plain[at])
        assert ("a" in versions[at]) == ("a" in plain[at])


@given(st.lists(st.tuples(KEYS, st.none() | st.tuples(KEYS, st.lists(KEYS, unique=True))), max_size=20))
def test_a_directory_that_moved_on_is_one_made_anew(moves: list[tuple[str, tuple[str, list[str]] | None]]) -> None:
    people: dict[str, Person] = {}
    directory = Directory(())
    for handle, made in moves:
        person = Person(handle, made[0], "mentor", addresses=tuple(made[1])) if made else None
        directory = directory.moved_on([(handle, person)])
        people.pop(handle, None)
        if person:
            people[handle] = person
    new = Directory(people.values())
    for key in "abcd":
        assert directory.person(key) == new.person(key)
        assert directory.holding(key) == new.holding(key)
        assert directory.called(key) == new.called(key)
        assert (key in directory) == (key in new)


# Files of 5,000 rows.

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
        ("c.csv", linkedin, 4500, 4500),
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
