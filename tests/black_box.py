"""A real Maildir, a config.toml and the command line: what the black-box tests of contact and identity stand on."""

from __future__ import annotations

import contextlib
import io
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from assistant.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-03-10T12:00:00+01:00"
OWNER = "Jo Harbour <jo@harbour.example>"
CRLF = "\r\n"
_CONFIG = """[me]
name = "Jo Harbour"
addresses = ["jo@harbour.example", "jo.harbour@gmail.com"]
timezone = "Europe/Berlin"
company_domains = ["harbour.example"]
language = "{language}"

[mailbox]
kind = "maildir"
path = "{path}"
since = {since}
{archives}
"""


def rfc_date(when: datetime) -> str:
    """The moment as a Date field has it."""
    return when.strftime("%a, %d %b %Y %H:%M:%S %z")


def mail(
    message_id: str,
    *,
    to: str | None = None,
    cc: str | None = None,
    bcc: str | None = None,
    sender: str | None = OWNER,
    date: str | None = None,
    subject: str | None = "Hello",
    more: str = "",
    body: str = "Hello, a few words of my own.\n",
    kind: str | None = "text/plain; charset=utf-8",
) -> bytes:
    """Make a message by hand; `more` is further header lines; `\\udcXX` stands for a raw byte."""
    pairs = {
        "From": sender,
        "To": to,
        "Cc": cc,
        "Bcc": bcc,
        "Subject": subject,
        "Date": date,
        "Message-ID": f"<{message_id}>" if message_id else None,
        "MIME-Version": "1.0",
    }
    lines = [f"{key}: {value}" for key, value in pairs.items() if value is not None]
    lines += [line for line in more.split("\n") if line]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    text = CRLF.join([*lines, "", body])
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "surrogateescape")


@dataclass
class Box:
    """One owner: a Maildir++, a data folder, and the commands on them."""

    folder: Path
    since: int = 0
    language: str = "en"
    archives: tuple[str, ...] = ()
    now: str = NOW
    count: int = 0
    made: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in ("", ".Sent", ".Drafts", *self.archives):
            for part in ("cur", "new", "tmp"):
                (self.folder / "mail" / name / part).mkdir(parents=True, exist_ok=True)
        self.configure()

    def configure(self, folders: tuple[str, ...] = ()) -> None:
        """Write the config file. `folders` are archives too, by their names in the mailbox."""
        named = ", ".join(f'"{one}"' for one in (*(f"{self.folder}/mail/{one}" for one in self.archives), *folders))
        text = _CONFIG.format(
            path=self.folder / "mail",
            since=self.since,
            language=self.language,
            archives=f"archives = [{named}]" if named else "",
        )
        (self.folder / "config.toml").write_text(text, encoding="utf-8")

    def put(self, raw: bytes, *, mtime: datetime, flags: str = "S", folder: str = ".Sent") -> Path:
        """Lay one message down."""
        self.count += 1
        path = self.folder / "mail" / folder / "cur" / f"{self.count:07d}.M{self.count}P1.host:2,{flags}"
        path.write_bytes(raw)
        os.utime(path, (mtime.timestamp(), mtime.timestamp()))
        return path

    def text(self, *arguments: str, now: str = "", code: int = 0) -> str:
        """Run one command; its stdout (stderr where it is to fail)."""
        out, err = io.StringIO(), io.StringIO()
        line = ["--config", str(self.folder / "config.toml"), "--home", str(self.folder / "home")]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            got = run([*line, "--now", now or self.now, *arguments])
        assert got == code, (arguments, got, err.getvalue(), out.getvalue())
        return err.getvalue() if code else out.getvalue()

    def json(self, *arguments: str, now: str = "") -> Any:
        """Run one command with `--json`."""
        return json.loads(self.text(*arguments, "--json", now=now))

    def lines(self, *arguments: str, now: str = "") -> list[dict[str, Any]]:
        """Run one command that prints JSON lines."""
        return [json.loads(line) for line in self.text(*arguments, "--json", now=now).splitlines()]


def moment(text: str, hours: float = 0) -> datetime:
    """An ISO moment, UTC unless it says otherwise."""
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)) + timedelta(hours=hours)


CEST = timezone(timedelta(hours=2))
