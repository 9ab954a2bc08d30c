"""Talk to a person at a terminal: texts at its width, questions, a progress bar."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from assistant.core.language.translation import Sentence
from assistant.render.text import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.rounds.ports import Progress

WIDTH = 30  # columns of the bar
NARROWEST = 20
CLEAR = "\r\033[K"


class Terminal:
    """An Asker for a person at a terminal. `given_before` are answers from options."""

    def __init__(self, given_before: dict[str, Any]) -> None:
        self._given = given_before

    def ask(self, key: str, text: str, default: str | None = None) -> str:
        """Return what is typed. Without a default, an empty line is asked again."""
        del key
        room = len(f" [{default}]: ") if default else len(": ")
        answer: str = click.prompt(fitted(text, room), default=default, show_default=bool(default), err=True)
        return answer.strip()

    def secret(self, key: str, text: str, default: str | None = None) -> str:
        """Return what is typed, without showing it."""
        del key
        answer: str = click.prompt(fitted(text), default=default, show_default=False, hide_input=True, err=True)
        return answer

    def agree(self, key: str, text: str) -> bool:
        """Return whether the answer is y."""
        del key
        return click.confirm(fitted(text, len(" [y/N]: ")), default=False, err=True)

    def again(self, problem: str) -> None:
        """Say why the question is asked again."""
        self.say(problem)

    def say(self, text: str) -> None:
        """Say it."""
        click.echo(fitted(text), err=True)

    def given(self, key: str) -> Any:
        """Return the answer from an option, None if there is none."""
        return self._given.get(key)

    @contextmanager
    def working(self, text: str) -> Iterator[None]:
        """Show that something is at work and for how many seconds. The line disappears afterwards."""
        if not sys.stderr.isatty():
            yield
            return
        over = threading.Event()
        shown = threading.Thread(target=_count, args=(text, over), daemon=True)
        shown.start()
        try:
            yield
        finally:
            over.set()
            shown.join()


def _count(text: str, over: threading.Event) -> None:
    seconds = 0
    while True:
        told = f"{text} …" + (f" {seconds} s" if seconds else "")
        _write(CLEAR + told[: _columns() - 1])  # a line that wraps can't be cleared
        if over.wait(1.0):
            break
        seconds += 1
    _write(CLEAR)


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _columns() -> int:
    return max(NARROWEST, shutil.get_terminal_size().columns)


def fitted(text: str, room: int = 0) -> str:
    """Return a text wrapped between words at the terminal's width. Each line keeps its own indent.

    `room` is how many columns something else needs at the end of a line.
    """
    # A web address stays whole even if it is longer than a line, so that it can be copied.
    width = _columns() - room
    lines = []
    for line in text.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        lines += wrap(line, first=indent, hang=indent, width=width, cut=False) or [""]
    return "\n".join(lines)


class ProgressBar:
    """A progress bar with the time left, on stderr. It shows nothing if stderr isn't a terminal."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._began = clock, clock()
        self._shown, self._open = sys.stderr.isatty(), False

    def __call__(self, step: Progress) -> None:
        """Show one step in place of the one before."""
        if not self._shown:
            return
        finished = step.total is not None and step.done >= step.total
        line = bar_line(step, self._clock() - self._began, _columns())
        _write(CLEAR + line + ("\n" if finished else ""))
        self._open = not finished

    def end(self) -> None:
        """Clear a bar that isn't finished, so that the next text begins on an empty line."""
        if self._open:
            _write(CLEAR)
            self._open = False


def bar_line(step: Progress, seconds: float, columns: int = 80) -> str:
    """Return one line: a bar, how many of how many, and the time left. Without a total it has only how many.

    The bar is as long as `columns` allow.
    """
    if not step.total:
        return (
            Sentence("{done:,} {what}", done=step.done, what=step.what)
            if step.done
            else Sentence("Putting it in order …")
        )
    part = min(step.done / step.total, 1.0)
    left = seconds * (1 - part) / part if part else 0.0
    told = f"about {_time(left)} left" if part < 1 else f"in {_time(seconds)}"
    said = f"{step.done:,} of {step.total:,} {step.what}, {told}"
    width = min(WIDTH, columns - len(said) - len("[] ") - 1)
    full = int(part * width)
    return (
        Sentence("[{value}{value2}] {said}", value="#" * full, value2="." * (width - full), said=said)
        if width > 0
        else said[: columns - 1]
    )


def _time(seconds: float) -> str:
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 90 else f"{round(whole / 60)} min"  # noqa: PLR2004 - above that, minutes read better
