"""What html-validate, caniemail's data and axe-core say of every state of the gallery (docs/look.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from scripts.html_checks import Access, Markup, allowed_features, check_access, check_markup, not_allowed
from scripts.html_checks import what_is_missing as missing
from tests.gallery import write_gallery

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.timeout(240),
    pytest.mark.skipif(bool(missing()), reason=missing()),
]
FAULTY = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>x</title><style>p { position: sticky; -x-glow: 1px; }</style></head><body>
<p style="color:#999;background:#fff;display:grid">pale</p><p>not closed<div><img src="x.png"></p><a href="x"></a>
</body></html>
"""


@dataclass(frozen=True)
class Checked:
    """All that was said: of the gallery, and of one page with faults."""

    pages: int
    markup: Markup
    faulty: Markup


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_gallery(tmp_path_factory.mktemp("gallery"))


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = tmp_path_factory.mktemp("faulty") / "faulty.html"
    page.write_text(FAULTY, encoding="utf-8")
    return page


@pytest.fixture(scope="module")
def checked(pages: list[Path], faulty: Path) -> Checked:
    return Checked(len(pages), check_markup(pages), check_markup([faulty]))


@pytest.fixture(scope="module", params=["light", "dark"])
def access(
    request: pytest.FixtureRequest, pages: list[Path], faulty: Path, tmp_path_factory: pytest.TempPathFactory
) -> Access:
    return check_access([*pages, faulty], str(request.param), tmp_path_factory.mktemp("axe"))


def test_html_validate_finds_nothing(checked: Checked) -> None:
    assert checked.pages >= 20
    assert list(map(str, checked.markup.invalid)) == []


def test_no_feature_is_used_that_is_not_in_the_allowed_list(checked: Checked) -> None:
    assert not_allowed(checked.markup) == []


def test_every_allowed_feature_is_used_and_has_its_reason_and_its_figures(checked: Checked) -> None:
    allowed = allowed_features()
    assert set(allowed) == {*checked.markup.lacking, *checked.markup.unknown}
    assert all(said.reason for said in allowed.values())
    figures = {title: f"{len(none)} · {len(partial)}" for title, (none, partial) in checked.markup.lacking.items()}
    assert {title: said.figures for title, said in allowed.items() if title in figures} == figures


def test_axe_finds_nothing_in_the_gallery(pages: list[Path], access: Access) -> None:
    assert access.checked == len(pages) + 1
    assert access.passed > 10 * len(pages)
    found = [str(one) for one in (*access.violations, *access.undecided) if one.page != "faulty.html"]
    assert found == []


def test_axe_finds_what_is_wrong(access: Access) -> None:
    rules = {one.rule for one in access.violations if one.page == "faulty.html"}
    assert {"html-has-lang", "image-alt", "link-name", "color-contrast"} <= rules


def test_the_others_find_what_is_wrong(checked: Checked) -> None:
    assert {one.rule for one in checked.faulty.invalid} >= {"element-required-attributes", "close-order"}
    assert set(not_allowed(checked.faulty)) >= {"position", "display:grid", "-x-glow", "<img> element"}
