"""Raw header bytes to fields, and encoded words to text (RFC 5322, RFC 2047, RFC 6532). Nothing here raises.

There are two readers of fields. `split_fields` takes what it can and serves to find out who was written to.
`strict_fields` refuses a malformed header and serves wherever a header proves something.

`failed_recipients` reads the fields of a delivery report (RFC 3464, RFC 6533).
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.core.mail.address import normal_address

# A Message-ID (RFC 5322, 3.6.4) as real mail has it: without the grammar of its two halves, no longer than a line.
MESSAGE_ID = re.compile(r"<([^<>\s]{1,998})>")
_MESSAGE_ID_FIELD = re.compile(rb"^message-id:[ \t]*(?:\r?\n[ \t]+)?<([^>\r\n]*)>", re.IGNORECASE | re.MULTILINE)
_END = re.compile(rb"\n\r?\n")
_FOLD = re.compile(r"\n(?=[ \t])")
_FIELD = re.compile(r"^([!-9;-~]+)[ \t]*:([^\n]*)", re.MULTILINE)
_REPORT_FIELD = re.compile(
    r"^(action|(?:final|original)-recipient)[ \t]*:[ \t]*(.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE
)
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_SPACE = re.compile(r"\s+")
_LOST = re.compile(r"[\udc80-\udcff]")
_TOKEN = re.compile(r"[^\s<>,;]+")
_Q = re.compile(rb"=([0-9a-fA-F]{2})")


def to_text(raw: bytes) -> str:
    """Return raw header bytes as text: as UTF-8, and each byte that isn't UTF-8 as Windows-1252."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _TOKEN.sub(_mend_word, raw.decode("utf-8", "surrogateescape"))


def _mend_word(word: re.Match[str]) -> str:
    text = word.group()
    # A guess may mend a name, but not an address: it could become another person's. RFC 6532 allows only UTF-8 there,
    # and U+FFFD makes normal_address refuse it.
    if "@" in text:
        return _LOST.sub("\ufffd", text)
    return _LOST.sub(_byte, text) if _LOST.search(text) else text


def _byte(lost: re.Match[str]) -> str:
    return lost.group().encode("utf-8", "surrogateescape").decode("cp1252", "replace").replace("\ufffd", "?")


def split_fields(header: bytes) -> list[tuple[str, str]]:
    """Return the fields as (name in lower case, unfolded text), in order. Lines that aren't fields are skipped.

    Only LF (with or without CR) ends a line. The header ends at the first empty line.
    """
    # Not by the email package: its parser ends a line at a lone CR, so a subject could smuggle in a recipient, and it
    # stops at the first malformed line, so the recipients below it would be lost.
    text = to_text(header.replace(b"\r\n", b"\n"))
    end = text.find("\n\n")
    if end >= 0:
        text = text[:end]
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub("", text)
    if "\r" in text:
        text = text.replace("\r", " ")
    return [(name.lower(), value.strip()) for name, value in _FIELD.findall(text)]


@dataclass(frozen=True, slots=True)
class Field:
    """One header field, unfolded: its name in lower case and its raw value."""

    name: str
    value: str


def strict_fields(head: bytes) -> tuple[Field, ...] | None:
    """Return the header fields in order, or None if the header is malformed.

    It is malformed with a NUL, with a CR that doesn't end a line, or with a line that is neither a field nor the
    continuation of one. Two programs could read such a header differently.
    """
    if b"\0" in head or b"\r" in head.replace(b"\r\n", b""):
        return None
    fields: list[Field] = []
    for line in _FOLD.sub("", head.decode("utf-8", "surrogateescape").replace("\r\n", "\n")).split("\n"):
        name, colon, value = line.partition(":")
        if not line:
            continue
        if not colon or not name.strip() or " " in name.rstrip() or not name.isascii():
            return None
        fields.append(Field(name.strip().lower(), value.strip()))
    return tuple(fields)


def header_end(data: bytes) -> int:
    """Return the index after the header's last line end, or -1 if the header doesn't end within `data`."""
    if data.startswith((b"\n", b"\r\n")):
        return 0
    found = _END.search(data)
    return found.start() + 1 if found else -1


def split_message(raw: bytes) -> tuple[bytes, bytes]:
    """Return the header and the body of a message. The blank line between them belongs to neither."""
    end = header_end(raw)
    if end < 0:
        return raw, b""
    return raw[:end].removesuffix(b"\n").removesuffix(b"\r"), raw[end:].removeprefix(b"\r").removeprefix(b"\n")


def message_id_of(header: bytes) -> str:
    """Return the Message-ID of a header without its angle brackets, "" if it has none."""
    found = _MESSAGE_ID_FIELD.search(header)
    return found[1].strip().decode("ascii", "replace") if found else ""


def field_on_one_line(text: str) -> str:
    """Return the text on one line: each run of white space, control or direction characters becomes one space."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACE.sub(" ", _CONTROL.sub(" ", text)).strip()


def decode_words(text: str) -> str:
    """Return the text on one line with its encoded words decoded. Those that can't be decoded stay as written."""
    return field_on_one_line(_decoded(text) if "=?" in text else text)


def _decoded(text: str) -> str:
    out: list[str] = []
    pending = b""
    codec = ""
    end = 0
    for word in _WORD.finditer(text):
        between = text[end : word.start()]
        here, raw = _codec(word.group(1)), _bytes(word.group(2), word.group(3))
        # Adjacent words of one charset are decoded together: some programs split a character between two words.
        if between.strip() or not end or here != codec:
            out.append(_text(pending, codec))
            pending = b""
            if between.strip() or not end:
                out.append(between)
        pending, codec, end = pending + raw, here, word.end()
    out.extend((_text(pending, codec), text[end:]))
    return "".join(out)


def _bytes(kind: str, data: str) -> bytes:
    raw = data.encode("utf-8", "replace")
    if kind in "qQ":
        return _Q.sub(lambda pair: bytes((int(pair.group(1), 16),)), raw.replace(b"_", b" "))
    raw = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        # Cut off in the middle: whole groups of four still decode.
        return base64.b64decode(raw[: len(raw) // 4 * 4])


def _text(raw: bytes, codec: str) -> str:
    if not raw:
        return ""
    try:
        text = raw.decode(codec or "utf-8")
        text.encode()  # UTF-7, for example, can spell half a surrogate pair, which SQLite can't store
    except (UnicodeError, LookupError, ValueError):
        return to_text(raw)
    return text


@lru_cache(maxsize=256)
def _codec(charset: str) -> str:
    """Return Python's name for a charset, "" if it has none that turns bytes into text."""
    # RFC 2231 allows a language after an asterisk: =?utf-8*en?q?hi?=
    name = charset.partition("*")[0].strip("'\"").lower()
    # Programs declare the old charset and use characters that only its successor has.
    name = {"gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "iso-8859-8-i": "iso-8859-8"}.get(
        name, name
    )
    try:
        found = codecs.lookup(name)
        b"a".decode(found.name)  # hex, rot13 and the like are codecs too, but don't make text of bytes
    except (LookupError, UnicodeError, ValueError, TypeError):
        return ""
    return found.name


def failed_recipients(report: str) -> tuple[str, ...]:
    """Return the normal addresses that a delivery report says failed: as written to, and as they ended up.

    It is empty if none failed. A recipient that was delayed, relayed or delivered didn't fail, nor did one whose block
    has no Action.
    """
    found: list[str] = []
    for block in re.split(r"\n[ \t]*\n", report.replace("\r\n", "\n")):
        fields = [(name.lower(), value.strip()) for name, value in _REPORT_FIELD.findall(block)]
        if ("action", "failed") in {(name, value.lower()) for name, value in fields}:
            # A forwarding server changes the address: Original-Recipient is the one that the owner wrote to.
            addresses = (normal_address(value.rpartition(";")[2]) for name, value in fields if name != "action")
            found += filter(None, addresses)
    return tuple(dict.fromkeys(found))
