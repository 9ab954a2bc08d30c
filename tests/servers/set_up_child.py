"""The command line in its own process, with this machine's DNS, web and model ports in place of the world's.

    python -m tests.servers.set_up_child '{"dns": 5353, "web": "http://127.0.0.1:8000", "models": []}' init ...

An address that the browser would open is fetched: that is all that a browser of tests does.
"""

from __future__ import annotations

import json
import sys
import threading
import urllib.request

from assistant.cli.main import run
from assistant.setup.discovery.discover import Discovery
from assistant.setup.discovery.lookups import DnsResolver, Web
from assistant.setup.outside import Surroundings


def browse(address: str) -> bool:
    def visit() -> None:
        with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310 - a server of this test
            page.read()

    threading.Thread(target=visit, daemon=True).start()
    return True


def main() -> int:
    told = json.loads(sys.argv[1])
    discovery = Discovery(DnsResolver(("127.0.0.1",), told["dns"]), Web(told["web"]))
    around = Surroundings(discovery, tuple(told.get("models", ())), browse=browse)
    return run(sys.argv[2:], around)


if __name__ == "__main__":
    sys.exit(main())
