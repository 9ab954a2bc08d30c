"""What a draft says in a situation with words of its own: to win somebody, to thank, only to tell (docs/roles.md).

    the usual choice + situation and occasion -> opening, request or a warm end -> Choice, or None for no draft

The phrases stand in situations_en.toml and its neighbours. Where the occasion can't be said in the letter (it is in
another language, too long, or no rule turns it round), the letter is the usual one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from assistant.core.evidence.hazards import hazard
from assistant.core.language.calendar_words import WEEKDAYS
from assistant.writer.offline.choose import BACK, RECENT, family
from assistant.writer.offline.news import News, in_language, reports
from assistant.writer.offline.phrase_tables import phrases, table
from assistant.writer.offline.pick_up import PickUp, last_written
from assistant.writer.offline.whole import whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.core.evidence.dossier import Dossier
    from assistant.writer.offline.choose import Choice

ENDS: Final = frozenset({"thanks", "reached", "update"})
"""Lists of `request` that ask for nothing and end the letter."""
OWN_SUBJECTS: Final = frozenset({"first", "goal_met", "hoped", "chance", "thanks", "reached"})
"""Lists of subjects that begin a thread of their own, whatever the last letter was about."""
_LONGEST_OCCASION: Final = 24
"""Words of an occasion or a goal that still fit into one sentence of a letter."""
_LONGEST_TITLE: Final = 60
_ENOUGH_LETTERS: Final = 2
"""Letters to somebody after which "we hardly know each other" may be wrong."""
_THANKS: Final = {"introduced": "thanks_introduced", "favour": "thanks_favour"}
_WORD = re.compile(r"[^\W\d_]+")
_TWO_SENTENCES = re.compile(r"[.!?;:]\s|\?$")


def situation_phrases(language: str) -> dict[str, Any]:
    """Return the tables of `situations_LANGUAGE.toml`, as they stand in the file."""
    return table(f"situations_{language}")


@cache
def with_situations(language: str) -> dict[str, Any]:
    """Return all phrases of a language, the situations' own beside the usual ones."""
    usual, own = phrases(language), situation_phrases(language)
    return {**usual, **{table: {**usual[table], **own[table]} for table in ("opening", "request", "subject")}}


def in_situation(dossier: Dossier, usual: Choice) -> Choice | None:
    """Return the choice with what its situation says instead; None where there is to be no draft by rules."""
    made = _MADE.get(dossier.situation)
    choice = made(dossier, usual) if made else usual
    if choice and choice.request in BACK and choice.pick_up != usual.pick_up:
        return replace(choice, request=family(dossier))  # the question it comes back to isn't in the letter
    return choice


def turned_round(clause: str, language: str, *, formal: bool) -> tuple[str, str] | None:
    """Return what the owner noted of somebody as it is said to them, and the part of it that stays as it was.

    "came to my poster" gives ("you came to my poster", "to my poster"); None where that isn't surely right.
    """
    own = situation_phrases(language)
    verbs: dict[str, str | list[str]] = own["verbs"]
    found = [verb for verb in verbs if clause.casefold().startswith(f"{verb} ")]
    if not found or _TWO_SENTENCES.search(clause):
        return None
    verb = max(found, key=len)
    rest = clause[len(verb) :].strip()
    words = set(_WORD.findall(rest.casefold()))
    # "Came to my talk and asked" is as right said to them; "came to my talk and was late" is not.
    wrong = {other for other in words & verbs.keys() if not _said_to_them(verbs[other], formal).endswith(f" {other}")}
    if not words or wrong or words & set(own["clause"]["other"].split()):
        return None
    return f"{_said_to_them(verbs[verb], formal)} {rest}", rest


def _said_to_them(forms: str | list[str], formal: bool) -> str:  # noqa: FBT001
    return forms if isinstance(forms, str) else forms[0 if formal else 1]


def _owe_answer(_dossier: Dossier, _usual: Choice) -> None:
    return None  # what they asked is for the owner to answer: the card and the brief say so


def _hoped(dossier: Dossier, usual: Choice) -> Choice:
    pick_up = _occasion(dossier)
    if pick_up is None and len(dossier.of_kind("message")) < _ENOUGH_LETTERS:
        pick_up = PickUp("occasion_none")
    like = family(dossier)
    request = usual.request if like == "ally" else f"hoped.{like}"
    return _begun(usual, pick_up or usual.pick_up, news=None, request=request, subject="hoped")


def _chance(dossier: Dossier, usual: Choice) -> Choice:
    title, on = dossier.occasion, dossier.occasion_on
    named = title and len(title) <= _LONGEST_TITLE and "(" not in title and hazard(title) is None
    if dossier.occasion_kind == "meeting" and on and named:
        places = (("summary", title), ("weekday", WEEKDAYS[dossier.language][on.weekday()]))
        pick_up = PickUp("chance", title, on, _number(dossier, title), places)
        return _begun(usual, pick_up, news=None, request="chance", subject="chance")
    if dossier.person.hoped:
        return _hoped(dossier, usual)
    return _begun(usual, _occasion(dossier) or usual.pick_up)


def _thanks(dossier: Dossier, usual: Choice) -> Choice:
    kind = _THANKS.get(dossier.occasion_kind)
    if kind is None or dossier.occasion_on is None:
        return usual
    pick_up = PickUp(kind, "", dossier.occasion_on, _number(dossier, dossier.occasion))  # type: ignore[arg-type]
    return _alone(usual, pick_up, "thanks")


def _reached(dossier: Dossier, usual: Choice) -> Choice:
    goal = dossier.occasion.strip().rstrip(".!")
    if dossier.occasion_kind != "reached" or not _sayable(goal, dossier):
        return usual
    pick_up = PickUp("reached", goal, None, _number(dossier, goal), (("goal", goal.replace(": ", ", ")),))
    return _alone(usual, pick_up, "reached")


def _second_try(dossier: Dossier, usual: Choice) -> Choice:
    contact = tuple(item.number for item in dossier.of_kind("contact"))[:1]
    return _alone(usual, PickUp("second_try", "", dossier.occasion_on, contact), "second_try")


def _promise_kept(dossier: Dossier, usual: Choice) -> Choice:
    """Tell the win that keeps the promise; what a note says of it is for the owner's eyes."""
    row = next((row for row in dossier.of_kind("win") if row.text == dossier.kept_by), None)
    if row is None or not _sayable(row.text, dossier) or not whole(row.text, dossier.language):
        return usual
    loop = next((loop for loop in dossier.loops if loop.kind == "promise"), None)
    tied = loop is not None and reports(loop, dossier)
    return replace(_plain(dossier, usual), news=News(row, "promise" if tied else "line", loop), debt=None)


def _update(dossier: Dossier, usual: Choice) -> Choice | None:
    if usual.news is None:
        return None  # an update needs something new
    plain = _plain(dossier, usual)
    return _begun(usual, plain.pick_up, request="update", subject="advocate", way_out="")


_MADE: Final[dict[str, Callable[[Dossier, Choice], Choice | None]]] = {
    "owe-answer": _owe_answer,
    "hoped": _hoped,
    "chance": _chance,
    "thanks": _thanks,
    "goal-met": _reached,
    "second-try": _second_try,
    "promise-kept": _promise_kept,
    "update": _update,
}


def _begun(usual: Choice, pick_up: PickUp, **changes: Any) -> Choice:
    """Return the choice with another beginning; a promise that it began with is still spoken of."""
    owed = usual.pick_up if usual.pick_up.kind in {"thing", "thing_late", "doing_late", "telling"} else None
    debt = usual.debt or (owed if pick_up != owed else None)
    return replace(usual, pick_up=pick_up, debt=debt, **changes)


def _alone(usual: Choice, pick_up: PickUp, what: str) -> Choice:
    """Return a letter about one thing, with its own end in place of news, debts and an easy way to say no."""
    return replace(usual, pick_up=pick_up, news=None, debt=None, request=what, subject=what, way_out="")


def _plain(dossier: Dossier, usual: Choice) -> Choice:
    """Return the choice with a beginning that asks and promises nothing: how long ago, where it's long, or none."""
    return replace(usual, pick_up=last_written(dossier, RECENT))


def _occasion(dossier: Dossier) -> PickUp | None:
    """Return what they did, said to them ("You came to my poster"), None where that can't be."""
    text = dossier.occasion.strip().rstrip(".!")
    said = turned_round(text, dossier.language, formal=dossier.formal) if _sayable(text, dossier) else None
    if said is None:
        return None
    you, own_words = said
    places = (("You", you[:1].upper() + you[1:]),)
    return PickUp("occasion", own_words, dossier.occasion_on, _number(dossier, dossier.occasion), places)


def _sayable(text: str, dossier: Dossier) -> bool:
    short = 0 < len(text.split()) <= _LONGEST_OCCASION
    return short and hazard(text) is None and in_language(text, dossier)


def _number(dossier: Dossier, text: str) -> tuple[str, ...]:
    row = dossier.row_with(text)
    return (row.number,) if row else ()
