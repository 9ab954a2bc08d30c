"""What a draft is about, before any wording: what to pick up, which news to tell, what to ask for, and how to meet.

    dossier + what the week's other drafts tell -> situation, pick-up, win, request, way to meet -> Choice

A wrong pick-up is worse than none: what doesn't surely fit the letter is left to the brief.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from assistant.core.evidence.hazards import hazard
from assistant.core.evidence.open_loops import telling
from assistant.core.language.cues import LANGUAGES, says
from assistant.core.language.detect import detect
from assistant.core.people import roles
from assistant.writer.offline.news import news_for, reports, said, said_before, touched
from assistant.writer.offline.phrase_tables import draft_language
from assistant.writer.offline.things import thing_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from assistant.core.evidence.dossier import Dossier, OpenLoop
    from assistant.writer.offline.news import News

Opening = Literal[
    "question",
    "asked",
    "overtaken",
    "thing",
    "promise",
    "report",
    "advice",
    "news",
    "met",
    "date",
    "none",
    "first",
    "goal_met",
    "occasion",
    "occasion_none",
    "chance",
    "thanks_introduced",
    "thanks_favour",
    "reached",
    "second_try",
]

LONGEST_QUOTE: Final = 140
"""Characters of a quote that a reader takes in at a glance; a longer one is cut at a clause."""
_SHORTEST_QUOTE: Final = 25
"""Characters that a cut quote needs to still say something."""
_LONGEST_TOPIC: Final = 60
_STALE: Final = 200
"""Days after which nobody remembers a question."""
_OVERTAKEN: Final = 75
"""Days after which life has answered most questions, but for those about what was."""
_SOON: Final = 14
"""Days after which "tomorrow" and "next week" are past."""
_ASKED: Final = frozenset({"question", "asked"})
_OWED: Final = frozenset({"thing", "promise", "report"})
RECENT: Final = 50
"""Days within which "it was long ago that I wrote" would be odd."""
_LONG_DAYS: Final = 300
_SPOKEN: Final = frozenset({"met", "called", "talked to", "meeting"})
_CLAUSE = re.compile(r"[,;:–—]\s|\s[–—-]\s")
# "And did it hold?" begins in the middle of a talk.
_LEAD = re.compile(r"^(?:and|but|so|und|aber|et|mais|y|pero|e)\b[\s,]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PickUp:
    """What a sentence takes up. `text` is the owner's words in it, "" for none; `on` the day it speaks of."""

    kind: Opening
    text: str = ""
    on: date | None = None
    evidence: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    """Places of a situation's own phrases, with what fills them: "weekday", "Tuesday"."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What one draft says: a pick-up, news or none, a debt beside them or none, and keys of the phrases.

    `request` names a list of requests ("advisor_back", "first.mentor"), `way` a way to meet, `way_out` a list of easy
    ways to say no ("" for none), `subject` a list of subjects.
    """

    pick_up: PickUp
    news: News | None
    debt: PickUp | None
    request: str
    way: str
    subject: str
    way_out: str


def choose(dossier: Dossier, told: Collection[str] = ()) -> Choice:
    """Return what the draft for this person says; `told` are the wins that other drafts of this week tell."""
    like, stands = family(dossier), situation(dossier)
    asked = stands in {"candidate", "hoped"}
    news = None if stands == "goal-met" or (asked and like != "advocate") else news_for(dossier, told)
    pick_up = _pick_up(dossier, stands, news)
    enough = pick_up.kind in _OWED or stands == "goal-met" or (news and news.loop)
    owed = [] if enough else _open_ones(dossier, news, owed=True)
    respectful = dossier.formal or like in {"advisor", "advocate"}
    return Choice(
        pick_up=pick_up,
        news=news,
        debt=owed[0] if owed else None,
        request=_request(dossier, like, stands, pick_up),
        way=_way(dossier),
        subject="goal_met" if stands == "goal-met" else "first" if asked else like,
        way_out="respectful" if respectful else "familiar",
    )


def family(dossier: Dossier) -> str:
    """Return which of the four roles a person's role is most like (a role of the owner's own, too)."""
    return roles.family(dossier.person.role, dossier.playbook)


def situation(dossier: Dossier) -> str:
    """Return the situation a draft is written for: candidate, goal-met, hoped, never, long or due."""
    if dossier.situation in {"candidate", "gap"}:
        return "candidate"
    if dossier.situation == "goal-met":
        return "goal-met" if family(dossier) == "ally" else "due"
    if dossier.person.hoped:
        return "hoped" if family(dossier) == "advocate" else "candidate"
    if dossier.days_since is None:
        return "never"
    cadence = dossier.cadence_days or _LONG_DAYS
    return "long" if dossier.days_since > max(2 * cadence, cadence + 60, 60) else "due"


def _request(dossier: Dossier, like: str, stands: str, pick_up: PickUp) -> str:
    if stands == "goal-met":
        return "goal_met"
    if stands in {"candidate", "hoped"}:
        return f"first.{like}"
    if like == "advisor" and pick_up.kind in _ASKED:
        return "advisor_back"  # one question is enough: the one that stands above
    if like == "ally" and not dossier.person.goal:
        return "ally_open"
    return like


def _pick_up(dossier: Dossier, stands: str, news: News | None) -> PickUp:
    if stands == "goal-met":
        return PickUp("goal_met")
    contact = tuple(item.number for item in dossier.of_kind("contact"))[:1]
    open_ones = _open_ones(dossier, news)
    if open_ones and open_ones[0].kind in _OWED:  # a debt is said anyway: a question of the same letter goes first
        same = (one for one in open_ones if one.kind in _ASKED and one.on == open_ones[0].on)
        open_ones = [*[one for one in same if not (one.text and said(one.text, dossier))][:1], *open_ones]
    if open_ones and not (open_ones[0].kind in _OWED and silent(dossier)):
        return open_ones[0]
    if known := _spoken(dossier, contact) or _advice(dossier):
        return known
    if stands in {"candidate", "hoped"}:
        return PickUp("first")
    if dossier.last_letter_on and (dossier.today - dossier.last_letter_on).days > RECENT:
        return PickUp("date", on=dossier.last_letter_on, evidence=contact)
    return PickUp("none")


def silent(dossier: Dossier) -> bool:
    """Return whether the last letter is so old that the next one must say so first, whatever is owed."""
    return dossier.last_letter_on is not None and (dossier.today - dossier.last_letter_on).days > _STALE


def _open_ones(dossier: Dossier, news: News | None, *, owed: bool = False) -> list[PickUp]:
    """Return what may be taken up, the best first and what last time's draft took up last; `owed`: only promises."""
    kept = news.loop if news else None  # the news keeps it
    loops = [loop for loop in dossier.loops if loop != kept and (loop.kind == "promise" or not owed)]
    found = [one for loop in loops if (one := _pickable(loop, dossier))]
    return sorted(found, key=lambda one: bool(one.text) and said(one.text, dossier))


def _pickable(loop: OpenLoop, dossier: Dossier) -> PickUp | None:
    """Return a loop as a draft may take it up, None if it is too old, or was perhaps settled in person."""
    days = (dossier.today - loop.on).days
    # A promise stays one, however long ago it was made.
    if (loop.kind != "promise" and days > _STALE) or _spoke_since(loop, dossier):
        return None
    if loop.kind == "question":
        return _question(loop, dossier, days)
    if loop.kind == "promise":
        return _promise(loop, dossier)
    # Nobody quotes their own mail to a friend: these are named by their month.
    return PickUp(loop.kind, "", loop.on, _number(loop))


def _promise(loop: OpenLoop, dossier: Dossier) -> PickUp:
    before = next(reversed(said_before(loop, dossier)), "")
    told = reports(loop, dossier) or hazard(loop.quote) or hazard(before)
    thing = "" if told else thing_of(loop.quote, dossier.language, before)
    kind: Opening = "thing" if thing else "report" if reports(loop, dossier) else "promise"
    return PickUp(kind, thing, loop.on, _number(loop))


def _question(loop: OpenLoop, dossier: Dossier, days: int) -> PickUp:
    """Return a question to be asked again, word for word only where it is clear without the letter around it."""
    text, language = _LEAD.sub("", " ".join(loop.quote.split())), dossier.language
    # What was only wondered about has no answer that time could bring.
    asks = text.endswith("?")
    past = days > _OVERTAKEN and not says("bygone", language, text)
    if asks and (past or touched(loop, dossier) or (days > _SOON and says("near", language, text))):
        return PickUp("overtaken", "", loop.on, _number(loop))
    clear = asks and len(text) <= LONGEST_QUOTE and _stands_alone(text, language)
    if clear and _fits(text, language):
        return PickUp("question", text, loop.on, _number(loop))
    return PickUp("asked", "", loop.on, _number(loop))


def _stands_alone(text: str, language: str) -> bool:
    """Return whether no word of a question points to the letter around it: "do you know anybody there?" does."""
    words = text.split()
    pointing = (place for place, word in enumerate(words) if says("anaphor", language, word))
    # "Did the barn hold, and who built it?" says itself what it means.
    first = next(pointing, None)
    return first is None or len(telling(" ".join(words[:first]))) > 1


def _spoke_since(loop: OpenLoop, dossier: Dossier) -> bool:
    last = dossier.last_contact_on
    return dossier.last_kind in _SPOKEN and last is not None and last > loop.on


def _number(loop: OpenLoop) -> tuple[str, ...]:
    return (loop.number,) if loop.number else ()


def cut(quote: str, *, question: bool = False) -> str:
    """Return at most 140 characters of a quote, cut at a clause; "" where no clause ends in time.

    Of a question the end is kept, of anything else the beginning.
    """
    if len(quote) <= LONGEST_QUOTE:
        return quote
    breaks = list(_CLAUSE.finditer(quote))
    if question and quote.endswith("?"):
        tails = (quote[match.end() :].lstrip("–—- ") for match in breaks)
        return next((f"… {tail}" for tail in tails if _SHORTEST_QUOTE <= len(tail) <= LONGEST_QUOTE), "")
    heads = (quote[: match.start()] for match in reversed(breaks))
    return next((f"{head} …" for head in heads if _SHORTEST_QUOTE <= len(head) <= LONGEST_QUOTE), "")


def _fits(text: str, language: str) -> bool:
    return hazard(text) is None and detect(text) in {None, language}


def _spoken(dossier: Dossier, contact: tuple[str, ...]) -> PickUp | None:
    if dossier.last_kind not in _SPOKEN or dossier.last_contact_on is None:
        return None
    return PickUp("met", on=dossier.last_contact_on, evidence=contact)


def usable_topic(dossier: Dossier) -> str:
    """Return the topic as a draft may name it, "" for none: it doesn't shout, ask, or speak another language."""
    topic = (dossier.topic or "").strip()
    if not topic or topic.endswith(("?", "!")) or len(topic) > _LONGEST_TOPIC or not _fits(topic, dossier.language):
        return ""
    return "" if topic.isupper() and " " in topic else topic


def _advice(dossier: Dossier) -> PickUp | None:
    """Return advice of theirs that the owner noted."""
    noted = (item for item in dossier.of_kind("advice") if item.on and (dossier.today - item.on).days <= _STALE)
    return next((PickUp("advice", "", item.on, (item.number,)) for item in noted), None)


def _way(dossier: Dossier) -> str:
    """Return how to meet: what the notes prefer, else a coffee within the company, else a call."""
    ruled_out = dossier.forbidden
    for way in ("call", "visit", "walk", "coffee", "meal", "drink", "video"):
        if way in dossier.preferred and way not in ruled_out:
            return way
    # Nobody knows how far away an outsider is: a coffee only where the two have spoken of one.
    near = dossier.inside or "call" in ruled_out
    if near and "coffee" not in ruled_out:
        return "coffee"
    if "coffee" not in ruled_out and _speak_of_coffee(dossier):
        return "either"
    return next((way for way in ("call", "walk", "visit") if way not in ruled_out), "open")


def _speak_of_coffee(dossier: Dossier) -> bool:
    said = dossier.of_kind("message", "note", "met")
    return any(says("way_coffee", language, item.text) for item in said for language in LANGUAGES)


def has_draft(dossier: Dossier) -> bool:
    """Return whether there are phrases in the language the two write in."""
    return draft_language(dossier.language) is not None
