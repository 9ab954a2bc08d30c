"""What discovery finds: the servers of one address, who said so, and how far that can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.setup.discovery.providers import Provider, Server


@dataclass(frozen=True, slots=True)
class Found:
    """The servers of one address.

    `users` are the names to sign in with, the likeliest first; `smtp_user` that for sending. `source` says in words
    where it was found. `provider` is the row of the table, None for any other. `certain` is False where only DNS
    vouches for hosts of another domain: the owner is asked before a password goes there (RFC 6186, 6).
    """

    name: str
    imap: Server
    smtp: Server | None
    users: tuple[str, ...]
    smtp_user: str
    source: str
    provider: Provider | None = None
    certain: bool = True


def local_part(address: str) -> str:
    """Return what stands before the @."""
    return address.rpartition("@")[0]


def of_provider(provider: Provider, address: str, source: str) -> Found | None:
    """Return the servers of a provider of the table for one address, None where it has no IMAP."""
    if provider.imap is None:
        return None
    local = local_part(address)
    users = (local, address) if provider.login == "local" else (address,)
    smtp_user = local if provider.smtp_login == "local" else address
    return Found(provider.name, provider.imap, provider.smtp, users, smtp_user, source, provider)
