"""Writes a new configuration: once, readable by the owner alone, and never over one that exists."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.config import load_config
from assistant.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.config import LlmConfig, MailboxConfig, OAuth, SmtpConfig
    from assistant.setup.proposal import Proposal

PASSWORD_FILE = "password"  # noqa: S105 - a file's name
KEY_FILE = "llm-key"
CLIENT_SECRET_FILE = "client-secret"  # noqa: S105 - a file's name
MONTHS = 12


@dataclass(frozen=True, slots=True)
class NewConfig:
    """What set-up found out. The secrets in it are only paths and commands."""

    me: Proposal
    mailbox: MailboxConfig
    smtp: SmtpConfig | None
    llm: LlmConfig | None


def config_text(new: NewConfig) -> str:
    """Return the configuration as TOML that `load_config` takes, with a comment where the owner may want a change."""
    lines = [
        "# Made by `assistant init`. Yours from here on: the program never writes it again.",
        "# Every key: assistant docs configuration",
        "",
        "[me]",
        _line("name", new.me.name),
        "# All addresses you send from. Digests go to the first.",
        _line("addresses", list(new.me.addresses)),
        _line("timezone", new.me.timezone),
        "# Domains of the company you work at: they tell advocates (inside) from advisors (outside).",
        _line("company_domains", list(new.me.company_domains)),
        _line("language", new.me.language),
        "",
        "[mailbox]",
        _line("kind", "imap"),
        _line("host", new.mailbox.host),
        _line("port", new.mailbox.port),
        _line("security", new.mailbox.security),
        _line("user", new.mailbox.user),
        *_password(new.mailbox),
        *([_line("sent", new.mailbox.sent)] if new.mailbox.sent else []),
        *([_line("drafts", new.mailbox.drafts)] if new.mailbox.drafts else []),
        "# Months of sent mail read at first. A higher number reads the older mail at the next scan; 0 is all of it.",
        _line("since", MONTHS),
        *_smtp(new),
        *_llm(new.llm),
    ]
    return "\n".join(lines) + "\n"


def _password(box: MailboxConfig) -> list[str]:
    secret = box.secret
    if secret.oauth is not None:
        return _oauth(secret.oauth)
    ways = {
        "password_command": secret.command,
        "password_env": secret.env,
        "password_file": str(secret.file) if secret.file else None,
        "token_command": secret.token_command,
    }
    named = [_line(key, value) for key, value in ways.items() if value is not None]
    return named or ["# The password is in this machine's keyring."]


def _oauth(config: OAuth) -> list[str]:
    keys = {
        "oauth": config.provider,
        "client_id": config.client_id,
        "client_secret_file": str(config.client_secret.file) if config.client_secret else None,
    }
    return [_line(key, value) for key, value in keys.items() if value is not None]


def _smtp(new: NewConfig) -> list[str]:
    if new.smtp is None:
        return [
            "",
            "# Without [smtp] the digest is put into your inbox over IMAP; only `send N` needs this section.",
            "# [smtp]",
            '# host = "smtp.example.com"',
        ]
    lines = ["", "[smtp]", _line("host", new.smtp.host), _line("port", new.smtp.port)]
    lines.append(_line("security", new.smtp.security))
    if new.smtp.user != new.mailbox.user:
        lines.append(_line("user", new.smtp.user))
    return lines


def _llm(llm: LlmConfig | None) -> list[str]:
    if llm is None:
        return [
            "",
            "# Without [llm] drafts and briefs are written by rules, on this machine.",
            "# [llm]",
            '# base_url = "http://127.0.0.1:11434/v1"',
            '# model = "the name of the model"',
        ]
    key = [_line("api_key_file", str(llm.secret.file))] if llm.secret.file else []
    return ["", "[llm]", _line("base_url", llm.base_url), _line("model", llm.model), *key]


def _line(key: str, value: object) -> str:
    # A JSON string is a TOML string, except for the control character 127.
    return f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")


def write_config(path: Path, text: str) -> None:
    """Write a new configuration to `path` (0600, its folder 0700), after checking that it loads.

    Raises UserError if one exists, which is never overwritten; ConfigError if the text is wrong.
    """
    make_folder(path.parent)
    trial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.toml")
    _write_new(trial, text)
    try:
        # A configuration that doesn't load must never be put in place, since no later run may replace it.
        load_config(trial)
        try:
            _write_new(path, text)
        except FileExistsError:
            raise UserError("There is already a configuration at {path}; it stays as it is.", path=path) from None
    finally:
        trial.unlink()


def write_secret(path: Path, secret: str) -> None:
    """Write a secret into a file (0600), replacing what was in it; whole or not at all."""
    make_folder(path.parent)
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    _write_new(new, secret + "\n")
    new.replace(path)


def make_folder(path: Path) -> None:
    """Make a folder that only the owner can read. One that exists stays as it is."""
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)


def _write_new(path: Path, text: str) -> None:
    # The mode comes with the file: changed afterwards, a secret could be read for a moment.
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
