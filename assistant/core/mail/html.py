"""HTML of a reply to lines, quotes marked with ">" as plain text has them; in linear time, invisible text left out.

No tree is built, only tags are followed: a tree parser made 900 MB out of 27 KB of unclosed <b> (each new paragraph
opens them all again), and what a reply says can be read without one.
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
RULE = "________________________________"
"""What a rule becomes: Outlook draws one between the answer and the header of what is quoted."""
OPEN = 200
"""How many open elements back a closing tag is looked for."""
TAG_LENGTH = 4000

Show = Literal["", "hidden", "links", "own"]

_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]{0,30})")
_ATTRIBUTE = re.compile(r"\b(class|id|style|href)\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_HIDDEN_ATTRIBUTE = re.compile(r"\shidden(?![\w-])", re.IGNORECASE)
_WHOLE = re.compile(r"[^\"']*(?:\"[^\"]*\"[^\"']*|'[^']*'[^\"']*)*")
_LONG_NUMBER = re.compile(r"&#[0-9]{8,}")


def html_lines(html: str, *, show: Show = "") -> list[str]:
    """Return the visible lines of an HTML body; a line of a quote begins with ">". Never raises.

    `show` "hidden" is for what some programs show too: hidden elements, title and style; "links" puts each link's
    address behind its words too; "own" leaves out what the writer did not write, quotes and the signature.
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


@dataclass(slots=True)
class _Open:
    """One open element: its tag, and whether it hides or quotes what lies in it."""

    tag: str
    hides: bool
    quotes: bool
    link: str = ""


@dataclass(slots=True)
class _Page:
    """Reads a page from the left to the right; `stack` holds the open elements."""

    html: str
    show: Show = ""
    lines: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    hidden: int = 0
    quoted: int = 0
    pre: int = 0

    def text(self, raw: str) -> None:
        """Take in text: blanks fold, but for preformatted text."""
        if self.hidden or not raw:
            return
        text = unescape(_LONG_NUMBER.sub("&#0", raw))
        if not self.pre:
            self.words.append(text.replace("\n", " ").replace("\r", " "))
            return
        first, *rest = text.split("\n")
        self.words.append(first)
        for line in rest:
            self.end()
            self.words.append(line)

    def markup(self, at: int) -> int:
        """Take in what begins with "<" at that place; return where to read on."""
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
        """End the line."""
        line = " ".join("".join(self.words).split())
        self.words = []
        if line:
            self.lines.append(f"> {line}" if self.quoted else line)

    def _after(self, mark: str, at: int) -> int:
        found = self.html.find(mark, at)
        return found + len(mark) if found >= 0 else len(self.html)

    def _after_raw(self, tag: str, at: int) -> int:
        closing = re.compile(rf"</{tag}\b[^>]*>?", re.IGNORECASE).search(self.html, at)
        # A head that is never closed hides nothing: browsers end it at the first text.
        return closing.end() if closing else at if tag == "head" else len(self.html)

    def _tag_end(self, at: int) -> int:
        """Return where a tag ends: at its first ">" outside of quotes, as far as that can be told."""
        end = at
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
        opened = _Open(tag, hides, tag == "blockquote" or bool(names & _QUOTES), link)
        self.stack.append(opened)
        self._count(opened, 1)

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
