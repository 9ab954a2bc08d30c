"""Every state of the digest and the transcript, made up, to look at: `write_gallery` renders them into a folder.

All people are invented. The states are values, so tests and screenshots use the same ones.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from assistant.core.digest.model import CandidateItem, Digest, DueItem, GapItem, LastContact, QuestionItem, Tap
from assistant.core.evidence.dossier import Sentence, Words
from assistant.core.language.phrases import Phrases, catalogue
from assistant.core.replies.transcript import Transcript, TranscriptLine
from assistant.render.digest import Rendered, render_digest
from assistant.render.everyone import rows, short_names
from assistant.render.transcript import render_transcript
from tests.gallery_pieces import (
    DRAFT,
    PEOPLE,
    SCAN,
    base,
    calm,
    candidate,
    due,
    gap,
    meeting,
    question,
    review,
    roster,
    row,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from assistant.core.language.data_files import Language


def digests() -> dict[str, Digest]:
    """Return the digest's states by name, from an ordinary Monday to hostile input."""
    return {
        "ordinary": base(3, waiting=("Ines Ferro",), deferred=("Noor van Dijk",)),
        "mid-month": mid_month(),
        "nobody": base(0, meetings=(), questions=(), roster=calm(roster(14))),
        "nobody-but-a-week": base(0, candidates=(candidate(1),), roster=calm(roster(14))),
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
        "german": german(3, candidates=(candidate(1),), missed_weeks=("2026-W09",), gaps=(gap("de"),)),
        "german-nobody": german(0, meetings=(), questions=(), roster=calm(roster(14))),
        "odd-people": odd_people(),
        "review": base(2, review=review()),
        "review-year": base(0, meetings=(), questions=(), review=review(year=True)),
        "review-hostile": base(1, review=review("<b>drop Bob</b> 3 done", year=True)),
        "german-review": german(1, review=review(year=True)),
    }


def mid_month() -> Digest:
    """Return a Monday that isn't the first of its month: names by when in place of the roster's rows."""
    hoped = due(2, 8, hoped=True, why_not_cadence="your reason: “came to my poster”", days_since=None)
    later = {"waiting": ("Ines Carvalho",), "deferred": ("Noor van Dijk",), "linked": (LINKED,)}
    return base(0, due=(due(1, 0), hoped), on=date(2026, 3, 9), roster=calm(roster(14)), **later)


def long_due(index: int) -> DueItem:
    """Return a card with a draft ten times as long as most."""
    return due(index + 1, index, words=words(PEOPLE[index][0], DRAFT * 10))


def german(people: int, **changes: object) -> Digest:
    """Return a Monday in German: the drafts, the briefs and the labels of the taps too."""
    digest = base(people, language="de", **changes)
    return replace(
        digest,
        due=tuple(_german_card(item) for item in digest.due),
        meetings=tuple(replace(item, brief=("Frag, wie das erste Vierteljahr war.",)) for item in digest.meetings),
        questions=tuple(
            replace(item, text=GERMAN_QUESTION, why=GERMAN_WHY, taps=_german(item.taps)) for item in digest.questions
        ),
        candidates=tuple(
            replace(item, why="still seit 8 Wochen", taps=_german(item.taps)) for item in digest.candidates
        ),
        answer_taps=_german(digest.answer_taps),
        footer_taps=_german(digest.footer_taps),
    )


def _german_card(item: DueItem) -> DueItem:
    opening = Sentence("greeting", f"Hallo {item.name.split()[0]},")
    said = tuple(Sentence("fact", text) for text in GERMAN_DRAFT)
    brief = tuple(Sentence(kind, text) for kind, text in GERMAN_BRIEF)
    found = Words("Eine Seite und ein Kaffee", (opening, *said, Sentence("close", "Herzlich\nPriya")), brief, "offline")
    made = ("deine Mail vom 26. Januar 2026", "deine Notiz vom 12. Dezember 2025")
    return replace(item, words=found, made_from=made, taps=_german(item.taps))


def _german(taps: tuple[Tap, ...]) -> tuple[Tap, ...]:
    """Return the taps with the labels that German has for them in the catalogue."""
    known = {
        str(text): str(catalogue("de")[key])
        for key, text in catalogue("en").items()
        if key.startswith(("do.", "role."))
    }
    write = str(catalogue("en")["do.write"]).format(name="")
    known |= {
        tap.label: Phrases("de")("do.write", name=tap.label.removeprefix(write))
        for tap in taps
        if tap.label.startswith(write)
    }
    return tuple(replace(tap, label=known.get(tap.label, tap.label)) for tap in taps)


def first() -> Digest:
    """Return the first digest of all: an empty roster and the people most written to."""
    return base(
        0,
        first=True,
        meetings=(),
        questions=(),
        roster=(),
        candidates=tuple(candidate(n) for n in range(1, 8)),
        scan=replace(SCAN, new=5012),
    )


def model_remarks() -> Digest:
    """Return a week in which a model worded some and failed for others."""
    worded = words("Jane Roe", writer="model", model="a-local-model", dropped=(("She loves climbing.", "no evidence"),))
    worded = replace(
        worded,
        sentences=(*worded.sentences[:-1], Sentence("why", "Your talk in Lyon was well received.", unchecked=True)),
        brief=(*worded.brief, Sentence("remember", "Jane is thinking about a move.", unchecked=True)),
    )
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
    rows = tuple(replace(row(n), name=item.name) for n, item in enumerate(people))
    return base(4, due=people, roster=rows, deferred=(hebrew,))


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
    rows = tuple(replace(row(n), name=item.name) for n, item in enumerate(people))
    return base(2, due=people, roster=rows, meetings=(meeting(9, (name, unbroken), unbroken, ()),))


GERMAN_DRAFT = (
    "seit Januar habe ich deinen Rat umgesetzt: Beide Projekte beginnen jetzt mit dem, was sich geändert hat.",
    "In drei Wochen ist die Runde, und ich hätte gern deinen Blick auf die eine Seite, die alles zusammenfasst.",
    "Hast du in den nächsten zwei Wochen eine halbe Stunde für einen Kaffee?",
    "Wenn es gerade nicht passt, freue ich mich genauso über eine kurze Antwort.",
)
GERMAN_BRIEF = (
    ("left_off", "26. Januar 2026: Du hast den zweiten Entwurf geschickt."),
    ("advice", "Mit dem Ergebnis beginnen, die Zahlen danach (deine Notiz vom 12. Dezember)."),
    ("tell", "Die Suche läuft seit dem 9. Februar für alle."),
    ("ask", "Was gab beim letzten Mal den Ausschlag?"),
    ("avoid", "Eine Tagesordnung; es ist ein Gespräch unter Gleichen."),
)
GERMAN_QUESTION = "Ist jane.roe@newplace.example Jane Roe?"
GERMAN_WHY = "Der Name passt, aber die Adresse allein beweist nichts."
LINKED = "New addresses I take for theirs: Mina at mail.example. Wrong? Reply “Mina is not …”."
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
        questions=(QuestionItem(bad, bad, bad, bad, (bad,), bad, (bad_tap,)),),
        gaps=(GapItem(bad, bad, bad),),
        candidates=(CandidateItem(bad, bad, bad, 3, bad, bad, (bad_tap,)),),
        roster=(replace(row(0), name=bad, role=bad, handle=bad),),
        deferred=(bad,),
        waiting=(bad,),
        remarks=(bad,),
        answer_taps=(bad_tap,),
        missed_weeks=(bad,),
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
        ),
        due(3, 2, role="sponsor", words=Words("", (), (), "offline"), in_drafts=False),
        due(4, 3, overdue_days=0, days_since=14, why_not_cadence="The shared goal “Ship the audit” ends on 6 March."),
        due(5, 4, last=LastContact(date(2026, 2, 13), "said", None, "met"), in_drafts=False),
    )
    rows = (replace(row(0), days_since=None, months=()), replace(row(3), cadence_days=None, due_on=None))
    return base(5, due=people, roster=rows, scan=replace(SCAN, complete_to=None))


def transcripts(language: Language = "en") -> dict[str, Transcript]:
    """Return the transcript's states by name."""
    say = Phrases(language)
    named = say("named", number=2, day=say.bare_day(date(2026, 3, 2)))
    which = say("who.which", many=say.many(2), plural="Janes", who="Jane", handles="jane-roe, jane-lee")
    snoozed = say("snooze", name="Bob Li", day=say.dated(date(2026, 4, 4)), named=named)
    lines = (
        TranscriptLine("met Jane on Tuesday, talked promo", "ask", which),
        TranscriptLine("snooze 2 for a month", "ok", snoozed),
        TranscriptLine("sned 1", "unknown", say("unknown.closest", near="send 1")),
    )
    brief = ("Left off: 26 January 2026, the second draft.", "Ask: which part would you cut?")
    digest = base(3)
    status = TranscriptLine(
        "status",
        "ok",
        say("look.status"),
        (say("status.roster", 14, due="3") + say("status.names", names="Jane Roe, Bob Li"), say("status.questions", 1)),
        rows(digest.roster, short_names(digest), digest.on, say),
    )
    left = f"{say('left.signatures', count=3)}, {say('left.digest')}"
    return {
        "transcript": Transcript("T17", "r@example.com", "Re: 3 people to reach", lines, 1, left),
        "transcript-one": Transcript("T18", "r@example.com", "Re: 3 people to reach", lines[1:2], 1),
        "transcript-nothing": Transcript("T19", "r@example.com", "Re: 3 people to reach", (), 0, left),
        "transcript-taps": Transcript(
            "T23",
            "r@example.com",
            "3 people to reach",
            (
                TranscriptLine("snooze 2 until 2026-04-04", "ok", snoozed, cause="T22"),
                TranscriptLine("C1 mentor", "noise", say("undo.before", cause="T21")),
                TranscriptLine("done 1", "ok", say("outcome.ok"), cause="T23"),
            ),
            2,
        ),
        "transcript-brief": Transcript(
            "T20", None, "", (TranscriptLine("brief jane-roe", "ok", "Jane Roe, the brief:", brief),), 0
        ),
        "transcript-status": Transcript("T22", "r@example.com", "Re: Start with Jane", (status,), 0),
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
    for name in ("transcript", "transcript-taps"):
        yield f"{name}-german", render_transcript(transcripts("de")[name], "de")


def write_gallery(out: Path) -> list[Path]:
    """Write each state as NAME.html and NAME.txt into `out` (made when missing) with an index; return the pages."""
    out.mkdir(parents=True, exist_ok=True)
    pages = []
    for name, mail in rendered():
        pages.append(out / f"{name}.html")
        pages[-1].write_text(mail.html, encoding="utf-8")
        (out / f"{name}.txt").write_text(mail.text, encoding="utf-8")
    (out / "index.html").write_text(_index_page([page.stem for page in pages]), encoding="utf-8")
    return pages


def _index_page(names: Sequence[str]) -> str:
    """Return a page that links to NAME.html and NAME.txt of each name."""
    items = "\n".join(
        f'<li><a href="{escape(name)}.html">{escape(name)}</a> (<a href="{escape(name)}.txt">text</a>)</li>'
        for name in names
    )
    head = '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Gallery</title></head>'
    return f"{head}<body><h1>Gallery</h1><ul>\n{items}\n</ul></body></html>\n"
