"""Commands to begin with and to be left alone by: init, install-service."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from assistant.cli.session import Session
    from assistant.rounds.built import Built
    from assistant.rounds.ports import Progress
    from assistant.rounds.scan import ScanResult
    from assistant.setup.answers import Asker

MUST_ACT = 1
WIDTH = 30


class Terminal:
    """An Asker for a person at a terminal. `given_before` are answers that options gave."""

    def __init__(self, given_before: dict[str, Any]) -> None:
        self._given = given_before

    def ask(self, key: str, text: str, default: str | None = None) -> str:
        """Return what is typed; asks again for an empty line where there is no default."""
        del key
        answer: str = click.prompt(f"{text}", default=default, show_default=bool(default), err=True)
        return answer.strip()

    def secret(self, key: str, text: str, default: str | None = None) -> str:
        """Return what is typed, unseen."""
        del key
        answer: str = click.prompt(text, default=default, show_default=False, hide_input=True, err=True)
        return answer

    def agree(self, key: str, text: str) -> bool:
        """Return whether y is typed."""
        del key
        return click.confirm(text, default=False, err=True)

    def again(self, problem: str) -> None:
        """Tell why; the question comes again."""
        click.echo(problem, err=True)

    def say(self, text: str) -> None:
        """Tell it."""
        click.echo(text, err=True)

    def given(self, key: str) -> Any:
        """Return what an option said."""
        return self._given.get(key)


@click.command()
@click.option(
    "--answers", type=click.File(encoding="utf-8"), help="Take the answers from this TOML file (- for stdin)."
)
@click.option("--password", "new_password", is_flag=True, help="Only give a new password, or sign in anew by OAuth 2.")
@click.option("--device", is_flag=True, help="Sign in by OAuth 2 with a code on another device, not by this browser.")
@click.pass_obj
def init(session: Session, answers: TextIO | None, *, new_password: bool, device: bool) -> None:
    """Set up by three questions, each tested as it is answered: address, password, language model.

    Then the sent mail of twelve months is read, five people are shown, and the first digest is sent if you say so.
    A configuration that is there already is never changed; init then goes on where it was stopped.
    """
    asker = _asker(answers, needed="" if new_password or session.config_path.exists() else "address", device=device)
    if new_password:
        from assistant.setup.renewing import renew

        renew(session.config, session.config_path.parent, session.home, asker, session.surroundings)
        return
    if session.config_path.exists():
        asker.say(f"There is a configuration at {session.config_path}; it is left as it is.")
    else:
        _converse(session, asker)
    _first_round(session, asker)


def _asker(answers: TextIO | None, *, needed: str, device: bool) -> Asker:
    if answers is None and not sys.stdin.isatty():
        message = (
            "init asks questions and there is no terminal to ask at. Write the answers into a file and run: "
            "assistant init --answers FILE (docs/set-up.md shows one)."
        )
        raise click.UsageError(message)
    if answers is None:
        return Terminal({"device": True} if device else {})
    from assistant.setup.answers import Written, read_answers

    given = read_answers(answers.read(), needed)
    return Written({**given, "device": device or given.get("device", False)}, lambda text: click.echo(text, err=True))


def _converse(session: Session, asker: Asker) -> None:
    from assistant.setup.conversation import Conversation

    path = session.config_path
    Conversation(asker, session.surroundings, path.parent, session.home, session.now).run(path)


def _first_round(session: Session, asker: Asker) -> None:
    """Read the sent mail, show who it speaks of, and send the first digest if that is wanted."""
    from assistant.rounds import scan as scanning
    from assistant.setup.first_look import first_look

    progress = Bar()
    with session.owner(report=progress) as owner, owner.round_lock():
        try:
            with owner.opened() as mailbox:
                round_ = owner.round(mailbox, session.now)
                asker.say(f"Reading {', '.join(round_.folders.all_sent)} …")
                for result in scanning.scan(round_):
                    progress.end()
                    asker.say(_read(result))
        except KeyboardInterrupt:
            progress.end()
            message = "Stopped. What was read is kept; to go on from there, run: assistant init"
            raise UserError(message) from None
        click.echo("\n".join(first_look(owner.config, owner.store, session.now)))
        if asker.agree("first_digest", "Send the first digest to your inbox now? It goes to you alone"):
            _send_first(session, owner)
        else:
            click.echo("Nothing was sent. When you want it: assistant digest", err=True)
    for line in _next_steps(sys.argv[0]):
        click.echo(line, err=True)


def _send_first(session: Session, owner: Any) -> None:
    from assistant.rounds import digest as building
    from assistant.rounds.built import Built
    from assistant.rounds.outbox import deliver

    with owner.opened() as mailbox:
        round_ = owner.round(mailbox, session.now)
        built = building.by_hand(round_)
        done = deliver(round_.way, round_.now)
    if done.waiting:
        click.echo(built.sentence())
        click.echo("It could not be delivered yet; assistant run or assistant once goes on trying.", err=True)
    elif isinstance(built, Built):
        click.echo(_sent(built))
    else:
        click.echo(built.sentence())


def _sent(built: Built) -> str:
    """Return that the first digest went out, and what to do with it."""
    due, candidates = len(built.digest.due), len(built.digest.candidates)
    parts = [f"{due} to reach"] if due else []
    parts += [f"{candidates} {'person' if candidates == 1 else 'people'} to place"] if candidates else []
    how = "answer it in plain words" + (": “C1 mentor” takes on the first of them." if candidates else ".")
    return f"The first digest went to your inbox{' (' + ', '.join(parts) + ')' if parts else ''}; {how}"


def _read(result: ScanResult) -> str:
    """Return what was read, for somebody who sees such counts for the first time."""
    said = (
        f"{result.folder}: {result.new:,} new messages; in touch with somebody: {result.full:,} times, "
        f"more lightly: {result.soft:,}; new addresses: {result.newcomers:,}."
    )
    return "\n".join([said, *result.remarks])


def _next_steps(program: str) -> list[str]:
    name = "assistant" if Path(program).name != "__main__.py" else "python -m assistant"
    return [
        f"Next: {name} doctor checks each part; {name} install-service keeps it running.",
        f'Add somebody: {name} do "add Jane Roe <jane@example.com> as mentor"',
    ]


class Bar:
    """Shows progress with the time left on stderr; nothing where that is no terminal."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._began = clock, clock()
        self._shown, self._open = sys.stderr.isatty(), False

    def __call__(self, step: Progress) -> None:
        """Show one step, in the place of the one before."""
        if not self._shown:
            return
        finished = step.total is not None and step.done >= step.total
        sys.stderr.write("\r\033[K" + bar_line(step, self._clock() - self._began) + ("\n" if finished else ""))
        sys.stderr.flush()
        self._open = not finished

    def end(self) -> None:
        """Clear a line that stands unfinished, so that what is said next begins one."""
        if self._open:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
            self._open = False


def bar_line(step: Progress, seconds: float) -> str:
    """Return one line: a bar, how many of how many, and the time left; without a total how many, or what is at work."""
    if not step.total:
        return f"{step.done:,} {step.what}" if step.done else "Putting it in order …"
    part = min(step.done / step.total, 1.0)
    full = int(part * WIDTH)
    left = seconds * (1 - part) / part if part else 0.0
    told = f"about {_time(left)} left" if part < 1 else f"in {_time(seconds)}"
    return f"[{'#' * full}{'.' * (WIDTH - full)}] {step.done:,} of {step.total:,} {step.what}, {told}"


def _time(seconds: float) -> str:
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 90 else f"{round(whole / 60)} min"  # noqa: PLR2004 - from there minutes read better


@click.command("install-service")
@click.option("--print", "only_print", is_flag=True, help="Only print what would be written.")
@click.option("--remove", is_flag=True, help="Stop the service and take its file away; your data stays.")
@click.option("--kind", type=click.Choice(["systemd", "launchd", "windows"]), help="Default: that of this machine.")
@click.pass_obj
def install_service(session: Session, kind: str | None, *, only_print: bool, remove: bool) -> int:
    """Keep it running: a systemd user unit, a launchd agent or a Windows task."""
    from assistant.setup import service

    plan = service.plan_for(kind or service.kind_here(), session.config_path.absolute(), session.home.absolute())
    if only_print:
        click.echo(plan.text, nl=False)
        return 0
    if remove:
        for line in service.remove(plan):
            click.echo(line)
        return 0
    session.config  # noqa: B018 - a service that could not start is not installed
    try:
        lines, worked = service.install(plan)
    except OSError as error:
        message = f"{error.filename}: {error.strerror}."
        raise UserError(message) from error
    for line in lines:
        click.echo(line)
    return 0 if worked else MUST_ACT


COMMANDS = (init, install_service)
