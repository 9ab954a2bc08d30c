"""Find the one person that WHO means, or the sentence that says why there is none.

For a line about a contact, the roster also decides how it is read (docs/replies.md):

line                               who was met
met Bob, Sam and Jane yesterday    all three, where the roster knows them all
met Bob, Sam wants promo           Bob, and a note
met Bob, Samm and Jane             nobody: one of a list of names is not known
met Bob, called Sam                nobody: two orders on one line
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.core.language.fold import fold_name
from assistant.core.mail.address import normal_address
from assistant.core.people.handles import people_meant, spellings
from assistant.core.people.roster import Person
from assistant.core.replies.grammar.commands import Command, Intro, Met, Snooze
from assistant.core.replies.grammar.spelling import format_command
from assistant.core.replies.plan.question import Question
from assistant.core.replies.plan.state import Planned

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.core.replies.plan.state import Item, State

OFFERED = 6
_STATUSES = ("active", "closed", "dropped")


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """One person. `named` tells which number they were given by, " (number 2 of 2 March)", or is ""."""

    person: Person
    named: str = ""


def find_person(who: str, command: Command, state: State) -> FoundPerson | Planned:
    """Return the person who is meant, or what to answer: nobody, no such number, or the question which one.

    `command` is carried out once the owner has said which one.
    """
    if who.isdecimal():
        return find_number(int(who), state)
    said = who
    # Addresses are kept in lower case and without a +tag.
    who = (normal_address(who) or who) if "@" in who else who
    exact = _exact(who.strip().casefold(), state)
    if exact is not None:
        return FoundPerson(exact)
    people = meant(who, state)
    dropped = [person for person in people if person.status == "dropped"]
    if people and not dropped:
        return FoundPerson(people[0]) if len(people) == 1 else _which(said, people, command, state)
    # A part of a word is too little to conclude that somebody dropped is meant.
    if len(dropped) == 1 and well_named(who)(dropped[0]):
        return Planned("refused", state.words("who.dropped", name=dropped[0].name))
    return Planned("unknown", state.words("who.nobody", who=who) + _nearest(who, state))


def meant(who: str, state: State) -> tuple[Person, ...]:
    """Return the people that words can mean: active ones, else closed ones, else dropped ones; () for nobody."""
    people = state.roster.people
    found = (people_meant(who, (one for one in people if one.status == status)) for status in _STATUSES)
    return next(filter(None, found), ())


def _exact(said: str, state: State) -> Person | None:
    """Return the active person with that handle, or the only one with that address, or None."""
    # `people_meant` would find the same, but looks at everybody.
    own = state.roster.by_handle(said)
    if own is not None and own.status == "active":
        return own
    holders = [person for person in state.roster.holding(said) if person.status == "active"]
    return holders[0] if len(holders) == 1 else None


def find_number(number: int, state: State) -> FoundPerson | Planned:
    """Return the person under a number of the answered digest, or what to answer."""
    if state.reply.digest_on is None:
        return Planned("refused", state.words("who.no-digest", number=number))
    day = state.words.bare_day(state.reply.digest_on)
    item = state.reply.items.get(str(number))
    person = state.roster.by_handle(item.person) if item and item.person else None
    if person is None and item and _is_newcomer(item):
        return _newcomer(item, state)
    if person is None:
        return Planned("refused", state.words("who.no-number", number=number, day=day))
    if person.status == "dropped":
        return Planned("refused", state.words("who.number-dropped", name=person.name, number=number, day=day))
    return FoundPerson(person, state.words("named", number=number, day=day))


def find_recipient(number: int, state: State) -> FoundPerson | Planned:
    """Return whom the draft under a number is for. Unlike `find_number` it may be somebody who isn't on the roster."""
    item = state.reply.items.get(str(number))
    if item is None or not _is_newcomer(item):
        return find_number(number, state)
    name, role = (str(item.payload.get(key, "")) for key in ("name", "role"))
    return FoundPerson(Person(str(item.person), name or str(item.person), role))


def _is_newcomer(item: Item) -> bool:
    """Return whether a number is that of somebody who could fill a gap, who is kept by address."""
    return item.person is not None and "@" in item.person


def _newcomer(item: Item, state: State) -> FoundPerson | Planned:
    """Return somebody who could fill a gap, if they were added since."""
    holders = [person for person in state.roster.holding(str(item.person)) if person.status == "active"]
    if len(holders) == 1:
        return FoundPerson(holders[0])
    name = str(item.payload.get("name") or item.person)
    return Planned("refused", state.words("who.newcomer", name=name, address=item.person))


def well_named(who: str) -> Callable[[Person], bool]:
    """Return a function that tells whether words name a person well.

    They do by handle, address, whole words of the name, or its beginning up to an initial ("Jane R").
    """
    said, folded = who.casefold(), fold_name(who)
    begins = folded[-2:-1] == " "
    words = set(folded.split())

    def named(person: Person) -> bool:
        if said == person.handle or said in person.addresses:
            return True
        names = spellings(person.name)
        return any(words <= set(name.split()) or (begins and name.startswith(folded)) for name in names)

    return named


def _which(who: str, people: tuple[Person, ...], command: Command, state: State) -> Planned:
    offered = people[:OFFERED]
    handles = [person.handle for person in offered]
    say = state.words
    plural = f"{who[:1].upper()}{who[1:]}s" if who.isalpha() and who.isascii() else say("who.plural", who=who)
    effect = say("who.which", many=say.many(len(people)), plural=plural, who=who, handles=", ".join(handles))
    forms = {handle: format_command(_about(command, who, handle, state)) for handle in handles}
    number = sum(change.key.startswith("settle ") for change in state.roster.done) + 1
    payload = {"cause": state.reply.cause, "said_on": state.reply.today.isoformat(), "forms": forms, "who": who}
    return Planned("ask", effect, (state.asked(Question("settle", f"{state.reply.cause}-{number}", payload)),))


def _about(command: Command, who: str, handle: str, state: State) -> Command:
    """Return the command with a handle for the name that wasn't clear, and with its day."""
    if isinstance(command, Met):
        said = who.casefold()
        return command.about((handle if one.casefold() == said else one for one in command.whos), state.reply.today)
    if isinstance(command, Snooze | Intro):
        return replace(command, whos=tuple(handle if one.casefold() == who.casefold() else one for one in command.whos))  # type: ignore[arg-type]
    return replace(command, who=handle)  # type: ignore[arg-type]


def _nearest(who: str, state: State) -> str:
    from difflib import get_close_matches

    names = handles_by_name(state)
    close = get_close_matches(who.casefold(), names, n=1, cutoff=0.7)
    return state.words("who.closest", handle=names[close[0]]) if close else ""


def handles_by_name(state: State) -> dict[str, str]:
    """Return the handles of active people by handle, name and each word of the name, all casefolded."""
    return {
        name.casefold(): person.handle
        for person in state.roster.active()
        for name in (person.handle, person.name, *person.name.split())
    }


NEAR = 85  # of 100; a word this much like a name is taken for a slip


def reading_of(command: Met, state: State) -> Met | Planned:
    """Return the reading that holds, or what to answer if the line may say more than one thing."""
    known: dict[str, bool] = {}
    if any(_all_named(other.whos, known, state) for other in command.against):
        return Planned("unknown", state.words("unknown"))
    reading = next((some for some in command.lists if _all_named(some.whos, known, state)), None)
    if reading is None:
        return _misspelt(command, known, state) or command.alone
    # "met Smith and Sons" can be one name, even if a Smith and a Sons are known too.
    whole = reading.who != command.who and all(who in command.who for who in reading.whos)
    return (command if whole and _all_named((command.who,), known, state) else reading).alone


def _all_named(whos: Sequence[str], known: dict[str, bool], state: State) -> bool:
    """Return whether the roster has everybody in a list, by number, handle, address or whole words of a name.

    A list with both numbers and names is none. `known` keeps what was looked up.
    """
    numbers = [who.isdecimal() for who in whos]
    return all(numbers) or (not any(numbers) and all(_named(who, known, state) for who in whos))


def _named(who: str, known: dict[str, bool], state: State) -> bool:
    """Return whether WHO names somebody well, among the people that `find_person` would choose from."""
    if who not in known:
        fits = well_named(who)
        known[who] = any(map(fits, state.roster.people)) and any(map(fits, meant(who, state)))
    return known[who]


def _misspelt(command: Met, known: dict[str, bool], state: State) -> Planned | None:
    """Return what to answer to a list with a misspelled or unknown name; None if it isn't a list."""
    for some in command.lists:
        unknown = [who for who in some.whos if not _named(who, known, state)]
        # "met Bob and Samm" has no other reading.
        if (some.note == command.note and some.who != command.who) or _are_people(unknown, some, state):
            missing = next(
                (found for who in unknown if isinstance(found := find_person(who, some, state), Planned)), None
            )
            return missing if missing and not missing.changes else None
    return None


def _are_people(unknown: Sequence[str], some: Met, state: State) -> bool:
    """Return whether a list names only people although these are unknown: written like names, or almost a name."""
    written = all(word[:1].isupper() for who in unknown for word in who.split())
    if written and some.company[0] not in unknown:
        return True  # in "Bob, Sam and Kim" a list of names goes on, so Kim is one more
    if not unknown or not (written or set(some.company) - set(unknown)):
        return False
    from rapidfuzz import fuzz, process

    names = handles_by_name(state).keys()
    return all(process.extractOne(who.casefold(), names, scorer=fuzz.ratio, score_cutoff=NEAR) for who in unknown)
