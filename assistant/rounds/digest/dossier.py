"""Gather the evidence on one person: notes, wins, goals, meetings, and the owner's own last messages to them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.core.evidence.build import LastFact, MeetingFact, NoteFact, OwnMail, PersonFacts, build_dossier
from assistant.core.mail.message import Body
from assistant.core.people.ledger import holding
from assistant.rounds.digest.roster_status import local_day
from assistant.rounds.digest.workplaces import workplace_of
from assistant.rounds.scan.reading_start import owner_of
from assistant.store import digests, last_contacts, meetings, roster

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from assistant.config import Config
    from assistant.core.evidence.dossier import Dossier
    from assistant.core.people.cadence import Occasion
    from assistant.core.people.roster import Note
    from assistant.rounds.context import Round
    from assistant.rounds.digest.roster_status import View
    from assistant.store.database import Store

LETTERS = 5
"""How many letters are looked at: of the three that count, some may turn out to greet a crowd."""
_SITUATIONS = {"cadence": "due", "never-seen": "first"}
AROUND = 365 * 86_400  # seconds before and after now; meetings within are evidence


def gather(round_: Round, view: View, week: str, slots: Sequence[datetime] = ()) -> Dossier:
    """Return the dossier of one person. Reads the owner's last letters to them from the mailbox, at most five.

    `slots` are the half-hours that their draft may offer.
    """
    mails = own_mails(round_, view.standing.person.addresses)
    return dossier_of(round_.config, round_.store, round_.now, view, week, mails, slots)


def dossier_of(
    config: Config,
    store: Store,
    now: datetime,
    view: View,
    week: str,
    mails: Sequence[OwnMail] = (),
    slots: Sequence[datetime] = (),
) -> Dossier:
    """Return the dossier of one person from what is stored and from `mails`, the owner's messages that were read."""
    person, zone, epoch = view.standing.person, config.me.timezone, int(now.timestamp())
    around = meetings.with_addresses(store, person.addresses, epoch - AROUND, epoch + AROUND)
    # What others call a meeting is for the owner's eyes, like their subjects.
    titles = meetings.own_titles(store, person.addresses, owner_of(store, config))
    facts = PersonFacts(
        person=person,
        role=config.roles.get(person.role),
        today=now.astimezone(zone).date(),
        week=week,
        owner_name=config.me.name,
        language=config.digest.language,
        goals=(*config.me.goals, *(note.text for note in roster.notes(store, None, "goal"))),
        wins=[_fact(note) for note in roster.notes(store, None, "win")],
        notes=[_fact(note) for note in holding(roster.notes(store, person.handle))],
        last=_last(view, titles),
        mails=mails,
        meetings=[MeetingFact(local_day(one.start, zone), _own(one.summary, titles)) for one in around],
        overdue_days=view.standing.overdue_days,
        cadence_days=view.standing.cadence_days,
        previous=_previous(store, person.handle),
        drafted=digests.draft_bodies(store, person.handle),
        inside=workplace_of(config, store, now, person.addresses).inside,
        situation=_SITUATIONS.get(view.standing.why, view.standing.why),
        occasion=_occasion(view.standing.occasion, titles),
        slots=slots,
    )
    return build_dossier(facts)


def own_mails(round_: Round, addresses: tuple[str, ...]) -> list[OwnMail]:
    """Return the owner's last letters to these addresses with their texts, in any order; empty for none."""
    zone = round_.config.me.timezone
    by_place = {one.locator: one for one in last_contacts.last_letters_to(round_.store, addresses, LETTERS)}
    bodies = {body.locator: body for body in round_.mailbox.bodies([*by_place])}
    found = []
    for place, letter in by_place.items():
        # Of a letter that can't be read now the day and the subject are known all the same.
        body = bodies.get(place, Body(place, "", ""))
        if letter.at is not None:
            found.append(OwnMail(local_day(letter.at, zone), letter.subject, body.text, body.html, letter.alone))
    return found


def _own(title: str, titles: Collection[str]) -> str:
    return title if title in titles else ""


def _occasion(occasion: Occasion | None, titles: Collection[str]) -> Occasion | None:
    if occasion is None or occasion.kind != "meeting":
        return occasion
    return replace(occasion, text=_own(occasion.text, titles))


def _last(view: View, titles: Collection[str]) -> LastFact | None:
    if view.full is None:
        return None
    subject = _own(view.full.subject, titles) if view.full.kind == "meeting" else view.full.subject
    return LastFact(local_day(view.full.at, view.zone), subject or None, view.full.kind)


def _fact(note: Note) -> NoteFact:
    return NoteFact(note.on, note.kind, note.text, note.verb or "")


def _previous(store: Store, handle: str) -> tuple[str, ...]:
    stored = digests.previous_openings(store, handle)
    if not stored:
        return ()
    newest = json.loads(stored[0])  # empty for a draft that was found again after a restore
    return tuple(str(sentence["text"]) for sentence in (*newest.get("sentences", ()), *newest.get("brief", ())))
