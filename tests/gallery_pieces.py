"""Made-up pieces of a digest: cards, rows, questions, candidates. The gallery and the tests build states of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.core.digest.model import (
    CandidateItem,
    Digest,
    DueItem,
    GapItem,
    LastContact,
    MeetingItem,
    QuestionItem,
    RosterRow,
    ScanLine,
    Tap,
)
from assistant.core.digest.review import OnDay, Period, Review, RoleLine, SeenDays, Unreached
from assistant.core.evidence.dossier import Sentence, Words
from assistant.core.replies.own_ids import letter_href, tap_href

ZONE = ZoneInfo("Europe/Zurich")
TODAY = date(2026, 3, 2)
CONTROL = "priya@example.com"
PEOPLE = (
    ("Jane Roe", "mentor", 21, 33, "Promo packet, second draft"),
    ("Bob Li", "advisor", 91, 128, "Staff or manager?"),
    ("Mina Okafor", "advocate", 365, 402, "Thanks for the launch review"),
    ("Tomás Aguilar", "ally", 14, 20, "Incident review, next steps"),
    ("Greta Lindqvist", "mentor", 14, 17, "Re: The book you lent me"),
    ("Samuel Adeyemi", "mentor", 21, 25, "Notes from the meetup"),
    ("Ines Carvalho", "advisor", 91, 99, "Re: Offer letter question"),
    ("Oskar Nowak", "advisor", 182, 190, "Hello from the new team"),
    ("Yuki Tanaka", "advocate", 365, 371, "Roadmap for the second half"),
    ("Lea Brandt", "ally", 14, 15, "Onboarding guide"),
    ("Hassan Qureshi", "mentor", 21, 22, "Re: Re: Conference talk"),
    ("Noor van Dijk", "advisor", 91, 92, "Salary bands"),
)
DRAFT = (
    "Since January I have put your advice on the promo packet to work: both projects now lead with what changed.",
    "The review is in three weeks, and I would like your eye on the one page that sums it up before it goes in.",
    "Would you have half an hour for a coffee in the next two weeks?",
    "If this is a bad month, a short reply is just as welcome, and I can ask again after the review.",
)
BRIEF = (
    ("left_off", "26 January 2026: you sent the second draft of the promo packet."),
    ("remember", "Lead with the outcome and put the numbers second (your note of 12 December)."),
    ("tell", "The search project is live for everyone since 9 February."),
    ("ask", "What made the difference in the packet that went through?"),
)


def tap(label: str, command: str) -> Tap:
    """Return a tap as the digest makes them, with a made-up ref."""
    return Tap(label, tap_href(CONTROL, command, command, "a2b3c4d5e6f7g2h3"))


def due(number: int, index: int, **changes: object) -> DueItem:
    """Return a made-up card for the `index`-th of the people."""
    name, role, cadence, days, subject = PEOPLE[index]
    handle = name.lower().replace(" ", "-").replace("á", "a")
    said, address = words(name), f"{handle}@elsewhere.example"
    taps = (
        Tap(f"Write to {name.split()[0]}", letter_href(address, said.subject, said.body)),
        tap("We talked", f"met {number}"),
        tap("In 2 weeks", f"snooze {number} until 2026-03-16"),
    )
    item = DueItem(
        number=number,
        handle=handle,
        name=name,
        role=role,
        cadence_days=cadence,
        days_since=days,
        overdue_days=days - cadence,
        last=LastContact(TODAY - timedelta(days=days), "full", subject, "one-to-one", "m@example.com", f"7f3{index}"),
        words=said,
        address=address,
        in_drafts=True,
        made_from=("your mail of 26 January 2026", "your note of 12 December 2025"),
        taps=taps,
    )
    return replace(item, **changes)  # type: ignore[arg-type]


def words(name: str, middle: tuple[str, ...] = DRAFT, **changes: object) -> Words:
    """Return a made-up draft and brief for somebody."""
    first = name.split(maxsplit=1)[0]
    sentences = (
        Sentence("greeting", f"Hi {first},"),
        *(Sentence("fact", text) for text in middle),
        Sentence("close", "Best,\nPriya"),
    )
    brief = tuple(Sentence(kind, text) for kind, text in BRIEF)
    return replace(Words("A page to look at, and a coffee", sentences, brief, "offline"), **changes)  # type: ignore[arg-type]


def roster(people: int) -> tuple[RosterRow, ...]:
    """Return a roster of that many, the gallery's people first, then made-up ones."""
    return tuple(row(index) for index in range(people))


def row(index: int) -> RosterRow:
    """Return the roster's row of the `index`-th of the people, or of a made-up one."""
    if index < len(PEOPLE):
        name, role, cadence, days, _ = PEOPLE[index]
    else:
        role, cadence = (("mentor", 21), ("advisor", 91), ("advocate", 365), ("ally", 14))[index % 4]
        name, days = f"Person {_letters(index)}", (index * 37) % cadence
    months = tuple((index * 7 + month * month * 3) % 5 // 2 for month in range(12))
    return RosterRow(
        handle=name.lower().replace(" ", "-"),
        name=name,
        role=role,
        cadence_days=cadence,
        days_since=days,
        due_on=TODAY + timedelta(days=cadence - days),
        overdue_days=days - cadence,
        months=months,
        snoozed_until=date(2026, 4, 4) if index % 9 == 5 else None,
        favourite=index % 6 == 4,
        hoped=index == 8,
    )


def calm(rows: tuple[RosterRow, ...]) -> tuple[RosterRow, ...]:
    """Return the rows as of a week in which nobody is over, the first being due in nine days."""
    left = (
        row.cadence_days * (index + 1) // (len(rows) + 1) if row.cadence_days else 0 for index, row in enumerate(rows)
    )
    days = [9, *list(left)[1:]]
    return tuple(
        replace(r, overdue_days=-n, days_since=(r.cadence_days or n) - n, due_on=TODAY + timedelta(days=n))
        for r, n in zip(rows, days, strict=True)
    )


def _letters(index: int) -> str:
    return chr(65 + index % 26) + chr(97 + index // 26 % 26)


def meeting(hour: int, people: tuple[str, ...], summary: str, brief: tuple[str, ...]) -> MeetingItem:
    """Return a meeting on this week's Thursday."""
    start = datetime(2026, 3, 5, hour, 0, tzinfo=ZONE)
    return MeetingItem(start, start + timedelta(minutes=45), summary, people, brief)


def question(label: str) -> QuestionItem:
    """Return a made-up question."""
    return QuestionItem(
        label,
        f"address jane.roe@newplace.example {label}",
        "Is jane.roe@newplace.example Jane Roe?",
        "Same name, new address.",
        ("yes", "no"),
        "Jane Roe",
        (tap("Yes", f"{label} yes"), tap("Someone else", f"{label} no")),
    )


def candidate(number: int) -> CandidateItem:
    """Return a made-up candidate."""
    names = ("Ruth Feld", "Ivan Petrov", "Chiara Romano", "Ade Bello", "Marta Silva", "Kofi Mensah", "Eva Horn")
    name = names[number % len(names)]
    label = f"C{number}"
    return CandidateItem(
        label=label,
        address=f"{name.lower().replace(' ', '.')}@company.example",
        name=name,
        messages=48 - 5 * number,
        guess=("mentor", "advisor", "advocate", None)[number % 4],
        why="quiet for 8 weeks",
        taps=tuple(
            tap("None" if word == "ignore" else word.capitalize(), f"{label} {word}")
            for word in ("mentor", "advisor", "advocate", "ally", "ignore")
        ),
    )


SCAN = ScanLine(new=41, complete_to=datetime(2026, 3, 2, 7, 58, tzinfo=ZONE))


def base(people: int, **changes: object) -> Digest:
    """Return an ordinary Monday with that many people due."""
    digest = Digest(
        week="2026-W10",
        on=TODAY,
        language="en",
        owner_name="Priya Nair",
        control_address=CONTROL,
        due=tuple(due(n + 1, n) for n in range(people)),
        meetings=(
            meeting(15, ("Ines Carvalho",), "Coffee with Ines", ("Ask how the first quarter as a director went.",)),
        ),
        questions=(question("Q1"),),
        gaps=(),
        candidates=(),
        roster=roster(14),
        deferred=(),
        scan=SCAN,
        remarks=(),
        seen_since=date(2022, 3, 1),
        answer_taps=(tap("Note a win", "win: "), tap("Answer it all at once", "win: ")),
        footer_taps=(
            tap("Everyone's dates", "status"),
            tap("Take a break", "pause"),
            tap("Stop these mails", "stop"),
        ),
    )
    return replace(digest, **changes)  # type: ignore[arg-type]


def gap(language: str = "en") -> GapItem:
    """Return a made-up gap."""
    if language == "de":
        return GapItem(
            "advocate", "Unter Fürsprache steht noch niemand.", "Schreib Yuki Tanaka, die den Start gesehen hat."
        )
    return GapItem(
        "advocate",
        "Nobody speaks up for you yet.",
        "Write to Yuki Tanaka, who saw the launch, and ask how they see it.",
    )


def review(name: str = "Ines Carvalho", *, year: bool = False) -> Review:
    """Return a made-up review with everything a review can say; `name` is in every place that names somebody."""
    quarter = Period(date(2025, 10, 1), date(2025, 12, 31))
    taps = (
        tap("Leave as is", "keep ines"),
        tap("Every 6 months", "ines every 6 months"),
        tap("Let go", "drop ines"),
    )
    moved = OnDay("ines", name, date(2025, 11, 4), domain="newfirm.example")
    found = Review(
        quarter,
        roles=(RoleLine("mentor", 5, 4, 3), RoleLine("advisor", 3, 3, 1), RoleLine("ally", 1, 0, 0)),
        favourites=(SeenDays("ines", name, 2, 6), SeenDays("bob", "Bob Li", 0, 1)),
        gaps=(("advocate", "empty"), ("advisor", "asleep")),
        moved=(moved,),
        unreached=(
            Unreached("ines", name, "advisor", 91, 182, date(2024, 9, 3), taps),
            Unreached("bob", "Bob Li", "ally", None, 365, None, taps),
        ),
    )
    if not year:
        return found
    return replace(
        found,
        period=Period(date(2025, 1, 1), date(2025, 12, 31)),
        new=(moved, OnDay("bob", "Bob Li", date(2025, 5, 2))),
        most=(SeenDays("ines", name, 31, 0), SeenDays("bob", "Bob Li", 1, 0)),
        back=(OnDay("ines", name, date(2025, 6, 12), days=420),),
    )
