"""What the owner wrote in a reply: everything that is not the message of ours that it answers (docs/replies.md).

    bounds -> lines (unflowed, or out of HTML) -> mark what is quoted -> attributions, signatures -> the owner's lines

We know what we sent. So a line is quoted when it is marked so, when it lies in a run of two or more that stand in the
parent in that order, or when it stands below another program's header of the quoted message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.core import mailwords
from assistant.core.effects import Words
from assistant.core.parts import TEXT_LIMIT, Content, unflow
from assistant.core.speech import clean, is_noise
from assistant.core.unhtml import html_lines
from assistant.core.wordruns import WordRuns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.core.dates import Language

LINES = 300
LINE_LENGTH = 1000
ATTRIBUTION_LINES = 4
ATTRIBUTION_END = 40
RUN = 2
"""Lines in a row that stand in the parent: from here on they are the parent's."""
FRAGMENT = 12
"""Characters from which on a stray line between quoted ones is taken for a wrapped piece of the parent."""

OWN, QUOTED, SIGNATURE, ATTRIBUTION = "own", "quoted", "signature", "attribution"


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

    `refusal` says which bound was passed: then nothing was read at all.
    """

    lines: tuple[str, ...]
    left_out: str = ""
    refusal: str = ""


def trim(content: Content, parent: Parent, language: Language = "en") -> Trimmed:
    """Return what the owner wrote. An empty message gives no lines. Never raises, and takes linear time.

    `language` is that of what is said of the rest.
    """
    say = Words(language)
    if content.too_long or max(len(content.text), len(content.html)) > TEXT_LIMIT:
        return Trimmed((), refusal=say("refused.long"))
    lines = _lines(content)
    known = _Known.of(parent)
    theirs = known.words.lines_of([_plain(line) for line in lines])
    problem = _too_much(lines, known, theirs, say)
    if problem:
        return Trimmed((), refusal=problem)
    marks = _mark(lines, known, theirs)
    own = tuple(line.strip() for line, mark in zip(lines, marks, strict=True) if mark == OWN and line.strip())
    return Trimmed(own, _left_out(lines, marks, parent, say))


def _lines(content: Content) -> list[str]:
    if content.text:
        text = unflow(content.text, delsp=content.delsp) if content.flowed else content.text
        return text.split("\n")
    return html_lines(content.html)


def _too_much(lines: Sequence[str], known: _Known, theirs: frozenset[int], say: Words) -> str:
    """Return which bound is passed. What is marked as quoted, or stands in the parent, does not count as lines."""
    counted = [
        line
        for index, line in enumerate(lines)
        if line.strip() and not line.startswith(">") and index not in theirs and _plain(line[:2000]) not in known.at
    ]
    if len(counted) > LINES:
        return say("refused.lines", count=LINES)
    if any(len(line) > LINE_LENGTH for line in counted):
        return say("refused.line", count=f"{LINE_LENGTH:,}")
    return ""


@dataclass(frozen=True, slots=True)
class _Known:
    """The parent, ready to be looked up: its lines by where they stand, all of it as one line, its words, its names."""

    at: dict[str, list[int]]
    flat: str
    words: WordRuns
    names: tuple[str, ...]

    @classmethod
    def of(cls, parent: Parent) -> _Known:
        lines = [*parent.text.split("\n"), "", *html_lines(parent.html)]
        plain = [line for line in map(_plain, lines) if line]
        at: dict[str, list[int]] = {}
        for index, line in enumerate(plain):
            at.setdefault(line, []).append(index)
        flat = " ".join(plain)
        names = tuple(name.casefold() for name in parent.names if name.strip())
        return cls(at, flat, WordRuns(flat), names)

    def holds(self, line: str) -> bool:
        """Say whether a line stands in the parent, or is a piece of it that somebody wrapped anew."""
        plain = _plain(line)
        return plain in self.at or (len(plain) >= FRAGMENT and plain in self.flat)

    def names_us(self, line: str) -> bool:
        """Say whether a line names our address, display name or subject."""
        folded = line.casefold()
        return any(name in folded for name in self.names)


def _mark(lines: Sequence[str], known: _Known, theirs: frozenset[int]) -> list[str]:
    marks = [QUOTED if _is_marked(line) else OWN for line in lines]
    _mark_runs(lines, marks, known)
    for index in theirs:
        marks[index] = QUOTED
    _mark_wrapped(lines, marks, known)
    _mark_below_header(lines, marks, known)
    _mark_attributions(lines, marks, known)
    _mark_signatures(lines, marks)
    return marks


def _is_marked(line: str) -> bool:
    return line.lstrip().startswith((">", "|"))


def _mark_runs(lines: Sequence[str], marks: list[str], known: _Known) -> None:
    """Mark runs of lines that stand in the parent one after the other; blank lines between them do not matter."""
    runs: list[list[int]] = []
    ending: dict[int, list[int]] = {}
    for index, line in enumerate(lines):
        plain = _plain(line)
        if not plain:
            continue
        now: dict[int, list[int]] = {}
        for place in known.at.get(plain, ()):
            run = ending.get(place - 1)
            if run is None:
                run = []
                runs.append(run)
            run.append(index)
            now[place] = run
        ending = now
    for run in runs:
        # "Best," and a name end the owner's letter as well as a draft of ours; what follows is their signature.
        if len(run) > RUN or (len(run) == RUN and not is_noise(clean(lines[run[0]]))):
            for index in run:
                marks[index] = QUOTED


def _mark_wrapped(lines: Sequence[str], marks: list[str], known: _Known) -> None:
    """Mark the stray end of a quoted line that a mail program wrapped without a mark of its own."""
    before = ""
    for index, line in enumerate(lines):
        plain = _plain(line)
        if not plain:
            before = ""
        elif marks[index] == QUOTED:
            before = plain
        elif before and f"{before} {plain}" in known.flat:
            marks[index] = QUOTED
            before = f"{before} {plain}"
        else:
            before = ""


def _mark_below_header(lines: Sequence[str], marks: list[str], known: _Known) -> None:
    """Mark what stands below a quoted message's header block; only an answer between lines of the parent stays.

    Such programs do not mark what they quote. A second header block ends it all: what is below is older mail.
    """
    start = next((index for index in range(len(lines)) if _begins_quote(lines, index, marks, known)), None)
    if start is None:
        return
    for index in range(start, len(lines)):
        if marks[index] == OWN and not _is_inline(lines, index, start, known):
            marks[index] = QUOTED


def _begins_quote(lines: Sequence[str], index: int, marks: Sequence[str], known: _Known) -> bool:
    line = lines[index].strip()
    if marks[index] != OWN or not line:
        return False
    if mailwords.ORIGINAL.fullmatch(line):
        return True
    if mailwords.RULE.fullmatch(line):
        rest = [other for other in lines[index + 1 : index + 4] if other.strip()]
        return bool(rest) and _is_field(rest[0])
    if _is_field(line):
        block = [other for other in lines[index : index + 8] if _is_field(other)]
        return len(block) >= 3 and any(known.names_us(other) for other in block)  # noqa: PLR2004 - From, Sent, To
    # "On …, NAME wrote:" with the quoted text below it unmarked.
    below = next((other for other in lines[index + 1 : index + 6] if other.strip()), ">")
    return line.endswith(":") and known.names_us(line) and not _is_marked(below) and known.holds(below)


def _is_field(line: str) -> bool:
    return mailwords.HEADER_FIELD.match(line.strip().lstrip("*").strip()) is not None


def _is_inline(lines: Sequence[str], index: int, start: int, known: _Known) -> bool:
    # One word alone ("Stop") may be the label of one of our links, taken out of its place.
    if known.holds(lines[index]) or " " not in lines[index].strip():
        return False
    above = next((other for other in reversed(lines[start:index]) if other.strip()), "")
    below = next((other for other in lines[index + 1 :] if other.strip()), "")
    blocks = sum(_is_field(other) for other in lines[start:index])
    return blocks <= 8 and _plain(above) in known.at and _plain(below) in known.at  # noqa: PLR2004 - one block


def _mark_attributions(lines: Sequence[str], marks: list[str], known: _Known) -> None:
    """Mark the paragraph beside a quote that names us: "On Monday, NAME wrote:", in any language."""
    for index, mark in enumerate(marks):
        if mark != QUOTED or (index and marks[index - 1] in {QUOTED, ATTRIBUTION}):
            continue
        above = index - 1
        while above >= 0 and not lines[above].strip():
            above -= 1
        _mark_upwards(lines, marks, known, above)


def _mark_upwards(lines: Sequence[str], marks: list[str], known: _Known, last: int) -> None:
    first = last
    named = False
    # From the quote upwards: the lines that name us, then those that begin such a sentence.
    while first >= 0 and last - first < ATTRIBUTION_LINES and marks[first] == OWN and lines[first].strip():
        line = lines[first].strip()
        if known.names_us(line) or mailwords.WROTE.search(line):
            named = True
            marks[first] = ATTRIBUTION
            if mailwords.BEGINS.match(line) and mailwords.YEAR_OR_TIME.search(line):
                return
        elif named and mailwords.YEAR_OR_TIME.search(line) and mailwords.BEGINS.match(line):
            marks[first] = ATTRIBUTION
            return
        elif first == last and _ends_attribution(lines, first, known):
            marks[first] = ATTRIBUTION
        else:
            return
        first -= 1


def _ends_attribution(lines: Sequence[str], index: int, known: _Known) -> bool:
    """Say whether a line is the wrapped end of the one above that names us: "écrit :", "8:01):"."""
    line, above = lines[index].strip(), lines[index - 1] if index else ""
    short = len(line) <= ATTRIBUTION_END and line.endswith((":", "：", ":*"))
    return short and known.names_us(above) and mailwords.YEAR_OR_TIME.search(above) is not None


def _mark_signatures(lines: Sequence[str], marks: list[str]) -> None:
    """Mark what stands below "-- " up to the next quote, paragraphs that disclaim, and the lines phones add."""
    signing = disclaiming = False
    for index, line in enumerate(lines):
        if marks[index] != OWN:
            signing = disclaiming = False
            continue
        disclaiming = bool(line.strip()) and (disclaiming or _is_disclaimer(line))
        bare = line.rstrip("\r\n")
        signing = signing or bare in {"--", "-- ", "—", "\u2014 "}
        if signing or disclaiming or mailwords.SENT_FROM.fullmatch(line.strip()):
            marks[index] = SIGNATURE


def _is_disclaimer(line: str) -> bool:
    return mailwords.DISCLAIMER.fullmatch(line.strip()) is not None


def _left_out(lines: Sequence[str], marks: Sequence[str], parent: Parent, say: Words) -> str:
    signature = sum(mark == SIGNATURE and bool(line.strip()) for line, mark in zip(lines, marks, strict=True))
    said = []
    if signature:
        said.append(say("left.signature" if signature == 1 else "left.signatures", count=signature))
    if any(mark == QUOTED and line.strip() for line, mark in zip(lines, marks, strict=True)):
        said.append(say(f"left.{parent.kind}"))
    return ", ".join(said)


def _plain(line: str) -> str:
    """Return a line for comparing: without quote marks, blanks folded, in one case."""
    return " ".join(line.replace("\u00a0", " ").lstrip("> |\t").split()).casefold()


def names_of(addresses: Iterable[str], display_name: str, subject: str) -> tuple[str, ...]:
    """Return what an attribution may name us by; a subject without its "Re:"."""
    bare = re.sub(r"^(?:re|aw|sv|antw|ref|rif|odp|vs|ynt)\s*:\s*", "", subject.strip(), flags=re.IGNORECASE)
    return tuple(name for name in (*addresses, display_name, bare) if len(name) > 3)  # noqa: PLR2004 - no mere syllable
