"""The Monday mail: a Digest to HTML and text, each under its size, by a rule that is fair and said.

Where the HTML would grow past 80 KB (some mail programs clip at 102), parts give way in the order of `LADDER`: first
all long drafts alike and the roster's far end, then the briefs, and last the cards of those least pressing, by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.render.headline import digest_subject
from assistant.render.sections import in_words
from assistant.render.text import digest_text
from assistant.render.view import Cuts, name

if TYPE_CHECKING:
    from assistant.core.digest.model import Digest
    from assistant.render.view import View

__all__ = ["LADDER", "MOST_BYTES", "Rendered", "digest_html", "digest_subject", "render_digest"]

MOST_BYTES = 80_000
LADDER = (
    Cuts(),
    Cuts(draft=600, roster=24),
    Cuts(draft=300, roster=12, brief=2, entries=6),
    Cuts(people=6, draft=150, roster=0, brief=1, entries=2),
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail's two bodies."""

    html: str
    text: str


_NO_BRACKETS: Final = str.maketrans("", "", "<>")


def render_digest(digest: Digest) -> Rendered:
    """Return the digest as HTML and as text that says the same, each of at most 80,000 bytes."""
    rendered = Rendered("", "")
    for cuts in LADDER:
        view = in_words(digest, cuts)
        rendered = Rendered(html=digest_html(view), text=digest_text(view))
        if max(len(rendered.html.encode()), len(rendered.text.encode())) <= MOST_BYTES:
            break
    return rendered


def digest_html(view: View) -> str:
    """Return the HTML part of a digest in words."""
    from assistant.render.html import render

    t = view.phrases
    return render(
        "digest.html.j2",
        view=view,
        title=f"{t('product')}, {view.day}",
        t=t,
        padding="\u00a0\u200c" * 24,
        # A program that strips tags by their brackets would leave the rest of a label with brackets in its quote.
        whom=lambda whom: t("tap.for", name=name(whom.translate(_NO_BRACKETS))),
    )
