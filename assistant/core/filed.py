"""People as files hold them, before anything is decided: entries, and what could not be used, by line."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant.core.mail.address import normal_address

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

LONGEST_NAME = 120
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('<>"@;:|=\t\r\n', " "))


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said of a person or, with `kind` win or goal, of the owner: `on` None for undated."""

    kind: str
    text: str
    on: date | None = None
    verb: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a file. `addresses` are normal forms, the preferred one first; `role` None where the file has none.

    `line` is where the entry begins, counted from 1. `handle` is the roster's own, None but in its own TOML.
    """

    line: int
    name: str
    addresses: tuple[str, ...]
    role: str | None = None
    hoped: bool = False
    cadence_days: int | None = None
    goal: str | None = None
    until: date | None = None
    favourite: bool = False
    snoozed_until: date | None = None
    status: str = "active"
    handle: str | None = None
    organisation: str = ""
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """What could not be used: a line (from 1) and a sentence without its full stop."""

    line: int
    text: str

    def sentence(self) -> str:
        """Return "line 12: …."."""
        return f"line {self.line}: {self.text}."


@dataclass(slots=True)
class Filed:
    """A file as it was read. `rows` counts what it holds: each row is an entry or a trouble that says why not.

    `left_out` counts those rows; a trouble about one of several addresses of a row leaves nothing out.
    `own` holds the owner's own wins and goals, which only the roster's TOML has.
    """

    kind: str
    rows: int = 0
    entries: list[Entry] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    left_out: int = 0
    own: tuple[Remark, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)
    """Where each address was first seen."""

    def leave_out(self, line: int, why: str) -> None:
        """Note a row that cannot be used."""
        self.troubles.append(Trouble(line, why))
        self.left_out += 1

    def take(self, entry: Entry, addresses: Iterable[str]) -> None:
        """Add a person with those `addresses` as written, or note why they cannot be used."""
        written = [address.strip() for address in addresses if address.strip()]
        good = self._good(entry.line, written)
        name = clean_name(entry.name)
        if not name:
            self.leave_out(entry.line, f"{written[0] if written else 'this entry'} has no name")
        elif not written:
            self.leave_out(entry.line, f"{name} has no address")
        elif not good:
            self.left_out += 1
        elif twin := next((self.lines[address] for address in good if address in self.lines), 0):
            self.leave_out(entry.line, f"{name} <{good[0]}> stands in line {twin} already")
        else:
            self.entries.append(replace(entry, name=name, addresses=good))
            self.lines |= dict.fromkeys(good, entry.line)

    def keep(self, entry: Entry, addresses: Iterable[str]) -> None:
        """Add a person of the roster's own TOML: they may have no address, or share one."""
        name = clean_name(entry.name)
        if name:
            self.entries.append(replace(entry, name=name, addresses=self._good(entry.line, list(addresses))))
        else:
            self.leave_out(entry.line, f"{entry.handle} has no name")

    def _good(self, line: int, written: list[str]) -> tuple[str, ...]:
        """Return the normal forms of what are addresses; the others are noted."""
        found = []
        for text in written:
            address = normal_address(text)
            if address is None:
                self.troubles.append(Trouble(line, f"{text[:80]} is no email address"))
            else:
                found.append(address)
        return tuple(dict.fromkeys(found))


def clean_name(text: str) -> str:
    """Return a display name on one line without the signs the grammar gives a meaning; "" where no letter is left."""
    name = " ".join(text.translate(_NOT_IN_NAMES).split()).strip(" ,'")[:LONGEST_NAME].strip()
    return name if any(sign.isalpha() for sign in name) else ""
