"""Which reading of a line about a contact holds, by who is on the roster (docs/replies.md).

line                               who was met
met Bob, Sam and Jane yesterday    all three, where the roster knows them all
met Bob, Sam wants promo           Bob, and a note
met Bob, Samm and Jane             nobody: one of a list of names is not known
met Bob, called Sam                nobody: two orders on one line
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.core.state import Planned
from assistant.core.who import find, handles_by_name, meant, well_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.replies.grammar.commands import Met
    from assistant.core.state import State

NEAR = 85
"""How much alike of 100 a word and a name are where the word is taken for a slip."""


def reading_of(command: Met, state: State) -> Met | Planned:
    """Return the reading of a line that holds, or what to answer where the line may say more than one thing."""
    known: dict[str, bool] = {}
    if any(_all_named(other.whos, known, state) for other in command.against):
        return Planned("unknown", state.words("unknown"))
    reading = next((some for some in command.lists if _all_named(some.whos, known, state)), None)
    if reading is None:
        return _misspelt(command, known, state) or command.alone
    # "met Smith and Sons" is one.
    whole = reading.who != command.who and all(who in command.who for who in reading.whos)
    return (command if whole and _all_named((command.who,), known, state) else reading).alone


def _all_named(whos: Sequence[str], known: dict[str, bool], state: State) -> bool:
    """Return whether each of these names somebody on the roster, by number, handle, address or whole words of a name.

    Numbers and names do not stand in one list. `known` keeps what was looked up.
    """
    numbers = [who.isdecimal() for who in whos]
    return all(numbers) or (not any(numbers) and all(_named(who, known, state) for who in whos))


def _named(who: str, known: dict[str, bool], state: State) -> bool:
    """Return whether those whom `find` would look among are well named; of somebody dropped it tells the owner."""
    if who not in known:
        fits = well_named(who)
        known[who] = any(map(fits, state.roster.people)) and any(map(fits, meant(who, state)))
    return known[who]


def _misspelt(command: Met, known: dict[str, bool], state: State) -> Planned | None:
    """Return what to say of a list in which somebody's name has a slip, or nobody bears it; None for no list."""
    for some in command.lists:
        unknown = [who for who in some.whos if not _named(who, known, state)]
        # "Bob and Samm": there is no other way to read it.
        if (some.note == command.note and some.who != command.who) or _are_people(unknown, some, state):
            missing = next((found for who in unknown if isinstance(found := find(who, some, state), Planned)), None)
            return missing if missing and not missing.changes else None
    return None


def _are_people(unknown: Sequence[str], some: Met, state: State) -> bool:
    """Return whether all of a list are people, though these are not known: written like names, or nearly a name."""
    written = all(word[:1].isupper() for who in unknown for word in who.split())
    if written and some.company[0] not in unknown:
        return True  # "Bob, Sam and Kim": a list of names goes on
    if not unknown or not (written or set(some.company) - set(unknown)):
        return False
    from rapidfuzz import fuzz, process

    names = handles_by_name(state).keys()
    return all(process.extractOne(who.casefold(), names, scorer=fuzz.ratio, score_cutoff=NEAR) for who in unknown)
