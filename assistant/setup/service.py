"""Keeps the daemon running by a systemd user unit, a launchd agent or a Windows task, or else by a line for cron.

    kind_here ─> plan_here ─> install, remove          (systemd, launchd, windows)
             └─> crontab_advice                        (where systemd runs no services for this account)

`plan_for` is pure: which file, with which text, which commands. `install` and `remove` do it and report each step.
"""

from __future__ import annotations

import os
import plistlib
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from xml.sax.saxutils import escape

from assistant.core.language.translation import Translatable, joined
from assistant.setup.systemd_unit import LINGER_IS_OURS, quoted, unit_text, user_units

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Run = Callable[[Sequence[str]], str | None]

Kind = Literal["systemd", "launchd", "windows", "cron"]
UNIT: Final = "career-assistant.service"
LABEL: Final = "org.career-assistant.daemon"
TASK: Final = "Career assistant"
# What `systemctl is-system-running` prints if it reached a manager. Otherwise "offline", "unknown" or nothing.
_MANAGER_ANSWERS: Final = frozenset({"initializing", "starting", "running", "degraded", "maintenance", "stopping"})
_PATIENCE: Final = 30
# Seconds. launchd may refuse a label for a while after it was booted out; others measured 5.
_SETTLING: Final = 20


@dataclass(frozen=True, slots=True)
class ServiceCommand:
    """One command. An `optional` one may fail. One with `tries` is repeated, a second apart."""

    command: tuple[str, ...]
    optional: bool = False
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """One service: the file with its text, the commands that start and stop it, and what to say `after` starting it."""

    kind: Kind
    path: Path
    text: str
    start: tuple[ServiceCommand, ...]
    stop: tuple[ServiceCommand, ...]
    after: str
    encoding: str = "utf-8"


def kind_here() -> Kind:
    """Return what keeps a program running on this machine: cron if systemd runs no services for this account."""
    native = native_kind()
    return "cron" if native == "systemd" and not systemd_answers() else native


def native_kind() -> Kind:
    """Return the service manager of this operating system, whether or not it answers."""
    kinds: dict[str, Kind] = {"darwin": "launchd", "win32": "windows"}
    return kinds.get(sys.platform, "systemd")


def systemd_answers(scope: str = "--user") -> bool:
    """Return whether systemd runs services for this account. It doesn't in most containers, or in a session of su."""
    return _ask(("systemctl", scope, "is-system-running")) in _MANAGER_ANSWERS


def plan_here(kind: str, config: Path, data: Path) -> Plan:
    """Return the plan for this machine, where the owner may have turned lingering on already."""
    plan = plan_for(kind, config, data)
    if kind != "systemd" or _turned_linger_on(plan):
        return plan
    return plan_for(kind, config, data, lingers=lingers_already())


def lingers_already() -> bool:
    """Return whether systemd keeps this account's services running while it is signed out."""
    return _ask(("loginctl", "show-user", str(os.getuid()), "--property=Linger")) == "Linger=yes"


def plan_for(
    kind: str,
    config: Path,
    data: Path,
    python: Path | None = None,
    user_home: Path | None = None,
    *,
    lingers: bool = False,
) -> Plan:
    """Return the plan for one kind of service. `config` and `data` are absolute.

    `python` None is the interpreter that is running, `user_home` None the owner's home. `lingers` says that somebody
    else has told systemd to keep the account's services running while it is signed out.
    """
    words = command("run", config, data, python)
    home = user_home or Path.home()
    if kind == "systemd":
        return _systemd(words, home, lingers=lingers)
    return {"launchd": _launchd, "windows": _windows}[kind](words, home, data)


def command(name: str, config: Path, data: Path, python: Path | None = None) -> tuple[str, ...]:
    """Return the words that run one of the program's commands from any folder."""
    return (str(python or sys.executable), "-m", "assistant", "--config", str(config), "--home", str(data), name)


def install(plan: Plan, run: Run | None = None, pause: Callable[[float], None] = time.sleep) -> tuple[list[str], bool]:
    """Write the file and start the service. Return what was done, line by line, and whether it runs.

    A file and a service that exist are replaced, which is also how a new version is put to use.
    """
    run = run or _run
    plan.path.parent.mkdir(parents=True, exist_ok=True)
    plan.path.write_bytes(plan.text.encode(plan.encoding))
    plan.path.chmod(0o600)
    told: list[str] = [Translatable("Wrote {path}", path=plan.path)]
    for step in plan.start:
        problem = _run_step(step, run, pause)
        if problem is None:
            told.append(Translatable("Ran {command}", command=shlex.join(step.command)))
        elif not step.optional:
            template = "Not done: {command} ({problem}). Run it yourself; the file is in place."
            told.append(Translatable(template, command=shlex.join(step.command), problem=problem))
            return told, False
    return [*told, plan.after], True


def remove(plan: Plan, run: Run | None = None) -> list[str]:
    """Stop the service and delete its file. Return what was done. Configuration and data stay."""
    run = run or _run
    if not plan.path.exists():
        none = Translatable("There is no service to remove ({path} is not there).", path=plan.path)
        cron = Translatable("To remove a line for cron, run crontab -e.")
        return [joined([none, cron]) if plan.kind == "systemd" else none]
    told = stop(plan, run)
    # Lingering that the owner turned on is theirs, and stays.
    if _turned_linger_on(plan):
        told.append(_told(("loginctl", "disable-linger"), run))
    plan.path.unlink()
    return [*told, Translatable("Removed {path}. Your configuration and data are still there.", path=plan.path)]


def stop(plan: Plan, run: Run | None = None) -> list[str]:
    """Stop the service and leave its file. Return what was done."""
    return [_told(step.command, run or _run) for step in plan.stop]


def _told(words: Sequence[str], run: Run) -> str:
    problem = run(words)
    template = "Ran {command}" if problem is None else "Not done: {command} ({problem})"
    return Translatable(template, command=shlex.join(words), problem=problem)


def _turned_linger_on(plan: Plan) -> bool:
    """Return whether the installed unit says that installing it turned lingering on."""
    return plan.kind == "systemd" and plan.path.exists() and LINGER_IS_OURS in plan.path.read_text(plan.encoding)


def _run_step(step: ServiceCommand, run: Run, pause: Callable[[float], None]) -> str | None:
    """Run one step, as often as it may be tried. Return why it failed the last time, None if it worked."""
    for left in reversed(range(step.tries)):
        problem = run(step.command)
        if problem is None or not left:
            break
        pause(1)
    return problem


def _run(command: Sequence[str]) -> str | None:
    """Run a service manager's command. Return why it failed in a few words, None if it worked."""
    done = _call(command)
    if isinstance(done, str):
        return done
    if done.returncode == 0:
        return None
    return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[0][:200]


def _ask(command: Sequence[str]) -> str:
    """Return what a service manager's command prints, stripped; "" if there is no answer."""
    done = _call(command)
    return "" if isinstance(done, str) else done.stdout.strip()


def _call(command: Sequence[str]) -> subprocess.CompletedProcess[str] | str:
    """Run a command to its end. Return its result, or why it could not run, in a few words."""
    program = shutil.which(command[0])
    if program is None:
        return f"{command[0]} is not on this machine"
    try:
        return subprocess.run(  # noqa: S603 - the commands of a Plan, without a shell
            [program, *command[1:]], capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__


def _systemd(command: tuple[str, ...], home: Path, *, lingers: bool) -> Plan:
    return Plan(
        "systemd",
        user_units(home) / UNIT,
        unit_text(" ".join(quoted(word) for word in command), lingers=lingers),
        (
            ServiceCommand(("systemctl", "--user", "daemon-reload")),
            ServiceCommand(("systemctl", "--user", "enable", UNIT)),
            ServiceCommand(("systemctl", "--user", "restart", UNIT)),
            # Without lingering, systemd ends the service when its owner signs out.
            *(() if lingers else (ServiceCommand(("loginctl", "enable-linger")),)),
        ),
        (
            ServiceCommand(("systemctl", "--user", "disable", "--now", UNIT)),
            ServiceCommand(("systemctl", "--user", "daemon-reload")),
        ),
        Translatable(
            "It runs, even while you are signed out. Its log: journalctl {scope} -u {unit}", scope="--user", unit=UNIT
        ),
    )


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
        # bootout fails if nothing is loaded, and returns before launchd has let go of the label.
        (
            ServiceCommand(("launchctl", "bootout", f"{target}/{LABEL}"), optional=True),
            ServiceCommand(("launchctl", "bootstrap", target, str(path)), tries=_SETTLING),
        ),
        (ServiceCommand(("launchctl", "bootout", f"{target}/{LABEL}")),),
        Translatable("It runs whenever you are signed in. Its log: {log}", log=log),
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
        (
            # A task that is running would not be started a second time.
            ServiceCommand(("schtasks", "/End", "/TN", TASK), optional=True),
            ServiceCommand(("schtasks", "/Create", "/F", "/TN", TASK, "/XML", str(path))),
            ServiceCommand(("schtasks", "/Run", "/TN", TASK)),
        ),
        (ServiceCommand(("schtasks", "/End", "/TN", TASK)), ServiceCommand(("schtasks", "/Delete", "/F", "/TN", TASK))),
        Translatable("It runs whenever you are signed in."),
        encoding="utf-16",
    )
