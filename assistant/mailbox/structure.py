"""Which parts of a message are text the owner or a calendar program wrote, read from its BODYSTRUCTURE (RFC 3501)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.mailbox.text import fetch_size

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 20
MOST_PARTS = 40
_MARKUP = re.compile(r"<(?:head|style)\b.*?</(?:head|style)>|<[^<>]*>|&nbsp;", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """One text part: its section number, `kind` (plain, html, calendar), how it is encoded, and where it lies.

    `is_body` is true for the message's only part and for what lies within a multipart/alternative; `method` is the
    METHOD parameter of a calendar part's Content-Type (RFC 6047), "" when it has none; `size` in octets as it lies
    there.
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
        """The FETCH item that asks for its first 64 KiB of text."""
        return f"BODY.PEEK[{self.section}]<0.{fetch_size(self.encoding)}>"


def text_parts(structure: Any) -> tuple[Part, ...]:
    """Return the text/plain, text/html and text/calendar parts of imapclient's BODYSTRUCTURE, at most 40.

    Attachments and files are left out, and so is everything within an attached message; a text/calendar part is taken
    wherever it lies. Empty for none and for what is no structure.
    """
    found: list[Part] = []
    for part in _walk(structure, "", alternative=False, depth=0):
        found.append(part)
        if len(found) == MOST_PARTS:
            break
    return tuple(found)


def calendar_is_body(parts: tuple[Part, ...]) -> bool:
    """Return whether the calendar parts are what the message says, rather than attached to it (docs/contact.md)."""
    written = any(part.kind in {"plain", "html"} for part in parts)
    return any(part.kind == "calendar" and part.is_body for part in parts) or not written


def is_blank(text: str) -> bool:
    """Return whether a plain or HTML part says nothing: white space and empty markup, as programs put beside a file."""
    return not _MARKUP.sub("", text).strip()


def _walk(node: Any, prefix: str, *, alternative: bool, depth: int) -> Iterator[Part]:
    if not isinstance(node, tuple) or not node or depth > DEEPEST:
        return
    if isinstance(node[0], (list, tuple)):
        children = node[0] if isinstance(node[0], list) else [item for item in node if isinstance(item, tuple)]
        subtype = next((_word(item) for item in node[1:] if isinstance(item, bytes)), "")
        for number, child in enumerate(children, 1):
            section = f"{prefix}.{number}" if prefix else str(number)
            yield from _walk(child, section, alternative=alternative or subtype == "alternative", depth=depth + 1)
        return
    part = _leaf(node, prefix or "1", is_body=alternative or not prefix)
    if part is not None:
        yield part


def _leaf(node: tuple[Any, ...], section: str, *, is_body: bool) -> Part | None:
    if len(node) < 7 or _word(node[0]) != "text":  # noqa: PLR2004 - body-fields, body-type-text of RFC 3501
        return None
    kind = _word(node[1])
    if kind not in {"plain", "html", "calendar"}:
        return None
    parameters = _pairs(node[2])
    if kind != "calendar" and _is_file(node, parameters):
        return None
    size = node[6] if isinstance(node[6], int) else 0
    encoding, method = _word(node[5]), parameters.get("method", "")
    return Part(section, kind, parameters.get("charset", ""), encoding, is_body, method, size)


def _is_file(node: tuple[Any, ...], parameters: dict[str, str]) -> bool:
    """Return whether a part is an attachment or bears a file's name (RFC 2183); it stands after the line count."""
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
