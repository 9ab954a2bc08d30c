"""From what a model sent to an answer, or a plain reason why it is none.

text -> end of it looked at -> thinking stripped -> largest balanced object -> JSON, mended if whole -> validated
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.writer.model.schema import (
    MOST_ORDERS,
    AnswerIn,
    LineIn,
    OrderIn,
    ReadingIn,
    RepairedIn,
    RepairIn,
    SentenceIn,
    VerdictIn,
    VerdictsIn,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.writer.model.wire import Reply

Form = TypeVar("Form", bound=BaseModel)
_LONGEST: Final = 200_000
_LONGEST_TO_MEND: Final = 20_000
_THINKING = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_BRACE_OR_STRING = re.compile(r'[{}]|"(?:[^"\\]|\\.)*"', re.DOTALL)
_MOST_STARTS: Final = 50
"""Opening braces tried as the beginning of an object: prose round it may hold some of its own."""
_ROWS: Final[dict[str, type[BaseModel]]] = {"sentences": SentenceIn, "brief": LineIn}
_CUT_SHORT: Final = frozenset({"length", "max_tokens", "content_filter"})


TRUNCATED, EMPTY, SHAPE = "truncated", "empty", "shape"


class UnusableError(Exception):
    """The answer cannot be used; the message is one word: truncated, empty, shape."""


def parse(reply: Reply) -> AnswerIn:
    """Return the validated answer. Raises UnusableError; nothing of the text is in the error."""
    return _validated(AnswerIn, reply, _mended_answer)


def parse_verdicts(reply: Reply) -> tuple[VerdictIn, ...]:
    """Return the verdicts in an answer, rows of no known form left out. Raises UnusableError for no list of them."""
    return tuple(_validated(VerdictsIn, reply, _mended_verdicts).verdicts)


def parse_repair(reply: Reply) -> RepairIn:
    """Return the sentences of an answer to `repair.j2`. Raises UnusableError."""
    return _validated(RepairIn, reply, _mended_repair)


def parse_reading(reply: Reply) -> tuple[OrderIn, ...]:
    """Return the orders of an answer to `reply.j2`, at most 60, empty for none. Raises UnusableError."""
    return tuple(_validated(ReadingIn, reply, _mended_reading).orders)


def _validated(form: type[Form], reply: Reply, mend: Callable[[dict[str, Any]], dict[str, Any]] | None = None) -> Form:
    if reply.finish_reason in _CUT_SHORT:
        raise UnusableError(TRUNCATED)
    text = _THINKING.sub(" ", reply.text[:_LONGEST])
    text = re.sub(r"^.*</(?:think|thinking|reasoning)>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    if not text.strip():
        raise UnusableError(EMPTY)
    found = largest_object(text)
    if found is None:
        raise UnusableError(TRUNCATED if "{" in text else SHAPE)
    try:
        value = _load(found)
        return form.model_validate(mend(value) if mend and isinstance(value, dict) else value)
    except (ValidationError, ValueError, RecursionError):
        raise UnusableError(SHAPE) from None


def largest_object(text: str) -> str | None:
    """Return the longest balanced {…} of a text, braces within strings not counted; None where none is balanced."""
    best, position = "", 0
    for _ in range(_MOST_STARTS):
        start = text.find("{", position)
        if start < 0:
            break
        end = _balanced_end(text, start)
        best = max(best, text[start : end or start], key=len)
        position = end or start + 1
    return best or None


def _balanced_end(text: str, start: int) -> int | None:
    """Return where the object that begins at `start` ends, None where its braces never balance."""
    depth = 0
    for match in _BRACE_OR_STRING.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return None


def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        if len(text) > _LONGEST_TO_MEND:
            raise
        import json_repair

        return json_repair.loads(text)


def _mended_answer(value: dict[str, Any]) -> dict[str, Any]:
    """Put right what servers without schemas get wrong harmlessly: a null quote, one evidence number as a string.

    A row that still fits no form costs only itself, unless no sentence is left.
    """
    odd: list[str] = []
    for key, form in _ROWS.items():
        rows = _mended_rows(value.get(key))
        good = [row for row in rows if _fits(form, row)]
        if good or (key != "sentences" and key in value):
            odd += [str(row.get("text", "")) for row in rows if isinstance(row, dict) and row not in good]
            value[key] = good
    return {**value, "odd": odd}


def _mended_reading(value: dict[str, Any]) -> dict[str, Any]:
    """Leave out rows of no known form; an order that comes without a quote rests on nothing."""
    rows = value.get("orders")
    return {"orders": [row for row in rows if _fits(OrderIn, row)][:MOST_ORDERS]} if isinstance(rows, list) else value


def _mended_verdicts(value: dict[str, Any]) -> dict[str, Any]:
    rows = value.get("verdicts")
    if not isinstance(rows, list):
        return value
    for row in rows:
        if isinstance(row, dict):
            _mend_verdict(row)
    return {"verdicts": [row for row in rows if _fits(VerdictIn, row)]}


def _mended_repair(value: dict[str, Any]) -> dict[str, Any]:
    rows = {key: _mended_rows(value[key]) for key in ("sentences", "brief") if key in value}
    return {key: [row for row in found if _fits(RepairedIn, row)] for key, found in rows.items()}


def _mended_rows(rows: object) -> list[Any]:
    if not isinstance(rows, list):
        return []
    for row in rows:
        if isinstance(row, dict):
            _mend_row(row)
    return rows


def _fits(form: type[BaseModel], row: object) -> bool:
    try:
        form.model_validate(row)
    except ValidationError:
        return False
    return True


def _mend_row(row: dict[str, Any]) -> None:
    evidence = row.get("evidence")
    if evidence is None:
        row.pop("evidence", None)
    elif isinstance(evidence, str):
        row["evidence"] = re.findall(r"E\d+", evidence)
    if row.get("quote", "") is None:
        row["quote"] = ""
    if isinstance(row.get("sentence"), str):
        row["sentence"] = _number(row["sentence"])


def _mend_verdict(row: dict[str, Any]) -> None:
    """Put right one verdict: evidence as a list of one, null for nothing, a number as a string, a word in capitals."""
    evidence = row.get("evidence")
    row["evidence"] = " ".join(str(part) for part in evidence) if isinstance(evidence, list) else evidence or ""
    row["quote"] = row.get("quote") or ""
    if isinstance(row.get("sentence"), str):
        row["sentence"] = _number(row["sentence"])
    if isinstance(row.get("verdict"), str):
        row["verdict"] = row["verdict"].strip().lower()


def _number(text: str) -> int | None:
    found = re.fullmatch(r"\D{0,12}(\d{1,3})\D{0,3}", text)
    return int(found[1]) if found else None
