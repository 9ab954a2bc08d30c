from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from assistant.config import LlmConfig
from assistant.core.evidence.build import OwnMail
from assistant.errors import UserError
from assistant.writer.model.writer import ModelWriter
from assistant.writer.offline.voice import SHORTEST
from tests.dossiers import TODAY, dossier, person, richest
from tests.fakes import MemoryCache
from tests.servers import model as habits
from tests.servers.model import ModelServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.core.evidence.dossier import Dossier
    from assistant.writer.model.cache import Cache
    from tests.servers.model import Answering, Asked

CALLS = 2
"""Requests a person that nothing fails: one to write, one to verify."""
NOW = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def writer(server: ModelServer, cache: Cache | None = None, key: str | None = None, **fields: Any) -> ModelWriter:
    config = LlmConfig(base_url=server.base_url, model="test", parallel=4, timeout=5.0)
    return ModelWriter(replace(config, **fields), cache or MemoryCache(), NOW, lambda: key)


def people(count: int) -> list[Dossier]:
    return [dossier(person=person(handle=f"p-{n}", name=f"Person{chr(97 + n % 26)} Roe")) for n in range(count)]


def test_an_honest_answer_is_used(server: ModelServer) -> None:
    words = writer(server).words([dossier()])["jane-roe"]
    assert (words.writer, words.model, words.remark) == ("model", "test", None)
    assert "10 February 2026" in words.body
    assert words.body.endswith("Best wishes,\nPriya\n") or words.body.rstrip().endswith("Priya")
    assert (words.prompt_tokens, words.completion_tokens) == (1800, 600)
    assert [asked.task for asked in server.requests] == ["write", "verify"]
    assert [asked.json["temperature"] for asked in server.requests] == [0.4, 0.0]


READ = [
    habits.fenced,
    habits.prose_wrapped,
    habits.thinks,
    habits.plain_type,
    habits.half_kept,
    habits.sloppy,
    habits.parts,
    habits.no_usage,
    habits.odd_usage,
    habits.refuses_object_only,
]


@pytest.mark.parametrize("habit", READ, ids=lambda habit: habit.__name__)
def test_a_harmless_habit_costs_no_call(server: ModelServer, habit: Callable[..., None]) -> None:
    server.habits = [habit]
    words = writer(server).words([dossier()])["jane-roe"]
    assert words.writer == "model"
    assert [asked.task for asked in server.requests] == ["write", "verify"]


STEPPED = [
    (habits.refuses_schema, 2, "json_object"),
    (habits.refuses_formats, 3, "text"),
    (habits.grammar_fails, 2, "json_object"),
]


@pytest.mark.parametrize(("habit", "calls", "mode"), STEPPED, ids=lambda value: getattr(value, "__name__", str(value)))
def test_steps_down_and_remembers(server: ModelServer, habit: Callable[..., None], calls: int, mode: str) -> None:
    server.habits = [habit]
    cache = MemoryCache()
    found = writer(server, cache).words(people(5))
    assert {words.writer for words in found.values()} == {"model"}
    assert len(server.requests) <= 5 * CALLS + calls - 1
    assert cache.mode(server.base_url, "test") == mode
    before = len(server.requests)
    writer(server, cache).words([dossier()])
    assert len(server.requests) == before + CALLS
    assert server.requests[-1].mode == mode


REFUSED = [
    (habits.refuses_temperature, 1, "json_schema without temperature"),
    (habits.refuses_system, 1, "json_schema without system"),
    (habits.refuses_system_in_its_template, 1, "json_schema without system"),
    (habits.refuses_all_but_the_question, 3, "json_object without system temperature"),
]


@pytest.mark.parametrize(("habit", "more", "kept"), REFUSED, ids=lambda value: getattr(value, "__name__", str(value)))
def test_what_a_server_refuses_is_left_out(
    server: ModelServer, habit: Callable[..., None], more: int, kept: str
) -> None:
    server.habits = [habit]
    cache = MemoryCache()
    assert writer(server, cache, parallel=1).words([dossier()])["jane-roe"].writer == "model"
    assert len(server.requests) == CALLS + more
    first, last = server.requests[0].json["messages"], server.requests[more].json["messages"]
    said = "".join(one["content"] for one in last)
    assert all(one["content"] in said for one in first), "no instruction is lost with its role"
    assert cache.mode(server.base_url, "test") == kept
    found = writer(server, cache).words(people(5))
    assert {words.writer for words in found.values()} == {"model"}
    assert len(server.requests) == CALLS + more + 5 * CALLS, "remembered"


def test_a_refusal_that_names_nothing_new_ends(server: ModelServer) -> None:
    server.habits = [
        lambda to, _asked: to.give(400, b'{"error":{"message":"temperature is wrong","param":"temperature"}}')
    ]
    assert writer(server).words([dossier()])["jane-roe"].writer != "model"
    assert len(server.requests) <= 4


@pytest.mark.parametrize(("rows", "key"), [("sentences", "kind"), ("brief", "heading")])
def test_an_odd_kind_costs_its_own_sentence(server: ModelServer, rows: str, key: str) -> None:
    def odd(to: Answering, asked: Asked) -> None:
        answer = habits.answer_for(asked)
        if rows in answer:
            answer[rows].append({key: "postscript", "text": "One thing more.", "evidence": [], "quote": ""})
        to.say(json.dumps(answer))

    server.habits = [odd]
    words = writer(server).words([dossier()])["jane-roe"]
    assert words.writer == "model"
    assert len(server.requests) == CALLS
    assert ("One thing more.", "form") in words.dropped
    assert "One thing more." not in words.body


BAD = [
    habits.truncated,
    habits.truncated_in_secret,
    habits.truncated_whole,
    habits.empty,
    habits.null,
    habits.no_choices,
    habits.error_in_200,
    habits.html,
    habits.ignores_schema,
    habits.only_thinks,
    habits.busy,
    habits.busy_for_long,
    habits.broken,
    habits.denied,
    habits.unknown_model,
    habits.drips,
    habits.drips_headers,
    habits.stalls,
    habits.resets,
    habits.hangs_up_midway,
    habits.huge,
    habits.huge_text,
    habits.deep,
    habits.streams,
    habits.abstains,
]


@pytest.mark.parametrize("habit", BAD, ids=lambda habit: habit.__name__)
def test_a_bad_habit_ends_in_the_offline_writer_in_time(server: ModelServer, habit: Callable[..., None]) -> None:
    server.habits = [habit]
    asked = writer(server, timeout=1.5)
    started = time.monotonic()
    found = asked.words(people(5))
    # A server that only stalls would take 5 × 1.5 s one after the other, and for ever without a deadline.
    assert time.monotonic() - started < 5 * 1.5
    assert len(server.requests) <= 5 + 2
    for words in found.values():
        assert words.writer == "offline"
        assert words.remark
        assert len(words.body.split()) >= SHORTEST
    assert len(asked.remarks()) == 1


@pytest.mark.parametrize("habit", [*BAD[:12], habits.resets], ids=lambda habit: habit.__name__)
def test_one_bad_answer_is_asked_again_once_at_most(server: ModelServer, habit: Callable[..., None]) -> None:
    server.habits = [habit, habits.honest]
    words = writer(server).words([dossier()])["jane-roe"]
    assert [asked.task for asked in server.requests][:3] in (["write"], ["write", "write", "verify"])
    if habit not in {habits.busy_for_long, habits.resets, habits.abstains}:
        assert words.writer == "model"


def test_nothing_follows_a_redirect(server: ModelServer) -> None:
    with ModelServer() as other:
        server.habits = [habits.redirects(other.port)]
        asked = writer(server)
        assert asked.words([dossier()])["jane-roe"].writer == "offline"
        assert other.requests == []
    assert "pointed elsewhere" in asked.remarks()[0]


def test_nobody_there(server: ModelServer) -> None:
    asked = writer(server, base_url="http://127.0.0.1:9/v1")
    started = time.monotonic()
    assert {words.writer for words in asked.words(people(3)).values()} == {"offline"}
    assert time.monotonic() - started < 2
    assert "could not be reached" in asked.remarks()[0]


@pytest.mark.parametrize(
    "base_url", ["http://models.example/v1", "http://127.0.0.1.example/v1", "ftp://127.0.0.1", "localhost:1"]
)
def test_https_except_on_this_machine(server: ModelServer, base_url: str) -> None:
    asked = writer(server, base_url=base_url)
    assert asked.words([dossier()])["jane-roe"].writer == "offline"
    assert "https" in asked.remarks()[0]


def test_thirty_people_four_at_once(server: ModelServer) -> None:
    server.habits = [habits.slow(0.2)]
    found = writer(server).words(people(30))
    began = [asked.at for asked in server.requests]
    # Each is held for 0.2 s, so these were there at once: never more than four, and four when all goes well.
    at_once = [sum(0 <= at - other < 0.2 for other in began) for at in began]
    assert 3 <= max(at_once) <= 4
    assert [words.writer for words in found.values()] == ["model"] * 30
    assert list(found) == [f"p-{n}" for n in range(30)]
    assert len(server.requests) == 30 * CALLS


def test_the_same_digest_again_costs_nothing(server: ModelServer) -> None:
    cache = MemoryCache()
    first = writer(server, cache).words(people(3))
    assert writer(server, cache).words(people(3)) == first
    assert len(server.requests) == 3 * CALLS


@pytest.mark.parametrize("change", [{"temperature": 0.9}, {"model": "other"}])
def test_another_setting_is_another_answer(server: ModelServer, change: dict[str, Any]) -> None:
    cache = MemoryCache()
    writer(server, cache).words([dossier()])
    writer(server, cache, **change).words([dossier()])
    assert len(server.requests) == 2 * CALLS


def test_refused_words_are_not_asked_for_again(server: ModelServer) -> None:
    server.habits = [habits.ignores_schema]
    cache = MemoryCache()
    writer(server, cache).words([dossier()])
    calls = len(server.requests)
    again = writer(server, cache)
    assert again.words([dossier()])["jane-roe"].writer == "offline"
    assert len(server.requests) == calls
    assert again.remarks()


def test_the_budget_ends_and_the_digest_says_so(server: ModelServer) -> None:
    asked = writer(server, weekly_tokens=9000, parallel=1)
    found = asked.words(people(6))
    kinds = [words.writer for words in found.values()]
    assert kinds.count("model") >= 2
    assert kinds[-1] == "offline"
    assert len(server.requests) <= CALLS * kinds.count("model")
    assert any("weekly_tokens" in said for said in asked.remarks())


def test_usage_is_kept_by_week(server: ModelServer) -> None:
    cache = MemoryCache()
    writer(server, cache).words(people(2))
    assert cache.used("2026-W12") == 4800
    assert cache.used("2026-W13") == 0


def test_no_variable_of_the_environment_takes_part(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer() as other:
        for name, value in {
            "OPENAI_API_KEY": "sk-from-env",
            "OPENAI_ADMIN_KEY": "sk-admin-env",
            "OPENAI_BASE_URL": other.base_url,
            "OPENAI_ORG_ID": "org-env",
            "OPENAI_PROJECT_ID": "proj-env",
            "OPENAI_CUSTOM_HEADERS": "X-Env: from-env\nAuthorization: Bearer sk-header-env",
            "OPENAI_LOG": "debug",
            "HTTP_PROXY": f"http://127.0.0.1:{other.port}",
            "HTTPS_PROXY": f"http://127.0.0.1:{other.port}",
            "ALL_PROXY": f"http://127.0.0.1:{other.port}",
        }.items():
            monkeypatch.setenv(name, value)
        writer(server).words([dossier()])
        writer(server, key="sk-own", model="m2").words([dossier()])
        assert other.requests == []
    assert len(server.requests) == 2 * CALLS
    for without in server.requests[:CALLS]:
        assert "env" not in str(without.headers)
        assert "authorization" not in without.headers
    for with_key in server.requests[CALLS:]:
        assert with_key.headers["authorization"] == "Bearer sk-own"
        assert not any(name.startswith(("x-", "openai")) for name in with_key.headers)


def test_each_prompt_holds_one_person(server: ModelServer) -> None:
    mails = [OwnMail(TODAY, "Hello", f"Hi,\n\nthe word is canary{n}x.\n\nPriya") for n in range(6)]
    dossiers = [dossier(person=person(handle=f"p-{n}"), mails=[mails[n]]) for n in range(6)]
    writer(server).words(dossiers)
    assert len(server.requests) == 6 * CALLS
    for asked in server.requests:
        assert sum(f"canary{n}x".encode() in asked.body for n in range(6)) == 1


def test_share_subjects_and_nothing(server: ModelServer) -> None:
    writer(server, share="subjects").words([richest()])
    assert {asked.task for asked in server.requests} >= {"write", "verify"}
    for asked in server.requests:
        body = asked.body.decode()
        assert "nearly through" not in body
        assert "Your checklist" not in body
        assert "Platform migration" in body
        assert "weekly summary" in body
    before = len(server.requests)
    words = writer(server, share="nothing").words([richest()])["jane-roe"]
    assert len(server.requests) == before
    assert (words.writer, words.remark) == ("offline", None)


@pytest.mark.parametrize("share", ["excerpts", "subjects"])
def test_show_prompt_is_what_is_sent(server: ModelServer, share: str) -> None:
    asked = writer(server, share=share)
    shown = asked.show_prompt(richest())
    assert server.requests == []
    asked.words([richest()])
    assert server.requests[0].body.decode() == shown


def test_a_mistake_in_an_owners_template_is_told(server: ModelServer, tmp_path: Any) -> None:
    (tmp_path / "frame.j2").write_text("{{ nobody_knows_this }}")
    asked = writer(server, prompts_dir=tmp_path)
    assert asked.words([dossier()])["jane-roe"].writer == "offline"
    assert server.requests == []
    assert "prompts_dir" in asked.remarks()[0]


def test_a_changed_prompt_is_another_answer(server: ModelServer, tmp_path: Any) -> None:
    cache = MemoryCache()
    writer(server, cache).words([dossier()])
    for times, name in enumerate(("again.j2", "verify.j2", "repair.j2"), start=2):
        (tmp_path / name).write_text("Once more, please.")
        writer(server, cache, prompts_dir=tmp_path).words([dossier()])
        assert len(server.requests) == times * CALLS


def test_no_dossiers_no_call(server: ModelServer) -> None:
    assert writer(server).words([]) == {}
    assert server.requests == []


def test_a_key_that_cannot_be_read_is_told(server: ModelServer) -> None:
    def key() -> str | None:
        message = "The command of api_key_command failed."
        raise UserError(message)

    asked = ModelWriter(LlmConfig(base_url=server.base_url, model="test"), MemoryCache(), NOW, key)
    assert asked.words([dossier()])["jane-roe"].writer == "offline"
    assert asked.remarks() == ("The command of api_key_command failed.",)
    assert server.requests == []


def test_a_kept_row_of_another_version_is_no_trouble(server: ModelServer) -> None:
    cache = MemoryCache()
    writer(server, cache).words([dossier()])
    key, kept = next(iter(cache.kept.items()))
    cache.kept[key] = replace(kept, words='{"subject": 1}')
    assert writer(server, cache).words([dossier()])["jane-roe"].writer == "offline"
