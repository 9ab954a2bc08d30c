"""The parts a sentence is made of: names, greetings, how long ago, and the owner's shorthand turned into clauses.

Steady choice: the same person and week always give the same sentence, the next week another one.
"""

# ruff: noqa: SIM905 -- lists of words are read best as text
from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final
from zlib import crc32

from assistant.core.evidence.subjects import topic
from assistant.core.language.days_in_words import month_since
from assistant.core.language.detect import detect
from assistant.core.language.titles import DEGREES, DEGREES_OR_NAMES, GENERATIONS, TITLES, TITLES_OR_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.evidence.dossier import Dossier, Evidence

_TITLES: Final = (TITLES - TITLES_OR_NAMES) | {"ing", "mag"}
_SUFFIXES: Final = GENERATIONS | (DEGREES - DEGREES_OR_NAMES) | {"ph.d", "m.d"}
_PARTICLES: Final = frozenset("van von de der den del della di da la le el al bin ter ten zu zum zur".split())
_NOT_LATIN = 0x24F
_PAST: Final = frozenset(
    "shipped led gave closed finished launched wrote published won presented built got passed started moved completed "
    "delivered released ran hired made became joined cut fixed reduced saved landed spoke taught organised organized "
    "opened set took designed introduced merged migrated automated mentored trained handed helped solved negotiated "
    "ported rewrote replaced defended submitted received earned signed held doubled turned brought put found learned "
    "learnt rolled wrapped improved sped raised managed planned reached grew recruited onboarded documented".split()
)
_PASSIVE: Final = frozenset(
    "promoted accepted invited selected chosen asked nominated elected awarded offered named".split()
)
_VERBS: Final = frozenset(
    "ship lead give close finish launch write publish win present build get pass start move complete deliver "
    "release run "
    "hire make become join cut fix reduce save land speak teach organise organize open set take design introduce merge "
    "migrate automate mentor train help solve negotiate port rewrite replace defend submit reach grow find "
    "learn improve "
    "raise manage plan talk ask go look think try keep stop say tell show use read work put wait change apply "
    "choose focus "
    "aim let do be have bring send meet call note track draw draft define decide agree push hold stay leave "
    "spend invest "
    "step practise practice prepare record collect delegate trust listen measure name own propose suggest sell "
    "sign take "
    "turn walk drop cover share connect book bet buy create develop document establish expand explore extend "
    "follow".split()
)
_THIRD: Final = re.compile(
    r"\b(?:she|he|her|him|his|hers|they|them|their|sie|er|ihm|ihn|ihr|ihre|ihren|ihrem|seine?|seinen|seinem)\b",
    re.IGNORECASE,
)
_FINITE: Final = re.compile(r"\b(?:is|are|was|were|has|have|had|went|goes|won|got|works|runs|made)\b", re.IGNORECASE)
_TALKED = re.compile(
    r"^(?:we )?(?:talked|spoke|discussed|chatted|went)(?: about| through| over| on)? (?P<what>.+)$", re.IGNORECASE
)
_LONGEST_CLAUSE: Final = 14
_SHORTEST_NAME: Final = 3
"""Letters of a name in capitals that is no pair of initials."""


def first_name(name: str) -> str:
    """Return what to call somebody: "Jane" of "Dr. Jane Roe (Acme)", the whole name where no part is surely given."""
    name = re.split(r"[(|/<\[]", name)[0].strip(" ,.-'\"")
    if name.count(",") == 1:
        last, given = (part.strip() for part in name.split(","))
        name = last if given.lower().strip(".") in _SUFFIXES else f"{given} {last}"
    words = name.replace(",", " ").split()
    titles = [word for word in words if word.lower().strip(".") in _TITLES]
    words = [word for word in words if word.lower().strip(".") not in _TITLES | _SUFFIXES]
    if not words:
        return name
    if titles and len(words) == 1:
        return " ".join([*titles, *words])
    given = words[0]
    whole = " ".join(words)
    if any(ord(char) > _NOT_LATIN for char in given) and not _spelled(given):
        return whole
    if len(given.strip(".")) == 1 or given.lower() in _PARTICLES:
        return whole
    return given.title() if given.islower() or (given.isupper() and len(given) >= _SHORTEST_NAME) else given


def _spelled(word: str) -> bool:
    """Return whether the script has letters with cases or is written given name first (Greek, Cyrillic, Arabic, …)."""
    return not any("\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in word)


def greeting(dossier: Dossier, language: str) -> str:
    """Return how the draft opens: as the owner greets this person, else "Hi Jane," or "Hallo Jana,"."""
    if dossier.greeting:
        return dossier.greeting
    name = first_name(dossier.person.name)
    titled = name.split()[0].lower().strip(".") in _TITLES if name else False
    word = ("Guten Tag" if titled or dossier.formal else "Hallo") if language == "de" else ("Dear" if titled else "Hi")
    if language == "de" and dossier.formal:
        name = dossier.person.name
    return f"{word} {name},".replace(" ,", ",")


def sign_off(dossier: Dossier, closing: str) -> str:
    """Return how the draft ends: as the owner signs, else a closing and the owner's first name."""
    if dossier.sign_off:
        return dossier.sign_off
    name = dossier.owner_name if dossier.formal else first_name(dossier.owner_name)
    return f"{closing}\n{name}".strip()


def slots(dossier: Dossier, language: str) -> dict[str, str]:
    """Return the known slots of an opening: since, v, uns, about (maybe ""), goal. No since: never in touch."""
    found = _goal_slots(dossier.person.goal, language)
    if dossier.last_contact_on is None:
        return found
    found["since"] = month_since(dossier.last_contact_on, dossier.today, language)
    what = shared_topic(dossier, language)
    spoken = dossier.last_kind not in {"mail", "emailed"}
    if language == "de":
        found["about"] = f" (zum Thema {what})" if what else ""
        how = {"mail": "geschrieben", "emailed": "geschrieben", "called": "telefoniert", "talked to": "gesprochen"}
        how |= {"done": "Kontakt gehabt"}
        found["v"] = how.get(dossier.last_kind, "gesprochen" if what else "getroffen")
        found["uns"] = "uns " if found["v"] in {"geschrieben", "getroffen"} else ""
        return found
    found["about"] = f", about {what}" if what else ""
    how = {"mail": "wrote", "emailed": "wrote", "called": "spoke", "talked to": "talked"}
    how |= {"done": "were in touch"}
    found["v"] = (
        how["done"]
        if dossier.last_kind == "done"
        else "talked"
        if what and spoken
        else how.get(dossier.last_kind, "met")
    )
    return found


def shared_topic(dossier: Dossier, language: str) -> str | None:
    """Return what the last contact was about in words, None where nothing that a person would say is known."""
    if dossier.language != language:
        return None  # they write to each other in a language this writer has not: the subject is in it, too
    if what := topic(dossier.last_subject, language):
        return what
    met = next(iter(dossier.of_kind("met")), None)
    if met is None or met.on != dossier.last_contact_on or language != "en":
        return None
    match = _TALKED.match(met.text.split(",")[0].split(";")[0].split(".")[0])
    return topic(match["what"], language) if match and not _THIRD.search(match["what"]) else None


def _goal_slots(goal: str | None, language: str) -> dict[str, str]:
    if language == "de":
        usable = goal is not None and detect(goal) in {None, "de"} and len(goal.split()) <= _LONGEST_CLAUSE
        named = f" „{goal.rstrip('. ')}“" if goal and usable else ""
        kind = "Ziel" if named else "gemeinsames Ziel"
        dative = "unserem Ziel" if named else "unserem gemeinsamen Ziel"
        return {"goal": f"{dative}{named}", "goal_acc": f"unser {kind}{named}", "goal_cap": f"Unser {kind}{named}"}
    words = _english_goal(goal)
    return {"goal": words, "goal_acc": words, "goal_cap": words[:1].upper() + words[1:]}


def _english_goal(goal: str | None) -> str:
    if not goal or detect(goal) not in {None, "en"} or len(goal.split()) > _LONGEST_CLAUSE:
        return "our common goal"
    goal = goal.strip(" .")
    first = goal.split()[0].lower()
    if first in _VERBS:
        return f"our plan to {goal[0].lower()}{goal[1:]}"
    if first in {"the", "our", "a", "an"}:
        return goal[0].lower() + goal[1:]
    worded = topic(goal, "en")
    return worded if worded and not worded[0].isdigit() else f"our goal (“{goal}”)"


def _in_language(text: str, language: str) -> bool:
    return (detect(text) or language) == language and _looks(text, language)


def _looks(text: str, language: str) -> bool:
    # Short notes hold too few function words for `detect`: umlauts and a few tell-tale words decide.
    german = bool(
        re.search(r"[äöüß]|\b(?:und|der|die|das|für|mit|den|im|auf|nicht|erst|eine?|zum|zur)\b", text.lower())
    )
    english = bool(re.search(r"\b(?:the|and|for|with|of|to|my|our|in|on|at|first)\b", text.lower()))
    return not german if language == "en" else not english


def news(win: Evidence, language: str) -> str | None:
    """Return a win as a clause that follows a colon, None where its words do not suit a letter in that language."""
    text = win.text.strip().rstrip(".!")
    if not _in_language(text, language) or len(text.split()) > _LONGEST_CLAUSE + 6 or re.search(r"[.!?;] ", text):
        return None
    first = text.split()[0].lower()
    lowered = text[0].lower() + text[1:] if text.split()[0][1:].islower() else text
    if language == "de":
        return text
    if first in _PAST:
        return f"I {lowered}"
    if first in _PASSIVE:
        return f"I was {lowered}"
    return lowered if first in {"i", "we", "the", "my", "our", "a", "an", "got"} and first != "i" else text


def advice(item: Evidence, language: str) -> str | None:
    """Return advice as it follows "your advice": "to go for staff", or quoted; None where neither reads well."""
    text = re.sub(
        r"^(?:she|he|they) (?:says?|said|advised|thinks?)(?: that)?:?\s+(?:to\s+)?",
        "",
        item.text.strip(),
        flags=re.IGNORECASE,
    )
    text = text.rstrip(".!").strip()
    if not text or not _in_language(text, language) or len(text.split()) > _LONGEST_CLAUSE or _THIRD.search(text):
        return None
    words = text.split()
    if language == "en" and words[0].lower() in _VERBS and not re.search(r"[.!?;:]", text):
        return f"to {words[0].lower()} {' '.join(words[1:])}".strip()
    if language == "en" and words[0].lower() in {"don't", "don’t", "never"} and len(words) > 1:
        return f"{'never' if words[0].lower() == 'never' else 'not'} to {' '.join(words[1:])}"
    return f"(“{text}”)" if language == "en" else f"(„{text}“)"


def aim(goal: str, language: str) -> str | None:
    """Return one of the owner's goals as it follows a colon, None where it does not suit a letter in that language."""
    text = goal.strip().rstrip(".!")
    if not text or not _in_language(text, language) or len(text.split()) > _LONGEST_CLAUSE:
        return None
    words = text.split()
    if language == "en" and words[0].lower() in _VERBS:
        return f"to {words[0].lower()} {' '.join(words[1:])}".strip()
    return text


_TELLING = 9
"""Letters a fixed part needs to tell one template from another: a mere ", and " says nothing."""


def week_number(week: str) -> int:
    """Return a running number of an ISO week ("2026-W13"): one more each week, over the turn of the year too."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1).toordinal() // 7


def ordered(options: Sequence[str], dossier: Dossier, what: str) -> list[str]:
    """Return the options, this week's first, then the next weeks'; those said last time stand at the end."""
    start = (crc32(f"{dossier.person.handle} {what}".encode()) + week_number(dossier.week)) % len(options)
    turned = [*options[start:], *options[:start]]
    return sorted(turned, key=lambda option: said_before(option, dossier))


def pick(options: Sequence[str], dossier: Dossier, what: str) -> str:
    """Return this week's option for this person (`options` is not empty)."""
    return ordered(options, dossier, what)[0]


def said_before(template: str, dossier: Dossier) -> bool:
    """Return whether the template was used last time: its longest fixed part stands in what was said."""
    if not dossier.previous:
        return False
    fixed = max(re.split(r"\{\w+\}|\[[^\]]*\]", template), key=len)
    return len(fixed) >= _TELLING and any(fixed in sentence for sentence in dossier.previous)


def address(template: str, *, formal: bool) -> str:
    """Return the template with its "[du|Sie]" places filled for one form of address."""
    return re.sub(r"\[([^|\[\]]*)\|([^\[\]]*)\]", lambda match: match[2 if formal else 1], template)
