"""The owner's config.toml as frozen values. The program never writes that file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from assistant.core.people.roles import Role


@dataclass(frozen=True, slots=True)
class OAuth:
    """Signing in by OAuth 2 with the owner's own client id; the tokens themselves lie in the data folder.

    `client_secret` None: a public client. The addresses "" and `scope` "" are those of the provider; for "other" they
    are the owner's.
    """

    provider: Literal["google", "microsoft", "other"]
    client_id: str
    client_secret: Secret | None = None
    tenant: str = "common"
    authorize_url: str = ""
    token_url: str = ""
    device_url: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a password or key comes from; it is read when it is needed, never kept here."""

    command: str | None = None
    env: str | None = None
    file: Path | None = None
    literal: str | None = field(default=None, repr=False)
    token_command: str | None = None
    oauth: OAuth | None = None


@dataclass(frozen=True, slots=True)
class Me:
    """The owner. `addresses` are normal forms, the first is the control address unless `control_address` is set."""

    name: str
    addresses: tuple[str, ...]
    control_address: str
    timezone: ZoneInfo
    company_domains: tuple[str, ...] = ()
    language: Literal["en", "de"] = "en"
    goals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MailboxConfig:
    """`[mailbox]`. `since` is the number of months read at first; 0 means all. `sent` is one name, or several."""

    kind: Literal["imap", "maildir"]
    path: Path | None = None
    host: str = ""
    port: int = 993
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    secret: Secret = Secret()
    sent: str | tuple[str, ...] | None = None
    drafts: str | None = None
    inbox: str | None = None
    archives: tuple[Path, ...] = ()
    since: int = 60

    @property
    def place(self) -> str:
        """Return "host:port", as sentences name the server."""
        return f"{self.host}:{self.port}"

    @property
    def sent_names(self) -> tuple[str, ...]:
        """Return the folders that `sent` names; empty where they are to be found."""
        return (self.sent,) if isinstance(self.sent, str) else self.sent or ()


@dataclass(frozen=True, slots=True)
class SmtpConfig:
    """`[smtp]`: user and secret are the mailbox's when left out; `send N` waits `hold_minutes` for an `undo`."""

    host: str
    port: int = 587
    security: Literal["tls", "starttls", "none"] = "starttls"
    user: str = ""
    secret: Secret = Secret()
    hold_minutes: int = 10

    @property
    def place(self) -> str:
        """Return "host:port", as sentences name the server."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class DigestConfig:
    """`[digest]`. `day` is 0 for Monday; `people` the most in one week."""

    day: int = 0
    time: time = time(8, 0)
    people: int = 5
    delivery: Literal["auto", "smtp", "append"] = "auto"
    language: Literal["en", "de"] = "en"


@dataclass(frozen=True, slots=True)
class LlmConfig:
    """`[llm]`. `timeout` in seconds for one whole call; `weekly_tokens` for all calls of a week."""

    base_url: str
    model: str
    secret: Secret = Secret()
    share: Literal["excerpts", "subjects", "nothing"] = "excerpts"
    weekly_tokens: int = 200_000
    timeout: float = 60.0
    parallel: int = 4
    temperature: float = 0.4
    prompts_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class RepliesConfig:
    """`[replies]`, the second door: normal addresses whose mail in INBOX is read too; empty: it is shut.

    `authserv_id` names the owner's own mail server as its Authentication-Results do, in small letters.
    """

    also_from: tuple[str, ...] = ()
    authserv_id: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the owner configured; `smtp` and `llm` None when absent; `roles` by name, the built-in ones merged in.

    `warnings` are sentences to say aloud once (an unused key, a secret that others may read); the rest works.
    """

    me: Me
    mailbox: MailboxConfig
    smtp: SmtpConfig | None
    digest: DigestConfig
    llm: LlmConfig | None
    roles: dict[str, Role]
    warnings: tuple[str, ...] = ()
    replies: RepliesConfig = RepliesConfig()
