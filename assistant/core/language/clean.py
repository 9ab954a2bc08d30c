"""What may leave in a text: control characters, lone surrogates and direction overrides never do.

Everything that comes from outside (names, subjects, notes, a model's words) passes here once, before a header or a
body is made of it. Python's own header code is not relied on for it (docs/promises.md: some versions let a CR through).
"""

from __future__ import annotations

import re

# C0 and C1, DEL, the two Unicode line ends, byte order mark, and what turns the reading direction of a whole line.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_CONTROL_BUT_LINES = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n|\r|\x85|\u2028|\u2029")
# All but the no-break spaces that French and Spanish want: before a mark, inside « », and between digits.
_SPACE = re.compile(r"(?:(?!(?<=«)\u00a0|\u00a0[:;?!»]|(?<=\d)\u202f\d)\s)+")


def one_line(text: str) -> str:
    """Return `text` as one line: controls become blanks, runs of blanks one, ends trimmed; "" for nothing left."""
    return _SPACE.sub(" ", _CONTROL.sub(" ", _no_surrogates(text))).strip()


def lines(text: str) -> str:
    """Return `text` with its line breaks as line feeds, tabs as blanks, and without other control characters."""
    return _CONTROL_BUT_LINES.sub("", _LINE_ENDS.sub("\n", _no_surrogates(text))).replace("\t", "    ")


def _no_surrogates(text: str) -> str:
    """Return `text` with lone surrogates (bytes that were not UTF-8) replaced, so that it can be encoded."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text
