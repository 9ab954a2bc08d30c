"""Passwords, tokens and keys, fetched at the moment they are needed and kept nowhere.

The order: what the configuration names (a command, a variable of the environment, a file), then the service
manager's credential ($CREDENTIALS_DIRECTORY, systemd.exec(5)), then the keyring. No value of a secret, and nothing a
command printed, ever stands in an error or a log.

A command runs without a shell and with a time limit, and only its first line counts. The keyring needs the package
`keyring`; back ends of it that keep plain text are refused by name.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

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
        raise UserError(
            f"No {_noun(what)} for [{what}] was found; set {_KEY[what]}_command there, or one of its other ways."
        )
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
        raise UserError(f"{key} names the environment variable {name}, which is not set; set it for this program.")
    return value


def _from_file(path: Path, key: str) -> Credential:
    try:
        with path.open("rb") as file:
            line = file.read(_LONGEST_FILE).decode().partition("\n")[0].strip()
            mode = path.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UserError(f"{key} names {path}, which cannot be read ({reason}); check the path and its owner.") from None
    if not line:
        raise UserError(f"{key} names {path}, whose first line is empty; write the secret there.")
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
        raise UserError(f"{key} is no command that can be run; check its quotes.")
    code, output = _run(arguments, key, environ, patience)
    if code != 0:
        raise UserError(f"{key} ended with exit code {code}; run it in a terminal to see why.")
    line = output.partition(b"\n")[0].decode(errors="replace").strip()
    if not line:
        raise UserError(f"{key} printed nothing on its first line; run it in a terminal to see why.")
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
        raise UserError(
            f"{key} cannot be run: {arguments[0]} ({error.strerror}); check the program's name and path."
        ) from None
    with process:
        try:
            output, _ = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            _end(process)
            raise UserError(
                f"{key} did not end within {patience:g} seconds; run it in a terminal to see what it waits for."
            ) from None
    return process.returncode, output


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _at_home(word: str) -> str:
    """Return the word with a leading ~/ put in full, as a shell would."""
    return str(Path(word).expanduser()) if word.startswith("~/") else word


SERVICE = "career-assistant"
_PLAIN = ("plaintext", "keyrings.alt.file.plaintextkeyring", "uncrypted")
_EMPTY = ("keyring.backends.fail", "keyring.backends.null")


class Keyring(Protocol):
    """A back end of the `keyring` package."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return the secret kept under that name, None where there is none."""
        ...


class KeepingKeyring(Keyring, Protocol):
    """A back end that secrets can also be put into."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret under that name."""
        ...


def keep_in_keyring(name: str, secret: str, keyring: KeepingKeyring | None = None) -> bool:
    """Keep `secret` as `name` and return True; False where there is no keyring that keeps it safely and gives it back.

    `keyring` None is the machine's own, where the package is installed.
    """
    backend = keyring or _installed()
    if backend is None or _kind(backend).startswith(_EMPTY):
        return False
    if any(word in _kind(part) for part in _parts(backend) for word in _PLAIN):
        return False
    try:
        backend.set_password(SERVICE, name, secret)
        return backend.get_password(SERVICE, name) == secret
    except Exception:  # noqa: BLE001  a keyring that cannot be used is as good as none: a file takes its place
        return False


def from_keyring(name: str, keyring: Keyring | None) -> str | None:
    """Return the secret kept as `name` under the service "career-assistant", None where there is none or no keyring.

    Raises UserError where the keyring keeps secrets in plain text, or does not answer.
    """
    backend = keyring or _installed()
    if backend is None or _kind(backend).startswith(_EMPTY):
        return None
    for part in _parts(backend):
        if any(word in _kind(part) for word in _PLAIN):
            raise UserError(
                f"The keyring back end {type(part).__name__} keeps secrets in plain text and is not used; "
                "choose another back end, or set password_command."
            )
    try:
        return backend.get_password(SERVICE, name) or None
    except Exception as error:  # noqa: BLE001  every back end raises errors of its own, and their words may hold anything
        raise UserError(
            f"The keyring did not answer ({type(error).__name__}); unlock it, or set password_command."
        ) from None


def _installed() -> KeepingKeyring | None:
    try:
        package: Any = import_module("keyring")
    except ImportError:
        return None
    backend: KeepingKeyring = package.get_keyring()
    return backend


def _parts(backend: Any) -> list[Any]:
    """Return the back ends a chain asks in turn, else the back end alone."""
    chained = getattr(backend, "backends", None)
    return list(chained) if isinstance(chained, list | tuple) and chained else [backend]


def _kind(backend: object) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}".casefold()
