"""Mails as files to look at: `digest --preview` and the gallery."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.render.digest import Rendered


def write_preview(out: Path, rendered: Rendered, message: bytes | None = None, name: str = "digest") -> list[Path]:
    """Write NAME.html, NAME.txt and, with a message, NAME.eml into `out` (made when missing); return what was written.

    The HTML is the mail's own, byte for byte. Raises OSError where the folder cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    contents = {"html": rendered.html.encode(), "txt": rendered.text.encode()}
    if message is not None:
        contents["eml"] = message
    for suffix, content in contents.items():
        (out / f"{name}.{suffix}").write_bytes(content)
    return [out / f"{name}.{suffix}" for suffix in contents]


def index_page(names: Sequence[str]) -> str:
    """Return a page that links to NAME.html and NAME.txt of each name."""
    items = "\n".join(
        f'<li><a href="{escape(name)}.html">{escape(name)}</a> (<a href="{escape(name)}.txt">text</a>)</li>'
        for name in names
    )
    head = '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Gallery</title></head>'
    return f"{head}<body><h1>Gallery</h1><ul>\n{items}\n</ul></body></html>\n"
