"""Turns what goes wrong with a mail server into the program's errors, each one plain sentence."""

from __future__ import annotations

import base64
import imaplib
import logging
import re
import smtplib
import socket
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.core.language.translation import Translatable, joined
from assistant.errors import AssistantError, LoginRefusedError, MailboxError, UnreachableError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.config.secrets import Credential

log = logging.getLogger(__name__)

BLOT = "…"

_CODE = re.compile(r"\[([A-Z]+)\b", re.IGNORECASE)
# The codes of RFC 5530 that are about a name and a password. All others are about something else.
_ABOUT_CREDENTIALS = frozenset({"AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED"})
# These come with refusals of any kind, so they prove nothing.
_NO_CODES = frozenset({"ALERT", "CAPABILITY"})
_PASSING = re.compile(
    r"temporar|try again (?:later|in\b)|too many|throttl|back ?off|unavailable|internal (?:server )?error"
    r"|maximum number|rate limit|overloaded|timed? ?out|bandwidth|exceed|maintenance",
    re.IGNORECASE,
)
_CREDENTIALS = re.compile(
    r"auth\w* (?:fail|denied|error|unsuccess)|not accepted|password|credential"
    r"|(?:invalid|incorrect|bad|wrong|unknown) (?:user|login|token)",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"busy|\bin use|locked|disabled|not enabled|not open|suspend|limit|quota|connection|browser|web ?login|unsafe",
    re.IGNORECASE,
)
_THROTTLED = re.compile(
    r"\[(?:LIMIT|THROTTLED|INUSE|OVERQUOTA)\b|throttl|too many|rate limit|back ?off|try again later", re.IGNORECASE
)
# Some libraries pass a server's bytes on undecoded, as b'…'.
_BYTES = re.compile(r"\bb(['\"])(.*)\1")
_UNSAFE = re.compile(r"[\r\n\0]")
_BACKOFF = re.compile(r"Suggested Backoff Time:\s*(\d+)\s*millisec", re.IGNORECASE)


@contextmanager
def guarded(place: str, broken: Callable[[], None]) -> Iterator[None]:
    """Let only the program's errors out. `broken` is called if the line to `place` can't be used any longer.

    Raises UnreachableError for lines, names and certificates, MailboxError if the server refuses or garbles an answer.
    """
    try:
        yield
    except AssistantError:
        raise
    except (imaplib.IMAP4.abort, OSError, EOFError) as error:
        broken()
        raise unreachable(place, error) from error
    except imaplib.IMAP4.error as error:
        raise refusal(place, str(error)) from error
    except Exception as error:
        broken()  # the parser may have stopped anywhere in the stream of answers
        log.debug("unreadable answer: %s", type(error).__name__)
        raise MailboxError("The mail server {place} sent an answer that can't be read.", place=place) from error


def unreachable(place: str, error: BaseException) -> UnreachableError:
    """Return the error for a line to `place` ("host:port") that broke or never came about, with the reason in words.

    It promises no second try: only the caller knows if there will be one.
    """
    words = str(error)
    found = UnreachableError("The mail server {place} could not be reached: {why}.", place=place, why=_reason(error))
    found.retry_after = backoff(words)
    return found


def refusal(place: str, words: str) -> MailboxError:
    """Return the error for a command that the server answered with NO or BAD. Its words are cut to one clean line."""
    found = MailboxError("The mail server {place} refused the command ({words}).", place=place, words=printable(words))
    found.retry_after = backoff(words)
    return found


def login_failure(place: str, user: str, error: BaseException, credential: Credential) -> AssistantError:
    """Return the error for a failed login: LoginRefusedError only if the server says the credentials are wrong.

    `user` and `credential` are needed to keep the secret out of the message.
    """
    words = str(error)
    # imapclient turns a line that breaks during LOGIN into a LoginError; only the context shows it.
    if isinstance(error.__context__, (imaplib.IMAP4.abort, OSError)) or isinstance(error, OSError):
        return unreachable(place, error.__context__ or error)
    if "command error: BAD" in words or not _is_about_credentials(words):
        return refusal(place, without_secret(words, user, credential))
    return refused_login(user, token=bool(credential.token))


def _is_about_credentials(words: str) -> bool:
    # Servers also answer NO when they are busy, throttled or shut off. That must be tried again, and the owner must not
    # be told that the password is wrong. The code decides if there is one (RFC 5530), else the words. A plain NO that
    # mentions nothing else is about the credentials.
    found = _CODE.search(words)
    code = found[1].upper() if found else ""
    if code in _ABOUT_CREDENTIALS:
        return "temporar" not in words.lower()
    if _PASSING.search(words) or (code and code not in _NO_CODES):
        return False
    return bool(_CREDENTIALS.search(words)) or (code != "ALERT" and not _ELSE.search(words))


def without_secret(words: str, user: str, credential: Credential) -> str:
    """Return a server's words without the secret.

    Some servers repeat the command they didn't like, so the secret may appear as it is, quoted, or in base64.
    """
    secret = credential.token or credential.password or ""
    if not secret:
        return words
    quoted = secret.replace("\\", "\\\\").replace('"', '\\"')
    said = (f"\0{user}\0{secret}", f"user={user}\1auth=Bearer {secret}\1\1", secret)
    for text in (*(base64.b64encode(one.encode()).decode() for one in said), quoted, secret):
        words = words.replace(text, BLOT)
    return words


def refused_login(user: str, *, token: bool) -> LoginRefusedError:
    """Return the error for an owner whose password or token is wrong."""
    if token:
        return LoginRefusedError(
            "The mailbox refused the access token for {user}. Check what token_command prints, or sign in "
            "again: assistant init --password",
            user=user,
        )
    return LoginRefusedError(
        "The mailbox refused the password for {user}. If you changed it, run: assistant init --password", user=user
    )


def refused_submission(place: str, user: str, said: str, *, token: bool) -> LoginRefusedError:
    """Return the error for a sign-in the submission server refuses for good; `said` is its code and words."""
    refused = Translatable(
        "The mail server {place} refused the sign-in for {user} ({said}).", place=place, user=user, said=said
    )
    if _ELSE.search(said) or _PASSING.search(said):
        what = "The password is not the problem: ask whoever runs the server."
    elif token:
        what = "Check what token_command prints, or sign in again: assistant init --password"
    else:
        what = "If you changed the password, run: assistant init --password"
    return LoginRefusedError(joined([refused, Translatable(what)]))


def no_plain_login(host: str) -> UserError:
    """Return the error for a configuration that would send a password unencrypted over the network."""
    return UserError(
        'Signing in at {host} without encryption is refused: set security = "tls" or "starttls" ("none" '
        "is only for this machine).",
        host=host,
    )


def safe(text: str) -> str:
    """Return a folder name or search word. Raises UserError if CR, LF or NUL in it would break out of the command."""
    if _UNSAFE.search(text):
        raise UserError("A folder name or message id with a line break in it was refused.")
    return text


def throttled(words: str) -> bool:
    """Return whether a server's NO means that it is asked for too much, whatever it was asked for."""
    return _THROTTLED.search(words) is not None


def backoff(words: str) -> float | None:
    """Return how many seconds a server asks to be left alone (Exchange's "Suggested Backoff Time"), or None."""
    found = _BACKOFF.search(words)
    return int(found[1]) / 1000 if found else None


def printable(words: str) -> str:
    """Return a server's words as one printable line of at most 160 characters."""
    words = _BYTES.sub(r"\2", words)
    return " ".join("".join(ch if ch.isprintable() else " " for ch in words).split())[:160]


def _reason(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Translatable("its certificate can't be trusted ({why})", why=printable(error.verify_message))
    for kind, words in _REASONS:
        if isinstance(error, kind):
            return words
    return printable(getattr(error, "strerror", None) or "") or Translatable("the line broke")


_REASONS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Translatable], ...] = (
    (ssl.SSLError, Translatable("no encrypted connection could be made")),
    (socket.gaierror, Translatable("its name is unknown")),
    (TimeoutError, Translatable("it did not answer in time")),
    (ConnectionRefusedError, Translatable("nothing answers on that port")),
    (smtplib.SMTPNotSupportedError, Translatable("it offers no encryption (STARTTLS)")),
    ((imaplib.IMAP4.abort, smtplib.SMTPException), Translatable("the line broke")),
)
