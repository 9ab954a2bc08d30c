"""The ten header fields that the fast path of a scan reads, from a header of the common shape."""

from __future__ import annotations

from assistant.core.mail.envelope import MARKS, WANTED_FIELDS
from assistant.core.mail.header import to_text

_USED = ("message-id", "date", "from", "to", "cc", "bcc", "subject", "in-reply-to", "references", "content-type")
_IGNORED, _ODD, _UNKNOWN = -1, -2, -3
_NOTHING: list[str | None] = [None] * len(_USED)
_SLOTS = {
    **{name.lower(): _ODD for name in WANTED_FIELDS},
    **dict.fromkeys(MARKS, _ODD),
    "sender": _IGNORED,
    **{name: slot for slot, name in enumerate(_USED)},
}
_WRITTEN = {
    name: _SLOTS[name.lower()]
    for name in (*WANTED_FIELDS, "Message-Id", "CC", "BCC", "In-reply-to", "Content-type")
    if _SLOTS[name.lower()] >= 0
}
_USUAL_ORDER = ("Message-ID", "Date", "From", "To", "Cc", "Bcc", "Subject", "In-Reply-To", "References", "Content-Type")
_USUAL = frozenset(_USUAL_ORDER)


def fields_of(header: bytes) -> list[str | None] | None:
    """Return the ten fields that are used (None for a missing one), or None for a header without the common shape."""
    text = to_text(header)
    text = text.removesuffix("\r\n\r\n")
    lines = text.split("\r\n")
    breaks = len(lines) - 1
    try:
        named = dict([line.split(": ", 1) for line in lines])
    except ValueError:
        return _fields_by_line(text)
    # As many names as lines: no field comes twice. As many CR and LF as line breaks: no value holds a lone one.
    if len(named) > breaks and named.keys() <= _USUAL and text.count("\n") == breaks == text.count("\r"):
        return [named.get(name) for name in _USUAL_ORDER]
    return _fields_by_line(text)


def _fields_by_line(text: str) -> list[str | None] | None:
    """Return the same for other spellings of the names and for folded lines."""
    text = text.replace("\r\n", "\n")
    if "\r" in text:
        return None
    lines = text.split("\n")
    found = _NOTHING.copy()
    slot = _IGNORED
    for line in lines:
        name, colon, value = line.partition(":")
        last, slot = slot, _WRITTEN.get(name, _UNKNOWN)
        if slot >= 0 and colon:
            # Which of two counts is the full parser's business.
            if found[slot] is not None:
                return None
            found[slot] = value
        elif not line:
            return found if lines[0] else None
        elif line[0] in " \t":
            slot = last
            if slot >= 0:
                found[slot] = f"{found[slot]}{line}"
        # A field that the rules look at, in a spelling that isn't expected here, or a line that is no field.
        elif not colon or _SLOTS.get(name.rstrip(" \t").lower(), _IGNORED) != _IGNORED:
            return None
        else:
            slot = _IGNORED
    return found
