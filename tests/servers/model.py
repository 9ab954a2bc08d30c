"""A model server on loopback that behaves as real ones do: each habit is a function of the request.

    with ModelServer() as server:
        server.habits = [refuses_schema, fenced]      # one a request, the last one stays
        ... server.base_url ... server.requests

Without a habit it answers honestly: with a draft made of the evidence that the request itself holds, and with verdicts
that call its own sentences true and all others unsupported (other verifiers: `verifiers.py`).
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType


@dataclass
class Asked:
    """One request as it came: path, headers (lower-case names), body bytes, and the JSON of it."""

    path: str
    headers: dict[str, str]
    body: bytes
    json: dict[str, Any] = field(default_factory=dict)
    at: float = 0.0

    @property
    def mode(self) -> str:
        return str(self.json.get("response_format", {}).get("type", "text"))

    @property
    def data(self) -> dict[str, Any]:
        """The person's data, read back from the user message, after the instructions if they are in it too."""
        content = self.json["messages"][-1]["content"]
        return dict(json.loads(content[content.rfind("\n\n{") + 1 :]))

    @property
    def task(self) -> str:
        """What is asked: "write", "verify", "read" or "repair" (a writing that names sentences to write again)."""
        return "repair" if "repair" in self.data else str(self.data.get("task", ""))


Habit = "Callable[[Answering, Asked], None]"


class Answering(BaseHTTPRequestHandler):
    """One request being answered; habits write to it."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        size = int(self.headers.get("content-length", "0"))
        body = self.rfile.read(size)
        asked = Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, body, at=time.monotonic())
        try:
            asked.json = json.loads(body)
        except ValueError:
            asked.json = {}
        habit = self.server.owner.next_habit(asked)
        try:
            habit(self, asked)
        except OSError:
            self.close_connection = True

    def do_GET(self) -> None:
        if self.path == "/health":
            self.give(200, b'{"status":"ok"}')
            return
        self.server.owner.requests.append(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, b""))
        names = self.server.owner.models
        listed = json.dumps({"object": "list", "data": [{"id": name, "object": "model"} for name in names]}).encode()
        self.give(200 if names else 404, listed if names else b"{}")

    def give(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def say(self, content: Any, finish: str | None = "stop", usage: Any = (900, 300), **more: Any) -> None:
        answer: dict[str, Any] = {
            "id": "x",
            "object": "chat.completion",
            "created": 0,
            "model": "test",
            "choices": [
                {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content, **more}}
            ],
        }
        if usage is not None:
            answer["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
        self.give(200, json.dumps(answer).encode())

    def log_message(self, *_arguments: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: ModelServer

    def handle_error(self, *_arguments: object) -> None:
        """A client that hangs up is not an error here."""


class ModelServer:
    """The server, its habits and what it was asked."""

    def __init__(self, *habits: Callable[[Answering, Asked], None], port: int = 0) -> None:
        self.habits: list[Callable[[Answering, Asked], None]] = list(habits)
        self.requests: list[Asked] = []
        self.models: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._server = Server(("127.0.0.1", port), Answering)
        self._server.owner = self

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def next_habit(self, asked: Asked) -> Callable[[Answering, Asked], None]:
        with self._lock:
            self.requests.append(asked)
            if not self.habits:
                return honest
            return self.habits.pop(0) if len(self.habits) > 1 else self.habits[0]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def words_for(asked: Asked) -> dict[str, Any]:
    """An honest answer from the evidence of the request (English)."""
    data = asked.data
    contact = next((e for e in data["evidence"] if e["kind"] == "contact"), None)
    fact = {
        "kind": "why",
        "text": "I would like to hear how things are with you these days.",
        "evidence": [],
        "quote": "",
    }
    if contact:
        day = contact["text"].split(";")[0].split(",")[0].removeprefix("Last contact: ")
        fact = {
            "kind": "fact",
            "text": f"Our last contact was on {day}.",
            "evidence": [contact["number"]],
            "quote": day,
        }
    return {
        "subject": "A coffee soon?",
        "sentences": [
            {"kind": "greeting", "text": data.get("greeting") or "Hi Jane,", "evidence": [], "quote": ""},
            fact,
            {
                "kind": "why",
                "text": "It would be good to talk again soon, and to hear how you are and what you think.",
                "evidence": [],
                "quote": "",
            },
            {
                "kind": "ask",
                "text": "Would you have 20 to 30 minutes for a coffee in the coming weeks?",
                "evidence": [],
                "quote": "",
            },
            {
                "kind": "warmth",
                "text": "If it is a bad time, just say so, and I will ask again later.",
                "evidence": [],
                "quote": "",
            },
            {"kind": "close", "text": "Best", "evidence": [], "quote": ""},
        ],
        "brief": [
            *([{**fact, "heading": "left_off", "text": f"Last contact: {fact['quote']}."}] if contact else []),
            {"heading": "ask", "text": "What is on your mind at work these days?", "evidence": [], "quote": ""},
            {"heading": "ask", "text": "What would help you most at the moment?", "evidence": [], "quote": ""},
            {"heading": "ask", "text": "What would you like to do more of?", "evidence": [], "quote": ""},
        ],
        "abstain": False,
    }


def verdicts_for(asked: Asked) -> dict[str, Any]:
    """Verdicts that know the sentences of `words_for` and no others."""
    own = words_for(asked)
    rests_on = {row["text"]: row for row in (*own["sentences"], *own["brief"])}
    rests_on[own["subject"]] = {"evidence": [], "quote": ""}
    rows = []
    for item in asked.data["sentences"]:
        row = rests_on.get(item["text"])
        verdict = "unsupported" if row is None else "supported" if row["quote"] else "courtesy"
        evidence = ", ".join(row["evidence"]) if row else ""
        quote = row["quote"] if row else ""
        rows.append({"sentence": item["sentence"], "verdict": verdict, "evidence": evidence, "quote": quote})
    return {"verdicts": rows}


def repair_for(asked: Asked) -> dict[str, Any]:
    """For each sentence to write again one of `words_for` that its kind has, where it is not kept anyway."""
    own = words_for(asked)
    kept = {item["text"] for item in asked.data["kept"]}
    left = [row for row in (*own["sentences"], *own["brief"]) if row["text"] not in kept]
    rows = []
    for wanted in asked.data["repair"]:
        row = next((row for row in left if row.get("kind", row.get("heading")) == wanted["kind"]), None)
        if row is not None:
            left.remove(row)
            rows.append({"sentence": wanted["sentence"], **{key: row[key] for key in ("text", "evidence", "quote")}})
    return {"sentences": rows}


def answer_for(asked: Asked) -> dict[str, Any]:
    if asked.task == "read":
        return {"orders": []}
    return {"verify": verdicts_for, "repair": repair_for}.get(asked.task, words_for)(asked)


def honest(to: Answering, asked: Asked) -> None:
    to.say(json.dumps(answer_for(asked)))


def only_when(task: str, habit: Callable[[Answering, Asked], None]) -> Callable[[Answering, Asked], None]:
    """That habit for one task, an honest answer for all others."""

    def chosen(to: Answering, asked: Asked) -> None:
        (habit if asked.task == task else honest)(to, asked)

    return chosen


def slow(seconds: float) -> Callable[[Answering, Asked], None]:
    def habit(to: Answering, asked: Asked) -> None:
        time.sleep(seconds)
        honest(to, asked)

    return habit


def refuses_schema(to: Answering, asked: Asked) -> None:
    """An older vLLM or a hosted model: 400 for json_schema, all else is fine."""
    if asked.mode == "json_schema":
        to.give(400, b'{"error":{"message":"response_format json_schema is not supported","code":400}}')
    else:
        honest(to, asked)


def refuses_formats(to: Answering, asked: Asked) -> None:
    """A server that accepts neither a schema nor json_object."""
    if asked.mode != "text":
        to.give(400, b"{\"error\":\"'response_format.type' must be 'text'\"}")
    else:
        fenced(to, asked)


def refuses_object_only(to: Answering, asked: Asked) -> None:
    """LM Studio: json_schema or text, json_object is a 400."""
    if asked.mode == "json_object":
        to.give(400, b"{\"error\":\"'response_format.type' must be 'json_schema' or 'text'\"}")
    else:
        honest(to, asked)


def _refuses(param: str, message: str) -> bytes:
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": "unsupported_value"}
    return json.dumps({"error": error}).encode()


def _wants_no_temperature(to: Answering, asked: Asked) -> bool:
    if asked.json.get("temperature", 1) == 1:
        return False
    said = "Unsupported value: 'temperature' does not support 0.4 with this model. Only the default (1) is supported."
    to.give(400, _refuses("temperature", said))
    return True


def _wants_no_system(to: Answering, asked: Asked) -> bool:
    if asked.json["messages"][0]["role"] != "system":
        return False
    to.give(400, _refuses("messages[0].role", "Unsupported value: 'messages[0].role' does not support 'system'."))
    return True


def refuses_temperature(to: Answering, asked: Asked) -> None:
    """The reasoning models of OpenAI (gpt-5, o1, o3)."""
    if not _wants_no_temperature(to, asked):
        honest(to, asked)


def refuses_system(to: Answering, asked: Asked) -> None:
    """o1-mini. The text of the first message must still reach it."""
    if not _wants_no_system(to, asked):
        honest(to, asked)


def refuses_system_in_its_template(to: Answering, asked: Asked) -> None:
    """llama.cpp with Gemma's template: a 500 out of the template."""
    if asked.json["messages"][0]["role"] == "system":
        to.give(500, b'{"error":{"code":500,"message":"System role not supported","type":"server_error"}}')
    else:
        honest(to, asked)


def refuses_all_but_the_question(to: Answering, asked: Asked) -> None:
    """One after the other: temperature, the system role, json_schema."""
    if not (_wants_no_temperature(to, asked) or _wants_no_system(to, asked)):
        refuses_schema(to, asked)


def grammar_fails(to: Answering, asked: Asked) -> None:
    """llama.cpp: a 500 where the grammar of a schema cannot be made."""
    if asked.mode == "json_schema":
        to.give(500, b'{"error":{"code":500,"message":"failed to parse grammar from json schema"}}')
    else:
        honest(to, asked)


def fenced(to: Answering, asked: Asked) -> None:
    to.say(f"```json\n{json.dumps(answer_for(asked), indent=1)}\n```")


def prose_wrapped(to: Answering, asked: Asked) -> None:
    to.say(
        f"Sure! Here is the {{draft}} you asked for:\n\n{json.dumps(answer_for(asked))}\n\nLet me know if you "
        f"need {{more}}."
    )


def thinks(to: Answering, asked: Asked) -> None:
    to.say('<think>They want {"subject": "no", "sentences": []} maybe?</think>\n' + json.dumps(answer_for(asked)))


def only_thinks(to: Answering, _asked: Asked) -> None:
    to.say('<think>So I should write {"subject": "x"', finish="stop")


def truncated(to: Answering, asked: Asked) -> None:
    to.say(json.dumps(answer_for(asked))[:300], finish="length")


def truncated_in_secret(to: Answering, asked: Asked) -> None:
    """Ollama at num_ctx: cut off, and finish_reason says stop."""
    to.say(json.dumps(answer_for(asked))[:-40], finish="stop")


def truncated_whole(to: Answering, asked: Asked) -> None:
    """Whole by its braces, but the server says it was cut."""
    to.say(json.dumps(answer_for(asked)), finish="length")


def empty(to: Answering, _asked: Asked) -> None:
    to.say("")


def null(to: Answering, _asked: Asked) -> None:
    to.say(None, reasoning_content="I thought about it at length.")


def no_choices(to: Answering, _asked: Asked) -> None:
    to.give(200, b'{"id":"x","object":"chat.completion","created":0,"model":"m","choices":[]}')


def error_in_200(to: Answering, _asked: Asked) -> None:
    to.give(200, b'{"error":{"message":"model is loading"}}')


def html(to: Answering, _asked: Asked) -> None:
    to.give(200, b"<!doctype html><html><body><h1>Sign in to the Wi-Fi</h1></body></html>", "text/html; charset=utf-8")


def plain_type(to: Answering, asked: Asked) -> None:
    """JSON under the wrong content type."""
    answer = {"choices": [{"finish_reason": "stop", "message": {"content": json.dumps(answer_for(asked))}}]}
    to.give(200, json.dumps(answer).encode(), "text/plain")


def half_kept(to: Answering, asked: Asked) -> None:
    """The schema half kept: no quotes, evidence as a string (or a list), a field too many."""
    words = answer_for(asked)
    rows = [row for key in ("sentences", "brief", "verdicts") for row in words.get(key, [])]
    for row in rows:
        row["evidence"] = ", ".join(row["evidence"]) if isinstance(row["evidence"], list) else [row["evidence"]]
        row["confidence"] = 0.9
        if not row["quote"]:
            row["quote"] = None
    words.pop("abstain", None)
    words["to"] = ["mallory@example.net"]
    to.say(json.dumps(words))


def ignores_schema(to: Answering, asked: Asked) -> None:
    """Valid JSON of another form, whatever was asked for."""
    to.say(json.dumps({"email": {"subject": "Hi", "body": "Hi " + asked.data["facts"]["name"]}}))


def sloppy(to: Answering, asked: Asked) -> None:
    """JSON that needs mending: a trailing comma, a comment, single quotes around keys."""
    text = json.dumps(answer_for(asked))
    to.say(text[:-1].replace('"abstain"', "'abstain'") + ",}")


def parts(to: Answering, asked: Asked) -> None:
    to.say([{"type": "text", "text": json.dumps(answer_for(asked))}])


def no_usage(to: Answering, asked: Asked) -> None:
    to.say(json.dumps(answer_for(asked)), usage=None, finish=None)


def odd_usage(to: Answering, asked: Asked) -> None:
    answer = {
        "choices": [{"message": {"content": json.dumps(answer_for(asked))}}],
        "usage": {"prompt_tokens": "many", "completion_tokens": -5},
    }
    to.give(200, json.dumps(answer).encode())


def abstains(to: Answering, _asked: Asked) -> None:
    to.say(json.dumps({"subject": "", "sentences": [], "brief": [], "abstain": True}))


def busy(to: Answering, _asked: Asked) -> None:
    to.give(429, b'{"error":{"message":"slow down"}}', Retry_After="0.1")


def busy_for_long(to: Answering, _asked: Asked) -> None:
    to.give(429, b'{"error":{"message":"slow down"}}', Retry_After="3600")


def broken(to: Answering, _asked: Asked) -> None:
    to.give(503, b"upstream connect error", "text/plain")


def denied(to: Answering, _asked: Asked) -> None:
    to.give(401, b'{"error":{"message":"Incorrect API key provided"}}')


def unknown_model(to: Answering, _asked: Asked) -> None:
    to.give(404, b'{"error":{"message":"model not found, try pulling it first"}}')


def drips(to: Answering, asked: Asked) -> None:
    """A byte every fifth of a second: no single read ever times out."""
    body = json.dumps({"choices": [{"message": {"content": json.dumps(answer_for(asked))}}]}).encode()
    to.send_response(200)
    to.send_header("Content-Type", "application/json")
    to.send_header("Content-Length", str(len(body)))
    to.end_headers()
    for byte in body:
        to.wfile.write(bytes([byte]))
        to.wfile.flush()
        time.sleep(0.2)


def drips_headers(to: Answering, _asked: Asked) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 600:
        to.wfile.write(bytes([byte]))
        to.wfile.flush()
        time.sleep(0.2)


def stalls(to: Answering, _asked: Asked) -> None:
    """Takes the request and never answers."""
    to.connection.settimeout(30)
    to.connection.recv(1)


def resets(to: Answering, _asked: Asked) -> None:
    to.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    to.connection.close()
    to.close_connection = True


def hangs_up_midway(to: Answering, _asked: Asked) -> None:
    to.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"choices": [')
    to.connection.shutdown(socket.SHUT_RDWR)
    to.close_connection = True


def redirects(port: int) -> Callable[[Answering, Asked], None]:
    def habit(to: Answering, _asked: Asked) -> None:
        to.give(307, b"", Location=f"http://127.0.0.1:{port}/v1/chat/completions")

    return habit


def huge(to: Answering, _asked: Asked) -> None:
    """10 MB, not announced."""
    to.send_response(200)
    to.send_header("Content-Type", "application/json")
    to.send_header("Connection", "close")
    to.end_headers()
    to.close_connection = True
    for _ in range(160):
        to.wfile.write(b'{"a":"' + b"x" * 65530)


def huge_text(to: Answering, _asked: Asked) -> None:
    """A well-formed answer with a million characters in one sentence."""
    to.say(
        json.dumps(
            {
                "subject": "Hi",
                "sentences": [{"kind": "why", "text": "a " * 400_000, "evidence": [], "quote": ""}],
                "brief": [],
                "abstain": False,
            }
        )
    )


def deep(to: Answering, _asked: Asked) -> None:
    """Braces a hundred thousand deep."""
    to.say("{" * 100_000 + "}" * 100_000)


def streams(to: Answering, asked: Asked) -> None:
    """Server-sent events although nobody asked for a stream."""
    chunk = json.dumps({"choices": [{"delta": {"content": json.dumps(answer_for(asked))}}]})
    to.give(200, f"data: {chunk}\n\ndata: [DONE]\n\n".encode(), "text/event-stream")


def says(
    build: Callable[[Asked], dict[str, Any]], verdicts: Callable[[Asked], dict[str, Any]] = verdicts_for
) -> Callable[[Answering, Asked], None]:
    """A server that writes what `build` makes of the request, for attacks that it obeys, and verifies by `verdicts`."""

    def habit(to: Answering, asked: Asked) -> None:
        to.say(json.dumps((verdicts if asked.task == "verify" else build)(asked)))

    return habit
