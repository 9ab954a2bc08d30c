"""The order that one piece of a line gives, or the guess what it may be (docs/replies.md, "Plain words")."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

from assistant.core.language.dates import after, cadence_days, parse_length
from assistant.core.replies.grammar.command_words import deadline_words, until_words
from assistant.core.replies.grammar.commands import (
    Add,
    Answer,
    ByNumber,
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
from assistant.core.replies.grammar.met import MOST_TOGETHER
from assistant.core.replies.grammar.piece_answers import FORBID, NOT_NOW, OWN_WORDS, Order, answers, candidates
from assistant.core.replies.grammar.pieces import LOOKS, ONE_SIDED, Piece, acts_of, is_idle, read_piece

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from assistant.core.people.ledger import TellKind
    from assistant.core.replies.grammar.command_words import Named, Span
    from assistant.core.replies.grammar.commands import MetVerb
    from assistant.core.replies.grammar.slots import Speech

_NO_PLACE: Final = ("win", "sheet")  # these say where a line stands, but not about whom it is
_LONG_AGO: Final = 300  # days


@dataclass(frozen=True, slots=True)
class PieceReader:
    """Reads pieces of a line. `typed` is the line, `place` the label it was written under, "" for none."""

    typed: str
    speech: Speech
    named: Named
    place: str = ""

    def of(self, found: Sequence[Span], about: str) -> tuple[Order, ...]:
        """Return the orders of one piece: one, or the same for each of several; () for none."""
        default = about or (self.place if self.place not in _NO_PLACE else "")
        piece = read_piece(found, self.typed, self.named, default)
        if not piece.certain and any(acts_of(one) and is_idle(one) for one in found):
            piece = read_piece(found, self.typed, self.named, default, weak=False)
        section, key = piece.act
        if not piece.joined or len(piece.whos) > MOST_TOGETHER:
            return ()  # several people who aren't a list: nobody can say what is about whom
        # Under a card of one person, a line that names another one isn't certainly about either.
        here = self.named.people.get(self.place, self.place)
        piece.certain &= here in {"", *_NO_PLACE, *piece.whos, *map(self.named.people.get, piece.whos)}
        if piece.address:
            return self._with_address(piece)
        if piece.whos and piece.whos[0][:1] == "Q":
            return answers(piece, found, self.typed, self.named)
        if piece.whos and piece.whos[0][:1] == "C":
            return candidates(piece)
        build = {
            "contact": self._contact,
            "participle": self._contact,
            "occasion": self._contact,
            "order": self._order,
            "switch": self._switch,
            "role": self._role,
            "answer": self._bare_answer,
            "text": self._tell,
        }.get(section, self._no_act)
        return build(piece, key)

    def _contact(self, piece: Piece, key: str) -> tuple[Order, ...]:
        on, fits = self._day_before(piece)
        later = [one.text for one in piece.behind if one.has("time")]
        # In "wrote about Ruth" she isn't the one who was written to.
        sure = piece.certain and fits and not (later and on is None) and "topic" not in piece.seen
        if later and on is None:
            # The day in a note may be another one. It's a guess that they met on it.
            day = self.speech.day(later[0], "past")
            on = day if day and day <= self.speech.today else None
        sure &= not _may_be_others(piece, key)
        if piece.act[0] == "occasion":
            beside = "with" in piece.seen or piece.named_first or "who" not in piece.seen
            sure &= beside and ("past" in piece.seen or self._is_past(piece))
        elif piece.act[0] == "participle":  # "Ruth gestern getroffen", but not "Ruth hat … getroffen"
            called = piece.named_first and key in ONE_SIDED  # "Ruth hat angerufen"
            sure &= "theirs" not in piece.seen or "me" in piece.seen or called
        elif piece.named_first and "me" not in piece.seen and key not in ONE_SIDED:
            sure &= piece.whos[0].isdecimal() or "mark" in piece.seen or "and" in piece.seen
        if piece.seen & set(FORBID) or not fits or not piece.whos or "request" in piece.seen:
            return self._note(piece)
        if piece.act[0] == "occasion" and "past" not in piece.seen and not self._is_past(piece):
            return self._note(piece) if "unknown" in piece.seen else (Order(self._met(piece, key, on), sure=False),)
        return (Order(self._met(piece, key, on), sure),)

    @staticmethod
    def _met(piece: Piece, key: str, on: date | None) -> Met:
        first, *others = piece.whos
        verb = "met" if key == "saw" else key
        return Met(cast("MetVerb", verb), first, on, piece.tail, company=tuple(others))

    def _day_before(self, piece: Piece) -> tuple[date | None, bool]:
        """Return the day that has been, None for none, and whether the times of a piece are no more than that."""
        if not piece.times:
            return None, True
        day, words = self.speech.day(piece.times[0], "past"), piece.times[0].casefold().split()
        # "Done by Friday" is yet to be done, and "last year" is no day.
        due = piece.due or words[0] in deadline_words(self.speech.language)
        vague = day is not None and (self.speech.today - day).days > _LONG_AGO and not any(map(str.isdecimal, words))
        return day, day is not None and day <= self.speech.today and len(piece.times) == 1 and not due and not vague

    def _is_past(self, piece: Piece) -> bool:
        """Return whether a day can only be one that has been ("yesterday"), since "Friday" may be either."""
        ahead = [self.speech.day(time, "future") for time in piece.times]
        return bool(ahead) and all(day is None or day <= self.speech.today for day in ahead)

    def _is_ahead(self, piece: Piece) -> bool:
        """Return whether a time can only be one to come: "in May", "next week", but not "Friday"."""
        time = piece.times[0]
        back = self.speech.day(time, "past")
        led = {time.split()[0].casefold(), *time.casefold().split("'")[:1]} & until_words(self.speech.language)
        return bool("until" in piece.seen or led or back is None or back > self.speech.today)

    def _order(self, piece: Piece, key: str) -> tuple[Order, ...]:
        if not piece.whos:
            return ()
        sure = piece.certain and (not piece.times or key in {"later", "skip", "done", "tried"})
        sure &= key not in {"done", "send"} or not (piece.asks or "other" in piece.seen)
        if piece.seen & set(FORBID) and key not in {"tried", *LOOKS}:
            return self._note(piece)
        who = piece.whos[0]
        if key == "tried":
            # What was tried is told in the owner's own words, so none of them has to be known.
            alone = len(piece.whos) == 1 and not piece.seen & {"maybe", "to-come", "hedge"} and not piece.asks
            told = "mark" in piece.seen or "unknown" not in piece.seen or "contact" in piece.seen
            return (Order(Tell("tried", who, piece.text), alone and told),)
        if key == "later" or (key == "skip" and piece.times):
            return self._later(piece, sure=sure)
        if key == "send":
            sure &= "text" not in piece.seen and not piece.idle - {"plain", "request"}
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
        # "Drop Ruth a line" is the opposite of a drop, so nobody is asked about one that isn't certain.
        return tuple(Order(makers[key](one), sure) for one in piece.whos) if sure or key != "drop" else ()

    def _later(self, piece: Piece, *, sure: bool) -> tuple[Order, ...]:
        until = self._until(piece.times[0]) if len(piece.times) == 1 else None
        if until is None:
            sure &= not piece.times and "until" not in piece.seen
            return tuple(Order(NotNow(who), sure) for who in piece.whos)
        return (Order(Snooze(tuple(piece.whos), until), sure),)

    def _by_number(self, piece: Piece, key: str, *, sure: bool) -> tuple[Order, ...]:
        numbers = [who if who.isdecimal() else self.named.cards.get(who, "") for who in piece.whos]
        if key == "skip" and not all(numbers):
            return tuple(Order(NotNow(who), sure) for who in piece.whos)
        if not all(numbers):
            return (Order(Met("met", piece.whos[0]), sure=False),) if key == "done" else ()
        on, fits = self._day_before(piece)
        if on and on > self.speech.today:
            return self._note(piece)
        command = ByNumber(key, tuple(map(int, numbers)), on if key == "done" else None)  # type: ignore[arg-type]
        return (Order(command, sure and fits),)

    def _switch(self, piece: Piece, key: str) -> tuple[Order, ...]:
        until = self._until(piece.times[0]) if len(piece.times) == 1 else None
        ends = until is not None and (until - self.speech.today).days < _LONG_AGO
        ends &= "till" in piece.seen or bool(piece.times and parse_length(piece.times[0], self.speech.language))
        alone = piece.certain and not piece.tail and (not piece.times or (key == "pause" and ends))
        alone &= not {"who", "plain"} & piece.seen  # "stop it" may be about anything
        if not alone or self.place or piece.idle - {"plain", "request", "until", "till", "deadline", "self"}:
            return ()  # "I can't stop thinking about Ruth", "the pause is over", "stop it" under a card
        if key == "pause":
            return (Order(Pause(until)),)
        return (Order(Undo() if key == "undo" else Plain(key)),)  # type: ignore[arg-type]

    def _role(self, piece: Piece, key: str) -> tuple[Order, ...]:
        if len(piece.whos) != 1 or key not in self.speech.roles:
            return ()
        if "not" in piece.seen:
            return self._note(piece)
        # "She was my mentor", "I'm a mentor to Ruth", "a mentor to Oliver"
        piece.certain &= (
            "ask" not in piece.seen and not piece.seen & NOT_NOW and (piece.named_first or not piece.whos_named)
        )
        label = self.named.asked.get(piece.whos[0], "")
        asked = self.named.kinds.get(label) == "role"
        command = Answer(int(label[1:]), key) if asked else SetRole(piece.whos[0], key)
        return (Order(command, piece.certain and not piece.times),)

    def _bare_answer(self, piece: Piece, _key: str) -> tuple[Order, ...]:
        """Return the answer to the one question about somebody: "Sarah: yes"."""
        label = self.named.asked.get(piece.whos[0], "") if len(piece.whos) == 1 else ""
        if not label or self.named.kinds[label] in OWN_WORDS:
            return self._note(piece)
        # By name only in so many words: "Sarah has someone else" says something else.
        piece.certain &= not piece.idle - {"courtesy", "plain"} and not piece.tail
        return answers(replace(piece, whos=[label]), (), self.typed, self.named)

    def _tell(self, piece: Piece, key: str) -> tuple[Order, ...]:
        kind = cast("TellKind", key)
        if kind == "win":
            said = piece.tail and not piece.tail.startswith("<")  # "win: <text>" is our own help
            sure = piece.certain and not piece.whos_named and ("mark" in piece.seen or piece.marked_tail)
            return (Order(Tell("win", None, piece.tail), sure),) if said else ()
        if len(piece.whos) != 1 or (not piece.tail and kind != "thanked"):
            return self._note(piece)
        # "Ruth promised to call": it's her promise. Advice is theirs, and the rest is told about the owner.
        theirs = (piece.named_first and "mark" not in piece.seen) or "other" in piece.seen
        theirs &= kind != "advice"
        nothing = bool(piece.behind) and ("answer", "no") in piece.behind[0].senses  # "promised Ruth nothing"
        return (Order(Tell(kind, piece.whos[0], piece.tail), piece.certain and not theirs and not nothing),)

    def _no_act(self, piece: Piece, _key: str) -> tuple[Order, ...]:
        if self.place == "win" and piece.text.count(" ") and "unknown" in piece.seen:
            return (Order(Tell("win", None, piece.text), not piece.seen & set(FORBID)),)
        if len(piece.whos) == 1 and len(piece.times) == 1 and not piece.tail:
            rhythm = cadence_days(piece.times[0], self.speech.language)
            if rhythm and parse_length(piece.times[0], self.speech.language) is None:
                return (Order(Every(piece.whos[0], rhythm), piece.certain),)
            until = self._until(piece.times[0])
            if until and "unknown" not in piece.seen and not piece.seen & {"self", "other", "was"}:
                # "Met Bob, lunch, tomorrow": whoever is only meant from before isn't snoozed by a day alone.
                named = piece.whos_named or bool(self.place)
                return (Order(Snooze((piece.whos[0],), until), piece.certain and named and self._is_ahead(piece)),)
        return self._note(piece)

    def _note(self, piece: Piece) -> tuple[Order, ...]:
        """Return the guess that a text about one person is a note on them."""
        if len(piece.whos) != 1 or not ("unknown" in piece.seen or piece.tail):
            return ()
        who, ending = piece.whos[0], piece.text.rstrip(" !").endswith("?")
        if who[:1] in "QC" or (who.isdecimal() and not self.place and "mark" not in piece.seen):
            return ()
        label = self.named.asked.get(who, "")
        if self.named.kinds.get(label) == "came" and not ending:
            return (Order(Tell("outcome", who, piece.text), sure=False),)
        if piece.asks or ending:
            return (Order(Look("brief", who), sure=False),)
        # Who asks for something else doesn't want it remembered.
        return () if "request" in piece.seen else (Order(Tell("note", who, piece.text), sure=False),)

    def _with_address(self, piece: Piece) -> tuple[Order, ...]:
        if len(piece.whos) == 1 and "who" in piece.seen:
            return (Order(IsAlso(piece.whos[0], piece.address), sure=False),)
        role = next((key for section, key in piece.acts if section == "role"), None)
        # The name is made of words that mean nothing else, so it's a guess where it ends.
        wanted = role or "add" in piece.seen
        return (Order(Add(piece.name, piece.address, role), sure=False),) if piece.name and wanted else ()

    def _until(self, words: str) -> date | None:
        today, language = self.speech.today, self.speech.language
        length = parse_length(words, language)
        day = after(today, length) if length else self.speech.day(words, "future")
        return day if day and day > today else None


def _may_be_others(piece: Piece, key: str) -> bool:
    """Return whether it may be somebody else, or something else of theirs, who was met."""
    if "ask" in piece.seen:  # "so gut wie getroffen"
        return True
    if not {"self", "me"} & piece.seen and (
        (len(piece.whos) > 1 and piece.named_first)  # "Ruth and Tomás met"
        or ("other" in piece.seen and (piece.whos_named or piece.act[0] != "occasion"))  # "she met Ruth"
    ):
        return True
    if key == "saw" and piece.tail and not piece.marked_tail:  # "on TV"
        return True
    return "draft" in piece.seen and key != "emailed"  # "saw her mail"
