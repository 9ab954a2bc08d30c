"""What only a browser can tell: that no mail is wider than a phone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from assistant.demo.gallery import rendered
from scripts.screenshots import CHROMIUM, WIDTHS, measure

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.skipif(not os.access(CHROMIUM, os.X_OK), reason="Debian's chromium is not installed"),
]
WIDEST = ("long-names", "hostile", "twelve", "scripts", "transcript-hostile")


@pytest.mark.parametrize("name", WIDEST)
def test_no_mail_scrolls_sideways(name: str, tmp_path: Path) -> None:
    page = tmp_path / f"{name}.html"
    page.write_text(dict(rendered())[name].html, encoding="utf-8")
    found = measure(str(tmp_path / "profile"), page, min(WIDTHS))
    assert found["inner"] == min(WIDTHS)
    assert found["width"] <= found["inner"]


def test_what_is_too_wide_is_measured_as_too_wide(tmp_path: Path) -> None:
    page = tmp_path / "wide.html"
    page.write_text('<!DOCTYPE html><body><div style="width:700px">x</div></body>', encoding="utf-8")
    found = measure(str(tmp_path / "profile"), page, min(WIDTHS))
    assert found["width"] > found["inner"]
