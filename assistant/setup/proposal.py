"""Takes name, addresses, time zone, company and language from the mail and the machine.

It asks only about what these can't tell: the time zone on a machine that keeps UTC (a server, a container), and the
company if the domain may be the owner's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.config.values import is_plain_utc, machine_zone, spoken_zone
from assistant.core.language.data_files import LANGUAGES
from assistant.core.language.fold import fold_name
from assistant.core.language.translation import Translatable
from assistant.core.mail.address import company_of, is_role_address, normal_address, registered_domain
from assistant.core.people.handles import spellings
from assistant.setup.discovery.found import local_part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.setup.answers import Asker
    from assistant.setup.outside import Surroundings
    from assistant.setup.try_servers import Sender

# Letters. Two letters of a name are found in too many domains.
SHORTEST_NAME: Final = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """What goes into `[me]`."""

    name: str
    addresses: tuple[str, ...]
    timezone: str
    company_domains: tuple[str, ...]
    language: str


def proposal(asker: Asker, around: Surroundings, address: str, sender: Sender) -> Proposal:
    """Return what was given, else found, else asked for. `address` is the one the owner signs in with."""
    given = asker.given
    own = [address.casefold(), *sender.addresses, *(given("addresses") or ())]
    normal = {normal_address(one) or one: one for one in reversed(own)}
    name = given("name") or sender.name or _name_of(address)
    domains = given("company_domains")
    if domains is None:
        company = None if around.discovery.known(address) else company_of(address.casefold())
        domains = _company(asker, company, name, sender.written_to - set(normal)) if company else ()
    language = given("language") or asker.language
    return Proposal(
        name=name,
        addresses=tuple(reversed(normal.values())),
        timezone=_zone(asker),
        company_domains=tuple(domains),
        language=language if language in LANGUAGES else "en",
    )


def _zone(asker: Asker) -> str:
    # A machine in plain UTC says nothing about where its owner lives.
    machine = machine_zone().key
    if asker.given("timezone") is None and not is_plain_utc(machine):
        return machine
    while True:
        answer = asker.ask("timezone", "This machine keeps UTC. Your time zone, such as Europe/Berlin", machine)
        zone = spoken_zone(answer)
        if zone is not None:
            return zone.key
        asker.again(
            Translatable(
                "“{answer}” is not a time zone; write one such as Europe/Berlin, or a large city.", answer=answer
            )
        )


def _company(asker: Asker, domain: str, name: str, others: Iterable[str]) -> tuple[str, ...]:
    # Colleagues with addresses there make it a company, unless it has the owner's name: that may be a private domain.
    if not is_of_name(domain, name) and any(company_of(one) == domain and not is_role_address(one) for one in others):
        return (domain,)
    is_company = asker.agree(
        "company",
        Translatable("Is {domain} a company you work at, with colleagues who write from there?", domain=domain),
    )
    return (domain,) if is_company else ()


def is_of_name(domain: str, name: str) -> bool:
    """Return whether a domain contains a word of somebody's name, as raman.example does for Priya Raman."""
    label = fold_name(registered_domain(domain).partition(".")[0]).replace(" ", "")
    words = {word for spelling in spellings(name) for word in spelling.split()}
    return any(word in label for word in words if len(word) >= SHORTEST_NAME)


def _name_of(address: str) -> str:
    """Return a name made from an address, for owners whose mail has none."""
    words = local_part(address).partition("+")[0].replace("_", ".").replace("-", ".").split(".")
    return " ".join(word.capitalize() for word in words if word) or address
