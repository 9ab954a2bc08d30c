"""Lines an owner wrote to commands: one command a line, understood wholly or not at all (docs/replies.md).

    line -> clean -> noise? -> bullet, politeness and final stop off -> the rules, the first that fits wholly

Every pattern is anchored and runs on a line of at most 1,000 characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.core.commands import (
    Add, Answer, ByNumber, Candidate, Close, Command, Confirm, Drop, Every, Favourite, IsAlso, IsNot, Look, Met,
    NotContact, NotNow, Pause, Plain, SetRole, Snooze, Tell, Undo,
)  # fmt: skip
from assistant.core.dates import Language, after, cadence_days, parse_day, parse_length, say_day
from assistant.core.speech import bullet_forms, clean, is_noise, is_polite, without_courtesy, without_prefix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

LINE_LIMIT = 1000
"""Characters of one line (docs/replies.md)."""
WHO_LIMIT = 120
WHO_WORDS = 8
ANSWER_WORDS = 5


@dataclass(frozen=True, slots=True)
class Speech:
    """How lines are to be read: the day they were written (owner's zone), the language of days, the roles there are.

    `own_names` are the owner's: alone on a line they are a signature.
    """

    today: date
    language: Language = "en"
    roles: tuple[str, ...] = ("mentor", "advisor", "advocate", "ally")
    own_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its command, or None for noise (`noise`) and for what is not understood.

    `problem` is a sentence for a line that is understood and cannot be meant ("12 May 2031 is yet to come"), else "".
    """

    text: str
    command: Command | None = None
    noise: bool = False
    problem: str = ""


class _ProblemError(Exception):
    """A line that is understood and cannot be meant; the message says why."""


def parse(lines: Iterable[str], speech: Speech) -> tuple[Line, ...]:
    """Return one Line for each line that is not blank; never raises."""
    return tuple(parse_line(line, speech) for line in lines if clean(line))


def parse_line(text: str, speech: Speech) -> Line:
    """Return what one line says. A line over 1,000 characters is not understood."""
    line = clean(text[: LINE_LIMIT + 1])
    if len(text) > LINE_LIMIT:
        return Line(text[:LINE_LIMIT])
    if is_noise(line, speech.own_names):
        return Line(text, noise=True)
    try:
        for form in bullet_forms(line):
            command = _command(form, speech)
            if command is not None:
                return Line(text, command)
    except _ProblemError as problem:
        return Line(text, problem=str(problem))
    return Line(text)


def _command(form: str, speech: Speech) -> Command | None:
    said = without_prefix(form)
    bare = without_courtesy(said)
    for rule in _TEXT_RULES:
        command = rule(said, speech)
        if command is not None:
            return command
    for rule in _RULES:
        command = rule(bare, speech)
        if command is not None:
            return command
    return None


# What takes the rest of the line as the owner's own words.

_MET = re.compile(
    r"(?:i )?(met|talked|spoke|called|phoned|emailed|e-mailed)(?: (?:to|with))? (?=\S)",
    re.IGNORECASE,
)
_MET_VERBS = {"met": "met", "talked": "talked to", "spoke": "talked to", "called": "called", "phoned": "called"}
_NOTE_AT = re.compile(r" ?[,;:] ?| [-–—] ")
_NUMBER_FIRST = re.compile(r"#?\d{1,3}(?: |,|&|$)")
_TELL = re.compile(r"(note|advice|ask) (?:(?:on|for|about|from|to) )?([^:]{1,120}): ?(.+)", re.IGNORECASE)
_SLOT = re.compile(r"<[\w -]{1,20}>")
_OWN = re.compile(r"(win|goal) ?: ?(.+)", re.IGNORECASE)


def _met(said: str, speech: Speech) -> Command | None:
    match = _MET.match(said)
    if match is None:
        return None
    verb = _MET_VERBS.get(match[1].lower(), "emailed")
    rest = said[match.end() :]
    for cut in _NOTE_AT.finditer(rest):
        head, note = rest[: cut.start()], rest[cut.end() :]
        # A list of people, or "May 12th, 2026", is no note.
        year = re.match(r"\d{4}(?!\d)", note)
        if year and _who_and_day(f"{head}, {year[0]}", speech)[1]:
            continue
        who, on = _who_and_day(head, speech)
        if _NUMBER_FIRST.match(note) and _number(who) or not _is_who(who):
            return None
        return Met(verb, who, on, "" if is_polite(note) else note)  # type: ignore[arg-type]
    who, on = _who_and_day(without_courtesy(rest), speech)
    return Met(verb, who, on) if _is_who(who) else None  # type: ignore[arg-type]


def _who_and_day(head: str, speech: Speech) -> tuple[str, date | None]:
    """Part "Jane Roe on 12 May" into WHO and WHEN: the longest end that is a day, as long as somebody is left."""
    words = head.split(" ")
    for start in range(max(1, len(words) - 6), len(words)):
        day = parse_day(" ".join(words[start:]).rstrip("."), speech.today, "past", speech.language)
        if day is not None:
            if day > speech.today:
                raise _ProblemError(f"{say_day(day)} is yet to come")  # noqa: EM102, TRY003
            return _who(" ".join(words[:start])), day
    return _who(head), None


def _tell(said: str, _speech: Speech) -> Command | None:
    match = _OWN.fullmatch(said)
    # "win: <text>" is our own help quoted back.
    if match and not _SLOT.match(match[2]):
        return Tell(match[1].lower(), None, match[2])  # type: ignore[arg-type]
    match = _TELL.fullmatch(said)
    if match is None or not _is_who(_who(match[2])) or _SLOT.match(match[3]):
        return None
    return Tell(match[1].lower(), _who(match[2]), match[3])  # type: ignore[arg-type]


# Numbers, snoozing.

_NUMBERS = r"(?:#|no\.? ?|number )?\d{1,3}(?:(?: ?, ?and | ?, ?| ?& ?| ?\+ ?| and | und )#?\d{1,3}){0,30}"
_VERB_FIRST = re.compile(rf"(done|skip|send) (?:with )?({_NUMBERS})", re.IGNORECASE)
_NUMBER_THEN_VERB = re.compile(rf"({_NUMBERS})[.):]?(?: [-–—])? ?(done|skip|send)", re.IGNORECASE)
_SNOOZE = re.compile(r"snooze (?=\S)", re.IGNORECASE)
_NUMBER_SNOOZE = re.compile(rf"({_NUMBERS})[.):]? (?:[-–—] )?snooze (.+)", re.IGNORECASE)
_NUMBER_LIST = re.compile(_NUMBERS, re.IGNORECASE)
_UNTIL = re.compile(r"(?:until|till|til|bis) (.+)", re.IGNORECASE)
_FOR = re.compile(r"for |für ", re.IGNORECASE)
_NOT_NOW = re.compile(r"not now[,:]? (.+)", re.IGNORECASE)


def _by_number(bare: str, _speech: Speech) -> Command | None:
    match = _VERB_FIRST.fullmatch(bare)
    verb, numbers = (match[1], match[2]) if match else ("", "")
    if match is None:
        match = _NUMBER_THEN_VERB.fullmatch(bare)
        if match is None:
            return None
        verb, numbers = match[2], match[1]
    return ByNumber(verb.lower(), _all_numbers(numbers))  # type: ignore[arg-type]


def _snooze(bare: str, speech: Speech) -> Command | None:
    match = _NUMBER_SNOOZE.fullmatch(bare)
    if match:
        until = _until(match[2], speech)
        return Snooze(tuple(map(str, _all_numbers(match[1]))), until) if until else None
    head = _SNOOZE.match(bare)
    words = bare[head.end() :].split(" ") if head else []
    # The longest end that is a time: "snooze 2 3 weeks" has somebody, and a length, in it.
    for start in range(max(1, len(words) - 7), len(words)):
        until = _until(" ".join(words[start:]), speech)
        who = " ".join(words[:start])
        if until and _is_who(_who(who)):
            return Snooze(_whos(who), until)
    return None


def _until(words: str, speech: Speech) -> date | None:
    """Return the day that "for 3 weeks" or "until Friday" ends on. Raises _ProblemError for one that has passed."""
    match = _UNTIL.fullmatch(words)
    if match:
        day = parse_day(match[1], speech.today, "future", speech.language)
    else:
        length = parse_length(_FOR.sub("", words, count=1), speech.language)
        day = after(speech.today, length) if length else None
    if day is not None and day <= speech.today:
        raise _ProblemError(f"{say_day(day)} has come already")  # noqa: EM102, TRY003
    return day


def _not_now(bare: str, _speech: Speech) -> Command | None:
    match = _NOT_NOW.fullmatch(bare)
    return NotNow(_who(match[1])) if match and _is_who(_who(match[1])) else None


# The roster.

_ADDRESS = r"<?(?:mailto:)?([^\s<>,;:@\"()]{1,64}@[^\s<>,;:@\"()]{1,255}?)>?"
_ALSO = re.compile(rf"(.{{1,120}}?) is (also|not) {_ADDRESS}", re.IGNORECASE)
_ROLE = re.compile(r"(.{1,120}?)(?: is)? role (.{1,80})", re.IGNORECASE)
_FAVOURITE = re.compile(r"(.{1,120}?)(?: is)?(?: a| my)? favou?rite", re.IGNORECASE)
_CADENCE = re.compile(
    r"(.{1,120}?) (every .{1,40}|daily|weekly|fortnightly|bi-?weekly|monthly|quarterly|twice a year|twice yearly|yearly"
    r"|annually|once a year)",
    re.IGNORECASE,
)
_HOPED = re.compile(r"hoped(?:[- ]for)? ", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:an?|my|the) ", re.IGNORECASE)
_LABEL = re.compile(r"([cq])(\d{1,3})[:.)]? (?:= )?(.{1,200})", re.IGNORECASE)
_ONE_WHO = re.compile(r"(drop|close|brief|show) (.{1,120})", re.IGNORECASE)


def _also(bare: str, _speech: Speech) -> Command | None:
    match = _ALSO.fullmatch(bare)
    if match is None or not _is_who(_who(match[1])):
        return None
    kind = IsAlso if match[2].lower() == "also" else IsNot
    return kind(_who(match[1]), match[3])


def _role(bare: str, speech: Speech) -> Command | None:
    match = _ROLE.fullmatch(bare)
    found = role_of(match[2], speech) if match else None
    return SetRole(_who(match[1]), *found) if match and found and _is_who(_who(match[1])) else None


def role_of(words: str, speech: Speech) -> tuple[str, bool] | None:
    """Return (role, hoped for) of "advocate", "an advisor" or "hoped-for advocate"; None for no role there is."""
    said = _ARTICLE.sub("", words.strip(), count=1) if _ARTICLE.match(words) else words.strip()
    hoped = _HOPED.match(said)
    name = said[hoped.end() :] if hoped else said
    name = {"adviser": "advisor"}.get(name.lower(), name.lower())
    found = next((role for role in speech.roles if role.lower() == name), None)
    return (found, bool(hoped)) if found else None


def _favourite(bare: str, _speech: Speech) -> Command | None:
    match = _FAVOURITE.fullmatch(bare)
    return Favourite(_who(match[1])) if match and _is_who(_who(match[1])) else None


def _every(bare: str, _speech: Speech) -> Command | None:
    match = _CADENCE.fullmatch(bare)
    if match is None or not _is_who(_who(match[1])):
        return None
    days = cadence_days(match[2]) or cadence_days(match[2][len("every ") :])
    return Every(_who(match[1]), days) if days else None


def _label(bare: str, speech: Speech) -> Command | None:
    match = _LABEL.fullmatch(bare)
    if match is None:
        return None
    number, words = int(match[2]), match[3].strip()
    if match[1] in "qQ":
        return Answer(number, words) if _is_who(words) and words.count(" ") < ANSWER_WORDS else None
    if words.lower() == "ignore":
        return Candidate(number, None)
    found = role_of(words[3:] if words.lower().startswith("as ") else words, speech)
    return Candidate(number, *found) if found else None


def _one_who(bare: str, _speech: Speech) -> Command | None:
    match = _ONE_WHO.fullmatch(bare.rstrip("?"))
    who = _who(match[2]) if match else ""
    if match is None or not _is_who(who):
        return None
    verb = match[1].lower()
    if verb in {"brief", "show"}:
        return Look(verb, who)  # type: ignore[arg-type]
    return Drop(who) if verb == "drop" else Close(who)


def _add(said: str, speech: Speech) -> Command | None:
    """Return the Add of `add NAME <address> [as ROLE][, CADENCE][, for "GOAL"][, until DATE]`."""
    match = _ADD.fullmatch(said)
    if match is None:
        return None
    name = match[1].strip(" ,\"'<")
    rest = without_courtesy(match[3] or "")
    if not name or not _is_name(name):
        return None
    slots: dict[str, object] = {}
    while rest:
        found = next((step for step in (clause(rest, speech) for clause in _CLAUSES) if step), None)
        if found is None or set(found[0]) & set(slots):
            return None
        slots |= found[0]
        rest = found[1].lstrip(" ,;")
    return Add(name, match[2], **slots)  # type: ignore[arg-type]


_ADD = re.compile(rf"add ([^@]{{1,200}}?)[ ,]*{_ADDRESS}(?:$|[ ,;]+(.*))", re.IGNORECASE)
_AS = re.compile(r"as ([^,;\"]+?)(?=$|[,;]| for | until | every | \w+ly(?:$|[,;]| ))(.*)", re.IGNORECASE)
_GOAL = re.compile(r"for (?:\"([^\"]{1,500})\"|'([^']{1,500})'|([^\",;]{1,500}?(?=$|[,;]| until )))(.*)", re.IGNORECASE)
_UNTIL_CLAUSE = re.compile(r"(?:until|till|bis) ([^,;]+(?:, ?\d{4})?)(.*)", re.IGNORECASE)
_CADENCE_CLAUSE = re.compile(r"([a-z0-9 -]+?)(?=$|[,;]| for | until | as )(.*)", re.IGNORECASE)


def _as_clause(rest: str, speech: Speech) -> tuple[dict[str, object], str] | None:
    match = _AS.fullmatch(rest)
    found = role_of(match[1], speech) if match else None
    return ({"role": found[0], "hoped": found[1]}, match[2]) if match and found else None


def _goal_clause(rest: str, _speech: Speech) -> tuple[dict[str, object], str] | None:
    match = _GOAL.fullmatch(rest)
    goal = (match[1] or match[2] or match[3] or "").strip() if match else ""
    return ({"goal": goal}, match[4]) if match and goal else None


def _until_clause(rest: str, speech: Speech) -> tuple[dict[str, object], str] | None:
    match = _UNTIL_CLAUSE.fullmatch(rest)
    day = _until(f"until {match[1].strip()}", speech) if match else None
    return ({"until": day}, match[2]) if match and day else None


def _cadence_clause(rest: str, _speech: Speech) -> tuple[dict[str, object], str] | None:
    match = _CADENCE_CLAUSE.fullmatch(rest)
    days = cadence_days(match[1]) if match else None
    return ({"cadence_days": days}, match[2]) if match and days else None


_CLAUSES = (_as_clause, _goal_clause, _until_clause, _cadence_clause)

# The rest.

_NOT_CONTACT = re.compile(r"not (?:a )?contact #?([\w-]{2,40})", re.IGNORECASE)
_PLAIN = re.compile(r"(status|help|resume|stop)\??", re.IGNORECASE)
_UNDO = re.compile(r"undo(?: t?(\d{1,9}))?", re.IGNORECASE)
_CONFIRM = re.compile(r"confirm ([a-z0-9]{6})", re.IGNORECASE)
_PAUSE = re.compile(r"pause(?: (.+))?", re.IGNORECASE)


def _rest(bare: str, speech: Speech) -> Command | None:
    plain = _PLAIN.fullmatch(bare)
    if plain:
        return Plain(plain[1].lower())  # type: ignore[arg-type]
    undo = _UNDO.fullmatch(bare)
    if undo:
        return Undo(f"T{int(undo[1])}" if undo[1] else None)
    confirm = _CONFIRM.fullmatch(bare)
    if confirm:
        return Confirm(confirm[1].upper())
    short = _NOT_CONTACT.fullmatch(bare)
    if short:
        return NotContact(short[1])
    pause = _PAUSE.fullmatch(bare)
    if pause is None:
        return None
    until = _until(pause[1], speech) if pause[1] else None
    return None if pause[1] and until is None else Pause(until)


_TEXT_RULES: tuple[Callable[[str, Speech], Command | None], ...] = (_tell, _add, _met)
_RULES: tuple[Callable[[str, Speech], Command | None], ...] = (
    _by_number, _snooze, _not_now, _rest, _label, _one_who, _also, _role, _favourite, _every,
)  # fmt: skip

_LISTED = re.compile(r"\d+[.)]?\s")
_WHO_NUMBER = re.compile(r"(?:#|no\.? ?|number )?(\d{1,3})", re.IGNORECASE)


def _who(words: str) -> str:
    """Return WHO as it is kept: a number as its digits, an address without angle brackets."""
    said = words.strip(" ,;:'\"").removesuffix(".")
    said = said.strip("<>") if "@" in said else said
    match = _WHO_NUMBER.fullmatch(said)
    return str(int(match[1])) if match else said


def _is_who(who: str) -> bool:
    if _LISTED.match(who):
        return False
    return 0 < len(who) <= WHO_LIMIT and who.count(" ") < WHO_WORDS and not set(who) & set('<>"?!:;,()[]{}|=')


def _is_name(name: str) -> bool:
    return len(name) <= WHO_LIMIT and any(letter.isalpha() for letter in name) and not set(name) & set('<>"@;:|=')


def _number(who: str) -> bool:
    return who.isdecimal()


def _whos(words: str) -> tuple[str, ...]:
    if _NUMBER_LIST.fullmatch(words):
        return tuple(map(str, _all_numbers(words)))
    return (_who(words),)


def _all_numbers(words: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(number) for number in re.findall(r"\d+", words)))
