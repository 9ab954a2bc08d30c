"""The most memory this process ever held."""

from __future__ import annotations

import re
from pathlib import Path


def peak() -> float:
    """Return it in MB, as Linux counts it since this program was loaded (VmHWM; getrusage counts the parent's too)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else float("nan")
