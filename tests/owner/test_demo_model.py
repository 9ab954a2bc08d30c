"""The demo with a model server, and the measurement that runs it with a real one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from assistant.cli.main import cli
from assistant.demo.run import run_demo
from bench import model as bench
from tests.servers.model import ModelServer

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SERVER = """#!{python}
import sys, time
sys.path.insert(0, {root!r})
from tests.servers.model import ModelServer
ModelServer(port=int(sys.argv[sys.argv.index("--port") + 1])).__enter__()
time.sleep(60)
"""


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def test_the_demo_with_a_model(server: ModelServer, tmp_path: Path) -> None:
    result = run_demo(tmp_path, llm=(server.base_url, "test"))
    words = [item.words for item in result.built.digest.due]
    assert {found.model for found in words if found.writer == "model"} == {"test"}
    # The people of the week's meetings are written about too, for their briefs.
    assert [asked.task for asked in server.requests].count("write") >= len(words)
    assert "The language model worded" in "\n".join(result.lines())
    assert f'base_url = "{server.base_url}"' in result.world.config.read_text()


def test_the_demo_without_one_asks_nobody(server: ModelServer, tmp_path: Path) -> None:
    result = run_demo(tmp_path)
    assert server.requests == []
    assert "[llm]" not in result.world.config.read_text()
    assert "language model" not in "\n".join(result.lines())


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--llm", "http://127.0.0.1:1/v1"], "belong together"),
        (["--model", "test"], "belong together"),
        (["--llm", "http://models.example/v1", "--model", "test"], "write https"),
        (["--llm", "http://localhost@models.example/v1", "--model", "test"], "write https"),
    ],
)
def test_a_wrong_address_starts_nothing(tmp_path: Path, given: list[str], says: str) -> None:
    result = CliRunner().invoke(cli, ["demo", "--out", str(tmp_path / "out"), *given])
    assert result.exit_code == 2
    assert says in result.output
    assert not (tmp_path / "out").exists()


def test_the_measurement_says_that_it_was_skipped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("LLAMA_SERVER", raising=False)
    assert bench.main() == 0
    assert "skipped" in capsys.readouterr().out


def test_the_measurement_starts_and_ends_its_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "llama-server"
    program.write_text(SERVER.format(python=sys.executable, root=str(ROOT)))
    program.chmod(0o700)
    monkeypatch.setenv("LLAMA_SERVER", str(program))
    monkeypatch.setenv("GGUF", str(tmp_path / "tiny.gguf"))
    assert bench.main() == 0
    said = capsys.readouterr().out
    assert "tiny: answers as json_schema" in said
    assert "drafts of the model's kept" in said
