"""Parse the owner's lines: one command a line, understood as a whole or not at all (docs/replies.md).

    line -> clean -> noise? -> bullet, politeness and final period off -> the first rule that fits the whole line

Every pattern is anchored and runs on a line of at most 1,000 characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import TYPE_CHECKING

from assistant.core.language.dates import cadence_days
from assistant.core.people.ledger import HEADS
from assistant.core.replies.grammar.add import parse_add
from assistant.core.replies.grammar.cleaning import (
    as_typed,
    bullet_forms,
    clean,
    is_noise,
    without_courtesy,
    without_prefix,
)
from assistant.core.replies.grammar.command_words import says_tried
from assistant.core.replies.grammar.commands import (
    Add,
    Answer,
    Candidate,
    Close,
    Command,
    Confirm,
    Drop,
    Every,
    Favourite,
    Intro,
    IsAlso,
    IsNot,
    Keep,
    Look,
    Met,
    NotContact,
    Pause,
    Plain,
    SetRole,
    Tell,
    Undo,
)
from assistant.core.replies.grammar.met import is_order, met
from assistant.core.replies.grammar.numbered import by_number, not_now, now, snooze
from assistant.core.replies.grammar.slots import (
    ADDRESS,
    ProblemError,
    Speech,
    is_who,
    labels,
    problem,
    role_of,
    until_of,
    who_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

__all__ = ["LINE_LIMIT", "ParsedLine", "Speech", "parse_line", "parse_lines"]

LINE_LIMIT = 1000  # characters (docs/replies.md)
ANSWER_WORDS = 5
TELL_WORDS = 4
WHY_WORDS = 3


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """One line and its command, which is None for noise and for what isn't understood.

    `problem` is a sentence for a line that is understood but can't be meant ("12 May 2031 is yet to come"), else "".
    `place` is the label it was written under ("2", "Q1"), "" for none.
    """

    text: str
    command: Command | None = None
    noise: bool = False
    problem: str = ""
    place: str = ""


def parse_lines(lines: Iterable[str], speech: Speech, places: Sequence[str] = ()) -> tuple[ParsedLine, ...]:
    """Return a ParsedLine for each line that isn't blank. `places` are their labels, if known. Never raises."""
    placed = zip(lines, chain(places, repeat("")))  # noqa: B905 - the second never ends
    return tuple(replace(parse_line(line, speech), place=place) for line, place in placed if clean(line))


def parse_line(text: str, speech: Speech) -> ParsedLine:
    """Return what one line says. A line over 1,000 characters isn't understood."""
    line = clean(text[: LINE_LIMIT + 1])
    if len(text) > LINE_LIMIT:
        return ParsedLine(text[:LINE_LIMIT])
    if is_noise(line, speech.own_names):
        return ParsedLine(text, noise=True)
    try:
        for form in bullet_forms(line):
            command = _command(form, speech)
            # "called Daniel, no answer" is no contact, though it has the form of one.
            if command is not None and not (isinstance(command, Met) and says_tried(form, speech)):
                return ParsedLine(text, _in_own_words(command, line, as_typed(text)))
    except ProblemError as error:
        return ParsedLine(text, problem=str(error))
    return ParsedLine(text)


def _in_own_words(command: Command, line: str, typed: str) -> Command:
    """Return the command with its note as the owner typed it, curly quotes included."""
    if isinstance(command, Met):
        lists = (_in_own_words(one, line, typed) for one in command.lists)
        command = replace(command, lists=tuple(lists))  # type: ignore[arg-type]
    name = {Met: "note", Tell: "text", Answer: "text", Add: "occasion", SetRole: "occasion"}.get(type(command), "")
    said = getattr(command, name) if name else ""
    if not said or len(typed) != len(line) or not line.endswith(said):
        return command
    return replace(command, **{name: typed[-len(said) :]})  # type: ignore[arg-type]


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


# Commands that take the rest of the line as the owner's own words. These rules see the line with its courtesy, since
# a final "thanks" may belong to the note.

_KIND_OF = {head: kind for kind, head in HEADS.items()} | {"favor from": "favour"}
# The longest head first: "my motive" isn't a motive, and "intro from" no introduction.
_TELL = re.compile(
    rf"({'|'.join(sorted(_KIND_OF, key=len, reverse=True))}) (?:(?:for|from) )?([^:]{{1,120}}): ?(.+)", re.IGNORECASE
)
_INTRO = re.compile(r"(?:intro|introduced) (.{1,120}?) (?:to|and|with) (.{1,120})", re.IGNORECASE)
_THANKED = re.compile(r"thanked (.{1,120})", re.IGNORECASE)
_PEER = re.compile(r"(.{1,120}?) is (not )?(?:a |my )?peer", re.IGNORECASE)
_SLOT = re.compile(r"<[\w -]{1,20}>")
_OWN = re.compile(r"(win|goal)( public)?( on [^:]{1,60})? ?: ?(.+)", re.IGNORECASE)
_DAY = re.compile(r"(.*?)(?:^|,? )(?:on|am) (.{1,60})", re.IGNORECASE)


def _tell(said: str, speech: Speech) -> Command | None:
    match = _OWN.fullmatch(said)
    # "win: <text>" is our own help, quoted back.
    if match and not _SLOT.match(match[4]):
        kind, on = match[1].lower(), _told_on(match[3] or "", speech)[1]
        return Tell(kind, None, match[4], kind == "win" and bool(match[2]), on)  # type: ignore[arg-type]
    match = _TELL.fullmatch(said)
    if match is None or _SLOT.match(match[3]):
        return None
    who, on = _told_on(match[2], speech)
    # "advice on what to do next: …" is a sentence with a colon in it. It names nobody.
    if not is_who(who_of(who)) or who.count(" ") >= TELL_WORDS:
        return None
    return Tell(_KIND_OF[match[1].lower()], who_of(who), match[3], on=on)


def _told_on(words: str, speech: Speech) -> tuple[str, date | None]:
    """Return what stands before " on DAY", and the day; None without one.

    Raises ProblemError for a day that is yet to come.
    """
    match = _DAY.fullmatch(words)
    day = speech.day(match[2], "past") if match else None
    if match is None or day is None:
        return words, None
    if day > speech.today:
        raise ProblemError(problem("ahead", day, speech))
    return match[1], day


def _ledger(bare: str, speech: Speech) -> Command | None:
    """Return the command of `intro A to B`, `thanked A` or `A is a peer`, else None."""
    intro = _INTRO.fullmatch(bare)
    if intro:
        first, second = who_of(intro[1]), who_of(intro[2])
        return Intro((first, second)) if is_who(first) and is_who(second) else None
    thanked, peer = _THANKED.fullmatch(bare), _PEER.fullmatch(bare)
    who, on = _told_on(thanked[1], speech) if thanked else (peer[1] if peer else "", None)
    if not is_who(who_of(who)):
        return None
    return (
        Tell("thanked", who_of(who), "", on=on)
        if thanked
        else Tell("peer", who_of(who), "no" if peer and peer[2] else "yes")
    )


# The roster.


def _add(said: str, speech: Speech) -> Command | None:
    command = parse_add(said, speech)
    return None if command and _holds_order(command.occasion, speech) else command


def _holds_order(occasion: str, speech: Speech) -> bool:
    """Return whether why somebody is hoped for is really a second order ("…, 2 skip")."""
    return any(is_order(part, speech) for part in re.split("[,;] ?", occasion))


_ALSO = re.compile(rf"(.{{1,120}}?) is (also|not) {ADDRESS}", re.IGNORECASE)
_ROLE = re.compile(r"(.{1,120}?)(?: is)? role ([^,]{1,80})(?:, ?(.{1,500}))?", re.IGNORECASE)
_FAVOURITE = re.compile(r"(.{1,120}?)(?: is)?( not| no longer)?(?: a| my)? favou?rite(?: any ?more)?", re.IGNORECASE)
_NO_FAVOURITE = re.compile(r"not (?:a )?favou?rite:? (.{1,120})", re.IGNORECASE)
_CADENCE = re.compile(
    r"(.{1,120}?) (every .{1,40}|each .{1,40}|once .{1,40}|daily|weekly|fortnightly|bi-?weekly|monthly|quarterly"
    r"|twice a year|twice yearly|yearly|annually)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"([cq])(\d{1,3})[:.)]? (?:= )?(.{1,200})", re.IGNORECASE)
_ONE_WHO = re.compile(r"(drop|keep|close|brief|show|why) (.{1,120})", re.IGNORECASE)


def _also(bare: str, _speech: Speech) -> Command | None:
    match = _ALSO.fullmatch(bare)
    if match is None or not is_who(who_of(match[1])):
        return None
    kind = IsAlso if match[2].lower() == "also" else IsNot
    return kind(who_of(match[1]), match[3])


def _role(bare: str, speech: Speech) -> Command | None:
    match = _ROLE.fullmatch(bare)
    found = role_of(match[2], speech) if match else None
    # Behind a comma stands why somebody is hoped for; nobody else has such an occasion.
    if match is None or found is None or not is_who(who_of(match[1])) or (match[3] and not found[1]):
        return None
    occasion = match[3] or ""
    return None if _holds_order(occasion, speech) else SetRole(who_of(match[1]), *found, occasion=occasion)


def _favourite(bare: str, _speech: Speech) -> Command | None:
    match = _NO_FAVOURITE.fullmatch(bare)
    if match and is_who(who_of(match[1])):
        return Favourite(who_of(match[1]), yes=False)
    match = _FAVOURITE.fullmatch(bare)
    return Favourite(who_of(match[1]), yes=not match[2]) if match and is_who(who_of(match[1])) else None


def _every(bare: str, speech: Speech) -> Command | None:
    match = _CADENCE.fullmatch(bare)
    if match is None or not is_who(who_of(match[1])):
        return None
    days = cadence_days(match[2], speech.language) or cadence_days(match[2][len("every ") :], speech.language)
    return Every(who_of(match[1]), days) if days else None


def _label(bare: str, speech: Speech) -> Command | None:
    match = _LABEL.fullmatch(bare)
    if match is None:
        return None
    number, words = int(match[2]), match[3].strip()
    if match[1] in "qQ":
        return (
            Answer(number, words) if is_who(words) and words.count(" ") < ANSWER_WORDS and not labels(words) else None
        )
    if words.lower() == "ignore":
        return Candidate(number, None)
    name, comma, rhythm = (words[3:] if words.lower().startswith("as ") else words).partition(",")
    found, days = role_of(name, speech), cadence_days(rhythm, speech.language) if comma else None
    return Candidate(number, *found, days) if found and bool(comma) == bool(days) else None


def _one_who(bare: str, _speech: Speech) -> Command | None:
    match = _ONE_WHO.fullmatch(bare.rstrip("?"))
    who = who_of(match[2]) if match else ""
    if match is None or not is_who(who):
        return None
    verb = match[1].lower()
    # "Why did they stop" asks somebody else: names have at most three words.
    if verb == "why" and who.count(" ") >= WHY_WORDS:
        return None
    if verb in {"brief", "show", "why"}:
        return Look(verb, who)  # type: ignore[arg-type]
    if verb == "keep":
        return Keep(who)
    return Drop(who) if verb == "drop" else Close(who)


# The rest.

_NOT_CONTACT = re.compile(r"not (?:a )?contact #?([\w-]{2,40})", re.IGNORECASE)
_PLAIN = re.compile(r"(status|review|rückblick|help)\??|(resume|stop)", re.IGNORECASE)
_UNDO = re.compile(r"undo(?: t?(\d{1,9}))?", re.IGNORECASE)
_CONFIRM = re.compile(r"confirm ([a-z0-9]{6})", re.IGNORECASE)
_PAUSE = re.compile(r"pause(?: (.+))?", re.IGNORECASE)


def _rest(bare: str, speech: Speech) -> Command | None:
    plain = _PLAIN.fullmatch(bare)
    if plain:
        verb = (plain[1] or plain[2]).lower()
        return Plain({"rückblick": "review"}.get(verb, verb))  # type: ignore[arg-type]
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
    until = until_of(pause[1], speech) if pause[1] else None
    return None if pause[1] and until is None else Pause(until)


_TEXT_RULES: tuple[Callable[[str, Speech], Command | None], ...] = (_tell, _add, met)
_RULES: tuple[Callable[[str, Speech], Command | None], ...] = (
    by_number,
    snooze,
    not_now,
    _rest,
    _label,
    _one_who,
    _also,
    _role,
    _favourite,
    _every,
    _ledger,
    now,
)
