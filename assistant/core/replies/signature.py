"""Find the rest of a signature: what stands below the owner's name at the end of their answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.core.replies.grammar.cleaning import is_signed
from assistant.core.replies.grammar.suggest import closest_command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.replies.grammar.lines import ParsedLine, Speech

SIGNATURE = 8  # lines at most


def without_signature(parsed: Sequence[ParsedLine], speech: Speech) -> list[ParsedLine]:
    """Return the lines, with those below the owner's name as noise if none of them is close to a command."""
    lines = list(parsed)
    last = max((index for index, line in enumerate(lines) if line.command or line.problem), default=-1)
    signed = (index for index, line in enumerate(lines) if index > last and line.noise)
    name = next((index for index in signed if is_signed(lines[index].text, speech.own_names)), len(lines))
    rest = lines[name:]
    # A mistyped order below the name ("sned 1") must be told as not understood, not dropped with a phone number.
    if len(rest) > SIGNATURE or any(not line.noise and closest_command(line.text, speech) for line in rest):
        return lines
    return lines[:name] + [replace(line, noise=True) for line in rest]
