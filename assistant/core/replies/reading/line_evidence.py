"""Whether an owner's line says what a model read in it (docs/replies.md, "In your own words").

    line ─> spans ─> the clauses around the quote ─> our own plain reader, or the text word for word

The model only chooses; the words prove. Of a contact, the plain reader must be certain by the clauses alone, and the
whole line must not take it back. Beside a text that is kept, every word must be known, so that what was left out of it
doesn't change what it means.

line                                          proves
coffee with Bob yesterday, he liked it        met Bob yesterday
my boss had coffee with Bob yesterday         nothing: "boss" isn't known, so it may be anybody's coffee
she met Bob yesterday · Bob met Sam           nothing: somebody else did, or may have
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from assistant.core.language.data_files import data_file
from assistant.core.language.dates import parse_day
from assistant.core.replies.grammar.cleaning import clean
from assistant.core.replies.grammar.command_words import fold, spans
from assistant.core.replies.grammar.commands import Answer, ByNumber, Candidate, Command, Met, NotNow, Snooze, Tell
from assistant.core.replies.grammar.pieces import IDLE, TOUCHES
from assistant.core.replies.grammar.plain import read_plain
from assistant.core.replies.plan.plain_orders import named_in
from assistant.core.replies.plan.question import NO, YES
from assistant.core.replies.plan.resolve_person import FoundPerson, find_person

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from assistant.core.language.data_files import Language
    from assistant.core.replies.grammar.command_words import Named, Span
    from assistant.core.replies.grammar.slots import Speech
    from assistant.core.replies.plan.state import State

# Beside a text that is kept, these change nothing of it.
_KNOWN: Final = (
    *(name for name in IDLE if name != "or"),
    "mark",
    "number",
    "opener",
    "time",
    *TOUCHES,
    "occasion",
    "text",
    "address",
)
_ENDS: Final = frozenset(".,;!?…–—-")  # of a clause; a colon only introduces
_TAKES_BACK: Final = frozenset(
    {("or", "")}
    | {("doubt", key) for key in ("not", "maybe", "hedge")}
    | {("answer", "no"), ("answer", "none"), ("order", "tried")}
)
_GIVEN: Final = frozenset({"gave", "promised", "thanked", "ask"})  # by the owner
_TOLD: Final = frozenset({"note", "advice", "outcome", "win", *_GIVEN})
_NOBODY: Final = "?"


@cache
def _tellers(kind: str, language: Language) -> frozenset[str]:
    """Return the words of one kind ("self", "others", …) in English and a language."""
    tables = data_file("commands", "tellers")
    return frozenset(word for tongue in ("en", language) for word in tables[tongue][kind].split())


def _is_doubtful(span: Span) -> bool:
    return span.has("doubt") or bool(span.senses & _TAKES_BACK)


@dataclass(frozen=True, slots=True)
class LineEvidence:
    """An owner's line and its spans. `place` is the label it was written under, "" for none."""

    text: str
    found: tuple[Span, ...]
    place: str
    speech: Speech
    named: Named
    state: State

    def proves(self, command: Command, quote: str) -> bool:
        """Return whether the words around the quote say so, as happened or wanted. False for any other command."""
        clauses = self._clauses(quote)
        if not clauses or any(span.text.startswith(("?", "¿")) for span in self.found):
            return False
        if isinstance(command, Tell):
            return command.kind in _TOLD and self._keeps(command, self._clauses(quote, command.text))
        meant = self._meaning(command)
        said = read_plain(self.text[clauses[0].start : clauses[-1].end], self.speech, self.named, self.place) or ()
        if meant is None or not any(order.sure and self._meaning(order.command) == meant for order in said):
            return False
        if isinstance(command, Candidate):
            return self._stands_beside(clauses)
        return meant[0] != "contact" or self._is_the_owners(command, clauses)

    def may_mean(self, command: Command) -> bool:
        """Return whether the line names everybody whom a command is about, or nobody at all."""
        named = set(map(self._whom, self.found)) - {""}
        whos = getattr(command, "whos", ()) or getattr(command, "numbers", ()) or (getattr(command, "who", None),)
        return not named or all(self._person(str(who)) in named for who in whos if who)

    def _meaning(self, command: Command) -> tuple[Any, ...] | None:
        """Return what two commands must share to be the same to the owner; None for commands of other kinds."""
        today = self.speech.today
        meaning: tuple[Any, ...] | None = None
        match command:
            case Met(verb, who, on) if not command.company:
                meaning = ("contact", verb, self._person(who), on or today)
            case ByNumber("done", (number,), on):
                meaning = ("contact", "done", self._person(str(number)), on or today)
            case ByNumber("skip", (number,)):
                meaning = ("skip", self._person(str(number)))
            case NotNow(who):
                meaning = ("skip", self._person(who))
            case Snooze((who,), until):
                meaning = ("snooze", self._person(who), until)
            case Candidate():
                meaning = ("candidate", command)
            case Answer(number, text):
                word = fold(text)
                meaning = ("answer", number, "yes" if word in YES else "no" if word in NO else word)
        return meaning

    def _clauses(self, *texts: str) -> tuple[Span, ...]:
        """Return the spans from the first to the last clause that holds one of the texts; () if one isn't there."""
        places = [(self._literal(clean(text)), len(clean(text))) for text in texts if text]
        if not places or any(at < 0 for at, _length in places):
            return ()
        start, end = min(at for at, _length in places), max(at + length for at, length in places)
        ends = [at for at, span in enumerate(self.found) if span.has("mark") and set(span.text) & _ENDS]
        first = max((at + 1 for at in ends if self.found[at].end <= start), default=0)
        last = min((at for at in ends if self.found[at].start >= end), default=len(self.found))
        return self.found[first:last]

    def _literal(self, text: str) -> int:
        """Return where a text stands in the line in whole words, -1 if it doesn't."""
        at = self.text.find(text)
        while text and at >= 0:
            before, after = self.text[:at][-1:], self.text[at + len(text) :][:1]
            if not (before.isalnum() and text[0].isalnum()) and not (after.isalnum() and text[-1].isalnum()):
                return at
            at = self.text.find(text, at + 1)
        return -1

    def _person(self, who: str) -> str:
        found = find_person(who, NotNow(who), self.state)
        return found.person.handle if isinstance(found, FoundPerson) else _NOBODY

    def _whom(self, span: Span) -> str:
        """Return whom a span names: a handle, or "?" for a candidate, a question or several; "" for no name."""
        # A bare number counts anything, except at the start of a line.
        who = (span.value("who") or span.value("address")) if not span.text.isdecimal() or span.start == 0 else None
        return self._person(who) if who else ""

    def _is_about(self, who: str, where: Iterable[Span]) -> bool:
        """Return whether only `who` is named there, or else in the line, or else by the card it stands under."""
        named = {self._whom(span) for span in where} - {""}
        if not named:
            # "He says …": he is who the line is about, unless a word that isn't known may be somebody else.
            rest = [span for span in self.found if span not in where]
            known = all(map(self._is_known, rest)) and any(self._says(span, "others") for span in where)
            named = {self._whom(span) for span in rest} - {""} if known else set()
            named = named or ({self._person(self.place)} if self.place and not any(map(self._whom, rest)) else set())
        return named == {self._person(who)} != {_NOBODY}

    def _is_known(self, span: Span) -> bool:
        return span.has(*_KNOWN) or bool(self._whom(span)) or self._says(span, "say") or self._says(span, "ask")

    def _says(self, span: Span, kind: str) -> bool:
        words = set(span.text.casefold().replace("'", " ").split())
        return not span.has("who") and not words.isdisjoint(_tellers(kind, self.speech.language))

    def _days(self, where: Iterable[Span]) -> list[date]:
        times = filter(None, (span.value("time") for span in where))
        days = (parse_day(time, self.speech.today, "past", self.speech.language) for time in times)
        return [day for day in days if day]

    def _is_the_owners(self, command: Command, clauses: Sequence[Span]) -> bool:
        """Return whether nothing in the line takes a contact back, moves it, or gives it to somebody else."""
        who = str(command.numbers[0]) if isinstance(command, ByNumber) else getattr(command, "who", "")
        on, note = getattr(command, "on", None) or self.speech.today, clean(getattr(command, "note", ""))
        days = self._days(self.found)
        denied = any(span.senses & _TAKES_BACK or self._says(span, "unreal") for span in self.found)
        denied |= any(map(_is_doubtful, clauses))
        moved = (bool(days) and on not in days) or any(day > self.speech.today for day in days)
        if denied or moved or (note and self._literal(note) < 0) or not self._is_about(who, self.found):
            return False
        over = any(span.has("contact", "past") or ("order", "done") in span.senses for span in clauses)
        # "Lunch with Bob today" may be yet to come.
        return (over or on != self.speech.today) and self._is_with(clauses)

    def _is_with(self, clauses: Sequence[Span]) -> bool:
        """Return whether a contact is with the one who is named, and neither somebody else's nor about them."""
        acts = [at for at, span in enumerate(clauses) if span.has("contact", "occasion")]
        names = [at for at, span in enumerate(clauses) if self._whom(span)]
        core = clauses[: max(acts[:1] + names) + 1] if acts or names else clauses
        between = clauses[acts[0] + 1 : names[0]] if acts and names else ()
        # Under a card "her" is who the card is about.
        theirs = sum(self._says(span, "others") for span in core) > (not names)
        return not theirs and not any(span.has("opener") and not span.has("with") for span in between)

    @staticmethod
    def _stands_beside(clauses: Sequence[Span]) -> bool:
        """Return whether a candidate's role stands right beside them: "C1 has a mentor" says something else."""
        ends = [at for at, span in enumerate(clauses) if span.has("who", "role", "answer")]
        return all(span.has("who", "role", "answer", "mark", "and") for span in clauses[ends[0] : ends[-1]])

    def _keeps(self, command: Tell, clauses: Sequence[Span]) -> bool:
        """Return whether a text is the owner's, and nothing beside it would change what it means or whose it is."""
        text = clean(command.text)
        at = self._literal(text)
        beside = [span for span in clauses if not text or span.end <= at or span.start >= at + len(text)]
        inside = [span for span in clauses if span not in beside]
        behind = [span for span in beside if inside and span.start > inside[-1].start]
        cut = any(span.start < at for span in inside)
        if cut or not all(span.has("time", "mark", "courtesy") for span in behind):
            return False  # a piece of a sentence may say the opposite of the whole
        # A doubt within somebody's advice or a note is theirs ("don't quit"); a win that is hoped for isn't one.
        sure = beside if command.kind in {"note", "advice"} else clauses
        if not clauses or any(map(_is_doubtful, sure)) or not all(map(self._is_known, beside)):
            return False
        if any(map(self._whom, inside)) or (command.on and self._days(beside) != [command.on]):
            return False
        if command.who is not None and not self._is_about(command.who, clauses):
            return False
        if command.kind == "note":
            before = [span for span in beside if span not in behind]
            whole = not before or before[-1].has("mark", "text") or bool(self._whom(before[-1]))
            return whole and all(s.has("mark", "courtesy", "time", "text") or self._whom(s) for s in before)
        return self._tells(command.kind, beside)

    def _tells(self, kind: str, beside: Sequence[Span]) -> bool:
        """Return whether one word says that it is advice, help or a promise, and from the right side."""
        word = {"advice": "say", "ask": "ask"}.get(kind)
        heads = [at for at, s in enumerate(beside) if ("text", kind) in s.senses or (word and self._says(s, word))]
        if len(heads) != 1:
            return False
        if kind in _GIVEN:
            # "I helped Mina", but not "Mina helped me".
            given = [at for at, span in enumerate(beside) if self._whom(span)] == [heads[0] + 1]
            return given and not any(self._says(span, "others") for span in beside[: heads[0]])
        return kind != "advice" or not any(self._says(span, "self") for span in beside[: heads[0]])


def evidence(text: str, place: str, speech: Speech, state: State) -> LineEvidence:
    """Return what a line says, to prove orders by."""
    line, named = clean(text), named_in(state)
    return LineEvidence(line, spans(line, speech, named), place, speech, named, state)
