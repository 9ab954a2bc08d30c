"""The sheet that answers a whole digest at once: a line for each number and question, to fill in (docs/look.md).

    1 Ruth: met on Friday, talked about the role
    Q1 Jonas: yes
    win: the partner signed

A line left blank is silence. Behind its label an owner may write the verb with or without anything after it, so each
order of words that the grammar knows is tried. The sheet's ref stands for every harmless verb on that digest and for
nothing else: what sends, drops or adds is refused here, and belongs into an answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.core.language.phrases import Phrases
from assistant.core.replies.grammar.commands import Answer, ByNumber, Candidate, Look, Met, NotNow, Snooze, Tell
from assistant.core.replies.grammar.lines import ParsedLine, parse_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.core.replies.grammar.commands import Command
    from assistant.core.replies.grammar.slots import Speech

WIN: Final = "win"
SHEET_LINE: Final = "sheet"
"""The place of a line of the sheet without a label."""
_LINE = re.compile(r"(\d{1,3}|[QC]\d{1,3})(?![\w.])[^:]{0,100}: ?(.*)", re.IGNORECASE)
_BLANK_WIN = re.compile(rf"{WIN}: *", re.IGNORECASE)
_HARMLESS = (Met, ByNumber, Snooze, NotNow, Tell, Answer, Candidate, Look)


def sheet(rows: Iterable[tuple[str, str]]) -> str:
    """Return the text to fill in. `rows` are (label, first name) of the digest's numbers and questions."""
    return "".join(f"{label} {name}: \n" for label, name in rows) + f"{WIN}: \n"


def read_sheet(lines: Iterable[str], speech: Speech) -> tuple[ParsedLine, ...]:
    """Return the lines that were filled in, as they should be obeyed; empty if none was."""
    return tuple(line for text in lines for line in _read(text.strip(), speech))


def _read(text: str, speech: Speech) -> Iterator[ParsedLine]:
    match = _LINE.fullmatch(text)
    if not text or _BLANK_WIN.fullmatch(text) or (match and not match[2].strip()):
        return
    parsed = (parse_line(form, speech) for form in _forms(match[1].upper(), match[2].strip())) if match else iter(())
    line = next((line for line in parsed if line.command or line.problem), None) or parse_line(text, speech)
    if line.command and not is_harmless(line.command):
        yield ParsedLine(text, problem=Phrases(speech.told)("sheet.in-an-answer"))
    else:
        # Behind a label stands a note, never one more person.
        command = line.command.alone if isinstance(line.command, Met) else line.command
        # What the forms don't have may be plain words, read with the roster; the label says whom they're about.
        yield ParsedLine(text, command, line.noise, line.problem, match[1].upper() if match else SHEET_LINE)


def _forms(label: str, said: str) -> Iterator[str]:
    """Yield the lines that words behind a label may stand for, the likeliest first."""
    verb, _, rest = said.partition(" ")
    yield f"{label} {said}"
    yield f"{verb[:-1]} {label}: {rest}" if verb.endswith(":") else f"{verb.rstrip(',')} {label} {rest}"
    yield f"{verb.rstrip(',')} {label}: {rest}"
    yield f"snooze {label} {said}"
    yield f"snooze {label} until {said}"


def is_harmless(command: Command) -> bool:
    """Return whether the sheet's ref allows a command: what sends, drops or adds it doesn't."""
    return isinstance(command, _HARMLESS) and getattr(command, "verb", "") != "send"
