"""The keyring, where the package `keyring` is installed; back ends that keep plain text are refused by name."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol

from assistant.errors import UserError

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
            message = (
                f"The keyring back end {type(part).__name__} keeps secrets in plain text and is not used; "
                "choose another back end, or set password_command."
            )
            raise UserError(message)
    try:
        return backend.get_password(SERVICE, name) or None
    except Exception as error:  # noqa: BLE001  every back end raises errors of its own, and their words may hold anything
        message = f"The keyring did not answer ({type(error).__name__}); unlock it, or set password_command."
        raise UserError(message) from None


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
