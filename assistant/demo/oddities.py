"""What else lies in a Sent folder and is no contact, or only half of one: groups, lists, machines, merges, forwards."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from assistant.demo.letters import Letter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assistant.demo.letters import Party
    from assistant.demo.pen import Pen

_LIST = ("Payments engineers", "payments-eng@lists.openledger.example")
_LIST_SUBJECTS = (
    "[payments-eng] Rounding in multi-currency refunds", "[payments-eng] Who tests for partial captures?",
    "[payments-eng] Minutes of the webhook working group", "[payments-eng] Idempotency keys: how long do you keep them?",
    "[payments-eng] Clock skew and settlement dates",
)  # fmt: skip
_GROUP_SUBJECTS = (
    "Payments: what changed this week", "Architecture review: notes", "Release train leaves on Thursday",
    "Incident drill: who sits where", "Open questions for the steering group",
)  # fmt: skip
_SELF = (
    "Note to self: slides",
    "Ideas for the talk",
    "Receipts from the trip",
    "Numbers for the review",
    "Reading list",
)
_ROLE_SUBJECTS = (
    "Contract 4471: a question",
    "Re: your ticket 88213",
    "Invoice for March",
    "Room for twelve in May",
    "Badge does not open the lab",
)
_FORWARDS = (
    "Fwd: Maintenance window on Sunday",
    "Fwd: settlement file late again",
    "Fwd: new fee schedule",
    "Fwd: please reset the test account",
)
_MERGE = "Payments open house: will you come?"
_GROUP_TEXT = "Short summary for everybody: the queue migration is one country further, the sandbox has its first partner, and the audit page is ready. Details stand on the wiki, questions go to me."
_LIST_TEXT = "We keep ours for ninety days and have never needed the eighty-ninth. What hurt us was the same key with another amount; we answer with an error now, and two partners found bugs of their own that way."


def groups(pen: Pen) -> Iterator[Letter]:
    """Yield mails to five to eight people of the company, the roster's among them, and to twelve or more."""
    inside = [f.party(0) for f in pen.cast.friends if f.role and f.address.endswith("northwind.example")]
    for _ in range(150):
        people = pen.chance.sample(pen.cast.colleagues, pen.chance.randrange(4, 6)) + pen.chance.sample(inside, 2)
        yield _plain(pen, pen.chance.uniform(3, 725), people, pen.chance.choice(_GROUP_SUBJECTS), _GROUP_TEXT)
    for _ in range(40):
        people = [*pen.chance.sample(pen.cast.colleagues, 14), *inside]
        yield _plain(pen, pen.chance.uniform(3, 725), people, "All hands: payments corner", _GROUP_TEXT)
    for _ in range(50):
        to, cc = [pen.chance.choice(pen.cast.colleagues)], [pen.chance.choice(inside)]
        text = "The decision is in the document; the reasons are below it. Copying in those who asked to be told."
        yield _plain(pen, pen.chance.uniform(3, 725), to, "For the record: decision on the queue", text).copy(
            cc=tuple(cc)
        )


def lists(pen: Pen) -> Iterator[Letter]:
    """Yield posts to a mailing list, and a newsletter of the owner's own with the marks of one."""
    for number in range(110):
        subject = pen.chance.choice(_LIST_SUBJECTS)
        letter = _plain(
            pen, pen.chance.uniform(1, 725), [_LIST], f"Re: {subject}" if number % 3 else subject, _LIST_TEXT
        )
        yield letter
    for month in range(22):
        to = [("Payments news", "payments-news@northwind.example")]
        letter = _plain(pen, 15 + month * 31, to, f"Payments news, issue {24 - month}", _GROUP_TEXT)
        yield letter.copy(
            extra=(("List-Unsubscribe", "<mailto:payments-news-leave@northwind.example>"), ("Precedence", "bulk"))
        )


def machines(pen: Pen) -> Iterator[Letter]:
    """Yield what programs sent in the owner's name: absence notes and read receipts."""
    for holiday in (38, 210, 402, 577):
        for _ in range(9):
            party = pen.chance.choice(pen.cast.colleagues + pen.cast.partners)
            text = "I am away until Monday week and read no mail. In urgent cases please write to the team."
            letter = _plain(pen, holiday - pen.chance.uniform(0, 6), [party], "Automatic reply: away", text)
            yield letter.copy(extra=(("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")))


def merges(pen: Pen) -> Iterator[Letter]:
    """Yield three invitations that went to many, one by one; advisors are among them."""
    friends = [pen.cast.friend(name) for name in ("Ruth", "Margaret", "Oliver")]
    for number, days in enumerate((41, 255, 470)):
        start = pen.moment(days)
        people = [f.party(days) for f in friends] + list(pen.cast.partners) + list(pen.cast.colleagues[:5])
        for minute, party in enumerate(people):
            text = f"On the last Thursday of the month we open our doors for an evening about payments. There will be three short talks and a long buffet. Would you like to come, {party[0].split()[0]}? A word is enough."
            letter = _plain(pen, days, [party], f"{_MERGE} ({number + 1})", text)
            yield letter.copy(at=start + timedelta(minutes=minute // 2, seconds=7 * minute))


def rest(pen: Pen) -> Iterator[Letter]:
    """Yield notes to self, mail to role addresses, forwards, redirected and blind copies."""
    for _ in range(70):
        text = "Do not forget: the graph of November, the sentence about silence, and water."
        yield _plain(pen, pen.chance.uniform(1, 725), [pen.cast.private], pen.chance.choice(_SELF), text)
    for _ in range(90):
        to = pen.chance.choice(pen.cast.roles)
        text = (
            "Could you have a look at this? I need an answer by the end of the week. The number stands in the subject."
        )
        yield _plain(pen, pen.chance.uniform(1, 725), [to], pen.chance.choice(_ROLE_SUBJECTS), text)
    for _ in range(80):
        party = pen.chance.choice(pen.cast.colleagues)
        text = "For your information, this concerns you more than me.\n\n---------- Forwarded message ---------\nFrom: Tessa Morgan <tmorgan@cardinal-acquiring.example>\nSubject: as above\n\nPlease find the new times below. We apologise for the short notice."
        letter = _plain(pen, pen.chance.uniform(1, 725), [party], pen.chance.choice(_FORWARDS), "")
        yield letter.copy(body=text + "\n")
    for _ in range(8):
        yield _resent(pen, pen.chance.uniform(10, 700))
    for _ in range(14):
        text = "I copy you in silently, since you asked how this went. No answer needed."
        letter = _plain(
            pen, pen.chance.uniform(10, 700), [pen.chance.choice(pen.cast.partners)], "Settlement dates in May", text
        )
        yield letter.copy(bcc=(pen.chance.choice(pen.cast.colleagues),))


def _resent(pen: Pen, days: float) -> Letter:
    """Return somebody's message that the owner redirected to a colleague (RFC 5322 3.6.6)."""
    sender = pen.chance.choice(pen.cast.partners)
    to = pen.chance.choice(pen.cast.colleagues)
    letter = _plain(
        pen, days, [pen.cast.owner], "Question on the settlement file", "Which of the two files is the final one?"
    )
    name, address = pen.cast.owner
    resent = (
        ("Resent-Date", format_datetime(letter.at + timedelta(minutes=40))),
        ("Resent-From", f"{name} <{address}>"),
        ("Resent-To", to[1]),
        ("Resent-Message-ID", f"<{pen.id()}>"),
    )
    return letter.copy(sender=sender, extra=resent)


def _plain(pen: Pen, days: float, to: list[Party], subject: str, text: str) -> Letter:
    """Return a letter with the usual greeting and close."""
    at: datetime = pen.moment(days)
    greeting = f"Hi {to[0][0].split()[0]}," if len(to) == 1 and to[0][0] else "Hello all,"
    return pen.letter(at, to, (subject, pen.body(greeting, [text], "Best,")))
