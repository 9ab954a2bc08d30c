"""Read `[[calendar]]`: where each calendar is, and at which hours a draft may offer free times.

The address of a calendar is a secret: whoever has it reads the calendar. No problem and no warning repeats it.
"""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from assistant.config.section import Section, absolute, type_name
from assistant.config.values import SECTION_OF, CalendarConfig, Secret, is_host, is_loopback
from assistant.core.language.translation import Translatable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.config.section import Notes

WAYS: Final = ("path", "url", "url_command", "url_file")
WORKING_HOURS: Final = (time(9), time(17))
_HOURS: Final = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})")
_OTHERS_MAY_READ: Final = 0o077


def read_calendars(notes: Notes, value: object, path: Path) -> tuple[tuple[CalendarConfig, ...], Hours | None]:
    """Return the calendars, and the working hours if drafts may offer free times in them, else None.

    `value` is what the configuration at `path` has under `calendar`: one table or several.
    """
    found: list[CalendarConfig] = []
    offers: list[bool] = []
    hours: list[Hours] = []
    for section in _sections(notes, value):
        found.append(_calendar(section, path, {one.name for one in found}))
        offers.append(section.flag("offer_slots", default=False))
        hours += _working_hours(section)
        if len(set(hours)) > 1:
            section.wrong("working_hours", "differs from that of another calendar; keep one")
        section.note_unknown_keys(SECTION_OF)
    return tuple(found), (hours or [WORKING_HOURS])[0] if any(offers) else None


Hours = tuple[time, time]


def _sections(notes: Notes, value: object) -> list[Section]:
    """Return a reader for each table."""
    if isinstance(value, dict):
        return [Section(notes, ("calendar",), value)]
    tables: Sequence[Any] = value if isinstance(value, list) else [value]
    for number, table in enumerate(tables):
        if not isinstance(table, dict):
            template = "is {kind}; write it as a section: [[calendar]] on a separate line"
            notes.wrong(("calendar", number), Translatable(template, kind=type_name(table)))
    return [
        Section(notes, ("calendar", number), table) for number, table in enumerate(tables) if isinstance(table, dict)
    ]


def _calendar(section: Section, config: Path, taken: set[str]) -> CalendarConfig:
    """Return one calendar. Exactly one of `WAYS` must say where it is."""
    texts = {key: section.text(key) for key in WAYS}
    named = [key for key in WAYS if section.has(key)]
    if not named and not any(section.misspelt(key) for key in WAYS):
        section.wrong("path", "is missing; write path, url, url_command or url_file: where the calendar is")
    for key in named[1:]:
        section.wrong(key, Translatable("can't be used together with {named}; keep one of them", named=named[0]))
    if texts["url"] and (problem := calendar_address_problem(texts["url"])):
        section.wrong("url", problem)
    elif texts["url"] and config.stat().st_mode & _OTHERS_MAY_READ:
        template = "stands in a file that others may read; run: chmod 600 {path}"
        section.notes.warn((*section.path, "url"), Translatable(template, path=config))
    path = absolute(texts["path"], config.parent) if texts["path"] else None
    file = absolute(texts["url_file"], config.parent) if texts["url_file"] else None
    name = section.text("name")
    if name in taken:
        section.wrong("name", "is that of another calendar; give each its own")
    name = name or _free(path.stem if path else _host(texts["url"]) or "calendar", taken)
    return CalendarConfig(name, path, texts["url"], Secret(command=texts["url_command"] or None, file=file))


def _free(name: str, taken: set[str]) -> str:
    """Return the name, with a number behind it if another calendar has it."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name} {number}"
    return found


def calendar_address(text: str) -> str:
    """Return the address of a calendar as it is fetched: webcal means https."""
    scheme, separator, rest = text.strip().partition("://")
    return f"https://{rest}" if separator and scheme.casefold() in {"webcal", "webcals"} else text.strip()


def calendar_address_problem(text: str) -> str | None:
    """Return what is wrong with a calendar's address, as a clause without the address; None for nothing."""
    url = calendar_address(text)
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that isn't a number
    except ValueError:
        parts = urlsplit("")
    host = parts.hostname or ""
    # Some clients read a backslash as a slash, and so reach another host than Python sees (WHATWG URL, 4.4).
    if parts.scheme not in {"http", "https"} or not is_host(host) or "\\" in url or not url.isprintable():
        return Translatable("is not the web address of a calendar; it begins with https:// or webcal://")
    if parts.scheme == "http" and not is_loopback(host):
        return Translatable("fetches your calendar unencrypted; http is only for this machine, write https")
    return None


def _host(url: str) -> str:
    return "" if calendar_address_problem(url) else urlsplit(calendar_address(url)).hostname or ""


def _working_hours(section: Section) -> list[Hours]:
    """Return the hours of a calendar, none if it doesn't say or they can't be read."""
    text = section.text("working_hours")
    if not text:
        return []
    match = _HOURS.fullmatch(text)
    told = [f"{int(match[place]):02}:{match[place + 1]}" for place in (1, 3)] if match else ["", ""]
    try:
        begin, end = map(time.fromisoformat, told)
    except ValueError:
        begin = end = time()
    if begin >= end:
        section.wrong("working_hours", 'are no hours of a day; write them as "09:00-17:00"')
        return []
    return [(begin, end)]
