"""A package index on loopback with a newer release of everything that the locks name; each release is a stub.

    python scripts/stub_index.py        prints its address and serves until it is ended

Whoever installs one of them has resolved something: the version is 9999, and there is nothing in it.
"""

from __future__ import annotations

import io
import re
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parent.parent
VERSION = "9999"


def locked_names() -> set[str]:
    """Return the names of all packages in the locks, in the form that an index uses."""
    texts = (path.read_text(encoding="utf-8") for path in ROOT.glob("requirements*.lock"))
    return {re.sub(r"[-_.]+", "-", name).lower() for text in texts for name in re.findall(r"(?m)^([\w.-]+)==", text)}


def stub(name: str) -> tuple[str, bytes]:
    """Return the file name and the octets of a wheel with nothing in it."""
    stem = f"{name.replace('-', '_')}-{VERSION}"
    files = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {VERSION}\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: stub\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w") as wheel:
        for file, text in files.items():
            wheel.writestr(f"{stem}.dist-info/{file}", text)
        wheel.writestr(f"{stem}.dist-info/RECORD", "".join(f"{stem}.dist-info/{file},,\n" for file in files))
    return f"{stem}-py3-none-any.whl", octets.getvalue()


STUBS = {name: stub(name) for name in locked_names()}
PAGES = {f"/simple/{name}/": f'<a href="/files/{file}">{file}</a>'.encode() for name, (file, _) in STUBS.items()}
FILES = {f"/files/{file}": octets for file, octets in STUBS.values()}


class Index(BaseHTTPRequestHandler):
    """Answers with a package's page or with its file."""

    def do_GET(self) -> None:
        """Send what lies there; 404 for a package that no lock names."""
        found = PAGES.get(self.path) or FILES.get(self.path)
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html" if self.path in PAGES else "application/octet-stream")
        self.send_header("Content-Length", str(len(found or b"")))
        self.end_headers()
        self.wfile.write(found or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}/simple", flush=True)
        server.serve_forever()
