"""Lives to interrupt: a base from which each case starts, and what happens then.

base (built once) ──> events: mail of the owner's, rounds ──> settling: rounds pressed through the grace ──> end
                              └── killed at the n-th step, restarted five seconds later
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Literal

from assistant.core.replies.grammar.lines import Speech, parse_line
from assistant.core.replies.own_ids import tap_of, tap_ref
from assistant.rounds.context import Round
from assistant.rounds.delivery.outbox import GRACE
from assistant.rounds.first_use import remember_set_up
from assistant.rounds.replies.obey import obey
from assistant.rounds.replies.plan_inputs import at_the_shell
from assistant.rounds.whole_round import run_whole_round
from assistant.store import outbox, replies
from assistant.store.database import FILE_NAME, Store
from assistant.writer.offline.writer import OfflineWriter
from tests.crash.world import (
    OWNER,
    Fault,
    KilledError,
    SteppingStore,
    Steps,
    World,
    WorldMailbox,
    WorldTransport,
    header_of,
)
from tests.owner.test_end_to_end import reply, sent_mail
from tests.replying import Random, Said
from tests.replying import config as config_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.config import Config
    from assistant.core.evidence.dossier import Dossier, Words

MONDAY = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # 8:00 in the owner's zone
MINUTE = timedelta(minutes=1)
ALIKE = 1
SETTLING = (1, 3, 6, 11, 14, 25, 28, 90, 92, 103, 105, 160, 175, 190)


@dataclass(frozen=True, slots=True)
class Story:
    """A scenario: what is done first (never interrupted), and the events that may be interrupted.

    An event is a number of minutes after MONDAY and the owner's answer to the digest put into Sent then ("" for none,
    "tap …" for the message of a tap); a round follows each. `target` is the kind of message that faults hit; the rest
    is World's.
    """

    name: str
    before: tuple[tuple[float, str], ...]
    events: tuple[tuple[float, str], ...]
    target: str
    keeps_copies: bool = False
    rewrites: bool = False


STORIES = (
    Story("digest", (), ((0, ""),), "digest"),
    Story("drafts of the week before", ((-7 * 1440, ""), (-6 * 1440, "met Jane")), ((0, ""),), "digest"),
    Story(
        "reply and transcript",
        ((0, ""),),
        ((60, "met Jane on Sunday\nsned 1\nsnooze bob 2 weeks"),),
        "transcript",
        rewrites=True,
    ),
    Story("send, held and due", ((0, ""),), ((60, "send 1"), (71, "")), ""),
    Story("send, copy kept by the provider", ((0, ""),), ((60, "send 1"), (71, "")), "", keeps_copies=True),
    Story("send, taken back", ((0, ""),), ((60, "send 1"), (65, "undo"), (71, "")), "transcript"),
    Story("a draft", (), ((0, ""),), "draft"),
    Story(
        "taps, with one receipt", ((0, ""),), ((60, "tap met 1"), (62, "tap snooze 2 2 weeks"), (73, "")), "transcript"
    ),
)
ROUTES: tuple[Literal["smtp", "append"], ...] = ("smtp", "append")
PEOPLE = ("add Jane Roe <jane@example.com> as mentor", "add Bob Li <bob@other.example> as advisor, every 3 weeks")


def configs() -> dict[str, Config]:
    """Return the owner's config by route: mail to the owner by SMTP, or by APPEND beside an SMTP for `send N`."""
    whole = config_of()
    return {route: replace(whole, digest=replace(whole.digest, delivery=route)) for route in ROUTES}


CONFIGS = configs()


@dataclass
class OnceWorded:
    """The offline writer, asked once for each person and week, because the same words take time only once."""

    known: dict[tuple[str, str], Words] = field(default_factory=dict)

    def words(self, dossiers: Sequence[Dossier]) -> dict[str, Words]:
        for one in dossiers:
            key = (one.person.handle, repr(one.evidence))
            if key not in self.known:
                self.known[key] = OfflineWriter().words([one])[one.person.handle]
        return {one.person.handle: self.known[one.person.handle, repr(one.evidence)] for one in dossiers}

    def by_rules(self, dossiers: Sequence[Dossier]) -> dict[str, Words]:
        return self.words(dossiers)

    def remarks(self) -> tuple[str, ...]:
        return ()

    def show_prompt(self, dossier: Dossier) -> str:
        return OfflineWriter().show_prompt(dossier)


WRITER = OnceWorded()


@dataclass
class Program:
    """One owner's program with a data folder and a world; `restart` makes it a new process."""

    home: Path
    world: World
    route: str
    grace: timedelta = GRACE
    steps: Steps = field(default_factory=Steps)
    random: Random = field(default_factory=Random)
    store: SteppingStore = field(init=False)
    told_no: bool = False
    told_yes: int = 0

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.store = SteppingStore(self.home, self.steps)

    def restart(self) -> None:
        """Start again: only files and the world are left of the old process."""
        self.store.close()
        self.random.number += 1_000
        self.steps.kill = None
        self.start()

    def round(self) -> Round:
        world, kept = self.world, self.world.mailbox
        mailbox = WorldMailbox(messages=kept.messages, numbers=kept.numbers, world=world, step=self.steps)
        return Round(
            config=CONFIGS[self.route],
            store=self.store,
            mailbox=mailbox,
            folders=mailbox.folders(),
            transport=WorldTransport(world, self.steps),
            writer=WRITER,
            now=world.now,
            random_bytes=self.random,
            grace=self.grace,
            step=self.steps,
        )

    def once(self, at: datetime) -> None:
        """Do a whole round at `at`. If it's killed, a new process does it five seconds later."""
        self.world.at(at)
        try:
            remember_set_up(self.store, self.world.now)
            run_whole_round(self.round())
        except KilledError:
            self.restart()
            self.once(at + timedelta(seconds=5))

    def event(self, minute: float, text: str) -> None:
        """Answer the newest digest as the owner, and do a round."""
        at = MONDAY + minute * MINUTE
        if text.startswith("tap "):
            self.world.mailbox.put("Sent", self.tapped(text.removeprefix("tap "), at), at)
        elif text:
            digest = next(
                message_from_bytes(raw) for raw in reversed(self.inbox()) if header_of(raw)["X-Career-Assistant-Week"]
            )
            self.world.mailbox.put("Sent", reply(digest, text, at - timedelta(seconds=20)), at)
        self.once(at)

    def tapped(self, text: str, at: datetime) -> bytes:
        """Return the message of a tap in the newest digest."""
        digest = replies.valid_digests(self.store, int(at.timestamp()))[0]
        command = parse_line(text, Speech(at.date())).command
        known = tap_of(command) if command else None
        assert known, text
        return (
            f"From: Priya Raman <{OWNER}>\r\nTo: {OWNER}\r\nSubject: {text}\r\nDate: {format_datetime(at)}\r\n"
            f"Message-ID: <tap-{int(at.timestamp())}@example.com>\r\n\r\n"
            f"{text}\r\n\r\nref:{tap_ref(digest.secret, digest.token, *known)}\r\n"
        ).encode()

    def inbox(self) -> list[bytes]:
        return [raw for locator, (raw, _, _) in self.world.mailbox.messages.items() if locator.folder == "INBOX"]

    def settle(self, at: datetime) -> None:
        """Move the time forward until nothing waits. Doubts about mail to others are answered as things really are."""
        for minutes in SETTLING:
            entries = outbox.open_entries(self.store)
            if not entries and not self.world.on_its_way:
                return
            self.answer_doubts(at + minutes * MINUTE)
            self.once(at + minutes * MINUTE)

    def answer_doubts(self, at: datetime) -> None:
        """Answer yes, as `Qn yes` would, if the other person never got it, and no if they did."""
        questions = self.store.connection.execute("SELECT key FROM question WHERE answer IS NULL").fetchall()
        for (key,) in questions:
            if not key.startswith("doubt "):
                continue
            entry = outbox.entry(self.store, int(key.split()[1]))
            assert max(self.world.datas.values(), default=0) <= 1 + self.told_yes, "DATA without being asked"
            arrived = any(rcpt == entry.order.rcpt_to for rcpt, _ in self.world.others)
            with Store.write(self.store) as db:  # the owner's doing, no step of the program's
                db.execute("UPDATE question SET answer = ? WHERE key = ?", ["no" if arrived else "yes", key])
                if not arrived:
                    again = {"looks": 0, "first_look": None, "last_look": None, "not_before": int(at.timestamp())}
                    outbox.set_state(self.store, entry.id, "queued", int(at.timestamp()), **again)
            self.told_no = self.told_no or arrived
            self.told_yes += not arrived

    def end(self) -> dict[str, Any]:
        """Return the end state: mail by folder, what others got, roster, digests, outbox."""
        db = self.store.connection
        roster = [
            db.execute("SELECT * FROM person ORDER BY 1").fetchall(),
            db.execute("SELECT address, person, lane FROM belongs ORDER BY 1, 2").fetchall(),
            db.execute("SELECT person, kind, day, text FROM note ORDER BY 1, 2, 3, 4").fetchall(),
        ]
        states = Counter(db.execute("SELECT kind, state FROM outbox WHERE state != 'cancelled'").fetchall())
        return {
            "mail": self.world.snapshot(),
            "roster": roster,
            "weeks": db.execute("SELECT week FROM digest ORDER BY 1").fetchall(),
            "replies": db.execute("SELECT message_id FROM reply ORDER BY 1").fetchall(),
            "outbox": states,
        }


@dataclass(frozen=True, slots=True)
class Base:
    """Where all cases of a story and route start: a data folder, a world, and how many random numbers were used."""

    story: Story
    route: str
    home: Path
    world: World
    numbers: int

    @classmethod
    def make(cls, story: Story, route: str, folder: Path) -> Base:
        """Do what comes first in the story."""
        world = World(MONDAY - timedelta(days=8), keeps_copies=story.keeps_copies, rewrites=story.rewrites)
        for number in range(8):
            raw = sent_mail(number)
            world.mailbox.put("Sent", raw, MONDAY - timedelta(days=40))
        home = folder / f"{STORIES.index(story)}-{route}"
        program = Program(home, world, route)
        remember_set_up(program.store, world.now)
        context = at_the_shell(program.store, program.random)
        obey(program.store, CONFIGS[route], PEOPLE, context, world.now, Said())
        for minute, text in story.before:
            program.event(minute, text)
            program.settle(MONDAY + minute * MINUTE)
        program.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        program.store.close()
        return cls(story, route, home, world, program.random.number)

    def case(self, home: Path, kill: int | None, fault: Fault | None, grace: timedelta = GRACE) -> Program:
        """Go through the events, killed at the n-th step (None: never) and with that fault, until nothing waits."""
        home.mkdir(exist_ok=True)
        for old in home.iterdir():
            old.unlink()
        shutil.copy(self.home / FILE_NAME, home / FILE_NAME)
        world = self.world.copy()
        world.fault, world.target = fault, self.story.target
        program = Program(home, world, self.route, grace, Steps(kill), Random(self.numbers))
        for minute, text in self.story.events:
            program.event(minute, text)
        program.settle(MONDAY + self.story.events[-1][0] * MINUTE)
        return program


def difference(program: Program, reference: dict[str, Any]) -> dict[str, Any]:
    """Return what ended differently than in the undisturbed life.

    Where the owner said "no, it arrived" of mail to somebody else, no copy of it is filed and its draft stays.
    """
    end = program.end()
    if program.told_no:
        for state in (end, reference := {**reference, "mail": dict(reference["mail"])}):
            state["outbox"] = Counter({key: n for key, n in state["outbox"].items() if key[0] not in {"send", "copy"}})
            state["mail"] = {name: state["mail"][name] for name in ("INBOX", "others")}
    return {key: (_less(end[key], reference[key]), _less(reference[key], end[key]))
            for key in reference if end[key] != reference[key]}  # fmt: skip


def _less(one: Any, other: Any) -> Any:
    """Return what `one` has more of than `other`; both are counts."""
    if isinstance(one, Counter):
        return dict(one - other)
    if isinstance(one, dict):
        return {key: less for key in one if (less := _less(one[key], other.get(key, Counter())))}
    return one


def points(names: list[str]) -> list[int]:
    """Return at which steps to kill: each once in the same surroundings.

    A doubt that is looked into ten times goes through the same steps ten times.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for at in range(len(names)):
        around = tuple(names[max(0, at - 2) : at + 1])
        seen[around] += 1
        if seen[around] <= ALIKE:
            found.append(at + 1)
    return found


def all_cases(
    number: int, route: str, folder: Path, faults: Sequence[Fault | None], grace: timedelta = GRACE
) -> list[str]:
    """Run a story with each fault, killed at every step, and return how many lives and which ended differently."""
    base = Base.make(STORIES[number], route, folder)
    reference = base.case(folder / "case", None, None)
    expected = reference.end()
    reference.store.close()
    lives, found = 0, []
    for fault in faults:
        kills: list[int | None] = [None]
        steps: list[str] = []
        for kill in kills:
            program = base.case(folder / "case", kill, fault, grace)
            wrong = difference(program, expected)
            program.store.close()
            if kill is None:
                steps = program.steps.names
                kills += points(steps)
            if wrong:
                at = f"{kill} ({steps[kill - 1]})" if kill else "nowhere"
                found.append(f"{base.story.name}, {route}, {fault and fault.name}, killed at {at}: {wrong}")
        lives += len(kills)
    return [str(lives), *found]
