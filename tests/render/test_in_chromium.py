"""What only a browser can tell: that no mail is wider than a phone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from scripts.screenshots import CHROMIUM, WIDTHS, measure
from tests.gallery import write_gallery

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.timeout(180),
    pytest.mark.skipif(not os.access(CHROMIUM, os.X_OK), reason="Debian's chromium is not installed"),
]


def test_no_mail_scrolls_sideways_and_what_is_too_wide_is_measured_as_such(tmp_path: Path) -> None:
    pages = write_gallery(tmp_path / "gallery")
    wide = tmp_path / "gallery" / "too-wide.html"
    wide.write_text('<!DOCTYPE html><body><div style="width:700px">x</div></body>', encoding="utf-8")
    found = measure(str(tmp_path / "profile"), [*pages, wide], min(WIDTHS))
    assert len(found) == len(pages) + 1
    assert all(one["inner"] == min(WIDTHS) for one in found)
    assert [page.stem for page, one in zip([*pages, wide], found, strict=True) if one["width"] > one["inner"]] == [
        "too-wide"
    ]
