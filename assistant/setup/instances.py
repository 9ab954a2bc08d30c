"""One daemon for each owner of a host: a systemd template unit, `career-assistant@NAME.service`.

An account runs the owners below its own folder. Root runs each owner as the Unix user of that name, so that no owner
can read another's folder.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from assistant.core.language.translation import Translatable
from assistant.setup.service import Plan, ServiceCommand, command
from assistant.setup.systemd_unit import quoted, unit_text, user_units

TEMPLATE: Final = "career-assistant@.service"
SYSTEM_UNITS: Final = Path("/etc/systemd/system")
# Stands for the instance until the words are quoted, which would double a percent sign. No path can hold it.
_INSTANCE: Final = "\0"
_AS_A_USER: Final = """\
# Each owner is the Unix user of the same name. Secrets: a password_command, or LoadCredential= in a drop-in.
User=%i
PrivateTmp=yes
ProtectSystem=full
ProtectKernelTunables=yes
"""


def instance_plan(
    owners: Path,
    name: str,
    *,
    root: bool,
    lingers: bool = False,
    python: Path | None = None,
    user_home: Path | None = None,
) -> Plan:
    """Return the plan for one owner's instance. `owners` is the folder of all of them, absolute.

    `root` makes a unit of the system. `lingers` says that systemd keeps this account's services running already.
    """
    folder = owners / _INSTANCE
    words = command("run", folder / "config.toml", folder / "data", python or Path(sys.executable))
    line = " ".join(quoted(word).replace(_INSTANCE, "%i") for word in words)
    unit = TEMPLATE.replace("@", f"@{name}")
    scope = "--system" if root else "--user"
    return Plan(
        "systemd",
        (SYSTEM_UNITS if root else user_units(user_home or Path.home())) / TEMPLATE,
        unit_text(line, more=_AS_A_USER, wanted_by="multi-user.target") if root else unit_text(line),
        (
            ServiceCommand(("systemctl", scope, "daemon-reload")),
            ServiceCommand(("systemctl", scope, "enable", unit)),
            ServiceCommand(("systemctl", scope, "restart", unit)),
            *(() if lingers or root else (ServiceCommand(("loginctl", "enable-linger")),)),
        ),
        # The template stays for the other owners.
        (ServiceCommand(("systemctl", scope, "disable", "--now", unit)),),
        Translatable(
            "It runs, even while you are signed out. Its log: journalctl {scope} -u {unit}", scope=scope, unit=unit
        ),
    )
