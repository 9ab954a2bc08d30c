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
        "126.com", "163.com", "alice.it", "aol.com", "arcor.de", "att.net", "bellsouth.net", "bigpond.com", "bk.ru",
        "bluewin.ch", "blueyonder.co.uk", "bol.com.br", "btinternet.com", "charter.net", "comcast.net", "cox.net",
        "daum.net", "duck.com", "earthlink.net", "email.com", "fastmail.com", "fastmail.fm", "free.fr", "freenet.de",
        "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "hanmail.net", "hey.com", "home.nl",
        "hotmail.co.uk", "hotmail.com", "hotmail.com.br", "hotmail.de", "hotmail.es", "hotmail.fr", "hotmail.it",
        "icloud.com", "inbox.ru", "interia.pl", "kpnmail.nl", "laposte.net", "libero.it", "list.ru", "live.co.uk",
        "live.com", "live.de", "live.fr", "live.nl", "mac.com", "mail.com", "mail.de", "mail.ru", "mailbox.org",
        "me.com", "msn.com", "naver.com", "neuf.fr", "ntlworld.com", "o2.pl", "onet.pl", "online.de", "optusnet.com.au",
        "orange.fr", "outlook.com", "outlook.de", "outlook.fr", "planet.nl", "pm.me", "posteo.de", "proton.me",
        "protonmail.ch", "protonmail.com", "qq.com", "rambler.ru", "rediffmail.com", "rocketmail.com", "rogers.com",
        "runbox.com", "sbcglobal.net", "seznam.cz", "sfr.fr", "shaw.ca", "sina.com", "sky.com", "skynet.be", "sohu.com",
        "sympatico.ca", "t-online.de", "talktalk.net", "telenet.be", "terra.com.br", "tin.it", "tiscali.it", "tuta.com",
        "tuta.io", "tutanota.com", "ukr.net", "uol.com.br", "users.noreply.github.com", "verizon.net", "virgilio.it",
        "virginmedia.com", "wanadoo.fr", "web.de", "wp.pl", "xtra.co.nz", "yahoo.ca", "yahoo.co.in", "yahoo.co.jp",
        "yahoo.co.uk", "yahoo.com", "yahoo.com.au", "yahoo.com.br", "yahoo.com.mx", "yahoo.de", "yahoo.es", "yahoo.fr",
        "yahoo.it", "yandex.com", "yandex.ru", "ymail.com", "ziggo.nl", "zoho.com",
    )
)  # fmt: skip
"""Providers of mailboxes for everybody: who shares one shares no employer."""
