"""What the owner wrote in a reply: everything that is not the message of ours that it answers (docs/replies.md).

    bounds -> lines (unflowed, or out of HTML) -> ours, by the letters of what we sent
           -> the mail program's, by its form -> the owner's; what is doubtful is told and never obeyed

The mark of a quote proves nothing: an answer typed into a quote is the owner's, a quote without marks is ours.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from html import unescape
from itertools import groupby, pairwise, takewhile
from typing import TYPE_CHECKING

from assistant.core import mailwords
from assistant.core.effects import Words
from assistant.core.grammar import Speech, parse_line
from assistant.core.parts import TEXT_LIMIT, Content, unflow
from assistant.core.speech import clean
from assistant.core.unhtml import html_lines
from assistant.core.wordruns import GRAM, OurText, letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from assistant.core.dates import Language

LINES = 300
LINE_LENGTH = 1000
ATTRIBUTION_LINES = 6
INITIALS_LINES = 2
"""Lines in a row that begin with the same "CA> ": from here on it is the mark of a quote."""
DOUBTFUL_LINES = 50
"""Doubtful lines that are told one by one; of more only the number is told."""

OWN, OURS, PROGRAM, SIGNATURE, DOUBTFUL, BLANK = "own", "ours", "program", "signature", "doubtful", "blank"

_MARK = re.compile(r"\s*(?:([^\W\d_]{0,16})>|[|│┃»›])[ \t]?")
_LINK = re.compile(r"[<(\[]?(?:mailto:|https?://)[^\s<>]+[>)\]]?", re.IGNORECASE)
# What ends no line of mail: a quoted "harmless", a lone CR and "send 1" are one line.
_BREAKS = str.maketrans(dict.fromkeys("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", " "))


@dataclass(frozen=True, slots=True)
class Parent:
    """The message of ours that is answered: its text, its HTML ("" for none), and what an attribution names it by."""

    text: str
    html: str = ""
    kind: str = "digest"
    names: tuple[str, ...] = ()
    """Our addresses, display names and the subject, as they may stand in "On Monday, NAME wrote:"."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """The owner's lines, what was left out in words ("3 lines of signature, the quoted digest"; "" for nothing).

    `doubtful` are lines of the owner's or of somebody else: they are told and never obeyed. `refusal` says which bound
    was passed, or why nothing can be read: then there are no lines.
    """

    lines: tuple[str, ...]
    left_out: str = ""
    refusal: str = ""
    doubtful: tuple[str, ...] = ()


@dataclass(slots=True)
class _Line:
    """One line without the marks of a quote; `kind` is found later.

    `letters` are those of its words, `bare` those without our own links. `ours` is how many are ours, from the first.
    """

    text: str
    marked: bool
    letters: str
    bare: str
    kind: str = OWN
    ours: int = 0


def trim(content: Content, parent: Parent, language: Language = "en") -> Trimmed:
    """Return what the owner wrote. An empty message gives no lines. Never raises, and takes linear time.

    `language` is that of what is said of the rest.
    """
    say = Words(language)
    if content.opaque:
        return Trimmed((), refusal=say(f"refused.{content.opaque}"))
    if content.too_long or max(len(content.text), len(content.html)) > TEXT_LIMIT:
        return Trimmed((), refusal=say("refused.long"))
    known = _Known(parent, Speech(date(2000, 1, 1), language))
    text = unflow(content.text, delsp=content.delsp) if content.flowed else content.text
    written = [text.split("\n")] if content.text else []
    written += [html_lines(content.html)] if content.html else []
    answers = [_compared(lines, known) for lines in written]
    refusal = _too_much(answers[0], say) if answers else ""
    if refusal:
        return Trimmed((), refusal=refusal)
    own: list[str] = []
    for lines in answers:
        if not _too_much(lines, say):
            _judge(lines, known)
            own = _unwrapped(own, [_said(line, known) for line in lines if line.kind == OWN])
    told = [line.text for line in answers[0] if line.kind == DOUBTFUL] if answers else []
    return Trimmed(tuple(own), _left_out(answers[:1], parent, say), doubtful=tuple(told[:DOUBTFUL_LINES]))


def _too_much(lines: Sequence[_Line], say: Words) -> str:
    """Return which bound is passed: by what is neither ours nor marked as quoted; "" for none."""
    counted = [line for line in lines if line.kind == OWN and not line.marked]
    if len(counted) > LINES:
        return say("refused.lines", count=LINES)
    if any(len(line.text) - line.ours > LINE_LENGTH for line in counted):
        return say("refused.line", count=f"{LINE_LENGTH:,}")
    return ""


class _Known:
    """The parent, ready to be looked up: its texts, the letters of its lines, its links, its names."""

    def __init__(self, parent: Parent, speech: Speech) -> None:
        seen = "\n".join(html_lines(parent.html))
        self.texts = [OurText(parent.text), OurText(seen), OurText("\n".join(html_lines(parent.html, show="hidden")))]
        self.linked = OurText("\n".join(html_lines(parent.html, show="links")))
        self.lines = frozenset(map(letters, f"{parent.text}\n{seen}".split("\n")))
        self.source = letters(unescape(parent.html))
        self.names = tuple(name.casefold() for name in parent.names if name.strip())
        self.speech = speech

    def names_us(self, line: _Line) -> bool:
        """Say whether a line names our address, display name or subject."""
        folded = line.text.casefold()
        return any(name in folded for name in self.names)

    def orders(self, line: _Line) -> bool:
        """Say whether the grammar would obey a line; which day it is makes no difference to that."""
        said = parse_line(line.text, self.speech)
        return said.command is not None or bool(said.problem)

    def typed(self, line: str, initials: AbstractSet[str]) -> _Line:
        """Return a line without the marks of a quote; `initials` are the words that are marks."""
        marks = [mark.end() for mark in takewhile(lambda mark: not mark[1] or mark[1] in initials, _marks(line))]
        text = line[marks[-1] if marks else 0 :].strip()
        said = letters(text)
        bare = letters(_LINK.sub(self._link, text)) if ":" in text else said
        return _Line(text, bool(marks), said, bare, OWN if clean(text) else BLANK)

    def _link(self, link: re.Match[str]) -> str:
        whole = letters(link[0])
        ours = whole.removeprefix("mailto") in self.source and not any(whole in text.letters for text in self.texts)
        return " " if ours else link[0]


def _marks(line: str) -> Iterator[re.Match[str]]:
    """Yield the marks of a quote that a line begins with, one after the other: "> ", "|", "CA> "."""
    at: re.Match[str] | None = _MARK.match(line)
    while at:
        yield at
        at = _MARK.match(line, at.end())


def _initials(lines: Sequence[str]) -> frozenset[str]:
    """Return the words that are marks of a quote, such as "CA>": those that begin some lines in a row."""
    found: set[str] = set()
    rows: dict[str, int] = {}
    for line in filter(str.strip, lines):
        rows = {mark[1]: rows.get(mark[1], 0) + 1 for mark in _marks(line) if mark[1]}
        found.update(word for word, row in rows.items() if row >= INITIALS_LINES)
    return frozenset(found)


def _compared(written: Sequence[str], known: _Known) -> list[_Line]:
    """Return the lines of an answer; those of which every letter is ours are marked so."""
    flat = [line.translate(_BREAKS).replace("&nbsp;", " ") for line in written]
    initials = _initials(flat)
    lines = [known.typed(line, initials) for line in flat]
    said, bare = [line.letters for line in lines], [line.bare for line in lines]
    # What programs add to our lines, links behind their words; and what only looks like their mark, a ">" of our own.
    others = [other for other in (bare, [letters(line) for line in flat]) if other != said]
    compared = [(text, said, text.covers(said)) for text in (*known.texts, known.linked)]
    compared += [(text, other, text.covers(other)) for other in others for text in known.texts]
    # One of our texts was quoted. Taken together they would hold words that stand nowhere beside each other.
    text, best, covered = max(compared, key=_whole_lines)
    for line, whole, ours in zip(lines, best, covered, strict=True):
        line.ours = ours if best is said else 0
        line.kind = OURS if ours and ours == len(whole) else line.kind
    _mark_scattered(lines, text, known)
    _mark_letterless(lines)
    return lines


def _whole_lines(compared: tuple[OurText, Sequence[str], Sequence[int]]) -> int:
    return sum(ours == len(line) > 0 for line, ours in zip(*compared[1:], strict=True))


def _mark_scattered(lines: Sequence[_Line], text: OurText, known: _Known) -> None:
    """Mark lines within a quote that we wrote once more than the quote has them: a piece of ours that stands apart.

    What reads as an order may be the owner's all the same: it is doubtful.
    """
    found = [index for index, line in enumerate(lines) if line.kind == OURS]
    quoted = "".join(lines[index].bare for index in found)
    for index, line in enumerate(lines):
        if line.kind != OWN or not line.bare or not (line.marked or (found and found[0] < index < found[-1])):
            continue
        whole = line.marked and len(line.bare) >= GRAM and line.bare in known.lines
        orders = known.orders(line)
        if (whole or orders) and text.letters.count(line.bare) > quoted.count(line.bare):
            line.kind = DOUBTFUL if orders else OURS
            quoted += line.bare


def _mark_letterless(lines: Sequence[_Line]) -> None:
    """Pass over what has no letters in a quote or between lines of ours, and lines that are but a link of ours."""
    below, inside = "", []
    for line in reversed(lines):
        inside.append(below == OURS)
        below = line.kind if line.bare else below
    above = ""
    for line, before_ours in zip(lines, reversed(inside), strict=True):
        if line.kind == OWN and not line.bare and (line.marked or line.letters or (before_ours and above == OURS)):
            line.kind = BLANK
        above = line.kind if line.bare else above


def _judge(lines: list[_Line], known: _Known) -> None:
    """Find what is the mail program's, and what is doubtful; the rest stays the owner's."""
    _doubt_other_quotes(lines)
    _mark_headers(lines, known)
    _mark_attributions(lines, known)
    _mark_signatures(lines, known)


def _doubt_other_quotes(lines: Sequence[_Line]) -> None:
    """Doubt what is marked as quoted with no line of ours in it: that is a quote of something else."""
    for marked, group in groupby((line for line in lines if line.kind != BLANK), key=lambda line: line.marked):
        quote = list(group)
        if marked and all(line.kind == OWN for line in quote):
            for line in quote:
                line.kind = DOUBTFUL


def _mark_headers(lines: list[_Line], known: _Known) -> None:
    """Mark header blocks that name us, and doubt what stands below one with nothing of ours: that is older mail."""
    ends = []
    for paragraph in _paragraphs(lines):
        block = _header_of(paragraph, lines, known)
        if not block:
            continue
        ends.append(block[-1])
        if any(known.names_us(lines[index]) for index in block):
            for index in block:
                lines[index].kind = PROGRAM
    for start, end in pairwise([*ends, len(lines)]):
        below = lines[start + 1 : end]
        if all(line.kind != OURS for line in below):
            for line in below:
                line.kind = DOUBTFUL if line.kind == OWN and line.letters else line.kind


def _paragraphs(lines: Sequence[_Line]) -> Iterator[list[int]]:
    """Yield the indices of lines that stand together and are not ours."""
    for own, group in groupby(range(len(lines)), key=lambda index: lines[index].kind in {OWN, DOUBTFUL}):
        if own:
            yield list(group)


def _header_of(paragraph: list[int], lines: Sequence[_Line], known: _Known) -> list[int]:
    """Return the lines of a header block in a paragraph, with the rule above it; empty for none."""
    block: list[int] = []
    labels = 0
    for index in paragraph:
        line, above = lines[index], lines[index - 1]
        if mailwords.is_label(line.text) and not known.orders(line):
            labels += 1
        elif not block or not (above.text.endswith((":", "：")) or mailwords.is_wrapped(above.text, line.text)):
            if labels >= mailwords.LABELS:
                break
            block, labels = [], 0
            continue
        block.append(index)
    if labels < mailwords.LABELS or not any("@" in lines[i].text or known.names_us(lines[i]) for i in block):
        return []
    # "PS: call her" right above or below is the owner's.
    sure = [at for at in block if known.names_us(lines[at]) or mailwords.is_dated(lines[at].text)]
    block = list(range(sure[0], sure[-1] + 1)) if sure else block
    heading = block[0] - 1
    return [heading, *block] if heading >= paragraph[0] and mailwords.is_original(lines[heading].text) else block


def _mark_attributions(lines: list[_Line], known: _Known) -> None:
    """Mark what says who wrote a quote when, in any language: its own paragraph, with the rule above it."""
    for index, line in enumerate(lines):
        found = _attribution(lines, index, known) if line.kind in {OWN, DOUBTFUL} else []
        for at in found:
            lines[at].kind = PROGRAM
    below = OWN
    for line in reversed(lines):
        if line.kind == OWN and below == PROGRAM and mailwords.is_decorated(line.text) and not known.orders(line):
            line.kind = PROGRAM
        below = line.kind if line.kind != BLANK else below


def _attribution(lines: Sequence[_Line], last: int, known: _Known) -> list[int]:
    """Return the lines of an attribution that ends with that line; empty where it ends none."""
    asks = lines[last].text.endswith((":", "：", ":*"))
    beside = next((line.kind == OURS for line in lines[last + 1 :] if line.kind != BLANK), False)
    if not asks and not (beside and known.names_us(lines[last])):
        return []
    found = [last]
    while _goes_on_above(lines, found[0] - 1, known):
        found.insert(0, found[0] - 1)
        if len(found) > ATTRIBUTION_LINES:
            return []
    said = " ".join(lines[index].text for index in found)
    names, dated = any(known.names_us(lines[index]) for index in found), mailwords.is_dated(said)
    if any(known.orders(lines[index]) for index in found):
        return []
    return found if names and dated and (asks or beside) or beside and (names and (asks or _names_only(said, known)) or asks and mailwords.is_stamp(said)) else []


def _goes_on_above(lines: Sequence[_Line], index: int, known: _Known) -> bool:
    """Say whether the line at that place is the beginning of the sentence that goes on below it."""
    if index < 0 or lines[index].kind not in {OWN, DOUBTFUL} or lines[index].text.endswith((":", "：")):
        return False
    line, below = lines[index], lines[index + 1]
    if known.orders(line):
        return False
    return known.names_us(line) or mailwords.is_wrapped(line.text, below.text) or (mailwords.is_dated(line.text) and not mailwords.is_dated(below.text))


def _names_only(said: str, known: _Known) -> bool:
    rest = letters(said)
    for name in sorted(map(letters, known.names), key=len, reverse=True):
        rest = rest.replace(name, "")
    return not rest


def _mark_signatures(lines: Sequence[_Line], known: _Known) -> None:
    """Mark what stands below "-- " up to the next quote, paragraphs that disclaim, and the last line of a phone."""
    signing = disclaiming = False
    for index, line in enumerate(lines):
        if line.kind == BLANK:
            disclaiming = False
        elif line.kind != OWN:
            signing = disclaiming = False
        else:
            signing = signing or line.text in {"--", "—"}
            disclaiming = disclaiming or mailwords.is_disclaimer(line.text)
            if signing or disclaiming or mailwords.is_bracketed(line.text) or _signs(lines, index):
                line.kind = DOUBTFUL if known.orders(line) else SIGNATURE


def _signs(lines: Sequence[_Line], index: int) -> bool:
    if not mailwords.is_sent_from(lines[index].text):
        return False
    below = next((line for line in lines[index + 1 :] if line.letters or line.text.startswith("--")), None)
    return below is None or below.kind != OWN or below.text.startswith("--")


def _said(line: _Line, known: _Known) -> str:
    """Return the owner's words of a line: what they typed behind a long piece of ours, else all of it."""
    if not line.ours:
        return line.text
    count = 0
    for at, word in enumerate(words := line.text.split()):
        count += len(letters(word))
        rest = " ".join(words[at + 1 :])
        if count + len(letters(words[at + 1])) > line.ours:
            return line.text if any(letters(rest) in text.letters for text in known.texts) else rest
    return line.text


def _unwrapped(own: list[str], html: list[str]) -> list[str]:
    """Return the owner's lines with those on one line that the HTML part has on one line (Gmail wraps its text part)."""
    if not own:
        return html
    whole = {letters(line): line for line in html}
    longest = max(map(len, whole), default=0)
    lines: list[str] = []
    index = 0
    while index < len(own):
        end, joined = index + 1, letters(own[index])
        best = (end, own[index])
        while end < len(own) and len(joined) <= longest and mailwords.is_wrapped(own[end - 1], own[end]):
            joined += letters(own[end])
            end += 1
            best = (end, whole[joined]) if joined in whole else best
        index = best[0]
        lines.append(best[1])
    return lines


def _left_out(answers: Sequence[Sequence[_Line]], parent: Parent, say: Words) -> str:
    kinds = Counter(line.kind for lines in answers for line in lines)
    said = []
    if kinds[SIGNATURE]:
        said.append(say("left.signature" if kinds[SIGNATURE] == 1 else "left.signatures", count=kinds[SIGNATURE]))
    if kinds[OURS]:
        said.append(say(f"left.{parent.kind}"))
    if kinds[DOUBTFUL] > DOUBTFUL_LINES:
        said.append(say("left.doubtful", count=kinds[DOUBTFUL] - DOUBTFUL_LINES))
    return ", ".join(said)


def names_of(addresses: Iterable[str], display_name: str, subject: str) -> tuple[str, ...]:
    """Return what an attribution may name us by; a subject without its "Re:"."""
    bare = re.sub(r"^(?:re|aw|sv|antw|ref|rif|odp|vs|ynt)\s*:\s*", "", subject.strip(), flags=re.IGNORECASE)
    return tuple(name for name in (*addresses, display_name, bare) if len(name) > 3)  # noqa: PLR2004 - no mere syllable
