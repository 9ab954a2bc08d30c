"""The demo's digest with a real model: `LLAMA_SERVER=/path/llama-server GGUF=/path/model.gguf make bench-model`.

The server of llama.cpp is started on loopback with that file, and ended afterwards. Without the two variables nothing
is measured, and one line says so.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistant.demo.run import run_demo
from assistant.store.completions import Completions
from assistant.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.evidence.dossier import Words

SECONDS_TO_LOAD = 180.0
"""What a server may take to read its file."""


def main() -> int:
    program, file = os.environ.get("LLAMA_SERVER"), os.environ.get("GGUF")
    if not program or not file:
        print("skipped: LLAMA_SERVER (the program llama-server of llama.cpp) and GGUF (a model's file) are not set")
        return 0
    name = Path(file).stem
    with running(program, file) as url, tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        result = run_demo(Path(folder), llm=(url, name))
        seconds = time.perf_counter() - started
        with Store(Path(folder) / "data") as store:
            mode = Completions(store).mode(url, name) or "none worked"
            (tokens,) = store.connection.execute(
                "SELECT coalesce(sum(prompt_tokens + completion_tokens), 0) FROM completion"
            ).fetchone()
    report(name, [item.words for item in result.built.digest.due], mode, seconds, tokens)
    return 0


def report(name: str, words: list[Words], mode: str, seconds: float, tokens: int) -> None:
    kept = [found for found in words if found.writer == "model"]
    marked = sum(sentence.unchecked for found in words for sentence in (*found.sentences, *found.brief))
    print(f"{name}: answers as {mode}; {seconds:.0f} s for the whole demo; {tokens:,} tokens")
    print(f"drafts of the model's kept: {len(kept)} of {len(words)}; sentences marked as not checked: {marked}")
    dropped = Counter(check for found in words for _, check in found.dropped)
    print("sentences removed: " + (", ".join(f"{count} {check}" for check, count in dropped.most_common()) or "none"))
    for remark in dict.fromkeys(found.remark for found in words if found.remark):
        print(f"  {remark}")
    if "-v" in sys.argv:
        for found in words:
            print(f"\n{found.subject}\n{found.body}")
            for text, check in found.dropped:
                print(f"  removed ({check}): {text}")


@contextmanager
def running(program: str, file: str) -> Iterator[str]:
    """Run the server on a free port of this machine; its address, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "-m", file, "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(server, f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(30)


def wait_for(server: subprocess.Popen[bytes], url: str) -> None:
    ends = time.monotonic() + SECONDS_TO_LOAD
    while time.monotonic() < ends:
        if server.poll() is not None:
            raise SystemExit(f"the server ended by itself with {server.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 -- loopback, and http is written above
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.5)
    raise SystemExit(f"the server was not ready after {SECONDS_TO_LOAD:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
