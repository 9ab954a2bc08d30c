"""The digest in finished words: what the HTML and the text part both say, so that neither says more than the other.

Digest -> `sections.in_words` -> View (strings only, cleaned, in the owner's language) -> HTML template or text part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.core.language.phrases import isolated
from assistant.core.replies.grammar.lines import Speech, parse_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from assistant.core.digest.model import Tap
    from assistant.core.language.dates import Language
    from assistant.core.language.phrases import Phrases

_NAME, _SUBJECT, _LINE = 80, 120, 500
_WHOLE_BAR = 100


@dataclass(frozen=True, slots=True)
class Cuts:
    """How much of each part is shown, so that a mail stays under its size; None for all of it.

    `draft` in characters for each draft (the longest are the first to be shortened, and all to the same length),
    `brief` in lines for each brief, `people` in cards, `roster` in rows (nearest to due first), `entries` in rows of
    any other list.
    """

    people: int = 12
    blocks: bool = True
    roster: int | None = None
    draft: int = 6000
    brief: int | None = None
    entries: int | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in percent of its width: `kept` within the cadence, `over` past it, the rest empty.

    It only repeats the words beside it, so that nobody has to see it.
    """

    kept: int
    over: int

    @property
    def rest(self) -> int:
        """Return the empty part in percent."""
        return _WHOLE_BAR - self.kept - self.over


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft to read and copy: paragraphs of lines; `note` tells of a cut, "" when whole."""

    to: str
    subject: str
    where: str
    paragraphs: tuple[tuple[str, ...], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Card:
    """One person to reach.

    `standing` says how far over, `since` how long ago; `facts` are lines about the last contact, `no_draft` says why
    there is no draft ("" where there is one), `small` is the small print.
    """

    number: str
    name: str
    meta: str
    standing: str
    since: str
    over: bool
    bar: Bar | None
    facts: tuple[str, ...]
    draft: Draft | None
    no_draft: str
    brief: tuple[tuple[str, tuple[str, ...]], ...]
    brief_note: str
    taps: tuple[Tap, ...]
    small: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting, question, gap or candidate: a mark (a time, "Q1", a role), a title, lines and taps.

    `numbered` is True where the mark is a number to answer by. `spoken` says in words what the taps offer, for the
    text part; "" where nothing is to be chosen.
    """

    mark: str
    title: str
    lines: tuple[str, ...]
    taps: tuple[Tap, ...] = ()
    numbered: bool = False
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the roster; `months` holds 0, 1 or 2 (two or more contacts) for each month, oldest first.

    `over` says how far past due they are, "" for not.
    """

    name: str
    words: str
    bar: Bar | None
    months: tuple[int, ...]
    months_label: str
    over: str


@dataclass(frozen=True, slots=True)
class View:
    """The whole mail in words; `roles` are those the owner may name; empty tuples and "" stand for parts left out.

    `no_cards` has a line on those still waiting and one on those put off.
    """

    language: Language
    today: date
    roles: tuple[str, ...]
    phrases: Phrases
    product: str
    day: str
    summary: str
    preheader: str
    lead: tuple[str, ...]
    cards: tuple[Card, ...]
    cards_note: str
    no_cards: tuple[str, ...]
    meetings: tuple[Entry, ...]
    questions: tuple[Entry, ...]
    gaps: tuple[Entry, ...]
    candidates: tuple[Entry, ...]
    gaps_title: str
    roster: tuple[tuple[str, tuple[Row, ...]], ...]
    roster_note: str
    review_title: str
    review: tuple[Entry, ...]
    counted: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]
    footer_taps: tuple[Tap, ...]

    def quiet(self, line: str) -> str:
        """Return the line, set off by a bar where the grammar would obey it standing alone.

        A name, a subject or the place where a line is wrapped may make a command of somebody else's words.
        """
        return quiet(line, Speech(self.today, self.language, self.roles))

    def opening(self, words: str, before: str = "", after: str = "") -> str:
        """Return the first words of a line, set off where the grammar would obey them alone or with what is around."""
        lines = (words, f"{before} {words}", f"{words} {after}".replace("\u00a0", " "))
        return f"| {words}" if any(self.quiet(line) != line for line in lines) else words


def quiet(line: str, speech: Speech) -> str:
    """Return the line, set off by a bar behind its indent where the grammar would obey it standing alone."""
    if parse_line(line, speech).command is None:
        return line
    said = line.lstrip(" ")
    return f"{line[: len(line) - len(said)]}| {said}"


def dotted(parts: Iterable[str]) -> str:
    """Return the parts with a dot between them that never begins a line; "" for none."""
    return "\u00a0· ".join(parts)


def name(text: str) -> str:
    """Return a person's name for showing: one line, at most 80 characters."""
    return isolated(shorten(text, _NAME))


def subject(text: str) -> str:
    """Return a subject for showing: one line, at most 120 characters."""
    return isolated(shorten(text, _SUBJECT))


def sentence(text: str) -> str:
    """Return any other text from outside for showing: one line, at most 500 characters."""
    return isolated(shorten(text, _LINE))


def shorten(text: str, most: int) -> str:
    """Return `text`, cut at a word where one is near when it is longer than `most` characters, with an ellipsis."""
    text = text.strip()
    if len(text) <= most:
        return text
    head = text[: most - 1]
    return (head.rsplit(None, 1)[0] if " " in head[-20:] else head).rstrip(" ,;:") + "…"
