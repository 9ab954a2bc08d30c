"""The rest of a signature: what stands below the owner's name, at the end of what they wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.core.replies.grammar.cleaning import is_signed
from assistant.core.replies.grammar.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.replies.grammar.lines import Line, Speech

SIGNATURE = 8
"""Lines of a signature at most."""


def without_signature(parsed: Sequence[Line], speech: Speech) -> list[Line]:
    """Take what stands below the owner's name, and is not even near a command, as the rest of a signature: noise."""
    lines = list(parsed)
    last = max((index for index, line in enumerate(lines) if line.command or line.problem), default=-1)
    signed = (index for index, line in enumerate(lines) if index > last and line.noise)
    name = next((index for index in signed if is_signed(lines[index].text, speech.own_names)), len(lines))
    rest = lines[name:]
    if len(rest) > SIGNATURE or any(not line.noise and closest(line.text, speech) for line in rest):
        return lines
    return lines[:name] + [replace(line, noise=True) for line in rest]
