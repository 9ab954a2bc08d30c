"""What independent checkers say of the mails: html-validate, caniemail's data and axe-core, over the whole gallery.

    python scripts/html_checks.py                  all of it; ends with 1 where there is a finding
    python scripts/html_checks.py --features       the features used and who lacks them, as rows for docs/look.md

html-validate and caniemail run in Node (`html_checks.mjs`), axe-core in one headless Chromium for all pages, light and
dark, each mail in a frame as wide as a phone. The packages are pinned in package-lock.json.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.screenshots import CHROMIUM, SCHEMES, chromium, scheme_flags
from tests.gallery import write_gallery

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
AXE = PACKAGES / "axe-core" / "axe.min.js"
ALLOWED = ROOT / "docs" / "look.md"
PHONE = 360
HARNESS = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>axe</title></head><body>
<pre id="found"></pre><script>
const pages = {pages};
const options = {{resultTypes: ["violations", "incomplete"], rules: {{"target-size": {{enabled: true}}}}}};
const found = [];
function tell(page, kind, result) {{
  for (const node of result.nodes)
    found.push({{page, kind, rule: result.id, message: result.help + ": " + node.target.join(" ")}});
}}
async function check(page) {{
  const frame = document.createElement("iframe");
  frame.style = "border:0;width:{width}px;height:3000px";
  const loaded = new Promise((done) => {{ frame.onload = done; }});
  frame.src = page;
  document.body.append(frame);
  await loaded;
  const script = frame.contentDocument.createElement("script");
  const ready = new Promise((done) => {{ script.onload = done; }});
  script.src = {axe};
  frame.contentDocument.head.append(script);
  await ready;
  const results = await frame.contentWindow.axe.run(frame.contentDocument, options);
  const name = page.split("/").pop();
  for (const result of results.violations) tell(name, "violation", result);
  for (const result of results.incomplete) tell(name, "undecided", result);
  frame.remove();
  return results.passes.length;
}}
(async () => {{
  let checked = 0, passed = 0;
  for (const page of pages) {{ passed += await check(page); checked += 1; }}
  document.getElementById("found").textContent = JSON.stringify({{checked, passed, found}});
}})().catch((error) => {{ document.getElementById("found").textContent = JSON.stringify({{error: String(error)}}); }});
</script></body></html>"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: the page, which checker's which rule, and what it says."""

    page: str
    rule: str
    message: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.page}: {self.rule}: {self.message}"


@dataclass(frozen=True, slots=True)
class Markup:
    """What Node says: html-validate's findings, and the features used with who lacks them wholly or in part."""

    invalid: tuple[Finding, ...]
    lacking: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Access:
    """What axe-core says of the pages in one colour scheme; `passed` counts rules met: proof that it ran."""

    checked: int
    passed: int
    violations: tuple[Finding, ...]
    undecided: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    """A feature that docs/look.md allows: "without · in part" of caniemail's mail programs, and why it is used."""

    figures: str
    reason: str


def what_is_missing() -> str:
    """Return what the checks need and this machine has not, in words; "" when all is there."""
    lacks = [] if shutil.which("node") else ["Node is not installed"]
    lacks += [] if AXE.is_file() else ["the packages of package-lock.json are not installed (npm ci)"]
    lacks += [] if os.access(CHROMIUM, os.X_OK) else ["Debian's chromium is not installed"]
    return "; ".join(lacks)


def check_markup(pages: Sequence[Path]) -> Markup:
    """Return what html-validate and caniemail's data say of the pages. Raises CalledProcessError where Node fails."""
    command = ["node", str(ROOT / "scripts" / "html_checks.mjs"), *map(str, pages)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, cwd=ROOT)  # noqa: S603
    found: dict[str, Any] = json.loads(said.stdout)
    invalid = (Finding(one["page"], one["rule"], f"line {one['line']}: {one['message']}") for one in found["invalid"])
    lacking = {title: (tuple(who["none"]), tuple(who["partial"])) for title, who in found["features"].items()}
    return Markup(tuple(invalid), lacking, tuple(found["unknown"]))


def check_access(pages: Sequence[Path], scheme: str, scratch: Path) -> Access:
    """Return axe-core's findings, in one browser for all pages; `scratch` takes its profile and one page.

    Raises RuntimeError where a page did not load or axe-core did not run.
    """
    harness = scratch / f"axe-{scheme}.html"
    uris = json.dumps([page.resolve().as_uri() for page in pages])
    text = HARNESS.format(pages=uris, axe=json.dumps(AXE.as_uri()), width=PHONE)
    harness.write_text(text, encoding="utf-8")
    flags = (*scheme_flags(scheme), "--virtual-time-budget=600000")
    dom = chromium(str(scratch / "profile"), "--dump-dom", *flags, harness.as_uri(), timeout=180)
    said = unescape(dom.partition('<pre id="found">')[2].partition("</pre>")[0])
    found: dict[str, Any] = json.loads(said or '{"error": "axe-core did not come to an end"}')
    if "error" in found:
        raise RuntimeError(found["error"])
    told = [(one["kind"], Finding(one["page"], one["rule"], one["message"])) for one in found["found"]]
    kinds = {kind: tuple(one for told_kind, one in told if told_kind == kind) for kind in ("violation", "undecided")}
    return Access(found["checked"], found["passed"], kinds["violation"], kinds["undecided"])


def allowed_features(page: Path = ALLOWED) -> dict[str, Allowed]:
    """Return the features that docs/look.md allows: the rows of its table whose first cell is in backticks."""
    rows = (line.strip().strip("|").split("|") for line in page.read_text(encoding="utf-8").splitlines())
    cells = ([cell.strip() for cell in row] for row in rows if len(row) == len(("feature", "figures", "reason")))
    return {name[1:-1]: Allowed(figures, reason) for name, figures, reason in cells if name.startswith("`")}


def not_allowed(markup: Markup) -> list[str]:
    """Return the features and properties that are used and are not in the allowed list."""
    allowed = allowed_features()
    return [title for title in (*sorted(markup.lacking), *markup.unknown) if title not in allowed]


def main(arguments: list[str]) -> int:
    """Run every check over the gallery; return 1 where one finds something."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", action="store_true")
    asked = parser.parse_args(arguments)
    if missing := what_is_missing():
        print(f"Not checked: {missing}.")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        pages = write_gallery(Path(scratch) / "gallery")
        markup = check_markup(pages)
        if asked.features:
            for title, (none, partial) in sorted(markup.lacking.items()):
                print(f"| `{title}` | {len(none)} · {len(partial)} | |")
            return 0
        found = [*map(str, markup.invalid), *(f"not in docs/look.md: {title}" for title in not_allowed(markup))]
        for scheme in SCHEMES:
            access = check_access(pages, scheme, Path(scratch))
            found += [f"{scheme}: {one}" for one in (*access.violations, *access.undecided)]
    print("\n".join(found) or f"{len(pages)} pages, {len(markup.lacking)} features, nothing found.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
