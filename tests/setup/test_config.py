from __future__ import annotations

import re
import tomllib
from dataclasses import fields, is_dataclass
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.config import Config, load_config
from assistant.config.syntax import line_table, read_toml, statements
from assistant.config.values import (
    CalendarConfig,
    DigestConfig,
    LlmConfig,
    MailboxConfig,
    Me,
    RepliesConfig,
    Secret,
    SmtpConfig,
    base_url_problem,
    is_host,
    is_loopback,
)
from assistant.core.people.roles import BUILT_IN, Role
from assistant.errors import ConfigError, UserError

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
GOOD = """\
[me]
name = "Jane Roe"
addresses = ["jane.roe@example.com"]
timezone = "Europe/Berlin"
[mailbox]
kind = "imap"
host = "imap.example.com"
"""
NOT_NONE = (
    'config.toml line 9: [mailbox] security = "none" is only for this machine, and imap.example.com is another;'
    ' write "tls" or "starttls".'
)
CANARY = "hunter2-canary"


def load(folder: Path, text: str, name: str = "config.toml") -> Config:
    path = folder / name
    path.write_bytes(text.encode())
    path.chmod(0o600)
    return load_config(path)


def problems(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    return caught.value.problems


def test_the_least_configuration_has_every_default(tmp_path: Path) -> None:
    config = load(tmp_path, GOOD)
    assert config.me.control_address == "jane.roe@example.com"
    assert str(config.me.timezone) == "Europe/Berlin"
    assert config.mailbox == MailboxConfig(kind="imap", host="imap.example.com", user="jane.roe@example.com")
    assert (config.smtp, config.llm, config.digest) == (None, None, DigestConfig())
    assert config.roles == BUILT_IN
    assert config.warnings == ()


def test_five_mistakes_are_told_at_once_by_line(tmp_path: Path) -> None:
    text = GOOD.replace("Europe/Berlin", "Europe/Berlinn") + (
        'port = "993"\nsecurity = "none"\n[digest]\nday = "mondy"\npeopl = 5\n'
    )
    assert problems(tmp_path, text) == (
        'config.toml line 4: [me] timezone = "Europe/Berlinn" is not a time zone; did you mean Europe/Berlin?',
        "config.toml line 8: [mailbox] port is a text; write a whole number without quotes, as in port = 993.",
        NOT_NONE,
        'config.toml line 11: [digest] day = "mondy" is not a weekday; did you mean monday?',
        "config.toml line 12: [digest] peopl is not known; did you mean people?",
    )


def test_broken_lines_do_not_hide_other_mistakes(tmp_path: Path) -> None:
    text = GOOD + "port = \n[digest\nday = monday\ntime = 25:00\npeople = 99\npeople = 3\n[digest]\n"
    found = problems(tmp_path, text)
    assert [re.match(r"config.toml line (\d+): (\[\w+\](?: \w+)?)", p).groups() for p in found] == [  # type: ignore[union-attr]
        ("8", "[mailbox] port"),
        ("9", "[digest] is"),
        ("10", "[digest] day"),
        ("11", "[digest] time"),
        ("12", "[digest] people"),
        ("13", "[digest] people"),
        ("14", "[digest] is"),
    ]


@pytest.mark.parametrize(
    ("lines", "line", "expected"),
    [
        ('[me]\nname = ""', 2, "[me] name is empty"),
        ("[me]\nname = 5", 2, "[me] name is a whole number"),
        ('[me]\naddresses = "jane@example.com"', 2, "[me] addresses is a text; write a list"),
        ('[me]\naddresses = [\n "jane@example.com",\n "jane.example.com",\n]', 4, 'holds "jane.example.com", which'),
        ('[me]\naddresses = [\n "jane@example.com", 5]', 3, "[me] addresses holds a whole number"),
        ("[me]\naddresses = []", 2, "[me] addresses is empty"),
        ('[me]\naddresses = ["j@example.com"]\ncontrol_address = "boss@example.org"', 3, "is not one of addresses"),
        ('[me]\ncontrol_address = "jane"', 2, "is not an email address"),
        ('[me]\nlanguage = "it"', 2, '[me] language = "it" is not known; write "en", "de", "fr" or "es"'),
        ('[me]\ncompany_domains = ["example.com", "not a domain"]', 2, 'holds "not a domain", which is not a domain'),
        ('[me]\nday = "monday"', 2, "it belongs under [digest]"),
        ('[mailbox]\nkind = "imaps"', 2, '[mailbox] kind = "imaps" is not known; did you mean imap?'),
        ('[mailbox]\nkind = "maildir"', 1, "[mailbox] path is missing"),
        ('[mailbox]\nkind = "imap"', 1, "[mailbox] host is missing"),
        ('[mailbox]\nhost = "x"', 1, '[mailbox] kind is missing; write it as kind = "imap" or "maildir"'),
        ('[mailbox]\nhost = "imaps://imap.example.com"', 2, "is not a host name"),
        ("[mailbox]\nport = 0", 2, "[mailbox] port = 0 is out of range; write a number from 1 to 65535"),
        ("[mailbox]\nport = true", 2, "[mailbox] port is true or false"),
        ("[mailbox]\nport = 99.5", 2, "[mailbox] port is a number; write a whole number"),
        ("[mailbox]\nsince = -1", 2, "[mailbox] since = -1 is out of range"),
        ('[mailbox]\npassword = "x"', 2, "[mailbox] password is not known; this file holds no passwords"),
        ('[mailbox]\npassword_env = "A"\npassword_file = "b"', 3, "password_file can't be used together with"),
        ('[mailbox]\narchives = "old.mbox"', 2, "[mailbox] archives is a text; write a list"),
        ("[smtp]\nport = 587", 1, "[smtp] host is missing"),
        ('[smtp]\nhost = "smtp.example.com"\nsecurity = "ssl"', 3, '[smtp] security = "ssl" is not known'),
        ('[digest]\ntime = "8"', 2, '[digest] time = "8" is not a time of day'),
        ('[digest]\ntime = "24:00"', 2, '[digest] time = "24:00" is not a time of day'),
        ("[digest]\npeople = 13", 2, "[digest] people = 13 is out of range; write a number from 1 to 12"),
        ('[digest]\ndelivery = "smtp"', 2, '[digest] delivery = "smtp" needs a section [smtp]'),
        ('[digest]\nday = "friyay"', 2, "[digest] day ="),
        ('[smtp]\nhost = "smtp.example.com"\nhold_minutes = -1', 3, "[smtp] hold_minutes = -1 is out of range"),
        ("[digest]\nhold_minutes = 5", 2, "it belongs under [smtp]"),
        ('[replies]\nalso_from = ["jane"]', 2, 'holds "jane", which is not an email address'),
        ('[me]\naddresses = ["j@example.com"]\n[replies]\nalso_from = ["x@example.org"]', 4, "not one of [me]"),
        ('[replies]\nalso_from = ["x@example.org"]', 1, "[replies] authserv_id is missing"),
        ('[replies]\nauthserv_id = "a b"', 2, "is not a server name"),
        ('[llm]\nmodel = "m"', 1, "[llm] base_url is missing"),
        ('[llm]\nmodel = "m"\nbase_url = "http://llm.example.com/v1"', 3, "unencrypted; http is only for this machine"),
        ('[llm]\nmodel = "m"\nbase_url = "llm.example.com"', 3, "[llm] base_url is not a web address"),
        ('[llm]\nbase_url = "https://llm.example.com/v1"', 1, "[llm] model is missing"),
        ("[llm]\ntemperature = 3", 2, "[llm] temperature = 3 is out of range"),
        ("[llm]\ntemperature = nan", 2, "[llm] temperature = nan is out of range"),
        ('[llm]\nshare = "all"', 2, '[llm] share = "all" is not known'),
        ('[roles.mentor]\ncadence = "3 weekz"', 2, '[roles.mentor] cadence = "3 weekz" is not understood'),
        ("[roles.mentor]\ncadence = 21", 2, "[roles.mentor] cadence is a whole number"),
        ("[roles.mentor]\ncadense = 21", 2, "[roles.mentor] cadense is not known; did you mean cadence?"),
        ("[roles.sponsor]\ninside = true", 1, "[roles.sponsor] cadence is missing"),
        ('[roles."Team Lead"]\ncadence = "monthly"', 1, "can't be the name of a role"),
        ('[roles.mentor]\nnudges = { overdew = "x" }', 2, "[roles.mentor] nudges overdew is not known"),
        ('[roles.mentor]\nnudges = "x"', 2, "[roles.mentor] nudges is a text; write a table, as in { overdue ="),
        ("[roles.mentor]\nminutes = [30, 20]", 2, "[roles.mentor] minutes is not understood"),
        ("[roles]\nmentor = 5", 2, "[roles.mentor] is a whole number"),
        ("[lmm]\nmodel = 'm'", 1, "[lmm] is not a section; did you mean llm?"),
        ("[[llm]]\nmodel = 'm'", 1, "[llm] is a list; write it as a section"),
        ("[mailbox]\nhost = 'C:\\mail", 2, "[mailbox] host is not valid TOML; the quotes are not closed"),
        ("[digest]\npeople 5", 2, 'the line "people" has no value'),
    ],
)  # fmt: skip
def test_each_mistake_has_its_key_and_line(tmp_path: Path, lines: str, line: int, expected: str) -> None:
    found = problems(tmp_path, lines + "\n")
    start = f"config.toml line {line}: "
    assert any(p.startswith(start) and expected in p for p in found), found


def test_a_misspelt_required_key_is_told_once(tmp_path: Path) -> None:
    found = problems(tmp_path, GOOD.replace("addresses", "adresses").replace("[mailbox]", "[mailbx]"))
    assert found == (
        "config.toml line 3: [me] adresses is not known; did you mean addresses?",
        "config.toml line 5: [mailbx] is not a section; did you mean mailbox?",
    )


def test_an_empty_file_misses_two_sections(tmp_path: Path) -> None:
    assert problems(tmp_path, "") == (
        "config.toml line 1: [me] is missing: the section with your name and addresses.",
        "config.toml line 1: [mailbox] is missing: the section with where your mail lies.",
    )


def test_a_key_before_any_section_is_told_where_it_belongs(tmp_path: Path) -> None:
    assert problems(tmp_path, 'kind = "imap"\n' + GOOD) == (
        "config.toml line 1: kind comes before the first section; it belongs under [mailbox].",
    )


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^There is no configuration at .*none\.toml yet\. Run: assistant init$"):
        load_config(tmp_path / "none.toml")


def test_a_folder_in_its_place_and_bytes_that_are_no_text_are_one_sentence_each(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        load_config(tmp_path)
    (tmp_path / "c.toml").write_bytes(b"[me]\nname = 'J\xfcrgen'\n")
    with pytest.raises(ConfigError, match=r"c\.toml line 2: this line is not UTF-8"):
        load_config(tmp_path / "c.toml")


@pytest.mark.parametrize(
    "line",
    [f'password = "{CANARY}"', f"password_command = {CANARY}", f'api_key = "{CANARY}', f"password_env = ['{CANARY}']",
     f'api_key = """\n{CANARY}"""', f"{CANARY}", f"api_key {CANARY}", f"token = {CANARY} {CANARY}"],
)  # fmt: skip
@pytest.mark.parametrize("section", ["mailbox", "llm"])
def test_no_problem_repeats_what_may_be_a_secret(tmp_path: Path, section: str, line: str) -> None:
    text = GOOD.replace("[mailbox]", f"[mailbox]\n{line}") if section == "mailbox" else f"{GOOD}[llm]\n{line}\n"
    found = problems(tmp_path, text)
    assert found
    assert CANARY not in "\n".join(found)


def test_what_is_read_has_its_form(tmp_path: Path) -> None:
    text = """\
[me]
name = "Jane Roe"
addresses = ["Jane.Roe+work@Example.com", "jane.roe@example.com", "jr@BÜCHER.example"]
control_address = "Jane.Roe+career@example.com"
timezone = "Asia/Tokyo"
company_domains = ["@Example.COM"]
[mailbox]
kind = "MAILDIR"
path = "Maildir"
archives = ["~/old.mbox", "/var/old"]
[smtp]
host = "localhost"
port = 465
user = ""
[digest]
time = 07:30:00
day = "Friday"
[llm]
base_url = "http://127.0.0.1:8080/v1"
model = "m"
[roles.ally]
goal_cadence = "monthly"
[roles.mentor]
cadence = "none"
inside = "either"
"""
    config = load(tmp_path, text)
    assert config.me.addresses == ("jane.roe@example.com", "jr@xn--bcher-kva.example")
    assert config.me.control_address == "jane.roe+career@example.com"
    assert config.me.company_domains == ("example.com",)
    assert (config.mailbox.kind, config.mailbox.path) == ("maildir", tmp_path / "Maildir")
    assert config.mailbox.archives == (Path("~/old.mbox").expanduser(), Path("/var/old"))
    assert config.mailbox.archive_folders == ()
    assert config.smtp == SmtpConfig(host="localhost", port=465, security="tls", user="")
    assert (config.digest.time, config.digest.day) == (time(7, 30), 4)
    assert config.llm is not None
    assert (config.llm.timeout, config.llm.parallel) == (300.0, 1)
    assert (config.roles["ally"].goal_days, config.roles["mentor"].cadence_days) == (30, None)
    assert config.roles["mentor"].topics == BUILT_IN["mentor"].topics


def test_an_archive_is_a_path_or_a_folder(tmp_path: Path) -> None:
    (tmp_path / "old.mbox").touch()
    named = '["old.mbox", "Archives/2019", "INBOX.Sent.2020", "./gone.mbox", "~/gone", "/gone"]'
    mailbox = load(tmp_path, GOOD.replace("[mailbox]", f"[mailbox]\narchives = {named}")).mailbox
    assert mailbox.archives == (
        tmp_path / "old.mbox",
        tmp_path / "gone.mbox",
        Path("~/gone").expanduser(),
        Path("/gone"),
    )
    assert mailbox.archive_folders == ("Archives/2019", "INBOX.Sent.2020")


def test_smtp_takes_the_mailboxs_user_and_password(tmp_path: Path) -> None:
    config = load(tmp_path, GOOD + 'user = "jr"\npassword_env = "PW"\n[smtp]\nhost = "smtp.example.com"\n')
    assert config.smtp == SmtpConfig(host="smtp.example.com", user="jr", secret=Secret(env="PW"))


@pytest.mark.parametrize(
    ("port", "security", "expected"),
    [("", "", (993, "tls")), ("port = 143", "", (143, "starttls")), ("", 'security = "starttls"', (143, "starttls")),
     ("port = 10993", "", (10993, "tls"))],
)  # fmt: skip
def test_port_and_security_follow_each_other(
    tmp_path: Path, port: str, security: str, expected: tuple[int, str]
) -> None:
    mailbox = load(tmp_path, f"{GOOD}{port}\n{security}\n").mailbox
    assert (mailbox.port, mailbox.security) == expected


def test_a_literal_key_in_an_open_file_is_said_aloud(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(GOOD + '[llm]\nbase_url = "https://llm.example.com/v1"\nmodel = "m"\napi_key = "k"\n')
    path.chmod(0o644)
    (warning,) = load_config(path).warnings
    assert warning.startswith(
        "config.toml line 11: [llm] api_key stands in a file that others may read; run: chmod 600"
    )
    path.chmod(0o600)
    assert load_config(path).warnings == ()


def test_keys_of_the_other_kind_are_said_aloud(tmp_path: Path) -> None:
    config = load(tmp_path, GOOD.replace('"imap"', '"maildir"\npath = "m"'))
    assert config.warnings == ('config.toml line 8: [mailbox] host is not used with kind = "maildir".',)


def test_nudges_as_a_list_are_told_how_to_write_them_now(tmp_path: Path) -> None:
    config = load(tmp_path, GOOD + '[roles.mentor]\nnudges = ["past the cadence"]\n')
    (warning,) = config.warnings
    assert warning == (
        "config.toml line 9: [roles.mentor] nudges is a list and is passed over; name when each applies, as in"
        ' nudges = { overdue = "it has been a while" }.'
    )
    assert config.roles["mentor"].nudges == BUILT_IN["mentor"].nudges
    for text in ('nudges = { favourite = "" }\n', '[roles.mentor.nudges]\nfavourite = ""\n'):
        nudges = load(tmp_path, GOOD + "[roles.mentor]\n" + text).roles["mentor"].nudges
        assert nudges == {**BUILT_IN["mentor"].nudges, "favourite": ""}


def test_a_cadence_of_the_owners_has_no_words_of_ours(tmp_path: Path) -> None:
    for text, words in (('cadence = "5 weeks"', ""), ('cadence = "5 weeks"\ncadence_words = "rarely"', "rarely")):
        assert load(tmp_path, f"{GOOD}[roles.mentor]\n{text}\n").roles["mentor"].cadence_words == words


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    assert load(tmp_path, "\ufeff" + GOOD.replace("\n", "\r\n")).me.name == "Jane Roe"
    found = problems(tmp_path, (GOOD + "[digest]\nday = x\npeople = 0\n").replace("\n", "\r\n"))
    assert [p.split(":")[0] for p in found] == ["config.toml line 9", "config.toml line 10"]


def test_one_calendar_or_several(tmp_path: Path) -> None:
    one = load(tmp_path, GOOD + '[calendar]\npath = "cal.ics"\noffer_slots = true\n')
    assert one.calendars == (CalendarConfig("cal", tmp_path / "cal.ics"),)
    assert one.offer_hours == (time(9), time(17))
    more = '[[calendar]]\nurl = "webcal://x.example/a"\n[[calendar]]\nurl = "https://x.example/b"\n'
    two = load(tmp_path, GOOD + more)
    assert [(found.name, found.url) for found in two.calendars] == [
        ("x.example", "webcal://x.example/a"),
        ("x.example 2", "https://x.example/b"),
    ]
    assert two.offer_hours is None
    hours = '[[calendar]]\nurl_file = "f"\nworking_hours = "8:30-12:00"\n'
    hours += '[[calendar]]\nname = "B"\nurl_command = "c"\noffer_slots = true\n'
    three = load(tmp_path, GOOD + hours)
    assert three.offer_hours == (time(8, 30), time(12))
    assert [found.secret for found in three.calendars] == [Secret(file=tmp_path / "f"), Secret(command="c")]
    assert load(tmp_path, GOOD).calendars == ()


@pytest.mark.parametrize(
    ("lines", "line", "expected"),
    [
        ('[[calendar]]\nname = "A"', 8, "path is missing; write path, url, url_command or url_file"),
        (
            '[[calendar]]\npath = "a"\n[[calendar]]\npath = "b"\nurl = "https://x.example/"',
            12,
            "can't be used together",
        ),
        (
            '[[calendar]]\npath = "a"\n[[calendar]]\nurl = "http://x.example/canary"',
            11,
            "fetches your calendar unencrypted",
        ),
        ('[[calendar]]\nurl = "canary"', 9, "is not the web address of a calendar"),
        ('[[calendar]]\nurl = "https://a\\\\canary/"', 9, "is not the web address of a calendar"),
        (
            '[[calendar]]\npath = "a"\nname = "A"\n[[calendar]]\npath = "b"\nname = "A"',
            13,
            "is that of another calendar",
        ),
        ('[calendar]\npath = "a"\nworking_hours = "17:00-09:00"', 10, "are no hours of a day"),
        ('[calendar]\npath = "a"\nworking_hours = "25:00-26:00"', 10, "are no hours of a day"),
        (
            '[[calendar]]\npath = "a"\nworking_hours = "8:00-9:00"\n[[calendar]]\npath = "b"\nworking_hours = "8-9"',
            13,
            "are no hours",
        ),
        ('[calendar]\npath = "a"\n[[calendar]]\npath = "b"', 10, "write [[calendar]] above each"),
        (
            '[[calendar]]\npath="a"\nworking_hours="8:00-9:00"\n[[calendar]]\npath="b"\nworking_hours="8:00-9:30"',
            13,
            "differs",
        ),
        ('[[calendar]]\nurl_comand = "a"', 9, "did you mean url_command?"),
        ("[digest]\noffer_slots = true", 9, "it belongs under [[calendar]]"),
    ],
)
def test_what_is_wrong_with_a_calendar(tmp_path: Path, lines: str, line: int, expected: str) -> None:
    (found,) = problems(tmp_path, GOOD + lines)
    assert found.startswith(f"config.toml line {line}: ")
    assert expected in found
    assert "canary" not in found


def test_an_address_in_a_file_that_others_may_read_is_said(tmp_path: Path) -> None:
    load(tmp_path, GOOD + '[calendar]\nurl = "https://x.example/canary"\n')
    path = tmp_path / "config.toml"
    path.chmod(0o644)
    (said,) = load_config(path).warnings
    assert "chmod 600" in said
    assert "canary" not in said


def test_the_example_loads_without_a_word() -> None:
    EXAMPLE.chmod(EXAMPLE.stat().st_mode & 0o777)
    assert load_config(EXAMPLE).warnings == ()


NAMES: dict[type, dict[str, tuple[str, ...]]] = {
    Me: {},
    MailboxConfig: {
        "secret": ("password_command", "password_env", "password_file", "token_command"),
        "archive_folders": ("archives",),
    },
    SmtpConfig: {"secret": ("password_command", "password_env", "password_file", "token_command")},
    DigestConfig: {},
    RepliesConfig: {},
    CalendarConfig: {"secret": ("url_command", "url_file")},
    LlmConfig: {"secret": ("api_key_command", "api_key_env", "api_key_file", "api_key")},
    Role: {
        "name": (),
        "cadence_days": ("cadence",),
        "favourite_days": ("favourite_cadence",),
        "goal_days": ("goal_cadence",),
    },
}
SECTION: dict[type, str] = {
    Me: "me", MailboxConfig: "mailbox", SmtpConfig: "smtp", DigestConfig: "digest", RepliesConfig: "replies",
    CalendarConfig: "[calendar]", LlmConfig: "llm", Role: "roles.sponsor",
}  # fmt: skip


@pytest.mark.parametrize("kind", NAMES, ids=lambda kind: kind.__name__)
def test_the_example_documents_every_field(kind: type) -> None:
    assert is_dataclass(kind)
    names, section = NAMES[kind], SECTION[kind]
    blocks = re.split(r"^\[(.+)\]$", EXAMPLE.read_text(), flags=re.MULTILINE)
    block = blocks[blocks.index(section) + 1]
    for field in fields(kind):
        for key in names.get(field.name, (field.name,)):
            assert re.search(rf"^(# )?{key} = ", block, re.MULTILINE), f"{key} is not in [{section}]"


def test_every_key_in_a_remark_of_the_example_is_known_too(tmp_path: Path) -> None:
    """Each commented-out key of the example, taken as a line, is a key that the section knows."""
    blocks = re.split(r"^\[(.+)\]$", EXAMPLE.read_text(), flags=re.MULTILINE)
    for section, block in zip(blocks[1::2], blocks[2::2], strict=True):
        for key in re.findall(r"^# (\w+) = ", block, re.MULTILINE):
            found = problems(tmp_path, f"[{section}]\n{key} = []\nnonsense = 1\n")
            assert not any(f"] {key} is not known" in p for p in found)
            assert any("nonsense is not known" in p for p in found)


def test_lines_are_found_through_every_shape_of_value() -> None:
    text = '''\
# [fake]
[me] # remark
name = "A # ] \\" b"
addresses = [
  "a",  # one [

  "b", ["c",
   "d"], "e"]
a."b c".'d' = """
[fake]
x = 1
"""
s = \'\'\'
y = 2\'\'\'
z = {a = 1, b = [1, 2]}
[ roles . "team" ]
cadence = "x"
[[many]]
q = 1
'''
    tomllib.loads(text)
    table = line_table(text)
    assert {k: table[k] for k in table if k[0] == "me" and len(k) == 2} == {
        ("me", "name"): 3, ("me", "addresses"): 4, ("me", "a"): 9, ("me", "s"): 13, ("me", "z"): 15,
    }  # fmt: skip
    assert [table["me", "addresses", index] for index in range(4)] == [5, 7, 7, 8]
    assert table["me", "a", "b c", "d"] == 9
    assert (table["roles", "team", "cadence"], table[("many",)], table["many", "q"]) == (17, 18, 19)
    assert ("fake",) not in table
    assert statements("") == ()


KEYS = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
SCALARS = st.one_of(
    st.integers(-9, 99).map(str),
    st.text(alphabet="ab #[]={},'\n", max_size=12).map(lambda t: f'"""{t}"""'),
    st.text(alphabet="ab #[]={},", max_size=12).map(lambda t: f'"{t}"'),
    st.text(alphabet='ab #[]={},"', max_size=12).map(lambda t: f"'{t}'"),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3).map(lambda v: "[\n" + ",\n # ],\n".join(v) + "\n]")
)


@given(st.lists(st.tuples(KEYS, VALUES), max_size=8, unique_by=lambda pair: pair[0]))
def test_every_key_of_any_valid_text_has_its_line(pairs: list[tuple[str, str]]) -> None:
    text, expected = "[s]\n", {}
    for key, value in pairs:
        expected["s", key] = text.count("\n") + 1
        text += f"{key} = {value}\n"
    values = tomllib.loads(text)["s"]
    assert values.keys() == {key for key, _ in pairs}
    table = line_table(text)
    assert {path: line for path, line in table.items() if len(path) == 2} == expected
    assert {p[1:] for p in table if len(p) == 3} == {
        (k, i) for k, v in values.items() if isinstance(v, list) for i in range(len(v))
    }


@given(st.text(alphabet="ab=[]{}\"'#\n\\.,1 \t\r\x00é", max_size=80))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    source = read_toml(text)
    assert isinstance(source.values, dict)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert source.problems
    else:
        assert source.problems == ()


@pytest.mark.parametrize(
    ("host", "good", "local"),
    [("imap.example.com", True, False), ("127.0.0.1", True, True), ("127.8.8.8", True, True), ("::1", True, True),
     ("LOCALHOST", True, True), ("localhost.example.com", True, False), ("192.0.2.1", True, False),
     ("a b", False, False), ("host:993", False, False), ("http://127.0.0.1/v1", False, True), ("", False, False),
     ("http://localhost@evil.example/v1", False, False), ("http://127.0.0.1.evil.example", False, False),
     ("http://[::1]:80/v1", False, True)],
)  # fmt: skip
def test_hosts(host: str, good: bool, local: bool) -> None:  # noqa: FBT001  a table's columns
    assert (is_host(host), is_loopback(host)) == (good, local)


@pytest.mark.parametrize(
    "url",
    ["http://localhost@evil.example/v1", "http://127.0.0.1:x@evil.example/v1", "http://127.0.0.1:80@evil.example/v1",
     "http://localhost:11434@evil.example", "http://a@b@evil.example/v1", "HTTP://localhost@evil.example/v1",
     "http://localhost%2f@evil.example/v1", "http://localhost.evil.example/v1", "http://[::1]@evil.example/v1",
     "http://[::1]:80@evil.example/v1", "http://[x@evil.example/v1", "http://evil.example?@127.0.0.1/v1"],
)  # fmt: skip
def test_a_host_behind_a_user_part_wants_https(url: str) -> None:
    assert "write https" in (base_url_problem(url) or "")


@pytest.mark.parametrize(
    "url",
    ["http://evil.example\\@localhost/v1", "http://localhost\\@evil.example/v1", "http://127.0.0.1\n/v1",
     "localhost/v1", "http://loc%61lhost/v1", "ftp://localhost/v1", "http://127.0.0.1 .evil.example/v1", "https://key@evil.example/v1",
     "http://key@localhost/v1", "http:///v1", "http://[::1/v1",
     "https://[::1]@evil.example/v1", "http://evil.example@127.0.0.1/v1"],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    assert base_url_problem(url)


@pytest.mark.parametrize("url", ["https://api.example.com/v1", "http://[::1]:8080/v1", "http://localhost:1234/v1"])
def test_https_and_this_machine_are_fine(url: str) -> None:
    assert base_url_problem(url) is None
