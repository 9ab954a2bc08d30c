"""Make the bundled public provider data anew: Delta Chat's provider database, as its npm package carries it.

    python scripts/provider_data.py            fetch the package by npm, check its hash, write assistant/setup/public
    python scripts/provider_data.py FILE.tgz   the same from a package that is here already

The same package gives the same bytes. What is kept: the domains of a provider, one IMAP and one SMTP server over TLS
or STARTTLS, how the user name is made, and whether something is to be done first. What is left out: providers without
servers or without IMAP, plain-text lines, servers of this machine, wildcards, names that are no domains.
The data is under the Mozilla Public License 2.0, which goes beside it; the rest of this project is not.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from assistant.config.values import is_host, is_loopback

PACKAGE = "deltachat-node"
VERSION = "1.138.0"
INTEGRITY = "sha512-0eH+GmJmQnxqfcoV9nLcfbiKeyaaOpWIHZ5ex/jql8jxoiKmWqsM4zbM2iLJouqPvtv10Ek1GRVG9xcS8aESoA=="
DATA = "package/src/provider/data.rs"
LICENCE = "package/LICENSE"
THERE = Path(__file__).resolve().parent.parent / "assistant" / "setup" / "public"
NOTICE = (
    "This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0. If a copy of the MPL was "
    "not distributed with this file, You can obtain one at http://mozilla.org/MPL/2.0/."
)
SECURITY = {"Ssl": "tls", "Starttls": "starttls"}
LOGIN = {"Email": "address", "Emaillocalpart": "local"}
TESTING = ".testrun.org"
"""Domains of the chat program's own test servers: nobody keeps a mailbox there."""

_PROVIDER = re.compile(r"^static (P_\w+): Provider = Provider \{(.*?)^\};", re.MULTILINE | re.DOTALL)
_DOMAIN = re.compile(r'\(\s*"([^"]+)",\s*&(P_\w+)\s*,?\s*\)')
_SERVER = re.compile(
    r'Server \{\s*protocol: (\w+),\s*socket: (\w+),\s*hostname: "([^"]*)",\s*port: (\d+),\s*username_pattern: (\w+)'
)
_UPDATED = re.compile(r"from_ymd_opt\((\d+), (\d+), (\d+)\)")


def fetched(folder: Path) -> Path:
    """Return the package, fetched by npm into `folder`. Raises CalledProcessError where npm cannot."""
    command = ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"]
    subprocess.run(command, cwd=folder, check=True, timeout=600)  # noqa: S603
    return folder / f"{PACKAGE}-{VERSION}.tgz"


def checked(package: Path) -> bytes:
    """Return the package's bytes. Raises SystemExit where they are not those that were pinned."""
    content = package.read_bytes()
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if integrity != INTEGRITY:
        message = f"{package} is not the pinned {PACKAGE} {VERSION}: {integrity}"
        raise SystemExit(message)
    return content


def providers(source: str) -> list[dict[str, Any]]:
    """Return the providers that can be used, in the order of the source."""
    table = source[source.index("PROVIDER_DATA:") : source.index("PROVIDER_IDS:")]
    domains: dict[str, list[str]] = {}
    for domain, name in _DOMAIN.findall(table):
        domains.setdefault(name, []).append(domain)
    found = (_provider(body, domains.get(name, [])) for name, body in _PROVIDER.findall(source))
    return [one for one in found if one is not None]


def _provider(body: str, domains: list[str]) -> dict[str, Any] | None:
    kept = [domain for domain in domains if _is_domain(domain)]
    imap, smtp = _server(body, "Imap"), _server(body, "Smtp")
    if imap is None or not kept or "Status::Broken" in body:
        return None
    return {
        "domains": kept,
        "imap": imap[:3],
        "smtp": smtp[:3] if smtp else None,
        "login": imap[3],
        "smtp_login": smtp[3] if smtp else "address",
        "first": "Status::Preparation" in body,
    }


def _is_domain(text: str) -> bool:
    return "." in text and text == text.casefold() and is_host(text) and not f".{text}".endswith(TESTING)


def _server(body: str, protocol: str) -> list[Any] | None:
    """Return [host, port, security, login] of the first server that may be used: the data puts TLS first."""
    for kind, socket, host, port, login in _SERVER.findall(body):
        if kind == protocol and socket in SECURITY and is_host(host) and not is_loopback(host):
            return [host, int(port), SECURITY[socket], LOGIN[login]]
    return None


def as_json(source: str) -> str:
    """Return the file's text: what it is, and one provider a line."""
    updated = _UPDATED.search(source)
    head = {
        "notice": NOTICE,
        "source": f"Delta Chat's provider database, from {DATA.removeprefix('package/')} of {PACKAGE} {VERSION} (npm)",
        "licence": "MPL-2.0, in LICENSE.MPL-2.0 beside this file",
        "changes": "made into JSON by scripts/provider_data.py, which says what is left out",
        "updated": "-".join(part.zfill(2) for part in updated.groups()) if updated else "",
    }
    rows = ",\n".join("  " + json.dumps(one, ensure_ascii=False) for one in providers(source))
    lines = [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    return "\n".join(["{", *lines, ' "providers": [', rows, " ]", "}", ""])


def main(arguments: list[str]) -> int:
    """Write the data and its licence."""
    with tempfile.TemporaryDirectory() as scratch:
        package = Path(arguments[0]) if arguments else fetched(Path(scratch))
        checked(package)
        with tarfile.open(package) as archive:
            parts = {name: archive.extractfile(name) for name in (DATA, LICENCE)}
            texts = {name: part.read().decode() for name, part in parts.items() if part is not None}
    THERE.mkdir(exist_ok=True)
    (THERE / "providers.json").write_text(as_json(texts[DATA]), encoding="utf-8")
    (THERE / "LICENSE.MPL-2.0").write_text(texts[LICENCE], encoding="utf-8")
    print(len(providers(texts[DATA])), "providers in", THERE)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
