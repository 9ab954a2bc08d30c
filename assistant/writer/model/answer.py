"""From what a model sent to an answer, or a plain reason why it is none.

text -> end of it looked at -> thinking stripped -> largest balanced object -> JSON, mended if whole -> validated
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.writer.model.schema import AnswerIn, CommandsIn, LineIn, SentenceIn

if TYPE_CHECKING:
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
    return _validated(AnswerIn, reply)


def parse_commands(reply: Reply) -> tuple[str, ...]:
    """Return the orders of a reply to `reply.j2`, empty for none. Raises UnusableError."""
    return tuple(_validated(CommandsIn, reply).commands)


def _validated(form: type[Form], reply: Reply) -> Form:
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
        return form.model_validate(_mended(_load(found)))
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


def _mended(value: Any) -> Any:
    """Put right what servers without schemas get wrong harmlessly: a null quote, one evidence number as a string.

    A row that still fits no form costs only itself, unless no sentence is left.
    """
    if not isinstance(value, dict):
        return value
    odd: list[str] = []
    for key, form in _ROWS.items():
        rows = value.get(key)
        if not isinstance(rows, list):
            continue
        for row in rows:
            if isinstance(row, dict):
                _mend_row(row)
        good = [row for row in rows if _fits(form, row)]
        if good or key != "sentences":
            odd += [str(row.get("text", "")) for row in rows if isinstance(row, dict) and row not in good]
            value[key] = good
    return {**value, "odd": odd}


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
