"""A proxy in front of an IMAP server that keeps every octet, and reads the commands and answers in them."""

from __future__ import annotations

import contextlib
import re
import select
import socket
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n\Z")


@dataclass
class Line:
    """One connection: what the client said and what the server said."""

    said: bytearray = field(default_factory=bytearray)
    answered: bytearray = field(default_factory=bytearray)

    @property
    def commands(self) -> list[bytes]:
        """Return each command without its tag, a literal included."""
        return [command.partition(b" ")[2] for command in _pieces(bytes(self.said))]

    @property
    def responses(self) -> list[bytes]:
        """Return each response of the server, its literals included."""
        return _pieces(bytes(self.answered))


@dataclass
class Spy:
    """A running proxy on `port`; `lines` are its connections, the newest last."""

    target: int
    port: int = 0
    lines: list[Line] = field(default_factory=list)
    stopped: bool = False

    def serve(self, listener: socket.socket) -> None:
        """Take connections until stopped."""
        while not self.stopped:
            if select.select([listener], [], [], 0.02)[0]:
                client, _ = listener.accept()
                self.lines.append(Line())
                threading.Thread(target=self._pass, args=(client, self.lines[-1]), daemon=True).start()

    def _pass(self, client: socket.socket, line: Line) -> None:
        with contextlib.suppress(OSError), client, socket.create_connection(("127.0.0.1", self.target)) as server:
            ways = {client: (server, line.said), server: (client, line.answered)}
            for side in ways:
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while not self.stopped:
                for side in select.select([client, server], [], [], 0.05)[0]:
                    data = side.recv(65_536)
                    if not data:
                        return
                    other, kept = ways[side]
                    kept += data
                    other.sendall(data)


@contextlib.contextmanager
def running_spy(target: int) -> Iterator[Spy]:
    """Start a spy in front of the loopback port `target`."""
    spy = Spy(target)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        spy.port = int(listener.getsockname()[1])
        thread = threading.Thread(target=spy.serve, args=(listener,))
        thread.start()
        try:
            yield spy
        finally:
            spy.stopped = True
            thread.join()


def _pieces(data: bytes) -> list[bytes]:
    """Split what one side said at line ends, but not within literals."""
    pieces: list[bytes] = []
    start = at = 0
    while (end := data.find(b"\r\n", at)) >= 0:
        end += 2
        literal = _LITERAL.search(data, at, end)
        if literal:
            at = end + int(literal[1])
            continue
        pieces.append(data[start:end].removesuffix(b"\r\n"))
        start = at = end
    return pieces
