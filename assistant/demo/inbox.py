"""The made-up INBOX: answers, a list, newsletters, invitations, a bounce. Nothing in it is a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.demo.invitations import coming_meetings, request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.demo.letter_style import LetterWriter
    from assistant.demo.letters import Letter, Party

_LIST_MARKS = (
    ("List-Id", "Payments engineers <payments-eng.lists.openledger.example>"),
    ("List-Post", "<mailto:payments-eng@lists.openledger.example>"),
    ("Precedence", "list"),
)
_NEWS = (
    ("List-Unsubscribe", "<mailto:leave@morningbytes.example>"),
    ("List-Id", "Morning Bytes <news.morningbytes.example>"),
)
_MOST = 150


def incoming(writer: LetterWriter, sent: list[Letter]) -> Iterator[Letter]:
    """Yield what was received: the other side of the newest threads in `sent`, and the rest of an INBOX."""
    answered = [letter for letter in sent if letter.answers and letter.calendar is None][-_MOST:]
    for letter in answered:
        yield _received(writer, letter)
    for number in range(20):
        yield _mail(
            writer,
            2 + 3 * number,
            ("Grace Mwangi", "grace.mwangi@openledger.example"),
            "[payments-eng] Settlement dates",
            _LIST_MARKS,
        )
    for number in range(16):
        yield _mail(
            writer,
            3 + 7 * number,
            ("Morning Bytes", "news@morningbytes.example"),
            f"Five things to read, week {50 - number}",
            _NEWS,
        )
    for meeting, days in coming_meetings(writer):
        yield request(writer, meeting, writer.moment(days + 0.5), meeting.organiser)
    yield _bounce(writer)
    for friend in writer.cast.friends:
        if friend.wrote is not None:
            newest = max((one for one in sent if one.to == (friend.party(0),)), key=lambda one: one.at)
            yield _answer(writer, newest, friend.wrote)


def _answer(writer: LetterWriter, letter: Letter, days: int) -> Letter:
    """Return an answer to one of the owner's letters, which waits for the owner."""
    return letter.copy(
        at=writer.moment(days),
        sender=letter.to[0],
        to=(letter.sender,),
        body=writer.body("Hallo Priya,", ["gern. Passt dir der Donnerstag, zu zweit?"], "Jonas"),
        id=writer.id(letter.to[0][1].rpartition("@")[2]),
        answers=letter.id,
        references=(*letter.references, letter.id)[-10:],
    )


def _received(writer: LetterWriter, letter: Letter) -> Letter:
    """Return the message that `letter` answers, rebuilt from what it quotes."""
    quoted = [line[2:] for line in letter.body.split("\n") if line.startswith("> ")]
    return letter.copy(
        at=min(letter.at, writer.moment(0)),
        sender=letter.to[0],
        to=(letter.sender,),
        cc=(),
        body="\n".join(quoted or ["Thank you, that helps."]) + "\n",
        id=letter.answers,
        answers=letter.references[-2] if len(letter.references) > 1 else None,
        references=letter.references[:-1],
        extra=(),
    )


def _mail(writer: LetterWriter, days: float, sender: Party, subject: str, extra: tuple[tuple[str, str], ...]) -> Letter:
    text = writer.body("Hello,", ["This week: clocks, queues, and why both are always later than one thinks."], "Yours")
    letter = writer.letter(writer.moment(days), [writer.cast.owner], (subject, text))
    return letter.copy(sender=sender, extra=extra, id=writer.id(sender[1].rpartition("@")[2]))


def _bounce(writer: LetterWriter) -> Letter:
    sender = ("Mail Delivery System", "mailer-daemon@northwind.example")
    marks = (("Auto-Submitted", "auto-replied"), ("X-Failed-Recipients", "margaret.okafor@harbourlight.example"))
    letter = _mail(writer, 465, sender, "Undelivered Mail Returned to Sender", marks)
    return letter.copy(body="<margaret.okafor@harbourlight.example>: user unknown\n")
