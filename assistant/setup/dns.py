"""The two questions to DNS that set-up asks: MX (RFC 5321, 5.1) and SRV (RFC 6186, RFC 8314)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class Resolver(Protocol):
    """Answers questions to DNS; an empty answer for a name that is not there, or a server that is silent."""

    def mx(self, domain: str) -> Sequence[str]:
        """Return the mail exchangers of a domain, the most preferred first."""
        ...

    def srv(self, name: str) -> Sequence[tuple[str, int]]:
        """Return host and port of a service, the most preferred first; "." as host says that there is none."""
        ...


@dataclass(frozen=True, slots=True)
class DnsResolver:
    """Asks the machine's own name servers, or those given, for at most `patience` seconds a question."""

    nameservers: tuple[str, ...] = ()
    port: int = 53
    patience: float = 4.5

    def mx(self, domain: str) -> Sequence[str]:
        """Return the mail exchangers of a domain, the most preferred first; empty for none or no answer."""
        found = sorted((int(one.preference), _name(one.exchange)) for one in self._ask(domain, "MX"))
        return [host for _, host in found if host]

    def srv(self, name: str) -> Sequence[tuple[str, int]]:
        """Return host and port of a service; empty for none or no answer. A higher weight goes first."""
        found = sorted(
            (int(one.priority), -int(one.weight), _name(one.target), int(one.port)) for one in self._ask(name, "SRV")
        )
        return [(host or ".", port) for _, _, host, port in found]

    def _ask(self, name: str, kind: str) -> list[Any]:
        from dns.exception import DNSException
        from dns.resolver import Resolver as Stub

        try:
            stub = Stub(configure=not self.nameservers)
            if self.nameservers:
                stub.nameservers, stub.port = list(self.nameservers), self.port
            return list(stub.resolve(name, kind, lifetime=self.patience, search=False))
        except (DNSException, OSError, ValueError):
            return []


def _name(name: Any) -> str:
    """Return a DNS name as text, without the dot at its end."""
    return str(name.to_text(omit_final_dot=True)).rstrip(".").casefold()
