"""What goes to the model that reads an answer, and what comes back (docs/replies.md, "In your own words")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.replies.plan.state import Item, State

Status = Literal["happened", "wanted", "planned", "negated", "doubtful"]
STATUSES: Final = get_args(Status)
MOST_NAMES: Final = 200
"""Names of the roster that go along; a longer list would cost more than the answer."""

PlacedLine = tuple[str, str]
"""A line as the owner wrote it, and the label it was written under ("2", "Q1"), "" for none."""


@dataclass(frozen=True, slots=True)
class ReadOrder:
    """One order that a model read: a line of our grammar, the owner's words it rests on, and how they are meant."""

    order: str
    quote: str
    status: Status


Read = Mapping[PlacedLine, tuple[ReadOrder, ...]]
"""What a model read in each line; a line in which it read nothing is left out."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the lines may speak of: names and labels, no addresses and no notes.

    `cards` and `candidates` are (label, name), `questions` (label, name, kind), `others` the rest of the roster.
    """

    cards: tuple[tuple[str, str], ...] = ()
    questions: tuple[tuple[str, str, str], ...] = ()
    candidates: tuple[tuple[str, str], ...] = ()
    others: tuple[str, ...] = ()


def around(state: State) -> Around:
    """Return what is around the lines of a reply."""
    items = state.reply.items
    cards = tuple((label, _name(item, state)) for label, item in items.items() if label.isdecimal())
    candidates = tuple((label, _name(item, state)) for label, item in items.items() if label.startswith("C"))
    told = {name for _label, name in cards}
    others = [person.name for person in state.roster.active() if person.name not in told]
    return Around(cards, tuple(_questions(state)), candidates, tuple(others[:MOST_NAMES]))


def _questions(state: State) -> Iterator[tuple[str, str, str]]:
    labels = [label for label in state.reply.items if label.startswith("Q")]
    labels += sorted({one.label for one in state.questions() if one.label and one.answer is None} - set(labels))
    for label in labels:
        question = state.question_labelled(label)
        if question and question.answer is None:
            person = state.roster.by_handle(str(question.payload.get("handle", "")))
            yield label, person.name if person else "", question.kind


def _name(item: Item, state: State) -> str:
    """Return who stands under a label, "" for somebody of whom only the address is known."""
    person = state.roster.by_handle(item.person) if item.person else None
    name = person.name if person else str(item.payload.get("name") or "")
    return "" if "@" in name else name
