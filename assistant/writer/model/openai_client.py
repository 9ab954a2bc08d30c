"""The library's client, made so that it sends what we want sent and nothing else.

No variable of the environment, no redirect, no proxy on loopback, no header of the library's own. Imported only once a
model is to be asked: the library takes half a second to load.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final, cast

import httpx2
from openai import OpenAI

from assistant.config.values import is_loopback
from assistant.writer.model.wire import TooLargeError

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

ANSWER_LIMIT: Final = 1024 * 1024
"""Bytes of one answer; nothing of use is larger."""
_KEPT_HEADERS: Final = frozenset({"host", "accept", "content-type", "content-length", "user-agent", "connection"})
_LOGGERS: Final = ("openai", "httpx2", "httpcore2")


class Client(OpenAI):
    """The library's client without the headers it takes from OPENAI_CUSTOM_HEADERS and its like."""

    @property
    def default_headers(self) -> dict[str, Any]:
        """Return those of every request."""
        return {"Accept": "application/json", "Content-Type": "application/json", **self.auth_headers}


def open_client(
    base_url: str,
    key: str | None,
    opened: Callable[[socket.socket], None],
    transport: httpx2.BaseTransport | None = None,
) -> Client:
    """Return a client of one server; `opened` is called with each socket, `transport` takes the network's place."""
    for name in _LOGGERS:
        # Their debug lines hold headers and whole bodies, and OPENAI_LOG would turn them on.
        logging.getLogger(name).setLevel(logging.WARNING)

    def trace(event: str, info: dict[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            found = info["return_value"].get_extra_info("socket")
            if found is not None:
                opened(found)

    def prepare(request: httpx2.Request) -> None:
        for name in [name for name in request.headers if name.lower() not in _KEPT_HEADERS]:
            del request.headers[name]
        request.headers["user-agent"] = "career-assistant"
        request.headers["accept-encoding"] = "identity"
        if key:
            request.headers["authorization"] = f"Bearer {key}"
        request.extensions = {**request.extensions, "trace": trace}

    http = httpx2.Client(
        follow_redirects=False,
        trust_env=not is_loopback(base_url),
        event_hooks={"request": [prepare], "response": [_bound]},
        transport=transport,
    )
    # The library wants a key; without one of the owner's the header is dropped before anything is sent.
    return Client(
        api_key=key or "none",
        base_url=base_url,
        organization="",
        project="",
        webhook_secret="",
        admin_api_key="",
        max_retries=0,
        http_client=http,
    )


class _Bounded(httpx2.SyncByteStream):
    """A response's bytes up to ANSWER_LIMIT. Raises TooLargeError beyond."""

    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > ANSWER_LIMIT:
                raise TooLargeError
            yield chunk

    def close(self) -> None:
        self._stream.close()


def _bound(response: httpx2.Response) -> None:
    length = response.headers.get("content-length", "0")
    if (length.isdigit() and int(length) > ANSWER_LIMIT) or response.headers.get("content-encoding"):
        raise TooLargeError
    response.stream = _Bounded(cast("httpx2.SyncByteStream", response.stream))  # this client knows no other


def body_of(base_url: str, arguments: dict[str, Any]) -> bytes:
    """Return the very bytes that a request with these arguments has, without sending it to anybody."""
    bodies: list[bytes] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        bodies.append(request.content)
        return httpx2.Response(200, json={})

    with open_client(base_url, None, lambda _: None, httpx2.MockTransport(answer)) as client:
        client.chat.completions.create(**arguments)
    return bodies[0]
