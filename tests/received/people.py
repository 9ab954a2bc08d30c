"""Puts people on the roster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.core.replies.plan.change import Change
from assistant.store.roster import apply_changes

if TYPE_CHECKING:
    from assistant.store.database import Store


def handle_of(name: str) -> str:
    return name.lower().replace(" ", "-").replace("ë", "e")


def add_people(store: Store, *people: tuple[str, str], status: str = "active") -> None:
    """Add people, or change their status, each as (name, normal address)."""
    changes = []
    for name, address in people:
        value: dict[str, Any] = {
            "name": name, "role": "mentor", "cadence_days": None, "status": status, "goal": None, "until": None,
            "favourite": False, "hoped": False, "snoozed_until": None,
        }  # fmt: skip
        changes.append(Change("person", handle_of(name), None, value, "add"))
        changes.append(Change("belongs", f"{address} {handle_of(name)}", None, {"lane": "said", "since": 1}, "add"))
    apply_changes(store, changes, "T1", "owner", 1)
