"""Pictures of mails, in headless Chromium: light and dark, 1024, 600 and 360 px wide; measures scrolling sideways.

    python scripts/screenshots.py OUT [NAME ...]                 the gallery, or some of its states
    python scripts/screenshots.py OUT --page digest.html         another page (the demo's digest, say)
    python scripts/screenshots.py docs/images --top 1500 ...     only the upper part, for the docs
                                  --widths 360 --schemes light   fewer of them

Writes OUT/NAME-WIDTH-SCHEME.png, prints each page's size and width, and ends with 1 where a page is wider than its
window. Chromium's own window is never narrower than 500 px, so each mail stands in a frame of the wanted width.
"""

from __future__ import annotations

import argparse
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from tests.gallery import write_gallery

if TYPE_CHECKING:
    from collections.abc import Sequence

CHROMIUM = "/usr/bin/chromium"
WIDTHS = (1024, 600, 360)
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
PNG = b"\x89PNG\r\n\x1a\n"
MOST_HEIGHT = 16_000
FRAME = """<!DOCTYPE html><html><head><meta charset="utf-8"><style>body{{margin:0;background:{ground}}}
iframe{{border:0;width:{width}px;height:{height}px;display:block}}</style></head><body>
<iframe src="{page}"></iframe></body></html>"""
RULER = """<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{frames}<pre id="measured"></pre><script>
window.onload = function () {{
  document.getElementById("measured").textContent = JSON.stringify([...document.querySelectorAll("iframe")].map(
    (frame) => [frame.contentDocument.documentElement, frame.clientWidth]
  ).map(([root, inner]) => ({{width: root.scrollWidth, height: root.scrollHeight, inner}})));
}};
</script></body></html>"""


def chromium(profile: str, *arguments: str, timeout: float = 60) -> str:
    """Return what Chromium prints, run once with a profile of its own; `timeout` in seconds."""
    # Everything in the command is this script's own.
    command = [CHROMIUM, *QUIET, f"--user-data-dir={profile}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=True).stdout  # noqa: S603


def scheme_flags(scheme: str) -> tuple[str, ...]:
    """Return the switches that make Chromium prefer that colour scheme (Blink: 0 is dark, 1 is light)."""
    return (f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}",)


def frame(page: Path, width: int, height: int, scheme: str) -> Path:
    """Write the page that frames a mail and return where it lies."""
    out = page.with_name(f".frame-{page.stem}-{width}-{scheme}.html")
    ground = "#191613" if scheme == "dark" else "#f5f1ea"
    out.write_text(FRAME.format(page=page.as_uri(), width=width, height=height, ground=ground), encoding="utf-8")
    return out


def measure(profile: str, pages: Sequence[Path], width: int) -> list[dict[str, int]]:
    """Return each page's scroll width and height in a frame of that width, all in pixels; one browser for all."""
    frame_of = '<iframe src="{uri}" style="border:0;width:{width}px;height:600px"></iframe>'
    frames = "".join(frame_of.format(uri=page.as_uri(), width=width) for page in pages)
    ruler = pages[0].with_name(f".ruler-{width}.html")
    ruler.write_text(RULER.format(frames=frames), encoding="utf-8")
    dom = chromium(profile, "--dump-dom", ruler.as_uri(), timeout=120)
    found = dom.partition('<pre id="measured">')[2].partition("</pre>")[0]
    return [dict(one) for one in json.loads(found)]


def picture(profile: str, page: Path, out: Path, width: int, scheme: str, height: int) -> None:
    """Write one picture of the page's upper `height` pixels into the folder `out`."""
    # Chromium widens a window of under 500 px and keeps a strip below for itself: larger, then cut.
    size = f"--window-size={max(width, 500)},{height + 200}"
    path = out / f"{page.stem}-{width}-{scheme}.png"
    chromium(profile, *scheme_flags(scheme), size, f"--screenshot={path}", frame(page, width, height, scheme).as_uri())
    path.write_bytes(cut_png(path.read_bytes(), width, height))


def cut_png(png: bytes, width: int, height: int) -> bytes:
    """Return the upper left part of a PNG (8 bits a channel, not interlaced, as Chromium writes it).

    A row's filter looks only left and up (RFC 2083, 6), so rows and their ends can be cut off as they are.
    """
    chunks, at = [], len(PNG)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        chunks.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += length + 12
    wide, high, depth, colour, *rest = struct.unpack(">IIBBBBB", chunks[0][1])
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    raw = zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT"))
    row, kept = 1 + wide * channels, 1 + min(wide, width) * channels
    rows = b"".join(raw[n * row : n * row + kept] for n in range(min(high, height)))
    head = struct.pack(">IIBBBBB", min(wide, width), min(high, height), depth, colour, *rest)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return PNG + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def shoot(profile: str, pages: Sequence[Path], asked: argparse.Namespace, out: Path) -> int:
    """Make the pages' pictures and print their measures; return how many scroll sideways."""
    too_wide = set()
    for width in asked.widths:
        for page, found in zip(pages, measure(profile, pages, width), strict=True):
            measures = f"wide {found['width']}, high {found['height']}, {page.stat().st_size} bytes"
            print(f"{page.stem:24} {width:5} px: {measures}", flush=True)
            if found["width"] > found["inner"]:
                too_wide.add(page)
            for scheme in asked.schemes:
                picture(profile, page, out, width, scheme, min(found["height"], asked.top))
    return len(too_wide)


def main(arguments: list[str]) -> int:
    """Make the pictures that were asked for; return 1 where a page scrolls sideways."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--page", type=Path, action="append", default=[])
    parser.add_argument("--top", type=int, default=MOST_HEIGHT)
    parser.add_argument("--widths", type=int, nargs="+", default=WIDTHS)
    parser.add_argument("--schemes", nargs="+", default=SCHEMES)
    asked = parser.parse_args(arguments)
    out = asked.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "pages"
        gallery = write_gallery(folder)
        pages = [page for page in gallery if page.stem in asked.names or not (asked.names or asked.page)]
        # Their own folder: the demo's transcript is not the gallery's.
        (folder / "given").mkdir()
        pages += [Path(shutil.copy(page, folder / "given")) for page in asked.page]
        wide = shoot(f"{scratch}/profile", pages, asked, out)
    print(f"{len(pages)} pages, {wide} scroll sideways")
    return 1 if wide else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
