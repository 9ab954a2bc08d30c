"""How fast the first look at INBOX is, beside a bare socket: python -m bench.received [--messages N] [--people N].

A mailbox of 400,000 received messages, of which a roster of 60 wrote 100 each. The floor sends the same searches for
their addresses and fetches the same items over a bare socket, and looks at nothing. Ours also asks the server to tell
the roster from strangers, reads the headers and stores them. Cold: Dovecot's cache of the folder is removed; warm: it
knows the headers. Every figure is its own process, from before signing in to done. Goals are printed with what was
reached.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config.secrets import Credential
from assistant.mailbox.imap.fetch import ITEMS_RECEIVED
from assistant.mailbox.imap.mailbox import ImapMailbox
from assistant.mailbox.imap.received import WINDOW
from assistant.mailbox.imap.sender_search import either, quoted
from assistant.rounds.scan.received import read_received
from assistant.store.database import FILE_NAME, Store
from bench.memory import peak
from tests.fakes import FakeMailbox
from tests.received.letters import letter
from tests.received.people import add_people
from tests.scanning import make_config, make_round
from tests.servers.dovecot import PASSWORD, Account, running

if TYPE_CHECKING:
    import socket

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LETTERS = 100
# Files of strangers' mail. Others are further links to them, which Dovecot takes for messages of their own.
STRANGERS = 2_000
TEXT = "A few lines of text, as they are written between two meetings.\r\n" * 12
MOST_SECONDS, MOST_TRIPS, MOST_MEMORY = 2.0, 5, 200


def roster(people: int) -> list[tuple[str, str]]:
    return [(f"Person{number} Name{number}", f"person{number}@firm{number % 40}.example") for number in range(people)]


def fill(account: Account, messages: int, people: int) -> None:
    """Put the mailbox together: the roster's letters evenly among those of strangers."""
    account.fill("INBOX", [])
    cur = account.maildir / "cur"
    pool = [cur.parent / "tmp" / f"stranger{number}" for number in range(min(STRANGERS, messages))]
    for number, path in enumerate(pool):
        sender = f"Stranger {number} <person{number % people}.other@firm{number % 400}.example>"
        at = NOW - timedelta(days=number % 1_000)
        path.write_bytes(letter(sender, f"s{number}", at, body=TEXT))
        path.chmod(0o644)
    theirs = people * LETTERS
    every = max(messages // theirs, 2)
    written = 0
    for number in range(messages):
        name = cur / f"1700000000.M{number:010d}P1.local:2,S"
        if number % every == 0 and written < theirs:
            person, address = roster(people)[written % people]
            at = NOW - timedelta(days=1_000 * (messages - number) // messages)
            name.write_bytes(letter(f"{person} <{address}>", f"r{written}", at, body=TEXT))
            name.chmod(0o644)
            written += 1
        else:
            name.hardlink_to(pool[number % len(pool)])


class Socket:
    """A bare line to the server: commands go out, and answers are drained up to the tag."""

    def __init__(self, account: Account) -> None:
        self._client = account.client()
        self._line: socket.socket = self._client.__enter__().socket()
        self.trips = 0

    def ask(self, command: bytes) -> bytes:
        """Send a command and return everything up to its OK."""
        self.trips += 1
        tag = b"f%d" % self.trips
        self._line.sendall(tag + b" " + command + b"\r\n")
        chunks, tail = [], b""
        while b"\r\n" + tag + b" OK" not in b"\r\n" + tail:
            chunk = self._line.recv(1 << 20)
            chunks.append(chunk)
            tail = (tail + chunk)[-200:]
        return b"".join(chunks)


def floor(account: Account, people: int, _home: Path) -> int:
    """Search for the addresses and fetch what was found, window by window, looking at nothing."""
    line = Socket(account)
    told = re.search(rb"UIDNEXT (\d+)", line.ask(b"EXAMINE INBOX"))
    top, done = int(told[1]) - 1 if told else 0, 0
    senders = either([b"FROM " + quoted(address) for _, address in roster(people)])
    since = f"{NOW - timedelta(days=91):%d-%b-%Y}".encode()
    for low in range(1, top + 1, WINDOW):
        window = b"UID %d:%d " % (low, min(low + WINDOW - 1, top))
        found = line.ask(b"UID SEARCH " + window + senders)
        line.ask(b"UID SEARCH " + window + b"SINCE " + since + b' HEADER Content-Type "delivery-status"')
        uids = re.findall(rb"\d+", found.partition(b"\r\n")[0])
        for at in range(0, len(uids), 500):
            done += line.ask(b"UID FETCH " + b",".join(uids[at : at + 500]) + b" " + ITEMS_RECEIVED).count(b" FETCH (")
    return done


def first_look(account: Account, people: int, home: Path) -> int:
    """Read received mail for the first time, into an empty store."""
    return _look(account, people, home)[0]


def nothing_new(account: Account, people: int, home: Path) -> int:
    """Read it again. Returns the round trips after signing in."""
    return _look(account, people, home)[1]


def _look(account: Account, people: int, home: Path) -> tuple[int, int]:
    with Store(home) as store:
        add_people(store, *roster(people))
        mailbox = ImapMailbox(account.config(), lambda: Credential(PASSWORD))
        config = replace(make_config(owner=("jo@harbour.example",)), mailbox=account.config())
        round_ = replace(make_round(store, FakeMailbox(), config=config, now=NOW), mailbox=mailbox)
        round_ = replace(round_, folders=mailbox.folders())
        before = mailbox.round_trips
        read_received(round_, every_folder=False)
        trips = mailbox.round_trips - before
        mailbox.close()
        rows = store.connection.execute("SELECT count(*) FROM received").fetchone()
        return int(rows[0]), trips


MEASURES = {one.__name__: one for one in (floor, first_look, nothing_new)}


def child(name: str, people: str, home: str, host: str, port: str, user: str, root: str) -> None:
    """Run one measure in this process and print what it took."""
    begun = time.perf_counter()
    done = MEASURES[name](Account(host, int(port), user, Path(root)), int(people), Path(home))
    print(json.dumps({"seconds": time.perf_counter() - begun, "peak": peak(), "done": done}))


def measure(name: str, account: Account, people: int, home: Path, *, cold: bool) -> dict[str, float]:
    if cold:
        for path in account.maildir.glob("dovecot.index*"):
            path.unlink()
    given = [name, str(people), str(home), account.host, str(account.port), account.user, str(account.home)]
    command = [sys.executable, "-m", "bench.received", "--child", *given]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(found.stdout.splitlines()[-1])
    return figures


def main(messages: int, people: int) -> None:
    with tempfile.TemporaryDirectory() as folder, running() as server:
        account, home = server.account("priya"), Path(folder)
        begun = time.perf_counter()
        fill(account, messages, people)
        with account.client() as client:  # UIDs are given once; that is no part of a look
            client.select_folder("INBOX", readonly=True)
        print(f"{messages:,} messages, {people} people; made in {time.perf_counter() - begun:.0f} s")
        seconds: dict[bool, list[float]] = {True: [], False: []}
        looks: dict[bool, dict[str, float]] = {}
        for name in ("floor", "first_look", "floor"):
            for cold in (True, False):
                for path in home.glob(f"{FILE_NAME}*"):
                    path.unlink()
                figures = measure(name, account, people, home, cold=cold)
                print(f"{name:12}{'cold' if cold else 'warm':6}{figures['seconds']:8.2f} s{figures['peak']:7.0f} MB"
                      f"   {figures['done']:,.0f} messages")  # fmt: skip
                if name == "floor":
                    seconds[cold].append(figures["seconds"])
                else:
                    looks[cold] = figures
        quiet = measure("nothing_new", account, people, home, cold=False)
        measure("first_look", account, people, home, cold=False)
        quiet = measure("nothing_new", account, people, home, cold=False)
    for cold, look in looks.items():
        ratio = look["seconds"] * len(seconds[cold]) / sum(seconds[cold])
        goal("first look " + ("cold" if cold else "warm"), ratio, MOST_SECONDS, "x the floor")
    goal("nothing new", quiet["done"], MOST_TRIPS, f"round trips once signed in ({quiet['seconds']:.2f} s)")
    goal("memory", max(look["peak"] for look in looks.values()), MOST_MEMORY, "MB")


def goal(what: str, reached: float, most: float, unit: str) -> None:
    """Print what was reached beside the goal."""
    print(f"{what:18}{reached:8.2f} {unit}; goal {most:g}: {'reached' if reached <= most else 'MISSED'}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        os.nice(5)
        parser = argparse.ArgumentParser()
        parser.add_argument("--messages", type=int, default=400_000)
        parser.add_argument("--people", type=int, default=60)
        chosen = parser.parse_args()
        main(chosen.messages, chosen.people)
