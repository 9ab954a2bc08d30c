"""What a model is asked to answer with, on the wire and as it is held to afterwards.

Three answers about a person: the words (WORDS), the verdicts on them (VERDICTS), other sentences for some (REPAIR).
One about an answer of the owner's: what its lines order (READING).
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.core.replies.reading.read_orders import STATUSES, Status

KINDS: Final = ("greeting", "fact", "why", "ask", "warmth")
"""No sign-off: that is the owner's, and so is the greeting where it is known."""
HEADINGS: Final = ("left_off", "remember", "advice", "tell", "ask", "motives", "next_step")
MOST_ORDERS: Final = 60
"""Orders of one answer that are looked at."""
VERDICTS: Final = ("supported", "courtesy", "unsupported")
_TEXT: Final[dict[str, Any]] = {"type": "string"}
_NUMBER: Final[dict[str, Any]] = {"type": "integer"}
_NUMBERS: Final[dict[str, Any]] = {"type": "array", "items": {"type": "string"}}
_RESTS_ON: Final = {"text": _TEXT, "evidence": _NUMBERS, "quote": _TEXT}


def _object(**fields: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object with exactly these fields.

    Without pattern, format or length keywords: servers half-support those, and pydantic enforces them after.
    """
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _rows(**fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(**fields)}


def _one_of(names: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": list(names)}


WORDS_SCHEMA: Final = _object(
    subject=_TEXT,
    sentences=_rows(kind=_one_of(KINDS), **_RESTS_ON),
    brief=_rows(heading=_one_of(HEADINGS), **_RESTS_ON),
    abstain={"type": "boolean"},
)
VERDICTS_SCHEMA: Final = _object(
    verdicts=_rows(sentence=_NUMBER, verdict=_one_of(VERDICTS), evidence=_TEXT, quote=_TEXT)
)
REPAIR_SCHEMA: Final = _object(sentences=_rows(sentence=_NUMBER, **_RESTS_ON))
READING_SCHEMA: Final = _object(orders=_rows(line=_NUMBER, order=_TEXT, quote=_TEXT, status=_one_of(STATUSES)))


class _Row(BaseModel):
    """What every sentence of a model's says: its text and what it rests on."""

    model_config = ConfigDict(strict=True, extra="ignore")
    text: str = Field(min_length=1, max_length=600)
    evidence: list[str] = Field(default_factory=list, max_length=20)
    quote: str = Field(default="", max_length=1500)


class SentenceIn(_Row):
    """One sentence of the draft as a model gives it."""

    kind: Literal["greeting", "fact", "why", "ask", "warmth", "close"]


class LineIn(_Row):
    """One line of the brief as a model gives it; "avoid" and "opening" come from prompts of an owner's own."""

    heading: Literal["left_off", "remember", "advice", "tell", "ask", "avoid", "opening", "motives", "next_step"]


class AnswerIn(BaseModel):
    """The whole answer; keys nobody asked for (recipients, say) are never read."""

    model_config = ConfigDict(strict=True, extra="ignore")
    subject: str = Field(max_length=200)
    sentences: list[SentenceIn] = Field(max_length=30)
    brief: list[LineIn] = Field(default_factory=list, max_length=20)
    abstain: bool = False
    odd: list[str] = Field(default_factory=list)
    """Texts of rows that fit no form, left out by `parse`; a model's own key of that name is never read."""


class VerdictIn(BaseModel):
    """What the verifier says of one numbered sentence; `evidence` is one number ("E3"), "" for none."""

    model_config = ConfigDict(strict=True, extra="ignore")
    sentence: int
    verdict: Literal["supported", "courtesy", "unsupported"]
    evidence: str = Field(default="", max_length=100)
    quote: str = Field(default="", max_length=1500)


class VerdictsIn(BaseModel):
    """All verdicts of one answer; rows of no known form are left out by `parse_verdicts`."""

    model_config = ConfigDict(strict=True, extra="ignore")
    verdicts: list[VerdictIn] = Field(max_length=100)


class RepairedIn(_Row):
    """Another text for one numbered sentence.

    A server that answers with the whole draft once more gives kinds and headings in place of numbers.
    """

    sentence: int | None = None
    kind: str = ""
    heading: str = ""


class RepairIn(BaseModel):
    """All texts of a repair; `brief` is empty but for a server that answers with the whole draft once more."""

    model_config = ConfigDict(strict=True, extra="ignore")
    sentences: list[RepairedIn] = Field(max_length=40)
    brief: list[RepairedIn] = Field(default_factory=list, max_length=20)


class OrderIn(BaseModel):
    """One order that a model read in a numbered line, with the words of that line it rests on."""

    model_config = ConfigDict(strict=True, extra="ignore")
    line: int
    order: str = Field(min_length=1, max_length=1000)
    quote: str = Field(min_length=1, max_length=1000)
    status: Status


class ReadingIn(BaseModel):
    """All orders of an answer. `parse_reading` leaves out rows of no known form and what is too much."""

    model_config = ConfigDict(strict=True, extra="ignore")
    orders: list[OrderIn] = Field(max_length=MOST_ORDERS)
