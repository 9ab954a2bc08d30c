"""Decide whose the addresses are, and keep it: links that are certain, questions for those that are not.

addresses and names seen ─> core.identity.decide ─> auto: `belongs`, as an event of cause "scan"
└─> ask: `question`, its weight in the payload
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from assistant.core.change import Change, belongs_key, belongs_value
from assistant.core.identity import Decision, decide
from assistant.store import identities, meetings, messages, scanned
from assistant.store.roster import apply_changes, load_roster

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from assistant.core.people import Roster
    from assistant.store.database import Store

CAUSE = "scan"
WHO = "rules"
MET_DAYS = 21
"""How long after a meeting of the owner's own invitation it is asked whether it took place."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking did: links made (address, handle, reason) and how many addresses wait to be asked about."""

    made: tuple[tuple[str, str, str], ...] = ()
    asked: int = 0


def matches(store: Store, only: tuple[str, ...] | None = None) -> list[Decision]:
    """Return the decision on every address seen (or on `only`), by address."""
    names = identities.names_of_addresses(store)
    lists = scanned.list_addresses(store)
    return decide(load_roster(store), names, identities.links(store), lists, only=only)


def link(store: Store, zone: ZoneInfo, now: datetime) -> Linked:
    """Link what is certain and keep questions for what is not; does nothing where nothing changed since.

    A link of ours whose address proved to be shared is taken back and asked about; the owner's own word stays.
    """
    with store.write():
        before = _fingerprint(store)
        if scanned.fact(store, "linked") == before:
            return Linked()
        decisions = matches(store)
        made = _keep_links(store, decisions, int(now.timestamp()))
        asked = _keep_questions(store, decisions, load_roster(store), now, zone)
        scanned.set_fact(store, "linked", _fingerprint(store))
    return Linked(made, asked)


def _fingerprint(store: Store) -> str:
    """Return a mark that changes with the roster, the links and the names seen."""
    people = [(p.handle, p.name, p.status, p.addresses) for p in load_roster(store).people]
    told = json.dumps([people, sorted(map(str, identities.links(store).items())), identities.mark(store)])
    return sha256(told.encode()).hexdigest()


def _keep_links(store: Store, decisions: list[Decision], now: int) -> tuple[tuple[str, str, str], ...]:
    changes: list[Change] = []
    made: list[tuple[str, str, str]] = []
    for one in decisions:
        if one.lane == "auto" and not one.linked and one.person:
            key = belongs_key(one.address, one.person)
            changes.append(Change("belongs", key, None, belongs_value("auto", now), "link"))
            made.append((one.address, one.person, one.reason))
        elif one.linked and one.reason == "shared-address":
            changes.append(Change("belongs", belongs_key(one.address, one.candidates[0]), None, None, "unlink"))
    if changes:
        apply_changes(store, changes, CAUSE, WHO, now)
    return tuple(made)


def _keep_questions(store: Store, decisions: list[Decision], roster: Roster, now: datetime, zone: ZoneInfo) -> int:
    """Keep a question for each address in the ask lane, and drop unasked ones that settled themselves."""
    standing = messages.last_contacts(store, roster, now, zone)
    open_now = identities.open_questions(store, "link")
    wanted: dict[str, dict[str, Any]] = {}
    for one in decisions:
        if one.lane == "ask" and (not one.linked or one.reason == "shared-address"):
            handle = one.candidates[0]
            last = messages.last_at(store, one.address, now)
            mattered = [
                last is not None and ((full := standing[h].full) is None or last > full.at)
                for h in one.candidates
                if h in standing
            ]
            wanted[f"link {one.address} {handle}"] = {
                "address": one.address,
                "names": [name for name in one.names if name][:3],
                "handle": handle,
                "handles": list(one.candidates),
                "reason": one.reason,
                "matters": any(mattered),
                "last": last,
            }
    for key, payload in wanted.items():
        if key not in open_now or open_now[key][1] != payload:
            identities.put_question(store, key, payload)
    for key, (asked, _) in open_now.items():
        if key not in wanted and not asked:
            identities.drop_question(store, key)
    return len(wanted)


def ask_about_meetings(store: Store, now: datetime, zone: ZoneInfo) -> int:
    """Keep a question for each meeting of the owner's own invitation that ended lately, whether it was held.

    Only where yes would be news: no later contact with them was seen. Returns how many are open.
    """
    roster = load_roster(store)
    epoch = int(now.timestamp())
    standing = messages.last_contacts(store, roster, now, zone)
    wanted: dict[str, dict[str, Any]] = {}
    for person in roster.active():
        full = standing[person.handle].full
        for meeting in meetings.unconfirmed(store, person.addresses, epoch - MET_DAYS * 86_400, epoch):
            if full is None or full.at < meeting.start:
                day = datetime.fromtimestamp(meeting.start, UTC).astimezone(zone).date()
                key = f"met {meeting.uid}" + (f" {day.isoformat()}" if meeting.recurs else "")
                wanted.setdefault(key, _met(meeting, day.isoformat()))["handles"].append(person.handle)
    open_now = identities.open_questions(store, "met")
    with store.write():
        for key, payload in wanted.items():
            payload["handle"] = payload["handles"][0]
            if key not in open_now or open_now[key][1] != payload:
                identities.put_question(store, key, payload)
        for key, (asked, _) in open_now.items():
            if key not in wanted and not asked:
                identities.drop_question(store, key)
    return len(wanted)


def _met(meeting: meetings.Meeting, day: str) -> dict[str, Any]:
    return {"uid": meeting.uid, "day": day, "summary": meeting.summary, "handles": [], "matters": True}
