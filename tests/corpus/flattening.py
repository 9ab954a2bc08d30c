"""How mail programs turn an HTML mail into text: a flattener with a rule for each of their habits."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from html.parser import HTMLParser

BLOCKS = frozenset(("p", "div", "tr", "table", "h1", "h2", "h3", "h4", "li", "blockquote", "ul", "ol", "body", "hr"))
SPACED = frozenset(("p", "h1", "h2", "h3", "h4"))
VOID = frozenset(("br", "img", "hr", "meta", "link", "input", "col"))


@dataclass(frozen=True)
class Rules:
    """The habits of one program; `cells` stands between cells, `width` 0 leaves lines whole."""

    hidden: bool = False
    title: bool = False
    style: bool = False
    links: str = ""
    bold: str = ""
    cells: str = " "
    blank: int = 1
    bullet: str = "- "
    width: int = 0
    indent: str = ""


class _Flat(HTMLParser):
    def __init__(self, rules: Rules) -> None:
        super().__init__(convert_charrefs=True)
        self.rules = rules
        self.out: list[str] = []
        self.open: list[tuple[str, bool, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        hides = "display:none" in given.get("style", "").replace(" ", "") or "hidden" in given
        if tag == "br":
            self.out.append("\n")
            return
        if tag in VOID:
            self.out.append("\n" if tag == "hr" else "")
            return
        if tag in BLOCKS:
            self.out.append("\n" * (1 + (self.rules.blank if tag in SPACED else 0)))
        if tag == "td" and any(name == "td" for name, _, _ in self.open):
            self.out.append(self.rules.cells)
        if tag == "li":
            self.out.append(self.rules.bullet)
        if tag in {"b", "strong"}:
            self.out.append(self.rules.bold)
        self.open.append((tag, hides, given.get("href", "")))

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            name, _, href = self.open.pop()
            if name == "a" and href and self.rules.links:
                self.out.append(self.rules.links.replace("URL", href))
            if name in {"b", "strong"}:
                self.out.append(self.rules.bold)
            if name == "td":
                self.out.append(self.rules.cells)
            if name in BLOCKS:
                self.out.append("\n" * (1 + (self.rules.blank if name in SPACED else 0)))
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        inside = {name for name, _, _ in self.open}
        if "style" in inside and not self.rules.style:
            return
        if "title" in inside and not self.rules.title:
            return
        if any(hides for _, hides, _ in self.open) and not self.rules.hidden:
            return
        self.out.append(re.sub(r"[ \t\r\n]+", " ", data))


def flatten(html: str, rules: Rules) -> str:
    """Return the text of an HTML mail as a program with those rules shows it."""
    flat = _Flat(rules)
    flat.feed(html)
    flat.close()
    lines = [re.sub(r" +", " ", line).strip(" ") for line in "".join(flat.out).split("\n")]
    out: list[str] = []
    for line in lines:
        if not line and len(out) > rules.blank and not any(out[-rules.blank - 1 :]):
            continue
        out += [rules.indent + part for part in wrap(line, rules.width)]
    return "\n".join(out).strip("\n")


def wrap(line: str, width: int) -> list[str]:
    """Return a line in pieces of at most `width` characters; 0 leaves it whole."""
    if not width or len(line) <= width:
        return [line]
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]


def stripped(html: str) -> str:
    """Return what is left when all tags are cut out, as crude converters do: CSS and title stay."""
    text = re.sub(r"<[^>]*>", "", html)
    for name, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#34;", '"'), ("&#39;", "'"), ("&nbsp;", " ")):
        text = text.replace(name, char)
    return text.replace("&amp;", "&")
