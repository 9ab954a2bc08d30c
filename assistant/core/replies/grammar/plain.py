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
from assistant.core.replies.grammar.cleaning import as_typed, clean
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
    from collections.abc import Callable, Sequence
    from datetime import date

    from assistant.core.people.ledger import TellKind
    from assistant.core.replies.grammar.commands import MetVerb
    from assistant.core.replies.grammar.slots import Speech

MOST_PIECES: Final = 12  # orders on one line
_ACTS: Final = ("contact", "occasion", "order", "switch", "answer", "role", "text")
_IDLE: Final = ("courtesy", "request", "glue", "and", "with", "me", "past", "until", "number")
_FORBID: Final = ("not", "maybe", "to-come")
# Reached by these, somebody may not have been there. Where they did meet, what failed is something else.
_ONE_SIDED: Final = ("called", "emailed")
_OWN_WORDS: Final = ("came", "fact")  # questions answered in the owner's own words


@dataclass(frozen=True, slots=True)
class Order:
    """One order. If it isn't `sure`, it's a guess to ask about."""

    command: Command
    sure: bool = True


@dataclass(slots=True)
class _Piece:
    """What one piece says: whom it is about, what to do, when, and the owner's own text behind it (`tail`).

    `certain` turns False with the first word that isn't accounted for or makes it doubtful.
    """

    text: str
    whos: list[str] = field(default_factory=list)
    acts: list[tuple[str, str]] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    address: str = ""
    name: str = ""
    tail: str = ""
    certain: bool = True
    named_first: bool = False
    joined: bool = True

    @property
    def act(self) -> tuple[str, str]:
        """Return the one order, ("", "") for none."""
        return self.acts[0] if self.acts else ("", "")


def read_plain(line: str, speech: Speech, named: Named, place: str = "") -> tuple[Order, ...] | None:
    """Return the orders of a line; () for small talk, None for what can't be read.

    `place` is the label that the line was written under ("2", "Q1"), "" for none. Several orders are all certain, or
    the line is one guess.
    """
    text, typed = clean(line), as_typed(line)
    typed = typed if len(typed) == len(text) else text
    reader = _Reader(typed, speech, named, place)
    found = spans(text, speech, named)
    if all(map(_is_idle, found)):
        return () if any(one.has("mark", "courtesy") for one in found) else None
    several = reader.several(found)
    if several is not None:
        return several
    guess = reader.orders(found, "")
    return tuple(replace(one, sure=False) for one in guess) or None


def _acts(span: Span) -> list[tuple[str, str]]:
    return [sense for sense in sorted(span.senses) if sense[0] in _ACTS]


def _is_idle(span: Span) -> bool:
    return span.has("mark", *_IDLE)


@dataclass(frozen=True, slots=True)
class _Reader:
    typed: str
    speech: Speech
    named: Named
    place: str

    def several(self, found: Sequence[Span]) -> tuple[Order, ...] | None:
        """Return the certain orders that make up a line, as few as can be; None if it isn't wholly made of them."""
        cuts = [at for at in range(1, len(found)) if _may_begin(found, at)][: 2 * MOST_PIECES]
        dead: set[tuple[int, str]] = set()

        def rest(start: int, about: str) -> tuple[Order, ...] | None:
            if start == len(found):
                return ()
            for end in (len(found), *(cut for cut in reversed(cuts) if cut > start)):
                piece = found[start:end]
                idle = all(map(_is_idle, piece)) and not any(map(_acts, piece))
                orders = () if idle else self.orders(piece, about)
                if not idle and not (orders and all(one.sure for one in orders)):
                    continue
                if any(_text_of(one.command) for one in orders) and (end < len(found) or self._hides_order(piece)):
                    continue
                who = _about(orders[-1].command) or about if orders else about
                more = rest(end, who) if (end, who) not in dead else None
                if more is not None:
                    return orders + more
            dead.add((start, about))
            return None

        return rest(0, "")

    def _hides_order(self, piece: Sequence[Span]) -> bool:
        """Return whether a note would swallow another order: one that stands behind a mark and names whom it's for."""
        for at in range(1, len(piece)):
            rest = piece[at:]
            named = any(one.has("who") for one in rest[:3])
            if _may_begin(piece, at) and named and any(one.sure and not _text_of(one.command) for one in self.orders(rest, "")):
                return True
        return False

    def orders(self, found: Sequence[Span], about: str) -> tuple[Order, ...]:
        """Return the orders of one piece: one, or the same for each of several; () for none."""
        piece = self._piece(found, about)
        section, key = piece.act
        if piece.address:
            return self._with_address(piece)
        if piece.whos and piece.whos[0][:1] == "Q":
            return self._answered(piece, found)
        if piece.whos and piece.whos[0][:1] == "C":
            return self._candidates(piece)
        build = {
            "contact": self._contact,
            "occasion": self._contact,
            "order": self._order,
            "switch": self._switch,
            "role": self._role,
            "answer": self._bare_answer,
            "text": self._tell,
        }.get(section, self._no_act)
        return build(piece, key)

    # What a piece holds.

    def _piece(self, found: Sequence[Span], about: str) -> _Piece:
        piece = _Piece(self.typed[found[0].start : found[-1].end])
        strong = any(_acts(one) and not one.has(*_IDLE) for one in found)
        default = about or self.place
        last_who = -2
        for at, span in enumerate(found):
            ready = bool(piece.acts and (piece.whos or default or piece.act in _ABOUT_NOBODY))
            if ready and self._begins_text(piece, found, at):
                piece.tail = self.typed[span.end if span.has("mark") else span.start : found[-1].end].strip()
                break
            for name, _key in span.senses:
                piece.seen.add(name)
            who, time, address = span.value("who"), span.value("time"), span.value("address")
            who = who if who and _is_label(found, at) else None
            acts = [] if span.has(*_IDLE) and strong else _acts(span)
            if who:
                between = found[last_who + 1 : at]
                joined = all(one.has("and") or one.text == "," for one in between) and bool(between)
                piece.joined &= not piece.whos or joined
                piece.named_first |= not piece.acts
                last_who = at
                piece.whos += [who] if who not in piece.whos else []
            elif time:
                piece.times.append(time)
            elif address:
                piece.address, piece.name = address, self._name_before(found, at)
            elif acts:
                self._take(piece, acts[0])
            elif span.has("doubt"):
                piece.seen.add(span.value("doubt") or "")
                piece.certain = False
            elif span.text.startswith("?") and "request" not in piece.seen and piece.act[1] not in _LOOKS:
                piece.seen.add("maybe")
                piece.certain = False
            elif not _is_idle(span):
                piece.seen.add("unknown")
                piece.certain = False
        numbers = {self.named.cards.get(who) for who in piece.whos}
        piece.whos = [who for who in piece.whos if who not in numbers]
        asked = {self.named.asked.get(who) for who in piece.whos}
        piece.whos = [who for who in piece.whos if who in asked or self.named.asked.get(who) not in piece.whos]
        piece.whos = piece.whos or ([default] if default and default != "win" else [])
        piece.certain &= piece.joined
        return piece

    @staticmethod
    def _name_before(found: Sequence[Span], at: int) -> str:
        """Return the name written before an address: a run of words that mean nothing else; "" for none."""
        end = at
        while end and found[end - 1].has("mark") and found[end - 1].text in {",", "(", ":", "<"}:
            end -= 1
        start = end
        while start and _text_like(found[start - 1]) and not found[start - 1].has("doubt"):
            start -= 1
        words = [one.text for one in found[start:end]]
        capital = [word for word in words if word[:1].isupper()]
        return " ".join(capital or words[-1:])

    @staticmethod
    def _take(piece: _Piece, act: tuple[str, str]) -> None:
        """Add an order to a piece that may have one already."""
        if not piece.acts or piece.act == act:
            piece.acts = [act]
        elif piece.act == ("answer", "yes"):  # "ok, send it"
            piece.acts = [act]
        elif act == ("answer", "yes") or {piece.act[0], act[0]} <= {"contact", "occasion"}:
            piece.acts = [piece.act if piece.act[0] == "contact" else act if act[0] == "contact" else piece.act]
        elif act == ("order", "tried") and (piece.act[1] in _ONE_SIDED or piece.act[0] == "occasion"):
            piece.acts = [act]
        elif piece.act == ("order", "tried") and act[1] in _ONE_SIDED:
            pass
        else:
            piece.certain = False

    def _begins_text(self, piece: _Piece, found: Sequence[Span], at: int) -> bool:
        """Return whether the owner's own text begins at a span: behind a mark or a preposition, or behind the order."""
        span, (section, key) = found[at], piece.act
        if section == "text" and key != "note":
            return not _is_idle(span) and not span.has("who", "text") and (bool(piece.whos) or key == "win")
        if section in {"answer", "role"} and piece.whos and piece.whos[0][:1] in "QC":
            # Behind an answer may stand why; `_is_doubtful` looks whether that takes it back.
            return _text_like(span) or (span.has("mark") and at + 1 < len(found))
        if section not in {"contact", "occasion"} or not span.has("mark", "opener"):
            return False
        until = next((end for end in range(at + 1, len(found)) if found[end].has("mark")), len(found))
        clause = found[at + 1 : until]
        plain = all(one.has("who", "time", *_IDLE) or _acts(one) for one in clause)
        return bool(clause) and not (plain and not any(_text_like(one) for one in clause))

    # Orders by what they do.

    def _contact(self, piece: _Piece, key: str) -> tuple[Order, ...]:
        on, fits = self._day_before(piece)
        tail_day = any(one.has("time") for one in spans(piece.tail, self.speech, self.named)) if not on else False
        sure = piece.certain and fits and not tail_day and bool(piece.whos)
        if piece.act[0] == "occasion":
            beside = "with" in piece.seen or piece.named_first
            sure &= beside and ("past" in piece.seen or self._is_past(piece))
        elif piece.named_first and "me" not in piece.seen and key not in _ONE_SIDED:
            sure &= piece.whos[0].isdecimal() or "mark" in piece.seen or "and" in piece.seen
        if piece.seen & set(_FORBID) or not fits or not piece.whos:
            return self._note(piece)
        if piece.act[0] == "occasion" and "past" not in piece.seen and not self._is_past(piece) and not self.place:
            return self._note(piece) if "unknown" in piece.seen else (Order(self._met(piece, key, on), sure=False),)
        return (Order(self._met(piece, key, on), sure),)

    @staticmethod
    def _met(piece: _Piece, key: str, on: date | None) -> Met:
        first, *others = piece.whos
        return Met(cast("MetVerb", key), first, on, piece.tail, company=tuple(others))

    def _day_before(self, piece: _Piece) -> tuple[date | None, bool]:
        """Return the day that has been, None for none, and whether the times of a piece are no more than that."""
        if not piece.times:
            return None, True
        day = parse_day(piece.times[0], self.speech.today, "past", self.speech.language)
        return day, day is not None and day <= self.speech.today and len(piece.times) == 1

    def _is_past(self, piece: _Piece) -> bool:
        """Return whether a day can only be one that has been ("yesterday"), since "Friday" may be either."""
        ahead = [parse_day(time, self.speech.today, "future", self.speech.language) for time in piece.times]
        return bool(ahead) and all(day is None or day <= self.speech.today for day in ahead)

    def _order(self, piece: _Piece, key: str) -> tuple[Order, ...]:
        if not piece.whos:
            return ()
        sure = piece.certain and (not piece.times or key in {"later", "done", "tried"})
        if piece.seen & set(_FORBID) and key not in {"tried", *_LOOKS}:
            return self._note(piece)
        who = piece.whos[0]
        if key == "tried":
            # What was tried is told in the owner's own words, so none of them has to be known.
            alone = len(piece.whos) == 1 and not piece.seen & {"maybe", "to-come", "hedge"}
            return (Order(Tell("tried", who, piece.text), alone),)
        if key == "later":
            return self._later(piece, sure=sure)
        if key in {"done", "send", "skip"}:
            return self._by_number(piece, key, sure=sure)
        makers: dict[str, Callable[[str], Command]] = {
            "now": Now,
            "favourite": Favourite,
            "drop": Drop,
            "brief": lambda one: Look("brief", one),
            "why": lambda one: Look("why", one),
            "show": lambda one: Look("show", one),
        }
        return tuple(Order(makers[key](one), sure) for one in piece.whos)

    def _later(self, piece: _Piece, *, sure: bool) -> tuple[Order, ...]:
        until = self._until(piece.times[0]) if len(piece.times) == 1 else None
        if until is None:
            return tuple(Order(NotNow(who), sure and not piece.times) for who in piece.whos)
        return (Order(Snooze(tuple(piece.whos), until), sure),)

    def _by_number(self, piece: _Piece, key: str, *, sure: bool) -> tuple[Order, ...]:
        numbers = [who if who.isdecimal() else self.named.cards.get(who, "") for who in piece.whos]
        if key == "skip" and not all(numbers):
            return tuple(Order(NotNow(who), sure) for who in piece.whos)
        if not all(numbers):
            return (Order(Met("met", piece.whos[0]), sure=False),) if key == "done" else ()
        on, fits = self._day_before(piece)
        command = ByNumber(key, tuple(map(int, numbers)), on if key == "done" else None)  # type: ignore[arg-type]
        return (Order(command, sure and fits),)

    def _switch(self, piece: _Piece, key: str) -> tuple[Order, ...]:
        until = self._until(piece.times[0]) if len(piece.times) == 1 else None
        alone = piece.certain and not piece.tail and (not piece.times or (key == "pause" and until is not None))
        alone &= not {"who"} & piece.seen
        if key == "pause":
            return (Order(Pause(until), alone),)
        return (Order(Undo() if key == "undo" else Plain(key), alone),)  # type: ignore[arg-type]

    def _role(self, piece: _Piece, key: str) -> tuple[Order, ...]:
        if len(piece.whos) != 1 or key not in self.speech.roles:
            return ()
        label = self.named.asked.get(piece.whos[0], "")
        asked = self.named.kinds.get(label) == "role"
        command = Answer(int(label[1:]), key) if asked else SetRole(piece.whos[0], key)
        return (Order(command, piece.certain and not piece.times),)

    def _bare_answer(self, piece: _Piece, key: str) -> tuple[Order, ...]:
        """Return the answer to the one question about somebody: "Sarah: yes"."""
        label = self.named.asked.get(piece.whos[0], "") if len(piece.whos) == 1 else ""
        if not label or self.named.kinds[label] in _OWN_WORDS:
            return self._note(piece)
        return self._answered(replace(piece, whos=[label]), ())

    def _answered(self, piece: _Piece, found: Sequence[Span]) -> tuple[Order, ...]:
        label = piece.whos[0]
        number, kind = int(label[1:]), self.named.kinds.get(label, "")
        section, key = piece.act
        words = {"answer": key, "role": key}.get(section, "")
        if words == "none":
            words = "no role" if kind == "role" else "no"
        if (section, key) == ("order", "skip"):
            words = "skip"
        settled = piece.certain and not piece.times and not self._is_doubtful(piece.tail)
        if kind in _OWN_WORDS and not (words and settled and not piece.tail):
            said = next((one for one in found if not one.has("who", *_IDLE) and not one.has("mark")), None)
            text = self.typed[said.start : found[-1].end] if said else ""
            return (Order(Answer(number, text)),) if text and not text.endswith("?") else ()
        if not words or len(piece.whos) > 1:
            return ()
        return (Order(Answer(number, words), settled),)

    def _candidates(self, piece: _Piece) -> tuple[Order, ...]:
        section, key = piece.act
        if section == "role":
            role: str | None = key
        elif (section, key) in {("answer", "none"), ("answer", "no")}:
            role = None
        else:
            return ()
        sure = piece.certain and not piece.times and all(who[:1] == "C" for who in piece.whos)
        sure &= not self._is_doubtful(piece.tail)
        return tuple(Order(Candidate(int(who[1:]), role), sure) for who in piece.whos if who[:1] == "C")

    def _is_doubtful(self, text: str) -> bool:
        """Return whether a comment behind an answer may take it back, or is an order by itself."""
        found = spans(text, self.speech, self.named)
        return any(one.has("doubt", "order", "switch", "role", "answer") and not _is_idle(one) for one in found)

    def _tell(self, piece: _Piece, key: str) -> tuple[Order, ...]:
        kind = cast("TellKind", key)
        if kind == "win":
            return (Order(Tell("win", None, piece.tail), piece.certain and not piece.whos),) if piece.tail else ()
        if len(piece.whos) != 1 or (not piece.tail and kind != "thanked"):
            return self._note(piece)
        return (Order(Tell(kind, piece.whos[0], piece.tail), piece.certain),)

    def _no_act(self, piece: _Piece, _key: str) -> tuple[Order, ...]:
        if self.place == "win" and piece.text.count(" "):
            return (Order(Tell("win", None, piece.text)),)
        if len(piece.whos) == 1 and len(piece.times) == 1 and not piece.tail:
            rhythm = cadence_days(piece.times[0])
            if rhythm and parse_length(piece.times[0], self.speech.language) is None:
                return (Order(Every(piece.whos[0], rhythm), piece.certain),)
            until = self._until(piece.times[0])
            if until and "unknown" not in piece.seen:
                ahead = "until" in piece.seen or parse_length(piece.times[0], self.speech.language) is not None
                return (Order(Snooze((piece.whos[0],), until), piece.certain and ahead),)
        return self._note(piece)

    def _note(self, piece: _Piece) -> tuple[Order, ...]:
        """Return the guess that a text about one person is a note on them."""
        by_name = "who" in piece.seen and not piece.whos[0].isdecimal() if piece.whos else False
        told = "unknown" in piece.seen or piece.tail
        if len(piece.whos) != 1 or not told or not (by_name or self.place or "mark" in piece.seen):
            return ()
        if "request" in piece.seen or piece.whos[0][:1] in "QC" or piece.text.rstrip().endswith("?"):
            return ()  # something else is wanted than to be remembered
        return (Order(Tell("note", piece.whos[0], piece.text), sure=False),)

    def _with_address(self, piece: _Piece) -> tuple[Order, ...]:
        if len(piece.whos) == 1 and "who" in piece.seen:
            return (Order(IsAlso(piece.whos[0], piece.address), sure=False),)
        role = next((key for section, key in piece.acts if section == "role"), None)
        sure = piece.certain and ("order", "add") in piece.acts
        return (Order(Add(piece.name, piece.address, role), sure),) if piece.name else ()

    def _until(self, words: str) -> date | None:
        today, language = self.speech.today, self.speech.language
        length = parse_length(words, language)
        day = after(today, length) if length else parse_day(words, today, "future", language)
        return day if day and day > today else None


_ABOUT_NOBODY: Final = (("text", "win"),)
_LOOKS: Final = ("brief", "why", "show", "status", "help")


def _is_label(found: Sequence[Span], at: int) -> bool:
    """Return whether a bare number stands for somebody: "3 names at most" counts something else."""
    span = found[at]
    if not span.text[:1].isdecimal():
        return True
    beside = found[at + 1] if at + 1 < len(found) else None
    return beside is None or not _text_like(beside)


def _may_begin(found: Sequence[Span], at: int) -> bool:
    """Return whether another order may begin at a span: behind a mark or an "and", or with a label."""
    before, span = found[at - 1], found[at]
    return before.has("mark", "and") or (span.has("who") and span.text[-1:].isdecimal())


def _text_like(span: Span) -> bool:
    return not _is_idle(span) and not span.has("who", "time") and not _acts(span)


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
