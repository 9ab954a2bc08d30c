"""From an address to servers: the table, MX, the published file, SRV; bad files, silence, time."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace

import pytest

from assistant.config.values import is_host
from assistant.setup.discovery.autoconfig import read_autoconfig
from assistant.setup.discovery.discover import Discovery
from assistant.setup.discovery.lookups import LARGEST, DnsResolver, Web
from assistant.setup.discovery.providers import (
    FOLDER,
    PROVIDERS,
    Server,
    by_domain,
    by_mx,
    by_public_domain,
    public_providers,
)
from tests.servers.dns import running_dns
from tests.servers.web import Pages, autoconfig, running_web

ADDRESS = "priya@northwind.example"
FILE = "/autoconfig.northwind.example/mail/config-v1.1.xml"
WELL_KNOWN = "/northwind.example/.well-known/autoconfig/mail/config-v1.1.xml"
IMAP = Server("imap.northwind.example", 993, "tls")


class NoDns:
    """A resolver that must not be asked."""

    def mx(self, domain: str) -> list[str]:
        raise AssertionError(domain)

    def srv(self, name: str) -> list[tuple[str, int]]:
        raise AssertionError(name)


class Table:
    """A resolver that answers from two tables."""

    def __init__(self, mx: tuple[str, ...] = (), srv: dict[str, tuple[str, int]] | None = None) -> None:
        self._mx, self._srv = mx, srv or {}

    def mx(self, _domain: str) -> tuple[str, ...]:
        return self._mx

    def srv(self, name: str) -> list[tuple[str, int]]:
        found = self._srv.get(name.split(".northwind", maxsplit=1)[0])
        return [found] if found else []


@pytest.mark.parametrize(
    ("address", "name", "host", "user"),
    [
        ("priya.raman@gmail.com", "Gmail", "imap.gmail.com", "priya.raman@gmail.com"),
        ("p@GoogleMail.com", "Gmail", "imap.gmail.com", "p@GoogleMail.com"),
        ("p@outlook.de", "Microsoft 365", "outlook.office365.com", "p@outlook.de"),
        ("p@hotmail.co.uk", "Microsoft 365", "outlook.office365.com", "p@hotmail.co.uk"),
        ("p@icloud.com", "iCloud", "imap.mail.me.com", "p"),
        ("p@fastmail.fm", "Fastmail", "imap.fastmail.com", "p@fastmail.fm"),
        ("p@yahoo.co.uk", "Yahoo", "imap.mail.yahoo.com", "p@yahoo.co.uk"),
        ("p@aol.com", "AOL", "imap.aol.com", "p@aol.com"),
        ("p@gmx.de", "GMX", "imap.gmx.net", "p@gmx.de"),
        ("p@gmx.com", "GMX", "imap.gmx.com", "p@gmx.com"),
        ("p@web.de", "WEB.DE", "imap.web.de", "p@web.de"),
        ("p@proton.me", "Proton Mail (through Bridge)", "127.0.0.1", "p@proton.me"),
        ("p@mailbox.org", "mailbox.org", "imap.mailbox.org", "p@mailbox.org"),
        ("p@posteo.de", "Posteo", "posteo.de", "p@posteo.de"),
        ("p@zoho.eu", "Zoho", "imap.zoho.eu", "p@zoho.eu"),
    ],
)
def test_large_providers_need_no_network(address: str, name: str, host: str, user: str) -> None:
    found = Discovery(resolver=NoDns(), web=Web("http://127.0.0.1:1")).discover(address)
    assert found is not None
    assert (found.name, found.imap.host, found.users[0]) == (name, host, user)


def test_the_table_is_sound() -> None:
    domains = [domain for one in PROVIDERS for domain in one.domains]
    assert len(domains) == len(set(domains))
    assert len(PROVIDERS) >= 40
    for one in PROVIDERS:
        assert one.imap or one.note, f"{one.name} has no IMAP and does not say so"
        for server in (one.imap, one.smtp):
            assert server is None or (is_host(server.host) and server.security != "none")
        assert all(domain == domain.casefold() and "@" not in domain for domain in (*one.domains, *one.mx))


@pytest.mark.parametrize(
    "domain", ["notgmail.com", "gmail.com.example", "yahoo.evil.example", "mail.yahoo", "live.example.com", ""]
)
def test_no_look_alike_is_taken_for_a_provider(domain: str) -> None:
    assert by_domain(domain) is None


OFFLINE = Discovery(resolver=NoDns(), web=Web("http://127.0.0.1:1"))
# The table knows better about these: the public data names the European servers for them too.
DIFFERENT = {"gmx.com", "zoho.com", "zohomail.com"}


@pytest.mark.parametrize(
    ("address", "name", "imap", "smtp", "user"),
    [
        ("p@arcor.de", "arcor.de", "imap.arcor.de:993", "mail.arcor.de:465", "p@arcor.de"),
        ("p@Vivaldi.NET", "vivaldi.net", "imap.vivaldi.net:143", "smtp.vivaldi.net:587", "p@Vivaldi.NET"),
        ("p@tiscali.it", "tiscali.it", "imap.tiscali.it:993", "smtp.tiscali.it:465", "p@tiscali.it"),
        ("p@airpost.net", "Fastmail", "imap.fastmail.com:993", "smtp.fastmail.com:465", "p@airpost.net"),
        ("p@posteo.be", "Posteo", "posteo.de:993", "posteo.de:465", "p@posteo.be"),
    ],
)
def test_a_domain_that_only_the_public_data_has_needs_no_network(
    address: str, name: str, imap: str, smtp: str, user: str
) -> None:
    assert by_domain(address.rpartition("@")[2]) is None, "the table has it by now: take another"
    found = OFFLINE.discover(address)
    assert found is not None
    assert (found.name, str(found.imap), str(found.smtp), found.users[0]) == (name, imap, smtp, user)
    assert found.source == "known by its domain, from public data"
    assert found.certain


def test_a_row_of_the_table_that_the_public_data_leads_to_brings_what_it_knows() -> None:
    provider = by_public_domain("airpost.net")
    assert provider is not None
    assert "fastmail.com" in provider.app_page


def test_the_public_data_is_well_formed() -> None:
    content = json.loads((FOLDER / "providers.json").read_text(encoding="utf-8"))
    assert {"notice", "source", "licence", "changes", "updated"} < content.keys()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", content["updated"])
    domains = [domain for row in content["providers"] for domain in row["domains"]]
    assert len(domains) == len(set(domains))
    assert len(domains) > 250
    for domain in domains:
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain), domain
    for row in content["providers"]:
        assert {row["login"], row["smtp_login"]} <= {"address", "local"}
        for server in filter(None, (row["imap"], row["smtp"])):
            host, port, security = server
            assert is_host(host), host
            assert "." in host
            assert not host.endswith(".onion")
            assert (port, security) in {
                (993, "tls"),
                (143, "starttls"),
                (465, "tls"),
                (587, "starttls"),
                (25, "starttls"),
            }


def test_the_table_and_the_public_data_agree() -> None:
    """Two independent sources: if they differ, one is wrong, or the reason is known."""
    both = {domain: (by_domain(domain), row) for domain, row in public_providers().items() if by_domain(domain)}
    assert len(both) > 80
    found = {domain for domain, (own, public) in both.items() if own is None or own.imap != public.imap}
    assert found == DIFFERENT


def test_the_licence_of_the_public_data_lies_beside_it() -> None:
    text = (FOLDER / "LICENSE.MPL-2.0").read_text(encoding="utf-8")
    assert "Mozilla Public License Version 2.0" in text
    assert "10.1. New Versions" in text, "the whole of it"


def test_an_mx_tells_the_provider_by_whole_labels() -> None:
    assert by_mx(["aspmx.l.google.com."]).name == "Gmail"  # type: ignore[union-attr]
    assert by_mx(["northwind-example.mail.protection.outlook.com"]).name == "Microsoft 365"  # type: ignore[union-attr]
    assert by_mx(["evilgoogle.com", "google.com.evil.example"]) is None
    assert by_mx([]) is None


def test_a_domain_hosted_at_a_large_provider_is_known_by_its_mx() -> None:
    records = {("northwind.example", "MX"): ["20 backup.example.", "10 mx1.mail.protection.outlook.com."]}
    with running_dns(records) as names, running_web() as pages:
        found = Discovery(DnsResolver(("127.0.0.1",), names.port), Web(pages.base)).discover(ADDRESS)
    assert found is not None
    assert found.provider is not None
    assert (found.provider.oauth, found.imap.host) == ("microsoft", "outlook.office365.com")


def test_the_published_file_is_read_over_the_web() -> None:
    content = autoconfig(993, "%EMAILLOCALPART%", host="imap.northwind.example", security="SSL")
    with running_web(Pages({FILE: content})) as pages:
        found = Discovery(Table(), Web(pages.base)).discover(ADDRESS)
        assert not any("priya" in path for path in pages.asked), "nobody is told more than the domain"
    assert found is not None
    assert (found.imap, found.users, found.smtp) == (IMAP, ("priya",), None)


def test_the_well_known_place_is_read_and_redirects_are_followed() -> None:
    content = autoconfig(993, "%EMAILADDRESS%", host="imap.northwind.example", security="SSL")
    with running_web(Pages({WELL_KNOWN: "/there", "/there": content})) as pages:
        found = Discovery(Table(), Web(pages.base)).discover(ADDRESS)
    assert found is not None
    assert found.imap == IMAP


def test_the_mail_exchanger_goes_before_the_published_file() -> None:
    """A web host in front of a domain often publishes its own servers, where there is no mail."""
    content = autoconfig(993, "%EMAILADDRESS%", host="imap.northwind.example", security="SSL")
    with running_web(Pages({FILE: content})) as pages:
        found = Discovery(Table(("aspmx.l.google.com",)), Web(pages.base)).discover(ADDRESS)
    assert found is not None
    assert found.name == "Gmail"


def test_srv_records_tell_servers_of_the_own_domain() -> None:
    records = {
        ("northwind.example", "MX"): ["10 mx.northwind.example."],
        ("_imaps._tcp.northwind.example", "SRV"): [
            "10 1 993 other.northwind.example.",
            "0 1 993 imap.northwind.example.",
        ],
        ("_submission._tcp.northwind.example", "SRV"): ["0 1 587 smtp.northwind.example."],
        ("_submissions._tcp.northwind.example", "SRV"): ["0 0 0 ."],
    }
    with running_dns(records) as names, running_web() as pages:
        found = Discovery(DnsResolver(("127.0.0.1",), names.port), Web(pages.base)).discover(ADDRESS)
    assert found is not None
    assert (found.imap, found.smtp) == (IMAP, Server("smtp.northwind.example", 587, "starttls"))
    assert found.certain


def test_srv_records_that_lead_elsewhere_are_not_certain() -> None:
    with running_web() as pages:
        table = Table(srv={"_imaps._tcp": ("imap.hosting.example", 993)})
        found = Discovery(table, Web(pages.base)).discover(ADDRESS)
    assert found is not None
    assert not found.certain


def test_silence_everywhere_takes_five_seconds_and_no_more() -> None:
    with running_dns(silent=True) as names, running_web(Pages(slow=20.0)) as pages:
        discovery = Discovery(DnsResolver(("127.0.0.1",), names.port), Web(pages.base))
        began = time.monotonic()
        assert discovery.discover(ADDRESS) is None
        took = time.monotonic() - began
    assert 4.0 < took < 5.6
    assert {kind for _, kind in names.asked} == {"MX", "SRV"}
    assert len(pages.asked) == 2


def test_what_was_found_counts_though_another_way_is_silent() -> None:
    content = autoconfig(993, "%EMAILADDRESS%", host="imap.northwind.example", security="SSL")
    with running_dns(silent=True) as names, running_web(Pages({FILE: content})) as pages:
        resolver = DnsResolver(("127.0.0.1",), names.port)
        discovery = replace(Discovery(resolver, Web(pages.base)), seconds=1.0)
        began = time.monotonic()
        found = discovery.discover(ADDRESS)
    assert time.monotonic() - began < 1.5
    assert found is not None
    assert found.imap == IMAP


def test_nobody_knows() -> None:
    with running_web() as pages:
        assert Discovery(Table(), Web(pages.base)).discover(ADDRESS) is None


def of(content: bytes) -> object:
    return read_autoconfig(content, ADDRESS, "a test")


GOOD = autoconfig(993, "%EMAILADDRESS%", host="imap.northwind.example", security="SSL")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"<a/>",
        b"\xff\xfe<\x00",
        GOOD.replace(b"<clientConfig", b'<!DOCTYPE x [<!ENTITY a "b">]><clientConfig'),
        GOOD.replace(b"<clientConfig", b'<!DOCTYPE x SYSTEM "http://evil.example/x.dtd"><clientConfig'),
        GOOD.decode().replace("<clientConfig", "<!DOCTYPE x><clientConfig").replace("UTF-8", "UTF-16").encode("utf-16"),
        GOOD.replace(b"imap.northwind.example", b"imap.northwind.example/evil"),
        GOOD.replace(b"imap.northwind.example", b"a b"),
        GOOD.replace(b"imap.northwind.example", b"imap&#10;.example"),
        GOOD.replace(b"<port>993</port>", b"<port>99300</port>"),
        GOOD.replace(b"<port>993</port>", b"<port>-1</port>"),
        GOOD.replace(b"<port>993</port>", b"<port>0</port>"),
        GOOD.replace(b"<socketType>SSL", b"<socketType>plain"),
        GOOD.replace(b"<socketType>SSL", b"<socketType>none of these"),
        GOOD.replace(b'type="imap"', b'type="exchange"'),
    ],
)
def test_a_file_that_cannot_be_trusted_names_no_server(content: bytes) -> None:
    assert of(content) is None


def test_an_entity_bomb_is_refused_at_once() -> None:
    bomb = (
        b'<!DOCTYPE a [<!ENTITY b "'
        + b"x" * 1000
        + b'">'
        + b"".join(b'<!ENTITY %c "%s">' % (99 + n, b"&%c;" % (98 + n) * 10) for n in range(8))
        + b"]><clientConfig>&j;</clientConfig>"
    )
    began = time.monotonic()
    assert of(bomb) is None
    assert time.monotonic() - began < 0.5


def test_the_safest_line_is_taken_and_a_user_name_with_line_breaks_is_not() -> None:
    both = GOOD.replace(
        b'<incomingServer type="imap">',
        b'<incomingServer type="imap"><hostname>late.northwind.example</hostname><port>143</port>'
        b'<socketType>STARTTLS</socketType></incomingServer><incomingServer type="imap">',
    )
    found = read_autoconfig(both, ADDRESS, "a test")
    assert found is not None
    assert found.imap == IMAP
    found = read_autoconfig(GOOD.replace(b"%EMAILADDRESS%", b"a&#13;&#10;b LOGIN"), ADDRESS, "a test")
    assert found is not None
    assert found.users[0] == ADDRESS


def test_the_web_is_followed_only_where_it_may_lead() -> None:
    files: dict[str, bytes | str] = {f"/loop{n}": f"/loop{n + 1}" for n in range(6)}
    files |= {
        "/loop6": b"end",
        "/plain": "http://127.0.0.1:1/x",
        "/ftp": "ftp://example.com/x",
        "/user": "//u:p@127.0.0.1/",
    }
    files |= {"/large": b"x" * (LARGEST + 1), "/exact": b"x" * LARGEST, "/elsewhere": "http://northwind.example/x"}
    with running_web(Pages(files)) as pages:
        web = Web(pages.base, patience=2)

        def get(path: str) -> bytes | None:
            return web.fetch(f"https:/{path}")

        assert get("/loop3") == b"end"
        assert get("/loop0") is None
        assert get("/large") is None
        assert len(get("/exact") or b"") == LARGEST
        assert [get(path) for path in ("/plain", "/ftp", "/user", "/elsewhere", "/missing")] == [None] * 5
    assert Web().fetch("http://northwind.example/x") is None
    assert Web(patience=1).fetch("https://127.0.0.1:1/x") is None
