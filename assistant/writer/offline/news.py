"""Which win a letter tells, and what it is told as: what came of advice, what was promised, or simply news.

the wins that fit -> not told yet, short enough, in the letter's language -> tied to advice or a promise? -> News
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from assistant.core.evidence.hazards import hazard
from assistant.core.evidence.open_loops import telling
from assistant.core.language.cues import bare, says
from assistant.core.language.detect import FUNCTION_WORDS, detect
from assistant.core.language.sentences import sentences
from assistant.writer.offline.phrase_tables import folded
from assistant.writer.offline.things import thing_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from assistant.core.evidence.dossier import Dossier, Evidence, OpenLoop

_LONGEST_WIN: Final = 24
"""Words of a win that still fit into one sentence of a letter."""
_LONG: Final = 8
_WORD = re.compile(r"[^\W\d_]+")
NewsKind = Literal["line", "short", "insider", "thanks", "advice", "promise", "due", "elsewhere"]


@dataclass(frozen=True, slots=True)
class News:
    """A win and how it is told.

    `promise`: as the report that was promised. `due`: a promise waited for it, and `thing` is now owed. `advice`,
    `thanks`: to somebody whose advice or help it has to do with. `insider`: to a colleague, who may know. `short`: a
    heading without a verb, in a formal letter. `elsewhere`: its words are in another language than the letter, which
    says that there is news and not what. `line`: plainly. `loop` is the promise that it speaks of.
    """

    win: Evidence
    kind: NewsKind
    loop: OpenLoop | None = None
    thing: str = ""


def news_for(dossier: Dossier, told: Collection[str]) -> News | None:
    """Return what the letter tells, None for nothing; `told` are the wins of the week's other drafts."""
    by_text = {win.text: win for win in dossier.of_kind("win")}
    fresh = [text for text in dossier.wins if text in by_text and text not in told and not said(text, dossier)]
    usable = [text for text in fresh if len(text.split()) <= _LONGEST_WIN and hazard(text) is None]
    spoken = [by_text[text] for text in usable if in_language(text, dossier)]  # the best fitting first
    tied = (news for win in spoken if (news := _tied(win, dossier)))
    plain = (News(win, _plainly(win, dossier)) for win in spoken)
    foreign = (News(by_text[text], "elsewhere") for text in usable)
    return next(tied, None) or next(plain, None) or next(foreign, None)


def _tied(win: Evidence, dossier: Dossier) -> News | None:
    """Return a win that speaks of what the owner promised, of what the reader advised, or did for it."""
    for loop in dossier.loops:
        if loop.kind == "promise" and _same_thing(win.text, _promised(loop, dossier)):
            before = next(reversed(said_before(loop, dossier)), "")
            thing = "" if hazard(loop.quote) or hazard(before) else thing_of(loop.quote, dossier.language, before)
            if reports(loop, dossier):
                return News(win, "promise", loop)
            if thing and says("condition", dossier.language, loop.quote):
                return News(win, "due", loop, thing)
            if win.on and win.on > loop.on and not says("condition", dossier.language, loop.quote):
                return News(win, _plainly(win, dossier), loop)  # it tells that the promise is kept
    if any(_same_thing(win.text, advice) for advice in _said(dossier, "advice")):
        return News(win, "advice")
    if dossier.inside and any(_same_thing(win.text, thanks) for thanks in _said(dossier, "settles")):
        return News(win, "thanks")
    return None


def _plainly(win: Evidence, dossier: Dossier) -> NewsKind:
    if dossier.inside:
        return "insider"
    return "short" if dossier.formal and not says("clause", dossier.language, win.text) else "line"


def reports(loop: OpenLoop, dossier: Dossier) -> bool:
    """Return whether a loop is a promise of words, which a letter keeps by telling."""
    return loop.kind == "promise" and says("reports", dossier.language, loop.quote)


def _promised(loop: OpenLoop, dossier: Dossier) -> str:
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


def _same_thing(one: str, other: str) -> bool:
    """Return whether two texts share two telling words, or a long one; a single short one stands in many places."""
    words = [{word[:_LONG] for word in _WORD.findall(bare(text)) if len(word) >= _LONG} for text in (one, other)]
    return bool(words[0] & words[1]) or len(telling(one) & telling(other)) > 1


def _said(dossier: Dossier, cue: str) -> list[str]:
    """Return where the letters speak of the reader's advice or thank for help, each with the sentences around it."""
    found = []
    for item in dossier.of_kind("message"):
        parts = sentences(item.text)
        places = [place for place, part in enumerate(parts) if says(cue, dossier.language, part)]
        found += [" ".join(parts[max(place - 1, 0) : place + 2]) for place in places]
    return [*found, *(item.text for item in dossier.of_kind("advice"))] if cue == "advice" else found


def in_language(text: str, dossier: Dossier) -> bool:
    """Return whether the owner's note is in the draft's language; a short one is in the owner's own, most likely."""
    if known := detect(text):
        return known == dossier.language
    words = {word.strip(".,:;!").lower() for word in text.split()}
    ours, owners = (words & FUNCTION_WORDS[one] for one in (dossier.language, dossier.owner_language))
    return dossier.owner_language == dossier.language or bool(ours and not owners)


def said(text: str, dossier: Dossier) -> bool:
    """Return whether last time's draft or brief had these words."""
    plain = folded(text).rstrip(" .")
    return any(plain in folded(sentence) for sentence in dossier.previous)
