"""A secret as a command prints it: run without a shell, with a time limit; only the first line is used."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENCE = 60.0  # seconds: a password manager may ask the owner to touch a key


def first_line_of(command: str, key: str, environ: Mapping[str, str], patience: float = PATIENCE) -> str:
    """Return the first line that `command` prints, without its line end; `key` is named in errors.

    Raises UserError with one sentence; nothing that the command printed stands in it.
    """
    try:
        arguments = [_at_home(word) for word in shlex.split(command)]
    except ValueError:
        arguments = []
    if not arguments:
        message = f"{key} is no command that can be run; check its quotes."
        raise UserError(message)
    code, output = _run(arguments, key, environ, patience)
    if code != 0:
        message = f"{key} ended with exit code {code}; run it in a terminal to see why."
        raise UserError(message)
    line = output.partition(b"\n")[0].decode(errors="replace").strip()
    if not line:
        message = f"{key} printed nothing on its first line; run it in a terminal to see why."
        raise UserError(message)
    return line


def _run(arguments: list[str], key: str, environ: Mapping[str, str], patience: float) -> tuple[int, bytes]:
    """Return exit code and output. The command gets a session of its own, so that its children end with it."""
    try:
        process = subprocess.Popen(  # noqa: S603  the owner's own command, from their own file, without a shell
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            start_new_session=True,
        )
    except OSError as error:
        message = f"{key} cannot be run: {arguments[0]} ({error.strerror}); check the program's name and path."
        raise UserError(message) from None
    with process:
        try:
            output, _ = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            _end(process)
            message = f"{key} did not end within {patience:g} seconds; run it in a terminal to see what it waits for."
            raise UserError(message) from None
    return process.returncode, output


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _at_home(word: str) -> str:
    """Return the word with a leading ~/ put in full, as a shell would."""
    return str(Path(word).expanduser()) if word.startswith("~/") else word
