"""The digest as a value: who is in it, in which order and under which number. `render` makes HTML and text of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from assistant.core.digest.review import Review
    from assistant.core.evidence.dossier import Words
    from assistant.core.language.data_files import Language


@dataclass(frozen=True, slots=True)
class LastContact:
    """When the owner was last in touch with somebody, and how we know.

    `reason` is the rule's word (docs/how-contact-is-inferred.md) or the owner's verb (`met`, `called`). If the owner
    said it, `subject` and `message_id` are None. `short` is the message's short id, for `not contact ID`. `source` is
    what a meeting rests on other than the owner's own message, as in `store.heard`.
    """

    on: date
    kind: str
    subject: str | None
    reason: str
    message_id: str | None = None
    short: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Tap:
    """One tap: a label, and the mailto: link that opens a ready-made command."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class DueItem:
    """One card of "Reach out".

    `overdue_days` is 0 or less if the person isn't overdue. `days_since` is None if no contact was seen since
    `Digest.seen_since`. `why_not_cadence` is a reason in words other than the cadence (an open goal without a step, a
    gap to fill), else None. `situation` is that of the dossier. Of somebody who isn't on the roster, who could fill a
    gap, `handle` is the address.
    """

    number: int
    handle: str
    name: str
    role: str
    cadence_days: int | None
    days_since: int | None
    overdue_days: int
    last: LastContact | None
    words: Words
    address: str | None
    in_drafts: bool
    made_from: tuple[str, ...]
    why_not_cadence: str | None = None
    situation: str = ""
    taps: tuple[Tap, ...] = ()
    hoped: bool = False


@dataclass(frozen=True, slots=True)
class MeetingItem:
    """A meeting this week with people on the roster. Times are aware, in the owner's zone."""

    start: datetime
    end: datetime
    summary: str
    people: tuple[str, ...]
    brief: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionItem:
    """One question: its `label` ("Q1"), the text, why it is asked, and the possible answers. `who` is a name or ""."""

    label: str
    key: str
    text: str
    why: str
    answers: tuple[str, ...]
    who: str = ""
    taps: tuple[Tap, ...] = ()


@dataclass(frozen=True, slots=True)
class GapItem:
    """A role that is empty or asleep, with one concrete next step in words."""

    role: str
    text: str
    step: str


@dataclass(frozen=True, slots=True)
class CandidateItem:
    """Somebody who is often written to but isn't on the roster.

    `label` is like "C1". `messages` counts one year. `guess` is the role they might have, or None. `draft` is a first
    draft by lines, empty for nearly everybody.
    """

    label: str
    address: str
    name: str
    messages: int
    guess: str | None
    why: str
    taps: tuple[Tap, ...] = ()
    draft: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of "Your roster". `months` counts the full contacts in each of the last 12 months, oldest first."""

    handle: str
    name: str
    role: str
    cadence_days: int | None
    days_since: int | None
    due_on: date | None
    overdue_days: int
    months: tuple[int, ...]
    snoozed_until: date | None = None
    favourite: bool = False
    hoped: bool = False


@dataclass(frozen=True, slots=True)
class ScanLine:
    """What was read since the last digest; `complete_to` is None where not everything is read yet."""

    new: int
    complete_to: datetime | None


@dataclass(frozen=True, slots=True)
class Digest:
    """The whole Monday email. An empty tuple leaves its section out.

    `linked` says in words which addresses the rules linked since the last digest. `answer_taps` note a win and open the
    sheet that answers everything. `review` is shown in place of the
    roster, None in all but the first digest of a quarter. `waiting` are the names of those who were shown often without
    a reaction and rest, `deferred` of those for whom there is no place this week.
    """

    week: str
    on: date
    language: Language
    owner_name: str
    control_address: str
    due: tuple[DueItem, ...]
    meetings: tuple[MeetingItem, ...]
    questions: tuple[QuestionItem, ...]
    gaps: tuple[GapItem, ...]
    candidates: tuple[CandidateItem, ...]
    roster: tuple[RosterRow, ...]
    deferred: tuple[str, ...]
    scan: ScanLine | None
    remarks: tuple[str, ...]
    first: bool = False
    missed_weeks: tuple[str, ...] = ()
    seen_since: date | None = None
    answer_taps: tuple[Tap, ...] = ()
    footer_taps: tuple[Tap, ...] = ()
    linked: tuple[str, ...] = ()
    review: Review | None = None
    waiting: tuple[str, ...] = ()


QUESTIONS_A_DIGEST = 3
