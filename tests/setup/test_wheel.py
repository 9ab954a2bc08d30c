"""The wheel has the data and the licenses that go with it, not just the code."""

from __future__ import annotations

import email
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from assistant import __version__
from assistant.cli.main import run

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Return the wheel of this checkout, built as pip would build it, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_every_data_file_is_in_it(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    data = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "assistant").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    ]
    assert "assistant/setup/public/providers.json" in data
    assert set(data) <= names
    assert {f"assistant/prompts/{path.name}" for path in (ROOT / "prompts").iterdir() if path.is_file()} <= names


def test_every_page_of_the_docs_is_in_it_and_printed(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    pages = [path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")]
    assert {f"assistant/{page}" for page in pages} <= set(wheel.namelist())
    wheel.extractall(tmp_path)
    command = [sys.executable, "-m", "assistant", "docs", "gmail"]
    printed = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60).stdout
    assert printed == (ROOT / "docs" / "providers" / "gmail.md").read_text(encoding="utf-8")


def test_the_licences_are_in_it_and_named(wheel: zipfile.ZipFile) -> None:
    info = next(name for name in wheel.namelist() if name.endswith("dist-info/METADATA"))
    about = email.message_from_bytes(wheel.read(info))
    assert about["License-Expression"] == "MIT AND MPL-2.0"
    files = about.get_all("License-File", [])
    assert set(files) == {"LICENSE", "assistant/setup/public/LICENSE.MPL-2.0"}
    for file in files:
        kept = wheel.read(info.replace("METADATA", f"licenses/{file}"))
        assert kept == (ROOT / file).read_bytes(), f"{file} is the whole licence"


def test_the_version_is_one_number_everywhere(wheel: zipfile.ZipFile, capsys: pytest.CaptureFixture[str]) -> None:
    info = next(name for name in wheel.namelist() if name.endswith("dist-info/METADATA"))
    assert email.message_from_bytes(wheel.read(info))["Version"] == __version__
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"assistant, version {__version__}\n"
    assert f"\n## {__version__}\n" in (ROOT / "CHANGELOG.md").read_text(), "the change log has its section"
