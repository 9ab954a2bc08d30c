"""The roster as a line of a reply meets it: looked up by handle, address and name, and moved on by changes."""

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
    """Everybody ever added, and what else can be changed, as JSON values by entity and key.

    `handles` are the people by handle, `index` the handles (sorted) behind ("name", …) and ("address", …),
    `at_first` whoever was there before this reply, `done` its changes so far.
    """

    values: Values
    handles: dict[str, Person]
    index: dict[tuple[str, str], tuple[str, ...]]
    at_first: frozenset[str]
    done: list[Change] = field(default_factory=list)

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

    def after(self, changes: Iterable[Change]) -> RosterState:
        """Return the roster after those changes; this one stays as it is, for what is planned may not be done."""
        copy = RosterState(dict(self.values), dict(self.handles), dict(self.index), self.at_first, list(self.done))
        copy.apply(changes)
        return copy

    def apply(self, changes: Iterable[Change]) -> None:
        """Move this very roster on: an import of 5,000 people would take ten seconds for a copy a line."""
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
    """Return the roster that those JSON values describe; addresses in the order they were linked."""
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
    """Return under what a person is listed beside the handle."""
    if person is None:
        return set()
    return {("name", name_key(person.name)), *(("address", address) for address in person.addresses)}


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
