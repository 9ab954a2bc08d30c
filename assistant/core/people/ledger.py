"""What the owner can note about somebody, or about themselves: the kinds, and what is still open between two people.

The kinds are words of the store, of the roster's TOML and of `assistant log`. docs/roles.md, "The ledger", says how an
owner writes each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from assistant.core.people.roster import Note

TellKind = Literal[
    "note",
    "advice",  # they advised the owner
    "outcome",  # what came of it
    "ask",  # the owner asked them for something
    "tried",  # the owner tried to reach them, in vain
    "gave",  # the owner helped them
    "promised",  # the owner promised them something
    "thanked",
    "intro",  # the owner introduced them to somebody
    "introduced",  # they introduced the owner
    "favour",  # they did the owner another favour
    "see-me",  # how they should see the owner
    "motive",  # what they get from the shared goal
    "my-motive",
    "peer",  # "yes" or "no": whether the owner may complain to them
    "reached",  # a goal shared with them, closed
    "occasion",  # why the owner hopes to win them
    "win",  # of the owner, as is the next
    "goal",
]
KINDS: Final = ("met", *get_args(TellKind))
"""Every kind of note. `met` is a contact and is said with a day."""
HEADS: Final[dict[TellKind, str]] = {kind: kind.replace("-", " ") for kind in get_args(TellKind)} | {
    "introduced": "intro from",
    "favour": "favour from",
}
"""The words a line about each kind begins with ("advice WHO: …")."""
LASTING: Final = ("see-me", "motive", "my-motive", "peer", "occasion")
"""Kinds that hold until they are said again: only the latest note of each counts."""

# After that many requests without anything given back, the next letter asks for nothing (docs/roles.md).
_ASKS_WITHOUT_RETURN: Final = 2
_RETURNS: Final = frozenset({"gave", "thanked", "outcome"})
_OWED_THANKS: Final = frozenset({"introduced", "favour", "reached"})
# Advice is asked about once, when there was time to follow it and it's still fresh (days).
_OUTCOME_FROM, _OUTCOME_UNTIL = 42, 70


def latest(notes: Iterable[Note], kind: str) -> Note | None:
    """Return the latest note of a kind, None if there is none."""
    # By id among those of one day: a later transaction corrects an earlier one.
    return max((note for note in notes if note.kind == kind), key=lambda note: note.place, default=None)


def holding(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return the notes without those that were said again: of each lasting kind the latest, all of the others."""
    found = tuple(notes)
    last = {kind: latest(found, kind) for kind in LASTING}
    return tuple(note for note in found if note.kind not in last or note == last[note.kind])


def asked_too_often(notes: Iterable[Note], told_on: date | None) -> tuple[Note, ...]:
    """Return the requests that had nothing in return since, if they are two or more; else ().

    News, thanks, an outcome and help count as a return. `told_on` is the day of the last letter that told them news,
    None for none.
    """
    found = list(notes)
    returned = [note.on for note in found if note.kind in _RETURNS] + ([told_on] if told_on else [])
    since = max(returned, default=None)
    asks = tuple(note for note in found if note.kind == "ask" and (since is None or note.on > since))
    return asks if len(asks) >= _ASKS_WITHOUT_RETURN else ()


def owed_thanks(notes: Iterable[Note]) -> Note | None:
    """Return the latest introduction, favour or reached goal that the owner hasn't thanked for, None for none."""
    found = list(notes)
    owed = [note for note in found if note.kind in _OWED_THANKS]
    newest = max(owed, key=lambda note: note.place, default=None)
    thanked = latest(found, "thanked")
    return newest if newest and (thanked is None or thanked.on < newest.on) else None


def advice_to_follow_up(notes: Sequence[Note], today: date) -> Note | None:
    """Return the latest advice of six to ten weeks ago without an outcome since, None for none."""
    outcome = latest(notes, "outcome")
    ripe = [
        note
        for note in notes
        if note.kind == "advice"
        and _OUTCOME_FROM <= (today - note.on).days <= _OUTCOME_UNTIL
        and (outcome is None or outcome.on < note.on)
    ]
    return max(ripe, key=lambda note: note.place, default=None)
