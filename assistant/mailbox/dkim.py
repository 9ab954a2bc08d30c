"""DKIM signatures of a message that hold (RFC 6376), by dkimpy; keys come from DNS or from whoever is asked instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.core.mail.header import split_message
from assistant.core.replies.outside_mail import Signed
from assistant.errors import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Txt = Callable[[bytes], bytes | None]
    """From a name ("selector._domainkey.example.com.") to its TXT record, None where there is none."""

MOST = 5
"""Signatures of one message that are checked."""
FIELD_LIMIT = 8000
SECONDS = 5
_SIGNATURE = re.compile(rb"^dkim-signature[ \t]*:(?:[^\r\n]|\r?\n[ \t])*", re.IGNORECASE | re.MULTILINE)


class Signatures:
    """Checks signatures. `txt` None asks DNS, five seconds at most a key."""

    def __init__(self, txt: Txt | None = None) -> None:
        self._txt = txt or _from_dns

    def of(self, raw: bytes) -> tuple[Signed, ...]:
        """Return the message's signatures that hold, from the top; empty for none.

        Raises UnreachableError where a key could not be asked for: then nothing is known of it yet.
        """
        return tuple(self._holding(raw))

    def _holding(self, raw: bytes) -> Iterator[Signed]:
        import dkim

        head = split_message(raw)[0]
        fields = _SIGNATURE.findall(head)
        if any(len(field) > FIELD_LIMIT for field in fields):
            return
        for index in range(min(len(fields), MOST)):
            try:
                message = dkim.DKIM(raw, logger=_Silent(), timeout=SECONDS)
                holds = message.verify(idx=index, dnsfunc=lambda name, **_timeout: self._txt(name))
            except UnreachableError:
                raise
            except Exception:  # noqa: BLE001, S112 -- whatever a stranger's header makes the library raise: it does not hold
                continue
            if holds:
                yield _signed(message.signature_fields, message.include_headers)


def _signed(fields: dict[bytes, bytes], covers: tuple[bytes, ...]) -> Signed:
    def text(value: bytes) -> str:
        return value.decode("ascii", "replace").strip().lower()

    return Signed(text(fields[b"d"]), frozenset(map(text, covers)), text(fields[b"a"]), b"l" in fields)


def _from_dns(name: bytes) -> bytes | None:
    import dns.exception
    import dns.resolver

    try:
        answer = dns.resolver.resolve(name.decode("ascii"), "TXT", lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, UnicodeDecodeError):
        return None
    except dns.exception.DNSException as error:
        raise UnreachableError("The key of a DKIM signature could not be asked for.") from error
    return b"".join(answer[0].strings)


class _Silent:
    """A logger that keeps what a message says to itself."""

    def debug(self, *_said: object) -> None:
        """Say nothing."""

    info = warning = error = debug
