"""The text of a systemd unit, and where an account keeps its own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

LINGER_IS_OURS: Final = "# Lingering was off before. `assistant install-service --remove` turns it off again."


def user_units(home: Path) -> Path:
    """Return the folder of an account's own units. `home` is the account's home."""
    base = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") if home == Path.home() else home / ".config"
    return base / "systemd" / "user"


def unit_text(command: str, *, lingers: bool = True, more: str = "", wanted_by: str = "default.target") -> str:
    """Return the text of a unit. `command` is quoted for ExecStart, `more` further lines of [Service].

    Not `lingers` notes in it that lingering was off before.
    """
    return f"""\
# Made by `assistant install-service`; remove it with `assistant install-service --remove`.
{"" if lingers else LINGER_IS_OURS}
[Unit]
Description=Career assistant: one email on Monday
Documentation=man:systemd.service(5)
StartLimitIntervalSec=0

[Service]
Type=simple
ExecStart={command}
WorkingDirectory=~
# The daemon itself waits for servers that are down; this is for everything else.
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
{more}
[Install]
WantedBy={wanted_by}
"""


def quoted(word: str) -> str:
    """Return one word of ExecStart, quoted for systemd (systemd.service(5), command lines)."""
    word = word.replace("%", "%%")  # a specifier otherwise (systemd.unit(5))
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$") + '"'
