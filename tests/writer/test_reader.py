"""The model that reads an owner's answer: one call, bounds, bad habits, and a careless one on the whole way."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.config import LlmConfig
from assistant.core.replies.reading.read_orders import Around, ReadOrder
from assistant.errors import UserError
from assistant.rounds.replies.obey import obey
from assistant.rounds.replies.plan_inputs import at_the_shell
from assistant.rounds.replies.process import process
from assistant.store import outbox, roster
from assistant.store.completions import Completions
from assistant.store.roster import load
from assistant.writer.model.reader import MOST_LINES, ModelReader
from assistant.writer.model.schema import MOST_ORDERS
from tests.corpus.replies import Sent, fastmail
from tests.fakes import MemoryCache
from tests.replying import NOW, Said, config, life
from tests.servers import model as habits
from tests.servers.model import ModelServer
from tests.servers.readers import CARELESS, habit_of, ideal, some_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.writer.model.cache import Cache
    from tests.replying import Life
    from tests.servers.model import Answering, Asked

FAIR = "Terrific day, ran into Mina yesterday at the fair"
MEANT = {FAIR: [("met Mina yesterday", "ran into Mina yesterday at the fair", "happened")]}
READ = {(FAIR, ""): (ReadOrder("met Mina yesterday", "ran into Mina yesterday at the fair", "happened"),)}
AROUND = Around((("1", "Jane Roe"), ("3", "Mina Okafor")), (("Q1", "Jane Roe", "link"),), (("C2", ""),), ("Jane Lee",))
MISREAD = Path(__file__).parents[1] / "corpus" / "reading" / "misread.tsv"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(habit_of(ideal(MEANT))) as running:
        yield running


def reader(server: ModelServer, cache: Cache | None = None, **fields: Any) -> ModelReader:
    asked = LlmConfig(base_url=server.base_url, model="test", timeout=20.0)
    return ModelReader(replace(asked, **fields), cache or MemoryCache(), NOW, lambda: None)


def test_one_structured_call_holds_all_lines_and_names(server: ModelServer) -> None:
    assert reader(server).read([("she is well", "3"), (FAIR, "")], AROUND) == READ
    (asked,) = server.requests
    assert asked.mode == "json_schema"
    assert asked.data == {
        "task": "read",
        "lines": [{"line": 1, "text": "she is well", "under": "3"}, {"line": 2, "text": FAIR}],
        "cards": [{"label": "1", "name": "Jane Roe"}, {"label": "3", "name": "Mina Okafor"}],
        "questions": [{"label": "Q1", "name": "Jane Roe", "about": "link"}],
        "candidates": [{"label": "C2", "name": ""}],
        "other_names": ["Jane Lee"],
    }


def test_no_address_and_no_note_goes_along(server: ModelServer) -> None:
    owner = life()
    owner.one("note Mina: gave up coffee")
    context = replace(at_the_shell(owner.store, owner.random), reader=reader(server))
    transcript = obey(owner.store, owner.config, [FAIR], context, owner.now, Said())
    assert transcript.lines[0].outcome == "ok"
    (asked,) = server.requests
    assert b"Jane Lee" in asked.body
    for private in (b"@", b"coffee", b"jane-lee", b"kim", b'mentor\\"'):
        assert private not in asked.body.partition(b'"user"')[2], private


def test_the_same_answer_again_costs_nothing_and_tokens_are_counted(server: ModelServer) -> None:
    owner = life()
    cache = Completions(owner.store)
    for _ in range(2):
        assert reader(server, cache).read([(FAIR, "")], AROUND) == READ
    assert len(server.requests) == 1
    assert cache.used("2026-W10") == 420
    assert reader(server, cache, weekly_tokens=420).read([("another line", "")], AROUND) == {}
    assert len(server.requests) == 1


@pytest.mark.parametrize("fields", [{"share": "nothing"}, {"base_url": "http://model.example/v1"}])
def test_what_may_not_be_shared_is_not(server: ModelServer, fields: dict[str, Any]) -> None:
    assert reader(server, **fields).read([(FAIR, "")], AROUND) == {}
    assert server.requests == []


BAD = (
    *(habits.honest, habits.truncated, habits.empty, habits.html, habits.busy, habits.denied, habits.resets),
    *(habits.huge, habits.deep, habits.stalls, habits.drips, habits.abstains, habits.null, habits.only_thinks),
)


@pytest.mark.parametrize("habit", BAD, ids=lambda habit: habit.__name__)
def test_a_server_of_bad_habits_gives_nothing_and_in_time(
    server: ModelServer, habit: Callable[[Answering, Asked], None]
) -> None:
    server.habits = [habit]
    start = time.monotonic()
    assert reader(server, timeout=1.0).read([(FAIR, ""), ("and another one", "")], AROUND) == {}
    assert time.monotonic() - start < 4


def test_servers_without_schemas_are_stepped_down_for(server: ModelServer) -> None:
    def habit(to: Answering, asked: Asked) -> None:
        if asked.mode != "text":
            to.give(400, b'{"error":{"message":"response_format is not supported"}}')
        else:
            rows = ideal(MEANT)(asked.data)
            to.say(f"Sure!\n```json\n{json.dumps({'orders': rows})}\n```")

    server.habits = [habit]
    cache = MemoryCache()
    assert reader(server, cache).read([(FAIR, "")], AROUND) == READ
    assert cache.mode(server.base_url, "test") == "text"


def test_bounds_of_lines_and_orders(server: ModelServer) -> None:
    rows = [{"line": at % 100, "order": "met Mina", "quote": "line", "status": "happened"} for at in range(200)]
    server.habits = [lambda to, _asked: to.say(json.dumps({"orders": rows}))]
    lines = [(f"this is line number {number} of a letter", "") for number in range(90)]
    found = reader(server).read(lines, AROUND)
    (asked,) = server.requests
    assert len(asked.data["lines"]) == MOST_LINES
    assert set(found) <= set(lines[:MOST_LINES])
    assert 0 < sum(map(len, found.values())) <= MOST_ORDERS


@pytest.mark.parametrize(
    "rows",
    [
        [{"line": 1, "order": "met Mina", "quote": "Mina", "status": "sure"}],
        [{"line": "1", "order": "met Mina", "quote": "Mina", "status": "happened"}],
        [{"line": 1, "order": "met Mina", "status": "happened"}],
        [{"line": 0, "order": "met Mina", "quote": "Mina", "status": "happened"}],
        [{"line": 2, "order": "met Mina", "quote": "Mina", "status": "happened"}],
        ["met Mina", None, 7],
    ],
)
def test_rows_of_no_known_form_are_left_out(server: ModelServer, rows: list[Any]) -> None:
    server.habits = [lambda to, _asked: to.say(json.dumps({"orders": rows}))]
    assert reader(server).read([(FAIR, "")], AROUND) == {}


def test_a_key_that_can_not_be_read_is_no_trouble(server: ModelServer) -> None:
    def key() -> str:
        raise UserError("no key")

    asked = LlmConfig(base_url=server.base_url, model="test")
    assert ModelReader(asked, MemoryCache(), NOW, key).read([(FAIR, "")], AROUND) == {}


def test_the_whole_way_from_sent_to_the_roster(server: ModelServer) -> None:
    owner = life()
    server.habits = [
        habit_of(ideal({FAIR: [*MEANT[FAIR], ("Mina role ally", "Mina", "wanted"), ("drop Mina", "Mina", "wanted")]}))
    ]
    round_ = replace(owner.round(), reader=reader(server))
    owner.put(fastmail((FAIR,), owner.mail, Sent(date=owner.stamp())))
    (transcript,) = process(round_)
    (line,) = transcript.lines
    assert line.outcome == "ask"
    assert line.effect.startswith("Read as “met Mina yesterday”, Mina Okafor: met on Tue 3 Mar 2026; Did you mean: ")
    assert owner.person("mina-okafor").status == "active"
    assert owner.person("mina-okafor").role == "advocate"
    assert [note.kind for note in roster.notes(owner.store, "mina-okafor")] == ["met"]


def all_but_questions(owner: Life) -> dict[tuple[str, str], Any]:
    notes = {("note", note.id): note for note in roster.all_notes(owner.store)}
    return {key: value for key, value in load(owner.store).items() if key[0] != "question"} | notes


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("reading", CARELESS)
def test_a_careless_model_changes_nothing_on_the_whole_way(server: ModelServer, reading: str, language: str) -> None:
    """With it, an answer does exactly what it does without a model: all it read is asked."""
    # Only the first 60 orders are looked at, so that they are of all lines.
    server.habits = [habit_of(CARELESS[reading] if reading == "floods" else some_of(CARELESS[reading], MOST_ORDERS))]
    rows = (row.split("\t") for row in MISREAD.read_text().splitlines())
    lines = [line for tongue, _why, line in rows if tongue == language]
    results = []
    for model in (reader(server), None):
        owner = life()
        settings = config()
        settings = replace(settings, me=replace(settings.me, language=language))  # type: ignore[arg-type]
        context = replace(at_the_shell(owner.store, owner.random), reader=model)
        transcript = obey(owner.store, settings, lines, context, owner.now, Said())
        assert len(transcript.lines) == len(lines)
        assert not [entry for entry in outbox.open_entries(owner.store) if entry.order.kind == "send"]
        results.append(all_but_questions(owner))
    assert len(server.requests) == (2 if reading == "floods" else 1), "what is too long is asked for once more"
    assert results[0] == results[1]
