"""A life with a digest in it, to answer: the store in memory, a mailbox that is a list, the real scan and rounds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assistant.config import Config
from assistant.config.values import DigestConfig, MailboxConfig, Me, SmtpConfig
from assistant.core.people.roles import BUILT_IN
from assistant.core.replies.own_ids import message_id as id_of
from assistant.core.replies.own_ids import new_token, tap_of, tap_ref
from assistant.render.digest import digest_subject, render_digest
from assistant.render.mail import Party, compose, digest_headers
from assistant.rounds.context import Round
from assistant.rounds.replies import process as round_of_replies
from assistant.rounds.replies.obey import obey
from assistant.rounds.replies.plan_inputs import at_the_shell
from assistant.rounds.scan import run
from assistant.store import digests, replies, roster
from tests.corpus.replies import Mail, Sent, fastmail
from tests.fakes import FakeMailbox, FakeReader, FakeTransport, FakeWriter
from tests.gallery import digests as gallery
from tests.stores import memory_store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.core.digest.roster_row import Row
    from assistant.core.language.data_files import Language
    from assistant.core.people.cadence import Occasion
    from assistant.core.people.roster import Person
    from assistant.core.replies.grammar.commands import Command
    from assistant.core.replies.transcript import Transcript
    from assistant.store.database import Store

OWNER = "priya@example.com"
ZONE = ZoneInfo("Europe/Zurich")
BUILT = datetime(2026, 3, 2, 8, 0, tzinfo=ZONE)
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZONE)
PEOPLE = (
    ("Jane Roe", "jane@roe.example", "mentor"),
    ("Bob Li", "bob@li.example", "advisor"),
    ("Mina Okafor", "mina@example.com", "advocate"),
    ("Jane Lee", "jane@lee.example", "mentor"),
)


@dataclass
class Random:
    """Bytes nobody could foresee, the same in every run."""

    number: int = 0

    def __call__(self, count: int) -> bytes:
        self.number += 1
        return hashlib.shake_256(str(self.number).encode()).digest(count)


@dataclass
class Said:
    """Answers that say what they were asked; of people who are added only with `first_words`."""

    first_words: bool = False

    def brief(self, handle: str) -> tuple[str, ...]:
        return (f"The brief of {handle}.",)

    def newcomers(self, people: Sequence[Person], occasions: Mapping[str, Occasion]) -> dict[str, tuple[str, ...]]:
        del occasions
        return {one.handle: (f"First words to {one.addresses[0]}.",) for one in people if self.first_words}

    def show(self, handle: str) -> tuple[str, ...]:
        return (f"Everything about {handle}.",)

    def why(self, handle: str) -> tuple[str, ...]:
        return (f"The reasons for {handle}.",)

    def status(self) -> tuple[str, ...]:
        return ("All is well.",)

    def everyone(self) -> tuple[Row, ...]:
        return ()

    def review(self) -> tuple[str, ...]:
        return ("Looking back.",)

    def help(self) -> tuple[str, ...]:
        return ("send <n>",)


def config(*, smtp: bool = True, language: Language = "en") -> Config:
    me = Me("Priya Raman", (OWNER, "priya@work.example"), OWNER, ZONE, language=language)
    return Config(
        me,
        MailboxConfig("maildir"),
        SmtpConfig("smtp.example.com") if smtp else None,
        DigestConfig(),
        None,
        dict(BUILT_IN),
    )


@dataclass
class Life:
    """One owner; `mail` is the digest that was sent, `week` counts digests."""

    config: Config = field(default_factory=config)
    store: Store = field(default_factory=memory_store)
    mailbox: FakeMailbox = field(default_factory=FakeMailbox)
    transport: FakeTransport | None = field(default_factory=FakeTransport)
    random: Random = field(default_factory=Random)
    reader: FakeReader | None = None
    now: datetime = NOW
    mail: Mail = field(default_factory=lambda: Mail("", "", "", ""))
    token: str = ""
    secret: str = "5ecret"
    numbers: int = 0

    def round(self) -> Round:
        return Round(
            self.config,
            self.store,
            self.mailbox,
            self.mailbox.folders(),
            self.transport,
            FakeWriter(),
            self.now,
            self.random,
            reader=self.reader,
        )

    def do(self, *lines: str) -> Transcript:
        context = replace(at_the_shell(self.store, self.random), reader=self.reader)
        return obey(self.store, self.config, lines, context, self.now, Said())

    def one(self, *lines: str) -> tuple[str, str]:
        """Obey lines at the shell and return (outcome, effect) of the last."""
        line = self.do(*lines).lines[-1]
        return line.outcome, line.effect

    def person(self, handle: str) -> Person:
        found = roster.load_roster(self.store).by_handle(handle)
        assert found, f"nobody is {handle}"
        return found

    def add_people(self) -> None:
        for name, address, role in PEOPLE:
            assert self.one(f"add {name} <{address}> as {role}")[0] == "ok"

    def digest(self, *, built: datetime = BUILT, week: str = "2026-W10", state: str = "ordinary") -> int:
        """Send a digest of the gallery, with numbers 1 to 3, Q1, C1 and drafts, and return its id."""
        value = gallery()[state]
        rendered = render_digest(value)
        self.token = new_token(self.random(16))
        message_id = id_of(self.token, "digest", "example.com")
        self.mail = Mail(message_id, digest_subject(value), rendered.text, rendered.html)
        control = Party("Priya Raman", OWNER)
        message = compose(
            message_id=message_id,
            from_=Party("Career assistant", OWNER),
            to=control,
            subject=self.mail.subject,
            text=rendered.text,
            html=rendered.html,
            date=built,
            headers=digest_headers(control),
        )
        at = int(built.timestamp())
        order = replace(self.round(), now=built).queue_to_owner(f"digest {week}", "digest", message_id, message)
        digest = digests.add_digest(self.store, week, at, at, message_id, order)
        replies.issue(
            self.store,
            token=self.token,
            kind="digest",
            message_id=message_id,
            digest=digest,
            secret=self.secret,
            text=rendered.text,
            now=at,
        )
        drafts = [digests.add_draft(self.store, draft(number)) for number in range(3)]
        handles = ("jane-roe", "bob-li", "mina-okafor")
        link = "link kim@far.example jane-roe"
        digests.ensure_question(
            self.store,
            link,
            {
                "address": "kim@far.example", "handle": "jane-roe", "handles": ["jane-roe"], "names": ["Jane R."],
                "last": None, "matters": False,
            },
        )  # fmt: skip
        digests.mark_asked(self.store, [link], at)
        digests.add_items(
            self.store,
            digest,
            [
                *((str(number + 1), "due", handles[number], drafts[number], {}) for number in range(3)),
                ("Q1", "question", None, None, {"key": link}),
                ("C1", "candidate", None, None, {"address": "ada@quist.example", "name": "Ada Quist"}),
                ("C2", "candidate", None, None, {"address": "rui@alves.example", "name": ""}),
            ],
        )
        return digest

    def put(self, message: bytes, at: datetime | None = None) -> None:
        """Put a message into Sent, as a mail program does, and scan."""
        self.mailbox.put("Sent", message, at or self.now)
        run.scan_sent_mail(self.round())

    def process(self) -> tuple[Transcript, ...]:
        return round_of_replies.process(self.round(), Said())

    def reply(self, *lines: str, **fields: object) -> tuple[Transcript, ...]:
        """Answer the digest with those lines and return the transcripts."""
        self.numbers += 1
        sent = Sent(message_id=f"reply-{self.numbers}@example.com", date=self.stamp())
        sent = replace(sent, **fields)  # type: ignore[arg-type]
        self.put(fastmail(lines, self.mail, sent))
        return self.process()

    def stamp(self) -> str:
        return self.now.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def answered_mail(self, transcript: Transcript) -> Mail:
        """Return the mail of a transcript, to be answered."""
        row = self.store.connection.execute(
            "SELECT outbox.message_id FROM reply JOIN outbox ON outbox.id = reply.outbox WHERE reply.id = ?",
            [int(transcript.id[1:])],
        ).fetchone()
        token = replies.lookup(self.store, row[0].partition(".")[0])
        assert token
        return Mail(row[0], "Re: 3 people to reach", token.text, "")


def draft(number: int) -> digests.NewDraft:
    """Return a stored draft for the n-th of the digest's people; the third has no address."""
    address = (PEOPLE[0][1], PEOPLE[1][1], None)[number]
    subject, body = f"A coffee, {number}?", "Hi,\n\nwould you have half an hour?\n\nBest,\nPriya\n"
    hashed = hashlib.sha256("\0".join((address or "", subject, body)).encode()).hexdigest()
    handle = ("jane-roe", "bob-li", "mina-okafor")[number]
    return digests.NewDraft(
        handle, "2026-W10", address, subject, body, hashed, "{}", f"draft{number}@example.com", None, ()
    )


def life() -> Life:
    """Return a life with four people and this week's digest."""
    new = Life()
    new.now = BUILT - timedelta(days=1)
    new.add_people()
    new.now = NOW
    new.digest()
    return new


def tap(owner: Life, body: str, **fields: object) -> bytes:
    """Return the message of a tap with that body, as a mail program sends it."""
    owner.numbers += 1
    sent = replace(Sent(message_id=f"tap-{owner.numbers}@example.com", date=owner.stamp()), **fields)  # type: ignore[arg-type]
    lines = [
        f"From: {sent.sender}",
        f"To: {sent.to}",
        "Subject: done 2",
        f"Date: {sent.date}",
        f"Message-ID: <{sent.message_id}>",
        "Content-Type: text/plain; charset=utf-8",
        *sent.extra,
        "",
        *body.split("\n"),
    ]
    return "\r\n".join(lines).encode()


def ref(owner: Life, command: Command, draft_hash: str = "") -> str:
    """Return the ref that the digest gives the tap of a command."""
    known = tap_of(command)
    assert known
    return tap_ref(owner.secret, owner.token, *known, draft_hash)
