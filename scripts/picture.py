"""The README's picture: the first screen of the demo's digest, what its owner replies, and the answer to that.

    python scripts/picture.py docs/images

Writes OUT/digest-and-answer-light.png and -dark.png (two pixels for each of CSS), and OUT/made-from.sha256: a hash of
what draws the mails, by which a test sees that the pictures are older than it.
"""

from __future__ import annotations

import sys
import tempfile
from hashlib import sha256
from html import escape
from pathlib import Path

from assistant.demo.run import run_demo
from assistant.render.tokens import DARK, LIGHT, SANS, SERIF
from scripts.screenshots import SCHEMES, chromium, cut_png, scheme_flags

NAME, HASH = "digest-and-answer", "made-from.sha256"
WIDTH, HEIGHT, SCALE = 796, 660, 2
SAID = 4
"""Lines of the reply that are shown."""
DRAWS = Path(__file__).parents[1] / "assistant" / "render"
PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><style>
body {{ margin: 0; padding: 20px; width: {inner}px; height: {high}px; overflow: hidden; box-sizing: border-box;
  display: flex; gap: 36px; background: {rule}; color: {ink}; font: 15px/1.5 {sans}; }}
div {{ width: 360px; display: flex; flex-direction: column; gap: 12px; }}
iframe {{ border: 0; width: 360px; flex: 1; border-radius: 14px; background: {ground}; }}
p {{ margin: 0; font: 19px/1.2 {serif}; }}
pre {{ margin: 0; padding: 14px 18px; border-radius: 14px; background: {card}; font: inherit; white-space: pre-wrap; }}
</style></head><body>
<div><p>On Monday it writes to you</p><iframe src="{digest}"></iframe></div>
<div><p>You answer in plain words</p><pre>{said}</pre><p>and it tells you what it did</p>
<iframe src="{answer}"></iframe></div>
</body></html>"""


def drawn_by() -> str:
    """Return the hash of the files that draw the mails: templates and colors."""
    files = [*sorted((DRAWS / "templates").iterdir()), DRAWS / "tokens.py", Path(__file__)]
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def main(out: Path) -> None:
    """Make the pictures from a fresh demo."""
    with tempfile.TemporaryDirectory() as folder:
        demo = run_demo(Path(folder) / "demo")
        for scheme in SCHEMES:
            colours = DARK if scheme == "dark" else LIGHT
            page = Path(folder) / f"{scheme}.html"
            filled = PAGE.format(
                inner=WIDTH, high=HEIGHT, sans=SANS, serif=SERIF,
                rule=colours.rule, ink=colours.ink, ground=colours.ground, card=colours.card,
                digest=demo.html.as_uri(), answer=demo.html.with_name("transcript.html").as_uri(),
                said=escape("\n".join((*demo.said[:SAID], "…"))),
            )  # fmt: skip
            page.write_text(filled, encoding="utf-8")
            shot = out / f"{NAME}-{scheme}.png"
            size = (f"--window-size={WIDTH},{HEIGHT + 200}", f"--force-device-scale-factor={SCALE}")
            chromium(f"{folder}/profile", *scheme_flags(scheme), *size, f"--screenshot={shot}", page.as_uri())
            shot.write_bytes(cut_png(shot.read_bytes(), WIDTH * SCALE, HEIGHT * SCALE))
    (out / HASH).write_text(f"{drawn_by()}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
