"""How fast a Sent folder is scanned, beside the wire itself and what others do: python -m bench.scan [COUNT].

One run, one Dovecot on loopback. Cold: Dovecot's index and cache of the folder are removed before. Each line is its own
process, so that the peak of memory is its own; every figure is seconds from signed in to done.
"""

from __future__ import annotations

import importlib.util
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assistant.config.secrets import Credential
from assistant.mailbox.fetch import FIELDS
from assistant.mailbox.imap import ImapMailbox
from bench.mailbox import sent
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


def scan(account: Account) -> int:
    """Run the whole `assistant scan` into an empty store: headers, verdicts, identity, rows."""
    from bench.whole_scan import whole_scan

    return whole_scan(account)


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


MEASURES = {f.__name__: f for f in (floor, stream, scan, imapclient_fetch, imapclient_email, imap_tools, mbsync)}


def child(name: str, *account: str) -> None:
    """Run one measure in this process and print what it took."""
    host, port, user, home = account
    begun, cpu = time.perf_counter(), time.process_time()
    done = MEASURES[name](Account(host, int(port), user, Path(home)))
    figures = {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "done": done,
    }
    print(json.dumps(figures))


def measure(name: str, account: Account, *, cold: bool) -> dict[str, float]:
    """Run one measure in a process of its own; cold means that Dovecot has to look at every file again."""
    if cold:
        for path in account.folder_path("Sent").glob("dovecot.index*"):
            path.unlink()
    given = [account.host, str(account.port), account.user, str(account.home)]
    command = [sys.executable, "-m", "bench.scan", "--child", name, *given]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(found.stdout.splitlines()[-1])
    return figures


def missing(name: str) -> bool:
    """Return whether a peer is not installed here."""
    if name == "mbsync":
        return shutil.which("mbsync") is None
    if name == "scan":
        return importlib.util.find_spec("assistant.rounds.scan") is None
    return name == "imap_tools" and importlib.util.find_spec("imap_tools") is None


def main(count: int, only: list[str]) -> None:
    with running() as server:
        account = server.account("priya")
        account.fill("Sent", sent(count))
        with account.client() as client:  # UIDs are given once; that is no part of a scan
            client.select_folder("Sent", readonly=True)
        print(
            f"{count:,} messages; seconds, and times the floor\n{'':18}{'cold':>16}{'warm':>16}{'CPU':>8}{'peak MB':>9}"
        )
        base: dict[bool, float] = {}
        for name in only or MEASURES:
            if missing(name):
                print(f"{name:18}not installed here: left out")
                continue
            figures = {cold: measure(name, account, cold=cold) for cold in (True, False)}
            base = base or {cold: figures[cold]["seconds"] for cold in figures}
            cells = "".join(
                f"{figures[c]['seconds']:9.2f}{figures[c]['seconds'] / base[c]:6.1f}x" for c in (True, False)
            )
            cpu, peak, done = figures[False]["cpu"], figures[True]["peak"], figures[True]["done"]
            print(f"{name:18}{cells}{cpu:8.2f}{peak:9.0f}   {done:,.0f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, sys.argv[2:])
