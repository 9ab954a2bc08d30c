"""One request to a model server, with everything around it that keeps the owner's words where they belong.

    messages -> an openai client of our own making: no environment, no redirect, no proxy on loopback -> Reply

Every request has a deadline of its own: a timer closes the socket under it, since a server that sends a byte a second
outlives any timeout between two reads.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from assistant.config.values import is_loopback
from assistant.writer.model.wire import GARBLED, FailedError, TooLargeError, connection_why, reply_of, status_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx2
    from openai import OpenAI

    from assistant.writer.model.prompts import Prompt
    from assistant.writer.model.wire import Manner, Reply

ANSWER_LIMIT: Final = 1024 * 1024
"""Bytes of one answer; nothing of use is larger."""
LATE: Final = "late"
_KEPT_HEADERS: Final = frozenset({"host", "accept", "content-type", "content-length", "user-agent", "connection"})
_LOGGERS: Final = ("openai", "httpx2", "httpcore2")


class CapturedError(Exception):
    """Raised in place of sending, when only the bytes are wanted."""

    def __init__(self, body: bytes) -> None:
        super().__init__("captured")
        self.body = body


class Line:
    """A line to one server for one person's requests; close it when done."""

    def __init__(self, base_url: str, model: str, temperature: float, key: str | None) -> None:
        self.base_url, self.model, self.temperature = base_url, model, temperature
        self._sockets: list[socket.socket] = []
        self._capture = False
        self._client = self._open(key)

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
        self._capture = True
        try:
            self._client.chat.completions.create(**self._arguments(prompt, manner, again=False))
        except Exception as error:
            cause: BaseException | None = error
            while cause is not None:
                if isinstance(cause, CapturedError):
                    return cause.body
                cause = cause.__cause__ or cause.__context__
            raise
        finally:
            self._capture = False
        return b""

    def close(self) -> None:
        """Close the line; never raises."""
        self._hang_up(threading.Event())
        self._client.close()

    def _open(self, key: str | None) -> OpenAI:
        import httpx2

        for name in _LOGGERS:
            # Their debug lines hold headers and whole bodies, and OPENAI_LOG would turn them on.
            logging.getLogger(name).setLevel(logging.WARNING)
        http = httpx2.Client(
            follow_redirects=False,
            trust_env=not is_loopback(self.base_url),
            event_hooks={"request": [self._on_request(key)], "response": [self._on_response]},
        )
        # The library wants a key; without one of the owner's the header is dropped before anything is sent.
        return _client_class()(
            api_key=key or "none",
            base_url=self.base_url,
            organization="",
            project="",
            webhook_secret="",
            admin_api_key="",
            max_retries=0,
            http_client=http,
        )

    def _arguments(self, prompt: Prompt, manner: Manner, *, again: bool) -> dict[str, Any]:
        system = f"{prompt.system}\n\n{prompt.again}" if again else prompt.system
        messages = [{"role": "system", "content": system}, {"role": "user", "content": prompt.user}]
        if "system" in manner.without:
            messages = [{"role": "user", "content": f"{system}\n\n{prompt.user}"}]
        arguments: dict[str, Any] = {"model": self.model, "messages": messages}
        if "temperature" not in manner.without:
            arguments["temperature"] = self.temperature
        if manner.mode == "json_schema":
            from assistant.writer.model.schema import SCHEMA

            form = {"name": "words", "schema": prompt.schema or SCHEMA, "strict": True}
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

    def _on_request(self, key: str | None) -> Callable[[httpx2.Request], None]:
        def prepare(request: httpx2.Request) -> None:
            if self._capture:
                raise CapturedError(request.content)
            for name in [name for name in request.headers if name.lower() not in _KEPT_HEADERS]:
                del request.headers[name]
            request.headers["user-agent"] = "career-assistant"
            request.headers["accept-encoding"] = "identity"
            if key:
                request.headers["authorization"] = f"Bearer {key}"
            request.extensions = {**request.extensions, "trace": self._trace}

        return prepare

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        """Keep each socket as it is opened, so that the deadline can close it."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            found = info["return_value"].get_extra_info("socket")
            if found is not None:
                self._sockets.append(found)

    def _on_response(self, response: httpx2.Response) -> None:
        length = response.headers.get("content-length", "0")
        if (length.isdigit() and int(length) > ANSWER_LIMIT) or response.headers.get("content-encoding"):
            raise TooLargeError
        response.stream = _Bounded(response.stream)

    def _hang_up(self, late: threading.Event) -> None:
        late.set()
        for found in list(self._sockets):
            try:
                found.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


def _bounded_base() -> type:
    import httpx2

    return httpx2.SyncByteStream


class _Bounded:
    """A response's bytes up to ANSWER_LIMIT. Raises TooLargeError beyond."""

    def __new__(cls, stream: Any) -> Any:
        """Return a stream of the library's own kind (its class is only known once the library is loaded)."""

        class Stream(_bounded_base()):  # type: ignore[misc]
            def __iter__(self) -> Iterator[bytes]:
                size = 0
                for chunk in stream:
                    size += len(chunk)
                    if size > ANSWER_LIMIT:
                        raise TooLargeError
                    yield chunk

            def close(self) -> None:
                stream.close()

        return Stream()


def _client_class() -> type[OpenAI]:
    from openai import OpenAI

    class Client(OpenAI):
        """The library's client without the headers it takes from OPENAI_CUSTOM_HEADERS and its like."""

        @property
        def default_headers(self) -> dict[str, Any]:
            return {"Accept": "application/json", "Content-Type": "application/json", **self.auth_headers}

    return Client


def pause(seconds: float) -> None:
    """Wait before asking again."""
    time.sleep(seconds)
