"""One question to a token endpoint: a form in, JSON out (RFC 6749, 4.1.3 and 5), nothing followed, nothing logged."""

from __future__ import annotations

import http.client
import json
import ssl
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from assistant.config.hosts import is_loopback
from assistant.errors import UnreachableError, UserError

LARGEST: Final = 256 * 1024
PATIENCE: Final = 20.0
_SERVER_ERROR: Final = 500
_TOO_MANY: Final = 429


def ask(url: str, form: dict[str, str]) -> dict[str, Any]:
    """Return what the endpoint answers; an error of OAuth is in it as `error`.

    Raises UnreachableError where it does not answer, or not in JSON; UserError for an address without encryption.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        message = f"{url} is no address that a sign-in may be sent to; write https."
        raise UserError(message)
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
        raise _silent(host, type(error).__name__) from None  # a chained traceback could hold the form
    finally:
        line.close()
    if status >= _SERVER_ERROR or status == _TOO_MANY:
        raise _silent(host, f"it answered {status}")
    return _json(content, host)


def _json(content: bytes, host: str) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _silent(host, "its answer cannot be read")
    return found


def _silent(host: str, why: str) -> UnreachableError:
    return UnreachableError(f"The sign-in server {host} could not be asked ({why}).")
