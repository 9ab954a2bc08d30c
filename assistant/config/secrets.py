"""Fetch passwords, tokens and keys when they are needed. They are kept nowhere.

    what the configuration names (a command, an environment variable, a file)
      -> the service manager's credential ($CREDENTIALS_DIRECTORY, systemd.exec(5)) -> the keyring

No secret, and nothing that a command printed, is ever part of an error or a log line.

A command runs without a shell and with a time limit. Only its first line counts. The keyring needs the package
`keyring`; back ends that keep plain text are refused by name.
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

from assistant.core.language.translation import Translatable
from assistant.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assistant.config.values import Secret

What = Literal["mailbox", "smtp", "llm", "calendar"]

_OTHERS_MAY_READ = 0o077
_LONGEST_FILE = 65536  # bytes; OAuth tokens reach a few thousand
_KEY = {"mailbox": "password", "smtp": "password", "llm": "api_key", "calendar": "url"}
_CREDENTIALS = {
    "mailbox": ("mailbox-password",),
    "smtp": ("smtp-password", "mailbox-password"),
    "llm": ("llm-api-key",),
    "calendar": (),
}


@dataclass(frozen=True, slots=True)
class Credential:
    """What to log in with: exactly one of `password` and `token` (an OAuth 2 access token for XOAUTH2).

    `warnings` are sentences for the owner, for example that others may read the file of the password. `renew` gets a
    new token if the server refuses this one early; it is None if nothing can.
    """

    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    warnings: tuple[str, ...] = ()
    renew: Callable[[], Credential] | None = field(default=None, repr=False, compare=False)

    @property
    def value(self) -> str:
        """Return the token or the password."""
        return self.token or self.password or ""


def require_credential(
    secret: Secret,
    what: What = "mailbox",
    user: str = "",
    environ: Mapping[str, str] | None = None,
    keyring: Keyring | None = None,
) -> Credential:
    """Return the credential of section `what` for `user`.

    By default it uses this process's environment and the machine's keyring, if it has one. Raises UserError with one
    sentence if there is no credential, or if the configured way to it fails.
    """
    found = find_credential(secret, what, user, environ, keyring)
    if found is None:
        template = (
            "No key for [{what}] was found; set {key}_command, {key}_env or {key}_file."
            if what == "llm"
            else "No password for [{what}] was found; set {key}_command, {key}_env or {key}_file."
        )
        raise UserError(template, what=what, key=_KEY[what])
    return found


def find_credential(
    secret: Secret,
    what: What = "mailbox",
    user: str = "",
    environ: Mapping[str, str] | None = None,
    keyring: Keyring | None = None,
) -> Credential | None:
    """Return the credential like `require_credential`, but None if no way is configured and nothing is found.

    That is fine for a model server without keys. Raises UserError if a configured way fails.
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
    """Return the secret by the way that is configured, None if there is none."""
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
        raise UserError(
            "{key} names the environment variable {name}, which is not set; set it for this program.",
            key=key,
            name=name,
        )
    return value


def _from_file(path: Path, key: str) -> Credential:
    try:
        with path.open("rb") as file:
            line = file.read(_LONGEST_FILE).decode().partition("\n")[0].strip()
            mode = path.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else Translatable("it is not UTF-8")
        raise UserError(
            "{key} names {path}, which cannot be read ({reason}); check the path and its owner.",
            key=key,
            path=path,
            reason=reason,
        ) from None
    if not line:
        raise UserError("{key} names {path}, whose first line is empty; write the secret there.", key=key, path=path)
    wide = mode & _OTHERS_MAY_READ
    warning = Translatable("Others on this machine may read the secret in {path}; run: chmod 600 {path}", path=path)
    return Credential(line, warnings=(warning,) if wide else ())


def _systemd(name: str, environ: Mapping[str, str]) -> str | None:
    """Return the credential that the service manager passed under that name, or None."""
    folder = environ.get("CREDENTIALS_DIRECTORY")
    path = Path(folder) / name if folder else None
    if path is None or not path.is_file():
        return None
    return _from_file(path, "$CREDENTIALS_DIRECTORY").password


PATIENCE = 60.0  # seconds: a password manager may ask the owner to touch a key


def first_line_of(command: str, key: str, environ: Mapping[str, str], patience: float = PATIENCE) -> str:
    """Return the first line that `command` prints, without its line end.

    Raises UserError with one sentence that names `key`. Nothing the command printed is in it.
    """
    try:
        # A leading ~/ is written out, as a shell would do.
        arguments = [str(Path(word).expanduser()) if word.startswith("~/") else word for word in shlex.split(command)]
    except ValueError:
        arguments = []
    if not arguments:
        raise UserError("{key} can't be run as a command; check its quotes.", key=key)
    code, output = _run(arguments, key, environ, patience)
    if code != 0:
        raise UserError("{key} ended with exit code {code}; run it in a terminal to see why.", key=key, code=code)
    line = output.partition(b"\n")[0].decode(errors="replace").strip()
    if not line:
        raise UserError("{key} printed nothing on its first line; run it in a terminal to see why.", key=key)
    return line


def _run(arguments: list[str], key: str, environ: Mapping[str, str], patience: float) -> tuple[int, bytes]:
    """Return exit code and output."""
    try:
        process = subprocess.Popen(  # noqa: S603  the owner's own command, from their own file, without a shell
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # so that nothing it says gets into a log
            env=dict(environ),
            start_new_session=True,  # so that its children end with it
        )
    except OSError as error:
        raise UserError(
            "{key} cannot be run: {arguments} ({strerror}); check the program's name and path.",
            key=key,
            arguments=arguments[0],
            strerror=error.strerror,
        ) from None
    with process:
        try:
            output, _ = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise UserError(
                "{key} did not end within {patience:g} seconds; run it in a terminal to see what it waits for.",
                key=key,
                patience=patience,
            ) from None
    return process.returncode, output


SERVICE = "career-assistant"
_PLAIN = ("plaintext", "keyrings.alt.file.plaintextkeyring", "uncrypted")
_EMPTY = ("keyring.backends.fail", "keyring.backends.null")


class Keyring(Protocol):
    """A back end of the package `keyring`."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return the secret kept under that name, or None."""
        ...


class KeepingKeyring(Keyring, Protocol):
    """A back end that also takes secrets."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret under that name."""
        ...


def keep_in_keyring(name: str, secret: str, keyring: KeepingKeyring | None = None) -> bool:
    """Keep `secret` as `name` and return True, or return False if no keyring keeps it safely and gives it back.

    By default it uses the machine's keyring, if the package is installed.
    """
    backend = keyring or _installed()
    if backend is None or _kind(backend).startswith(_EMPTY):
        return False
    if any(word in _kind(part) for part in _parts(backend) for word in _PLAIN):
        return False
    try:
        backend.set_password(SERVICE, name, secret)
        return backend.get_password(SERVICE, name) == secret
    except Exception:  # noqa: BLE001  a keyring that can't be used is as good as none: the caller writes a file
        return False


def from_keyring(name: str, keyring: Keyring | None) -> str | None:
    """Return the secret kept as `name` under the service "career-assistant", None if there is none or no keyring.

    Raises UserError if the keyring keeps secrets in plain text, or doesn't answer.
    """
    backend = keyring or _installed()
    if backend is None or _kind(backend).startswith(_EMPTY):
        return None
    for part in _parts(backend):
        if any(word in _kind(part) for word in _PLAIN):
            raise UserError(
                "The keyring back end {kind} keeps secrets in plain text and is not used; choose another back "
                "end, or set password_command.",
                kind=type(part).__name__,
            )
    try:
        return backend.get_password(SERVICE, name) or None
    except Exception as error:  # noqa: BLE001  each back end has its own errors, whose text may hold anything
        raise UserError(
            "The keyring did not answer ({kind}); unlock it, or set password_command.", kind=type(error).__name__
        ) from None


def _installed() -> KeepingKeyring | None:
    try:
        package: Any = import_module("keyring")
    except ImportError:
        return None
    backend: KeepingKeyring = package.get_keyring()
    return backend


def _parts(backend: Any) -> list[Any]:
    """Return the back ends of a chain, else the back end alone."""
    chained = getattr(backend, "backends", None)
    return list(chained) if isinstance(chained, list | tuple) and chained else [backend]


def _kind(backend: object) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}".casefold()
