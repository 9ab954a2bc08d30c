"""The HTML of a reply as lines of text, in linear time. Quotes get a ">" as in plain text; invisible text is left out.

It follows the tags and builds no tree: from 27 KB of unclosed <b> a tree parser made 900 MB, since each new paragraph
opens them all again. Reading what a reply says doesn't need one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Literal

_RAW = {
    "head",
    "style",
    "script",
    "title",
    "template",
    "noscript",
    "svg",
    "math",
    "object",
    "iframe",
    "select",
    "textarea",
}
_VOID = {"br", "hr", "img", "meta", "link", "input", "col", "wbr", "base", "area", "source", "o:p"}
_BLOCKS = {
    "address",
    "article",
    "blockquote",
    "body",
    "br",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "ul",
}
_QUOTES = {
    "gmail_attr",
    "moz-cite-prefix",
    "yahoo_quoted",
    "protonmail_quote",
    "zmail_extra",
    "tutanota_quote",
    "ms-outlook-mobile-reference-message",
}
_NOT_OWN = _QUOTES | {"gmail_quote", "gmail_signature", "divrplyfwdmsg"}
_HIDDEN = ("display:none", "visibility:hidden", "font-size:0", "mso-hide:all", "opacity:0", "max-height:0")
# The text of an <hr>: Outlook draws one between the answer and the header of the mail it quotes.
RULE = "________________________________"
# How far back among the open elements a closing tag is matched. Without a bound, unclosed tags take quadratic time.
OPEN = 200
# Past this length a ">" ends a tag even within a quote: one that is never closed must not swallow the rest of the page.
TAG_LENGTH = 4000

Show = Literal["", "hidden", "links", "own"]

_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]{0,30})")
_ATTRIBUTE = re.compile(r"\b(class|id|style|href)\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_HIDDEN_ATTRIBUTE = re.compile(r"\shidden(?![\w-])", re.IGNORECASE)
_WHOLE = re.compile(r"[^\"']*(?:\"[^\"]*\"[^\"']*|'[^']*'[^\"']*)*")
_LONG_NUMBER = re.compile(r"&#[0-9]{8,}")


def html_lines(html: str, *, show: Show = "") -> list[str]:
    """Return the visible lines of an HTML body. Lines of a quote begin with ">". Never raises.

    With `show`: "hidden" also gives hidden elements, title and style, which some programs show; "links" puts each
    link's address after its words; "own" leaves out what the writer didn't write, that is quotes and the signature.
    """
    page = _Page(html, show=show)
    at = 0
    while at < len(html):
        start = html.find("<", at)
        page.text(html[at : start if start >= 0 else len(html)])
        if start < 0:
            break
        at = page.markup(start)
    page.end()
    return page.lines


@dataclass(frozen=True, slots=True)
class _Open:
    """One open element, and whether it hides or quotes its content."""

    tag: str
    hides: bool
    quotes: bool
    link: str = ""


@dataclass(slots=True)
class _Page:
    """Reads a page from start to end. `stack` holds the open elements."""

    html: str
    show: Show = ""
    lines: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    known: dict[tuple[str, str], _Open] = field(default_factory=dict)
    hidden: int = 0
    quoted: int = 0
    pre: int = 0

    def text(self, raw: str) -> None:
        if self.hidden or not raw:
            return
        # unescape raises ValueError for a character number of more than 4,300 digits.
        text = unescape(_LONG_NUMBER.sub("&#0", raw)) if "&" in raw else raw
        if not self.pre:
            self.words.append(text.replace("\n", " ").replace("\r", " "))
            return
        first, *rest = text.split("\n")
        self.words.append(first)
        for line in rest:
            self.end()
            self.words.append(line)

    def markup(self, at: int) -> int:
        """Read the tag or comment that begins at `at`; return where to go on."""
        if self.html.startswith("<!--", at):
            return self._after("-->", at + 4)
        if self.html.startswith(("<!", "<?"), at):
            return self._after(">", at)
        match = _TAG.match(self.html, at)
        if match is None:
            self.text("<")
            return at + 1
        end = self._tag_end(at)
        tag = match[1].lower()
        if self.html[at + 1] == "/":
            self._close(tag)
        elif tag in _RAW and self.show in {"", "own"}:
            return self._after_raw(tag, end)
        else:
            self._open(tag, self.html[match.end() : min(end, at + TAG_LENGTH)])
        return end

    def end(self) -> None:
        if not self.words:
            return
        line = " ".join("".join(self.words).split())
        self.words = []
        if line:
            self.lines.append(f"> {line}" if self.quoted else line)

    def _after(self, mark: str, at: int) -> int:
        found = self.html.find(mark, at)
        return found + len(mark) if found >= 0 else len(self.html)

    def _after_raw(self, tag: str, at: int) -> int:
        closing = re.compile(rf"</{tag}\b[^>]*>?", re.IGNORECASE).search(self.html, at)
        # An unclosed head hides nothing, since browsers end it at the first text.
        return closing.end() if closing else at if tag == "head" else len(self.html)

    def _tag_end(self, at: int) -> int:
        """Return where a tag ends: at its first ">" outside quotes."""
        end = at
        # Four tries are enough for real tags. A tag full of ">" in quotes must not be looked at again and again.
        for _ in range(4):
            end = self._after(">", end)
            if end - at > TAG_LENGTH or _WHOLE.fullmatch(self.html, at, end):
                break
        return end

    def _open(self, tag: str, attributes: str) -> None:
        if tag == "br" and not self.words and not self.hidden:
            self.lines.append("")
        if tag in _BLOCKS:
            self.end()
        if tag == "hr" and not self.hidden:
            self.lines.append(f"> {RULE}" if self.quoted else RULE)
        if tag in _VOID or attributes.rstrip(">").endswith("/"):
            return
        # A page says the same few things about most of its elements.
        opened = self.known.get((tag, attributes)) or self._read(tag, attributes)
        self.known[tag, attributes] = opened
        self.stack.append(opened)
        self._count(opened, 1)

    def _read(self, tag: str, attributes: str) -> _Open:
        """Return what the attributes of an element say about it."""
        said = {
            match[1].lower(): next(filter(None, match.groups()[1:]), "") for match in _ATTRIBUTE.finditer(attributes)
        }
        style = said.get("style", "").lower().replace(" ", "")
        names = {*said.get("class", "").lower().split(), said.get("id", "").lower()}
        hides = self.show in {"", "own"} and any(mark in style for mark in _HIDDEN)
        if self.show == "own":
            bare = _QUOTED.sub("", attributes)
            hides = hides or tag == "blockquote" or bool(names & _NOT_OWN or _HIDDEN_ATTRIBUTE.search(bare))
        link = unescape(said.get("href", "")) if self.show == "links" else ""
        return _Open(tag, hides, tag == "blockquote" or bool(names & _QUOTES), link)

    def _close(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end()
        if tag in {"p", "blockquote", "table"} and not self.hidden:
            self.lines.append("")
        depth = next((back for back, opened in enumerate(self.stack[: -OPEN - 1 : -1]) if opened.tag == tag), None)
        if depth is not None:
            for _ in range(depth + 1):
                opened = self.stack.pop()
                self.words += [f" {opened.link} "] if opened.link else []
                self._count(opened, -1)

    def _count(self, opened: _Open, step: int) -> None:
        self.hidden += step * opened.hides
        self.quoted += step * opened.quotes
        self.pre += step * (opened.tag == "pre")
