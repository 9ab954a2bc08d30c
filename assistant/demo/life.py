"""What the owner told the assistant over time: the roster and the notes, in the grammar of replies (docs/replies.md).

The demo applies these lines by the same path as an owner's own, each block at its moment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from assistant.demo.cast import Cast, Friend

_UNTIL = re.compile(r"\{until:(\d+)\}")
ADDED = 140
"""Days before `now` on which most of the roster was added."""


@dataclass(frozen=True, slots=True)
class Said:
    """Lines the owner wrote at one moment (aware), as in one reply."""

    at: datetime
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the lines as one text."""
        return "\n".join(self.lines)


def story(cast: Cast, now: datetime) -> tuple[Said, ...]:
    """Return everything the owner said before `now`, oldest first."""
    blocks: dict[int, list[str]] = {}
    for friend in cast.friends:
        if friend.command:
            blocks.setdefault(min(ADDED, friend.since), []).append(_add(friend, now))
    for days, line in _remarks(now.date()):
        blocks.setdefault(days, []).append(line)
    return tuple(Said(now - timedelta(days=days), tuple(blocks[days])) for days in sorted(blocks, reverse=True))


def _add(friend: Friend, now: datetime) -> str:
    """Return the line that puts a friend on the roster; {until:24} is the day 24 days after `now`."""
    line = (friend.command or "").replace("{name}", friend.name).replace("{address}", friend.party(friend.since)[1])
    return _UNTIL.sub(lambda match: f"{now.date() + timedelta(days=int(match[1])):%Y-%m-%d}", line)


def _remarks(today: date) -> list[tuple[int, str]]:
    """Return notes, wins, goals and the like with how many days ago each was said."""
    snoozed = today + timedelta(days=17)
    return [
        (139, "Ingrid Solberg favourite"),
        (139, "goal: become a staff engineer by next spring"),
        (139, "goal: own a project from its first page, chargebacks by choice"),
        (138, "note Daniel Whitcombe: reads one page, never two; asks for the number first"),
        (138, "note Ruth Abramson: met at the operations conference, third row"),
        (128, "note Jonas Becker: leads the logistics team, wants quiet nights for his people"),
        (115, "advice Margaret Okafor: write the case on one page, three results and who felt them"),
        (99, "win: five lines on the ledger were read out in the audit committee"),
        (92, "note Mei Lin Tan: speaks for the partners, wants fewer calls"),
        (74, "advice Heinrich Vogel: name the number only when the task is described"),
        (61, "win: the last ledger shard moved without a single double booking"),
        (47, "note Léa Fontaine: a arrêté le café, boit du thé vert"),
        (33, "advice Tomás Berroeta: ask which job you would want if nobody ever found out"),
        (26, "win: support tickets about refunds are down by a third"),
        (9, "advice Ingrid Solberg: say no to the meeting and yes to the person"),
        (8, f"snooze Kwame Asante until {snoozed:%Y-%m-%d}"),
        (5, "win: Bluewater went through the partner sandbox alone"),
        (4, "ask Ingrid Solberg: is the ending of the talk right?"),
    ]
