"""The service: a unit systemd accepts, a plist and a task that parse, installing and removing, the container file."""

from __future__ import annotations

import os
import plistlib
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from assistant.cli.main import cli, run
from assistant.setup.crontab import crontab_line
from assistant.setup.instances import instance_plan
from assistant.setup.service import UNIT, install, plan_for, remove, stop
from assistant.setup.systemd_unit import LINGER_IS_OURS
from tests.servers import dovecot as dovecots
from tests.servers.dovecot import Setup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).parents[2]
ODD = Path('/home/priya/my 100% "odd" $HOME\\dir')
TASK = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}


def verify(unit: Path, folder: Path) -> str:
    """Return what systemd-analyze says about a unit, "" for nothing (it exits with 0 for warnings too)."""
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)}
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        env=environ,
        check=False,
        timeout=60,
    )
    return done.stdout + done.stderr if done.returncode == 0 else f"exit {done.returncode}: {done.stderr}"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="NOT TESTED: no systemd-analyze here")
@pytest.mark.parametrize("data", [Path("/home/priya/.local/share/career-assistant"), ODD], ids=["plain", "odd"])
def test_systemd_takes_the_unit_without_a_word(tmp_path: Path, data: Path) -> None:
    unit = tmp_path / UNIT
    unit.write_text(plan_for("systemd", data / "config.toml", data).text)
    assert verify(unit, tmp_path) == ""
    unit.write_text(unit.read_text().replace("Type=simple", "Type=simpel"))
    assert "simpel" in verify(unit, tmp_path), "the check itself sees mistakes"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="NOT TESTED: no systemd-analyze here")
@pytest.mark.parametrize("root", [True, False], ids=["system", "account"])
@pytest.mark.parametrize("data", [Path("/srv/assistant/owners"), ODD], ids=["plain", "odd"])
def test_systemd_takes_the_template_of_a_host(tmp_path: Path, data: Path, *, root: bool) -> None:
    unit = tmp_path / "career-assistant@ada.service"
    text = instance_plan(data, "ada", root=root).text
    user = "root" if root else ""  # there need be no user ada here
    unit.write_text(text.replace("User=%i", f"User={user}"))
    assert verify(unit, tmp_path) == ""
    assert ("User=%i" in text) == root
    line = re.search(r"^ExecStart=(.*)$", text, re.MULTILINE)
    assert line is not None
    assert line[1].count("%i") == 2
    assert "%" not in re.sub(r"%%|%i", "", line[1]), "no other specifier"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="NOT TESTED: no systemd-analyze here")
def test_systemd_takes_the_unit_of_the_page_on_hosting(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^```ini\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    unit = tmp_path / "career-assistant-worker.service"
    unit.write_text(text.replace("ExecStart=/usr/local/bin/assistant", f"ExecStart={sys.executable} -m assistant"))
    assert verify(unit, tmp_path) == ""
    words = re.search(r"^ExecStart=\S+ (.*)$", text, re.MULTILINE)
    assert words is not None
    with pytest.raises(SystemExit):
        cli.main([*words[1].split(), "--help"], standalone_mode=True)


def test_an_instance_is_installed_and_stopped_beside_others(tmp_path: Path) -> None:
    ran: list[tuple[str, ...]] = []

    def ok(command: Sequence[str]) -> None:
        ran.append(tuple(command))

    plan = instance_plan(tmp_path, "ada", root=False, user_home=tmp_path)
    told, worked = install(plan, ok)
    assert worked
    assert told[-1].endswith("journalctl --user -u career-assistant@ada.service")
    assert ("systemctl", "--user", "restart", "career-assistant@ada.service") in ran
    assert ("loginctl", "enable-linger") in ran
    assert plan.path.name == "career-assistant@.service"
    stop(plan, ok)
    assert ("systemctl", "--user", "disable", "--now", "career-assistant@ada.service") in ran
    assert plan.path.exists(), "the others need it"
    system = instance_plan(tmp_path, "ada", root=True)
    assert system.path == Path("/etc/systemd/system/career-assistant@.service")
    assert not [
        step for step in (*system.start, *system.stop) if "--user" in step.command or "loginctl" in step.command
    ]


def test_an_instance_needs_its_owner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(tmp_path)]
    assert run([*home, "install-service", "--instance", "ada", "--print"]) == 1
    assert "There is no owner ada" in capsys.readouterr().err
    assert run([*home, "fleet", "add", "ada"]) == 0
    capsys.readouterr()
    assert run([*home, "install-service", "--instance", "ada", "--print"]) == 0
    assert f'"--home" "{tmp_path}/owners/%i/data" "run"' in capsys.readouterr().out
    assert run([*home, "install-service", "--instance", "ada"]) == 1, "no configuration yet"


def test_odd_paths_reach_the_program_as_they_are() -> None:
    line = re.search(r"^ExecStart=(.*)$", plan_for("systemd", ODD / "c.toml", ODD).text, re.MULTILINE)
    assert line is not None
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', line[1])
    read = [re.sub(r"\\(.)", r"\1", word).replace("$$", "$").replace("%%", "%") for word in words]
    assert read == [sys.executable, "-m", "assistant", "--config", str(ODD / "c.toml"), "--home", str(ODD), "run"]


def test_the_unit_restarts_and_gives_nothing_away() -> None:
    text = plan_for("systemd", Path("/c"), Path("/d")).text
    for line in ("Restart=on-failure", "NoNewPrivileges=yes", "UMask=0077", "WantedBy=default.target"):
        assert f"\n{line}\n" in text


def test_the_launch_agent_parses() -> None:
    plan = plan_for("launchd", ODD / "c.toml", ODD, user_home=Path("/Users/priya"))
    values = plistlib.loads(plan.text.encode())
    assert values["ProgramArguments"][1:] == [
        "-m",
        "assistant",
        "--config",
        str(ODD / "c.toml"),
        "--home",
        str(ODD),
        "run",
    ]
    assert values["RunAtLoad"] is True
    assert plan.path == Path("/Users/priya/Library/LaunchAgents") / f"{values['Label']}.plist"


def test_the_windows_task_parses() -> None:
    plan = plan_for("windows", Path("C:/a & b/c.toml"), Path("C:/a & b"), Path("C:/py/python.exe"))
    root = ET.fromstring(plan.text.encode(plan.encoding))  # noqa: S314 - our own
    assert root.findtext(".//t:Command", namespaces=TASK) == str(Path("C:/py/python.exe"))
    assert '"C:/a & b/c.toml"' in str(root.findtext(".//t:Arguments", namespaces=TASK))
    assert root.findtext(".//t:ExecutionTimeLimit", namespaces=TASK) == "PT0S"


def test_installed_said_upgraded_and_removed(tmp_path: Path) -> None:
    plan = plan_for("systemd", tmp_path / "c.toml", tmp_path, user_home=tmp_path)
    ran: list[tuple[str, ...]] = []

    def ok(command: Sequence[str]) -> None:
        ran.append(tuple(command))

    told, worked = install(plan, ok)
    assert worked
    assert told[0] == f"Wrote {plan.path}"
    assert stat.S_IMODE(plan.path.stat().st_mode) == 0o600
    assert ran[-1] == ("loginctl", "enable-linger")
    before = plan.path.read_bytes()
    assert install(plan, ok)[1]
    assert plan.path.read_bytes() == before
    assert ("systemctl", "--user", "restart", UNIT) in ran, "a second time takes up a new version"
    assert remove(plan, ok)[-1].startswith(f"Removed {plan.path}")
    assert not plan.path.exists()
    assert "no service to remove" in remove(plan, ok)[0]


def test_a_manager_that_does_not_answer_is_said_with_what_to_run(tmp_path: Path) -> None:
    plan = plan_for("systemd", tmp_path / "c.toml", tmp_path, user_home=tmp_path)
    told, worked = install(plan, lambda _command: "no bus")
    assert not worked
    assert told[-1] == "Not done: systemctl --user daemon-reload (no bus). Run it yourself; the file is in place."
    assert plan.path.exists()


class Launchd:
    """Loads and unloads one agent like launchctl: booting out what isn't loaded fails, and takes a while."""

    def __init__(self, *, loaded: bool, settling: int = 0) -> None:
        self.loaded, self.settling = loaded, settling
        self.ran: list[str] = []

    def __call__(self, command: Sequence[str]) -> str | None:
        self.ran.append(command[1])
        if command[1] == "bootout":
            was, self.loaded = self.loaded, False
            return None if was else "Boot-out failed: 3: No such process"
        self.settling -= 1
        if self.loaded or self.settling >= 0:
            return "Bootstrap failed: 5: Input/output error"
        self.loaded = True
        return None


def test_a_second_launch_agent_replaces_the_first(tmp_path: Path) -> None:
    launchd = Launchd(loaded=False)
    plan = plan_for("launchd", tmp_path / "c.toml", tmp_path, user_home=tmp_path)
    told, worked = install(plan, launchd)
    assert worked
    assert "bootout" not in " ".join(told), "that nothing was loaded is no failure"
    launchd.settling = 3
    pauses: list[float] = []
    told, worked = install(plan, launchd, pauses.append)
    assert worked
    assert pauses == [1, 1, 1], "launchd needs a moment to let go of the first"
    assert launchd.ran == ["bootout", "bootstrap", "bootout", *["bootstrap"] * 4]
    assert told[1].startswith("Ran launchctl bootout")
    launchd.settling = 100
    told, worked = install(plan, launchd, pauses.append)
    assert not worked
    assert "(Bootstrap failed: 5: Input/output error). Run it yourself" in told[-1]


MANAGER = """#!/bin/sh
echo "$(basename "$0") $*" >>"$FAKE/ran"
case "$(basename "$0") $*" in
*is-system-running) cat "$FAKE/state"; [ "$(cat "$FAKE/state")" = running ] ;;
*--property=Linger) echo "Linger=$(cat "$FAKE/linger")" ;;
"loginctl enable-linger") echo yes >"$FAKE/linger" ;;
"loginctl disable-linger") echo no >"$FAKE/linger" ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return a function that fakes systemd in a state, or no systemd (None), and returns the folder of the fake."""

    def make(state: str | None = "running", *, lingers: bool = False) -> Path:
        programs = tmp_path / "bin"
        programs.mkdir()
        for name in ("systemctl", "loginctl") if state is not None else ():
            (programs / name).write_text(MANAGER)
            (programs / name).chmod(0o755)
        for name in ("sh", "cat", "basename"):
            (programs / name).symlink_to(str(shutil.which(name)))
        (tmp_path / "state").write_text(f"{state}\n")
        (tmp_path / "linger").write_text("yes\n" if lingers else "no\n")
        (tmp_path / "config.toml").write_text(CONFIG.format(port=1, user="priya"))
        monkeypatch.setenv("PATH", str(programs))
        monkeypatch.setenv("FAKE", str(tmp_path))
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
        return tmp_path

    return make


def on(folder: Path, *arguments: str) -> int:
    base = ["--config", str(folder / "config.toml"), "--home", str(folder / "home")]
    return run([*base, "install-service", *arguments])


@pytest.mark.parametrize("state", [None, "offline", "unknown", ""], ids=["no systemctl", "offline", "unknown", "mute"])
@pytest.mark.parametrize("kind", [(), ("--kind", "systemd"), ("--kind", "cron")], ids=["default", "systemd", "cron"])
def test_without_systemd_the_line_for_cron_is_printed_and_nothing_written(
    machine: Callable[..., Path], capsys: pytest.CaptureFixture[str], state: str | None, kind: tuple[str, ...]
) -> None:
    folder = machine(state)
    before = sorted(folder.rglob("*"))
    assert on(folder, *kind) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    said = printed.out.splitlines()
    assert said[1] == "cron can do the work, once it is installed (on Debian: apt install cron)."
    assert said[4] == crontab_line(folder / "config.toml", folder / "home")
    assert [path for path in sorted(folder.rglob("*")) if path.name != "ran"] == before
    assert on(folder, "--remove", *kind) == 0
    assert "crontab -e" in capsys.readouterr().out


def test_without_systemd_print_gives_the_line_alone(
    machine: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = machine(None)
    assert on(folder, "--print") == 0
    assert capsys.readouterr().out == crontab_line(folder / "config.toml", folder / "home") + "\n"


def test_without_systemd_and_configuration_nothing_is_advised(
    machine: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = machine(None)
    (folder / "config.toml").unlink()
    assert on(folder) == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("state", ["running", "degraded", "starting"])
def test_lingering_that_install_turned_on_goes_with_it(machine: Callable[..., Path], state: str) -> None:
    folder = machine(state)
    unit = folder / "xdg" / "systemd" / "user" / UNIT
    for _ in range(2):  # a new version is installed over the old one
        assert on(folder) == 0
        assert LINGER_IS_OURS in unit.read_text()
        assert (folder / "linger").read_text() == "yes\n"
    assert on(folder, "--remove") == 0
    assert (folder / "linger").read_text() == "no\n"
    assert not unit.exists()


def test_lingering_of_the_owners_own_stays(machine: Callable[..., Path]) -> None:
    folder = machine(lingers=True)
    assert on(folder) == 0
    assert LINGER_IS_OURS not in (folder / "xdg" / "systemd" / "user" / UNIT).read_text()
    assert on(folder) == 0
    assert on(folder, "--remove") == 0
    assert (folder / "linger").read_text() == "yes\n"
    assert "enable-linger" not in (folder / "ran").read_text()


def debians(line: str) -> str:
    """Return what Debian's cron(8) passes to the shell: it drops a backslash before a percent sign or a backslash."""
    return unescaped(line, "%\\")


def cronies(line: str) -> str:
    """Return what cronie passes to the shell: it drops a backslash before a percent sign."""
    return unescaped(line, "%")


def busyboxs(line: str) -> str:
    """Return what BusyBox's crond passes to the shell: everything."""
    return line


def unescaped(line: str, special: str) -> str:
    read, escaped = "", False
    for letter in line:
        if not escaped and letter == "%":
            break  # the rest would be the command's input
        read = read[:-1] + letter if escaped and letter in special else read + letter
        escaped = letter == "\\" and not escaped
    return read


@pytest.mark.parametrize("cron", [debians, cronies, busyboxs])
@pytest.mark.parametrize(
    "name",
    [
        "plain",
        "100%",
        "100% of it",
        "%%",
        "it's",
        '"odd" $HOME `id`',
        "a\\b",
        "a\\\\b",
        "a\\%b",
        "\\\\%",
        "é & ; |",
        "~",
    ],
)
def test_every_cron_runs_the_line_with_the_very_paths(tmp_path: Path, cron: Callable[[str], str], name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    python = folder / "python"
    python.write_text('#!/bin/sh\nprintf \'%s\\n\' "$0" "$@"\n')
    python.chmod(0o755)
    line = crontab_line(folder / "c.toml", folder, python)
    assert line.split(" ")[:5] == ["*/15", "*", "*", "*", "*"]
    command = cron(line.split(" ", 5)[5])
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True, cwd="/", timeout=10)
    words = ["-m", "assistant", "--config", str(folder / "c.toml"), "--home", str(folder), "once"]
    assert done.stdout.splitlines() == [str(python), *words]


def test_the_command_prints_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = ["--config", str(tmp_path / "c.toml"), "--home", str(tmp_path / "home"), "install-service"]
    for kind in ("systemd", "launchd", "windows", "cron"):
        assert run([*base, "--print", "--kind", kind]) == 0
        assert str(tmp_path / "c.toml") in capsys.readouterr().out
    assert run(base) == 1, "without a configuration nothing is installed"
    assert list(tmp_path.iterdir()) == []


CONFIG = """
[me]
name = "Priya Raman"
addresses = ["priya@example.com"]
timezone = "UTC"
[mailbox]
kind = "imap"
host = "127.0.0.1"
port = {port}
security = "none"
user = "{user}"
password_file = "secret"
"""


@pytest.mark.dovecot
def test_the_service_survives_its_mail_servers_restart(tmp_path: Path) -> None:
    """Runs the unit's own command with the clock sped up: the server goes away, comes back, and mail is read again."""
    port = dovecots.free_port()
    config = tmp_path / "config.toml"
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "secret").chmod(0o600)
    unit = plan_for("systemd", config, tmp_path / "home").text
    line = re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    assert line is not None
    words = re.findall(r'"([^"]*)"', line[1])
    command = [*words[:-1], "--now", "2026-03-03T12:00:00+00:00", "-v", "run", "--speed", "600"]
    log = tmp_path / "log"
    with dovecots.running(Setup()) as first:
        user = first.account("priya").user
        config.write_text(CONFIG.format(port=port, user=user))
        with log.open("wb") as stderr:
            daemon = subprocess.Popen(command, stderr=stderr, stdout=subprocess.DEVNULL, cwd=ROOT)
        try:
            wait_for(log, "round failed", daemon)
            config_now = log.read_text()
            assert "Traceback" not in config_now
            with dovecots.running(
                Setup(extra=f"service imap-login {{\n inet_listener second {{\n port={port}\n }}\n}}\n")
            ):
                wait_for_rounds(tmp_path, daemon)
            before = log.read_text().count("round failed")
            wait_for(log, "round failed", daemon, before + 1)
            assert daemon.poll() is None, "it is still there"
        finally:
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(10) == 0
    assert "Traceback" not in log.read_text()


def wait_for(log: Path, words: str, daemon: subprocess.Popen[bytes], times: int = 1) -> None:
    until = time.monotonic() + 40
    while log.read_text().count(words) < times:
        assert daemon.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)


def wait_for_rounds(folder: Path, daemon: subprocess.Popen[bytes]) -> None:
    import sqlite3

    until = time.monotonic() + 40
    while time.monotonic() < until:
        assert daemon.poll() is None
        with closing(sqlite3.connect(folder / "home" / "assistant.sqlite3")) as db:
            if db.execute("SELECT count(*) FROM folder").fetchone()[0]:
                return
        time.sleep(0.2)
    raise AssertionError("no scan went through")


# The container file.


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


def test_the_container_file_is_sound() -> None:
    """The rules of common linters that matter: pinned base, no root, exec form, hashes, no cache, no secrets."""
    found = instructions()
    names = [name for name, _ in found]
    bases = [rest.split()[0] for name, rest in found if name == "FROM"]
    assert all(re.fullmatch(r"[a-z/]+:[\w.-]*\d[\w.-]*", base) for base in bases), "tagged, and not latest"
    users = [rest for name, rest in found if name == "USER"]
    assert users
    assert users[-1] not in {"root", "0"}
    last = len(names) - 1 - names[::-1].index("FROM")
    assert "USER" in names[last:], "the image that runs is not root's"
    assert "ADD" not in names
    assert all(rest.startswith("[") for name, rest in found if name in {"CMD", "ENTRYPOINT", "VOLUME"})
    assert next(rest for name, rest in found if name == "HEALTHCHECK").endswith('"--check", "last scan"]')
    for name, rest in found:
        if name == "RUN":
            assert "sudo" not in rest
            assert "pip install" not in rest or "--no-cache-dir" in rest
            assert "apt-get install" not in rest or "--no-install-recommends" in rest
        assert name != "ENV" or not re.search(r"PASSWORD|SECRET|TOKEN|KEY", rest)
    assert any("--require-hashes" in rest for _, rest in found)


HADOLINT = shutil.which("hadolint", path=os.pathsep.join((str(ROOT / ".tools/hadolint/bin"), os.environ["PATH"])))


@pytest.mark.skipif(HADOLINT is None, reason="NOT TESTED: no hadolint here; make container-lint fetches it")
def test_hadolint_has_nothing_to_say_of_the_container_file(tmp_path: Path) -> None:
    def said(text: str) -> str:
        file = tmp_path / "Dockerfile"
        file.write_text(text)
        command = [str(HADOLINT), "--no-color", "--failure-threshold", "style", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        return done.stdout + done.stderr if done.returncode else ""

    text = (ROOT / "Dockerfile").read_text()
    assert said(text) == ""
    for rule, worse in {
        "DL3006": text.replace(":3.12-slim-bookworm", ""),
        "DL3020": text.replace("COPY prompts", "ADD prompts"),
        "DL3002": text.replace("USER 10001", "USER root"),
        "DL3025": text.replace('CMD ["run"]', "CMD run"),
    }.items():
        assert rule in said(worse), f"the check itself sees {rule}"


def test_everything_the_container_file_copies_is_there_and_let_in() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = [
        word for name, rest in instructions() if name == "COPY" and "--from" not in rest for word in rest.split()[:-1]
    ]
    assert copied
    for word in copied:
        assert (ROOT / word).exists(), word
        assert word.removeprefix("./") in let_in, word


def test_the_health_check_asks_no_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.format(port=1, user="priya"))
    base = ["--config", str(tmp_path / "config.toml"), "--home", str(tmp_path / "home"), "doctor"]
    assert run([*base, "--check", "data", "--check", "last scan"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["ok   data", "FAIL last scan"]
    assert run([*base, "--check", "nonsense"]) == 1
    assert "There is no check called nonsense" in capsys.readouterr().err
