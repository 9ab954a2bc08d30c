"""Load config.toml into a frozen Config. All problems are told at once, each with its key and line.

    text -> syntax.read_toml -> one reader a section (section.py) -> Config, or ConfigError with all problems

docs/configuration.md has the keys, units and defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.config import owner_sections, servers
from assistant.config.calendars import read_calendars
from assistant.config.playbooks import read_roles
from assistant.config.section import Notes, Section, belongs, did_you_mean, type_name
from assistant.config.syntax import BROKEN, Problem, read_toml
from assistant.config.values import SECTION_OF, Config
from assistant.core.language.translation import Translatable
from assistant.errors import ConfigError, UserError

if TYPE_CHECKING:
    from pathlib import Path

SECTIONS = ("me", "mailbox", "smtp", "digest", "replies", "calendar", "llm", "roles")
_REQUIRED = {
    "me": Translatable("[me] is missing: the section with your name and addresses"),
    "mailbox": Translatable("[mailbox] is missing: the section with where your mail lies"),
}
_OTHERS_MAY_READ = 0o077


def load_config(path: Path) -> Config:
    """Return the configuration in the file at `path`. Relative paths in it start at its folder.

    Raises UserError if there is no such file or it can't be read, ConfigError with every problem in it.
    """
    notes = Notes(read_toml(_read(path)))
    notes.problems.extend(notes.source.problems)
    tables = _tables(notes)
    config = _config(notes, tables, path)
    if notes.problems:
        raise ConfigError(_sentences(path, notes.problems))
    return config


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")  # Windows editors begin UTF-8 with a byte order mark
    except FileNotFoundError:
        raise UserError("There is no configuration at {path} yet. Run: assistant init", path=path) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        told = "{name} line {line}: this line is not UTF-8; save the file as UTF-8."
        raise ConfigError((Translatable(told, name=path.name, line=line),)) from None
    except OSError as error:
        raise UserError(
            "The configuration {path} cannot be read ({strerror}); check its owner and mode.",
            path=path,
            strerror=error.strerror,
        ) from None


def _tables(notes: Notes) -> dict[str, dict[str, Any]]:
    """Return the known sections as tables. Everything else is noted."""
    tables: dict[str, dict[str, Any]] = {}
    for name, value in notes.source.values.items():
        if name.startswith(BROKEN):  # its header is noted already
            continue
        if name not in SECTIONS:
            notes.problems.append(Problem(notes.line(name), _unknown(name, value)))
        elif isinstance(value, dict):
            tables[name] = value
        elif name == "calendar":
            continue  # there may be several
        else:
            kind = type_name(value)
            template = "is {kind}; write it as a section: [{name}] on a separate line"
            notes.wrong((name,), Translatable(template, kind=kind, name=name))
    for name, problem in _REQUIRED.items():
        written = [written for written in notes.source.values if not written.startswith(BROKEN)]
        if name not in written and (name,) not in notes.source.lost and not did_you_mean(name, written, 0.8):
            notes.problems.append(Problem(notes.source.last_line, problem))
    return tables


def _unknown(name: str, value: object) -> str:
    """Return what is wrong with a top-level name that isn't a section."""
    if isinstance(value, dict | list):
        hint = did_you_mean(name, SECTIONS) or Translatable("; use one of {known}", known=", ".join(SECTIONS))
        return Translatable("[{name}] is not a section{hint}", name=name, hint=hint)
    return Translatable("{name} comes before the first section{hint}", name=name, hint=belongs(name, SECTION_OF))


def _config(notes: Notes, tables: dict[str, dict[str, Any]], path: Path) -> Config:
    """Return the Config, with defaults for whatever is wrong; then the caller raises."""

    def section(name: str) -> Section:
        return Section(notes, (name,), tables.get(name, {}))

    # A missing section is told once. Its keys aren't told one by one as well.
    silent = {name for name in _REQUIRED if name not in tables}
    before = len(notes.problems)
    me = owner_sections.read_me(section("me"))
    mailbox = servers.read_mailbox(section("mailbox"), me, path.parent)
    notes.problems[before:] = [
        problem
        for problem in notes.problems[before:]
        if not any(problem.text.startswith(f"[{name}] ") for name in silent)
    ]
    smtp = servers.read_smtp(section("smtp"), mailbox, path.parent) if "smtp" in tables else None
    digest = owner_sections.read_digest(section("digest"), me, with_smtp=smtp is not None)
    replies = owner_sections.read_replies(section("replies"), me)
    llm = servers.read_llm(section("llm"), path.parent) if "llm" in tables else None
    roles = read_roles(notes, tables.get("roles", {}))
    calendars, hours = read_calendars(notes, notes.source.values.get("calendar", []), path)
    literal = llm is not None and llm.secret.literal is not None
    if literal and path.stat().st_mode & _OTHERS_MAY_READ:
        notes.warn(
            ("llm", "api_key"), Translatable("stands in a file that others may read; run: chmod 600 {path}", path=path)
        )
    return Config(me, mailbox, smtp, digest, llm, roles, _sentences(path, notes.warnings), replies, calendars, hours)


def _sentences(path: Path, problems: list[Problem]) -> tuple[str, ...]:
    """Return the problems in order of lines, as sentences that begin with the file's name and the line."""
    ordered = sorted(problems, key=lambda problem: problem.line)
    return tuple(
        Translatable(
            "{file} line {line}: {problem}" if problem.text.endswith("?") else "{file} line {line}: {problem}.",
            file=path.name,
            line=problem.line,
            problem=problem.text,
        )
        for problem in ordered
    )
