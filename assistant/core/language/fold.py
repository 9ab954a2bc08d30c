"""Two ways to normalise for comparison: `fold_text` for what somebody wrote, `fold_name` for what somebody is called.

A text keeps its letters, so that "für" is no "fur"; a name loses its accents, so that Müller is found as Muller.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MARKS: Final = str.maketrans(dict(zip("’‘“”„«»–—", '\'\'"""""--', strict=True)) | {"…": "..."})


def fold_text(text: str) -> str:
    """Return text for comparing: NFKC, lower case, straight quotes and hyphens, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().translate(_MARKS).split())


def fold_name(text: str) -> str:
    """Return a name: ASCII, lower case, one blank between words; what has no ASCII form stays."""
    from anyascii import anyascii

    plain = re.sub(r"[^a-z0-9]+", " ", anyascii(text).casefold()).strip()
    return plain or " ".join(text.casefold().split())
