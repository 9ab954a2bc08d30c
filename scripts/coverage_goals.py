"""Hold the coverage goals: every branch in `core/` and `store/`; elsewhere no quota. Reads the last test run's data."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

GOALS = {"assistant/core/": 100.0, "assistant/store/": 100.0}


def main() -> int:
    """Print one line a folder, name the files that fall short, and return 1 when a goal is missed."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        subprocess.run([sys.executable, "-m", "coverage", "json", "-q", "-o", str(report)], check=True)  # noqa: S603
        files: dict[str, dict[str, dict[str, float]]] = json.loads(report.read_text())["files"]
    missed = False
    for folder_name, goal in GOALS.items():
        short = {
            name: data["summary"]["percent_covered"] for name, data in files.items() if name.startswith(folder_name)
        }
        below = {name: percent for name, percent in short.items() if percent < goal}
        print(f"{folder_name}: {len(short)} files, {len(below)} below {goal:.0f} % by branch")
        for name, percent in sorted(below.items()):
            print(f"  {name} {percent:.1f} %")
        missed = missed or bool(below)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
