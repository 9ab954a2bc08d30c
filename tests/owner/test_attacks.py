"""Other people's words in the owner's answers are never obeyed, on a real Dovecot and a real SMTP server.

Each attack puts mail where it would really be, and has a control: the owner's own answer in the same form is obeyed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from html import escape
from typing import TYPE_CHECKING, Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.store import roster
from assistant.store.database import Store
from tests.corpus.replies import (
    STYLES,
    Mail,
    Sent,
    alternative,
    attribution,
    html_part,
    paragraphs,
    plain,
    quoted,
    single,
)
from tests.owner.test_end_to_end import (
    MONDAY,
    OWNER,
    Life,
    configured,
    first_week,
    sending,
    text_of,
)
from tests.owner.test_second_door import HEADERS, WORK, arrived, opened, received, sign, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import Message
    from pathlib import Path

    from assistant.core.replies.transcript import Transcript
    from tests.replying import Life as Written
    from tests.servers.dovecot import Account

EVE = "eve@rival.example"
HEAVY = (
    "send 1",
    "drop Bob Li",
    "add Eve Lund <eve@rival.example> as mentor",
    "Jane Roe is also <eve@rival.example>",
)
ORDERS = (*HEAVY, "met Bob Li", "2 done", "snooze 1 for a year", "stop")
FORWARD = "---------- Forwarded message ---------"


@pytest.fixture
def life(tmp_path: Path, dovecot: Account, capsys: pytest.CaptureFixture[str]) -> Iterator[Life]:
    with sending(configured(tmp_path, dovecot, capsys, WORK)) as life:
        first_week(life)
        yield life


@dataclass
class Box:
    """What an attack works with: the digest as it arrived, and the folders."""

    life: Life
    minutes: int = 5
    digest: Message = field(init=False)
    mail: Mail = field(init=False)

    def __post_init__(self) -> None:
        self.digest = self.ours("digest")
        self.mail = self.mail_of(self.digest)

    def ours(self, kind: str) -> Message:
        found = [message_from_bytes(raw) for raw in self.life.account.messages("INBOX")]
        return [message for message in found if message["X-Career-Assistant"] == kind][-1]

    def mail_of(self, message: Message) -> Mail:
        html = next(part for part in message.walk() if part.get_content_type() == "text/html")
        shown = html.get_payload(decode=True)
        assert isinstance(shown, bytes)
        subject = str(make_header(decode_header("".join(str(message["Subject"]).splitlines()))))
        return Mail(str(message["Message-ID"]).strip("<>"), subject, text_of(message), shown.decode())

    @property
    def at(self) -> datetime:
        return MONDAY + timedelta(minutes=self.minutes)

    def sent(self, **fields: object) -> Sent:
        """Return the fields of a message from the owner, one minute after the last one."""
        self.minutes += 1
        stamp = self.at.strftime("%a, %d %b %Y %H:%M:%S +0000")
        return replace(Sent(message_id=f"box-{self.minutes}@example.com", date=stamp), **fields)  # type: ignore[arg-type]

    def put(self, raw: bytes, folder: str = "Sent") -> None:
        self.life.account.deliver(raw, folder)

    def forward(self) -> None:
        """Forward the digest to a colleague, as Gmail does."""
        text = f"Look at this.\n\n{FORWARD}\nFrom: Career assistant <{OWNER}>\n\n{self.mail.text}"
        self.put(single(self.mail, self.sent(to=f"Eve Lund <{EVE}>"), plain(text)))

    def round(self, minutes: int = 1) -> list[dict[str, Any]]:
        self.minutes += minutes
        return list(self.life.json(self.at, "once")["replies"])

    def roster(self) -> list[object]:
        """Return people, addresses, notes and settings, which a question doesn't change."""
        with Store(self.life.folder / "home") as store:
            rows = [json.loads(line) for line in roster.snapshot(store).splitlines()]
        return [row for row in rows if row[0] != "question"]

    def to_others(self) -> list[tuple[str, ...]]:
        assert self.life.sink
        return [taken.rcpt_to for taken in self.life.sink.taken if taken.rcpt_to != (OWNER,)]


def from_eve(box: Box, where: str, message_id: str = "eve-1@rival.example") -> Mail:
    """Return the colleague's mail, with her orders below her own words or between the lines of the digest."""
    lines = box.mail.text.split("\n")
    if where == "between":
        cut = len(lines) // (len(ORDERS) + 1)
        pieces = [lines[number * cut : (number + 1) * cut] for number in range(len(ORDERS))]
        text = "\n".join(line for piece, order in zip(pieces, ORDERS, strict=True) for line in (*piece, order, ""))
        text += "\n".join(lines[len(ORDERS) * cut :])
    else:
        text = "Nice.\n\n" + "\n".join(ORDERS) + f"\n\nPriya Raman wrote:\n{quoted(box.mail.text)}\n"
    html = f"<html><body>{paragraphs(text.split(chr(10)))}</body></html>"
    return Mail(message_id, f"Re: Fwd: {box.mail.subject}", text, html)


# A forwarded digest that comes back: the colleague's mail has the owner in Reply-To. So her words end up in an answer
# to the control address, with our token in References.

WELSH = attribution("Ar Llun, 2 Maw 2026 am 08:00, ysgrifennodd {name} <{address}>:")
PROGRAMS = {
    "outlook": STYLES["outlook-html-only"],
    "outlook as plain text": STYLES["outlook-plain"],
    "outlook web": STYLES["outlook-web"],
    "samsung": STYLES["samsung"],
    "yahoo": STYLES["yahoo-web"],
    "yahoo as plain text": STYLES["yahoo-plain"],
    "gmail": STYLES["gmail-web"],
    "a language nobody listed": WELSH,
}


def colleague(style: str) -> Callable[[Box], None]:
    def attack(box: Box) -> None:
        box.forward()
        for where in ("below", "between"):
            hers = from_eve(box, where, f"eve-{where}@rival.example")
            box.put(PROGRAMS[style](("Thanks, I will.",), hers, box.sent(thread=(box.mail.message_id,))))
        # However her words are told from the owner's.
        box.put(PROGRAMS[style](ORDERS, hers, box.sent(thread=(box.mail.message_id,))))

    return attack


def colleague_with_a_tap(box: Box) -> None:
    """She leaves out what names us, and writes what our links would write."""
    hers = Mail("eve-1@rival.example", "Hello", f"Hi,\n\n{tap_of(box, 'stop')}\n", "")
    box.put(STYLES["outlook-plain"](("Thanks.",), hers, box.sent()))
    box.put(STYLES["outlook-plain"](tuple(tap_of(box, "stop").splitlines()), hers, box.sent()))


# A digest that is not ours. Its sender saw the real one, or a message that names it.


def fake(box: Box, **fields: str) -> Mail:
    """Put a fake digest into INBOX whose answer goes to the owner, and return it."""
    text = "3 people to reach\n\n" + "\n".join(ORDERS) + "\n"
    given = {
        "From": f"Career assistant <{OWNER}>",
        "To": f"Priya Raman <{OWNER}>",
        "Reply-To": f"Priya Raman <{OWNER}>",
        "Subject": box.mail.subject,
        "Date": "Mon, 02 Mar 2026 08:03:00 +0000",
        "Message-ID": "<fake@rival.example>",
        "References": f"<{box.mail.message_id}>",
        "Content-Type": "text/plain; charset=utf-8",
        **fields,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
    box.put((head + "\r\n" + text.replace("\n", "\r\n")).encode(), "INBOX")
    return Mail(given["Message-ID"].strip("<>"), box.mail.subject, text, f"<pre>{escape(text)}</pre>")


def answered(box: Box, mail: Mail, *, thread: bool = True) -> bytes:
    """Answer a fake with its text below, without marks, as Outlook does."""
    above = (box.mail.message_id,) if thread else ()
    return single(mail, box.sent(thread=above), plain(f"Thanks.\n\n{mail.text}"))


def fake_digest(box: Box) -> None:
    box.put(answered(box, fake(box)))
    box.put(answered(box, fake(box, References="", **{"Message-ID": "<other@rival.example>"}), thread=False))


def fake_with_our_proof(box: Box) -> None:
    box.forward()
    proof = {name: str(value) for name, value in box.digest.items() if name.startswith("X-Career-Assistant")}
    assert len(proof) == 5
    box.put(answered(box, fake(box, **proof)))
    box.put(answered(box, fake(box, References="", **proof), thread=False))


def fake_with_our_message_id(box: Box) -> None:
    box.forward()
    box.put(answered(box, fake(box, **{"Message-ID": f"<{box.mail.message_id}>"}), thread=False))


def fake_with_our_token(box: Box) -> None:
    box.forward()
    token = box.mail.message_id.partition(".")[0]
    for kind in ("digest", "transcript", "thread", "notice"):
        box.put(answered(box, fake(box, **{"Message-ID": f"<{token}.{kind}@rival.example>"}), thread=False))
    box.put(answered(box, fake(box, **{"Message-ID": f"<{token}.thread@example.com>"}), thread=False))


def fake_without_message_id(box: Box) -> None:
    """A program that answers it has nothing for In-Reply-To, and passes its References on."""
    box.forward()
    raw = answered(box, fake(box, **{"Message-ID": ""}), thread=False)
    raw = re.sub(rb"In-Reply-To: [^\r]*\r\n", b"", raw)
    box.put(re.sub(rb"References: [^\r]*", f"References: <{box.mail.message_id}>".encode(), raw))


def fake_with_two_message_ids(box: Box) -> None:
    raw = answered(box, fake(box, **{"Message-ID": f"<fake@rival.example> <{box.mail.message_id}>"}))
    both = f"<{box.mail.message_id}> <fake@rival.example>"
    box.put(re.sub(rb"(In-Reply-To|References): [^\r]*", rb"\1: " + both.encode(), raw))


def fake_whose_message_id_holds_ours(box: Box) -> None:
    """A program copies it as it is, and a careless search for an id in it finds ours."""
    box.forward()
    ours = f"<{box.mail.message_id}>"
    for hers in (f'<"{ours}"@rival.example>', f"<eve@[{ours}]>", f"{EVE} {ours}", f'"{ours}"@rival.example'):
        raw = answered(box, fake(box, **{"Message-ID": hers}))
        box.put(re.sub(rb"(In-Reply-To|References): [^\r]*", rb"\1: " + hers.encode(), raw))


# Links: whoever knows the digest's Message-ID, or saw its taps, writes one for the owner to click.


def fresh(box: Box, body: str, *, subject: str = "Hello", answers: str = "") -> bytes:
    sent = box.sent()
    fields = [
        f"From: {sent.sender}",
        f"To: {sent.to}",
        f"Subject: {subject}",
        f"Date: {sent.date}",
        f"Message-ID: <{sent.message_id}>",
        *([f"In-Reply-To: <{answers}>"] if answers else []),
        "Content-Type: text/plain; charset=utf-8",
    ]
    return "\r\n".join([*fields, "", *body.split("\n"), ""]).encode()


def link_with_in_reply_to(box: Box) -> None:
    for order in ORDERS:
        box.put(fresh(box, order, answers=box.mail.message_id))


def link_with_in_reply_to_and_our_subject(box: Box) -> None:
    box.forward()
    for order in HEAVY:
        box.put(fresh(box, order, subject=f"Re: {box.mail.subject}", answers=box.mail.message_id))


def tap_of(box: Box, order: str) -> str:
    """Return the body of the message that the digest's link for an order opens."""
    from urllib.parse import parse_qs, urlsplit

    links = re.findall(r'href="(mailto:[^"]+)"', box.mail.html)
    bodies = [parse_qs(urlsplit(link.replace("&amp;", "&")).query)["body"][0] for link in links]
    return str(next(body for body in bodies if body.startswith(order)))


def tap_out_of_a_forwarded_digest(box: Box) -> None:
    box.forward()
    box.put(fresh(box, tap_of(box, "stop"), subject="stop"))
    sheet = tap_of(box, "1 ")
    box.put(fresh(box, re.sub(r"^(1 \w+: )", r"\1send", sheet), subject="answers"))


def tap_out_of_a_digest_pasted_into_another_mail(box: Box) -> None:
    """Some programs forward with nothing about it in the header but the subject."""
    sent = box.sent(to=EVE)
    pasted = fresh(box, box.mail.text, subject=f"WG: {box.mail.subject}")
    box.put(pasted.replace(b"To: Priya Raman <priya@example.com>", f"To: {sent.to}".encode()))
    box.put(fresh(box, tap_of(box, "stop"), subject="stop"))


# Somebody who is not the owner.


def impostor(sender: str) -> Callable[[Box], None]:
    def attack(box: Box) -> None:
        box.put(STYLES["gmail-web"](ORDERS, box.mail, box.sent(sender=sender)))

    return attack


# Our own words, come out of their hiding place.


def flattened(mail: Mail) -> str:
    """Return every word of the HTML, hidden or not, as careless programs write it."""
    tree = LexborHTMLParser(mail.html)
    assert tree.body
    return tree.body.text(separator="\n")


def hidden_text_of_the_digest(box: Box) -> None:
    for text in (flattened(box.mail), " ".join(flattened(box.mail).split())[:900]):
        box.put(single(box.mail, box.sent(), plain(text)))
        box.put(single(box.mail, box.sent(), plain(quoted(text))))


def hidden_text_of_the_transcript(box: Box) -> None:
    box.put(STYLES["gmail-web"](("1 skip", "sned 1", "drop Bob Li", "2 done"), box.mail, box.sent()))
    assert box.round()
    told = box.mail_of(box.ours("transcript"))
    for text in (flattened(told), told.text, quoted(flattened(told))):
        box.put(single(told, box.sent(), plain(text)))


# Who else may have read it.


def a_forward_found_after_the_order(box: Box) -> None:
    """Both are in Sent when the round begins, the order first."""
    box.put(STYLES["gmail-web"](HEAVY, box.mail, box.sent()))
    box.forward()


def an_answer_with_a_copy(box: Box) -> None:
    box.put(STYLES["gmail-web"](ORDERS, box.mail, box.sent(extra=(f"Cc: {EVE}",))))
    box.put(STYLES["gmail-web"](HEAVY, box.mail, box.sent()))


def an_answer_to_a_colleague(box: Box) -> None:
    """She got the digest some other way, and only the owner's answer to her shows it."""
    hers = replace(from_eve(box, "below"), subject="Lunch")
    box.put(STYLES["gmail-web"](("No.",), hers, box.sent(to=EVE, thread=(box.mail.message_id,))))
    box.put(STYLES["gmail-web"](HEAVY, box.mail, box.sent()))
    box.put(fresh(box, tap_of(box, "stop"), subject="stop"))


def a_redirected_digest(box: Box) -> None:
    raw = fresh(box, box.mail.text).replace(b"From: Priya", f"Resent-To: {EVE}\r\nFrom: Priya".encode(), 1)
    box.put(re.sub(rb"Message-ID: [^\r]*", f"Message-ID: <{box.mail.message_id}>".encode(), raw))
    box.put(STYLES["gmail-web"](HEAVY, box.mail, box.sent()))


def as_before(box: Box) -> list[bytes]:
    return [STYLES["gmail-web"](("met Jane Roe", "2 done"), box.mail, box.sent())]


def same_program(style: str) -> Callable[[Box], list[bytes]]:
    return lambda box: [PROGRAMS[style](("met Jane Roe", "2 done"), box.mail, box.sent())]


def own_tap(box: Box) -> list[bytes]:
    return [fresh(box, tap_of(box, "met 2"), subject="met 2")]


def another_address_of_the_owner(box: Box) -> list[bytes]:
    return [STYLES["gmail-web"](("2 done",), box.mail, box.sent(sender=f"Priya Raman <{WORK}>"))]


ATTACKS: dict[str, tuple[Callable[[Box], None], Callable[[Box], list[bytes]]]] = {
    **{f"a colleague, {style}": (colleague(style), same_program(style)) for style in PROGRAMS},
    "a colleague with a tap": (colleague_with_a_tap, own_tap),
    "a fake digest": (fake_digest, as_before),
    "a fake digest with our proof": (fake_with_our_proof, as_before),
    "a fake digest with our Message-ID": (fake_with_our_message_id, as_before),
    "a fake digest with our token": (fake_with_our_token, as_before),
    "a fake digest without Message-ID": (fake_without_message_id, as_before),
    "a fake digest with two Message-IDs": (fake_with_two_message_ids, as_before),
    "a fake digest whose Message-ID holds ours": (fake_whose_message_id_holds_ours, as_before),
    "a link with In-Reply-To": (link_with_in_reply_to, own_tap),
    "a link with In-Reply-To and our subject": (link_with_in_reply_to_and_our_subject, own_tap),
    "a tap of a forwarded digest": (tap_out_of_a_forwarded_digest, own_tap),
    "a tap of a pasted digest": (tap_out_of_a_digest_pasted_into_another_mail, own_tap),
    "an impostor by name": (impostor(f"Priya Raman <{EVE}>"), another_address_of_the_owner),
    "an impostor by subdomain": (impostor(f"<{OWNER}.rival.example>"), another_address_of_the_owner),
    "an impostor by an address as name": (impostor(f'"{OWNER}" <{EVE}>'), another_address_of_the_owner),
    "an impostor by Cyrillic letters": (impostor("Priya Raman <priya@ex\u0430mple.com>"), another_address_of_the_owner),
    "an impostor in punycode": (impostor("Priya Raman <priya@xn--exmple-4nf.com>"), another_address_of_the_owner),
    "hidden text of the digest": (hidden_text_of_the_digest, as_before),
    "hidden text of the transcript": (hidden_text_of_the_transcript, as_before),
    "a forward found after the order": (a_forward_found_after_the_order, as_before),
    "an answer with a copy": (an_answer_with_a_copy, as_before),
    "an answer to a colleague": (an_answer_to_a_colleague, as_before),
    "a digest sent on": (a_redirected_digest, as_before),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_does_nothing_and_its_control_is_obeyed(name: str, life: Life) -> None:
    attack, control = ATTACKS[name]
    box = Box(life)
    if name == "hidden text of the transcript":
        attack(box)
        before = box.roster()
    else:
        before = box.roster()
        attack(box)
    for _ in range(3):
        box.round(12)
    assert box.to_others() == []
    assert box.roster() == before
    for raw in control(box):
        box.put(raw)
    assert [line["outcome"] for one in box.round() for line in one["lines"]] in (["ok"], ["ok", "ok"])
    assert box.roster() != before
    assert box.to_others() == []


@pytest.mark.parametrize("order", HEAVY)
def test_what_others_have_too_asks_for_a_code_and_does_it_once_it_is_confirmed(order: str, life: Life) -> None:
    box = Box(life)
    box.forward()
    box.put(STYLES["gmail-web"]((order, "2 done"), box.mail, box.sent()))
    (told,) = box.round()
    lines = told["lines"]
    assert [line["outcome"] for line in lines] == ["ask", "ok"]
    before = box.roster()
    code = re.search(r"confirm ([A-Z2-9]{6})", lines[0]["effect"])
    assert code
    digest, box.mail = box.mail, box.mail_of(box.ours("transcript"))
    for _ in range(2):
        box.put(STYLES["gmail-web"]((f"confirm {code[1]}",), box.mail, box.sent()))
        box.round()
        box.round(20)
    assert len(box.to_others()) == (order == "send 1")
    assert (box.roster() == before) == (order == "send 1")
    box.mail = digest
    assert "went to eve@rival.example too" in " ".join(row["hint"] for row in life.json(box.at, "doctor"))


# The second door. What its signature does not cover is anybody's.


def door_token_in_references(owner: Written) -> bytes:
    mail = owner.mail
    owner.mail = replace(mail, message_id="eve-1@rival.example")
    raw = written(owner, "stop", "2 done", thread=(mail.message_id,))
    owner.mail = mail
    return raw


def door_with_references_alone(owner: Written) -> bytes:
    return re.sub(rb"In-Reply-To: [^\r]*\r\n", b"", written(owner, "stop", "2 done"))


def door_multipart_read_as_text(owner: Written) -> bytes:
    text = plain("Thanks.\n")
    sent = Sent(message_id="door-x@work.example", date=owner.stamp(), sender=f"Priya <{WORK}>")
    return alternative(owner.mail, sent, text, html_part("<p>stop</p>"))


def door_text_read_as_multipart(owner: Written) -> bytes:
    return written(owner, "Thanks.", "", "--eve", "Content-Type: text/plain", "", "stop", "--eve--")


def test_the_second_door_takes_the_token_from_in_reply_to_alone() -> None:
    for attack in (door_token_in_references, door_with_references_alone):
        owner = opened()
        before = roster.snapshot(owner.store)
        headers = (b"from", b"to", b"date", b"message-id", b"in-reply-to", b"references", b"subject")
        assert received(owner, arrived(sign(attack(owner), headers=headers))) == ()
        assert roster.snapshot(owner.store) == before
        assert outcomes(received(owner, arrived(sign(written(owner, "2 done"))))) == [["ok"]]


CHANGED = {
    "multipart read as text": (door_multipart_read_as_text, b"text/plain"),
    "multipart read as HTML": (door_multipart_read_as_text, b"text/html"),
    "text read as multipart": (door_text_read_as_multipart, b"multipart/mixed; boundary=eve"),
    "another boundary": (door_multipart_read_as_text, b"multipart/mixed; boundary=eve"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_the_second_door_refuses_a_content_type_that_does_not_fit_the_body(name: str) -> None:
    build, kind = CHANGED[name]
    owner = opened()
    before = roster.snapshot(owner.store)
    changed = re.sub(rb"Content-Type: [^\r]*", b"Content-Type: " + kind, sign(build(owner)), count=1)
    assert received(owner, arrived(changed)) == ()
    assert roster.snapshot(owner.store) == before
    encoded = single(owner.mail, work_sent(owner), plain("1 skip\n", encoding="base64"))
    for raw in (written(owner, "2 done"), STYLES["gmail-web"](("3 done",), owner.mail, work_sent(owner)), encoded):
        assert outcomes(received(owner, arrived(sign(raw)))) == [["ok"]]


LONG = "note Bob Li: he tells me at length what he would like us to"
GOES_ON: dict[str, tuple[str, str, tuple[bytes, bytes]]] = {
    "quoted-printable read as it is": (f"{LONG} =\nstop\n", "", (b"quoted-printable", b"8bit")),
    "flowed read as fixed": (f"{LONG} \nstop\n", "; format=flowed", (b"; format=flowed", b"")),
    "HTML read as plain": (f"<p>{LONG}\nstop\n</p>", "", (b"text/html", b"text/plain")),
}


@pytest.mark.parametrize("how", GOES_ON)
def test_the_second_door_refuses_fields_that_end_a_line_which_went_on(how: str) -> None:
    text, params, (was, now) = GOES_ON[how]
    owner = opened()
    kind = "html" if was == b"text/html" else "plain"
    encoding = was.decode() if b"printable" in was else "8bit"
    fields = f"Content-Type: text/{kind}; charset=utf-8{params}\r\nContent-Transfer-Encoding: {encoding}"
    covered = (*HEADERS, b"content-type") if was == b"quoted-printable" else HEADERS
    raw = sign(single(owner.mail, work_sent(owner), (fields, text.replace("\n", "\r\n").encode())), headers=covered)
    changed = raw.replace(was, now, 1)
    assert changed != raw
    received(owner, arrived(changed))
    assert roster.settings(owner.store) == {}
    again = sign(single(owner.mail, work_sent(owner), (fields, text.replace("\n", "\r\n").encode())))
    assert len(received(owner, arrived(again))) == 1


def work_sent(owner: Written) -> Sent:
    owner.numbers += 1
    return Sent(message_id=f"door-{owner.numbers}@work.example", date=owner.stamp(), sender=f"Priya <{WORK}>")


def test_a_code_said_at_the_second_door_does_nothing_and_still_holds() -> None:
    owner = opened()
    told = owner.reply("drop Bob Li")[0]
    code = told.lines[0].effect.partition("confirm ")[2][:6]
    owner.mail = owner.answered_mail(told)
    assert outcomes(received(owner, arrived(sign(written(owner, f"confirm {code}"))))) == [["refused"]]
    assert owner.person("bob-li").status == "active"
    owner.later(minutes=1)
    assert owner.reply(f"confirm {code}")[0].lines[0].outcome == "ok"
    assert owner.person("bob-li").status == "dropped"


def outcomes(told: tuple[Transcript, ...]) -> list[list[str]]:
    return [[line.outcome for line in one.lines] for one in told]
