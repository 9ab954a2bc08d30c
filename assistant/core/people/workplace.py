"""Where somebody works, as their addresses tell it (docs/roles.md, "Role and company").

The address last written to counts, never one that was linked some time. Free mail tells nothing: anybody has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from assistant.core.mail.address import company_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Of two addresses in use at the same time neither is the old one, until it had no letter for so long.
_LEFT_BEHIND: Final = timedelta(days=90).total_seconds()
# A move of years ago is no news to anybody, but the first scan finds it.
_NEWS: Final = timedelta(days=365).total_seconds()


class Written(NamedTuple):
    """When one address was first and last written to (epoch seconds)."""

    address: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where one person works.

    `address` is the current one, None for a person without any. `now` and `was` are registered domains: of the company
    there (None for free mail), and of the one they left (None if they left none). `inside` says whether the owner works
    there too, None where nobody can tell.
    """

    address: str | None = None
    now: str | None = None
    was: str | None = None
    inside: bool | None = None


@dataclass(frozen=True, slots=True)
class OwnCompany:
    """The owner's company over time.

    `domains` are those in the config, `moves` counts how often the owner left some, and `advocates` are the handles of
    those who spoke up for the owner where they last left.
    """

    domains: tuple[str, ...] = ()
    moves: int = 0
    advocates: tuple[str, ...] = ()

    def after(self, domains: Iterable[str], advocates: Iterable[str]) -> OwnCompany:
        """Return it with `domains` in the config and `advocates` on the roster; no domains at all change nothing."""
        told = tuple(domains)
        if not told:
            return self
        # A further domain is a merger or a second name. Only a domain that went means that the owner did.
        if all(_within(one, told) for one in self.domains):
            return OwnCompany(told, self.moves, self.advocates)
        return OwnCompany(told, self.moves + 1, tuple(sorted(advocates)))


def works_inside(address: str | None, domains: Iterable[str]) -> bool | None:
    """Return whether an address is one of the owner's company, None where nobody can tell.

    That's so without an address, without `domains` of a company, and for free mail.
    """
    told = tuple(domains)
    if not address or not told:
        return None
    if _within(address.rpartition("@")[2], told):
        return True
    return None if company_of(address) is None else False


def workplace(addresses: Sequence[str], written: Sequence[Written], domains: Iterable[str], at: float = 0) -> Workplace:
    """Return where a person with these addresses works at an instant (epoch seconds).

    `written` has those that mail went to, the latest first. Without any, the address that was linked last counts.
    """
    told = tuple(domains)
    address = written[0].address if written else addresses[-1] if addresses else None
    now = company_of(address) if address else None
    return Workplace(address, now, _left(written, now, told, at), works_inside(address, told))


def _left(written: Sequence[Written], now: str | None, domains: tuple[str, ...], at: float) -> str | None:
    """Return the company before `now`, None if there was none, its address is still in use, or it's long ago."""
    there = [one for one in written if company_of(one.address) == now]
    before = next((one for one in written if company_of(one.address) not in {now, None}), None)
    if now is None or before is None:
        return None
    # A group has several domains, and whoever changes between them is where they were.
    if works_inside(before.address, domains) and works_inside(there[0].address, domains):
        return None
    since = min(one.first for one in there)
    gone = before.last < since or there[0].last - before.last >= _LEFT_BEHIND
    return company_of(before.address) if gone and max(since, before.last) >= at - _NEWS else None


def _within(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == known or host.endswith(f".{known}") for known in domains)
