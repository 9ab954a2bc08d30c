"""Who answered and who waits: tables of small exchanges. Times are in days, `L` is the owner's letter on day 10."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest

from assistant.core.contact.correspondence import Sent, Theirs, correspondence, opens, theirs
from assistant.core.contact.verdict import Verdict, full, none, soft
from assistant.core.mail.envelope import parse_envelope

DAY = 86_400
LETTER = full("one-to-one")
OWNER = frozenset({"priya@example.com"})


def sent(name: str, day: float, *names: str, verdict: Verdict = LETTER) -> Sent:
    return Sent(name, int(day * DAY), frozenset(names), verdict)


def got(name: str, day: float, *names: str) -> Theirs:
    return Theirs(name, int(day * DAY), frozenset(names), "Plans", to_owner=True)


L = sent("L", 10)


@pytest.mark.parametrize(
    ("mails", "received", "expected"),
    [
        ([], [], (None, None, False, None)),
        ([L], [], ("L", None, False, None)),
        ([L], [got("a", 11)], ("L", "a", False, "a")),
        ([L], [got("a", 40)], ("L", "a", False, "a")),
        ([L], [got("a", 41)], ("L", None, False, "a")),
        ([L], [got("a", 90, "L")], ("L", "a", False, "a")),
        ([L], [got("a", 9)], ("L", None, False, None)),
        ([L], [got("a", 9, "L")], ("L", "a", False, "a")),
        ([L, sent("later", 12, "a")], [got("a", 9, "L")], ("later", None, False, None)),
        ([L, sent("c", 12, verdict=soft("cc"))], [got("a", 11)], ("L", "a", False, None)),
        ([L, sent("m", 12, verdict=soft("merge", 0.25))], [got("a", 11)], ("L", "a", False, "a")),
        ([L, sent("g", 12, "a", verdict=soft("group"))], [got("a", 11)], ("L", "a", False, None)),
        ([L, sent("n", 12, verdict=none("broadcast"))], [got("a", 11)], ("L", "a", False, "a")),
        ([sent("L", 10, verdict=none("bounced"))], [], ("L", None, True, None)),
        ([sent("b", 10, verdict=none("bounced")), sent("L", 11)], [], ("L", None, False, None)),
        ([L, sent("c", 11, verdict=none("bounced"))._replace(field="cc")], [], ("L", None, False, None)),
        ([sent("b", 10, "root", verdict=full("reply"))], [got("a", 80, "root")], ("b", "a", False, "a")),
        ([sent("f", 10, verdict=full("forward"))], [got("a", 9)], ("f", None, False, None)),
        ([sent("c", 10, verdict=soft("cc"))], [got("a", 9)], (None, None, False, None)),
        ([sent("b", 10, verdict=none("bounced"))], [got("a", 9)], ("b", None, True, None)),
        ([], [got("a", 9)], (None, None, False, "a")),
        ([Sent("undated", None, frozenset(), LETTER)], [], (None, None, False, None)),
    ],
)
def test_where_the_mail_between_two_stands(
    mails: list[Sent], received: list[Theirs], expected: tuple[str | None, str | None, bool, str | None]
) -> None:
    for some in permutations(mails):
        for others in permutations(received):
            found = correspondence(some, others)
            told = (found.letter, found.answer, found.bounced, found.waits)
            named = tuple(one.message_id if isinstance(one, (Sent, Theirs)) else one for one in told)
            assert named == expected
            assert (found.unanswered is not None) == (expected[0] is not None and not expected[1] and not expected[2])


def test_an_answer_by_somebody_unknown_leaves_nothing_open() -> None:
    found = correspondence([L], [], elsewhere={"L"})
    assert (found.letter, found.answer, found.elsewhere, found.unanswered) == (L, None, True, None)
    assert not correspondence([L], [got("a", 11)], elsewhere={"L"}).elsewhere


@pytest.mark.parametrize(
    ("answers", "begins"),
    [("", True), ("own", True), ("recent", False), ("old", True), ("deleted", False)],
)
def test_a_letter_that_ends_an_exchange_opens_none(answers: str, *, begins: bool) -> None:
    letter = sent("L", 23)._replace(answers=answers)
    received = [got("recent", 22), got("old", 8)]
    assert opens(letter, [letter, sent("own", 5)], received, within=14 * DAY) is begins


HEADER = "Message-ID: <m@x.example>\r\nDate: Mon, 02 Mar 2026 08:00:00 +0100\r\nFrom: Jane <jane@x.example>\r\n"
CROWD = ", ".join(f"p{number}@x.example" for number in range(9))


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ("To: priya@example.com\r\nSubject: Plans\r\n", True),
        ("To: bob@x.example\r\nCc: priya@example.com\r\n", True),
        ("To: priya@example.com\r\nAuto-Submitted: auto-replied\r\n", False),
        ("To: priya@example.com\r\nContent-Type: multipart/report; report-type=disposition-notification\r\n", False),
        ("To: priya@example.com\r\nList-Unsubscribe: <https://x.example>\r\n", False),
        ("To: priya@example.com\r\nContent-Type: text/calendar; method=REPLY\r\n", False),
        ("To: priya@example.com\r\nContent-Class: urn:content-classes:calendarmessage\r\n", False),
        (f"To: {CROWD}, priya@example.com\r\n", False),
        (f"To: {CROWD.partition(', ')[2]}, priya@example.com\r\n", True),
        ("To: undisclosed-recipients:;\r\n", False),
        ("To: old-name@elsewhere.example\r\n", False),
        ("To: old-name@elsewhere.example\r\nIn-Reply-To: <L@example.com>\r\n", True),
    ],
)
def test_only_own_words_to_the_owner_count(more: str, *, counts: bool) -> None:
    now = datetime(2026, 3, 3, tzinfo=UTC)
    envelope = parse_envelope((HEADER + more).encode(), flags=(), internaldate=None, size=1, now=now)
    assert (theirs(envelope, OWNER) is not None) is counts
