"""Where each provider hands out tokens, and what is asked for: mail by IMAP and SMTP, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from assistant.config import OAuth


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses of one provider; `device` "" where it has no device code. `extra` goes into the first question.

    `redirect_host` is how the provider wants this machine called in the redirect (RFC 8252, 7.3).
    """

    name: str
    authorize: str
    token: str
    device: str
    scope: str
    extra: tuple[tuple[str, str], ...] = ()
    redirect_host: str = "127.0.0.1"


_GOOGLE: Final = Endpoints(
    "Google",
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://oauth2.googleapis.com/token",
    "",  # Google gives no device code for mail: its list of scopes for devices leaves it out
    "https://mail.google.com/",
    # Without these two Google gives a refresh token at the very first sign-in only.
    (("access_type", "offline"), ("prompt", "consent")),
)
_MICROSOFT: Final = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/"
_MICROSOFT_SCOPE: Final = (
    "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"
)


def endpoints(config: OAuth) -> Endpoints:
    """Return the addresses to use; those the owner wrote go before the provider's own."""
    if config.provider == "google":
        own = _GOOGLE
    elif config.provider == "microsoft":
        base = _MICROSOFT.format(tenant=quote(config.tenant, safe=""))
        own = Endpoints(
            "Microsoft",
            f"{base}authorize",
            f"{base}token",
            f"{base}devicecode",
            _MICROSOFT_SCOPE,
            redirect_host="localhost",
        )
    else:
        own = Endpoints("The provider", "", "", "", "")
    return Endpoints(
        own.name,
        config.authorize_url or own.authorize,
        config.token_url or own.token,
        config.device_url or own.device,
        config.scope or own.scope,
        own.extra,
        own.redirect_host,
    )
