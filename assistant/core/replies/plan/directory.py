"""Who is where on the roster, looked up instead of searched for: by handle, by address, by name.

It moves on with the changes of a line at the cost of those changes, so that a file of 5,000 people is no other work for
the last line than for the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.core.people.names import name_key
from assistant.core.replies.plan.versioned import Versioned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.core.people.roster import Person

Key = tuple[str, str]
Links = tuple[tuple[int, str], ...]


class Directory:
    """An immutable directory of people; made of `people` when it is first asked, and moved on from there."""

    __slots__ = ("_found", "_people")

    def __init__(self, people: Iterable[Person], found: Versioned[Key, Any] | None = None) -> None:
        """Hold `people`; `found` is what was made of them already."""
        self._people = people
        self._found = found

    def person(self, handle: str) -> Person | None:
        """Return the person of that handle, None for nobody."""
        found: Person | None = self._entries().get(("handle", handle))
        return found

    def holding(self, address: str) -> list[Person]:
        """Return everybody that address (normal form) is linked to, by handle; whatever their status."""
        return self._listed("address", address)

    def called(self, name: str) -> list[Person]:
        """Return everybody of that name, compared as `name_key` has it, by handle; whatever their status."""
        return self._listed("name", name_key(name))

    def __contains__(self, handle: object) -> bool:
        """Return whether a handle is taken."""
        return ("handle", handle) in self._entries()

    def moved_on(self, people: Iterable[tuple[str, Person | None]]) -> Directory:
        """Return the directory in which those handles stand for those people, None for nobody."""
        found = self._entries()
        for handle, after in people:
            before: Person | None = found.get(("handle", handle))
            if before != after:
                found = found.changed(_moves(found, handle, before, after))
        return Directory((), found)

    def _listed(self, kind: str, key: str) -> list[Person]:
        entries = self._entries()
        return [entries["handle", handle] for handle in entries.get((kind, key), ())]

    def _entries(self) -> Versioned[Key, Any]:
        if self._found is None:
            found: dict[Key, Any] = {}
            for person in self._people:
                found["handle", person.handle] = person
                for key in _keys(person):
                    found.setdefault(key, []).append(person.handle)
            self._found = Versioned(
                {key: tuple(sorted(value)) if isinstance(value, list) else value for key, value in found.items()}
            )
        return self._found


def _keys(person: Person | None) -> set[Key]:
    """Return under what a person is listed beside the handle."""
    if person is None:
        return set()
    return {("name", name_key(person.name)), *(("address", address) for address in person.addresses)}


def _moves(
    found: Versioned[Key, Any], handle: str, before: Person | None, after: Person | None
) -> list[tuple[Key, Any]]:
    old, new = _keys(before), _keys(after)
    moves: list[tuple[Key, Any]] = [(("handle", handle), after)]
    for key in old - new:
        rest = tuple(one for one in found.get(key, ()) if one != handle)
        moves.append((key, rest or None))
    moves.extend((key, tuple(sorted({*found.get(key, ()), handle}))) for key in new - old)
    return moves
