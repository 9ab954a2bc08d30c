"""What to say of people who were just put on the roster: when they are due, and a first draft where that is soon.

    people ─> where they would stand ─> due before the next digest has gone? ─> a draft by rules

It is worded before they are added: the mailbox of a reply's round may take seconds, which no transaction should. At the
shell no mailbox is opened for it: adding somebody needs no network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.core.digest.week import current
from assistant.core.language.phrases import Phrases
from assistant.core.people.roster import Roster
from assistant.errors import UnreachableError
from assistant.rounds.digest.dossier import dossier_of, gather
from assistant.rounds.digest.roster_status import views
from assistant.rounds.digest.when_due import next_digest, slot_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from assistant.config import Config
    from assistant.core.evidence.dossier import Words
    from assistant.core.people.roster import Person
    from assistant.rounds.context import Round
    from assistant.rounds.digest.roster_status import View
    from assistant.rounds.ports import Writer
    from assistant.store.database import Store

    Drafter = Callable[[Sequence[View]], dict[str, Words]]

MOST: Final = 3
"""How many first drafts one answer shows: the others' come with the digest."""


def first_words(
    config: Config,
    store: Store,
    now: datetime,
    people: Sequence[Person],
    drafter: Drafter,
) -> dict[str, tuple[str, ...]]:
    """Return lines by handle for people about to be added; the last of them says when the next digest comes.

    Whoever has no clock running gets no line, and a draft only whoever `drafter` words one for.
    """
    t = Phrases(config.digest.language)
    everybody = views(config, store, now, Roster(tuple(people)))
    today, comes = now.astimezone(config.me.timezone).date(), next_digest(config, store, now)
    soon = comes.date() if comes else today
    due = [view for view in everybody if _is_due(view, soon)]
    drafts = drafter(due[:MOST]) if due else {}
    lines = {view.standing.person.handle: _lines(view, drafts, today, soon, t) for view in everybody}
    if comes:
        last = people[-1].handle
        lines[last] = (*lines.get(last, ()), t("newcomer.next", day=t.day(comes.date())))
    return lines


def first_drafts(round_: Round, views_of: Sequence[View]) -> dict[str, Words]:
    """Return by handle a draft by rules for people who need not be on the roster yet; empty where no mail can be read.

    Raises UnreachableError where the mailbox asks to be left alone.
    """
    week = current(round_.now, round_.slot).week
    try:
        return round_.writer.by_rules([gather(round_, view, week) for view in views_of])
    except UnreachableError as error:
        if error.retry_after is not None:
            raise
        return {}  # being added is worth more, and the digest brings a draft


def drafts_unread(
    config: Config, store: Store, now: datetime, writer: Writer, views_of: Sequence[View]
) -> dict[str, Words]:
    """Return the same by what is stored alone: no mail is read."""
    week = current(now, slot_of(config)).week
    return writer.by_rules([dossier_of(config, store, now, view, week) for view in views_of])


def draft_lines(words: Words, address: str, t: Phrases) -> tuple[str, ...]:
    """Return a draft to be copied: whom it goes to, its subject, its text; that there is none where there is none."""
    if not words.sentences:
        return (t("draft.none"),)
    return (t("to", address=address), t("subject", subject=words.subject), *filter(None, words.body.splitlines()))


def _is_due(view: View, by: date) -> bool:
    stands = view.standing
    return stands.due_on is not None and stands.due_on <= by and not stands.snoozed


def _lines(view: View, drafts: dict[str, Words], today: date, soon: date, t: Phrases) -> tuple[str, ...]:
    person, due_on = view.standing.person, view.standing.due_on
    if due_on is None or view.standing.snoozed:
        return ()
    when = t("over.now") if due_on <= today else t("newcomer.due", day=t.day(due_on))
    words = drafts.get(person.handle)
    if words is not None and person.addresses:
        return (t("newcomer.draft", when=when), *draft_lines(words, person.addresses[0], t))
    return (t("newcomer.later", when=when) if due_on <= soon else f"{when}.",)
