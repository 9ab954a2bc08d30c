"""The people in a vCard file: 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350), but only names, addresses and notes."""

from __future__ import annotations

import quopri
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.core.people.contact_files import LONGEST_NOTE, ContactEntry, Filed, Remark, known_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROPERTY = re.compile(r'(?:[\w-]+\.)?([\w-]+)((?:;(?:"[^"]*"|[^":;])*)*):(.*)', re.DOTALL)
_PARAMETER = re.compile(r';([\w-]+)(?:=((?:"[^"]*"|[^";])*))?')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SEMICOLON = re.compile(r"(?<!\\);")
_GLUED = re.compile(r"(?<=^END:VCARD)\s*(?=BEGIN:VCARD$)", re.IGNORECASE)  # some exports end cards without a line end
_LAST = 101  # after every PREF of vCard 4, which go from 1 to 100


@dataclass(frozen=True, slots=True)
class Property:
    """One content line. Its name and the names of its parameters are in capitals; its value is still escaped."""

    line: int
    name: str
    parameters: dict[str, str]
    value: str


def read_vcards(text: str) -> Filed:
    """Return the people in a vCard file. Cards without a name or an address are left out."""
    filed = Filed("vcard")
    card: list[Property] | None = None
    begun = 0
    within = False
    for content in properties(text):
        if within:
            within = content.name != "END"
        elif content.name == "BEGIN" and content.value.strip().casefold() == "vcard":
            within = bool(card and card[-1].name == "AGENT")  # somebody else's card within this one (vCard 2.1)
            if within:
                continue
            if card is not None:
                filed.leave_out(begun, "this card has no END:VCARD")
            card, begun = [], content.line
            filed.rows += 1
        elif content.name == "END" and card is not None:
            _take(filed, begun, card)
            card = None
        elif card is not None:
            card.append(content)
    if card is not None:
        filed.leave_out(begun, "this card has no END:VCARD")
    return filed


def properties(text: str) -> Iterator[Property]:
    """Yield the content lines of a text, unfolded (RFC 6350, 3.2). Other lines are skipped."""
    for line, written in _unfolded(text):
        for match in filter(None, map(_PROPERTY.fullmatch, _GLUED.split(written.lstrip("\ufeff")))):
            pairs = _PARAMETER.findall(match[2])
            parameters = {key.upper(): value.strip('"') for key, value in pairs if value}
            # vCard 2.1 writes TEL;HOME instead of TEL;TYPE=HOME.
            bare = [key.upper() for key, value in pairs if not value]
            types = ",".join([*bare, parameters.get("TYPE", "").upper()])
            yield Property(line, match[1].upper(), {**parameters, "TYPE": types}, match[3])


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, content). A line that begins with a blank continues the one before."""
    held: list[str] = []
    begun = 0
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        # In vCard 2.1 a quoted-printable value continues after "=" at the end of a line, without a blank.
        soft = bool(held) and held[-1].endswith("=") and "QUOTED-PRINTABLE" in held[0].upper()
        if held and soft:
            held.append("\n" + line)
        elif held and line[:1] in {" ", "\t"}:
            held.append(line[1:])
        else:
            if held:
                yield begun, "".join(held)
            held, begun = [line], number
    yield begun, "".join(held)


def _take(filed: Filed, line: int, card: list[Property]) -> None:
    """Add the person of one card, or note why the card can't be used."""
    kind = _first(card, "KIND").casefold()
    if kind in {"group", "org", "location"}:
        filed.leave_out(line, f"this card is for a {kind}, not a person")
        return
    note = " ".join(_first(card, "NOTE").split())[:LONGEST_NOTE]
    # ORG is the company and then its parts, between semicolons.
    company = _first(card, "ORG").split(";")[0]
    entry = ContactEntry(
        line=line,
        name=_first(card, "FN") or _from_parts(card) or _first(card, "NICKNAME"),
        addresses=(),
        remarks=(
            *((Remark("note", note),) if note else ()),
            *known_facts(company, _first(card, "TITLE"), _first(card, "BDAY")),
        ),
    )
    mails = sorted((content for content in card if content.name == "EMAIL"), key=_preference)
    filed.take(entry, [_text(content).removeprefix("mailto:") for content in mails])


def _preference(content: Property) -> int:
    """Return 1 for the most preferred address, and more for others."""
    # vCard 4 has PREF=1 to 100, vCard 3 TYPE=PREF.
    if "PREF" in content.parameters["TYPE"].split(","):
        return 1
    written = content.parameters.get("PREF", "")
    return int(written) if written.isdecimal() else _LAST


def _from_parts(card: list[Property]) -> str:
    """Return "Given Additional Family" from N, whose parts are Family;Given;Additional;Prefix;Suffix."""
    content = next((content for content in card if content.name == "N"), None)
    written = _SEMICOLON.split(_decoded(content)) if content else []
    parts = [*(_unescaped(part).strip() for part in written), "", "", ""][:3]
    return " ".join(part for part in (parts[1], parts[2], parts[0]) if part)


def _first(card: list[Property], name: str) -> str:
    return next((_text(content).strip() for content in card if content.name == name), "")


def _text(content: Property) -> str:
    return _unescaped(_decoded(content))


def _decoded(content: Property) -> str:
    """Return the value, with quoted-printable decoded (vCard 2.1)."""
    encoding = content.parameters.get("ENCODING", "").upper()
    if encoding != "QUOTED-PRINTABLE" and "QUOTED-PRINTABLE" not in content.parameters["TYPE"]:
        return content.value
    raw = quopri.decodestring(content.value.encode("utf-8", "surrogateescape"))
    try:
        return raw.decode(content.parameters.get("CHARSET", "utf-8"), "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)
