"""The bundled public provider data: providers that the own table has not, known without any network.

`public/providers.json` is made by scripts/provider_data.py from Delta Chat's provider database and is, with that alone,
under the Mozilla Public License 2.0, whose text lies beside it. Where the table (providers.py) knows the same IMAP
server, the table's row is taken: it knows more, such as where app passwords are made.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from assistant.setup.providers import PROVIDERS, Provider, Server

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = files("assistant.setup") / "public"
FIRST: Final = "Something is to be done at this provider first, mostly to switch IMAP on or to make an app password."


def by_public_domain(domain: str) -> Provider | None:
    """Return the provider that the public data names for a domain (lower case, ASCII), None for none."""
    return public_providers().get(domain)


@cache
def public_providers() -> Mapping[str, Provider]:
    """Return every domain of the bundled data with its provider; read once."""
    own = {(one.imap.host, one.imap.port): one for one in PROVIDERS if one.imap}
    content = json.loads((FOLDER / "providers.json").read_text(encoding="utf-8"))
    found: dict[str, Provider] = {}
    for row in content["providers"]:
        provider = _provider(row)
        table = own.get((row["imap"][0], row["imap"][1]))
        provider = replace(table, domains=provider.domains) if table is not None else provider
        found |= dict.fromkeys(provider.domains, provider)
    return found


def _provider(row: dict[str, Any]) -> Provider:
    """Return one row as a provider; its name is its first domain, since the data has no other for people."""
    return Provider(
        row["domains"][0],
        tuple(row["domains"]),
        (),
        Server(*row["imap"]),
        Server(*row["smtp"]) if row["smtp"] else None,
        login=row["login"],
        smtp_login=row["smtp_login"],
        note=FIRST if row["first"] else "",
    )
