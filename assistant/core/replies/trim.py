"""Find what the owner wrote in a reply: everything that isn't the message it answers (docs/replies.md).

    bounds -> lines (unflowed, or out of HTML) -> ours, by the letters of what we sent
           -> the mail program's, by its form -> the owner's

Doubtful lines are told and never obeyed. The mark of a quote proves nothing: an answer typed into a quote is the
owner's, a quote without marks is ours.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.core.language.phrases import Phrases
from assistant.core.mail.html import html_lines
from assistant.core.mail.mime import TEXT_LIMIT, Content, unflow
from assistant.core.replies.answer_lines import (
    DOUBTFUL,
    OURS,
    OWN,
    REPLY_MARKS,
    SIGNATURE,
    AnsweredMessage,
    BodyLine,
    compared,
    doubt_scattered,
)
from assistant.core.replies.answer_places import place_lines
from assistant.core.replies.grammar.lines import Speech
from assistant.core.replies.mail_programs import is_wrapped, mark_program_lines
from assistant.core.replies.program_text import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.core.language.data_files import Language

LINES = 300
LINE_LENGTH = 1000
DOUBTFUL_LINES = 50  # that are told one by one; of the rest only the number is


@dataclass(frozen=True, slots=True)
class Parent:
    """The message of ours that is answered: its text, its HTML ("" for none), and the names it goes by.

    `names` are our addresses, display names and the subject, as they may stand in "On Monday, NAME wrote:"; `owner` the
    names the owner signs with.
    """

    text: str
    html: str = ""
    kind: str = "digest"
    names: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trimmed:
    """What was found in a reply.

    `lines` are the owner's. `places` has for each of them the label of the card ("2"), question ("Q1"), candidate
    ("C2") or of the wins ("win") that it stands in or right under, "" for none or where that is unsure. `left_out` says
    what was left out ("3 lines of signature, the quoted digest"), "" for nothing. `doubtful` lines may be theirs or
    somebody else's; they are told and never obeyed. `refusal` says which bound was passed or why nothing can be read;
    then there are no lines.
    """

    lines: tuple[str, ...]
    left_out: str = ""
    refusal: str = ""
    doubtful: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def trim(content: Content, parent: Parent, language: Language = "en") -> Trimmed:
    """Return what the owner wrote, in linear time. An empty message gives no lines. Never raises.

    `left_out` and `refusal` are written in `language`.
    """
    say = Phrases(language)
    if content.opaque:
        return Trimmed((), refusal=say(f"refused.{content.opaque}"))
    if content.too_long or max(len(content.text), len(content.html)) > TEXT_LIMIT:
        return Trimmed((), refusal=say("refused.long"))
    # Any day will do: here it only matters whether a line reads as an order.
    speech = Speech(date(2000, 1, 1), language, own_names=parent.owner)
    known = AnsweredMessage(parent.text, parent.html, parent.names, speech, say("section.win"))
    parts = [compared(lines, known) for lines in _parts(content)]
    refusal = _too_much(parts[0][0], say) if parts else ""
    if refusal:
        return Trimmed((), refusal=refusal)
    own: list[tuple[str, str]] = []
    for lines, quoted in parts:
        # The HTML only helps to put wrapped lines together, so it may be over the bounds.
        if not _too_much(lines, say):
            doubt_scattered(lines, quoted, known)
            mark_program_lines(lines, known)
            place_lines(lines, quoted, known.openings, OWN, OURS)
            own = _unwrapped(own, [(_said(line, known), line.place) for line in lines if line.kind == OWN])
    doubtful = [line.text for lines, _ in parts[:1] for line in lines if line.kind == DOUBTFUL]
    said, places = zip(*own, strict=True) if own else ((), ())
    left_out = _left_out([line.kind for lines, _ in parts[:1] for line in lines], parent, say)
    return Trimmed(said, left_out, doubtful=tuple(doubtful[:DOUBTFUL_LINES]), places=places)


def _parts(content: Content) -> list[list[str]]:
    """Return the lines of the text part and of the HTML part, those that there are."""
    text = unflow(content.text, delsp=content.delsp) if content.flowed else content.text
    return [*([text.split("\n")] if text else []), *([html_lines(content.html)] if content.html else [])]


def _too_much(lines: Sequence[BodyLine], say: Phrases) -> str:
    """Return which bound is passed, "" for none."""
    # Our own text doesn't count, nor does a quote: the bounds are for what the owner wrote.
    counted = [line for line in lines if line.kind == OWN and not line.marked]
    if len(counted) > LINES:
        return say("refused.lines", count=LINES)
    if any(len(line.text) - line.ours > LINE_LENGTH for line in counted):
        return say("refused.line", count=f"{LINE_LENGTH:,}")
    return ""


def _said(line: BodyLine, known: AnsweredMessage) -> str:
    """Return the owner's words in a line: what they typed behind a long piece of ours, else all of it."""
    if not line.ours:
        return line.text
    count = 0
    for at, word in enumerate(words := line.text.split()):
        count += len(letters(word))
        rest = " ".join(words[at + 1 :])
        if count + len(letters(words[at + 1])) > line.ours:
            return line.text if any(letters(rest) in text.letters for text in known.texts) else rest
    return line.text


def _unwrapped(own: list[tuple[str, str]], html: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the owner's lines with their places, put together again where the HTML part has them in one."""
    if not own:
        return html
    # Gmail wraps its text part at 78 columns, which cut notes in half. Its HTML part isn't wrapped.
    whole = {letters(line): line for line, _ in html}
    longest = max(map(len, whole), default=0)
    lines: list[tuple[str, str]] = []
    index = 0
    while index < len(own):
        end, joined = index + 1, letters(own[index][0])
        best = (end, own[index][0])
        while end < len(own) and len(joined) <= longest and is_wrapped(own[end - 1][0], own[end][0]):
            joined += letters(own[end][0])
            end += 1
            best = (end, whole[joined]) if joined in whole else best
        lines.append((best[1], own[index][1]))
        index = best[0]
    return lines


def _left_out(marked: Sequence[str], parent: Parent, say: Phrases) -> str:
    kinds = Counter(marked)
    said = []
    if kinds[SIGNATURE]:
        said.append(say("left.signature" if kinds[SIGNATURE] == 1 else "left.signatures", count=kinds[SIGNATURE]))
    if kinds[OURS]:
        said.append(say(f"left.{parent.kind}"))
    if kinds[DOUBTFUL] > DOUBTFUL_LINES:
        said.append(say("left.doubtful", count=kinds[DOUBTFUL] - DOUBTFUL_LINES))
    return ", ".join(said)


def names_of(addresses: Iterable[str], display_name: str, subject: str) -> tuple[str, ...]:
    """Return the names an attribution may use for us: the addresses, the name, the subject without its "Re:"."""
    bare = re.sub(rf"^(?:{'|'.join(REPLY_MARKS)})\s*:\s*", "", subject.strip(), flags=re.IGNORECASE)
    return tuple(name for name in (*addresses, display_name, bare) if len(name) > 3)  # noqa: PLR2004 - no mere syllable
