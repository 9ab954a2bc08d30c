"""The digest in finished words: what the HTML and the text part both say, so that neither says more than the other.

Digest -> `sections.in_words` -> View (strings only, cleaned, in the owner's language) -> HTML template or text part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from assistant.core.language.phrases import isolated
from assistant.core.replies.grammar.lines import Speech, parse_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from assistant.core.digest.model import Tap
    from assistant.core.digest.roster_row import Bar, Row
    from assistant.core.language.data_files import Language
    from assistant.core.language.phrases import Phrases

T = TypeVar("T")
_NAME, _SUBJECT, _LINE = 80, 120, 500
_FRAMES = ("“{}”", "„{}“", "… {} …")
"""Ways to set off somebody else's words. None of them begins a command, and each is how people write."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """How much of each part is shown, so that a mail stays under its size.

    `people` in cards, `draft` in characters for each draft, `brief` in lines for each card, `roster` in rows (None for
    all), `entries` in rows of any other list.
    """

    people: int = 12
    draft: int = 1500
    brief: int = 3
    roster: int | None = None
    entries: int = 12


@dataclass(frozen=True, slots=True)
class Card:
    """One person to reach: why now, the draft by paragraphs of lines (empty for none), the brief by label and text.

    `note` says what else there is to know of the draft: where it lies if no tap opens it, what was cut, "" for nothing.
    """

    number: str
    name: str
    role: str
    why: str
    bar: Bar | None
    draft: tuple[tuple[str, ...], ...]
    note: str
    brief: tuple[tuple[str, str], ...]
    taps: tuple[Tap, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting, question, gap or candidate: a mark (a time, "Q1", a role), a title, a remark beside it, lines, taps.

    `numbered` is True where the mark is a number to answer by.
    """

    mark: str
    title: str
    aside: str = ""
    lines: tuple[str, ...] = ()
    taps: tuple[Tap, ...] = ()
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """The whole mail in words; `roles` are those the owner may name; empty tuples and "" stand for parts left out.

    Each of `groups` is a title, a sentence below it and its entries. `everyone` has names by when, and `roster` stands
    in its place once a month, `review` once a quarter.
    """

    language: Language
    today: date
    roles: tuple[str, ...]
    phrases: Phrases
    day: str
    headline: str
    preheader: str
    lead: tuple[str, ...]
    cards: tuple[Card, ...]
    cards_title: str
    cards_note: str
    week: tuple[Entry, ...]
    groups: tuple[tuple[str, str, tuple[Entry, ...]], ...]
    everyone: tuple[tuple[str, str], ...]
    roster: tuple[Row, ...]
    review_title: str
    review: tuple[Entry, ...]
    answer_taps: tuple[Tap, ...]
    remarks: tuple[str, ...]
    small: tuple[str, ...]
    footer_taps: tuple[Tap, ...]

    def quiet(self, line: str) -> str:
        """Return the line, in quotation marks where the grammar would obey it standing alone.

        A name, a subject or the place where a line is wrapped may make a command of somebody else's words.
        """
        return quiet(line, Speech(self.today, self.language, self.roles))

    def opening(self, words: str, before: str = "", after: str = "") -> str:
        """Return words as they stand between others, set off where the grammar would obey them alone or with those."""
        return opening(words, before, after, Speech(self.today, self.language, self.roles))


def opening(words: str, before: str, after: str, speech: Speech) -> str:
    """Return words as they stand between others, set off where the grammar would obey them alone or with those."""
    said = words
    for frame in ("{}", *_FRAMES):
        said = frame.format(words)
        if all(quiet(line, speech) == line for line in (said, f"{before} {said}", f"{said} {after}")):
            break
    return said


def quiet(line: str, speech: Speech) -> str:
    """Return the line, in quotation marks behind its indent where the grammar would obey it standing alone."""
    if parse_line(line, speech).command is None:
        return line
    said = line.lstrip(" ")
    framed = (frame.format(said) for frame in _FRAMES)
    return line[: len(line) - len(said)] + next(one for one in framed if parse_line(one, speech).command is None)


def within(lines: Iterable[T], words: int, said: Callable[[T], str]) -> tuple[T, ...]:
    """Return the lines that fit into so many words, in their order, and the shortest where none does."""
    every, kept = tuple(lines), list[T]()
    for line in every:
        count = len(said(line).split())
        if count <= words:
            kept.append(line)
            words -= count
    return tuple(kept) or tuple(sorted(every, key=lambda line: len(said(line)))[:1])


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
