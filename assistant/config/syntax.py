"""Parse TOML into a dictionary, with the line of each key.

    text -> tomllib; while it fails: find the broken statement, note it, blank it, try again -> values, lines, problems

So an owner who forgot two pairs of quotes and misspelled a weekday is told all three at once. Messages never repeat a
value, since a broken line may hold a secret.

tomllib gives values without lines; `statements` gives lines without values. It never fails: it skips what it can't
read, and ends a statement at the line that looks like the next one (TOML 1.0, toml.io).
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from typing import Any

from assistant.core.language.translation import Translatable, joined

_AT_LINE = re.compile(r"at line (\d+)")
_MOST_BROKEN = 50
BROKEN = "broken line"  # begins the name of a section whose header can't be read


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: its line, counted from 1, and what is wrong as a clause that begins with the key."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """What was read: the values, the line of each path, what isn't TOML, and the paths that were lost with it."""

    values: dict[str, Any]
    lines: dict[Path, int]
    problems: tuple[Problem, ...]
    lost: frozenset[tuple[str, ...]]
    last_line: int


def read_toml(text: str) -> Source:
    """Return the values of `text` and every statement in it that isn't TOML 1.0. Never raises."""
    text = text.replace("\r\n", "\n")
    broken: list[tuple[Statement, Problem]] = []
    rest = text
    values: dict[str, Any] | None = None
    while values is None and len(broken) < _MOST_BROKEN:
        try:
            values = tomllib.loads(rest)
        except tomllib.TOMLDecodeError as error:
            culprit = _culprit(rest, error)
            broken.append((culprit, Problem(culprit.first, _explain(text, culprit, error))))
            rest = _blank(rest, culprit)
    lost = frozenset(statement.path for statement, _ in broken)
    return Source(values or {}, line_table(text), tuple(p for _, p in broken), lost, text.count("\n") + 1)


def _culprit(text: str, error: tomllib.TOMLDecodeError) -> Statement:
    """Return the first statement that is broken by itself, else the one tomllib reports, such as a repeated key."""
    # tomllib's line can be far below the mistake: an array that isn't closed takes in the lines after it.
    every = statements(text)
    for statement in every:
        if not _stands_alone(_cut(text, statement)):
            return statement
    match = _AT_LINE.search(str(error))
    line = int(match[1]) if match else text.count("\n") + 1
    stray = Statement((), line, line)  # a comment, or a line of nothing but a forbidden character
    return next((s for s in every if s.first <= line <= s.last), stray)


def _stands_alone(source: str) -> bool:
    try:
        tomllib.loads(source)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _cut(text: str, statement: Statement) -> str:
    return "\n".join(text.split("\n")[statement.first - 1 : statement.last])


def _blank(text: str, statement: Statement) -> str:
    lines = text.split("\n")
    if statement.header:
        # Some header has to stay, or the keys below would fall into the section before.
        repeated = not statement.path or _stands_alone(_cut(text, statement))
        name = (f"{BROKEN} {statement.first}",) if repeated else statement.path
        lines[statement.first - 1] = f"[{'.'.join(json.dumps(part) for part in name)}]"
    else:
        lines[statement.first - 1 : statement.last] = [""] * (statement.last - statement.first + 1)
    return "\n".join(lines)


def _explain(text: str, statement: Statement, error: tomllib.TOMLDecodeError) -> str:
    """Return what is wrong with a statement, as a clause that begins with its key."""
    source = _cut(text, statement)
    if not source.strip() or source.lstrip().startswith("#"):
        return Translatable("the line holds a character that no text file should hold; write the line again")
    name = key_name(statement.path) if statement.path else Translatable("the line")
    if statement.header:
        return joined([name, _about_header(statement, source)])
    if _stands_alone(source):
        told = _AT_LINE.split(str(error))[0].rstrip("( ").casefold()
        return Translatable("{name} is here a second time; keep one ({told})", name=name, told=told)
    return _about_value(name, statement, source)


def _about_header(statement: Statement, source: str) -> str:
    if statement.path == ("calendar",) and _stands_alone(source):
        return Translatable("is here a second time; for several calendars write [[calendar]] above each")
    if statement.path and _stands_alone(source):
        return Translatable("is here a second time; keep one")
    return Translatable("is not a section header; write it as [name] on a separate line")


def _about_value(name: str, statement: Statement, source: str) -> str:
    key, equals, value = source.partition("=")
    if not equals:
        template = "{name} {key} has no value; write KEY = VALUE, or # before a comment"
        return Translatable(template, name=name, key=_shorten(key))
    if not statement.path:
        return Translatable("the key {key} is not valid TOML; write KEY = VALUE", key=_shorten(key))
    return Translatable("{name} is not valid TOML; {hint}", name=name, hint=_hint(value))


def _hint(value: str) -> str:
    """Return what to write instead, guessed from the shape of a broken value. The value isn't repeated."""
    value = value.partition("#")[0].strip()
    if not value:
        return Translatable("it has no value: write one after the =")
    if value.casefold() in {"true", "false", "yes", "no", "on", "off"}:
        return Translatable("write true or false, in lower case and without quotes")
    if value.startswith("[") and not value.endswith("]"):
        return Translatable("the list is not closed: write ] at its end")
    if value[0] in "\"'" and (len(value) == 1 or value[-1] != value[0]):
        return Translatable("the quotes are not closed, or something follows them")
    if value[0] == '"' and "\\" in value:
        return Translatable("a backslash means something else in double quotes: write single quotes around the text")
    return Translatable('text stands in quotes, as in key = "text"')


def _shorten(text: str) -> str:
    """Return at most the first word. More of a broken line may be a secret."""
    word = text.strip().partition(" ")[0]
    return f'"{word[:20]}"' if re.fullmatch(r"[a-z_.-]{1,20}", word) else ""


def key_name(path: tuple[str | int, ...]) -> str:
    """Return a path as owners write it: "[digest] day" for ("digest", "day"), "[roles.x]" for ("roles", "x")."""
    words = [str(part) for part in path if not isinstance(part, int)]
    if len(words) == 1:
        return f"[{words[0]}]"
    if words[0] == "roles":
        return " ".join([f"[roles.{words[1]}]", *words[2:]])
    return f"[{words[0]}] {'.'.join(words[1:])}"


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
    """One header or assignment: its full path, empty if it can't be read, and its lines, counted from 1.

    `items` are the lines of the elements of an array. `table` is the path of the header above, and `element` says that
    this is the header of one of several tables, [[name]].
    """

    path: tuple[str, ...]
    first: int
    last: int
    header: bool = False
    items: tuple[int, ...] = ()
    table: tuple[str, ...] = ()
    element: bool = False


def statements(text: str) -> tuple[Statement, ...]:
    """Return every statement in order; empty for a text of comments and blank lines."""
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
    """Return the first line of every section, key and array element, by path."""
    table: dict[Path, int] = {}
    places: dict[tuple[str, ...], Path] = {}  # of the last element of each [[name]]
    for statement in statements(text):
        if statement.element:
            before = places.get(statement.path)
            places[statement.path] = (*statement.path, int(before[-1]) + 1 if before else 0)
        # A key of one of several tables is found under the number of its table, too.
        within = places.get(statement.path if statement.element else statement.table, ())
        numbered: Path = (*within, *statement.path[len(within) - 1 :]) if within else ()
        for path in (statement.path, *filter(None, (numbered,))):
            for depth in range(1, len(path) + 1):
                table.setdefault(path[:depth], statement.first)
            for index, line in enumerate(statement.items):
                table.setdefault((*path, index), line)
    return table


def _statement(text: str, position: int, line: int, section: tuple[str, ...]) -> tuple[Statement, int]:
    """Return the statement at `position` and the position of the line after it."""
    end = _end_of_line(text, position)
    if match := _HEADER.match(text, position, end):
        element = match[0].lstrip().startswith("[[")
        return Statement(_keys(match[1]), line, line, header=True, element=element), end + 1
    match = _ASSIGNMENT.match(text, position, end)
    if match is None:
        return Statement((), line, line, header=text[position:end].lstrip().startswith("[")), end + 1
    last, items, after = _value(text, match.end(), line)
    return Statement((*section, *_keys(match[1])), line, last, items=items, table=section), after


def _value(text: str, position: int, line: int) -> tuple[int, tuple[int, ...], int]:
    """Return the last line of a value, the lines of its elements, and the position of the line after it."""
    items: list[int] = []
    depth, fresh = 0, False
    for match in _TOKEN.finditer(text, position):
        piece = match[0]
        # In an array that isn't closed, a line that looks like the next statement ends it.
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
    """Return the parts of a dotted key without quotes; empty if tomllib doesn't accept it."""
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
