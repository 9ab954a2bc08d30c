"""The brief by rules: at most nine headed lines, by role (docs/writer.md). In the owner's own language.

dossier -> where it was left, advice, what to tell, questions, what to avoid, an opening line, next step
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.core.evidence.dossier import Sentence
from assistant.core.language.days_in_words import ago, day_in_words
from assistant.writer.offline import brief_de, brief_en
from assistant.writer.offline.draft import family, situation
from assistant.writer.offline.wording import address, first_name, ordered, pick

if TYPE_CHECKING:
    from types import ModuleType

    from assistant.core.evidence.dossier import Dossier, Evidence, EvidenceKind

MOST_LINES: Final = 9
_MOST_QUESTIONS: Final = 3


def brief(dossier: Dossier) -> tuple[Sentence, ...]:
    """Return the lines of the brief, each with its heading as `kind`; never more than nine."""
    return _Brief(dossier).written()


class _Brief:
    """One brief in the making."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.language = "de" if dossier.owner_language == "de" else "en"
        self.lines: ModuleType = brief_de if self.language == "de" else brief_en
        self.family = family(dossier)
        self.situation = situation(dossier)
        self.name = first_name(dossier.person.name)

    def written(self) -> tuple[Sentence, ...]:
        """Return all lines in reading order, the least telling ones left out where there are more than nine."""
        motives = self._motives() if self.family == "ally" else []
        parts = [*self._left_off(), *self._advice()[:1], *self._tell()[:2], *motives, *self._questions()]
        parts += [*self._next_step()[:1], *self._avoid()[:1], *self._opening()]
        for heading, keep in (("ask", 2), ("left_off", 2), ("avoid", 0), ("left_off", 1), ("ask", 1), ("tell", 1)):
            while len(parts) > MOST_LINES and sum(line.kind == heading for line in parts) > keep:
                last = max(index for index, line in enumerate(parts) if line.kind == heading)
                del parts[last]
        return tuple(parts)

    def _line(self, heading: str, template: str, evidence: tuple[str, ...] = (), **values: str) -> Sentence:
        return Sentence(heading, template.format(name=self.name, **values), evidence)

    def _day(self, item: Evidence) -> str:
        return day_in_words(item.on, self.language) if item.on else self.lines.UNDATED

    def _of(self, *kinds: EvidenceKind) -> tuple[Evidence, ...]:
        return tuple(item for item in self.dossier.of_kind(*kinds) if item.text)

    def _left_off(self) -> list[Sentence]:
        day = self.dossier.last_contact_on
        if day is None or self.dossier.days_since is None:
            return [self._line("left_off", pick(self.lines.NEVER, self.dossier, "never"))]
        how = self.lines.HOW.get(self.dossier.last_kind, self.lines.HOW["met"])
        subject = self.lines.SUBJECT.format(subject=self.dossier.last_subject) if self.dossier.last_subject else ""
        numbers = tuple(item.number for item in self.dossier.of_kind("contact"))
        when = {"day": day_in_words(day, self.language), "ago": ago(self.dossier.days_since, self.language)}
        found = [self._line("left_off", self.lines.LEFT_OFF, numbers, how=how, subject=subject, **when)]
        found += [
            self._line("left_off", self.lines.NOTED, (item.number,), day=self._day(item), text=item.text)
            for item in self._of("met", "note")[:2]
        ]
        return found

    def _advice(self) -> list[Sentence]:
        given = self._of("advice")
        if not given:
            return []
        item = given[0]
        template = pick(self.lines.ADVICE, self.dossier, "brief advice")
        return [self._line("advice", template, (item.number,), day=self._day(item), text=item.text)]

    def _tell(self) -> list[Sentence]:
        wins = self._of("win")
        found = [
            self._line("tell", self.lines.TELL, (win.number,), day=self._day(win), text=win.text) for win in wins[:2]
        ]
        asked = self._of("ask")
        if asked:
            item = asked[0]
            found.insert(1, self._line("tell", self.lines.ASKED, (item.number,), day=self._day(item), text=item.text))
        if not found or (self.family == "advocate" and not wins):
            found.insert(0, self._line("tell", pick(self.lines.NOTHING_TO_TELL[self._telling()], self.dossier, "tell")))
        if self.family == "advocate":
            found.insert(0, self._line("tell", pick(self.lines.SEEN_AS, self.dossier, "seen")))
        return found

    def _telling(self) -> str:
        if self.situation == "goal-met":
            return "ally-met"
        if self.family == "ally" and self.situation in {"candidate", "never"}:
            return "ally-open"
        return "never" if self.dossier.days_since is None and self.family in {"mentor", "advisor"} else self.family

    def _questions(self) -> list[Sentence]:
        key = f"{self.family}-met" if self.situation == "goal-met" else self.family
        if self.situation in {"candidate", "hoped"}:
            key = f"{self.family}-candidate"
        options = ordered(self.lines.QUESTIONS[key], self.dossier, "questions")
        found = [self._line("ask", option) for option in options[:_MOST_QUESTIONS]]
        goals = [item for item in self._of("goal") if item.text in self.dossier.owner_goals]
        if goals and self.family in {"advisor", "advocate", "mentor"}:
            number = pick([item.number for item in goals], self.dossier, "goal")
            goal = next(item for item in goals if item.number == number)
            found[1] = self._line("ask", self.lines.GOAL_QUESTION[self.family], (goal.number,), text=goal.text)
        return found

    def _motives(self) -> list[Sentence]:
        own = next((item for item in self._of("goal") if item.text not in self.dossier.owner_goals), None)
        if own is None and self.situation != "goal-met":
            return [self._line("motives", pick(self.lines.MOTIVES_OPEN, self.dossier, "motives"))]
        if self.situation == "goal-met" or own is None:
            return [self._line("motives", pick(self.lines.MOTIVES, self.dossier, "motives"))]
        goal = self.dossier.person.goal or ""
        return [self._line("motives", pick(self.lines.MOTIVES_GOAL, self.dossier, "motives"), (own.number,), text=goal)]

    def _next_step(self) -> list[Sentence]:
        coming = [item for item in self.dossier.of_kind("meeting") if item.on and item.on > self.dossier.today]
        if coming:
            item = coming[-1]
            text = self.lines.QUOTED.format(text=item.text) if item.text else ""
            return [self._line("next_step", self.lines.COMING, (item.number,), day=self._day(item), text=text)]
        if self.family == "ally":
            return [self._ally_step()]
        if self.family == "advocate" or self.situation == "candidate":
            key = "candidate" if self.situation == "candidate" else "advocate"
            return [self._line("next_step", pick(self.lines.NEXT[key], self.dossier, "next"))]
        return []

    def _ally_step(self) -> Sentence:
        until = self.dossier.person.until
        if self.situation == "goal-met":
            return self._line("next_step", pick(self.lines.NEXT["ally-met"], self.dossier, "next"))
        if until is None:
            return self._line("next_step", pick(self.lines.NEXT["ally"], self.dossier, "next"))
        numbers = tuple(item.number for item in self.dossier.of_kind("goal") if item.on == until)
        past = "past" if until < self.dossier.today else "until"
        return self._line("next_step", self.lines.NEXT_UNTIL[past], numbers, day=day_in_words(until, self.language))

    def _avoid(self) -> list[Sentence]:
        return [self._line("avoid", pick(self.lines.AVOID[self.family], self.dossier, "avoid"))]

    def _opening(self) -> list[Sentence]:
        key = f"{self.family}-met" if self.situation == "goal-met" else self.family
        line = address(pick(self.lines.OPENING[key], self.dossier, "line"), formal=self.dossier.formal)
        return [self._line("opening", line)]
