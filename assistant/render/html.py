"""Templates to mail HTML: everything from outside escaped, styles inlined, only https and mailto in a link."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from assistant.core.language.clean import one_line
from assistant.core.replies.grammar.lines import Speech, parse_line
from assistant.render.tokens import LIGHT, tokens
from assistant.render.view import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from css_inline import CSSInliner
    from jinja2 import Environment

    from assistant.core.digest.model import Tap

_HREF = re.compile(r"(mailto:|https://)[!#-;=?-\[\]_a-z~]+", re.IGNORECASE)
_MOST_HREF = 2000
_MOST_LABEL = 40
_BUTTON = 8
"""A button's sides, in letters."""
_TBODY = re.compile(r"</?tbody>")
_CLASSES = re.compile(r'<([a-z][a-z0-9]*) class="([^"]*)"')
_CLASS_IN_STYLE = re.compile(r"\.([a-z][a-z0-9]*)")
_STYLE = re.compile(r'style="[^"]*"')
_BETWEEN_TAGS = re.compile(r">\n\s*<")


def safe_href(link: str) -> str:
    """Return the link when it is mailto: or https: in the characters a URI may have (RFC 3986), else "": no link."""
    return link if _HREF.fullmatch(link) and len(link) <= _MOST_HREF else ""


def label(text: str) -> str:
    """Return a tap's label as one line of at most 40 characters that begins with a capital.

    Alone on the line of a quoted digest, "Stop" would be a command: such a label gets a mark that makes it none.
    """
    line = shorten(one_line(text), _MOST_LABEL)
    line = line[:1].upper() + line[1:]
    return f"{line} ›" if parse_line(line, Speech(date(2000, 1, 1))).command else line


def render(template: str, **values: Any) -> str:
    """Return a template filled and its style sheet inlined; what needs a media query stays in the head.

    Raises jinja2.UndefinedError for a value the template needs and did not get.
    """
    html = environment().get_template(template).render(values)
    return _lean(_inliner().inline(html))


def _lean(html: str) -> str:
    """Return inlined HTML without what it says for nothing: about a tenth of its bytes.

    Text cannot hold a tag, since "<" is always escaped in it, nor an attribute a quote; the serialiser writes the
    class first, adds a <tbody> everywhere and names each blank that is not to be broken.
    """
    head, mark, body = html.partition("</head>")
    kept = set(_CLASS_IN_STYLE.findall(head))
    head = re.sub(r"\s*([{};:,])\s+", r"\1", head)
    body = _CLASSES.sub(lambda found: _tag(found, kept), _TBODY.sub("", body.replace("&nbsp;", "\u00a0")))
    body = _STYLE.sub(lambda found: re.sub(r"([:;,]) ", r"\1", found[0]), body)
    return head + mark + _BETWEEN_TAGS.sub(">\n<", body)


def _tag(found: re.Match[str], kept: set[str]) -> str:
    """Return the beginning of a tag with those of its classes that a media query still needs."""
    classes = " ".join(name for name in found[2].split() if name in kept)
    return f'<{found[1]} class="{classes}"' if classes else f"<{found[1]}"


@cache
def environment() -> Environment:
    """Return the templates' environment: autoescape for every file, whatever its ending.

    The filter `soft` lets an address that is longer than its line break before its @.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup, escape

    found = Environment(
        loader=PackageLoader("assistant.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["href"] = safe_href
    found.filters["label"] = label
    found.filters["soft"] = lambda text: Markup("<wbr>@").join(escape(part) for part in text.split("@"))
    found.globals.update(tokens())
    found.globals["br"] = Markup("<br>")
    found.globals["dot"] = "\u00a0· "
    found.globals["e"] = Markup(' class="e"')
    found.filters["spans"] = _spans
    found.globals["months_cells"] = (
        "",
        Markup(' class="m1" bgcolor="{}"').format(LIGHT.month),
        Markup(' class="m2" bgcolor="{}"').format(LIGHT.months),
    )
    found.globals["widths"] = _widths
    return found


def _spans(months: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return the cells of a row of months: those without contact run together, as nothing is drawn in them."""
    cells: list[tuple[int, int]] = []
    for count, run in groupby(months):
        length = len(list(run))
        cells += [(count, 1)] * length if count else [(0, length)]
    return cells


def _widths(taps: Sequence[Tap], go: bool) -> list[int]:  # noqa: FBT001 - a template calls it
    """Return the widths of a row's buttons in percent: the longer a label, the wider, so that most fit in one line."""
    room = 100 - 2 * (len(taps) - 1)  # the gaps have 2 % each
    sizes = [_BUTTON + len(label(tap.label)) for tap in taps]
    if go:
        sizes[0] += sizes[0] // 3  # it is bold
    return [room * size // sum(sizes) for size in sizes]


@cache
def _inliner() -> CSSInliner:
    from css_inline import CSSInliner

    return CSSInliner(keep_at_rules=True, minify_css=True, load_remote_stylesheets=False)
