"""Talk to a person at a terminal: texts at its width, questions, a progress bar."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from assistant.core.language.translation import Translatable, joined, means, translated
from assistant.render.text import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.rounds.ports import Progress

WIDTH = 30  # columns of the bar
NARROWEST = 20
CLEAR = "\r\033[K"
_CHOICE, _YES, _NO = Translatable("y/N"), Translatable("yes y"), Translatable("no n")


class Terminal:
    """An Asker for a person at a terminal. `given_before` are answers from options."""

    def __init__(self, given_before: dict[str, Any], language: str = "en") -> None:
        self._given = given_before
        self.language = language

    def ask(self, key: str, text: str, default: str | None = None) -> str:
        """Return what is typed. Without a default, an empty line is asked again."""
        del key
        room = len(f" [{default}]: ") if default else len(": ")
        question = fitted(translated(text, self.language), room)
        answer: str = click.prompt(question, default=default, show_default=bool(default), err=True)
        return answer.strip()

    def secret(self, key: str, text: str, default: str | None = None) -> str:
        """Return what is typed, without showing it."""
        del key
        question = fitted(translated(text, self.language))
        answer: str = click.prompt(question, default=default, show_default=False, hide_input=True, err=True)
        return answer

    def agree(self, key: str, text: str) -> bool:
        """Return whether the answer is y, or the same in its language."""
        del key
        choice = f" [{translated(_CHOICE, self.language)}]"
        question = fitted(translated(text, self.language), len(f"{choice}: ")) + choice
        while True:
            answer: str = click.prompt(question, default="", show_default=False, err=True)
            if means(answer, _YES, self.language):
                return True
            if not answer.strip() or means(answer, _NO, self.language):
                return False

    def again(self, problem: str) -> None:
        """Say why the question is asked again."""
        self.say(problem)

    def say(self, text: str) -> None:
        """Say it."""
        click.echo(fitted(translated(text, self.language)), err=True)

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
        shown = threading.Thread(target=_count, args=(translated(text, self.language), over), daemon=True)
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

    def __init__(self, clock: Callable[[], float] = time.monotonic, language: str = "en") -> None:
        self._clock, self._began, self._language = clock, clock(), language
        self._shown, self._open = sys.stderr.isatty(), False

    def __call__(self, step: Progress) -> None:
        """Show one step in place of the one before."""
        if not self._shown:
            return
        finished = step.total is not None and step.done >= step.total
        line = bar_line(step, self._clock() - self._began, _columns(), self._language)
        _write(CLEAR + line + ("\n" if finished else ""))
        self._open = not finished

    def end(self) -> None:
        """Clear a bar that isn't finished, so that the next text begins on an empty line."""
        if self._open:
            _write(CLEAR)
            self._open = False


def bar_line(step: Progress, seconds: float, columns: int = 80, language: str = "en") -> str:
    """Return one line: a bar, how many of how many, and the time left. Without a total it has only how many.

    The bar is as long as `columns` allow.
    """
    if not step.total:
        return translated(_counted(step) if step.done else Translatable("Putting it in order …"), language)
    part = min(step.done / step.total, 1.0)
    left = seconds * (1 - part) / part if part else 0.0
    told = (
        Translatable("about {time} left", time=_time(left))
        if part < 1
        else Translatable("in {time}", time=_time(seconds))
    )
    said = translated(joined([_counted(step), told], ", "), language)
    width = min(WIDTH, columns - len(said) - len("[] ") - 1)
    full = int(part * width)
    return f"[{'#' * full}{'.' * (width - full)}] {said}" if width > 0 else said[: columns - 1]


def _counted(step: Progress) -> Translatable:
    what = Translatable(step.what)
    if not step.total:
        return Translatable("{done:,} {what}", done=step.done, what=what)
    return Translatable("{done:,} of {total:,} {what}", done=step.done, total=step.total, what=what)


def _time(seconds: float) -> str:
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 90 else f"{round(whole / 60)} min"  # noqa: PLR2004 - above that, minutes read better
