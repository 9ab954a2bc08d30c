"""People out of CSV: LinkedIn's Connections.csv and Google Contacts, with their old and new headers.

LinkedIn writes some lines of notes before the header and leaves most addresses empty; Google joins several values of
one field by " ::: ". Lines are counted from 1, as an editor shows them.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.core.filed import Entry, Filed, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_GOOGLE_MAIL = re.compile(r"e-?mail \d+ - value")
_HEADER_WITHIN = 30  # lines: LinkedIn's notes take three
_LONGEST_NOTE = 500
# The words of LinkedIn's header in the languages it exports in.
_FIRST_NAME = ("first name", "vorname", "prénom", "nombre")
_LAST_NAME = ("last name", "nachname", "nom de famille", "nom", "apellidos")
_MAIL = ("email address", "e-mail address", "e-mail-adresse", "adresse e-mail", "dirección de correo", "email")
_COMPANY = ("company", "unternehmen", "firma", "entreprise", "empresa")

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    cells: list[str] | None  # None: the row cannot be read


def read_table(text: str) -> Filed | None:
    """Return the people of a LinkedIn or Google CSV; None where the text has neither's header."""
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
    """Return whose header this is, None for nobody's."""
    if any(_GOOGLE_MAIL.fullmatch(cell) for cell in header):
        return "google"
    return (
        "linkedin" if all(any(word in header for word in words) for words in (_FIRST_NAME, _LAST_NAME, _MAIL)) else None
    )


def _from_linkedin(filed: Filed, line: int, row: Row) -> None:
    name = f"{_cell(row, _FIRST_NAME)} {_cell(row, _LAST_NAME)}"
    filed.take(Entry(line, name, (), organisation=_cell(row, _COMPANY)), [_cell(row, _MAIL)])


def _from_google(filed: Filed, line: int, row: Row) -> None:
    """Take one row: the old header has "Name" and "Organization 1 - Name", the new one neither."""
    parts = (("first name", "given name"), ("middle name", "additional name"), ("last name", "family name"))
    name = row.get("name") or " ".join(part for part in (_cell(row, words) for words in parts) if part)
    note = " ".join(row.get("notes", "").split())[:_LONGEST_NOTE]
    entry = Entry(
        line,
        name,
        (),
        organisation=_cell(row, ("organization name", "organization 1 - name")),
        remarks=(Remark("note", note),) if note else (),
    )
    mails = [value for key, value in row.items() if _GOOGLE_MAIL.fullmatch(key)]
    filed.take(entry, [address for value in mails for address in value.split(":::")])


def _cell(row: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _records(text: str) -> Iterator[_Record]:
    """Yield the rows with the line each begins at; None for the cells of one that cannot be read."""
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
    """Return what parts the cells of the header: a comma, or what a spreadsheet made of it."""
    for line in text.split("\n", _HEADER_WITHIN)[:_HEADER_WITHIN]:
        folded = line.casefold()
        if _GOOGLE_MAIL.search(folded) or any(word in folded for word in _FIRST_NAME):
            return max(",;\t", key=line.count)
    return ","
