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

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from assistant.core.replies.grammar.cleaning import as_typed, clean
from assistant.core.replies.grammar.command_words import Named, Span, corrected, spans
from assistant.core.replies.grammar.commands import (
    Answer,
    ByNumber,
    Candidate,
    Command,
    Look,
    Met,
    NotNow,
    SetRole,
    Snooze,
    Tell,
)
from assistant.core.replies.grammar.piece_answers import Order
from assistant.core.replies.grammar.piece_orders import PieceReader
from assistant.core.replies.grammar.pieces import TOUCHES, acts_of, is_idle, is_text, may_begin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.replies.grammar.slots import Speech

_SHORT: Final = 5  # words
_NAME_WORDS: Final = 3  # words of a short order that may be names
_MOST_CUTS: Final = 24  # places of a line where a further order may begin
_LONGEST_LIST: Final = 80  # spans; a longer line is a text, not several orders


def read_plain(line: str, speech: Speech, named: Named, place: str = "") -> tuple[Order, ...] | None:
    """Return the orders of a line; () for small talk, None for what can't be read.

    `place` is the label that the line was written under ("2", "Q1"), "" for none. Several orders are all certain, or
    the line is one guess.
    """
    text, typed = clean(line), as_typed(line)
    reader = _Line(
        PieceReader(typed if len(typed) == len(text) else text, speech, named, place), spans(text, speech, named)
    )
    answers = place[:1] == "Q" and any(map(acts_of, reader.found))  # "ok" below a question is a yes
    asks = any(one.has("ask") for one in reader.found) and any(map(acts_of, reader.found))
    if all(map(is_idle, reader.found)) and not answers and not asks:
        # "Do it" or "who?" under a card may be meant, and so may "could you do it again?" above.
        polite = all(one.has("mark", "courtesy", "and") for one in reader.found)
        polite &= not (place and "?" in text)
        if (place and not polite) or any(one.has("request", "ask", "add") for one in reader.found):
            return None
        return () if any(one.has("mark", "courtesy") for one in reader.found) else None
    if place == "win" and all(is_idle(one) or ("answer", "no") in one.senses for one in reader.found):
        return ()  # nothing went well
    certain = reader.pieces()
    if certain is not None and not _contradicts(certain):
        return certain
    guess = reader.likeliest() or reader.orders.of(reader.found, "")
    if not guess or isinstance(guess[0].command, Tell):
        guess = _without_slips(text, reader) or guess
    return tuple(replace(one, sure=False) for one in guess) or None


def _contradicts(orders: Sequence[Order]) -> bool:
    """Return whether orders of one line may not be meant as they stand: "yes and no", "none, mentor to others"."""
    keys: list[object] = []
    for command in (one.command for one in orders):
        match command:
            case Answer(number) | Candidate(number):
                keys.append((type(command), number))
            case SetRole(who):
                keys.append(who)
            case ByNumber(_, numbers):
                keys += numbers
    return len(set(keys)) < len(keys)


def may_order(text: str, speech: Speech) -> bool:
    """Return whether a short clean line may be an order in plain words, whoever its names are."""
    found = spans(text, speech, Named({})) if text.count(" ") < _SHORT else ()
    return any(map(acts_of, found)) and sum(map(is_text, found)) <= _NAME_WORDS


def _without_slips(text: str, reader: _Line) -> tuple[Order, ...]:
    """Return what a line says once its words are spelt as they may be meant; () for nothing or no slip."""
    orders = reader.orders
    likely = corrected(text, reader.found, orders.speech, orders.named)
    if likely == text:
        return ()
    found = replace(orders, typed=likely).of(spans(likely, orders.speech, orders.named), "")
    told = found[0].command if found else None
    # What is kept are the owner's words, slips included.
    if isinstance(told, Tell | Answer) and told.text in likely and told.text not in text:
        return (Order(replace(told, text=text)),)
    return found


@dataclass(frozen=True, slots=True)
class _Line:
    orders: PieceReader
    found: tuple[Span, ...]

    def pieces(self) -> tuple[Order, ...] | None:
        """Return the certain orders that make up the line, as few as can be; None if it isn't wholly made of them."""
        short = len(self.found) <= _LONGEST_LIST
        cuts = [at for at in range(1, len(self.found)) if short and may_begin(self.found, at)][:_MOST_CUTS]
        dead: set[tuple[int, str]] = set()

        def rest(start: int, about: str) -> tuple[Order, ...] | None:
            if start == len(self.found):
                return ()
            for end in (len(self.found), *(cut for cut in reversed(cuts) if cut > start)):
                orders = self._certain(start, end, about)
                who = (_about(orders[-1].command) if orders else "") or about
                more = rest(end, who) if orders is not None and (end, who) not in dead else None
                if orders is not None and more is not None:
                    return orders + more
            dead.add((start, about))
            return None

        return rest(0, "")

    def likeliest(self) -> tuple[Order, ...]:
        """Return what the line begins or ends with, if that alone is a certain order: "Ruth: 2 weeks. I'm scared"."""
        cuts = [at for at in range(1, len(self.found)) if self.found[at - 1].has("mark")][:_MOST_CUTS]
        parts = [*((0, end) for end in reversed(cuts)), *((start, len(self.found)) for start in cuts)]
        return next((orders for part in parts if (orders := self._certain(*part, ""))), ())

    def _certain(self, start: int, end: int, about: str) -> tuple[Order, ...] | None:
        """Return the certain orders of one piece, () for an idle one; None where it isn't certain."""
        piece = self.found[start:end]
        answers = self.orders.place[:1] == "Q" and any(map(acts_of, piece))
        if all(one.has("mark", "and", "courtesy", "request") for one in piece) and not answers:
            return ()
        orders = self.orders.of(piece, about)
        if not orders or not all(one.sure for one in orders):
            return None
        # "Send, but tomorrow": beside other orders, each names whom it's for, and nothing is sent with a "but".
        several = start > 0 or end < len(self.found)
        names = any(one.has("who") for one in piece)
        if several and (any(one.has("but") for one in self.found) or self._sends()) and not names:
            return None
        # A day alone behind a contact isn't a snooze: "met Bob, Mina, tomorrow".
        by_day = isinstance(orders[0].command, Snooze) and not any(map(acts_of, piece))
        if by_day and any(act[0] in TOUCHES for one in self.found[:start] for act in acts_of(one)):
            return None
        # The owner's own text goes to the end of the line.
        told = any(_text_of(one.command) for one in orders)
        return None if told and (end < len(self.found) or self._hides_order(piece)) else orders

    def _sends(self) -> bool:
        return any(("order", "send") in one.senses for one in self.found)

    def _hides_order(self, piece: Sequence[Span]) -> bool:
        """Return whether a note would swallow another order, one that names whom it's for."""
        for at in range(1, len(piece)):
            named = may_begin(piece, at) and any(one.has("who") for one in piece[at : at + 3])
            if named and any(one.sure and not _text_of(one.command) for one in self.orders.of(piece[at:], "")):
                return True
        return False


def _text_of(command: Command) -> str:
    """Return the owner's own text in an order, which goes to the end of the line."""
    return getattr(command, "note", "") or (command.text if isinstance(command, Tell) else "")


def _about(command: Command) -> str:
    """Return whom an order is about, for the next one on the line that names nobody; "" for nobody."""
    match command:
        case ByNumber(_, (number,)):
            return str(number)
        case Snooze((who,)) | Met(who=who) | NotNow(who) | Look(_, who) | Tell(who=str(who)):
            return who
    return ""
