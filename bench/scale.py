"""What grows with the mailbox and what must not: python -m bench.scale [COUNT ...]  (10,000, 100,000 and 1,000,000).

Each count is a mailbox of that many sent messages (some 3.5 recipients each), scanned into a store of its own by the
scan itself, with a roster of 300. Then, in a process of its own: `people`, `show`, the digest by the offline writer,
a scan of nothing new, and of one new message. CPU seconds, for they are the same on a busy machine; peak memory in MB.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.core.mail.address_list import parse_addresses
from assistant.core.mail.envelope import WANTED_FIELDS
from assistant.core.mail.message import Batch, Cursor, Folders, Header, Instant, Locator
from assistant.core.people.roster import Person
from assistant.core.replies.plan.change import Change, belongs_key, belongs_value, person_value
from assistant.rounds.digest.build import preview
from assistant.rounds.digest.roster_status import views
from assistant.rounds.scan.run import scan_sent_mail
from assistant.rounds.show import show_person
from assistant.store.database import Store
from assistant.store.roster import apply_changes
from assistant.writer.offline.writer import OfflineWriter
from bench.mailbox import GAP, START, recipient, sent
from bench.memory import peak
from bench.whole_scan import ME
from tests.fakes import FakeMailbox
from tests.scanning import ListMailbox, make_config, make_round

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.rounds.context import Round

SIZES = (10_000, 100_000, 1_000_000)
PEOPLE = 300
WANTED = frozenset(name.lower().encode() for name in WANTED_FIELDS)
DIGEST_GOAL, MEMORY_GOAL = 2.0, 120


class Many(FakeMailbox):
    """A mailbox that makes its messages as they are read, so that the memory measured is the scan's own."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def folders(self) -> Folders:
        """Return the usual ones."""
        return Folders("INBOX", "Sent", "Drafts")

    def stream(self, folder: str, cursor: Cursor | None, *_: object) -> Iterator[Batch]:
        """Yield what lies above the cursor, 5,000 at a time."""
        last = cursor.last_uid if cursor else 0
        batch: list[Header] = []
        for uid, message in enumerate(sent(self.count), 1):
            if uid > last:
                batch.append(header(folder, uid, message))
            if batch and (uid == self.count or len(batch) == 5_000):
                yield Batch(tuple(batch), Cursor(1, uid), None)
                batch = []


def header(folder: str, uid: int, message: bytes) -> Header:
    """Return the wanted fields of a message, as a server gives them."""
    lines = message.partition(b"\r\n\r\n")[0].split(b"\r\n")
    kept = [line for line in lines if line.partition(b":")[0].lower() in WANTED]
    at = START + GAP * uid
    return Header(
        Locator(folder, 1, uid), b"\r\n".join([*kept, b"", b""]), Instant.of(at), len(message), frozenset(["\\Seen"])
    )


def now_after(count: int) -> datetime:
    """Return a morning after the last message."""
    return (START + GAP * (count + 4)).replace(hour=8, minute=0) + timedelta(days=1)


def people() -> list[Change]:
    """Return the roster as changes: 300 of the 2,000 written to, each with one address."""
    found: list[Change] = []
    for number in range(0, PEOPLE * 6, 6):
        named = parse_addresses(recipient(number)).people[0]
        person = Person(f"p{number}", named.name or named.address, "advocate")
        found.append(Change("person", person.handle, None, person_value(person), "add"))
        found.append(
            Change("belongs", belongs_key(named.address, person.handle), None, belongs_value("said", 1), "add")
        )
    return found


def a_round(store: Store, mailbox: FakeMailbox, count: int) -> Round:
    """Return a round some time after that many messages."""
    made = make_round(store, mailbox, config=make_config(owner=ME.addresses), now=now_after(count))
    return replace(made, writer=OfflineWriter())


def fill(home: Path, count: int) -> dict[str, float]:
    """Scan the mailbox into an empty store and return CPU seconds, rows and peak memory."""
    with Store(home) as store:
        apply_changes(store, people(), "T1", "owner", 1)
        making = timed(lambda: deque(Many(count).stream("Sent", None), maxlen=0))
        scanning = timed(lambda: scan_sent_mail(a_round(store, Many(count), count)))
        rows = store.connection.execute("SELECT count(*) FROM recipient").fetchone()[0]
    return {"scan": scanning - making, "µs each": (scanning - making) / count * 1e6, "rows": rows, "peak": peak()}


def ask(home: Path, count: int) -> dict[str, float]:
    """Ask the store what an owner asks and return CPU seconds each."""
    with Store(home) as store:
        old, new = (a_round(store, ListMailbox(headers), count) for headers in ((), (one_more(count),)))
        config, now = old.config, old.now
        preview(old)  # what is loaded once is loaded
        figures = {
            "people": timed(lambda: views(config, store, now)),
            "show": timed(lambda: show_person(config, store, now, "p6")),
            "digest": timed(lambda: preview(old)),
            "nothing new": timed(lambda: scan_sent_mail(old)),
            "one new": timed(lambda: scan_sent_mail(new)),
        }
    return figures | {"peak": peak()}


def one_more(count: int) -> Header:
    """Return a message to somebody never written to before."""
    at = START + GAP * (count + 2)
    fields = (
        f"Message-ID: <new{count}@desk.example.com>\r\nDate: {at:%a, %d %b %Y %H:%M:%S} +0000\r\n"
        "From: priya@example.com\r\nTo: Zelda Newcomer <zelda@newcomer.example>\r\nSubject: Hello\r\n\r\n"
    )
    return Header(Locator("Sent", 1, count + 1), fields.encode(), None, 900, frozenset())


def timed(job: Callable[[], object]) -> float:
    """Return the CPU seconds it took."""
    began = time.process_time()
    job()
    return time.process_time() - began


JOBS = {"fill": fill, "ask": ask}


def child(name: str, home: Path, count: int) -> dict[str, float]:
    """Run one job in a process of its own."""
    command = [sys.executable, "-m", "bench.scale", "--child", name, str(home), str(count)]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(found.stdout.splitlines()[-1])
    return figures


def main(sizes: list[int]) -> int:
    met = True
    for count in sizes:
        with tempfile.TemporaryDirectory() as home:
            filled, asked = child("fill", Path(home), count), child("ask", Path(home), count)
        print(f"{count:,} messages: " + "  ".join(f"{name} {value:,.0f}" for name, value in filled.items()))
        print("    CPU s: " + "  ".join(f"{name} {value:,.3f}" for name, value in asked.items()))
        met &= asked["digest"] < DIGEST_GOAL and filled["peak"] < MEMORY_GOAL
    print(f"digest < {DIGEST_GOAL:.0f} s of CPU, peak of the scan < {MEMORY_GOAL} MB: {'met' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(JOBS[sys.argv[2]](Path(sys.argv[3]), int(sys.argv[4]))))
    else:
        sys.exit(main([int(one) for one in sys.argv[1:]] or list(SIZES)))
