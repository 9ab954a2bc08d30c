"""The design tokens: every colour, size and font of the mails, in one place.

Light is warm paper with one accent (brick); dark is the same in lamplight. Each text colour keeps at least 4.5:1
against its ground in both, and stays readable when a mail program inverts it by itself.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

SERIF = "Georgia,serif"
SANS = "-apple-system,Segoe UI,Roboto,Arial,sans-serif"


@dataclass(frozen=True, slots=True)
class Colours:
    """One palette: `ground` behind the cards, `letter` under a draft, `kept` for time within the cadence.

    `month` is for a month with one contact, `months` for one with more: darker in light, brighter in dark.
    """

    ground: str
    card: str
    letter: str
    ink: str
    muted: str
    rule: str
    accent: str
    on_accent: str
    kept: str
    empty: str
    month: str
    months: str


LIGHT = Colours(
    ground="#f5f1ea",
    card="#fffdf9",
    letter="#f8f4ec",
    ink="#29241f",
    muted="#695f55",
    rule="#e5dccf",
    accent="#a3431c",
    on_accent="#fffdf9",
    kept="#dba",
    empty="#eed",
    month="#ca8",
    months="#a42",
)
DARK = Colours(
    ground="#191613",
    card="#231f1b",
    letter="#2c2721",
    ink="#f0e9df",
    muted="#b9ad9f",
    rule="#3d362f",
    accent="#f0a27c",
    on_accent="#231f1b",
    kept="#7d5642",
    empty="#3a332c",
    month="#8f5f43",
    months="#f0a27c",
)


def tokens() -> dict[str, object]:
    """Return what the style sheet is filled with: `light` and `dark` palettes, and the fonts."""
    return {"light": asdict(LIGHT), "dark": asdict(DARK), "serif": SERIF, "sans": SANS}
