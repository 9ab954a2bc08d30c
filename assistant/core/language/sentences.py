"""Sentences of a text as people type it: hard-wrapped lines, lists, no capitals, several marks in a row."""

from __future__ import annotations

import re
from typing import Final

from assistant.core.language.calendar_words import MONTHS

_ITEM = re.compile(r"^\s*(?:[-*•–·]|\(?\d{1,2}[.)]|[a-z]\))\s+")
_END = re.compile(r"[.!?…]+[\"'”“»’)\]]*(?:\s+|$)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:dr|prof|mr|mrs|ms|mme|mlle|st|nr|no|ca|bzw|vgl|sr|sra|ing|art|abs|etc|approx|dept|usw|evtl|ggf|inkl|tel)"
    r"|\b[^\W\d_]|\d)\.$",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"(?:{'|'.join(MONTHS['de'])})\b", re.IGNORECASE)
_SHORT_LINE: Final = 45
"""A line this short was ended on purpose: an address, a list, a greeting."""


def sentences(text: str) -> list[str]:
    """Return the sentences in order, blanks trimmed; a paragraph's wrapped lines are one text, list items their own."""
    return [sentence for block in _blocks(text) for sentence in _split(block)]


def _blocks(text: str) -> list[str]:
    found: list[str] = []
    ended = True
    for raw in text.split("\n"):
        line = raw.strip()
        if not line:
            ended = True
            continue
        item = bool(_ITEM.match(raw))
        if found and not ended and not item:
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(_ITEM.sub("", raw).strip())
        ended = len(line) < _SHORT_LINE and not line.endswith((",", ";")) and line[-1:] in ".!?:…"
    return found


def _split(block: str) -> list[str]:
    found, begin = [], 0
    for match in _END.finditer(block):
        head, after = block[begin : match.end()].rstrip(), block[match.end() : match.end() + 1]
        stops = match[0].strip("\"'”“»’)] ") == "."
        abbreviated = (after and not after.isupper()) or _MONTH.match(block, match.end())  # "am 12. Januar"
        if stops and abbreviated and _ABBREVIATION.search(head):
            continue
        if head:
            found.append(head)
        begin = match.end()
    rest = block[begin:].strip()
    return [*found, rest] if rest else found
