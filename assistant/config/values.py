"""The owner's config.toml as frozen values, and what may stand in them: host names, time zones, keys by section.

The program never writes that file.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

if TYPE_CHECKING:
    from pathlib import Path

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
    """`[llm]`. `timeout` in seconds for all calls about one person; `weekly_tokens` for all calls of a week."""

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


_NAME = re.compile(r"(?=.{1,253}$)[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)*\.?")


_USER_PART = re.compile(r"(?<=://)[^/?#]*@")


def is_host(text: str) -> bool:
    """Return whether `text` is a host name or an IP address, without port, scheme or path."""
    return _is_ip(text) or _NAME.fullmatch(text) is not None


def is_loopback(text: str) -> bool:
    """Return whether a host name, an IP address or a URL leads to this machine (RFC 5735, RFC 6761)."""
    host = (_hostname(text) if "://" in text else text).rstrip(".").casefold()
    if _is_ip(host):
        return ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def base_url_problem(url: str) -> str | None:
    """Return what is wrong with a model server's address as a clause, None for nothing. It is not repeated whole."""
    # The host is looked for without the user part: an address in brackets there hides it from some versions of Python.
    plain = _USER_PART.sub("", url)
    host = _hostname(plain)
    parts = urlsplit(plain) if is_host(host) else None
    # Some read a backslash as a slash, and so another host than Python does (WHATWG URL, 4.4).
    if parts is None or parts.scheme not in {"http", "https"} or "\\" in url or not url.isprintable():
        return 'is no web address; write it as "https://host/v1"'
    if parts.scheme == "http" and not is_loopback(host):
        return f"sends your notes to {host} unencrypted; http is for this machine alone, write https"
    if plain != url or parts.query or parts.fragment:
        return "holds more than an address; keys and options have lines of their own"
    return None


def _hostname(url: str) -> str:
    """Return the host of a URL, "" where there is none or its port is no number."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return ""
    return parts.hostname or ""


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


HOMES = {
    "name": "me",
    "addresses": "me",
    "timezone": "me",
    "company_domains": "me",
    "control_address": "me",
    "goals": "me",
    "kind": "mailbox",
    "archives": "mailbox",
    "since": "mailbox",
    "day": "digest",
    "time": "digest",
    "people": "digest",
    "delivery": "digest",
    "hold_minutes": "smtp",
    "also_from": "replies",
    "authserv_id": "replies",
    "base_url": "llm",
    "model": "llm",
    "share": "llm",
    "api_key": "llm",
    "weekly_tokens": "llm",
    "temperature": "llm",
    "prompts_dir": "llm",
    "cadence": "roles.NAME",
}


def home_of(key: str) -> str | None:
    """Return the section a key belongs to, None where it has none or several."""
    return HOMES.get(key)


def named_zone(name: str) -> ZoneInfo | None:
    """Return the zone of that IANA name, None where there is none."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # unknown; "../x" and absolute paths; a directory such as "Europe"
        return None


def spoken_zone(text: str) -> ZoneInfo | None:
    """Return the zone that somebody means by its name or its city, in any case ("berlin"); None for none."""
    wanted = text.strip().replace(" ", "_").casefold()
    named = {name.casefold(): name for name in sorted(available_timezones(), key=len, reverse=True)}
    cities = {name.rpartition("/")[2]: written for name, written in named.items()}  # of two names the shorter one
    name = named.get(wanted) or cities.get(wanted)
    return named_zone(name) if name else None


def is_plain_utc(name: str) -> bool:
    """Return whether a zone is UTC by any of its names: what servers keep, wherever their owner is.

    A place that keeps UTC all year (Africa/Abidjan) is a place.
    """
    zone = named_zone(name)
    seasons = (datetime(2025, month, 1, tzinfo=UTC) for month in (1, 7))
    at_zero = zone is not None and all(not one.astimezone(zone).utcoffset() for one in seasons)
    return at_zero and "/" not in name.removeprefix("Etc/")


def machine_zone() -> ZoneInfo:
    """Return this machine's zone, UTC where it has none or contradicts itself."""
    from tzlocal import get_localzone_name  # most configurations name their zone

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "no time zone configured": UTC then, as said in docs/configuration.md
        try:
            name = get_localzone_name()
        except LookupError:
            name = None
    return (named_zone(name) if name else None) or ZoneInfo("UTC")
