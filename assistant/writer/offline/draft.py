"""The draft by rules: a greeting, what ties to the last contact, why now, one ask, an easy no, the owner's sign-off.

dossier -> slots and situation -> one sentence each, this week's variant -> 60 to 120 words
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.core.evidence.dossier import Sentence
from assistant.writer.offline import draft_de, draft_en
from assistant.writer.offline.wording import (
    address,
    advice,
    aim,
    greeting,
    news,
    ordered,
    pick,
    shared_topic,
    sign_off,
    slots,
)

if TYPE_CHECKING:
    from types import ModuleType

    from assistant.core.evidence.dossier import Dossier, EvidenceKind

LEAST_WORDS: Final = 60
MOST_WORDS: Final = 112
"""Words of a whole draft, greeting and sign-off included; the ceiling leaves room below 120."""
_LONG_DAYS: Final = 300
_RECENT_CADENCE: Final = 45
_TIES: Final = {
    "en": (
        "We last {v} {since}{about}.",
        "It was {since} that we last {v}{about}.",
        "Our last exchange was {since}{about}.",
        "When we last {v}, it was {since}{about}.",
    ),
    "de": (
        "Zuletzt haben wir {uns}{since} {v}{about}.",
        "Unser letzter Austausch war {since}{about}.",
        "Der letzte Austausch zwischen uns war {since}{about}.",
    ),
}


def draft_language(dossier: Dossier) -> str:
    """Return the language the offline writer uses for this person: German where they write German, else English."""
    return "de" if dossier.language == "de" else "en"


def draft(dossier: Dossier) -> tuple[str, tuple[Sentence, ...]]:
    """Return subject and sentences of the draft for this person and week."""
    return _Draft(dossier).written()


def family(dossier: Dossier) -> str:
    """Return which of the four roles a person's role is most like (a role of the owner's own, too)."""
    name, role = dossier.person.role, dossier.playbook
    if name in draft_en.OPENINGS:
        return name
    if role is None:
        return "mentor"
    if role.cadence_days is None:
        return "ally"
    if role.inside:
        return "advocate"
    return "mentor" if role.cadence_days <= _RECENT_CADENCE and role.inside is None else "advisor"


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


class _Draft:
    """One draft in the making."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.language = draft_language(dossier)
        self.phrases: ModuleType = draft_de if self.language == "de" else draft_en
        self.family = family(dossier)
        self.situation = situation(dossier)
        self.slots = slots(dossier, self.language)
        self.asked = self.situation in {"candidate", "hoped"}
        self.tone = "ally-met" if self.situation == "goal-met" else self.family

    def written(self) -> tuple[str, tuple[Sentence, ...]]:
        """Put the parts together and trim them to length."""
        closing = sign_off(self.dossier, pick(self.phrases.CLOSINGS, self.dossier, "close"))
        ends = [Sentence("greeting", greeting(self.dossier, self.language)), Sentence("close", closing)]
        opening, ask = self._opening(), self._ask()
        no = Sentence("warmth", self._say(self.phrases.NO[self.tone], "no"))
        why = self._why()
        middle = [*opening, *why[:1], ask, no]
        for extra, place in [*((part, -2) for part in why[1:]), *((part, -1) for part in self._extras())]:
            if _length([*ends, *middle]) >= LEAST_WORDS + 6:
                break
            if _length([*ends, *middle, extra]) <= MOST_WORDS:
                middle.insert(len(middle) + place, extra)
        while _length([*ends, *middle]) > MOST_WORDS and len(middle) > len(opening) + 2:
            middle.pop(len(opening))
        return self._subject(), (ends[0], *middle, ends[1])

    def _say(self, options: tuple[str, ...], what: str) -> str:
        return address(pick(options, self.dossier, what), formal=self.dossier.formal)

    def _fill(self, template: str) -> str:
        text = address(template, formal=self.dossier.formal).format_map(self.slots)
        return text[:1].upper() + text[1:]

    def _numbers(self, *kinds: EvidenceKind) -> tuple[str, ...]:
        return tuple(item.number for item in self.dossier.of_kind(*kinds))[:1]

    def _opening(self) -> list[Sentence]:
        options = self.phrases.OPENINGS[self.family]
        template = pick(options.get(self.situation) or options["due"], self.dossier, "opening")
        fact = "{" in template
        numbers = self._numbers("contact") if "{since}" in template else ()
        if "{goal" in template:
            numbers += self._numbers("goal")
        lines = [Sentence("fact" if fact else "why", self._fill(template), numbers)]
        if self.asked and "since" in self.slots:
            tie = pick(_TIES[self.language], self.dossier, "tie")
            lines.append(Sentence("fact", self._fill(tie), self._numbers("contact")))
        return lines

    def _why(self) -> list[Sentence]:
        """Return the reasons to write, the best first: thanks, news, advice, an aim, else the role's own reason."""
        if self.situation == "goal-met":
            return [Sentence("why", self._say(self.phrases.WHY["goal-met"], "why"))]
        found = [*self._news(), *self._advice(), *self._aim()]
        key = "ally-open" if self.family == "ally" and self.situation in {"candidate", "never"} else self.family
        return [*found, Sentence("why", self._say(self.phrases.WHY[key], "why"))]

    def _news(self) -> list[Sentence]:
        if self.asked and self.family != "advocate":
            return []
        for win in self.dossier.of_kind("win"):
            if clause := news(win, self.language):
                text = self._say(self.phrases.NEWS, "news").format(news=clause)
                follow = self._say(self.phrases.NEWS_FOLLOW[self.family], "follow")
                return [Sentence("fact", text, (win.number,), win.text), Sentence("why", follow)]
        return []

    def _advice(self) -> list[Sentence]:
        if self.asked:
            return []
        given = self.dossier.of_kind("advice")
        if not given:
            return []
        item = given[0]
        clause = advice(item, self.language)
        if clause is None:
            return [Sentence("fact", self._say(self.phrases.ADVICE_PLAIN, "advice"), (item.number,))]
        text = self._say(self.phrases.ADVICE, "advice").format(advice=clause)
        return [Sentence("fact", text, (item.number,))]

    def _aim(self) -> list[Sentence]:
        if self.family not in {"advisor", "advocate"}:
            return []
        for item in self.dossier.of_kind("goal"):
            if item.text in self.dossier.owner_goals and (words := aim(item.text, self.language)):
                text = self._say(self.phrases.GOAL, "aim").format(aim=words)
                return [Sentence("fact", text, (item.number,), item.text)]
        return []

    def _ask(self) -> Sentence:
        key = f"{self.family}-candidate" if self.asked else self.tone
        return Sentence("ask", self._say(self.phrases.ASKS[key], "ask"))

    def _extras(self) -> list[Sentence]:
        lines = ordered(self.phrases.WARMTH[self.tone], self.dossier, "warmth")
        return [Sentence("warmth", address(line, formal=self.dossier.formal)) for line in lines[:2]]

    def _subject(self) -> str:
        what = shared_topic(self.dossier, self.language)
        options: tuple[str, ...] = self.phrases.SUBJECTS[f"{self.family}-candidate" if self.asked else self.tone]
        if what and self.situation == "due" and self.family in {"mentor", "advisor"}:
            options = (*options, *self.phrases.TOPIC_SUBJECTS)
        text = self._say(options, "subject").replace("{topic}", what or "")
        return text[:1].upper() + text[1:]


def _length(sentences: list[Sentence]) -> int:
    return sum(len(sentence.text.split()) for sentence in sentences)
