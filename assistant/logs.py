"""The log: one line per event in `key=value` pairs, without bodies, addresses or secrets (docs/reliability.md).

    at=2026-03-02T07:00:00Z level=info part=outbox event="sent" kind=digest route=smtp id=17

The program logs only its own words and numbers. The formatter and the filter here are the second line of defense.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
import traceback
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "assistant.log"
OCTETS = 1 << 20
KEPT = 3
OWN = "assistant"
_ADDRESS = re.compile(r"[^\s<>\"'()=,;:]+@[^\s<>\"'(),;:]+")
_PAIR = re.compile(r"(?:^|\s)([a-z_]+)=(\"[^\"]*\"|\S*)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LONGEST = 400


class LogfmtFormatter(logging.Formatter):
    """Formats one record as one line of `key=value` pairs (logfmt)."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. A record whose arguments don't fit is named by the place that logged it."""
        try:
            said = record.getMessage()
        except (TypeError, ValueError):
            said = f"unreadable record place={record.filename}:{record.lineno}"
        event, pairs = _split_pairs(said)
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        part = record.name.removeprefix(OWN + ".")
        fields = [("at", at), ("level", record.levelname.lower()), ("part", part), ("event", event), *pairs]
        if record.exc_info and record.exc_info[1] is not None:
            # Type and place only: what an error says may quote a message or an account.
            fields += [("error", type(record.exc_info[1]).__name__), ("where", where(record.exc_info[1]))]
        return " ".join(f"{key}={_quoted(_redacted(value))}" for key, value in fields)


class Own(logging.Filter):
    """Lets only this program's own records through: a library may log what passed through it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is our own."""
        return record.name == OWN or record.name.startswith(OWN + ".")


class _PrivateFile(RotatingFileHandler):
    """A log file with mode 0600. What can't be written (a full disk) is left out silently."""

    def _open(self) -> Any:
        # Created here first, because logging would open it with the umask's mode.
        os.close(os.open(self.baseFilename, os.O_CREAT | os.O_WRONLY, 0o600))
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's hook
        """Carry on: a log line isn't worth a round, and logging's default would print the record's arguments."""


class _Quiet(logging.StreamHandler):  # type: ignore[type-arg]  # generic in the stubs alone
    """Writes to a stream, and stays silent if that fails."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's hook
        """Carry on: logging's default prints the error that was being handled, with its text."""


def to_stderr(*, verbose: bool) -> None:
    """Log errors to stderr, or everything with `verbose`."""
    root = logging.getLogger()
    # Replaced, not added: a second command in the same process would print every line twice.
    for old in [one for one in root.handlers if isinstance(one.formatter, LogfmtFormatter)]:
        root.removeHandler(old)
    handler = _Quiet(sys.stderr)
    handler.setLevel(logging.DEBUG if verbose else logging.ERROR)
    _add(root, handler)


def to_file(home: Path) -> logging.Handler:
    """Log events to `assistant.log` in the data folder (1 MB, three older files kept) and return the handler."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = _PrivateFile(home / FILE_NAME, maxBytes=OCTETS, backupCount=KEPT, encoding="utf-8", delay=True)
    handler.setLevel(logging.INFO)
    _add(logging.getLogger(), handler)
    return handler


def close_handler(handler: logging.Handler) -> None:
    """Remove a handler and close it."""
    logging.getLogger().removeHandler(handler)
    handler.close()


def where(error: BaseException) -> str:
    """Return where an error was raised: file, line and function of the last four frames, without its text."""
    # Not extract_tb, which also reads the source lines: a daemon without a network comes here every minute.
    frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)][:-5:-1]
    return " < ".join(f"{code.co_filename.rpartition(os.sep)[2]}:{line} {code.co_name}" for code, line in frames)


def _add(root: logging.Logger, handler: logging.Handler) -> None:
    handler.setFormatter(LogfmtFormatter())
    handler.addFilter(Own())
    root.addHandler(handler)
    logging.getLogger(OWN).setLevel(logging.DEBUG)


def _split_pairs(said: str) -> tuple[str, list[tuple[str, str]]]:
    first = _PAIR.search(said)
    if first is None:
        return said, []
    pairs = [(key, value.strip('"')) for key, value in _PAIR.findall(said[first.start() :])]
    return said[: first.start()].strip(), pairs


def _redacted(value: str) -> str:
    return _ADDRESS.sub("…@…", _CONTROL.sub(" ", value))[:_LONGEST]


def _quoted(value: str) -> str:
    if value and not re.search(r'[\s"=]', value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', "'") + '"'
