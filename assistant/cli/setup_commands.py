"""Commands to set up the program and keep it running: init, install-service."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.terminal import ProgressBar, Terminal, fitted
from assistant.core.language.phrases import Phrases
from assistant.core.language.translation import Translatable, joined, translated
from assistant.errors import UserError

if TYPE_CHECKING:
    from typing import TextIO

    from assistant.cli.session import Session
    from assistant.owner import Owner
    from assistant.rounds.digest.result import Built
    from assistant.rounds.scan.run import ScanResult
    from assistant.setup.answers import Asker

MUST_ACT = 1


@click.command()
@click.option(
    "--answers", type=click.File(encoding="utf-8"), help="Take the answers from this TOML file (- for stdin)."
)
@click.option("--password", "new_password", is_flag=True, help="Only give a new password, or sign in again by OAuth 2.")
@click.option("--device", is_flag=True, help="Sign in by OAuth 2 with a code on another device, not in this browser.")
@click.pass_obj
def init(session: Session, answers: TextIO | None, *, new_password: bool, device: bool) -> None:
    """Set up with a few short questions: address, password, language model. Each answer is tested at once.

    Then the sent mail of twelve months is read, five people are shown, and the first digest is sent if you say so.
    An existing configuration is never changed; init then goes on where it stopped.
    """
    session.refuse_root()  # before the questions
    needed = "" if new_password or session.config_path.exists() else "address"
    asker = _asker(answers, session.language, needed=needed, device=device)
    if new_password:
        from assistant.setup.sign_in import renew

        renew(session.config, session.config_path.parent, session.home, asker, session.surroundings)
        return
    if session.config_path.exists():
        path = session.config_path
        asker.say(Translatable("There is already a configuration at {path}; it stays as it is.", path=path))
    else:
        _converse(session, asker)
    _first_round(session, asker)


def _asker(answers: TextIO | None, language: str, *, needed: str, device: bool) -> Asker:
    if answers is None and not sys.stdin.isatty():
        raise click.UsageError(
            "init asks questions, but there is no terminal to ask them at. Write the answers into a file and run: "
            "assistant init --answers FILE (to see one: assistant docs set-up)."
        )
    if answers is None:
        return Terminal({"device": True} if device else {}, language)
    from assistant.setup.answers import Written, read_answers

    given = read_answers(answers.read(), needed)
    given["device"] = device or given.get("device", False)
    return Written(given, lambda text: click.echo(text, err=True), given.get("language", language))


def _converse(session: Session, asker: Asker) -> None:
    from assistant.setup.conversation import INTRODUCTION, Conversation

    if isinstance(asker, Terminal):
        for line in INTRODUCTION:
            asker.say(line)
        asker.say("")
    path = session.config_path
    try:
        Conversation(asker, session.surroundings, path.parent, session.home, session.now).run(path)
    except (click.Abort, KeyboardInterrupt):
        raise UserError("Stopped before anything was set up. To start over, run: assistant init") from None


def _first_round(session: Session, asker: Asker) -> None:
    """Read the sent mail, show whom it is about, and send the first digest if the owner agrees."""
    from assistant.setup.first_look import first_look

    progress = ProgressBar(language=asker.language)
    with session.owner(report=progress) as owner, owner.round_lock():
        try:
            _scan(session, owner, asker, progress)
        except KeyboardInterrupt:
            raise UserError("Stopped. What was read is kept; to go on from there, run: assistant init") from None
        finally:
            progress.end()
        for line in first_look(owner.config, owner.store, session.now):
            _show(translated(line, asker.language))
        if asker.agree("first_digest", "Send the first digest to your inbox now? It goes to you alone"):
            _show(translated(_send_first(session, owner, asker), asker.language))
        else:
            asker.say("Nothing was sent. When you want it: assistant digest")
        for line in _next_steps(session, owner):
            asker.say(line)


def _scan(session: Session, owner: Owner, asker: Asker, progress: ProgressBar) -> None:
    from assistant.rounds.scan import run as scanning

    with owner.opened() as mailbox:
        round_ = owner.round(mailbox, session.now)
        asker.say(Translatable("Reading {sent} …", sent=", ".join(round_.folders.all_sent)))
        for result in scanning.scan_sent_mail(round_):
            progress.end()
            asker.say(_read(result))


def _show(text: str) -> None:
    # This is the result, not talk, so it goes to stdout; and into a file as it is.
    click.echo(fitted(text) if sys.stdout.isatty() else text)


def _send_first(session: Session, owner: Owner, asker: Asker) -> str:
    """Build and deliver the first digest, and return what came of it."""
    from assistant.rounds.delivery import undelivered
    from assistant.rounds.delivery.outbox import deliver
    from assistant.rounds.digest import build as building
    from assistant.rounds.digest.result import Built
    from assistant.store import outbox

    with owner.opened() as mailbox:
        round_ = owner.round(mailbox, session.now)
        with asker.working("Writing the first digest"):
            built = building.by_hand(round_)
            deliver(round_.way, round_.now)
    order = outbox.by_key(owner.store, f"digest {built.week}")
    if order is not None and order.state != "sent":
        waits = Translatable(
            "The first digest waits: {why}" if order.detail else "The first digest waits.", why=order.detail
        )
        return joined([waits, Translatable("It goes out as soon as assistant run or assistant once gets through.")])
    if order is not None and order.refusal:
        sent = _sent(built) if isinstance(built, Built) else built.sentence()
        return joined([sent, undelivered.sentence(order)], "\n")
    return _sent(built) if isinstance(built, Built) else built.sentence()


def _sent(built: Built) -> str:
    due, candidates = len(built.digest.due), built.digest.candidates
    parts = [Translatable("{due} to reach", due=due)] if due else []
    if count := len(candidates):
        parts.append(Translatable("{count} person to place" if count == 1 else "{count} people to place", count=count))
    parts += [Translatable("a first draft to {name}", name=one.name or one.address) for one in candidates if one.draft]
    how = (
        "answer it in plain words: “C1 mentor” takes on the first of them."
        if candidates
        else "answer it in plain words."
    )
    template = (
        "The first digest went to your inbox ({parts}); {how}"
        if parts
        else "The first digest went to your inbox; {how}"
    )
    return Translatable(template, parts=joined(parts, ", "), how=Translatable(how))


def _read(result: ScanResult) -> str:
    """Return what was read, in words for somebody who sees these counts for the first time."""
    said = Translatable(
        "{folder}: {new}; in touch with somebody: {full}, more lightly: {soft:,}; new addresses: {newcomers:,}.",
        folder=result.folder,
        new=Translatable("{n:,} new message" if result.new == 1 else "{n:,} new messages", n=result.new),
        full=Translatable("{n:,} time" if result.full == 1 else "{n:,} times", n=result.full),
        soft=result.soft,
        newcomers=result.newcomers,
    )
    return joined([said, *result.remarks], "\n")


def _next_steps(session: Session, owner: Owner) -> list[str]:
    from assistant.rounds.digest.when_due import next_digest

    name = "assistant" if Path(sys.argv[0]).name != "__main__.py" else "python -m assistant"
    at = next_digest(owner.config, owner.store, session.now)
    comes = Translatable("Digests are paused, and your answers are read, while it runs.")
    if at:
        comes = Translatable(
            "The next digest comes on {day} at {at:%H:%M}, and your answers are read, while it runs.",
            day=Phrases(owner.config.me.language).long_day(at.date()),
            at=at,
        )
    return [
        comes,
        Translatable("Keep it running: {name} install-service", name=name),
        Translatable("Check each part: {name} doctor", name=name),
        Translatable('Add somebody: {name} do "add Jane Roe <jane@example.com> as mentor"', name=name),
    ]


@click.command("install-service")
@click.option("--print", "only_print", is_flag=True, help="Only print what would be written.")
@click.option("--remove", is_flag=True, help="Stop the service and remove its file; your data stays.")
@click.option(
    "--kind", type=click.Choice(["systemd", "launchd", "windows", "cron"]), help="Default: that of this machine."
)
@click.option("--instance", metavar="NAME", help="For one owner of a host: a systemd unit by a template.")
@click.pass_obj
def install_service(session: Session, kind: str | None, instance: str | None, *, only_print: bool, remove: bool) -> int:
    """Keep it running: a systemd user unit, a launchd agent or a Windows task; without those, a line for cron."""
    from assistant.setup import crontab, service

    if instance is not None:
        return _install_instance(session, instance, only_print=only_print, remove=remove)

    config, data = session.config_path.absolute(), session.home.absolute()
    if remove:
        native = service.native_kind() if kind in {None, "cron"} else kind
        return _say_each(session, service.remove(service.plan_for(str(native), config, data)))
    kind = kind or service.kind_here()
    if only_print:
        cron = kind == "cron"
        click.echo(crontab.crontab_line(config, data) if cron else service.plan_for(kind, config, data).text, nl=cron)
        return 0
    session.config  # noqa: B018 - read first, so that no service is installed that can't start
    if kind == "cron" or (kind == "systemd" and not service.systemd_answers()):
        return _say_each(session, crontab.crontab_advice(config, data))
    try:
        lines, worked = service.install(service.plan_here(kind, config, data))
    except OSError as error:
        raise UserError("{filename}: {strerror}.", filename=error.filename, strerror=error.strerror) from error
    _say_each(session, lines)
    return 0 if worked else MUST_ACT


def _install_instance(session: Session, name: str, *, only_print: bool, remove: bool) -> int:
    """Keep one owner of a host running, by `career-assistant@NAME.service`."""
    from assistant.config import load_config
    from assistant.fleet import folders
    from assistant.setup import instances, service

    owners, root = folders.owners_folder(session.home.absolute()), os.geteuid() == 0
    folder = folders.known_owner(owners, name)
    plan = instances.instance_plan(owners, name, root=root, lingers=root or service.lingers_already())
    if only_print:
        click.echo(plan.text, nl=False)
        return 0
    if remove:
        return _say_each(session, service.stop(plan))
    load_config(folder / folders.CONFIG)  # so that no service is installed that can't start
    if not service.systemd_answers("--system" if root else "--user"):
        raise UserError("systemd runs no services for this account here, so no service was written.")
    lines, worked = service.install(plan)
    _say_each(session, lines)
    return 0 if worked else MUST_ACT


def _say_each(session: Session, lines: list[str]) -> int:
    for line in lines:
        click.echo(session.said(line))
    return 0


COMMANDS = (init, install_service)
