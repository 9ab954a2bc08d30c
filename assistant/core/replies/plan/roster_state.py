"""The roster while a reply is planned: looked up by handle, address and name, and changed line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.core.people.names import name_key
from assistant.core.people.roster import Person
from assistant.core.replies.plan.change import belongs_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.core.replies.plan.change import Change, Entity

    Values = dict[tuple[Entity, str], Any]


@dataclass(slots=True)
class RosterState:
    """Everybody ever added and everything else that can change, as JSON values by entity and key.

    `handles` are the people by handle. `index` has the sorted handles for each ("name", …) and ("address", …).
    `at_first` are the handles before this reply; `done` are its changes so far.
    """

    values: Values
    handles: dict[str, Person]
    index: dict[tuple[str, str], tuple[str, ...]]
    at_first: frozenset[str]
    done: list[Change] = field(default_factory=list)

    @property
    def people(self) -> tuple[Person, ...]:
        """Return everybody sorted by handle, including the dropped."""
        return tuple(self.handles[handle] for handle in sorted(self.handles))

    def active(self) -> Iterator[Person]:
        """Yield the people that digests are about."""
        return (person for person in self.people if person.status == "active")

    def by_handle(self, handle: str) -> Person | None:
        """Return the person with that handle, or None."""
        return self.handles.get(handle)

    def holding(self, address: str) -> list[Person]:
        """Return everybody with that address (in normal form), sorted by handle, whatever their status."""
        return [self.handles[handle] for handle in self.index.get(("address", address), ())]

    def called(self, name: str) -> list[Person]:
        """Return everybody with that name (as `name_key` compares it), sorted by handle, whatever their status."""
        return [self.handles[handle] for handle in self.index.get(("name", name_key(name)), ())]

    def value(self, entity: Entity, key: str) -> Any:
        """Return the JSON value of one entity, None if there is nothing."""
        return self.values.get((entity, key))

    def after(self, changes: Iterable[Change]) -> RosterState:
        """Return a copy of the roster after those changes."""
        copy = RosterState(dict(self.values), dict(self.handles), dict(self.index), self.at_first, list(self.done))
        copy.apply(changes)
        return copy

    def apply(self, changes: Iterable[Change]) -> None:
        """Make those changes in this roster."""
        # In place: with a copy for each line, an import of 5,000 people took ten seconds.
        touched: dict[str, set[str]] = {}
        for one in changes:
            self.done.append(one)
            self.values[one.entity, one.key] = one.after
            if one.after is None:
                del self.values[one.entity, one.key]
            if one.entity == "person":
                touched.setdefault(one.key, set())
            elif one.entity == "belongs":
                address, _, handle = one.key.rpartition(" ")
                touched.setdefault(handle, set()).add(address)
        for handle, addresses in touched.items():
            before = self.handles.get(handle)
            self._put(handle, _person(handle, self.values, {*addresses, *(before.addresses if before else ())}))

    def _put(self, handle: str, person: Person | None) -> None:
        old, new = _keys(self.handles.pop(handle, None)), _keys(person)
        for key in old - new:
            self.index[key] = tuple(one for one in self.index[key] if one != handle)
        for key in new - old:
            self.index[key] = tuple(sorted((*self.index.get(key, ()), handle)))
        if person:
            self.handles[handle] = person


def roster_state(values: Values) -> RosterState:
    """Return the roster that those JSON values describe."""
    addresses: dict[str, list[str]] = {}
    for entity, key in values:
        if entity == "belongs":
            address, _, handle = key.rpartition(" ")
            addresses.setdefault(handle, []).append(address)
    handles = sorted(key for entity, key in values if entity == "person")
    state = RosterState(values, {}, {}, frozenset(handles))
    for handle in handles:
        state._put(handle, _person(handle, values, addresses.get(handle, ())))  # noqa: SLF001 - it is made here
    return state


def _keys(person: Person | None) -> set[tuple[str, str]]:
    if person is None:
        return set()
    return {("name", name_key(person.name)), *(("address", address) for address in person.addresses)}


def _person(handle: str, values: Values, addresses: Iterable[str]) -> Person | None:
    """Return a person with those of `addresses` that are theirs, in the order they were linked; None for nobody."""
    value = values.get(("person", handle))
    if value is None:
        return None
    links = [(values.get(("belongs", belongs_key(address, handle))), address) for address in addresses]
    linked = sorted((link["since"], address) for link, address in links if link and link["lane"] != "no")
    return Person(
        handle=handle,
        name=value["name"],
        role=value["role"],
        cadence_days=value["cadence_days"],
        status=value["status"],
        goal=value["goal"],
        until=date.fromisoformat(value["until"]) if value["until"] else None,
        favourite=value["favourite"],
        hoped=value["hoped"],
        snoozed_until=date.fromisoformat(value["snoozed_until"]) if value["snoozed_until"] else None,
        addresses=tuple(address for _since, address in linked),
    )
