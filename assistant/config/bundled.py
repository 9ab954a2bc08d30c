"""Find the folders that come with the program: `prompts` and `docs`."""

from __future__ import annotations

from pathlib import Path


def bundled(name: str) -> Path:
    """Return the path of a folder: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name
