"""Where each key of a TOML text stands. tomllib gives values without lines; this gives lines without values.

It never fails: what it cannot read it skips, and it ends a statement at the line that looks like the next one, so that
one broken line does not swallow the rest of the file. TOML 1.0 names the shapes (toml.io).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

Path = tuple[str | int, ...]

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:\\[^\n]|[^"\\\n])*"|'[^'\n]*')"""
_PATH = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEADER = re.compile(rf"[ \t]*\[\[?[ \t]*({_PATH})")
_ASSIGNMENT = re.compile(rf"[ \t]*({_PATH})[ \t]*=")
_NEXT = re.compile(
    r"[ \t]*(?:\[\[?[ \t]*(?!true|false|inf|nan)[A-Za-z_][\w. \t-]*\]\]?[ \t\r]*(?:\#[^\n]*)?(?:\n|$)|[\w.-]+[ \t]*=)"
)
_TOKEN = re.compile(
    r'''"""(?:\\.|[^\\])*?"""+'''
    r"""|'{3}.*?'{3,}"""
    r"""|"(?:\\[^\n]|[^"\\\n])*"?"""
    r"""|'[^'\n]*'?|\#[^\n]*|[\[\]{},\n]|[ \t\r]+|[^\[\]{},\n"'\# \t\r]+""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One header or assignment: its full path (empty when it cannot be read) and its lines, counted from 1.

    `items` holds the line of each element where the value is an array.
    """

    path: tuple[str, ...]
    first: int
    last: int
    header: bool = False
    items: tuple[int, ...] = ()


def statements(text: str) -> tuple[Statement, ...]:
    """Return every statement of `text` in order; empty for a text of comments and blank lines."""
    found: list[Statement] = []
    section: tuple[str, ...] = ()
    position, line = 0, 1
    while position < len(text):
        end_of_line = _end_of_line(text, position)
        content = text[position:end_of_line].strip()
        if not content or content.startswith("#"):
            position, line = end_of_line + 1, line + 1
            continue
        statement, position = _statement(text, position, line, section)
        if statement.header:
            section = statement.path
        found.append(statement)
        line = statement.last + 1
    return tuple(found)


def line_table(text: str) -> dict[Path, int]:
    """Return the line of every section, key and array element of `text`, by path; the first counts."""
    table: dict[Path, int] = {}
    for statement in statements(text):
        for depth in range(1, len(statement.path) + 1):
            table.setdefault(statement.path[:depth], statement.first)
        for index, line in enumerate(statement.items):
            table.setdefault((*statement.path, index), line)
    return table


def _statement(text: str, position: int, line: int, section: tuple[str, ...]) -> tuple[Statement, int]:
    """Return the statement that starts at `position` and the position of the line after it."""
    end = _end_of_line(text, position)
    if match := _HEADER.match(text, position, end):
        return Statement(_keys(match[1]), line, line, header=True), end + 1
    match = _ASSIGNMENT.match(text, position, end)
    if match is None:
        return Statement((), line, line, header=text[position:end].lstrip().startswith("[")), end + 1
    last, items, after = _value(text, match.end(), line)
    return Statement((*section, *_keys(match[1])), line, last, items=items), after


def _value(text: str, position: int, line: int) -> tuple[int, tuple[int, ...], int]:
    """Return a value's last line, the lines of its elements, and the position of the line after it."""
    items: list[int] = []
    depth, fresh = 0, False
    for match in _TOKEN.finditer(text, position):
        piece = match[0]
        if piece == "\n" and (depth <= 0 or _NEXT.match(text, match.end())):
            return line, tuple(items), match.end()
        if depth == 1 and fresh and not piece.isspace() and piece[0] not in "#],":
            items.append(line)
            fresh = False
        depth += (piece in "[{") - (piece in "]}")
        fresh = fresh or (depth == 1 and piece in {"[", ","})
        line += piece.count("\n")
    return line, tuple(items), len(text)


def _keys(path: str) -> tuple[str, ...]:
    """Return the parts of a dotted key, unquoted; empty where tomllib would not take it."""
    try:
        value: object = tomllib.loads(f"{path} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    keys = []
    while isinstance(value, dict):
        ((key, value),) = value.items()
        keys.append(key)
    return tuple(keys)


def _end_of_line(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end
