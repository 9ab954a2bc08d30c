"""Asks the network for set-up: MX (RFC 5321, 5.1) and SRV (RFC 6186, RFC 8314) in DNS, and a file over https.

The file is limited in everything: size, redirects, time, and where it may lead.
"""

from __future__ import annotations

import http.client
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urljoin, urlsplit

from assistant.config.values import is_host, is_loopback

if TYPE_CHECKING:
    from collections.abc import Sequence
    from urllib.parse import SplitResult


class Resolver(Protocol):
    """Answers DNS questions. The answer is empty if the name doesn't exist or the server is silent."""

    def mx(self, domain: str) -> Sequence[str]:
        """Return the mail exchangers of a domain, the most preferred first."""
        ...

    def srv(self, name: str) -> Sequence[tuple[str, int]]:
        """Return host and port of a service, the most preferred first. The host "." says that there is none."""
        ...


@dataclass(frozen=True, slots=True)
class DnsResolver:
    """Asks the machine's name servers, or those given, for at most `patience` seconds per question."""

    nameservers: tuple[str, ...] = ()
    port: int = 53
    patience: float = 4.5

    def mx(self, domain: str) -> Sequence[str]:
        """Return the mail exchangers of a domain, the most preferred first; empty if none, or no answer."""
        found = sorted((int(one.preference), _name(one.exchange)) for one in self._ask(domain, "MX"))
        return [host for _, host in found if host]

    def srv(self, name: str) -> Sequence[tuple[str, int]]:
        """Return host and port of a service, a higher weight first; empty if none, or no answer."""
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
            # Without the machine's search list, which could answer for a domain that doesn't exist.
            return list(stub.resolve(name, kind, lifetime=self.patience, search=False))
        except (DNSException, OSError, ValueError):
            return []


def _name(name: Any) -> str:
    """Return a DNS name as text without the final dot."""
    return str(name.to_text(omit_final_dot=True)).rstrip(".").casefold()


# Bytes. A real file has one to four thousand.
LARGEST: Final = 64 * 1024
MOST_REDIRECTS: Final = 3
_OK, _MULTIPLE, _BAD = 200, 300, 400


@dataclass(frozen=True, slots=True)
class Web:
    """Fetches provider files. For tests, `base` puts a server on this machine in front of all addresses."""

    base: str = ""
    patience: float = 4.5

    def at(self, url: str) -> str:
        """Return where to fetch `url`: itself, or its host and path below `base`."""
        return f"{self.base}/{url.removeprefix('https://')}" if self.base else url

    def fetch(self, url: str) -> bytes | None:
        """Return the file at `url`, None if there is none that may be used. Never raises over what a server does.

        Follows https only (http if `base` is on this machine), at most 3 redirects, and reads at most 64 KiB.
        """
        here = self.at(url)
        try:
            for _ in range(MOST_REDIRECTS + 1):
                parts = self._allowed(here)
                if parts is None:
                    return None
                status, answer = self._get(parts)
                if not _MULTIPLE <= status < _BAD:
                    return answer.encode("latin-1") if status == _OK and len(answer) <= LARGEST else None
                here = urljoin(here, answer)
        except (OSError, http.client.HTTPException, ValueError):
            return None
        return None

    def _allowed(self, url: str) -> SplitResult | None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        plain = parts.scheme == "http" and is_loopback(host) and is_loopback(self.base)
        # A redirect may lead to any address, so each one is checked again.
        if parts.username is not None or not is_host(host) or not (parts.scheme == "https" or plain):
            return None
        return parts

    def _get(self, parts: SplitResult) -> tuple[int, str]:
        """Return the status and the body, or for a redirect where it leads, as Latin-1 text."""
        host = parts.hostname or ""
        line: http.client.HTTPConnection
        if parts.scheme == "https":
            line = http.client.HTTPSConnection(
                host, parts.port, timeout=self.patience, context=ssl.create_default_context()
            )
        else:
            line = http.client.HTTPConnection(host, parts.port, timeout=self.patience)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            line.request("GET", path, headers={"User-Agent": "career-assistant", "Accept": "text/xml"})
            answer = line.getresponse()
            if _MULTIPLE <= answer.status < _BAD:
                return answer.status, answer.headers.get("Location", "")
            # One byte more than allowed, so that the caller notices a file that is too large.
            return answer.status, answer.read(LARGEST + 1).decode("latin-1")
        finally:
            line.close()
