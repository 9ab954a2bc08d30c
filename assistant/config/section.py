"""Read one section of the configuration key by key. Each problem is noted, and reading goes on with the default."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.config.syntax import Problem, key_name
from assistant.core.language.translation import Translatable, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from assistant.config.syntax import Source

_LONGEST_SHOWN = 60
_NEAR = 0.8  # difflib's ratio from which a key is taken for a misspelling


@dataclass(slots=True)
class Notes:
    """The problems of a configuration, and the warnings about what works but should be known."""

    source: Source
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def line(self, *path: str | int) -> int:
        """Return the line of a path, else of the closest path above it, else the last line of the file."""
        while path:
            if path in self.source.lines:
                return self.source.lines[path]
            path = path[:-1]
        return self.source.last_line

    def wrong(self, path: tuple[str | int, ...], text: str) -> None:
        """Note a problem of the key at `path`. `text` follows the name of the key."""
        self.problems.append(Problem(self.line(*path), _about(path, text)))

    def warn(self, path: tuple[str | int, ...], text: str) -> None:
        """Note something that works but should be known."""
        self.warnings.append(Problem(self.line(*path), _about(path, text)))


def _about(path: tuple[str | int, ...], text: str) -> Translatable:
    return joined([key_name(path), Translatable(text)])


class Section:
    """A reader of one table. Its methods return a key's value, or the default if it is absent or wrong."""

    def __init__(self, notes: Notes, path: tuple[str | int, ...], table: dict[str, Any]) -> None:
        """Read `table`, found at `path`, and put what is wrong into `notes`."""
        self.notes = notes
        self.path = path
        self.table = table
        self.known: set[str] = set()

    def has(self, key: str) -> bool:
        """Return whether the owner wrote this key at all, right or wrong."""
        path = tuple(part for part in self.path if isinstance(part, str))  # what is lost is known without numbers
        return key in self.table or (*path, key) in self.notes.source.lost

    def misspelt(self, key: str) -> bool:
        """Return whether some other key looks like a misspelling of `key`."""
        # Then the owner is told once, of an unknown key, and not also that `key` is missing.
        return bool(did_you_mean(key, self.table.keys(), _NEAR))

    def wrong(self, key: str, text: str, *index: int) -> None:
        """Note a problem of `key`, or of its element `index`."""
        self.notes.wrong((*self.path, key, *index), text)

    def value(self, key: str, kind: type | tuple[type, ...], wanted: str) -> Any:
        """Return the raw value of `key`, None if it is absent or of another type (which is noted)."""
        self.known.add(key)
        value = self.table.get(key)
        kinds = kind if isinstance(kind, tuple) else (kind,)
        # In Python a bool is an int, but `people = true` is a mistake.
        if value is None or (isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))):
            return value
        self.wrong(key, Translatable("is {value}; write {wanted}", value=type_name(value), wanted=Translatable(wanted)))
        return None

    def text(self, key: str, default: str = "", *, required: str = "", empty: bool = False) -> str:
        """Return one line of text. With `required`, a missing key is a problem, told with that example."""
        value = self.value(key, str, 'text in quotes, as in "text"')
        if value is None:
            if required and not self.has(key) and not self.misspelt(key):
                self.wrong(key, Translatable("is missing; write it as {key} = {required}", key=key, required=required))
            return default
        value = value.strip()
        if not value and not empty:
            self.wrong(key, "is empty; give it a value or remove the line")
            return default
        if any(ord(sign) < ord(" ") for sign in value):
            self.wrong(key, "holds a line break or a control character; write one plain line")
            return default
        return str(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, stripped; empty if absent. Each element that isn't text is noted with its line."""
        value = self.value(key, list, 'a list of texts, as in ["one", "two"]')
        found = []
        for index, item in enumerate(value or []):
            if isinstance(item, str) and item.strip() and item.isprintable():
                found.append(item.strip())
            else:
                self.wrong(key, Translatable("holds {item}; write texts in quotes", item=type_name(item)), index)
        return tuple(found)

    def one_or_more(self, key: str) -> tuple[str, ...]:
        """Return the text of a key, or its texts if it holds a list; empty if absent."""
        if isinstance(self.table.get(key), list):
            found = self.texts(key)
            if not self.table[key]:
                self.wrong(key, "is an empty list; name at least one, or remove the line")
            return tuple(dict.fromkeys(found))
        text = self.text(key)
        return (text,) if text else ()

    def choice(self, key: str, default: str, allowed: Collection[str], *, required: bool = False) -> str:
        """Return one of `allowed`, which may be written in upper or lower case."""
        value = self.text(key, "", required=either(allowed) if required else "")
        if not value or value.casefold() in allowed:
            return value.casefold() or default
        hint = did_you_mean(value, allowed) or Translatable("; write {either}", either=either(allowed))
        self.wrong(key, Translatable("= {value} is not known{hint}", value=toml_value(value), hint=hint))
        return default

    def whole(self, key: str, default: int, limits: tuple[int, int], unit: str = "", *, example: int = 0) -> int:
        """Return a whole number within `limits`, both included."""
        value = self.value(
            key,
            int,
            Translatable("a whole number without quotes, as in {key} = {example}", key=key, example=example or default),
        )
        return default if value is None or self._outside(key, value, limits, unit) else int(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """Return whether the key is true; `default` if it's missing or no boolean."""
        value = self.value(key, bool, "true or false")
        return default if value is None else bool(value)

    def number(self, key: str, default: float, limits: tuple[float, float], unit: str = "") -> float:
        """Return a number within `limits`, both included."""
        value = self.value(
            key,
            (int, float),
            Translatable("a number without quotes, as in {key} = {example}", key=key, example=default),
        )
        return default if value is None or self._outside(key, value, limits, unit) else float(value)

    def _outside(self, key: str, value: float, limits: tuple[float, float], unit: str) -> bool:
        low, high = limits
        if low <= value <= high:  # false for nan, which TOML allows
            return False
        problem = Translatable(
            "= {value} is out of range; write a number from {low} to {high}", value=value, low=low, high=high
        )
        self.wrong(key, joined([problem, Translatable(unit)]) if unit else problem)
        return True

    def each(self, key: str, values: tuple[str, ...], read: Callable[[str], str | None], what: str) -> tuple[str, ...]:
        """Return `values` of `key` as `read` returns them, without doubles. If it returns None, `what` is noted."""
        found = []
        for index, value in enumerate(values):
            good = read(value)
            if good is None:
                self.wrong(
                    key,
                    Translatable("holds {value}, which is {what}", value=toml_value(value), what=Translatable(what)),
                    index,
                )
            else:
                found.append(good)
        return tuple(dict.fromkeys(found))

    def note_unknown_keys(
        self, elsewhere: dict[str, str] | None = None, advice: Mapping[str, str] | None = None
    ) -> None:
        """Note every key that was never asked for, with the section it belongs to or the closest known key."""
        for key in self.table:
            if key not in self.known:
                hint = (
                    (advice or {}).get(key)
                    or belongs(key, elsewhere)
                    or did_you_mean(key, self.known)
                    or Translatable("; use one of {known}", known=", ".join(sorted(self.known)))
                )
                self.wrong(key, Translatable("is not known{hint}", hint=hint))


def belongs(key: str, elsewhere: dict[str, str] | None) -> str:
    """Return "; it belongs under [X]" for a key of another section, "" for any other."""
    section = (elsewhere or {}).get(key)
    return Translatable("; it belongs under [{section}]", section=section) if section else ""


def did_you_mean(word: str, known: Collection[str], cutoff: float = 0.6) -> str:
    """Return "; did you mean X?" for the closest known word, "" if none is close."""
    from difflib import get_close_matches  # only a wrong configuration needs it

    near = get_close_matches(word.casefold(), sorted(known), 1, cutoff)
    return Translatable("; did you mean {near}?", near=near[0]) if near else ""


def either(words: Collection[str]) -> str:
    """Return '"a", "b" or "c"'."""
    *others, last = [toml_value(word) for word in words]
    return Translatable("{others} or {last}", others=", ".join(others), last=last) if others else last


def toml_value(value: object) -> str:
    """Return a value as TOML writes it, cut short. Only for keys that hold no secret."""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool | int | float | list) else str(value)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def type_name(value: object) -> str:
    """Return the type of a TOML value in words, never the value, which may be a secret."""
    if value == "":
        return Translatable("an empty text")
    for kind, name in _TYPES.items():
        if isinstance(value, kind):
            return name
    if isinstance(value, datetime | date | time):
        return Translatable("a date or time without quotes")
    return Translatable("a table of keys") if isinstance(value, dict) else Translatable("something else")


_TYPES = {
    bool: Translatable("true or false"),
    int: Translatable("a whole number"),
    float: Translatable("a number"),
    str: Translatable("a text"),
    list: Translatable("a list"),
}


def absolute(text: str, folder: Path) -> Path:
    """Return a path in full: `~` is the owner's home, and relative paths start at the configuration's folder."""
    try:
        path = Path(text).expanduser()
    except RuntimeError:  # as for ~nobody
        path = Path(text)
    return path if path.is_absolute() else folder / path


def is_path(text: str, folder: Path) -> bool:
    """Return whether an archive is meant as a path: something is there, or it's written like no folder of a mailbox."""
    # A disk that isn't mounted must not turn "/media/old.mbox" into the name of a folder.
    return text.startswith(("/", "~", "./", "../")) or os.path.exists(absolute(text, folder))  # noqa: PTH110 - never raises
