"""The commands that the program names can be pasted, however it was started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from assistant.cli.invocation import hint, program
from assistant.cli.main import cli

SCRIPT = Path(sys.executable).parent / "assistant"
SYSTEM = "/usr/bin:/bin"


def shell(command: str, folder: Path, path: str = SYSTEM) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PATH": path}
    return subprocess.run(
        ["/bin/sh", "-c", command], cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with the program in `my bin`; the blank must be quoted."""
    folder = tmp_path / "it's 100% mine"
    (folder / "my bin").mkdir(parents=True)
    (folder / "my bin" / "assistant").symlink_to(SCRIPT)
    return folder


@pytest.mark.parametrize(
    ("start", "path"),
    [
        ("assistant", f"{SCRIPT.parent}:{SYSTEM}"),
        ("'my bin/assistant'", SYSTEM),
        (f"{sys.executable} -m assistant", SYSTEM),
    ],
    ids=["from PATH", "as make does, with a blank", "as a module"],
)
def test_the_demos_last_lines_can_be_pasted_anywhere(place: Path, start: str, path: str) -> None:
    played = shell(f"{start} demo --out 'the demo'", place, path)
    assert played.returncode == 0, played.stderr
    look_at, people, undo = played.stdout.splitlines()[-3:]
    elsewhere = Path("/")
    went_on = shell(people.removeprefix("Go on"), elsewhere, path)
    assert (went_on.returncode, went_on.stderr) == (0, "")
    assert "margaret-okafor" in went_on.stdout
    undone = shell(undo, elsewhere, path)
    assert undone.returncode == 0, undone.stderr
    assert f"{undo.split()[-1].rstrip(chr(34))} taken back" in undone.stdout
    page = look_at.removeprefix("Look at").partition("  (or")[0]
    assert shell(f"head -c 15 {page}", elsewhere).stdout == "<!DOCTYPE html>"


def test_the_name_alone_stands_where_path_leads_here(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = place / "my bin" / "assistant"
    monkeypatch.chdir(place)
    monkeypatch.setenv("PATH", f"{script.parent}:{SYSTEM}")
    assert program(str(SCRIPT)) == ("assistant",)
    monkeypatch.setenv("PATH", SYSTEM)
    assert program("my bin/assistant") == (str(script),)
    other = place / "assistant"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}:{SYSTEM}")
    assert program(str(script)) == (str(script),), "PATH leads to another program of that name"
    for argv0 in ("/x/assistant/__main__.py", "-c", str(place / "my bin")):
        assert program(argv0) == (sys.executable, "-m", "assistant")


@pytest.mark.parametrize(
    ("text", "named"),
    [("run: assistant restore", True), ("The assistant is at work", False), ("See: assistant people", True)],
)
def test_a_command_named_in_a_sentence_comes_with_what_starts_it(
    monkeypatch: pytest.MonkeyPatch, text: str, *, named: bool
) -> None:
    with cli.make_context("assistant", ["--home", "my data", "people"], resilient_parsing=True) as context:
        monkeypatch.setattr(sys, "argv", [str(SCRIPT)])
        monkeypatch.setenv("PATH", SYSTEM)
        wanted = f"(Here \"assistant\" is: {SCRIPT} --home '{Path('my data').absolute()}')"
        assert hint(text, context) == (wanted if named else "")
    monkeypatch.setenv("PATH", f"{SCRIPT.parent}:{SYSTEM}")
    assert hint(text, click.Context(cli)) == "", "plain `assistant` needs no hint"


def test_an_error_names_the_command_and_how_it_starts(place: Path) -> None:
    (place / "data").mkdir()
    (place / "data" / "assistant.sqlite3").write_bytes(b"this is no database" * 100)
    (place / "c.toml").write_text(
        '[me]\nname = "P"\naddresses = ["p@example.com"]\n[mailbox]\nkind = "maildir"\npath = "."\n'
    )
    done = shell("'my bin/assistant' --config c.toml --home data people", place)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    said, _, here = done.stderr.rstrip(")\n").partition(' (Here "assistant" is: ')
    assert said.endswith("run: assistant restore")
    pasted = shell(f"{here} restore", Path("/"))
    assert f"There is no backup in {place / 'data' / 'backups'}" in pasted.stderr
