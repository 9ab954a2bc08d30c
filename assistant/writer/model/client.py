"""One request to a model server, and its reply or why there is none.

    Prompt -> arguments -> openai_client -> wire -> Reply or FailedError

Every request has a deadline of its own: a timer closes the socket under it, since a server that sends a byte a second
outlives any timeout between two reads.
"""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from assistant.writer.model.wire import GARBLED, FailedError, connection_why, reply_of, status_failure

if TYPE_CHECKING:
    from assistant.writer.model.prompts import Prompt
    from assistant.writer.model.wire import Manner, Reply

LATE: Final = "late"


class Line:
    """A line to one server for one person's requests; close it when done."""

    def __init__(self, base_url: str, model: str, temperature: float, key: str | None) -> None:
        from assistant.writer.model.openai_client import open_client

        self.base_url, self.model, self.temperature = base_url, model, temperature
        self._sockets: list[socket.socket] = []  # each as it is opened, so that the deadline can close it
        self._client = open_client(base_url, key, self._sockets.append)

    def ask(self, prompt: Prompt, manner: Manner, seconds: float, *, again: bool = False) -> Reply:
        """Send one request and return the reply. Raises FailedError; never takes longer than about `seconds`."""
        late = threading.Event()
        timer = threading.Timer(seconds, self._hang_up, (late,))
        timer.daemon = True
        timer.start()
        try:
            return self._send(prompt, manner, seconds, again=again)
        except FailedError as failure:
            raise FailedError(LATE) if late.is_set() else failure from None
        finally:
            timer.cancel()
            self._sockets.clear()

    def body(self, prompt: Prompt, manner: Manner) -> bytes:
        """Return the very bytes `ask` would send, without sending them."""
        from assistant.writer.model.openai_client import body_of

        return body_of(self.base_url, self._arguments(prompt, manner, again=False))

    def close(self) -> None:
        """Close the line; never raises."""
        self._hang_up(threading.Event())
        self._client.close()

    def _arguments(self, prompt: Prompt, manner: Manner, *, again: bool) -> dict[str, Any]:
        system = f"{prompt.system}\n\n{prompt.again}" if again else prompt.system
        messages = [{"role": "system", "content": system}, {"role": "user", "content": prompt.user}]
        if "system" in manner.without:
            messages = [{"role": "user", "content": f"{system}\n\n{prompt.user}"}]
        arguments: dict[str, Any] = {"model": self.model, "messages": messages}
        if "temperature" not in manner.without:
            arguments["temperature"] = self.temperature if prompt.temperature is None else prompt.temperature
        if manner.mode == "json_schema":
            from assistant.writer.model.schema import WORDS_SCHEMA

            form = {"name": "words", "schema": prompt.schema or WORDS_SCHEMA, "strict": True}
            arguments["response_format"] = {"type": "json_schema", "json_schema": form}
        elif manner.mode == "json_object":
            arguments["response_format"] = {"type": "json_object"}
        return arguments

    def _send(self, prompt: Prompt, manner: Manner, seconds: float, *, again: bool) -> Reply:
        import openai

        try:
            arguments = self._arguments(prompt, manner, again=again)
            answer = self._client.chat.completions.create(**arguments, timeout=seconds)
        except openai.APIStatusError as error:
            raise status_failure(error) from None
        except openai.APITimeoutError:
            raise FailedError(LATE) from None
        except openai.APIConnectionError as error:
            raise FailedError(connection_why(error)) from None
        except Exception:  # noqa: BLE001 -- whatever a broken answer makes the library raise
            raise FailedError(GARBLED) from None
        return reply_of(answer)

    def _hang_up(self, late: threading.Event) -> None:
        late.set()
        for found in list(self._sockets):
            try:
                found.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


def pause(seconds: float) -> None:
    """Wait before asking again."""
    time.sleep(seconds)
