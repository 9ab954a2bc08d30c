"""Whose mail it is, how an address may be spelled, and what a delivery report says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.core.mail.address_list import sole_sender
from assistant.core.mail.delivery_report import original_id, taken_at
from assistant.core.people.spellings import spellings_of
from tests.received.letters import TRAPS


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        ("From: Jane <Jane@x.example>", "jane@x.example"),
        ("From: jane@x.example (Jane)", "jane@x.example"),
        ("From: Jane.Doe+x@GoogleMail.com", "janedoe@gmail.com"),
        ("From: a@x.example, b@x.example", ""),
        ("From: a@x.example\nFrom: a@x.example", ""),
        ("From: nobody", ""),
        ("To: a@x.example", ""),
        *((f"From: {trap.replace('{}', 's')}", "") for trap in TRAPS),
    ],
)
def test_a_message_has_one_sender_or_none(header: str, sender: str) -> None:
    found = sole_sender(header.encode())
    assert found == sender or (not sender and found != "jane@x.example")


@pytest.mark.parametrize(
    ("address", "written", "names", "more"),
    [
        ("jane@x.example", ["Jane+cv@X.example", "june@x.example"], ["Jane Doe"], {"jane+cv@x.example"}),
        ("jane@x.example", ['"jane"@x.example'], [], set()),
        ("zoe@xn--bcher-kva.example", ["zoe@bücher.example"], [], {"zoe@bücher.example"}),
        ("zoe@gmail.com", [], [], {"zoe@googlemail.com"}),
        ("janedoe@gmail.com", [], ["Jane Doe"], {"jane.doe@gmail.com", "jane.doe@googlemail.com"}),
        ("janedoe@gmail.com", ["J.aneDoe@gmail.com"], [], {"j.anedoe@gmail.com", "j.anedoe@googlemail.com"}),
        ("jdoe87@gmail.com", [], ["Dr. Jane Doe"], {"j.doe87@gmail.com"}),
        ("doejane@gmail.com", [], ["Doe, Jane"], {"doe.jane@gmail.com"}),
        ("maryannsmith@gmail.com", [], ["Mary Ann Smith"], {"maryann.smith@gmail.com", "mary.ann.smith@gmail.com"}),
        ("joerghuber@gmail.com", [], ["Jörg Huber"], {"joerg.huber@gmail.com"}),
    ],
)
def test_an_address_is_searched_for_as_it_may_be_written(
    address: str, written: list[str], names: list[str], more: set[str]
) -> None:
    found = spellings_of(address, written, names)
    assert found[0] == address
    assert more <= set(found)
    if not address.endswith("gmail.com"):
        assert set(found) == {address} | more


REPORT = "Reporting-MTA: dns; mx.example\nArrival-Date: Mon, 2 Mar 2026 10:00:00 +0100\n\nAction: failed\n"


@pytest.mark.parametrize(
    ("text", "named", "taken"),
    [
        (REPORT, "", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        (REPORT.replace("\n", "\r\n"), "", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("\n\n" + REPORT.replace("Mon, 2 Mar", "some day"), "", None),
        ("X-Original-Message-ID: none\nOriginal-Message-ID: <a@x>\n", "a@x", None),
        ("Action: failed\n\nX-Original-Message-ID: <a@x>\nArrival-Date: Mon, 2 Mar 2026 10:00:00 +0100", "", None),
        ("", "", None),
    ],
)
def test_a_report_names_its_message(text: str, named: str, taken: datetime | None) -> None:
    assert (original_id(text), taken_at(text)) == (named, taken)
