"""The labelled set of aliases (aliases.tsv): 60 people of a roster, 2,000 addresses with names, whose each really is.

`python -m tests.corpus.aliases` writes the file anew. The roster and the ways in which people are written to are made
by hand here; whose an alias is follows from the life it belongs to, never from what the program decides. Namesakes,
relatives and strangers are among them, and people who changed their job. Everybody is invented.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import NamedTuple

from assistant.core.people.identity import Decision, decide_addresses
from assistant.core.people.roster import Person, Roster

FILE = Path(__file__).with_suffix(".tsv")
TOTAL = 2000

ROSTER = """
Mara Quist|lindqvist.example
Ole Brandt|brandt.example
Jürgen Müller|werk.example
Anne-Marie Lefèvre|atelier.example
José Álvarez García|puente.example
Siobhán O'Neill|harp.example
Priya Raman|ternbank.example
Wei Zhang|lotus.example
Hanako Yamada|sakura.example
Olga Petrova|volga.example
Robert Callahan|callahan-law.example
Katherine Whitfield|northgate.example
William Ashdown|ashdown.example
Elizabeth Thornbury|crownpress.example
Thomas Okonkwo|delta-labs.example
Fatima El Amrani|atlaswerk.example
Søren Kjærgaard|fjord.example
Łukasz Wójcik|wisla.example
Ana de la Cruz|pampa.example
Giulia Romano|torre.example
Daniel Fitzgerald|quayside.example
Margaret Penhaligon|tinworks.example
Peter van der Berg|polder.example
Ingrid Solheim|nordlys.example
Chidi Nwosu|harmattan.example
Rebecca Steinberg|granite.example
Alexander Volkov|taiga.example
Christine Dubois|marais.example
Mohammed Al-Rashid|oasis.example
Yuki Tanaka|hinode.example
Stephen Gallagher|shamrock.example
Natalie Fournier|verger.example
Benjamin Kowalski|amber.example
Isabel Ferreira|douro.example
Andrew MacLeod|skye.example
Jennifer Caldwell|mesa.example
Michael Brennan|tideway.example
Michaela Brenner|alpen.example
Nikolai Antonov|baikal.example
Charlotte Ravensworth|heather.example
Gustav Lindholm|malar.example
Deborah Ellison|prairie.example
Edward Hawthorne|oxbow.example
Frederik Thygesen|oresund.example
Samuel Adeyemi|lagoon.example
Victoria Marchetti|laguna.example
Timothy Sandoval|cactus.example
Patricia Hollander|dune.example
Richard Blackwood|forge.example
Susan Trevelyan|cove.example
Matthew Lindgren|birch.example
Joseph Marconi|radio.example
Abigail Foxworth|meadow.example
Gregory Dunmore|pike.example
Theresa Almeida|algarve.example
Kenneth Yoshida|koi.example
Emily Rosewood|thorn.example
Emily Rosewood|linden.example
Anthony Delgado|rio.example
Lars Henriksen|viken.example
"""
NICKNAMES = {
    "robert": "Bob", "katherine": "Kate", "william": "Bill", "elizabeth": "Liz", "thomas": "Tom", "daniel": "Dan",
    "margaret": "Peggy", "rebecca": "Becky", "alexander": "Alex", "christine": "Chris", "stephen": "Steve",
    "benjamin": "Ben", "andrew": "Andy", "jennifer": "Jenny", "michael": "Mike", "deborah": "Debbie", "edward": "Ted",
    "samuel": "Sam", "victoria": "Vicky", "timothy": "Tim", "patricia": "Pat", "richard": "Dick", "susan": "Sue",
    "matthew": "Matt", "joseph": "Joe", "gregory": "Greg", "theresa": "Terri", "kenneth": "Ken", "anthony": "Tony",
}  # fmt: skip
PLAIN = str.maketrans({**dict(zip("üäöéèáíóøåłçñ", "uaoeeaiooalcn", strict=True)), "æ": "ae"})
FREE = ("gmail.com", "outlook.com", "gmx.de", "yahoo.com", "icloud.com", "proton.me", "web.de")
SECOND_JOBS = ("kestrel", "beacon", "juniper", "copper", "saffron", "granary", "lantern", "orchard", "pylon", "rivet")
STRANGER_FIRST = [
    "Ada",
    "Bruno",
    "Carla",
    "Dirk",
    "Elena",
    "Felix",
    "Gerda",
    "Hugo",
    "Irina",
    "Jonas",
    "Klara",
    "Luca",
    "Mina",
    "Nora",
    "Otto",
    "Paula",
    "Quentin",
    "Rosa",
]
STRANGER_LAST = [
    "Abel",
    "Bonnet",
    "Castro",
    "Dreyer",
    "Engel",
    "Falk",
    "Grosso",
    "Hauser",
    "Ivers",
    "Jansen",
    "Keller",
    "Lopez",
    "Meier",
    "Nagy",
    "Orsini",
    "Pohl",
]


class Alias(NamedTuple):
    """One address with the names written with it, and whose it is: a number in the roster, or -1 for a stranger."""

    address: str
    names: tuple[str, ...]
    owner: int


class Score(NamedTuple):
    """What the lanes got right: of linked (`auto`), and of what was theirs (`found` linked, `asked` in question)."""

    auto: int
    right: int
    theirs: int
    found: int
    asked: int


def roster() -> Roster:
    """Return the 60 people, each with one known address."""
    people = []
    for number, line in enumerate(ROSTER.strip().splitlines()):
        name, _, domain = line.partition("|")
        words = _words(name)
        people.append(Person(f"p{number}", name, "mentor", addresses=(f"{words[0]}.{words[-1]}@{domain}",)))
    return Roster(tuple(people))


def _words(name: str) -> list[str]:
    return name.lower().translate(PLAIN).replace("'", "").replace("-", "").split()


def build() -> list[Alias]:
    """Return the set, the same each time."""
    dice = Random(20260310)  # noqa: S311 - a made-up life, no secret
    found: dict[str, Alias] = {}
    people = roster().people
    for number, person in enumerate(people):
        for address, names in _own(person, number, dice):
            found.setdefault(address, Alias(address, names, number))
    for number, person in enumerate(people):
        for address, names in _namesakes(person, number, dice):
            found.setdefault(address, Alias(address, names, -1))
    while len(found) < TOTAL:
        alias = _stranger(dice, len(found))
        found.setdefault(alias.address, alias)
    return sorted(found.values())[:TOTAL]


def _own(person: Person, number: int, dice: Random) -> list[tuple[str, tuple[str, ...]]]:
    """Return the further addresses of one life: new jobs, free mail, old accounts, each as it is written to."""
    words, name = _words(person.name), person.name
    first, last = words[0], words[-1]
    domain = person.addresses[0].partition("@")[2]
    turned = f"{name.split()[-1]}, {' '.join(name.split()[:-1])}"
    job = f"{SECOND_JOBS[number % 10]}{number}.example"
    aliases = [
        (f"{first}.{last}@{job}", (name,)),
        (f"{first[0]}{last}@{SECOND_JOBS[(number + 3) % 10]}-{number}.example", (turned, name)),
        (f"{last}@{domain}", (name,)),
        (f"{first}.{last}@{FREE[number % 7]}", (f"{name} via Meetups",)),
        (f"{first}{last}{number + 60}@{FREE[(number + 1) % 7]}", (f"{name} (private)",)),
        (f"{first}{last[0]}{number}@{FREE[(number + 2) % 7]}", (f"Dr. {name}",)),
        (f"{first}.{last}@conf{number}.example", (f"{name} | Speaker",)),
        (f"{first}.{last}@oldschool{number}.example", ("",)),
        (f"{first[0]}{last}@guild{number}.example", ("",)),
        (f"{first}.{last}@society{number}.example", (f"{name.split()[0][0]}. {name.split()[-1]}",)),
    ]
    if number % 2:
        aliases.append((f"{dice.choice(('sunny', 'river', 'blue'))}{number}@{FREE[(number + 3) % 7]}", (name,)))
    nickname = NICKNAMES.get(first)
    if nickname:
        aliases.append((f"{nickname.lower()}{number}@{FREE[(number + 4) % 7]}", (f"{nickname} {name.split()[-1]}",)))
    return aliases


def _namesakes(person: Person, number: int, dice: Random) -> list[tuple[str, tuple[str, ...]]]:
    """Return who only looks like them: relatives, colleagues, desks, a namesake seen under a nickname of the web."""
    words, name = _words(person.name), person.name
    first, last = words[0], words[-1]
    domain = person.addresses[0].partition("@")[2]
    other, another = dice.choice(STRANGER_FIRST), dice.choice(STRANGER_LAST)
    aliases: list[tuple[str, tuple[str, ...]]] = [
        (f"{other.lower()}.{last}@{FREE[number % 7]}", (f"{other} {name.split()[-1]}",)),
        (f"{first}.{another.lower()}@{SECOND_JOBS[number % 10]}.example", (f"{name.split()[0]} {another}",)),
        (f"{other.lower()}.{another.lower()}@{domain}", (f"{other} {another}",)),
        (f"{first}@shop{number}.example", (name.split()[0],)),
        (f"info@{domain}", (f"{name}",)),
        (f"{first[0]}{last}@{FREE[(number + 5) % 7]}", (f"{other} {another}",)),
    ]
    if person.name in {"Michael Brennan", "Daniel Fitzgerald", "Susan Trevelyan"}:
        # A namesake whose address is built like theirs: no rule can tell them apart.
        aliases.append((f"{first}.{last}@namesake{number}.example", (name,)))
    if number % 6 == 0:
        # True namesakes: the name is all that is known, and it stands on two addresses.
        aliases += [(f"bird{number}@{FREE[1]}", (name,)), (f"stone{number}@{FREE[2]}", (name,))]
    return aliases


def _stranger(dice: Random, number: int) -> Alias:
    first, last = dice.choice(STRANGER_FIRST), dice.choice(STRANGER_LAST)
    shape = dice.randrange(4)
    local = (f"{first}.{last}", f"{first[0]}{last}", f"{last}{number}", f"{first}{number}")[shape].lower()
    host = f"{dice.choice(SECOND_JOBS)}{dice.randrange(400)}.example" if dice.random() < 0.7 else dice.choice(FREE)
    return Alias(f"{local}@{host}", (dice.choice((f"{first} {last}", f"{last}, {first}", "", first)),), -1)


def load() -> list[Alias]:
    """Return the set as the file holds it."""
    lines = FILE.read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [Alias(address, tuple(names.split("|")), int(owner)) for owner, address, names in rows]


def decisions(aliases: list[Alias]) -> dict[str, Decision]:
    """Return what the program decides on every alias, one address of each person being known."""
    people = roster()
    links = {(person.addresses[0], person.handle): "said" for person in people.people}
    seen = {alias.address: alias.names for alias in aliases}
    return {one.address: one for one in decide_addresses(people, seen, links)}


def score(aliases: list[Alias]) -> Score:
    """Return how the decisions compare with the truth."""
    made = decisions(aliases)
    counts: Counter[str] = Counter()
    for alias in aliases:
        one = made[alias.address]
        counts["auto"] += one.lane == "auto"
        counts["right"] += one.lane == "auto" and one.person == f"p{alias.owner}"
        counts["theirs"] += alias.owner >= 0
        counts["found"] += one.lane == "auto" and alias.owner >= 0 and one.person == f"p{alias.owner}"
        counts["asked"] += one.lane == "ask" and f"p{alias.owner}" in one.candidates
    return Score(counts["auto"], counts["right"], counts["theirs"], counts["found"], counts["asked"])


def main() -> None:
    """Write the file."""
    lines = [f"{alias.owner}\t{alias.address}\t{'|'.join(alias.names)}" for alias in build()]
    head = "# whose it is (number in the roster, -1: nobody's) / address / names written with it"
    FILE.write_text("\n".join([head, *lines, ""]), "utf-8")


if __name__ == "__main__":
    main()
