"""Commands that do the work: scan, digest, replies, do, once, run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.invocation import with_hint
from assistant.cli.options import as_json
from assistant.cli.session import Session, print_json

if TYPE_CHECKING:
    from assistant.core.replies.transcript import Transcript
    from assistant.rounds.delivery.tally import Tally
    from assistant.rounds.digest.result import Built, WentBefore
    from assistant.rounds.whole_round import Done


LATER = 3  # the exit code for what is tried again later


@click.command()
@click.option("--recheck", is_flag=True, help="Judge all stored messages again, without the network.")
@as_json
@click.pass_obj
def scan(session: Session, *, recheck: bool, json: bool) -> None:
    """Read what is new in Sent."""
    from assistant.rounds.scan import run as scanning
    from assistant.rounds.scan.received import read_received

    if recheck:
        with session.owner() as owner:
            changed = scanning.recheck(owner.store, owner.config, session.now, owner.report)
        print_json(changed.as_json()) if json else click.echo(changed.sentence())
        return
    with session.round() as round_:
        results = scanning.scan_sent_mail(round_)
        read_received(round_, every_folder=True)
    if json:
        archives = {"archives": [result.as_json() for result in results[1:]]} if len(results) > 1 else {}
        print_json({**results[0].as_json(), **archives})
    else:
        for result in results:
            click.echo(result.sentence())


@click.command()
@click.option("--preview", is_flag=True, help="Only write digest.eml, .html and .txt here; send nothing.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Only write, into this folder.")
@click.option("--open", "open_it", is_flag=True, help="Only write, and open it in the browser.")
@as_json
@click.pass_obj
def digest(session: Session, *, preview: bool, out: Path | None, open_it: bool, json: bool) -> int:
    """Build this week's digest and deliver it; with --preview, --out or --open only write it."""
    from assistant.owner import ROUND_SECONDS
    from assistant.rounds.delivery import undelivered
    from assistant.rounds.delivery.outbox import deliver
    from assistant.rounds.delivery.tally import count_delivery
    from assistant.rounds.digest import build as building
    from assistant.rounds.digest import result as kept
    from assistant.rounds.scan import run as scanning
    from assistant.rounds.scan.received import read_received

    answer: Built | WentBefore
    paths: tuple[Path, ...] = ()
    said: tuple[str, ...] = ()
    code = 0
    with session.round() as round_:
        scanning.scan_sent_mail(round_)
        read_received(round_, every_folder=True)
        if preview or out or open_it:
            answer = building.preview(round_)
            paths = kept.write_digest(answer, out or Path())
        else:
            answer = building.by_hand(round_)
            round_.mailbox.within(ROUND_SECONDS)  # a first scan and a slow model may take long; delivery may not
            delivery = deliver(round_.way, round_.now)
            if not isinstance(answer, kept.Built):
                answer = building.went_before(round_, answer.week)  # it may have gone out just now
            # What the sentence on the digest says already isn't told twice.
            said = tuple(one for one in undelivered.told(round_.store, delivery) if one not in answer.sentence())
            code = LATER if undelivered.any_late(round_.store, delivery) else 0
            said = tuple(filter(None, (count_delivery(round_.store, delivery).sentence(), *said)))
    if json:
        print_json({**answer.as_json(), **({"delivery": said} if isinstance(answer, kept.Built) else {})})
    else:
        click.echo("\n".join((answer.sentence(), *said)))
    if paths and not json:
        click.echo("Nothing was sent. Wrote " + ", ".join(str(path) for path in paths))
    if open_it:
        click.launch(str(paths[1].absolute()))
    return code


@click.command()
@as_json
@click.pass_obj
def replies(session: Session, *, json: bool) -> int:
    """Process your answers to the digest once."""
    from assistant.owner import ROUND_SECONDS
    from assistant.rounds.delivery import undelivered
    from assistant.rounds.delivery.outbox import deliver
    from assistant.rounds.delivery.tally import count_delivery
    from assistant.rounds.replies import process as answering
    from assistant.rounds.replies import receipts
    from assistant.rounds.scan import run as scanning
    from assistant.rounds.scan.received import read_received

    with session.round() as round_:
        round_.mailbox.within(ROUND_SECONDS)
        scanning.scan_sent_mail(round_)
        read_received(round_, every_folder=False)
        round_.mailbox.within(None)  # a slow model may take long
        transcripts = answering.process(round_)
        receipts.mail_receipts(round_)
        round_.mailbox.within(ROUND_SECONDS)
        delivery = deliver(round_.way, round_.now)
        said = [count_delivery(round_.store, delivery).sentence(), *undelivered.told(round_.store, delivery)]
        code = LATER if undelivered.any_late(round_.store, delivery) else 0
        transcripts = answering.delivered(round_.store, transcripts)
    _print_transcripts(transcripts, session, json=json)
    for line in filter(None, () if json else said):
        click.echo(line)
    return code


@click.command(context_settings={"ignore_unknown_options": True})  # "- met Jane" is a line, not an option
@click.argument("commands", nargs=-1, required=True)
@as_json
@click.pass_obj
def do(session: Session, *, commands: tuple[str, ...], json: bool) -> None:
    """Give COMMANDS in the words of an answer to the digest.

    One command per argument, or several lines in one: assistant do "met Jane on Tuesday" "snooze bob-li 2 weeks"
    """
    lines = [line for command in commands for line in command.splitlines()]
    with session.owner() as owner, owner.round_lock():
        transcript = owner.say(lines, session.now)
    if json:
        from assistant.rounds.replies.obey import transcript_value

        print_json(transcript_value(transcript))
    else:
        _show_transcript(transcript, session)


@click.command()
@click.option("-v", "--verbose", is_flag=True, help="Say everything it did, even if that was nothing.")
@as_json
@click.pass_obj
def once(session: Session, *, verbose: bool, json: bool) -> int:
    """Do one whole round (for cron): scan, replies, this week's digest if it is due, delivery.

    It prints nothing if nothing happened, since cron mails whatever is printed. Exit code 3: mail to you has not gone
    out.
    """
    from assistant.cli.round_report import round_lines
    from assistant.rounds.delivery import undelivered
    from assistant.rounds.delivery.tally import count_delivery

    with session.owner() as owner, owner.round_lock(), session.logged():
        done = owner.whole_round(session.now)
        told = undelivered.told(owner.store, done.delivery)
        code = LATER if undelivered.any_late(owner.store, done.delivery) else 0
        lines = round_lines(done, owner.store, everything=verbose or session.verbose)
        counts = count_delivery(owner.store, done.delivery)
    if json:
        print_json({**_as_done(done, counts), "delivery": told})
        return code
    for line in lines:
        click.echo(line)
    return code


@click.command()
@click.option("--speed", type=float, default=1.0, hidden=True, help="With --now: how many times as fast time runs.")
@click.option("--until", metavar="ISO8601", hidden=True, help="Stop at this moment.")
@click.pass_obj
def run(session: Session, *, speed: float, until: str | None) -> None:
    """Run as a daemon until stopped: the digest at its slot, your replies as they come."""
    from assistant.cli.round_report import AtTerminal
    from assistant.clock import PretendedClock
    from assistant.daemon import Daemon

    clock = session.clock
    if isinstance(clock, PretendedClock):
        clock.speed = speed
    with session.owner() as owner, owner.daemon_lock(), session.logged():
        watcher = AtTerminal(owner, clock, session.verbose) if sys.stdout.isatty() else None
        if watcher:
            watcher.began()
        Daemon(owner, clock, session.moment(until) if until else None, watcher=watcher).run()


def _print_transcripts(transcripts: tuple[Transcript, ...], session: Session, *, json: bool) -> None:
    if json:
        from assistant.rounds.replies.obey import transcript_value

        print_json([transcript_value(transcript) for transcript in transcripts])
        return
    for transcript in transcripts:
        _show_transcript(transcript, session)
    if not transcripts:
        click.echo("No new replies.")


def _show_transcript(transcript: Transcript, session: Session) -> None:
    from assistant.render.transcript import render_transcript

    text = render_transcript(transcript, session.config.digest.language).text
    click.echo(with_hint(text, click.get_current_context()))


def _as_done(done: Done, counts: Tally) -> dict[str, object]:
    from assistant.rounds.replies.obey import transcript_value

    return {
        "scans": [result.as_json() for result in done.scans],
        "replies": [transcript_value(transcript) for transcript in done.transcripts],
        "digest": done.digest,
        **counts.as_json(),
    }


COMMANDS = (scan, digest, replies, do, once, run)
