"""The people and the sentences of the made-up mailbox, read from the TOML files beside this module."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from anyascii import anyascii

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.demo.letters import Party

Text = tuple[str, str]
"""A subject and a body."""


@dataclass(frozen=True, slots=True)
class Friend:
    """Somebody written to again and again; all lengths of time in days before `now` (see story/people.toml)."""

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

    def party(self, days_ago: int) -> Party:
        """Return name and address as they were `days_ago`."""
        if self.later and days_ago <= self.later[1]:
            return self.name, self.later[0]
        return self.name, self.address


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing people at work write about."""

    subject: str
    lines: tuple[str, ...]
    theirs: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, and everything they say."""

    owner: Party
    private: Party
    signature: str
    friends: tuple[Friend, ...]
    colleagues: tuple[Party, ...]
    partners: tuple[Party, ...]
    roles: tuple[Party, ...]
    home: tuple[tuple[Party, str], ...]
    voices: Mapping[str, tuple[Text, ...]]
    topics: tuple[Topic, ...]
    services: tuple[str, ...]
    openers: tuple[str, ...]
    closers: tuple[str, ...]
    texts: Mapping[str, tuple[str, ...]]
    """What else lies in a Sent folder, by kind (story/others.toml)."""

    def line(self, kind: str) -> str:
        """Return the one text of that kind."""
        return self.texts[kind][0]

    def friend(self, name: str) -> Friend:
        """Return the friend whose name begins so; raises StopIteration where there is none."""
        return next(friend for friend in self.friends if friend.name.startswith(name))


def load_cast() -> Cast:
    """Return the whole cast."""
    people, voices, work = _toml("people"), _toml("voices"), _toml("work")
    owner = people["owner"]
    domain = people["colleagues"]["domain"]
    return Cast(
        owner=(owner["name"], owner["address"]),
        private=(owner["name"], owner["private"]),
        signature="\n".join(["-- ", *owner["signature"]]),
        friends=tuple(_friend(entry) for entry in people["roster"] + people["others"]),
        colleagues=tuple((name, _address(name, domain)) for name in people["colleagues"]["names"]),
        partners=tuple((name, address) for name, address in people["partners"]["names"]),
        roles=tuple(("", address) for address in people["partners"]["roles"]),
        home=tuple(((name, address), language) for name, address, language in people["private"]["people"]),
        voices={language: _texts(bank["messages"]) for language, bank in voices.items()},
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
        messages=_texts(entry["messages"]),
        language=entry.get("language", "en"),
        command=entry.get("command"),
        role=entry.get("role"),
        later=(later["address"], later["days"]) if later else None,
    )


def _texts(pairs: list[list[str]]) -> tuple[Text, ...]:
    return tuple((subject, body) for subject, body in pairs)


def _address(name: str, domain: str) -> str:
    """Return first.last@domain in ASCII."""
    words = anyascii(name).casefold().split()
    return f"{words[0]}.{words[-1]}@{domain}"


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((files("assistant.demo") / "story" / f"{name}.toml").read_text(encoding="utf-8"))
