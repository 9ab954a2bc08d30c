from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.config import Secret
from assistant.config.secrets import Credential, find_credential, first_line_of, require_credential
from assistant.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

CANARY = "s3cret-canary"
ENVIRON = {"PATH": "/usr/bin:/bin", "MY_PASSWORD": CANARY}


class FakeKeyring:
    """A keyring that holds what it is given, under the service's name."""

    def __init__(self, held: Mapping[str, str]) -> None:
        self.held = held

    def get_password(self, service: str, username: str) -> str | None:
        assert service == "career-assistant"
        return self.held.get(username)


class PlaintextKeyring(FakeKeyring):
    pass


class BrokenKeyring(FakeKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        message = f"{service} {username} {CANARY}"
        raise RuntimeError(message)


class ChainedKeyring(FakeKeyring):
    def __init__(self, *backends: FakeKeyring) -> None:
        super().__init__({})
        self.backends = list(backends)


NO_KEYRING = FakeKeyring({})


def script(folder: Path, text: str) -> str:
    path = folder / "tell"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return str(path)


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "secret"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_command_gives_its_first_line(tmp_path: Path) -> None:
    secret = Secret(command=script(tmp_path, f"echo '{CANARY}  '; echo user: jane; echo noise >&2"))
    assert require_credential(secret, "mailbox", "jane", ENVIRON) == Credential(CANARY)


def test_arguments_keep_their_quotes_and_no_shell_reads_them() -> None:
    assert first_line_of("printf '%s|' 'a b' '$HOME;' ~", "key", ENVIRON) == "a b|$HOME;|~|"


def test_a_home_is_put_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    written(tmp_path, CANARY)
    assert first_line_of("cat ~/secret", "key", ENVIRON) == CANARY


def test_a_token_command_gives_a_token(tmp_path: Path) -> None:
    credential = require_credential(
        Secret(token_command=script(tmp_path, f"echo {CANARY}")), "mailbox", "jane", ENVIRON
    )
    assert (credential.token, credential.password, credential.value) == (CANARY, None, CANARY)


def test_environment_and_literal() -> None:
    assert require_credential(Secret(env="MY_PASSWORD"), "smtp", "jane", ENVIRON).password == CANARY
    assert require_credential(Secret(literal=CANARY), "llm", "", ENVIRON).password == CANARY


@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o400, False), (0o644, True), (0o660, True)])
def test_a_file_others_may_read_is_said_aloud(tmp_path: Path, mode: int, *, warned: bool) -> None:
    path = written(tmp_path, f"{CANARY}\nmore\n", mode)
    credential = require_credential(Secret(file=path), "mailbox", "jane", ENVIRON)
    assert credential.password == CANARY
    assert credential.warnings == (
        (f"Others on this machine may read the secret in {path}; run: chmod 600 {path}",) if warned else ()
    )


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        (Secret(command="exit-code"), "password_command ended with exit code 3"),
        (Secret(command="silent"), "password_command printed nothing"),
        (Secret(command="no-such-program-anywhere -x"), "password_command cannot be run: no-such-program-anywhere"),
        (Secret(command="echo 'open"), "password_command can't be run"),
        (Secret(command=" "), "password_command can't be run"),
        (Secret(token_command="exit-code"), "token_command ended with exit code 3"),
        (Secret(env="NOT_SET"), "password_env names the environment variable NOT_SET, which is not set"),
        (Secret(file=Path("/no/such/file")), "password_file names /no/such/file, which cannot be read"),
        (Secret(), "No password for [mailbox] was found"),
    ],
)
def test_each_failure_is_one_sentence_without_the_secret(tmp_path: Path, secret: Secret, expected: str) -> None:
    lines = {"exit-code": f"echo {CANARY}; echo {CANARY} >&2; exit 3", "silent": f"echo; echo {CANARY}"}
    command = secret.command or secret.token_command or ""
    if command in lines:
        path = script(tmp_path, lines[command])
        secret = Secret(command=path) if secret.command else Secret(token_command=path)
    with pytest.raises(UserError) as caught:
        require_credential(secret, "mailbox", "jane", ENVIRON, NO_KEYRING)
    assert expected in str(caught.value)
    assert CANARY not in str(caught.value)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_an_empty_or_binary_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="whose first line is empty"):
        require_credential(Secret(file=written(tmp_path, "\n")), "mailbox", "jane", ENVIRON)
    (tmp_path / "secret").write_bytes(b"\xff\xfe\xfd")
    with pytest.raises(UserError, match="not UTF-8"):
        require_credential(Secret(file=tmp_path / "secret"), "mailbox", "jane", ENVIRON)


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    path = script(tmp_path, f"sleep 30 & echo $! > {tmp_path}/pid; wait")
    begun = time.monotonic()
    with pytest.raises(UserError, match=r"did not end within 0\.5 seconds"):
        first_line_of(path, "key", ENVIRON, patience=0.5)
    assert time.monotonic() - begun < 5
    child = int((tmp_path / "pid").read_text())
    status = Path(f"/proc/{child}/stat")
    assert not status.exists() or status.read_text().split()[2] == "Z"


def test_a_command_never_waits_for_the_keyboard() -> None:
    with pytest.raises(UserError, match="printed nothing"):
        first_line_of("cat", "key", ENVIRON, patience=5)


def test_the_service_managers_credential_comes_before_the_keyring(tmp_path: Path) -> None:
    environ = {**ENVIRON, "CREDENTIALS_DIRECTORY": str(tmp_path)}
    keyring = FakeKeyring({"mailbox:jane": "from the keyring", "smtp:jane": "for smtp", "llm": "key"})
    assert require_credential(Secret(), "mailbox", "jane", environ, keyring).password == "from the keyring"
    (tmp_path / "mailbox-password").write_text(CANARY)
    assert require_credential(Secret(), "mailbox", "jane", environ, keyring).password == CANARY
    assert require_credential(Secret(), "smtp", "jane", environ, keyring).password == CANARY
    assert require_credential(Secret(), "smtp", "jane", ENVIRON, keyring).password == "for smtp"
    assert require_credential(Secret(), "llm", "", environ, keyring).password == "key"
    assert require_credential(Secret(env="MY_PASSWORD"), "mailbox", "jane", environ, keyring).password == CANARY


def test_smtp_falls_back_to_the_mailboxs_password_in_the_keyring() -> None:
    assert (
        require_credential(Secret(), "smtp", "jane", ENVIRON, FakeKeyring({"mailbox:jane": CANARY})).password == CANARY
    )


def test_a_model_without_a_key_is_fine() -> None:
    assert find_credential(Secret(), "llm", "", ENVIRON, NO_KEYRING) is None


@pytest.mark.parametrize(
    "keyring", [PlaintextKeyring({"mailbox:jane": CANARY}), ChainedKeyring(FakeKeyring({}), PlaintextKeyring({}))]
)
def test_plain_text_keyrings_are_refused_by_name(keyring: FakeKeyring) -> None:
    with pytest.raises(UserError, match="The keyring back end PlaintextKeyring keeps secrets in plain text"):
        require_credential(Secret(), "mailbox", "jane", ENVIRON, keyring)


def test_a_broken_keyring_is_one_sentence() -> None:
    with pytest.raises(UserError, match=r"^The keyring did not answer \(RuntimeError\)") as caught:
        require_credential(Secret(), "mailbox", "jane", ENVIRON, BrokenKeyring({}))
    assert CANARY not in str(caught.value)


def test_neither_a_secret_nor_a_credential_shows_itself(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    credential = require_credential(Secret(command=script(tmp_path, f"echo {CANARY}")), "mailbox", "jane", ENVIRON)
    shown = f"{credential!r} {credential} {Secret(literal=CANARY)!r} {Credential(token=CANARY)!r} {caplog.text}"
    assert CANARY not in shown
