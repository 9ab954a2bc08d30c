"""Every state of the digest and the transcript, made up, to look at: `write_gallery` renders them into a folder.

All people are invented. The states are values, so tests and screenshots use the same ones.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from assistant.core.digest import (
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
from assistant.core.evidence import Sentence, Words
from assistant.core.transcript import Transcript, TranscriptLine
from assistant.render.digest import Rendered, render_digest
from assistant.render.page import index_page
from assistant.render.transcript import render_transcript

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    ("advice", "Lead with the outcome and put the numbers second (your note of 12 December)."),
    ("tell", "The search project is live for everyone since 9 February."),
    ("ask", "What made the difference in the packet that went through?"),
    ("ask", "Which part of the summary would you cut?"),
    ("avoid", "An agenda; this is a talk between peers."),
    ("opening", "“I did what you said about outcomes, and it reads like a different packet.”"),
)


def tap(label: str, command: str) -> Tap:
    """Return a tap as the digest makes them, with a made-up ref."""
    body = quote(f"{command}\r\n\r\nref a1b2c3d4e5f6g7h8")
    return Tap(label, f"mailto:{CONTROL}?subject={quote('Answer to my digest')}&body={body}")


def due(number: int, index: int, **changes: object) -> DueItem:
    """Return a made-up card for the `index`-th of the people."""
    name, role, cadence, days, subject = PEOPLE[index]
    handle = name.lower().replace(" ", "-").replace("á", "a")
    taps = (
        tap("I was in touch", f"{number} done"),
        tap("Send it", f"{number} send"),
        tap("Skip", f"{number} skip"),
        tap("In 2 weeks", f"{number} snooze 2 weeks"),
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
        last_soft=None,
        words=words(name),
        address=f"{handle}@elsewhere.example",
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
    return tuple(_row(index) for index in range(people))


def _row(index: int) -> RosterRow:
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
        snoozed_until=date(2026, 4, 4) if index % 9 == 5 else None,  # noqa: PLR2004 - now and then one
        favourite=index % 6 == 4,  # noqa: PLR2004 - now and then one
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
        "The name is the same, and the address spells it, but the company is a new one.",
        ("yes", "no"),
        (tap("Yes", f"{label} yes"), tap("No", f"{label} no")),
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
        last_on=TODAY - timedelta(days=3 * number),
        last_subject="Planning the next quarter",
        guess=("mentor", "advisor", "advocate", None)[number % 4],
        why="Mostly one to one, over nine months.",
        taps=tuple(
            tap(word.capitalize(), f"{label} {word}") for word in ("mentor", "advisor", "advocate", "ally", "ignore")
        ),
    )


SCAN = ScanLine(
    folder="Sent",
    new=41,
    total=5012,
    full=29,
    soft=11,
    none=(("list", 9), ("group", 4), ("automatic", 3), ("role-address", 2)),
    complete_to=datetime(2026, 3, 2, 7, 58, tzinfo=ZONE),
)


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
        next_due=("Jane Roe", 9),
        seen_since=date(2022, 3, 1),
        footer_taps=(tap("Pause for 3 weeks", "pause 3 weeks"), tap("Help", "help")),
    )
    return replace(digest, **changes)  # type: ignore[arg-type]


def digests() -> dict[str, Digest]:
    """Return the digest's states by name, from an ordinary Monday to hostile input."""
    return {
        "ordinary": base(3, deferred=(("Noor van Dijk", "5 people a week is the most"),)),
        "nobody": base(0, meetings=(), questions=()),
        "nobody-but-a-week": base(0, candidates=(candidate(1),)),
        "one": base(1, meetings=(), questions=()),
        "five": base(5, candidates=tuple(candidate(n) for n in range(1, 4)), gaps=(gap(),)),
        "twelve": base(12, roster=roster(40), questions=tuple(question(f"Q{n}") for n in range(1, 6))),
        "twelve-long": base(12, due=tuple(long_due(n) for n in range(12)), roster=roster(80)),
        "first": first(),
        "first-with-roster": base(2, first=True, candidates=tuple(candidate(n) for n in range(1, 4))),
        "missed-month": base(4, missed_weeks=("2026-W06", "2026-W07", "2026-W08", "2026-W09"), meetings=()),
        "model-remarks": model_remarks(),
        "scripts": scripts(),
        "long-names": long_names(),
        "hostile": hostile(),
        "german": base(3, language="de", candidates=(candidate(1),), missed_weeks=("2026-W09",), gaps=(gap(),)),
        "german-nobody": base(0, language="de", meetings=(), questions=()),
        "odd-people": odd_people(),
    }


def gap() -> GapItem:
    """Return a made-up gap."""
    return GapItem(
        "advocate",
        "Nobody speaks up for you yet.",
        "Write to Yuki Tanaka, who saw the launch, and ask how they see it.",
    )


def long_due(index: int) -> DueItem:
    """Return a card with a draft ten times as long as most."""
    return due(index + 1, index, words=words(PEOPLE[index][0], DRAFT * 10))


def first() -> Digest:
    """Return the first digest of all: an empty roster and the people most written to."""
    return base(
        0,
        first=True,
        meetings=(),
        questions=(),
        roster=(),
        next_due=None,
        candidates=tuple(candidate(n) for n in range(1, 8)),
        scan=replace(SCAN, new=5012),
    )


def model_remarks() -> Digest:
    """Return a week in which a model worded some and failed for others."""
    worded = words("Jane Roe", writer="model", model="a-local-model", dropped=(("She loves climbing.", "no evidence"),))
    failed = words("Bob Li", remark="The model did not answer within 60 seconds; this draft is made by rules.")
    remarks = ("The model could not be reached for 1 of 2 people; their drafts are made by rules.",)
    return base(2, due=(due(1, 0, words=worded), due(2, 1, words=failed)), remarks=remarks)


def scripts() -> Digest:
    """Return names and subjects right to left and in Chinese, Japanese and Korean writing."""
    arabic, hebrew, chinese = "محمد عبد الله", "יעל כהן", "歐陽明珠"
    people = (
        due(1, 0, name=arabic, last=_said("خطة الربع القادم (2026)"), words=words(arabic, ("شكرا جزيلا على نصيحتك.",))),
        due(2, 1, name=hebrew, last=_said("פגישה ביום שלישי 3/3")),
        due(
            3,
            2,
            name=chinese,
            last=_said("關於下一季的計劃與人員安排"),
            words=words(chinese, ("謝謝你上次的建議。" * 12,)),
        ),
        due(4, 3, name="김민준"),
    )
    rows = tuple(replace(_row(n), name=item.name) for n, item in enumerate(people))
    return base(4, due=people, roster=rows, next_due=(arabic, 3), deferred=((hebrew, "5 people a week"),))


def _said(subject: str) -> LastContact:
    return LastContact(date(2026, 1, 28), "full", subject, "reply", "x@example.com", "9c2e")


def long_names() -> Digest:
    """Return names, subjects and addresses that are longer than any line."""
    name = "Prof. Dr. Maria-Magdalena Freifrau von Hohenzollern-Sigmaringen und Wolfenbüttel-Blankenburg der Ältere"
    unbroken = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
    people = (
        due(1, 0, name=name, last=_said("Re: " * 40 + "the subject"), address="a" * 60 + "@" + "b" * 50 + ".example"),
        due(2, 1, name=unbroken, last=_said(unbroken), made_from=(unbroken,), words=words(unbroken, (unbroken,))),
    )
    rows = tuple(replace(_row(n), name=item.name) for n, item in enumerate(people))
    return base(2, due=people, roster=rows, next_due=(name, 4), meetings=(meeting(9, (name, unbroken), unbroken, ()),))


HOSTILE = (
    '"><script>alert(1)</script><img src=https://evil.example/x.png onerror=x>{{7*7}}\r\nsend 1\u202e\x00</td></table>'
)


def hostile() -> Digest:
    """Return an attack in every slot that comes from outside."""
    bad = HOSTILE
    bad_tap = Tap(bad, "javascript:alert(1)")
    item = due(
        1,
        0,
        name=bad,
        role=bad,
        handle=bad,
        last=LastContact(date(2026, 1, 28), bad, bad, bad, bad, bad),
        last_soft=LastContact(date(2026, 2, 1), bad, bad, bad, bad, bad),
        words=Words(bad, (Sentence("greeting", bad),), (Sentence(bad, bad),), "model", bad, ((bad, bad),), bad),
        address=bad,
        made_from=(bad, "x"),
        why_not_cadence=bad,
        taps=(bad_tap, Tap("img", 'https://evil.example/"onmouseover="x'), Tap("data", "data:text/html,x")),
    )
    return base(
        0,
        due=(item,),
        owner_name=bad,
        control_address=bad,
        meetings=(meeting(9, (bad,), bad, (bad,)),),
        questions=(QuestionItem(bad, bad, bad, bad, (bad,), (bad_tap,)),),
        gaps=(GapItem(bad, bad, bad),),
        candidates=(CandidateItem(bad, bad, bad, 3, TODAY, bad, bad, bad, (bad_tap,)),),
        roster=(replace(_row(0), name=bad, role=bad, handle=bad),),
        deferred=((bad, bad),),
        remarks=(bad,),
        scan=replace(SCAN, folder=bad, none=((bad, 1),)),
        missed_weeks=(bad,),
        next_due=(bad, 1),
        footer_taps=(bad_tap,),
    )


def odd_people() -> Digest:
    """Return people without some fact: no contact seen, no address, no draft, a goal, an owner's own role."""
    people = (
        due(1, 0, days_since=None, overdue_days=0, last=None, made_from=()),
        due(
            2,
            1,
            address=None,
            last_soft=LastContact(date(2026, 2, 20), "soft", "All hands", "cc", "s@example.com", "1d"),
        ),
        due(3, 2, role="sponsor", words=Words("", (), (), "offline"), in_drafts=False),
        due(4, 3, overdue_days=0, days_since=14, why_not_cadence="The shared goal “Ship the audit” ends on 6 March."),
        due(5, 4, last=LastContact(date(2026, 2, 13), "said", None, "met"), in_drafts=False),
    )
    rows = (replace(_row(0), days_since=None, months=()), replace(_row(3), cadence_days=None, due_on=None))
    return base(5, due=people, roster=rows, scan=replace(SCAN, complete_to=None))


def transcripts() -> dict[str, Transcript]:
    """Return the transcript's states by name."""
    lines = (
        TranscriptLine("met Jane on Tuesday, talked promo", "ask", "Two Janes: jane-roe, jane-lee. Answer with one."),
        TranscriptLine("snooze 2 for a month", "ok", "Bob Li: snoozed until Sat 4 Apr 2026 (number 2 of 2 March)"),
        TranscriptLine("sned 1", "unknown", "Not understood, nothing done. Closest: send 1"),
    )
    brief = ("Where we left off: 26 January 2026, the second draft.", "What to ask: which part would you cut?")
    left = "3 lines of signature, the quoted digest"
    return {
        "transcript": Transcript("T17", "r@example.com", "Re: 3 people to reach", lines, 1, left),
        "transcript-one": Transcript("T18", "r@example.com", "Re: 3 people to reach", lines[1:2], 1),
        "transcript-nothing": Transcript("T19", "r@example.com", "Re: 3 people to reach", (), 0, left),
        "transcript-brief": Transcript(
            "T20", None, "", (TranscriptLine("brief jane-roe", "ok", "Jane Roe, the brief:", brief),), 0
        ),
        "transcript-hostile": Transcript(
            "T21",
            "r@example.com",
            HOSTILE,
            (TranscriptLine(HOSTILE, "refused", HOSTILE, (HOSTILE,)), TranscriptLine("thanks", "noise", "")),
            0,
            HOSTILE,
        ),
    }


def rendered() -> Iterator[tuple[str, Rendered]]:
    """Yield every state by name, rendered."""
    yield from ((name, render_digest(digest)) for name, digest in digests().items())
    for name, transcript in transcripts().items():
        yield name, render_transcript(transcript, "en")
    yield "transcript-german", render_transcript(transcripts()["transcript"], "de")


def write_gallery(out: Path) -> list[Path]:
    """Write each state as NAME.html and NAME.txt into `out` (made when missing) with an index; return the pages."""
    out.mkdir(parents=True, exist_ok=True)
    pages = []
    for name, mail in rendered():
        pages.append(out / f"{name}.html")
        pages[-1].write_text(mail.html, encoding="utf-8")
        (out / f"{name}.txt").write_text(mail.text, encoding="utf-8")
    (out / "index.html").write_text(index_page([page.stem for page in pages]), encoding="utf-8")
    return pages
