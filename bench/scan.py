"""How fast a Sent folder is scanned, beside the wire itself and others: python -m bench.scan [COUNT] [NAME ...].

One run, one Dovecot on loopback. Cold, as a first scan is: Dovecot's index and cache of the folder are removed, and the
folder's files dropped from the page cache (all pages are, when root may). Each line is its own process, so that the
peak of memory is its own; every figure is seconds from before signing in to done. The floor is the mean of two runs,
one before the others and one after: what else runs on the machine changes it. Goals are printed with what was reached.
Peers that are not installed are left out, and said so.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assistant.config.secrets import Credential
from assistant.core.contact.fast_path import PlainReader
from assistant.mailbox.imap.fetch import FIELDS
from assistant.mailbox.imap.mailbox import ImapMailbox
from bench.mailbox import GAP, NOW, START, sent
from bench.memory import peak
from tests.servers.dovecot import PASSWORD, Account, running


def floor(account: Account) -> int:
    """Drain the wanted header fields from a bare socket, looking at nothing."""
    with account.client() as client:
        client.select_folder("Sent", readonly=True)
        line = client.socket()
        line.sendall(f"f1 UID FETCH 1:* ({FIELDS})\r\n".encode())
        tail, octets = b"", 0
        while b"\r\nf1 OK" not in tail:
            chunk = line.recv(1 << 20)
            octets += len(chunk)
            tail = (tail + chunk)[-64:]
        return octets


def stream(account: Account) -> int:
    """Run our header stream alone: headers, flags, dates, sizes and calendar texts, nothing stored."""
    mailbox = ImapMailbox(account.config(), lambda: Credential(PASSWORD))
    return sum(len(batch.headers) for batch in mailbox.stream("Sent", None, frozenset, None))


def read(account: Account) -> int:
    """Run the stream and read each header by the fast path, judged, nothing stored: where the time goes."""
    mailbox = ImapMailbox(account.config(), lambda: Credential(PASSWORD))
    reader = PlainReader(frozenset(["priya@example.com"]), set(), NOW, None)
    done = 0
    for batch in mailbox.stream("Sent", None, frozenset, None):
        done += sum(reader.read(one.header, one.arrived, one.size) is not None for one in batch.headers)
    return done


def scan(account: Account) -> int:
    """Run the whole `assistant scan` into an empty store: headers, verdicts, identity, rows."""
    done: int = importlib.import_module("bench.whole_scan").whole_scan(account)
    return done


def imapclient_fetch(account: Account) -> int:
    """Fetch the same fields by imapclient, 5,000 at a time, unparsed."""
    with account.client() as client:
        client.select_folder("Sent", readonly=True)
        uids = client.search()
        return sum(
            len(client.fetch(uids[at : at + 5_000], [FIELDS, "FLAGS", "INTERNALDATE", "RFC822.SIZE"]))
            for at in range(0, len(uids), 5_000)
        )


def imapclient_email(account: Account) -> int:
    """Fetch them by imapclient and parse each header by the email package."""
    from email import message_from_bytes

    with account.client() as client:
        client.select_folder("Sent", readonly=True)
        uids = client.search()
        done = 0
        for at in range(0, len(uids), 5_000):
            answer = client.fetch(uids[at : at + 5_000], [FIELDS, "FLAGS", "INTERNALDATE", "RFC822.SIZE"])
            for items in answer.values():
                header = next(value for key, value in items.items() if key.startswith(b"BODY["))
                done += bool(message_from_bytes(header)["From"])
        return done


def imap_tools(account: Account) -> int:
    """Fetch headers by imap_tools."""
    with (
        importlib.import_module("imap_tools")
        .MailBoxUnencrypted(account.host, account.port)
        .login(account.user, account.password, "Sent") as box
    ):
        return sum(bool(message.to) for message in box.fetch(headers_only=True, mark_seen=False, bulk=5_000))


def mbsync(account: Account) -> int:
    """Fetch the folder by mbsync into an empty Maildir."""
    with tempfile.TemporaryDirectory() as home:
        rules = Path(home, "rc")
        rules.write_text(
            f"IMAPAccount a\nHost {account.host}\nPort {account.port}\nUser {account.user}\nPass {account.password}\n"
            f"SSLType None\nAuthMechs LOGIN\n\nIMAPStore far\nAccount a\n\nMaildirStore near\nPath {home}/m/\n"
            f"Inbox {home}/m/INBOX\n\nChannel c\nFar :far:Sent\nNear :near:Sent\nCreate Near\nSync Pull\nSyncState *\n"
        )
        Path(home, "m").mkdir()
        subprocess.run(["mbsync", "-q", "-c", str(rules), "c"], check=True)
        return sum(1 for _ in Path(home, "m", "Sent").rglob("*,*"))


MEASURES = {f.__name__: f for f in (floor, stream, read, scan, imapclient_fetch, imapclient_email, imap_tools, mbsync)}
PEERS = ("imapclient_email", "imap_tools", "mbsync")


def child(name: str, *account: str) -> None:
    """Run one measure in this process and print what it took."""
    host, port, user, home = account
    importlib.import_module("bench.whole_scan" if name == "scan" else "bench")  # loading is no part of reading
    begun, cpu = time.perf_counter(), time.process_time()
    done = MEASURES[name](Account(host, int(port), user, Path(home)))
    figures = {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "peak": peak(),
        "done": done,
    }
    print(json.dumps(figures))


def measure(name: str, account: Account, *, cold: bool) -> dict[str, float]:
    """Run one measure in a process of its own; cold means that Dovecot has to look at every file again."""
    if cold:
        cool(account.folder_path("Sent"))
    given = [account.host, str(account.port), account.user, str(account.home)]
    command = [sys.executable, "-m", "bench.scan", "--child", name, *given]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(found.stdout.splitlines()[-1])
    return figures


def cool(folder: Path) -> None:
    """Forget what Dovecot and the kernel know of a folder; its list of UIDs stays, for it is no cache."""
    for path in folder.glob("dovecot.index*"):
        path.unlink()
    for path in (folder / "cur").iterdir():
        opened = os.open(path, os.O_RDONLY)
        os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(opened)


def missing(name: str) -> bool:
    """Return whether a peer is not installed here."""
    if name == "mbsync":
        return shutil.which("mbsync") is None
    if name == "scan":
        return importlib.util.find_spec("assistant.rounds.scan.run") is None
    return name == "imap_tools" and importlib.util.find_spec("imap_tools") is None


def main(count: int, only: list[str]) -> None:
    with running() as server:
        account = server.account("priya")
        account.fill("Sent", sent(count, gap=min(GAP, (NOW - START) / count)))  # none of them dated ahead
        os.sync()
        with account.client() as client:  # UIDs are given once; that is no part of a scan
            client.select_folder("Sent", readonly=True)
        found: dict[str, dict[bool, dict[str, float]]] = {}
        for name in [*(only or MEASURES), "floor"]:
            if missing(name):
                print(f"{name:18}not installed here: left out")
                continue
            figures = {cold: measure(name, account, cold=cold) for cold in (True, False)}
            if name in found:
                for cold, before in found[name].items():
                    figures[cold]["seconds"] = (before["seconds"] + figures[cold]["seconds"]) / 2
            found[name] = figures
    table(count, found)
    goals(found)


def table(count: int, found: dict[str, dict[bool, dict[str, float]]]) -> None:
    """Print the seconds and how many times the floor they are."""
    print(f"{count:,} messages; seconds, and times the floor\n{'':18}{'cold':>16}{'warm':>16}{'CPU':>8}{'peak MB':>9}")
    base = found["floor"]
    for name, figures in found.items():
        cells = "".join(
            f"{figures[c]['seconds']:9.2f}{figures[c]['seconds'] / base[c]['seconds']:6.1f}x" for c in (True, False)
        )
        cpu, peak, done = figures[False]["cpu"], figures[True]["peak"], figures[True]["done"]
        print(f"{name:18}{cells}{cpu:8.2f}{peak:9.0f}   {done:,.0f}")


def goals(found: dict[str, dict[bool, dict[str, float]]]) -> None:
    """Print what the scan was to reach, and where its time goes."""
    if "scan" not in found:
        return
    ours, floors = found["scan"], found["floor"]
    for cold, most in ((True, 1.5), (False, 5.0)):
        times = ours[cold]["seconds"] / floors[cold]["seconds"]
        verdict = "met" if times <= most else "MISSED"
        print(f"scan / floor, {'cold' if cold else 'warm'}: {times:.2f} (goal <= {most}) {verdict}")
    for peer in PEERS:
        for cold in (True, False) if peer in found else ():
            times = found[peer][cold]["seconds"] / ours[cold]["seconds"]
            verdict = "met" if times >= 5 else "MISSED"
            cpu = found[peer][cold]["cpu"] / ours[cold]["cpu"]
            print(f"{peer} / scan, {'cold' if cold else 'warm'}: {times:.1f}, by CPU {cpu:.1f} (goal >= 5) {verdict}")
    peak = ours[True]["peak"]
    print(f"peak memory: {peak:.0f} MB (goal < 120) {'met' if peak < 120 else 'MISSED'}")
    if "stream" in found and "read" in found:
        parts = [found[name][False]["cpu"] for name in ("stream", "read", "scan")]
        wire, headers, rows = parts[0], parts[1] - parts[0], parts[2] - parts[1]
        print(f"CPU, warm: the wire {wire:.2f} s, headers and verdicts {headers:.2f} s, rows and the rest {rows:.2f} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, sys.argv[2:])
