"""Labelled pairs of an address and a name, with the lane they must get: impostors, look-alikes, relays, new jobs.

Written by hand from the rules for owners (docs/how-contact-is-inferred.md), not from what the program answers. Each
pair is judged alone against the roster of `aliases` and a few people more, one address of each being known.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from assistant.core.mail.address import normal_address
from assistant.core.people.identity import Decision, decide_addresses
from assistant.core.people.roster import Person, Roster
from tests.corpus import aliases

EXCHANGE = "IMCEAEX-_O=EXCHANGELABS_OU=EXCHANGE+20ADMINISTRATIVE+20GROUP_CN=RECIPIENTS_CN="
FILES = tuple(Path(__file__).with_name(f"pairs-{half}.tsv") for half in (1, 2))
MORE = f"""
Jess Pace|jess.pace@cope.example
Tom Heath|tom.heath@moor.example
Anna Katz|anna.katz@tax.example
Иван Петров|ivan.petrov@neva.example
Νίκος Παππάς|nikos.pappas@aegean.example
Lily Quay|post+lily=quay.example@relay.example
Jane Roe|{EXCHANGE}0A1B-JANE@eurprd01.prod.exchange.example
Hugh Vane|SRS0=Ab1c=XY=vane.example=hugh@forward.example
Otto Kern|4711+okern@users.noreply.forge.example
Rosa Lund|rosa.lund@gmail.com
"""


class Pair(NamedTuple):
    """One address with one name, the lane it must get and whose it is then ("-": nobody's)."""

    lane: str
    person: str
    address: str
    name: str


def load(path: Path) -> list[Pair]:
    """Return the pairs of one file."""
    lines = path.read_text("utf-8").split("\n")
    return [Pair(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def roster() -> Roster:
    """Return the people of `aliases` and a few more."""
    more = [line.partition("|") for line in MORE.strip().splitlines()]
    people = [
        Person(f"m{number}", name, "mentor", addresses=(normal_address(address) or "",))
        for number, (name, _, address) in enumerate(more)
    ]
    return Roster((*aliases.roster().people, *people))


def decision(pair: Pair) -> Decision:
    """Return what the program decides on one pair alone."""
    people = roster()
    links = {(person.addresses[0], person.handle): "said" for person in people.people}
    address = normal_address(pair.address) or ""
    (found,) = decide_addresses(people, {address: (pair.name,)}, links, only=(address,))
    return found


def is_right(pair: Pair, found: Decision) -> bool:
    """Return whether the lane is right, and the person where there is one."""
    names = {person.handle: person.name for person in roster().people}
    return found.lane == pair.lane and (
        pair.person == "-" or pair.person in {names[handle] for handle in found.candidates}
    )
