"""What else lies in a Sent folder and is no contact, or only half of one: groups, lists, machines, merges, forwards."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assistant.demo.letters import Letter, Party
    from assistant.demo.pen import Pen

_LIST = ("Payments engineers", "payments-eng@lists.openledger.example")


def groups(pen: Pen) -> Iterator[Letter]:
    """Yield mails to five to eight people of the company, the roster's among them, and to twelve or more."""
    inside = [f.party(0) for f in pen.cast.friends if f.role and f.address.endswith("northwind.example")]
    for _ in range(150):
        people = pen.chance.sample(pen.cast.colleagues, pen.chance.randrange(4, 6)) + pen.chance.sample(inside, 2)
        yield _plain(
            pen,
            pen.chance.uniform(3, 725),
            people,
            pen.chance.choice(pen.cast.texts["group_subjects"]),
            pen.cast.line("group"),
        )
    for _ in range(40):
        people = [*pen.chance.sample(pen.cast.colleagues, 14), *inside]
        yield _plain(pen, pen.chance.uniform(3, 725), people, "All hands: payments corner", pen.cast.line("group"))
    for _ in range(50):
        to, cc = [pen.chance.choice(pen.cast.colleagues)], [pen.chance.choice(inside)]
        text = pen.cast.line("decision")
        yield _plain(pen, pen.chance.uniform(3, 725), to, "For the record: decision on the queue", text).copy(
            cc=tuple(cc)
        )


def lists(pen: Pen) -> Iterator[Letter]:
    """Yield posts to a mailing list, and a newsletter of the owner's own with the marks of one."""
    for number in range(110):
        subject = pen.chance.choice(pen.cast.texts["list_subjects"])
        letter = _plain(
            pen, pen.chance.uniform(1, 725), [_LIST], f"Re: {subject}" if number % 3 else subject, pen.cast.line("list")
        )
        yield letter
    for month in range(22):
        to = [("Payments news", "payments-news@northwind.example")]
        letter = _plain(pen, 15 + month * 31, to, f"Payments news, issue {24 - month}", pen.cast.line("group"))
        yield letter.copy(
            extra=(("List-Unsubscribe", "<mailto:payments-news-leave@northwind.example>"), ("Precedence", "bulk"))
        )


def machines(pen: Pen) -> Iterator[Letter]:
    """Yield what programs sent in the owner's name: absence notes and read receipts."""
    for holiday in (38, 210, 402, 577):
        for _ in range(9):
            party = pen.chance.choice(pen.cast.colleagues + pen.cast.partners)
            text = pen.cast.line("away")
            letter = _plain(pen, holiday - pen.chance.uniform(0, 6), [party], "Automatic reply: away", text)
            yield letter.copy(extra=(("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")))


def merges(pen: Pen) -> Iterator[Letter]:
    """Yield three invitations that went to many, one by one; advisors are among them."""
    friends = [pen.cast.friend(name) for name in ("Ruth", "Margaret", "Oliver")]
    for number, days in enumerate((41, 255, 470)):
        start = pen.moment(days)
        people = [f.party(days) for f in friends] + list(pen.cast.partners) + list(pen.cast.colleagues[:5])
        for minute, party in enumerate(people):
            text = pen.cast.line("merge").format(name=party[0].split()[0])
            letter = _plain(pen, days, [party], pen.cast.texts["merge_subjects"][number], text)
            yield letter.copy(at=start + timedelta(minutes=minute // 2, seconds=7 * minute))


def rest(pen: Pen) -> Iterator[Letter]:
    """Yield notes to self, mail to role addresses, forwards, redirected and blind copies."""
    for _ in range(70):
        text = pen.cast.line("self")
        yield _plain(
            pen,
            pen.chance.uniform(1, 725),
            [pen.cast.private],
            pen.chance.choice(pen.cast.texts["self_subjects"]),
            text,
        )
    for _ in range(90):
        to = pen.chance.choice(pen.cast.roles)
        text = (
            "Could you have a look at this? I need an answer by the end of the week. The number stands in the subject."
        )
        yield _plain(pen, pen.chance.uniform(1, 725), [to], pen.chance.choice(pen.cast.texts["role_subjects"]), text)
    for _ in range(80):
        party = pen.chance.choice(pen.cast.colleagues)
        text = pen.cast.line("forward")
        letter = _plain(
            pen, pen.chance.uniform(1, 725), [party], pen.chance.choice(pen.cast.texts["forward_subjects"]), ""
        )
        yield letter.copy(body=text)
    for _ in range(8):
        yield _resent(pen, pen.chance.uniform(10, 700))
    for _ in range(14):
        text = pen.cast.line("blind")
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
