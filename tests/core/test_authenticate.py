from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.replies.authenticate import Accepted, Door, Refused, Token, authenticate, body_hash, strict_address

if TYPE_CHECKING:
    from collections.abc import Mapping

OURS = "a" * 26
OTHER = "b" * 26
ISSUED = 1_772_434_800
DAY = 86_400
TOKENS = {
    OURS: Token(OURS, ISSUED, ISSUED + 21 * DAY, revoked=False),
    OTHER: Token(OTHER, ISSUED, ISSUED + 21 * DAY, revoked=True),
}


def answered(message_id: str) -> Token | None:
    token, _, rest = message_id.partition(".")
    return TOKENS.get(token) if rest == "digest@example.com" else None


DOOR = Door(frozenset({"priya@example.com", "priya@work.example"}), "priya@example.com", answered, ISSUED + DAY)
FIELDS = {
    "From": "Priya Raman <priya@example.com>",
    "To": "Priya Raman <priya@example.com>",
    "Subject": "Re: 3 people",
    "Date": "Tue, 03 Mar 2026 08:00:00 +0000",
    "Message-ID": "<r1@example.com>",
    "In-Reply-To": f"<{OURS}.digest@example.com>",
}


def judge(*extra: str, door: Door = DOOR, changed: Mapping[str, str | None] | None = None) -> Accepted | Refused:
    fields = {**FIELDS, **(changed or {})}
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return authenticate("\r\n".join([*lines, *extra, "", "skip 2"]).encode(), door)


def reason(*extra: str, door: Door = DOOR, changed: Mapping[str, str | None] | None = None) -> str:
    judged = judge(*extra, door=door, changed=changed)
    return judged.reason if isinstance(judged, Refused) else "accepted"


def test_the_owners_answer_is_accepted() -> None:
    judged = judge()
    assert isinstance(judged, Accepted)
    assert judged.token == TOKENS[OURS]
    assert (judged.message_id, judged.subject) == ("r1@example.com", "Re: 3 people")
    assert judged.references == (f"{OURS}.digest@example.com",)


NONE = "dkim=none (message not signed) header.d=none; dmarc=none action=none header.from=example.com;"
ACCEPTED: list[tuple[tuple[str, ...], dict[str, str | None]]] = [
    ((), {"From": "priya@example.com"}),
    ((), {"From": "priya@example.com (Priya Raman)"}),
    ((), {"From": '"Raman, Priya" <Priya@Example.com>'}),
    ((), {"From": '"a \\" b" <priya@work.example>'}),
    ((), {"From": "=?utf-8?q?Priya?= <priya+phone@example.com>"}),
    ((), {"To": "<PRIYA@example.com>"}),
    (("Received: from phone by mx",), {}),
    (("Auto-Submitted: no",), {}),
    (("Sender: priya@example.com",), {}),
    (("Cc: ",), {}),
    ((), {"Date": "Tue, 03 Mar 2026 08:00:00"}),
    ((), {"Date": "Sun, 01 Mar 2026 07:00:00 +0000"}),  # a clock a day behind
    ((), {"Message-ID": None}),
    ((), {"Message-ID": "r1"}),
    ((), {"Message-ID": "<r1@x> <r2@x>"}),
    ((), {"In-Reply-To": f"<{OURS}.digest@example.com> (Career assistant's message of Monday)"}),
    ((f"References: <x@y> <{OURS}.digest@example.com>",), {"In-Reply-To": None}),
    ((f"References: <x@y> <{OURS}.digest@example.com>",), {"In-Reply-To": "your message of Monday"}),
    (("References: <x@y>",), {"Subject": "What I did"}),
    # Programs that copy their owner, and send in their other name.
    (("Cc: priya@example.com",), {}),
    (('Bcc: "Raman, Priya" <priya@example.com>, Priya <priya+phone@work.example>',), {}),
    (("Sender: Priya <priya@work.example>",), {}),
    # Gmail files for phones and desktop programs what its submission took, Exchange with results that say nothing.
    (("Return-Path: <priya@example.com>", "Received: from [192.0.2.5] by smtp.example with ESMTPSA"), {}),
    (("Return-Path: priya@work.example",), {}),
    ((f"Authentication-Results: {NONE}",), {}),
    ((f"Authentication-Results: example.com; {NONE}",), {}),
    (("Authentication-Results: spf=none (sender IP is ) smtp.mailfrom=priya@example.com;",), {}),
    (("Authentication-Results: mail.example.com; none",), {}),
    (("X-MS-Exchange-Organization-SCL: -1", "X-Forefront-Antispam-Report: SFV:NSPM", "X-Microsoft-Antispam: BCL:0;"),
     {}),
]  # fmt: skip


@pytest.mark.parametrize(("extra", "changed"), ACCEPTED)
def test_what_is_in_order_is_accepted(extra: tuple[str, ...], changed: dict[str, str | None]) -> None:
    assert reason(*extra, changed=changed) == "accepted"


HOSTILE: list[tuple[str, tuple[str, ...], dict[str, str | None]]] = [
    ("not-owner", (), {"From": "Priya Raman <priya@examp1e.com>"}),
    ("not-owner", (), {"From": "priya@example.com.evil.example"}),
    ("not-owner", (), {"From": '"priya@example.com" <x@evil.example>'}),
    ("from", (), {"From": "priya@example.com <x@evil.example>"}),
    ("from", (), {"From": "priya@example.com, x@evil.example"}),
    ("from", (), {"From": "x@evil.example, priya@example.com"}),
    ("from", (), {"From": "<priya@example.com> <x@evil.example>"}),
    ("from", (), {"From": "<x@evil.example> priya@example.com"}),
    ("from", (), {"From": "Us: priya@example.com;"}),
    ("from", (), {"From": "(priya) <priya@example.com>"}),
    ("from", (), {"From": '"open <priya@example.com>'}),
    ("from", (), {"From": "priyа@example.com"}),
    ("from", (), {"From": "<@relay.example:priya@example.com>"}),
    ("from", (), {"From": None}),
    ("from", (), {"From": ""}),
    ("repeated-field", ("From: x@evil.example",), {}),
    ("sender", ("Sender: x@evil.example",), {}),
    ("sender", ("Sender: priya@example.com, x@evil.example",), {}),
    ("sender", ("Sender: garbage",), {}),
    ("repeated-field", ("Sender: priya@example.com", "Sender: x@evil.example"), {}),
    ("to", (), {"To": "boss@example.com"}),
    ("to", (), {"To": "priya@example.com, boss@example.com"}),
    ("to", (), {"To": "priya@work.example"}),
    ("to", (), {"To": "priya+x@example.com"}),
    ("to", (), {"To": "undisclosed-recipients:;"}),
    ("to", (), {"To": None}),
    ("repeated-field", ("To: boss@example.com",), {}),
    ("cc", ("Cc: boss@example.com",), {}),
    ("cc", ("Bcc: boss@example.com",), {}),
    ("cc", ("CC: priya@example.com, boss@example.com",), {}),
    ("cc", ('CC: "priya@example.com" <boss@example.com>',), {}),
    ("cc", ("CC: Us: priya@example.com;",), {}),
    ("cc", ("CC: priya@example.com boss@example.com",), {}),
    ("cc", ('CC: priya@example.com, "boss@example.com',), {}),
    ("cc", ("CC: priya@example.com,,",), {}),
    ("cc", ("CC: priya@example.com", "Bcc: boss@example.com"), {}),
    ("resent", ("Resent-From: x@evil.example",), {}),
    ("automatic", ("Auto-Submitted: auto-replied",), {}),
    ("automatic", ("Auto-Submitted: auto-generated; x=y",), {}),
    ("automatic", ("X-Autoreply: yes",), {}),
    ("automatic", ("X-Autorespond: away",), {}),
    ("automatic", ("Precedence: bulk",), {}),
    ("automatic", ("X-Career-Assistant: transcript",), {}),
    ("report", ("Content-Type: multipart/report; report-type=delivery-status",), {}),
    ("report", ("Content-Type: message/delivery-status",), {}),
    ("from-outside", ("Authentication-Results: mx.example; dkim=pass",), {}),
    ("from-outside", ("Received-SPF: pass",), {}),
    ("from-outside", ("Return-Path: <boss@example.com>",), {}),
    ("from-outside", ("Return-Path: <>",), {}),
    ("from-outside", ("Return-Path: <priya@example.com>", "Return-Path: <boss@example.com>"), {}),
    ("from-outside", ("Delivered-To: priya@example.com",), {}),
    ("from-outside", ("X-Original-To: priya@example.com",), {}),
    ("from-outside", ("Envelope-To: priya@example.com",), {}),
    ("from-outside", ("List-Id: <us.example.com>",), {}),
    ("from-outside", ("X-Spam-Flag: NO",), {}),
    ("from-outside", ("X-Spamd-Result: default: False",), {}),
    ("from-outside", ("X-Rspamd-Server: mx", "X-Bogosity: Ham", "X-Barracuda-Spam-Score: 0"), {}),
    ("from-outside", ("ARC-Authentication-Results: i=1; mx.example; dkim=none",), {}),
    ("from-outside", ("Authentication-Results: example.com; dkim=fail header.d=example.com",), {}),
    ("from-outside", ("Authentication-Results: example.com; dkim=none; spf=softfail",), {}),
    ("from-outside", ("Authentication-Results: example.com; dkim=pass header.d=example.com",), {}),
    ("from-outside", ("Authentication-Results: mx.rival.example; dkim=none",), {}),
    ("from-outside", ("Authentication-Results: example.com; dkim=none header.d=rival.example",), {}),
    ("from-outside", ("Authentication-Results: dkim=none", "Authentication-Results: mx.rival.example; none"), {}),
    ("from-outside", ("Authentication-Results: example.com; dkim=none (",), {}),
    ("from-outside", ("Authentication-Results: ",), {}),
    ("from-outside", ("Received: a", "Received: b"), {}),
    ("unknown-token", (), {"In-Reply-To": f"<{'c' * 26}.digest@example.com>"}),
    ("revoked", (), {"In-Reply-To": f"<{OTHER}.digest@example.com>"}),
    ("unknown-token", (), {"In-Reply-To": f"<{OURS}.digest@rival.example>"}),
    ("unknown-token", (), {"In-Reply-To": f"<{OURS}.thread@example.com>"}),
    ("indirect", (f"References: <{OURS}.digest@example.com> <eve@rival.example>",),
     {"In-Reply-To": "<eve@rival.example>"}),
    ("indirect", (f"References: <eve@rival.example> <{OURS}.digest@example.com>",),
     {"In-Reply-To": "<eve@rival.example>"}),
    ("indirect", (f"References: <{OURS}.digest@example.com> <eve@rival.example>",), {"In-Reply-To": None}),
    ("indirect", (), {"In-Reply-To": f"<eve@rival.example> <{OURS}.digest@example.com>"}),
    ("indirect", (), {"In-Reply-To": f"<{OURS}.digest@example.com> <eve@rival.example>"}),
    # An id of hers that holds ours, or that a program took for none.
    ("unknown-token", (), {"In-Reply-To": f'<"<{OURS}.digest@example.com>"@rival.example>'}),
    ("unknown-token", (), {"In-Reply-To": f"<eve@[<{OURS}.digest@example.com>]>"}),
    ("unknown-token", (), {"In-Reply-To": f"eve@rival.example <{OURS}.digest@example.com>"}),
    ("unknown-token", (), {"In-Reply-To": f'"<{OURS}.digest@example.com>"@rival.example'}),
    ("unknown-token", (), {"In-Reply-To": f"(<{OURS}.digest@example.com>) eve"}),
    ("indirect", (f"References: <{OURS}.digest@example.com>",), {"In-Reply-To": "eve@rival.example"}),
    ("indirect", (f"References: <{OURS}.digest@example.com> eve",), {"In-Reply-To": None}),
    ("indirect", (f"References: <{OURS}.digest@example.com> <eve@rival.example",), {"In-Reply-To": None}),
    ("indirect", (f'References: <x@y> <eve"<{OURS}.digest@example.com>',), {"In-Reply-To": None}),
    ("no-token", (), {"In-Reply-To": "<eve@rival.example>"}),
    ("no-token", ("References: <eve@rival.example>",), {"In-Reply-To": None}),
    ("too-old", (), {"Date": "Sun, 01 Mar 2026 06:59:59 +0000"}),
    ("no-date", (), {"Date": "yesterday"}),
    ("no-date", (), {"Date": None}),
    ("no-date", (), {"Date": "Tue, 99 Mar 2026 08:00:00 +0000"}),
    ("repeated-field", ("Message-ID: <r2@x>",), {}),
    ("repeated-field", (f"In-Reply-To: <{OURS}.digest@example.com>",), {}),
    ("malformed", ("A line that is no field",), {}),
    ("malformed", ("X: a\rTo: boss@example.com",), {}),
    ("malformed", ("X: \0",), {}),
    ("malformed", (f"X: {'x' * 300_000}",), {}),
]  # fmt: skip


@pytest.mark.parametrize(("word", "extra", "changed"), HOSTILE)
def test_each_condition_broken_is_refused_with_its_word(
    word: str, extra: tuple[str, ...], changed: dict[str, str | None]
) -> None:
    assert reason(*extra, changed=changed) == word


EXPOSED = replace(DOOR, answered=lambda one: (found := answered(one)) and replace(found, exposed=True))


def test_where_others_know_our_id_only_in_reply_to_names_it() -> None:
    above = f"References: <x@y> <{OURS}.digest@example.com>"
    assert reason(above, door=EXPOSED) == "accepted"
    assert reason(above, door=EXPOSED, changed={"In-Reply-To": None}) == "indirect"


def test_fresh_mail_of_a_link_with_in_reply_to_is_no_answer() -> None:
    door = replace(
        DOOR, answered=lambda one: (found := answered(one)) and replace(found, subject="3 people \u00b7 W10")
    )
    assert reason(door=door, changed={"Subject": "Hello"}) == "no-answer"
    assert reason(door=door, changed={"Subject": "AW: 3 people =?utf-8?b?wrc=?= W10"}) == "accepted"
    assert reason("References: <x@y>", door=door, changed={"Subject": "Hello"}) == "accepted"


def test_tokens_end() -> None:
    late = replace(DOOR, now=ISSUED + 21 * DAY)
    assert reason(door=late) == "expired"


def test_a_fresh_message_answers_nothing() -> None:
    judged = judge(changed={"In-Reply-To": None})
    assert isinstance(judged, Accepted)
    assert judged.token is None


def test_the_same_words_have_the_same_hash() -> None:
    assert body_hash("t", "Mon,  1", "skip 2 \r\n\n") == body_hash("t", "Mon, 1", "skip 2")
    assert body_hash("t", "Mon", "skip 2") != body_hash("t", "Tue", "skip 2")


@given(st.binary(max_size=400))
def test_any_bytes_are_judged_without_an_error(raw: bytes) -> None:
    authenticate(raw, DOOR)


@given(st.text(alphabet=' <>"\\@,;:()[]abc.=?', max_size=60))
def test_a_strict_address_is_one_mailbox(value: str) -> None:
    found = strict_address(value)
    assert found is None or (found.count("@") == 1 and found in value)


@given(st.text(max_size=60), st.sampled_from(["Date", "From", "To", "References", "In-Reply-To", "Message-ID"]))
def test_any_field_is_judged_without_an_error(value: str, name: str) -> None:
    judge(changed={name: value})


def test_mail_from_outside_that_answers_nothing_is_no_order_whatever_it_proves() -> None:
    door = replace(DOOR, doubt=lambda _sender, _results: "")
    twice = ("Received: from a.example", "Received: from b.example")
    assert reason(*twice, door=door) == "accepted"
    assert reason(*twice, door=door, changed={"In-Reply-To": None}) == "no-token"
    above = f"References: <{OURS}.digest@example.com>"
    assert reason(*twice, above, door=door, changed={"In-Reply-To": None}) == "indirect"
