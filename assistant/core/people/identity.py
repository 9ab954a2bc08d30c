"""Whose address is it? Each address gets a lane: linked (auto), asked about (ask), or nobody's (none).

    linked already ─> auto      names ─┐
                                       ├─> fits with each person ─> none: nobody │ one: auto or ask │ two: ask
    roster by name, token, local part ─┘

A wrong link silently takes a nudge away. So nothing is guessed between two people, and evidence that isn't in the table
of docs/how-contact-is-inferred.md ("Whose address is it") counts for nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from assistant.core.contact.mailing_lists import is_list
from assistant.core.language.lookalikes import is_deceptive_address
from assistant.core.mail.address import company_of, is_role_address
from assistant.core.people.compare_names import alike, is_shared, related, same
from assistant.core.people.names import LocalForms, Name, fits_local, local_forms, parse_name, spells_another, squash

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from assistant.core.people.roster import Person, Roster

Lane = Literal["auto", "ask", "none"]
# With one of these reasons, a link that an earlier scan made is taken back and asked about.
_AGAINST = frozenset({"look-alike", "local-part-of-another"})
_PREFIX = 2
_TWO = 2


@dataclass(frozen=True, slots=True)
class Decision:
    """Whose an address is. `person` is set only in lane auto; `candidates` are the handles that fit.

    `linked` says that the link is in the store already, from the owner or an earlier scan. `withdrawn` is the handle
    that a scan had linked if that link no longer holds, because the address proved shared or a second person fits.
    """

    address: str
    names: tuple[str, ...]
    lane: Lane
    person: str | None
    candidates: tuple[str, ...]
    reason: str
    linked: bool = False
    withdrawn: str | None = None


class Fit(NamedTuple):
    """How well an address fits one person.

    `name_only` says that it has the full name and nothing else: then it depends on whether other addresses have it too.
    """

    handle: str
    lane: Lane
    reason: str
    name_only: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """One person in the forms that addresses are compared with."""

    person: Person
    name: Name
    forms: LocalForms


@dataclass(frozen=True, slots=True)
class _Seen:
    """One address as it was seen.

    `written` are the names written with it, and `names` those of them that name somebody. `desk` says that it is a
    role, a list or a shared address, `deceptive` that its letters only look like others.
    """

    address: str
    written: tuple[str, ...]
    names: tuple[Name, ...]
    squashed: str
    desk: bool
    deceptive: bool


@dataclass(slots=True)
class _Index:
    """The active roster by sorted name, by its look, by token, by beginnings of tokens and by local part."""

    people: list[_Known]
    by_key: dict[tuple[str, ...], list[int]] = field(default_factory=lambda: defaultdict(list))
    by_look: dict[tuple[str, ...], list[int]] = field(default_factory=lambda: defaultdict(list))
    by_token: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_prefix: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_local: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def decide_addresses(
    roster: Roster,
    seen: Mapping[str, Iterable[str]],
    links: Mapping[tuple[str, str], str],
    lists: Container[str] = frozenset(),
    *,
    only: Iterable[str] | None = None,
    with_name_only: bool = False,
) -> list[Decision]:
    """Return a decision for each address in `seen` (or in `only`), in the order of the addresses.

    `seen` maps normal addresses to the display names written with them ("" for none). `links` maps (address, handle)
    to the lane in the store: said, auto or no. `lists` are addresses of lists. `with_name_only` adds to `only` the
    addresses that have a name on the roster and nothing else, since their decision depends on other addresses.

    `seen` must hold all addresses even if `only` has few: a name alone is enough only if no other address has it.
    """
    matcher = _Matcher(roster, seen, links, lists)
    wanted = set(seen if only is None else only)
    if with_name_only:
        wanted.update(*matcher.by_name_only.values())
    return [matcher.decide(address) for address in sorted(wanted)]


class _Matcher:
    """The index of the roster, and which addresses have which name; made once for many addresses."""

    def __init__(
        self,
        roster: Roster,
        seen: Mapping[str, Iterable[str]],
        links: Mapping[tuple[str, str], str],
        lists: Container[str],
    ) -> None:
        self.lists = lists
        self.linked: dict[str, dict[str, str]] = defaultdict(dict)
        self.refused: dict[str, set[str]] = defaultdict(set)
        self.dropped: set[str] = set()
        active = {person.handle for person in roster.active()}
        for (address, handle), lane in links.items():
            if lane == "no":
                self.refused[address].add(handle)
            elif handle in active:
                self.linked[address][handle] = lane
            else:
                self.dropped.add(address)
        self.index = _indexed(roster)
        self.names = {known.person.handle: known.name for known in self.index.people}
        self.seen = {address: self._seen(address, names) for address, names in seen.items()}
        self.tokens = frozenset(t for one in self.seen.values() for name in one.names if name.full for t in name.tokens)
        self.by_name_only = self._by_name_only()

    def _seen(self, address: str, names: Iterable[str]) -> _Seen:
        written = tuple(dict.fromkeys(name for name in names if name))
        deceptive = is_deceptive_address(address)
        # Letters that only look like the person's must not match by their ASCII form.
        squashed = "" if deceptive else squash(address.partition("@")[0])
        # Many programs repeat the local part (jane.doe) as the name, which says nothing new.
        parsed = (parse_name(name) for name in written if squash(name) != squashed or " " in name.strip())
        desk = is_role_address(address) or is_list(address, self.lists) or is_shared(written)
        told = tuple(name for name in parsed if name.tokens or name.raw)
        return _Seen(address, written, told, squashed, desk, deceptive)

    def _by_name_only(self) -> dict[str, set[str]]:
        """Return for each handle the addresses that have the person's name and nothing else to show."""
        found: dict[str, set[str]] = defaultdict(set)
        for address, one in self.seen.items():
            # Anybody's name can stand on a desk's address, and whose a linked or dropped one is, is known. None of them
            # makes it doubtful whose the others are.
            if one.desk or address in self.dropped or "said" in self.linked.get(address, {}).values():
                continue
            for known in self._namesakes(one):
                fit = self._fit(one, known)
                if fit and fit.name_only:
                    found[known.person.handle].add(address)
        return found

    def decide(self, address: str) -> Decision:
        one = self.seen.get(address) or self._seen(address, ())
        linked = self.linked.get(address, {})
        fits = [fit for fit in (self._fit(one, known) for known in self._possible(one)) if fit]
        refused = self.refused.get(address, set())
        open_fits = [self._alone(one, fit) for fit in fits if fit.handle not in refused]
        if linked:
            return self._of_linked(one, linked, open_fits)
        if address in self.dropped:
            # It belongs to somebody the owner dropped, so a namesake doesn't inherit it.
            return _decision(one, "none", (), "dropped")
        if not open_fits:
            return _decision(one, "none", (), "refused" if fits else "nobody")
        if len(open_fits) >= _TWO:
            return _decision(one, "ask", tuple(sorted(fit.handle for fit in open_fits)), "two-people")
        return _decision(one, open_fits[0].lane, (open_fits[0].handle,), open_fits[0].reason)

    def _of_linked(self, one: _Seen, linked: Mapping[str, str], fits: Sequence[Fit]) -> Decision:
        handles = tuple(sorted(linked))
        if len(handles) >= _TWO:
            return _decision(one, "ask", handles, "two-people", linked=True)
        # The owner's word outranks all evidence. A scan's own link is weighed again with each scan.
        if linked[handles[0]] == "said":
            return _decision(one, "auto", handles, "same-address", linked=True)
        rivals = {fit.handle for fit in fits}.difference(handles)
        against = next((fit.reason for fit in fits if fit.handle == handles[0] and fit.reason in _AGAINST), "")
        if one.desk or rivals or against:
            who = handles if one.desk else tuple(sorted(rivals.union(handles)))
            why = "shared-address" if one.desk else "two-people" if rivals else against
            return replace(_decision(one, "ask", who, why, linked=True), withdrawn=handles[0])
        why = next((fit.reason for fit in fits if fit.handle == handles[0] and fit.lane == "auto"), "same-address")
        return _decision(one, "auto", handles, why, linked=True)

    def _alone(self, one: _Seen, fit: Fit) -> Fit:
        """Return the fit; one by the name alone becomes auto or ask by the other addresses with that name."""
        if not fit.name_only:
            return fit
        # Of several addresses with nothing but the name, one may be a namesake's, and nothing tells which.
        others = self.by_name_only[fit.handle] - {one.address}
        if others:
            return Fit(fit.handle, "ask", "several-addresses")
        if self._spells_another(one, self.names[fit.handle]):
            return Fit(fit.handle, "ask", "local-part-of-another")
        return Fit(fit.handle, "auto", "only-address-of-that-name")

    def _possible(self, one: _Seen) -> list[_Known]:
        """Return the people worth comparing: they share a token, two beginnings of tokens or the local part."""
        # Looked up by index: 100,000 addresses must be decided in seconds, however long the roster is.
        index = self.index
        found: set[int] = set(index.by_local.get(one.squashed, ()))
        for name in one.names:
            found.update(index.by_key.get(name.key, ()), index.by_look.get(name.look, ()))
            if name.raw:
                found.update(index.by_token.get(name.raw, ()))
            for token in name.tokens:
                found |= index.by_token.get(token, set())
            found |= _two_prefixes(index, name)
        return [index.people[number] for number in sorted(found)]

    def _namesakes(self, one: _Seen) -> list[_Known]:
        """Return the people whose full name may equal one of the address's names."""
        index = self.index
        found: set[int] = set()
        for name in one.names:
            found.update(index.by_key.get(name.key, ()))
            if name.raw:
                found.update(index.by_token.get(name.raw, ()))
        return [index.people[number] for number in sorted(found)]

    def _fit(self, one: _Seen, known: _Known) -> Fit | None:
        """Return how an address fits a person by the table, or None if it doesn't."""
        handle = known.person.handle
        equal = any(same(name, known.name) for name in one.names)
        if one.desk:
            return Fit(handle, "ask", "shared-address") if equal else None
        if (equal and one.deceptive) or any(alike(name, known.name) for name in one.names):
            return Fit(handle, "ask", "look-alike")
        if equal:
            return self._equal(one, known)
        for name in one.names:
            reason = related(name, known.name)
            if reason:
                return Fit(handle, "ask", reason)
        return _by_local_part(one, known)

    def _equal(self, one: _Seen, known: _Known) -> Fit:
        """Return the fit of an address that comes with the person's full name."""
        handle = known.person.handle
        # Under somebody else's name as well, so two people may share it.
        if any(name.full and not related(name, known.name) for name in one.names):
            return Fit(handle, "ask", "two-names")
        if one.squashed in known.forms.whole or one.squashed in known.forms.short:
            return Fit(handle, "auto", "name-and-local-part")
        others = [address for address in known.person.addresses if address != one.address]
        local = one.address.partition("@")[0]
        if any(address.partition("@")[0] == local for address in others):
            return Fit(handle, "auto", "name-and-same-local-part")
        company = company_of(one.address)
        if company and any(company_of(address) == company for address in others):
            # Machines and colleagues also write under the boss's name: jira@, ann.leeds@.
            another = self._spells_another(one, known.name)
            own = not another and (fits_local(local, known.name) or any(map(str.isdigit, local)))
            return Fit(handle, "auto", "name-and-domain") if own else Fit(handle, "ask", "local-part-of-another")
        return Fit(handle, "ask", "name", name_only=True)

    def _spells_another(self, one: _Seen, name: Name) -> bool:
        return spells_another(one.address.partition("@")[0], name, self.tokens)


def _decision(one: _Seen, lane: Lane, handles: tuple[str, ...], reason: str, *, linked: bool = False) -> Decision:
    person = handles[0] if lane == "auto" else None
    return Decision(one.address, one.written, lane, person, handles, reason, linked)


def _indexed(roster: Roster) -> _Index:
    index = _Index([])
    for person in roster.active():
        name = parse_name(person.name)
        number = len(index.people)
        index.people.append(_Known(person, name, local_forms(name)))
        index.by_key[name.key].append(number)
        index.by_look[name.look].append(number)
        for token in (*name.tokens, *((name.raw,) if name.raw else ())):
            index.by_token[token].add(number)
        for token in (*name.tokens, *name.umlauts):
            index.by_prefix[token[:_PREFIX]].add(number)
        for form in (*index.people[-1].forms.whole, *index.people[-1].forms.short):
            index.by_local[form].add(number)
    return index


def _two_prefixes(index: _Index, name: Name) -> set[int]:
    once: set[int] = set()
    twice: set[int] = set()
    for prefix in {token[:_PREFIX] for token in name.tokens}:
        here = index.by_prefix.get(prefix, set())
        twice |= once & here
        once |= here
    return twice


def _by_local_part(one: _Seen, known: _Known) -> Fit | None:
    """Return the fit by the local part alone, or None."""
    for name in one.names:
        # jdoe@ under the name John Smith isn't Jane Doe.
        if len(name.tokens) >= _TWO and not set(name.tokens) & {*known.name.tokens, *known.name.umlauts}:
            return None
    if one.squashed in known.forms.whole:
        return Fit(known.person.handle, "ask", "local-part")
    if one.squashed in known.forms.short:
        return Fit(known.person.handle, "ask", "local-part-with-initial")
    return None
