"""How this program was started, so that owners can paste the commands it names."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

NAME = "assistant"


def program(argv0: str) -> tuple[str, ...]:
    """Return the words that start the program again from any folder.

    That is `assistant` if PATH leads to this very program, else the full path of its script or of the interpreter.
    """
    script = Path(argv0)
    if script.stem != NAME or not script.is_file():
        return (sys.executable, "-m", NAME)
    found = shutil.which(NAME)
    if found and Path(found).is_absolute() and script.samefile(found):
        return (NAME,)
    return (str(script.absolute()),)


def with_hint(text: str, context: click.Context) -> str:
    """Return a text followed by its hint, if it needs one."""
    return " ".join(filter(None, [text, hint(text, context)]))


def hint(text: str, context: click.Context) -> str:
    """Return what to type instead of `assistant` if a text names our commands and that word alone wouldn't start them.

    It names this program with the configuration and data folder that it was given. Returns "" if no hint is needed.
    """
    root = context.find_root()
    options = (("--config", root.params.get("config_path")), ("--home", root.params.get("home")))
    given = [word for name, path in options if path for word in (name, str(path.absolute()))]
    start = shlex.join([*program(sys.argv[0]), *given])
    names = getattr(root.command, "commands", ())
    if start == NAME or not any(f"{NAME} {name}" in text for name in names):
        return ""
    return f'(Here "{NAME}" is: {start})'
