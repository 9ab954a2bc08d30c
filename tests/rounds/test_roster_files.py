from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.config import load_config
from assistant.core.people.contact_files import clean_name, read_table
from assistant.core.people.ledger import KINDS
from assistant.core.people.roster import Note, Person, Roster
from assistant.core.people.vcards import read_vcards
from assistant.errors import ConfigError, UserError
from assistant.rounds import roster_import
from assistant.rounds.replies.obey import obey
from assistant.rounds.replies.plan_inputs import Context, at_the_shell
from assistant.rounds.roster_files import export_toml, read_people, read_roster
from assistant.store.roster import all_notes
from tests.stores import memory_store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from assistant.config import Config
    from assistant.core.digest.roster_row import Row
    from assistant.core.people.cadence import Occasion
    from assistant.core.people.contact_files import Filed
    from assistant.core.replies.grammar.lines import ParsedLine
    from assistant.core.replies.transcript import Transcript
    from assistant.rounds.roster_import import Result
    from assistant.store.database import Store

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ROLES = ("mentor", "advisor", "advocate", "ally")
LINKEDIN = '''\
Notes:
"When exporting your connection data, you may notice that some of the email addresses are missing."

First Name,Last Name,URL,Email Address,Company,Position,Connected On
Jane,Roe,https://network.example/in/jane,jane.roe@example.com,Northwind,Engineer,01 Jan 2024
Bob,Li,https://network.example/in/bob,,Harbourlight,"Head, Design",02 Jan 2024
"Ann ""Annie""",Lee,https://network.example/in/ann,ann@example.org,"Two
lines",Writer,03 Jan 2024
,,,,,,
Jane,Roe,https://network.example/in/jane2,JANE.ROE@example.com,Northwind,Engineer,04 Jan 2024
'''
GOOGLE_OLD = """\
Name,Given Name,Additional Name,Family Name,E-mail 1 - Value,E-mail 2 - Value,Organization 1 - Name,Notes
Jane Roe,Jane,,Roe,jane.roe@example.com ::: jr@example.org,jane@home.example,Northwind,met in Oslo
,,,,nameless@example.com,,,
"""
GOOGLE_NEW = """\
First Name,Middle Name,Last Name,Organization Name,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value
Jane,Q,Roe,Northwind,,* myContacts,Work,jane.roe@example.com
Bob,,Li,,,* myContacts,Work,not an address
"""
VCARDS = """\
BEGIN:VCARD\r
VERSION:3.0\r
N:Roe;Jane;Q.;Dr.;\r
FN:Dr. Jane Roe\r
ORG:Northwind;Payments\r
item1.EMAIL;type=INTERNET;type=HOME:jane@home.example\r
EMAIL;TYPE="INTERNET,WORK";TYPE=pref:jane.roe@exam\r
 ple.com\r
NOTE:likes tea\\, not coffee\\nand walks\r
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r
 SkZJRg==\r
END:VCARD\r
BEGIN:VCARD
VERSION:4.0
N:Li;Bob;;;
EMAIL;PREF=2:second@example.org
EMAIL;PREF=1:mailto:bob.li@example.org
END:VCARD
BEGIN:VCARD
VERSION:2.1
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen =
Gro=C3=9F
EMAIL;INTERNET:juergen@example.net
END:VCARD
BEGIN:VCARD
VERSION:4.0
KIND:group
FN:Everybody
EMAIL:all@example.com
END:VCARD
BEGIN:VCARD
FN:No Address
END:VCARD
BEGIN:VCARD
FN:Cut Off
"""


def people(filed: Filed | None) -> list[tuple[int, str, tuple[str, ...]]]:
    assert filed is not None
    assert filed.rows == len(filed.entries) + filed.left_out
    return [(entry.line, entry.name, entry.addresses) for entry in filed.entries]


def troubles(filed: Filed | None) -> list[str]:
    assert filed is not None
    return [trouble.sentence() for trouble in filed.troubles]


def test_linkedin_with_its_notes_and_empty_addresses() -> None:
    filed = read_table(LINKEDIN)
    assert people(filed) == [
        (5, "Jane Roe", ("jane.roe@example.com",)),
        (7, "Ann Annie Lee", ("ann@example.org",)),
    ]
    assert troubles(filed) == [
        "line 6: Bob Li has no address.",
        "line 10: Jane Roe <jane.roe@example.com> is on line 5 already.",
    ]
    assert filed is not None
    assert filed.kind == "linkedin"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_other_delimiters_and_line_ends(delimiter: str) -> None:
    text = f"First Name{delimiter}Last Name{delimiter}Email Address\r\nJane{delimiter}Roe{delimiter}j@example.com\r\n"
    assert people(read_table(text)) == [(2, "Jane Roe", ("j@example.com",))]


def test_google_with_the_old_and_the_new_header() -> None:
    old = read_table(GOOGLE_OLD)
    assert people(old) == [(2, "Jane Roe", ("jane.roe@example.com", "jr@example.org", "jane@home.example"))]
    assert troubles(old) == ["line 3: nameless@example.com has no name."]
    assert old is not None
    assert [remark.text for remark in old.entries[0].remarks] == ["met in Oslo", "company: Northwind"]
    new = read_table(GOOGLE_NEW)
    assert people(new) == [(2, "Jane Q Roe", ("jane.roe@example.com",))]
    assert troubles(new) == ["line 3: not an address is not an email address."]


def test_vcards_of_three_versions() -> None:
    filed = read_vcards(VCARDS)
    assert people(filed) == [
        (1, "Dr. Jane Roe", ("jane.roe@example.com", "jane@home.example")),
        (13, "Bob Li", ("bob.li@example.org", "second@example.org")),
        (19, "Jürgen Groß", ("juergen@example.net",)),
    ]
    assert troubles(filed) == [
        "line 25: this card is for a group, not a person.",
        "line 31: No Address has no address.",
        "line 34: this card has no END:VCARD.",
    ]
    assert [remark.text for remark in filed.entries[0].remarks] == [
        "likes tea, not coffee and walks", "company: Northwind",
    ]  # fmt: skip


def test_a_card_tells_position_and_birthday_without_the_year() -> None:
    card = "BEGIN:VCARD\nFN:Jane Roe\nEMAIL:jane@example.com\nTITLE:Head of Data\nBDAY:{}\nEND:VCARD\n"
    for written in ("1985-04-12", "19850412", "--0412", "--04-12", "1985-04-12T00:00:00Z"):
        filed = read_vcards(card.format(written))
        assert [remark.text for remark in filed.entries[0].remarks] == [
            "position: Head of Data", "birthday (month-day): 04-12",
        ]  # fmt: skip
    assert [remark.text for remark in read_vcards(card.format("in spring")).entries[0].remarks] == [
        "position: Head of Data"
    ]


@pytest.mark.parametrize(
    "glue",
    [
        "END:VCARDBEGIN:VCARD",
        "END:VCARD BEGIN:VCARD",
        "end:vcardbegin:vcard",
        "END:VCARD\n\ufeffBEGIN:VCARD",
        "AGENT:\nBEGIN:VCARD\nFN:Ann\nEMAIL:a@x.example\nEND:VCARD\nEND:VCARD\nBEGIN:VCARD",
    ],
)
def test_two_cards_are_two_however_they_meet(glue: str) -> None:
    text = f"BEGIN:VCARD\nFN:Jane Roe\nEMAIL:j@x.example\n{glue}\nFN:Bob Li\nEMAIL:b@x.example\nEND:VCARD\n"
    filed = read_vcards(text)
    assert [(name, found) for _, name, found in people(filed)] == [
        ("Jane Roe", ("j@x.example",)),
        ("Bob Li", ("b@x.example",)),
    ]
    assert (filed.rows, troubles(filed)) == (2, [])


@pytest.mark.parametrize(
    "other",
    [
        "BEGIN:VCARD\nFN:René Blanc\nEMAIL:r@x.example\nEND:VCARD\n".encode("cp1252"),
        "BEGIN:VCARD\nFN;CHARSET=windows-1251:Иван Ли\nEMAIL:i@x.example\nEND:VCARD\n".encode("cp1251"),
        "BEGIN:VCARD\nFN:Zoë\nEMAIL:z@x.example\nEND:VCARD\n".encode().replace(b"\xc3\xab", b"\xc3\r\n \xab"),
        "BEGIN:VCARD\nFN;CHARSET=NO-SUCH:Zoë\nEMAIL:z@x.example\nEND:VCARD\n".encode("cp1252"),
    ],
)
def test_each_card_has_its_own_charset(tmp_path: Path, other: bytes) -> None:
    card = "BEGIN:VCARD\nFN:Jürgen Groß\nEMAIL:j@x.example\nEND:VCARD\n".encode()
    (tmp_path / "c.vcf").write_bytes(card + other + card.replace(b"j@", b"k@"))
    names = {address[0]: name for _, name, (*address,) in people(read_people(tmp_path / "c.vcf"))}
    assert names["j@x.example"] == names["k@x.example"] == "Jürgen Groß"
    assert {*names.values()} & {"René Blanc", "Иван Ли", "Zoë"}


@given(st.text(alphabet='BEGINDVCARO:;="\\\n\r\t ,@ax\x00é', max_size=200))
def test_no_text_breaks_the_readers(text: str) -> None:
    for filed in (read_vcards(text), read_vcards(f"BEGIN:VCARD\n{text}\nEND:VCARD"), read_table(text),
                  read_table(f"First Name,Last Name,Email Address\n{text}")):  # fmt: skip
        if filed is not None:
            people(filed)


@given(st.text(max_size=200))
def test_a_clean_name_is_one_line_the_grammar_takes(text: str) -> None:
    name = clean_name(text)
    assert not set(name) & set('<>"@;:|=\n\r\t')
    assert len(name) <= 120


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [("c.csv", LINKEDIN.encode("utf-8-sig"), "linkedin"), ("c.csv", GOOGLE_NEW.encode("utf-16"), "google"),
     ("c.csv", GOOGLE_OLD.encode("cp1252"), "google"), ("c.vcf", VCARDS.encode(), "vcard"),
     ("c.txt", VCARDS.encode("utf-16"), "vcard"), ("c.toml", b"[people.jane-roe]\nname = 'Jane'", "toml")],
)  # fmt: skip
def test_the_kind_is_told_by_the_content(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert read_people(tmp_path / name).kind == kind


def test_an_umlaut_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes("First Name;Last Name;Email Address\nJürgen;Groß;j@example.com\n".encode("cp1252"))
    assert people(read_people(tmp_path / "c.csv")) == [(2, "Jürgen Groß", ("j@example.com",))]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x00\x01\x02", b"PK\x03\x04"])
def test_a_file_of_no_known_kind_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.csv").write_bytes(content)
    with pytest.raises(UserError, match=r"^c\.csv is neither"):
        read_people(tmp_path / "c.csv")
    with pytest.raises(UserError, match="cannot be read"):
        read_people(tmp_path / "none.csv")


ROSTER = Roster(
    (
        Person("jane-roe", 'Jane "JR" Roe', "mentor", 21, favourite=True, addresses=("jane@example.com",)),
        Person("bob-li", "Bob Li", "ally", goal='one "queue"', until=date(2026, 5, 1), addresses=("bob@example.org",)),
        Person("ann-lee", "安 Ann", "advocate", hoped=True, snoozed_until=date(2026, 4, 4), status="closed"),
        Person("gone", "Gone", "mentor", status="dropped"),
    )
)
NOTES = (
    Note("T1-1", "jane-roe", "advice", None, date(2026, 1, 2), "back\\slash, \x7f and “quotes”"),
    Note("T1-2", "jane-roe", "met", "called", date(2026, 1, 3), ""),
    Note("T1-3", None, "win", None, date(2026, 1, 4), "it works"),
)


def test_the_roster_as_toml_is_read_back_whole() -> None:
    text = export_toml(ROSTER, NOTES)
    assert list(tomllib.loads(text)["people"]) == ["ann-lee", "bob-li", "jane-roe"]
    filed = read_roster(text)
    assert filed.troubles == []
    ann, bob, jane = filed.entries
    assert (ann.name, ann.hoped, ann.role, ann.status, ann.snoozed_until) == (
        "安 Ann", True, "advocate", "closed", date(2026, 4, 4),
    )  # fmt: skip
    assert (bob.goal, bob.until, bob.addresses) == ('one "queue"', date(2026, 5, 1), ("bob@example.org",))
    assert (jane.cadence_days, jane.favourite) == (21, True)
    assert [(r.kind, r.text, r.on, r.verb) for r in jane.remarks] == [
        ("advice", "back\\slash, \x7f and “quotes”", date(2026, 1, 2), None),
        ("met", "", date(2026, 1, 3), "called"),
    ]
    assert [r.text for r in filed.own] == ["it works"]


def test_problems_of_the_rosters_toml_are_told_by_line() -> None:
    text = """\
[people.jane-roe]
name = "Jane Roe"
role = 5
adresses = ["jane@example.com"]
cadence = "sometimes"
until = "tomorrow"
notes = [
  { kind = "gossip", text = "x" },
]
[people.bob-li]
status = "gone"
favourite = yes
[persons.x]
"""
    assert sorted(troubles(read_roster(text))) == sorted([
        "line 3: role of jane-roe must be text in quotes.",
        ("line 4: adresses of jane-roe is not known; known are addresses, cadence, favourite, goal, kept, name, notes,"
         " role, snoozed_until, status, until."),
        'line 5: the cadence "sometimes" is not understood; write "every 3 weeks".',
        "line 6: until of jane-roe must be a day as 2026-05-21.",
        ("line 8: this note is not understood; write { kind = …, text = … } with a kind of met, note, advice,"
         " outcome, ask, tried, gave, promised, thanked, intro, introduced, favour, see-me, motive, my-motive, peer,"
         " reached, occasion, win, goal."),
        "line 10: bob-li has no name.",
        'line 11: the status "gone" is not known; write "active" or "closed".',
        ("line 12: [people] bob-li.favourite is not valid TOML; write true or false, in lower case and without"
         " quotes."),
        "line 13: persons is not known; people go into sections [people.HANDLE].",
    ])  # fmt: skip


class Desk:
    """An owner's roster in memory, and the way every command takes."""

    def __init__(self, store: Store, config: Config) -> None:
        self.store = store
        self.config = config

    def say(self, lines: tuple[ParsedLine, ...]) -> Transcript:
        context = Context(lambda count: bytes(range(count)), trusted=True, lines=lines)
        return obey(self.store, self.config, [line.text for line in lines], context, NOW, self)

    def do(self, *lines: str) -> Transcript:
        context = at_the_shell(self.store, lambda count: bytes(range(count)))
        return obey(self.store, self.config, lines, context, NOW, self)

    def bring_in(self, path: Path, role: str | None = None, *, dry_run: bool = False) -> Result:
        return roster_import.import_file(self.store, ROLES, path, role, self.say, dry_run=dry_run)

    def edit(self, after: str) -> Result:
        return roster_import.apply_edit(self.store, ROLES, roster_import.export(self.store), after, self.say)

    def brief(self, handle: str) -> tuple[str, ...]:
        return (handle,)

    def newcomers(self, people: Sequence[Person], occasions: Mapping[str, Occasion]) -> dict[str, tuple[str, ...]]:
        del occasions
        raise AssertionError(people)  # a file tells nobody's first draft

    def show(self, handle: str) -> tuple[str, ...]:
        return (handle,)

    def why(self, handle: str) -> tuple[str, ...]:
        return (handle,)

    def everyone(self) -> tuple[Row, ...]:
        return ()

    def review(self) -> tuple[str, ...]:
        return ("review",)

    def status(self) -> tuple[str, ...]:
        return ()

    def help(self) -> tuple[str, ...]:
        return ()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    config = tmp_path / "config.toml"
    me = "[me]\nname = 'Ada'\naddresses = ['ada@example.com']\ntimezone = 'UTC'\n"
    config.write_text(f"{me}[mailbox]\nkind = 'maildir'\npath = 'm'\n")
    return Desk(memory_store(), load_config(config))


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


def test_without_a_role_nobody_is_added_and_the_counts_say_so(desk: Desk, tmp_path: Path) -> None:
    result = desk.bring_in(written(tmp_path, "c.csv", LINKEDIN))
    assert result.transcript is None
    told = result.as_json()
    assert (told["rows"], told["new"], told["known"], told["without_role"], told["left_out"]) == (4, 0, 0, 2, 2)
    assert "2 without a role, not added (give one with --role)" in result.lines()[0]


def test_an_import_twice_changes_nothing_the_second_time(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path, "c.vcf", VCARDS)
    plan = desk.bring_in(path, "mentor", dry_run=True)
    assert plan.transcript is None
    assert "would do: add Bob Li <bob.li@example.org> as mentor" in plan.lines()
    first = desk.bring_in(path, "mentor").as_json()
    assert (first["new"], first["left_out"]) == (3, 3)
    assert {line["outcome"] for line in first["outcomes"]} == {"ok"}
    before = roster_import.export(desk.store)
    assert "jane@home.example" in before
    assert "likes tea, not coffee and walks" in before
    second = desk.bring_in(path, "mentor")
    assert second.transcript is None
    assert (second.as_json()["new"], second.as_json()["known"]) == (0, 3)
    assert roster_import.export(desk.store) == before


NAMESAKES = """First Name,Last Name,URL,Email Address,Company,Position,Connected On
Jane,Roe,,jane@a.example,,,
Jane,Roe,,jane@b.example,,,
jane,roe,,jr@c.example,,,
Bob,Li,,bob@x.example,,,
"""


def test_namesakes_are_asked_about_once_and_counted_as_not_in_yet(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path, "c.csv", NAMESAKES)
    first = desk.bring_in(path, "mentor")
    told = first.as_json()
    assert (told["rows"], told["new"], told["left_out"], told["asked"], told["changes"]) == (4, 2, 2, 2, 2)
    assert "2 left out (2 of them asked about)" in first.lines()[0]
    assert [one["line"] for one in told["problems"]] == [3, 4]
    assert [one["outcome"] for one in told["outcomes"]] == ["ok", "ask", "ask", "ok"]
    second = desk.bring_in(path, "mentor")
    assert second.transcript is None, "nothing is asked twice"
    assert "line 3: Jane Roe <jane@b.example> waits for your answer to Q1" in "\n".join(second.lines())
    assert desk.do("Q1 yes").lines[0].outcome == "ok"
    assert desk.do("Q2 no").lines[0].effect.endswith("(jane-roe-2)")
    third = desk.bring_in(path, "mentor").as_json()
    assert (third["new"], third["known"], third["left_out"], third["changes"]) == (0, 4, 0, 0)


def test_what_else_a_namesake_has_comes_once_it_is_settled(desk: Desk, tmp_path: Path) -> None:
    desk.do("add Jane Roe <jane@a.example> as mentor")
    card = (
        "BEGIN:VCARD\nVERSION:3.0\nFN:Jane Roe\nEMAIL:jane@b.example\nEMAIL:jr@c.example\nNOTE:likes tea\nEND:VCARD\n"
    )
    path = written(tmp_path, "c.vcf", card)
    told = desk.bring_in(path, "mentor").as_json()
    assert "the rest of this entry comes with the next import" in told["problems"][0]["text"]
    assert [one["outcome"] for one in told["outcomes"]] == ["ask"]
    desk.do("Q1 yes")
    assert desk.bring_in(path, "mentor").as_json()["changes"] == 2
    entry = read_roster(roster_import.export(desk.store)).entries[0]
    assert set(entry.addresses) == {"jane@a.example", "jane@b.example", "jr@c.example"}


def test_where_nothing_changed_nothing_is_offered_to_be_taken_back(desk: Desk, tmp_path: Path) -> None:
    desk.do("add Jane Roe <jane@a.example> as mentor")
    path = written(tmp_path, "c.csv", "\n".join(NAMESAKES.split("\n")[:3:2]))
    assert desk.bring_in(path, "mentor").lines()[-1] == "0 changed."


def test_an_import_overwrites_nobody(desk: Desk, tmp_path: Path) -> None:
    desk.do("add Jane Roe <jane.roe@example.com> as advisor, monthly")
    result = desk.bring_in(written(tmp_path, "c.csv", GOOGLE_OLD), "mentor").as_json()
    assert (result["new"], result["known"]) == (0, 1)
    entry = read_roster(roster_import.export(desk.store)).entries[0]
    assert (entry.role, entry.cadence_days) == ("advisor", 30)
    assert entry.addresses[0] == "jane.roe@example.com"
    assert set(entry.addresses) == {"jane.roe@example.com", "jr@example.org", "jane@home.example"}


def test_the_roster_moves_to_another_machine_as_toml(desk: Desk, tmp_path: Path) -> None:
    desk.do(
        "add Jane Roe <jane@example.com> as hoped-for advocate, every 3 weeks",
        'add Bob Li <bob@example.org> as ally, for "one queue", until 2026-05-01',
        "bob-li favourite",
        "note jane-roe: likes tea",
        "win: it works",
        "snooze bob-li until 2026-04-04",
    )
    text = roster_import.export(desk.store)
    other = Desk(memory_store(), desk.config)
    other.bring_in(written(tmp_path, "roster.toml", text))
    assert roster_import.export(other.store) == text
    assert other.bring_in(tmp_path / "roster.toml").transcript is None


def test_an_unknown_role_is_one_sentence(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"There is no role 'boss'\. The roles are mentor, advisor"):
        desk.bring_in(written(tmp_path, "c.csv", LINKEDIN), "boss")


def test_an_edit_becomes_commands(desk: Desk) -> None:
    desk.do("add Jane Roe <jane@example.com> as mentor", "add Bob Li <bob@example.org> as mentor", "note bob-li: old")
    before = roster_import.export(desk.store)
    after = before.replace('role = "mentor"\naddresses = ["jane@example.com"]',
                           'role = "advisor"\ncadence = "every month"\nfavourite = true\n'
                           'addresses = ["jane@example.com", "jr@example.org"]\n'
                           'notes = [ { kind = "note", text = "new" } ]')  # fmt: skip
    after += '[people.new]\nname = "Ann Lee"\nrole = "ally"\naddresses = ["ann@example.net"]\n'
    result = desk.edit(after)
    assert [line.text for line in result.orders.lines()] == [
        "jane-roe role advisor", "jane-roe every month", "jane-roe is also <jr@example.org>", "jane-roe favourite",
        "note jane-roe: new", "add Ann Lee <ann@example.net> as ally",
    ]  # fmt: skip
    assert result.transcript is not None
    assert result.transcript.count("ok") == 6
    assert 'addresses = ["jane@example.com", "jr@example.org"]' in roster_import.export(desk.store)
    assert desk.edit(roster_import.export(desk.store)).transcript is None


def test_taking_somebody_out_asks_for_a_code(desk: Desk) -> None:
    desk.do("add Jane Roe <jane@example.com> as mentor")
    result = desk.edit("")
    assert result.transcript is not None
    assert result.transcript.count("ask") == 1
    assert "[people.jane-roe]" in roster_import.export(desk.store)


def test_an_edit_with_a_problem_does_nothing_and_tells_all_by_line(desk: Desk) -> None:
    desk.do("add Jane Roe <jane@example.com> as mentor, monthly", "note jane-roe: old", "jane-roe favourite")
    before = roster_import.export(desk.store)
    after = before.replace("Jane Roe", "Jane Rowe").replace("favourite = true\n", "").replace('"mentor"', '"boss"')
    with pytest.raises(ConfigError) as caught:
        desk.edit(after.replace('text = "old"', 'text = "new"') + "nonsense\n")
    assert len(caught.value.problems) == 4
    assert all(problem.startswith("roster line ") for problem in caught.value.problems)
    assert roster_import.export(desk.store) == before


def test_a_card_begun_within_a_card_and_an_unknown_charset() -> None:
    text = (
        "BEGIN:VCARD\nFN:Cut\nBEGIN:VCARD\nFN;CHARSET=NONE-SUCH;ENCODING=QUOTED-PRINTABLE:J=41ne\nEMAIL:j@example.com"
    )
    filed = read_vcards(f"{text}\nEND:VCARD\n")
    assert people(filed) == [(3, "JAne", ("j@example.com",))]
    assert troubles(filed) == ["line 1: this card has no END:VCARD."]


def test_a_row_too_large_to_read_is_told() -> None:
    filed = read_table(f"First Name,Last Name,Email Address\nJane,Roe,{'x' * 140_000}\nBob,Li,b@example.com\n")
    assert people(filed) == [(3, "Bob Li", ("b@example.com",))]
    assert troubles(filed) == ["line 2: this row cannot be read."]


def test_who_fits_two_or_was_dropped_is_told_and_left_alone(desk: Desk, tmp_path: Path) -> None:
    desk.do("add Jane Roe <jane.roe@example.com> as mentor", "add Janet Roe <jane@home.example> as advisor")
    told = desk.bring_in(written(tmp_path, "c.csv", GOOGLE_OLD), "ally")
    assert told.transcript is None
    assert "line 2: Jane Roe could be jane-roe or janet-roe, so nothing was done." in told.lines()
    effect = desk.do("drop jane-roe", "drop janet-roe").lines[0].effect
    desk.do(f"confirm {effect.split('confirm ')[1][:6]}")
    told = desk.bring_in(written(tmp_path, "d.csv", LINKEDIN), "ally", dry_run=True)
    assert "line 5: Jane Roe was dropped from the roster and stays off it." in told.lines()
    row = told.as_json()
    assert row["rows"] == row["new"] + row["known"] + row["without_role"] + row["left_out"]


def test_a_role_of_the_file_that_is_none_and_nobody_to_write_to(desk: Desk, tmp_path: Path) -> None:
    boss = '[people.x]\nname = "Xi"\nrole = "boss"\naddresses = ["x@example.com"]\n'
    told = desk.bring_in(written(tmp_path, "r.toml", f'{boss}[people.y]\nname = "Yu"\nrole = "ally"\n'))
    assert told.lines()[1:] == [
        "line 1: Xi has the role 'boss'; the roles are mentor, advisor, advocate, ally.",
        "line 5: Yu has no address.",
    ]
    assert told.as_json()["left_out"] == 2


def test_a_closed_friend_moves_closed(desk: Desk, tmp_path: Path) -> None:
    desk.do(
        'add Bob Li <bob@example.org> as ally, for "one queue"', "close bob-li", "called bob-li on 2026-03-01, thanks"
    )
    text = roster_import.export(desk.store)
    other = Desk(memory_store(), desk.config)
    result = other.bring_in(written(tmp_path, "roster.toml", text))
    assert result.transcript is not None
    assert [line.outcome for line in result.transcript.lines] == ["ok"] * 4
    assert roster_import.export(other.store) == text
    assert result.lines()[-1] == f"{result.transcript.changes} changed. Take it all back: assistant do undo"


def test_the_whole_ledger_moves_with_its_days(desk: Desk, tmp_path: Path) -> None:
    desk.do(
        "add Bob Li <bob@example.org> as hoped-for advocate, came to my poster",
        "add Jane Roe <jane@example.com> as mentor",
        "gave Bob on 2026-02-01: an hour on his slides", "ask Bob: a word with the board", "advice Bob: apply early",
        "outcome Bob: I applied", "promised Bob: the paper", "thanked Bob on 2026-02-03", "intro Bob to Jane",
        "intro from Bob: to Rui", "favour from Bob: read my draft", "see me Bob: as the one who ships",
        "motive Bob: calmer nights", "my motive Bob: one build", "tried Bob: no answer", "Jane is a peer", "goal: x",
        "win public: the talk is online",
    )  # fmt: skip
    text = roster_import.export(desk.store)
    other = Desk(memory_store(), desk.config)
    result = other.bring_in(written(tmp_path, "roster.toml", text))
    assert result.transcript is not None
    assert {line.outcome for line in result.transcript.lines} == {"ok"}
    assert roster_import.export(other.store) == text
    kinds = {note.kind for note in all_notes(other.store)}
    assert kinds == {*KINDS} - {"met", "note", "reached"}, "each kind is here, or moves in another test"


def test_an_edit_of_everything_a_command_can_do(desk: Desk) -> None:
    desk.do('add Bob Li <bob@example.org> as ally, for "one queue"', "bob-li is also <b@example.net>", "win: old")
    text = roster_import.export(desk.store)
    after = text.replace('role = "ally"', 'role = "ally"\nstatus = "closed"\nsnoozed_until = 2026-05-05')
    after = after.replace('"b@example.net", ', "").replace(', "b@example.net"', "")
    after = after.replace('text = "old" },', 'text = "old" },\n    { kind = "win", text = "new" },')
    result = desk.edit(after)
    assert [line.text for line in result.orders.lines()] == [
        "bob-li is not <b@example.net>", "snooze bob-li until 2026-05-05", "close bob-li", "win: new",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ('[people.new]\nname = "New"\naddresses = ["n@example.com"]\n', "New has no role"),
        ('[people.b2]\nname = "Bob"\nrole = "ally"\naddresses = ["bob@example.org"]\n', "roster already as bob-li"),
        ('[people.new]\nname = "New"\nrole = "boss"\naddresses = ["n@example.com"]\n', "has the role 'boss'"),
        ("[people]\nx = 5\n", "x is not a section"),
        ("[me]\nnotes = 5\n", "notes of me must be a list"),
    ],
)
def test_new_sections_that_cannot_be(desk: Desk, section: str, problem: str) -> None:
    desk.do("add Bob Li <bob@example.org> as mentor, monthly")
    with pytest.raises(ConfigError, match=problem):
        desk.edit(section + roster_import.export(desk.store))


def test_what_cannot_be_taken_away_is_told(desk: Desk) -> None:
    desk.do("add Bob Li <bob@example.org> as mentor, monthly", "bob-li favourite")
    text = roster_import.export(desk.store)
    with pytest.raises(ConfigError, match="cadence of bob-li cannot be removed here"):
        desk.edit(text.replace('cadence = "every month"\n', ""))


def test_people_that_are_no_table_are_told() -> None:
    assert troubles(read_roster("people = 5\n")) == [
        "line 1: people is not a table; write a section [people.HANDLE] for each person."
    ]


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(40 * 1024 * 1024)
    with pytest.raises(UserError, match="is larger than 32 MB"):
        read_people(tmp_path / "huge.csv")
