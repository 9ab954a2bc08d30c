"""What a digest takes of its reader: words, minutes, pixels, bytes, and how much of it stood in the one before."""

from __future__ import annotations

import json
from html import unescape
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from scripts.screenshots import chromium

if TYPE_CHECKING:
    from pathlib import Path

WORDS_A_MINUTE = 238
"""Silent reading of English prose by adults (Brysbaert 2019)."""
RUN = 5
"""So many words in a row are no chance: a word stood before if it is in such a run that did."""
_RULER = """<!DOCTYPE html><meta charset="utf-8"><iframe id="mail" src="{page}"
style="border:0;width:{width}px;height:600px"></iframe><pre id="found"></pre><script>
document.getElementById("mail").onload = function () {{
  const mail = this.contentDocument, boxes = [...mail.links].map((link) => link.getBoundingClientRect());
  document.getElementById("found").textContent = JSON.stringify({{
    height: mail.documentElement.scrollHeight, first: boxes[0].bottom,
    smallest: Math.min(...[...mail.querySelectorAll("[role=group] a")].map((one) => one.getBoundingClientRect().height)),
  }});
}};
</script>"""


def words(html: str) -> list[str]:
    """Return the words a reader sees, in their order; dots between links are none."""
    tree = LexborHTMLParser(html)
    for hidden in tree.css("style, title, [style*='display:none']"):
        hidden.decompose()
    return [word for word in tree.body.text(separator=" ").split() if any(map(str.isalnum, word))] if tree.body else []


def minutes(count: int) -> float:
    """Return how long so many words take."""
    return count / WORDS_A_MINUTE


def repeated(now: list[str], before: list[str]) -> float:
    """Return which share of the words stood in the digest before, in a run of five or more."""
    known = {tuple(before[at : at + RUN]) for at in range(len(before) - RUN + 1)}
    again = [False] * len(now)
    for at in range(len(now) - RUN + 1):
        if tuple(now[at : at + RUN]) in known:
            again[at : at + RUN] = [True] * RUN
    return sum(again) / len(now)


def pixels(page: Path, width: int) -> dict[str, float]:
    """Return in pixels how high a page is, where its first link ends, and how low its lowest button is."""
    ruler = page.with_name(f".ruler-{page.stem}.html")
    ruler.write_text(_RULER.format(page=page.as_uri(), width=width), encoding="utf-8")
    dom = chromium(str(page.parent / "profile"), "--dump-dom", ruler.as_uri())
    found: dict[str, float] = json.loads(unescape(dom.partition('<pre id="found">')[2].partition("</pre>")[0]))
    return found
