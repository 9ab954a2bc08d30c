"""Which win a letter tells, and what it is told as: what came of advice, what was promised, or simply news.

the wins that fit -> not told yet, short enough, in the letter's language -> tied to advice or a promise? -> News
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from assistant.core.evidence.hazards import hazard
from assistant.core.evidence.open_loops import telling
from assistant.core.evidence.what_fits import ARROW, brings_news, shares_name
from assistant.core.language.cues import bare, says
from assistant.core.language.detect import FUNCTION_WORDS, detect
from assistant.core.language.sentences import sentences
from assistant.writer.offline.phrase_tables import folded, phrases
from assistant.writer.offline.things import named_before, thing_of
from assistant.writer.offline.whole import headline, whole

if TYPE_CHECKING:
    from collections.abc import Collection

    from assistant.core.evidence.dossier import Dossier, Evidence, OpenLoop

_LONGEST_WIN: Final = 24
"""Words of a win that still fit into one sentence of a letter."""
_LONGEST_HEADLINE: Final = 16
_LONG: Final = 8
_WORD = re.compile(r"[^\W\d_]+")
_MEASURED: Final = re.compile(rf"{ARROW.pattern} ?(?:%|min\b|h\b|km\b|€|\$|kg\b)?")
"""A change in numbers, with a unit that every language writes so."""
_HEADED: Final = re.compile(r"^((?:[\w'’-]+ ){0,3}[\w'’-]+) ?: (?=\S)")
"""What a headline is about, before a colon: "Frührunde: 1 Tag weniger"."""
NewsKind = Literal[
    "line", "insider", "thanks", "advice", "promise", "due", "came", "telegram", "numbers", "hint", "hint_on"
]


@dataclass(frozen=True, slots=True)
class News:
    """A win and how it is told.

    `promise`: as the report that was promised. `due`: a promise waited for it, and `thing` is now owed (`came`: it has
    no name). `telegram`: behind a colon, as the owner noted it. `numbers`, `hint`, `hint_on`: it was promised, and is
    noted in another language, so that only what changed can be told, or that there is news (of `thing`). `advice`,
    `thanks`: to somebody whose advice or help it has to do with. `insider`: to a colleague, who may know. `line`:
    plainly. `loop` is the promise that it speaks of.
    """

    win: Evidence
    kind: NewsKind
    loop: OpenLoop | None = None
    thing: str = ""


def news_for(dossier: Dossier, told: Collection[str]) -> News | None:
    """Return what the letter tells, None for nothing; `told` are the wins of the week's other drafts."""
    by_text = {win.text: win for win in dossier.of_kind("win")}
    owed = {loop.told_by: loop for loop in reversed(dossier.loops) if loop.told_by in by_text}
    # Who was promised news gets it, whoever else does this week.
    new = (text for text in dossier.wins if text in owed or text not in told)
    fresh = [text for text in new if text in by_text and not said(text, dossier)]
    usable = [text for text in fresh if len(text.split()) <= _LONGEST_WIN and hazard(text) is None]
    # What can't be said in the letter isn't hinted at either. The best fitting comes first.
    spoken = [by_text[text] for text in usable if in_language(text, dossier) and told_as(text, dossier)]
    # What was promised is told before what is merely good.
    tied = sorted((news for win in spoken if (news := _tied(win, dossier))), key=lambda news: news.loop is None)
    plain = (News(win, _kind(win, dossier)) for win in spoken)
    news = next(iter(tied), None) or next(plain, None)
    waiting = next((text for text in usable if text in owed and news is None), None)
    if waiting:
        return _in_other_words(by_text[waiting], owed[waiting], dossier)
    if news is None or clause_of(news.win.text, dossier):
        return news
    # German says what came of advice and promises before a colon, where a headline may stand.
    colon = dossier.language == "de" and news.kind in {"advice", "promise", "due", "came"}
    return news if colon else replace(news, kind="telegram")


def _in_other_words(win: Evidence, loop: OpenLoop, dossier: Dossier) -> News:
    """Return promised news that can't be told as it was noted: by its numbers, where the letters have the first one."""
    change = _MEASURED.search(win.text)
    letters = "\n".join(item.text for item in dossier.of_kind("message"))
    before = next(reversed(said_before(loop, dossier)), "")
    thing = "" if hazard(loop.quote) or hazard(before) else thing_of(loop.quote, dossier.language, before)
    if change and thing and re.search(rf"\b{re.escape(change[1])}\b", letters):
        return News(win, "numbers", loop, thing)
    if reports(loop, dossier) and not hazard(loop.quote):
        near = paragraph_before(loop, dossier)[-2:] if says("anaphor", dossier.language, loop.quote) else []
        thing = named_before([*near, loop.quote], dossier.language)
    return News(win, "hint_on" if thing and _asked_for(win, loop, dossier) else "hint", loop, thing)


def with_arrows_read(text: str, language: str) -> str:
    """Return "from 35 to 19" for "35 → 19"."""
    return ARROW.sub(lambda found: str(phrases(language)["arrow"]["words"]).format(*found.groups()), text)


def numbers_of(win: str, language: str) -> str:
    """Return the change in numbers that a win notes, with its unit."""
    change = _MEASURED.search(win)
    return with_arrows_read(change[0], language) if change else ""


def clause_of(win: str, dossier: Dossier) -> str:
    """Return a win as a clause that stands behind "that", "" where it can't be made one."""
    letters = "\n".join(item.text for item in dossier.of_kind("message"))
    return whole(win, dossier.language) or headline(win, dossier.language, letters)


def told_as(win: str, dossier: Dossier) -> str:
    """Return a win as the letter tells it: a clause, else a headline behind a colon; "" where it can't be told."""
    win = with_arrows_read(win, dossier.language)
    if clause := clause_of(win, dossier):
        return clause
    text = " ".join(win.split()).rstrip(".!")
    text = _HEADED.sub(r"\1 – ", text)  # it stands behind a colon already
    # English headlines read like headlines; in the other languages people write so.
    fits = dossier.language != "en" and len(text.split()) <= _LONGEST_HEADLINE and not re.search(r"[:;()]", text)
    return text if fits else ""


def _tied(win: Evidence, dossier: Dossier) -> News | None:
    """Return a win that keeps what the owner promised, or that a promise waited for, or in which the reader helped."""
    for loop in dossier.loops:
        fits = same_thing(win.text, promised(loop, dossier)) or _asked_for(win, loop, dossier)
        if loop.kind != "promise" or not (fits or loop.told_by == win.text):
            continue
        if brings_news(loop.quote, dossier.language) and fits:
            return News(win, "promise", loop)
        if (
            loop.told_by == win.text
        ):  # what it has to do with the promise isn't sure: it is told, and nothing is claimed
            return News(win, _kind(win, dossier), loop)
        before = next(reversed(said_before(loop, dossier)), "")
        waits = says("condition", dossier.language, loop.quote)
        risky = hazard(loop.quote) or hazard(before)
        thing = "" if risky or not waits else thing_of(loop.quote, dossier.language, before)
        return News(win, "due" if thing else "came" if waits else _kind(win, dossier), loop, thing)
    kind = _kind(win, dossier)
    return News(win, kind) if kind in {"advice", "thanks"} else None


def _asked_for(win: Evidence, loop: OpenLoop, dossier: Dossier) -> bool:
    """Return whether a win speaks of what stands right before a promise to report: "The exam is on the 18th."."""
    before = next(reversed(said_before(loop, dossier)), "")
    later = win.on is not None and win.on > loop.on
    near = shares_name(win.text, before) or shares_name(win.text, loop.quote)
    return later and brings_news(loop.quote, dossier.language) and near


def _kind(win: Evidence, dossier: Dossier) -> NewsKind:
    if any(same_thing(win.text, letter) for letter in _speaking_of(dossier, "advice")):
        return "thanks" if dossier.inside else "advice"
    if not dossier.inside:
        return "line"
    thanked = any(same_thing(win.text, letter) for letter in _speaking_of(dossier, "thanks"))
    return "thanks" if thanked else "insider"


def reports(loop: OpenLoop, dossier: Dossier) -> bool:
    """Return whether a loop is a promise of words, which a letter keeps by telling."""
    return loop.kind == "promise" and says("reports", dossier.language, loop.quote)


def promised(loop: OpenLoop, dossier: Dossier) -> str:
    """Return a promise with what stands before it and says on what: a sentence, or two before one to report."""
    most = 2 if reports(loop, dossier) else 1
    return " ".join([*said_before(loop, dossier)[-most:], loop.quote])


def said_before(loop: OpenLoop, dossier: Dossier) -> list[str]:
    """Return the sentences of the letter that stand before a loop."""
    for item in dossier.of_kind("message"):
        parts = sentences(item.text) if item.on == loop.on else []
        for place, part in enumerate(parts):
            if loop.quote in part:
                return parts[:place]
    return []


def paragraph_before(loop: OpenLoop, dossier: Dossier) -> list[str]:
    """Return the sentences of a loop's own paragraph that stand before it."""
    letters = (item.text for item in dossier.of_kind("message") if item.on == loop.on)
    own = next((part for text in letters for part in text.split("\n\n") if loop.quote in " ".join(part.split())), "")
    return sentences(" ".join(own.split()).partition(loop.quote)[0])


def same_thing(one: str, other: str) -> bool:
    """Return whether two texts share two telling words, or a long one; a single short one stands in many places."""
    words = [{word[:_LONG] for word in _WORD.findall(bare(text)) if len(word) >= _LONG} for text in (one, other)]
    return bool(words[0] & words[1]) or len(telling(one) & telling(other)) > 1


def _speaking_of(dossier: Dossier, cue: str) -> list[str]:
    """Return the letters that speak of the reader's advice or thank them; all of them where advice was noted."""
    letters = [item.text for item in dossier.of_kind("message")]
    noted = [item.text for item in dossier.of_kind("advice")] if cue == "advice" else []
    return [text for text in letters if noted or says(cue, dossier.language, text)] + noted


def in_language(text: str, dossier: Dossier) -> bool:
    """Return whether the owner's note is in the draft's language; a short one is in the owner's own, most likely."""
    if known := detect(text):
        return known == dossier.language
    words = {word.strip(".,:;!").lower() for word in text.split()}
    ours, owners = (words & FUNCTION_WORDS[one] for one in (dossier.language, dossier.owner_language))
    return dossier.owner_language == dossier.language or len(ours) > len(owners)


def said(text: str, dossier: Dossier) -> bool:
    """Return whether last time's draft or brief had these words."""
    plain = folded(text).rstrip(" .")
    told = folded(clause_of(text, dossier)) or plain
    return any(plain in folded(sentence) or told in folded(sentence) for sentence in dossier.previous)
