"""Read an owner's plain words as orders, however they're put (docs/replies.md, "Plain words").

    line ─> spans ─> pieces, one order each ─> the order a piece gives, and whether it is certain

    "1 done, Daniel in 2 weeks"   two pieces: both certain
    "lunch w/ Ruth on Friday"     one piece, a guess: it may be yet to come, so it is asked
    "Ruth moved to Oslo"          no order; a guess: it could be kept as a note

An order is certain if every word of the piece is accounted for: the order, whom it is about, when, and idle words.
Behind a mark or a preposition a contact may have a note, which is the owner's text. Anything else makes it a guess, and
a guess is asked, never done. So words that aren't known can't do harm.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, cast

from assistant.core.language.dates import after, cadence_days, parse_day, parse_length
from assistant.core.replies.grammar.cleaning import clean
from assistant.core.replies.grammar.command_words import Named, Span, spans
from assistant.core.replies.grammar.commands import (
    Add,
    Answer,
    ByNumber,
    Candidate,
    Command,
    Drop,
    Every,
    Favourite,
    IsAlso,
    Look,
    Met,
    NotNow,
    Now,
    Pause,
    Plain,
    SetRole,
    Snooze,
    Tell,
    Undo,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from assistant.core.people.ledger import TellKind
    from assistant.core.replies.grammar.commands import MetVerb
    from assistant.core.replies.grammar.slots import Speech

MOST_PIECES: Final = 12  # orders on one line
_ACTS: Final = ("contact", "occasion", "order", "switch", "answer", "role", "text")
_IDLE: Final = ("courtesy", "glue")


@dataclass(frozen=True, slots=True)
class Order:
    """One order. If it isn't `sure`, it's a guess to ask about."""

    command: Command
    sure: bool = True


@dataclass(slots=True)
class _Piece:
    """What the spans of one piece hold, by sense. `tail` is the owner's text behind them."""

    whos: list[str] = field(default_factory=list)
    acts: list[tuple[str, str]] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    address: str = ""
    tail: str = ""
    text: str = ""
    certain: bool = True
    """No doubt beside the order, no word that isn't known, one way to say who."""
    doubts: bool = False
    past: bool = False
    company: bool = False
    """A "with" stands beside the occasion."""
    who_first: bool = False
    marked: bool = False
    """A mark follows the name: "Ruth: …"."""


def read_plain(line: str, speech: Speech, named: Named, place: str = "") -> tuple[Order, ...] | None:
    """Return the orders of a line; () for small talk, None for what can't be read.

    `place` is the label that the line was written under ("2", "Q1"), "" for none. Several orders are all certain, or
    the line is one guess.
    """
    text = clean(line)
    found = spans(text, speech, named)
    if not found or all(one.has("courtesy", "mark") or (one.has("glue") and not place) for one in found):
        return None if not found else () if any(one.has("courtesy", "mark") for one in found) else None
    several = _several(text, found, speech, place)
    if several is not None:
        return several
    guess = _order(text, found, speech, place, "")
    return (replace(guess, sure=False),) if guess else None


def _several(text: str, found: Sequence[Span], speech: Speech, place: str) -> tuple[Order, ...] | None:
    """Return the certain orders that make up a line, the fewest that do; None if it isn't wholly made of them."""
    cuts = [index for index in range(1, len(found)) if _may_begin(found, index)][: MOST_PIECES * 2]

    def rest(start: int, about: str, depth: int) -> tuple[Order, ...] | None:
        if depth > MOST_PIECES:
            return None
        for end in (len(found), *(cut for cut in reversed(cuts) if cut > start)):
            piece = found[start:end]
            if all(one.has("mark", "and", *_IDLE) for one in piece) and not any(map(_acts, piece)):
                one, who = None, about
            else:
                order = _order(text, piece, speech, place, about)
                if order is None or not order.sure or (end < len(found) and _has_text(order.command)):
                    continue
                if end == len(found) and _hides_order(text, order.command, piece, speech, place):
                    continue
                one, who = order, _about(order.command)
            more = rest(end, who, depth + 1) if end < len(found) else ()
            if more is not None:
                return ((one,) if one else ()) + more
        return None

    return rest(0, "", 0)
