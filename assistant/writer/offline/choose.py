"""What a draft is about, before any wording: what to pick up, which news to tell, what to ask for, and how to meet.

    dossier + what the week's other drafts tell -> situation, pick-up, win, request, way to meet -> Choice

A wrong pick-up is worse than none: what doesn't surely fit the letter is left to the brief.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.core.evidence.hazards import hazard
from assistant.core.language.cues import LANGUAGES, says
from assistant.core.language.detect import detect
from assistant.core.people import roles
from assistant.writer.offline.news import news_for
from assistant.writer.offline.phrase_tables import draft_language
from assistant.writer.offline.pick_up import (
    LONGEST_QUOTE,
    STALE,
    PickUp,
    advice,
    debts,
    last_written,
    live_questions,
    met,
)
from assistant.writer.offline.toward import toward

if TYPE_CHECKING:
    from collections.abc import Collection

    from assistant.core.evidence.dossier import Dossier
    from assistant.writer.offline.news import News

_SHORTEST_QUOTE: Final = 25
"""Characters that a cut quote needs to still say something."""
_LONGEST_TOPIC: Final = 60
ASKED: Final = frozenset({"question", "question_about", "indirect"})
BACK: Final = frozenset({"advisor_back", "back_ally"})
"""Requests that come back to the question above them."""
RECENT: Final = 50
"""Days within which "it was long ago that I wrote" would be odd."""
_LONG_DAYS: Final = 300
_CLAUSE = re.compile(r"[,;:–—]\s|\s[–—-]\s")


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
    owed = [] if stands == "goal-met" else debts(dossier, news.loop if news else None)
    pick_up = _pick_up(dossier, stands, news, owed)
    way = _way(dossier)
    respectful = dossier.formal or like in {"advisor", "advocate"}
    return Choice(
        pick_up=pick_up,
        news=news,
        debt=next((one for one in owed if one != pick_up), None) if pick_up not in owed else None,
        request="letter" if way == "letter" else _request(dossier, like, stands, pick_up),
        way=way,
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
    if like in {"advisor", "ally"} and pick_up.kind in ASKED:
        return "advisor_back" if like == "advisor" else "back_ally"  # one question is enough: the one that stands above
    if like != "ally":
        return like
    return "goal_step" if toward(dossier) else "ally" if dossier.person.goal else "ally_open"


def _pick_up(dossier: Dossier, stands: str, news: News | None, owed: list[PickUp]) -> PickUp:
    """Return how the letter begins: a live question, a talk, a debt, advice, else that time has passed."""
    if stands == "goal-met":
        return PickUp("goal_met")
    if questions := live_questions(dossier):
        return questions[0]
    if known := met(dossier):
        return known
    if stands in {"candidate", "hoped"} and not owed:
        return PickUp("first")
    if owed and not silent(dossier):
        return owed[0]
    thanks = None if owed or news else advice(dossier)
    return thanks or last_written(dossier, RECENT)


def silent(dossier: Dossier) -> bool:
    """Return whether the last letter is so old that the next one must say so first, whatever is owed."""
    return dossier.last_letter_on is not None and (dossier.today - dossier.last_letter_on).days > STALE


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


def usable_topic(dossier: Dossier) -> str:
    """Return the topic as a draft may name it, "" for none: it doesn't shout, ask, or speak another language."""
    topic = (dossier.topic or "").strip()
    if not topic or topic.endswith(("?", "!")) or len(topic) > _LONGEST_TOPIC or hazard(topic):
        return ""
    if detect(topic) not in {None, dossier.language}:
        return ""
    return "" if topic.isupper() and " " in topic else topic


def _way(dossier: Dossier) -> str:
    """Return how to meet: what the notes prefer, else a coffee within the company, else a call; formally, a talk."""
    ruled_out = dossier.forbidden
    for way in ("letter", "call", "visit", "walk", "coffee", "meal", "drink", "video"):
        if way in dossier.preferred and way not in ruled_out:
            return way
    if dossier.formal:
        return "open"
    # Nobody knows how far away an outsider is: a coffee only where the two have spoken of one.
    if "coffee" not in ruled_out and (dossier.inside or _speak_of_coffee(dossier)):
        return "coffee" if dossier.inside or "call" in ruled_out else "either"
    if "call" in ruled_out and "coffee" not in ruled_out:
        return "coffee"
    return next((way for way in ("call", "walk", "visit") if way not in ruled_out), "open")


def _speak_of_coffee(dossier: Dossier) -> bool:
    said = dossier.of_kind("message", "note", "met")
    return any(says("way_coffee", language, item.text) for item in said for language in LANGUAGES)


def has_draft(dossier: Dossier) -> bool:
    """Return whether there are phrases in the language the two write in."""
    return draft_language(dossier.language) is not None
