"""Pictures of mails, in headless Chromium: light and dark, 1024 and 360 px wide; measures scrolling sideways.

    python scripts/screenshots.py OUT [NAME ...]                 the gallery, or some of its states
    python scripts/screenshots.py OUT --page digest.html         another page (the demo's digest, say)
    python scripts/screenshots.py docs/images --top 1500 ...     only the upper part, for the docs

Writes OUT/NAME-WIDTH-SCHEME.png, prints each page's size and width, and ends with 1 where a page is wider than its
window. Chromium's own window is never narrower than 500 px, so each mail stands in a frame of
the wanted width, whose height the frame reports.
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

from assistant.demo.gallery import write_gallery

CHROMIUM = "/usr/bin/chromium"
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
PNG = b"\x89PNG\r\n\x1a\n"
MOST_HEIGHT = 16_000
FRAME = """<!DOCTYPE html><html><head><meta charset="utf-8"><style>body{{margin:0;background:{ground}}}
iframe{{border:0;width:{width}px;height:{height}px;display:block}}</style></head><body>
<iframe id="mail" src="{page}"></iframe><pre id="measured" style="display:none"></pre><script>
document.getElementById("mail").onload = function () {{
  var root = this.contentDocument.documentElement;
  document.getElementById("measured").textContent = JSON.stringify(
    {{width: root.scrollWidth, height: root.scrollHeight, inner: this.clientWidth}});
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


def measure(profile: str, page: Path, width: int) -> dict[str, int]:
    """Return the page's scroll width and height in a frame of that width, all in pixels."""
    dom = chromium(profile, "--dump-dom", frame(page, width, 600, "light").as_uri())
    found = dom.partition('<pre id="measured"')[2].partition(">")[2].partition("</pre>")[0]
    return dict(json.loads(found))


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


def shoot(profile: str, page: Path, out: Path, top: int) -> bool:
    """Make a page's four pictures and print its measures; return whether it scrolls sideways."""
    too_wide = False
    for width in WIDTHS:
        found = measure(profile, page, width)
        too_wide = too_wide or found["width"] > found["inner"]
        measures = f"wide {found['width']}, high {found['height']}, {page.stat().st_size} bytes"
        print(f"{page.stem:24} {width:5} px: {measures}")
        for scheme in SCHEMES:
            picture(profile, page, out, width, scheme, min(found["height"], top))
    return too_wide


def main(arguments: list[str]) -> int:
    """Make the pictures that were asked for; return 1 where a page scrolls sideways."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--page", type=Path)
    parser.add_argument("--top", type=int, default=MOST_HEIGHT)
    asked = parser.parse_args(arguments)
    out = asked.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "pages"
        pages = [p for p in write_gallery(folder) if not asked.names or p.stem in asked.names]
        if asked.page:
            pages = [Path(shutil.copy(asked.page, folder))]
        wide = sum(shoot(f"{scratch}/profile", page, out, asked.top) for page in pages)
    print(f"{len(pages)} pages, {wide} scroll sideways")
    return 1 if wide else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
