"""Find what stands around an answer and isn't the owner's: signatures, trailers of phones, disclaimers, warnings.

They are recognized by where they stand and by their form: below "-- ", below the owner's name at an edge of the answer,
alone right above the quote, between an attribution and the first line of the quote. A line among them that reads as an
order is doubtful.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from assistant.core.language.data_files import data_file
from assistant.core.replies.answer_lines import BLANK, DOUBTFUL, OURS, OWN, PROGRAM, SIGNATURE
from assistant.core.replies.grammar.cleaning import clean, is_noise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.replies.answer_lines import AnsweredMessage, BodyLine

BELOW_NAME = 10  # lines of a signature at most
CLOSE_WORDS = 4
CLOSE_LETTERS = 16  # in scripts without blanks between words
PROSE_WORDS = 5
DISCLAIMER = 60  # letters at least
DENSE_DISCLAIMER = 24  # the same in scripts that say more in a letter
TRAILER_WORDS = 12
WARNING_LINES = 6

_DASHES = {"--", "—"}
_WORDS = {key: tuple(str(value).split()) for key, value in data_file("words", "mail_programs").items()}
_SENT = frozenset(_WORDS["sent"])
_TRAILER = re.compile(
    r"sent (?:from|via|with|using) .{1,100}|get outlook for .{0,80}|yahoo mail: .{1,60}"
    r"|von (?:mein(?:em|er)|unterwegs)\b.{0,60}(?:gesendet|geschickt)|hol(?:en sie sich|e? dir) outlook.{0,60}",
    re.IGNORECASE,
)
_SOME_MAIL = re.compile(r"[A-Z][A-Za-z0-9.-]* Mail(?![a-z])")
_ENVIRONMENT = re.compile(
    r"(?:please )?(?:consider|think of) the environment before .{0,80}"
    r"|bitte (?:denken sie an|prüfen sie).{0,40}(?:umwelt|ausdruck).{0,80}",
    re.IGNORECASE,
)
_WARNING = re.compile(r"\W*([^\d:：!,.]{2,30})[:：!]")


def mark_signatures(lines: Sequence[BodyLine], known: AnsweredMessage) -> None:
    """Mark signatures, trailers, disclaimers and warnings among the lines that are taken for the owner's."""
    _mark_inside(lines, known)
    ours = [index for index, line in enumerate(lines) if line.kind == OURS]
    first, last = (ours[0], ours[-1]) if ours else (len(lines), -1)
    at = 0
    for edge, group in groupby(lines, key=lambda line: line.kind in {OWN, BLANK, SIGNATURE}):
        region = list(group)
        if edge and (at < first or at > last):
            _mark_edge(region, lines, known)
        at += len(region)


def _mark_inside(lines: Sequence[BodyLine], known: AnsweredMessage) -> None:
    """Mark what has such a form anywhere: below "-- " up to the next quote, disclaimers, pictures."""
    signing = disclaiming = False
    for line in lines:
        if line.kind == BLANK:
            disclaiming = False
        elif line.kind != OWN:
            signing = disclaiming = False
        else:
            signing = signing or line.text in _DASHES
            disclaiming = disclaiming or is_disclaimer(line.text)
            if signing or disclaiming or is_placeholder(line.text):
                _take(line, known)


def _take(line: BodyLine, known: AnsweredMessage) -> None:
    # Somebody may well type an order below their signature.
    line.kind = DOUBTFUL if known.orders(line) else SIGNATURE


def warning_above(lines: Sequence[BodyLine], known: AnsweredMessage) -> list[BodyLine]:
    """Return what looks like the warning of a gateway on top of our message: the lines right above our first one."""
    first = next((index for index, line in enumerate(lines) if line.kind == OURS), 0)
    found: list[BodyLine] = []
    for line in lines[:first][::-1]:
        if (line.kind == BLANK and found) or known.names_us(line) or len(found) == WARNING_LINES:
            break
        if line.kind == OWN:
            found.insert(0, line)
            if _is_warning(" ".join(one.text for one in found)):
                return found
    return []


def settle_warning(warning: Sequence[BodyLine], lines: Sequence[BodyLine], known: AnsweredMessage) -> None:
    """Take a warning for one only if the attribution stands above it; else the owner wrote it."""
    if not warning:
        return
    first = next(index for index, line in enumerate(lines) if line is warning[0])
    above = next((line for line in lines[:first][::-1] if line.letters), None)
    for line in warning:
        line.kind = OWN
        if above is not None and above.kind == PROGRAM:
            _take(line, known)


def _mark_edge(region: Sequence[BodyLine], lines: Sequence[BodyLine], known: AnsweredMessage) -> None:
    """Mark signature and trailer in the lines above or below the whole quote."""
    written = [index for index, line in enumerate(region) if line.kind == OWN]
    last = max((at for at, index in enumerate(written) if known.orders(region[index])), default=-1)
    name = next((at for at in range(last + 1, len(written)) if known.is_signed(region[written[at]])), len(written))
    block = _signature(region, written[name:], known)
    others = sum(line.kind == OWN for line in lines) - len(block)
    if block and name and _is_close(region, written, name) and others > 1:
        name -= 1
        block.insert(0, written[name])
    for index in block:
        region[index].kind = SIGNATURE
    left = [index for index in written if region[index].kind == OWN]
    for index in {*written[max(0, name - 1) : name], *left[-1:]}:
        if is_trailer(region[index].text) or (is_tagged(region[index].text) and len(left) > 1):
            _take(region[index], known)


def _signature(region: Sequence[BodyLine], below: list[int], known: AnsweredMessage) -> list[int]:
    """Return the lines of a signature from the owner's name on, up to where somebody wrote on."""
    block: list[int] = []
    for index in below[:BELOW_NAME]:
        text = region[index].text
        prose = len(text.split()) >= PROSE_WORDS and text.endswith((".", "!", "?", ":"))
        if prose or known.nearly_orders(region[index]):
            break
        block.append(index)
    return block


def _is_close(region: Sequence[BodyLine], written: Sequence[int], name: int) -> bool:
    """Return whether the line above the owner's name is a close: short, in a paragraph of its own, no name in it."""
    index = written[name - 1]
    text = region[index].text.rstrip(" ,.!，。")
    if is_noise(clean(text)):
        return True
    words = text.split()
    named = any(word[:1].isupper() for word in words[1:]) or any(map(str.isdigit, text))
    if named or len(words) > CLOSE_WORDS or (index and region[index - 1].kind == OWN):
        return False
    return text[:1].isupper() or (text == text.upper() and len(text) <= CLOSE_LETTERS)


# What a line looks like.


def is_placeholder(line: str) -> bool:
    """Return whether a line stands for a picture: "[cid:image001.png@01D9]", "[image: logo]"."""
    return line.startswith(("[cid:", "[image:", "[Image:")) and line.endswith("]")


def is_tagged(line: str) -> bool:
    """Return whether a line begins with a mail gateway's tag, "[EXTERNAL] …". The caller checks where it stands."""
    tag, bracket, _rest = line[1:].partition("]")
    return line[:1] == "[" and bool(bracket) and tag.isupper() and len(tag) >= len("SPAM")


def _is_warning(line: str) -> bool:
    word = _WARNING.match(line)
    if is_tagged(line) or word is None or word[1] != word[1].upper():
        return is_tagged(line)
    # "PS: the packet" isn't one. In scripts without capitals only the place tells.
    return word[1] == word[1].lower() or (len(word[1]) > len("PPS") and line.endswith((".", "!")))


def is_trailer(line: str) -> bool:
    """Return whether a line is what phones and programs sign with. The caller checks that it is the last one."""
    if _TRAILER.fullmatch(line):
        return True
    said = line.casefold().partition("<")[0]
    words = [word.strip(".,!:()*_\u200e\u200f") for word in said.split()]
    named = any(name in word for word in words for name in _WORDS["programs"]) or _SOME_MAIL.search(line)
    if not named or len(words) > TRAILER_WORDS:
        return False
    return not _SENT.isdisjoint((*words[:3], *words[-1:])) or any(word in line for word in _WORDS["sent_inside"])


def is_disclaimer(line: str) -> bool:
    """Return whether a line begins what companies put below every mail."""
    said = line.casefold()
    least = DENSE_DISCLAIMER if any(character > "\u0e00" for character in said) else DISCLAIMER
    spoken = (any(word in said for word in _WORDS[kind]) for kind in ("confidential", "message"))
    return (len(said) >= least and all(spoken)) or _ENVIRONMENT.fullmatch(line) is not None
