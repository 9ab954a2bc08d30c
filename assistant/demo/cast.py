"""The people and sentences of the made-up mailbox, read from the TOML files in `story/`.

`story` has what the owner told the assistant over time, in the grammar of replies (docs/replies.md). The demo applies
those lines just as it would a real owner's, each block at its moment.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from anyascii import anyascii

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from assistant.demo.letters import Party

Text = tuple[str, str]  # subject and body


@dataclass(frozen=True, slots=True)
class Friend:
    """Somebody the owner writes to again and again. All times are days before `now` (see story/people.toml)."""

    name: str
    address: str
    last: int
    every: int
    since: int
    greeting: str
    sign_off: str
    messages: tuple[Text, ...]
    language: str = "en"
    command: str | None = None
    role: str | None = None
    later: tuple[str, int] | None = None
    wrote: int | None = None

    def party(self, days_ago: int) -> Party:
        """Return the name and address of `days_ago`; some people change theirs."""
        if self.later and days_ago <= self.later[1]:
            return self.name, self.later[0]
        return self.name, self.address


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that people at work write about."""

    subject: str
    lines: tuple[str, ...]
    theirs: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, and everything they say. `texts` is what else a Sent folder has, by kind (story/others.toml)."""

    owner: Party
    private: Party
    signature: str
    friends: tuple[Friend, ...]
    colleagues: tuple[Party, ...]
    partners: tuple[Party, ...]
    roles: tuple[Party, ...]
    home: tuple[tuple[tuple[Party, ...], str], ...]
    voices: Mapping[str, tuple[Text, ...]]
    topics: tuple[Topic, ...]
    services: tuple[str, ...]
    openers: tuple[str, ...]
    closers: tuple[str, ...]
    texts: Mapping[str, tuple[str, ...]]

    def line(self, kind: str) -> str:
        """Return the only text of that kind."""
        return self.texts[kind][0]

    def friend(self, name: str) -> Friend:
        """Return the first friend whose name begins with `name`. Raises StopIteration if there is none."""
        return next(friend for friend in self.friends if friend.name.startswith(name))


def load_cast() -> Cast:
    """Return the cast, read from the files."""
    people, voices, work = _toml("people"), _toml("voices"), _toml("work")
    owner = people["owner"]
    domain = people["colleagues"]["domain"]
    return Cast(
        owner=(owner["name"], owner["address"]),
        private=(owner["name"], owner["private"]),
        signature="\n".join(["-- ", *owner["signature"]]),
        friends=tuple(_friend(entry) for entry in people["roster"] + people["others"]),
        colleagues=tuple((name, _address(name, domain)) for name in people["colleagues"]["names"]),
        partners=_pairs(people["partners"]["names"]),
        roles=tuple(("", address) for address in people["partners"]["roles"]),
        home=tuple((_pairs(entry["people"]), entry["language"]) for entry in people["private"]),
        voices={language: _pairs(bank["messages"]) for language, bank in voices.items()},
        topics=tuple(Topic(t["subject"], tuple(t["lines"]), t["theirs"]) for t in work["topics"]),
        services=tuple(work["services"]),
        openers=tuple(work["openers"]),
        closers=tuple(work["closers"]),
        texts={kind: tuple(lines) for kind, lines in _toml("others").items()},
    )


def _friend(entry: dict[str, Any]) -> Friend:
    later = entry.get("later")
    return Friend(
        name=entry["name"],
        address=entry["address"],
        last=entry["last"],
        every=entry["every"],
        since=entry["since"],
        greeting=entry["greeting"],
        sign_off=entry["sign_off"],
        messages=_pairs(entry["messages"]),
        language=entry.get("language", "en"),
        command=entry.get("command"),
        role=entry.get("role"),
        later=(later["address"], later["days"]) if later else None,
        wrote=entry.get("wrote"),
    )


def _pairs(pairs: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((one, other) for one, other in pairs)


def _address(name: str, domain: str) -> str:
    words = anyascii(name).casefold().split()
    return f"{words[0]}.{words[-1]}@{domain}"


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((files("assistant.demo") / "story" / f"{name}.toml").read_text(encoding="utf-8"))


_UNTIL = re.compile(r"\{until:(\d+)\}")
_PLACE = re.compile(r"\{(\w+)\}")
ADDED = 140  # days before `now` on which most of the roster was added


@dataclass(frozen=True, slots=True)
class Said:
    """Lines the owner wrote at one moment (aware), as if in one reply."""

    at: datetime
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the lines as one text."""
        return "\n".join(self.lines)


def story(cast: Cast, now: datetime) -> tuple[Said, ...]:
    """Return everything the owner told the assistant before `now`, oldest first."""
    blocks: dict[int, list[str]] = {}
    for friend in cast.friends:
        if friend.command:
            blocks.setdefault(min(ADDED, friend.since), []).append(_add(friend, now))
    for said in _toml("said")["said"]:
        blocks.setdefault(said["days"], []).extend(_dated(line, now) for line in said["lines"])
    return tuple(Said(now - timedelta(days=days), tuple(blocks[days])) for days in sorted(blocks, reverse=True))


def answer(labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return the lines of the owner's answer to a digest with these labels, without those that need another one."""
    lines: list[str] = _toml("answer")["lines"]
    return tuple(line.format_map(labels) for line in lines if labels.keys() >= set(_PLACE.findall(line)))


def _add(friend: Friend, now: datetime) -> str:
    """Return the line that adds a friend."""
    line = (friend.command or "").replace("{name}", friend.name).replace("{address}", friend.party(friend.since)[1])
    return _dated(line, now)


def _dated(line: str, now: datetime) -> str:
    """Return a line of the story with {until:24} as the day 24 days after `now`."""
    return _UNTIL.sub(lambda match: f"{now.date() + timedelta(days=int(match[1])):%Y-%m-%d}", line)
