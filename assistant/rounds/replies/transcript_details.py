"""The lines below a sentence in a transcript: a brief, `show`, `status`, `help`, first drafts.

Briefs and drafts are worded before the transaction, since a mailbox takes seconds for them and a model up to a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from assistant.core.people.cadence import Occasion
from assistant.core.replies.transcript import TranscriptLine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.core.digest.roster_row import Row
    from assistant.core.people.roster import Person
    from assistant.core.replies.plan.plan_lines import PlannedLine, PlannedLines
    from assistant.core.replies.plan.roster_state import RosterState


class Lookups(Protocol):
    """What the owner can ask for by mail or at the shell. Each answer is lines of text."""

    def brief(self, handle: str) -> tuple[str, ...]:
        """Return the prep brief of one person."""
        ...

    def newcomers(self, people: Sequence[Person], occasions: Mapping[str, Occasion]) -> dict[str, tuple[str, ...]]:
        """Return lines by handle for people about to be added: when they are due, and maybe a first draft.

        `occasions` says by handle why the owner hopes to win somebody.
        """
        ...

    def show(self, handle: str) -> tuple[str, ...]:
        """Return everything about one person, with reasons."""
        ...

    def why(self, handle: str) -> tuple[str, ...]:
        """Return what somebody's last card was made from."""
        ...

    def status(self) -> tuple[str, ...]:
        """Return how things stand."""
        ...

    def everyone(self) -> tuple[Row, ...]:
        """Return everybody on the roster, those due first."""
        ...

    def review(self) -> tuple[str, ...]:
        """Return the review of the last whole quarter."""
        ...

    def help(self) -> tuple[str, ...]:
        """Return how to answer a digest. No line of it may read as a command."""
        ...


@dataclass(frozen=True, slots=True)
class Ahead:
    """What was worded before the transaction, by handle: briefs, and lines about people who are added."""

    briefs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    newcomers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def word_ahead(planned: PlannedLines, before: RosterState, answers: Lookups, *, newcomers: bool) -> Ahead:
    """Return the words for planned lines; `before` is the roster before the first of them."""
    steps = planned.steps
    new = [handle for step in steps for handle in added(step)] if newcomers else []
    # Whom the same lines say the owner met isn't due, whatever their mail says.
    noted = [c.after for step in steps for c in step.planned.changes if c.entity == "note" and c.after]
    met = {note["person"] for note in noted if note["kind"] == "met"}
    people = [planned.state.roster.by_handle(handle) for handle in new if handle not in met]
    there = [person for person in people if person]
    briefs = {step.planned.look[1] for step in steps if step.planned.look and step.planned.look[0] == "brief"}
    # Nothing is stored yet about somebody whom this reply adds, so their brief waits for the transaction.
    known = [handle for handle in sorted(briefs) if before.by_handle(handle)]
    # Their notes aren't stored yet either.
    occasions = {
        note["person"]: Occasion(note["text"], note["kind"], date.fromisoformat(note["day"]))
        for note in noted
        if note["kind"] == "occasion"
    }
    lines = answers.newcomers(there, occasions) if there else {}
    return Ahead({handle: answers.brief(handle) for handle in known}, lines)


def added(step: PlannedLine) -> list[str]:
    """Return the handles of the people a line adds to the roster."""
    return [change.key for change in step.planned.changes if (change.entity, change.kind) == ("person", "add")]


def transcript_line(step: PlannedLine, answers: Lookups, worded: Ahead) -> TranscriptLine:
    """Return the line of the transcript for one step."""
    planned = step.planned
    rows: tuple[Row, ...] = ()
    details = (*planned.details, *(line for handle in added(step) for line in worded.newcomers.get(handle, ())))
    if planned.look:
        what, handle = planned.look
        if what == "brief":
            details = worded.briefs[handle] if handle in worded.briefs else answers.brief(handle)
        elif handle:
            details = {"show": answers.show, "why": answers.why}[what](handle)
        else:
            details = {"status": answers.status, "review": answers.review, "help": answers.help}[what]()
            rows = answers.everyone() if what == "status" else ()
    return TranscriptLine(step.line.text, planned.outcome, planned.effect, details, rows)
