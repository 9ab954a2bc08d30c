"""One person of the roster in finished words, with a bar and months to draw.

Both the monthly digest and the answer to `status` show them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in percent of its width: `kept` within the cadence, `over` past it, the rest empty.

    It only repeats the words beside it, so that nobody has to see it.
    """

    kept: int
    over: int

    @property
    def rest(self) -> int:
        """Return the empty part in percent."""
        return 100 - self.kept - self.over


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the roster; `months` holds 0, 1 or 2 (two or more contacts) for each month, oldest first.

    `label` is the name as it stands before the words in text ("Ruth:").
    """

    name: str
    words: str
    bar: Bar | None
    months: tuple[int, ...]
    months_label: str
    label: str

    @property
    def said(self) -> str:
        """Return the row as a line of text."""
        return ", ".join(filter(None, (f"{self.label} {self.words}", self.months_label)))
