"""The people in a file: entries, and by line what can't be used; and how to read a CSV. Nothing is decided here.

CSV files are LinkedIn's Connections.csv and Google Contacts, with their old and new headers. `vcards` reads vCards.
Lines count from 1, as in an editor.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant.core.mail.address import normal_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

LONGEST_NAME = 120
# The reply grammar gives these characters a meaning, so a name with one couldn't be written in a command.
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('<>"@;:|=\t\r\n', " "))


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said about a person or, with `kind` win or goal, about the owner. `on` is None if undated."""

    kind: str
    text: str
    on: date | None = None
    verb: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """One person in a file. `addresses` are normal forms, the preferred one first.

    `line` is where the entry begins, counted from 1. `role` is None if the file has none. Only the roster's own TOML
    has a `handle`.
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
    kept_on: date | None = None
    status: str = "active"
    handle: str | None = None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class UnusableLine:
    """Something that can't be used: its line (from 1) and a sentence without the period."""

    line: int
    text: str

    def sentence(self) -> str:
        """Return "line 12: …."."""
        return f"line {self.line}: {self.text}."


@dataclass(slots=True)
class Filed:
    """The content of a file. Each of its `rows` is either an entry or `left_out`, with a trouble that says why.

    A trouble about one of several addresses in a row doesn't leave the row out. `own` has the owner's wins and goals,
    which only the roster's TOML holds. `lines` says on which line each address was first seen.
    """

    kind: str
    rows: int = 0
    entries: list[ContactEntry] = field(default_factory=list)
    troubles: list[UnusableLine] = field(default_factory=list)
    left_out: int = 0
    own: tuple[Remark, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)

    def leave_out(self, line: int, why: str) -> None:
        """Note that a row can't be used, and why."""
        self.troubles.append(UnusableLine(line, why))
        self.left_out += 1

    def take(self, entry: ContactEntry, addresses: Iterable[str]) -> None:
        """Add a person with `addresses` as written, or note why the row can't be used."""
        written = [address.strip() for address in addresses if address.strip()]
        good = self._good(entry.line, written)
        name = clean_name(entry.name)
        if not name:
            self.leave_out(entry.line, f"{written[0] if written else 'this entry'} has no name")
        elif not written:
            self.leave_out(entry.line, f"{name} has no address")
        elif not good:
            self.left_out += 1  # _good has said why
        elif twin := next((self.lines[address] for address in good if address in self.lines), 0):
            self.leave_out(entry.line, f"{name} <{good[0]}> is on line {twin} already")
        else:
            self.entries.append(replace(entry, name=name, addresses=good))
            self.lines |= dict.fromkeys(good, entry.line)

    def keep(self, entry: ContactEntry, addresses: Iterable[str]) -> None:
        """Add a person from the roster's own TOML. They may have no address, or share one with somebody."""
        name = clean_name(entry.name)
        if name:
            self.entries.append(replace(entry, name=name, addresses=self._good(entry.line, list(addresses))))
        else:
            self.leave_out(entry.line, f"{entry.handle} has no name")

    def _good(self, line: int, written: list[str]) -> tuple[str, ...]:
        """Return the normal forms of the valid addresses, and note the others."""
        found = []
        for text in written:
            address = normal_address(text)
            if address is None:
                self.troubles.append(UnusableLine(line, f"{text[:80]} is not an email address"))
            else:
                found.append(address)
        return tuple(dict.fromkeys(found))


def clean_name(text: str) -> str:
    """Return a display name on one line without characters that mean something in a command, "" without a letter."""
    name = " ".join(text.translate(_NOT_IN_NAMES).split()).strip(" ,'")[:LONGEST_NAME].strip()
    return name if any(sign.isalpha() for sign in name) else ""


_GOOGLE_MAIL = re.compile(r"e-?mail \d+ - value")
_HEADER_WITHIN = 30  # lines; LinkedIn writes three lines of notes before the header
LONGEST_NOTE = 500
# LinkedIn's header in the languages that it exports in.
_FIRST_NAME = ("first name", "vorname", "prénom", "nombre")
_LAST_NAME = ("last name", "nachname", "nom de famille", "nom", "apellidos")
_COMPANY = (
    "company", "unternehmen", "firma", "entreprise", "empresa", "organization name", "organization 1 - name"
)  # fmt: skip
_POSITION = ("position", "poste", "cargo", "puesto", "organization title", "organization 1 - title")
_BIRTHDAY = ("birthday",)
_BORN = re.compile(r"(?:\d{4}|-)-?(\d{2})-?(\d{2})(?:T.*)?")
_MAIL = ("email address", "e-mail address", "e-mail-adresse", "adresse e-mail", "dirección de correo", "email")

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    cells: list[str] | None  # None: the row cannot be read


def read_table(text: str) -> Filed | None:
    """Return the people in a LinkedIn or Google CSV, or None if the text has neither header."""
    records = _records(text)
    header: list[str] | None = None
    kind = None
    while header is None:
        record = next(records, None)
        if record is None or record.line > _HEADER_WITHIN:
            return None
        cells = [cell.strip().casefold() for cell in record.cells or ()]
        kind = _kind(cells)
        header = cells if kind else None
    filed = Filed(kind or "")
    for record in records:
        if record.cells is None:
            filed.rows += 1
            filed.leave_out(record.line, "this row cannot be read")
        elif any(cell.strip() for cell in record.cells):
            filed.rows += 1
            row = dict(zip(header, (cell.strip() for cell in record.cells), strict=False))
            _from_google(filed, record.line, row) if kind == "google" else _from_linkedin(filed, record.line, row)
    return filed


def _kind(header: list[str]) -> str | None:
    """Return "google" or "linkedin" for their headers, else None."""
    if any(_GOOGLE_MAIL.fullmatch(cell) for cell in header):
        return "google"
    return (
        "linkedin" if all(any(word in header for word in words) for words in (_FIRST_NAME, _LAST_NAME, _MAIL)) else None
    )


def _from_linkedin(filed: Filed, line: int, row: Row) -> None:
    name = f"{_cell(row, _FIRST_NAME)} {_cell(row, _LAST_NAME)}"
    filed.take(ContactEntry(line, name, (), remarks=_facts(row)), [_cell(row, _MAIL)])


def _from_google(filed: Filed, line: int, row: Row) -> None:
    # Google's new header has no "Name", only its parts.
    parts = (("first name", "given name"), ("middle name", "additional name"), ("last name", "family name"))
    name = row.get("name") or " ".join(part for part in (_cell(row, words) for words in parts) if part)
    note = " ".join(row.get("notes", "").split())[:LONGEST_NOTE]
    entry = ContactEntry(
        line,
        name,
        (),
        remarks=(*((Remark("note", note),) if note else ()), *_facts(row)),
    )
    # Google joins several values of one field by " ::: ".
    mails = [value for key, value in row.items() if _GOOGLE_MAIL.fullmatch(key)]
    filed.take(entry, [address for value in mails for address in value.split(":::")])


def _facts(row: Row) -> tuple[Remark, ...]:
    return known_facts(_cell(row, _COMPANY), _cell(row, _POSITION), _cell(row, _BIRTHDAY))


def known_facts(company: str, position: str, birthday: str) -> tuple[Remark, ...]:
    """Return notes of what a file knows about somebody; "" is unknown. The year of birth is left out."""
    born = _BORN.fullmatch(birthday)
    facts = {"company": company, "position": position, "birthday (month-day)": "-".join(born.groups()) if born else ""}
    told = ((what, " ".join(value.split())[:LONGEST_NOTE]) for what, value in facts.items())
    return tuple(Remark("note", f"{what}: {value}") for what, value in told if value)


def _cell(row: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _records(text: str) -> Iterator[_Record]:
    """Yield each row with the line where it begins."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    reader = csv.reader([f"{line}\n" for line in text.split("\n")], delimiter=_delimiter(text))
    while True:
        line = reader.line_num + 1
        cells: list[str] | None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell beyond 128 KiB
            cells = None
        yield _Record(line, cells)


def _delimiter(text: str) -> str:
    """Return the character between the cells of the header."""
    # Saving the file in a spreadsheet can turn the commas into semicolons or tabs.
    for line in text.split("\n", _HEADER_WITHIN)[:_HEADER_WITHIN]:
        folded = line.casefold()
        if _GOOGLE_MAIL.search(folded) or any(word in folded for word in _FIRST_NAME):
            return max(",;\t", key=line.count)
    return ","
