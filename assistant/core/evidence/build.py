"""From rows and stripped texts to one person's dossier (docs/writer.md, "What it is made from").

    person, notes, wins, goals, meetings, own mails ->  cleaned, bounded, dated  ->  E1…En  ->  Dossier

Everything others may have shaped (names, subjects, summaries, mail text) is cleaned on the way in: no markup, link,
invisible character or line that reads like an instruction becomes evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from assistant.core.evidence.dossier import FOR_THE_OWNER, Dossier, Evidence
from assistant.core.evidence.free_time import free_in_words
from assistant.core.evidence.letters import (
    crowd_greeted,
    nicknames,
    read_letter,
    usual_greeting,
    usual_sign_off,
)
from assistant.core.evidence.open_loops import open_loops
from assistant.core.evidence.owner_text import EXCERPT_LIMIT, from_html, one_line
from assistant.core.evidence.subjects import clean_subject, topic_of
from assistant.core.evidence.what_fits import fitting_wins, promised_news, untold, ways_to_meet
from assistant.core.language.calendar_words import WEEKDAYS
from assistant.core.language.days_in_words import ago, day_in_words
from assistant.core.language.detect import address_form, detect
from assistant.core.language.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from assistant.core.evidence.dossier import EvidenceKind
    from assistant.core.evidence.letters import Letter
    from assistant.core.language.data_files import Language
    from assistant.core.people.cadence import Occasion
    from assistant.core.people.roles import Role
    from assistant.core.people.roster import Person

LETTERS: Final = 3
"""How many of the owner's letters to this person become evidence."""
NOTE_LIMIT: Final = 400
_MOST: Final[dict[str, int]] = {"met": 3, "note": 5, "advice": 3, "win": 3, "goal": 3, "ask": 3} | dict.fromkeys(
    FOR_THE_OWNER, 1
)
_NOTE_KINDS: Final[tuple[EvidenceKind, ...]] = (
    "met", "note", "advice", "ask", "goal", "see-me", "motive", "my-motive",
)  # fmt: skip
_OCCASION_KINDS: Final[dict[str, EvidenceKind]] = {
    "meeting": "meeting", "mail": "contact", "ask": "ask", "reached": "goal",
}  # fmt: skip
_OCCASION_HEADS: Final = {
    "promised": "you promised: ",
    "introduced": "they introduced you: ",
    "favour": "they did you a favour: ",
}
_HOW: Final = {"mail": "by mail", "meeting": "in a meeting", "done": "you were in touch"}


@dataclass(frozen=True, slots=True)
class NoteFact:
    """One note of the owner's: kind is note, met, advice, win, goal or ask; `verb` for met (met, called, …)."""

    day: date
    kind: str
    text: str
    verb: str = ""


@dataclass(frozen=True, slots=True)
class OwnMail:
    """One message the owner sent to this person; `text` is the text part, `html` the HTML part ("" for none).

    `alone` says whether it went to nobody else; those that did not are used only where there is no such letter.
    """

    on: date
    subject: str
    text: str
    html: str = ""
    alone: bool = True


@dataclass(frozen=True, slots=True)
class MeetingFact:
    """One meeting with this person from the calendar; `on` in the owner's zone, after today when it is to come."""

    on: date
    summary: str


@dataclass(frozen=True, slots=True)
class LastFact:
    """The last full contact: its day, the subject (None for what the owner said), and mail, meeting or the verb."""

    on: date
    subject: str | None = None
    kind: str = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is stored and read of one person, as it is found: not yet cleaned, bounded or numbered.

    `language` is the owner's own: of the small print, and of the draft where the mails do not tell another.
    `notes` are those about this person, `wins` and `goals` the owner's; `mails` the owner's own to this person, in any
    order (the latest 3 count). `previous` holds the sentences this person's last draft and brief were made of,
    `drafted` the bodies of all drafts to them. `inside`: they work at the owner's company (None: not known). `slots`
    are when free half-hours begin that may be offered (owner's zone).
    """

    person: Person
    role: Role | None
    today: date
    week: str
    owner_name: str
    language: Language = "en"
    goals: Sequence[str] = ()
    wins: Sequence[NoteFact] = ()
    notes: Sequence[NoteFact] = ()
    last: LastFact | None = None
    mails: Sequence[OwnMail] = ()
    meetings: Sequence[MeetingFact] = ()
    overdue_days: int = 0
    cadence_days: int | None = None
    situation: str = "due"
    occasion: Occasion | None = None
    previous: Sequence[str] = ()
    drafted: Sequence[str] = ()
    inside: bool | None = None
    slots: Sequence[datetime] = ()


def build_dossier(facts: PersonFacts) -> Dossier:
    """Return everything the writer may know of the person, numbered E1…En."""
    person, last, language = facts.person, facts.last, facts.language
    name = one_line(person.name, 80) or person.handle
    written = _letters(facts, name)
    newest = written[0] if written else None  # its text may be missing: its subject and its day are known
    letters = [letter for letter in written if letter.words][:LETTERS]
    written_in = detect("\n".join(letter.words for letter in letters)) or language
    # A note of the letter's own day says what was promised, not that it is done.
    loops = open_loops(letters, noted=[(note.day, note.text) for note in facts.notes])
    said = [f"{letter.subject}\n{letter.words}" for letter in letters]
    said += [*(note.text for note in facts.notes), person.goal or ""]
    fitting = fitting_wins(_fresh(facts), said, goals=facts.goals, advocate=_speaks_up(facts), drafted=facts.drafted)
    kept = promised_news(loops, letters, untold(_fresh(facts), facts.drafted), written_in)
    loops = tuple(
        replace(loop, told_by=one_line(kept[loop].text, NOTE_LIMIT) if loop in kept else "") for loop in loops
    )
    # What was promised comes first, and fits whatever it shares.
    fitting = [*dict.fromkeys([*kept.values(), *fitting])]
    wins = [(win, line) for win in fitting if (line := one_line(win.text, NOTE_LIMIT))][: _MOST["win"]]
    forms = (address_form(f"{letter.greeting or ''}\n{letter.words}", written_in) for letter in letters)
    forbidden, preferred = ways_to_meet(note.text for note in facts.notes)
    dossier = Dossier(
        person=replace(person, name=name, goal=_goal_of(facts)),
        today=facts.today,
        week=facts.week,
        owner_name=one_line(facts.owner_name, 80),
        language=written_in,
        evidence=(),
        last_contact_on=last.on if last else None,
        last_subject=clean_subject(last.subject) if last and last.subject else None,
        days_since=(facts.today - last.on).days if last else None,
        overdue_days=facts.overdue_days,
        greeting=usual_greeting(letters),
        sign_off=usual_sign_off(letters),
        owner_goals=tuple(line for goal in facts.goals if (line := one_line(goal, NOTE_LIMIT))),
        wins=tuple(line for _, line in wins),
        situation=facts.situation,
        occasion=_occasion(facts),
        occasion_kind=facts.occasion.kind if facts.occasion else "",
        occasion_on=facts.occasion.on if facts.occasion else None,
        kept_by=one_line(facts.occasion.kept_by, NOTE_LIMIT) if facts.occasion else "",
        playbook=facts.role,
        last_kind=_last_kind(last, facts.notes),
        cadence_days=facts.cadence_days,
        previous=tuple(facts.previous),
        topic=topic_of(clean_subject(newest.subject), written_in) if newest else None,
        last_letter_on=newest.on if newest else None,
        inside=facts.inside,
        peer=next((note.text == "yes" for note in facts.notes if note.kind == "peer"), None),
        forbidden=forbidden,
        preferred=preferred,
        formal=next((form for form in forms if form is not None), False),
        owner_language=language,
        slots=tuple(facts.slots),
    )
    rows = [*_roster(dossier), *_computed(dossier), *_notes(facts)]
    if facts.slots:
        rows.append(Evidence("", "computed", free_in_words(facts.slots), None, _source("free", None, language)))
    rows += [Evidence("", "win", line, win.day, _source("win", win.day, language)) for win, line in wins]
    goals = dossier.owner_goals[: _MOST["goal"]]
    rows += [Evidence("", "goal", goal, None, _source("goal", None, language)) for goal in goals]
    rows += _meetings(facts)
    rows += [
        Evidence("", "message", text, letter.on, _source("mail", letter.on, language))
        for letter in letters
        if (text := _excerpt(letter))
    ]
    rows += [Evidence("", "loop", loop.quote, loop.on, _source("mail", loop.on, language)) for loop in loops]
    rows += [row for row in _occasion_rows(dossier) if not any(row.text in other.text for other in rows)]
    evidence = tuple(replace(row, number=f"E{index}") for index, row in enumerate(rows, start=1))
    quoted = {row.text: row.number for row in evidence if row.kind == "loop"}
    return replace(dossier, evidence=evidence, loops=tuple(replace(loop, number=quoted[loop.quote]) for loop in loops))


def _letters(facts: PersonFacts, name: str) -> list[Letter]:
    """Return the letters to this person alone, newest first; those to a few people only where there are none."""
    mails = sorted(facts.mails, key=lambda mail: mail.on, reverse=True)
    bodies = [mail.text if mail.text.strip() else from_html(mail.html) for mail in mails]
    owner = " ".join([facts.owner_name, *nicknames(bodies)])
    read = [
        read_letter(mail.on, mail.subject, body, name=name, owner=owner, alone=mail.alone)
        for mail, body in zip(mails, bodies, strict=True)
    ]
    # A merge sends each its own copy: what greets a crowd was written to one.
    own = [letter for letter in read if not crowd_greeted(letter)]
    return [letter for letter in own if letter.alone] or own


def _excerpt(letter: Letter) -> str:
    """Return a letter as evidence: greeting and sign-off stay, since they are the owner's voice."""
    text = "\n\n".join(part for part in (letter.greeting, letter.words, letter.sign_off) if part)
    if len(text) <= EXCERPT_LIMIT:
        return text
    cut = text[:EXCERPT_LIMIT]
    end = max(cut.rfind(mark) for mark in (". ", ".\n", "! ", "? ", "\n"))
    return cut[: end + 1].rstrip() if end > EXCERPT_LIMIT // 2 else cut.rsplit(" ", 1)[0]


def _fresh(facts: PersonFacts) -> list[NoteFact]:
    """Return the wins since the last contact, newest first: older ones may have been told in it."""
    return sorted(
        (win for win in facts.wins if facts.last is None or win.day >= facts.last.on),
        key=lambda win: win.day,
        reverse=True,
    )


def _speaks_up(facts: PersonFacts) -> bool:
    return facts.person.role == "advocate" and facts.inside is not False


def shared(dossier: Dossier, share: str) -> Dossier:
    """Return what of the dossier may go to a model: `subjects` leaves out every text of a message, `nothing` all."""
    if share == "excerpts":
        return dossier
    kept = () if share == "nothing" else tuple(e for e in dossier.evidence if e.kind not in {"message", "loop"})
    return replace(dossier, evidence=kept)


def _last_kind(last: LastFact | None, notes: Sequence[NoteFact]) -> str:
    """Return how the last contact went: the owner's own verb for it where a note of that day has one."""
    if last is None:
        return "mail"
    verbs = (note.verb for note in notes if note.kind == "met" and note.day == last.on and note.verb)
    return next(verbs, last.kind) if last.kind not in {"mail", "meeting"} else last.kind


def _goal_of(facts: PersonFacts) -> str | None:
    # A goal that is reached was cleared, and is what the thanks are for.
    goal = _occasion(facts) if facts.situation == "goal-met" and facts.occasion else facts.person.goal
    return one_line(goal, NOTE_LIMIT) or None if goal else None


def _occasion(facts: PersonFacts) -> str:
    # What somebody wrote to the owner is for the owner's eyes: not even its subject may reach a model.
    if facts.occasion is None or facts.occasion.kind == "received":
        return ""
    text = one_line(facts.occasion.text, NOTE_LIMIT)
    return (clean_subject(text) or "") if facts.occasion.kind in {"meeting", "mail"} else text


def _occasion_rows(dossier: Dossier) -> list[Evidence]:
    """Return what the situation rests on as evidence; empty for nothing."""
    kind, day, language = dossier.occasion_kind, dossier.occasion_on, dossier.owner_language
    rows = []
    if dossier.occasion:
        as_kind = _OCCASION_KINDS.get(kind, "note")
        source = _source("mail" if kind == "mail" else as_kind, day, language)
        rows.append(Evidence("", as_kind, f"{_OCCASION_HEADS.get(kind, '')}{dossier.occasion}", day, source))
    if dossier.kept_by:
        rows.append(Evidence("", "win", dossier.kept_by, None, _source("note", None, language)))
    return rows


def _newest(facts: Iterable[NoteFact], most: int) -> list[NoteFact]:
    return sorted(facts, key=lambda fact: fact.day, reverse=True)[:most]


def _source(kind: str, day: date | None, language: Language) -> str:
    words = Phrases(language)(f"source.{kind}")
    return f"{words} {day_in_words(day, language)}" if day else words


def _roster(dossier: Dossier) -> list[Evidence]:
    person, language = dossier.person, dossier.owner_language
    marks = [f"role: {person.role}"]
    marks += ["a favourite"] if person.favourite else []
    marks += [f"hoped for as {person.role}, not yet one"] if person.hoped else []
    rows = [Evidence("", "roster", f"{person.name}; {'; '.join(marks)}", None, _source("roster", None, language))]
    if person.goal:
        until = f" (until {day_in_words(person.until, 'en')})" if person.until else ""
        state = "the goal we shared, now met" if dossier.situation == "goal-met" else "the goal we share"
        source = _source("roster", None, language)
        rows.append(Evidence("", "goal", f"{state}: {person.goal}{until}", person.until, source))
    return rows


def _computed(dossier: Dossier) -> list[Evidence]:
    language = dossier.owner_language
    if dossier.last_contact_on is None or dossier.days_since is None:
        return [Evidence("", "computed", "No contact was seen so far.", None, _source("computed", None, language))]
    day = dossier.last_contact_on
    how = _HOW.get(dossier.last_kind, f"you {dossier.last_kind}")
    subject = f', subject "{dossier.last_subject}"' if dossier.last_subject else ""
    text = f"Last contact: {WEEKDAYS['en'][day.weekday()]} {day_in_words(day, 'en')}, {how}{subject}; "
    text += f"{dossier.days_since} days ago, about {ago(dossier.days_since)}."
    if dossier.overdue_days > 0:
        text += f" {dossier.overdue_days} days past the time to write again."
    if dossier.cadence_days:
        text += f" Due every {dossier.cadence_days} days."
    return [Evidence("", "contact", text, day, _source("last", day, language))]


def _notes(facts: PersonFacts) -> list[Evidence]:
    rows = []
    for kind in _NOTE_KINDS:
        for note in _newest((note for note in facts.notes if note.kind == kind), _MOST[kind]):
            text = one_line(note.text, NOTE_LIMIT)
            if text or kind == "met":
                source = _source(kind if kind != "goal" else "note", note.day, facts.language)
                rows.append(Evidence("", kind, text, note.day, source, note.verb))
    return rows


def _meetings(facts: PersonFacts) -> list[Evidence]:
    past = sorted((m for m in facts.meetings if m.on <= facts.today), key=lambda m: m.on, reverse=True)[:2]
    coming = sorted((m for m in facts.meetings if m.on > facts.today), key=lambda m: m.on)[:1]
    return [
        Evidence("", "meeting", clean_subject(m.summary) or "", m.on, _source("meeting", m.on, facts.language))
        for m in [*past, *coming]
    ]
