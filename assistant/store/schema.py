"""The tables, as migrations whose SQL is in `tables/`. sqlite-utils applies each together with its record, atomically.

Instants are INTEGER seconds since 1970 UTC, days are TEXT `YYYY-MM-DD` in the owner's zone, flags are 0 or 1.
NULL means "not known" unless the comment beside a column says otherwise.
"""

from __future__ import annotations

from contextlib import closing
from functools import cache
from importlib.resources import files

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("assistant")


@cache
def known_names() -> frozenset[str]:
    """Return the names of all migrations of this version."""
    with closing(Database(memory=True)) as empty:
        return frozenset(migration.name for migration in migrations.pending(empty))


@cache
def _statements(*names: str) -> list[str]:
    scripts = (files("assistant.store").joinpath(f"tables/{name}.sql").read_text("utf-8") for name in names)
    lines = (line.split("--")[0].rstrip() for script in scripts for line in script.splitlines())
    return [statement for statement in "\n".join(lines).split(";") if statement.strip()]


def index_statement(name: str) -> str:
    """Return the statement that creates an index. Raises StopIteration for an unknown name."""
    return next(one for one in _statements("001_first", "002_numbered") if f"CREATE INDEX {name} " in one)


@migrations()
def m001_first(db: Database) -> None:
    """Create the tables of the first version."""
    for statement in _statements("001_first"):
        db.execute(statement)


@migrations()
def m002_numbered(db: Database) -> None:
    """Give spellings and judgements numbers, so a recipient is four numbers, and drop `thread`, which nothing used."""
    # A scan writes half as much this way. What `thread` held is in `facts` too.
    for statement in _statements("002_numbered"):
        db.execute(statement)


@migrations()
def m003_bounces(db: Database) -> None:
    """Keep which letters came back, since those are no contact."""
    for statement in _statements("003_bounces"):
        db.execute(statement)


@migrations()
def m004_refusals(db: Database) -> None:
    """Keep why mail to the owner goes into INBOX instead of by SMTP."""
    for statement in _statements("004_refusals"):
        db.execute(statement)


@migrations()
def m005_ledger(db: Database) -> None:
    """Let a note be of any kind, now that there are a dozen and more may come."""
    for statement in _statements("005_ledger"):
        db.execute(statement)


@migrations()
def m006_received(db: Database) -> None:
    """Keep the headers of mail from people on the roster, and what calendars and others say about meetings."""
    for statement in _statements("006_received"):
        db.execute(statement)
