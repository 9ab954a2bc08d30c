"""The tour: a made-up mailbox, its scan, the digest, the owner's answer and its transcript, all on disk.

    build_mailbox -> what the owner said -> one round -> digest.* -> a reply in Sent -> one round -> transcript.*

The program itself runs, with a Maildir for the mailbox. Only the life in it is made up.

`write_reply` makes the owner's answer as a mail program would: their lines on top, the digest quoted below. In Sent it
is read like every reply.
"""

from __future__ import annotations

import hashlib
import html
import shlex
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from assistant.config import load_config
from assistant.core.digest.week import current
from assistant.demo.cast import answer
from assistant.demo.letters import quote
from assistant.demo.mailbox import build_mailbox
from assistant.owner import Owner
from assistant.render.transcript import render_transcript
from assistant.rounds.delivery.outbox import deliver
from assistant.rounds.delivery.tally import count_delivery
from assistant.rounds.digest import build
from assistant.rounds.digest.result import write_digest, write_files
from assistant.rounds.replies import process
from assistant.rounds.scan import run
from assistant.rounds.scan.received import read_received
from assistant.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from assistant.core.digest.model import Digest
    from assistant.core.replies.transcript import Transcript
    from assistant.demo.mailbox import DemoWorld
    from assistant.rounds.digest.result import Built
    from assistant.rounds.scan.run import ScanResult

# The Monday of the demo. It is always the same, so that everybody sees the same digest.
MOMENT = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("Europe/Berlin"))
LATER = timedelta(minutes=35)


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo wrote and what came of it. `now` is when its digest was built (aware)."""

    out: Path
    now: datetime
    world: DemoWorld
    scanned: ScanResult
    built: Built
    delivered: str
    said: tuple[str, ...]
    transcript: Transcript
    text: str

    @property
    def html(self) -> Path:
        """Return the path of the digest."""
        return self.out / "digest.html"

    def as_json(self) -> dict[str, Any]:
        """Return the paths written."""
        names = ("digest.html", "digest.txt", "digest.eml", "transcript.txt", "transcript.html")
        return {name.replace(".", "_"): str((self.out / name).absolute()) for name in names} | {
            "mailbox": str(self.world.maildir.absolute()),
            "config": str(self.world.config.absolute()),
            "home": str((self.out / "data").absolute()),
        }

    def _worded(self) -> tuple[str, ...]:
        """Return who found the words, where a model was asked."""
        words = [item.words for item in self.built.digest.due]
        by_model = [found for found in words if found.writer == "model"]
        asked = by_model or [found for found in words if found.remark]
        if not asked:
            return ()
        tokens = sum(found.prompt_tokens + found.completion_tokens for found in by_model)
        remarks = tuple(dict.fromkeys(found.remark for found in words if found.remark))
        return (f"The language model worded {len(by_model)} of {len(words)} drafts, with {tokens:,} tokens.", *remarks)

    def lines(self, program: Sequence[str] = ("assistant",)) -> tuple[str, ...]:
        """Return in about ten lines what happened, what to open, and what to paste to go on.

        `program` are the words that start the program from any folder. The commands here begin with them.
        """
        due = ", ".join(item.name for item in self.built.digest.due)
        config, home = self.world.config.absolute(), (self.out / "data").absolute()
        moment = (self.now + LATER).isoformat()
        trial = shlex.join([*program, "--config", str(config), "--home", str(home), "--now", moment])
        look_at, then = (shlex.quote(str(path.absolute())) for path in (self.html, self.out / "transcript.txt"))
        return (
            f"Made up the mailbox of {self.world.owner}: {self.world.sent:,} sent messages over two years.",
            self.scanned.sentence(),
            *self._worded(),
            f"It is {self.now:%A %-d %B %Y}, {self.now:%H:%M}. {self.delivered} To reach: {due}.",
            "The owner answered it from a phone:",
            *(f"  > {line}" for line in self.said),
            f"and got back transcript {self.transcript.id}: {self.transcript.changes} changes.",
            "",
            f"Look at   {look_at}  (or digest.txt), then {then}",
            f"Go on     {trial} people",
            f'          {trial} do "undo {self.transcript.id}"',
        )


def run_demo(out: Path, now: datetime | None = None, llm: tuple[str, str] | None = None) -> DemoResult:
    """Do the main job on a made-up mailbox under `out` and return what was written.

    `llm` is the address of a model server and the model's name, None for the offline writer and no network at all.
    Replaces an earlier demo. Raises UserError if `out` has some other Maildir.
    """
    moment = now or MOMENT
    world = build_mailbox(out / "mailbox", moment, llm)
    home = out / "data"
    for old in home.glob("assistant.sqlite3*"):
        old.unlink()
    with Store(home) as store:
        owner = Owner(load_config(world.config), home, store, random_bytes=_same_every_time())
        for said in world.said:
            owner.say(said.lines, said.at)
        scanned, built, delivered = _monday(owner, moment)
        write_digest(built, out)
        said_now = answer(_labels(built.digest))
        transcript = _answered(owner, built, said_now, moment + LATER)
    rendered = render_transcript(transcript, built.digest.language)
    write_files(out, {"transcript.txt": rendered.text.encode(), "transcript.html": rendered.html.encode()})
    return DemoResult(out, moment, world, scanned, built, delivered, said_now, transcript, rendered.text)


def _monday(owner: Owner, now: datetime) -> tuple[ScanResult, Built, str]:
    with owner.opened() as mailbox:
        round_ = owner.round(mailbox, now)
        scanned = run.scan_sent_mail(round_)
        read_received(round_, every_folder=True)
        built = build.build(round_, current(now, round_.slot))
        done = deliver(round_.way, round_.now)
    return scanned[0], built, count_delivery(owner.store, done).sentence()


def _labels(digest: Digest) -> dict[str, str]:
    """Return what the owner's answer may name: people by first name, questions by kind."""
    found = {one.name.split()[0]: one.label for one in digest.candidates if one.name}
    found |= {question.key.split()[0]: question.label for question in digest.questions}
    return found | {item.name.split()[0]: str(item.number) for item in digest.due}


def _answered(owner: Owner, built: Built, said: tuple[str, ...], now: datetime) -> Transcript:
    me = owner.config.me
    message = message_from_bytes(built.message)
    answered = Answered(
        message_id=built.message_id,
        subject=str(message["Subject"]),
        text=built.rendered.text,
        at=now - LATER,
        sender_name="Career assistant",
        sender=me.control_address,
    )
    reply = write_reply(answered, said, name=me.name, address=me.addresses[0], to=me.control_address, at=now)
    with owner.opened() as mailbox:
        round_ = owner.round(mailbox, now)
        mailbox.append(round_.folders.sent, reply, ("\\Seen",), now)
        run.scan_sent_mail(round_)
        (transcript,) = process.process(round_)
        deliver(round_.way, round_.now)
    return transcript


def _same_every_time() -> Callable[[int], bytes]:
    """Return a stand-in for randomness, so that two demos are alike."""
    # Tokens that can be guessed do no harm here: nobody can send mail to this mailbox.
    count = 0

    def some(length: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.sha512(b"demo %d" % count).digest()[:length]

    return some


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that is answered. `message_id` has no angle brackets, `text` is the text part, `at` is aware."""

    message_id: str
    subject: str
    text: str
    at: datetime
    sender_name: str
    sender: str
    references: tuple[str, ...] = ()


def write_reply(digest: Answered, lines: Sequence[str], *, name: str, address: str, to: str, at: datetime) -> bytes:
    """Return the reply from `address` to `to` at `at` (aware) as bytes with CRLF line ends.

    It is multipart/alternative with the owner's `lines` on top, an attribution line, and the digest quoted: marked
    by > in the text, in a blockquote in the HTML.
    """
    attribution = f"On {digest.at:%a, %b %d, %Y at %H:%M} {digest.sender_name} <{digest.sender}> wrote:"
    own = "\n".join(lines)
    text = f"{own}\n\n{attribution}\n\n{quote(digest.text)}\n"
    page = (
        f'<div dir="ltr">{_as_html(own)}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f'{html.escape(attribution)}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;'
        f'border-left:1px solid rgb(204,204,204);padding-left:1ex">{_as_html(digest.text)}</blockquote></div>\n'
    )
    mark = sha256(f"{digest.message_id}{at.isoformat()}{own}".encode()).hexdigest()[:24]
    head = _head(digest, name=name, address=address, to=to, at=at, mark=mark)
    parts = "".join(_part(kind, content, mark) for kind, content in (("plain", text), ("html", page)))
    return f"{head}{parts}--{mark}--\n".replace("\n", "\r\n").encode()


def _head(digest: Answered, *, name: str, address: str, to: str, at: datetime, mark: str) -> str:
    subject = digest.subject if digest.subject.casefold().startswith("re:") else f"Re: {digest.subject}"
    references = [*digest.references, digest.message_id][-10:]
    fields = [
        f"MIME-Version: 1.0\nDate: {format_datetime(at)}",
        f"References: {chr(10).join(f' <{reference}>' for reference in references).strip()}",
        f"In-Reply-To: <{digest.message_id}>",
        f"Message-ID: <{mark}@mail.{address.rpartition('@')[2]}>",
        f"Subject: {_header(subject)}",
        f"From: {_header(name)} <{address}>\nTo: {to}",
        f'Content-Type: multipart/alternative; boundary="{mark}"',
    ]
    return "\n".join(fields) + "\n\n"


def _header(text: str) -> str:
    from email.header import Header  # only a name or subject beyond ASCII needs it

    return text if text.isascii() else Header(text, "utf-8").encode()


def _part(kind: str, content: str, mark: str) -> str:
    return (
        f'--{mark}\nContent-Type: text/{kind}; charset="UTF-8"\nContent-Transfer-Encoding: quoted-printable\n\n'
        f"{_quoted_printable(content)}\n"
    )


def _quoted_printable(text: str) -> str:
    from quopri import encodestring  # the demo's reply alone needs it

    return encodestring(text.encode()).decode("ascii")


def _as_html(text: str) -> str:
    return html.escape(text).replace("\n", "<br>\n")
