"""Find what mail programs put around a quote: header blocks and attributions.

They are recognized by form, and by naming the message we sent. So they are found in any language. A line that has the
form but reads as an order is doubtful.
"""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from assistant.core.language.data_files import data_file
from assistant.core.replies.answer_lines import BLANK, DOUBTFUL, OURS, OWN, PROGRAM, kinds_below
from assistant.core.replies.signature import mark_signatures, settle_warning, warning_above

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.replies.answer_lines import AnsweredMessage, BodyLine

LABELS = 3  # lines of `word: value` that make a header block: From, To, Subject
ATTRIBUTION_LINES = 6
STACKED_LINES = 16
WRAPPED_AT = 60  # columns; a program doesn't wrap before these, so the owner ended a shorter line

_LABEL = re.compile(r"[*_ \t]{0,4}[^\W\d_][^\d:：<>@]{0,30}[:：](?!//)")
_YEAR = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b")
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}")
_ORIGINAL = frozenset(data_file("words", "mail_programs")["original"])


def mark_program_lines(lines: Sequence[BodyLine], known: AnsweredMessage) -> None:
    """Mark among the lines that aren't ours those of the mail program and the doubtful ones. The rest stays OWN."""
    for marked, group in groupby((line for line in lines if line.kind != BLANK), key=lambda line: line.marked):
        quote = list(group)
        # With nothing of ours in it, it quotes some other mail, and the words are not the owner's. GroupWise marks its
        # attribution like a quote.
        if marked and all(line.kind == OWN for line in quote) and not _is_stamped(quote, known):
            _become(quote, DOUBTFUL)
    warning = warning_above(lines, known)
    _become(warning, OURS)  # so that the attribution stands beside the quote
    _mark_headers(lines, known)
    _mark_attributions(lines, known)
    settle_warning(warning, lines, known)
    mark_signatures(lines, known)


def _is_stamped(quote: Sequence[BodyLine], known: AnsweredMessage) -> bool:
    return len(quote) == 1 and known.names_us(quote[0]) and is_stamp(quote[0].text) and not known.orders(quote[0])


def _become(lines: Sequence[BodyLine], kind: str) -> None:
    for line in lines:
        line.kind = kind


# Header blocks: three lines of `word: value` or more.


def _mark_headers(lines: Sequence[BodyLine], known: AnsweredMessage) -> None:
    """Mark header blocks that name us, and doubt what stands below a block."""
    ends = []
    for own, group in groupby(range(len(lines)), key=lambda index: lines[index].kind == OWN):
        block = _header_of(list(group), lines, known) if own else []
        if block:
            ends.append(block[-1] + 1)
            if any(known.names_us(lines[index]) for index in block):
                _become([lines[index] for index in block], PROGRAM)
    for start, end in pairwise([*ends, len(lines)]):
        below = lines[start:end]
        # With nothing of ours below it, the block heads older mail.
        if all(line.kind != OURS for line in below):
            _become([line for line in below if line.kind == OWN and line.letters], DOUBTFUL)


def _header_of(paragraph: list[int], lines: Sequence[BodyLine], known: AnsweredMessage) -> list[int]:
    """Return the lines of the first header block in a paragraph, with the heading above it; empty for none."""
    block: list[int] = []
    labels = 0
    for index in paragraph:
        line, above = lines[index], lines[index - 1]
        label = is_label(line.text) and not known.orders(line)
        goes_on = bool(block) and (ends_with_colon(above.text) or is_wrapped(above.text, line.text))
        if not label and not goes_on and labels >= LABELS:
            break
        labels = labels + label if label or goes_on else 0
        block = [*block, index] if label or goes_on else []
    # "PS: call her" right above or below a block has the same form, but it is the owner's.
    mail = [index for index in block if "@" in lines[index].text or known.names_us(lines[index])]
    sure = [index for index in block if index in mail or is_dated(lines[index].text)]
    if labels < LABELS or not mail:
        return []
    heading = [sure[0] - 1] if sure[0] > paragraph[0] and is_heading(lines[sure[0] - 1].text) else []
    return [*heading, *range(sure[0], sure[-1] + 1)]


# Attributions: "On Monday, NAME wrote:".


def _mark_attributions(lines: Sequence[BodyLine], known: AnsweredMessage) -> None:
    below = kinds_below(lines)
    for index, line in enumerate(lines):
        if line.kind == OWN:
            _become([lines[at] for at in _attribution(lines, index, known, beside=below[index] == OURS)], PROGRAM)
    _mark_above_block(lines, known)


def _mark_above_block(lines: Sequence[BodyLine], known: AnsweredMessage) -> None:
    """Mark what heads a header block: "----- Original message -----", or our name and the date, as in old Notes."""
    below = ""
    filled = [line for line in lines if line.letters or line.kind == OWN]
    for index, line in reversed(list(enumerate(filled))):
        if line.kind == OWN and below == PROGRAM and not known.orders(line):
            dated = index > 0 and is_stamp(line.text) and known.is_name(filled[index - 1])
            line.kind = PROGRAM if dated or known.is_name(line) or is_heading(line.text) else OWN
        below = line.kind


def _attribution(lines: Sequence[BodyLine], last: int, known: AnsweredMessage, *, beside: bool) -> list[int]:
    """Return the lines of the attribution that ends with line `last`; empty for none.

    `beside` tells whether our quote follows directly.
    """
    line = lines[last]
    names, asks = known.names_us(line), ends_with_colon(line.text)
    if not asks and not (beside and names):
        return []
    found = [last]
    while not _is_complete(found, lines, known) and len(found) < ATTRIBUTION_LINES:
        if not _is_above(found[0] - 1, lines, known, asks=asks):
            break
        found.insert(0, found[0] - 1)
    if not _is_complete(found, lines, known):
        alone = beside and ((names and asks) or known.is_name(line) or (asks and is_stamp(line.text)))
        found = [last] if alone else []
    stacked = _stacked(lines, last, known) if beside and not asks else []
    if stacked:
        return stacked
    while found and not asks and found[0] and lines[found[0] - 1].kind == OWN and known.names_us(lines[found[0] - 1]):
        found.insert(0, found[0] - 1)
    return [] if any(known.orders(lines[index]) for index in found) else found


def _stacked(lines: Sequence[BodyLine], last: int, known: AnsweredMessage) -> list[int]:
    """Return a header block that ends with our subject and has each word above its value, as old Notes writes it."""
    if not known.is_name(lines[last]):
        return []
    near = [index for index in range(max(0, last - STACKED_LINES), last + 1) if lines[index].kind != BLANK]
    top = next((index for index in near if known.is_name(lines[index])), last)
    block = [index for index in near if index >= top]
    for above, index in pairwise(block):
        line, label = lines[index], " " not in lines[above].text
        fits = label or " " not in line.text or is_dated(line.text) or known.names_us(line)
        if line.kind != OWN or not fits or known.orders(line):
            return []
    return block if any(is_dated(lines[index].text) for index in block) else []


def _is_complete(found: Sequence[int], lines: Sequence[BodyLine], known: AnsweredMessage) -> bool:
    """Return whether these lines name us and hold a date."""
    return any(known.names_us(lines[index]) for index in found) and any(is_dated(lines[index].text) for index in found)


def _is_above(index: int, lines: Sequence[BodyLine], known: AnsweredMessage, *, asks: bool) -> bool:
    """Return whether a line belongs to the attribution below: its sentence, or its list of who, to whom and when."""
    if index < 0 or lines[index].kind != OWN or ends_with_colon(lines[index].text):
        return False
    line, dated = lines[index], is_dated(lines[index].text)
    if known.orders(line):
        return False
    if asks:
        dates_it = dated and (line.text.endswith(",") or known.names_us(line) or is_stamp(line.text))
        return dates_it or is_wrapped(line.text, lines[index + 1].text)
    return dated or known.names_us(line)


# What a line looks like.


def ends_with_colon(line: str) -> bool:
    """Return whether a line ends with a colon. Marks that turn the reading direction back don't count."""
    return line.rstrip("\u200e\u200f\u202c\u2069* -").endswith((":", "："))


def is_label(line: str) -> bool:
    """Return whether a line begins like a header field in any language: "Von: …", "*Subject:* …", "件名：…"."""
    return _LABEL.match(line) is not None


def is_dated(text: str) -> bool:
    """Return whether a text holds a year, a date in figures or a time of day."""
    return _YEAR.search(text) is not None or _TIME.search(text) is not None


def is_stamp(text: str) -> bool:
    """Return whether a text holds both a year and a time of day, like attributions that name nobody."""
    return _YEAR.search(text) is not None and _TIME.search(text) is not None


def is_heading(line: str) -> bool:
    """Return whether a line is a rule, or heads a header block ("----- Original message -----")."""
    marks = (*line[:2], *line[-2:])
    return (len(line) >= len(marks) and all(mark in "-_=*─" for mark in marks)) or line.casefold() in _ORIGINAL


def is_wrapped(line: str, next_line: str) -> bool:
    """Return whether a program may have wrapped a line there, since the next word no longer fit."""
    return len(line) + 1 + len(next_line.split(maxsplit=1)[0]) > WRAPPED_AT
