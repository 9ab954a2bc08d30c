"""Commands that do something: scan, digest, replies, do, once, run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.options import as_json
from assistant.cli.session import Session, print_json

if TYPE_CHECKING:
    from assistant.core.transcript import Transcript
    from assistant.rounds.once import Done
    from assistant.rounds.scan import ScanResult


@click.command()
@click.option("--recheck", is_flag=True, help="Judge all stored messages again, without the network.")
@as_json
@click.pass_obj
def scan(session: Session, *, recheck: bool, json: bool) -> None:
    """Read what is new in Sent."""
    from assistant.rounds import scan as scanning
    from assistant.rounds.once import remember_set_up

    if recheck:
        with session.owner() as owner:
            changed = scanning.recheck(owner.store, owner.config, session.now, owner.report)
        print_json(changed.as_json()) if json else click.echo(changed.sentence())
        return
    with session.round() as round_:
        remember_set_up(round_.store, round_.now)
        results = scanning.scan(round_)
    if json:
        print_json(results[0].as_json() if len(results) == 1 else [result.as_json() for result in results])
    else:
        for result in results:
            click.echo(result.sentence())


@click.command()
@click.option("--preview", is_flag=True, help="Only write digest.eml, .html and .txt; send nothing, change nothing.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where --preview writes (this folder).")
@click.option("--open", "open_it", is_flag=True, help="Open the preview in the browser.")
@as_json
@click.pass_obj
def digest(session: Session, *, preview: bool, out: Path | None, open_it: bool, json: bool) -> None:
    """Build this week's digest: deliver it, or only write it."""
    from assistant.rounds import digest as building
    from assistant.rounds import scan as scanning
    from assistant.rounds.once import remember_set_up
    from assistant.rounds.outbox import deliver

    with session.round() as round_:
        if preview or out:
            built = building.preview(round_)
            folder = out or Path()
            building.write_files(built, folder)
        else:
            remember_set_up(round_.store, round_.now)
            scanning.scan(round_)
            built = building.by_hand(round_)
            deliver(round_.way, round_.now)
    if json:
        print_json(built.as_json())
    else:
        click.echo(built.sentence(folder if preview or out else None))
    if open_it and (preview or out):
        click.launch(str((folder / "digest.html").absolute()))


@click.command()
@as_json
@click.pass_obj
def replies(session: Session, *, json: bool) -> None:
    """Process your answers to the digest once."""
    from assistant.rounds import replies as answering
    from assistant.rounds import scan as scanning
    from assistant.rounds.outbox import deliver

    with session.round() as round_:
        scanning.scan(round_)
        transcripts = answering.process(round_)
        deliver(round_.way, round_.now)
        transcripts = answering.delivered(round_.store, transcripts)
    _print_transcripts(transcripts, json=json)


@click.command()
@click.argument("commands", nargs=-1, required=True)
@as_json
@click.pass_obj
def do(session: Session, *, commands: tuple[str, ...], json: bool) -> None:
    """Say COMMANDS in the words you would answer the digest with.

    One command an argument, or several lines in one: assistant do "met Jane on Tuesday" "snooze bob-li 2 weeks"
    """
    from assistant.rounds.said import say

    with session.owner() as owner, owner.round_lock():
        transcript = say(owner.config, owner.store, "\n".join(commands), owner.desk(session.now))
    if json:
        print_json(as_transcript(transcript))
    else:
        _show_transcript(transcript)


@click.command()
@as_json
@click.pass_obj
def once(session: Session, *, json: bool) -> None:
    """Do one whole round (for cron): scan, replies, this week's digest if it is due, deliver."""
    from assistant.rounds.once import once as one_round

    with session.round() as round_:
        done = one_round(round_)
    if json:
        print_json(_as_done(done))
        return
    for result in done.scans:
        click.echo(result.sentence())
    for transcript in done.transcripts:
        click.echo(f"Answered {transcript.id}: {transcript.subject}")
    if done.digest:
        click.echo(f"Built the digest of {done.digest}.")
    click.echo(f"Sent {len(done.delivery.sent)}, refused {len(done.delivery.refused)}, waiting {len(done.delivery.waiting)}.")


@click.command()
@click.option("--speed", type=float, default=1.0, hidden=True, help="With --now: how many times as fast time runs.")
@click.option("--until", metavar="ISO8601", hidden=True, help="Stop at this moment.")
@click.pass_obj
def run(session: Session, *, speed: float, until: str | None) -> None:
    """Run as a daemon until stopped: the digest at its slot, your replies as they come."""
    from assistant.clock import PretendedClock
    from assistant.daemon import Daemon

    clock = session.clock
    if isinstance(clock, PretendedClock):
        clock.speed = speed
    with session.owner() as owner, owner.daemon_lock():
        Daemon(owner, clock, session.moment(until) if until else None).run()


def as_transcript(transcript: Transcript) -> dict[str, object]:
    """Return a transcript as `--json` gives it."""
    return {
        "id": transcript.id,
        "message_id": transcript.message_id,
        "lines": [
            {"text": line.text, "outcome": line.outcome, "effect": line.effect, "details": list(line.details)}
            for line in transcript.lines
        ],
        "changes": transcript.changes,
        "left_out": transcript.left_out,
        "delivered": transcript.delivered,
    }


def _print_transcripts(transcripts: tuple[Transcript, ...], *, json: bool) -> None:
    if json:
        print_json([as_transcript(transcript) for transcript in transcripts])
        return
    for transcript in transcripts:
        _show_transcript(transcript)
    if not transcripts:
        click.echo("No new replies.")


def _show_transcript(transcript: Transcript) -> None:
    from assistant.render.transcript import render_transcript

    click.echo(render_transcript(transcript).text)


def _as_scan(result: ScanResult) -> dict[str, object]:
    return result.as_json()


def _as_done(done: Done) -> dict[str, object]:
    return {
        "scans": [_as_scan(result) for result in done.scans],
        "replies": [as_transcript(transcript) for transcript in done.transcripts],
        "digest": done.digest,
        "sent": len(done.delivery.sent),
        "refused": len(done.delivery.refused),
        "waiting": len(done.delivery.waiting),
    }


COMMANDS = (scan, digest, replies, do, once, run)
