"""Export, import and edit the roster as a whole.

    file -> Filed -> Orders: commands, and what could not be used -> the same `obey` as a reply -> one transcript

Imports and edits become commands of the reply grammar, so there is no second way to change the roster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.core.language.translation import joined
from assistant.core.replies.plan.change import kept_on
from assistant.core.replies.plan.roster_state import roster_state
from assistant.errors import ConfigError, UserError
from assistant.rounds.roster_files import export_toml, read_people, read_roster
from assistant.rounds.roster_orders import edits, orders_of
from assistant.store import digests
from assistant.store import roster as kept

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from assistant.core.people.contact_files import UnusableLine
    from assistant.core.replies.grammar.lines import ParsedLine
    from assistant.core.replies.transcript import Transcript
    from assistant.rounds.roster_orders import Orders
    from assistant.store.database import Store

    Say = Callable[[tuple[ParsedLine, ...]], Transcript]


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of an import or an edit; `transcript` is None if nothing was done (a dry run, or nothing to do)."""

    orders: Orders
    transcript: Transcript | None
    dry_run: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the counts, the commands and the problems by line as JSON values."""
        orders = self.orders
        return {
            "kind": orders.kind,
            "rows": orders.rows,
            "new": orders.new,
            "known": orders.known,
            "without_role": orders.without_role,
            "left_out": orders.left_out,
            "asked": orders.asked,
            "commands": [line.text for line in orders.lines()],
            "problems": [{"line": trouble.line, "text": trouble.text} for trouble in _sorted(orders.troubles)],
            "dry_run": self.dry_run,
            "transcript": self.transcript.id if self.transcript else None,
            "changes": self.transcript.changes if self.transcript else 0,
            "outcomes": [
                {"text": line.text, "outcome": line.outcome, "effect": line.effect}
                for line in (self.transcript.lines if self.transcript else ())
            ],
        }

    def lines(self) -> list[str]:
        """Return the same as text: counts, problems by line, then each command with its outcome."""
        told = [_summary(self.orders), *(trouble.sentence() for trouble in _sorted(self.orders.troubles))]
        if self.transcript:
            told += [f"{line.outcome:<7} {line.text}\n        {line.effect}" for line in self.transcript.lines]
            undo = " Take it all back: assistant do undo" if self.transcript.changes else ""
            told.append(f"{self.transcript.changes} changed.{undo}")
        elif self.orders.commands:
            told += [f"would do: {line.text}" for line in self.orders.lines()]
        return told


def export(store: Store) -> str:
    """Return the whole roster as TOML."""
    return export_toml(kept.load_roster(store), kept.all_notes(store), kept_on(kept.settings(store)))


def import_file(
    store: Store, roles: Collection[str], path: Path, role: str | None, say: Say, *, dry_run: bool = False
) -> Result:
    """Import the people in a file. `role` is for everybody in it who has none, `say` obeys lines.

    Raises UserError if the file can't be read or there is no such role.
    """
    if role is not None and role not in roles:
        raise UserError("There is no role {role!r}. The roles are {roles}.", role=role, roles=", ".join(roles))
    filed = read_people(path)
    # The addresses that are asked about already, each with the label of its question.
    asked = (question for question in digests.open_questions(store) if question.key.startswith("same "))
    waiting = {question.key.removeprefix("same "): str(question.payload.get("label", "")) for question in asked}
    orders = orders_of(filed, roster_state(kept.load(store)), kept.all_notes(store), roles, role, waiting)
    return _carry_out(orders, say, dry_run=dry_run)


def apply_edit(store: Store, roles: Collection[str], before: str, after: str, say: Say) -> Result:
    """Turn the differences between two texts of the roster into commands and obey them.

    Raises ConfigError with all problems by line if the new text has any. Nothing is done then.
    """
    new = read_roster(after)
    orders = edits(read_roster(before), new, roster_state(kept.load(store)), roles)
    if orders.troubles:
        raise ConfigError(tuple(joined(["roster", trouble.sentence()]) for trouble in _sorted(orders.troubles)))
    return _carry_out(orders, say)


def _carry_out(orders: Orders, say: Say, *, dry_run: bool = False) -> Result:
    done = say(orders.lines()) if orders.commands and not dry_run else None
    return Result(orders, done, dry_run)


def _summary(orders: Orders) -> str:
    parts = [f"{orders.rows} read", f"{orders.new} new", f"{orders.known} on the roster already"]
    if orders.without_role:
        parts.append(f"{orders.without_role} without a role, not added (give one with --role)")
    asked = f" ({orders.asked} of them asked about)" if orders.asked else ""
    return ", ".join([*parts, f"{orders.left_out} left out{asked}"]) + "."


def _sorted(troubles: list[UnusableLine]) -> list[UnusableLine]:
    return sorted(troubles, key=lambda trouble: trouble.line)
