"""Sent mail for measurements: deterministic, with the mix of a working life (900 octets of wanted headers each)."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2016, 1, 4, 7, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
GAP = timedelta(minutes=45)
WORDS = (
    "plan",
    "review",
    "notes",
    "lunch",
    "budget",
    "offer",
    "question",
    "draft",
    "thanks",
    "intro",
    "report",
    "visit",
)
NAMES = (
    "Ada",
    "Ben",
    "Chloé",
    "Dmitri",
    "Elena",
    "Farid",
    "Grace",
    "Hanna",
    "Ivo",
    "Jana",
    "Kofi",
    "Lena",
    "Marek",
    "Nadia",
    "Omar",
    "Pilar",
    "Quinn",
    "Rosa",
    "Sven",
    "Tara",
)
TEXT = "A few lines of text, as they are written between two meetings.\r\n" * 12


def sent(count: int, people: int = 2_000, gap: timedelta = GAP) -> Iterator[bytes]:
    """Yield `count` sent messages: 4 recipients on average, half of them with HTML, 1 in 100 an invitation.

    One follows the other after `gap`, give or take 40 minutes.
    """
    chance = random.Random(20_260_302)  # noqa: S311 - the same mailbox each time
    for number in range(count):
        yield _message(chance, number, people, START + gap * number)


def _message(chance: random.Random, number: int, people: int, at: datetime) -> bytes:
    many = chance.choices((1, chance.randint(2, 4), chance.randint(5, 9), chance.randint(10, 30)), (50, 28, 17, 5))[0]
    to = ", ".join(recipient(chance.randrange(people)) for _ in range(many))
    at += timedelta(minutes=chance.randrange(40))
    lines = [
        "Return-Path: <priya@example.com>",
        "Received: from desk.example.com (desk.example.com [192.0.2.7]) by mail.example.com with ESMTPSA id 4Xyz",
        f"Message-ID: <{number}.{chance.getrandbits(64):x}@desk.example.com>",
        f"Date: {at:%a, %d %b %Y %H:%M:%S} +0100",
        "MIME-Version: 1.0",
        "User-Agent: Mozilla Thunderbird",
        "From: Priya Raman <priya@example.com>",
        f"To: {to}",
        f"Subject: {_subject(chance, number)}",
    ]
    if chance.random() < 0.6:
        thread = [f"<{chance.getrandbits(80):x}@mail.example.net>" for _ in range(chance.randint(1, 7))]
        lines += [f"References: {' '.join(thread)}", f"In-Reply-To: {thread[-1]}"]
    kind, body = _body(chance, number, at)
    return ("\r\n".join([*lines, kind]) + "\r\n\r\n" + body).encode()


def recipient(number: int) -> str:
    """Return one of those written to, as a To field names them."""
    first, last = NAMES[number % len(NAMES)], NAMES[number // len(NAMES) % len(NAMES)] + str(number)
    host = f"firm{number % 97}.example"
    address = f"{first}.{last}@{host}".lower().replace("é", "e")
    if number % 5 == 0:
        return address
    if number % 11 == 0:
        encoded = f"{first}_{last}".replace("é", "=C3=A9")
        return f"=?utf-8?q?{encoded}?= <{address}>"
    return f'"{last}, {first}" <{address}>' if number % 7 == 0 else f"{first} {last} <{address}>".replace("é", "e")


def _subject(chance: random.Random, number: int) -> str:
    words = " ".join(chance.choices(WORDS, k=5))
    return f"=?utf-8?b?R3LDvMOfZQ==?= {words}" if number % 13 == 0 else f"Re: {words}"


def _body(chance: random.Random, number: int, at: datetime) -> tuple[str, str]:
    if number % 2:
        return "Content-Type: text/plain; charset=utf-8", TEXT
    parts = f"--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{TEXT}\r\n"
    parts += f"--b1\r\nContent-Type: text/html\r\n\r\n<p>{TEXT}"
    if number % 100 == 0:
        at += timedelta(days=chance.randrange(20))
        parts += (
            "\r\n--b1\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\n"
            f"METHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:{number}@desk.example.com\r\nSEQUENCE:0\r\n"
            f"DTSTART:{at:%Y%m%dT%H%M%SZ}\r\nDTEND:{at + timedelta(hours=1):%Y%m%dT%H%M%SZ}\r\n"
            f"ORGANIZER:mailto:priya@example.com\r\nATTENDEE:mailto:guest{number % 20}@example.org\r\n"
            "SUMMARY:Coffee\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    return 'Content-Type: multipart/alternative; boundary="b1"', parts + "\r\n--b1--\r\n"
