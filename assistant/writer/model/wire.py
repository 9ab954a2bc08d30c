"""What comes back from a model server: a reply, or why there is none.

whatever the library made of an answer -> Reply;  its errors -> FailedError with what to do about it
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, Literal

Mode = Literal["json_schema", "json_object", "text"]
MODES: Final[tuple[Mode, ...]] = ("json_schema", "json_object", "text")
Option = Literal["temperature", "system"]
Why = Literal["option", "format", "busy", "denied", "missing", "redirect", "late", "unreachable", "garbled", "large"]
GARBLED: Final = "garbled"
_LONGEST_WAIT: Final = 20.0
_SERVER_TROUBLE: Final = range(500, 600)
_ELSEWHERE: Final = range(300, 400)
_NO_REFUSAL: Final = frozenset({401, 402, 403, 404, 405, 408, 410, 429, 502, 503, 504})
"""Statuses that are about who asks, where, or when, and not about what is asked."""
"""RFC 9110, 15.4 and 15.6."""


# What a server may refuse to be sent, by what its refusal names: the error's `param`, else words of its message.
_OPTIONS: Final[dict[Option, tuple[str, ...]]] = {
    "temperature": ("temperature",),
    "system": ("messages[0].role", "system role", "role system", "'system'", '"system"', "`system`", "system message"),
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a server takes a request: the form of answer it is asked for, and what it will not be sent."""

    mode: Mode = MODES[0]
    without: frozenset[Option] = frozenset()

    def text(self) -> str:
        """Return it as it is kept: "json_object", "text without system temperature"."""
        return " ".join([self.mode, *(["without", *sorted(self.without)] if self.without else [])])


def manner_of(text: str | None) -> Manner:
    """Return what was kept of a server; that of an unknown one for None, and for what makes no sense."""
    mode, _, without = (text or "").partition(" without ")
    known = next((one for one in MODES if one == mode), None)
    return Manner(known, frozenset(one for one in _OPTIONS if one in without.split())) if known else Manner()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the text ("" for none), why it ended (None: not said), reported tokens (None: not said)."""

    text: str
    finish_reason: str | None
    prompt_tokens: int | None
    completion_tokens: int | None


class FailedError(Exception):
    """A request that gave no reply: `why` is what to do about it.

    `wait` is the seconds the server asked for, None for none; `option` what it will not be sent, where that is why.
    """

    def __init__(self, why: Why, wait: float | None = None, option: Option | None = None) -> None:
        super().__init__(why)
        self.why: Why = why
        self.wait = wait
        self.option = option


class TooLargeError(Exception):
    """The answer is larger than any answer of use."""


def status_failure(error: Any) -> FailedError:
    """Return what a status other than success asks for: wait, step down, or stop."""
    status = int(error.status_code)
    option = None if status in _NO_REFUSAL else _option(error)
    if option is not None:
        return FailedError("option", option=option)
    if status in {408, 429} or status in _SERVER_TROUBLE:
        hint = _message(error)
        if status in {500, 501} and any(
            word in hint for word in ("response_format", "schema", "grammar", "json_object")
        ):
            return FailedError("format")
        return FailedError("busy", _retry_after(error))
    if status in {401, 402, 403}:
        return FailedError("denied")
    if status in _ELSEWHERE:
        return FailedError("redirect")
    return FailedError("missing" if status in {404, 405, 410} else "format")


def _option(error: Any) -> Option | None:
    """Return what the server will not be sent, None where its refusal names nothing of it."""
    body = error.body if isinstance(error.body, dict) else {}
    param, said = str(body.get("param") or "").lower(), str(body.get("message") or "").lower() or _message(error)
    for words in (param, said):
        found = next((option for option, names in _OPTIONS.items() if any(name in words for name in names)), None)
        if found is not None:
            return found
    return None


def _message(error: Any) -> str:
    try:
        return str(error.response.text)[:4000].lower()
    except Exception:  # noqa: BLE001 -- an unread or broken body says nothing
        return ""


def _retry_after(error: Any) -> float | None:
    value = error.response.headers.get("retry-after", "")
    try:
        return min(max(float(value), 0.0), _LONGEST_WAIT)
    except ValueError:
        return None


def connection_why(error: BaseException) -> Why:
    """Return whether a broken connection was our own doing (too large an answer) or the server's."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, TooLargeError):
            return "large"
        cause = cause.__cause__ or cause.__context__
    return "unreachable"


def reply_of(answer: Any) -> Reply:
    """Read what the library made of the answer: its own object, or plain text where the server named no JSON."""
    if isinstance(answer, str):
        try:
            answer = json.loads(answer)
        except ValueError:
            raise FailedError(GARBLED) from None
    choices = _get(answer, "choices")
    if not isinstance(choices, list) or not choices:
        raise FailedError(GARBLED)
    text = _get(_get(choices[0], "message"), "content")
    if isinstance(text, list):
        text = "".join(str(_get(part, "text") or "") for part in text)
    usage = _get(answer, "usage")
    reason = _get(choices[0], "finish_reason")
    counts = (_count(_get(usage, "prompt_tokens")), _count(_get(usage, "completion_tokens")))
    return Reply(text if isinstance(text, str) else "", reason if isinstance(reason, str) else None, *counts)


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
