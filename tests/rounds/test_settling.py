"""The same mailbox gives the same rows, read at once or bit by bit, forwards or backwards, or cut off anywhere."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from assistant.rounds.scan.run import recheck, scan_sent_mail
from assistant.store import database, facts
from tests.rounds.test_scan import DSN, add, mail
from tests.scanning import NOW, ListMailbox, make_config, make_round
from tests.stores import memory_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.core.mail.message import Header
    from assistant.store.database import Store

INDEXES = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1"


@pytest.fixture
def store() -> Iterator[Store]:
    with memory_store() as opened:
        yield opened


def mailbox(seed: int) -> list[Header]:
    """Return a mailbox full of copies, merges, lists, desks and messages of uncommon shapes."""
    dice = random.Random(seed)  # noqa: S311 - a game, no secret
    found = []
    for number in range(60):
        to = ", ".join(dice.choice((
            "Jane Doe <jane@x.example>", "j.doe@y.example", '"Roe, Max" <max@x.example>', "choir@x.example",
            "info@x.example", f"guest{number}@z.example", "Zoë <zoe@z.example>",
        )) for _ in range(dice.choice((1, 1, 1, 2, 5))))  # fmt: skip
        text = f"To: {to}\nSubject: {dice.choice(('Hello', 'hello', 'Re: plan', 'Fwd: plan', 'Minutes'))}\n"
        text += dice.choice(("", "", "", "Cc: jane@x.example\n", "In-Reply-To: <a@b>\n", "Auto-Submitted: no\n"))
        text += dice.choice(("",) * 9 + ("List-Post: <mailto:choir@x.example>\n",))
        found.append(text)
    found += [DSN.format(number=number, action="failed") for number in (3, 7)]
    merge = [f"To: guest{n}@z.example\nSubject: Season's greetings\n" for n in range(9)]
    return [_copy(mail(n, text), n, dice.random() < 0.2) for n, text in enumerate([*found, *merge], 1)]


def _copy(header: Header, number: int, again: bool) -> Header:  # noqa: FBT001
    """Return the header; with `again`, under a Message-ID that other messages have too."""
    text = header.header.replace(b"<m%d@" % number, b"<again%d@" % (number % 4)) if again else header.header
    return header._replace(header=text)


def kept(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Return everything the scan found, without the keys of rows."""
    queries = {
        "rows": "SELECT m.uid, r.address, r.name, field, verdict, weight, reason, at, if_known"
        " FROM recipient r JOIN message m ON m.id = r.message",
        "messages": "SELECT uid, message_id, short, sent_at, subject, facts, alike FROM message",
        "names": "SELECT address, name, times FROM address WHERE times > 0",
        "tally": "SELECT * FROM tally WHERE rows != 0",
        "lists": "SELECT * FROM list_address",
        "belongs": "SELECT address, person, lane FROM belongs",
        "questions": "SELECT key, payload FROM question",
        "indexes": INDEXES,
    }
    return {name: sorted(store.connection.execute(query).fetchall(), key=repr) for name, query in queries.items()}


def scanned_in(parts: Sequence[Sequence[Header]], size: int = 5_000, *, whole: bool = False) -> Store:
    """Scan the parts one after the other into a new store. With `whole`, all links are decided again each time."""
    store = memory_store()
    add(store, "jane-doe", "Jane Doe", "jane@x.example")
    add(store, "max-roe", "Max Roe", "m@y.example")
    for part in parts:
        if whole:
            facts.set_fact(store, "linked", "")
        scan_sent_mail(make_round(store, _Any(part, size=size)))
    return store


class _Any(ListMailbox):
    """Yields all its headers, no matter what was read before."""

    def stream(self, folder: str, cursor: object, seen: object, since: object) -> Iterator[object]:  # type: ignore[override]
        del cursor
        yield from super().stream(folder, None, seen, since)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(4))
def test_in_one_go_bit_by_bit_and_backwards(seed: int) -> None:
    headers = mailbox(seed)
    at_once = kept(scanned_in([headers]))
    assert kept(scanned_in([headers], size=7)) == at_once
    for parts in (
        [headers[:20], headers[20:41], headers[41:]],
        [headers[40:], headers[:40]],
        [[one] for one in headers],
    ):
        bit_by_bit = kept(scanned_in(parts))
        assert {k: v for k, v in bit_by_bit.items() if k != "belongs"} == {
            k: v for k, v in at_once.items() if k != "belongs"
        }


@pytest.mark.parametrize("seed", range(3))
def test_links_of_the_newcomers_alone_are_those_of_all(seed: int) -> None:
    parts = [[one] for one in mailbox(seed)]
    assert kept(scanned_in(parts)) == kept(scanned_in(parts, whole=True))


def test_rechecking_changes_nothing_after_a_first_scan() -> None:
    store = scanned_in([mailbox(1)])
    before = kept(store)
    assert recheck(store, make_config(), NOW, lambda _: None).changed == 0
    assert kept(store) == before


def test_a_first_scan_cut_off_leaves_a_whole_store(store: Store) -> None:
    headers = mailbox(2)
    cut = ListMailbox(headers, size=20)
    cut.fail_after = 2
    with pytest.raises(ConnectionError):
        scan_sent_mail(make_round(store, cut))
    assert not database.is_unsettled(store)
    first = kept(store)
    with memory_store() as other:
        scan_sent_mail(make_round(other, ListMailbox(headers[:40])))
        assert {**kept(other), "questions": [], "belongs": []} == {**first, "questions": [], "belongs": []}
        scan_sent_mail(make_round(store, ListMailbox(headers)))
        scan_sent_mail(make_round(other, ListMailbox(headers)))
        assert kept(store) == kept(other)


@pytest.mark.parametrize("settling", [False, True])
def test_a_first_scan_that_was_killed_is_ended_by_the_next(store: Store, settling: bool) -> None:  # noqa: FBT001
    whole = kept(scanned_in([mailbox(3)]))["indexes"]
    scan_sent_mail(make_round(store, ListMailbox(mailbox(3)[:30])))
    database.begin_bulk(store)
    assert kept(store)["indexes"] != whole
    if settling:
        database.finish_bulk(store)
    scan_sent_mail(make_round(store, ListMailbox(mailbox(3))))
    assert not database.is_unsettled(store)
    with memory_store() as other:
        scan_sent_mail(make_round(other, ListMailbox(mailbox(3))))
        assert kept(store) == kept(other)
    assert kept(store)["indexes"] == whole


def test_a_folder_numbered_anew_while_a_first_scan_was_cut_off(store: Store) -> None:
    headers = mailbox(4)
    scan_sent_mail(make_round(store, ListMailbox(headers[:30])))
    before = kept(store)["rows"]
    store.connection.execute("UPDATE folder SET complete_to = NULL")
    scan_sent_mail(make_round(store, ListMailbox(headers[:30], uidvalidity=2)))
    assert kept(store)["rows"] == before


def test_indexes_that_are_there_are_left_alone(store: Store) -> None:
    before = kept(store)["indexes"]
    database.finish_bulk(store)
    assert kept(store)["indexes"] == before
    assert database.is_unsettled(store)
    assert not database.is_reading(store)
