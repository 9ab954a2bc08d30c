"""Mail that came in from outside: how it is known from the owner's own copy, and what it must show (the second door).

Both hold, or it is shut (docs/replies.md): the owner's own server says that it passed (Authentication-Results,
RFC 8601), and a DKIM signature of the sender's own domain covers what an order rests on and the whole body (RFC 6376).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.core.mail.address import normal_address, registered_domain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from assistant.core.mail.mime import Field

COVERED = frozenset({"from", "to", "date", "message-id", "in-reply-to"})
READ_BY = frozenset({"content-type", "content-transfer-encoding"})
ALGORITHMS = frozenset({"rsa-sha256", "ed25519-sha256"})
DELIVERED = frozenset(
    {
        "arc-authentication-results", "delivered-to", "envelope-to", "received-spf", "x-delivered-to", "x-envelope-to",
        "x-original-to",
    }
)  # fmt: skip
"""Fields that a delivery writes. One's own copy never has them."""
EXCHANGE = ("x-forefront-", "x-microsoft-", "x-ms-exchange-")
"""Exchange writes fields about spam into what its own users submit too."""
RESULTS_LIMIT = 8000
"""Characters of one Authentication-Results field that are read."""
_RESULT = re.compile(r"([a-z0-9-]{1,40})(?: ?/ ?\d{1,4})? ?= ?([a-z]{1,40})\b")
_PROPERTY = re.compile(r"\b([a-z]{1,20}) ?\. ?([a-z0-9-]{1,40}) ?= ?@?([^\s;]{1,320})")


@dataclass(frozen=True, slots=True)
class Signed:
    """A DKIM signature that holds: its domain, the fields it covers (small letters), and whether it has a length."""

    domain: str
    covers: frozenset[str]
    algorithm: str
    has_length: bool


def was_delivered(fields: Collection[Field], addresses: Collection[str]) -> bool:
    """Return whether a message has the marks of a delivery; `addresses` are the owner's, in normal form.

    Servers file what their submission took with some marks of its own: Gmail a Return-Path and one Received for every
    phone and desktop program, Exchange results that say "none". The owner's own copy may have those.
    """
    received = sum(field.name == "received" for field in fields)
    return received > 1 or any(_tells_of_delivery(field, addresses) for field in fields)


def _tells_of_delivery(field: Field, addresses: Collection[str]) -> bool:
    if field.name == "return-path":
        return normal_address(field.value.strip().strip("<>")) not in addresses
    if field.name == "authentication-results":
        return not _says_none(field.value, addresses)
    spam = "spam" in field.name and not field.name.startswith(EXCHANGE)
    return spam or field.name in DELIVERED or field.name.startswith("list-")


def _says_none(results: str, addresses: Collection[str]) -> bool:
    """Return whether every result is "none" and no domain but the owner's is named."""
    if len(results) > RESULTS_LIMIT:
        return False
    parts = [part for part in _parts(results) if part]
    named: list[str] = []
    for part in parts:
        match = _RESULT.match(part)
        if match and match[2] != "none":
            return False
        if match:
            named += [value.strip('"').rpartition("@")[2] for *_, value in _PROPERTY.findall(part[match.end() :])]
        else:  # the authserv-id, which Exchange leaves out
            named.append(_name_of(part))
    own = {registered_domain(address.rpartition("@")[2]) for address in addresses}
    return bool(parts) and all(one == "none" or registered_domain(one) in own for one in named)


def reason_to_doubt(
    sender: str, results: Iterable[str], authserv_id: str, signed: Iterable[Signed], *, opens_as_said: bool = True
) -> str:
    """Return why mail from `sender` may be somebody else's, in one word; "" where it shows all it must.

    `results` are the message's Authentication-Results from the top, `signed` its signatures that hold. `opens_as_said`:
    the body agrees with the fields it is read by (`core.parts`), which some signatures do not cover (Gmail's).
    """
    domain = sender.rpartition("@")[2].casefold().rstrip(".")
    if not passed(results, authserv_id, domain):
        return "no-pass"
    enough = [one for one in signed if _is_enough(one, domain)]
    if not enough:
        return "no-signature"
    return "" if opens_as_said or any(one.covers >= READ_BY for one in enough) else "content-type"


def passed(results: Iterable[str], authserv_id: str, domain: str) -> bool:
    """Say whether the topmost results of that server hold a pass for the domain, and no failure of DMARC."""
    top = next((parts for parts in map(_parts, results) if parts and _name_of(parts[0]) == authserv_id), None)
    if top is None:
        return False
    found = list(_results(top[1:]))
    if any(method == "dmarc" and result not in {"pass", "none", "bestguesspass"} for method, result, _domain in found):
        return False
    return any(
        result == "pass" and method in {"dkim", "dmarc"} and is_aligned(said, domain) for method, result, said in found
    )


def is_aligned(signer: str, domain: str) -> bool:
    """Say whether a signing domain is that of the sender: the same, or one above it within its registered domain."""
    signer = signer.casefold().rstrip(".")
    if signer == domain:
        return bool(domain)
    return domain.endswith(f".{signer}") and registered_domain(domain) == registered_domain(signer) != ""


def _is_enough(signed: Signed, domain: str) -> bool:
    whole = not signed.has_length and signed.algorithm in ALGORITHMS
    return whole and signed.covers >= COVERED and is_aligned(signed.domain, domain)


def _results(parts: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (method, result, the domain it speaks of); "" for a domain that is not said."""
    for part in parts:
        match = _RESULT.match(part)
        if match is None:
            continue
        said = {f"{kind}.{name}": value for kind, name, value in _PROPERTY.findall(part[match.end() :])}
        of = said.get("header.from", "") if match[1] == "dmarc" else said.get("header.d") or said.get("header.i", "")
        yield match[1], match[2], of.strip('"').rpartition("@")[2]


def _name_of(head: str) -> str:
    """Return the authserv-id; a version number may follow it."""
    words = head.split()
    return words[0].strip('"') if words and (len(words) == 1 or words[1:] == ["1"]) else ""


def _parts(field: str) -> list[str]:
    """Return one Authentication-Results without its comments, in small letters, cut at its semicolons."""
    parts: list[list[str]] = [[]]
    depth = 0
    quoted = escaped = False
    for character in field[:RESULTS_LIMIT].casefold():
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif character == "(" and not quoted:
            depth += 1
        elif character == ")" and depth and not quoted:
            depth -= 1
        elif character == ";" and not depth and not quoted:
            parts.append([])
        elif not depth:
            # What stands in quotes can be no word of the grammar.
            parts[-1].append("_" if quoted and character in " =;" else character)
    return [] if depth or quoted else [" ".join("".join(part).split()) for part in parts]
