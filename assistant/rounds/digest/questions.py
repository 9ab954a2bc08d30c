"""Turn stored questions and gaps into the worded items of a digest."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.core.digest.model import GapItem, QuestionItem
from assistant.core.language.phrases import isolated
from assistant.core.people.roles import in_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.core.digest.model import CandidateItem
    from assistant.core.digest.questions import OpenQuestion
    from assistant.core.language.phrases import Phrases
    from assistant.core.people.roles import Role
    from assistant.core.people.roster import Person, Roster

ROLES = ("mentor", "advisor", "advocate", "ally")
YES_OR_NO = ("yes", "no")


def items(questions: Sequence[OpenQuestion], roster: Roster, phrases: Phrases) -> tuple[QuestionItem, ...]:
    """Return the questions as items Q1, Q2, …, without those about people who left the roster."""
    found: list[QuestionItem] = []
    for question in questions:
        words = _words(question, roster, phrases)
        if words:
            text, why, answers = words
            person = roster.by_handle(str(question.payload.get("handle", "")))
            who = person.name if person else ""
            found.append(QuestionItem(f"Q{len(found) + 1}", question.key, text, why, answers, who))
    return tuple(found)


def gap_items(
    found: Sequence[tuple[str, str]], roles: Mapping[str, Role], candidates: Sequence[CandidateItem], phrases: Phrases
) -> tuple[GapItem, ...]:
    """Return each gap with one next step: a candidate who would fit, or whom to look for."""
    return tuple(
        _gap(name, state, in_language(roles[name], phrases.language), candidates, phrases) for name, state in found
    )


def _gap(name: str, state: str, role: Role, candidates: Sequence[CandidateItem], phrases: Phrases) -> GapItem:
    fits = next((candidate for candidate in candidates if candidate.guess == name), None)
    if fits:
        step = phrases("gap.fits", name=fits.name or fits.address, label=fits.label)
    else:
        step = phrases("gap.look", who=isolated(role.who.rstrip("."))) if role.who else ""
    text = phrases(f"gap.{state}", role=_role_word(name, phrases))
    # Who has somebody in the role knows what it's for.
    what = phrases("gap.does", does=isolated(role.does)) if state == "empty" and role.does else ""
    return GapItem(name, f"{text} {what}".strip(), step)


def _words(question: OpenQuestion, roster: Roster, phrases: Phrases) -> tuple[str, str, tuple[str, ...]] | None:
    payload = question.payload
    person = roster.by_handle(str(payload.get("handle", "")))
    if question.kind == "doubt":
        return phrases("ask.doubt", to=str(payload.get("to", "?"))), phrases("ask.doubt-why"), YES_OR_NO
    if question.kind == "mine":
        address, count, total = (str(payload.get(key, "?")) for key in ("address", "count", "total"))
        return phrases("ask.mine", address=address), phrases("ask.mine-why", count=count, total=total), YES_OR_NO
    if person is None or person.status != "active":
        return None
    if question.kind == "link":
        return _link(payload, person, phrases)
    if question.kind == "met":
        return _met(payload, person, phrases)
    return _fact(payload, person, phrases) if question.kind == "fact" else _role(payload, person, phrases)


def _link(payload: Mapping[str, Any], person: Person, phrases: Phrases) -> tuple[str, str, tuple[str, ...]]:
    written = next((str(name) for name in payload.get("names", ()) if name), "")
    address = str(payload.get("address", ""))
    key = "ask.link-written" if written else "ask.link"
    text = phrases(key, address=address, name=person.name, written=written)
    if payload.get("reason") == "look-alike":
        return text, phrases("ask.link-looks"), YES_OR_NO
    return text, phrases("ask.link-why", known=person.addresses[0] if person.addresses else "–"), YES_OR_NO


def _met(payload: Mapping[str, Any], person: Person, phrases: Phrases) -> tuple[str, str, tuple[str, ...]]:
    when = phrases.day(date.fromisoformat(str(payload["day"])))
    summary = str(payload.get("summary", ""))
    key = "ask.met-called" if summary else "ask.met"
    return phrases(key, name=person.name, when=when, summary=summary), phrases("ask.met-why"), YES_OR_NO


def _role(payload: Mapping[str, Any], person: Person, phrases: Phrases) -> tuple[str, str, tuple[str, ...]]:
    stays = payload["likely"] == person.role
    if payload["left"]:
        key = "left"
    elif payload["was"]:
        key = "moved" if stays else "moved-inside" if payload["inside"] else "moved-outside"
    else:
        key = "inside" if payload["inside"] else "outside"
    text = phrases(
        f"ask.role-{key}",
        name=person.name,
        role=_role_word(person.role, phrases),
        likely=_role_word(payload["likely"], phrases),
        now=payload["now"],
        was=payload["was"],
    )
    # Asked whether somebody is "still your mentor", yes is what stays; no needs the role they have now.
    answers = ("yes",) if stays else YES_OR_NO
    return text, phrases("ask.role-why"), (*answers, *(name for name in ROLES if name != person.role), "close")


def _fact(payload: Mapping[str, Any], person: Person, phrases: Phrases) -> tuple[str, str, tuple[str, ...]]:
    kind = payload["fact"]
    text = phrases(f"ask.fact-{kind}", name=person.name, goal=isolated(person.goal or ""))
    return text, phrases("ask.fact-why"), YES_OR_NO if kind == "peer" else ()


def _role_word(name: str, phrases: Phrases) -> str:
    """Return the word for a role inside a sentence."""
    # English writes it in lower case. In German it's a noun and keeps its capital.
    word = phrases.role(name)
    return word.lower() if phrases.language == "en" else word
