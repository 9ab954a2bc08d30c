"""Passwords, tokens and keys, fetched at the moment they are needed and kept nowhere.

The order: what the configuration names (a command, a variable of the environment, a file), then the service
manager's credential ($CREDENTIALS_DIRECTORY, systemd.exec(5)), then the keyring. No value of a secret, and nothing a
command printed, ever stands in an error or a log.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant.config.commands import first_line_of
from assistant.config.keyrings import Keyring, from_keyring
from assistant.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assistant.config.values import Secret

What = Literal["mailbox", "smtp", "llm"]

_OTHERS_MAY_READ = 0o077
_LONGEST_FILE = 65536  # bytes; OAuth tokens reach a few thousand
_KEY = {"mailbox": "password", "smtp": "password", "llm": "api_key"}
_CREDENTIALS = {
    "mailbox": ("mailbox-password",),
    "smtp": ("smtp-password", "mailbox-password"),
    "llm": ("llm-api-key",),
}


@dataclass(frozen=True, slots=True)
class Credential:
    """What to log in with: exactly one of `password` and `token` (an OAuth 2 access token for XOAUTH2).

    `warnings` are sentences to say aloud, such as that others may read the password's file. `renew` gives a fresh
    token where the server refuses this one before its time, None where nothing can.
    """

    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    warnings: tuple[str, ...] = ()
    renew: Callable[[], Credential] | None = field(default=None, repr=False, compare=False)

    @property
    def value(self) -> str:
        """Return the secret itself, whichever it is."""
        return self.token or self.password or ""


def resolve(
    secret: Secret,
    what: What = "mailbox",
    user: str = "",
    environ: Mapping[str, str] | None = None,
    keyring: Keyring | None = None,
) -> Credential:
    """Return the credential of section `what` for `user`.

    `environ` None is this process's environment, `keyring` None the machine's own, where it has one.

    Raises UserError with one sentence where none is found or the way that was named does not lead to one.
    """
    found = find(secret, what, user, environ, keyring)
    if found is None:
        message = f"No {_noun(what)} for [{what}] was found; set {_KEY[what]}_command there, or one of its other ways."
        raise UserError(message)
    return found


def find(
    secret: Secret,
    what: What = "mailbox",
    user: str = "",
    environ: Mapping[str, str] | None = None,
    keyring: Keyring | None = None,
) -> Credential | None:
    """Return the credential like `resolve`, but None where no way is named and nothing is found.

    That is right for a model server that wants no key. Raises UserError where a way is named and fails.
    """
    environ = os.environ if environ is None else environ
    named = _named(secret, what, environ)
    if named is not None:
        return named
    for name in _CREDENTIALS[what]:
        if (password := _systemd(name, environ)) is not None:
            return Credential(password)
    for name in dict.fromkeys((what, "mailbox") if what == "smtp" else (what,)):
        if (password := from_keyring(f"{name}:{user}" if user else name, keyring)) is not None:
            return Credential(password)
    return None


def _named(secret: Secret, what: What, environ: Mapping[str, str]) -> Credential | None:
    """Return the secret by the one way the configuration names, None where it names none."""
    key = f"[{what}] {_KEY[what]}"
    if secret.command is not None:
        return Credential(first_line_of(secret.command, f"{key}_command", environ))
    if secret.token_command is not None:
        return Credential(token=first_line_of(secret.token_command, f"[{what}] token_command", environ))
    if secret.env is not None:
        return Credential(_from_environment(secret.env, f"{key}_env", environ))
    if secret.file is not None:
        return _from_file(secret.file, f"{key}_file")
    return Credential(secret.literal) if secret.literal is not None else None


def _from_environment(name: str, key: str, environ: Mapping[str, str]) -> str:
    value = environ.get(name, "").strip()
    if not value:
        message = f"{key} names the environment variable {name}, which is not set; set it for this program."
        raise UserError(message)
    return value


def _from_file(path: Path, key: str) -> Credential:
    try:
        with path.open("rb") as file:
            line = file.read(_LONGEST_FILE).decode().partition("\n")[0].strip()
            mode = path.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        message = f"{key} names {path}, which cannot be read ({reason}); check the path and its owner."
        raise UserError(message) from None
    if not line:
        message = f"{key} names {path}, whose first line is empty; write the secret there."
        raise UserError(message)
    wide = mode & _OTHERS_MAY_READ
    warning = f"Others on this machine may read the secret in {path}; run: chmod 600 {path}"
    return Credential(line, warnings=(warning,) if wide else ())


def _systemd(name: str, environ: Mapping[str, str]) -> str | None:
    """Return the credential the service manager passed under that name, None where it passed none."""
    folder = environ.get("CREDENTIALS_DIRECTORY")
    path = Path(folder) / name if folder else None
    if path is None or not path.is_file():
        return None
    return _from_file(path, "$CREDENTIALS_DIRECTORY").password


def _noun(what: What) -> str:
    return "key" if what == "llm" else "password"
