"""The fast path of a scan gives what the full parser, the table and the stored facts give, to the last character."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.contact.fast_path import PlainReader
from assistant.core.contact.mail_merge import merge_key
from assistant.core.contact.verdict import Circumstances, judge
from assistant.core.mail.envelope import parse_envelope
from assistant.core.mail.envelope_facts import facts
from assistant.core.mail.message import Instant
from assistant.rounds.scan.reading_start import is_unseen
from assistant.store.judged_recipients import stored_of
from assistant.store.messages import sent_instant
from bench.mailbox import sent
from tests.corpus import verdicts
from tests.scanning import OWNER as SCANNED_OWNER

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
HEADERS = [
    header.header for mailbox in verdicts.load() for group in verdicts.headers(mailbox).values() for header in group
]
OWNER = frozenset({"priya@example.com", *SCANNED_OWNER})
LISTS = frozenset({"team@x.example", "choir@lists.example"})
BREAKS = (
    *(b"<", b">", b'"', b"\r\n ", b"\xff", b";", b":", b",", b", ", b"=?", b"?=", b"\x00", b"\n", b"\r", b"(", b")"),
    *(b"\r\nTo: ", b"\r\nCc: b@y.example", b"\r\nList-Id: <x.y.example>", b"\r\nBcc: c@z.example", b"Fwd: ", b"VS: "),
    *(b"+0530", b" (CET)", b"GMT", b"-0000", b" 2016 ", b"23:59:60", b"24:00:00", b"\t", b"\xc3\xa9", b"  ", b"@"),
    *(b"info@", b"no-reply@", b"@lists.x.example", b"undisclosed-recipients:;", b"=?utf-8?q?a=2C_b?=", b"\\", b"'"),
)


def full(header: bytes, arrived: datetime | None, size: int, since: datetime | None) -> dict[str, Any] | None:
    """Return what the full path makes of a message, or None if it is dated before the wanted history."""
    envelope = parse_envelope(header, flags=(), internaldate=arrived, size=size, now=NOW)
    if is_unseen(envelope, since):
        return None
    at, offset = sent_instant(envelope)
    return {
        "message_id": envelope.message_id, "at": at, "offset": offset, "subject": envelope.subject,
        "facts": facts(envelope), "alike": merge_key(envelope, OWNER),
        "recipients": Counter(stored_of(row) for row in judge(envelope, Circumstances(OWNER, LISTS))),
    }  # fmt: skip


def agree(header: bytes, arrived: datetime | None = None, size: int = 1000, since: datetime | None = None) -> bool:
    """Assert that the fast path agrees with the full one, and return whether it took the message."""
    reader = PlainReader(OWNER, LISTS, NOW, since)
    written = Instant.of(arrived) if arrived else None
    plain = reader.read(header, written, size)
    if plain is None:
        return False
    found = Counter((one, judgement, plain.at) for judgement, people in plain.recipients for one in people)
    assert plain._asdict() | {"recipients": found} == full(header, arrived, size, since)
    assert reader.read(header, written, size) == plain  # the second time from memory
    return True


def test_the_usual_mailbox_takes_the_fast_path() -> None:
    taken = [agree(one.partition(b"\r\n\r\n")[0], NOW - timedelta(days=1)) for one in sent(300)]
    assert sum(taken) > 290


def test_all_dialects_of_the_corpus() -> None:
    taken = sum(agree(header) for header in HEADERS)
    assert taken > len(HEADERS) / 3


def test_ten_thousand_mutations() -> None:
    dice = random.Random(11)  # noqa: S311 - a game, no secret
    sources = [*HEADERS, *(one.partition(b"\r\n\r\n")[0] for one in sent(200, people=60))]
    taken = 0
    for _ in range(10_000):
        data = bytearray(dice.choice(sources))
        for _ in range(dice.randint(1, 5)):
            at = dice.randrange(len(data) + 1)
            data[at : at + dice.choice((0, 0, 1, 2, 5))] = dice.choice(BREAKS)
        arrived = dice.choice((None, NOW, NOW - timedelta(days=4000), NOW + timedelta(days=9)))
        taken += agree(bytes(data), arrived, dice.choice((0, 900)))
    assert taken > 1_000


NAMES = st.one_of(
    st.sampled_from(["", "Jane Doe ", '"Doe, Jane" ', "=?utf-8?q?J=C3=B6rg?= ", "=?utf-8?b?SsO2cmc=?= ", "J. O'Neil "]),
    st.sampled_from(['"a\\"b" ', "a, b ", "(c) ", "=?utf-8?q?a,b?= ", "=?x?q?a?= =?x?q?b?=\t", "Zoë "]),
)  # fmt: skip
ADDRESSES = st.sampled_from(
    [
        *("jane@x.example", "Jane.Doe+t@GoogleMail.com", "info@x.example", "jo@harbour.example", "no_reply@x.example"),
        *("choir@lists.example", "team@x.example", "a@localhost", "b@y.example", "everyone@x.example", "x@y", "j@x..y"),
    ]
)
PERSON = st.builds(lambda name, address: f"{name}<{address}>" if name else address, NAMES, ADDRESSES)
PEOPLE = st.lists(PERSON, max_size=12).map(", ".join)
DATES = st.one_of(
    st.datetimes(datetime(1988, 1, 1), datetime(2027, 1, 1)).flatmap(  # noqa: DTZ001 - the zone is written after it
        lambda at: st.sampled_from(["+0100", "-0330", "+0000", "-0000", "GMT", "+1400", "+9900", "+0017", "EST"]).map(
            lambda zone: f"{at:%a, %d %b %Y %H:%M:%S} {zone}"
        )
    ),
    st.sampled_from(["Mon, 4 Jan 2016 07:00:00 +0100 (CET)", "4 Jan 16 7:00 +0100", "31 Feb 2016 07:00:00 +0100", ""]),
    st.sampled_from(["4 Jan 2016 07:00:60 +0100", "4 Jan 2016 07:00:61 +0100", "4 Jan 2016 24:00:00 +0100 (a) (b)"]),
    st.sampled_from(["4 Jan 2016 07:00:00 -0500 (EST", "Mon,  4 Jan 2016 07:00:00 +0100", "4 jan 2016 07:00:00 +0100"]),
)
SUBJECTS = st.sampled_from(
    ["", "x", "Re: x", "Fwd: x", "FW : [2] y", "VS: x", "转发：x", "=?utf-8?q?Fwd=3A_x?=", "a  b", "WG: x", 'a "b" \\c']
)
IDS = st.sampled_from(["", "<a@b>", "<a@b> <c@d>", "a@b", "<a b>", "x <a@b>", '<a"b@c>', "<a@b> <a@b> <e@f>", "junk"])
FIELDS = st.fixed_dictionaries(
    {"From": st.sampled_from(
        ["Jo <jo@harbour.example>", "jo@harbour.example", "x@y.example", "a@b.c, jo@harbour.example"]
    )},
    optional={
        "Message-ID": IDS, "Date": DATES, "To": PEOPLE, "Cc": PEOPLE, "CC": PEOPLE, "Bcc": PEOPLE, "Subject": SUBJECTS,
        "In-Reply-To": IDS, "References": IDS, "Sender": PERSON, "X-Mailer": SUBJECTS, "to ": PEOPLE,
        "Content-Type": st.sampled_from(["text/plain", "Multipart/Report; x=y", "text/calendar; method=REPLY", ";"]),
    },
)  # fmt: skip
ARRIVALS = st.one_of(
    st.none(),
    st.datetimes(datetime(1985, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - it gets one
    st.just(datetime(2016, 1, 2, 6, tzinfo=timezone(timedelta(hours=-3, minutes=-30)))),
)


@settings(max_examples=600, deadline=None)
@given(
    FIELDS,
    ARRIVALS,
    st.sampled_from(["\r\n", "\n"]),
    st.booleans(),
    st.sampled_from([None, datetime(2016, 1, 4, 6, tzinfo=UTC)]),
)
def test_headers_of_every_making(
    fields: dict[str, str],
    arrived: datetime | None,
    end: str,
    folded: bool,  # noqa: FBT001
    since: datetime | None,
) -> None:
    break_ = f",{end}\t" if folded else ", "
    lines = [
        f"{name}: {value.replace(', ', break_) if name in {'To', 'Cc'} else value}" for name, value in fields.items()
    ]
    agree((end.join(lines) + end).encode(), arrived, 1000, since)


@pytest.mark.parametrize(
    "odd",
    [
        b"Resent-To: a@x.example", b"List-Id: <a.b>", b"Auto-Submitted: no", b"X-Career-Assistant: draft", b"To: b@x",
        b"Precedence: bulk", b"List-Post : <mailto:a@b.example>", b"Content-Type: text/calendar; method=REQUEST",
    ],
)  # fmt: skip
def test_what_is_unusual_goes_to_the_full_parser(odd: bytes) -> None:
    common = (
        b"Message-ID: <a@b>\r\nDate: Mon, 4 Jan 2016 07:00:00 +0100\r\nFrom: jo@harbour.example\r\nTo: a@x.example\r\n"
    )
    assert agree(common)
    assert not agree(common + odd + b"\r\n")


def test_more_spellings_than_are_remembered() -> None:
    reader = PlainReader(OWNER, LISTS, NOW, None, most=2)
    for one in sent(60):
        header = one.partition(b"\r\n\r\n")[0]
        plain = reader.read(header, None, 1)
        assert plain is not None
        assert plain.facts == (full(header, None, 1, None) or {})["facts"]


def test_more_senders_and_kinds_than_are_remembered() -> None:
    reader = PlainReader(OWNER, LISTS, NOW, None, most=2)
    for number in range(9):
        header = (
            f"Message-ID: <{number}@b>\r\nDate: Mon, {number + 1} Jan 2016 07:00:00 +0100\r\nTo: a@x.example\r\n"
            f"From: Jo {number} <jo@harbour.example>\r\nContent-Type: multipart/x-{number}; a=b\r\n\r\n"
        ).encode()
        plain = reader.read(header, None, 1)
        assert plain is not None
        assert plain.facts == (full(header, None, 1, None) or {})["facts"]
