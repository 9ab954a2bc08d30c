"""How much a digest asks of its reader: `python -m bench.page`, over nine Mondays of the demo (docs/look.md).

The first digest is the demo's own; after its answer the owner does nothing for eight weeks. Heights are in pixels on a
phone 360 wide; the button is the first, and how far down it ends.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.page import demo_mondays, minutes, pixels, repeated, words

PHONE = 360
WEEKS = 8


def main() -> None:
    """Print a line for each Monday."""
    sys.stdout.write("monday       cards  words  minutes  pixels  button  bytes  repeated\n")
    before: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        for built in demo_mondays(out, WEEKS):
            page = out / "digest.html"
            if not before:
                before = _line("the demo's", page, 5, [])
            page.write_text(built.rendered.html, encoding="utf-8")
            before = _line(built.digest.on.isoformat(), page, len(built.digest.due), before)


def _line(name: str, page: Path, cards: int, before: list[str]) -> list[str]:
    html = page.read_text(encoding="utf-8")
    found, measured = words(html), pixels(page, PHONE)
    again = f"{100 * repeated(found, before):7.0f}%" if before else ""
    sys.stdout.write(
        f"{name:12} {cards:5} {len(found):6} {minutes(len(found)):8.1f} {measured['height']:7.0f}"
        f" {measured['first']:7.0f} {len(html.encode()):6} {again}\n"
    )
    return found


if __name__ == "__main__":
    main()
