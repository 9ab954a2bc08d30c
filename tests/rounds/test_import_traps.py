"""Files as address books really write them, with 5,000 entries each: all of it is imported or reported by line."""

from __future__ import annotations

import csv
import io
import quopri
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from assistant.rounds.roster_files import read_people

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 5_000
FIRST = ("Zoë", "Jürgen", "Ana", "Łukasz", "Mary Ann", "D'Arcy", "王", "Олег", "Renée", "Bob")
LAST = ("Müller", "Roe", "Li", "van der Berg", "Çelik", "李", "Smith-Jones", "de la Cruz", "Ñandú", "Ås")
NOTES = (
    "Notes:\r\n"
    '"When exporting your connection data, some addresses are missing, ""see"" the help"\r\n\r\n'
)  # fmt: skip


@dataclass
class Book:
    """A made-up address book: its rows, and how many of them are usable."""

    rows: list[list[str]] = field(default_factory=list)
    good: int = 0

    def put(self, row: list[str], *, good: bool) -> None:
        self.rows.append(row)
        self.good += good

    def csv(self, delimiter: str = ",", end: str = "\r\n") -> str:
        text = io.StringIO()
        csv.writer(text, lineterminator=end, delimiter=delimiter).writerows(self.rows)
        return text.getvalue()


def dice_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - made-up people, the same in every run


def names(dice: random.Random, number: int) -> tuple[str, str]:
    tail = chr(97 + number % 26) + chr(97 + number // 26 % 26) + chr(97 + number // 676)
    return dice.choice(FIRST), f"{dice.choice(LAST)} {tail}"


def linkedin() -> Book:
    dice, book = dice_of(1), Book()
    book.put(["First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On"], good=False)
    for number in range(SIZE):
        first, last = names(dice, number)
        address, chance = f"p{number}@c{number % 37}.example", dice.random()
        if chance < 0.5:
            address = ""
        elif chance < 0.52:
            address = "not an address"
        elif chance < 0.54:
            first = last = ""
        company = 'Acme, Inc. "GmbH"' if chance < 0.7 else "Two\nlines"
        book.put([first, last, "https://li.example/x", address, company, "Lead; x", "01 Jan 2020"], good=chance >= 0.54)
    return book


def google(*, new: bool) -> Book:
    dice, book = dice_of(2), Book()
    old = ["Name", "Given Name", "Additional Name", "Family Name", "Notes", "E-mail 1 - Type", "E-mail 1 - Value",
           "E-mail 2 - Type", "E-mail 2 - Value", "Organization 1 - Name"]  # fmt: skip
    now = ["", "First Name", "Middle Name", "Last Name", "Notes", "E-mail 1 - Label", "E-mail 1 - Value",
           "E-mail 2 - Label", "E-mail 2 - Value", "Organization Name"]  # fmt: skip
    book.put(now[1:] if new else old, good=False)
    twins = 0
    for number in range(SIZE):
        first, last = names(dice, number)
        one, two, chance = f"g{number}@d{number % 11}.example", "", dice.random()
        good = True
        if chance < 0.1:
            one, good = "", False
        elif chance < 0.15:
            one = f"{one} ::: G{number}@Other.example"
        elif chance < 0.2:
            two = f"h{number}@x.example"
        elif chance < 0.22:
            first, last, good = "", "", False
        elif chance < 0.24:
            one, good, twins = "twin@d.example", twins == 0, twins + 1
        note = 'line one\nline "two"; three' if chance > 0.9 else ""
        whole = [] if new else [f"{first} {last}".strip()]
        book.put([*whole, first, "", last, note, "* Home", one, "Work", two, "Org, Ltd"], good=good)
    return book


def folded(line: str, width: int = 70) -> str:
    pieces = [line[at : at + width] for at in range(0, len(line), width)]
    return "\r\n ".join(pieces)


def quoted(text: str) -> str:
    return quopri.encodestring(text.encode()).decode().replace("\n", "\r\n")


def vcards(version: str) -> tuple[str, int]:
    dice, cards, good = dice_of(3), [], 0
    for number in range(SIZE):
        first, last = names(dice, number)
        address, chance = f"v{number}@e{number % 13}.example", dice.random()
        if version == "2.1":
            who = [f"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{quoted(f'{last};{first};;;')}", "TEL;CELL:+1"]
            kinds = ("EMAIL;INTERNET", "EMAIL;PREF;WORK")
        else:
            who = [*([folded(f"FN:{first} {last}")] if chance < 0.5 else []), f"N:{last};{first};;;",
                   "TEL;TYPE=WORK,VOICE:+2", "TEL;TYPE=CELL:+1;ext=2"]  # fmt: skip
            kinds = ("EMAIL;TYPE=INTERNET", "EMAIL;PREF=1;TYPE=work" if version == "4.0" else "EMAIL;TYPE=PREF,WORK")
        if chance < 0.1:
            mail = []
        elif chance < 0.2:
            mail = [f"item1.EMAIL;TYPE=HOME:{address}", "item1.X-ABLabel:_$!<Home>!$_", f"{kinds[1]}:w{address}"]
        else:
            mail = [folded(f"{kinds[0]}:{'not-an-address' if chance < 0.22 else address}", 24)]
        good += 0.1 <= chance < 0.2 or chance >= 0.22
        more = [folded("NOTE:" + "a long note with \\, and \\n " * 9), folded("PHOTO;ENCODING=b:" + "QUJD" * 200)]
        card = ["BEGIN:VCARD", f"VERSION:{version}", *who, *mail, *(more if chance > 0.9 else []), "END:VCARD"]
        cards.append("\r\n".join(card))
    return "\r\n".join(cards) + "\r\n", good


FILES = ("linkedin.csv", "semicolons.csv", "tabs.csv", "utf16.csv", "cr.csv", "old.csv", "new.csv", "v2.1.vcf",
         "v3.0.vcf", "v4.0.vcf")  # fmt: skip


def file(name: str) -> tuple[bytes, int]:
    """Return the bytes of an address book, and how many entries are usable."""
    kind, _, ending = name.rpartition(".")
    if ending == "vcf":
        text, good = vcards(kind[1:])
        return text.encode(), good
    if kind in {"old", "new"}:
        book = google(new=kind == "new")
        return (b"\xef\xbb\xbf" + book.csv().encode() if kind == "new" else book.csv(end="\n").encode()), book.good
    book = linkedin()
    told = NOTES + book.csv()
    return {
        "linkedin": lambda: b"\xef\xbb\xbf" + told.encode(),
        "semicolons": lambda: book.csv(";").encode("cp1252", "replace"),
        "tabs": lambda: book.csv("\t", "\n").encode(),
        "utf16": lambda: told.encode("utf-16"),
        "cr": lambda: told.replace("\r\n", "\r").encode(),
    }[kind](), book.good


@pytest.mark.parametrize("name", FILES)
def test_what_goes_in_comes_out_or_is_told(tmp_path: Path, name: str) -> None:
    content, good = file(name)
    (tmp_path / name).write_bytes(content)
    filed = read_people(tmp_path / name)
    assert (filed.rows, len(filed.entries), filed.left_out) == (SIZE, good, SIZE - good)
    assert len(filed.troubles) == filed.left_out, "each is told"
    assert all(entry.addresses and entry.name for entry in filed.entries)
    assert all(address.endswith(".example") for entry in filed.entries for address in entry.addresses)
    notes = {remark.text for entry in filed.entries for remark in entry.remarks}
    kept = {"new.csv": 'line one line "two"; three', "v3.0.vcf": ("a long note with , and " * 9).strip()}
    assert name not in kept or {note for note in notes if not note.startswith("company: ")} == {kept[name]}
    lines = [trouble.line for trouble in filed.troubles]
    assert lines == sorted(set(lines)), "by its own line"
    if name != "semicolons.csv":  # what cp1252 has not, is lost before it is read
        assert {entry.name.partition(" ")[0] for entry in filed.entries} >= {"Zoë", "Łukasz", "王", "Олег"}


def test_the_line_that_is_told_is_the_line_of_the_file(tmp_path: Path) -> None:
    text = NOTES + linkedin().csv()
    (tmp_path / "c.csv").write_text(text, newline="")
    lines = text.replace("\r\n", "\n").split("\n")
    wrong = [one for one in read_people(tmp_path / "c.csv").troubles if "not an address" in one.text]
    assert len(wrong) > 50
    assert all("not an address" in lines[one.line - 1] for one in wrong)
