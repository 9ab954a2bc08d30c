"""A proxy that cuts the line to a server after a number of octets from the server or from the client."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

How = Literal["end", "reset", "silence"]


@dataclass
class Proxy:
    """A running proxy on `port`. The first `cuts` connections are cut as `how` says; later ones go through.

    `down` octets from the server go through before the cut, or `up` octets from the client (None: no limit).
    """

    target: int
    down: int | None = None
    up: int | None = None
    how: How = "end"
    cuts: int = 1
    port: int = 0
    connections: int = 0
    stopped: bool = False

    def serve(self, listener: socket.socket) -> None:
        """Take connections one after the other until stopped."""
        while not self.stopped:
            if not select.select([listener], [], [], 0.02)[0]:
                continue
            client, _ = listener.accept()
            threading.Thread(target=self._pass, args=(client, self.connections < self.cuts), daemon=True).start()
            self.connections += 1

    def _pass(self, client: socket.socket, cut: bool) -> None:  # noqa: FBT001 - a thread's argument
        with contextlib.suppress(OSError), client, socket.create_connection(("127.0.0.1", self.target)) as server:
            left = {server: self.down if cut else None, client: self.up if cut else None}
            other = {server: client, client: server}
            while not self.stopped:
                for side in select.select([client, server], [], [], 0.05)[0]:
                    rest = left[side]
                    data = side.recv(65_536 if rest is None else min(65_536, rest))
                    if data:
                        other[side].sendall(data)
                    if rest is not None:
                        left[side] = rest - len(data)
                    if not data or left[side] == 0:
                        self._cut(client, broken=bool(data))
                        return

    def _cut(self, client: socket.socket, *, broken: bool) -> None:
        if broken and self.how == "silence":
            while not self.stopped:
                if select.select([client], [], [], 0.05)[0] and not client.recv(65_536):
                    return
        elif broken and self.how == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@contextlib.contextmanager
def running_proxy(target: int, **options: object) -> Iterator[Proxy]:
    """Start a proxy in front of the loopback port `target`. `options` are Proxy's fields."""
    proxy = Proxy(target, **options)  # type: ignore[arg-type]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy.port = int(listener.getsockname()[1])
        thread = threading.Thread(target=proxy.serve, args=(listener,))
        thread.start()
        try:
            yield proxy
        finally:
            proxy.stopped = True
            thread.join()
