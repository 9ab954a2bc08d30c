"""Who is offered: from sent mail in a real store, and on invented mailboxes with labels (docs/roles.md)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.core.people.roster import Person
from assistant.core.people.strangers import cannot_be_close
from assistant.core.replies.plan.change import Change, person_value
from assistant.rounds.digest import sections
from assistant.rounds.scan.run import scan_sent_mail
from assistant.store.candidates import SOME, candidates
from assistant.store.database import Store
from assistant.store.digests import add_digest, add_items
from assistant.store.roster import apply_changes, load_roster
from tests import candidate_corpus
from tests.cli.test_telling import put
from tests.rounds.test_scan import add, mail
from tests.scanning import NOW, ListMailbox, make_config, make_round

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.core.mail.message import Header
    from assistant.store.candidates import Candidate


@pytest.fixture
def store() -> Iterator[Store]:
    with Store(None) as opened:
        yield opened


def exchange(number: int, to: str, weeks: Sequence[int], more: str = "") -> list[Header]:
    """Return mail to somebody in the weeks that long ago, every other an answer to theirs."""
    found = []
    for place, week in enumerate(weeks):
        answer = f"\nIn-Reply-To: <{number}-{week}@theirs.example>" if place % 2 else ""
        text = f"To: {to}\nSubject: Matter {'abcdefghij'[place % 10]} {'klmnop'[number % 6]}{more}{answer}"
        found.append(mail(1000 * number + week, text, at=NOW - timedelta(weeks=week)))
    return found


def offered(store: Store, *headers: Header, most: int = 5, domains: tuple[str, ...] = ()) -> list[Candidate]:
    config = make_config(domains=domains)
    scan_sent_mail(make_round(store, ListMailbox(headers), config=config))
    return candidates(store, load_roster(store), NOW, most, config.me)


def names(found: Sequence[Candidate]) -> list[str]:
    return [one.address.partition("@")[0] for one in found]


OFTEN = tuple(range(2, 100, 7))


def test_who_is_worth_keeping_comes_with_figures(store: Store) -> None:
    found = offered(store, *exchange(1, "Ole Brandt <ole@brandt.example>", OFTEN), domains=("harbour.example",))
    (one,) = found
    assert (one.address, one.name, one.messages, one.guess, one.before) == (
        "ole@brandt.example", "Ole Brandt", 8, "advisor", "",
    )  # fmt: skip
    assert (one.ranking.alone, one.ranking.quiet, one.ranking.usual, one.ranking.lapsed) == (1, 2, 7, False)
    assert (one.last_subject, one.last_at) == ("Matter a l", int((NOW - timedelta(weeks=2)).timestamp()))


def test_who_never_wrote_is_a_machine(store: Store) -> None:
    silent = [mail(week, f"To: robot@shop.example\nSubject: {week}", at=NOW - timedelta(weeks=week)) for week in OFTEN]
    again = [
        mail(
            500 + week,
            f"To: own@thread.example\nIn-Reply-To: <m{week}@harbour.example>",
            at=NOW - timedelta(weeks=week),
        )
        for week in OFTEN
    ]
    assert names(offered(store, *silent, *again, *exchange(1, "ann@poe.example", OFTEN))) == ["ann"]


def test_who_is_left_out(store: Store) -> None:
    add(store, "mara-quist", "Mara Quist", "mara@quist.example")
    add(store, "gone", "Gil Gone", "gil@gone.example")
    gone = Person("gone", "Gil Gone", "mentor")
    dropped = person_value(replace(gone, status="dropped"))
    apply_changes(store, [Change("person", "gone", person_value(gone), dropped, "drop")], "T2", "owner", 2)
    left_out = (
        "mara@quist.example", "Mara Quist <mq@elsewhere.example>", "gil@gone.example", "Ida Harbour <ida@sea.example>",
        "info@shop.example", "Kundenservice Nord <k.nord@nord.example>", "tea@lists.town.example",
        "a1b2c3d4@relay.example", "Frau Roth <roth@amt.example>", "joharbour@gmail.com",
    )  # fmt: skip
    headers = [one for number, to in enumerate(left_out) for one in exchange(number, to, OFTEN)]
    shared = [
        header
        for number, name in ((20, "Ann Bee"), (21, "Cid Dee"), (22, "Eve Eff"))
        for header in exchange(number, f"{name} <home@x.example>", OFTEN)
    ]
    once = exchange(30, "once@x.example", (3,))
    kept = exchange(31, "Kim Low <kim@low.example>", OFTEN)
    assert names(offered(store, *headers, *shared, *once, *kept, most=99)) == ["kim"]


def test_one_name_at_two_domains_is_one_candidate(store: Store) -> None:
    before = exchange(1, "Ole Brandt <ole@brandt.example>", (60, 70, 80, 90, 100))
    now = exchange(2, '"Brandt, Ole" <o.brandt@newfirm.example>', (2, 12, 22, 32, 42))
    (one,) = offered(store, *before, *now)
    assert (one.address, one.before) == ("o.brandt@newfirm.example", "ole@brandt.example")
    assert one.ranking.usual == pytest.approx(98 / 9)


def test_who_is_ignored_never_comes_back_under_any_address(store: Store) -> None:
    headers = [*exchange(1, "Ole Brandt <ole@brandt.example>", OFTEN), *exchange(2, "ann@poe.example", OFTEN)]
    assert sorted(names(offered(store, *headers))) == ["ann", "ole"]
    payload = {"address": "ole@brandt.example", "name": "Ole Brandt"}
    value = {"payload": payload, "answer": "ignore", "answered_at": 2, "asked_at": None}
    apply_changes(store, [Change("question", "candidate ole@brandt.example", None, value, "ignore")], "T2", "owner", 2)
    later = [*headers, *exchange(3, "Ole Brandt <ob@newfirm.example>", range(1, 40, 3))]
    assert names(offered(store, *later)) == ["ann"]


def test_a_topic_of_many_is_nobodys(store: Store) -> None:
    own = exchange(1, "ann@poe.example", OFTEN)
    same = [one for number in (2, 3, 4) for one in exchange(6 * number, f"p{number}@x.example", OFTEN)]
    found = offered(store, *own, *same)
    assert names(found)[0] == "ann"
    assert [one.ranking.score for one in found[1:]] == [0, 0, 0]


def test_the_first_two_are_those_of_the_first_eight(store: Store) -> None:
    people = [
        header
        for number in range(SOME + 9)
        for header in exchange(
            number, f"p{number}@x.example", range(1 + number, 140, 5 + number % 9), f" {'x' * number}"
        )
    ]
    found = offered(store, *people, most=8)
    assert len(found) == 8
    assert offered(store, most=2) == found[:2]


def test_who_was_offered_twice_lets_others_pass_and_comes_again(store: Store) -> None:
    everybody = ("ann", "bea", "cid", "dot", "eve")
    headers = [h for n, who in enumerate(everybody) for h in exchange(n, f"{who}@x.example", OFTEN)]
    offered(store, *headers)
    context = make_round(store, ListMailbox())
    order = put(store, "digest")

    def named(week: str) -> list[str]:
        return [one.address for one in sections.candidates(context, load_roster(store), week, first=False)]

    seen = []
    for number in range(10, 21):
        week = f"2026-W{number}"
        seen.append(named(week))
        digest = add_digest(store, week, number, number, "id", order)
        lines = enumerate(seen[-1], start=1)
        add_items(store, digest, [(f"C{n}", "candidate", None, None, {"address": who}) for n, who in lines])
        assert named(week) == seen[-1], "the same digest built again"
    assert [len(one) for one in seen] == [2, 2, 2, 2, 1, 1, 0, 2, 2, 2, 2]
    assert seen[0] == seen[1] == seen[7] == seen[8]
    assert len({who for one in seen for who in one}) == len(everybody)


@pytest.mark.parametrize(
    ("address", "name", "out"),
    [
        ("ida@sea.example", "Ida Harbour", True), ("ida.harbour@mail.example", "", True),
        ("ida@sea.example", "Ida Sand", False), ("harbour@sea.example", "Ida Sand", False),
        ("praxis@roth.example", "", True), ("k.roth@roth.example", "Zahnarztpraxis Roth", True),
        ("ralf@fonds.example", "Your adviser Ralf Pohl", True), ("roth@amt.example", "Herr Roth", True),
        ("roth@amt.example", "Prof. Roth", False), ("ruth@roth.example", "Ruth", False),
        ("x7k2m9p4@mail.example", "Ann Bee", True), ("anna1984@mail.example", "Ann Bee", False),
        ("ann=bee.example@x.example", "Ann Bee", True), ("ann@privaterelay.appleid.com", "Ann Bee", True),
        ("ann@reply.shop.example", "Ann Bee", True), ("ann@reply.example", "Ann Bee", False),
    ],
)  # fmt: skip
def test_who_cannot_be_close(address: str, name: str, *, out: bool) -> None:
    assert cannot_be_close(address, [name] if name else [], "Jo Harbour") == out


@pytest.mark.parametrize(
    ("owner", "name", "out"),
    [
        ("Ana García López", "Luis García Pérez", True), ("Ana García López", "Eva López", True),
        ("Jo Paul Sand", "Ann Paul", False), ("Jan van der Berg", "Eva van der Meer", False),
        ("Jan van der Berg", "Eva van der Berg", True), ("Cher", "Cher Sand", False),
        ("Anna Weber-Roth", "Max Roth", True),
    ],
)  # fmt: skip
def test_the_owners_surnames(owner: str, name: str, *, out: bool) -> None:
    assert cannot_be_close("x@y.example", [name], owner) == out


@pytest.mark.parametrize("name", candidate_corpus.NAMES)
def test_most_of_the_first_eight_are_worth_having(store: Store, name: str) -> None:
    world = candidate_corpus.load(name)
    candidate_corpus.fill(store, world)
    found = candidate_corpus.first(store, world)
    assert candidate_corpus.worth(world, found) >= candidate_corpus.GOAL, [one.address for one in found]
