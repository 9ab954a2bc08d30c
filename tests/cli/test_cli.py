"""Every command on the demo's data: JSON shapes, exit codes, one sentence for bad input."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest

from assistant.cli.main import cli, run
from assistant.demo.run import run_demo

NOW = "2026-03-02T09:00:00+01:00"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo")
    run_demo(out)
    return out


@dataclass
class Shell:
    """Runs commands in this process and returns what they print."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def base(self) -> list[str]:
        config, data = self.folder / "mailbox" / "config.toml", self.folder / "data"
        return ["--config", str(config), "--home", str(data), "--now", NOW]

    def text(self, *arguments: str, code: int = 0) -> str:
        assert run([*self.base, *arguments]) == code
        printed = self.capsys.readouterr()
        return printed.out if code == 0 else printed.err

    def json(self, *arguments: str) -> Any:
        return json.loads(self.text(*arguments, "--json"))

    def json_lines(self, *arguments: str) -> list[Any]:
        return [json.loads(line) for line in self.text(*arguments, "--json").splitlines()]


@pytest.fixture
def shell(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    copy = tmp_path / "demo"
    shutil.copytree(demo, copy)
    return Shell(copy, capsys)


def test_the_demo_writes_what_it_says(demo: Path) -> None:
    for name in ("digest.html", "digest.txt", "digest.eml", "transcript.txt", "transcript.html"):
        path = demo / name
        assert path.stat().st_size > 500
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    transcript = (demo / "transcript.txt").read_text()
    assert "Changed your mind? Reply “undo”." in transcript


def test_the_demo_is_the_same_every_time(demo: Path, tmp_path: Path) -> None:
    run_demo(tmp_path)
    run_demo(tmp_path)
    for name in ("digest.html", "digest.txt", "digest.eml", "transcript.txt"):
        assert (tmp_path / name).read_bytes() == (demo / name).read_bytes()


def test_every_person_date_and_number_of_the_digest_agrees_with_people_and_contacts(demo: Path, shell: Shell) -> None:
    shell.text("do", "undo")
    people = {row["handle"]: row for row in shell.json("people")}
    items = shell.json("digest", "--out", str(shell.folder / "preview"))["items"]
    due = [item for item in items if item["kind"] == "due"]
    assert len(due) == 5
    text = " ".join((demo / "digest.txt").read_text().split())
    assert all(item["name"] in text for item in due)
    # Who is thanked for a goal that is closed left the roster; who is hoped for was never seen.
    seen = [item for item in due if item["person"] in people and item["last_contact"]]
    assert len(seen) == 3
    for item in seen:
        row = people[item["person"]]
        assert row["overdue_days"] == item["overdue_days"]
        assert row["last_contact"]["message_id"] == item["last_contact"]["message_id"]
        assert row["name"] in text
        rows = [found for found in shell.json_lines("contacts", item["person"]) if found["verdict"] == "full"]
        assert rows[-1]["message_id"] == row["last_contact"]["message_id"]
        assert rows[-1]["reason"] == row["last_contact"]["reason"]
    in_digest = {item["person"] for item in due}
    waiting = {
        handle
        for handle, row in people.items()
        if row["due_on"] and row["overdue_days"] >= 0 and not row["snoozed_until"] and handle not in in_digest
    }
    assert all(people[handle]["name"].split()[0] in text for handle in waiting)


def test_people_are_listed_most_overdue_first_with_the_agreed_keys(shell: Shell) -> None:
    rows = shell.json("people")
    overdue = [row["overdue_days"] for row in rows if row["overdue_days"] is not None]
    assert overdue == sorted(overdue, reverse=True)
    assert set(rows[0]) >= {
        "handle", "name", "role", "addresses", "cadence_days", "last_contact", "last_soft", "due_on", "overdue_days",
        "status", "snoozed_until", "favourite", "goal", "until",
    }  # fmt: skip
    assert set(rows[0]["last_contact"]) == {"at", "kind", "message_id", "subject", "reason"}
    assert shell.text("people").count("\n") == len(rows)


def test_the_review_counts_what_contacts_prints(shell: Shell) -> None:
    found = shell.json("review", "--year")
    assert found["first"][5:] + found["last"][5:] == "01-0112-31"
    everybody = {row["handle"] for row in shell.json("people")}
    days = {
        handle: {
            day
            for row in shell.json_lines("contacts", handle)
            if row["verdict"] == "full" and found["first"] <= (day := row["sent_at"][:10]) <= found["last"]
        }
        for handle in everybody
    }
    assert {one["handle"]: one["seen"] for one in found["most"]}.items() <= {h: len(d) for h, d in days.items()}.items()
    assert found["most"]
    assert f"{found['first'][:4]} in people" in shell.text("review", "--year")
    assert ", in people" in shell.text("review")


def test_contacts_match_and_show_explain_themselves(shell: Shell) -> None:
    rows = shell.json_lines("contacts", "--all")
    assert {row["verdict"] for row in rows} == {"full", "soft", "none"}
    assert all(row["reason"] for row in rows)
    assert {"message_id", "sent_at", "subject", "field", "address", "name", "person", "weight"} <= set(rows[0])
    lanes = {row["lane"] for row in shell.json_lines("match", "--all")}
    assert lanes == {"auto", "ask", "none"}
    shown = shell.json("show", "margaret")
    assert shown["handle"] == "margaret-okafor"
    assert {link["lane"] for link in shown["links"]} == {"said", "auto"}
    text = shell.text("show", "margaret")
    short = shown["contacts"][0]["short"]
    assert f"[{short}]" in text
    before = shown["last_contact"]["message_id"]
    short_of_last = next(row["short"] for row in shown["contacts"] if row["message_id"] == before)
    shell.text("do", f"not contact {short_of_last}")
    assert shell.json("show", "margaret")["last_contact"]["message_id"] != before
    shell.text("scan", "--recheck")
    assert shell.json("show", "margaret")["last_contact"]["message_id"] != before


def test_do_and_undo_and_log(shell: Shell) -> None:
    before = shell.json("people")
    said = shell.json("do", "note margaret: likes short mails", "tomas every 5 weeks", "frobnicate")
    assert [line["outcome"] for line in said["lines"]] == ["ok", "ok", "unknown"]
    assert said["changes"] == 2
    rows = [row for row in shell.json("log") if row["cause"] == said["id"]]
    assert {row["kind"] for row in rows} == {"note", "every"}
    assert all({"id", "at", "cause", "who", "kind", "before", "after"} <= set(row) for row in rows)
    assert shell.json("do", f"undo {said['id']}")["lines"][0]["outcome"] == "ok"
    assert shell.json("people") == before


def test_brief_and_its_prompt(shell: Shell) -> None:
    brief = shell.json("brief", "margaret")
    assert brief["evidence"]
    assert 6 <= len(brief["brief"]) <= 17
    assert brief["model"] is None
    assert "Nothing would be sent" in shell.text("brief", "margaret", "--show-prompt")


def test_digest_is_built_once_a_week_and_previewed_without_a_trace(shell: Shell) -> None:
    out = shell.folder / "preview"
    files = sorted(path for path in (shell.folder / "mailbox").rglob("*") if path.is_file())
    first = shell.json("digest", "--preview", "--out", str(out))
    assert first["week"] == "2026-W10"
    assert {path.name for path in out.iterdir()} == {"digest.eml", "digest.html", "digest.txt"}
    assert sorted(path for path in (shell.folder / "mailbox").rglob("*") if path.is_file()) == files
    assert "went on Monday 2 March 2026" in shell.text("digest")


def test_scan_once_and_replies_have_nothing_to_do_a_second_time(shell: Shell) -> None:
    assert shell.json("scan")["new"] == 0
    assert shell.json("replies") == []
    done = shell.json("once")
    assert (done["digest"], done["sent"], done["replies"]) == (None, 0, [])
    rechecked = shell.json("scan", "--recheck")
    assert rechecked["changed"] == 0


def test_once_says_nothing_where_nothing_happened(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    def said(moment: str, *arguments: str) -> str:
        assert run([*shell.base, "--now", moment, *arguments]) == 0
        printed = capsys.readouterr()
        assert printed.err == "" or "-v" in arguments
        return printed.out

    assert said(NOW, "once") == ""
    for talkative in (("-v", "once"), ("once", "-v")):
        assert said(NOW, *talkative).endswith("Nothing was to be delivered.\n")
    assert json.loads(said(NOW, "once", "--json"))["drafts_saved"] == 0
    assert said("2026-03-09T08:00+01:00", "once") == "Digest delivered, 4 drafts saved.\n"
    assert said("2026-03-09T08:00+01:00", "once") == ""
    by_hand = said("2026-03-16T07:00+01:00", "digest").splitlines()
    assert by_hand == ["The digest of 2026-W12: 5 to reach, 1 question.", "Digest delivered, 4 drafts saved."]
    done = json.loads(said("2026-03-23T09:00+01:00", "once", "--json"))
    assert done["delivered"] == {"digests": 1, "transcripts": 0, "notices": 0}
    assert (done["drafts_saved"], done["sent"], done["waiting"]) == (5, 0, 0), "nothing went to anybody else"


def test_backup_restore_doctor_and_roster(shell: Shell) -> None:
    path = Path(shell.json("backup")["path"])
    assert path.exists()
    exported = shell.text("roster", "export")
    shell.text("do", "note margaret: to be forgotten")
    shell.text("restore")
    assert shell.text("roster", "export") == exported
    checks = shell.json("doctor")
    assert all(check["ok"] for check in checks)
    assert {"config", "data", "mailbox", "last scan", "last digest"} <= {check["check"] for check in checks}
    people = shell.folder / "people.csv"
    people.write_text(
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\nAda,Moreau,,ada@example.com,,,\n"
    )
    imported = shell.json("roster", "import", str(people), "--role", "mentor", "--dry-run")
    assert imported["new"] == 1
    assert shell.json("roster", "import", str(people), "--role", "mentor")["changes"] >= 1
    assert any(row["handle"] == "ada-moreau" for row in shell.json("people"))


def test_the_doctor_counts_every_copy(shell: Shell) -> None:
    def counted() -> str:
        (data,) = shell.json("doctor", "--check", "data")
        return str(data["hint"]).rpartition(", ")[2]

    assert counted() == "0 backups"
    shell.text("backup")
    assert counted() == "1 backup"
    before_migration = shell.folder / "data" / "backups" / "before-m002_numbered.sqlite3"
    shutil.copy(shell.folder / "data" / "assistant.sqlite3", before_migration)
    assert counted() == "2 backups"
    shell.text("restore", str(before_migration))
    assert counted() == "3 backups", "what restore kept is one as well"


def test_data_of_a_newer_version_are_one_sentence_that_says_what_to_do(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(shell.folder / "data" / "assistant.sqlite3")) as db, db:
        db.execute("INSERT INTO _sqlite_migrations VALUES (99, 'assistant', 'm999_later', '2030-01-01')")
    for command in ("people", "once", "run", "backup"):
        assert run([*shell.base, command]) == 1, command
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n"), "Install the newer version" in said.err) == ("", 1, True), command
    assert run([*shell.base, "doctor", "--check", "data"]) == 1
    assert "Install the newer version" in capsys.readouterr().out


def test_five_mistakes_are_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[me]\nname = "P"\naddresses = ["not an address"]\ntimezone = "Mars/Olympus"\n'
        '[mailbox]\nkind = "pop3"\nsince = -3\n[digest]\nday = "mondy"\n'
    )
    assert run(["--config", str(config), "--home", str(tmp_path / "home"), "people"]) == 1
    problems = capsys.readouterr().err.strip().splitlines()
    assert [int(problem.split("line ")[1].split(":")[0]) for problem in problems] == [3, 4, 6, 7, 9]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["show", "nobody-at-all"], 1, "Nobody on the roster"),
        (["--now", "yesterday", "people"], 2, "ISO 8601"),
        (["peple"], 2, "No such command"),
        (["do"], 2, "Missing argument"),
        (["roster", "import", "/no/such/file"], 2, "does not exist"),
    ],
)
def test_bad_input_is_one_plain_sentence(shell: Shell, arguments: list[str], code: int, says: str) -> None:
    message = shell.text(*arguments, code=code)
    assert says in message
    assert "Traceback" not in message


# For commands that need an argument.
WORDS = {"do": ["met Jane"], "show": ["jane"], "brief": ["jane"], "import": ["roster.toml"]}
# These work before set-up. A backup can be restored on a new machine; a host of many has no configuration of its own.
BEFORE_SET_UP = {"demo", "docs", "fleet", "init", "restore"}


def all_commands() -> list[list[str]]:
    """Return every command, also in groups, with the arguments it needs."""
    found = []
    for name, command in cli.commands.items():
        parts = command.commands if isinstance(command, click.Group) else {"": command}
        found += [[name, *filter(None, [part]), *WORDS.get(part or name, [])] for part in parts]
    return [arguments for arguments in found if arguments[0] not in BEFORE_SET_UP]


@pytest.mark.parametrize("arguments", all_commands(), ids=" ".join)
def test_before_set_up_every_command_says_run_init(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "roster.toml").touch()
    home = tmp_path / "home"
    assert run(["--config", str(tmp_path / "none.toml"), "--home", str(home), *arguments]) == 1
    shown = capsys.readouterr()
    sentence, *hint = (shown.out + shown.err).strip().partition(" (Here ")[0].splitlines()
    assert sentence.endswith("yet. Run: assistant init")
    assert len(hint) <= 1, "at most how to start the program"
    assert not home.exists(), "nothing is made before set-up"


def test_no_sent_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[me]\nname = "P"\naddresses = ["p@example.com"]\n[mailbox]\nkind = "maildir"\npath = "Maildir"\n'
    )
    (tmp_path / "Maildir" / "cur").mkdir(parents=True)
    (tmp_path / "Maildir" / "new").mkdir()
    assert run(["--config", str(config), "--home", str(tmp_path / "home"), "scan"]) == 1
    message = capsys.readouterr().err
    assert "ent" in message
    assert len(message.strip().splitlines()) == 1


def test_a_full_disk_is_one_sentence_and_nothing_is_lost(demo: Path, tmp_path: Path) -> None:
    """A limit on file sizes stands in for a full disk. SIGXFSZ is ignored, so that writes fail as on a real one."""
    copy = tmp_path / "demo"
    shutil.copytree(demo, copy)
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "from assistant.cli.main import run;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY));"
        "sys.exit(run(sys.argv[1:]))"
    )
    base = ["--config", str(copy / "mailbox/config.toml"), "--home", str(copy / "data"), "--now", NOW]
    failed = subprocess.run(
        [sys.executable, "-c", script, *base, "do", "note margaret: " + "x" * 900],
        capture_output=True,
        text=True,
        check=False,
    )
    assert failed.returncode == 1, failed.stderr
    assert len(failed.stderr.strip().splitlines()) == 1
    assert "Traceback" not in failed.stderr
    assert "make room" in failed.stderr, "nothing is wrong with the file, and no backup would help"
    assert "restore" not in failed.stderr
    assert run([*base, "do", "note margaret: fits now"]) == 0


def test_every_command_has_help_and_reading_starts_fast() -> None:
    assert {"demo", "doctor", "scan", "contacts", "people", "match", "show", "brief", "digest", "replies", "do", "log",
            "roster", "once", "run", "backup", "restore"} <= set(cli.commands)  # fmt: skip
    assert all(command.help for command in cli.commands.values())
    script = "import sys; import assistant.cli.main; print(' '.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not {"openai", "icalendar", "css_inline", "selectolax", "rapidfuzz", "jinja2", "babel"} & set(loaded)
