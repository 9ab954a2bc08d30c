"""Say what a lock lacks: every package that something in it needs, on each Python and system that is supported.

    python scripts/lock_closure.py      (in an environment that holds all that the locks name for this machine)

Locks are installed without resolving, so pip would not miss anything before it is imported. What a package needs is
read from the metadata that is installed here; markers are weighed for each Python and system, extras as they are asked
for. A package that another Python or system alone needs is looked for in the lock, and not read itself.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires
from itertools import product
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name as plain

ROOT = Path(__file__).parent.parent
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt"))


@dataclass(frozen=True)
class Place:
    """One Python on one system, as markers see it."""

    python: str
    system: tuple[str, str, str]

    def meets(self, requirement: Requirement, extra: str = "") -> bool:
        """Return whether a requirement's marker holds here."""
        if requirement.marker is None:
            return True
        platform, name, kind = self.system
        seen = {"python_version": self.python, "python_full_version": f"{self.python}.0", "os_name": kind}
        seen |= {"sys_platform": platform, "platform_system": name, "extra": extra}
        return requirement.marker.evaluate({**default_environment(), **seen})


def locked(path: Path) -> dict[str, list[Requirement]]:
    """Return the entries of a lock by package; one may stand there twice, for different Pythons."""
    found: dict[str, list[Requirement]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            entry = Requirement(line.rstrip(" \\"))
            found.setdefault(plain(entry.name), []).append(entry)
    return found


def lacking(lock: dict[str, list[Requirement]], wanted: list[str], place: Place) -> set[str]:
    """Return a sentence for each requirement that the lock does not meet in that place; empty where it is complete."""
    problems: set[str] = set()
    pending = [("the project", Requirement(one), "") for one in wanted]
    done: set[tuple[str, str]] = set()
    while pending:
        asker, requirement, extra = pending.pop()
        if not place.meets(requirement, extra):
            continue
        name = plain(requirement.name)
        versions = [spec.version for entry in lock.get(name, []) if place.meets(entry) for spec in entry.specifier]
        if not any(requirement.specifier.contains(version, prereleases=True) for version in versions):
            problems.add(f"{requirement.name}{requirement.specifier}, which {asker} needs")
        for wish in {"", *requirement.extras} - {extra for known, extra in done if known == name}:
            done.add((name, wish))
            pending += [(name, Requirement(text), wish) for text in needs(name)]
    return problems


def needs(name: str) -> list[str]:
    """Return what a package that is installed here asks for; nothing for one that is not."""
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []


def main() -> int:
    """Check every lock; print what is lacking and return how many of them lack something."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runs, tests = project["project"]["dependencies"], project["dependency-groups"]["dev"]
    fleet = project["project"]["optional-dependencies"]["fleet"]
    builds = [*project["build-system"]["requires"], "setuptools", "editables"]
    faults = 0
    for name, wanted in {
        "requirements.lock": runs,
        "requirements-build.lock": builds,
        "requirements-fleet.lock": [*runs, *fleet],
        "requirements-dev.lock": [*runs, *fleet, *tests],
    }.items():
        lock = locked(ROOT / name)
        found: dict[str, list[str]] = {}
        for place in (Place(*pair) for pair in product(PYTHONS, SYSTEMS)):
            for problem in lacking(lock, wanted, place):
                found.setdefault(problem, []).append(f"{place.python} on {place.system[1]}")
        for problem, places in sorted(found.items()):
            print(f"{name} lacks {problem} (Python {places[0]}; {len(places)} of {len(PYTHONS) * len(SYSTEMS)} kinds).")
        faults += bool(found)
    return faults


if __name__ == "__main__":
    sys.exit(main())
