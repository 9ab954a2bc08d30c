"""The brief by rules: at most four lines, each something this owner can use with this person (docs/writer.md).

    dossier -> left off · remember or tell · ask · what the role needs

Its lines stand in brief_LANGUAGE.toml, in the owner's own language.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from zlib import crc32

from assistant.core.evidence.dossier import Sentence
from assistant.core.evidence.hazards import hazard
from assistant.core.evidence.open_loops import touches
from assistant.core.evidence.playbook_lines import own_topics
from assistant.core.language.calendar_words import MONTHS
from assistant.core.language.days_in_words import near_day_in_words
from assistant.core.language.first_name import first_name
from assistant.core.language.typography import typeset
from assistant.writer.offline.choose import cut, family, situation
from assistant.writer.offline.greetings import whole_name
from assistant.writer.offline.news import news_for, said
from assistant.writer.offline.phrase import quoted
from assistant.writer.offline.phrase_tables import brief_lines, ordered, said_before
from assistant.writer.offline.pick_up import settled

if TYPE_CHECKING:
    from datetime import date

    from assistant.core.evidence.dossier import Dossier, Evidence, EvidenceKind, OpenLoop

MOST_LINES: Final = 4
_MOST_OF_FULL: Final = 12
_ALMOST_A_YEAR: Final = 330


def brief(dossier: Dossier) -> tuple[Sentence, ...]:
    """Return the lines of the brief in the owner's language, each with its heading as `kind`; never more than four."""
    return _Brief(dossier).short()


def full_brief(dossier: Dossier) -> tuple[Sentence, ...]:
    """Return all there is to say before a talk, for one who asks for it; at most twelve lines."""
    return _Brief(dossier).full()


class _Brief:
    """One brief in the making."""

    def __init__(self, dossier: Dossier) -> None:
        loops = _open(dossier)
        # They wrote since, which may have answered what was asked. What was promised is still owed.
        if dossier.situation == "owe-answer":
            loops = tuple(loop for loop in loops if loop.kind == "promise")
        self.dossier = replace(dossier, loops=loops)
        self.language = dossier.owner_language
        self.lines = brief_lines(self.language)
        self.family = family(dossier)
        self.situation = situation(dossier)
        # By the given name only where the owner would: "Claudia" is nobody an owner says Sie to.
        self.name = whole_name(dossier.person.name) if dossier.formal else first_name(dossier.person.name)

    def short(self) -> tuple[Sentence, ...]:
        """Return the four lines: the situation, left off, a promise beside it, tell, remember, what the role needs."""
        why, left_off = self._situation(), self._left_off()
        telling = self._telling(why)
        owed = self._beside()
        # One thing to tell and one to remember, the role's own first; two of a kind where there is nothing else.
        others = sorted(telling[1:], key=lambda line: line.kind == telling[0].kind)
        found = [*why, *left_off[:1], *owed, *telling[:1], *others[:1]][:MOST_LINES]
        # A question that fits anybody fills no line, nor does homework before a coffee where there is something to say.
        homework = {self.lines["advocate"]["unknown"], self.lines["ally"]["unknown"]} if self.dossier.loops else set()
        unknown = {self._line("", one).text for one in homework}
        role = [line for line in self._by_role() if line.text not in unknown]
        last = () if self.dossier.situation == "owe-answer" else (*self._asks(stock=False)[:1], *role[:1])
        return (*found, *last[: MOST_LINES - len(found)])

    def full(self) -> tuple[Sentence, ...]:
        """Return every line there is, in the same order, and when the two see each other next."""
        parts = [
            self._situation(),
            self._left_off()[:3],
            self._beside(),
            self._worth_telling(),
            self._asks()[:3],
            self._by_role(),
            self._coming(),
        ]
        lines = [line for lines in parts for line in lines]
        return tuple(dict.fromkeys(lines))[:_MOST_OF_FULL]

    def _line(self, heading: str, template: str, evidence: tuple[str, ...] = (), /, **values: str) -> Sentence:
        return Sentence(heading, typeset(template, self.language).format(name=self.name, **values), evidence)

    def _dated(self, heading: str, template: str, item: Evidence) -> Sentence:
        """Return a line on a piece of evidence: its day, and its words in quotation marks."""
        day = self._day(item.on or self.dossier.today)
        return self._line(heading, template, (item.number,), day=day, quoted=self._quote(item.text.strip()))

    def _of(self, *kinds: EvidenceKind) -> tuple[Evidence, ...]:
        return tuple(item for item in self.dossier.of_kind(*kinds) if item.text and hazard(item.text) is None)

    def _day(self, day: date) -> str:
        return near_day_in_words(day, self.dossier.today, self.language)

    def _quote(self, text: str) -> str:
        return quoted(text, self.language)

    def _situation(self) -> list[Sentence]:
        """Return the line on what the situation rests on, where the letter needs its owner to know of it."""
        said, on = self.dossier.occasion.strip(), self.dossier.occasion_on
        row = self.dossier.row_with(said)
        if row is None or on is None or hazard(said):
            return []
        table, situation = self.lines["situation"], self.dossier.situation
        template = table.get(f"{situation}_{self.dossier.occasion_kind}", table.get(situation))
        if template is None:
            return []
        heading = "remember" if situation in {"hoped", "chance"} else "next_step"
        day = self._day(on)
        return [self._line(heading, template, (row.number,), day=day, quoted=self._quote(said))]

    def _left_off(self) -> list[Sentence]:
        """Return what is open, else when they were last in touch."""
        found = [self._loop(loop) for loop in self.dossier.loops if hazard(loop.quote) is None]
        return found or [self._last_time()]

    def _beside(self) -> list[Sentence]:
        """Return the promise that stands beside what is open first, or the question beside a promise."""
        loops = [loop for loop in self.dossier.loops if hazard(loop.quote) is None]
        owed = [loop for loop in loops[1:] if loop.kind == "promise"]
        asked = [loop for loop in loops[1:] if loop.kind == "question" and loops[0].kind == "promise"]
        return [self._loop(loop) for loop in [*owed, *asked][:1]]

    def _loop(self, loop: OpenLoop) -> Sentence:
        """Return the line on one open loop; what asks without a question mark was wondered, not asked."""
        asks = loop.kind == "question" and loop.quote.endswith("?")
        return self._line(
            "left_off",
            self.lines["left_off"]["wondered" if loop.kind == "question" and not asks else loop.kind],
            (loop.number,) if loop.number else (),
            day=self._day(loop.on),
            quoted=self._quote(cut(loop.quote, question=asks) or loop.quote),
        )

    def _last_time(self) -> Sentence:
        table, dossier = self.lines["left_off"], self.dossier
        contact = tuple(item.number for item in dossier.of_kind("contact"))[:1]
        if dossier.last_contact_on is None:
            return self._line("left_off", table["never"])
        day = self._day(dossier.last_contact_on)
        if dossier.last_kind not in {"mail", "emailed"}:
            how = self.lines["how"].get(dossier.last_kind, self.lines["how"]["done"])
            met = next((item for item in self._of("met") if item.on == dossier.last_contact_on), None)
            if met is None:
                return self._line("left_off", table["spoken"], contact, day=day, how=how)
            values = {"day": day, "how": how, "quoted": self._quote(met.text)}
            return self._line("left_off", table["spoken_about"], (*contact, met.number), **values)
        subject = dossier.last_subject or ""
        if not subject or hazard(subject):
            return self._line("left_off", table["letter"], contact, day=day)
        return self._line("left_off", table["subject"], contact, day=day, quoted=self._quote(subject))

    def _telling(self, why: list[Sentence]) -> list[Sentence]:
        """Return what is worth telling, without what the situation rests on: that is said already."""
        rests = [line.evidence for line in why]
        return [line for line in self._worth_telling() if line.evidence not in rests]

    def _worth_telling(self) -> list[Sentence]:
        """Return what to tell and what to remember: wins that fit, what came of their advice, the owner's notes."""
        wins = [item for item in self._of("win") if item.text in self.dossier.wins]
        best = self.dossier.wins.index
        wins.sort(key=lambda item: (said(item.text, self.dossier), best(item.text)))
        tell = [self._dated("tell", self.lines["tell"]["win"], win) for win in wins[:2]]
        advice = [self._dated("tell", self.lines["tell"]["advice"], item) for item in self._of("advice")[:1]]
        used = [*self._notes("say"), *self._notes("motive")]
        notes = [item for item in self._of("note") if item not in used]
        notes.sort(key=lambda item: said(item.text, self.dossier))
        remember = [self._dated("remember", self.lines["remember"]["note"], item) for item in notes[:3]]
        asked = [self._dated("remember", self.lines["remember"]["ask"], item) for item in self._of("ask")[:1]]
        if self.family == "advisor":  # they wait to hear what their advice was good for
            return [*advice, *tell, *remember, *asked]
        if self.family == "advocate":  # no request without news
            return [*tell, *advice, *remember, *asked]
        return [*remember, *tell, *advice, *asked]

    def _asks(self, *, stock: bool = True) -> list[Sentence]:
        """Return questions for this role and the owner's goal, those of last time at the end; `stock`: others too."""
        table = self.lines["ask"]
        key = "first" if self.situation in {"candidate", "hoped"} else self.family
        if self.situation == "goal-met":
            key = "goal_met"
        last, days = self.dossier.last_contact_on, self.dossier.days_since
        # "Since March" is only clear within a year.
        named = MONTHS[self.language][last.month - 1] if last and days is not None and days < _ALMOST_A_YEAR else ""
        goal = self._goal() if key == self.family else None
        options = [one for one in self._fresh(table[key]) if named or "{month}" not in one]
        # What the owner wrote for the role comes before our questions.
        topics = [topic[:1].upper() + topic[1:] for topic in own_topics(self.dossier)]
        own = [Sentence("ask", topic) for topic in self._fresh(topics)] if topics else []
        plain = [self._line("ask", one, month=named) for one in options if stock]
        fresh = self._fresh(table[f"{key}_goal"]) if goal else []
        about = [self._line("ask", one, (goal[0],), goal=goal[1]) for one in fresh[:1] if goal]
        # With a mentor it is their turn first; the others are there for the goal.
        return [*own, *plain[:1], *about, *plain[1:]] if key == "mentor" else [*own, *about, *plain]

    def _fresh(self, options: list[str]) -> list[str]:
        return ordered(options, self.dossier, "brief ask")

    def _goal(self) -> tuple[str, str] | None:
        """Return number and words of the goal to ask about: the one shared with an ally, else one of the owner's."""
        shared = self.family == "ally"
        reached = [item for item in self._of("win") if item.text in self.dossier.wins]
        for item in self._of("goal"):
            text = self.dossier.person.goal if shared else item.text
            # What a win has brought nearer, or brought about, isn't asked for as if nothing had happened.
            nearer = not shared and any(touches(win.text, item.text) for win in reached)
            if text and not nearer and (item.text in self.dossier.owner_goals) != shared and text in item.text:
                return item.number, text.strip().rstrip(".")
        return None

    def _by_role(self) -> list[Sentence]:
        if self.family == "advocate":
            return self._advocate()
        if self.family == "ally":
            return self._ally()
        if self.family == "advisor":
            # Once a year is enough: each has a quarter of their own for it.
            quarter = crc32(self.dossier.person.handle.encode()) % 4
            due = quarter == (self.dossier.today.month - 1) // 3
            return [self._line("ask", self.lines["advisor"]["path"])] if due else []
        return []  # a mentor is asked for their story: see the questions

    def _notes(self, mark: str) -> list[Evidence]:
        """Return the notes that say what an advocate should say, or what drives two allies."""
        marks = self.lines["marks"][mark]
        return [item for item in self._of("note") if any(word in item.text.casefold() for word in marks)]

    def _advocate(self) -> list[Sentence]:
        table = self.lines["advocate"]
        wished = [self._dated("next_step", table["see_me"], item) for item in self._of("see-me")]
        found = wished or [self._dated("next_step", table["say"], item) for item in self._notes("say")[:1]]
        if not found and not said_before(table["unknown"], self.dossier):
            found = [self._line("next_step", table["unknown"])]
        coming = self._meeting()
        if coming is None:
            return found
        template = table["room" if coming.text else "room_untitled"]
        return [self._dated("next_step", template, coming), *found]

    def _ally(self) -> list[Sentence]:
        table, dossier = self.lines["ally"], self.dossier
        if self.situation == "goal-met":
            return [self._line("next_step", table["thanks"])]
        goal = dossier.person.goal
        if not goal:
            return [self._line("motives", table["open"])]
        number = tuple(item.number for item in self._of("goal") if goal in item.text)[:1]
        until = dossier.person.until
        key = "goal" if until is None else "past" if until < dossier.today else "until"
        day = self._day(until) if until else ""
        step = self._line("next_step", table[key], number, goal=goal.strip().rstrip("."), day=day)
        motives = [self._dated("motives", table["theirs"], item) for item in self._of("motive")]
        motives += [self._dated("motives", table["yours"], item) for item in self._of("my-motive")]
        motives = motives or [self._dated("motives", table["motive"], item) for item in self._notes("motive")[:2]]
        if not motives and not said_before(table["unknown"], dossier):
            motives = [self._line("motives", table["unknown"])]
        return [step, *motives] if until else [*motives, step]

    def _meeting(self) -> Evidence | None:
        coming = [item for item in self.dossier.of_kind("meeting") if _after(item.on, self.dossier.today)]
        return coming[-1] if coming else None

    def _coming(self) -> list[Sentence]:
        item = self._meeting()
        if item is None or self.family == "advocate":
            return []
        return [self._dated("next_step", self.lines["coming"]["meeting" if item.text else "untitled"], item)]


def _open(dossier: Dossier) -> tuple[OpenLoop, ...]:
    """Return what is still open: not what a win or a note has settled since, nor the promise that a win keeps."""
    news = news_for(dossier, ())
    kept = news.loop if news and news.kind not in {"due", "came"} else None
    return tuple(loop for loop in dossier.loops if loop != kept and not settled(loop, dossier))


def _after(day: date | None, today: date) -> bool:
    return day is not None and day > today
