"""A web server on a loopback port that serves files by path, redirects, or takes its time."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.servers.serving import QuietHandler, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AUTOCONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
 <emailProvider id="{domain}">
  <domain>{domain}</domain>
  <displayName>Example Mail</displayName>
  <incomingServer type="pop3"><hostname>{host}</hostname><port>110</port><socketType>SSL</socketType>
   <username>%EMAILADDRESS%</username></incomingServer>
  <incomingServer type="imap">
   <hostname>{host}</hostname><port>{port}</port><socketType>{security}</socketType>
   <authentication>password-cleartext</authentication><username>{user}</username>
  </incomingServer>
  {smtp}
 </emailProvider>
</clientConfig>
"""
SMTP = """<outgoingServer type="smtp"><hostname>{host}</hostname><port>{port}</port><socketType>plain</socketType>
   <authentication>password-cleartext</authentication><username>{user}</username></outgoingServer>"""


def autoconfig(
    port: int,
    user: str,
    *,
    host: str = "127.0.0.1",
    security: str = "plain",
    smtp: int | None = None,
    domain: str = "northwind.example",
) -> bytes:
    """Return an autoconfig file for a server on this machine."""
    out = SMTP.format(host=host, port=smtp, user=user) if smtp else ""
    return AUTOCONFIG.format(host=host, port=port, user=user, security=security, smtp=out, domain=domain).encode()


@dataclass
class Pages:
    """Bytes by path; a string is where the path redirects to. `slow` seconds pass before each answer.

    `posts` answers a form: it takes path and body and gives status and body.
    """

    files: dict[str, bytes | str] = field(default_factory=dict)
    slow: float = 0.0
    port: int = 0
    asked: list[str] = field(default_factory=list)
    posts: Callable[[str, str], tuple[int, bytes]] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def running_web(given: Pages | None = None) -> Iterator[Pages]:
    """Start the server on a free port and stop it at the end."""
    pages = given or Pages()

    class Handler(QuietHandler):
        timeout = 10

        def do_GET(self) -> None:  # noqa: N802 - http.server's name
            pages.asked.append(self.path)
            time.sleep(pages.slow)
            found = pages.files.get(self.path.partition("?")[0])
            if isinstance(found, str):
                self.give(302, b"", found)
            else:
                self.give(404 if found is None else 200, found or b"")

        def do_POST(self) -> None:  # noqa: N802 - http.server's name
            body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
            status, content = pages.posts(self.path, body) if pages.posts else (404, b"")
            self.give(status, content)

    with serving(Handler) as pages.port:
        yield pages
