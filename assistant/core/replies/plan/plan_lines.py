"""Plan all lines of a reply, each on the roster as the lines before it left it (docs/replies.md).

line ─┬─> a command ─> decide
      ├─> a word ────> settles an open question
      └─> neither ───> what the model read in it, else "unknown" with the closest command
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.core.replies.grammar.cleaning import clean
from assistant.core.replies.grammar.command_words import spans
from assistant.core.replies.grammar.commands import Met, Pause, Plain, Tell
from assistant.core.replies.grammar.pieces import takes_back
from assistant.core.replies.grammar.spelling import format_command
from assistant.core.replies.grammar.suggest import closest_command
from assistant.core.replies.plan.answer import hold, plan_bare_answer, plan_sentence
from assistant.core.replies.plan.plain_orders import named_in, plan_plain, plan_several
from assistant.core.replies.plan.plan import plan_or_hold
from assistant.core.replies.plan.state import Planned, State
from assistant.core.replies.reading.plan_read import planned_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.replies.grammar.commands import Command
    from assistant.core.replies.grammar.lines import ParsedLine, Speech
    from assistant.core.replies.plan.roster_state import RosterState
    from assistant.core.replies.reading.read_orders import Read

MASS = 5  # more changes than this at once to what exists ask for a code
SMALL = 4  # on a roster of fewer people every change looks like a sweep
SUGGESTIONS = 40  # lines that get a closest command; looking for one costs more than anything else


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line and its plan."""

    line: ParsedLine
    planned: Planned


@dataclass(frozen=True, slots=True)
class PlannedLines:
    """The plan of each line, and the state after the last one."""

    steps: tuple[PlannedLine, ...]
    state: State


def plan_lines(lines: Sequence[ParsedLine], speech: Speech, state: State, read: Read | None = None) -> PlannedLines:
    """Return what the lines do, in order. `read` has the orders that a model read in some of them, by line.

    Mass changes and sweeps are held for a code (docs/reliability.md).
    """
    planned = _in_turn(lines, speech, state, read or {})
    mass = sum(step.planned.mass for step in planned.steps)
    if mass > MASS or (mass and _sweeps(state.roster, planned.state.roster)):
        # Lines that wait for a code change nothing. So the others are planned again, without their changes.
        planned = _in_turn(lines, speech, replace(state, hold=True), read or {})
    return _with_code(planned)


def suggest(planned: PlannedLines, speech: Speech) -> PlannedLines:
    """Return the plan with a sentence for each line that isn't understood: the closest command, if there is one."""
    say = planned.state.words
    steps = list(planned.steps)
    bare = [index for index, step in enumerate(steps) if (step.planned.outcome, step.planned.effect) == ("unknown", "")]
    for count, index in enumerate(bare):
        near = closest_command(steps[index].line.text, speech) if count < SUGGESTIONS else None
        effect = say("unknown.closest", near=near) if near else say("unknown")
        steps[index] = PlannedLine(steps[index].line, Planned("unknown", effect))
    return replace(planned, steps=tuple(steps))


def _in_turn(lines: Sequence[ParsedLine], speech: Speech, state: State, read: Read) -> PlannedLines:
    steps = []
    state = state.after(())  # a copy, since the plan may not be carried out
    for line in lines:
        planned = _plan_line(line, speech, state, read)
        state.roster.apply(planned.changes)
        steps.append(PlannedLine(line, planned))
    return PlannedLines(tuple(steps), state)


def _plan_line(line: ParsedLine, speech: Speech, state: State, read: Read) -> Planned:
    if line.noise and not (line.place and "?" in line.text):  # "?" under a candidate is a question
        return Planned("noise", "")
    if line.problem:
        return Planned("refused", state.words("problem", problem=line.problem))
    # A tap allows its own order and nothing beside it; only the lines of a sheet have a place there.
    plain_words = not state.reply.tapped or bool(line.place)
    told = line.command.note if isinstance(line.command, Met) else ""
    told = line.command.text if isinstance(line.command, Tell) and line.command.kind == "win" else told
    if plain_words and told:
        several = plan_several(line.text, line.place, speech, state)
        if several:
            return several
    planned: Planned | None
    if isinstance(line.command, Pause | Plain) and line.place:
        # "Stop" under a card is hardly about all of these mails.
        planned = Planned("refused", state.words("unknown.closest", near=format_command(line.command)))
    elif line.command and not (plain_words and _is_taken_back(line.command, speech, state)):
        planned = plan_or_hold(line.command, state)
    else:
        planned = plan_sentence(line.text, state, plan_or_hold) or plan_bare_answer(line.text, state, plan_or_hold)
    if planned is None or planned.outcome == "unknown":
        plain = plan_plain(line.text, line.place, speech, state) if plain_words else None
        if plain and plain.outcome in {"ok", "noise"}:
            return plain
        # Of a list in which somebody isn't known, the one who isn't is named.
        listed = isinstance(line.command, Met) and bool(line.command.lists)
        planned = planned if listed and planned else plain or planned
        return planned_from((line.text, line.place), read, speech, state) or planned or Planned("unknown", "")
    return planned


def _is_taken_back(command: Command, speech: Speech, state: State) -> bool:
    """Return whether the note of a contact says that it may have been another one, or none: "met Ruth, no, Léa"."""
    return isinstance(command, Met) and takes_back(spans(clean(command.note), speech, named_in(state)))


def _sweeps(before: RosterState, after: RosterState) -> bool:
    """Return whether a role of two or more is emptied or half the roster goes, which is more likely a slip."""
    now = {person.handle: person.role for person in after.active()}
    were = {person.handle: person.role for person in before.active()}
    if len(were) < SMALL:
        return False
    roles = Counter(were.values())
    emptied = any(count > 1 and role not in now.values() for role, count in roles.items())
    return emptied or sum(handle not in now for handle in were) * 2 >= len(were)


def _with_code(planned: PlannedLines) -> PlannedLines:
    """Return the plan with the question that keeps all held commands, asked by the last of their lines."""
    waiting = [index for index, step in enumerate(planned.steps) if step.planned.held]
    held = tuple(text for step in planned.steps if step.planned.outcome == "ask" for text in step.planned.held)
    if not held:
        return planned
    change = hold(held, planned.state)
    steps = list(planned.steps)
    last = steps[waiting[-1]]
    steps[waiting[-1]] = replace(last, planned=replace(last.planned, changes=(*last.planned.changes, change)))
    return PlannedLines(tuple(steps), planned.state.after((change,)))
