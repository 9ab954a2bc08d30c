"""Pictures of the gallery, in headless Chromium: light and dark, 1024 and 360 px wide; measures scrolling sideways.

    python scripts/screenshots.py OUT [NAME ...]

Writes OUT/gallery/*.html and OUT/NAME-WIDTH-SCHEME.png, prints each page's size and width, and ends with 1 where a
page is wider than its window. Chromium's own window is never narrower than 500 px, so each mail stands in a frame of
the wanted width, whose height the frame reports.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

from assistant.demo.gallery import write_gallery

WIDTHS = (1024, 360)
SCHEMES = ("light", "dark")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--allow-file-access-from-files",
    "--virtual-time-budget=2000",
)
MOST_HEIGHT = 12_000
FRAME = """<!DOCTYPE html><html><head><meta charset="utf-8"><style>body{{margin:0;background:{ground}}}
iframe{{border:0;width:{width}px;height:{height}px;display:block}}</style></head><body>
<iframe id="mail" src="{page}"></iframe><pre id="measured" style="display:none"></pre><script>
document.getElementById("mail").onload = function () {{
  var root = this.contentDocument.documentElement;
  document.getElementById("measured").textContent = JSON.stringify(
    {{width: root.scrollWidth, height: root.scrollHeight, inner: this.clientWidth}});
}};
</script></body></html>"""


def chromium(profile: str, *arguments: str) -> str:
    """Return what Chromium prints, run once with a profile of its own."""
    command = ["/usr/bin/chromium", *QUIET, f"--user-data-dir={profile}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def scheme_flags(scheme: str) -> tuple[str, ...]:
    """Return the switches that make Chromium prefer that colour scheme (Blink: 0 is dark, 1 is light)."""
    return (f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}",)


def frame(page: Path, width: int, height: int, scheme: str) -> Path:
    """Write the page that frames a mail and return where it lies."""
    out = page.with_name(f".frame-{page.stem}-{width}-{scheme}.html")
    ground = "#191613" if scheme == "dark" else "#f5f1ea"
    out.write_text(FRAME.format(page=page.as_uri(), width=width, height=height, ground=ground), encoding="utf-8")
    return out


def measure(profile: str, page: Path, width: int) -> dict[str, int]:
    """Return the page's scroll width and height in a frame of that width, all in pixels."""
    dom = chromium(profile, "--dump-dom", frame(page, width, 600, "light").as_uri())
    found = dom.partition('<pre id="measured"')[2].partition(">")[2].partition("</pre>")[0]
    return dict(json.loads(found))


def picture(profile: str, page: Path, width: int, scheme: str, height: int) -> Path:
    """Write one picture of the whole page, at most 12,000 px high, and return where it lies."""
    height = min(height, MOST_HEIGHT)
    out = page.parent.parent / f"{page.stem}-{width}-{scheme}.png"
    # A window of under 500 px is widened by Chromium; the frame stays as narrow as asked.
    size = f"--window-size={max(width, 500)},{height}"
    url = frame(page, width, height, scheme).as_uri()
    chromium(profile, *scheme_flags(scheme), size, f"--screenshot={out}", url)
    return out


def main(out: Path, names: list[str]) -> int:
    """Make the pictures of those states (all when none is named); return 1 where one scrolls sideways."""
    pages = [p for p in write_gallery(out / "gallery") if not names or p.stem in names]
    too_wide = 0
    with tempfile.TemporaryDirectory() as profile:
        for page in pages:
            for width in WIDTHS:
                found = measure(profile, page, width)
                too_wide += found["width"] > found["inner"]
                print(f"{escape(page.stem):24} {width:5} px: wide {found['width']}, high {found['height']}, "
                      f"{page.stat().st_size} bytes")  # fmt: skip
                for scheme in SCHEMES:
                    picture(profile, page, width, scheme, found["height"])
    for left in (out / "gallery").glob(".frame-*"):
        left.unlink()
    print(f"{len(pages)} states, {too_wide} scroll sideways")
    return 1 if too_wide else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))
