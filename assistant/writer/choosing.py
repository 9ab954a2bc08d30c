"""Steady choice: the same person and week always give the same sentence, the next week another one."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.evidence.dossier import Dossier
_TELLING = 9
"""Letters a fixed part needs to tell one template from another: a mere ", and " says nothing."""


def week_number(week: str) -> int:
    """Return a running number of an ISO week ("2026-W13"): one more each week, over the turn of the year too."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1).toordinal() // 7


def ordered(options: Sequence[str], dossier: Dossier, what: str) -> list[str]:
    """Return the options, this week's first, then the next weeks'; those said last time stand at the end."""
    start = (crc32(f"{dossier.person.handle} {what}".encode()) + week_number(dossier.week)) % len(options)
    turned = [*options[start:], *options[:start]]
    return sorted(turned, key=lambda option: said_before(option, dossier))


def pick(options: Sequence[str], dossier: Dossier, what: str) -> str:
    """Return this week's option for this person (`options` is not empty)."""
    return ordered(options, dossier, what)[0]


def said_before(template: str, dossier: Dossier) -> bool:
    """Return whether the template was used last time: its longest fixed part stands in what was said."""
    if not dossier.previous:
        return False
    fixed = max(re.split(r"\{\w+\}|\[[^\]]*\]", template), key=len)
    return len(fixed) >= _TELLING and any(fixed in sentence for sentence in dossier.previous)


def address(template: str, *, formal: bool) -> str:
    """Return the template with its "[du|Sie]" places filled for one form of address."""
    return re.sub(r"\[([^|\[\]]*)\|([^\[\]]*)\]", lambda match: match[2 if formal else 1], template)
