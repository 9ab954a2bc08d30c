"""The text part: as complete as the HTML, wrapped at 72 columns, readable aloud, and never a command when quoted.

A draft's lines are set off by a bar, and so is every line that would be a command if it stood alone: a reply that
quotes the digest without marks commands nothing (docs/replies.md).
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.render.view import Card, Entry, Row, View

WIDTH = 72
_BAR = "| "
_BLANKS = re.compile(r"\n{4,}")


def digest_text(view: View) -> str:
    """Return the text part of a digest in words."""
    text = "\n".join(line.rstrip() for line in _digest(view)).strip()
    guarded = "\n".join(view.quiet(line) for line in text.split("\n"))
    # A section ends in one blank line too many here and there.
    return _BLANKS.sub("\n\n\n", guarded) + "\n"


def _digest(view: View) -> Iterator[str]:
    t = view.phrases
    yield from wrap(f"{view.product}, {view.day}")
    yield ""
    yield from wrap(view.summary)
    for line in view.lead:
        yield from ("", *wrap(line))
    if view.cards:
        yield from _heading(t("section.reach"))
        for card in view.cards:
            yield from _card(card, view)
        yield from wrap(view.cards_note)
    for line in view.no_cards:
        yield from wrap(line)
    yield from _entries(t("section.week"), view.meetings)
    yield from _entries(t("section.questions"), view.questions)
    lead = t("candidates.lead") if view.candidates else ""
    yield from _entries(view.gaps_title, view.gaps + view.candidates, lead)
    if view.roster:
        yield from _heading(t("section.roster"))
        for role, rows in view.roster:
            yield from _group(role, rows)
        yield from wrap(view.roster_note)
    yield from _entries(view.review_title, view.review, t("review.lead"))
    if view.counted:
        yield from _heading(t("section.counted"))
        for line in view.counted:
            yield from wrap(line)
    yield from _heading(t("section.answer"))
    yield from (*wrap(t("answer.lead")), "")
    for command, meaning in view.answers:
        yield from wrap(f"{command} - {meaning}", hang="    ")
    yield from ("", *wrap(t("answer.help")))


def _heading(title: str) -> Iterator[str]:
    yield from ("", "", title.upper(), "")


def _card(card: Card, view: View) -> Iterator[str]:
    t = view.phrases
    yield from wrap(f"{card.number}. {card.name}")
    for line in (card.meta, f"{card.standing} {card.since}", *card.facts):
        yield from wrap(line, first="   ", hang="   ")
    yield ""
    if card.draft:
        yield from wrap(f"{t('draft')}. {card.draft.note or card.draft.where}", first="   ", hang="   ")
        yield from wrap(card.draft.to, first=f"   {_BAR}", hang=f"   {_BAR}")
        yield from wrap(card.draft.subject, first=f"   {_BAR}", hang=f"   {_BAR}")
        for paragraph in card.draft.paragraphs:
            yield f"   {_BAR}"
            for line in paragraph:
                yield from wrap(line, first=f"   {_BAR}", hang=f"   {_BAR}")
        yield ""
    if card.no_draft:
        yield from wrap(card.no_draft, first="   ", hang="   ")
        yield ""
    if card.brief:
        yield from wrap(f"{t('brief')}.", first="   ", hang="   ")
        for heading, said in card.brief:
            yield from wrap(f"{heading}. {' '.join(said)}", first="   - ", hang="     ")
    for line in (card.brief_note, " ".join(card.small)):
        yield from wrap(line, first="   ", hang="   ")
    yield ""


def _entries(title: str, entries: tuple[Entry, ...], lead: str = "") -> Iterator[str]:
    if not entries:
        return
    yield from _heading(title)
    if lead:
        yield from (*wrap(lead), "")
    for entry in entries:
        yield from wrap(f"{entry.mark}. {entry.title}" if entry.mark else entry.title)
        for line in filter(None, (*entry.lines, entry.spoken)):
            yield from wrap(line, first="   ", hang="   ")
        yield ""


def _group(role: str, rows: tuple[Row, ...]) -> Iterator[str]:
    yield from wrap(f"{role}:")
    for row in rows:
        words = f"{row.name}: {row.over} · {row.words}" if row.over else f"{row.name}: {row.words}"
        yield from wrap(f"{words}; {row.months_label}" if row.months_label else words, first="- ", hang="  ")
    yield ""


def wrap(text: str, *, first: str = "", hang: str = "", width: int = WIDTH, cut: bool = True) -> list[str]:
    """Return `text` as lines of at most `width` columns; wide characters count two.

    `first` stands before the first line, `hang` before the others. A word longer than a line is `cut`, or stays whole.
    "" gives no line.
    """
    out: list[str] = []
    line, room = first, width - columns(first)
    for word in text.split():
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
