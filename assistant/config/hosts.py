"""Host names as a configuration may hold them, and which of them are this machine."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

_NAME = re.compile(r"(?=.{1,253}$)[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)*\.?")


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
    host = _hostname(url)
    parts = urlsplit(url) if is_host(host) else None
    # Some read a backslash as a slash, and so another host than Python does (WHATWG URL, 4.4).
    if parts is None or parts.scheme not in {"http", "https"} or "\\" in url or not url.isprintable():
        return 'is no web address; write it as "https://host/v1"'
    if parts.scheme == "http" and not is_loopback(host):
        return f"sends your notes to {host} unencrypted; http is for this machine alone, write https"
    if "@" in parts.netloc or parts.query or parts.fragment:
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
