"""Mailboxes that stall or flood, and an owner who has one."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def server_that(floods: bool) -> Iterator[int]:  # noqa: FBT001 - a table
    """Serve IMAP that never answers, or says a greeting that never ends. Yields its port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                while floods:
                    self.request.sendall(b"* OK " * 10_000)
                self.request.recv(1 << 16)
                self.request.recv(1 << 16)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def poison(folder: Path, port: int) -> None:
    """Let an owner's mailbox be at that port."""
    text = (folder / "config.toml").read_text().replace('"maildir"', '"imap"').split("path = ")[0]
    imap = f'host = "127.0.0.1"\nport = {port}\nsecurity = "none"\nuser = "jo"\npassword_command = "echo secret"\n'
    (folder / "config.toml").write_text(text + imap)
