"""A tap's message: one ready-made command, and what the owner typed beside it (docs/replies.md)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.core.replies.grammar.commands import ByNumber, Command, Met, Tell
from assistant.core.replies.grammar.lines import Line, Speech, parse_line
from assistant.core.signed import without_signature
from assistant.core.taps import tap_of, without_ref

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Tapped:
    """What a tap's message orders: its lines as they are to be obeyed; `label` and `verb` are what the ref allows."""

    label: str
    verb: str
    lines: tuple[Line, ...]


def read_tap(lines: Sequence[str], speech: Speech, allows: Callable[[str, str], bool]) -> Tapped | None:
    """Return the one command whose ref fits (`allows(label, verb)`), None where no line's does.

    What else was typed becomes the note of met, done and note; beside any other verb it is kept as not understood.
    A signature, which some programs put into every message they open, is neither.
    """
    read = without_signature([parse_line(text, speech) for text in map(without_ref, lines) if text.strip()], speech)
    for index, line in enumerate(read):
        command = _bare(line.command)
        known = tap_of(command) if command else None
        if command and known and allows(*known):
            rest = [other.text for other in read[:index] + read[index + 1 :] if not other.noise]
            return Tapped(*known, _lines(line.text, command, rest))
    return None


def _bare(command: Command | None) -> Command | None:
    """Return the command as it is said: whatever stands behind the number of a tap is its note, and no other number."""
    return command.alone if isinstance(command, Met) else command


def _lines(text: str, command: Command, rest: list[str]) -> tuple[Line, ...]:
    said = " ".join(rest)
    if not said:
        return (Line(text, command),)
    shown = f"{text} {said}"
    match command:
        case Met(note=note):
            return (Line(shown, replace(command, note=f"{note} {said}".strip())),)
        case Tell(text=told):
            return (Line(shown, replace(command, text=f"{told} {said}")),)
        case ByNumber("done", (number,)):
            return (Line(text, command), Line(said, Tell("note", str(number), said)))
    return (Line(text, command), *(Line(line) for line in rest))
