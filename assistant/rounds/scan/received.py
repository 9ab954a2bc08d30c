"""Read received mail narrowly: headers of people on the roster, their calendars, and reports of letters that came back.

    roster, sent mail ─> spellings ─> mailbox.received ─> batch ─┬─> received, cursor ─┐
                                                                 ├─> heard ────────────┼─ one transaction a batch
                                                                 └─> bounce ───────────┘
                                            then: what these change for meetings and sent mail is judged again

`[mailbox] received = false` shuts it: no folder is looked at, and what was stored goes. Trouble with one of these
folders never stops a round, unless the server asks to be left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.core.contact.calendar import imip_kind, read_invitations
from assistant.core.contact.verdict import came_back
from assistant.core.language.translation import translated
from assistant.core.mail.delivery_report import original_id, taken_at
from assistant.core.mail.envelope import parse_envelope
from assistant.core.mail.envelope_facts import facts as facts_of
from assistant.core.mail.envelope_facts import from_facts
from assistant.core.mail.header import failed_recipients
from assistant.core.mail.message import Senders
from assistant.core.people.spellings import is_dotless, spellings_of
from assistant.errors import LoginRefusedError, MailboxError, UnreachableError, UserError
from assistant.rounds.scan import withheld
from assistant.rounds.scan.judge import judge_meetings, judging_for, settle_messages
from assistant.rounds.scan.reading_start import owner_of, since_of
from assistant.store import facts, folders, identities, judged_recipients, received
from assistant.store.heard import replace_heard
from assistant.store.messages import sent_instant
from assistant.store.received import REPORT, ReceivedMail
from assistant.store.roster import load_roster

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from assistant.core.mail.envelope import Envelope
    from assistant.core.mail.message import Header
    from assistant.rounds.context import Round
    from assistant.rounds.scan.judge import Judging
    from assistant.store.database import Store

# Reports that arrived earlier say nothing that still matters at the first look.
REPORTS_BACK = timedelta(days=90)
# Seconds between the Date of a letter and when the reporting server took it.
TAKEN_WITHIN = 15 * 60
# Seconds. Servers try for five days (RFC 5321, 4.5.4.1), and clocks differ.
DAY = 24 * 60 * 60
TRIED_FOR = 7 * DAY
# Seconds after which another folder than the first is looked at again.
SELDOM = 60 * 60
# Sent messages in which the owner's spelling of one address is looked for.
MOST_WRITTEN = 20


@dataclass(slots=True)
class _Reading:
    """One round's reading. `people` are the roster's addresses in normal form; `meetings` are UIDs to judge again.

    `answered` are the Message-IDs that mail of theirs names.
    """

    round: Round
    judging: Judging
    people: frozenset[str]
    meetings: set[str] = field(default_factory=set)
    bounces: set[tuple[str, str]] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)


def read_received(round_: Round, *, every_folder: bool) -> None:
    """Read what people on the roster sent since the last round, and forget what people sent who left it.

    Of several folders the first is read, and one that wasn't for an hour; with `every_folder`, all of them. Raises
    UnreachableError only if the server asks to be left alone, LoginRefusedError, and nothing else of the mailbox's.
    """
    store = round_.store
    judging = judging_for(store, round_.config, round_.now)
    if not round_.config.mailbox.received:
        _forget_all(judging)
        return
    spellings = _spellings(round_)
    reading = _Reading(round_, judging, frozenset(spellings))
    with store.write():
        _forget_others(judging, reading.people, {one for some in spellings.values() for one in some})
        _date_again(store, judging)
    everybody = tuple(sorted({one for some in spellings.values() for one in some}))
    for folder in _due(round_, every_folder=every_folder):
        try:
            _read_folder(reading, folder, everybody)
        except (UserError, UnreachableError) as error:
            if isinstance(error, LoginRefusedError) or getattr(error, "retry_after", None) is not None:
                raise
            withheld.note_trouble(store, withheld.RECEIVED + folder, translated(error, round_.config.me.language))
            if isinstance(error, UnreachableError) and not isinstance(error, MailboxError):
                return  # the line is dead, and each further folder would wait for it again


def _due(round_: Round, *, every_folder: bool) -> list[str]:
    """Return the folders and archives to read in this round."""
    first, others = round_.folders.received[:1], round_.folders.received[1:]
    ago = {folder: round_.epoch - int(facts.fact(round_.store, _looked_at(folder)) or 0) for folder in others}
    # A clock that was set back makes the difference negative.
    due = sorted((one for one in others if not 0 <= ago[one] < SELDOM), key=lambda one: -ago[one])
    archives = tuple(str(path) for path in round_.config.mailbox.archives)
    return [*first, *(others if every_folder else due[:1]), *archives]


def _looked_at(folder: str) -> str:
    return f"{withheld.RECEIVED}{folder} looked at"


def _read_folder(reading: _Reading, folder: str, everybody: tuple[str, ...]) -> None:
    round_, store, name = reading.round, reading.round.store, withheld.RECEIVED + folder
    cursor, waiting = withheld.cursor_and_waiting(store, name, round_.epoch)
    if facts.fact(store, f"again {name}"):
        cursor = None
    looked_for = received.looked_for(store, folder)
    new = tuple(one for one in everybody if one not in looked_for)
    known = everybody if cursor is None else tuple(one for one in everybody if one in looked_for)
    senders = Senders(known, () if cursor is None else new, round_.now - REPORTS_BACK if cursor is None else None)
    since = since_of(store, round_.config, round_.now)
    trouble = ""
    for batch in round_.mailbox.received(folder, cursor, senders, since):
        with store.write():
            for header in batch.headers:
                _keep(reading, header, folder)
            folders.set_cursor(store, name, batch.cursor)
            withheld.keep(store, name, batch, waiting, round_.today)
            if cursor is None:
                # From now on the cursor says how far they were looked for, even if this reading is cut off.
                received.note_looked_for(store, folder, everybody)
            _settle(reading)
        trouble = batch.trouble or trouble
    # Most rounds change nothing of this, and a write waits for the disk.
    if new or facts.fact(store, f"again {name}"):
        with store.write():
            received.note_looked_for(store, folder, new)
            facts.set_fact(store, f"again {name}", "")
    if folder in round_.folders.received[1:]:
        facts.set_fact(store, _looked_at(folder), str(round_.epoch))
    withheld.note_trouble(store, name, trouble)


def _settle(reading: _Reading) -> None:
    """Judge again what a batch changed for meetings and for sent mail."""
    judge_meetings(reading.judging, reading.meetings)
    store = reading.round.store
    judged_recipients.add_bounces(store, reading.bounces)
    # Who answers a letter got it, so an answer may prove a report wrong.
    changed = {message_id for message_id, _ in reading.bounces}
    changed |= judged_recipients.bounced_addresses(store, reading.answered).keys()
    if changed:
        settle_messages(reading.judging, sorted(changed), [], ())
    for some in (reading.meetings, reading.bounces, reading.answered):
        some.clear()


def _keep(reading: _Reading, header: Header, folder: str) -> None:
    """Store one message if it's from the roster, or the report of a letter of the owner's; else leave it."""
    store = reading.round.store
    envelope = parse_envelope(
        header.header,
        flags=header.flags,
        internaldate=header.internaldate,
        size=header.size,
        now=reading.round.now,
    )
    place = header.locator._replace(folder=folder)
    sender = envelope.sender[0].address if len(envelope.sender) == 1 else ""
    if sender in reading.people:
        mail = ReceivedMail(envelope.message_id, sender, sent_instant(envelope)[0], _mail_facts(envelope, header))
        reading.answered |= {*filter(None, (envelope.in_reply_to_id, *envelope.references))}
        _hear(reading, header, envelope, sender, received.keep_received(store, place, mail))
    elif header.reports and (report := _report(store, header, envelope)) is not None:
        mail = ReceivedMail(envelope.message_id, REPORT, sent_instant(report)[0], facts_of(report))
        received.keep_received(store, place, mail)
        reading.bounces |= came_back(report)


def _mail_facts(envelope: Envelope, header: Header) -> str:
    is_body, method = header.calendar_is_body, header.calendar_method
    meeting = imip_kind(envelope, header.calendar, is_body=is_body, method=method, speaks=True)
    return facts_of(replace(envelope, reaction=header.reaction, imip="meeting" if meeting else "", draft=False))


def _hear(reading: _Reading, header: Header, envelope: Envelope, sender: str, key: int) -> None:
    """Store what the calendar parts of a message say, if its sender is one of the people they name."""
    if not header.calendar:
        return
    method = envelope.method or header.calendar_method
    found = [
        one
        for text in header.calendar
        for one in read_invitations(text, method=method, zone=reading.judging.zone)
        if sender in {person.address for person in (one.organiser, *one.attendees) if person is not None}
    ]
    # All components of one message are about one meeting (RFC 5546, 3.2). Each series more would be laid out for years.
    found = [one for one in found if one.uid == found[0].uid]
    at = sent_instant(envelope)[0]
    reading.meetings |= replace_heard(reading.round.store, f"received {key}", sender, at, found)


def _report(store: Store, header: Header, envelope: Envelope) -> Envelope | None:
    """Return a delivery report with nothing in it but which letter of the owner's didn't reach whom; None if none."""
    text = header.reports[0]
    failed = failed_recipients(text)
    if not failed:
        return None
    named = (header.returned, original_id(text), envelope.answered)
    letter = next((one for one in named if one and received.keys_of(store, one)), "")
    taken = taken_at(text)
    if not letter and taken is not None and _gave_up_by(header, taken):
        # Some servers give a letter another Message-ID, and some reports name none.
        letter = received.sent_around(store, failed, int(taken.timestamp()), TAKEN_WITHIN)
    if not letter:
        return None
    return replace(
        envelope, subject="", sender=(), to=(), cc=(), bcc=(), references=(), resent=None, marks={}, draft=False,
        in_reply_to=f"<{letter}>", failed=failed,
    )  # fmt: skip


def _gave_up_by(header: Header, taken: datetime) -> bool:
    """Return whether a report arrived while a server may still have tried to deliver what it took then.

    Otherwise a stranger who knows no Message-ID could guess the time of any letter of the owner's.
    """
    arrived = header.internaldate
    # As numbers: to the last of all dates no days can be added.
    return arrived is not None and -DAY <= arrived.timestamp() - taken.timestamp() <= TRIED_FOR


def _spellings(round_: Round) -> dict[str, tuple[str, ...]]:
    """Return how the address of each person on the roster may be written, by normal address; without the owner's."""
    store = round_.store
    people = [one for one in load_roster(store).people if one.status != "dropped"]
    owner = owner_of(store, round_.config)
    named = {address: one.name for one in people for address in one.addresses if address not in owner}
    seen = identities.names_of_addresses(store, named)
    return {
        address: spellings_of(address, _written(round_, address), (name, *seen.get(address, ())))
        for address, name in named.items()
    }


def _written(round_: Round, address: str) -> Iterable[str]:
    """Yield an address as the owner wrote it."""
    local = address.rpartition("@")[0]
    # Most addresses have no other spelling than one with a tag, so most messages needn't be read.
    text = "@" if is_dotless(address) or "xn--" in address else f"{local}+"
    for told in received.facts_to(round_.store, address, text, MOST_WRITTEN):
        envelope = from_facts(told, round_.now)
        people = (*envelope.to, *envelope.cc, *envelope.bcc)
        yield from (one.raw for one in people if one.address == address)


def _forget_others(judging: Judging, people: frozenset[str], spellings: set[str]) -> None:
    """Forget the mail of people who aren't on the roster any more."""
    store = judging.store
    _forget_mail(judging, {*people, REPORT})
    received.forget_looked_for(store, spellings)


def _forget_mail(judging: Judging, kept: Collection[str]) -> None:
    """Forget received mail but that of the senders `kept`, and what it said of meetings."""
    store = judging.store
    gone = received.forget_received(store, kept)
    judge_meetings(judging, {uid for key in gone for uid in replace_heard(store, f"received {key}", "", None, [])})


def _forget_all(judging: Judging) -> None:
    """Forget everything that received mail told."""
    store = judging.store
    with store.write():
        told = [from_facts(one, judging.now) for one in received.reports(store)]
        lost = {pair for report in told for pair in came_back(report)}
        judged_recipients.remove_bounces(store, lost)
        letters = [key for message_id, _ in lost for key in received.keys_of(store, message_id)]
        settle_messages(judging, [], letters, (), again=True)
        _forget_mail(judging, ())
        received.forget_looked_for(store, ())
        folders.forget_folders(store, withheld.RECEIVED)


def _date_again(store: Store, judging: Judging) -> None:
    # The clock may have been behind when a message was read, so that its date seemed to lie ahead.
    for key, told in received.undated(store):
        at = sent_instant(from_facts(told, judging.now))[0]
        if at is not None:
            received.set_date(store, key, at)
