"""Read the keys of `[mailbox]` for signing in by OAuth 2 with the owner's own client id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import urlsplit

from assistant.config.section import absolute
from assistant.config.values import OAuth, Secret, is_host, is_loopback
from assistant.core.language.translation import Translatable

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.config.section import Section

PROVIDERS = ("google", "microsoft", "other")
CLIENT_SECRETS = ("client_secret_command", "client_secret_env", "client_secret_file")
_URLS = ("authorize_url", "token_url", "device_url")
OAUTH_KEYS = ("oauth", "client_id", *CLIENT_SECRETS, "tenant", *_URLS, "scope")


def oauth(section: Section, folder: Path) -> OAuth | None:
    """Return how to sign in by OAuth 2, None if the section doesn't ask for it. Problems are noted."""
    provider = section.choice("oauth", "", PROVIDERS)
    values = {key: section.text(key) for key in ("tenant", *_URLS, "scope")}
    client_id = section.text("client_id", required='"the id of your own client"' if provider else "")
    secret = _client_secret(section, folder)
    if not provider:
        for key in OAUTH_KEYS[1:]:
            if key in section.table and not section.has("oauth"):
                section.wrong(key, 'needs oauth = "google", "microsoft" or "other" beside it')
        return None
    for key in _URLS:
        if values[key] and not _safe(values[key]):
            section.wrong(key, "can't be used as an address; write https://… (http is only for this machine)")
    if provider == "other":
        for key in ("authorize_url", "token_url", "scope"):
            if not section.has(key):
                section.wrong(key, 'is missing; oauth = "other" needs authorize_url, token_url and scope')
    return OAuth(
        provider=cast("Literal['google', 'microsoft', 'other']", provider),
        client_id=client_id,
        client_secret=secret,
        tenant=values["tenant"] or "common",
        authorize_url=values["authorize_url"],
        token_url=values["token_url"],
        device_url=values["device_url"],
        scope=values["scope"],
    )


def _client_secret(section: Section, folder: Path) -> Secret | None:
    file = section.text("client_secret_file")
    secret = Secret(
        command=section.text("client_secret_command") or None,
        env=section.text("client_secret_env") or None,
        file=absolute(file, folder) if file else None,
    )
    named = [key for key in CLIENT_SECRETS if key in section.table]
    for key in named[1:]:
        section.wrong(key, Translatable("can't be used together with {named}; keep one of them", named=named[0]))
    return None if secret == Secret() else secret


def _safe(url: str) -> bool:
    """Return whether tokens may go to this address: https, or http on this machine."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that isn't a number
    except ValueError:
        return False
    host = parts.hostname or ""
    return (
        is_host(host)
        and parts.username is None
        and not parts.fragment
        and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))
    )
