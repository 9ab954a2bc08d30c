"""What a draft is about, before any wording: what to pick up, which news to tell, what to ask for, and how to meet.

    dossier + what the week's other drafts tell -> situation, pick-up, win, request, way to meet -> Choice

A wrong pick-up is worse than none: what doesn't surely fit the letter is left to the brief.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from assistant.core.evidence.hazards import hazard
from assistant.core.language.cues import LANGUAGES, says
from assistant.core.language.detect import detect
from assistant.core.people import roles
from assistant.writer.offline.phrase_tables import draft_language, folded

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from assistant.core.evidence.dossier import Dossier, Evidence, OpenLoop

Opening = Literal[
    "question",
    "wondered",
    "promise",
    "advice",
    "news",
    "met",
    "date",
    "none",
    "first",
    "goal_met",
]

LONGEST_QUOTE: Final = 140
"""Characters of a quote that a reader takes in at a glance; a longer one is cut at a clause."""
_SHORTEST_QUOTE: Final = 25
"""Characters that a cut quote needs to still say something."""
_LONGEST_WIN: Final = 24
"""Words of a win that still fit into one sentence of a letter."""
_LONGEST_TOPIC: Final = 60
_STALE: Final = 200
"""Days after which a question is overtaken: life has answered it, or nobody remembers."""
_RECENT: Final = 24
"""Days within which "it was long ago that I wrote" would be odd."""
_LONG_DAYS: Final = 300
_SPOKEN: Final = frozenset({"met", "called", "talked to", "meeting"})
_CLAUSE = re.compile(r"[,;:–—]\s|\s[–—-]\s")
# "And did it hold?" begins in the middle of a talk.
_LEAD = re.compile(r"^(?:and|but|so|und|aber|et|mais|y|pero|e)\b[\s,]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PickUp:
    """Where a draft starts. `text` is what is quoted, "" for nothing; `on` the day it speaks of, None for none."""

    kind: Opening
    text: str = ""
    on: date | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What one draft says: a pick-up, a win or none, and keys of the phrases.

    `request` names a list of requests ("advisor_back", "first.mentor"), `way` a way to meet, `way_out` a list of easy
    ways to say no, `subject` a list of subjects.
    """

    pick_up: PickUp
    win: Evidence | None
    request: str
    way: str
    subject: str
    way_out: str


def choose(dossier: Dossier, told: Collection[str] = ()) -> Choice:
    """Return what the draft for this person says; `told` are the wins that other drafts of this week tell."""
    like, stands = family(dossier), situation(dossier)
    pick_up = _pick_up(dossier, stands)
    asked = stands in {"candidate", "hoped"}
    request = _request(dossier, like, stands, pick_up)
    respectful = dossier.formal or like in {"advisor", "advocate"}
    return Choice(
        pick_up=pick_up,
        win=None if stands == "goal-met" or (asked and like != "advocate") else _win(dossier, told),
        request=request,
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
    if like == "advisor" and pick_up.kind in {"question", "wondered"}:
        return "advisor_back"  # one question is enough: the one that stands above
    if like == "ally" and not dossier.person.goal:
        return "ally_open"
    return like


def _pick_up(dossier: Dossier, stands: str) -> PickUp:
    if stands == "goal-met":
        return PickUp("goal_met")
    open_ones = [found for loop in dossier.loops if (found := _pickable(loop, dossier))]
    open_ones.sort(key=lambda found: bool(found.text) and said(found.text, dossier))  # last time's comes last
    if open_ones:
        return open_ones[0]
    contact = tuple(item.number for item in dossier.of_kind("contact"))[:1]
    if known := _spoken(dossier, contact) or _advice(dossier):
        return known
    if stands in {"candidate", "hoped"}:
        return PickUp("first")
    if dossier.last_letter_on and (dossier.today - dossier.last_letter_on).days > _RECENT:
        return PickUp("date", on=dossier.last_letter_on, evidence=contact)
    return PickUp("none")


def _pickable(loop: OpenLoop, dossier: Dossier) -> PickUp | None:
    """Return a loop as a draft may take it up, None if it is too long or too old, or was perhaps settled in person."""
    # A promise stays one, however long ago it was made.
    stale = loop.kind != "promise" and (dossier.today - loop.on).days > _STALE
    if stale or _spoke_since(loop, dossier):
        return None
    if loop.kind in {"advice", "news"}:
        # Nobody quotes their own mail to a friend: these are named by their month. A promise has to be named whole.
        return PickUp(loop.kind, "", loop.on, _number(loop))
    text = _LEAD.sub("", " ".join(loop.quote.split()))
    if len(text) > LONGEST_QUOTE or not _fits(text, dossier.language):
        return None
    asked: Opening = "question" if text.endswith("?") else "wondered"
    return PickUp("promise" if loop.kind == "promise" else asked, text, loop.on, _number(loop))


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


def _win(dossier: Dossier, told: Collection[str]) -> Evidence | None:
    """Return a win that the letter may tell: not yet told to this person, nor to anybody else this week."""
    by_text = {win.text: win for win in dossier.of_kind("win")}
    usable = (
        text
        for text in dossier.wins  # the best fitting first
        if text in by_text
        and text not in told
        and not said(text, dossier)
        and len(text.split()) <= _LONGEST_WIN
        and in_language(text, dossier)
        and hazard(text) is None
    )
    return next((by_text[text] for text in usable), None)


def in_language(text: str, dossier: Dossier) -> bool:
    """Return whether the owner's note is in the draft's language; a short one is in the owner's own, most likely."""
    return (detect(text) or dossier.owner_language) == dossier.language


def said(text: str, dossier: Dossier) -> bool:
    """Return whether last time's draft or brief had these words."""
    plain = folded(text).rstrip(" .")
    return any(plain in folded(sentence) for sentence in dossier.previous)


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
