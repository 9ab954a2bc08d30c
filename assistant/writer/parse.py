"""From what a model sent to an answer, or a plain reason why it is none.

text -> end of it looked at -> thinking stripped -> largest balanced object -> JSON, mended if whole -> validated
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from assistant.writer.schema import AnswerIn

if TYPE_CHECKING:
    from assistant.writer.client import Reply

_LONGEST: Final = 200_000
_LONGEST_TO_MEND: Final = 20_000
_THINKING = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_CUT_SHORT: Final = frozenset({"length", "max_tokens", "content_filter"})


class UnusableError(Exception):
    """The answer cannot be used; the message is one word: truncated, empty, shape."""


def parse(reply: Reply) -> AnswerIn:
    """Return the validated answer. Raises UnusableError; nothing of the text is in the error."""
    if reply.finish_reason in _CUT_SHORT:
        raise UnusableError("truncated")
    text = _THINKING.sub(" ", reply.text[:_LONGEST])
    text = re.sub(r"^.*</(?:think|thinking|reasoning)>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    if not text.strip():
        raise UnusableError("empty")
    found = largest_object(text)
    if found is None:
        raise UnusableError("truncated" if "{" in text else "shape")
    try:
        return AnswerIn.model_validate(_mended(_load(found)))
    except (ValidationError, ValueError, RecursionError):
        raise UnusableError("shape") from None


def largest_object(text: str) -> str | None:
    """Return the longest balanced {…} of a text, braces within strings not counted; None where none is balanced."""
    best, start, depth, quoted, escaped = "", -1, 0, False, False
    for index, char in enumerate(text):
        if quoted:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                quoted = False
        elif char == '"' and depth:
            quoted = True
        elif char == "{":
            if depth == 0:
                start = index
            depth += 1
        elif char == "}" and depth:
            depth -= 1
            if depth == 0 and index + 1 - start > len(best):
                best = text[start : index + 1]
    return best or None


def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        if len(text) > _LONGEST_TO_MEND:
            raise
        import json_repair

        return json_repair.loads(text)


def _mended(value: Any) -> Any:
    """Put right what servers without schemas get wrong harmlessly: a null quote, one evidence number as a string."""
    if not isinstance(value, dict):
        return value
    for key in ("sentences", "brief"):
        rows = value.get(key)
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict):
                _mend_row(row)
    return value


def _mend_row(row: dict[str, Any]) -> None:
    evidence = row.get("evidence")
    if evidence is None:
        row.pop("evidence", None)
    elif isinstance(evidence, str):
        row["evidence"] = re.findall(r"E\d+", evidence)
    if row.get("quote", "") is None:
        row["quote"] = ""
