"""What a digest takes of its reader: words, minutes, pixels, bytes, and how much of it stood in the one before."""

from __future__ import annotations

import json
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from assistant.config import load_config
from assistant.core.digest.week import current
from assistant.demo.run import MOMENT, run_demo
from assistant.owner import Owner
from assistant.rounds.delivery.outbox import deliver
from assistant.rounds.digest import build
from assistant.rounds.scan import run
from assistant.store.database import Store
from scripts.screenshots import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.rounds.digest.result import Built

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
    smallest: Math.min(...[...mail.querySelectorAll("[role=group] a")].map((a) => a.getBoundingClientRect().height)),
  }});
}};
</script>"""


def words(html: str, *, buttons: bool = True) -> list[str]:
    """Return the words a reader sees, in their order, with or without those on buttons and links."""
    tree = LexborHTMLParser(html)
    for hidden in tree.css("style, title, [style*='display:none']" + ("" if buttons else ", a")):
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


def demo_mondays(folder: Path, count: int) -> Iterator[Built]:
    """Yield the digests of the demo's Mondays after its first; the owner does nothing, and no mail comes."""
    world, home = run_demo(folder).world, folder / "data"
    with Store(home) as store:
        owner = Owner(load_config(world.config), home, store)
        for number in range(1, count + 1):
            with owner.one_round(MOMENT + timedelta(weeks=number)) as round_:
                run.scan_sent_mail(round_)
                built = build.build(round_, current(round_.now, round_.slot))
                deliver(round_.way, round_.now)
            yield built
