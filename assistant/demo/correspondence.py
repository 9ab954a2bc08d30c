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
    from assistant.demo.letter_style import LetterWriter
    from assistant.demo.letters import Letter, Party

DAYS = 730
_SATURDAY = 5
# How often, from 0 to 1:
_ANSWERS_AGAIN, _OLD_CHARSET, _BEGINS_WITH_AN_ANSWER, _WITH_PARTNERS, _WITH_COPIES = 0.3, 0.4, 0.4, 0.2, 0.2
_CHARSETS = {"ja": "iso-2022-jp", "uk": "koi8-u", "fr": "iso-8859-15", "de": "windows-1252"}
_SIGN_OFFS = {"de": "Liebe Grüße", "fr": "Je t'embrasse,", "es": "Un abrazo,", "uk": "Обіймаю,", "en": "Love,"}
_GREETINGS = {"de": "Hallo {},", "fr": "Salut {},", "es": "Hola {},", "uk": "Привіт, {}!", "en": "Hi {},"}
_THEIRS = {
    "en": "That sounds good. Tell me how it goes, and say hello to everybody.",
    "de": "Das klingt gut. Erzähl mir, wie es ausgeht.",
    "fr": "Très bonne idée. Raconte-moi la suite.",
    "es": "Suena muy bien. Ya me contarás cómo sale.",
    "ja": "ご連絡ありがとうございます。またお話ししましょう。",
}
_SHORT = {
    "en": "Perfect, that works. Thank you!",
    "de": "wunderbar, so machen wir es. Danke!",
    "fr": "Parfait, on fait comme ça. Merci !",
    "es": "Perfecto, así lo hacemos. ¡Gracias!",
    "ja": "承知いたしました。ありがとうございます。",
}


def friends(writer: LetterWriter) -> Iterator[Letter]:
    """Yield the letters to the people of the roster and the candidates, up to each one's last contact."""
    for friend in writer.cast.friends:
        days: float = friend.last
        for number, text in enumerate(_texts(writer, friend)):
            if days > friend.since:
                break
            yield from _to_friend(writer, friend, days, text, newest=number == 0)
            days += max(2.0, friend.every * writer.chance.uniform(0.6, 1.5))


def _texts(writer: LetterWriter, friend: Friend) -> Iterator[tuple[str, str]]:
    """Yield texts without end, newest first: the friend's own, then those in their language, shuffled."""
    yield from friend.messages
    bank = list(writer.cast.voices[friend.language])
    while True:
        writer.chance.shuffle(bank)
        yield from bank


def _to_friend(
    writer: LetterWriter, friend: Friend, days: float, text: tuple[str, str], *, newest: bool
) -> Iterator[Letter]:
    """Yield one letter, and sometimes the short answer that followed."""
    subject, body = text
    at = writer.moment(days)
    formal = friend.role in {"advisor", "advocate"} and friend.language != "ja"
    full = writer.body(friend.greeting, [body], friend.sign_off, formal=formal)
    letter = writer.letter(at, [friend.party(int(days))], (subject, full))
    if letter.answers:
        theirs = _THEIRS.get(friend.language, _THEIRS["en"])
        quoted = writer.quoted(letter.to[0], at - timedelta(hours=20), theirs, friend.language)
        letter = letter.copy(body=f"{full}\n{quoted}\n")
    letter = letter.copy(charset=_charset(writer, friend.language))
    yield letter
    # An answer after the newest letter would make the last contact later than the story says.
    if not newest and writer.chance.random() < _ANSWERS_AGAIN:
        short = writer.body(friend.greeting, [_SHORT.get(friend.language, _SHORT["en"])], friend.sign_off)
        theirs = _THEIRS.get(friend.language, _THEIRS["en"])
        yield writer.answer(
            letter, writer.later(at, writer.chance.randrange(120, 1200)), short, theirs, friend.language
        )


def _charset(writer: LetterWriter, language: str) -> str:
    """Return UTF-8, or sometimes what an older mail program in that language would use."""
    return _CHARSETS.get(language, "utf-8") if writer.chance.random() < _OLD_CHARSET else "utf-8"


def work(writer: LetterWriter) -> Iterator[Letter]:
    """Yield two years of threads at work, with one to three people each."""
    for days_ago in range(1, DAYS):
        weekend = (writer.now - timedelta(days=days_ago)).weekday() >= _SATURDAY
        for _ in range(0 if weekend else writer.chance.choice((1, 1, 1, 2, 2))):
            yield from _thread(writer, days_ago)


def _thread(writer: LetterWriter, days_ago: int) -> Iterator[Letter]:
    """Yield the owner's letters in one thread: the first and up to three answers."""
    topic = writer.chance.choice(writer.cast.topics)
    service, number = writer.chance.choice(writer.cast.services), writer.chance.randrange(2, 60)
    to, cc = _participants(writer)
    subject = topic.subject.format(service=service, n=number)
    letter = writer.letter(writer.moment(days_ago), to, (subject, _work_body(writer, topic, service, to[0])), cc)
    if writer.chance.random() < _BEGINS_WITH_AN_ANSWER:
        letter = writer.answer(letter, letter.at, letter.body, topic.theirs)
    yield letter
    for _ in range(writer.chance.choice((0, 0, 1, 1, 2, 3))):
        at = writer.later(letter.at, writer.chance.randrange(20, 30 * 60))
        if at > writer.now - timedelta(hours=1):
            return
        letter = writer.answer(letter, at, _work_body(writer, topic, service, to[0]), topic.theirs)
        yield letter


def _participants(writer: LetterWriter) -> tuple[list[Party], list[Party]]:
    """Return who is in To and who is in Cc of a thread."""
    pool = writer.cast.partners if writer.chance.random() < _WITH_PARTNERS else writer.cast.colleagues
    chosen: list[Party] = []
    for _ in range(writer.chance.choice((1, 1, 1, 2, 2, 3))):
        # The power makes some people far more frequent than others.
        party = pool[int(len(pool) * writer.chance.random() ** 1.6)]
        if party not in chosen:
            chosen.append(party)
    copies = writer.chance.sample(writer.cast.colleagues, 2) if writer.chance.random() < _WITH_COPIES else []
    return chosen, [party for party in copies if party not in chosen]


def _work_body(writer: LetterWriter, topic: Topic, service: str, to: Party) -> str:
    count = writer.chance.choice((1, 2, 2, 3))
    lines = [line.format(service=service) for line in writer.chance.sample(topic.lines, count)]
    words = [writer.chance.choice(writer.cast.openers), *lines, writer.chance.choice(writer.cast.closers)]
    greeting = writer.chance.choice(("Hi {},", "Hi {},", "Hey {},", "{},")).format(to[0].split()[0])
    return writer.body(
        greeting, [" ".join(word for word in words if word)], writer.chance.choice(("Best,", "Thanks,", "Cheers,"))
    )


def home(writer: LetterWriter) -> Iterator[Letter]:
    """Yield letters to family and old friends in several languages, on weekends too."""
    for _ in range(160):
        people, language = writer.chance.choice(writer.cast.home)
        bank = writer.cast.voices.get(f"home_{language}") or writer.cast.voices[language]
        subject, text = writer.chance.choice(bank)
        first_names = " & ".join(name.split()[0] for name, _ in people)
        body = writer.body(_GREETINGS[language].format(first_names), [text], _SIGN_OFFS[language])
        at = writer.moment(writer.chance.uniform(2, DAYS), weekend=True)
        letter = writer.letter(at, people, (subject, body))
        yield letter.copy(sender=writer.cast.private, charset=_charset(writer, language))


_LIST = ("Payments engineers", "payments-eng@lists.openledger.example")


def groups(writer: LetterWriter) -> Iterator[Letter]:
    """Yield mails to groups in the company, small and large, with people of the roster among them."""
    inside = [f.party(0) for f in writer.cast.friends if f.role and f.party(0)[1].endswith("@northwind.example")]
    for _ in range(150):
        people = writer.chance.sample(writer.cast.colleagues, writer.chance.randrange(4, 6)) + writer.chance.sample(
            inside, 2
        )
        yield _plain(
            writer,
            writer.chance.uniform(3, 725),
            people,
            writer.chance.choice(writer.cast.texts["group_subjects"]),
            writer.cast.line("group"),
        )
    for _ in range(40):
        people = [*writer.chance.sample(writer.cast.colleagues, 14), *inside]
        yield _plain(
            writer, writer.chance.uniform(3, 725), people, "All hands: payments corner", writer.cast.line("group")
        )
    for _ in range(50):
        to, cc = [writer.chance.choice(writer.cast.colleagues)], [writer.chance.choice(inside)]
        text = writer.cast.line("decision")
        yield _plain(writer, writer.chance.uniform(3, 725), to, "For the record: decision on the queue", text).copy(
            cc=tuple(cc)
        )


def lists(writer: LetterWriter) -> Iterator[Letter]:
    """Yield posts to a mailing list, and a newsletter that the owner sends, with its header fields."""
    for number in range(110):
        subject = writer.chance.choice(writer.cast.texts["list_subjects"])
        letter = _plain(
            writer,
            writer.chance.uniform(1, 725),
            [_LIST],
            f"Re: {subject}" if number % 3 else subject,
            writer.cast.line("list"),
        )
        yield letter
    for month in range(22):
        to = [("Payments news", "payments-news@northwind.example")]
        letter = _plain(writer, 15 + month * 31, to, f"Payments news, issue {24 - month}", writer.cast.line("group"))
        yield letter.copy(
            extra=(("List-Unsubscribe", "<mailto:payments-news-leave@northwind.example>"), ("Precedence", "bulk"))
        )


def machines(writer: LetterWriter) -> Iterator[Letter]:
    """Yield what programs sent in the owner's name: absence notes."""
    for holiday in (38, 210, 402, 577):
        for _ in range(9):
            party = writer.chance.choice(writer.cast.colleagues + writer.cast.partners)
            text = writer.cast.line("away")
            letter = _plain(writer, holiday - writer.chance.uniform(0, 6), [party], "Automatic reply: away", text)
            yield letter.copy(extra=(("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")))


def merges(writer: LetterWriter) -> Iterator[Letter]:
    """Yield three invitations that went to many people one by one, advisors among them."""
    friends = [writer.cast.friend(name) for name in ("Ruth", "Margaret", "Oliver")]
    for number, days in enumerate((41, 255, 470)):
        start = writer.moment(days)
        people = [f.party(days) for f in friends] + list(writer.cast.partners) + list(writer.cast.colleagues[:5])
        for minute, party in enumerate(people):
            text = writer.cast.line("merge").format(name=party[0].split()[0])
            letter = _plain(writer, days, [party], writer.cast.texts["merge_subjects"][number], text)
            yield letter.copy(at=start + timedelta(minutes=minute // 2, seconds=7 * minute))


def rest(writer: LetterWriter) -> Iterator[Letter]:
    """Yield notes to self, mail to role addresses, forwards, redirected mail and blind copies."""
    for _ in range(70):
        text = writer.cast.line("self")
        yield _plain(
            writer,
            writer.chance.uniform(1, 725),
            [writer.cast.private],
            writer.chance.choice(writer.cast.texts["self_subjects"]),
            text,
        )
    for _ in range(90):
        to = writer.chance.choice(writer.cast.roles)
        text = (
            "Could you have a look at this? I need an answer by the end of the week. The number stands in the subject."
        )
        yield _plain(
            writer, writer.chance.uniform(1, 725), [to], writer.chance.choice(writer.cast.texts["role_subjects"]), text
        )
    for _ in range(80):
        party = writer.chance.choice(writer.cast.colleagues)
        text = writer.cast.line("forward")
        letter = _plain(
            writer,
            writer.chance.uniform(1, 725),
            [party],
            writer.chance.choice(writer.cast.texts["forward_subjects"]),
            "",
        )
        yield letter.copy(body=text)
    for _ in range(8):
        yield _resent(writer, writer.chance.uniform(10, 700))
    for _ in range(14):
        text = writer.cast.line("blind")
        letter = _plain(
            writer,
            writer.chance.uniform(10, 700),
            [writer.chance.choice(writer.cast.partners)],
            "Settlement dates in May",
            text,
        )
        yield letter.copy(bcc=(writer.chance.choice(writer.cast.colleagues),))


def _resent(writer: LetterWriter, days: float) -> Letter:
    """Return a message from somebody else that the owner redirected to a colleague (RFC 5322, 3.6.6)."""
    sender = writer.chance.choice(writer.cast.partners)
    to = writer.chance.choice(writer.cast.colleagues)
    letter = _plain(
        writer, days, [writer.cast.owner], "Question on the settlement file", "Which of the two files is the final one?"
    )
    name, address = writer.cast.owner
    resent = (
        ("Resent-Date", format_datetime(letter.at + timedelta(minutes=40))),
        ("Resent-From", f"{name} <{address}>"),
        ("Resent-To", to[1]),
        ("Resent-Message-ID", f"<{writer.id()}>"),
    )
    return letter.copy(sender=sender, extra=resent)


def _plain(writer: LetterWriter, days: float, to: list[Party], subject: str, text: str) -> Letter:
    at: datetime = writer.moment(days)
    greeting = f"Hi {to[0][0].split()[0]}," if len(to) == 1 and to[0][0] else "Hello all,"
    return writer.letter(at, to, (subject, writer.body(greeting, [text], "Best,")))
