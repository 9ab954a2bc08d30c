"""A DNS server on a loopback port that answers from a table, or stays silent."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Names:
    """What the server knows: {(name, "MX"): ["10 mx.example.com."]}. If `silent`, it answers nothing at all."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    silent: bool = False
    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, wire: bytes) -> bytes:
        question = dns.message.from_wire(wire)
        (asked,) = question.question
        name, kind = asked.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(asked.rdtype)
        self.asked.append((name, kind))
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        found = self.records.get((name, kind))
        if found:
            answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *found))
        elif not any(known == name for known, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire()


@contextlib.contextmanager
def running_dns(records: dict[tuple[str, str], list[str]] | None = None, *, silent: bool = False) -> Iterator[Names]:
    """Start the server on a free UDP port and stop it at the end."""
    names = Names(records or {}, silent)
    stopped = threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        names.port = int(line.getsockname()[1])

        def serve() -> None:
            while not stopped.is_set():
                if select.select([line], [], [], 0.05)[0]:
                    wire, peer = line.recvfrom(4096)
                    answer = names.answer(wire)
                    if not names.silent:
                        line.sendto(answer, peer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield names
        finally:
            stopped.set()
            thread.join(2)
