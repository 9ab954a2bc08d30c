"""A sign-in server on loopback: authorize (at once, no questions), token, device code, and Dovecot's tokeninfo.

It checks what a real one checks: client, secret, redirect, PKCE, each code once; tokens run out and can be withdrawn.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import itertools
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.servers.serving import QuietHandler, serving

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Granting:
    """The server's memory. `lasts` is the announced life of a token (s), `waits` how often a device code is pending."""

    user: str
    client_id: str = "a-client"
    client_secret: str | None = None
    lasts: float = 3600.0
    rotates: bool = False
    declines: bool = False
    waits: int = 1
    slow_down: bool = False
    withdrawn: bool = False
    down: bool = False
    port: int = 0
    access: dict[str, float] = field(default_factory=dict)
    refresh: set[str] = field(default_factory=set)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    questions: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kinds(self) -> list[str]:
        return [form.get("grant_type", path) for path, form in self.questions]

    def withdraw(self) -> None:
        """Withdraw the consent: nothing that was given out is valid any more."""
        self.withdrawn = True
        self.access.clear()
        self.refresh.clear()

    def forget_access(self) -> None:
        """End access tokens before they expire."""
        self.access.clear()

    def authorize(self, asked: dict[str, str]) -> str:
        """Return the address the browser is sent back to."""
        back = {"state": asked["state"]}
        if self.declines:
            back["error"] = "access_denied"
        else:
            code = f"code-{next(self._numbers)}"
            self.codes[code] = asked
            back["code"] = code
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def device(self) -> dict[str, Any]:
        code = f"device-{next(self._numbers)}"
        self.codes[code] = {}
        return {
            "device_code": code,
            "user_code": "ABCD-EFGH",
            "verification_uri": f"{self.base}/here",
            "expires_in": 600,
            "interval": 5,
        }

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if form.get("client_id") != self.client_id or form.get("client_secret") != self.client_secret:
            return 401, {"error": "invalid_client"}
        kind = form.get("grant_type", "")
        if kind == "refresh_token":
            fits = form.get("refresh_token") in self.refresh
        elif kind == "authorization_code":
            fits = self._fits(self.codes.pop(form.get("code", ""), {}), form)
        else:
            if form.get("device_code") not in self.codes:
                return 400, {"error": "expired_token"}
            if self.declines:
                return 400, {"error": "access_denied"}
            if self.waits > 0:
                self.waits -= 1
                return 400, {"error": "slow_down" if self.slow_down else "authorization_pending"}
            fits = True
        return self._grant(kind) if fits and not self.withdrawn else (400, {"error": "invalid_grant"})

    def _fits(self, asked: dict[str, str], form: dict[str, str]) -> bool:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        same_place = asked.get("redirect_uri") == form.get("redirect_uri")
        return bool(asked) and same_place and asked.get("code_challenge") == challenge

    def _grant(self, kind: str) -> tuple[int, dict[str, Any]]:
        access = f"access-{next(self._numbers)}"
        self.access[access] = time.time() + 3600
        answer: dict[str, Any] = {"access_token": access, "token_type": "Bearer", "expires_in": self.lasts}
        if kind != "refresh_token" or self.rotates:
            refresh = f"refresh-{next(self._numbers)}"
            if self.rotates:
                self.refresh.clear()
            self.refresh.add(refresh)
            answer["refresh_token"] = refresh
        return 200, answer

    def info(self, token: str) -> tuple[int, dict[str, Any]]:
        """Answer Dovecot's question whose token it is."""
        if self.access.get(token, 0) < time.time():
            return 400, {"error": "invalid_token"}
        return 200, {"email": self.user, "expires_in": 3600}


@contextlib.contextmanager
def running_oauth(granting: Granting) -> Iterator[Granting]:
    """Start the server on a free port and stop it at the end."""

    class Handler(QuietHandler):
        timeout = 10

        def do_GET(self) -> None:  # noqa: N802 - http.server's name
            parts = urlsplit(self.path)
            asked = dict(parse_qsl(parts.query))
            granting.questions.append((parts.path, asked))
            if parts.path == "/authorize":
                self.give(302, b"{}", granting.authorize(asked), "application/json")
            elif parts.path == "/tokeninfo":
                self.tell(*granting.info(asked.get("access_token", "")))
            else:
                self.tell(404, {})

        def do_POST(self) -> None:  # noqa: N802 - http.server's name
            body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
            form = dict(parse_qsl(body))
            granting.questions.append((self.path, form))
            if granting.down:
                self.tell(503, {})
            elif self.path == "/device":
                self.tell(200, granting.device())
            else:
                self.tell(*granting.token(form))

        def tell(self, status: int, value: dict[str, Any]) -> None:
            self.give(status, json.dumps(value).encode(), kind="application/json")

    with serving(Handler) as granting.port:
        yield granting
