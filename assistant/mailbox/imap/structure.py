"""Finds the text parts of a message in its BODYSTRUCTURE (RFC 3501), and decodes their text.

Decoding never fails, whatever the transfer encoding and the charset claim to be.
"""

from __future__ import annotations

import binascii
import quopri
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from assistant.core.mail.html import RULE, html_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

# A hostile message may nest without end.
DEEPEST = 20
MOST_PARTS = 40
# An emoji as Gmail sends it (developers.google.com/workspace/gmail/reactions/format).
REACTION = "text/vnd.google.email-reaction+json"
# What a mail server writes about a message it could not deliver (RFC 3464, RFC 6533).
REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
# How it returns that message, whole or only its header (RFC 3462, RFC 6522, RFC 6533).
RETURNED = frozenset({"message/rfc822", "message/global"})
RETURNED_HEADERS = frozenset({"text/rfc822-headers", "message/global-headers"})


@dataclass(frozen=True, slots=True)
class Part:
    """One text part: its section number, `kind`, charset and transfer encoding.

    The kinds are plain, html, calendar, report (of a delivery), and returned (the Message-ID of what a report returns).

    `is_body` is True for a message's only part and for parts within a multipart/alternative. `method` is the METHOD
    parameter of a calendar part's Content-Type (RFC 6047), "" if it has none. `size` is in encoded octets.
    """

    section: str
    kind: str
    charset: str
    encoding: str
    is_body: bool
    method: str = ""
    size: int = 0

    @property
    def request(self) -> str:
        """The FETCH item for its first 64 KiB of text."""
        return f"BODY.PEEK[{self.section}]<0.{fetch_size(self.encoding)}>"


def text_parts(structure: Any) -> tuple[Part, ...]:
    """Return the text/plain, text/html and text/calendar parts in imapclient's BODYSTRUCTURE, at most 40.

    Attached plain and HTML files are left out, and so is everything within an attached message. A text/calendar part is
    taken wherever it lies. Empty if there are none, or if it isn't a structure.
    """
    leaves = _walk(structure, "", alternative=False, depth=0)
    found = (part for node, section, is_body in leaves if (part := _text_part(node, section, is_body=is_body)))
    return tuple(islice(found, MOST_PARTS))


def report_parts(structure: Any) -> tuple[Part, ...]:
    """Return the delivery reports in imapclient's BODYSTRUCTURE. Empty if there are none, or for what isn't one."""
    leaves = _walk(structure, "", alternative=False, depth=0)
    return tuple(
        Part(section, "report", "", _word(node[5]), is_body, "", node[6] if isinstance(node[6], int) else 0)
        for node, section, is_body in leaves
        if _media_type(node) in REPORTS
    )


def returned_parts(structure: Any) -> tuple[Part, ...]:
    """Return what holds the Message-ID of the message that a delivery report returns: of that message nothing else."""
    found = []
    for node, section, is_body in _walk(structure, "", alternative=False, depth=0):
        if _media_type(node) in RETURNED:
            found.append(Part(f"{section}.HEADER.FIELDS (MESSAGE-ID)", "returned", "", "", is_body))
        elif _media_type(node) in RETURNED_HEADERS:
            found.append(Part(section, "returned", "", _word(node[5]), is_body))
    return tuple(found)


def is_reaction(structure: Any) -> bool:
    """Return whether a message is an emoji reaction, as Gmail sends it or by its disposition (RFC 9078)."""
    return any(
        _has_disposition(node, "reaction")
        or (_media_type(node) == REACTION and not _has_disposition(node, "attachment"))
        for node, _, _ in _walk(structure, "", alternative=False, depth=0)
    )


def calendar_is_body(parts: tuple[Part, ...]) -> bool:
    """Return whether the calendar parts are the message itself, not attachments (docs/how-contact-is-inferred.md)."""
    written = any(part.kind in {"plain", "html"} for part in parts)
    return any(part.kind == "calendar" and part.is_body for part in parts) or not written


def is_blank(text: str) -> bool:
    """Return whether a plain or HTML part says nothing: white space or empty markup, as programs put beside a file."""
    return not {*html_lines(text)} - {"", RULE}


def _walk(node: Any, prefix: str, *, alternative: bool, depth: int) -> Iterator[tuple[tuple[Any, ...], str, bool]]:
    """Yield each part that isn't a multipart: its node, its section, and whether it is the body or an alternative."""
    if not isinstance(node, tuple) or not node or depth > DEEPEST:
        return
    if isinstance(node[0], (list, tuple)):
        children = node[0] if isinstance(node[0], list) else [item for item in node if isinstance(item, tuple)]
        subtype = next((_word(item) for item in node[1:] if isinstance(item, bytes)), "")
        for number, child in enumerate(children, 1):
            section = f"{prefix}.{number}" if prefix else str(number)
            yield from _walk(child, section, alternative=alternative or subtype == "alternative", depth=depth + 1)
        return
    if len(node) >= 7:  # noqa: PLR2004 - body-fields of RFC 3501
        yield node, prefix or "1", alternative or not prefix


def _text_part(node: tuple[Any, ...], section: str, *, is_body: bool) -> Part | None:
    kind = _media_type(node).removeprefix("text/")
    if kind not in {"plain", "html", "calendar"}:
        return None
    parameters = _pairs(node[2])
    if kind != "calendar" and _is_file(node, parameters):
        return None
    size = node[6] if isinstance(node[6], int) else 0
    encoding, method = _word(node[5]), parameters.get("method", "")
    return Part(section, kind, parameters.get("charset", ""), encoding, is_body, method, size)


def _media_type(node: tuple[Any, ...]) -> str:
    return f"{_word(node[0])}/{_word(node[1])}"


def _has_disposition(node: tuple[Any, ...], word: str) -> bool:
    # The place of the disposition depends on the type of the part, so look at everything after the size (RFC 2183).
    return any(isinstance(item, tuple) and len(item) == 2 and _word(item[0]) == word for item in node[7:])  # noqa: PLR2004 - its kind and its parameters


def _is_file(node: tuple[Any, ...], parameters: dict[str, str]) -> bool:
    """Return whether a part is an attachment or has a file name (RFC 2183)."""
    disposition = next((item for item in node[8:] if _is_disposition(item)), None)
    if disposition is not None and (_word(disposition[0]) == "attachment" or "filename" in _pairs(disposition[1])):
        return True
    return bool({"name", "name*", "name*0", "name*0*"} & parameters.keys())


def _is_disposition(item: Any) -> bool:
    return (
        isinstance(item, tuple)
        and len(item) == 2  # noqa: PLR2004 - its kind and its parameters
        and _word(item[0]) in {"attachment", "inline"}
        and (item[1] is None or isinstance(item[1], tuple))
    )


def _pairs(value: Any) -> dict[str, str]:
    if not isinstance(value, tuple):
        return {}
    words = [item.decode("ascii", "replace") if isinstance(item, bytes) else str(item or "") for item in value]
    return {name.lower(): text for name, text in zip(words[::2], words[1::2], strict=False)}


def _word(value: Any) -> str:
    return value.decode("ascii", "replace").lower() if isinstance(value, bytes) else ""


# Octets of one text part that are read (docs/privacy.md).
PART_LIMIT = 64 << 10

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_UNSAFE = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})


def fetch_size(encoding: str) -> int:
    """Return how many encoded octets hold 64 KiB of text in a transfer encoding (RFC 2045)."""
    return {"base64": PART_LIMIT * 3 // 2, "quoted-printable": PART_LIMIT * 2}.get(encoding.lower(), PART_LIMIT)


def undo_encoding(data: bytes, encoding: str) -> bytes:
    """Return the octets behind a Content-Transfer-Encoding, as many as can be decoded. Never raises."""
    name = encoding.strip().lower()
    if name == "base64":
        return _base64(data)
    if name == "quoted-printable":
        return quopri.decodestring(data)
    return data


def decode_text(data: bytes, charset: str) -> str:
    """Return octets as text, by the given charset, else as UTF-8, else as Windows-1252. Never raises.

    At most 64 KiB are read. Line ends become LF, NUL is removed.
    """
    data = data[:PART_LIMIT]
    text = _by_charset(data, charset.strip().strip("\"'").lower())
    if text is None:
        try:
            # A cut at 64 KiB may split a character, which doesn't make it Windows-1252.
            text = data.decode("utf-8", "strict" if len(data) < PART_LIMIT else "ignore")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").removeprefix("\ufeff")


def _by_charset(data: bytes, charset: str) -> str | None:
    if not charset or charset.replace("-", "_") in _UNSAFE or charset in {"us-ascii", "ascii", "unknown-8bit"}:
        return None  # 8-bit text labeled as ASCII is common, and the fallback reads plain ASCII too
    try:
        # UTF-7 can spell half a surrogate pair, which SQLite can't store.
        return data.decode(charset, "replace").encode("utf-8", "replace").decode("utf-8")
    except (LookupError, ValueError):  # an unknown charset, or one with a NUL in its name
        return None


def _base64(data: bytes) -> bytes:
    kept = _NOT_BASE64.sub(b"", data)
    kept = kept[:-1] if len(kept) % 4 == 1 else kept
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
