"""Headers: any bytes give an Envelope, with what was written in it and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.mail.address import is_role_address, looks_like_list, normal_address, registered_domain
from assistant.core.mail.address_list import parse_addresses, parse_any
from assistant.core.mail.date import parse_any_date, parse_date, sent_at
from assistant.core.mail.envelope import WANTED_FIELDS, Envelope, parse_envelope
from assistant.core.mail.envelope_facts import facts, from_facts
from assistant.core.mail.header import decode_words, split_fields
from tests.corpus import verdicts

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
HEADERS = [
    header.header for mailbox in verdicts.load() for group in verdicts.headers(mailbox).values() for header in group
]


def parsed(header: bytes, arrived: datetime | None = None) -> Envelope:
    return parse_envelope(header, flags=(), internaldate=arrived, size=1000, now=NOW)


def people(text: str) -> list[tuple[str, str]]:
    return [(named.address, named.name) for named in parse_addresses(text).people]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Jane.Doe+x@GoogleMail.com", "janedoe@gmail.com"),
        ("jane@bücher.example", "jane@xn--bcher-kva.example"),
        ("jane@BÜCHER.example", "jane@xn--bcher-kva.example"),
        ("support+1@x.example", "support+1@x.example"),
        ("reply+token@x.example", "reply+token@x.example"),
        ("no-reply+token@x.example", "no-reply+token@x.example"),
        ("jane+tag@x.example", "jane@x.example"),
        ("jane+a+b@x.example", "jane@x.example"),
        ("post+jane=roe.example@relay.example", "post+jane=roe.example@relay.example"),
        ("post+jane%roe.example@relay.example", "post+jane%roe.example@relay.example"),
        ("IMCEAEX-_O=LABS_CN=A+20B_CN=JANE@x.example", "imceaex-_o=labs_cn=a+20b_cn=jane@x.example"),
        ("IMCEASMTP-jane+40roe+2Eexample@x.example", "imceasmtp-jane+40roe+2eexample@x.example"),
        ("tea-bounces+jane=roe.example@town.example", "tea-bounces+jane=roe.example@town.example"),
        ("SRS0+a1b2=cd=roe.example=jane@f.example", "srs0+a1b2=cd=roe.example=jane@f.example"),
        ("prvs=0123456789=jane+x@roe.example", "prvs=0123456789=jane+x@roe.example"),
        ("+4930@x.example", "+4930@x.example"),
        ("12+jane@users.noreply.codehub.example", "12+jane@users.noreply.codehub.example"),
        ("'jane@x.example'", "jane@x.example"),
        ('"jane.doe"@x.example', "jane.doe@x.example"),
        ("<jane@x.example.>", "jane@x.example"),
        ("\x00jane@x.example\x07", "jane@x.example"),
        ("ja\x00ne@x.example", None),
        ("jane@[192.0.2.1]", "jane@[192.0.2.1]"),
        ("jörg@x.example", "jörg@x.example"),
        ("root@localhost", None),
        ("jane@mac.local", None),
        ("jane@.local", None),
        ("", None),
        ("   ", None),
        ("jane", None),
        ("@x.example", None),
        ("jane@", None),
        ("jane doe@x.example", None),
        ('"jane doe"@x.example', None),
        ("jane@x..example", None),
        ("a@b@x.example", None),
        ("jane@-x.example", None),
        ("jane@.SYNTAX-ERROR.", None),
        ("jane@MISSING_DOMAIN", None),
        ("jane@xn--\u00e9.example", None),
    ],
)
def test_the_normal_form(text: str, address: str | None) -> None:
    assert normal_address(text) == address


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Doe, Jane <jane@x.example>, bob@y.example", [("jane@x.example", "Doe, Jane"), ("bob@y.example", "")]),
        ("a@x.example; B <b@y.example>", [("a@x.example", ""), ("b@y.example", "B")]),
        (
            "Team: a@x.example, b@y.example;, c@z.example",
            [("a@x.example", ""), ("b@y.example", ""), ("c@z.example", "")],
        ),
        ("jane@x.example (Jane (the first) Doe)", [("jane@x.example", "Jane (the first) Doe")]),
        ("(was: bob@y.example) jane@x.example", [("jane@x.example", "was: bob@y.example")]),
        ('"bob@y.example" <jane@x.example>', [("jane@x.example", "bob@y.example")]),
        ("=?utf-8?q?bob=40y=2Eexample=2C?= <jane@x.example>", [("jane@x.example", "bob@y.example")]),
        ("<@a.example,@b.example:jane@x.example>", [("jane@x.example", "")]),
        ("Jane (home <jane@x.example>", [("jane@x.example", "Jane (home")]),
        ('"Jane <jane@x.example>', [("jane@x.example", "Jane")]),
        ("Jane <jane@x.example", [("jane@x.example", "Jane")]),
        ("<<jane@x.example>>", [("jane@x.example", "")]),
        ("Jane <jane@x.example bob@y.example>", [("jane@x.example", ""), ("bob@y.example", "")]),
        ("<jane@x.example, bob@y.example;root@localhost>", [("jane@x.example", ""), ("bob@y.example", "")]),
        ("<jane doe@x.example>", []),
        ("<jane@x.example doe>", []),
        ('<"jane@x.example bob@y.example"@z.example>', []),
        ("Jane <jane@x.example> Bob <bob@y.example>", [("jane@x.example", "Jane"), ("bob@y.example", "Bob")]),
        ("jane@x.example bob@y.example", [("jane@x.example", ""), ("bob@y.example", "")]),
        ("Jane <jane@x.example> bob@y.example", [("jane@x.example", "Jane"), ("bob@y.example", "")]),
        ('"O\'Neil\\, Pat" <p@x.example>', [("p@x.example", "O'Neil, Pat")]),
        ("jane(c(n)c)@x.example", [("jane@x.example", "c(n)c")]),
        ("=?utf-8?Q?Doe,_J=C3=B6rg?= <j@x.example>", [("j@x.example", "Doe, Jörg")]),
        ("jane@[IPv6:2001:db8::1], b@x.example", [("jane@[ipv6:2001:db8::1]", ""), ("b@x.example", "")]),
        ("<jane@x.example(c)>", [("jane@x.example", "")]),
        ("a\\, b <jane@x.example>", [("jane@x.example", "a\\, b")]),
        ("Undisclosed <undisclosed-recipients@x.example>", []),
        ("<>", []),
        (",,;;", []),
        ("", []),
    ],
)
def test_address_lists(text: str, found: list[tuple[str, str]]) -> None:
    assert people(text) == found


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("undisclosed-recipients:;", True),
        ("Undisclosed recipients", True),
        ("Empfänger: ;", True),
        ("unlisted-recipients:; (no To-header on input)", True),
        ("Team: a@x.example;", False),
        ("a@x.example", False),
        ("Team: a@x.example; Empty: ;", True),
    ],
)
def test_hidden_recipients(text: str, hidden: bool) -> None:  # noqa: FBT001
    assert parse_addresses(text).undisclosed is hidden


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("=?utf-8?q?H=C3=A9?= =?utf-8?q?llo?=", "Héllo"),
        ("=?utf-8?b?4oKs?= x", "€ x"),
        ("=?utf-8?B?w6?= =?utf-8?B?k=?=", "\u00c3k"),
        ("=?gb2312?B?xOO6ww==?=", "你好"),
        ("=?utf-8*en?q?hi_there?=", "hi there"),
        ("=?nonsense?q?caf=E9?=", "café"),
        ("=?utf-8?q?caf=E9?=", "café"),
        ("=?utf-7?q?+2AA-?=", None),
        ("=?rot13?q?uryyb?=", "uryyb"),
        ("plain\r\n\tfolded\x00 \u202etext", "plain folded text"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("=?broken", "=?broken"),
    ],
)
def test_encoded_words(text: str, words: str | None) -> None:
    found = decode_words(text)
    found.encode()
    if words is not None and "w6" not in text:
        assert found == words


def test_a_lone_cr_begins_no_field() -> None:
    assert split_fields(b"Subject: x\rBcc: evil@x.example\r\nTo: a@x.example\r\n\r\nCc: body@x.example\r\n") == [
        ("subject", "x Bcc: evil@x.example"),
        ("to", "a@x.example"),
    ]


def test_a_malformed_line_hides_nothing_below_it() -> None:
    envelope = parsed(b"From jo 2026\nTo: a@x.example\nno field here\nCc: b@y.example\n")
    assert [named.address for named in (*envelope.to, *envelope.cc)] == ["a@x.example", "b@y.example"]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Mon, 2 Mar 2026 10:00:00 +0100", "2026-03-02T10:00:00+01:00"),
        ("2 Mar 2026 10:00:00 (CET)", "2026-03-02T10:00:00+00:00"),
        ("Mon, 2 Mar 2026 23:59:60 GMT", "2026-03-02T23:59:59+00:00"),
        ("Mon, 2 Mar 2026 10:00:00 -0000", "2026-03-02T10:00:00+00:00"),
        ("Mon, 2 (two (or so)) Mar 2026 10:00:00 +0100", "2026-03-02T10:00:00+01:00"),
        ("Mon, 2 Mar 2026 10:00:00 -05:30 (x)", "2026-03-02T10:00:00-05:30"),
        ("Mon, 2 Mar 126 10:00:00 +0100", "2026-03-02T10:00:00+01:00"),
        ("(" * 5_000 + ")" * 5_000, None),
        ("Mon, 2 Mar 2026 10:00:00 +2500", None),
        ("Mon, 30 Feb 2026 10:00:00 +0000", None),
        ("yesterday", None),
        ("", None),
        ("Mon, 2 Mar 99999 10:00:00 +0000", None),
    ],
)
def test_dates(text: str, iso: str | None) -> None:
    found = parse_date(text)
    assert (found.isoformat() if found else None) == iso


def test_which_date_is_believed() -> None:
    day = timedelta(days=1)
    old = datetime(1989, 12, 31, 23, 59, tzinfo=UTC)
    assert sent_at(NOW, None, NOW) == NOW
    assert sent_at(NOW + day, None, NOW) == NOW + day
    assert sent_at(NOW + 2 * day, None, NOW) is None
    assert sent_at(NOW + 2 * day, NOW, NOW) == NOW
    assert sent_at(old, NOW, NOW) == NOW
    assert sent_at(None, old, NOW) is None
    assert sent_at(NOW, NOW - 3 * day, NOW) == NOW - 3 * day
    assert sent_at(NOW - 900 * day, NOW, NOW) == NOW - 900 * day


def test_roles_lists_and_domains() -> None:
    assert registered_domain("mail.corp.co.uk") == "corp.co.uk"
    assert registered_domain("intranet") == "intranet"
    assert is_role_address("info@x.example")
    assert not is_role_address("informatics@x.example")
    assert looks_like_list("x@lists.y.example")
    assert not looks_like_list("x@list")


def test_thread_and_references() -> None:
    refs = " ".join(f"<r{n}@x>" for n in range(20))
    envelope = parsed(f"References: {refs}\nIn-Reply-To: <r19@x>\nMessage-ID: <me@x>\n".encode())
    assert len(envelope.references) == 10
    assert (envelope.references[0], envelope.references[-1], envelope.thread) == ("r0@x", "r19@x", "r0@x")
    assert parsed(b"In-Reply-To: <a@x>\n").thread == "a@x"
    assert parsed(b"Message-ID: me@x\n").thread == "me@x"
    assert parsed(b"").message_id.startswith("none:")


@pytest.mark.parametrize("header", HEADERS)
def test_facts_bring_back_the_envelope(header: bytes) -> None:
    envelope = parsed(header, NOW)
    assert from_facts(facts(envelope), NOW) == envelope


pieces = st.sampled_from(
    [b"<", b">", b'"', b",", b";", b":", b"(", b")", b"@", b"\\", b"\r", b"\n", b"\r\n ", b"\x00", b"\xff",
     b"=?utf-8?q?",
     b"?=", b"=?x?b?", b" ", b"[", b"]", b"\xe4\xbd\xa0", b"undisclosed-recipients:;", b"Resent-To: ", b"\nTo: ", b"\t"]
)  # fmt: skip
written = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    header = bytearray(draw(st.sampled_from(HEADERS)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(header)))
        cut = draw(st.integers(0, 4))
        header[at : at + cut] = draw(st.one_of(pieces, st.binary(max_size=4)))
    return bytes(header)


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_mutated_headers_never_raise_and_invent_no_address(header: bytes) -> None:
    envelope = parsed(header, NOW)
    assert from_facts(facts(envelope), NOW) == envelope
    both = (header.decode("utf-8", "replace") + header.decode("cp1252", "replace")).lower()
    # With comments taken out, and as it stands: a bracket may open in one field and close in another.
    text = re.sub(r"[\s\"'\\]|\([^()]*\)", "", both) + " " + re.sub(r"[\s\"'\\]", "", both)
    for named in (*envelope.to, *envelope.cc, *envelope.bcc, *envelope.sender):
        local, _, host = named.address.partition("@")
        if named.raw.isascii() and "gmail.com" not in host:
            assert f"{local}@{host}" in text or f"{local}+" in text, named


HOSTILE = ["(", "<", '"a', "[", "a,", "a:", "<>", "a@", "a@b.c ", "\\\\", "=?utf-8?Q?", "<@a,", '(<"[', "undisclosed "]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_field_takes_no_longer_than_its_length(piece: str) -> None:
    def took(times: int) -> float:
        began = process_time()
        parse_any(piece * times)
        return process_time() - began

    took(100)
    assert took(20_000) < max(60 * took(1000), 0.5)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_at_all(header: bytes) -> None:
    parsed(header)


word = st.text(st.sampled_from("abcdefgh.-"), min_size=1, max_size=8).map(lambda text: text.strip(".-") or "x")
address = st.builds(
    lambda local, host: f"{local.replace('..', '.')}@{host.replace('.', '').strip('-') or 'h'}.example", word, word
)
phrase = st.sampled_from(
    ["", "Jane Doe", "Doe, Jane", '"Doe, Jane"', "=?utf-8?q?J=C3=B6rg?=", "(note) Jane", "O'Neil", "Jane [x]"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(address, phrase), min_size=1, max_size=6), st.sampled_from([", ", ";", ",\r\n\t", " , "]))
def test_no_address_that_was_written_is_lost(entries: list[tuple[str, str]], separator: str) -> None:
    text = separator.join(f"{name} <{one}>" if name else one for one, name in entries)
    envelope = parsed(f"To: {text}\r\n".encode())
    assert [named.address for named in envelope.to] == [normal_address(one) for one, _ in entries]


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_the_fast_paths_are_the_full_parsers(header: bytes) -> None:
    for name, value in split_fields(header):
        if name in {"to", "cc", "bcc", "from", "resent-to"}:
            assert parse_addresses(value) == parse_any(value)
        if name == "date":
            assert parse_date(value) == parse_any_date(value)


@pytest.mark.parametrize("text", [
    "Jane Doe <jane@x.example>, bob@y.example", '"Doe, Jane" <jane@x.example>, "A ""B" <a@b.example>', "a@x.example,",
    "a@x.example b@y.example", "Jane <jane@x.example> Bob <bob@y.example>", ", a@x.example",
    "undisclosed recipients <a@b.example>",
    '"undisclosed-recipients:;" <a@b.example>, Jane <j@x.example>', "jane@localhost, Bob <bob@y.example>",
    "Jane <jane@localhost>",
    "Doe, Jane <jane@x.example>", "Jane Doe <jane@x.example>(note), b@y.example", "a@x.example,,b@y.example",
    "-@x.example", "a@-.example",
])  # fmt: skip
def test_the_fast_path_on_what_tempts_it(text: str) -> None:
    assert parse_addresses(text) == parse_any(text)


def test_the_wanted_fields_hold_all_that_is_read() -> None:
    assert len(set(WANTED_FIELDS)) == len(WANTED_FIELDS)
    assert {"Resent-To", "List-Post", "Auto-Submitted", "X-Career-Assistant"} <= set(WANTED_FIELDS)


def test_the_newest_of_several_resendings() -> None:
    twice = parsed(
        b"Resent-From: a@x.example\nResent-To: b@x.example\nResent-From: c@x.example\nResent-To: d@x.example\n"
    )
    assert twice.resent is not None
    assert [named.address for named in (*twice.resent.sender, *twice.resent.to)] == ["a@x.example", "b@x.example"]
    assert from_facts(facts(twice), NOW) == twice
    by = parsed(b"Resent-Sender: a@x.example\nResent-To: b@x.example\n").resent
    assert by is not None
    assert by.sender[0].address == "a@x.example"


def test_facts_of_an_address_that_is_none_by_todays_rules() -> None:
    told = facts(parsed(b"To: a@x.example, b@x.example\n")).replace("b@x.example", "b@localhost")
    assert [named.address for named in from_facts(told, NOW).to] == ["a@x.example"]


def test_words_of_several_charsets_in_a_row() -> None:
    assert decode_words("=?iso-8859-1?q?=E4?= =?utf-8?q?=C3=B6?=") == "äö"
