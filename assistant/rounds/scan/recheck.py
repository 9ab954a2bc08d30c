"""Judge everything anew from the store, without the network: after a change of rules or of the owner's addresses."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.core.contact.lists import list_addresses
from assistant.core.contact.mail_merge import merge_key
from assistant.core.contact.verdict import RULE_VERSION, came_back
from assistant.core.language.days_in_words import counted
from assistant.core.mail.envelope import from_facts
from assistant.rounds.ports import Progress
from assistant.rounds.scan.judge import Judging, judged, judging_for, lay_out, replace_changed
from assistant.rounds.scan.rules import is_unseen, rules_of, since_of
from assistant.store import facts, meetings, recipients
from assistant.store import messages as store_messages

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from assistant.config import Config
    from assistant.core.mail.envelope import Envelope
    from assistant.store.database import Store

    Report = Callable[[Progress], None]

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class RecheckResult:
    """What judging everything anew changed: `why` counts "full reply -> soft group" and the like."""

    messages: int
    changed: int
    why: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return the result as `scan --recheck --json` prints it."""
        return {"messages": self.messages, "changed": self.changed, "why": self.why, "rule_version": RULE_VERSION}

    def sentence(self) -> str:
        """Return the result in words."""
        lines = [f"{counted(self.messages, 'message')} judged again, {counted(self.changed, 'verdict')} changed."]
        return "\n".join([*lines, *(f"  {number:,} × {change}" for change, number in self.why.items())])


def recheck(store: Store, config: Config, now: datetime, report: Report) -> RecheckResult:
    """Judge every stored message again by today's rules, without the network, and return what changed."""
    since = since_of(store, config, now)
    judging = judging_for(store, config, now)
    total = int(facts.fact(store, "messages") or 0)
    before = meetings.laid_out(store)
    _derive_again(judging, since, report, total)
    changes: Counter[str] = Counter()
    key = done = 0
    while chunk := store_messages.messages_after(store, key, CHUNK):
        key = chunk[-1].id
        envelopes = {one.id: from_facts(one.facts, now) for one in chunk}
        with store.write():
            changes.update(replace_changed(judging, dict(judged(judging, envelopes))))
        done += len(chunk)
        report(Progress("messages judged", done, total))
    with store.write():
        lay_out(judging, meetings.all_uids(store))
        changes.update(_meeting_changes(before, meetings.laid_out(store)))
        facts.set_fact(store, "rules", rules_of(store, config, since))
        facts.set_fact(store, "linked", "")
    return RecheckResult(done, sum(changes.values()), dict(changes.most_common()))


def _derive_again(judging: Judging, since: datetime | None, report: Report, total: int) -> None:
    """Set dates, merge keys, lists' addresses and what came back anew: the verdicts rest on them."""
    store = judging.store
    lists: set[str] = set()
    lost: set[tuple[str, str]] = set()
    key = done = 0
    while chunk := store_messages.messages_after(store, key, CHUNK):
        key = chunk[-1].id
        envelopes = [(one.id, _seen_again(from_facts(one.facts, judging.now), since)) for one in chunk]
        lists.update(address for _, envelope in envelopes for address in list_addresses(envelope))
        lost.update(pair for _, envelope in envelopes for pair in came_back(envelope))
        with store.write():
            store_messages.update_messages(store, ((k, e, merge_key(e, judging.owner)) for k, e in envelopes))
        done += len(chunk)
        report(Progress("messages read again", done, total))
    with store.write():
        store_messages.set_list_addresses(store, lists)
        recipients.set_all(store, lost)
    judging.lists.clear()
    judging.lists.update(lists)


def _seen_again(envelope: Envelope, since: datetime | None) -> Envelope:
    """Return what was left out as too old as seen, when the owner wants more history now."""
    return replace(envelope, unseen=is_unseen(envelope, since)) if envelope.unseen else envelope


def _meeting_changes(before: set[tuple[Any, ...]], after: set[tuple[Any, ...]]) -> Counter[str]:
    was = {row[:3]: f"{row[3]} {row[4]}" for row in before - after}
    now = {row[:3]: f"{row[3]} {row[4]}" for row in after - before}
    return Counter(f"{was.get(one, 'not seen')} -> {now.get(one, 'not seen')}" for one in {**was, **now})
