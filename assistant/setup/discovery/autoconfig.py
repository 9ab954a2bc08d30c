"""Reads the servers from the file that providers publish for mail programs (config-v1.1.xml), and trusts nothing in it.

It takes no DOCTYPE (so no entities), no host that isn't one, and no unencrypted line except to this machine. The format
is Thunderbird's autoconfiguration, clientConfig version 1.1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from assistant.config.values import is_host, is_loopback
from assistant.setup.discovery.found import FoundServers, local_part
from assistant.setup.discovery.providers import Security, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACES: Final = (
    "https://autoconfig.{domain}/mail/config-v1.1.xml",
    "https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
)
_SECURITY: Final[dict[str, Security]] = {"SSL": "tls", "STARTTLS": "starttls", "plain": "none"}
_BEST: Final = ("tls", "starttls", "none")
_PORT: Final = re.compile("[0-9]{1,5}")
_HIGHEST_PORT: Final = 65535
_LONGEST: Final = 254


class _NoDoctype(ET.TreeBuilder):
    # Without a document type nothing can be declared, so nothing can expand into gigabytes.

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        raise ValueError("a document type is refused")


def read_autoconfig(content: bytes, address: str, source: str) -> FoundServers | None:
    """Return the servers the file names for `address`, None if it names no IMAP server that may be used."""
    try:
        root = ET.fromstring(content, parser=ET.XMLParser(target=_NoDoctype()))  # noqa: S314 - no DOCTYPE, 64 KiB
    except (ET.ParseError, ValueError, LookupError):
        return None
    provider = root.find("emailProvider")
    if provider is None:
        return None
    incoming = _best(_servers(provider, "incomingServer", "imap", address))
    if incoming is None:
        return None
    outgoing = _best(_servers(provider, "outgoingServer", "smtp", address))
    server, user = incoming
    users = (user, local_part(address)) if user == address else (user,)
    name = _text(provider, "displayName")[:60] or address.rpartition("@")[2]
    return FoundServers(
        name, server, outgoing[0] if outgoing else None, users, outgoing[1] if outgoing else user, source
    )


def _best(servers: Iterator[tuple[Server, str]]) -> tuple[Server, str] | None:
    """Return the first one of the safest kind."""
    return min(servers, key=lambda found: _BEST.index(found[0].security), default=None)


def _servers(provider: ET.Element, tag: str, kind: str, address: str) -> Iterator[tuple[Server, str]]:
    for node in provider.iter(tag):
        security = _SECURITY.get(_text(node, "socketType"))
        host = _filled(_text(node, "hostname"), address).rstrip(".").casefold()
        port = _text(node, "port")
        if node.get("type") != kind or security is None or not is_host(host):
            continue
        if not (_PORT.fullmatch(port) and 0 < int(port) <= _HIGHEST_PORT):
            continue
        # On the way to another machine the password could be read.
        if security == "none" and not is_loopback(host):
            continue
        user = _filled(_text(node, "username"), address) or address
        if len(user) <= _LONGEST:
            yield Server(host, int(port), security), user


def _filled(text: str, address: str) -> str:
    for name, value in (
        ("%EMAILADDRESS%", address),
        ("%EMAILLOCALPART%", local_part(address)),
        ("%EMAILDOMAIN%", address.rpartition("@")[2]),
    ):
        text = text.replace(name, value)
    return text


def _text(node: ET.Element, tag: str) -> str:
    """Return the text of a child as one printable line, "" if there is none."""
    text = (node.findtext(tag) or "").strip()
    return text if text.isprintable() else ""
