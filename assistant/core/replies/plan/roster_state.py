"""The roster as a line of a reply meets it, and as its changes leave it: frozen, so that a plan can be thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.core.people.names import name_key
from assistant.core.people.roster import Person
from assistant.core.replies.plan.change import belongs_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from assistant.core.replies.plan.change import Change, Entity

    Values = Mapping[tuple[Entity, str], Any]
    Index = dict[tuple[str, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class RosterState:
    """Everybody ever added, and what else can be changed, as JSON values by entity and key.

    `handles` are the people by handle, `index` the handles (sorted) behind ("name", …) and ("address", …),
    `at_first` the people before the first change of this reply, `done` its changes so far.
    """

    values: Values
    handles: Mapping[str, Person]
    index: Index
    at_first: Mapping[str, Person]
    done: tuple[Change, ...] = ()

    @property
    def people(self) -> tuple[Person, ...]:
        """Return everybody in the order of handles, the dropped ones too."""
        return tuple(self.handles[handle] for handle in sorted(self.handles))

    def active(self) -> Iterator[Person]:
        """Yield those who take part in digests."""
        return (person for person in self.people if person.status == "active")

    def by_handle(self, handle: str) -> Person | None:
        """Return the person of that handle, None for nobody."""
        return self.handles.get(handle)

    def holding(self, address: str) -> list[Person]:
        """Return everybody that address (normal form) is linked to, by handle; whatever their status."""
        return [self.handles[handle] for handle in self.index.get(("address", address), ())]

    def called(self, name: str) -> list[Person]:
        """Return everybody of that name, compared as `name_key` has it, by handle; whatever their status."""
        return [self.handles[handle] for handle in self.index.get(("name", name_key(name)), ())]

    def value(self, entity: Entity, key: str) -> Any:
        """Return the JSON value of one entity, None where there is nothing."""
        return self.values.get((entity, key))

    def after(self, changes: tuple[Change, ...]) -> RosterState:
        """Return the roster after those changes; this one stays as it is.

        Plain copies: all those of an import of 5,000 people together take a second.
        """
        if not changes:
            return self
        values = dict(self.values)
        touched: dict[str, set[str]] = {}
        for one in changes:
            values[one.entity, one.key] = one.after
            if one.after is None:
                del values[one.entity, one.key]
            if one.entity == "person":
                touched.setdefault(one.key, set())
            elif one.entity == "belongs":
                address, _, handle = one.key.rpartition(" ")
                touched.setdefault(handle, set()).add(address)
        done = (*self.done, *changes)
        if not touched:
            return RosterState(values, self.handles, self.index, self.at_first, done)
        handles, index = dict(self.handles), dict(self.index)
        for handle, addresses in touched.items():
            before = handles.pop(handle, None)
            person = _person(handle, values, {*addresses, *(before.addresses if before else ())})
            if person:
                handles[handle] = person
            _reindex(index, handle, _keys(before), _keys(person))
        return RosterState(values, handles, index, self.at_first, done)


def roster_state(values: Values) -> RosterState:
    """Return the roster that those JSON values describe; addresses in the order they were linked."""
    addresses: dict[str, list[str]] = {}
    for entity, key in values:
        if entity == "belongs":
            address, _, handle = key.rpartition(" ")
            addresses.setdefault(handle, []).append(address)
    handles: dict[str, Person] = {}
    index: Index = {}
    for handle in sorted(key for entity, key in values if entity == "person"):
        person = _person(handle, values, addresses.get(handle, ()))
        if person:
            handles[handle] = person
            _reindex(index, handle, set(), _keys(person))
    return RosterState(values, handles, index, handles)


def _keys(person: Person | None) -> set[tuple[str, str]]:
    if person is None:
        return set()
    return {("name", name_key(person.name)), *(("address", address) for address in person.addresses)}


def _reindex(index: Index, handle: str, old: set[tuple[str, str]], new: set[tuple[str, str]]) -> None:
    for key in old - new:
        index[key] = tuple(one for one in index[key] if one != handle)
    for key in new - old:
        index[key] = tuple(sorted((*index.get(key, ()), handle)))


def _person(handle: str, values: Values, addresses: Iterable[str]) -> Person | None:
    """Return the person of a handle with those of `addresses` that are linked to them, None for nobody."""
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
