"""Read `[mailbox]`, `[smtp]` and `[llm]`: the servers, and where their passwords and keys come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from assistant.config.oauth import OAUTH_KEYS, oauth
from assistant.config.section import absolute, either, is_path, toml_value
from assistant.config.values import (
    SECTION_OF,
    LlmConfig,
    MailboxConfig,
    Me,
    Secret,
    SmtpConfig,
    base_url_problem,
    is_host,
    is_loopback,
)
from assistant.core.language.translation import Translatable

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.config.section import Section

SECURITIES = ("tls", "starttls", "none")
PASSWORDS = ("password_command", "password_env", "password_file", "token_command")
API_KEYS = ("api_key_command", "api_key_env", "api_key_file", "api_key")
_HIGHEST_PORT = 65535
_LONGEST_HOLD = 24 * 60
_IMAP_ONLY = ("host", "port", "security", "user", *PASSWORDS, *OAUTH_KEYS)
_NO_LITERAL = Translatable("; this file holds no passwords: use password_command, password_env or password_file")
_MEANT = "; did you mean {near}?"
_ADVICE = {"password": _NO_LITERAL, "token": Translatable(_MEANT, near="token_command")}
_LLM_ADVICE = {"url": Translatable(_MEANT, near="base_url"), "key": Translatable(_MEANT, near="api_key_command")}

Security = Literal["tls", "starttls", "none"]


def read_mailbox(section: Section, owner: Me, folder: Path) -> MailboxConfig:
    """Return `[mailbox]`. Relative paths start at `folder`."""
    kind = section.choice("kind", "", ("imap", "maildir"), required=True)
    host = _host(section, required=kind == "imap")
    security = _security(section, "tls", host, {143: "starttls"})
    path = _path(section, "path", folder)
    if kind == "maildir" and path is None and not section.has("path"):
        section.wrong("path", 'is missing; write the Maildir\'s folder, as in path = "~/Maildir"')
    if kind == "maildir":
        _warn_unused(section, _IMAP_ONLY, 'kind = "maildir"')
    elif kind == "imap":
        _warn_unused(section, ("path",), 'kind = "imap"')
    sent, archives = section.one_or_more("sent"), section.texts("archives")
    found = MailboxConfig(
        kind=cast("Literal['imap', 'maildir']", kind or "imap"),
        path=path,
        host=host,
        port=section.whole("port", 993 if security == "tls" else 143, (1, _HIGHEST_PORT), example=993),
        security=security,
        user=section.text("user", owner.control_address, empty=True),
        secret=_sign_in(section, folder),
        sent=sent if len(sent) > 1 else next(iter(sent), None),
        drafts=section.text("drafts") or None,
        inbox=section.text("inbox") or None,
        archives=tuple(absolute(text, folder) for text in archives if is_path(text, folder)),
        archive_folders=tuple(text for text in archives if not is_path(text, folder)),
        since=section.whole("since", 60, (0, 1200), "months (0: all)"),
        received=section.flag("received", default=True),
    )
    section.note_unknown_keys(SECTION_OF, _ADVICE)
    return found


def read_smtp(section: Section, box: MailboxConfig, folder: Path) -> SmtpConfig:
    """Return `[smtp]`. User and secret are the mailbox's if left out; `user = ""` means no login."""
    host = _host(section, required=True)
    security = _security(section, "starttls", host, {465: "tls"})
    user = section.text("user", box.user, empty=True)
    secret = _password(section, folder)
    found = SmtpConfig(
        host=host,
        port=section.whole("port", 465 if security == "tls" else 587, (1, _HIGHEST_PORT)),
        security=security,
        user=user,
        secret=box.secret if secret == Secret() else secret,
        hold_minutes=section.whole("hold_minutes", 10, (0, _LONGEST_HOLD), "minutes"),
    )
    section.note_unknown_keys(SECTION_OF, _ADVICE)
    return found


def read_llm(section: Section, folder: Path) -> LlmConfig:
    """Return `[llm]`."""
    url = section.text("base_url", required='"http://127.0.0.1:11434/v1"')
    if url and (problem := base_url_problem(url)):
        section.wrong("base_url", problem)
    # A model on this machine is slower, and answers one call at a time.
    local = bool(url) and is_loopback(url)
    found = LlmConfig(
        base_url=url,
        model=section.text("model", required='"the model\'s name at that server"'),
        secret=_api_key(section, folder),
        share=cast(
            "Literal['excerpts', 'subjects', 'nothing']",
            section.choice("share", "excerpts", ("excerpts", "subjects", "nothing")),
        ),
        weekly_tokens=section.whole("weekly_tokens", 200_000, (0, 1_000_000_000), "tokens a week"),
        timeout=section.number("timeout", 300.0 if local else 60.0, (1, 3600), "seconds"),
        parallel=section.whole("parallel", 1 if local else 4, (1, 16), "calls at once"),
        temperature=section.number("temperature", 0.4, (0, 2)),
        prompts_dir=_path(section, "prompts_dir", folder),
    )
    section.note_unknown_keys(SECTION_OF, _LLM_ADVICE)
    return found


def _host(section: Section, *, required: bool) -> str:
    host = section.text("host", required='"mail.example.com"' if required else "")
    if host and not is_host(host):
        section.wrong(
            "host",
            Translatable(
                "= {host} is not a host name; write only the name, without port or scheme", host=toml_value(host)
            ),
        )
    return host


def _security(section: Section, default: str, host: str, by_port: dict[int, str]) -> Security:
    """Return how the connection is encrypted. Without the key, the port decides, else `default`."""
    port = section.table.get("port")
    usual = by_port.get(port, default) if isinstance(port, int) else default
    security = section.choice("security", usual, SECURITIES)
    # A password is never sent unencrypted to another machine.
    if security == "none" and host and is_host(host) and not is_loopback(host):
        wanted = either(("tls", "starttls"))
        section.wrong(
            "security",
            Translatable(
                '= "none" is only for this machine, and {host} is another; write {wanted}', host=host, wanted=wanted
            ),
        )
    return cast("Security", security)


def _sign_in(section: Section, folder: Path) -> Secret:
    """Return where the mailbox's password or token comes from. At most one way may be given."""
    secret = _password(section, folder)
    signing_in = oauth(section, folder)
    if signing_in is None:
        return secret
    for key in PASSWORDS:
        if key in section.table:
            section.wrong(key, "can't be used together with oauth; keep one of them")
    return Secret(oauth=signing_in)


def _password(section: Section, folder: Path) -> Secret:
    """Return where the password comes from. At most one way may be given."""
    secret = Secret(
        command=section.text("password_command") or None,
        env=section.text("password_env") or None,
        file=_path(section, "password_file", folder),
        token_command=section.text("token_command") or None,
    )
    _only_one(section, PASSWORDS)
    return secret


def _api_key(section: Section, folder: Path) -> Secret:
    secret = Secret(
        command=section.text("api_key_command") or None,
        env=section.text("api_key_env") or None,
        file=_path(section, "api_key_file", folder),
        literal=section.text("api_key") or None,
    )
    _only_one(section, API_KEYS)
    return secret


def _only_one(section: Section, keys: tuple[str, ...]) -> None:
    named = [key for key in keys if key in section.table]
    for key in named[1:]:
        section.wrong(key, Translatable("can't be used together with {named}; keep one of them", named=named[0]))


def _warn_unused(section: Section, keys: tuple[str, ...], because: str) -> None:
    for key in keys:
        if key in section.table:
            section.notes.warn((*section.path, key), Translatable("is not used with {because}", because=because))


def _path(section: Section, key: str, folder: Path) -> Path | None:
    text = section.text(key)
    return absolute(text, folder) if text else None
