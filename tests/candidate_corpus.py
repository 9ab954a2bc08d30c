"""How many of the first eight candidates in each invented mailbox of corpus/candidates are worth keeping."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from assistant.config.values import Me
from assistant.core.mail.address import normal_address
from assistant.core.mail.message import Header, Instant, Locator
from assistant.core.people.handles import handle_for
from assistant.core.people.roster import Person
from assistant.core.replies.plan.change import Change, belongs_key, belongs_value, person_value
from assistant.rounds.scan.run import scan_sent_mail
from assistant.store.candidates import candidates
from assistant.store.roster import apply_changes, load_roster
from tests.corpus.candidates import write as mailbox
from tests.scanning import ListMailbox, make_config, make_round

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.store.candidates import Candidate
    from assistant.store.database import Store

NAMES = ("one", "two", "three")
FIRST, GOAL = 8, 6
SIZE = 2_000  # bytes of every message: the mailboxes have no texts


@dataclass(frozen=True, slots=True)
class World:
    """One mailbox: its owner, the day after its last message, what was sent, the roster, and who is worth keeping.

    `people` are as they stand in the file, with their labels.
    """

    me: Me
    now: datetime
    sent: tuple[dict[str, Any], ...]
    roster: tuple[dict[str, str], ...]
    people: tuple[dict[str, Any], ...]

    def label(self, address: str) -> dict[str, Any]:
        """Return the label of whoever has that address, one of nobody if there is none."""
        found = (one for one in self.people if address in [normal_address(its) for _, its in one["addresses"]])
        return next(found, {"worth": False, "why": "nobody"})


def load(name: str) -> World:
    """Return one mailbox."""
    told = mailbox.load(name)
    owner, sent = told["owner"], tuple(mailbox.write(told))
    addresses = tuple(normal_address(one) or "" for one in owner["addresses"])
    zone, domains = ZoneInfo(owner["timezone"]), tuple(owner["company_domains"])
    me = Me(owner["name"], addresses, addresses[0], zone, domains, owner["language"])
    now = max(datetime.fromisoformat(one["at"]) for one in sent) + timedelta(days=1)
    people = tuple(step["person"] for step in told["steps"] if "person" in step)
    return World(me, now, sent, tuple(told["roster"]), people)


def fill(store: Store, world: World) -> None:
    """Scan the mailbox into a store, with its roster."""
    apply_changes(store, list(_roster(world)), "T1", "owner", 1)
    headers = [_header(number, one, world.me) for number, one in enumerate(world.sent, start=1)]
    config = replace(make_config(), me=world.me)
    scan_sent_mail(make_round(store, ListMailbox(headers), config=config, now=world.now))


def first(store: Store, world: World, most: int = FIRST) -> list[Candidate]:
    """Return the first candidates of a filled store."""
    return candidates(store, load_roster(store), world.now, most, world.me)


def worth(world: World, found: Iterable[Candidate]) -> int:
    """Return how many of these candidates are worth keeping."""
    return sum(world.label(one.address)["worth"] for one in found)


def _roster(world: World) -> Iterable[Change]:
    for one in world.roster:
        person = Person(handle_for(one["name"], ()), one["name"], one["role"])
        yield Change("person", person.handle, None, person_value(person), "add")
        key = belongs_key(normal_address(one["address"]) or "", person.handle)
        yield Change("belongs", key, None, belongs_value("said", 1), "add")


def _header(number: int, sent: dict[str, Any], me: Me) -> Header:
    message = EmailMessage(policy=SMTP.clone(max_line_length=0))
    at = datetime.fromisoformat(sent["at"])
    fields = {
        "Message-ID": sent["message_id"],
        "Date": format_datetime(at),
        "From": formataddr((me.name, me.addresses[0])),
    }
    fields |= {field.title(): ", ".join(map(formataddr, sent[field])) for field in ("to", "cc", "bcc") if sent[field]}
    fields |= {"Subject": sent["subject"], **sent["headers"]}
    if sent["in_reply_to"]:
        fields["In-Reply-To"] = sent["in_reply_to"]
    for name, value in fields.items():
        message[name] = value
    return Header(Locator("Sent", 1, number), message.as_bytes(), Instant.of(at), SIZE, frozenset())
