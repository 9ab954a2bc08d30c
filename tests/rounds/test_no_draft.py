"""What a digest says of somebody the owner writes to in a language without phrases: the brief, and no draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.core.digest.week import current
from assistant.rounds.digest import build
from assistant.store import digests
from assistant.writer.offline.writer import OfflineWriter
from tests.replying import NOW, OWNER, Life

if TYPE_CHECKING:
    from assistant.rounds.digest.result import Built

ITALIAN = "Cara Jane,\r\n\r\nnon so come dirti grazie per il libro che ci hai dato. Lo leggo con la mia squadra."
ENGLISH = "Hi Bob,\r\n\r\nthis is the plan for the spring, and I would like to hear what you think of it."
NO_DRAFT = "No draft this time: you two write in a language I have no sentences in."


def digest_of_two() -> tuple[Life, Built]:
    """The digest of an owner who writes to Jane in Italian, and to Bob in English."""
    life = Life()
    life.now = NOW - timedelta(days=300)
    people = (("Jane Roe", "jane@example.com", ITALIAN), ("Bob Li", "bob@other.example", ENGLISH))
    for name, address, _ in people:
        assert life.one(f"add {name} <{address}> as mentor")[0] == "ok"
    life.now = NOW
    at = NOW - timedelta(days=200)
    for name, address, body in people:
        header = f"From: Priya <{OWNER}>\r\nTo: {address}\r\nSubject: Libro\r\nMessage-ID: <{name[0]}@example.com>\r\n"
        life.put(f"{header}Date: {at:%a, %d %b %Y %H:%M:%S +0100}\r\n\r\n{body}\r\n".encode(), at)
    round_ = replace(life.round(), writer=OfflineWriter())
    return life, build.build(round_, current(round_.now, round_.slot))


def test_the_card_says_so_and_has_the_brief() -> None:
    _, built = digest_of_two()
    cards = {item.handle: item for item in built.digest.due}
    assert cards["jane-roe"].words.sentences == ()
    assert cards["jane-roe"].words.brief
    assert cards["bob-li"].words.sentences
    for part in (built.rendered.text, built.rendered.html):
        assert " ".join(part.split()).count(NO_DRAFT) == 1
    assert "16 August 2025: “Libro”" in " ".join(built.rendered.text.split())


def test_nothing_is_put_into_drafts_and_nothing_can_be_sent() -> None:
    life, built = digest_of_two()
    cards = {item.handle: item for item in built.digest.due}
    assert (cards["jane-roe"].in_drafts, cards["bob-li"].in_drafts) == (False, True)
    queued = {row[0] for row in life.store.connection.execute("SELECT rcpt_to FROM outbox WHERE kind = 'draft'")}
    assert queued == {"bob@other.example"}
    stored = digests.load_draft(life.store, built.digest.due.index(cards["jane-roe"]) + 1)
    assert stored.new.address is None
    assert "send" not in {tap.label.casefold() for tap in cards["jane-roe"].taps}
