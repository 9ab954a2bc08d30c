"""Build one week's digest: decide who is in it, gather evidence, word, number, render and freeze.

    standings ──> who is due ──> dossiers ──> writer ──> cards ──> Digest ──> render ──> Built
    Built ──> one transaction: drafts, items, token, outbox

`draw` does everything up to the rendering, and keeps nothing but the model's answers and what the mailbox was asked.
`freeze` is the one transaction after which the digest exists, with exactly the bytes that will go out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.core.digest.model import Digest, DueItem
from assistant.core.digest.nudges import nudge
from assistant.core.digest.questions import OpenQuestion, choose, fact_questions, role_questions
from assistant.core.digest.week import current, latest
from assistant.core.people.ledger import LASTING
from assistant.core.replies import own_ids
from assistant.render.digest import digest_subject, render_digest
from assistant.render.mail import Party, compose, digest_headers
from assistant.rounds.delivery import drafts, undelivered
from assistant.rounds.delivery.own_headers import marks
from assistant.rounds.delivery.restore import catch_up
from assistant.rounds.digest import sections
from assistant.rounds.digest.building import to_build
from assistant.rounds.digest.card_history import places_of_the_week
from assistant.rounds.digest.dossier import gather
from assistant.rounds.digest.draft import draft_of
from assistant.rounds.digest.freeze import freeze
from assistant.rounds.digest.offers import offered_slots
from assistant.rounds.digest.other_answers import note_other_answers
from assistant.rounds.digest.questions import advice_to_ask_about, gap_items, items, may_be_asked
from assistant.rounds.digest.result import Built, WentBefore
from assistant.rounds.digest.review import review_due
from assistant.rounds.digest.roster_status import closed_to_thank, local_day, views
from assistant.rounds.digest.taps import Tapper
from assistant.rounds.digest.workplaces import own_company, workplaces
from assistant.rounds.first_use import secret_of
from assistant.rounds.scan.aliases import likely_aliases
from assistant.rounds.scan.link import is_moot
from assistant.store import digests, last_contacts, outbox, roster

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assistant.core.digest.model import CandidateItem, MeetingItem
    from assistant.core.digest.places import Places
    from assistant.core.digest.week import Due
    from assistant.core.evidence.dossier import Dossier, Words
    from assistant.core.people.roster import Roster
    from assistant.rounds.context import Round
    from assistant.rounds.digest.building import Building
    from assistant.rounds.digest.result import Drafted
    from assistant.rounds.digest.roster_status import View

SNOOZE_TAP = timedelta(weeks=2)
_FIRST_WEEK = 7  # the first Monday of a month is no later


def build(round_: Round, due: Due) -> Built:
    """Build and freeze the digest of `due`. It goes out with the next delivery."""
    built = draw(round_, due)
    round_.step("digest drawn")
    # Before the new drafts are queued, so that no two drafts to one person are in the folder. Edited ones stay.
    drafts.clear_stale(round_)
    round_.step("before freezing")
    freeze(round_, built)
    round_.step("digest frozen")
    return built


def by_hand(round_: Round) -> Built | WentBefore:
    """Build this week's digest now, as `assistant digest` does. If there is one already, return when it went."""
    due = current(round_.now, round_.slot)
    catch_up(round_, due)  # after a restore it may be in INBOX and unknown here
    known = digests.digest_of_week(round_.store, due.week)
    if known is None:
        return build(round_, due)
    if outbox.entry(round_.store, known[3]).state == "refused":
        # Earlier versions gave a digest up when SMTP refused it. It goes into INBOX now.
        into = {"route": "append", "folder": round_.folders.inbox, "not_before": round_.epoch, "done_at": None}
        outbox.set_state(round_.store, known[3], "queued", round_.epoch, **into)
    return went_before(round_, due.week)


def went_before(round_: Round, week: str) -> WentBefore:
    """Return when that week's digest was accepted, or why it wasn't yet. Raises LookupError if none was built."""
    known = digests.digest_of_week(round_.store, week)
    if known is None:
        raise LookupError(week)
    entry = outbox.entry(round_.store, known[3])
    went = entry.done_at or known[1] if entry.state == "sent" else None
    on = local_day(went, round_.config.me.timezone) if went is not None else None
    return WentBefore(week, on, known[2], undelivered.sentence(entry))


def preview(round_: Round) -> Built:
    """Build this week's digest without storing or sending anything."""
    return draw(round_, current(round_.now, round_.slot))


@dataclass(frozen=True, slots=True)
class _Card:
    """One person in the digest: where they stand, and what was written for them."""

    number: int
    view: View
    dossier: Dossier
    words: Words
    drafted: Drafted


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What every part of one digest is made from."""

    round_: Round
    due: Due
    people: Roster
    everybody: Sequence[View]
    candidates: tuple[CandidateItem, ...]
    build_up: Building
    tapper: Tapper


def draw(round_: Round, due: Due) -> Built:
    """Return the digest of `due` as it would go out now. It's worth reading even with an empty roster or mailbox."""
    people = roster.load_roster(round_.store)
    # Before anybody is chosen, since what was sent decides who comes up.
    edited = drafts.edited(round_)
    note_other_answers(round_, people)
    everybody = views(round_.config, round_.store, round_.now, people)
    candidates = sections.candidates(round_, people, due.week, first=_is_first(round_))
    build_up = to_build(round_, due.week, people, everybody, candidates)
    drawing = _Drawing(round_, due, people, everybody, candidates, build_up, _tapper(round_))
    up = [*closed_to_thank(round_.config, round_.store, round_.now, people), *everybody]
    places = places_of_the_week(round_, due.week, up, build_up.handles)
    by_handle = {view.standing.person.handle: view for view in (*up, *filter(None, (build_up.gap,)))}
    chosen = [by_handle[one] for one in places.cards]
    slots = offered_slots(round_, chosen)  # reads the calendars, which then have this week's meetings
    meetings = sections.meetings_of_the_week(round_, people)
    worded = _worded(drawing, [*chosen, *_to_meet(drawing, meetings, chosen)], slots)
    cards = _cards(drawing, chosen, worded, edited)
    close = frozenset(view.standing.person.handle for view in everybody if view.standing.overdue_days >= 0)
    questions = choose(_questions(drawing), close)
    briefed = tuple(_briefed(drawing, item, worded, chosen) for item in meetings)
    return _rendered(drawing, _digest(drawing, cards, places, questions, briefed), cards, questions)


def _is_first(round_: Round) -> bool:
    return digests.last_week(round_.store, latest(round_.now, round_.config.me.timezone)) is None


def _tapper(round_: Round) -> Tapper:
    token = own_ids.new_token(round_.random_bytes(own_ids.TOKEN_BYTES))
    secret = secret_of(round_.own_key, token)
    return Tapper(round_.config.me.control_address, token, secret, round_.phrases, round_.today + SNOOZE_TAP)


def _to_meet(drawing: _Drawing, meetings: Sequence[MeetingItem], chosen: Sequence[View]) -> list[View]:
    """Return the people of this week's meetings who have no card: they are briefed at their meeting."""
    handles = {handle for meeting in meetings for handle in meeting.handles}
    handles -= {view.standing.person.handle for view in chosen}
    return [view for view in drawing.everybody if view.standing.person.handle in handles]


def _worded(
    drawing: _Drawing, wanted: Sequence[View], slots: Mapping[str, Sequence[datetime]]
) -> dict[str, tuple[Dossier, Words]]:
    """Return the evidence and the words on each of these people, by handle. `slots` may be offered to them."""
    dossiers = [
        gather(drawing.round_, view, drawing.due.week, slots.get(view.standing.person.handle, ())) for view in wanted
    ]
    # All dossiers at once, so that the writer can ask the model about several people at the same time.
    words = drawing.round_.writer.words(dossiers)
    return {dossier.person.handle: (dossier, words[dossier.person.handle]) for dossier in dossiers}


def _cards(
    drawing: _Drawing,
    chosen: Sequence[View],
    worded: Mapping[str, tuple[Dossier, Words]],
    edited: frozenset[str],
) -> list[_Card]:
    """Return the cards of the chosen people, numbered in this order."""
    round_, week = drawing.round_, drawing.due.week
    cards = []
    for number, view in enumerate(chosen, start=1):
        dossier, written = worded[view.standing.person.handle]
        cards.append(_Card(number, view, dossier, written, draft_of(round_, view, week, written, edited)))
    return cards


def _briefed(
    drawing: _Drawing, meeting: MeetingItem, worded: Mapping[str, tuple[Dossier, Words]], chosen: Sequence[View]
) -> MeetingItem:
    """Return a meeting with a brief on each of its people whose card doesn't hold one."""
    t, carded = drawing.tapper.phrases, {view.standing.person.handle for view in chosen}
    lines = []
    for name, handle in zip(meeting.people, meeting.handles, strict=True):
        # Somebody dropped from the roster is at the meeting all the same, and has no brief.
        if handle in worded and handle not in carded:
            told = [f"{t.label(t(f'brief.{line.kind}'))} {line.text}" for line in worded[handle][1].brief]
            lines += [f"{name}. {one}" for one in told] if len(meeting.people) > 1 else told
    return replace(meeting, brief=tuple(lines))


def _questions(drawing: _Drawing) -> list[OpenQuestion]:
    round_, config = drawing.round_, drawing.round_.config
    stored = [
        OpenQuestion(q.key, q.payload)
        for q in digests.open_questions(round_.store)
        if may_be_asked(q, round_.epoch) and not is_moot(round_.store, q.key, q.payload)
    ]
    company, places = own_company(round_, drawing.people), workplaces(round_, drawing.people)
    new = role_questions(drawing.people, config.roles, places, company, digests.keys_asked(round_.store, "role"))
    noted = {(note.person or "", note.kind) for note in roster.all_notes(round_.store, *LASTING)}
    new += fact_questions(drawing.people, config.roles, noted, digests.keys_asked(round_.store, "fact"))
    new += likely_aliases(round_.store, config, round_.now)
    new += advice_to_ask_about(round_, drawing.people)
    return stored + [question for question in new if not digests.was_asked(round_.store, question.key)]


def _due_item(drawing: _Drawing, card: _Card) -> DueItem:
    stands, person, new = card.view.standing, card.view.standing.person, card.drafted.new
    item = DueItem(
        number=card.number,
        handle=person.handle,
        name=person.name,
        role=person.role,
        cadence_days=stands.cadence_days,
        days_since=stands.days_since,
        overdue_days=stands.overdue_days,
        last=card.view.last,
        words=sections.new_words(drawing.round_, card.words, card.dossier, drawing.due.week),
        address=new.address,
        in_drafts=card.drafted.message is not None,
        made_from=sections.made_from(card.words, card.dossier),
        situation=card.dossier.situation,
        why_not_cadence=_reason(drawing, card),
        hoped=person.hoped,
    )
    return drawing.tapper.due(item)


def _reason(drawing: _Drawing, card: _Card) -> str | None:
    """Return why somebody has a card, in the words of their role, else in ours; None for no more than the days."""
    said = nudge(card.view.standing, card.dossier)
    if said is not None:
        return said or None
    return sections.why_due(card.view.standing, drawing.round_.today, drawing.tapper.phrases)


def _digest(
    drawing: _Drawing,
    cards: Sequence[_Card],
    places: Places,
    questions: Sequence[OpenQuestion],
    meetings: tuple[MeetingItem, ...],
) -> Digest:
    round_, config, tapper = drawing.round_, drawing.round_.config, drawing.tapper
    asked = items(questions, drawing.people, tapper.phrases)
    review = review_due(round_, drawing.due.week, drawing.everybody)
    names = {person.handle: person.name for person in drawing.people.people}
    due = tuple(_due_item(drawing, card) for card in cards)
    return Digest(
        week=drawing.due.week,
        on=round_.today,
        language=config.digest.language,
        owner_name=config.me.name,
        control_address=config.me.control_address,
        due=due,
        meetings=meetings,
        questions=tuple(tapper.question(item) for item in asked),
        gaps=gap_items(
            drawing.build_up,
            config.roles,
            drawing.everybody,
            {c.handle: c.number for c in due},
            tapper.phrases,
            monthly=round_.today.day <= _FIRST_WEEK,
        ),
        candidates=tuple(
            tapper.candidate(item, tuple(config.roles), config.me.company_domains) for item in drawing.candidates
        ),
        roster=sections.roster_rows(config, round_.store, round_.now, drawing.people, drawing.everybody),
        deferred=tuple(names[handle] for handle in places.deferred),
        scan=sections.scan_line(round_),
        remarks=(*round_.writer.remarks(), *sections.remarks(round_)),
        # Who noted things before knows it already, though no digest went out yet.
        first=_is_first(round_) and not roster.all_notes(round_.store),
        missed_weeks=drawing.due.missed,
        seen_since=last_contacts.seen_since(round_.store, config.me.timezone),
        answer_taps=tapper.answers(due, asked),
        footer_taps=tapper.footer(),
        linked=sections.linked(round_, drawing.people),
        review=tapper.review(review) if review else None,
        waiting=tuple(names[handle] for handle in places.waiting),
    )


def _rendered(
    drawing: _Drawing,
    digest: Digest,
    cards: Sequence[_Card],
    questions: Sequence[OpenQuestion],
) -> Built:
    round_, week, token = drawing.round_, drawing.due.week, drawing.tapper.token
    me = round_.config.me
    drafted = {card.number: card.drafted for card in cards}
    rendered = render_digest(digest)
    message_id = own_ids.message_id(token, "digest", _domain(round_))
    control = Party(me.name, me.control_address)
    message = compose(
        message_id=message_id,
        from_=Party("Career assistant", me.control_address),
        to=control,
        subject=digest_subject(digest),
        text=rendered.text,
        html=rendered.html,
        date=round_.now.astimezone(me.timezone),
        references=round_.thread_ids(token),
        headers={**digest_headers(control), **marks(round_.own_key, message_id, week, _items(digest, drafted))},
    )
    asked = {item.key for item in digest.questions}
    kept = tuple(question for question in questions if question.key in asked)
    return Built(drawing.due, digest, rendered, message_id, message, token, drawing.tapper.secret, drafted, kept)


def _items(digest: Digest, drafted: dict[int, Drafted]) -> dict[str, tuple[str, ...]]:
    """Return what each label means, for the header, from which a restored data file learns about its digests."""
    found: dict[str, tuple[str, ...]] = {}
    found |= {
        str(item.number): ("due", item.handle, drafted[item.number].new.message_id, item.situation)
        for item in digest.due
    }
    found |= {item.label: ("question", item.key) for item in digest.questions}
    found |= {item.label: ("candidate", item.address, item.name) for item in digest.candidates}
    return found


def _domain(round_: Round) -> str:
    return round_.config.me.control_address.rpartition("@")[2]
