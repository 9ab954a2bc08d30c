"""The table in docs/how-contact-is-inferred.md, asked of the whole program by real files and the command line."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.black_box import CEST, Box, mail, moment, rfc_date

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

START = moment("2024-03-01T09:00").astimezone(CEST)


@dataclass(frozen=True)
class Case:
    """One message and the rows it must give: "address field weight reason", `*` for any reason."""

    name: str
    want: tuple[str, ...]
    given: dict[str, Any]
    flags: str = "S"


def people(prefix: str, number: int) -> list[str]:
    return [f"{prefix}{'abcdefghijklmnop'[at]}@firm.example" for at in range(number)]


def case(name: str, *want: str, flags: str = "S", **given: Any) -> Case:
    return Case(name, want, given, flags)


def rows(addresses: list[str], rest: str) -> list[str]:
    return [f"{one} {rest}" for one in addresses]


def joined(addresses: list[str]) -> str:
    return ", ".join(addresses)


ROLE_WORDS = [
    "abuse",
    "accounts",
    "admin",
    "alerts",
    "billing",
    "bounce",
    "bounces",
    "careers",
    "contact",
    "feedback",
    "hello",
    "help",
    "hr",
    "info",
    "invoice",
    "invoices",
    "jobs",
    "mailer-daemon",
    "marketing",
    "media",
    "news",
    "newsletter",
    "notification",
    "notifications",
    "office",
    "orders",
    "postmaster",
    "press",
    "receipts",
    "sales",
    "security",
    "subscribe",
    "support",
    "team",
    "unsubscribe",
    "webmaster",
]
ROLES = [f"{word}@role.example" for word in ROLE_WORDS] + [
    "info2@role.example",
    "support+case77@role.example",
    "Sales@Role2.example",
    "jobs2026@role.example",
    "reply+abc123@thread.example",
    "noreply@a.example",
    "no-reply@a.example",
    "no.reply@a.example",
    "no_reply@a.example",
    "donotreply@a.example",
    "do-not-reply@a.example",
    "do.not.reply@a.example",
    "do_not_reply@a.example",
    "shop-noreply@a.example",
    "noreply-shop@a.example",
    "x77@noreply.a.example",
    "x77@no-reply.a.example",
    "x77@mail.donotreply.a.example",
]
NOT_ROLES = [
    "information@a.example",
    "infosec@a.example",
    "hello.kitty@a.example",
    "teammate@a.example",
    "newsome@a.example",
    "presston@a.example",
    "reply@a.example",
    "helpdeskjim@a.example",
    "officer@a.example",
    "12345+anaroe@users.noreply.forge.example",
    "jane-info@a.example",
]
LISTS = [
    "dev@lists.x.example",
    "dev@list.x.example",
    "dev@listserv.x.example",
    "dev@mailman.x.example",
    "climbing@googlegroups.com",
    "climbing@groups.io",
    "all-staff@x.example",
    "everyone@x.example",
    "dev-request@x.example",
    "dev-announce@x.example",
    "noreply@lists.x.example",
]

SENDERS = [
    case("draft", "ana@d1.example to 0 draft", to="ana@d1.example", flags="DS"),
    case("draft-list", "ana@d2.example to 0 draft", to="ana@d2.example", flags="DS", more="List-Id: <a.b.example>"),
    case("stranger", "ana@d3.example to 0 not-owner", to="ana@d3.example", sender="Mallory <m@evil.example>"),
    case("no-from", "ana@d4.example to 0 not-owner", to="ana@d4.example", sender=None),
    case("tagged", "ana@d5.example to 1 one-to-one", to="ana@d5.example", sender="Jo <jo+lists@harbour.example>"),
    case("googlemail", "ana@d6.example to 1 one-to-one", to="ana@d6.example", sender="joharbour@googlemail.com"),
    case("upper", "ana@d7.example to 1 one-to-one", to="ana@d7.example", sender="JO@Harbour.EXAMPLE"),
    case("two-from", "ana@d8.example to 1 one-to-one", to="ana@d8.example", sender="x@y.example, jo@harbour.example"),
    case(
        "name-is-address",
        "ana@d9.example to 0 not-owner",
        to="ana@d9.example",
        sender='"jo@harbour.example" <mallory@evil.example>',
    ),
    case(
        "bare-name-is-address",
        "ana@d10.example to 0 not-owner",
        to="ana@d10.example",
        sender="jo@harbour.example <mallory@evil.example>",
    ),
    case(
        "comment-is-address",
        "ana@d11.example to 0 not-owner",
        to="ana@d11.example",
        sender="mallory@evil.example (jo@harbour.example)",
    ),
    case("deleted", "ana@d12.example to 1 one-to-one", to="ana@d12.example", flags="ST"),
    case("unseen", "ana@d13.example to 1 one-to-one", to="ana@d13.example", flags=""),
    case("subdomain", "ana@d14.example to 0 not-owner", to="ana@d14.example", sender="jo@mail.harbour.example"),
]

RESENT = [
    case(
        "resent",
        "ana@r1.example resent-to 0.25 resent",
        sender="Bea <bea@r1.example>",
        to="jo@harbour.example",
        more="Resent-From: Jo <jo@harbour.example>\nResent-To: Ana <ana@r1.example>\n"
        "Resent-Date: Mon, 05 May 2025 10:00:00 +0200\nResent-Message-ID: <resent-1@bb.example>",
    ),
    case(
        "resent-cc",
        "ana@r2.example resent-to 0.25 resent",
        "cid@r2.example resent-cc 0.25 resent",
        sender="bea@r2.example",
        to="dan@r2.example",
        more="Resent-From: jo@harbour.example\nResent-To: ana@r2.example\nResent-Cc: cid@r2.example\n"
        "Resent-Date: Tue, 06 May 2025 10:00:00 +0200",
    ),
    case(
        "resent-ten",
        *rows(people("rten", 11), "resent-to 0.25 resent"),
        sender="bea@r3.example",
        to="jo@harbour.example",
        more=f"Resent-From: jo@harbour.example\nResent-To: {joined(people('rten', 11))}\n"
        "Resent-Date: Tue, 06 May 2025 11:00:00 +0200",
    ),
    case(
        "resent-list",
        "dev@lists.r4.example resent-to 0 list",
        "info@r4.example resent-to 0 role-address",
        sender="bea@r4.example",
        to="jo@harbour.example",
        more="Resent-From: jo@harbour.example\nResent-To: dev@lists.r4.example, info@r4.example\n"
        "Resent-Date: Tue, 06 May 2025 11:00:00 +0200",
    ),
    case(
        "resent-by-other",
        "ana@r5.example resent-to 0 not-owner",
        to="cy@r5.example",
        more="Resent-From: bea@r5.example\nResent-To: ana@r5.example\nResent-Date: Tue, 06 May 2025 11:00:00 +0200",
    ),
    case(
        "resent-newsletter",
        "ana@r6.example resent-to 0 list",
        sender="news@r6.example",
        to="jo@harbour.example",
        more="Resent-From: jo@harbour.example\nResent-To: ana@r6.example\nList-Id: <news.r6.example>\n"
        "Resent-Date: Tue, 06 May 2025 12:00:00 +0200",
    ),
]

AUTOMATIC = [
    *(
        case(f"auto-{at}", f"ana@a{at}.example to 0 automatic", to=f"ana@a{at}.example", **given)
        for at, given in enumerate(
            [
                {"more": "Auto-Submitted: auto-replied"},
                {"more": 'auto-submitted: auto-generated; owner-email="jo@harbour.example"'},
                {"more": "Auto-Submitted: auto-notified"},
                {"more": "Auto-Submitted: (oh no) auto-replied"},
                {"more": "X-Autoreply: yes"},
                {"more": "X-Autorespond: Re: your mail"},
                {"more": "Precedence: auto_reply"},
                {"kind": 'multipart/report; report-type=disposition-notification; boundary="x"', "body": "--x--\n"},
                {"kind": "Multipart/Report; boundary=x; report-type=delivery-status", "body": "--x--\n"},
                {"more": "Auto-Submitted: auto-replied\nList-Id: <a.b.example>"},
                {"more": "Auto-Submitted: auto-replied\nIn-Reply-To: <q@q.example>"},
            ]
        )
    ),
    case("auto-no", "ana@h1.example to 1 one-to-one", to="ana@h1.example", more="Auto-Submitted: no"),
    case("auto-No", "ana@h2.example to 1 one-to-one", to="ana@h2.example", more="Auto-Submitted: No (by hand)"),
    case(
        "suppress", "ana@h3.example to 1 one-to-one", to="ana@h3.example", more="X-Auto-Response-Suppress: DR, OOF, All"
    ),
    *(
        case(f"subject-{at}", f"ana@hs{at}.example to 1 *", to=f"ana@hs{at}.example", subject=subject)
        for at, subject in enumerate(
            [
                "Automatic reply: out of office",
                "Abwesenheitsnotiz",
                "Réponse automatique : absence",
                "Respuesta automática: fuera",
                "自動返信: 不在です",
                "Автоматический ответ",
                "رد تلقائي",
                "Read: your mail",
                "Newsletter of May",
            ]
        )
    ),
]

BULK = [
    *(
        case(f"bulk-{at}", f"ana@b{at}.example to 0 list", to=f"ana@b{at}.example", more=more)
        for at, more in enumerate(
            [
                "List-Id: Friends <friends.b.example>",
                "List-Unsubscribe: <mailto:off@b.example>",
                "Precedence: bulk",
                "Precedence: LIST",
                "precedence: junk",
                "List-Post: <mailto:friends@b9.example>",
                "List-Unsubscribe: <https://b.example/off>\nIn-Reply-To: <q2@q.example>",
            ]
        )
    ),
    case("first-class", "ana@bf.example to 1 one-to-one", to="ana@bf.example", more="Precedence: first-class"),
]

OWN = [
    case("to-self", to="jo@harbour.example"),
    case("to-self-tag", to="jo+todo@harbour.example, Jo.Har.Bour@googlemail.com"),
    case("self-and-one", "ana@o1.example to 1 one-to-one", to="ana@o1.example, jo@harbour.example"),
    case(
        "four-and-selves",
        *rows(people("ofour", 4), "to 1 small-group"),
        to=joined([*people("ofour", 4), "jo@harbour.example"]),
        cc="jo.harbour@gmail.com",
        bcc="jo+x@harbour.example",
    ),
    case(
        "nine-and-self",
        *rows(people("onine", 9), "to 0.5 group"),
        to=joined([*people("onine", 9), "jo@harbour.example"]),
    ),
]

TO_LISTS = [
    *(case(f"tolist-{at}", f"{one} to 0 list", to=one) for at, one in enumerate(LISTS)),
    case(
        "list-and-one",
        "dev@lists.l1.example to 0 list",
        "ana@l1.example to 0.5 *",
        to="ana@l1.example, dev@lists.l1.example",
    ),
    case(
        "cc-list",
        "dev@lists.l2.example cc 0 list",
        "ana@l2.example to 0.5 *",
        to="ana@l2.example",
        cc="dev@lists.l2.example",
    ),
    case(
        "reply-and-list",
        "dev@lists.l3.example cc 0 list",
        "ana@l3.example to 0.5 *",
        to="ana@l3.example",
        cc="dev@lists.l3.example",
        more="In-Reply-To: <q3@q.example>",
    ),
    case(
        "list-many",
        *rows(people("lmany", 9), "to 0 broadcast"),
        "dev@lists.l4.example to 0 list",
        to=joined([*people("lmany", 9), "dev@lists.l4.example"]),
    ),
    case(
        "list-cc-many",
        *rows(people("lcc", 5), "cc 0.25 *"),
        "dev@lists.l5.example to 0 list",
        to="dev@lists.l5.example",
        cc=joined(people("lcc", 5)),
    ),
    case("before-learned", "chess@club.example to 0 list", to="chess@club.example"),
    case("before-learned-id", "go@club2.example to 0 list", to="go@club2.example"),
    case(
        "before-learned-cc",
        "go@club2.example cc 0 list",
        "ana@l6.example to 0.5 *",
        to="ana@l6.example",
        cc="GO@Club2.example",
    ),
    case("teaches", "ana@l7.example to 0 list", to="ana@l7.example", more="List-Post: <mailto:chess@club.example>"),
    case(
        "teaches-id",
        "ana@l8.example to 0 list",
        to="ana@l8.example",
        more='List-Id: "Go, the game"\n\t<go.club2.example>',
    ),
]

TO_ROLES = [
    *(case(f"role-{at}", f"{one.lower()} to 0 role-address", to=one) for at, one in enumerate(ROLES)),
    *(case(f"notrole-{at}", f"{one} to 1 one-to-one", to=one) for at, one in enumerate(NOT_ROLES)),
    case(
        "role-and-one",
        "info@p1.example to 0 role-address",
        "ana@p1.example to 1 small-group",
        to="ana@p1.example, info@p1.example",
    ),
    case(
        "role-among-ten",
        "info@p2.example cc 0 role-address",
        *rows(people("pten", 9), "to 0 broadcast"),
        to=joined(people("pten", 9)),
        cc="info@p2.example",
    ),
]

NUMBERS = [
    case("to-1", "ana@n1.example to 1 one-to-one", to="ana@n1.example"),
    case("to-2", *rows(people("ntwo", 2), "to 1 small-group"), to=joined(people("ntwo", 2))),
    case("to-4", *rows(people("nfour", 4), "to 1 small-group"), to=joined(people("nfour", 4))),
    case("to-5", *rows(people("nfive", 5), "to 0.5 group"), to=joined(people("nfive", 5))),
    case("to-9", *rows(people("nnine", 9), "to 0.5 group"), to=joined(people("nnine", 9))),
    case("to-10", *rows(people("nten", 10), "to 0 broadcast"), to=joined(people("nten", 10))),
    case(
        "to-5-reply",
        *rows(people("nrep", 5), "to 0.5 group"),
        to=joined(people("nrep", 5)),
        more="In-Reply-To: <q4@q.example>",
    ),
    case(
        "mixed-10",
        *rows(people("nmt", 4), "to 0 broadcast"),
        *rows(people("nmc", 5), "cc 0 broadcast"),
        "ana@n2.example bcc 0 broadcast",
        to=joined(people("nmt", 4)),
        cc=joined(people("nmc", 5)),
        bcc="ana@n2.example",
    ),
    case(
        "same-ten-times",
        *rows(people("nsame", 4), "to 1 small-group"),
        to=joined(
            [one.replace("@", f"+{tag}@") if tag else one for one in people("nsame", 4) for tag in ("", "a", "b")]
        ),
    ),
    case(
        "cc-4",
        *rows(people("ncf", 3), "to 1 small-group"),
        "ana@n3.example cc 0.5 cc",
        to=joined(people("ncf", 3)),
        cc="ana@n3.example",
    ),
    case("cc-only", "ana@n4.example cc 0.5 cc", cc="ana@n4.example"),
    case(
        "cc-5",
        *rows(people("ncg", 4), "to 0.5 group"),
        "ana@n5.example cc 0.25 cc",
        to=joined(people("ncg", 4)),
        cc="ana@n5.example",
    ),
    case(
        "one-and-nine-cc",
        "ana@n6.example to 0 broadcast",
        *rows(people("ncn", 9), "cc 0 broadcast"),
        to="ana@n6.example",
        cc=joined(people("ncn", 9)),
    ),
    case("bcc-1", "ana@n7.example bcc 0.5 bcc", to="jo@harbour.example", bcc="ana@n7.example"),
    case("bcc-alone", "ana@n8.example bcc 0.5 bcc", bcc="ana@n8.example"),
    case(
        "bcc-4",
        *rows(people("nbf", 3), "to 1 small-group"),
        "ana@n9.example bcc 0.5 bcc",
        to=joined(people("nbf", 3)),
        bcc="ana@n9.example",
    ),
    case(
        "bcc-5",
        *rows(people("nbg", 4), "to 0.5 group"),
        "ana@n10.example bcc 0 *",
        to=joined(people("nbg", 4)),
        bcc="ana@n10.example",
    ),
    case(
        "bcc-2",
        "ana@n11.example to 1 small-group",
        "ben@n11.example bcc 0 bcc-many",
        "cid@n11.example bcc 0 bcc-many",
        to="ana@n11.example",
        bcc="ben@n11.example, cid@n11.example",
    ),
    case("undisclosed", "ana@n12.example bcc 0 bcc-many", to="undisclosed-recipients:;", bcc="ana@n12.example"),
    case("undisclosed-alone", to="undisclosed-recipients:;"),
    case("bcc-self-and-one", "ana@n13.example to 1 one-to-one", to="ana@n13.example", bcc="jo@harbour.example"),
    case(
        "in-two-fields",
        "ana@n14.example to 1 small-group",
        "ben@n14.example cc 0.5 cc",
        to="ana@n14.example",
        cc="ANA@n14.example, ben@n14.example",
        bcc="ben@n14.example",
    ),
    case(
        "in-cc-and-bcc",
        "ana@n15.example to 1 small-group",
        "ben@n15.example cc 0.5 cc",
        to="ana@n15.example",
        cc="ben@n15.example",
        bcc="ben@n15.example",
    ),
    case(
        "reply",
        "ana@n16.example to 1 reply",
        to="ana@n16.example",
        subject="Re: plans",
        more="In-Reply-To: <q5@q.example>\nReferences: <q5@q.example>",
    ),
    case(
        "reply-four",
        *rows(people("nrf", 4), "to 1 reply"),
        to=joined(people("nrf", 4)),
        subject="AW: plans",
        more="In-Reply-To: <q6@q.example>",
    ),
    *(
        case(
            f"forward-{at}",
            f"ana@nf{at}.example to 1 forward",
            to=f"ana@nf{at}.example",
            subject=subject,
            body="See below.\n\n---------- Forwarded message ---------\nFrom: <bob@q.example>\nTo: eve@q.example\n",
        )
        for at, subject in enumerate(
            [
                "Fwd: plan",
                "FW: plan",
                "WG: Plan",
                "TR: plan",
                "RV: plan",
                "Fwd: Re: plan",
                "転送: plan",
                "Пересл: план",
                "ENC: plan",
            ]
        )
    ),
]

NAMED = "Ana Roe"
HEADERS = [
    case("h-latin1", "jorg@e1.example to 1 one-to-one", to="J\udcf6rg <jorg@e1.example>"),
    case("h-utf8", "jorg@e2.example to 1 one-to-one", to="Jörg Müller <jorg@e2.example>"),
    case("h-charset", "jorg@e3.example to 1 one-to-one", to="=?x-nobody-knows?Q?J=F6rg?= <jorg@e3.example>"),
    case("h-base64", "jorg@e4.example to 1 one-to-one", to="=?utf-8?B?SsO2cmc?= <jorg@e4.example>"),
    case(
        "h-word-comma",
        "jane@e5.example to 1 one-to-one",
        to="=?utf-8?Q?Doe,_Jane_<evil@e5.example>?= <jane@e5.example>",
    ),
    case(
        "h-word-address", "jane@e6.example to 1 one-to-one", to="=?utf-8?B?ZXZpbEBlNi5leGFtcGxlLCB4?= <jane@e6.example>"
    ),
    case(
        "h-group",
        "ana@e7.example to 1 small-group",
        "ben@e7.example to 1 small-group",
        to="Friends: Ana <ana@e7.example>, ben@e7.example;",
    ),
    case("h-empty-group", "ana@e8.example to 1 one-to-one", to="Nobody:;, ana@e8.example"),
    case(
        "h-group-more",
        "ana@e9.example to 1 small-group",
        "ben@e9.example to 1 small-group",
        to="A: ana@e9.example; , B: ben@e9.example;",
    ),
    case("h-comment", "ana@e10.example to 1 one-to-one", to="ana@e10.example (Ana Roe)"),
    case("h-comment-first", "ana@e11.example to 1 one-to-one", to="(hidden, bob@evil.example) ana@e11.example"),
    case("h-nested", "ana@e12.example to 1 one-to-one", to="Ana (of (bob@evil.example) course) <ana@e12.example>"),
    case("h-comma", "jane@e13.example to 1 one-to-one", to="Doe, Jane <jane@e13.example>"),
    case(
        "h-commas",
        "jane@e14.example to 1 small-group",
        "rolf@e14.example to 1 small-group",
        to="Doe, Jane, PhD <jane@e14.example>, Stein, Rolf <rolf@e14.example>",
    ),
    case(
        "h-semicolon",
        "ana@e15.example to 1 small-group",
        "ben@e15.example to 1 small-group",
        to="Ana Roe <ana@e15.example>; Ben Li <ben@e15.example>",
    ),
    case(
        "h-semicolon-end",
        "ana@e16.example to 1 small-group",
        "ben@e16.example to 1 small-group",
        to="ana@e16.example;ben@e16.example;",
    ),
    case("h-semicolon-quoted", "ana@e17.example to 1 one-to-one", to='"Roe; Ana" <ana@e17.example>'),
    case("h-idn", "ana@xn--bcher-kva.example to 1 one-to-one", to="ana@bücher.example"),
    case("h-puny", "ana@xn--bcher-kva.example to 1 one-to-one", to="ana@XN--bcher-kva.example"),
    case(
        "h-idn-both",
        "ben@xn--bcher-kva.example to 1 one-to-one",
        to="ben@bücher.example",
        cc="ben@xn--bcher-kva.example",
    ),
    case("h-smtputf8", "jörg@e18.example to 1 one-to-one", to="Jörg <jörg@e18.example>"),
    case("h-route", "ana@e19.example to 1 one-to-one", to="Ana <@relay.example,@b.example:ana@e19.example>"),
    case(
        "h-two-to",
        "ana@e20.example to 1 small-group",
        "ben@e20.example to 1 small-group",
        to="ana@e20.example",
        more="To: ben@e20.example",
    ),
    case("h-localhost", "ana@e21.example to 1 one-to-one", to="root@localhost, ana@e21.example, me@mac.local, nobody"),
    case("h-no-close", "ana@e22.example to 1 one-to-one", to="Ana <ana@e22.example"),
    case("h-double", "ana@e23.example to 1 one-to-one", to="<<ana@e23.example>>"),
    case("h-outlook", "ana@e24.example to 1 one-to-one", to="\"'ana@e24.example'\" <ana@e24.example>"),
    case("h-apos", "ana@e25.example to 1 one-to-one", to="'Ana Roe' <ana@e25.example>"),
    case(
        "h-folded",
        "ana@e26.example to 1 small-group",
        "ben@e26.example to 1 small-group",
        to="Ana\n\t<ana@e26.example>,\n Ben <ben@e26.example>",
    ),
    case("h-lower", "ana@e27.example to 1 one-to-one", to=None, more="to: Ana <ana@e27.example>"),
    case("h-name-address", "ana@e28.example to 1 one-to-one", to='"bob@evil.example" <ana@e28.example>'),
    case("h-bare-name-address", "ana@e29.example to 1 one-to-one", to="bob@evil.example <ana@e29.example>"),
    case("h-x500", "ana@e30.example to 1 one-to-one", to="/O=FIRM/OU=EXCHANGE/CN=RECIPIENTS/CN=BOB, ana@e30.example"),
    case("h-cjk", "tanaka@e31.example to 1 one-to-one", to="=?ISO-2022-JP?B?GyRCRURDZhsoQg==?= <tanaka@e31.example>"),
    case(
        "h-koi8",
        "ivan@e32.example to 1 one-to-one",
        to="=?koi8-r?B?6dfBziDw?= =?koi8-r?B?xdTSz9c=?= <ivan@e32.example>",
    ),
    case("h-arabic", "layla@e33.example to 1 one-to-one", to="ليلى حداد <layla@e33.example>"),
    case(
        "h-quoted-pair",
        "ana@e34.example to 1 one-to-one",
        to='"Ana \\"the, comma\\" <bob@evil.example>" <ana@e34.example>',
    ),
    case("h-empty", to=""),
    case("h-commas-only", to=", , ,"),
    case("h-nul", "ana@e35.example to 1 one-to-one", to="Ana \0 Roe <ana@e35.example>"),
    case("h-open-quote", "ana@e36.example to 1 one-to-one", to='"Ana Roe <ana@e36.example>'),
    case("h-tag", "ana@e37.example to 1 one-to-one", to="ana+work@e37.example"),
    case("h-gmail", "anaroe@gmail.com to 1 one-to-one", to="Ana.Roe+x@googlemail.com"),
    case("h-mailto", "ana@e38.example to 1 one-to-one", to="<mailto:ana@e38.example>"),
    case("h-blank-in-host", to="ana@exa mple.example"),
    case("h-unseen", "ana@e44.example to 1 one-to-one", to="Ana <ana\u200b@e44.example>"),
    case("h-smtp", "ana@e45.example to 1 one-to-one", to='"SMTP:ana@e45.example" <smtp:ana@e45.example>'),
    case("h-mailto-subject", "ana@e46.example to 1 one-to-one", to="<mailto:ana@e46.example?subject=Hi>"),
    case(
        "h-blanks-between",
        "ana@e47.example to 1 small-group",
        "ben@e47.example to 1 small-group",
        to="ana@e47.example ben@e47.example",
    ),
    case("h-no-brackets", "ana@e48.example to 1 one-to-one", to="Ana Roe ana@e48.example"),
    case("h-raw-at", to="Mara Qui\udc8dmara.quist@e39.example>"),
    case("h-raw-at-latin", to="Mara Qui\udce9mara.quist@e40.example>"),
    case("h-raw-host", "ben@e41.example to 1 one-to-one", to="ana@m\udcfcller.example, ben@e41.example"),
    case(
        "h-raw-elsewhere", "jörg@e42.example to 1 one-to-one", to="Jörg <jörg@e42.example>", subject="Gr\udcfc\udcdfe"
    ),
    case("h-word-whole", "ana@e43.example to 1 one-to-one", to="=?utf-8?Q?bob@evil.example?= <ana@e43.example>"),
]

CASES = [*SENDERS, *RESENT, *AUTOMATIC, *BULK, *OWN, *TO_LISTS, *TO_ROLES, *NUMBERS, *HEADERS]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Message-ID to the rows its message got: all cases in one Maildir, one scan."""
    box = Box(tmp_path_factory.mktemp("table"))
    for at, one in enumerate(CASES):
        when = START + timedelta(hours=7 * at)
        given = {"date": rfc_date(when), "subject": f"About {one.name}", **one.given}
        box.put(mail(f"{one.name}@bb.example", **given), mtime=when, flags=one.flags)
    box.json("scan")
    found: dict[str, list[str]] = {}
    for row in box.lines("contacts", "--all"):
        assert row["verdict"] == {0: "none", 1: "full"}.get(row["weight"], "soft"), row
        found.setdefault(row["message_id"], []).append(said(row))
    return found


def said(row: dict[str, Any]) -> str:
    return f"{row['address']} {row['field']} {row['weight']:g} {row['reason']}"


def same(want: tuple[str, ...] | list[str], got: list[str]) -> bool:
    """Compare two rows; the reason `*` equals any."""
    free = {one[:-1] for one in want if one.endswith("*")}
    return sorted(want) == sorted(
        f"{one.rsplit(' ', 1)[0]} *" if f"{one.rsplit(' ', 1)[0]} " in free else one for one in got
    )


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_each_row_of_the_table_and_each_clause_of_its_small_print(one: Case, table: dict[str, list[str]]) -> None:
    got = table.get(f"<{one.name}@bb.example>") or table.get(f"{one.name}@bb.example") or []
    assert same(one.want, got), (one.want, sorted(got))


@dataclass(frozen=True)
class Dated:
    """A message's Date field (and more), its file's time, and the date it must get (None: unknown)."""

    name: str
    date: str | None
    mtime: str
    want: str | None
    more: str = ""


DATES = [
    Dated("plain", "Tue, 03 Jun 2025 10:00:00 +0200", "2025-06-03T08:00", "2025-06-03T08:00+00:00"),
    Dated("offset", "Tue, 03 Jun 2025 10:00:00 +0900", "2025-06-03T01:00", "2025-06-03T01:00+00:00"),
    Dated("comment", "Tue, 3 Jun 2025 10:00:00 +0200 (CEST)", "2025-06-03T08:00", "2025-06-03T08:00+00:00"),
    Dated("no-zone", "Tue, 03 Jun 2025 10:00:00", "2025-06-03T08:00", "2025-06-03T10:00+00:00"),
    Dated("minus-zero", "Tue, 03 Jun 2025 10:00:00 -0000", "2025-06-03T08:00", "2025-06-03T10:00+00:00"),
    Dated("est", "3 Jun 2025 10:00 EST", "2025-06-03T15:00", "2025-06-03T15:00+00:00"),
    Dated("short-year", "Fri, 4 Jun 99 10:00:00 +0000", "1999-06-04T10:00", "1999-06-04T10:00+00:00"),
    Dated("wrong-weekday", "Mon, 03 Jun 2025 10:00:00 +0000", "2025-06-03T10:00", "2025-06-03T10:00+00:00"),
    Dated("folded", "Tue, 03 Jun 2025\n 10:00:00 +0000", "2025-06-03T10:00", "2025-06-03T10:00+00:00"),
    Dated("lower", "tue, 03 jun 2025 10:00:00 +0000", "2025-06-03T10:00", "2025-06-03T10:00+00:00"),
    Dated("none", None, "2025-06-03T11:00", "2025-06-03T11:00+00:00"),
    Dated("garbage", "yesterday, I think", "2025-06-03T12:00", "2025-06-03T12:00+00:00"),
    Dated("day-32", "Tue, 32 Jun 2025 10:00:00 +0000", "2025-06-03T12:30", "2025-06-03T12:30+00:00"),
    Dated("hour-25", "Tue, 03 Jun 2025 25:61:00 +0000", "2025-06-03T12:40", "2025-06-03T12:40+00:00"),
    Dated("1970", "Thu, 01 Jan 1970 00:00:00 +0000", "2025-06-03T13:00", "2025-06-03T13:00+00:00"),
    Dated("1989", "Sun, 31 Dec 1989 23:59:59 +0000", "2025-06-03T13:30", "2025-06-03T13:30+00:00"),
    Dated("1990", "Mon, 01 Jan 1990 00:00:01 +0000", "2025-06-03T13:40", "1990-01-01T00:00:01+00:00"),
    Dated("2040", "Sun, 01 Jan 2040 00:00:00 +0000", "2025-06-03T14:00", "2025-06-03T14:00+00:00"),
    Dated("47-ahead", "Thu, 05 Jun 2025 14:00:00 +0000", "2025-06-03T15:00", "2025-06-05T14:00+00:00"),
    Dated("49-ahead", "Thu, 05 Jun 2025 16:00:01 +0000", "2025-06-03T15:00", "2025-06-03T15:00+00:00"),
    Dated("imported", "Tue, 03 Jun 2014 10:00:00 +0000", "2025-06-03T15:00", "2014-06-03T10:00+00:00"),
    Dated("mtime-1971", "Tue, 03 Jun 2025 10:10:00 +0000", "1971-06-03T15:00", "2025-06-03T10:10+00:00"),
    Dated("both-bad", "no date", "1971-06-03T15:00", None),
    Dated("both-future", "Sun, 01 Jan 2040 00:00:00 +0000", "2039-01-01T00:00", None),
    Dated("mtime-future", "Tue, 03 Jun 2025 10:20:00 +0000", "2039-01-01T00:00", "2025-06-03T10:20+00:00"),
    Dated("23-on", "Wed, 11 Mar 2026 10:00:00 +0000", "2026-03-10T10:00", "2026-03-11T10:00+00:00"),
    Dated("25-on", "Wed, 11 Mar 2026 12:00:00 +0000", "2026-03-10T10:00", "2026-03-10T10:00+00:00"),
    Dated(
        "two-dates",
        "Tue, 03 Jun 2025 10:30:00 +0000",
        "2025-06-03T10:30",
        "2025-06-03T10:30+00:00",
        more="Date: Mon, 02 Jun 2025 10:30:00 +0000",
    ),
    Dated(
        "received",
        "Tue, 03 Jun 2025 10:40:00 +0000",
        "2025-06-09T10:30",
        "2025-06-03T10:40+00:00",
        more="Received: from a by b; Mon, 09 Jun 2025 10:30:00 +0000",
    ),
]


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    box = Box(tmp_path_factory.mktemp("dated"))
    for at, one in enumerate(DATES):
        raw = mail(f"{one.name}@bb.example", to=f"p{at}@t.example", date=one.date, subject=one.name, more=one.more)
        box.put(raw, mtime=moment(one.mtime))
    box.json("scan")
    return {row["message_id"].strip("<>").split("@")[0]: row for row in box.lines("contacts", "--all")}


@pytest.mark.parametrize("one", DATES, ids=lambda one: one.name)
def test_each_clause_of_dates(one: Dated, dated: dict[str, dict[str, Any]]) -> None:
    got = dated[one.name]["sent_at"]
    if one.want is None:
        assert got is None
    else:
        assert moment(got) == moment(one.want), got


def test_the_offset_written_is_kept(dated: dict[str, dict[str, Any]]) -> None:
    assert moment(dated["offset"]["sent_at"]).utcoffset() == timedelta(hours=9)


@dataclass
class Post:
    """Writes messages into a folder, each with its own time."""

    box: Box

    def send(self, name: str, when: str | datetime, *, folder: str = ".Sent", flags: str = "S", **given: Any) -> None:
        """One message; `name` is its Message-ID's left part."""
        at = moment(when) if isinstance(when, str) else when
        raw = mail(f"{name}@bb.example", **{"subject": f"About {name}", "date": rfc_date(at), **given})
        self.box.put(raw, mtime=at, folder=folder, flags=flags)


COPIES: dict[str, tuple[str, ...]] = {
    # Message-ID: the rows of all its copies
    "twice": ("ana@c1.example to 0 duplicate", "ana@c1.example to 1 one-to-one"),
    "archived": ("ana@c2.example to 0 duplicate", "ana@c2.example to 1 one-to-one"),
    "other-people": ("ana@c3.example to 1 one-to-one", "ben@c3.example to 0 duplicate"),
    "earlier-in-archive": ("ana@c4.example to 1 one-to-one", "ben@c4.example to 0 duplicate"),
    "draft-then-sent": ("ana@c5.example to 0 draft", "ana@c5.example to 1 one-to-one"),
    "stranger-first": ("ana@c6.example to 0 not-owner", "ana@c6.example to 1 one-to-one"),
    "resent-later": ("ana@c7.example to 1 one-to-one", "ben@c7.example resent-to 0.25 resent"),
    "dup-and-auto": ("ana@c8.example to 0 automatic", "ana@c8.example to 0 duplicate"),
}


def _copies(post: Post) -> None:
    post.send("twice", "2025-02-01T10:00", to="ana@c1.example")
    post.send("twice", "2025-02-01T10:00", to="ana@c1.example")
    post.send("archived", "2025-02-02T10:00", to="ana@c2.example")
    post.send("archived", "2025-02-02T10:00", to="ana@c2.example", folder="Old", flags="RS")
    post.send("other-people", "2025-02-04T10:00", to="ben@c3.example")
    post.send("other-people", "2025-02-03T10:00", to="ana@c3.example")
    post.send("earlier-in-archive", "2025-02-06T10:00", to="ben@c4.example")
    post.send("earlier-in-archive", "2025-02-05T10:00", to="ana@c4.example", folder="Old")
    post.send("draft-then-sent", "2025-02-07T10:00", to="ana@c5.example", flags="DS")
    post.send("draft-then-sent", "2025-02-07T11:00", to="ana@c5.example")
    post.send("stranger-first", "2025-02-08T10:00", to="ana@c6.example", sender="bob@c6.example")
    post.send("stranger-first", "2025-02-08T11:00", to="ana@c6.example")
    post.send("resent-later", "2025-02-09T10:00", to="ana@c7.example")
    post.send(
        "resent-later",
        "2025-02-09T10:00",
        to="ana@c7.example",
        more="Resent-From: jo@harbour.example\nResent-To: ben@c7.example\nResent-Date: Mon, 10 Feb 2025 10:00:00 +0000",
    )
    post.send("dup-and-auto", "2025-02-11T10:00", to="ana@c8.example", more="Auto-Submitted: auto-replied")
    post.send("dup-and-auto", "2025-02-11T12:00", to="ana@c8.example", more="Auto-Submitted: auto-replied")


MERGES = {
    # prefix: (how many, hours apart, settings, the verdict of all)
    "mfive": (5, 0.5, {}, "to 1 one-to-one"),
    "msix": (6, 0.5, {}, "to 0.25 merge"),
    "msixday": (6, 4.79, {}, "to 0.25 merge"),
    "msixslow": (6, 4.9, {}, "to 1 one-to-one"),
    "mtenweek": (10, 16, {}, "to 1 one-to-one"),
    "melevenweek": (11, 16.7, {}, "to 0.25 merge"),
    "melevenslow": (11, 17, {}, "to 1 one-to-one"),
    "mreplies": (7, 0.5, {"more": "In-Reply-To: <asked@q.example>"}, "to 1 reply"),
    "mcc": (7, 0.5, {"cc": "boss@mcc.example"}, "to 1 small-group"),
    "mownercc": (7, 0.5, {"cc": "jo@harbour.example"}, "to 0.25 merge"),
    "mforward": (7, 0.5, {"subject": "Fwd: the slides"}, "to 0.25 merge"),
    "mdrafts": (7, 0.5, {"flags": "DS"}, "to 0 draft"),
}
SUBJECTS = ("Happy  New Year", "happy new year", "HAPPY NEW\n\tYEAR", " Happy new year ", "=?utf-8?q?Happy_New_Year?=")


def _merges(post: Post) -> None:
    for at, (prefix, (number, hours, given, _)) in enumerate(MERGES.items()):
        for one in range(number):
            when = moment("2024-01-01T00:00") + timedelta(days=14 * at, hours=hours * one)
            post.send(
                f"{prefix}{one}",
                when,
                to=f"{'abcdefghijklmn'[one]}@{prefix}.example",
                **{"subject": f"To all {prefix}", **given},
            )
    for at, subject in enumerate([*SUBJECTS, SUBJECTS[0]]):
        post.send(
            f"folded{at}",
            moment("2023-01-01T00:00") + timedelta(hours=at),
            to=f"{'abcdef'[at]}@folded.example",
            subject=subject,
        )
    for at, extra in enumerate((0, 0, 0, 0, 0, 2000)):
        post.send(
            f"sizes{at}",
            moment("2023-02-01T00:00") + timedelta(hours=at),
            to=f"{'abcdef'[at]}@sizes.example",
            subject="Sizes",
            body="x" * (1000 + extra),
        )
    for at in range(7):
        to = "abc@samepeople.example" if at else "xyz@samepeople.example"
        post.send(f"samepeople{at}", moment("2023-03-01T00:00") + timedelta(hours=at), to=to, subject="Same people")
    for at in range(6):
        post.send(
            f"thread{at}",
            moment("2023-04-01T00:00") + timedelta(hours=at),
            to=f"{'abcdef'[at]}@thread.example",
            subject="Threads",
        )
    post.send(
        "thread-answer",
        "2023-04-05T00:00",
        to="a@thread.example",
        subject="Re: Threads",
        more="In-Reply-To: <hers@thread.example>\nReferences: <thread0@bb.example> <hers@thread.example>",
    )
    for at, size in enumerate((1000, 1000, 1000, 1000, 1000, 1080)):
        post.send(
            f"near{at}",
            moment("2023-05-01T00:00") + timedelta(hours=at),
            to=f"{'abcdef'[at]}@near.example",
            subject="Near",
            body="x" * size,
        )


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Message-ID's left part to its rows; copies in two folders, mail merges."""
    box = Box(tmp_path_factory.mktemp("sets"), archives=("Old",))
    _copies(Post(box))
    _merges(Post(box))
    box.json("scan")
    found: dict[str, list[str]] = {}
    for row in box.lines("contacts", "--all"):
        found.setdefault(row["message_id"].strip("<>").split("@")[0], []).append(said(row))
    return found


@pytest.mark.parametrize("name", COPIES)
def test_one_message_id_counts_once(name: str, sets: dict[str, list[str]]) -> None:
    assert sorted(sets[name]) == sorted(COPIES[name])


@pytest.mark.parametrize("name", MERGES)
def test_the_bounds_of_a_mail_merge(name: str, sets: dict[str, list[str]]) -> None:
    number, _, _, want = MERGES[name]
    got = [row for one in range(number) for row in sets[f"{name}{one}"] if not row.startswith("boss@")]
    assert got == [f"{'abcdefghijklmn'[one]}@{name}.example {want}" for one in range(number)]


def test_subjects_of_a_merge_are_folded(sets: dict[str, list[str]]) -> None:
    assert {row.split(" ", 1)[1] for at in range(6) for row in sets[f"folded{at}"]} == {"to 0.25 merge"}


def test_sizes_of_a_merge_are_within_a_tenth(sets: dict[str, list[str]]) -> None:
    assert {row.split(" ", 1)[1] for at in range(6) for row in sets[f"sizes{at}"]} == {"to 1 one-to-one"}
    assert {row.split(" ", 1)[1] for at in range(6) for row in sets[f"near{at}"]} == {"to 0.25 merge"}


def test_a_merge_is_to_different_people(sets: dict[str, list[str]]) -> None:
    assert {row.split(" ", 1)[1] for at in range(7) for row in sets[f"samepeople{at}"]} == {"to 1 one-to-one"}


def test_an_answer_in_the_thread_of_a_merge_is_contact(sets: dict[str, list[str]]) -> None:
    assert sets["thread0"] == ["a@thread.example to 0.25 merge"]
    assert sets["thread-answer"] == ["a@thread.example to 1 reply"]


def test_who_was_not_seen_is_not_seen_since_and_soft_contact_is_told(tmp_path: Path) -> None:
    box = Box(tmp_path, since=48)
    post = Post(box)
    post.send("old", "2020-01-05T10:00", to="Jane Roe <jane@acme.example>")
    post.send("copied", "2026-02-05T10:00", to="Kim Low <kim@acme.example>", cc="Cy Po <cy@acme.example>")
    box.json(
        "do",
        "add Jane Roe <jane@acme.example> as mentor",
        "add Cy Po <cy@acme.example> as mentor",
        'add Al Ly <al@acme.example> as ally, for "the audit", until 12 March 2026',
        "met Al on 1 March",
    )
    box.json("scan")
    everybody = {one["handle"]: one for one in box.json("people")}
    assert (everybody["jane-roe"]["last_contact"], everybody["jane-roe"]["last_soft"]) == (None, None)
    assert everybody["cy-po"]["last_contact"] is None
    assert everybody["cy-po"]["last_soft"]["reason"] == "cc"
    assert everybody["al-ly"]["last_contact"]["kind"] == "met"
    assert everybody["al-ly"]["last_contact"]["message_id"] is None
    assert "no mail or meeting seen since March 2022" in box.text("people")
    assert "No mail or meeting seen since March 2022" in box.text("show", "jane")
    box.json("digest", "--preview", "--out", str(tmp_path / "out"))
    text = " ".join((tmp_path / "out" / "digest.txt").read_text(encoding="utf-8").split())
    assert "o mail or meeting seen since March 2022" in text
    assert "“the audit” ends on" in text
    assert "never-seen" not in text
    assert "goal-" not in text


def test_a_sent_folder_that_is_suddenly_empty_is_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    box = Box(tmp_path)
    Post(box).send("one", "2026-02-05T10:00", to="ana@acme.example")
    box.json("scan")
    (path,) = (tmp_path / "mail" / ".Sent" / "cur").iterdir()
    path.rename(tmp_path / "aside")
    assert "suddenly empty" in box.text("scan", code=1)
    assert len(box.lines("contacts", "--all")) == 1
    (tmp_path / "aside").rename(path)
    assert box.json("scan")["new"] == 0


def test_lists_learned_later_roles_on_the_roster_and_corrections(tmp_path: Path) -> None:
    box = Box(tmp_path)
    post = Post(box)
    post.send("early", "2025-01-01T10:00", to="chess@club.example, ana@club.example")
    post.send("desk", "2025-01-02T10:00", to="support@tiny.example")
    post.send("wrong", "2025-01-03T10:00", to="ana@club.example")
    first = box.json("scan")
    assert (first["new"], first["full"], first["none"]) == (3, 3, {"role-address": 1})
    post.send("teaches", "2025-01-04T10:00", to="x@else.example", more="List-Post: <mailto:Chess@Club.example>")
    box.json("do", "add Tiny Desk <support@tiny.example> as mentor", "add Ana Roe <ana@club.example> as ally")
    box.json("scan")
    got = {(row["message_id"].strip("<>").split("@")[0], row["address"]): row for row in box.lines("contacts", "--all")}
    assert got["early", "chess@club.example"]["reason"] == "list"
    assert got["early", "ana@club.example"]["weight"] == 0.5
    assert (got["desk", "support@tiny.example"]["weight"], got["desk", "support@tiny.example"]["person"]) == (
        1,
        "tiny-desk",
    )
    people_now = {one["handle"]: one for one in box.json("people")}
    assert people_now["ana-roe"]["last_contact"]["at"].startswith("2025-01-03")
    assert moment(people_now["tiny-desk"]["last_contact"]["at"]) == moment("2025-01-02T10:00")
    short = re.search(r"alone.*\[([a-z0-9]{8})\]", box.text("show", "ana").splitlines()[1])
    assert short
    assert short.group(1) in json.dumps(box.json("show", "ana"))
    box.json("do", f"not contact {short.group(1)}")
    again = {one["handle"]: one for one in box.json("people")}["ana-roe"]
    assert again["last_contact"] is None or not again["last_contact"]["at"].startswith("2025-01-03")
    before = again["last_contact"]
    box.json("scan", "--recheck")
    assert {one["handle"]: one for one in box.json("people")}["ana-roe"]["last_contact"] == before
