"""The rows of the outbox. What happens to them during a delivery is in tests/rounds/test_outbox.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from assistant.store import digests, outbox
from assistant.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def store() -> Iterator[Store]:
    with Store(None) as opened:
        yield opened


def queued(
    store: Store, key: str, *, route: Literal["smtp", "append"] = "smtp", not_before: int = 0, held: bool = False
) -> int:
    order = outbox.Order(key, "send", route, "a@b.example", "c@d.example", f"{key}@x.example", b"x", not_before)
    return outbox.queue(store, order, 10, held=held)


def test_ids_never_given_are_no_rows(store: Store) -> None:
    with pytest.raises(LookupError, match="7"):
        outbox.entry(store, 7)
    with pytest.raises(LookupError, match="8"):
        digests.load_draft(store, 8)
    assert outbox.by_key(store, "send 7") is None


def test_only_what_waits_for_that_way_and_would_go_sooner_is_put_off(store: Store) -> None:
    sooner, later, held = queued(store, "a"), queued(store, "b", not_before=900), queued(store, "c", held=True)
    other, gone = queued(store, "d", route="append"), queued(store, "e")
    assert outbox.claim(store, gone, 20)
    outbox.put_off(store, "smtp", 500)
    waits = {number: outbox.entry(store, number) for number in (sooner, later, held, other, gone)}
    assert [entry.order.not_before for entry in waits.values()] == [500, 900, 500, 0, 0]
    assert [entry.id for entry in outbox.in_trouble(store, 0)] == [sooner]


def test_a_row_is_claimed_once(store: Store) -> None:
    number = queued(store, "a")
    assert outbox.claim(store, number, 20)
    assert not outbox.claim(store, number, 30)
    assert (outbox.entry(store, number).state, outbox.entry(store, number).sending_at) == ("sending", 20)
