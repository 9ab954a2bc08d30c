"""How the made-up owner writes: when, how a message begins and ends, how it answers another."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assistant.demo.letters import Letter, quote, wrap_paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.demo.cast import Cast
    from assistant.demo.letters import Party

ZONE = ZoneInfo("Europe/Berlin")
_SATURDAY = 5
_FIRST_HOUR, _LAST_HOUR = 8, 20
_WROTE = {
    "de": "Am {day} schrieb {name}:",
    "fr": "Le {day}, {name} a écrit :",
    "es": "El {day}, {name} escribió:",
    "uk": "{day} {name} пише:",
    "ja": "{day} {name}:",
}


class LetterWriter:
    """Makes letters. The same `now` gives the same ones, since chance comes from a fixed seed."""

    def __init__(self, cast: Cast, now: datetime) -> None:
        """Write as the owner in `cast`, up to `now`."""
        self.cast = cast
        self.now = now.astimezone(ZONE)
        self.chance = Random("one made-up life")  # noqa: S311  it makes no secrets, and must be the same in every run
        self.count = 0

    def id(self, domain: str = "northwind.example") -> str:
        """Return a new Message-ID, without angle brackets."""
        self.count += 1
        return f"{self.chance.getrandbits(64):016x}.{self.count}@{domain}"

    def moment(self, days_ago: float, *, weekend: bool = False) -> datetime:
        """Return a moment on a working day about `days_ago` days ago. A weekend becomes the Friday before."""
        day = (self.now - timedelta(days=days_ago)).date()
        if not weekend and day.weekday() >= _SATURDAY:
            day -= timedelta(days=day.weekday() - _SATURDAY + 1)
        minute = self.chance.randrange(8 * 60 + 20, 18 * 60 + 40)
        at = datetime.combine(day, time(minute // 60, minute % 60, self.chance.randrange(60)), ZONE)
        return min(at, self.now - timedelta(minutes=self.chance.randrange(20, 90)))

    def later(self, at: datetime, minutes: int) -> datetime:
        """Return a moment `minutes` after `at`. Nights become the next morning, weekends the next Monday."""
        then = at + timedelta(minutes=minutes)
        if not _FIRST_HOUR <= then.hour < _LAST_HOUR:
            then = (then + timedelta(hours=12)).replace(hour=_FIRST_HOUR + self.chance.randrange(3))
        if then.weekday() >= _SATURDAY:
            then += timedelta(days=7 - then.weekday())
        return then

    def body(self, greeting: str, paragraphs: Sequence[str], sign_off: str, *, formal: bool = False) -> str:
        """Return a text as the owner writes it. A `formal` one ends with the signature."""
        first = self.cast.owner[0].split()[0]
        end = f"{sign_off}\n{self.cast.owner[0] if formal else first}"
        parts = [greeting, *(wrap_paragraph(paragraph) for paragraph in paragraphs if paragraph), end]
        return "\n\n".join(parts) + (f"\n\n{self.cast.signature}\n" if formal else "\n")

    def letter(self, at: datetime, to: Sequence[Party], text: tuple[str, str], cc: Sequence[Party] = ()) -> Letter:
        """Return a letter from the owner. `text` is (subject, body)."""
        subject, body = text
        # A subject with Re: needs a message that it answers; that one isn't in the mailbox.
        answers = self.id(to[0][1].rpartition("@")[2]) if subject.startswith(("Re:", "Re :")) else None
        references = (answers,) if answers else ()
        return Letter(
            at, self.cast.owner, tuple(to), subject, body, self.id(), tuple(cc), answers=answers, references=references
        )

    def answer(self, letter: Letter, at: datetime, body: str, theirs: str, language: str = "en") -> Letter:
        """Return the owner's next letter in the thread of `letter`, with the other side's words quoted below."""
        between = self.id(letter.to[0][1].rpartition("@")[2])
        subject = letter.subject if letter.subject.startswith("Re:") else f"Re: {letter.subject}"
        written = at - timedelta(minutes=self.chance.randrange(15, 300))
        quoted = self.quoted(letter.to[0], written, theirs, language)
        return letter.copy(
            at=at,
            subject=subject,
            body=f"{body}\n{quoted}\n",
            id=self.id(),
            answers=between,
            references=(*letter.references, letter.id, between)[-10:],
        )

    def quoted(self, who: Party, at: datetime, text: str, language: str = "en") -> str:
        """Return somebody's message as a mail program in that language quotes it, with its attribution."""
        if language in _WROTE:
            line = _WROTE[language].format(day=f"{at:%d.%m.%Y %H:%M}", name=f"{who[0]} <{who[1]}>")
        else:
            line = f"On {at:%a, %d %b %Y at %H:%M}, {who[0]} <{who[1]}> wrote:"
        return f"{line}\n{quote(wrap_paragraph(text))}"
