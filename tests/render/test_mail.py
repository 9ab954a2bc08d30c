from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UserError
from assistant.render.mail import Party, compose, compose_draft, digest_headers, notice_headers, transcript_headers

OWNER = Party("Priya Nair", "priya@example.com")
JANE = Party("Jane Roe", "jane@elsewhere.example")
AT = datetime(2026, 3, 2, 8, 0, tzinfo=timezone(timedelta(hours=1)))
LONG = "a" * 100 + "@mail.example.com.xx"


def message(**changes: Any) -> bytes:
    fields: dict[str, Any] = {
        "message_id": "<one@example.com>",
        "from_": OWNER,
        "to": JANE,
        "subject": "Coffee",
        "text": "Hi Jane,\n\nCoffee?\n",
        "html": "<p>Hi Jane,</p>",
        "date": AT,
    }
    return compose(**(fields | changes))


def parsed(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


def body(raw: bytes, kind: str) -> str:
    part = parsed(raw).get_body((kind,))
    assert part is not None
    text = part.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")


def header_lines(raw: bytes) -> list[bytes]:
    return raw.partition(b"\r\n\r\n")[0].split(b"\r\n")


def test_parts_come_back_as_they_went_in() -> None:
    text = "Grüße aus Köln\n.dot\nFrom here\n" + "x" * 300 + " \n"
    raw = message(text=text, html="<p>Grüße</p>\n")
    assert parsed(raw).get_content_type() == "multipart/alternative"
    assert body(raw, "plain") == text
    assert body(raw, "html") == "<p>Grüße</p>\n"
    assert b"\nFrom " not in raw
    assert b"\n.dot" not in raw


def test_only_crlf_ascii_and_short_lines() -> None:
    raw = message(text="é" * 5000 + "\r\n\rx\n" + "漢字" * 900, subject="漢" * 200, html="y" * 4000)
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_a_long_message_id_is_never_folded_or_encoded() -> None:
    assert len(LONG) == 120
    others = [f"{n}{LONG}" for n in range(14)]
    raw = message(in_reply_to=LONG, references=[*others, LONG])
    head = raw.partition(b"\r\n\r\n")[0]
    assert f"In-Reply-To: <{LONG}>".encode() in header_lines(raw)
    assert b"=?" not in head
    references = str(parsed(raw)["References"]).split()
    assert references == [f"<{others[0]}>", *(f"<{one}>" for one in others[-8:]), f"<{LONG}>"]


def test_references_end_in_the_parent_once() -> None:
    raw = message(in_reply_to="<b@x.example>", references=("<a@x.example>", "b@x.example", "a@x.example"))
    assert str(parsed(raw)["References"]) == "<a@x.example> <b@x.example>"


@pytest.mark.parametrize(
    "bad", ["", "no at sign", "a@b\r\nBcc: x@y.example", "<a b@c>", "ä@example.com", "x" * 990 + "@y"]
)
def test_what_is_no_message_id_threads_nothing(bad: str) -> None:
    raw = message(in_reply_to=bad, references=[bad, bad])
    assert not {"In-Reply-To", "References", "Bcc"} & set(parsed(raw).keys())


@pytest.mark.parametrize(
    "nasty",
    ["x\r\nBcc: v@evil.example", "x\nBcc: v@evil.example", "x\rBcc: v", "x\0y", "a\u2028Bcc: v", "é\r\n\r\nbody"],
)
def test_no_header_is_injected_by_any_value(nasty: str) -> None:
    raw = message(
        subject=nasty, from_=Party(nasty, "p@example.com"), to=Party(nasty, "j@x.example"), headers={"X-Note": nasty}
    )
    found = parsed(raw)
    assert "Bcc" not in found
    assert len(header_lines(raw)) <= 14
    assert not any(ord(c) < 32 for c in str(found["Subject"]) + str(found["X-Note"]))
    assert [a.addr_spec for a in found["To"].addresses] == ["j@x.example"]


@pytest.mark.parametrize(
    "address", ["j@x.example\r\nBcc: v@e.example", "nobody", "@x.example", "a@", "a@x y", "a@b, c@d", "a>b@c>d"]
)
def test_an_address_that_is_none_is_a_plain_sentence(address: str) -> None:
    with pytest.raises(UserError, match="cannot be addressed"):
        message(to=Party("", address))


@pytest.mark.parametrize("name", ["Bcc", "bcc", "Subject", "Content-Type", "X Y", "X\r\nBcc", "To", "MIME-Version"])
def test_fields_of_the_message_itself_are_not_for_callers(name: str) -> None:
    with pytest.raises(ValueError, match="not for callers"):
        message(headers={name: "v@evil.example"})


@pytest.mark.parametrize(
    "name",
    [
        "Jane Roe",
        "Roe, Jane",
        'Jane "JR" Roe',
        "Jürgen Groß",
        "李小龍",
        "محمد علي",
        "=?utf-8?q?Bcc?=",
        "O'Neil (x) <y>",
        "",
        "a\\b",
    ],
)
def test_names_come_back(name: str) -> None:
    to = parsed(message(to=Party(name, "jane@x.example")))["To"].addresses
    assert [(a.display_name, a.addr_spec) for a in to] == [(name, "jane@x.example")]


def test_a_long_name_of_another_script_comes_back_whole() -> None:
    to = email.message_from_bytes(message(to=Party("漢é" * 60, "jane@x.example")))["To"]
    assert str(make_header(decode_header(to))) == "漢é" * 60 + " <jane@x.example>"


@pytest.mark.parametrize("local", ['"jane roe"', '"a\\"b"', "o'neil+tag", '"a@b, c"'])
def test_odd_local_parts_stay_one_address(local: str) -> None:
    (found,) = getaddresses([email.message_from_bytes(message(to=Party("J", f"{local}@x.example")))["To"]])
    assert found == ("J", f"{local}@x.example")


@pytest.mark.parametrize(
    "subject", ["Coffee", "Kaffee in Köln", "=?utf-8?q?x?=", "word " * 60, "漢字 " * 40, "x" * 395]
)
def test_subjects_come_back(subject: str) -> None:
    assert str(parsed(message(subject=subject))["Subject"]) == subject.strip()


def test_international_domains_go_out_in_ascii() -> None:
    assert b"To: jane@xn--mller-kva.example" in message(to=Party("", "jane@müller.example"))


def test_digest_headers_say_a_program_wrote_it() -> None:
    found = parsed(message(headers=digest_headers(OWNER)))
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["X-Auto-Response-Suppress"] == "All"
    assert found["X-Career-Assistant"] == "digest"
    assert found["List-Id"] == "Career assistant <career-assistant.example.com>"
    assert found["Reply-To"].addresses[0].addr_spec == "priya@example.com"
    assert not {"Precedence", "List-Unsubscribe", "Bcc", "Sender"} & set(found.keys())


def test_transcripts_and_notices_are_marked_apart() -> None:
    assert parsed(message(headers=transcript_headers(OWNER)))["Auto-Submitted"] == "auto-replied"
    assert parsed(message(headers=transcript_headers(OWNER)))["X-Career-Assistant"] == "transcript"
    assert parsed(message(headers=notice_headers(OWNER)))["X-Career-Assistant"] == "notice"


def test_reply_to_keeps_a_name_of_another_script() -> None:
    found = parsed(message(headers=digest_headers(Party("Zoë Nuñez", "zoe@example.com"))))
    assert found["Reply-To"].addresses[0].display_name == "Zoë Nuñez"


def draft(**changes: Any) -> bytes:
    fields: dict[str, Any] = {
        "message_id": "d@example.com",
        "from_": OWNER,
        "to": JANE,
        "subject": "Re: Promo",
        "body": "Hi Jane,\n\nHow did <b>it</b> go?\nTell me.\n\nPriya\n",
        "date": AT,
        "in_reply_to": LONG,
    }
    return compose_draft(**(fields | changes))


def test_a_draft_is_marked_only_in_drafts() -> None:
    assert parsed(draft())["X-Career-Assistant"] == "draft"
    sent = draft(marked=False)
    assert set(parsed(sent).keys()) == {
        "Date", "Message-ID", "From", "To", "Subject", "In-Reply-To", "References", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert b"assistant" not in sent.lower()


def test_a_draft_in_html_is_its_paragraphs_escaped() -> None:
    html = body(draft(), "html")
    assert '<p dir="auto">How did &lt;b&gt;it&lt;/b&gt; go?<br>Tell me.</p>' in html
    assert html.count("<p ") == 3


def test_a_draft_without_a_known_address_has_no_to() -> None:
    assert "To" not in parsed(draft(to=None))


def test_the_same_input_gives_the_same_bytes() -> None:
    assert message() == message()


def test_the_date_keeps_the_offset() -> None:
    assert b"Date: Mon, 02 Mar 2026 08:00:00 +0100" in message()
    assert b"+0000" in message(date=datetime(2026, 3, 2, 8, tzinfo=UTC))


@given(st.text(), st.text(), st.text())
def test_whatever_comes_in_stays_where_it_was_put(name: str, subject: str, text: str) -> None:
    raw = message(to=Party(name, "j@x.example"), subject=subject, text=text, headers={"X-Note": subject})
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    found = parsed(raw)
    assert sorted(set(found.keys())) == [
        "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To", "X-Note",
    ]  # fmt: skip
    assert [a.addr_spec for a in found["To"].addresses] == ["j@x.example"]


def test_a_message_id_of_our_own_that_is_none_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="not a Message-ID"):
        message(message_id="no at sign")


def test_a_domain_that_has_no_ascii_form_is_a_plain_sentence() -> None:
    with pytest.raises(UserError, match="cannot be addressed"):
        message(to=Party("", "jane@" + "ü" * 80 + ".example"))
