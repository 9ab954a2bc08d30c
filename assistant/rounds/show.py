"""The reasons behind the numbers: rows of contact, decisions on addresses, everything about one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.core.language.phrases import Phrases
from assistant.core.language.translation import Translatable
from assistant.core.people.handles import people_meant
from assistant.core.people.ledger import holding
from assistant.errors import UserError
from assistant.rounds.digest.roster_status import views
from assistant.rounds.digest.situations import mail_with
from assistant.rounds.scan import link
from assistant.store import contact_report as store_rows
from assistant.store import digests, identities, last_contacts, roster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from zoneinfo import ZoneInfo

    from assistant.config import Config
    from assistant.core.contact.correspondence import Correspondence, Sent, Theirs
    from assistant.core.language.data_files import Language
    from assistant.core.people.identity import Decision
    from assistant.core.people.roster import Note, Person
    from assistant.rounds.digest.roster_status import View
    from assistant.store.contact_report import ContactRow
    from assistant.store.database import Store

SHOWN = 12  # of the latest messages


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything about one person."""

    view: View
    rows: tuple[ContactRow, ...]
    links: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]
    questions: tuple[str, ...]
    zone: ZoneInfo
    language: Language
    seen_since: date | None = None
    mail: Correspondence | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what `show --json` prints."""
        return {
            **self.view.as_json(),
            "mail": None if self.mail is None else self._mail_json(self.mail),
            "links": [{"address": address, "lane": lane} for address, lane in self.links],
            "contacts": [row.as_json() for row in self.rows],
            "notes": [{"id": n.id, "on": n.on, "kind": n.kind, "verb": n.verb, "text": n.text} for n in self.notes],
            "questions": list(self.questions),
        }

    def lines(self) -> list[str]:
        """Return it as lines of text: standing, addresses, contacts with their reasons, notes."""
        stands, person = self.view.standing, self.view.standing.person
        phrases = Phrases(self.language)
        rhythm = stands.cadence_days
        days = phrases("every.day", rhythm) if rhythm else phrases("show.no-clock")
        every = self.view.rhythm(phrases.language) or days
        role = phrases.role_within(person.role, hoped=person.hoped)
        found = [f"{phrases.label(f'{person.name} ({person.handle})')} {role}, {every}", self._last(phrases)]
        found += self._mail(self.mail, phrases) if self.mail else []
        if stands.due_on:
            over = phrases("show.over", stands.overdue_days) if stands.overdue_days > 0 else ""
            found.append(phrases("show.due", day=str(stands.due_on)) + over + ".")
        if stands.snoozed:
            found.append(phrases("show.snoozed", day=str(person.snoozed_until)))
        if person.goal:
            until = phrases("show.until", day=str(person.until)) if person.until else ""
            found.append(phrases("show.goal", goal=person.goal) + until + ".")
        found += [
            phrases("show.said" if lane == "said" else "show.linked", address=address) for address, lane in self.links
        ]
        found += [self._row(row, phrases) for row in self.rows]
        found += [self._note(note, phrases) for note in self.notes]
        return found

    def _note(self, note: Note, phrases: Phrases) -> str:
        what = note.verb or phrases(f"kind.{note.kind}")
        return f"{phrases.label(f'{note.on} {what}')} {note.text}" if note.text else f"{note.on} {what}"

    def _mail(self, mail: Correspondence, phrases: Phrases) -> list[str]:
        """Return what is known of answers: to the owner's last letter, and the owner's own to their last mail."""
        found = []
        if mail.letter and mail.letter.at is not None:
            day = self._day(mail.letter.at)
            if mail.bounced:
                found.append(phrases("show.bounced", day=day))
            elif mail.elsewhere:
                found.append(phrases("show.elsewhere", day=day))
            elif mail.answer is None:
                found.append(phrases("show.unanswered", day=day))
            elif mail.answer.at is not None:
                about = phrases.quote(mail.answer.subject)
                found.append(phrases("show.answered", day=day, answered=self._day(mail.answer.at), subject=about))
        if mail.waits and mail.waits.at is not None:
            name, about = self.view.standing.person.name, phrases.quote(mail.waits.subject)
            found.append(phrases("show.waits", name=name, day=self._day(mail.waits.at), subject=about))
        return found

    def _mail_json(self, mail: Correspondence) -> dict[str, Any]:
        def told(one: Sent | Theirs | None) -> dict[str, Any] | None:
            at = None if one is None or one.at is None else datetime.fromtimestamp(one.at, UTC).isoformat()
            return one and {"message_id": one.message_id, "at": at}

        return {
            "letter": told(mail.letter),
            "answer": told(mail.answer),
            "answered_elsewhere": mail.elsewhere,
            "bounced": mail.bounced,
            "waits": told(mail.waits),
        }

    def _day(self, at: int) -> str:
        return str(datetime.fromtimestamp(at, UTC).astimezone(self.zone).date())

    def _last(self, phrases: Phrases) -> str:
        last = self.view.full
        if last is None:
            return phrases.unseen(self.seen_since) + "."
        about = f" {phrases.quote(last.subject)}" if last.subject else ""
        short = f" [{last.short}]" if last.short else ""
        why = f"{phrases.reason(last.reason, last.source)} ({phrases('show.weight', weight=f'{last.weight:g}')})"
        return f"{phrases.label(phrases('show.last', day=self._day(last.at)))}{about} {why}{short}"

    def _row(self, row: ContactRow, phrases: Phrases) -> str:
        day = row.sent_at.astimezone(self.zone).date() if row.sent_at else phrases("show.undated")
        why, subject = phrases.label(phrases.reason(row.reason, row.source)), phrases.quote(row.subject)
        return f"{day} {row.verdict} {row.weight:g} {why} {subject}" + (f" [{row.short}]" if row.short else "")


def contact_rows(
    config: Config, store: Store, now: datetime, who: str | None, *, everything: bool
) -> Iterator[ContactRow]:
    """Return one row per message and recipient, oldest first; only those of one person if `who` is given.

    `everything` adds what was no contact. Raises UserError if `who` fits nobody or more than one person.
    """
    addresses = addresses_of(store, who) if who else None
    return store_rows.contact_rows(
        store, now.astimezone(config.me.timezone), addresses=addresses, include_all=everything
    )


def addresses_of(store: Store, who: str) -> tuple[str, ...]:
    """Return the addresses of a person on the roster, or `who` itself if it's an address.

    Raises UserError if `who` fits nobody or more than one person.
    """
    people = people_meant(who, roster.load_roster(store).people)
    if len(people) == 1:
        return people[0].addresses
    if not people and "@" in who:
        return (who.strip().lower(),)
    raise UserError(_nobody(who, people))


def shown_decisions(store: Store, *, everything: bool) -> list[Decision]:
    """Return the linked and the doubtful addresses with their reasons; `everything` adds those of nobody."""
    return [one for one in link.address_decisions(store) if everything or one.lane != "none"]


def match_json(decision: Decision) -> dict[str, Any]:
    """Return one row of `match --json`."""
    return {
        "address": decision.address,
        "names": [name for name in decision.names if name],
        "lane": decision.lane,
        "person": decision.person,
        "candidates": list(decision.candidates),
        "reason": decision.reason,
    }


def show_person(config: Config, store: Store, now: datetime, who: str) -> Shown:
    """Return everything about one person on the roster.

    Raises UserError if `who` fits nobody or more than one person.
    """
    everybody = {view.standing.person.handle: view for view in views(config, store, now)}
    people = people_meant(who, [view.standing.person for view in everybody.values()])
    if len(people) != 1:
        raise UserError(_nobody(who, people))
    person = people[0]
    rows = list(
        store_rows.contact_rows(store, now.astimezone(config.me.timezone), addresses=person.addresses, include_all=True)
    )
    lanes = identities.links(store)
    return Shown(
        view=everybody[person.handle],
        rows=tuple(rows[-SHOWN:][::-1]),
        links=tuple((address, lanes[address, person.handle]) for address in person.addresses),
        notes=holding(roster.notes(store, person.handle)),
        questions=tuple(q.key for q in digests.open_questions(store) if q.payload.get("handle") == person.handle),
        zone=config.me.timezone,
        language=config.digest.language,
        seen_since=last_contacts.seen_since(store, config.me.timezone),
        mail=mail_with(config, store, now, person),
    )


def _nobody(who: str, people: tuple[Person, ...]) -> str:
    if people:
        handles = ", ".join(person.handle for person in people)
        return Translatable("More than one person is called “{who}”: {handles}.", who=who, handles=handles)
    return Translatable("Nobody on the roster is called “{who}”. See: assistant people", who=who)
