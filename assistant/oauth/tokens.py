"""The tokens of one mailbox: kept in a file that only the owner can read, and renewed before they expire.

    file ──> still good for a minute? ──> access token
               └─ no: refresh token ──> endpoint ──> file ──> access token
                                           └─ withdrawn: one sentence, and `assistant init --password`

`SignIn` does this. `ask` puts one question to a token endpoint (RFC 6749, 4.1.3 and 5), and `endpoints` knows the
addresses of each provider.
"""

from __future__ import annotations

import http.client
import json
import os
import ssl
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode, urlsplit

from assistant.config.secrets import Credential, require_credential
from assistant.config.values import is_loopback
from assistant.core.language.translation import Translatable
from assistant.errors import LoginRefusedError, UnreachableError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.config import OAuth

FILE_NAME: Final = "oauth-tokens.json"
# A token is renewed this many seconds before it expires, since signing in takes a while.
MARGIN: Final = 60.0
# Seconds a token is assumed to last if the endpoint doesn't say (RFC 6749, 5.1 only recommends it).
SHORT: Final = 300


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in gave. `expires_at` is in epoch seconds; `user` and `client_id` say whose it is."""

    user: str
    client_id: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: float = 0.0


@dataclass(frozen=True, slots=True)
class SignIn:
    """Gets the tokens of one owner. `home` is the data folder, `user` the name to sign in with."""

    config: OAuth
    home: Path
    user: str
    # The machine's clock, even with `--now`: the provider counts by real time.
    clock: Callable[[], float] = time.time

    def credential(self) -> Credential:
        """Return an access token that is good for at least a minute, with a way to renew it if it is refused.

        Raises LoginRefusedError if the sign-in was withdrawn or never made, UnreachableError if the endpoint doesn't
        answer, UserError if the client id or its secret is wrong.
        """
        tokens = self._load()
        if tokens.expires_at - self.clock() < MARGIN:
            return self.renewed()
        return Credential(token=tokens.access, renew=self.renewed)

    def renewed(self) -> Credential:
        """Return a fresh access token, even if the present one has time left. Raises what `credential` raises."""
        tokens = self._load()
        if not tokens.refresh:
            raise self._withdrawn()
        form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh, **self.client()}
        fresh = self.read(ask(endpoints(self.config).token, form))
        # Without a new refresh token in the answer, the old one stays in use (RFC 6749, 6).
        fresh = replace(fresh, refresh=fresh.refresh or tokens.refresh)
        self.keep(fresh)
        return Credential(token=fresh.access)

    def client(self) -> dict[str, str]:
        """Return the fields that tell the endpoint who asks. The client's secret is read now and kept nowhere."""
        form = {"client_id": self.config.client_id}
        if self.config.client_secret is not None:
            form["client_secret"] = require_credential(self.config.client_secret, "mailbox").value
        return form

    def read(self, answer: dict[str, Any]) -> Tokens:
        """Return the tokens in an endpoint's answer. Raises what an error in it means (RFC 6749, 5.2)."""
        if "error" in answer or not isinstance(answer.get("access_token"), str):
            raise self._refused(str(answer.get("error", "")))
        lasts = answer.get("expires_in")
        refresh = answer.get("refresh_token")
        return Tokens(
            self.user,
            self.config.client_id,
            answer["access_token"],
            refresh if isinstance(refresh, str) else "",
            self.clock() + (float(lasts) if isinstance(lasts, int | float | str) and _is_number(lasts) else SHORT),
        )

    def keep(self, tokens: Tokens) -> None:
        """Write the tokens to their file (0600), whole or not at all."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.home / FILE_NAME
        new = path.with_name(f".{FILE_NAME}.{os.getpid()}")
        with suppress(FileNotFoundError):
            new.unlink()
        handle = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(tokens), file)
            # A refresh token that is lost costs the owner another sign-in.
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)

    def _load(self) -> Tokens:
        try:
            found = Tokens(**json.loads((self.home / FILE_NAME).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            found = None
        if found is None or (found.user, found.client_id) != (self.user, self.config.client_id):
            raise LoginRefusedError(
                "Nobody has signed in as {user} yet. Run: assistant init --password", user=self.user
            )
        return found

    def _refused(self, error: str) -> Exception:
        name = endpoints(self.config).name
        if error in {"invalid_grant", "interaction_required", "consent_required", "login_required"}:
            return self._withdrawn()
        if error in {"invalid_client", "unauthorized_client"}:
            return UserError(
                "{name} does not know the client id, or its secret is wrong; check [mailbox] client_id.", name=name
            )
        if error in {"temporarily_unavailable", "server_error", ""}:
            return UnreachableError("{name} gave no token just now.", name=name)
        plain = "".join(ch for ch in error if ch.isascii() and (ch.isalnum() or ch == "_"))[:40]
        return UserError(
            "{name} refused the sign-in ({error}); check [mailbox] client_id and scope.", name=name, error=plain
        )

    def _withdrawn(self) -> LoginRefusedError:
        return LoginRefusedError(
            "{name} no longer accepts the sign-in for {user} (withdrawn, or too old). Sign in again: "
            "assistant init --password",
            name=endpoints(self.config).name,
            user=self.user,
        )


def _is_number(value: object) -> bool:
    text = str(value)
    return text.isascii() and text.replace(".", "", 1).isdigit()


LARGEST: Final = 256 * 1024
PATIENCE: Final = 20.0
_SERVER_ERROR: Final = 500
_TOO_MANY: Final = 429


def ask(url: str, form: dict[str, str]) -> dict[str, Any]:
    """Return the endpoint's answer. An OAuth error is in it as `error`.

    Raises UnreachableError if it doesn't answer, or not in JSON; UserError for an address without encryption.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        raise UserError("{url} is not encrypted, so no sign-in is sent there; write https.", url=url)
    line: http.client.HTTPConnection
    if parts.scheme == "https":
        line = http.client.HTTPSConnection(host, parts.port, timeout=PATIENCE, context=ssl.create_default_context())
    else:
        line = http.client.HTTPConnection(host, parts.port, timeout=PATIENCE)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        line.request("POST", path, urlencode(form), headers)
        answer = line.getresponse()
        status, content = answer.status, answer.read(LARGEST)
    except (OSError, http.client.HTTPException) as error:
        raise _no_answer(host, type(error).__name__) from None  # a traceback could show the form with its secrets
    finally:
        line.close()
    if status >= _SERVER_ERROR or status == _TOO_MANY:
        raise _no_answer(host, Translatable("it answered {status}", status=status))
    return _json(content, host)


def _json(content: bytes, host: str) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _no_answer(host, Translatable("the answer can't be read"))
    return found


def _no_answer(host: str, why: str) -> UnreachableError:
    return UnreachableError("The sign-in server {host} gave no usable answer ({why}).", host=host, why=why)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses of one provider; `device` is "" if it has no device codes.

    `extra` is added to the address of the sign-in page. `redirect_host` is what the provider wants this machine to be
    called in the redirect (RFC 8252, 7.3).
    """

    name: str
    authorize: str
    token: str
    device: str
    scope: str
    extra: tuple[tuple[str, str], ...] = ()
    redirect_host: str = "127.0.0.1"


_GOOGLE: Final = Endpoints(
    "Google",
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://oauth2.googleapis.com/token",
    "",  # Google gives no device code for mail: its list of scopes for devices leaves it out
    "https://mail.google.com/",
    # Without these two, Google gives a refresh token only at the very first sign-in.
    (("access_type", "offline"), ("prompt", "consent")),
)
_MICROSOFT: Final = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/"
_MICROSOFT_SCOPE: Final = (
    "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"
)


def endpoints(config: OAuth) -> Endpoints:
    """Return the addresses to use. Those in the config take precedence over the provider's own."""
    if config.provider == "google":
        own = _GOOGLE
    elif config.provider == "microsoft":
        base = _MICROSOFT.format(tenant=quote(config.tenant, safe=""))
        own = Endpoints(
            "Microsoft",
            f"{base}authorize",
            f"{base}token",
            f"{base}devicecode",
            _MICROSOFT_SCOPE,
            redirect_host="localhost",
        )
    else:
        own = Endpoints("The provider", "", "", "", "")
    return Endpoints(
        own.name,
        config.authorize_url or own.authorize,
        config.token_url or own.token,
        config.device_url or own.device,
        config.scope or own.scope,
        own.extra,
        own.redirect_host,
    )
