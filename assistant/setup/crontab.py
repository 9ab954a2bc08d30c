"""The line for crontab(5) that does what a service would, for machines where systemd runs no services."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import Final

from assistant.setup.service import command

EVERY: Final = "*/15 * * * *"
"""Every quarter of an hour: a digest is owed when daemon and server were up together that long."""
_BOOTED_BY_SYSTEMD: Final = Path("/run/systemd/system")
"""There where systemd is the init system (sd_booted(3))."""


def crontab_line(config: Path, data: Path, python: Path | None = None) -> str:
    """Return the line that does one round every quarter of an hour.

    `config` and `data` are absolute; `python` None is the interpreter that runs now.
    """
    return f"{EVERY} {' '.join(_quoted(word) for word in command('once', config, data, python))}"


def advice(config: Path, data: Path) -> list[str]:
    """Return why no service was written, what does the work instead, and what to paste, line by line."""
    lines = ["systemd runs no services for this account here, so no service was written."]
    if _BOOTED_BY_SYSTEMD.is_dir():
        lines.append("(If you came by su or sudo: sign in as this account itself, and run this command again.)")
    there = shutil.which("crontab") is not None
    lines.append("cron can do the work" + ("." if there else ", once it is installed (on Debian: apt install cron)."))
    lines += ["Run `crontab -e` and add this line:", "", crontab_line(config, data), ""]
    lines.append("It says nothing while there is nothing to say. To stop it, take the line out again.")
    if not there:
        lines.append(f"Without cron, keep this running: {shlex.join(command('run', config, data))}")
    return lines


def _quoted(word: str) -> str:
    r"""Return one word of the line as cron and then the shell are to read it.

    Most crons end the command at a percent sign that no backslash stands before, and take that backslash away; some
    leave both to the shell. Outside quotes `\%` is a percent sign to all of them. Some take one of two backslashes
    away, so none of ours stand side by side.
    """
    return "\\%".join(shlex.quote(part).replace("\\", "\\''") if part else "" for part in word.split("%"))
