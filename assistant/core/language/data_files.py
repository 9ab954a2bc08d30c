"""The one place where core reads files: the TOML tables of this folder, so that words are edited as words."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, get_args

Language = Literal["en", "de", "fr", "es"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
"""The languages an owner can have: each has its file in `catalogue/`, `playbooks/`, `words/` and `cues/`."""


@cache
def data_file(folder: str, name: str) -> dict[str, Any]:
    """Return `<folder>/<name>.toml` beside this module, read once; nobody may change it.

    Raises FileNotFoundError for a name that is not there.
    """
    text = files("assistant.core.language").joinpath(folder, f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
