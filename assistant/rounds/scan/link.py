"""Decide whose each address is: link those that are certain, and keep a question for those that aren't.

addresses and names seen ─> identity.decide_addresses ─> auto: `belongs`, as an event of cause "scan"
                                                      └─> ask: `question`, its weight in the payload
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from assistant.core.people.identity import Decision, decide_addresses
from assistant.core.people.named_in_title import named_in
from assistant.core.replies.plan.change import Change, belongs_key, belongs_value
from assistant.store import facts, heard, identities, last_contacts, meetings, messages
from assistant.store.roster import apply_changes, load_roster

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    from assistant.core.contact.calendar import Invitation
    from assistant.core.people.roster import Roster
    from assistant.store.database import Store
    from assistant.store.last_contacts import PersonContacts

    _Questions = dict[str, dict[str, Any]]
    """Payloads by the question's key."""

CAUSE = "scan"
WHO = "rules"
# A new link may be what another address lacked (the same company, the same local part), so decide again this often.
ROUNDS = 5
MET_DAYS = 21  # days after a meeting the owner invited to, in which to ask whether it took place


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking did: the new links (address, handle, reason), and how many addresses wait to be asked about."""

    made: tuple[tuple[str, str, str], ...] = ()
    asked: int = 0


def address_decisions(
    store: Store, only: Iterable[str] | None = None, *, with_name_only: bool = False
) -> list[Decision]:
    """Return the decision on every address seen or on the roster (`only`: as in `decide_addresses`)."""
    roster = load_roster(store)
    names = identities.names_of_addresses(store)
    for person in roster.active():
        for address in person.addresses:
            names.setdefault(address, {})  # `match` shows the roster's own addresses even if nothing went there
    lists = messages.known_list_addresses(store)
    return decide_addresses(roster, names, identities.links(store), lists, only=only, with_name_only=with_name_only)


def link_addresses(store: Store, zone: ZoneInfo, now: datetime, fresh: Collection[tuple[str, str]] = ()) -> Linked:
    """Link what is certain and keep questions for what isn't. Does nothing if nothing changed since the last time.

    `fresh` are (address, name) pairs seen for the first time. If nothing else changed, only they are decided, and the
    addresses whose decision depends on them. A link that the rules made is taken back, and asked about, if its address
    turns out to be shared or a second person fits by now. Links by the owner's word stay.
    """
    with store.write():
        marked = _fingerprint(store)
        noted = facts.fact(store, "linked") or ""
        if noted == _as_text(marked):
            # New mail may have been sent where a question asks about, and change whether it matters.
            wanted = {key: payload for key, (_, payload) in identities.open_questions(store, "link").items()}
            _put_questions(store, "link", _weighed(store, wanted, now, zone))
            return Linked()
        names, rest = marked
        # Deciding all 2,000 addresses of bench.scale again took 0.52 s of CPU per new message; this way it's 0.14 s.
        only = {address for address, _ in fresh} if noted == _as_text((names - len(fresh), rest)) else None
        made: list[tuple[str, str, str]] = []
        for _ in range(ROUNDS):
            decisions = [] if _has_nobody(store) else address_decisions(store, only, with_name_only=only is not None)
            more = _keep_links(store, decisions, int(now.timestamp()))
            made += more
            if not more:
                break
            only = None
        asked = _keep_questions(store, decisions, now, zone, others=only is not None)
        facts.set_fact(store, "linked", _as_text(_fingerprint(store)))
    return Linked(tuple(made), asked)


def _has_nobody(store: Store) -> bool:
    """Return whether there is nobody to link to, as in a first scan before the roster has anybody."""
    return next(load_roster(store).active(), None) is None and not identities.links(store)


def _fingerprint(store: Store) -> tuple[int, str]:
    """Return the number of (address, name) pairs, and a hash of the roster, links, mailing lists and answers."""
    people = [(p.handle, p.name, p.status, p.addresses) for p in load_roster(store).people]
    names, *counts = identities.mark(store)
    told = json.dumps([people, sorted(map(str, identities.links(store).items())), counts])
    return names, sha256(told.encode()).hexdigest()


def _as_text(marked: tuple[int, str]) -> str:
    return f"{marked[0]} {marked[1]}"


def _keep_links(store: Store, decisions: list[Decision], now: int) -> tuple[tuple[str, str, str], ...]:
    changes: list[Change] = []
    made: list[tuple[str, str, str]] = []
    for one in decisions:
        if one.lane == "auto" and not one.linked and one.person:
            key = belongs_key(one.address, one.person)
            changes.append(Change("belongs", key, None, belongs_value("auto", now), "link"))
            made.append((one.address, one.person, one.reason))
        elif one.withdrawn:
            changes.append(Change("belongs", belongs_key(one.address, one.withdrawn), None, None, "unlink"))
    if changes:
        apply_changes(store, changes, CAUSE, WHO, now)
    return tuple(made)


def _keep_questions(store: Store, decisions: list[Decision], now: datetime, zone: ZoneInfo, *, others: bool) -> int:
    """Keep a question for each address in the ask lane, and drop questions that were never asked and are moot now.

    With `others`, only some addresses were decided, and open questions about the others stay.
    """
    decided = {one.address for one in decisions} if others else None
    wanted = {
        key: payload
        for key, (_, payload) in identities.open_questions(store, "link").items()
        if decided is not None and payload["address"] not in decided
    }
    wanted |= {
        f"link {one.address} {one.candidates[0]}": {
            "address": one.address,
            "names": [name for name in one.names if name][:3],
            "handle": one.candidates[0],
            "handles": list(one.candidates),
            "reason": one.reason,
        }
        for one in decisions
        if one.lane == "ask" and (not one.linked or one.withdrawn)
    }
    _put_questions(store, "link", _weighed(store, wanted, now, zone))
    return len(wanted)


def _weighed(store: Store, questions: _Questions, now: datetime, zone: ZoneInfo) -> _Questions:
    """Add `last`, the last full contact with the address, and `matters`: it's later than any known with the person."""
    # A digest has room for three questions, and those that matter come first.
    if not questions:
        return {}
    standing = last_contacts.last_contacts(store, load_roster(store), now, zone)
    found: _Questions = {}
    for key, payload in questions.items():
        last = last_contacts.last_at(store, payload["address"], now)
        known = [standing[handle].full for handle in payload["handles"] if handle in standing]
        matters = last is not None and any(full is None or last > full.at for full in known)
        found[key] = {**payload, "last": last, "matters": matters}
    return found


def _put_questions(store: Store, kind: str, wanted: _Questions) -> None:
    """Make these the open questions of their kind. Questions that were asked stay open."""
    open_now = identities.open_questions(store, kind)
    for key, payload in wanted.items():
        if key not in open_now or open_now[key][1] != payload:
            identities.put_question(store, key, payload)
    for key, (asked, _) in open_now.items():
        if key not in wanted and not asked:
            identities.drop_question(store, key)


def ask_about_meetings(store: Store, now: datetime, zone: ZoneInfo) -> int:
    """Keep a question for each recent meeting of which nothing tells whether it took place; return how many.

    Only if "yes" would be news, because no later contact with that person is known. These are invitations that nobody
    answered, and events of a calendar that only name somebody in their title.
    """
    roster = load_roster(store)
    epoch = int(now.timestamp())
    standing = last_contacts.last_contacts(store, roster, now, zone)
    wanted: _Questions = {}
    for person in roster.active():
        full = standing[person.handle].full
        for meeting in meetings.unconfirmed(store, person.addresses, epoch - MET_DAYS * 86_400, epoch):
            if full is None or full.at < meeting.start:
                day = _day(meeting.start, zone)
                key = f"met {meeting.uid}" + (f" {day.isoformat()}" if meeting.recurs else "")
                about = {"uid": meeting.uid, "day": day.isoformat(), "summary": meeting.summary}
                payload = wanted.setdefault(key, {**about, "handles": [], "matters": True})
                payload["handles"].append(person.handle)
    for payload in wanted.values():
        payload["handle"] = payload["handles"][0]
    wanted |= _titled(store, roster, standing, epoch, zone)
    with store.write():
        _put_questions(store, "met", wanted)
    return len(wanted)


def _titled(
    store: Store, roster: Roster, standing: Mapping[str, PersonContacts], now: int, zone: ZoneInfo
) -> _Questions:
    """Return a question for the last event of each person whose name alone stands in a calendar."""
    latest: dict[str, Invitation] = {}
    for event in heard.unattended(store, now - MET_DAYS * 86_400, now):
        for person in named_in(event.summary, roster.active()):
            full = standing[person.handle].full
            if event.start is not None and (full is None or full.at < event.start):
                latest[person.handle] = event
    found: _Questions = {}
    for handle, event in latest.items():
        day = _day(event.start or 0, zone).isoformat()
        payload = {
            "uid": event.uid,
            "day": day,
            "summary": event.summary,
            "handles": [],
            "handle": handle,
            "titled": True,
        }
        found.setdefault(f"met {event.uid} {day}", payload)["handles"].append(handle)
    return found


def _day(epoch: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(epoch, UTC).astimezone(zone).date()


def is_moot(store: Store, key: str, payload: Mapping[str, Any]) -> bool:
    """Return whether a question asked before needs no answer any more: something tells whether they met."""
    return key.startswith("met ") and not payload.get("titled") and not meetings.is_unconfirmed(store, payload["uid"])
