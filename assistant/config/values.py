"""The owner's config.toml as frozen values, and what they may hold: host names, time zones, keys by section.

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

from assistant.core.language.translation import Translatable

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.core.language.data_files import Language
    from assistant.core.people.roles import Role


@dataclass(frozen=True, slots=True)
class OAuth:
    """How to sign in by OAuth 2 with the owner's own client id. The tokens are in the data folder.

    `client_secret` is None for a public client. Addresses and `scope` are "" for those of the provider; for "other"
    the owner gives them.
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
    """Where a password or key comes from. It is read when it is needed, and not kept."""

    command: str | None = None
    env: str | None = None
    file: Path | None = None
    literal: str | None = field(default=None, repr=False)
    token_command: str | None = None
    oauth: OAuth | None = None


@dataclass(frozen=True, slots=True)
class Me:
    """The owner. `addresses` are in normal form; the first is the control address unless the owner sets another."""

    name: str
    addresses: tuple[str, ...]
    control_address: str
    timezone: ZoneInfo
    company_domains: tuple[str, ...] = ()
    language: Language = "en"
    goals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MailboxConfig:
    """`[mailbox]`. `since` is how many months are read at first, 0 for all. `sent` is one folder name or several.

    `received` says whether headers of mail from people on the roster are read too. `archive_folders` are the archives
    that are no files here, so folders of the mailbox.
    """

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
    archive_folders: tuple[str, ...] = ()
    since: int = 60
    received: bool = True

    @property
    def place(self) -> str:
        """Return "host:port", as sentences name the server."""
        return f"{self.host}:{self.port}"

    @property
    def sent_names(self) -> tuple[str, ...]:
        """Return the folders that `sent` names, empty if the program should find them."""
        return (self.sent,) if isinstance(self.sent, str) else self.sent or ()


@dataclass(frozen=True, slots=True)
class SmtpConfig:
    """`[smtp]`. User and secret are the mailbox's by default. `send N` waits `hold_minutes` for an `undo`."""

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
    """`[digest]`. `day` is 0 for Monday. `people` is the most in one week."""

    day: int = 0
    time: time = time(8, 0)
    people: int = 5
    delivery: Literal["auto", "smtp", "append"] = "auto"
    language: Language = "en"


@dataclass(frozen=True, slots=True)
class LlmConfig:
    """`[llm]`. `timeout` is in seconds for all calls about one person, `weekly_tokens` for all calls of a week."""

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
    """`[replies]`, the second door: addresses in normal form whose mail in INBOX is read too. Without any it is shut.

    `authserv_id` is the name of the owner's mail server in its Authentication-Results, in lower case.
    """

    also_from: tuple[str, ...] = ()
    authserv_id: str = ""


@dataclass(frozen=True, slots=True)
class CalendarConfig:
    """One `[[calendar]]`: a file, an address, or a secret that holds the address.

    `name` is unique and stands for the address wherever something is said, logged or stored.
    """

    name: str
    path: Path | None = None
    url: str = field(default="", repr=False)
    secret: Secret = Secret()


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration. `smtp` and `llm` are None if absent. `roles` has all roles by name, built-in ones too.

    `warnings` are sentences to tell the owner once (an unused key, a secret that others may read). `offer_hours` are
    the working hours in which drafts may offer free times, None if they may not.
    """

    me: Me
    mailbox: MailboxConfig
    smtp: SmtpConfig | None
    digest: DigestConfig
    llm: LlmConfig | None
    roles: dict[str, Role]
    warnings: tuple[str, ...] = ()
    replies: RepliesConfig = RepliesConfig()
    calendars: tuple[CalendarConfig, ...] = ()
    offer_hours: tuple[time, time] | None = None


_NAME = re.compile(r"(?=.{1,253}$)[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)*\.?")


_USER_PART = re.compile(r"(?<=://)[^/?#]*@")


def is_host(text: str) -> bool:
    """Return whether `text` is a bare host name or IP address."""
    return _is_ip(text) or _NAME.fullmatch(text) is not None


def is_loopback(text: str) -> bool:
    """Return whether a host name, IP address or URL means this machine (RFC 5735, RFC 6761)."""
    host = (_hostname(text) if "://" in text else text).rstrip(".").casefold()
    if _is_ip(host):
        return ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def base_url_problem(url: str) -> str | None:
    """Return what is wrong with the address of a model server, as a clause without the address; None for nothing."""
    # The host is looked for without the user part: an address in brackets there hides it from some versions of Python.
    plain = _USER_PART.sub("", url)
    host = _hostname(plain)
    parts = urlsplit(plain) if is_host(host) else None
    # Some clients read a backslash as a slash, and so reach another host than Python sees (WHATWG URL, 4.4).
    if parts is None or parts.scheme not in {"http", "https"} or "\\" in url or not url.isprintable():
        return Translatable('is not a web address; write it as "https://host/v1"')
    if parts.scheme == "http" and not is_loopback(host):
        return Translatable(
            "sends your notes to {host} unencrypted; http is only for this machine, write https", host=host
        )
    if plain != url or parts.query or parts.fragment:
        return Translatable("holds more than an address; write keys and options on separate lines")
    return None


def _hostname(url: str) -> str:
    """Return the host of a URL, "" if it has none or its port isn't a number."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that isn't a number
    except ValueError:
        return ""
    return parts.hostname or ""


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


# Keys that belong to one section, to say where a misplaced key belongs. Those of several sections are left out.
SECTION_OF = {
    "name": "me",
    "addresses": "me",
    "timezone": "me",
    "company_domains": "me",
    "control_address": "me",
    "goals": "me",
    "kind": "mailbox",
    "archives": "mailbox",
    "since": "mailbox",
    "received": "mailbox",
    "day": "digest",
    "time": "digest",
    "people": "digest",
    "delivery": "digest",
    "hold_minutes": "smtp",
    "also_from": "replies",
    "authserv_id": "replies",
    "url_command": "[calendar]",
    "url_file": "[calendar]",
    "offer_slots": "[calendar]",
    "working_hours": "[calendar]",
    "base_url": "llm",
    "model": "llm",
    "share": "llm",
    "api_key": "llm",
    "weekly_tokens": "llm",
    "temperature": "llm",
    "prompts_dir": "llm",
    "cadence": "roles.NAME",
}


def named_zone(name: str) -> ZoneInfo | None:
    """Return the zone with that IANA name, or None."""
    try:
        return ZoneInfo(name)
    # Raised for an unknown name; for "../x" and absolute paths; for a directory such as "Europe".
    except (LookupError, ValueError, OSError):
        return None


def spoken_zone(text: str) -> ZoneInfo | None:
    """Return the zone that somebody means by its name or its city, in any case ("berlin"), or None."""
    wanted = text.strip().replace(" ", "_").casefold()
    named = {name.casefold(): name for name in sorted(available_timezones(), key=len, reverse=True)}
    cities = {name.rpartition("/")[2]: written for name, written in named.items()}  # the shorter of two names wins
    name = named.get(wanted) or cities.get(wanted)
    return named_zone(name) if name else None


def is_plain_utc(name: str) -> bool:
    """Return whether a zone is UTC under any of its names.

    A place that has UTC all year (Africa/Abidjan) isn't.
    """
    # Servers run on UTC wherever their owner lives, so set-up can't take it for the owner's zone.
    zone = named_zone(name)
    seasons = (datetime(2025, month, 1, tzinfo=UTC) for month in (1, 7))
    at_zero = zone is not None and all(not one.astimezone(zone).utcoffset() for one in seasons)
    return at_zero and "/" not in name.removeprefix("Etc/")


def machine_zone() -> ZoneInfo:
    """Return this machine's zone, UTC if it has none or its settings contradict each other."""
    from tzlocal import get_localzone_name  # imported here, since most configurations name their zone

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of no zone; that is UTC then, as docs/configuration.md says
        try:
            name = get_localzone_name()
        except LookupError:
            name = None
    return (named_zone(name) if name else None) or ZoneInfo("UTC")
