"""What discovery finds: the servers of one address, who said so, and whether that can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.setup.discovery.providers import Provider, Server


@dataclass(frozen=True, slots=True)
class FoundServers:
    """The servers of one address.

    `users` are the names to sign in with, the likeliest first; `smtp_user` is the one for sending. `source` says in
    words where it was found. `provider` is the row of the table, None if there is none. `certain` is False if only DNS
    vouches for hosts of another domain. Then the owner is asked before a password goes there (RFC 6186, 6).
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
    """Return the part before the @."""
    return address.rpartition("@")[0]


def of_provider(provider: Provider, address: str, source: str) -> FoundServers | None:
    """Return a provider's servers for one address, None if it has no IMAP."""
    if provider.imap is None:
        return None
    local = local_part(address)
    users = (local, address) if provider.login == "local" else (address,)
    smtp_user = local if provider.smtp_login == "local" else address
    return FoundServers(provider.name, provider.imap, provider.smtp, users, smtp_user, source, provider)
