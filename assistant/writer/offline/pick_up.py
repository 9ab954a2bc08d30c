"""What a letter takes up: a question that is surely alive, a promise that is owed, advice; never more than that.

    open loops -> settled, past, too private? -> said again in its own words, or left to the brief

A letter alludes to nothing: what can't be said again so that the reader knows at once what is meant is not taken up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from assistant.core.evidence.hazards import hazard
from assistant.core.evidence.open_loops import telling, touches, without_some_day
from assistant.core.language.calendar_words import MONTHS
from assistant.core.language.cues import bare, says
from assistant.core.language.detect import detect
from assistant.writer.offline.news import paragraph_before, promised, reports, said, said_before, same_thing
from assistant.writer.offline.phrase_tables import phrases
from assistant.writer.offline.things import named_before, thing_of

if TYPE_CHECKING:
    from datetime import date

    from assistant.core.evidence.dossier import Dossier, OpenLoop

Opening = Literal[
    "question", "question_about", "indirect", "advice", "met", "date", "none", "first", "goal_met",
    # of situations.py
    "occasion", "occasion_none", "chance", "thanks_introduced", "thanks_favour", "reached", "second_try",
]  # fmt: skip
Owed = Literal["thing", "thing_late", "doing_late", "telling"]

LONGEST_QUOTE: Final = 140
"""Characters of a quote that a reader takes in at a glance; a longer one is cut at a clause."""
STALE: Final = 200
"""Days after which nobody remembers a question."""
_OVERTAKEN: Final = 75
"""Days after which life has answered most questions, but for those about what was."""
_NEAR: Final = 3
"""Sentences before a question that opens its paragraph, which say what it is about."""
_SOON: Final = 14
"""Days after which "tomorrow" and "next week" are past."""
_LATE: Final = 45
"""Days after which a promise without a date is late."""
_SHORT_TOPIC: Final = 2
"""Words of a German subject behind "zum Thema": "Gespräch mit Frau Ott" reads oddly there."""
_LEAST: Final = 4
"""Words of an indirect question, or of what was to be done, that still say something."""
_SPOKEN: Final = frozenset({"met", "called", "talked to", "meeting"})
# "And did it hold?" begins in the middle of a talk.
_LEAD = re.compile(
    r"^(?:(?:and|but|so|now|well|besides|und|aber|also|außerdem|et|mais|alors|donc|du coup|par ailleurs|y|pero|"
    r"pues|bueno|e|además|por otr[oa] (?:lado|parte))\b[\s,]*)+",
    re.IGNORECASE,
)
# "If you ever have an hour, …" asks nothing; behind a verb ("let me know if …") it does.
_ASKING: Final = {
    "en": r"\b(?:whether|how|why|where|what|which|who|when)\b|(?<=\w )if\b",
    "de": r"\b(?:ob|wie|warum|weshalb|wo|was|wer|wann|welche[nmrs]?|woran|womit|wofür|wohin)\b",
    "fr": r"(?<=\w )si\b|\b(?:comment|pourquoi|où|ce qu[ei’']|quand|quel(?:le)?s?|combien)\b",
    "es": r"(?<=\w )si\b|\b(?:cómo|por qué|dónde|qué|cuándo|quién|cuál(?:es)?|cuánt[oa]s?)\b",
}
_JOINT: Final = re.compile(r",\s|\b(?:and|or|und|oder|et|ou|y|o)\b", re.IGNORECASE)
# What stands behind "your advice", in words that need no bending.
_ADVISED: Final = {
    "en": r"\b(?:said|told me|advised me|warned me|advice(?: was)?) (?P<said>(?:(?:never|not) )?to [^,;:.?!–—(]+)",
    "de": r"\b(?:rat|tipp|vorschlag|ratschlag), (?P<said>[^,;:.?!–—(]*\b(?:zu \w+n|\w{2,}zu\w+n)\b[^,;:.?!–—(]*)",
    "fr": r"(?:conseillé|recommandé|suggéré|conseil) (?P<said>(?:de |d['’])(?:ne pas )?\w+(?:er|ir|re) [^,;:.?!–—(]+)",
    "es": r"\b(?:aconsej\w+|recomend\w+|suger\w+|consejo de) (?P<said>(?:no )?\w+[aei]r(?:l[aeo]s?|me)? [^,;:.?!–—(]+)",
}
# Words of a main clause behind an indirect question: "Ob das Dach hielt, wüsste ich gern".
_ENDS: Final = re.compile(
    r",\s+(?=(?:wüsste|würde|möchte|interessiert|hätte|weil|because|since|car|parce|porque)\b)|\s[–—-]\s|;"
)
# German "wie Sie das sehen": a "das" without a noun points to the sentence before.
_BARE_DAS: Final = re.compile(r"\bdas [a-zäöü]+(?:\s+(?![A-ZÄÖÜ])|[,.?!]|$)")
# Pronouns that look like articles, and adjectives that want to know for what: "Könntest du mir die raussuchen?",
# "tu peux me les envoyer ?", "Do you think I'm ready?".
_END: Final = r"\s*(?:[,.?!]|$)"
_POINTS: Final = {
    "en": rf"\b(?:ready|able|worth|up to|qualified|suitable){_END}",
    "de": r"(?<![,;] )\b(?:die|den|dem)\s(?!(?:[a-zäöüß\d-]+\s){0,3}[A-ZÄÖÜ\d])"
    rf"|\b(?:bereit|reif|geeignet|so ?weit){_END}",
    "fr": rf"\b(?:me|te|nous|vous) l(?:es?|a) \w|\b(?:prêt|capable|à la hauteur|de taille)e?s?{_END}",
    "es": r"\b(?:me|te|nos|os|se) l[oa]s? \w|\w+r(?:me|te|nos|os|se)l[oa]s?\b"
    rf"|\b(?:list|preparad|capacitad)[oa]s?{_END}",
}
_WILL: Final = re.compile(
    r"(?:\b(?:i|we)(?:['’]ll|\s+will|\s+shall)|^(?:yes,\s+)?will)\s+(?P<doing>[^,;:.!?–—(]+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PickUp:
    """What a sentence takes up. `text` is the owner's words in it, "" for none; `on` the day it speaks of."""

    kind: Opening | Owed
    text: str = ""
    on: date | None = None
    evidence: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    """Places of a situation's own phrases, with what fills them: "weekday", "Tuesday"."""


def live_questions(dossier: Dossier) -> list[PickUp]:
    """Return the questions that may be asked again, those of last time's draft last."""
    found = [one for loop in dossier.loops if loop.kind == "question" and (one := _question(loop, dossier))]
    return sorted(found, key=lambda one: said(one.text, dossier))


def debts(dossier: Dossier, kept: OpenLoop | None = None) -> list[PickUp]:
    """Return the promises that are still owed, however long ago they were made; `kept` is one that news keeps.

    One without a name is left to the brief.
    """
    owed = [loop for loop in dossier.loops if loop.kind == "promise" and loop != kept]
    open_still = (loop for loop in owed if not _spoke_since(loop, dossier) and not _came_about(loop, dossier))
    found = [debt for loop in open_still if (debt := _debt(loop, dossier))]
    return sorted(found, key=lambda one: bool(one.text) and said(one.text, dossier))


def _came_about(loop: OpenLoop, dossier: Dossier) -> bool:
    """Return whether a win since speaks of what was promised, which may be done by it."""
    since = (win.text for win in dossier.of_kind("win") if win.on and win.on > loop.on)
    return any(same_thing(text, promised(loop, dossier)) for text in since)


def advice(dossier: Dossier) -> PickUp | None:
    """Return advice of theirs that the owner wrote of and that can be named, None where there is none of late."""
    for loop in dossier.loops:
        late = (dossier.today - loop.on).days > STALE
        if loop.kind != "advice" or late or any(touches(win.text, loop.quote) for win in dossier.of_kind("win")):
            continue
        if named := _advised(loop.quote, dossier.language):
            return PickUp("advice", named, loop.on, _number(loop))
    return None


def _advised(quote: str, language: str) -> str:
    """Return what was advised, as it stands behind "your advice": "to start small", "d'attendre"; "" for none."""
    found = re.search(_ADVISED[language], quote, re.IGNORECASE) if language in _ADVISED else None
    said = " ".join(found["said"].split()).rstrip(" .!,;:–—-") if found else ""
    clear = len(said.split()) >= _LEAST and len(said) <= LONGEST_QUOTE and _stands_alone(said, language)
    return said if clear and hazard(said) is None and not says("near", language, said) else ""


def met(dossier: Dossier) -> PickUp | None:
    """Return that the two met or spoke, None where the last contact was a letter."""
    if dossier.last_kind not in _SPOKEN or dossier.last_contact_on is None:
        return None
    return PickUp("met", on=dossier.last_contact_on, evidence=_contact(dossier))


def last_written(dossier: Dossier, recent: int) -> PickUp:
    """Return that time has passed since the owner wrote, where it is more than `recent` days."""
    on = dossier.last_letter_on
    if on and (dossier.today - on).days > recent:
        return PickUp("date", on=on, evidence=_contact(dossier))
    return PickUp("none")


def settled(loop: OpenLoop, dossier: Dossier) -> bool:
    """Return whether a question isn't open any more: its day is past, or a win or a note has come that touches it."""
    if loop.kind != "question":
        return False
    since = (item for item in dossier.of_kind("win", "note", "met") if item.on and item.on > loop.on)
    asked = _indirect(loop.quote, dossier.language) or loop.quote
    past = _past(without_some_day(loop.quote), (dossier.today - loop.on).days, dossier.language)
    return past or any(touches(item.text, asked) for item in since)


def _past(text: str, days: int, language: str) -> bool:
    """Return whether what a question asks about was for a day or a month that has gone by."""
    return (days > _SOON and says("near", language, text)) or (days > _LATE and _names_month(text, language))


def _contact(dossier: Dossier) -> tuple[str, ...]:
    return tuple(item.number for item in dossier.of_kind("contact"))[:1]


def _question(loop: OpenLoop, dossier: Dossier) -> PickUp | None:
    """Return a question to be asked again, None unless it is surely open and clear without the letter around it."""
    days, language = (dossier.today - loop.on).days, dossier.language
    text = _LEAD.sub("", " ".join(loop.quote.split()))
    closed = days > STALE or _spoke_since(loop, dossier) or settled(loop, dossier)
    # Who wrote again and didn't repeat a question has had the answer, most likely.
    closed = closed or (dossier.last_letter_on is not None and loop.on < dossier.last_letter_on)
    unfit = any(says(cue, language, text) for cue in ("health", "private", *(("season",) if days > _LATE else ())))
    if closed or unfit:
        return None
    if clause := _indirect(text, language):
        return PickUp("indirect", clause, loop.on, _number(loop)) if _fits(clause, language) else None
    past = days > _OVERTAKEN and not says("bygone", language, text)
    topic = _topic(text, loop, dossier)
    clear = text.endswith("?") and len(text) <= LONGEST_QUOTE and _stands_alone(text, language, named=bool(topic))
    if not clear or past or not _fits(text, language):
        return None
    if topic:
        return PickUp("question_about", text, loop.on, _number(loop), (("topic", topic),))
    return PickUp("question", text, loop.on, _number(loop))


def _topic(question: str, loop: OpenLoop, dossier: Dossier) -> str:
    """Return what a question is about, where the sentences before it say so and the question doesn't; "" for none.

    It is the letter's subject, with the article that it has there: "the rota". German needs none behind "Thema".
    """
    topic = (dossier.topic or "").strip()
    before = " ".join(paragraph_before(loop, dossier) or said_before(loop, dossier)[-_NEAR:])
    if not topic or hazard(topic) or touches(question, topic) or not touches(before, topic):
        return ""
    if dossier.language == "de":
        return topic if len(topic.split()) <= _SHORT_TOPIC else ""
    articles = "|".join(map(re.escape, str(phrases(dossier.language)["thing"]["article"]).split()))
    noun = re.sub(rf"^(?:{articles})\s", "", topic, flags=re.IGNORECASE)
    found = re.search(rf"\b(?:{articles})\s?{re.escape(noun)}\b", before, re.IGNORECASE)
    return found[0][:1].lower() + found[0][1:] if found else ""


def _indirect(text: str, language: str) -> str:
    """Return what a sentence asks indirectly ("whether the wall held"), "" for none that is clear by itself."""
    found = re.search(_ASKING[language], text, re.IGNORECASE) if language in _ASKING else None
    if not found:
        return ""
    before = text[: found.start()]  # "Will you still tell me whether …?"
    polite = text.endswith("?") and says("you", language, before) and says("me", language, before)
    if not polite and not says("question", language, text):
        return ""
    rest, *more = _ENDS.split(text[found.start() :])[0].split(", ")
    for part in more:  # "…, and I find I'm asking now": what is about the writer is no part of it
        if says("me", language, part):
            break
        rest = f"{rest}, {part}"
    clause = (rest.split(",")[0] if not found.start() else rest).rstrip(" .?!,…")
    clear = len(clause.split()) >= _LEAST and len(clause) <= LONGEST_QUOTE and _stands_alone(clause, language)
    return clause[:1].lower() + clause[1:] if clear else ""


def _stands_alone(text: str, language: str, *, named: bool = False) -> bool:
    """Return whether no word of a question points to the letter around it: "do you know anybody there?" does.

    Where its topic is `named` before it, words for a thing or a place point to that.
    """
    if not named and (re.search(_POINTS[language], text) or (language == "de" and _BARE_DAS.search(text))):
        return False
    words = text.split()
    pointing = (place for place, word in enumerate(words) if says("anaphor", language, word))
    first = next((place for place in pointing if not (named and says("it", language, words[place]))), None)
    if first is None:
        return True
    # "Did the barn hold, and who built it?" says itself what it means; "does he have a chance there?" doesn't.
    before = _JOINT.split(" ".join(words[: first + 1]))[:-1]
    if language == "de":  # a noun is needed: "Können Sie sagen, ob er …" names nobody
        before = [" ".join(word for word in clause.split()[1:] if word[0].isupper()) for clause in before]
    return any(telling(clause) for clause in before)


def _names_month(text: str, language: str) -> bool:
    words = {word.strip(".,;:?!") for word in bare(text).split()}
    months = {bare(month) for month in MONTHS.get(language, ())} - {"may", "march"}
    return bool(words & months)


def _debt(loop: OpenLoop, dossier: Dossier) -> PickUp | None:
    """Return a promise by its name, with an apology where it is late; None where it has none."""
    language, before = dossier.language, next(reversed(said_before(loop, dossier)), "")
    late = is_late(loop, dossier)
    risky = hazard(loop.quote) or hazard(before)
    if reports(loop, dossier):
        # "How it goes there": only then what it is about stands before.
        near = paragraph_before(loop, dossier)[-2:] if says("anaphor", language, loop.quote) else []
        told = "" if risky else named_before([*near, loop.quote], language)
        return PickUp("telling", told, loop.on, _number(loop)) if told else None
    thing = "" if risky else thing_of(loop.quote, language, before)
    if thing:
        return PickUp("thing_late" if late else "thing", thing, loop.on, _number(loop))
    doing = "" if risky or language != "en" or not late else _doing(loop.quote)
    return PickUp("doing_late", doing, loop.on, _number(loop)) if doing else None


def is_late(loop: OpenLoop, dossier: Dossier) -> bool:
    """Return whether a promise is overdue: long ago, and not waiting for something to come about."""
    return (dossier.today - loop.on).days > _LATE and not waits(loop, dossier.language)


def waits(loop: OpenLoop, language: str) -> bool:
    """Return whether a promise is for when something has come about: "once the article is out"."""
    return says("condition", language, loop.quote)


def _doing(promise: str) -> str:
    """Return what an English promise says will be done: "dig out the slides for you"; "" where that isn't clear."""
    found = _WILL.search(promise)
    doing = found["doing"].strip() if found else ""
    clear = len(doing.split()) >= _LEAST and _stands_alone(f"I {doing}", "en")
    return doing if clear else ""


def _spoke_since(loop: OpenLoop, dossier: Dossier) -> bool:
    last = dossier.last_contact_on
    return dossier.last_kind in _SPOKEN and last is not None and last > loop.on


def _number(loop: OpenLoop) -> tuple[str, ...]:
    return (loop.number,) if loop.number else ()


def _fits(text: str, language: str) -> bool:
    return hazard(text) is None and detect(text) in {None, language}
