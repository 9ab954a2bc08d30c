"""What messages say of each other: copies of one, one of a merge, written to what proved to be a list, come back.

A message is judged by itself as it is read. What it changes for others, and they for it, is found here and judged
again, so the order in which the mailbox was read never matters. After a first scan this is done once for all of it.

    keys read ─> copies, merges, lists, bounces among and around them ─> judging.judged ─> rows that differ
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from assistant.core.contact.mail_merge import FEWEST, Alike, merged
from assistant.core.contact.verdict import recipients
from assistant.core.mail.envelope import from_facts
from assistant.rounds.ports import Progress
from assistant.rounds.scan.judge import judged, merges_among, replace_changed
from assistant.store import database, messages
from assistant.store import recipients as store_recipients

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from assistant.rounds.scan.judge import Judging

CHUNK = 2_000


def settle(
    judging: Judging, message_ids: Sequence[str], keys: Sequence[int], new_lists: Iterable[str], *, again: bool = False
) -> None:
    """Judge again what the messages just read change, within the caller's transaction.

    `message_ids` are theirs and those that they say came back, `keys` theirs. `again`: they were read before, and are
    judged again themselves.
    """
    affected = messages.messages_to(judging.store, new_lists) | (set(keys) if again else set())
    affected.update(store_recipients.messages(judging.store, message_ids))
    for copies in messages.copies_of(judging.store, message_ids).values():
        affected.update(copy.id for copy in copies)
    affected |= merges_among(judging, keys)
    _judge_again(judging, affected)


def settle_all(judging: Judging, new_lists: Iterable[str], report: Callable[[Progress], None]) -> None:
    """End a first scan: make the indexes, judge again what messages change for each other, a chunk a transaction."""
    store = judging.store
    if database.is_reading(store):
        report(Progress("indexes", 0, None))
        database.finish(store)
    merges = _merges(judging)
    for keys in (
        messages.copied(store),
        merges,
        messages.messages_to(store, new_lists),
        store_recipients.messages(store),
    ):
        for some in _chunks(keys):
            with store.write():
                _judge_again(judging, some, merges)
    database.settled(store)


def _judge_again(judging: Judging, keys: Iterable[int], merges: set[int] | None = None) -> None:
    for some in _chunks(keys):
        found = messages.messages_of(judging.store, some)
        envelopes = {one.id: from_facts(one.facts, judging.now) for one in found}
        replace_changed(judging, dict(judged(judging, envelopes, merges)))


def _merges(judging: Judging) -> set[int]:
    """Return the keys of all stored messages that are of a merge."""
    found: set[int] = set()
    for alike in messages.crowded(judging.store, FEWEST):
        members = []
        for key, at, size, facts in messages.members_of(judging.store, alike):
            people = recipients(from_facts(facts, judging.now), judging.owner)
            if len(people) == 1:
                members.append(Alike(key, at, size, people[0][1].address))
        found |= merged(members)
    return found


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    left = iter(keys)
    while some := list(islice(left, CHUNK)):
        yield some
