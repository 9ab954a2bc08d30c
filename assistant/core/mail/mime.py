"""The readable text of one message, from its bytes, within bounds and in linear time (RFC 2045, RFC 3676).

Only text parts are read. The email package isn't used for the walk: it recurses at each level, and 500 nested parts
exceed Python's limit.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from dataclasses import dataclass
from email.message import Message
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from assistant.core.mail.header import split_fields, split_message

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPTH = 12
PARTS = 60
# Bytes of text or HTML. A longer message is refused as a whole: half an answer must not be obeyed (docs/replies.md).
TEXT_LIMIT = 256 * 1024
FIELD_LIMIT = 2000
_ARMOR = "-----BEGIN PGP "
_TAG = re.compile(rb"\s*<[A-Za-z!]")
# Plain ASCII that turns into "s" in Python's escapes and in UTF-7.
_ASCII = rb"\u0073\x73+AHM-"
# Parts whose text can't be read without the key, or without Outlook (TNEF).
_SEALED = {
    "application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime", "application/ms-tnef",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MimePart:
    """A part that isn't a multipart. `about` has the fields that say how to read `body`, which is still encoded.

    `is_body` is true for a message's only part and for parts within multipart/alternative.
    """

    about: Message
    body: bytes
    is_body: bool


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says: plain text and HTML ("" for none). `too_long` says that it exceeds a bound.

    `flowed` and `delsp` say how the plain text was wrapped (RFC 3676). `opaque` says why nothing can be read: "sealed"
    for encrypted text or text signed into a block, "files" for files without text, else "".
    """

    text: str = ""
    html: str = ""
    flowed: bool = False
    delsp: bool = False
    too_long: bool = False
    opaque: Literal["", "sealed", "files"] = ""


@dataclass(frozen=True, slots=True)
class _TextPart:
    subtype: str
    text: str
    flowed: bool
    delsp: bool


def content_of(raw: bytes) -> Content:
    """Return the readable text of a message, an empty Content if there is none. Never raises."""
    leaves, others, too_long = _text_parts(raw)
    return _content(leaves, others, too_long=too_long)


def html_of(raw: bytes) -> str:
    """Return the HTML of a message, "" if it has none."""
    return "\n".join(leaf.text for leaf in _text_parts(raw)[0] if leaf.subtype == "html")


def opens_as_said(raw: bytes) -> bool:
    """Return whether the body looks as its Content-* fields say, for a signed message whose signature omits them."""
    # Anybody can change fields that the signature doesn't cover. With another boundary, other parts of the signed body
    # become readable; with another encoding, a wrapped line ends early and its rest reads as an order of its own.
    head, body = split_message(raw)
    about = _about(head)
    first = next((line for line in body[:FIELD_LIMIT].split(b"\n") if line.strip()), b"").rstrip()
    if about.get_content_maintype() == "multipart":
        return first == b"--" + (about.get_boundary() or "").encode("ascii", "replace")
    if first.startswith(b"--") and first != b"--":  # the latter begins a signature
        return False
    return about.get_content_subtype() == "html" or _ends_its_lines(about, body)


def _ends_its_lines(about: Message, body: bytes) -> bool:
    """Return whether no line of plain text would continue, or be HTML, under another encoding or format."""
    encoding = str(about.get("content-transfer-encoding", "")).strip().lower()
    raw = [line.rstrip(b"\r") for line in body.split(b"\n")]
    lines = [line.rstrip(b"\r") for line in _decoded(body, encoding).split(b"\n")]
    softly = encoding not in {"quoted-printable", "base64"} and any(line.endswith(b"=") for line in raw)
    flows = str(about.get_param("format") or "").lower() != "flowed" and any(
        line.endswith(b" ") and below.strip() and not line.startswith((b">", b"-- ")) for line, below in pairwise(lines)
    )
    tagged = _TAG.match(next((line for line in lines if line.strip()), b""))
    return not (softly or flows or tagged)


def parts_of(raw: bytes, deepest: int = DEPTH) -> Iterator[MimePart]:
    """Yield the parts of a message that aren't multiparts, in order. An attached message counts as one part.

    At most 60 parts are read, and none deeper than `deepest`.
    """
    # A stack instead of recursion, since the sender chooses the depth.
    # (bytes, depth, whether it is a body, whether it is within multipart/digest), the next one last.
    waiting: list[tuple[bytes, int, bool, bool]] = [(raw, 0, True, False)]
    read = 0
    while waiting and read < PARTS:
        part, depth, is_body, digested = waiting.pop()
        read += 1
        head, body = split_message(part)
        about = _about(head)
        if digested:  # in a multipart/digest the default type is message/rfc822 (RFC 2046, 5.1.5)
            about.set_default_type("message/rfc822")
        if about.get_content_maintype() != "multipart":
            yield MimePart(about, body, is_body)
        elif depth < deepest:
            kind = about.get_content_subtype()
            within = kind == "alternative" or (is_body and depth > 0)
            children = _children(body, about.get_boundary() or "")
            waiting.extend((child, depth + 1, within, kind == "digest") for child in reversed(children))


def _text_parts(raw: bytes) -> tuple[list[_TextPart], set[str], bool]:
    """Return the text parts, the types of all other parts, and whether a bound was exceeded."""
    leaves: list[_TextPart] = []
    others: set[str] = set()
    too_long = False
    for part in parts_of(raw):
        # Apple Mail attaches text files inline. So a part with a file name is a file, unless it's the first text.
        leaf, over = (None, False) if leaves and part.about.get_filename() else _text_part(part.about, part.body)
        too_long = too_long or over
        if leaf:
            leaves.append(leaf)
        else:
            others.add(part.about.get_content_type())
    return leaves, others, too_long


def _content(leaves: list[_TextPart], others: set[str], *, too_long: bool) -> Content:
    plain = [leaf for leaf in leaves if leaf.subtype == "plain" and leaf.text.strip()]
    text = _without_armor("\n".join(leaf.text for leaf in plain))
    html = "\n".join(leaf.text for leaf in leaves if leaf.subtype == "html")
    flowed = bool(plain) and all(leaf.flowed for leaf in plain)
    too_long = too_long or max(len(text), len(html)) > TEXT_LIMIT
    return Content(text, html, flowed, flowed and plain[0].delsp, too_long, _opaque(leaves, others))


def _opaque(leaves: list[_TextPart], others: set[str]) -> Literal["", "sealed", "files"]:
    said = [leaf.text for leaf in leaves if leaf.text.strip()]
    if any(line.strip() == f"{_ARMOR}MESSAGE-----" for text in said for line in text.split("\n")):
        return "sealed"
    if said or not others:
        return ""
    return "sealed" if others & _SEALED else "files"


def _without_armor(text: str) -> str:
    """Return the text of an inline PGP signature (RFC 9580, 7), or the text itself if it isn't signed that way."""
    if not text.lstrip().startswith(f"{_ARMOR}SIGNED MESSAGE-----"):
        return text
    said = text.partition("\n\n")[2].partition(f"{_ARMOR}SIGNATURE-----")[0]
    return "\n".join(line.removeprefix("- ") for line in said.split("\n"))


def _about(head: bytes) -> Message:
    """Return a Message with only the fields that say how to read a part."""
    about = Message()
    wanted = {"content-type", "content-transfer-encoding", "content-disposition"}
    for name, value in split_fields(head):
        if name in wanted and name not in about:
            # email passes the charset's name on as it is, and Python's codec lookup raises on a NUL.
            about[name] = value[:FIELD_LIMIT].replace("\0", "").encode("ascii", "replace").decode("ascii")
    return about


def _children(body: bytes, boundary: str) -> list[bytes]:
    if not boundary:
        return []
    mark = b"--" + boundary.encode("ascii", "replace")
    found: list[bytes] = []
    lines: list[bytes] | None = None
    for line in body.split(b"\n"):
        bare = line.rstrip()
        if bare in {mark, mark + b"--"}:
            if lines is not None:
                found.append(b"\n".join(lines).removesuffix(b"\r"))
            lines = [] if bare == mark and len(found) < PARTS else None
        elif lines is not None:
            lines.append(line)
    if lines:
        found.append(b"\n".join(lines))
    return found


def _text_part(about: Message, body: bytes) -> tuple[_TextPart | None, bool]:
    """Return a text part (None for anything else), and whether it exceeds the bound."""
    kind = about.get_content_type()
    if kind not in {"text/plain", "text/html"} or about.get_content_disposition() == "attachment":
        return None, False
    # Encoded text is at most three times as long as its content: quoted-printable writes =E9 for one byte.
    if len(body) > 3 * TEXT_LIMIT:
        return None, True
    decoded = _decoded(body, str(about.get("content-transfer-encoding", "")).strip().lower())
    # A lone CR must not end a line: the rest of a quoted line would no longer be quoted, and would be obeyed.
    text = _in_charset(decoded, str(about.get_param("charset") or "utf-8")).replace("\r\n", "\n").replace("\r", " ")
    flowed = str(about.get_param("format") or "").lower() == "flowed"
    delsp = str(about.get_param("delsp") or "").lower() == "yes"
    return _TextPart(kind.partition("/")[2], text, flowed, delsp), len(decoded) > TEXT_LIMIT


def _decoded(body: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        try:
            return base64.b64decode(bytes(byte for byte in body if byte not in b" \t\r\n"))
        except (binascii.Error, ValueError):
            return b""
    return quopri.decodestring(body) if encoding == "quoted-printable" else body


def _in_charset(raw: bytes, charset: str) -> str:
    """Return bytes as text: in the charset, in UTF-8 if that fits instead, else with replacement characters."""
    known = charset if _keeps_ascii(charset) else "utf-8"
    for name in (known, "utf-8"):
        try:
            return raw.decode(name)
        except ValueError:
            continue
    return raw.decode(known, "replace")


def _keeps_ascii(charset: str) -> bool:
    """Return whether a charset leaves plain ASCII as it is."""
    # With unicode_escape or UTF-7 the sender could write an order that a mail program shows as something else.
    try:
        return _ASCII.decode(charset) == _ASCII.decode("ascii")
    except (LookupError, ValueError):
        return False


def unflow(text: str, *, delsp: bool) -> str:
    """Return format=flowed text with each paragraph on one line (RFC 3676). Quotes stay quotes."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        flows = bare.endswith(" ") and bare != "-- "
        said = bare[:-1] if flows and delsp else bare
        if depth == open_depth:
            out[-1] += said
        else:
            out.append(f"{'>' * depth} {said}" if depth else said)
        open_depth = depth if flows else -1
    return "\n".join(out)
