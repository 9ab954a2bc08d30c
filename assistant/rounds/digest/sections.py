"""The sections around the cards of a digest: meetings, candidates, roster, what was read, remarks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from assistant.core.contact.candidates import ENOUGH, QUIET
from assistant.core.digest.model import CandidateItem, MeetingItem, RosterRow, ScanLine
from assistant.core.language.first_name import first_name
from assistant.core.language.phrases import isolated
from assistant.core.people.roster import Person, Roster
from assistant.core.people.workplace import works_inside
from assistant.rounds.delivery import undelivered
from assistant.rounds.digest import folders_not_read
from assistant.rounds.digest.roster_status import views
from assistant.rounds.replies import passed_over
from assistant.rounds.replies.newcomers import draft_lines, first_drafts
from assistant.rounds.scan import calendars, withheld
from assistant.store import candidates as store_candidates
from assistant.store import contact_report, digests, identities, last_contacts, meetings, messages, outbox

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from assistant.config import Config
    from assistant.core.evidence.dossier import Dossier, Words
    from assistant.core.language.phrases import Phrases
    from assistant.core.people.cadence import Standing
    from assistant.rounds.context import Round
    from assistant.rounds.digest.roster_status import View
    from assistant.store.candidates import Candidate
    from assistant.store.database import Store

MOST_CANDIDATES = 2
PATIENCE = 2  # digests
REMEMBERED = 6  # digests: who was offered twice comes up again four or five later
WEEK = timedelta(days=7)
MONTH = timedelta(days=30.4375)
LINKS_SAID = 5  # new links that are named one by one
TROUBLE_SHOWN = timedelta(days=7)


def candidates(round_: Round, people: Roster, week: str, *, first: bool) -> tuple[CandidateItem, ...]:
    """Return up to two candidates, C1 and C2; nobody whom two of the last six digests offered.

    In the first digest of an owner with an empty roster, the first lapsed candidate has a draft.
    """
    shown = digests.times_offered(round_.store, week, REMEMBERED)
    most = MOST_CANDIDATES + len(shown)
    ranked = store_candidates.candidates(round_.store, people, round_.now, most, round_.config.me)
    # Two running, not every other one, or somebody might never stand in the digest that builds.
    ranked = [one for one in ranked if shown[one.address] < PATIENCE]
    # An owner without a roster is shown whoever comes closest, to begin with somebody.
    ranked = [one for one in ranked if one.ranking.score >= ENOUGH or not people.people]
    found = ranked[:MOST_CANDIDATES]
    items = tuple(_candidate(round_, f"C{number}", one) for number, one in enumerate(found, start=1))
    lapsed = next((number for number, one in enumerate(found) if one.ranking.lapsed), None)
    if lapsed is None or not first or people.people:
        return items
    drafted = replace(items[lapsed], draft=_first_draft(round_, found[lapsed]))
    return (*items[:lapsed], drafted, *items[lapsed + 1 :])


def _first_draft(round_: Round, found: Candidate) -> tuple[str, ...]:
    """Return a draft to a candidate, as if they had the guessed role."""
    person = Person(found.address, found.name or found.address, found.guess or "", addresses=(found.address,))
    view = [
        replace(one, standing=replace(one.standing, why="candidate"))
        for one in views(round_.config, round_.store, round_.now, Roster((person,)))
    ]
    words = first_drafts(round_, view).get(person.handle)
    return draft_lines(words, found.address, round_.phrases) if words else ()


def _candidate(round_: Round, label: str, found: Candidate) -> CandidateItem:
    return CandidateItem(
        label=label,
        address=found.address,
        name=found.name,
        messages=found.messages,
        guess=found.guess,
        why=reason(found, round_.config.me.company_domains, round_.phrases),
    )


def reason(found: Candidate, company_domains: Collection[str], phrases: Phrases) -> str:
    """Return what speaks for somebody beside the number of mails: a silence, a move, a colleague; "" for nothing."""
    figures, domain = found.ranking, found.address.rpartition("@")[2]
    said = []
    if figures.resumed:
        said.append(phrases("candidate.resumed", span=_span(figures.resumed, phrases)))
    elif figures.quiet >= 2 * figures.usual and figures.quiet > 1:
        said.append(phrases("candidate.quiet", span=_span(figures.quiet, phrases)))
    if found.before:
        said.append(phrases("candidate.moved", domain=domain, before=found.before.rpartition("@")[2]))
    elif works_inside(found.address, company_domains):
        said.append(phrases("candidate.inside"))
    return ", ".join(said)


def _span(weeks: float, phrases: Phrases) -> str:
    """Return a time in words: weeks up to a quarter, months beyond."""
    if weeks < QUIET:
        return phrases("span.weeks", round(weeks))
    return phrases("span.months", round(weeks * timedelta(weeks=1) / MONTH))


def meetings_of_the_week(round_: Round, people: Roster) -> tuple[MeetingItem, ...]:
    """Return the meetings of the next seven days with people on the roster, soonest first.

    A meeting that stands in two calendars under two UIDs is one.
    """
    zone = round_.config.me.timezone
    found: dict[tuple[object, ...], MeetingItem] = {}
    for meeting in meetings.meetings_between(round_.store, round_.epoch, round_.epoch + int(WEEK.total_seconds())):
        there = dict.fromkeys(person for address in meeting.addresses for person in people.by_address(address))
        if there:
            start = datetime.fromtimestamp(meeting.start, UTC).astimezone(zone)
            end = datetime.fromtimestamp(meeting.end, UTC).astimezone(zone)
            names, handles = tuple(one.name for one in there), tuple(one.handle for one in there)
            item = MeetingItem(start, end, meeting.summary, names, handles=handles)
            found.setdefault((start, end, frozenset(handles)), item)
    return tuple(sorted(found.values(), key=lambda item: item.start))


def roster_rows(
    config: Config, store: Store, now: datetime, people: Roster, everybody: Sequence[View]
) -> tuple[RosterRow, ...]:
    """Return all active people by role (in the config's order), the most overdue first, with contacts by month."""
    months = last_contacts.months(store, people, now, config.me.timezone)
    order = {name: place for place, name in enumerate(config.roles)}
    rows = [
        RosterRow(
            handle=view.standing.person.handle,
            name=view.standing.person.name,
            role=view.standing.person.role,
            cadence_days=view.standing.cadence_days,
            days_since=view.standing.days_since,
            due_on=view.standing.due_on,
            overdue_days=view.standing.overdue_days,
            months=months.get(view.standing.person.handle, (0,) * 12),
            snoozed_until=view.standing.person.snoozed_until if view.standing.snoozed else None,
            favourite=view.standing.person.favourite,
            hoped=view.standing.person.hoped,
        )
        for view in everybody
    ]
    return tuple(sorted(rows, key=lambda row: order.get(row.role, len(order))))


def why_due(stands: Standing, today: date, phrases: Phrases) -> str | None:
    """Return why somebody is due other than by their cadence, as a sentence; None if it's the cadence.

    If no contact was ever seen, the card says so in place of the days since.
    """
    goal, until, occasion = stands.person.goal, stands.person.until, stands.occasion
    # A person to build something with may not be due, and has a reason of their own.
    if not stands.is_due and occasion is None and stands.why not in {"hoped", "gap", "chance"}:
        return phrases("why.asked")
    if goal and stands.why == "goal-step":
        return phrases("why.goal-step", goal=isolated(goal))
    if goal and until and stands.why == "goal-end":
        key = "why.goal-ended" if until < today else "why.goal-ends"
        return phrases(key, goal=isolated(goal), day=phrases.near_day(until, today))
    told = {"role": phrases.role_within(stands.person.role), "name": first_name(stands.person.name)}
    if occasion:
        told |= {
            "occasion": isolated(occasion.text),
            "kept": isolated(occasion.kept_by),
            "day": phrases.near_day(occasion.on, today),
            "days": phrases("days", (today - occasion.on).days),
        }
        # The closest sentence there is: some situations are told by the kind of their occasion, or without its words.
        kinds = (f"why.{stands.why}-{occasion.kind}", f"why.{stands.why}-said") if occasion.text else ()
        keys = (*kinds, f"why.{stands.why}")
    else:
        keys = (f"why.{stands.why}",)
    return next((phrases(key, **told) for key in keys if phrases.known(key)), None)


def scan_line(round_: Round) -> ScanLine | None:
    """Return what was read, None before the first scan."""
    line = contact_report.scan_line(round_.store, *round_.folders.all_sent)
    if line is None or line.complete_to is None:
        return line
    return replace(line, complete_to=line.complete_to.astimezone(round_.config.me.timezone))


def remarks(round_: Round) -> tuple[str, ...]:
    """Return sentences on mail that wasn't delivered as planned, on unread mail, and on replies that weren't obeyed."""
    store, config, phrases, language = round_.store, round_.config, round_.phrases, round_.config.digest.language
    since = round_.epoch - int(TROUBLE_SHOWN.total_seconds())
    told = passed_over.since_digest(messages.last_digest_at(store))
    not_read = withheld.remarks(store, withheld.places(round_.folders, config.mailbox), language)
    trouble = tuple(
        phrases(
            f"remark.{'refused' if entry.state == 'refused' else 'waiting'}",
            to=entry.order.rcpt_to,
            why=entry.detail or "–",
        )
        for entry in outbox.in_trouble(store, since)
        if entry.order.kind == "send"
    )
    unread = calendars.trouble_of(store, config, round_.now, language)
    mine = undelivered.remarks(store, messages.last_digest_at(store) or 0, phrases)
    replied = passed_over.passed_over(store, config, told, round_.now, language)
    aside = folders_not_read.sentence(folders_not_read.new_ones(store, round_.folders), phrases)
    return (
        *mine,
        *not_read,
        *unread,
        *aside,
        *trouble,
        *replied,
        *passed_over.exposed(store, config, round_.now, language),
    )


def linked(round_: Round, people: Roster) -> tuple[str, ...]:
    """Return the sentence that names the addresses the rules linked since the last digest; empty if there are none."""
    phrases = round_.phrases
    made = identities.linked_since(round_.store, messages.last_digest_at(round_.store))
    if not made:
        return ()
    names = {person.handle: person.name for person in people.people}
    said = [
        phrases("remark.link", domain=address.rpartition("@")[2], name=first_name(names[handle]))
        for address, handle in made[:LINKS_SAID]
    ]
    if len(made) > LINKS_SAID:
        said.append(phrases("remark.links-more", len(made) - LINKS_SAID))
    return (phrases("remark.linked", links=phrases.join(said), name=first_name(names[made[0][1]])),)


def new_words(round_: Round, words: Words, dossier: Dossier, week: str) -> Words:
    """Return the words for a card, without what the brief of the digest before said of the same person."""
    cards = digests.cards_shown(round_.store, week)
    last = {handle for at, handle, _taken_up in cards if at == cards[-1][0]}
    if dossier.person.handle not in last:
        return words
    return replace(words, brief=tuple(line for line in words.brief if line.text not in dossier.previous))


def made_from(words: Words, dossier: Dossier) -> tuple[str, ...]:
    """Return the sources of a draft and brief as text, each once, in the order of the evidence."""
    cited = {number for line in (*words.sentences, *words.brief) for number in line.evidence}
    sources = (piece.source for piece in dossier.evidence if piece.number in cited and piece.source)
    return tuple(dict.fromkeys(sources))
