"""The lines of an answer, and which of them are ours.

A line is ours if we sent those words. The mark of a quote proves nothing: programs leave it out, and owners type into
quotes.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import takewhile
from typing import TYPE_CHECKING

from assistant.core.mail.html import html_lines
from assistant.core.replies.answer_places import label_line, openings, stretches
from assistant.core.replies.grammar.cleaning import clean, is_noise, is_signed
from assistant.core.replies.grammar.lines import Speech, parse_line
from assistant.core.replies.grammar.plain import may_order
from assistant.core.replies.grammar.suggest import closest_command
from assistant.core.replies.program_text import AHEAD, GRAM, OurText, letters, spaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

# The kinds of a line: the owner's, from our message, two from the mail program, not to be told apart, nothing in it.
OWN, OURS, PROGRAM, SIGNATURE, DOUBTFUL, BLANK = "own", "ours", "program", "signature", "doubtful", "blank"
# Some programs mark a quote with the author's initials: "CA> ". One such line alone may be the owner's.
INITIALS = 2
REPLY_MARKS = ("re", "aw", "sv", "antw", "ref", "rif", "odp", "vs", "ynt")  # "Re:" in other languages
# More marked lines than this that aren't ours can't be the owner's answer. None of them is obeyed.
QUOTED_LINES = 300

_NAME = r"[^\W\d_]{1,16}(?:\.? [^\W\d_]{1,16}){0,2}"
_MARK = re.compile(rf"\s*(?:({_NAME}|)>|[|│┃»›])[ \t]?")
_LINK = re.compile(r"[<(\[]?(?:mailto:|https?://)[^\s<>\"]+[>)\]]?", re.IGNORECASE)
# These don't end a line of mail. If they did, "> harmless\rsend 1" would give an order from inside a quote.
_BREAKS = str.maketrans(dict.fromkeys("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", " "))


@dataclass(slots=True)
class BodyLine:
    """One line without the marks of a quote. `marked` tells whether it had one; `kind` is set step by step.

    `letters` are the letters of its words, `bare` the same without our own links. `ours` is how many of `letters` are
    ours, counted from the first; `label` the card, question or candidate they belong to, `opens` whether it begins
    there (`answer_places`). `place` is such a label too, that of a line of the owner's.
    """

    text: str
    marked: bool
    letters: str
    bare: str
    kind: str
    ours: int = 0
    label: str | None = None
    opens: bool = False
    place: str = ""


class AnsweredMessage:
    """The message of ours that is answered: its texts, its links and what names it."""

    def __init__(self, text: str, html: str, names: Sequence[str], speech: Speech, win: str = "") -> None:
        """Take both parts of our message, the names it goes by, how to read an order, and the heading of the wins."""
        self._html = html
        seen = "\n".join(html_lines(html))
        # Hidden text too: some clients flatten it, and a preheader that read "done 2" was once obeyed.
        self.texts = (OurText(text), OurText(seen), OurText("\n".join(html_lines(html, show="hidden"))))
        self.lines = frozenset(map(letters, f"{text}\n{seen}".split("\n")))
        self._shown = frozenset(map(letters, text.split()))
        links = _LINK.findall(unescape(html))
        self._links = self._shown | {letters(link).removeprefix("mailto") for link in links}
        self._names = tuple(name.casefold() for name in names if name.strip())
        self._name_letters = sorted(map(letters, names), key=len, reverse=True)
        self._speech = speech
        self._own_words = {letters(word) for name in speech.own_names for word in name.split()}
        self.openings = openings(text, win)

    @cached_property
    def linked(self) -> OurText:
        """Our HTML with the address of each link behind its words, as programs write it in plain text."""
        # Programs that wrap cut long addresses in two. Then they can't be taken out as links.
        return OurText("\n".join(html_lines(self._html, show="links")))

    def names_us(self, line: BodyLine) -> bool:
        """Return whether a line names our address, display name or subject."""
        folded = line.text.casefold()
        return any(name in folded for name in self._names)

    def is_name(self, line: BodyLine) -> bool:
        """Return whether a line is nothing but such a name and perhaps a "Re:"."""
        rest = line.letters
        for name in self._name_letters:
            rest = rest.replace(name, "")
        return rest != line.letters and rest in {"", *REPLY_MARKS}

    def orders(self, line: BodyLine) -> bool:
        """Return whether the grammar of commands would obey a line, on any day."""
        said = parse_line(line.text, self._speech)
        return said.command is not None or bool(said.problem)

    def may_be_obeyed(self, line: BodyLine) -> bool:
        """Return whether a line may be an order, as a command or in plain words."""
        return self.orders(line) or may_order(clean(line.text), self._speech)

    def nearly_orders(self, line: BodyLine) -> bool:
        """Return whether a line is an order or may be one that is mistyped ("sned 1")."""
        return self.orders(line) or closest_command(line.text, self._speech) is not None

    def is_signed(self, line: BodyLine) -> bool:
        """Return whether a line is the owner's name, perhaps behind a close ("Best, Priya")."""
        words = set(map(letters, line.text.split())) - {""}
        if words and words <= self._own_words:
            return True
        said = clean(line.text)
        return is_noise(said, self._speech.own_names) and is_signed(said, self._speech.own_names)

    def has(self, phrase: str) -> bool:
        """Return whether those letters, if any, stand in one of our texts."""
        return bool(phrase) and any(phrase in text.letters for text in self.texts)

    def without_links(self, text: str) -> str:
        """Return a text without the addresses of our own links, which programs put behind our words."""
        return _LINK.sub(self._link, text)

    def _link(self, link: re.Match[str]) -> str:
        whole = letters(link[0])
        ours = whole.removeprefix("mailto") in self._links and whole not in self._shown
        return " " if ours else link[0]


def compared(written: Sequence[str], known: AnsweredMessage) -> tuple[list[BodyLine], OurText]:
    """Return the lines of an answer as OWN, OURS, DOUBTFUL or BLANK, and our text they quote, in linear time.

    The bounds on lines are checked afterwards, since they don't count what is ours.
    """
    flat = [line.translate(_BREAKS).replace("&nbsp;", " ") for line in written]
    initials = _initials(flat)
    lines = [_line(text, initials, known) for text in flat]
    said, bare = [line.letters for line in lines], [line.bare for line in lines]
    # Programs put links behind our words; and a ">" of our own text looks like their mark.
    others = [other for other in (bare, [letters(text) for text in flat]) if other != said]
    texts = (*known.texts, known.linked) if any("mailto" in line for line in said) else known.texts
    found = [(text, said, *text.covers(said)) for text in texts]
    found += [(text, other, *text.covers(other)) for other in others for text in known.texts]
    # Only one of our texts was quoted. Taken together they would cover runs of words that we never wrote.
    quoted, best, ours, starts = max(found, key=lambda one: _whole_lines(one[1], one[2]))
    stretched = stretches(quoted, known.openings)
    for line, whole, count, start in zip(lines, best, ours, starts, strict=True):
        line.ours = count if best is said else 0
        line.kind = OURS if count and count == len(whole) else line.kind
        if count:
            label_line(line, start, start + count, stretched)
    _pass_over_letterless(lines)
    _doubt_long_quotes(lines)
    return lines, quoted


def _line(flat: str, initials: AbstractSet[str], known: AnsweredMessage) -> BodyLine:
    marks = [mark.end() for mark in takewhile(lambda mark: not mark[1] or mark[1] in initials, _marks(flat))]
    text = flat[marks[-1] if marks else 0 :].strip()
    said = letters(text)
    bare = letters(known.without_links(text)) if ":" in text else said
    seen = any(character.isprintable() and not character.isspace() for character in text)
    return BodyLine(text, bool(marks), said, bare, OWN if seen else BLANK)


def _marks(line: str) -> Iterator[re.Match[str]]:
    """Yield each mark of a quote at the beginning of a line: "> ", "|", "CA> "."""
    mark = _MARK.match(line)
    while mark:
        yield mark
        mark = _MARK.match(line, mark.end())


def _initials(lines: Sequence[str]) -> frozenset[str]:
    """Return the words that mark a quote, such as "CA>", since some lines in a row begin with them."""
    found: set[str] = set()
    rows: Counter[str] = Counter()
    for line in filter(str.strip, lines):
        rows = Counter({mark[1]: rows[mark[1]] + 1 for mark in _marks(line) if mark[1]})
        found.update(word for word, row in rows.items() if row >= INITIALS)
    return frozenset(found)


def _whole_lines(lines: Sequence[str], ours: Sequence[int]) -> int:
    return sum(count == len(line) > 0 for line, count in zip(lines, ours, strict=True))


def _doubt_long_quotes(lines: Sequence[BodyLine]) -> None:
    quoted = [line for line in lines if line.kind == OWN and line.marked]
    if len(quoted) > QUOTED_LINES:
        for line in quoted:
            line.kind = DOUBTFUL


def _pass_over_letterless(lines: Sequence[BodyLine]) -> None:
    """Make BLANK what has no letters in a quote or between our lines, and what is only a link of ours."""
    above = ""
    for line, below in zip(lines, kinds_below(lines), strict=True):
        inside = line.marked or (above == OURS == below)
        if line.kind == OWN and not line.bare and (inside or line.letters):
            line.kind = BLANK
        above = line.kind if line.bare else above


def kinds_below(lines: Sequence[BodyLine]) -> list[str]:
    """Return for each line the kind of the next line with letters, "" if there is none."""
    below, kinds = "", []
    for line in reversed(lines):
        kinds.append(below)
        below = line.kind if line.bare else below
    return kinds[::-1]


def _phrase(lines: Sequence[BodyLine], index: int, step: int, *, with_ours: bool) -> str:
    """Return the letters of a line and of as many lines below it (above for step -1) as make a phrase; "" for none."""
    words = [lines[index].bare]
    for line in lines[index + 1 : index + AHEAD] if step > 0 else lines[max(0, index - AHEAD) : index][::-1]:
        if line.bare and line.kind == OURS and not with_ours:
            break
        words += [line.bare] if line.bare else []
        if len(words) > 1 and sum(map(len, words)) >= GRAM:
            return "".join(words[::step])
    return ""


def doubt_scattered(lines: Sequence[BodyLine], ours: OurText, known: AnsweredMessage) -> None:
    """Find pieces of our text that stand alone in a quote: we wrote them once more than the quote has them."""
    found = [index for index, line in enumerate(lines) if line.kind == OURS]
    quoted = "".join(_words(lines[index], known) for index in found)
    for index, line in enumerate(lines):
        if line.kind != OWN or not line.bare:
            continue
        inside = line.marked or (found and found[0] < index < found[-1])
        words = _words(line, known)
        spare = ours.words.count(words) > quoted.count(words)
        whole = spare and inside and line.marked and line.bare in known.lines
        # A short line that may be an order in plain words ("We talked") may be the owner's.
        if whole and not (known.orders if len(line.bare) >= GRAM else known.may_be_obeyed)(line):
            line.kind = OURS
            quoted += words
        elif known.may_be_obeyed(line):
            # It may be torn from our text, or the owner may have typed just that. So it is told, not obeyed.
            torn = any(known.has(_phrase(lines, index, step, with_ours=spare)) for step in (1, -1))
            # Two words or more that are a whole line of ours, and no command, were hardly typed ("Stop these mails").
            copied = line.bare in known.lines and " " in line.text and not known.orders(line) and not line.marked
            line.kind = DOUBTFUL if torn or (spare and inside) or copied else OWN


def _words(line: BodyLine, known: AnsweredMessage) -> str:
    return spaced(filter(None, map(letters, known.without_links(line.text).split())))
