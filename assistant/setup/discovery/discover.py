"""Finds the servers of an address, within five seconds.

    the table, by domain ─> the bundled public data ─┬─> found (no network so far)
                                       ┌─────────────┘
                                       └─> all at once: MX ─> the table | autoconfig | well-known | SRV
                                           the first of this order that answers wins; nothing: None, and two questions

No question reveals more than the domain.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from assistant.config.values import is_host
from assistant.core.language.translation import Translatable
from assistant.setup.discovery.autoconfig import PLACES, read_autoconfig
from assistant.setup.discovery.found import FoundServers, local_part, of_provider
from assistant.setup.discovery.lookups import DnsResolver, Resolver, Web
from assistant.setup.discovery.providers import (
    PROVIDERS,
    Provider,
    Security,
    Server,
    by_domain,
    by_mx,
    by_public_domain,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS: Final = 5.0
_IMAP: Final[tuple[tuple[str, Security], ...]] = (("_imaps._tcp", "tls"), ("_imap._tcp", "starttls"))
_SMTP: Final[tuple[tuple[str, Security], ...]] = (("_submissions._tcp", "tls"), ("_submission._tcp", "starttls"))


@dataclass(frozen=True, slots=True)
class Discovery:
    """What discovery asks (DNS, the web, the table, the public data), and how many seconds it may take in all."""

    resolver: Resolver = field(default_factory=DnsResolver)
    web: Web = field(default_factory=Web)
    providers: tuple[Provider, ...] = PROVIDERS
    public: Callable[[str], Provider | None] = by_public_domain
    seconds: float = SECONDS

    def known(self, address: str) -> Provider | None:
        """Return the provider that has addresses in this domain, None if there is none. Needs no network."""
        domain = _domain(address)
        return by_domain(domain, self.providers) or self.public(domain)

    def discover(self, address: str) -> FoundServers | None:
        """Return the servers of an address, None if nobody knows them. Never raises, nor exceeds `seconds`."""
        domain = _domain(address)
        if provider := by_domain(domain, self.providers):
            return of_provider(provider, address, Translatable("known by its domain"))
        if provider := self.public(domain):
            return of_provider(provider, address, Translatable("known by its domain, from public data"))
        return _race(
            [
                # First, since the mail exchanger shows where the mail really is. A web host in front of the domain
                # often answers for autoconfig, with its own servers.
                lambda: self._by_mx(address),
                *[lambda place=place: self._by_file(place, address) for place in PLACES],
                lambda: self._by_srv(address),
            ],
            self.seconds,
        )

    def _by_mx(self, address: str) -> FoundServers | None:
        provider = by_mx(self.resolver.mx(_domain(address)), self.providers)
        return (
            of_provider(provider, address, Translatable("known by the domain's mail exchanger")) if provider else None
        )

    def _by_file(self, place: str, address: str) -> FoundServers | None:
        domain = _domain(address)
        content = self.web.fetch(place.format(domain=domain))
        return (
            read_autoconfig(content, address, Translatable("published by {domain}", domain=domain)) if content else None
        )

    def _by_srv(self, address: str) -> FoundServers | None:
        domain = _domain(address)
        imap = self._service(_IMAP, domain)
        if imap is None:
            return None
        smtp = self._service(_SMTP, domain)
        # DNS can be forged, so only hosts of the domain itself are taken without asking the owner (RFC 6186, 6).
        certain = all(f".{server.host}".endswith(f".{domain}") for server in (imap, smtp) if server)
        users = (address, local_part(address))
        return FoundServers(
            domain,
            imap,
            smtp,
            users,
            address,
            Translatable("named by the DNS of {domain}", domain=domain),
            certain=certain,
        )

    def _service(self, names: tuple[tuple[str, Security], ...], domain: str) -> Server | None:
        for name, security in names:
            for host, port in self.resolver.srv(f"{name}.{domain}"):
                # RFC 6186, 3.4: the host "." says that the service isn't offered.
                if host != "." and is_host(host) and port:
                    return Server(host, port, security)
        return None


def _race(ways: list[Callable[[], FoundServers | None]], seconds: float) -> FoundServers | None:
    """Run all ways at once. Return the first result in their order once everything before it is done.

    Threads that are still waiting at the end are left behind; they have their own time limits.
    """
    found: dict[int, FoundServers | None] = {}
    changed = threading.Condition()

    def run(place: int) -> None:
        answer = None
        try:
            answer = ways[place]()
        finally:
            with changed:
                found[place] = answer
                changed.notify()

    for place in range(len(ways)):
        threading.Thread(target=run, args=(place,), daemon=True).start()
    deadline = time.monotonic() + seconds
    with changed:
        while (left := deadline - time.monotonic()) > 0:
            best = _decided(found, len(ways))
            if best is not None or len(found) == len(ways):
                return best
            changed.wait(left)
        return next((found[place] for place in sorted(found) if found[place]), None)


def _decided(found: dict[int, FoundServers | None], ways: int) -> FoundServers | None:
    """Return the best answer if nothing that takes precedence is still to come."""
    for place in range(ways):
        if place not in found:
            return None
        if found[place] is not None:
            return found[place]
    return None


def _domain(address: str) -> str:
    """Return the domain of an address as DNS knows it (IDNA for other scripts)."""
    domain = address.rpartition("@")[2].rstrip(".").casefold()
    try:
        return domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
