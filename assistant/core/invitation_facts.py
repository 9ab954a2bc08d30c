"""An Invitation as JSON and back, so that meetings can be judged again from the store."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any

from assistant.core.calendar import Attendee, Invitation, Rule


def invitation_facts(invitation: Invitation) -> str:
    """Return an Invitation as compact JSON; what is empty is left out."""
    told = {key: value for key, value in asdict(invitation).items() if value not in (None, "", (), False)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def read_invitation(text: str) -> Invitation:
    """Return the Invitation that `invitation_facts` wrote down."""
    told: dict[str, Any] = json.loads(text)
    told["attendees"] = tuple(Attendee(*one) for one in told.get("attendees", ()))
    told["organiser"] = Attendee(*told["organiser"]) if "organiser" in told else None
    rule = told.get("rule")
    if rule:
        lists: dict[str, Any] = {key: tuple(value) for key, value in rule.items() if isinstance(value, list)}
        rule = Rule(**{**rule, **lists})
    empty = {"method": "", "recurrence": "", "sequence": 0, "stamp": None, "start": None, "end": None, "summary": ""}
    known = {field.name for field in fields(Invitation)}
    return Invitation(**{**empty, **{key: value for key, value in told.items() if key in known}, "rule": rule})
