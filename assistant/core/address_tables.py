"""Tables about addresses: role words, and the hosts of free mail."""

from __future__ import annotations

ROLE_WORDS = frozenset(
    (
        "abuse", "accounts", "admin", "alerts", "billing", "bounce", "bounces", "careers", "contact", "feedback",
        "hello", "help", "hr", "info", "invoice", "invoices", "jobs", "mailer-daemon", "marketing", "media", "news",
        "newsletter", "notification", "notifications", "office", "orders", "postmaster", "press", "receipts", "sales",
        "security", "subscribe", "support", "team", "unsubscribe", "webmaster",
    )
)  # fmt: skip
"""Local parts that name a desk or a machine (row 8)."""

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
"""Providers of mailboxes for everybody: who shares one shares no employer."""

FREE_BRANDS = frozenset(("aol", "gmx", "googlemail", "hotmail", "live", "outlook", "yahoo", "yandex", "ymail"))
"""The same, which have a domain in each country."""
