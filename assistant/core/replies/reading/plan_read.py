"""Plan what a language model read in an owner's line (docs/replies.md, "In your own words").

    orders as text ─> our grammar ─> plan ─┬─> harmless, and the line proves it: done
                                           ├─> goes out, off or to an address: suggested, to be said by itself
                                           ├─> it could be done: asked, one question a line, and `yes` does it
                                           └─> not possible or not understood: left out

The model only picks orders and words. It doesn't decide who is meant or which day, and nothing it adds is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.core.replies.grammar.cleaning import clean
from assistant.core.replies.grammar.commands import (
    Add,
    Command,
    Confirm,
    Drop,
    IsAlso,
    IsNot,
    Look,
    Met,
    Pause,
    Plain,
    Undo,
)
from assistant.core.replies.grammar.lines import parse_line
from assistant.core.replies.grammar.spelling import format_command
from assistant.core.replies.grammar.suggest import LENGTH
from assistant.core.replies.plan.plain_orders import ask_whether
from assistant.core.replies.plan.plan import plan, plan_or_hold
from assistant.core.replies.plan.state import Planned, State
from assistant.core.replies.reading.line_evidence import evidence

if TYPE_CHECKING:
    from assistant.core.replies.grammar.slots import Speech
    from assistant.core.replies.reading.read_orders import PlacedLine, Read

MOST: Final = 5  # orders in one line
# What goes out, away, off or to an address is never one "yes" away: the owner has to say it in words of their own.
_SUGGESTED: Final = (Add, Confirm, Drop, IsAlso, IsNot, Look, Pause, Plain, Undo)
_SURE: Final = frozenset({"happened", "wanted"})


def planned_from(line: PlacedLine, read: Read, speech: Speech, state: State) -> Planned | None:
    """Return what a model's orders for one of the owner's lines do in that state, None if they do nothing."""
    orders = read.get(line, ())
    if not orders:
        return None
    done: list[tuple[str, Planned]] = []
    asked: list[tuple[Command, Planned]] = []
    near = ""
    found = evidence(*line, speech, state)
    for one in orders[:MOST]:
        command = parse_line(one.order, speech).command
        # Asking "was that meant?" about what the owner denies, or about somebody else, would be absurd.
        if command is None or one.status == "negated" or not found.may_mean(command):
            continue
        command = command.alone if isinstance(command, Met) else command  # an order of its own for each person
        planned = plan(command, state)
        if isinstance(command, _SUGGESTED) or getattr(command, "verb", "") == "send":
            possible = planned.outcome in {"ok", "ask"}
            near = near or (format_command(command) if possible else "")
        elif _may_do(planned, command, state) and one.status in _SURE and found.proves(command, one.quote):
            done.append((clean(one.order), planned))
            state = state.after(planned.changes)
        elif planned.outcome in {"ok", "ask"}:
            asked.append((command, planned))
    return _together(line[0], done, asked, near if len(near) <= LENGTH else "", state)


def _may_do(planned: Planned, command: Command, state: State) -> bool:
    """Return whether a command can be carried out without a code, and only notes or changes what can be undone."""
    heavy = planned.orders or planned.again or planned.revoke or planned.takes_back or planned.mass
    return planned.outcome == "ok" and not heavy and plan_or_hold(command, state).outcome == "ok"


def _together(
    text: str, done: list[tuple[str, Planned]], asked: list[tuple[Command, Planned]], near: str, state: State
) -> Planned | None:
    say = state.words
    steps = [planned for _order, planned in done]
    effects = [say("prose.order", order=order, effect=planned.effect) for order, planned in done]
    read = say("prose.read", effect="; ".join(effects)) if effects else ""
    if asked:
        # Who of two people is meant is a question of its own, which one word settles.
        steps += [planned for _command, planned in asked if planned.outcome == "ask"]
        settled = [(command, planned) for command, planned in asked if planned.outcome == "ok"]
        steps += [ask_whether(clean(text), settled, state)] if settled else []
    elif near and not done:
        return Planned("unknown", say("unknown.closest", near=near))
    if not steps:
        return None
    effect = "; ".join(filter(None, (read, *(step.effect for step in steps[len(done) :]))))
    changes = tuple(change for step in steps for change in step.changes)
    return Planned("ask" if asked else "ok", effect, changes)
