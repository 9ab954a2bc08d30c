"""Providers that are known without the network: the large ones in a table, many small ones in bundled data.

The table has what the providers publish in their help pages. Each row holds the domains of addresses (`name.*` stands
for every ending), the endings of the MX hosts of domains hosted there, and the servers.

`public/providers.json` is made by scripts/provider_data.py from Delta Chat's provider database. It alone is under the
Mozilla Public License 2.0, whose text is beside it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class Server:
    """One server: host name or IP address, port, and how the line is encrypted."""

    host: str
    port: int
    security: Security

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider. `imap` is None if it has none, and `note` says so then. `smtp` is None if it offers no submission.

    `login` and `smtp_login` say what the user name is: the whole address, or the part before the @. `app_page` is where
    app passwords are made, "" if the account's own password works. `oauth` names the OAuth 2 provider, None if there is
    none. `passwords` is False if only OAuth 2 works. `page` is its page in `assistant docs`, "" if it has none.
    """

    name: str
    domains: tuple[str, ...]
    mx: tuple[str, ...]
    imap: Server | None
    smtp: Server | None
    login: Literal["address", "local"] = "address"
    smtp_login: Literal["address", "local"] = "address"
    app_page: str = ""
    note: str = ""
    oauth: Literal["google", "microsoft"] | None = None
    passwords: bool = True
    page: str = ""


def _row(name: str, domains: str, mx: str, imap: str, smtp: str, port: int = 465, **more: object) -> Provider:
    imap_server = Server(imap, 993, "tls")
    smtp_server = Server(smtp, port, "tls" if port == 465 else "starttls")  # noqa: PLR2004 - RFC 8314
    return Provider(name, tuple(domains.split()), tuple(mx.split()), imap_server, smtp_server, **more)  # type: ignore[arg-type]


GMAIL: Final = _row(
    "Gmail",
    "gmail.com googlemail.com",
    "google.com googlemail.com",
    "imap.gmail.com",
    "smtp.gmail.com",
    587,
    app_page="https://myaccount.google.com/apppasswords",
    note="Two-step verification must be on before Google gives out an app password.",
    oauth="google",
    page="gmail",
)
MICROSOFT: Final = _row(
    "Microsoft 365",
    "outlook.* hotmail.* live.* msn.com passport.com windowslive.com",
    "protection.outlook.com mx.microsoft",
    "outlook.office365.com",
    "smtp.office365.com",
    587,
    note="Microsoft accepts no passwords over IMAP: you sign in by OAuth 2, with your own client id.",
    oauth="microsoft",
    passwords=False,
    page="microsoft-365",
)
PROTON: Final = Provider(
    "Proton Mail (through Bridge)",
    ("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
    ("protonmail.ch",),
    Server("127.0.0.1", 1143, "starttls"),
    Server("127.0.0.1", 1025, "starttls"),
    note="Bridge must run on this machine. Use the password that Bridge shows, not your account's.",
    page="proton-bridge",
)
_GMX_NOTE: Final = "IMAP is off at first: turn it on in the website's settings, under POP3 and IMAP."

PROVIDERS: Final[tuple[Provider, ...]] = (
    GMAIL,
    MICROSOFT,
    _row(
        "iCloud",
        "icloud.com me.com mac.com",
        "mail.icloud.com",
        "imap.mail.me.com",
        "smtp.mail.me.com",
        587,
        login="local",
        app_page="https://account.apple.com/account/manage",
        note="Two-factor authentication must be on.",
        page="icloud",
    ),
    _row(
        "Fastmail",
        "fastmail.* sent.com messagingengine.com",
        "messagingengine.com",
        "imap.fastmail.com",
        "smtp.fastmail.com",
        app_page="https://app.fastmail.com/settings/security/apps",
        page="fastmail",
    ),
    _row(
        "AOL",
        "aol.* aim.com verizon.net",
        "mx-aol.mail.gm0.yahoodns.net",
        "imap.aol.com",
        "smtp.aol.com",
        app_page="https://login.aol.com/account/security",
        page="yahoo",
    ),
    _row(
        "AT&T",
        "att.net sbcglobal.net bellsouth.net pacbell.net ameritech.net swbell.net",
        "al-ip4-mx-vip1.prodigy.net",
        "imap.mail.att.net",
        "smtp.mail.att.net",
        note="AT&T calls the app password a secure mail key.",
    ),
    _row(
        "Yahoo",
        "yahoo.* ymail.com rocketmail.com myyahoo.com",
        "yahoodns.net",
        "imap.mail.yahoo.com",
        "smtp.mail.yahoo.com",
        app_page="https://login.yahoo.com/account/security",
        page="yahoo",
    ),
    _row("GMX", "gmx.net gmx.de gmx.at gmx.ch gmx.eu gmx.info gmx.org", "gmx.net", "imap.gmx.net", "mail.gmx.net", 587,
         note=_GMX_NOTE, page="gmx"),
    _row("GMX", "gmx.com gmx.us gmx.co.uk gmx.fr gmx.es", "gmx.com", "imap.gmx.com", "mail.gmx.com", 587,
         note=_GMX_NOTE, page="gmx"),
    _row("WEB.DE", "web.de email.de", "web.de", "imap.web.de", "smtp.web.de", 587, note=_GMX_NOTE, page="gmx"),
    _row("mail.com", "mail.com email.com usa.com myself.com consultant.com post.com europe.com", "mail.com",
         "imap.mail.com", "smtp.mail.com", 587),
    PROTON,
    _row("mailbox.org", "mailbox.org", "mailbox.org", "imap.mailbox.org", "smtp.mailbox.org"),
    _row("Posteo", "posteo.de posteo.net posteo.eu posteo.org posteo.at posteo.ch posteo.us", "posteo.de",
         "posteo.de", "posteo.de"),
    _row("Zoho", "zoho.eu zohomail.eu", "zoho.eu", "imap.zoho.eu", "smtp.zoho.eu",
         app_page="https://accounts.zoho.eu/home#security/app_password"),
    _row("Zoho", "zoho.com zohomail.com", "zoho.com zohomail.com", "imap.zoho.com", "smtp.zoho.com",
         app_page="https://accounts.zoho.com/home#security/app_password"),
    _row("T-Online", "t-online.de magenta.de", "t-online.de", "secureimap.t-online.de", "securesmtp.t-online.de",
         note="Use the email password made in the customer center, not your account's."),
    _row("freenet", "freenet.de", "freenet.de", "mx.freenet.de", "mx.freenet.de", 587),
    _row("Yandex", "yandex.* ya.ru", "yandex.net yandex.ru", "imap.yandex.com", "smtp.yandex.com",
         app_page="https://id.yandex.com/security/app-passwords"),
    _row("Mail.ru", "mail.ru inbox.ru list.ru bk.ru internet.ru", "mail.ru", "imap.mail.ru", "smtp.mail.ru",
         app_page="https://account.mail.ru/user/2-step-auth/passwords"),
    _row("Orange", "orange.fr wanadoo.fr", "orange.fr", "imap.orange.fr", "smtp.orange.fr"),
    _row("Free", "free.fr", "free.fr", "imap.free.fr", "smtp.free.fr", login="local", smtp_login="local"),
    _row("La Poste", "laposte.net", "laposte.net", "imap.laposte.net", "smtp.laposte.net"),
    _row("SFR", "sfr.fr neuf.fr cegetel.net", "sfr.fr", "imap.sfr.fr", "smtp.sfr.fr"),
    _row("Bluewin", "bluewin.ch", "bluewin.ch", "imaps.bluewin.ch", "smtpauths.bluewin.ch"),
    _row("Libero", "libero.it inwind.it iol.it blu.it", "libero.it", "imapmail.libero.it", "smtp.libero.it"),
    _row("Seznam", "seznam.cz email.cz post.cz", "seznam.cz", "imap.seznam.cz", "smtp.seznam.cz"),
    _row("WP", "wp.pl", "wp.pl", "imap.wp.pl", "smtp.wp.pl", login="local", smtp_login="local"),
    _row("Onet", "onet.pl op.pl onet.eu poczta.onet.pl vp.pl", "onet.pl", "imap.poczta.onet.pl",
         "smtp.poczta.onet.pl"),
    _row("Comcast", "comcast.net", "comcast.net", "imap.comcast.net", "smtp.comcast.net", 587),
    _row("Naver", "naver.com", "naver.com", "imap.naver.com", "smtp.naver.com", login="local", smtp_login="local"),
    _row("QQ Mail", "qq.com foxmail.com", "qq.com", "imap.qq.com", "smtp.qq.com",
         note="Turn IMAP on in the website's settings; the password is the authorization code shown there."),
    _row("Migadu", "", "migadu.com", "imap.migadu.com", "smtp.migadu.com"),
    _row("Purelymail", "purelymail.com", "purelymail.com", "imap.purelymail.com", "smtp.purelymail.com"),
    _row("Runbox", "runbox.com runbox.no", "runbox.com", "mail.runbox.com", "mail.runbox.com"),
    _row("Infomaniak", "ik.me ikmail.com", "infomaniak.ch", "mail.infomaniak.com", "mail.infomaniak.com"),
    _row("Gandi", "", "mail.gandi.net", "mail.gandi.net", "mail.gandi.net"),
    _row("OVH", "", "mail.ovh.net", "ssl0.ovh.net", "ssl0.ovh.net"),
    _row("IONOS", "", "kundenserver.de ionos.de", "imap.ionos.de", "smtp.ionos.de"),
    _row("IONOS", "", "ionos.com perfora.net", "imap.ionos.com", "smtp.ionos.com"),
    _row("STRATO", "", "rzone.de", "imap.strato.de", "smtp.strato.de"),
    _row("Hostinger", "", "hostinger.com", "imap.hostinger.com", "smtp.hostinger.com"),
    _row("Private Email", "", "privateemail.com", "mail.privateemail.com", "mail.privateemail.com"),
    _row("Rackspace", "", "emailsrvr.com", "secure.emailsrvr.com", "secure.emailsrvr.com"),
    _row("Disroot", "disroot.org", "disroot.org", "disroot.org", "disroot.org", login="local", smtp_login="local"),
    _row("Riseup", "riseup.net", "riseup.net", "mail.riseup.net", "mail.riseup.net", login="local",
         smtp_login="local"),
    Provider("Tuta", ("tuta.com", "tuta.io", "tutanota.com", "tutanota.de", "tutamail.com", "keemail.me"),
             ("tutanota.de",), None, None, note="Tuta offers no IMAP, so its mail cannot be read by this program."),
    Provider("HEY", ("hey.com",), ("hey.com",), None, None,
             note="HEY offers no IMAP, so its mail cannot be read by this program."),
)  # fmt: skip


def by_domain(domain: str, providers: Iterable[Provider] = PROVIDERS) -> Provider | None:
    """Return the provider in the table that has addresses in `domain` itself, None if there is none."""
    domain = domain.rstrip(".").casefold()
    return next((one for one in providers if any(_is_at(domain, pattern) for pattern in one.domains)), None)


def by_mx(hosts: Iterable[str], providers: Iterable[Provider] = PROVIDERS) -> Provider | None:
    """Return the provider that these mail exchangers belong to, by the most preferred one; None if none is known."""
    known = tuple(providers)
    for host in hosts:
        name = host.rstrip(".").casefold()
        for one in known:
            if any(name == ending or name.endswith("." + ending) for ending in one.mx):
                return one
    return None


def _is_at(domain: str, pattern: str) -> bool:
    """Return whether `domain` matches `pattern`. "yahoo.*" is any yahoo.TLD and yahoo.co.TLD."""
    if not pattern.endswith(".*"):
        return domain == pattern
    name, _, ending = domain.partition(".")
    parts = ending.split(".")
    return name == pattern[:-2] and bool(ending) and (len(parts) == 1 or (len(parts) == 2 and len(parts[0]) <= 3))  # noqa: PLR2004 - "co.uk", "com.br"


FOLDER: Final = files("assistant.setup") / "public"
FIRST: Final = "Do something at this provider first, usually turn IMAP on or make an app password."


def by_public_domain(domain: str) -> Provider | None:
    """Return the provider the public data has for a domain (lower case, ASCII), None if there is none."""
    return public_providers().get(domain)


@cache
def public_providers() -> Mapping[str, Provider]:
    """Return the provider for every domain in the bundled data. Read once."""
    own = {(one.imap.host, one.imap.port): one for one in PROVIDERS if one.imap}
    content = json.loads((FOLDER / "providers.json").read_text(encoding="utf-8"))
    found: dict[str, Provider] = {}
    for row in content["providers"]:
        provider = _provider(row)
        table = own.get((row["imap"][0], row["imap"][1]))
        # If both know an IMAP server, the table's row wins: it knows more, such as where app passwords are made.
        provider = replace(table, domains=provider.domains) if table is not None else provider
        found |= dict.fromkeys(provider.domains, provider)
    return found


def _provider(row: dict[str, Any]) -> Provider:
    """Return one row as a provider. Its name is its first domain, since the data has no better one."""
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
