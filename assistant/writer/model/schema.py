"""What a model is asked to answer with, on the wire and as it is held to afterwards."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

KINDS: Final = ("greeting", "fact", "why", "ask", "warmth", "close")
HEADINGS: Final = ("left_off", "advice", "tell", "ask", "avoid", "opening", "motives", "next_step")


def _rows(key: str, names: tuple[str, ...]) -> dict[str, Any]:
    fields = {
        key: {"type": "string", "enum": list(names)},
        "text": {"type": "string"},
        "evidence": {"type": "array", "items": {"type": "string"}},
        "quote": {"type": "string"},
    }
    item = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    return {"type": "array", "items": item}


_FIELDS: Final = {
    "subject": {"type": "string"},
    "sentences": _rows("kind", KINDS),
    "brief": _rows("heading", HEADINGS),
    "abstain": {"type": "boolean"},
}
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": _FIELDS,
    "required": list(_FIELDS),
    "additionalProperties": False,
}
"""Without pattern, format or length keywords: servers half-support those, and pydantic enforces them after."""


COMMANDS_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"commands": {"type": "array", "items": {"type": "string"}}},
    "required": ["commands"],
    "additionalProperties": False,
}
"""Lines of the reply grammar."""


class SentenceIn(BaseModel):
    """One sentence of the draft as a model gives it."""

    model_config = ConfigDict(strict=True, extra="ignore")
    kind: Literal["greeting", "fact", "why", "ask", "warmth", "close"]
    text: str = Field(min_length=1, max_length=600)
    evidence: list[str] = Field(default_factory=list, max_length=20)
    quote: str = Field(default="", max_length=1500)


class LineIn(BaseModel):
    """One line of the brief as a model gives it."""

    model_config = ConfigDict(strict=True, extra="ignore")
    heading: Literal["left_off", "advice", "tell", "ask", "avoid", "opening", "motives", "next_step"]
    text: str = Field(min_length=1, max_length=600)
    evidence: list[str] = Field(default_factory=list, max_length=20)
    quote: str = Field(default="", max_length=1500)


class AnswerIn(BaseModel):
    """The whole answer; keys nobody asked for (recipients, say) are never read."""

    model_config = ConfigDict(strict=True, extra="ignore")
    subject: str = Field(max_length=200)
    sentences: list[SentenceIn] = Field(max_length=30)
    brief: list[LineIn] = Field(default_factory=list, max_length=20)
    abstain: bool = False
    odd: list[str] = Field(default_factory=list)
    """Texts of rows that fit no form, left out by `parse`; a model's own key of that name is never read."""


class CommandsIn(BaseModel):
    """The orders a model read out of one line of the owner's; each is read again by our own grammar."""

    model_config = ConfigDict(strict=True, extra="ignore")
    commands: list[str] = Field(max_length=20)
