"""Where everybody on the roster stands. `people` prints this, and the digest is chosen from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from assistant.core.digest.model import LastContact
from assistant.core.digest.situation import in_situation
from assistant.core.people.cadence import Standing, by_urgency, standing
from assistant.core.people.roles import rhythm
from assistant.core.people.roster import Roster
from assistant.rounds.digest.situations import Situations
from assistant.store import last_contacts, roster

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from assistant.config import Config
    from assistant.core.language.data_files import Language
    from assistant.core.people.roles import Role
    from assistant.store.database import Store
    from assistant.store.last_contacts import Contact


@dataclass(frozen=True, slots=True)
class View:
    """One person on the roster today; `full` and `soft` are the last contact of each kind, None if none was seen.

    `role` is None for a role that is no longer in the config.
    """

    standing: Standing
    full: Contact | None
    soft: Contact | None
    zone: ZoneInfo
    role: Role | None = None

    def rhythm(self, language: Language) -> str:
        """Return the role's own words for their cadence, "" where it's not theirs."""
        return rhythm(self.standing, self.role, language)

    @property
    def last(self) -> LastContact | None:
        """Return the last full contact as the digest shows it, None if none was seen."""
        return as_last(self.full, self.zone)

    @property
    def last_soft(self) -> LastContact | None:
        """Return the last soft contact if it's later than the last full one, else None."""
        if self.soft is None or (self.full is not None and self.soft.at <= self.full.at):
            return None
        return as_last(self.soft, self.zone)

    def as_json(self) -> dict[str, Any]:
        """Return one row of `people --json`."""
        person, stands = self.standing.person, self.standing
        return {
            "handle": person.handle,
            "name": person.name,
            "role": person.role,
            "addresses": list(person.addresses),
            "cadence_days": stands.cadence_days,
            "cadence_words": self.rhythm("en") or None,
            "last_contact": _contact_json(self.full),
            "last_soft": _contact_json(self.soft),
            "due_on": stands.due_on,
            "overdue_days": stands.overdue_days if stands.due_on else None,
            "status": person.status,
            "snoozed_until": person.snoozed_until if stands.snoozed else None,
            "favourite": person.favourite,
            "hoped": person.hoped,
            "goal": person.goal,
            "until": person.until,
        }


def views(config: Config, store: Store, now: datetime, people: Roster | None = None) -> list[View]:
    """Return all active people, the most overdue first.

    `people` takes the place of the roster, to see where somebody would stand who isn't on it yet.
    """
    people = people or roster.load_roster(store)
    last = last_contacts.last_contacts(store, people, now, config.me.timezone, config.roles)
    today = now.astimezone(config.me.timezone).date()
    found = {}
    situations = Situations(config, store, now)
    for person in people.active():
        seen = last.get(person.handle)
        full = seen.full if seen else None
        last_on = local_day(full.at, config.me.timezone) if full else None
        role = config.roles.get(person.role)
        stands = in_situation(standing(person, role, last_on, today), role, situations.known(person, seen), today)
        found[person.handle] = View(stands, full, seen.soft if seen else None, config.me.timezone, role)
    return [found[stands.person.handle] for stands in by_urgency(view.standing for view in found.values())]


def closed_to_thank(config: Config, store: Store, now: datetime, people: Roster) -> list[View]:
    """Return the people whose goal was reached and who left the rotation with it, until they were thanked once."""
    closed = tuple(replace(person, status="active") for person in people.people if person.status == "closed")
    found = views(config, store, now, Roster(closed)) if closed else []
    return [view for view in found if view.standing.why == "goal-met"]


def as_last(contact: Contact | None, zone: ZoneInfo) -> LastContact | None:
    """Return a contact as the digest shows it (None for None)."""
    if contact is None:
        return None
    return LastContact(
        on=local_day(contact.at, zone),
        kind=contact.kind,
        subject=contact.subject or None,
        reason=contact.reason,
        message_id=contact.message_id,
        short=contact.short,
        source=contact.source,
    )


def local_day(epoch: int, zone: ZoneInfo) -> date:
    """Return the day of an instant (epoch seconds) in the owner's zone."""
    return datetime.fromtimestamp(epoch, UTC).astimezone(zone).date()


def _contact_json(contact: Contact | None) -> dict[str, Any] | None:
    if contact is None:
        return None
    return {
        "at": datetime.fromtimestamp(contact.at, UTC).isoformat(),
        "kind": contact.kind,
        "message_id": contact.message_id,
        "subject": contact.subject,
        "reason": contact.reason,
        **({"source": contact.source} if contact.source else {}),
    }
