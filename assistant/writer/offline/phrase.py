"""The words of a draft: each part of a choice in one of the phrases of the language, 22 to 90 words in all.

    choice -> opening, news, request, way out -> the week's and last time's words left out -> Sentences

The phrases stand in phrases_en.toml and its neighbours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from assistant.core.evidence.dossier import FREE, Sentence
from assistant.core.language.cues import opens
from assistant.core.language.days_in_words import month_since
from assistant.core.language.detect import FUNCTION_WORDS
from assistant.core.language.typography import in_marks, typeset, with_inner_marks
from assistant.writer.offline.choose import ASKED, choose, family, silent, usable_topic
from assistant.writer.offline.greetings import greeting, sign_off
from assistant.writer.offline.news import numbers_of, told_as
from assistant.writer.offline.phrase_tables import address, ordered
from assistant.writer.offline.pick_up import PickUp
from assistant.writer.offline.situations import ENDS, OWN_SUBJECTS, in_situation, with_situations
from assistant.writer.offline.slots import slots_in_words
from assistant.writer.offline.toward import toward
from assistant.writer.offline.voice import as_they_write, in_full, least_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.core.evidence.dossier import Dossier
    from assistant.writer.offline.choose import Choice

MOST_WORDS: Final = 90
_MINUTES: Final = (20, 30)
_OFFERS: Final = frozenset({"advisor", "advisor_back", "first.advisor", "hoped.advisor"})
"""Requests for a time that the reader may choose (docs/roles.md)."""


@dataclass(slots=True)
class Week:
    """What the drafts of one week have said so far: phrases and wins, so that no other draft says them."""

    phrases: set[str] = field(default_factory=set)
    wins: set[str] = field(default_factory=set)


def draft(dossier: Dossier, week: Week) -> tuple[str, tuple[Sentence, ...]]:
    """Return subject and sentences for one person, and note in `week` what they say; nothing where no draft is due."""
    choice = in_situation(dossier, choose(dossier, week.wins))
    if choice is None:
        return "", ()
    parts = _Parts(dossier, choice, week)
    sentences = parts.sentences()
    if choice.news and any(choice.news.win.number in sentence.evidence for sentence in sentences):
        week.wins.add(choice.news.win.text)
    return parts.subject(), sentences


def quoted(text: str, language: str) -> str:
    """Return a quote as it ends a sentence: with its own stop inside the marks, else with one behind them."""
    text = text.rstrip(" ,;:–—-")
    return in_marks(with_inner_marks(text, language), language) + ("" if text.endswith((".", "?", "!", "…")) else ".")


class _Parts:
    """The phrases of one draft."""

    def __init__(self, dossier: Dossier, choice: Choice, week: Week) -> None:
        self.dossier = dossier
        self.choice = choice
        self.week = week
        self.language = dossier.language
        self.lists = with_situations(self.language)
        self.templates: dict[str, str] = {}

    def sentences(self) -> tuple[Sentence, ...]:
        """Return the draft: greeting, pick-up, news, request, an easy way out, sign-off."""
        ends = (Sentence("greeting", self._greeting()), Sentence("close", sign_off(self.dossier)))
        news = self._news()
        # News that is tied to advice or a promise begins the letter: what it is tied to needn't be said before.
        first = [] if news and self._says_it_all() else [self._taken_up(self.choice.pick_up)]
        debt = [self._taken_up(self.choice.debt)] if self.choice.debt else []
        # What is owed comes first and a question last, beside the request; that time has passed opens the letter.
        asks = self.choice.pick_up.kind in ASKED
        said = [*debt, *news, *first] if asks else [*first, *debt, *news]
        if self._promised_news():  # before what is owed, too
            said = [*news, *debt, *first] if asks or self.choice.pick_up.kind in self.lists["owed"] else said
        wording = self._middle([*ends, *said])
        if wording is None:  # too long whatever is asked: the news waits for another letter
            said = [*(first or [self._taken_up(self.choice.pick_up)]), *debt]
            wording = self._middle([*ends, *said])
        middle = [*said, *(wording or self._asks()[0])]
        return (ends[0], *(self._as_written(one, place) for place, one in enumerate(middle)), ends[1])

    def _says_it_all(self) -> bool:
        news, kind = self.choice.news, self.choice.pick_up.kind
        tied = news is not None and news.kind in {"promise", "due", "came", "numbers", "hint_on"}
        return kind == "none" or (tied and kind == "date" and not silent(self.dossier))

    def _promised_news(self) -> bool:
        """Return whether the news is what a promise to report was about."""
        news = self.choice.news
        return news is not None and bool(news.loop and news.loop.told_by == news.win.text)

    def _as_written(self, sentence: Sentence, place: int) -> Sentence:
        """Return a sentence as it stands at its place, in the owner's capitals or small letters."""
        text = sentence.text
        if not place and self.language == "de" and self._greeting().rstrip().endswith(","):
            text = _lowered(text, self.templates.get(text, ""))
        return replace(sentence, text=as_they_write(text, self.dossier))

    def _greeting(self) -> str:
        return greeting(self.dossier, self.language)

    def _middle(self, rest: list[Sentence]) -> list[Sentence] | None:
        """Return request, way out and perhaps a wish, the first that make 22 to 90 words with the rest; else None."""
        outs: dict[str, list[str]] = self.lists["way_out"]
        offer = self._offer()
        out = self._take(outs[self.choice.way_out], "way_out") if self.choice.way_out and not offer else []
        for name in ("respectful", "familiar") if self.choice.way_out and not offer else ():
            if not out and not (self.dossier.formal and name == "familiar"):  # those say du, or tu
                out = self._take(outs[name], "way_out")
        wish = self._take(self.lists["wish"]["line"], "wish")
        endings = [[], wish, out, [*out, *wish]]  # an easy way out is no habit, and it follows a question
        endings = [offer, [*offer, *wish], *endings] if offer else endings
        asks = self._asks()
        tried = [
            [*ask, *end] for ask in asks for end in endings if ask[-1].text.endswith("?") or not (out and out[0] in end)
        ]
        short = [one for one in tried if _words([*rest, *one]) <= MOST_WORDS]
        least = least_words(self.dossier)
        found = next((one for one in short if _words([*rest, *one]) >= least), None)
        found = found or max(short, key=_words, default=None)
        self.week.phrases.update(self.templates[sentence.text] for sentence in found or ())
        return found

    def _asks(self) -> list[list[Sentence]]:
        table: Any = self.lists["request"]
        for key in self.choice.request.split("."):
            table = table[key]
        # "Wollen wir telefonieren?" is what one says, and not "Zeit für ein Telefonat".
        table = self.lists["request"].get(f"{self.choice.request}_{self.choice.way}", table)
        ends = self.choice.request in ENDS
        others = [] if ends else self._unused(self.lists["request"]["any"], "any")
        options = [*self._unused(table, self.choice.request), *others]
        options = options or ordered(table, self.dossier, self.choice.request)
        if "letter" in self.dossier.forbidden:
            written = set(self.lists["written"]["words"].split())
            options = [one for one in options if not written & set(re.findall(r"\w+", one))] or options
        return [[Sentence("warmth" if ends else "ask", self._fill(option))] for option in options]

    def _offer(self) -> list[Sentence]:
        """Return a sentence that offers free half-hours to choose from, none where the draft asks for no such time."""
        if not self.dossier.slots or self.choice.request not in _OFFERS:
            return []
        template = ordered(self.lists["slots"]["line"], self.dossier, "slots")[0]
        line = self._fill(template.replace("{slots}", slots_in_words(self.dossier.slots, self.language)))
        free = tuple(item.number for item in self.dossier.of_kind("computed") if item.text.startswith(FREE))
        self.templates[line] = template
        return [Sentence("ask", line, free)]

    def _take(self, options: Sequence[str], what: str) -> list[Sentence]:
        return [Sentence("warmth", self._fill(option)) for option in self._unused(options, what)[:1]]

    def _unused(self, options: Sequence[str], what: str) -> list[str]:
        """Return the options that no other draft of the week has; those of last time only stand at the end."""
        return [option for option in ordered(options, self.dossier, what) if option not in self.week.phrases]

    def _taken_up(self, pick_up: PickUp) -> Sentence:
        frames = {**self.lists["opening"], **self.lists["owed"]}
        template = self._template(frames[pick_up.kind], "opening")
        text = _capital(self._fill(template, pick_up))
        self.templates[text] = template
        # What was promised may be named in the sentence before the promise, which isn't the evidence.
        quote = pick_up.text if pick_up.kind in ASKED or pick_up.places else ""
        return Sentence("fact" if pick_up.evidence else "why", text, pick_up.evidence, quote)

    def _news(self) -> list[Sentence]:
        news = self.choice.news
        if news is None:
            return []
        template = self._template(self.lists["news"][news.kind], "news")
        promised = PickUp("thing", news.thing, news.loop.on) if news.loop else None
        text = self._fill(template, promised)
        text = text.replace("{win}", told_as(news.win.text, self.dossier))
        text = text.replace("{numbers}", numbers_of(news.win.text, self.language))
        text = re.sub(r"\bque (?=[aeiouyéèêàâœ])", "qu’", text) if self.language == "fr" else text
        numbers = (news.win.number, news.loop.number) if news.loop and news.loop.number else (news.win.number,)
        return [Sentence("fact", _capital(text), numbers, news.win.text)]

    def _template(self, options: list[str], what: str) -> str:
        """Return this week's line, and note that it is taken."""
        template = next(iter(self._unused(options, what)), None) or ordered(options, self.dossier, what)[0]
        self.week.phrases.add(template)
        return template

    def subject(self) -> str:
        """Return "Re: …" with the topic of the last letter, else a short plain subject by role."""
        topic = usable_topic(self.dossier)
        if topic and self.choice.subject not in OWN_SUBJECTS:
            return as_they_write(f"Re: {topic}", self.dossier)
        options = self.lists["subject"][self.choice.subject]
        subject = self._fill(ordered(options, self.dossier, "subject")[0], self.choice.pick_up)
        return as_they_write(subject, self.dossier)

    def _fill(self, template: str, pick_up: PickUp | None = None) -> str:
        text = address(template, formal=self.dossier.formal)
        text = in_full(text) if self.language == "en" and self.dossier.formal else text
        for place, words in self._places(pick_up):
            text = text.replace(place if "{" in place else f"{{{place}}}", words)
        text = typeset(text, self.language)
        self.templates[text] = template
        return text

    def _places(self, pick_up: PickUp | None) -> Iterator[tuple[str, str]]:
        yield from self._ways.items()
        if pick_up is None:
            return
        yield from pick_up.places
        if pick_up.on:
            for place, start in (("when", "in"), ("from", "from"), ("since", "since")):
                told = month_since(pick_up.on, self.dossier.today, self.language, start=start)
                yield place, told
                yield place.capitalize(), _capital(told)
        if pick_up.kind == "met":
            yield "spoke", self.lists["spoke"].get(self.dossier.last_kind, self.lists["spoke"]["talked to"])
            yield "spoken", self.lists.get("spoken", {}).get(self.dossier.last_kind, "")
        yield from ((name, pick_up.text) for name in ("indirect", "thing", "doing", "advice"))
        yield ": {question}", f": {_running(pick_up.text, self.language)}"
        yield "question", _capital(pick_up.text)
        yield "Thing", _capital(pick_up.text)

    @cached_property
    def _ways(self) -> dict[str, str]:
        """Return the places that name a way to meet or how long."""
        way = self.choice.way if self.choice.way in self.lists["ways"] else "open"
        named = address(self.lists["ways"][way], formal=self.dossier.formal)
        found = {"way": named, "Way": _capital(named), "toward": toward(self.dossier)}
        for name, place in (("ways_nom", "way_nom"), ("ways_dat", "way_dat"), ("ways_de", "way_de"), ("over", "over")):
            if name in self.lists:
                found[place] = self.lists[name][way]
        least, most = self.dossier.playbook.minutes if self.dossier.playbook else _MINUTES
        count = least if family(self.dossier) == "advocate" else most  # an advocate's time is the dearest
        for name in ("minutes", "minutes_dat"):
            if name in self.lists:
                table = self.lists[name]
                found[name] = table.get(str(count), table["other"]).format(n=count)
                found[name.capitalize()] = _capital(found[name])
        return found


def _lowered(text: str, template: str) -> str:
    """Return a German opening as it goes on after "Lieber Tom,": in lower case, unless it begins with a noun."""
    # The lines themselves never begin with a noun; a question of the owner's mostly begins with a verb or "wie".
    first = text.split(" ", 1)[0].lower()
    if first in {"sie", "ihr", "ihre", "ihnen"} and not template.startswith("{question}"):
        return text  # our own lines speak of nobody but the reader
    if template.startswith("{Thing}") and re.match(r"\w+ \d", text):
        return text  # "Kapitel 5"
    own = template.startswith("{question}")
    noun = own and not opens("asks", "de", text) and first not in FUNCTION_WORDS["de"]
    return text if noun else text[:1].lower() + text[1:]


def _running(text: str, language: str) -> str:
    """Return a sentence as it goes on behind a colon: small, but for a name and for German."""
    if text.startswith("¿"):
        return f"¿{_running(text[1:], language)}"
    first = text.split(" ", 1)[0]
    small = first.lower() in FUNCTION_WORDS[language] or opens("asks", language, text)
    small = small or (language == "fr" and first[1:2] in {"'", "’"})  # "T’as vu …"
    return text[:1].lower() + text[1:] if small and language != "de" and first not in {"I", "I'm", "I've"} else text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _words(sentences: Sequence[Sentence]) -> int:
    return sum(len(sentence.text.split()) for sentence in sentences)
