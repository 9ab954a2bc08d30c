"""The design tokens: every colour, size and font of the mails, in one place.

Light is warm paper with one accent (brick); dark is the same in lamplight. Each text colour keeps at least 4.5:1
against its ground in both, and stays readable when a mail program inverts it by itself.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

SERIF = "Georgia,serif"
SANS = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"


@dataclass(frozen=True, slots=True)
class Colours:
    """One palette: `ground` behind the cards, `letter` under a draft, `kept` for time within the cadence."""

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


LIGHT = Colours(
    ground="#f5f1ea",
    card="#fffdf9",
    letter="#f8f4ec",
    ink="#29241f",
    muted="#695f55",
    rule="#e5dccf",
    accent="#a3431c",
    on_accent="#fffdf9",
    kept="#d9b8a3",
    empty="#ece4d8",
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
)


MONTHS = ("", "#c97", "#b53")
"""The blocks of months without contact, with one, with more: one set for both palettes, as each cell counts."""


def tokens() -> dict[str, object]:
    """Return what the style sheet is filled with: `light` and `dark` palettes, the fonts, the months."""
    return {"light": asdict(LIGHT), "dark": asdict(DARK), "serif": SERIF, "sans": SANS, "months_colours": MONTHS}
