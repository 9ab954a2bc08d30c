"""A service that keeps the daemon running: a systemd user unit, a launchd agent, a Windows task.

`plan_for` is pure: what file, with what text, which commands. `install` and `remove` carry it out and say each step.
"""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Run = Callable[[Sequence[str]], str | None]

Kind = Literal["systemd", "launchd", "windows"]
UNIT: Final = "career-assistant.service"
LABEL: Final = "org.career-assistant.daemon"
TASK: Final = "Career assistant"
_PATIENCE: Final = 30


@dataclass(frozen=True, slots=True)
class Plan:
    """One service: the file with its text, and the commands that start and stop it. `after` is said at the end."""

    kind: Kind
    path: Path
    text: str
    start: tuple[tuple[str, ...], ...]
    stop: tuple[tuple[str, ...], ...]
    after: str
    encoding: str = "utf-8"


def kind_here() -> Kind:
    """Return which service manager this machine has."""
    return {"darwin": "launchd", "win32": "windows"}.get(sys.platform, "systemd")  # type: ignore[return-value]


def plan_for(kind: str, config: Path, data: Path, python: Path | None = None, user_home: Path | None = None) -> Plan:
    """Return the plan for one kind of service; `config` and `data` are absolute.

    `python` None is the interpreter that runs now, `user_home` None the owner's home.
    """
    command = (str(python or sys.executable), "-m", "assistant", "--config", str(config), "--home", str(data), "run")
    home = user_home or Path.home()
    return {"systemd": _systemd, "launchd": _launchd, "windows": _windows}[kind](command, home, data)


def install(plan: Plan, run: Run | None = None) -> tuple[list[str], bool]:
    """Write the file, start the service; return what was done, line by line, and whether it runs.

    A second time replaces the file and starts anew: this is also how a new version is taken up.
    """
    run = run or _run
    plan.path.parent.mkdir(parents=True, exist_ok=True)
    plan.path.write_bytes(plan.text.encode(plan.encoding))
    plan.path.chmod(0o600)
    told = [f"Wrote {plan.path}"]
    for command in plan.start:
        problem = run(command)
        if problem is not None:
            told.append(f"Not done: {' '.join(command)} ({problem}). Run it yourself; the file is in place.")
            return told, False
        told.append(f"Ran {' '.join(command)}")
    return [*told, plan.after], True


def remove(plan: Plan, run: Run | None = None) -> list[str]:
    """Stop the service and delete its file; return what was done. Configuration and data stay."""
    run = run or _run
    if not plan.path.exists():
        return [f"There is no service to remove ({plan.path} is not there)."]
    told = []
    for command in plan.stop:
        problem = run(command)
        told.append(f"Ran {' '.join(command)}" if problem is None else f"Not done: {' '.join(command)} ({problem})")
    plan.path.unlink()
    return [*told, f"Removed {plan.path}. Configuration and data are where they were."]


def _run(command: Sequence[str]) -> str | None:
    """Run a service manager's command; return why it failed in a few words, None where it did not."""
    program = shutil.which(command[0])
    if program is None:
        return f"{command[0]} is not on this machine"
    try:
        done = subprocess.run(  # noqa: S603 - the commands of a Plan, without a shell
            [program, *command[1:]], capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    if done.returncode == 0:
        return None
    return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1][:200]


def _systemd(command: tuple[str, ...], home: Path, _data: Path) -> Plan:
    base = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") if home == Path.home() else home / ".config"
    path = base / "systemd" / "user" / UNIT
    text = f"""\
# Made by `assistant install-service`; take it away with `assistant install-service --remove`.
[Unit]
Description=Career assistant: one email on Monday
Documentation=man:systemd.service(5)
StartLimitIntervalSec=0

[Service]
Type=simple
ExecStart={" ".join(_quoted(word) for word in command)}
WorkingDirectory=~
# The daemon waits out servers that are away by itself; this is for what it cannot wait out.
Restart=on-failure
RestartSec=60
RestartPreventExitStatus=2
KillSignal=SIGTERM
TimeoutStopSec=20
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
MemoryHigh=300M

[Install]
WantedBy=default.target
"""
    return Plan(
        "systemd",
        path,
        text,
        (
            ("systemctl", "--user", "daemon-reload"),
            ("systemctl", "--user", "enable", UNIT),
            ("systemctl", "--user", "restart", UNIT),
            ("loginctl", "enable-linger"),
        ),
        (("systemctl", "--user", "disable", "--now", UNIT), ("systemctl", "--user", "daemon-reload")),
        f"It runs, also while you are signed out. Its log: journalctl --user -u {UNIT}",
    )


def _quoted(word: str) -> str:
    """Return one word of ExecStart as systemd reads it back (systemd.service(5), command lines)."""
    return '"' + _escaped(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$") + '"'


def _escaped(text: str) -> str:
    """Return a value in which no specifier is expanded (systemd.unit(5))."""
    return text.replace("%", "%%")


def _launchd(command: tuple[str, ...], home: Path, data: Path) -> Plan:
    path = home / "Library" / "LaunchAgents" / f"{LABEL}.plist"
    log = str(data / "daemon.log")
    values = {
        "Label": LABEL,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 60,
        "ProcessType": "Background",
        "Umask": 0o077,
        "StandardErrorPath": log,
        "StandardOutPath": log,
    }
    target = f"gui/{os.getuid()}" if hasattr(os, "getuid") else "gui/501"
    return Plan(
        "launchd",
        path,
        plistlib.dumps(values).decode("utf-8"),
        (("launchctl", "bootstrap", target, str(path)),),
        (("launchctl", "bootout", f"{target}/{LABEL}"),),
        f"It runs whenever you are signed in. Its log: {log}",
    )


def _windows(command: tuple[str, ...], _home: Path, data: Path) -> Plan:
    path = data / "service-task.xml"
    arguments = subprocess.list2cmdline(command[1:])
    text = f"""\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.3" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Career assistant: one email on Monday</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Owner">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Owner">
    <Exec>
      <Command>{escape(command[0])}</Command>
      <Arguments>{escape(arguments)}</Arguments>
      <WorkingDirectory>{escape(str(data))}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""
    return Plan(
        "windows",
        path,
        text,
        (("schtasks", "/Create", "/F", "/TN", TASK, "/XML", str(path)), ("schtasks", "/Run", "/TN", TASK)),
        (("schtasks", "/End", "/TN", TASK), ("schtasks", "/Delete", "/F", "/TN", TASK)),
        "It runs whenever you are signed in.",
        encoding="utf-16",
    )
