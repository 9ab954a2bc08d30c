"""Build one week's digest: decide who is in, gather, word, number, render, freeze.

    standings ──> choose ──> dossiers ──> writer ──> Digest ──> render ──> one transaction: drafts, items, token, outbox

`draw` does everything up to the rendering and changes nothing but the model's cache; `freeze` is the one transaction
after which the digest exists, with the very bytes that will go out.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.core.digest import questions as digest_questions
from assistant.core.digest.model import Digest, DueItem
from assistant.core.digest.week import current, latest
from assistant.core.people.cadence import gaps
from assistant.core.replies import taps
from assistant.render.digest import digest_subject, render_digest
from assistant.render.mail import Party, compose, compose_draft, digest_headers
from assistant.render.phrases import Phrases
from assistant.rounds.delivery import drafts, undelivered
from assistant.rounds.delivery.marks import marks
from assistant.rounds.delivery.restore import catch_up
from assistant.rounds.digest import questions as wording
from assistant.rounds.digest import sections
from assistant.rounds.digest.dossier import gather
from assistant.rounds.digest.result import Built, Drafted, WentBefore
from assistant.rounds.digest.standings import local_day, views
from assistant.rounds.digest.taps import Tapper
from assistant.rounds.first_use import secret_of
from assistant.rounds.scan.aliases import likely_aliases
from assistant.store import contacts, digests, outbox, replies, roster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.digest.week import Due
    from assistant.core.evidence.dossier import Dossier, Words
    from assistant.rounds.context import Round
    from assistant.rounds.digest.standings import View

MOST_PEOPLE = 12
SNOOZE_TAP = timedelta(weeks=2)
DRAFT_FLAGS = ("\\Draft", "\\Seen")


def build(round_: Round, due: Due) -> Built:
    """Build and freeze the digest of `due`; it goes out at the next delivery."""
    built = draw(round_, due)
    round_.step("digest drawn")
    drafts.clear_stale(round_)
    round_.step("before freezing")
    freeze(round_, built)
    round_.step("digest frozen")
    return built


def by_hand(round_: Round) -> Built | WentBefore:
    """Build this week's digest now, as `assistant digest` does; the second time only say when it went.

    One that an earlier version gave up, as SMTP refused it, is ordered again: into INBOX.
    """
    due = current(round_.now, round_.slot)
    catch_up(round_, due)
    known = digests.digest_of_week(round_.store, due.week)
    if known is None:
        return build(round_, due)
    if outbox.entry(round_.store, known[3]).state == "refused":
        into = {"route": "append", "folder": round_.folders.inbox, "not_before": round_.epoch, "done_at": None}
        outbox.set_state(round_.store, known[3], "queued", round_.epoch, **into)
    return went_before(round_, due.week)


def went_before(round_: Round, week: str) -> WentBefore:
    """Return when that week's digest was accepted, or why it was not yet. Raises LookupError where none was built."""
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


def draw(round_: Round, due: Due) -> Built:
    """Return the digest of `due` as it would go out now. Empty roster, empty mailbox: still a digest worth reading."""
    everybody = views(round_.config, round_.store, round_.now)
    chosen, deferred = _choose(round_, everybody)
    dossiers = {view.standing.person.handle: gather(round_, view, due.week) for view in chosen}
    words = round_.writer.words(list(dossiers.values()))
    token = taps.new_token(round_.random_bytes(taps.TOKEN_BYTES))
    secret = secret_of(round_.own_key, token)
    edited = drafts.edited(round_)
    drafted = {
        number: _draft(round_, view, due.week, words[view.standing.person.handle], edited)
        for number, view in enumerate(chosen, start=1)
    }
    tapper = Tapper(
        round_.config.me.control_address,
        token,
        secret,
        Phrases(round_.config.digest.language),
        round_.today + SNOOZE_TAP,
    )
    items = tuple(
        _due_item(round_, tapper, number, view, words, dossiers, drafted[number])
        for number, view in enumerate(chosen, start=1)
    )
    close = frozenset(view.standing.person.handle for view in everybody if view.standing.overdue_days >= 0)
    questions = tuple(digest_questions.choose(_questions(round_), close))
    digest = _assemble(round_, due, everybody, items, deferred, questions, tapper)
    return _rendered(round_, due, digest, token, secret, drafted, questions)


def _choose(round_: Round, everybody: Sequence[View]) -> tuple[list[View], list[View]]:
    """Return who is in and who is due and has to wait, both most overdue first."""
    due = [view for view in everybody if view.standing.is_due]
    most = min(round_.config.digest.people, MOST_PEOPLE)
    return due[:most], due[most:]


def _questions(round_: Round) -> list[digest_questions.OpenQuestion]:
    stored = [
        digest_questions.OpenQuestion(q.key, q.payload)
        for q in digests.open_questions(round_.store)
        if q.asked_at is None or not q.key.startswith("mine ")  # asked once; after that `doctor` names it
    ]
    people = roster.load_roster(round_.store)
    new = digest_questions.role_questions(people, round_.config.roles, round_.config.me.company_domains)
    new += likely_aliases(round_.store, round_.config, round_.now)
    return stored + [question for question in new if not digests.was_asked(round_.store, question.key)]


def _due_item(
    round_: Round,
    tapper: Tapper,
    number: int,
    view: View,
    words: dict[str, Words],
    dossiers: dict[str, Dossier],
    drafted: Drafted,
) -> DueItem:
    stands, person = view.standing, view.standing.person
    item = DueItem(
        number=number,
        handle=person.handle,
        name=person.name,
        role=person.role,
        cadence_days=stands.cadence_days,
        days_since=stands.days_since,
        overdue_days=stands.overdue_days,
        last=view.last,
        last_soft=view.last_soft,
        words=words[person.handle],
        address=drafted.new.address,
        in_drafts=drafted.message is not None,
        made_from=sections.made_from(words[person.handle], dossiers[person.handle]),
        why_not_cadence=sections.why_due(stands, round_.today, tapper.phrases),
    )
    can_send = round_.transport is not None and drafted.new.address is not None
    return tapper.due(item, drafted.new.hash if can_send else None)


def _assemble(
    round_: Round,
    due: Due,
    everybody: Sequence[View],
    items: tuple[DueItem, ...],
    deferred: Sequence[View],
    questions: Sequence[digest_questions.OpenQuestion],
    tapper: Tapper,
) -> Digest:
    language, config = round_.config.digest.language, round_.config
    first = digests.last_week(round_.store, latest(round_.now, config.me.timezone)) is None
    candidates = sections.candidates(round_, first=first)
    found_gaps = gaps(config.roles, [view.standing for view in everybody])
    people = roster.load_roster(round_.store)
    return Digest(
        week=due.week,
        on=round_.today,
        language=language,
        owner_name=config.me.name,
        control_address=config.me.control_address,
        due=items,
        meetings=sections.meetings_of_the_week(round_),
        questions=tuple(tapper.question(item) for item in wording.items(questions, people, tapper.phrases)),
        gaps=wording.gap_items(found_gaps, config.roles, candidates, tapper.phrases),
        candidates=tuple(tapper.candidate(item, tuple(config.roles)) for item in candidates),
        roster=sections.roster_rows(round_, everybody),
        deferred=tuple((view.standing.person.name, sections.why_deferred(config)) for view in deferred),
        scan=sections.scan_line(round_),
        remarks=(*round_.writer.remarks(), *sections.remarks(round_)),
        next_due=sections.next_due(everybody),
        first=first,
        missed_weeks=due.missed,
        seen_since=contacts.seen_since(round_.store, config.me.timezone),
        footer_taps=tapper.footer(),
        linked=sections.linked(round_),
    )


def _draft(round_: Round, view: View, week: str, words: Words, edited: frozenset[str]) -> Drafted:
    """Return one draft; who still has an edited one in Drafts gets the new one in the digest only."""
    person = view.standing.person
    addresses = contacts.addresses_to_write_to(round_.store, person, round_.config.me.timezone)
    thread = contacts.thread_of(round_.store, addresses)
    address = (thread.address if thread else None) or next(iter(addresses), None)
    message_id = f"{round_.random_bytes(16).hex()}@{_domain(round_)}"
    new = digests.NewDraft(
        person=person.handle,
        week=week,
        address=address,
        subject=words.subject,
        body=words.body,
        hash=hashlib.sha256("\0".join((address or "", words.subject, words.body)).encode()).hexdigest(),
        sentences=json.dumps(asdict(words), ensure_ascii=False),
        message_id=message_id,
        in_reply_to=thread.message_id if thread else None,
        references=thread.references if thread else (),
    )
    stays_here = address is None or person.handle in edited
    return Drafted(new, None if stays_here else _draft_bytes(round_, person.name, new))


def _draft_bytes(round_: Round, name: str, new: digests.NewDraft) -> bytes:
    me = round_.config.me
    return compose_draft(
        message_id=new.message_id,
        from_=Party(me.name, me.addresses[0]),
        to=Party(name, new.address or ""),
        subject=new.subject,
        body=new.body,
        date=round_.now.astimezone(me.timezone),
        in_reply_to=new.in_reply_to,
        references=new.references,
    )


def _rendered(
    round_: Round,
    due: Due,
    digest: Digest,
    token: str,
    secret: str,
    drafted: dict[int, Drafted],
    questions: tuple[digest_questions.OpenQuestion, ...],
) -> Built:
    me = round_.config.me
    rendered = render_digest(digest)
    message_id = taps.message_id(token, "digest", _domain(round_))
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
        headers={**digest_headers(control), **marks(round_.own_key, message_id, due.week, _items(digest, drafted))},
    )
    asked = {item.key for item in digest.questions}
    kept = tuple(question for question in questions if question.key in asked)
    return Built(due, digest, rendered, message_id, message, token, secret, drafted, kept)


def _items(digest: Digest, drafted: dict[int, Drafted]) -> dict[str, tuple[str, ...]]:
    """Return what each label means, for the mark in the header: a restored data file finds its digests there."""
    found: dict[str, tuple[str, ...]] = {}
    found |= {str(item.number): ("due", item.handle, drafted[item.number].new.message_id) for item in digest.due}
    found |= {item.label: ("question", item.key) for item in digest.questions}
    found |= {item.label: ("candidate", item.address, item.name) for item in digest.candidates}
    return found


def freeze(round_: Round, built: Built) -> None:
    """Store the digest, its items and drafts, and the orders to deliver them, in one transaction."""
    with round_.store.write():
        order = round_.queue_to_owner(f"digest {built.due.week}", "digest", built.message_id, built.message)
        digest = digests.add_digest(
            round_.store, built.due.week, int(built.due.slot.timestamp()), round_.epoch, built.message_id, order
        )
        replies.issue(
            round_.store,
            token=built.token,
            kind="digest",
            message_id=built.message_id,
            digest=digest,
            secret=built.secret,
            text=built.rendered.text,
            now=round_.epoch,
        )
        items: list[digests.Item] = []
        for item in built.digest.due:
            draft_id = digests.add_draft(round_.store, built.drafts[item.number].new)
            _queue_draft(round_, draft_id, built.drafts[item.number])
            items.append((str(item.number), "due", item.handle, draft_id, {}))
        items += [
            (question.label, "question", None, None, {"key": question.key}) for question in built.digest.questions
        ]
        items += [
            (candidate.label, "candidate", None, None, {"address": candidate.address, "name": candidate.name})
            for candidate in built.digest.candidates
        ]
        digests.add_items(round_.store, digest, items)
        for question in built.questions:
            digests.ensure_question(round_.store, question.key, question.payload)
        digests.mark_asked(round_.store, [question.key for question in built.questions], round_.epoch)


def _queue_draft(round_: Round, draft_id: int, drafted: Drafted) -> None:
    if drafted.message is None:
        return
    me = round_.config.me
    outbox.queue(
        round_.store,
        outbox.Order(
            key=f"draft {draft_id}",
            kind="draft",
            route="append",
            mail_from=me.addresses[0],
            rcpt_to=drafted.new.address or "",
            message_id=drafted.new.message_id,
            message=drafted.message,
            not_before=round_.epoch,
            folder=round_.folders.drafts,
            flags=DRAFT_FLAGS,
        ),
        round_.epoch,
    )


def _domain(round_: Round) -> str:
    return round_.config.me.control_address.rpartition("@")[2]
