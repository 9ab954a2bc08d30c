"""HTML of a reply to lines, quotes marked with ">" as plain text has them; in linear time, invisible text left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SKIPPED = {"head", "style", "script", "title", "template", "noscript", "svg", "math", "object", "iframe", "select"}
_BLOCKS = {
    "address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody",
    "td", "th", "tr", "ul",
}  # fmt: skip
_QUOTES = ("gmail_attr", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote", "zmail_extra",
           "tutanota_quote", "ms-outlook-mobile-reference-message")  # fmt: skip
_HIDDEN = ("display:none", "visibility:hidden", "font-size:0", "mso-hide:all", "opacity:0", "max-height:0")
RULE = "________________________________"
"""What a rule becomes: Outlook draws one between the answer and the header of what is quoted."""
NODES = 40_000
TAGS = 12_000
"""More tags than any mail program writes for 256 KiB: such HTML is not parsed at all."""


def html_lines(html: str) -> list[str] | None:
    """Return the visible lines of an HTML body; a line of a quote begins with ">". None where it is no honest HTML."""
    if html.count("<") > TAGS:
        return None
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - for HTML-only replies

    body = LexborHTMLParser(html).body
    if body is None:
        return []
    lines = _Lines()
    # An explicit walk: how deep the elements lie is the sender's to choose.
    node: LexborNode | None = body
    depth = 0
    for _ in range(NODES):
        if node is None:
            break
        enters = lines.enter(node)
        child = node.child if enters else None
        if child is not None:
            node, depth = child, depth + 1
            continue
        if enters:
            lines.leave(node)
        while node is not None and node.next is None:
            node, depth = node.parent, depth - 1
            if depth <= 0 or node is None:
                return lines.done()
            lines.leave(node)
        node = node.next if node is not None and depth > 0 else None
    return None if node is not None else lines.done()


class _Lines:
    """Collects text into lines; `quoted` counts the quotes around the place that is read."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.words: list[str] = []
        self.quoted = 0
        self.pre = 0

    def enter(self, node: LexborNode) -> bool:
        """Take in a node; return whether what lies in it is to be read."""
        tag = node.tag or ""
        if tag == "-text":
            self.text(node.text_content or "")
            return False
        if tag in _SKIPPED or not tag or tag.startswith(("-", "!")):
            return False
        attributes = node.attributes
        if any(mark in (attributes.get("style") or "").lower().replace(" ", "") for mark in _HIDDEN):
            return False
        if tag in _BLOCKS or tag == "br":
            self.end()
        if tag == "hr":
            self.lines.append(("> " if self.quoted else "") + RULE)
        self.quoted += _is_quote(tag, attributes)
        self.pre += tag == "pre"
        return True

    def leave(self, node: LexborNode) -> None:
        """Note that everything in a node was read."""
        tag = node.tag or ""
        if tag in _BLOCKS:
            self.end()
        if tag in {"p", "blockquote", "table"}:
            self.lines.append("")
        self.quoted -= _is_quote(tag, node.attributes)
        self.pre -= tag == "pre"

    def text(self, text: str) -> None:
        """Take in text: blanks fold, but for preformatted text."""
        if not self.pre:
            self.words.append(text.replace("\n", " ").replace("\r", " "))
            return
        first, *rest = text.split("\n")
        self.words.append(first)
        for line in rest:
            self.end()
            self.words.append(line)

    def end(self) -> None:
        """End the line."""
        line = " ".join("".join(self.words).split())
        self.words = []
        if line:
            self.lines.append(f"> {line}" if self.quoted else line)

    def done(self) -> list[str]:
        """Return all lines."""
        self.end()
        return self.lines


def _is_quote(tag: str, attributes: dict[str, str | None]) -> bool:
    if tag == "blockquote":
        return True
    names = (attributes.get("class") or "").lower().split() + [(attributes.get("id") or "").lower()]
    return any(name in _QUOTES for name in names)
