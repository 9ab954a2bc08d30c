"""Where the people of the roster work, and the owner: what the questions about roles go by (docs/roles.md)."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from assistant.core.people.roles import family
from assistant.core.people.workplace import OwnCompany, workplace
from assistant.store import facts, last_contacts, roster

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.config import Config
    from assistant.core.people.roster import Roster
    from assistant.core.people.workplace import Workplace
    from assistant.rounds.context import Round
    from assistant.store.database import Store

_FACT = "company"


def workplace_of(config: Config, store: Store, now: datetime, addresses: tuple[str, ...]) -> Workplace:
    """Return where the person with these addresses works today."""
    written = last_contacts.written_to(store, addresses, now)
    return workplace(addresses, written, config.me.company_domains, now.timestamp())


def workplaces(round_: Round, people: Roster) -> dict[str, Workplace]:
    """Return where each active person works, by handle."""
    return {
        person.handle: workplace_of(round_.config, round_.store, round_.now, person.addresses)
        for person in people.active()
    }


def own_company(round_: Round, people: Roster) -> OwnCompany:
    """Return the owner's company by what earlier digests noted and what the config has now; nothing is stored."""
    noted = json.loads(facts.fact(round_.store, _FACT) or "null")
    known = OwnCompany(tuple(noted["domains"]), noted["moves"], tuple(noted["advocates"])) if noted else OwnCompany()
    roles = round_.config.roles
    advocates = (one.handle for one in people.active() if family(one.role, roles.get(one.role)) == "advocate")
    return known.after(round_.config.me.company_domains, advocates)


def note_own_company(round_: Round) -> None:
    """Keep what `own_company` returns, so that the next digest notices if the owner moves."""
    company = own_company(round_, roster.load_roster(round_.store))
    facts.set_fact(round_.store, _FACT, json.dumps(asdict(company)))
