"""What the made-up owner sends: letters to friends, at work and at home, and what else a Sent folder has.

The rest isn't contact, or only half of it: groups, lists, machines, mail merges, forwards.
"""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assistant.demo.cast import Friend, Topic
    from assistant.demo.letter_style import Pen
    from assistant.demo.letters import Letter, Party

DAYS = 730
_SATURDAY = 5
# How often, from 0 to 1:
_ANSWERS_AGAIN, _OLD_CHARSET, _BEGINS_WITH_AN_ANSWER, _WITH_PARTNERS, _WITH_COPIES = 0.3, 0.25, 0.4, 0.2, 0.2
_CHARSETS = {"ja": "iso-2022-jp", "uk": "koi8-u", "fr": "iso-8859-15", "de": "windows-1252"}
_SIGN_OFFS = {"de": "Liebe Grüße", "fr": "Je t'embrasse,", "es": "Un abrazo,", "uk": "Обіймаю,", "en": "Love,"}
_GREETINGS = {"de": "Hallo {},", "fr": "Salut {},", "es": "Hola {},", "uk": "Привіт, {}!", "en": "Hi {},"}
_THEIRS = {
    "en": "That sounds good. Tell me how it goes, and say hello to everybody.",
    "de": "Das klingt gut. Erzähl mir, wie es ausgeht.",
    "fr": "Très bonne idée. Raconte-moi la suite.",
    "ja": "ご連絡ありがとうございます。またお話ししましょう。",
}
_SHORT = {
    "en": "Perfect, that works. Thank you!",
    "de": "wunderbar, so machen wir es. Danke!",
    "fr": "Parfait, on fait comme ça. Merci !",
    "ja": "承知いたしました。ありがとうございます。",
}


def friends(pen: Pen) -> Iterator[Letter]:
    """Yield the letters to the people of the roster and the candidates, up to each one's last contact."""
    for friend in pen.cast.friends:
        days: float = friend.last
        for number, text in enumerate(_texts(pen, friend)):
            if days > friend.since:
                break
            yield from _to_friend(pen, friend, days, text, newest=number == 0)
            days += max(2.0, friend.every * pen.chance.uniform(0.6, 1.5))


def _texts(pen: Pen, friend: Friend) -> Iterator[tuple[str, str]]:
    """Yield texts without end, newest first: the friend's own, then those in their language, shuffled."""
    yield from friend.messages
    bank = list(pen.cast.voices[friend.language])
    while True:
        pen.chance.shuffle(bank)
        yield from bank


def _to_friend(pen: Pen, friend: Friend, days: float, text: tuple[str, str], *, newest: bool) -> Iterator[Letter]:
    """Yield one letter, and sometimes the short answer that followed."""
    subject, body = text
    at = pen.moment(days)
    formal = friend.role in {"advisor", "advocate"} and friend.language != "ja"
    full = pen.body(friend.greeting, [body], friend.sign_off, formal=formal)
    letter = pen.letter(at, [friend.party(int(days))], (subject, full))
    if letter.answers:
        theirs = _THEIRS.get(friend.language, _THEIRS["en"])
        quoted = pen.quoted(letter.to[0], at - timedelta(hours=20), theirs, friend.language)
        letter = letter.copy(body=f"{full}\n{quoted}\n")
    letter = letter.copy(charset=_charset(pen, friend.language))
    yield letter
    # An answer after the newest letter would make the last contact later than the story says.
    if not newest and pen.chance.random() < _ANSWERS_AGAIN:
        short = pen.body(friend.greeting, [_SHORT.get(friend.language, _SHORT["en"])], friend.sign_off)
        theirs = _THEIRS.get(friend.language, _THEIRS["en"])
        yield pen.answer(letter, pen.later(at, pen.chance.randrange(120, 1200)), short, theirs, friend.language)


def _charset(pen: Pen, language: str) -> str:
    """Return UTF-8, or sometimes what an older mail program in that language would use."""
    return _CHARSETS.get(language, "utf-8") if pen.chance.random() < _OLD_CHARSET else "utf-8"


def work(pen: Pen) -> Iterator[Letter]:
    """Yield two years of threads at work, with one to three people each."""
    for days_ago in range(1, DAYS):
        weekend = (pen.now - timedelta(days=days_ago)).weekday() >= _SATURDAY
        for _ in range(0 if weekend else pen.chance.choice((1, 1, 1, 2, 2))):
            yield from _thread(pen, days_ago)


def _thread(pen: Pen, days_ago: int) -> Iterator[Letter]:
    """Yield the owner's letters in one thread: the first and up to three answers."""
    topic = pen.chance.choice(pen.cast.topics)
    service, number = pen.chance.choice(pen.cast.services), pen.chance.randrange(2, 60)
    to, cc = _participants(pen)
    subject = topic.subject.format(service=service, n=number)
    letter = pen.letter(pen.moment(days_ago), to, (subject, _work_body(pen, topic, service, to[0])), cc)
    if pen.chance.random() < _BEGINS_WITH_AN_ANSWER:
        letter = pen.answer(letter, letter.at, letter.body, topic.theirs)
    yield letter
    for _ in range(pen.chance.choice((0, 0, 1, 1, 2, 3))):
        at = pen.later(letter.at, pen.chance.randrange(20, 30 * 60))
        if at > pen.now - timedelta(hours=1):
            return
        letter = pen.answer(letter, at, _work_body(pen, topic, service, to[0]), topic.theirs)
        yield letter


def _participants(pen: Pen) -> tuple[list[Party], list[Party]]:
    """Return who is in To and who is in Cc of a thread."""
    pool = pen.cast.partners if pen.chance.random() < _WITH_PARTNERS else pen.cast.colleagues
    chosen: list[Party] = []
    for _ in range(pen.chance.choice((1, 1, 1, 2, 2, 3))):
        # The power makes some people far more frequent than others.
        party = pool[int(len(pool) * pen.chance.random() ** 1.6)]
        if party not in chosen:
            chosen.append(party)
    copies = pen.chance.sample(pen.cast.colleagues, 2) if pen.chance.random() < _WITH_COPIES else []
    return chosen, [party for party in copies if party not in chosen]


def _work_body(pen: Pen, topic: Topic, service: str, to: Party) -> str:
    count = pen.chance.choice((1, 2, 2, 3))
    lines = [line.format(service=service) for line in pen.chance.sample(topic.lines, count)]
    words = [pen.chance.choice(pen.cast.openers), *lines, pen.chance.choice(pen.cast.closers)]
    greeting = pen.chance.choice(("Hi {},", "Hi {},", "Hey {},", "{},")).format(to[0].split()[0])
    return pen.body(
        greeting, [" ".join(word for word in words if word)], pen.chance.choice(("Best,", "Thanks,", "Cheers,"))
    )


def home(pen: Pen) -> Iterator[Letter]:
    """Yield letters to family and old friends in several languages, on weekends too."""
    for _ in range(160):
        party, language = pen.chance.choice(pen.cast.home)
        bank = pen.cast.voices.get(f"home_{language}") or pen.cast.voices[language]
        subject, text = pen.chance.choice(bank)
        first = party[0].split()[0]
        body = pen.body(_GREETINGS[language].format(first), [text], _SIGN_OFFS[language])
        at = pen.moment(pen.chance.uniform(2, DAYS), weekend=True)
        letter = pen.letter(at, [party], (subject, body))
        yield letter.copy(sender=pen.cast.private, charset=_charset(pen, language))


_LIST = ("Payments engineers", "payments-eng@lists.openledger.example")


def groups(pen: Pen) -> Iterator[Letter]:
    """Yield mails to groups in the company, small and large, with people of the roster among them."""
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
    """Yield posts to a mailing list, and a newsletter that the owner sends, with its header fields."""
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
    """Yield what programs sent in the owner's name: absence notes."""
    for holiday in (38, 210, 402, 577):
        for _ in range(9):
            party = pen.chance.choice(pen.cast.colleagues + pen.cast.partners)
            text = pen.cast.line("away")
            letter = _plain(pen, holiday - pen.chance.uniform(0, 6), [party], "Automatic reply: away", text)
            yield letter.copy(extra=(("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")))


def merges(pen: Pen) -> Iterator[Letter]:
    """Yield three invitations that went to many people one by one, advisors among them."""
    friends = [pen.cast.friend(name) for name in ("Ruth", "Margaret", "Oliver")]
    for number, days in enumerate((41, 255, 470)):
        start = pen.moment(days)
        people = [f.party(days) for f in friends] + list(pen.cast.partners) + list(pen.cast.colleagues[:5])
        for minute, party in enumerate(people):
            text = pen.cast.line("merge").format(name=party[0].split()[0])
            letter = _plain(pen, days, [party], pen.cast.texts["merge_subjects"][number], text)
            yield letter.copy(at=start + timedelta(minutes=minute // 2, seconds=7 * minute))


def rest(pen: Pen) -> Iterator[Letter]:
    """Yield notes to self, mail to role addresses, forwards, redirected mail and blind copies."""
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
    """Return a message from somebody else that the owner redirected to a colleague (RFC 5322, 3.6.6)."""
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
    at: datetime = pen.moment(days)
    greeting = f"Hi {to[0][0].split()[0]}," if len(to) == 1 and to[0][0] else "Hello all,"
    return pen.letter(at, to, (subject, pen.body(greeting, [text], "Best,")))
