"""Read `[me]`, `[digest]` and `[replies]`: their keys, what these may hold, and the defaults."""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING, cast
from zoneinfo import available_timezones

from assistant.config.section import did_you_mean, toml_value
from assistant.config.values import SECTION_OF, DigestConfig, Me, RepliesConfig, machine_zone, named_zone
from assistant.core.language.calendar_words import WEEKDAYS
from assistant.core.language.data_files import LANGUAGES
from assistant.core.language.translation import Translatable
from assistant.core.mail.address import normal_address

if TYPE_CHECKING:
    from typing import Literal
    from zoneinfo import ZoneInfo

    from assistant.config.section import Section
    from assistant.core.language.data_files import Language

DAYS = tuple(name.lower() for name in WEEKDAYS["en"])
MOST_PEOPLE = 12  # with more, a digest can grow over what Gmail clips
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\_]{1,253}")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?)(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)*")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})")
_HOUR, _MINUTE = 24, 60


def read_me(section: Section) -> Me:
    """Return `[me]`. A name and at least one address are required."""
    name = section.text("name", required='"Your Name"')
    addresses = section.each("addresses", section.texts("addresses"), _address, "not an email address")
    if not section.has("addresses") and not section.misspelt("addresses"):
        section.wrong("addresses", 'is missing; write it as addresses = ["you@example.com"]')
    elif section.table.get("addresses") == []:
        section.wrong("addresses", "is empty; write at least one of your addresses")
    domains = section.each("company_domains", section.texts("company_domains"), _domain, "not a domain")
    found = Me(
        name=name,
        addresses=addresses,
        control_address=_control_address(section, addresses),
        timezone=_zone(section),
        company_domains=domains,
        language=cast("Language", section.choice("language", "en", LANGUAGES)),
        goals=section.texts("goals"),
    )
    section.note_unknown_keys(SECTION_OF)
    return found


def _address(text: str) -> str | None:
    """Return an address in normal form, None if it isn't one."""
    if not _ADDRESS.fullmatch(text) or not _domain(text.rpartition("@")[2]):
        return None
    return normal_address(text)


def _domain(text: str) -> str | None:
    bare = text.removeprefix("@").rstrip(".").casefold()
    return bare if _DOMAIN.fullmatch(bare) else None


def _control_address(section: Section, addresses: tuple[str, ...]) -> str:
    """Return the address digests go to and replies answer, as written but in lower case."""
    written = section.text("control_address").casefold()
    if not written:
        return addresses[0] if addresses else ""
    if _address(written) is None:
        section.wrong(
            "control_address", Translatable("= {written} is not an email address", written=toml_value(written))
        )
    # Digests speak of private life, so they go to an address of the owner and nowhere else. A +tag is fine.
    elif addresses and not {_address(written), _address(_without_tag(written))} & set(addresses):
        section.wrong(
            "control_address",
            Translatable("= {written} is not one of addresses; digests go to you alone", written=toml_value(written)),
        )
    return written


def _without_tag(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.split('+')[0]}@{domain}"


def _zone(section: Section) -> ZoneInfo:
    name = section.text("timezone")
    zone = named_zone(name) if name else machine_zone()
    if zone is None:
        hint = did_you_mean(name, available_timezones()) or Translatable('; write one such as "Europe/Berlin"')
        section.wrong("timezone", Translatable("= {name} is not a time zone{hint}", name=toml_value(name), hint=hint))
    return zone or machine_zone()


def read_digest(section: Section, owner: Me, *, with_smtp: bool) -> DigestConfig:
    """Return `[digest]`. Everything has a default."""
    found = DigestConfig(
        day=DAYS.index(_day(section)),
        time=_time(section),
        people=section.whole("people", 5, (1, MOST_PEOPLE), "people a week"),
        delivery=cast(
            "Literal['auto', 'smtp', 'append']", section.choice("delivery", "auto", ("auto", "smtp", "append"))
        ),
        language=cast("Language", section.choice("language", owner.language, LANGUAGES)),
    )
    if found.delivery == "smtp" and not with_smtp:
        section.wrong("delivery", '= "smtp" needs a section [smtp] that names the server')
    section.note_unknown_keys(SECTION_OF)
    return found


def _day(section: Section) -> str:
    written = section.text("day", "monday")
    if written.casefold() in DAYS:
        return written.casefold()
    hint = did_you_mean(written, DAYS) or Translatable("; write one of {days}", days=", ".join(DAYS))
    section.wrong(
        "day",
        Translatable("= {written} is not a weekday{hint}", written=toml_value(written), hint=hint),
    )
    return "monday"


def _time(section: Section) -> time:
    """Return the time of day, from a text "08:00" or from TOML's local time 08:00:00."""
    value = section.value("time", (str, time), 'a time of day such as "08:00"')
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if value is None:
        return time(8, 0)
    match = _TIME.fullmatch(value.strip())
    if match and int(match[1]) < _HOUR and int(match[2]) < _MINUTE:
        return time(int(match[1]), int(match[2]))
    section.wrong(
        "time",
        Translatable(
            '= {value} is not a time of day; write it as "08:00", from "00:00" to "23:59"', value=toml_value(value)
        ),
    )
    return time(8, 0)


def read_replies(section: Section, owner: Me) -> RepliesConfig:
    """Return `[replies]`. It takes both keys or neither, and only addresses of the owner."""
    also_from = section.each("also_from", section.texts("also_from"), _address, "not an email address")
    for index, address in enumerate(also_from):
        if owner.addresses and address not in owner.addresses:
            section.wrong(
                "also_from",
                Translatable("holds {address}, which is not one of [me] addresses", address=toml_value(address)),
                index,
            )
    authserv_id = section.text("authserv_id").casefold()
    if authserv_id and not _DOMAIN.fullmatch(authserv_id):
        section.wrong(
            "authserv_id",
            Translatable(
                "= {authserv_id} is not a server name; write it as mail headers show it",
                authserv_id=toml_value(authserv_id),
            ),
        )
    if also_from and not authserv_id and not section.misspelt("authserv_id"):
        section.wrong("authserv_id", "is missing; name the server whose Authentication-Results can be trusted")
    section.note_unknown_keys(SECTION_OF)
    return RepliesConfig(also_from, authserv_id)
