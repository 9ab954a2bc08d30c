"""Read and write the roster as TOML, and read people from other programs' files.

    path -> bytes -> text -> TOML | vCard | LinkedIn CSV | Google CSV -> Filed (core/people/contact_files.py)

The TOML holds what an owner would write by hand. The dates of notes and of `kept` are only for reading: what is
imported gets the day of the import.
"""

from __future__ import annotations

import codecs
import json
import re
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from assistant.config.syntax import line_table, read_toml
from assistant.core.language.dates import cadence_days
from assistant.core.language.days_in_words import cadence_words
from assistant.core.people.contact_files import ContactEntry, Filed, Remark, UnusableLine, read_table
from assistant.core.people.ledger import KINDS
from assistant.core.people.vcards import read_vcards
from assistant.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from assistant.config.syntax import Path as Place
    from assistant.core.people.roster import Note, Person, Roster

LARGEST = 32 * 1024 * 1024  # bytes
_CARD = re.compile(rb"(?m)(?=^BEGIN:VCARD)", re.IGNORECASE)
_FOLD = re.compile(rb"\r?\n[ \t]")
_CHARSET = re.compile(rb";CHARSET=\"?([\w-]+)", re.IGNORECASE)
VERBS = ("met", "talked to", "called", "emailed", "done", "public")
_HOPED = "hoped-for "
_KEYS = {
    "name", "role", "addresses", "cadence", "favourite", "goal", "until", "snoozed_until", "kept", "status",
    "notes",
}  # fmt: skip
_HEAD = """\
# The roster of career-assistant. Each person has a section [people.HANDLE]; handles never change.
# assistant roster edit opens this text; what you change becomes commands, as if you had answered a digest.
"""


def export_toml(roster: Roster, notes: Sequence[Note], kept_on: Mapping[str, date] = MappingProxyType({})) -> str:
    """Return the roster as TOML, sorted by handle, without dropped people. `notes` are those on everybody.

    `kept_on` says by handle on which day the owner said `keep`.
    """
    blocks = [_HEAD]
    own = [note for note in notes if note.person is None]
    if own:
        blocks.append(f"[me]\n{_notes(own)}")
    kept = sorted((p for p in roster.people if p.status != "dropped"), key=lambda person: person.handle)
    for person in kept:
        theirs = [note for note in notes if note.person == person.handle]
        blocks.append(_section(person, theirs, kept_on.get(person.handle)))
    return "\n".join(blocks)


def _section(person: Person, notes: Sequence[Note], kept_on: date | None) -> str:
    values: dict[str, Any] = {
        "name": person.name,
        "role": f"{_HOPED if person.hoped else ''}{person.role}",
        "addresses": list(person.addresses),
        "cadence": cadence_words(person.cadence_days) if person.cadence_days else None,
        "favourite": person.favourite or None,
        "goal": person.goal,
        "until": person.until,
        "snoozed_until": person.snoozed_until,
        "kept": kept_on,
        "status": person.status if person.status != "active" else None,
    }
    lines = [f"{key} = {_toml(value)}" for key, value in values.items() if value is not None]
    return "\n".join([f"[people.{_key(person.handle)}]", *lines, *([_notes(notes).rstrip("\n")] if notes else []), ""])


def _notes(notes: Sequence[Note]) -> str:
    rows = []
    for note in notes:
        verb = f", verb = {_toml(note.verb)}" if note.verb else ""
        rows.append(
            f"    {{ kind = {_toml(note.kind)}{verb}, on = {note.on.isoformat()}, text = {_toml(note.text)} }},"
        )
    return "\n".join(["notes = [", *rows, "]", ""])


def _toml(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    # JSON's strings are valid in TOML, except that TOML wants DEL escaped too.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(text: str) -> str:
    bare = text.isascii() and text.replace("-", "").replace("_", "").isalnum()
    return text if bare else _toml(text)


def read_people(path: Path) -> Filed:
    """Return the people in a file of any of the four kinds.

    Raises UserError if the file can't be read or is of no known kind.
    """
    text = _text(path)
    if "BEGIN:VCARD" in text[:100_000].upper():
        return read_vcards(text)
    if path.suffix.casefold() == ".toml":
        return read_roster(text)
    table = read_table(text)
    if table is None:
        raise UserError(
            "{name} is neither the roster's TOML nor a vCard file nor a CSV from LinkedIn or Google "
            "Contacts; export it again in one of these formats.",
            name=path.name,
        )
    return table


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise UserError(
                "{path} is larger than {most} MB, too large for a file of contacts.",
                path=path,
                most=LARGEST // 1024 // 1024,
            )
        raw = path.read_bytes()
    except OSError as error:
        raise UserError(
            "{path} cannot be read ({strerror}); check the path.", path=path, strerror=error.strerror
        ) from None
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:  # a byte order mark of UTF-16
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "".join(map(_decoded, _CARD.split(raw.removeprefix(codecs.BOM_UTF8))))


def _decoded(raw: bytes) -> str:
    """Return the text of one vCard, or of a file without any."""
    # Card by card, because each may name its own charset.
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    whole = _FOLD.sub(b"", raw)  # vCard folds lines by bytes, so one letter may be split over two lines
    try:
        # With as many line breaks as before, so that problems are still reported at the right line.
        return whole.decode("utf-8") + "\n" * (raw.count(b"\n") - whole.count(b"\n"))
    except UnicodeDecodeError:
        pass
    named = _CHARSET.search(raw)
    try:
        return raw.decode(named[1].decode("ascii") if named else "cp1252", "replace")
    except LookupError:
        return raw.decode("cp1252", "replace")  # spreadsheets on Windows write it


def read_roster(text: str) -> Filed:
    """Return the people in the roster's own TOML. Everything that is wrong with it is noted by line."""
    filed = Filed("toml")
    source = read_toml(text)
    filed.troubles.extend(UnusableLine(problem.line, problem.text) for problem in source.problems)
    reader = _Reader(filed, line_table(text.replace("\r\n", "\n")))
    for name, value in source.values.items():
        if name == "me" and isinstance(value, dict):
            filed.own = reader.remarks(("me",), value)
        elif name != "people":
            reader.wrong((name,), f"{name} is not known; people go into sections [people.HANDLE]")
    people = source.values.get("people", {})
    if isinstance(people, dict):
        for handle, fields in people.items():
            filed.rows += 1
            reader.person(handle, fields)
    else:
        reader.wrong(("people",), "people is not a table; write a section [people.HANDLE] for each person")
    return filed


class _Reader:
    """Reads the sections of the roster's TOML. Wrong fields are noted and keep their default."""

    def __init__(self, filed: Filed, lines: Mapping[Place, int]) -> None:
        self.filed = filed
        self.lines = lines

    def wrong(self, place: Place, text: str) -> None:
        while place and place not in self.lines:
            place = place[:-1]
        self.filed.troubles.append(UnusableLine(self.lines.get(place, 1), text))

    def person(self, handle: str, fields: object) -> None:
        place = ("people", handle)
        if not isinstance(fields, dict):
            self.filed.left_out += 1
            self.wrong(place, f"{handle} is not a section; write [people.{handle}]")
            return
        for key in fields.keys() - _KEYS:
            self.wrong((*place, key), f"{key} of {handle} is not known; known are {', '.join(sorted(_KEYS))}")
        addresses = self.typed(place, fields, "addresses", list) or []
        entry = ContactEntry(
            line=self.lines.get(place, 1),
            name=self.typed(place, fields, "name", str) or "",
            addresses=(),
            handle=handle,
            favourite=bool(self.typed(place, fields, "favourite", bool)),
            goal=self.typed(place, fields, "goal", str),
            until=self.typed(place, fields, "until", date),
            snoozed_until=self.typed(place, fields, "snoozed_until", date),
            kept_on=self.typed(place, fields, "kept", date),
            remarks=self.remarks(place, fields),
            **self.role(place, fields),
        )
        self.filed.keep(entry, [str(address) for address in addresses])

    def role(self, place: Place, fields: dict[str, Any]) -> dict[str, Any]:
        """Return the fields `role`, `hoped`, `cadence_days` and `status` of a ContactEntry."""
        role = self.typed(place, fields, "role", str) or ""
        words = self.typed(place, fields, "cadence", str)
        days = cadence_days(words) if words else None
        if words and days is None:
            self.wrong((*place, "cadence"), f'the cadence {_toml(words)} is not understood; write "every 3 weeks"')
        status = self.typed(place, fields, "status", str) or "active"
        if status not in {"active", "closed"}:
            self.wrong((*place, "status"), f'the status {_toml(status)} is not known; write "active" or "closed"')
        bare = role.casefold().removeprefix(_HOPED).strip()
        hoped = role.casefold().startswith(_HOPED)
        return {"role": bare or None, "hoped": hoped, "cadence_days": days, "status": status}

    def remarks(self, place: Place, fields: dict[str, Any]) -> tuple[Remark, ...]:
        """Return the notes of one section. Notes that can't be read are noted as problems."""
        found = []
        for index, note in enumerate(self.typed(place, fields, "notes", list) or ()):
            at = (*place, "notes", index)
            if not isinstance(note, dict) or not isinstance(note.get("text"), str) or note.get("kind") not in KINDS:
                self.wrong(
                    at, f"this note is not understood; write {{ kind = …, text = … }} with a kind of {', '.join(KINDS)}"
                )
                continue
            on = note.get("on")
            verb = note.get("verb") if note.get("verb") in VERBS else None
            text = " ".join(note["text"].split())
            found.append(Remark(note["kind"], text, on if isinstance(on, date) else None, verb, self.lines.get(at, 1)))
        return tuple(found)

    def typed(self, place: Place, fields: dict[str, Any], key: str, kind: type) -> Any:
        """Return a field's value, None if it's missing or of another type. The latter is noted as a problem."""
        value = fields.get(key)
        # A datetime is a date for Python, but not a day for the roster.
        if value is None or (isinstance(value, kind) and not isinstance(value, datetime)):
            return value
        words = {str: "text in quotes", list: "a list", bool: "true or false", date: "a day as 2026-05-21"}
        self.wrong((*place, key), f"{key} of {place[-1]} must be {words[kind]}")
        return None
