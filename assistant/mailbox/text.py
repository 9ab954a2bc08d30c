"""Parts of messages as text: transfer encoding and charset undone, whatever they claim to be."""

from __future__ import annotations

import binascii
import quopri
import re

PART_LIMIT = 64 << 10
"""Octets of one text part that are read (docs/privacy.md: text and text/calendar parts, 64 KiB each)."""

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_UNSAFE = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})


def fetch_size(encoding: str) -> int:
    """Return how many encoded octets hold 64 KiB of text in that transfer encoding (RFC 2045)."""
    return {"base64": PART_LIMIT * 3 // 2, "quoted-printable": PART_LIMIT * 2}.get(encoding.lower(), PART_LIMIT)


def undo_encoding(data: bytes, encoding: str) -> bytes:
    """Return the octets behind a Content-Transfer-Encoding, as many as can be had; never raises."""
    name = encoding.strip().lower()
    if name == "base64":
        return _base64(data)
    if name == "quoted-printable":
        return quopri.decodestring(data)
    return data


def to_text(data: bytes, charset: str) -> str:
    """Return octets as text, by the charset given, else UTF-8, else Windows-1252; never raises.

    At most 64 KiB are taken; line ends become LF; NUL goes.
    """
    data = data[:PART_LIMIT]
    text = _by_charset(data, charset.strip().strip("\"'").lower())
    if text is None:
        try:
            text = data.decode("utf-8", "strict" if len(data) < PART_LIMIT else "ignore")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").removeprefix("\ufeff")


def _by_charset(data: bytes, charset: str) -> str | None:
    if not charset or charset.replace("-", "_") in _UNSAFE or charset in {"us-ascii", "ascii", "unknown-8bit"}:
        return None  # 8-bit text under an ASCII label is common: the fallback reads plain ASCII as well
    try:
        return data.decode(charset, "replace")
    except (LookupError, ValueError):  # an unknown charset, or one with a NUL in its name
        return None


def _base64(data: bytes) -> bytes:
    kept = _NOT_BASE64.sub(b"", data)
    kept = kept[:-1] if len(kept) % 4 == 1 else kept
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
