"""The owner's own copies as servers and programs file them, on a real Dovecot: obeyed once, else the owner is told."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from assistant.core.language.phrases import catalogue
from assistant.rounds.replies.passed_over import SENTENCES, passed_over
from tests.corpus.replies import STYLES, Sent
from tests.owner.test_attacks import Box, fresh, life, tap_of
from tests.owner.test_end_to_end import MONDAY, OWNER, text_of
from tests.replying import NOW
from tests.replying import life as written_life

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.core.language.data_files import Language
    from tests.owner.test_end_to_end import Life

__all__ = ["life"]
WORK = "priya@work.example"


def on_top(*fields: str) -> Callable[[bytes], bytes]:
    return lambda raw: "".join(f"{field}\r\n" for field in fields).encode() + raw


def without(*names: str) -> Callable[[bytes], bytes]:
    return lambda raw: re.sub(rb"(?mi)^(?:%s): [^\r]*\r\n" % "|".join(names).encode(), b"", raw)


def dated(minutes: int) -> Callable[[bytes], bytes]:
    stamp = (MONDAY + timedelta(minutes=minutes)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    return lambda raw: re.sub(rb"(?m)^Date: [^\r]*", f"Date: {stamp}".encode(), raw)


RECEIVED = "Received: from [192.0.2.5] (host.example [192.0.2.5])\r\n        by smtp.example.com with ESMTPSA id x;"
SUBMITTED = (f"Return-Path: <{OWNER}>", f"{RECEIVED} Mon, 02 Mar 2026 01:00:00 -0800 (PST)")
EXCHANGE = "Authentication-Results: dkim=none (message not signed)\r\n header.d=none;dmarc=none action=none"
FORMS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "Gmail, from a phone": on_top(*SUBMITTED),
    "Exchange": on_top(f"{EXCHANGE} header.from=example.com;", "X-MS-Exchange-Organization-SCL: -1"),
    "no Message-ID": without("Message-ID"),
    "no In-Reply-To": without("In-Reply-To"),
    "no References": without("References"),
    "a copy to oneself": on_top(f"Cc: {OWNER}"),
    "a blind copy to one's other address": on_top(f'Bcc: "Raman, Priya" <{WORK}>'),
    "another Sender of one's own": on_top(f"Sender: Priya Raman <{WORK}>"),
    "a clock most of a day behind": dated(-20 * 60),
}


def wins(box: Box) -> list[str]:
    return sorted(row[2]["text"] for row in box.roster() if row[0] == "note" and row[2]["kind"] == "win")  # type: ignore[index]


def test_every_form_of_an_own_copy_is_obeyed_once(life: Life) -> None:
    box = Box(life)
    raws = [shape(STYLES["gmail-web"]((f"win: {name}",), box.mail, box.sent())) for name, shape in FORMS.items()]
    for raw in raws:
        box.put(raw)
    assert len(box.round(60)) == len(FORMS)
    assert wins(box) == sorted(FORMS)
    for raw in raws:
        box.put(raw)
    assert box.round() == []
    life.account.renumber("Sent")
    assert box.round() == []
    assert wins(box) == sorted(FORMS)
    assert box.to_others() == []


def test_two_replies_of_one_second_without_message_id_are_both_obeyed(life: Life) -> None:
    box = Box(life)
    sent = box.sent()
    told = []
    for text in ("win: one", "win: one", "win: two"):
        box.put(without("Message-ID")(STYLES["gmail-web"]((text,), box.mail, sent)))
        told += [len(box.round()), len(box.round())]
    assert told == [1, 0, 0, 0, 1, 0]
    assert wins(box) == ["one", "two"]


def test_an_answer_to_a_digest_whose_message_id_a_server_rewrote_is_obeyed(life: Life) -> None:
    assert life.sink
    life.sink.rewrite_message_id = True
    life.command(MONDAY + timedelta(weeks=1), "once")
    box = Box(life, minutes=7 * 24 * 60 + 5)
    assert "rewritten" in box.mail.message_id
    box.put(STYLES["gmail-web"](("send 1", "win: one"), box.mail, box.sent()))
    box.put(without("References")(STYLES["gmail-web"](("win: two",), box.mail, box.sent())))
    assert [line["outcome"] for one in box.round() for line in one["lines"]] == ["ok", "ok", "ok"]
    box.mail = box.mail_of(box.ours("transcript"))
    box.put(STYLES["gmail-web"](("win: three",), box.mail, box.sent()))
    box.round(15)
    assert wins(box) == ["one", "three", "two"]
    assert len(box.to_others()) == 1


PASSED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "not-owner": (
        "A reply came from priya@gmail.example. Yours? Add it to `addresses`.",
        lambda raw: re.sub(rb"(?m)^From: [^\r]*", b"From: Priya Raman <priya@gmail.example>", raw),
    ),
    "outside": ("looks delivered from outside", on_top("Delivered-To: priya@example.com")),
    "others": ("went to others too", on_top("Cc: boss@example.com")),
    "clock": ("Set the clock", dated(-25 * 60)),
    "no thread": ("which mail it answers", without("In-Reply-To", "References")),
    "automatic": ("automatic answer", on_top("Auto-Submitted: auto-replied")),
}


def test_what_was_not_obeyed_is_named_in_the_next_digest_and_by_the_doctor(life: Life) -> None:
    box = Box(life)
    for _words, shape in PASSED.values():
        box.put(shape(STYLES["gmail-web"](("win: x",), box.mail, box.sent())))
    assert box.round() == []
    (row,) = [row for row in _doctor(box, code=1) if row["check"] == "replies"]
    week = MONDAY + timedelta(weeks=1)
    life.command(week, "once")
    digest = " ".join(text_of(box.ours("digest")).split())
    for words, _shape in PASSED.values():
        assert words in row["hint"]
        assert words in digest
    life.command(week + timedelta(weeks=1), "once")
    assert "looks delivered" not in text_of(box.ours("digest")), "it is told once"
    later = Box(life, minutes=14 * 24 * 60)
    assert "replies" not in [one["check"] for one in _doctor(later, code=0) if not one["ok"]]
    assert later.to_others() == []


def _doctor(box: Box, code: int) -> list[dict[str, Any]]:
    return list(json.loads(box.life.command(box.at, "doctor", "--json", code=code)))


def test_mail_to_oneself_and_a_forward_are_no_attempt_at_an_order(life: Life) -> None:
    box = Box(life)
    box.forward()
    raw = STYLES["gmail-web"](("milk",), replace(box.mail, subject="Milk"), Sent(message_id="list@example.com"))
    box.put(re.sub(rb"(?m)^(In-Reply-To|References): [^\r]*\r\n", b"", raw))
    box.round()
    (row,) = [row for row in _doctor(box, code=0) if row["check"] == "replies"]
    assert "went to eve@rival.example too" in row["hint"]
    assert "not obeyed" not in row["hint"]


@pytest.mark.parametrize("field", ["Cc", "Bcc"])
def test_a_tap_that_went_to_others_too_is_told_and_mail_to_them_is_not(field: str, life: Life) -> None:
    """Some programs send a copy of everything to a customer database."""
    box = Box(life)
    copied = on_top(f"{field}: log@crm.example")
    box.put(copied(fresh(box, "Lunch at noon?", subject="Lunch")))
    box.put(copied(fresh(box, tap_of(box, "met 2"), subject="met 2")))
    assert box.round() == []
    (row,) = [row for row in _doctor(box, code=1) if row["check"] == "replies"]
    assert "went to others too" in row["hint"]
    assert "more like it" not in row["hint"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_reason_has_a_sentence_and_like_ones_are_told_together(language: Language) -> None:
    for kind in SENTENCES.values():
        assert f"passed.{kind}" in catalogue(language)
    owner = written_life()
    for day in range(3):
        owner.reply("win: x", date="no date", message_id=f"x{day}@example.com")
    (said,) = passed_over(owner.store, owner.config, NOW - timedelta(days=1), NOW, language)
    assert said.endswith({"en": "(2 more like it.)", "de": "(Noch 2 solche.)"}[language])
