"""The second door: answers in INBOX from another address of the owner, signed with keys made here."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable  # noqa: TC003 - an alias of a table
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import dkim
import pytest

from assistant.config import RepliesConfig
from assistant.core.replies.outside_mail import COVERED, Signed, is_aligned, passed, reason_to_doubt
from assistant.errors import UnreachableError
from assistant.mailbox.dkim import Signatures
from assistant.rounds.replies import process as round_of_replies
from assistant.store import digests, outbox, roster
from tests.corpus.replies import Sent, fastmail
from tests.fakes import BlowUp
from tests.replying import OWNER, Life, Said, life
from tests.stores import passed_over_reasons

if TYPE_CHECKING:
    from assistant.core.replies.transcript import Transcript

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="NOT TESTED: no openssl here to make keys")

WORK = "priya@work.example"
MX = "mx.example"
RESULTS = f"Authentication-Results: {MX}; spf=pass smtp.mailfrom=work.example; dkim=pass header.d=work.example"
HEADERS = (b"from", b"to", b"date", b"message-id", b"in-reply-to", b"subject")


@cache
def key(name: str = "work") -> tuple[bytes, bytes]:
    """Return a private key and the TXT record of its public half."""
    del name
    private = subprocess.run(["openssl", "genrsa", "-traditional", "1024"], check=True, capture_output=True).stdout
    public = subprocess.run(["openssl", "rsa", "-pubout"], input=private, check=True, capture_output=True).stdout
    return private, b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])


@dataclass
class Dns:
    """A DNS with the keys of two domains. With `down` it gives no answer at all."""

    down: bool = False

    def __call__(self, name: bytes) -> bytes | None:
        if self.down:
            raise UnreachableError("no answer")
        known = {b"s._domainkey.work.example.": key()[1], b"s._domainkey.evil.example.": key("evil")[1]}
        return known.get(name)


def sign(
    raw: bytes,
    *,
    domain: bytes = b"work.example",
    headers: tuple[bytes, ...] = HEADERS,
    length: bool = False,
    private: bytes | None = None,
) -> bytes:
    field = dkim.sign(
        raw,
        b"s",
        domain,
        private or key()[0],
        include_headers=list(headers),
        length=length,
        canonicalize=(b"relaxed",) * 2,
    )
    return bytes(field) + raw


def arrived(signed: bytes, *results: str) -> bytes:
    """Return a message as it is in INBOX, with the fields the owner's server put on top."""
    top = [
        "Return-Path: <priya@work.example>",
        *(results or (RESULTS,)),
        "Received: from a by b",
        "Received: from c by a",
    ]
    return "\r\n".join([*top, ""]).encode() + signed


def written(owner: Life, *lines: str, **fields: object) -> bytes:
    owner.numbers += 1
    sent = Sent(message_id=f"door-{owner.numbers}@work.example", date=owner.stamp(), sender=f"Priya <{WORK}>")
    return fastmail(lines, owner.mail, replace(sent, **fields))  # type: ignore[arg-type]


def opened() -> Life:
    owner = life()
    owner.config = replace(owner.config, replies=RepliesConfig((WORK,), MX))
    return owner


def process(owner: Life, txt: Callable[[bytes], bytes | None] | None = None) -> tuple[Transcript, ...]:
    round_ = replace(owner.round(), signatures=Signatures(txt or Dns()))
    return round_of_replies.process(round_, Said())


def received(owner: Life, raw: bytes) -> tuple[Transcript, ...]:
    owner.mailbox.put("INBOX", raw, owner.now)
    return process(owner)


def test_an_answer_that_proves_itself_is_obeyed_once_and_told_to_the_owner_alone() -> None:
    owner = opened()
    (told,) = received(owner, arrived(sign(written(owner, "2 done", "met Jane Roe yesterday"))))
    assert [line.outcome for line in told.lines] == ["ok", "ok"]
    entry = outbox.by_key(owner.store, f"transcript {told.id}")
    assert entry
    assert (entry.order.rcpt_to, entry.order.mail_from) == (OWNER, OWNER)
    assert process(owner) == ()


def test_send_and_drop_are_not_for_it_by_no_way() -> None:
    owner = opened()
    code = owner.do("drop Bob").lines[0].effect.partition("confirm ")[2][:6]
    lines = ("send 1", "drop Bob", f"confirm {code}", "1 send", "2 done")
    (told,) = received(owner, arrived(sign(written(owner, *lines))))
    assert [line.outcome for line in told.lines] == ["refused", "refused", "refused", "refused", "ok"]
    assert "main account" in told.lines[0].effect
    owner.mail = owner.answered_mail(told)
    owner.reply("drop Jane")
    assert {person.status for person in roster.load_roster(owner.store).people} == {"active"}
    assert not [entry for entry in outbox.open_entries(owner.store) if entry.order.kind == "send"]


def test_which_jane_to_drop_is_not_settled_by_it() -> None:
    owner = opened()
    told = owner.reply("drop Jane")[0]
    owner.mail = owner.answered_mail(told)
    (settled,) = received(owner, arrived(sign(written(owner, "jane-roe"))))
    assert settled.lines[0].outcome == "refused"
    assert owner.person("jane-roe").status == "active"


def test_shut_it_reads_nothing_of_the_inbox() -> None:
    owner = life()
    owner.mailbox.put("INBOX", arrived(sign(written(owner, "stop"))), owner.now)
    assert process(owner) == ()
    assert owner.process() == ()
    assert roster.settings(owner.store) == {}
    assert passed_over_reasons(owner.store) == {}
    assert round_of_replies.process(replace(owner.round(), mailbox=BlowUp()), Said()) == ()


def stop(owner: Life, *results: str, **fields: object) -> bytes:
    """Return a signed order to stop, with other results on top."""
    return arrived(sign(written(owner, "stop", **fields)), *results)


SAYS = f"Authentication-Results: {MX}; "
OF_WORK = "header.d=work.example"
REFUSED: dict[str, tuple[str, Callable[[Life], bytes]]] = {
    "no results": ("no-pass", lambda o: stop(o, "X-Nothing: 1")),
    "another server's word": ("no-pass", lambda o: stop(o, RESULTS.replace(MX, "mx.evil.example"))),
    "a server that only begins so": ("no-pass", lambda o: stop(o, RESULTS.replace(MX, f"{MX}.evil"))),
    "its own fail above a forged pass": (
        "no-pass",
        lambda o: stop(o, RESULTS.replace("dkim=pass", "dkim=fail"), RESULTS),
    ),
    "a pass of another domain": (
        "no-pass",
        lambda o: stop(o, RESULTS.replace("header.d=work", "header.d=evil")),
    ),
    "a pass in a comment": ("no-pass", lambda o: stop(o, f"{SAYS}dkim=fail (; dkim=pass {OF_WORK})")),
    "a pass in quotes": ("no-pass", lambda o: stop(o, f'{SAYS}dkim=fail reason="x; dkim=pass {OF_WORK}"')),
    "spf alone": ("no-pass", lambda o: stop(o, f"{SAYS}spf=pass smtp.mailfrom=work.example")),
    "dmarc fails": ("no-pass", lambda o: stop(o, f"{RESULTS}; dmarc=fail header.from=work.example")),
    "no signature": ("no-signature", lambda o: arrived(written(o, "stop"))),
    "a signature of another domain": (
        "no-signature",
        lambda o: arrived(sign(written(o, "stop"), domain=b"evil.example")),
    ),
    "another's key": ("no-signature", lambda o: arrived(sign(written(o, "stop"), private=key("evil")[0]))),
    "with a length": ("no-signature", lambda o: arrived(sign(written(o, "stop"), length=True))),
    "text changed": ("no-signature", lambda o: arrived(sign(written(o, "2 done")).replace(b"2 done", b"stop"))),
    "date changed": ("no-signature", lambda o: stop(o).replace(b"09:00:00", b"09:00:01")),
    "a key nobody knows": ("no-signature", lambda o: arrived(sign(written(o, "stop"), domain=b"else.work.example"))),
    "an away note": ("automatic", lambda o: stop(o, extra=("Auto-Submitted: auto-replied",))),
    "a copy to somebody": ("cc", lambda o: stop(o, extra=("Cc: x@evil.example",))),
    "to another": ("to", lambda o: stop(o, to="boss@work.example")),
    "two from": ("repeated-field", lambda o: b"From: x@evil.example\r\n" + arrived(sign(written(o, "stop")))),
    "older than the digest": ("too-old", lambda o: stop(o, date="Sun, 01 Mar 2026 06:59:00 +0000")),
}  # fmt: skip


@pytest.mark.parametrize("how", REFUSED)
def test_what_proves_too_little_is_passed_over(how: str) -> None:
    word, build = REFUSED[how]
    owner = opened()
    assert received(owner, build(owner)) == ()
    assert list(passed_over_reasons(owner.store).values())[-1:] in ([word], [])
    assert roster.settings(owner.store) == {}
    if how != "two from":
        assert list(passed_over_reasons(owner.store).values()) == [word]


@pytest.mark.parametrize("field", sorted(COVERED - {"from"}))
def test_every_field_an_order_rests_on_is_covered(field: str) -> None:
    owner = opened()
    headers = tuple(name for name in HEADERS if name != field.encode())
    assert received(owner, arrived(sign(written(owner, "stop"), headers=headers))) == ()
    assert list(passed_over_reasons(owner.store).values()) == ["no-signature"]


def test_addresses_it_was_not_opened_for_and_mail_without_a_token_are_nobodys_business() -> None:
    owner = opened()
    owner.mailbox.put("INBOX", arrived(written(owner, "stop", sender="x@evil.example")), owner.now)
    owner.mailbox.put("INBOX", arrived(written(owner, "stop", sender=f"Priya <{OWNER}>")), owner.now)
    owner.mail = replace(owner.mail, message_id="ordinary@example.com")
    owner.mailbox.put("INBOX", arrived(written(owner, "stop")), owner.now)
    assert process(owner) == ()
    assert passed_over_reasons(owner.store) == {}


def test_while_dns_is_down_the_answer_waits() -> None:
    owner = opened()
    owner.mailbox.put("INBOX", arrived(sign(written(owner, "2 done"))), owner.now)
    assert process(owner, Dns(down=True)) == ()
    assert passed_over_reasons(owner.store) == {}
    assert len(process(owner)) == 1


def test_the_same_answer_in_sent_and_in_the_inbox_has_one_effect() -> None:
    owner = opened()
    raw = arrived(sign(written(owner, "2 done")))
    owner.put(raw)
    owner.mailbox.put("INBOX", raw, owner.now)
    assert len(process(owner)) == 1
    assert len(roster.all_notes(owner.store, "met")) == 1


def test_mail_from_outside_in_sent_must_show_the_same() -> None:
    owner = opened()
    owner.put(arrived(written(owner, "stop")))
    owner.put(arrived(sign(written(owner, "send 1", "2 done"))))
    (told,) = process(owner)
    assert [line.outcome for line in told.lines] == ["refused", "ok"]
    assert passed_over_reasons(owner.store) == {"door-1@work.example": "no-signature"}


def test_twenty_a_day_hold_here_too() -> None:
    owner = opened()
    for number in range(22):
        owner.later(seconds=1)
        owner.mailbox.put("INBOX", arrived(sign(written(owner, f"note Bob: {number}"))), owner.now)
    assert len(process(owner)) == 20
    owner.later(days=1)
    assert len(process(owner)) == 2


def test_results_are_read_as_rfc_8601_has_them() -> None:
    def said(*fields: str) -> bool:
        return passed(fields, MX, "work.example")

    assert said(f"{MX} 1; dkim=pass (2048-bit key) header.d=work.example header.i=@work.example header.b=x")
    assert said(f'"{MX.upper()}"; DKIM = PASS header.i=@WORK.example')
    assert said(f"{MX};\r\n dmarc=pass (p=reject) header.from=work.example")
    assert said("other.example; dkim=fail header.d=work.example", f"{MX}; dkim=pass header.d=work.example")
    assert said(f"{MX}; dkim=fail header.d=work.example; dkim=pass header.d=work.example")
    assert not said(f"{MX}; none")
    assert not said(f"{MX}")
    assert not said("")
    assert not said(f"{MX}; dkim=pass header.d=work.example (")
    assert not said(f"x{MX}; dkim=pass header.d=work.example")
    assert not said(f"{MX} 2; dkim=pass header.d=work.example")
    assert not said(f"{MX}; dkim=passable header.d=work.example")
    assert not said(f"{MX}; x-dkim=pass header.d=work.example")
    assert not said(f"{MX}; dkim=pass header.d=notwork.example")
    assert not said(f"{MX}; dkim=pass")


def test_domains_are_aligned_within_their_registered_domain() -> None:
    assert is_aligned("work.example", "work.example")
    assert is_aligned("Work.Example.", "mail.work.example")
    assert not is_aligned("mail.work.example", "work.example")
    assert not is_aligned("co.uk", "work.co.uk")
    assert not is_aligned("example", "work.example")
    assert not is_aligned("", "")


def test_old_algorithms_do_not_count() -> None:
    signed = Signed("work.example", COVERED, "rsa-sha256", has_length=False)
    results = [RESULTS.partition(": ")[2]]
    assert reason_to_doubt(WORK, results, MX, [signed]) == ""
    assert reason_to_doubt(WORK, results, MX, [replace(signed, algorithm="rsa-sha1")]) == "no-signature"


def test_broken_signatures_hold_nothing_and_end_soon() -> None:
    checks = Signatures(Dns())
    owner = opened()
    raw = written(owner, "x")
    for field in (
        b"DKIM-Signature: v=1",
        b"DKIM-Signature: " + b"b= " * 5000,
        b"DKIM-Signature:\r\n" * 50,
        b"DKIM-Signature",
    ):
        assert checks.of(field + b"\r\n" + raw) == ()
    assert checks.of(b"") == ()
    (one,) = checks.of(sign(raw))
    assert (one.domain, one.covers >= COVERED, one.has_length) == ("work.example", True, False)


def test_a_quote_within_quotes_does_not_end_them() -> None:
    inside = r"x\"; dkim=pass header.d=work.example; y=\""
    assert not passed([f'{MX}; dkim=fail reason="{inside}"'], MX, "work.example")
    assert passed([rf'{MX}; dkim=pass reason="a \" b" header.d=work.example'], MX, "work.example")


def test_a_message_in_doubt_is_not_sent_again_by_it() -> None:
    owner = opened()
    order = outbox.Order("send 1", "send", "smtp", OWNER, "c@d.example", "m@x.example", b"x", 0)
    entry = outbox.queue(owner.store, order, 0)
    outbox.set_state(owner.store, entry, "doubt", 0)
    digests.ensure_question(owner.store, f"doubt {entry}", {"outbox": entry, "to": "c@d.example"})
    digests.add_items(owner.store, 1, [("Q5", "question", None, None, {"key": f"doubt {entry}"})])
    (told,) = received(owner, arrived(sign(written(owner, "Q5 yes"))))
    assert told.lines[0].outcome == "refused"
    assert "main account" in told.lines[0].effect
    assert outbox.entry(owner.store, entry).state == "doubt"
    assert owner.one("Q5 yes")[0] == "ok", "the question is open still"
