from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from assistant.store.completions import Completions
from assistant.store.database import Store
from assistant.writer.model.cache import Cache, Completion
from tests.fakes import MemoryCache

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


def call(
    key: str = "k", week: str = "2026-W12", words: str | None = "{}", tokens: tuple[int, int] = (10, 5)
) -> Completion:
    return Completion(key, NOW, week, "http://127.0.0.1/v1", "m", words, *tokens)


@pytest.fixture(params=["store", "memory"])
def cache(request: pytest.FixtureRequest) -> Iterator[Cache]:
    if request.param == "memory":
        yield MemoryCache()
        return
    with Store(None) as store:
        yield Completions(store)


def test_an_answer_is_kept(cache: Cache) -> None:
    assert cache.get("k") is None
    cache.put(call())
    assert cache.get("k") == "{}"
    assert cache.used("2026-W12") == 15
    assert cache.used("2026-W13") == 0


def test_tokens_of_one_key_add_up_and_the_newer_answer_stays(cache: Cache) -> None:
    cache.put(call(words=None))
    assert cache.get("k") is None
    cache.put(call(words='{"a":1}'))
    cache.put(call(words=None))
    assert cache.get("k") == '{"a":1}'
    assert cache.used("2026-W12") == 45


def test_the_mode_is_remembered_by_server_and_model(cache: Cache) -> None:
    assert cache.mode("u", "m") is None
    cache.set_mode("u", "m", "text")
    cache.set_mode("u", "m", "json_object")
    assert cache.mode("u", "m") == "json_object"
    assert cache.mode("u", "n") is None
