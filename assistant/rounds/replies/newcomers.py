"""What a transcript says about people who are added: when they are due, and a first draft if that's soon.

    people ─> where they would stand ─> due by the next digest? ─> a draft by rules

All of this is worded before they are added, since a mailbox may take seconds and no transaction should wait for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from assistant.core.digest.week import current
from assistant.core.language.phrases import Phrases
from assistant.core.people.roster import Roster
from assistant.errors import UnreachableError
from assistant.rounds.digest.dossier import dossier_of, gather
from assistant.rounds.digest.roster_status import views
from assistant.rounds.digest.when_due import next_digest, slot_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from assistant.config import Config
    from assistant.core.evidence.dossier import Words
    from assistant.core.people.cadence import Occasion
    from assistant.core.people.roster import Person
    from assistant.rounds.context import Round
    from assistant.rounds.digest.roster_status import View
    from assistant.rounds.ports import Writer
    from assistant.store.database import Store

    Drafter = Callable[[Sequence[View]], dict[str, Words]]

MOST: Final = 3  # first drafts in one transcript; those of others come with the digest


def first_words(
    config: Config,
    store: Store,
    now: datetime,
    people: Sequence[Person],
    drafter: Drafter,
    occasions: Mapping[str, Occasion],
) -> dict[str, tuple[str, ...]]:
    """Return lines by handle for people about to be added. The last line says when the next digest comes.

    People who don't come due (no cadence, or snoozed) get no line. Only those for whom `drafter` has words get a draft.
    `occasions` says by handle why the owner hopes to win somebody.
    """
    t = Phrases(config.digest.language)
    everybody = [_with(view, occasions) for view in views(config, store, now, Roster(tuple(people)))]
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
    """Return drafts by rules, by handle, for people who needn't be on the roster yet; empty if no mail can be read.

    Raises UnreachableError if the mailbox asks to be left alone.
    """
    week = current(round_.now, round_.slot).week
    try:
        return round_.writer.by_rules([gather(round_, view, week) for view in views_of])
    except UnreachableError as error:
        if error.retry_after is not None:
            raise
        return {}  # a failed draft shouldn't stop anybody from being added, and the digest brings one


def drafts_unread(
    config: Config, store: Store, now: datetime, writer: Writer, views_of: Sequence[View]
) -> dict[str, Words]:
    """Return the same from what is stored, without reading mail. Adding somebody at the shell needs no network."""
    week = current(now, slot_of(config)).week
    return writer.by_rules([dossier_of(config, store, now, view, week) for view in views_of])


def draft_lines(words: Words, address: str, t: Phrases) -> tuple[str, ...]:
    """Return a draft as lines to copy: its recipient, its subject, its text; or one line that there is none."""
    if not words.sentences:
        return (t("draft.none"),)
    return (t("to", address=address), t("subject", subject=words.subject), *filter(None, words.body.splitlines()))


def _with(view: View, occasions: Mapping[str, Occasion]) -> View:
    occasion = occasions.get(view.standing.person.handle)
    return replace(view, standing=replace(view.standing, occasion=occasion)) if occasion else view


def _is_due(view: View, by: date) -> bool:
    stands = view.standing
    return stands.due_on is not None and stands.due_on <= by and not stands.snoozed


def _lines(view: View, drafts: dict[str, Words], today: date, soon: date, t: Phrases) -> tuple[str, ...]:
    person, due_on = view.standing.person, view.standing.due_on
    if due_on is None or view.standing.snoozed:
        return ()
    when = t("newcomer.now") if due_on <= today else t("newcomer.due", day=t.day(due_on))
    words = drafts.get(person.handle)
    if words is not None and person.addresses:
        return (t("newcomer.draft", when=when), *draft_lines(words, person.addresses[0], t))
    return (t("newcomer.later", when=when) if due_on <= soon else f"{when}.",)
