"""The slots of a command (WHO, numbers, roles, days ahead), and how to read an owner's lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.core.language.dates import after, ambiguous_days, parse_day, parse_length
from assistant.core.language.phrases import Phrases

if TYPE_CHECKING:
    from datetime import date

    from assistant.core.language.data_files import Language
    from assistant.core.language.dates import Direction

WHO_LIMIT = 120
WHO_WORDS = 8
DAY_WORDS = 8  # of the longest day: "on Tuesday, the 3rd of March 2026"

ADDRESS = r"<?(?:mailto:)?([^\s<>,;:@\"()]{1,64}@[^\s<>,;:@\"()]{1,255}?)>?"
NUMBERS = r"(?:#|no\.? ?|number )?\d{1,3}(?:(?: ?, ?and | ?, ?| ?& ?| ?\+ ?| and | und )#?\d{1,3}){0,30}"
_NUMBER_LIST = re.compile(NUMBERS, re.IGNORECASE)
_UNTIL = re.compile(r"(?:until|till|til|to|bis) (.+)", re.IGNORECASE)
_FOR = re.compile(r"^(?:for|für) ", re.IGNORECASE)
_HOPED = re.compile(r"hoped(?:[- ]for)? ", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:an?|my|the) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Speech:
    """How to read lines: the day they were written (in the owner's zone), the language of days, the known roles.

    `own_names` are the owner's names; alone on a line they are a signature. Problems are worded in language `told`.
    `month_first` says how "3/4" is read, None where nobody knows.
    """

    today: date
    language: Language = "en"
    roles: tuple[str, ...] = ("mentor", "advisor", "advocate", "ally")
    own_names: tuple[str, ...] = ()
    told: Language = "en"
    month_first: bool | None = None

    def day(self, words: str, direction: Direction) -> date | None:
        """Return the day that words name, None for none.

        Raises ProblemError for "3/4" where nobody knows how it's meant.
        """
        found = parse_day(words, self.today, direction, self.language, month_first=self.month_first)
        either = ambiguous_days(words, self.today, direction, self.language) if found is None else None
        if either and self.month_first is None:
            say = Phrases(self.told)
            raise ProblemError(
                say(
                    "problem.either", words=words.strip(), first=say.bare_day(either[0]), second=say.bare_day(either[1])
                )
            )
        return found


class ProblemError(Exception):
    """Raised for a line that is understood but can't be meant. The message says why."""


def problem(kind: Literal["past", "ahead"], day: date, speech: Speech) -> str:
    """Return the sentence that says why a day can't be meant: it has come already, or is yet to come."""
    say = Phrases(speech.told)
    return say(f"problem.{kind}", day=say.dated(day))


def role_of(words: str, speech: Speech) -> tuple[str, bool] | None:
    """Return (role, hoped for) for "advocate", "an advisor" or "hoped-for advocate"; None for an unknown role."""
    said = _ARTICLE.sub("", words.strip(), count=1) if _ARTICLE.match(words) else words.strip()
    hoped = _HOPED.match(said)
    name = said[hoped.end() :] if hoped else said
    name = {"adviser": "advisor"}.get(name.lower(), name.lower())
    found = next((role for role in speech.roles if role.lower() == name), None)
    return (found, bool(hoped)) if found else None


def until_of(words: str, speech: Speech) -> date | None:
    """Return the last day of "for 3 weeks" or "until Friday", None for other words.

    Raises ProblemError for a day that has come already.
    """
    match = _UNTIL.fullmatch(words)
    if match:
        day = speech.day(match[1], "future")
    else:
        length = parse_length(_FOR.sub("", words, count=1), speech.language)
        day = after(speech.today, length) if length else None
    if day is not None and day <= speech.today:
        raise ProblemError(problem("past", day, speech))
    return day


_LISTED = re.compile(r"\d+[.)]?\s")
_WHO_NUMBER = re.compile(r"(?:#|no\.? ?|number )?(\d{1,3})", re.IGNORECASE)


def who_of(words: str) -> str:
    """Return WHO as commands keep it: a number as digits, an address without angle brackets."""
    said = words.strip(" ,'\"").removesuffix(".").rstrip()
    said = said.strip("<>") if "@" in said else said
    match = _WHO_NUMBER.fullmatch(said)
    return str(int(match[1])) if match else said


def is_who(who: str) -> bool:
    """Return whether words could name somebody. Whether they do, the roster decides."""
    if _LISTED.match(who):
        return False
    plain = not set(who) & set('<>"?!:;,()[]{}|=·') and any(letter.isalnum() for letter in who)
    # Commands are kept as text and parsed again; there, what begins like a bullet would lose it.
    return plain and who[0] not in "-–—*•+" and len(who) <= WHO_LIMIT and who.count(" ") < WHO_WORDS


def is_name(name: str) -> bool:
    """Return whether words could be the name of somebody new."""
    return len(name) <= WHO_LIMIT and any(letter.isalpha() for letter in name) and not set(name) & set('<>"@;:|=')


_LABEL = re.compile(r"\b[QC]\d{1,3}\b", re.IGNORECASE)


def labels(words: str) -> list[str]:
    """Return the labels of questions and candidates in words ("Q2"); one in an answer begins the next answer."""
    return _LABEL.findall(words)


def whos_of(words: str) -> tuple[str, ...]:
    """Return the one WHO, or each number of a list such as "2, 3 and 5"."""
    if _NUMBER_LIST.fullmatch(words):
        return tuple(map(str, all_numbers(words)))
    return (who_of(words),)


def all_numbers(words: str) -> tuple[int, ...]:
    """Return the numbers in a list, each once."""
    return tuple(dict.fromkeys(int(number) for number in re.findall(r"\d+", words)))
