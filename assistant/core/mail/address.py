"""The normal form of an address, and what an address alone tells: a role, a list, free mail, a company.

The rules come from docs/how-contact-is-inferred.md. Two spellings of one mailbox have the same normal form. Something
that isn't an address (`localhost`, `.local`, blanks) has none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tldextract import TLDExtract

# Local parts that name a desk or a machine (row 8).
ROLE_WORDS = frozenset(
    (
        "abuse", "accounts", "admin", "alerts", "billing", "bounce", "bounces", "careers", "contact", "feedback",
        "hello", "help", "hr", "info", "invoice", "invoices", "jobs", "mailer-daemon", "marketing", "media", "news",
        "newsletter", "notification", "notifications", "office", "orders", "postmaster", "press", "receipts", "sales",
        "security", "subscribe", "support", "team", "unsubscribe", "webmaster",
    )
)  # fmt: skip

# Providers that anybody can have a mailbox at: two people who share one don't share an employer.
FREE_MAIL = frozenset(
    (
        "126.com", "163.com", "abv.bg", "alice.de", "alice.it", "aol.com", "arcor.de", "att.net", "bellsouth.net",
        "bigpond.com", "bk.ru", "bluewin.ch", "blueyonder.co.uk", "bol.com.br", "btinternet.com", "centrum.cz",
        "charter.net", "citromail.hu", "comcast.net", "cox.net", "daum.net", "disroot.org", "docomo.ne.jp", "duck.com",
        "earthlink.net", "email.com", "ezweb.ne.jp", "fastmail.com", "fastmail.fm", "free.fr", "freemail.hu",
        "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "hanmail.net", "hey.com",
        "hispeed.ch", "home.nl", "hotmail.co.uk", "hotmail.com", "hotmail.com.br", "hotmail.de", "hotmail.es",
        "hotmail.fr", "hotmail.it", "hushmail.com", "i.ua", "icloud.com", "ig.com.br", "inbox.ru", "interia.pl",
        "iol.pt", "kabelmail.de", "kpnmail.nl", "laposte.net", "libero.it", "list.ru", "live.co.uk", "live.com",
        "live.de", "live.fr", "live.nl", "mac.com", "mail.bg", "mail.com", "mail.de", "mail.ru", "mailbox.org",
        "me.com", "mozmail.com", "msn.com", "naver.com", "neuf.fr", "nifty.com", "ntlworld.com", "o2.pl", "onet.pl",
        "online.de", "online.no", "optusnet.com.au", "orange.fr", "otenet.gr", "outlook.com", "outlook.de",
        "outlook.fr", "planet.nl", "pm.me", "posteo.de", "privaterelay.appleid.com", "proton.me", "protonmail.ch",
        "protonmail.com", "qq.com", "rambler.ru", "rediffmail.com", "relay.firefox.com", "riseup.net", "rocketmail.com",
        "rogers.com", "runbox.com", "sapo.pt", "sbcglobal.net", "seznam.cz", "sfr.fr", "shaw.ca", "simplelogin.com",
        "sina.com", "sky.com", "skynet.be", "softbank.ne.jp", "sohu.com", "startmail.com", "sympatico.ca",
        "t-online.de", "talktalk.net", "telefonica.net", "telenet.be", "telia.com", "terra.com.br", "terra.es",
        "tin.it", "tiscali.it", "tuta.com", "tuta.io", "tutanota.com", "ukr.net", "uol.com.br", "usa.net",
        "users.noreply.github.com", "verizon.net", "virgilio.it", "virginmedia.com", "vodafone.de", "walla.co.il",
        "wanadoo.fr", "web.de", "wp.pl", "xs4all.nl", "xtra.co.nz", "ya.ru", "yahoo.ca", "yahoo.co.in", "yahoo.co.jp",
        "yahoo.co.uk", "yahoo.com", "yahoo.com.au", "yahoo.com.br", "yahoo.com.mx", "yahoo.de", "yahoo.es", "yahoo.fr",
        "yahoo.it", "yandex.com", "yandex.ru", "ymail.com", "ziggo.nl", "zoho.com",
    )
)  # fmt: skip

# Free mail too, but with a domain of its own in each country.
FREE_BRANDS = frozenset(("aol", "gmx", "googlemail", "hotmail", "live", "outlook", "yahoo", "yandex", "ymail"))


LIST_LOCALS = frozenset({"all-staff", "everyone"})
LIST_LABELS = frozenset({"lists", "list", "listserv", "mailman"})
LIST_HOSTS = ("googlegroups.com", "groups.io")
NOREPLY = re.compile(r"no[._-]?reply|do[._-]?not[._-]?reply")
ROLE = re.compile(rf"(?:{'|'.join(sorted(map(re.escape, ROLE_WORDS), key=len, reverse=True))})(?=$|[0-9+])")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")
_LITERAL = re.compile(r"\[[0-9a-z:.]+\]")
# U+FFFD is what header.to_text makes of a bad byte: an address with one was never written by anybody.
_LOCAL_NOT = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ufffd\"(),:;<>@\[\]\\]")
_ENCAPSULATED = re.compile(r"imcea[a-z0-9]*-")
_OPEN_TAG = re.compile(r"(?:reply|bounce|bounces)(?=\+)")
# Invisible characters that come along when somebody copies an address from a page or a mail program.
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_AROUND = " " + "".join(map(chr, (*range(32), 127)))
_DOT_SPACE = re.compile(r"\s*([.@])\s*")


@lru_cache(maxsize=65_536)
def normal_address(text: str) -> str | None:
    """Return the normal form of one address (without name or brackets), or None if it isn't an address.

    It is in lower case, without a `+tag`, with an international host in its ASCII form (RFC 5891). googlemail becomes
    gmail, and gmail's dots go.
    """
    local, host = _parts(text)
    if not local or not host:
        return None
    if host == "googlemail.com":
        host = "gmail.com"
    # GitHub writes 1234+name@users.noreply.github.com: there the name follows the plus.
    if "+" in local and not host.startswith("users.noreply.") and not _keeps_plus(local):
        local = local.partition("+")[0] or local
    # Only Gmail ignores dots. At other providers j.doe and jdoe may be two people.
    if host == "gmail.com":
        local = local.replace(".", "") or local
    return f"{local}@{host}"


def _parts(text: str) -> tuple[str, str]:
    """Return local part and host in lower case; the one that isn't valid is empty."""
    local, at, host = _bare(text).rpartition("@")
    if not at:
        return "", ""
    if len(local) > 1 and local[0] == local[-1] == '"':
        local = re.sub(r"\\(.)", r"\1", local[1:-1])
    local, host = local.lower(), _host(host)
    if _LOCAL_NOT.search(local):
        return "", ""
    return local, host


def _bare(text: str) -> str:
    if not text.isascii():
        text = _UNSEEN.sub("", text)
    text = _DOT_SPACE.sub(r"\1", text.strip(_AROUND))
    # People paste addresses with their scheme: mailto:ana@x.example?subject=Hi, SMTP:ana@x.example.
    scheme = text[:7].lower()
    if scheme == "mailto:":
        text = text[7:].partition("?")[0]
    elif scheme.startswith("smtp:"):
        text = text[5:]
    return text.strip("<>'` \t")


def _host(host: str) -> str:
    host = host.strip().rstrip(".").lower()
    if not host.isascii():
        host = _ascii_host(host)
    if _LITERAL.fullmatch(host):
        return host
    if not _HOST.fullmatch(host) or host == "localhost" or host.endswith((".local", ".localhost")) or host == "local":
        return ""
    # MISSING_DOMAIN, .SYNTAX-ERROR.: placeholders for a host that the program which stored the mail couldn't read.
    return "" if host.startswith(("missing_", "missing-", "syntax-error", ".")) else host


def _ascii_host(host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError, IndexError, ValueError):
        return ""


def _keeps_plus(local: str) -> bool:
    """Return whether the text after a `+` says whose the address is, so it isn't a tag."""
    head = local.partition("+")[0]
    # Relays, lists and bounce addresses (VERP, SRS, BATV) put another address into the local part, as user=host or
    # user%host; Exchange encodes a whole one, with +20 for a space (IMCEAEX-_O=…). Cutting at the plus would merge
    # the addresses of different people.
    holds_another = "=" in local or "%" in local or _ENCAPSULATED.match(local)
    return bool(holds_another or _OPEN_TAG.match(local) or ROLE.match(local) or NOREPLY.search(head))


@lru_cache(maxsize=65_536)
def is_role_address(address: str) -> bool:
    """Return whether a normal address looks like a desk's or a machine's (row 8). The roster outranks this."""
    local, _, host = address.partition("@")
    # These belong to a person who hides their own address.
    if host.startswith("users.noreply."):
        return False
    if NOREPLY.search(local) or any(NOREPLY.fullmatch(label) for label in host.split(".")):
        return True
    return bool(ROLE.match(local)) or local.startswith("reply+")


@lru_cache(maxsize=65_536)
def looks_like_list(address: str) -> bool:
    """Return whether a normal address looks like a mailing list's (row 7)."""
    local, _, host = address.partition("@")
    if host.partition(".")[0] in LIST_LABELS and "." in host:
        return True
    if any(host == known or host.endswith("." + known) for known in LIST_HOSTS):
        return True
    return local in LIST_LOCALS or local.endswith(("-request", "-announce"))


@lru_cache(maxsize=16_384)
def registered_domain(host: str) -> str:
    """Return the domain that somebody registered: `corp.co.uk` for `mail.corp.co.uk`.

    It is found in the suffix list that tldextract brings, without the network.
    """
    found = _extractor()(host)
    if found.domain and found.suffix:
        return f"{found.domain}.{found.suffix}"
    # The suffix list's rule for an unknown top-level domain: its last label is the suffix.
    return host if host.startswith("[") else ".".join(host.split(".")[-2:])


def public_suffix(host: str) -> str:
    """Return the ending under which a host's domain is registered ("com", "co.uk"), "" for an unknown one."""
    return _extractor()(host).suffix


@lru_cache(maxsize=1)
def _extractor() -> TLDExtract:
    from tldextract import TLDExtract

    # Without URLs and a cache it neither downloads a list nor writes one to disk: core does no I/O.
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def company_of(address: str) -> str | None:
    """Return the registered domain of a normal address, which tells its employer; None for free mail."""
    host = address.rpartition("@")[2]
    domain = registered_domain(host)
    free = domain in FREE_MAIL or host in FREE_MAIL or domain.partition(".")[0] in FREE_BRANDS
    return None if free or host.startswith("users.noreply.") else domain
