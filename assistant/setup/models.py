"""Finds a language model that runs on this machine, and tries one with a short question."""

from __future__ import annotations

import http.client
import json
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from assistant.config.values import is_loopback
from assistant.core.language.translation import Translatable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.writer.model.client import Line
    from assistant.writer.model.prompts import Prompt
    from assistant.writer.model.wire import Manner, Reply

# The default ports of Ollama, LM Studio and llama.cpp.
PORTS: Final = (11434, 1234, 8080)
_SECONDS: Final = 1.0
# A model on this machine has to be loaded before its first answer.
_TRY_SECONDS: Final = 120.0
_LARGEST: Final = 256 * 1024
# Servers list these beside models that write, and set-up would propose the first one.
_NOT_FOR_TEXT: Final = ("embed", "whisper", "rerank", "tts", "clip")
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class Running:
    """A model server that answers: its address including /v1, and the models it names."""

    base_url: str
    models: tuple[str, ...]


def running(ports: Sequence[int] = PORTS) -> Running | None:
    """Return the first server on this machine that names a model for text, None if there is none. Takes a second."""
    found: dict[int, tuple[str, ...]] = {}

    def look(port: int) -> None:
        found[port] = models_of(f"http://127.0.0.1:{port}/v1", None, _SECONDS)

    threads = [threading.Thread(target=look, args=(port,), daemon=True) for port in ports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_SECONDS + 0.5)
    return next((Running(f"http://127.0.0.1:{port}/v1", found[port]) for port in ports if found.get(port)), None)


def models_of(base_url: str, key: str | None, seconds: float = 10.0) -> tuple[str, ...]:
    """Return the models for text that a server names (GET /models); empty if it doesn't answer."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    # The key must not cross the network unencrypted.
    if parts.scheme != "https" and not is_loopback(host):
        return ()
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(host, parts.port, timeout=seconds)
    try:
        headers = {"Accept": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}
        line.request("GET", f"{parts.path.rstrip('/')}/models", headers=headers)
        answer = line.getresponse()
        content = answer.read(_LARGEST)
        return _names(json.loads(content)) if answer.status == _OK else ()
    except (OSError, http.client.HTTPException, ValueError):
        return ()
    finally:
        line.close()


def _names(value: Any) -> tuple[str, ...]:
    rows = value.get("data") if isinstance(value, dict) else None
    names = [row.get("id") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return tuple(
        name
        for name in names
        if isinstance(name, str) and name.isprintable() and not any(word in name.lower() for word in _NOT_FOR_TEXT)
    )


def problem_of(base_url: str, model: str, key: str | None) -> str | None:
    """Ask the model one short question. Return None if it answers, else a sentence that says why not."""
    from assistant.writer.model.client import Line
    from assistant.writer.model.prompts import Prompt
    from assistant.writer.model.wire import FailedError, Manner

    line = Line(base_url, model, 0.0, key)
    try:
        reply = _asked(line, Prompt("Answer with one word.", "Say yes.", ""), Manner("text"))
    except FailedError as failure:
        return Translatable(_WHY.get(failure.why, _UNUSABLE), place=urlsplit(base_url).netloc.rpartition("@")[2])
    finally:
        line.close()
    return None if reply.text.strip() else Translatable("The model gave an empty answer.")


def _asked(line: Line, prompt: Prompt, manner: Manner) -> Reply:
    # Servers differ in which options they take, so each refused one is left out and the question asked again.
    from assistant.writer.model.wire import FailedError

    try:
        return line.ask(prompt, manner, _TRY_SECONDS)
    except FailedError as failure:
        if failure.option is None or failure.option in manner.without:
            raise
        return _asked(line, prompt, replace(manner, without=manner.without | {failure.option}))


_UNUSABLE: Final = "The model server {place} sent an answer that can't be used."
_WHY: Final[dict[str, str]] = {
    "busy": "The model server {place} is too busy just now, or the account has no credit.",
    "denied": "The model server {place} refused the key.",
    "missing": "The model server {place} does not know that model, or the address is wrong (it ends in /v1).",
    "redirect": "The model server {place} redirects; write the address it redirects to.",
    "late": "The model did not answer within two minutes.",
    "unreachable": "The model server {place} could not be reached.",
}
