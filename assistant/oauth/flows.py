"""Two ways to sign in: in the browser of this machine (PKCE), or with a code typed on another device.

    browser: a listener on this machine ─> browser ─> code ─> token endpoint ─> tokens    (RFC 8252, RFC 7636)
    device:  endpoint ─> "type CODE at ADDRESS" ─> ask every few seconds ─> tokens        (RFC 8628)

The tokens are only returned. `SignIn.keep` writes them down.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from assistant.core.language.translation import Translatable
from assistant.errors import UserError
from assistant.oauth.tokens import ask, endpoints

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.oauth.tokens import SignIn, Tokens

# Seconds the owner has to sign in in the browser.
PATIENCE: Final = 300.0
_INTERVAL: Final = 5.0
_LONGEST: Final = 1800.0
_PAGE: Final = b"<!doctype html><meta charset=utf-8><title>Signed in</title><p>Done. You can close this page."


@dataclass
class _Caught:
    """What came back to the listener; empty until something does."""

    state: str
    answer: dict[str, str] = field(default_factory=dict)


def by_browser(
    sign_in: SignIn, show: Callable[[str], None], browse: Callable[[str], object], patience: float = PATIENCE
) -> Tokens:
    """Sign in with the browser of this machine and return the tokens, which are not kept yet.

    `show` gets the address to open, in case no browser starts. `browse` opens it. `patience` is in seconds. Raises
    UserError if nothing comes back in time or the owner declines.
    """
    places = endpoints(sign_in.config)
    verifier = secrets.token_urlsafe(64)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    caught = _Caught(secrets.token_urlsafe(24))
    with HTTPServer(("127.0.0.1", 0), _listener(caught)) as server:
        redirect = f"http://{places.redirect_host}:{server.server_port}/"
        question = {
            "response_type": "code",
            "client_id": sign_in.config.client_id,
            "redirect_uri": redirect,
            "scope": places.scope,
            "state": caught.state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "login_hint": sign_in.user,
            **dict(places.extra),
        }
        address = f"{places.authorize}{'&' if '?' in places.authorize else '?'}{urlencode(question)}"
        show(address)
        browse(address)
        _wait(server, caught, patience)
    if "code" not in caught.answer:
        raise UserError(_unfinished(places.name, caught.answer.get("error")))
    form = {
        "grant_type": "authorization_code",
        "code": caught.answer["code"],
        "redirect_uri": redirect,
        "code_verifier": verifier,
        **sign_in.client(),
    }
    return sign_in.read(ask(places.token, form))


def by_device(sign_in: SignIn, show: Callable[[str, str], None], sleep: Callable[[float], None] = time.sleep) -> Tokens:
    """Sign in with a code that the owner types on any device and return the tokens, which are not kept yet.

    `show` gets the address and the code. Raises UserError if the provider has no device codes, the owner declines or
    the code runs out.
    """
    places = endpoints(sign_in.config)
    if not places.device:
        raise UserError(
            "{name} has no device codes for mail; sign in with the browser of this machine.", name=places.name
        )
    begun = ask(places.device, {"client_id": sign_in.config.client_id, "scope": places.scope})
    code, user_code = begun.get("device_code"), begun.get("user_code")
    address = begun.get("verification_uri") or begun.get("verification_url")  # Google's name for it
    if not (isinstance(code, str) and isinstance(user_code, str) and isinstance(address, str)):
        raise UserError(_unfinished(places.name, begun.get("error")))
    show(_plain(address), _plain(user_code))
    interval = _seconds(begun.get("interval"), _INTERVAL)
    # The wait ends even if the provider names no end to it, or a far one.
    left = min(_seconds(begun.get("expires_in"), _LONGEST), _LONGEST)
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": code, **sign_in.client()}
    while left > 0:
        sleep(interval)
        left -= interval
        answer = ask(places.token, form)
        if answer.get("error") == "slow_down":
            # RFC 8628, 3.5 wants five seconds more for each slow_down.
            interval += _INTERVAL
        elif answer.get("error") in {"access_denied", "expired_token", "authorization_declined"}:
            raise UserError(_unfinished(places.name, answer["error"]))
        elif answer.get("error") != "authorization_pending":
            return sign_in.read(answer)
    raise UserError(_unfinished(places.name, "expired_token"))


def _wait(server: HTTPServer, caught: _Caught, patience: float) -> None:
    until = time.monotonic() + patience
    while not caught.answer and (left := until - time.monotonic()) > 0:
        server.timeout = left
        server.handle_request()


def _listener(caught: _Caught) -> type[BaseHTTPRequestHandler]:
    class Listener(BaseHTTPRequestHandler):
        # Any program and any web page on this machine can send requests here. One without our state gets a 404, and the
        # wait goes on: it must neither sign in somebody else nor end the sign-in.
        timeout = 10

        def do_GET(self) -> None:
            given = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            fits = hmac.compare_digest(given.get("state", "").encode(), caught.state.encode())
            if fits and ("code" in given or "error" in given):
                caught.answer.update(given)
            self.send_response(200 if fits else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(_PAGE if fits else b"")

        def log_message(self, *_arguments: object) -> None:
            pass  # the address has the code in it

    return Listener


def _unfinished(name: str, error: Any) -> str:
    if error in {"access_denied", "authorization_declined"}:
        return Translatable(
            "{name} says that the sign-in was declined; nothing was changed. Try again: assistant init --password",
            name=name,
        )
    if error in {None, "expired_token"}:
        return Translatable(
            "Nobody signed in at {name} in time; nothing was changed. Try again: assistant init --password", name=name
        )
    return Translatable(
        "{name} refused the sign-in ({error}); check [mailbox] client_id and scope.",
        name=name,
        error=_plain(str(error))[:40],
    )


def _seconds(value: Any, default: float) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else default


def _plain(text: str) -> str:
    return "".join(ch for ch in text if ch.isprintable())[:200]
