"""The Monday mail: a Digest to HTML and text, each under its size, by a rule that is fair and said.

Where the HTML would grow past 80 KB (some mail programs clip at 102), parts give way in the order of `LADDER`: first
the far end of long lists of candidates, the month blocks, the roster's far end, then all long drafts alike, then all
briefs; the cards of those least over only when nothing else is left to give, and then they are named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.core.language.clean import one_line
from assistant.render.sections import in_words
from assistant.render.view import Cuts, name

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.core.digest.model import Digest
    from assistant.render.view import View

MOST_BYTES = 80_000
LADDER = (
    Cuts(),
    *(Cuts(entries=entries) for entries in (10, 8, 6)),
    Cuts(blocks=False, entries=10),
    Cuts(blocks=False, roster=24, entries=10),
    Cuts(blocks=False, roster=16, entries=8),
    *(Cuts(blocks=False, roster=12, entries=6, draft=draft) for draft in (3000, 2000, 1500, 1200, 1000, 850, 700)),
    Cuts(blocks=False, roster=8, draft=600, brief=6, entries=5),
    Cuts(blocks=False, roster=6, draft=500, brief=4, entries=5),
    Cuts(blocks=False, roster=4, draft=350, brief=3, entries=4),
    Cuts(blocks=False, roster=2, draft=250, brief=2, entries=3),
    Cuts(blocks=False, roster=0, draft=150, brief=1, entries=2),
    Cuts(people=6, blocks=False, roster=0, draft=150, brief=1, entries=2),
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail's two bodies."""

    html: str
    text: str


def render_digest(digest: Digest) -> Rendered:
    """Return the digest as HTML (at most 80,000 bytes) and as text that says the same, wrapped at 72 columns."""
    from assistant.render.text import digest_text

    return Rendered(html=_fitting(digest, digest_html), text=_fitting(digest, digest_text))


def digest_subject(digest: Digest) -> str:
    """Return the subject: the line that sums up, and the week, so that two weeks never look alike."""
    view = in_words(digest, LADDER[-1])
    week = view.phrases("sum.week", day=view.phrases.short_day(digest.on))
    return one_line(f"{view.summary.removesuffix('.')} · {week}")


def digest_html(view: View) -> str:
    """Return the HTML part of a digest in words."""
    from assistant.render.html import render

    t = view.phrases
    return render(
        "digest.html.j2",
        view=view,
        title=f"{view.product}, {view.day}",
        t=t,
        padding="\u00a0\u200c" * 60,
        whom=lambda whom: t("tap.for", name=name(whom)),
        has_blocks=any(row.months for _, rows in view.roster for row in rows),
    )


def _fitting(digest: Digest, write: Callable[[View], str]) -> str:
    """Return the first rendering of the ladder that fits; its last step where none does."""
    rendered = ""
    for cuts in LADDER:
        rendered = write(in_words(digest, cuts))
        if len(rendered.encode()) <= MOST_BYTES:
            break
    return rendered
