"""The line for crontab(5) that replaces a service, for machines where systemd runs none for this account."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import Final

from assistant.core.language.translation import Translatable
from assistant.setup.service import command

# A digest is promised if program and server were up together for a quarter of an hour (docs/reliability.md, 2).
EVERY: Final = "*/15 * * * *"
# Exists if systemd is the init system (sd_booted(3)).
_BOOTED_BY_SYSTEMD: Final = Path("/run/systemd/system")


def crontab_line(config: Path, data: Path, python: Path | None = None) -> str:
    """Return the line that does one round every quarter of an hour.

    `config` and `data` are absolute. `python` None is the interpreter that is running.
    """
    return f"{EVERY} {' '.join(_quoted(word) for word in command('once', config, data, python))}"


def crontab_advice(config: Path, data: Path) -> list[str]:
    """Return lines that say why no service was written, what to use instead, and what to paste."""
    lines: list[str] = [Translatable("systemd runs no services for this account here, so no service was written.")]
    if _BOOTED_BY_SYSTEMD.is_dir():
        su = "(If you came by su or sudo: sign in as this account itself, and run this command again.)"
        lines.append(Translatable(su))
    there = shutil.which("crontab") is not None
    once = "cron can do the work, once it is installed (on Debian: apt install cron)."
    lines.append(Translatable("cron can do the work." if there else once))
    lines += [Translatable("Run `crontab -e` and add this line:"), "", crontab_line(config, data), ""]
    lines.append(Translatable("It prints nothing when nothing happens. To stop it, remove the line."))
    if not there:
        run = shlex.join(command("run", config, data))
        lines.append(Translatable("Without cron, keep this running: {run}", run=run))
    return lines


def _quoted(word: str) -> str:
    # Quoted for cron and then for the shell. Most crons end the command at a percent sign without a backslash before
    # it, and remove that backslash. Some leave both to the shell. Outside quotes, `\%` is a percent sign to all of
    # them. Some remove one of two backslashes, so no two of ours may be side by side.
    return "\\%".join(shlex.quote(part).replace("\\", "\\''") if part else "" for part in word.split("%"))
