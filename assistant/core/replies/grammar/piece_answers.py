"""The answers that a piece of a line gives: to a question of ours, or about a candidate (docs/replies.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.core.replies.grammar.commands import Answer, Candidate
from assistant.core.replies.grammar.pieces import Piece, acts_of, is_idle, is_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.replies.grammar.command_words import Named, Span
    from assistant.core.replies.grammar.commands import Command

NOT_NOW: Final = {"was", "self", "theirs"}  # beside a role: another time, or somebody else's
OWN_WORDS: Final = ("came", "fact")  # questions answered in the owner's own words
_FEW: Final = 3  # words
FORBID: Final = ("not", "maybe", "to-come")


@dataclass(frozen=True, slots=True)
class Order:
    """One order. If it isn't `sure`, it's a guess to ask about."""

    command: Command
    sure: bool = True


def answers(piece: Piece, found: Sequence[Span], typed: str, named: Named) -> tuple[Order, ...]:
    """Return the answer to the question a piece is about, () for none. `typed` is the line."""
    label = piece.whos[0]
    number, kind = int(label[1:]), named.kinds.get(label, "")
    section, key = piece.act
    words = {"answer": key, "role": key}.get(section, "")
    if words == "none":
        words = "no role" if kind == "role" else ""
    if words == "yet":
        words = "no" if kind == "role" else ""
    if words == "keep" and kind != "role":
        words = ""
    piece.certain &= not (section == "role" and piece.seen & NOT_NOW)
    if (section, key) == ("order", "skip"):
        words = "skip"
    settled = piece.certain and not piece.times and not _is_doubtful(piece)
    settled &= not piece.tail or (piece.marked_tail and _explains(piece))
    nothing = piece.act == ("answer", "no") and sum(map(is_text, found)) <= 1 and not piece.tail
    if kind == "came" and nothing and "maybe" not in piece.seen:
        return (Order(Answer(number, "no"), piece.joined),)
    if len(piece.whos) > 1 or (section == "role" and "not" in piece.seen):
        return ()
    if kind in OWN_WORDS and _goes_on(piece):
        return ()
    closes = words == "no" or (kind == "fact" and words in {"yes", "skip"})
    if kind in OWN_WORDS and not (closes and settled and not piece.tail):
        # "Later" or "next week" isn't what came of it.
        said = [one for one in found if not one.has("who", "mark")]
        unsaid = piece.seen & set(FORBID) and sum(not one.senses for one in said) <= _FEW  # "don't remember"
        told = any(map(is_text, said)) and len(said) > 1 and not unsaid
        text = typed[said[0].start : found[-1].end] if told else ""
        return (Order(Answer(number, text)),) if text and not text.endswith("?") else ()
    return (Order(Answer(number, words), settled),) if words else ()


def candidates(piece: Piece) -> tuple[Order, ...]:
    """Return what is decided on candidates: a role, or None for none; () for nothing."""
    section, key = piece.act
    if section == "role" and "not" in piece.seen:
        return ()
    if section == "role":
        role: str | None = key
    elif (section, key) in {("answer", "none"), ("answer", "no")}:
        role = None
    else:
        return ()
    sure = piece.certain and not piece.times and all(who[:1] == "C" for who in piece.whos)
    sure &= not (piece.seen & NOT_NOW and section == "role") and (piece.named_first or not piece.whos_named)
    # "None of your business", "no idea"
    sure &= not piece.tail or piece.marked_tail
    sure &= not _is_doubtful(piece)
    return tuple(Order(Candidate(int(who[1:]), role), sure) for who in piece.whos if who[:1] == "C")


def _is_doubtful(piece: Piece) -> bool:
    """Return whether the comment behind an answer may take it back, or is an order by itself."""
    acts = {act for one in piece.behind for act in acts_of(one) if not is_idle(one) or act[0] == "answer"}
    asks = any(one.has("doubt", "but", "ask", "time") or one.text.startswith("?") for one in piece.behind)
    return asks or _goes_on(piece) or bool(acts - {piece.act, ("answer", "yes")})


def _explains(piece: Piece) -> bool:
    """Return whether the comment behind an answer says something, or is mere courtesy: "no, it is" takes it back."""
    said = [one for one in piece.behind if not one.has("mark", "courtesy")]
    return not said or any(map(is_text, said))


def _goes_on(piece: Piece) -> bool:
    """Return whether another number, question or candidate is named behind an answer: then it's a list of them."""
    whos = (one.value("who") or "" for one in piece.behind)
    return any(who[:1] in {"Q", "C"} or who.isdecimal() for who in whos if who)
