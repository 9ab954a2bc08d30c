"""Commands that only read: contacts, people, review, match, show, brief, log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.invocation import with_hint
from assistant.cli.options import as_json
from assistant.cli.session import Session, iso, print_json, print_json_lines

if TYPE_CHECKING:
    from assistant.rounds.digest.roster_status import View


@click.command()
@click.argument("who", required=False)
@click.option("--all", "everything", is_flag=True, help="Also what was not contact, and people not on the roster.")
@as_json
@click.pass_obj
def contacts(session: Session, who: str | None, *, everything: bool, json: bool) -> None:
    """One row per message and recipient, with the verdict and its reason."""
    from assistant.rounds import show as rounds_show

    with session.owner() as owner:
        rows = rounds_show.contact_rows(owner.config, owner.store, session.now, who, everything=everything)
        if json:
            print_json_lines(row.as_json() for row in rows)
            return
        for row in rows:
            when = row.sent_at.date() if row.sent_at else "undated   "
            whom, place = row.person or row.address, row.short or row.source
            click.echo(f"{when} {row.verdict:<5} {row.reason:<14} {row.field:<8} {whom}  “{row.subject}” [{place}]")


@click.command()
@as_json
@click.pass_obj
def people(session: Session, *, json: bool) -> None:
    """The roster, most overdue first."""
    from assistant.core.language.phrases import Phrases
    from assistant.rounds.digest.roster_status import views
    from assistant.store.last_contacts import seen_since

    with session.owner() as owner:
        found = views(owner.config, owner.store, session.now)
        since = seen_since(owner.store, owner.config.me.timezone)
    if json:
        print_json([view.as_json() for view in found])
        return
    unseen = Phrases("en").unseen(since)
    for view in found:
        click.echo(person_line(view, unseen[0].lower() + unseen[1:]))
    if not found:
        nobody = 'Nobody yet. Add somebody: assistant do "add Jane Roe <jane@example.com> as mentor"'
        click.echo(with_hint(nobody, click.get_current_context()))


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also addresses that belong to nobody.")
@as_json
@click.pass_obj
def match(session: Session, *, everything: bool, json: bool) -> None:
    """Which address belongs to whom, and why."""
    from assistant.rounds import show as rounds_show

    with session.owner() as owner:
        decisions = rounds_show.shown_decisions(owner.store, everything=everything)
    if json:
        print_json_lines(rounds_show.match_json(decision) for decision in decisions)
        return
    for decision in decisions:
        whose = decision.person or ", ".join(decision.candidates) or "nobody"
        click.echo(f"{decision.lane:<5} {decision.address:<40} {whose}: {decision.reason}")


@click.command()
@click.option("--year", is_flag=True, help="The last whole year instead of the last whole quarter.")
@as_json
@click.pass_obj
def review(session: Session, *, year: bool, json: bool) -> None:
    """Who was seen as often as you want in the last whole quarter, and who was not."""
    from assistant.rounds.digest.review import last_review, review_lines

    with session.owner() as owner:
        found = last_review(owner.config, owner.store, session.now, year=year)
    if json:
        print_json(found.as_json())
    else:
        click.echo("\n".join(review_lines(found, owner.config.digest.language)))


@click.command()
@click.argument("who")
@as_json
@click.pass_obj
def show(session: Session, who: str, *, json: bool) -> None:
    """Everything about one person, with reasons."""
    from assistant.rounds import show as rounds_show

    with session.owner() as owner:
        found = rounds_show.show_person(owner.config, owner.store, session.now, who)
    print_json(found.as_json()) if json else click.echo("\n".join(found.lines()))


@click.command()
@click.argument("who")
@click.option("--show-prompt", is_flag=True, help="Print exactly what would be sent to the model; send nothing.")
@as_json
@click.pass_obj
def brief(session: Session, who: str, *, show_prompt: bool, json: bool) -> None:
    """The prep brief for one person, now."""
    from assistant.rounds import brief as rounds_brief

    with session.round() as round_:
        if show_prompt:
            click.echo(rounds_brief.prompt(round_, who))
            return
        found = rounds_brief.build_brief(round_, who)
    print_json(found.as_json()) if json else click.echo("\n".join(found.lines()))


@click.command()
@as_json
@click.pass_obj
def log(session: Session, *, json: bool) -> None:
    """What changed, why, and by which message."""
    from assistant.store import roster

    with session.owner() as owner:
        rows = [{**row, "at": iso(row["at"])} for row in roster.change_log(owner.store)]
    if json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['at']}  {row['cause']:<6} {row['kind']:<10} {row['entity']} {row['key']}")


def person_line(view: View, unseen: str) -> str:
    """Return one line of `people`; `unseen` says that no contact was seen."""
    from assistant.core.language.phrases import Phrases

    stands, person = view.standing, view.standing.person
    if stands.due_on is None:
        state = "no clock runs"
    elif stands.snoozed:
        state = f"snoozed until {person.snoozed_until}"
    elif stands.overdue_days > 0:
        state = f"{stands.overdue_days} days over"
    else:
        state = f"due {stands.due_on}"
    last = f"last contact {view.last.on}" if view.last else unseen
    rhythm = view.rhythm("en") or Phrases("en").every(stands.cadence_days)
    return f"{person.handle:<24} {person.role:<10} {rhythm:<26} {state:<24} {last}"


COMMANDS = (contacts, people, review, match, show, brief, log)
