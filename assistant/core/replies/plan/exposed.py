"""What an answer may still do when somebody else has our message too (docs/replies.md).

They know its Message-ID, its proof and its links, so an answer to it may contain their words. Harmless orders are
carried out. Those with weight ask for a code, which comes in a message that only the owner gets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.core.replies.grammar.commands import Command, Undo
from assistant.core.replies.grammar.spelling import format_command
from assistant.core.replies.plan.state import Planned, State

if TYPE_CHECKING:
    from assistant.core.replies.plan.change import Change


def hold_if_exposed(command: Command, planned: Planned, state: State) -> Planned | None:
    """Return what becomes of a plan with too much weight for an exposed message, None for any other plan."""
    if not state.reply.exposed or not (_has_weight(planned) or (state.reply.tapped and planned.revoke)):
        return None
    # Others have the links too, so a link does only what is harmless. An undo belongs under its own transcript.
    if state.reply.tapped or isinstance(command, Undo):
        return Planned("refused", state.words("exposed.tap" if state.reply.tapped else "exposed.undo"))
    effect = state.words("confirm.exposed", effect=planned.effect, code=state.reply.code)
    return Planned("ask", effect, held=planned.held or (format_command(command),), mass=planned.mass)


def _has_weight(planned: Planned) -> bool:
    """Return whether something goes out, or somebody joins or leaves the roster, or an address changes hands."""
    return bool(planned.orders or planned.again) or any(map(_changes_roster, planned.changes))


def _changes_roster(change: Change) -> bool:
    if change.entity == "person":
        return _on_roster(change.before) != _on_roster(change.after)
    return change.entity == "belongs"


def _on_roster(person: Any) -> bool:
    return person is not None and person["status"] != "dropped"
