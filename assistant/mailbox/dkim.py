"""Which DKIM signatures of a message are valid (RFC 6376), by dkimpy. Keys come from DNS or a function passed in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.core.mail.header import split_message
from assistant.core.replies.outside_mail import Signed
from assistant.errors import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    # From a name ("selector._domainkey.example.com.") to its TXT record, None if there is none.
    Txt = Callable[[bytes], bytes | None]

# Each signature may cost a DNS query of up to SECONDS, and a round must stay below two minutes.
MOST = 5
FIELD_LIMIT = 8000
SECONDS = 5
_SIGNATURE = re.compile(rb"^dkim-signature[ \t]*:(?:[^\r\n]|\r?\n[ \t])*", re.IGNORECASE | re.MULTILINE)


class Signatures:
    """Checks DKIM signatures. `txt` looks keys up; None asks DNS, for five seconds at most per key."""

    def __init__(self, txt: Txt | None = None) -> None:
        self._txt = txt or _from_dns

    def of(self, raw: bytes) -> tuple[Signed, ...]:
        """Return the valid signatures of a message, from the top; empty if there are none.

        Raises UnreachableError if a key could not be looked up.
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
                raise  # not invalid: nothing is known about this signature yet
            except Exception:  # noqa: BLE001, S112 -- a stranger's header makes dkimpy raise almost anything
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
        raise UnreachableError("The key of a DKIM signature could not be looked up.") from error
    return b"".join(answer[0].strings)


class _Silent:
    # dkimpy logs header fields, and nothing of a message may get into our log.
    def debug(self, *_said: object) -> None:
        pass

    info = warning = error = debug
