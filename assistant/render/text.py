"""The text part: as complete as the HTML, in lines up to 78, readable aloud, and never a command when quoted.

A line that would be a command if it stood alone is broken elsewhere, or set in quotation marks: a reply that quotes the
digest without marks commands nothing (docs/replies.md).
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate
from typing import TYPE_CHECKING

from assistant.render.html import label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.render.view import Card, Entry, View

WIDTH = 78
_WORD = re.compile(r"[\S\u00a0\u202f]+")  # a no-break space is no place to break a line
_NARROWEST = 60
_IN, _DRAFT = "   ", "      "
_BLANKS = re.compile(r"\n{4,}")


def digest_text(view: View) -> str:
    """Return the text part of a digest in words."""
    text = "\n".join(line.rstrip() for line in _digest(view)).strip()
    guarded = "\n".join(view.quiet(line) for line in text.split("\n"))
    # A section ends in one blank line too many here and there.
    return _BLANKS.sub("\n\n\n", guarded) + "\n"


def _digest(view: View) -> Iterator[str]:
    t = view.phrases
    yield from (view.day, "", *_said(view, view.headline))
    for line in view.lead:
        yield from ("", *_said(view, line))
    yield ""
    for card in view.cards[:1]:
        yield from _card(card, view)
    yield from _entries(t("section.week"), view.week, view)
    if view.cards[1:]:
        yield from _heading(view.cards_title)
        for card in view.cards[1:]:
            yield from _card(card, view)
        yield from _said(view, view.cards_note)
    for title, lead, entries in view.groups:
        yield from _entries(title, entries, view, lead)
    if view.everyone or view.roster:
        yield from _heading(t("section.roster" if view.roster else "section.everyone"))
        for when, names in view.everyone:
            yield from _said(view, f"{t.label(when)} {names}", hang=_IN)
        for row in view.roster:
            yield from _said(view, row.said, hang=_IN)
    yield from _entries(view.review_title, view.review, view, t("review.lead"))
    yield from _heading(t("section.win"))
    yield from _said(view, t("win.text"))
    yield ""
    for line in view.remarks:
        yield from (*_said(view, line), "")
    yield from _said(view, " ".join([*view.small, t("answer.words")]))


def _heading(title: str) -> Iterator[str]:
    yield from ("", "", title.upper(), "")


def _card(card: Card, view: View) -> Iterator[str]:
    yield from _said(view, f"{card.number}. {card.name}, {card.role}")
    yield from (*_said(view, card.why, _IN, _IN), "")
    for paragraph in card.draft:
        for line in paragraph:
            yield from _said(view, line, _DRAFT, _DRAFT)
        yield ""
    if card.note:
        yield from (*_said(view, card.note, _IN, _IN), "")
    for heading, text in card.brief:
        yield from _said(view, f"{view.phrases.label(heading)} {text}", _IN, _DRAFT)
    yield ""


def _entries(title: str, entries: tuple[Entry, ...], view: View, lead: str = "") -> Iterator[str]:
    if not entries:
        return
    yield from _heading(title)
    if lead:
        yield from (*_said(view, lead), "")
    for entry in entries:
        title = f"{entry.title}, {entry.aside}" if entry.aside else entry.title
        yield from _said(view, f"{entry.mark}. {title}" if entry.mark else title)
        for line in entry.lines:
            yield from _said(view, line, _IN, _IN)
        if entry.taps:
            yield from _said(view, f"({' / '.join(label(tap.label) for tap in entry.taps)})", _IN, _IN)
        yield ""


def _said(view: View, text: str, first: str = "", hang: str = "") -> list[str]:
    """Return a text in lines, broken so that no line of it reads as a command if there is a way."""
    for width in range(WIDTH, _NARROWEST, -1):
        lines = wrap(text, first=first, hang=hang, width=width)
        if all(view.quiet(line) == line for line in lines):
            return lines
    return wrap(text, first=first, hang=hang)


def wrap(text: str, *, first: str = "", hang: str = "", width: int = WIDTH, cut: bool = True) -> list[str]:
    """Return `text` as lines of at most `width` columns; wide characters count two.

    `first` stands before the first line, `hang` before the others. A word longer than a line is `cut`, or stays whole.
    "" gives no line.
    """
    out: list[str] = []
    line, room = first, width - columns(first)
    for word in _WORD.findall(text):
        gap = "" if line in (first if not out else hang, "") else " "
        if gap and not _fits(word, room - 1):
            out, line, gap = [*out, line], hang, ""
            room = width - columns(hang)
        # Never the columns of the whole word: one of 50,000 letters would be counted anew for each of its lines.
        while cut and not _fits(word, room):
            head = _head(word, room)
            out, line, word = [*out, line + head], hang, word[len(head) :]  # noqa: PLW2901 - the rest of the word
            room = width - columns(hang)
        line, room = line + gap + word, room - columns(gap + word)
    return [*out, line] if text.strip() else []


def columns(text: str) -> int:
    """Return how many columns of a terminal `text` takes: two for wide East Asian characters, none for marks."""
    if text.isascii():
        return len(text)
    return sum(_column(character) for character in text)


def _column(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _fits(word: str, room: int) -> bool:
    """Return whether a word takes at most that many columns, without counting further than them."""
    return len(word) <= room if word.isascii() else all(taken <= room for taken in accumulate(map(_column, word)))


def _head(word: str, room: int) -> str:
    """Return as much of a word as fits, one character at least."""
    taken = 0
    for index, character in enumerate(word):
        taken += _column(character)
        if taken > room:
            return word[: max(1, index)]
    return word
