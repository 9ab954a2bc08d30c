"""The slots of a command (WHO, numbers, roles, days ahead), and how an owner's lines are to be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.core.language.dates import Language, after, parse_day, parse_length
from assistant.core.language.phrases import Phrases

if TYPE_CHECKING:
    from datetime import date

WHO_LIMIT = 120
WHO_WORDS = 8
DAY_WORDS = 8
"""Words of a day at most: "on Tuesday, the 3rd of March 2026"."""

ADDRESS = r"<?(?:mailto:)?([^\s<>,;:@\"()]{1,64}@[^\s<>,;:@\"()]{1,255}?)>?"
NUMBERS = r"(?:#|no\.? ?|number )?\d{1,3}(?:(?: ?, ?and | ?, ?| ?& ?| ?\+ ?| and | und )#?\d{1,3}){0,30}"
_NUMBER_LIST = re.compile(NUMBERS, re.IGNORECASE)
_UNTIL = re.compile(r"(?:until|till|til|to|bis) (.+)", re.IGNORECASE)
_FOR = re.compile(r"^(?:for|für) ", re.IGNORECASE)
_HOPED = re.compile(r"hoped(?:[- ]for)? ", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:an?|my|the) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Speech:
    """How lines are to be read: the day they were written (owner's zone), the language of days, the roles there are.

    `own_names` are the owner's: alone on a line they are a signature. `told` is the language problems are told in.
    """

    today: date
    language: Language = "en"
    roles: tuple[str, ...] = ("mentor", "advisor", "advocate", "ally")
    own_names: tuple[str, ...] = ()
    told: Language = "en"


class ProblemError(Exception):
    """A line that is understood and cannot be meant; the message says why."""


def problem(kind: Literal["past", "ahead"], day: date, speech: Speech) -> str:
    """Return in words why a day cannot be meant: it has come already, or is yet to come."""
    say = Phrases(speech.told)
    return say(f"problem.{kind}", day=say.dated(day))


def role_of(words: str, speech: Speech) -> tuple[str, bool] | None:
    """Return (role, hoped for) of "advocate", "an advisor" or "hoped-for advocate"; None for no role there is."""
    said = _ARTICLE.sub("", words.strip(), count=1) if _ARTICLE.match(words) else words.strip()
    hoped = _HOPED.match(said)
    name = said[hoped.end() :] if hoped else said
    name = {"adviser": "advisor"}.get(name.lower(), name.lower())
    found = next((role for role in speech.roles if role.lower() == name), None)
    return (found, bool(hoped)) if found else None


def until_of(words: str, speech: Speech) -> date | None:
    """Return the day that "for 3 weeks" or "until Friday" ends on. Raises ProblemError for one that has passed."""
    match = _UNTIL.fullmatch(words)
    if match:
        day = parse_day(match[1], speech.today, "future", speech.language)
    else:
        length = parse_length(_FOR.sub("", words, count=1), speech.language)
        day = after(speech.today, length) if length else None
    if day is not None and day <= speech.today:
        raise ProblemError(problem("past", day, speech))
    return day


_LISTED = re.compile(r"\d+[.)]?\s")
_WHO_NUMBER = re.compile(r"(?:#|no\.? ?|number )?(\d{1,3})", re.IGNORECASE)


def who_of(words: str) -> str:
    """Return WHO as it is kept: a number as its digits, an address without angle brackets."""
    said = words.strip(" ,'\"").removesuffix(".").rstrip()
    said = said.strip("<>") if "@" in said else said
    match = _WHO_NUMBER.fullmatch(said)
    return str(int(match[1])) if match else said


def is_who(who: str) -> bool:
    """Say whether words can name somebody at all; whether they do is for the roster."""
    if _LISTED.match(who):
        return False
    plain = not set(who) & set('<>"?!:;,()[]{}|=·') and any(letter.isalnum() for letter in who)
    # What begins like a bullet would lose it when it is said again.
    return plain and who[0] not in "-–—*•+" and len(who) <= WHO_LIMIT and who.count(" ") < WHO_WORDS


def is_name(name: str) -> bool:
    """Say whether words can be the name of somebody new."""
    return len(name) <= WHO_LIMIT and any(letter.isalpha() for letter in name) and not set(name) & set('<>"@;:|=')


def whos_of(words: str) -> tuple[str, ...]:
    """Return the one WHO, or the numbers of a list such as "2, 3 and 5"."""
    if _NUMBER_LIST.fullmatch(words):
        return tuple(map(str, all_numbers(words)))
    return (who_of(words),)


def all_numbers(words: str) -> tuple[int, ...]:
    """Return the numbers of a list, each once."""
    return tuple(dict.fromkeys(int(number) for number in re.findall(r"\d+", words)))
