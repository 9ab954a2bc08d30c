"""Check what a language model read in an owner's prose against the owner's own words (docs/replies.md).

    orders as text ─> our grammar ─> plan ─┬─> it only adds, and the line says so: done
                                           ├─> it could be done: asked, and `yes` does it
                                           └─> not possible or not understood: left out

The model only picks words out of one line. It doesn't decide who is meant or which day, and nothing it adds is done.

A contact needs more: the line must say that it was the owner who met them.

line                                                         says so
coffee with Bob and Sam; Bob and I had lunch; Bob called me  yes
coffee with Bob, Sam was ill; a talk about Sam; Kim met Sam  no, or doubtful: asked

Only certain contacts count: a wrong one would keep somebody out of the digest for weeks.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from assistant.core.language.dates import parse_day
from assistant.core.replies.grammar.cleaning import clean
from assistant.core.replies.grammar.commands import Answer, Candidate, Command, Confirm, Met, Snooze, Tell, Undo
from assistant.core.replies.grammar.lines import parse_line
from assistant.core.replies.grammar.slots import ProblemError, until_of
from assistant.core.replies.grammar.spelling import format_command
from assistant.core.replies.plan.answer import numbered
from assistant.core.replies.plan.plan import plan
from assistant.core.replies.plan.question import Question
from assistant.core.replies.plan.state import Planned, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from assistant.core.replies.grammar.lines import Speech

MOST = 5  # orders in one line
DAY_WORDS = 6
ABBREVIATION = 3  # letters; "sat" and "so" mostly aren't days, so they don't make the order's day doubtful
# These are about labels, codes and transcripts. Nobody says that in prose.
_ABOUT_ANSWERS = (Answer, Candidate, Confirm, Undo)
_EDGES = " ,.;:!?()\"'“”–—-"
_NEGATION = re.compile(
    r"(?:\b(?:not|never|no|without|nicht|nie|kein\w{0,2}|ohne)|n't|n’t)(?: [^\W\d_]+)?[ ,]*$", re.IGNORECASE
)
# Anywhere in a line, these may say that nobody met.
_UNDONE = re.compile(
    r"\b(?:not|never|cancel\w*|postpone\w*|resched\w*|missed|skipped|called off|(?:is|was) off|fell through|no-show"
    r"|abgesagt|verschoben|verpasst|ausgefallen|fiel aus|nicht|nie|kein\w{0,2})\b|n't\b|\?",
    re.IGNORECASE,
)
# Beside the name or the day, these say that it is yet to come.
_TO_COME = re.compile(
    r"\b(?:will|would|should|might|may|must|if|want\w* to|hope\w* to|plan\w* to|planning|going to|need\w* to|tomorrow"
    r"|werde|will|möchte|sollte|wenn|falls|morgen)\b|'ll\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:.!–—]| - | (?:and|but|und|aber) ")


def planned_from(text: str, said: Sequence[str], speech: Speech, state: State) -> Planned | None:
    """Return what the orders `said`, which a model read in the owner's line `text`, do in that state.

    Returns None if they do nothing.
    """
    steps: list[tuple[str, Planned]] = []
    line = clean(text)
    for order in said[:MOST]:
        command = parse_line(order, speech).command
        if command is None:
            continue
        planned = _one(command, order, line, speech, state)
        if planned:
            steps.append((clean(order), planned))
            state = state.after(planned.changes)
    if not steps:
        return None
    say = state.words
    effect = "; ".join(say("prose.order", order=order, effect=planned.effect) for order, planned in steps)
    asks = any(planned.outcome == "ask" for _order, planned in steps)
    changes = tuple(change for _order, planned in steps for change in planned.changes)
    return Planned("ask" if asks else "ok", say("prose.read", effect=effect), changes)


def _one(command: Command, order: str, line: str, speech: Speech, state: State) -> Planned | None:
    if isinstance(command, _ABOUT_ANSWERS):
        return None
    if isinstance(command, Met):
        command = command.alone  # the model writes one order for each person, so it needs no other readings
    planned = plan(command, state)
    if planned.outcome not in {"ok", "ask"} or planned.look:
        return None
    if _is_the_owners(command, line, speech, state):
        return planned
    return _asked(command, order, planned, state) if planned.outcome == "ok" else None


def _is_the_owners(command: Command, line: str, speech: Speech, state: State) -> bool:
    """Return whether a command only adds, and the owner's words say it: who, when and what."""
    match command:
        case Met(_, _, on, note):
            people = state.roster.active()
            names = frozenset(word for person in people for word in WORD.findall(person.name.casefold()))
            said = all(says_met(who, line, names) and _met_then(on, who, line, speech) for who in command.whos)
            return said and _holds(note, line)
        case Tell(kind, who, text) if kind != "goal":
            return (who is None or _says(who, line)) and _holds(text, line)
        case Snooze(whos, until):
            # With several people in a line, each clause is about its own.
            about = [line] if _one_named(line, state) else _CLAUSE.split(line)
            return all(any(_says(who, part) and until in set(_ends(part, speech)) for part in about) for who in whos)
    return False


def _one_named(line: str, state: State) -> bool:
    """Return whether a line names at most one person, so that all of it is about them."""
    words = set(WORD.findall(line.casefold()))
    named = sum(bool(words & set(WORD.findall(person.name.casefold()))) for person in state.roster.active())
    return named + sum(any(mentions_of(label, line)) for label in state.reply.items if label.isdecimal()) <= 1


def _says(who: str, line: str) -> bool:
    if who.isdecimal():
        return any(mentions_of(who, line))
    said = set(WORD.findall(line.casefold()))
    return all(word in said for word in WORD.findall(who.casefold()))


def _holds(text: str, line: str) -> bool:
    """Return whether a text is a literal part of the line, in whole words, that the line doesn't deny."""
    part = clean(text)
    at = line.find(part)
    while part and at >= 0:
        before, after = line[:at], line[at + len(part) :]
        whole = not (before[-1:].isalnum() and part[0].isalnum()) and not (after[:1].isalnum() and part[-1].isalnum())
        if whole and not _NEGATION.search(before[-40:]):
            return True
        at = line.find(part, at + 1)
    return not part


def _met_then(on: date | None, who: str, line: str, speech: Speech) -> bool:
    """Return whether the line says that it happened, and on that day. Without a day it was today."""
    about = [part for part in _CLAUSE.split(line) if _says(who, part) or any(_days(part, speech))]
    if _UNDONE.search(line) or any(_TO_COME.search(part) for part in about):
        return False
    if on is not None:
        return on in {day for _words, day in _days(line, speech)}
    return all(day == speech.today for words, day in _days(line, speech) if len(words) > ABBREVIATION)


def _days(line: str, speech: Speech) -> Iterator[tuple[str, date]]:
    for words in _pieces(line):
        day = parse_day(words, speech.today, "past", speech.language)
        if day is not None:
            yield words, day


def _ends(line: str, speech: Speech) -> Iterator[date]:
    for words in _pieces(line):
        try:
            day = until_of(words, speech)
        except ProblemError:
            continue
        if day is not None:
            yield day


def _pieces(line: str) -> Iterator[str]:
    """Yield every run of up to six words in a line, without the punctuation around it."""
    words = line.split(" ")
    for start in range(len(words)):
        for end in range(start + 1, min(start + DAY_WORDS, len(words)) + 1):
            yield " ".join(words[start:end]).strip(_EDGES)


def _asked(command: Command, order: str, planned: Planned, state: State) -> Planned:
    """Return the question that `yes` turns into the command."""
    label = state.next_label()
    number = sum(change.key.startswith("prose ") for change in state.roster.done) + 1
    payload: dict[str, Any] = {
        "label": label,
        "asked_at": state.reply.now,
        "cause": state.reply.cause,
        "said_on": state.reply.today.isoformat(),
        "text": clean(order),
        "command": format_command(_by_name(command, state)),
        "items": numbered(command, state),
    }
    change = state.asked(Question("prose", f"{state.reply.cause}-{number}", payload))
    said = planned.effect.removesuffix(".")
    return Planned("ask", state.words("prose.ask", label=label, said=said), (change,))


def _by_name(command: Command, state: State) -> Command:
    """Return the command with handles for numbers, since the answer may come under another digest."""

    def named(who: str) -> str:
        item = state.reply.items.get(who)
        return item.person if item and item.person else who

    if isinstance(command, Snooze):
        return replace(command, whos=tuple(map(named, command.whos)))
    if isinstance(command, Met):  # with its day, since "today" is another day once the answer comes
        return command.about(map(named, command.whos), state.reply.today)
    who = getattr(command, "who", None)
    return replace(command, who=named(who)) if who else command  # type: ignore[arg-type]


MOST_PLACES = 5  # where somebody is named in one sentence
_SENTENCE = re.compile(r"[.;:!?](?=\s|$)| [-–—] ")
WORD = re.compile(r"[^\W_]+")
_VERB = (
    r"met|saw|visited|called|phoned|rang|texted|messaged|e-?mailed|mailed|wrote to|talked to|spoke to"
    r"|ran into|bumped into"
)
_LINK = re.compile(rf"\b(?:{_VERB}|with|mit)\b", re.IGNORECASE)
# What people do with each other. Beside "with" it makes a contact; "agreed with Bob" doesn't.
_MEETING = re.compile(
    r"\b(?:met|meeting|coffees?|lunch|dinner|supper|breakfast|brunch|beers?|drinks?|tea|wine|meal|walk|stroll|talk|talked"
    r"|spoke|chat|chatted|call|phone|conversation|catch-?up|caught up|catching up|session|sync|1:1|one-on-one|spent|sat"
    r"|zoom|kaffee|tee|bier|mittagessen|abendessen|essen|frühstück|gespräch|telefonat|treffen|spaziergang|getroffen"
    r"|gesprochen|telefoniert|geredet|unterhalten)\b",
    re.IGNORECASE,
)
_DID = re.compile(
    rf"\b(?:{_VERB}|had|has|went|spoke|talked|caught|sat|spent|grabbed|took|got|did|was|were|is|hat|hatte|war|ging)\b",
    re.IGNORECASE,
)
_SELF = r"(?:I|me|myself|we|ich|mich|wir)"
# Who did it: the owner, or the line doesn't say.
_OWNER = re.compile(
    rf"(?:^|,|\b{_SELF}(?:['’]ve|['’]d)?)(?: ?(?:just|finally|also|again|briefly|quickly|have|had|today|yesterday|heute"
    r"|gestern))*\s*$",
    re.IGNORECASE,
)
# What may stand between "with" and a name, apart from other names.
_BESIDE = frozenset(("and", "und", "both", "my", "the", "number", "numbers", "nr", "no", "nummer", "dear", "old"))
# What may follow the second name of a list. If a verb follows, that name begins a new sentence.
_BEHIND = re.compile(
    r"\s*(?:$|[,)\"”]|(?:and|und|&|yesterday|today|tonight|last|this|on|at|in|over|for|about|again|gestern|heute|vorgestern"
    r"|letzte\w*|am|im|beim|zum|über|getroffen|gesprochen|getrunken|gegessen|\d)\b)",
    re.IGNORECASE,
)
_AND_I = re.compile(rf"\s*(?:,? and |,? und | & ){_SELF}\b", re.IGNORECASE)
_I_AND = re.compile(rf"\b{_SELF}(?: and | und | & )$", re.IGNORECASE)
_MET_BEHIND = re.compile(r"(?: [^\s,;]+){0,5} (?:getroffen|gesehen|angerufen|besucht|gesprochen)\b", re.IGNORECASE)
_MET_ME = re.compile(
    r" (?:called|phoned|rang|texted|messaged|e-?mailed|mailed|wrote(?: to)?|visited) me\b", re.IGNORECASE
)
_OTHERS = re.compile(
    r"\b(?:he|she|they|it|who|you|er|sie|es|ihr|du|man|his|her|their|ihre?|seine?|hear\w*|that|about|dass|über)\b",
    re.IGNORECASE,
)
# People of whom the line already says that the owner met them.
_OWN = re.compile(
    rf"\b(?i:[^\W\d]+(?:,? and |,? und | & ){_SELF}|{_SELF}(?: and | und | & )[^\W\d]+)\b"
    rf"|(?i:{_LINK.pattern} )[^\W\d]+(?: [A-Z][^\W\d]+)?(?:(?:, |,? and |,? und )[A-Z][^\W\d]+)*"
)


def says_met(who: str, line: str, names: frozenset[str]) -> bool:
    """Return whether the line says that its writer was in touch with `who`, a number or words of the line.

    `names` are the words of everybody's name, casefolded. If somebody else may have met them, the answer is no.
    """
    others = names - set(WORD.findall(who.casefold()))
    return any(
        _is_company(clause[: at.start()], clause[at.end() :], others)
        for clause in _SENTENCE.split(line)
        for at in islice(mentions_of(who, clause), MOST_PLACES)
    )


def mentions_of(who: str, clause: str) -> Iterator[re.Match[str]]:
    """Yield each place where somebody is named."""
    words = re.escape(who).replace(r"\ ", r"\s+")
    # A number only as "number 2" or "#2"; bare, it may count anything.
    before = r"(?:(?:\b(?:numbers?|nr|no|nummer)\b\.? |#)(?:#?\d{1,3}(?:, | and | & ))*)" if who.isdecimal() else ""
    yield from re.finditer(rf"{before}(?<![^\W_]){words}(?![^\W_]|['’]s)", clause, re.IGNORECASE)


def _is_company(before: str, after: str, names: frozenset[str]) -> bool:
    met = _MEETING.search(before) or _MEETING.search(after)
    if met and (_AND_I.match(after) or _I_AND.search(before)):
        return not _by_others(_I_AND.sub("", before), names)
    if _MET_BEHIND.match(after) or _MET_ME.match(after):
        return not _by_others(before, names)
    link = next(reversed(list(_LINK.finditer(before))), None)
    if link is None or (link[0].lower() in {"with", "mit"} and not met):
        return False
    between = [word.casefold() for word in WORD.findall(before[link.end() :])]
    second = any(word in names or word.isdecimal() for word in between)
    if not all(word in _BESIDE or word in names or word.isdecimal() for word in between):
        return False
    return (not second or _BEHIND.match(after) is not None) and not _by_others(before[: link.end()], names)


def _by_others(before: str, names: frozenset[str]) -> bool:
    """Return whether somebody else may have done it: another subject before the verb, or another name by itself."""
    did = _DID.search(before)
    if did and not _OWNER.search(before[: did.start()]):
        return True
    rest = _OWN.sub(" ", before)
    return bool(_OTHERS.search(rest)) or any(word.casefold() in names for word in WORD.findall(rest))
