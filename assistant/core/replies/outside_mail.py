"""Decide whether a message was delivered from outside, and whether such mail proves its sender (docs/replies.md).

    was_delivered -> the second door, if the owner opened it: reason_to_doubt

The second door asks for two proofs: the owner's own server says that the message passed (Authentication-Results, RFC
8601), and a DKIM signature of the sender's domain covers the fields an order rests on and the whole body (RFC 6376).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.core.mail.address import normal_address, registered_domain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from assistant.core.mail.header import Field

# What an order rests on: whose it is, when it was given, that it is new, and what it answers.
COVERED = frozenset({"from", "to", "date", "message-id", "in-reply-to"})
# These decide how the body is read. Gmail doesn't sign them.
READ_BY = frozenset({"content-type", "content-transfer-encoding"})
# rsa-sha1 proves nothing any more (RFC 8301).
ALGORITHMS = frozenset({"rsa-sha256", "ed25519-sha256"})
# Delivery writes these fields. The owner's own copy never has them.
DELIVERED = frozenset(
    {
        "arc-authentication-results", "delivered-to", "envelope-to", "received-spf", "x-delivered-to", "x-envelope-to",
        "x-original-to",
    }
)  # fmt: skip
# Exchange writes fields about spam even into what its own users submit.
EXCHANGE = ("x-forefront-", "x-microsoft-", "x-ms-exchange-")
RESULTS_LIMIT = 8000  # characters of one Authentication-Results field that are read
_RESULT = re.compile(r"([a-z0-9-]{1,40})(?: ?/ ?\d{1,4})? ?= ?([a-z]{1,40})\b")
_PROPERTY = re.compile(r"\b([a-z]{1,20}) ?\. ?([a-z0-9-]{1,40}) ?= ?@?([^\s;]{1,320})")


@dataclass(frozen=True, slots=True)
class Signed:
    """A valid DKIM signature.

    `covers` are names of fields in lower case. `has_length` means that it signs only part of the body (`l=`).
    """

    domain: str
    covers: frozenset[str]
    algorithm: str
    has_length: bool


def was_delivered(fields: Collection[Field], addresses: Collection[str]) -> bool:
    """Return whether a message was delivered from outside. `addresses` are the owner's in normal form.

    The owner's own copy may have one Received line, their own Return-Path, and results that say "none".
    """
    # Gmail files what phones and desktop programs submit with a Return-Path and one Received line.
    received = sum(field.name == "received" for field in fields)
    return received > 1 or any(_tells_of_delivery(field, addresses) for field in fields)


def _tells_of_delivery(field: Field, addresses: Collection[str]) -> bool:
    if field.name == "return-path":
        return normal_address(field.value.strip().strip("<>")) not in addresses
    if field.name == "authentication-results":
        return not _says_none(field.value, addresses)  # Exchange writes results that say "none"
    spam = "spam" in field.name and not field.name.startswith(EXCHANGE)
    return spam or field.name in DELIVERED or field.name.startswith("list-")


def _says_none(results: str, addresses: Collection[str]) -> bool:
    """Return whether every result is "none" and the only domain named is the owner's."""
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
        else:  # the authserv-id; Exchange leaves it out
            named.append(_name_of(part))
    own = {registered_domain(address.rpartition("@")[2]) for address in addresses}
    return bool(parts) and all(one == "none" or registered_domain(one) in own for one in named)


def reason_to_doubt(
    sender: str, results: Iterable[str], authserv_id: str, signed: Iterable[Signed], *, opens_as_said: bool = True
) -> str:
    """Return in one word why mail from `sender` may be somebody else's, or "" if it has proved enough.

    `results` are its Authentication-Results from the top, `signed` its valid signatures. `opens_as_said` tells whether
    the body looks as Content-Type and Content-Transfer-Encoding say (`core.mail.mime.opens_as_said`).
    """
    domain = sender.rpartition("@")[2].casefold().rstrip(".")
    if not passed(results, authserv_id, domain):
        return "no-pass"
    enough = [one for one in signed if _is_enough(one, domain)]
    if not enough:
        return "no-signature"
    # Gmail signs neither field, so somebody else could change how the signed body is read.
    return "" if opens_as_said or any(one.covers >= READ_BY for one in enough) else "content-type"


def passed(results: Iterable[str], authserv_id: str, domain: str) -> bool:
    """Return whether the topmost results of that server hold a pass for the domain and no failure of DMARC."""
    # The server adds its field on top. Whatever stands below may have come with the message, forged.
    top = next((parts for parts in map(_parts, results) if parts and _name_of(parts[0]) == authserv_id), None)
    if top is None:
        return False
    found = list(_results(top[1:]))
    # Microsoft says "bestguesspass" for a domain that publishes no DMARC policy but would have passed.
    if any(method == "dmarc" and result not in {"pass", "none", "bestguesspass"} for method, result, _domain in found):
        return False
    return any(
        result == "pass" and method in {"dkim", "dmarc"} and is_aligned(said, domain) for method, result, said in found
    )


def is_aligned(signer: str, domain: str) -> bool:
    """Return whether a signer's domain is the sender's domain, or a parent of it within its registered domain."""
    signer = signer.casefold().rstrip(".")
    if signer == domain:
        return bool(domain)
    return domain.endswith(f".{signer}") and registered_domain(domain) == registered_domain(signer) != ""


def _is_enough(signed: Signed, domain: str) -> bool:
    # With l= anybody can add text below the part that is signed (RFC 6376, 8.2).
    whole = not signed.has_length and signed.algorithm in ALGORITHMS
    return whole and signed.covers >= COVERED and is_aligned(signed.domain, domain)


def _results(parts: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (method, result, domain); the domain is "" where none is named."""
    for part in parts:
        match = _RESULT.match(part)
        if match is None:
            continue
        said = {f"{kind}.{name}": value for kind, name, value in _PROPERTY.findall(part[match.end() :])}
        of = said.get("header.from", "") if match[1] == "dmarc" else said.get("header.d") or said.get("header.i", "")
        yield match[1], match[2], of.strip('"').rpartition("@")[2]


def _name_of(head: str) -> str:
    """Return the authserv-id, or "" if this is none; a version number may follow it."""
    words = head.split()
    return words[0].strip('"') if words and (len(words) == 1 or words[1:] == ["1"]) else ""


def _parts(field: str) -> list[str]:
    """Return one Authentication-Results field in lower case, without comments, cut at its semicolons."""
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
            # So that text in quotes can't look like a result.
            parts[-1].append("_" if quoted and character in " =;" else character)
    return [] if depth or quoted else [" ".join("".join(part).split()) for part in parts]
