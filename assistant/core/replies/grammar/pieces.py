"""What one piece of a line holds: whom it is about, what to do, when, and the owner's own text behind that.

A word that isn't accounted for makes the piece uncertain, wherever it stands: nothing that isn't understood is done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.replies.grammar.command_words import Named, Sense, Span

ACTS: Final = ("contact", "participle", "occasion", "order", "switch", "answer", "role", "text")
# What is passed over: around an order these words change nothing, except where the order itself looks for them.
IDLE: Final = (
    *("courtesy", "request", "glue", "plain", "article", "draft", "and", "but", "or", "with", "me", "self", "other"),
    *("theirs", "past", "was", "until", "till", "deadline", "same", "add", "ask", "topic"),
)
TOUCHES: Final = ("contact", "participle")
LOOKS: Final = ("brief", "why", "show", "status", "help")
# Reached by these, somebody may not have been there. Where they did meet, what failed is something else.
ONE_SIDED: Final = ("called", "emailed")
_NEAR: Final = 4  # spans of a note in which a "not" may take back what stands before
_ABOUT_NOBODY: Final = (("text", "win"),)


@dataclass(slots=True)
class Piece:
    """What one piece says: whom it is about, what to do, when, and the owner's own text behind it (`tail`).

    `seen` are the sections of all its words. `certain` turns False with the first word that isn't accounted for or
    makes it doubtful. `named_first` says that a name stands before the order, `asks` that it begins like a question.
    `due` says that a time is one by which something is to be done.
    `behind` are the spans of the tail, and `marked_tail` says that a mark stands before it. `idle` are the sections of
    words that are idle only, and `whos_named` says that somebody is named, not only meant.
    """

    text: str
    whos: list[str] = field(default_factory=list)
    acts: list[Sense] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    address: str = ""
    name: str = ""
    tail: str = ""
    behind: Sequence[Span] = ()
    marked_tail: bool = False
    idle: set[str] = field(default_factory=set)
    whos_named: bool = False
    certain: bool = True
    named_first: bool = False
    asks: bool = False
    due: bool = False
    joined: bool = True

    @property
    def act(self) -> Sense:
        """Return the one order, ("", "") for none."""
        return self.acts[0] if self.acts else ("", "")


def acts_of(span: Span) -> list[Sense]:
    """Return the orders a span may give."""
    return [sense for sense in sorted(span.senses) if sense[0] in ACTS]


def is_idle(span: Span) -> bool:
    """Return whether a span may be passed over, marks included."""
    return span.has("mark", *IDLE)


def is_text(span: Span) -> bool:
    """Return whether a span says nothing that orders know."""
    return not is_idle(span) and not span.has("who", "time") and not acts_of(span)


def read_piece(found: Sequence[Span], typed: str, named: Named, default: str, *, weak: bool = True) -> Piece:
    """Return what the spans of one piece hold; `default` is whom it's about if it names nobody.

    Words that are idle elsewhere ("now") give an order only if nothing else does, and with `weak` false never.
    """
    piece = Piece(typed[found[0].start : found[-1].end])
    strong = not weak or any(acts_of(one) and not one.has("answer", *IDLE) for one in found)
    last_who = -2
    for at, span in enumerate(found):
        ready = bool(piece.acts and (piece.whos or default or piece.act in _ABOUT_NOBODY))
        if ready and _begins_text(piece, found, at, default):
            article = piece.act[0] == "text" and found[at - 1].has("article")  # "promised Ruth *the* slides"
            start = found[at - 1].start if article else span.end if span.has("mark") else span.start
            piece.tail = typed[start : found[-1].end].strip()
            piece.behind, piece.marked_tail = found[at:], span.has("mark")
            _look_behind(piece)
            break
        piece.certain &= not (span.text.startswith('"') and not piece.acts)  # somebody's words are cited
        piece.asks |= span.has("ask") and not piece.seen - set(IDLE)
        piece.seen |= {name for name, _key in span.senses}
        if is_idle(span) and not span.has("mark", "plain", "request"):
            piece.idle |= {name for name, _key in span.senses if name in IDLE}
        # "El 3" may be a number or a day.
        day = span.has("time") and (bool(piece.whos) or piece.act[0] in TOUCHES)
        if span.has("who") and _is_label(found, at) and not day:
            _name(piece, span.value("who") or "", found[last_who + 1 : at])
            last_who = at
        else:
            # To a question, "ok" is a yes, also beside a "no".
            answers = span.has("answer") and (*piece.whos, default)[0][:1] == "Q"
            _take(piece, found, at, idle=strong and span.has(*IDLE) and not answers)
    piece.whos_named = bool(piece.whos)
    piece.whos = _each_once(piece.whos, named) or ([default] if default else [])
    piece.joined |= len(piece.whos) == 1
    piece.certain &= piece.joined
    return piece


def takes_back(behind: Sequence[Span]) -> bool:
    """Return whether what stands behind a contact begins by taking it back: "sorry, Léa", "or was it?", "Tomás too"."""
    first = next((one for one in behind if not one.has("mark", "courtesy")), None)
    doubted = first is not None and (first.has("doubt", "or") or ("answer", "no") in first.senses)
    doubted |= any(("doubt", "not") in one.senses for one in behind[:_NEAR]) or any(one.has("same") for one in behind)
    said = [one for one in behind if not one.has("mark")]
    one_more = len(said) > 1 and said[0].has("who") and all(map(is_idle, said[1:]))  # "Tomás too"
    return doubted or one_more or bool(behind and behind[0].text.startswith("?"))


def _look_behind(piece: Piece) -> None:
    """Look at a note for what takes a contact back: an attempt, a "no" or "sorry" at its beginning, another year."""
    tried = [at for at, one in enumerate(piece.behind) if ("order", "tried") in one.senses]
    at_once = bool(tried) and not any(map(is_text, piece.behind[: tried[0]]))  # but not "about the cancelled launch"
    if at_once and (piece.act[1] in ONE_SIDED or piece.act[0] == "occasion"):
        piece.acts, piece.tail = [("order", "tried")], ""
        return
    # A name and nothing else may be one more person: "called Ruth, Tomás too".
    another = any(one.has("who") for one in piece.behind) and not any(map(is_text, piece.behind))
    rest = piece.behind[1:] if piece.marked_tail else piece.behind
    first_clause = list(takewhile(lambda one: not one.has("mark"), rest))
    # "Met Bob, Minna and Jane": a list that goes on, where somebody isn't known.
    another |= any(one.has("and") for one in first_clause) and any(one.has("who") for one in first_clause)
    another |= any(one.has("who") for one in rest) and any(one.has(*TOUCHES) for one in rest)  # "we called Tomás"
    years = any(len(one.text) == len("2019") and one.text.isdecimal() for one in piece.behind)
    if piece.act[0] in {*TOUCHES, "occasion"} and (at_once or takes_back(piece.behind) or another or years):
        piece.certain = False


def _name(piece: Piece, who: str, between: Sequence[Span]) -> None:
    """Add whom a piece is about. Several are meant together only where they're listed."""
    listed = bool(between) and all(one.has("and") or one.text == "," for one in between)
    piece.joined &= not piece.whos or listed
    piece.named_first |= not piece.acts
    piece.whos += [who] if who not in piece.whos else []


def _each_once(whos: Sequence[str], named: Named) -> list[str]:
    """Return whom a piece is about, without the name beside a number or question of the same person ("1 Ruth")."""
    left = [who for who in whos if named.cards.get(who) not in whos]
    return [who for who in left if named.asked.get(who) not in whos]


def _take(piece: Piece, found: Sequence[Span], at: int, *, idle: bool) -> None:
    """Add what a span says that names nobody."""
    span, acts = found[at], [] if idle else acts_of(found[at])
    if span.has("time"):
        piece.times.append(span.value("time") or "")
        piece.due |= at > 0 and found[at - 1].has("deadline")
    elif span.has("address"):
        piece.address, piece.name = span.value("address") or "", _name_before(found, at)
    elif acts:
        _give(piece, acts[0])
    elif span.has("doubt"):
        piece.seen.add(span.value("doubt") or "")
        piece.certain = False
    elif span.text.startswith("?") and "request" not in piece.seen and piece.act[1] not in LOOKS:
        piece.seen.add("maybe")
        piece.certain = False
    elif not is_idle(span):
        piece.seen.add("unknown")
        piece.certain = False


def _give(piece: Piece, act: Sense) -> None:
    """Give a piece its order. Of two, the one that the other only goes along with yields; else it's uncertain which."""
    before = piece.act
    kinds = {before[0], act[0]}
    one_sided = {before[1], act[1]} & set(ONE_SIDED) or "occasion" in kinds
    yields = before == ("answer", "yes") and act[0] not in {"answer", *TOUCHES}  # "ok, send it"
    corrects = before == ("answer", "no") and act[0] == "role" and "mark" in piece.seen  # "no, mentor"
    if not piece.acts or yields or corrects or (before[0], act[0]) == ("occasion", "role"):
        piece.acts = [act]
    elif kinds <= {*TOUCHES, "occasion"}:  # "talked over lunch"
        piece.acts = [act if act[0] in TOUCHES else before]
    elif ("order", "tried") in {before, act} and one_sided:  # "called, no answer"
        piece.acts = [("order", "tried")]
    elif act != before and (act != ("answer", "yes") or before == ("answer", "no")):
        # "No coffee with Ruth", "no vi a Ruth": beside another order it's no answer.
        piece.seen |= {"not"} if ("answer", "no") in {before, act} else set()
        piece.acts = [act] if before == ("answer", "no") else piece.acts
        piece.certain = False


def _begins_text(piece: Piece, found: Sequence[Span], at: int, default: str) -> bool:
    """Return whether the owner's own text begins at a span: behind a mark or a preposition, or behind the order."""
    span, (section, key) = found[at], piece.act
    if section == "text" and key != "note":
        # Right behind the order and the name, "to" and such between them passed over.
        return not span.has("who", "text", "mark", "and", "topic", "until", "plain", "courtesy")
    if section in {"answer", "role"} and (*piece.whos, default)[0][:1] in {"Q", "C"}:
        # Behind an answer may stand why. Whether that takes it back is looked at where the answer is made.
        asked = (*piece.whos, default)[0][:1] == "Q"
        corrects = asked and key == "no" and any(one.has("role") for one in found[at : at + 3])  # "no, mentor"
        return not corrects and (is_text(span) or (span.has("mark") and at + 1 < len(found)))
    if section not in {*TOUCHES, "occasion"} or not span.has("mark", "opener"):
        return False
    if span.has("topic"):  # in "talked to Bob about Ruth" only one of them was met
        return at + 1 < len(found)
    end = next((end for end in range(at + 1, len(found)) if found[end].has("mark")), len(found))
    return any(map(is_text, found[at + 1 : end]))


def _name_before(found: Sequence[Span], at: int) -> str:
    """Return the name written before an address: a run of words that mean nothing else; "" for none."""
    end = at
    while end and found[end - 1].text in {",", "(", ":", "<"}:
        end -= 1
    start = end
    while start and is_text(found[start - 1]) and not found[start - 1].has("doubt"):
        start -= 1
    words = [one.text for one in found[start:end]]
    return " ".join([word for word in words if word[:1].isupper()] or words[-1:])


def _is_label(found: Sequence[Span], at: int) -> bool:
    """Return whether a bare number stands for somebody: "3 names", "at 4" and "4 of us" count something else."""
    if not found[at].text[:1].isdecimal():
        return True
    before = found[at - 1] if at else None
    beside = found[at + 1] if at + 1 < len(found) else None
    counts = (
        before is not None and before.has("opener", "self", "counter") and not before.has("mark", "topic", "deadline")
    )
    return not counts and (beside is None or not (is_text(beside) or beside.has("counter")))


def may_begin(found: Sequence[Span], at: int) -> bool:
    """Return whether another order may begin at a span: behind a mark or an "and", or with a label."""
    before, span = found[at - 1], found[at]
    mark = before.has("mark", "and") and not before.text.startswith('"')
    return mark or (span.has("who") and span.text[-1:].isdecimal())
