"""Statements about the reader or the owner that no evidence bears, told from wishes, questions and politeness.

Everyday words can be put together into an invention ("your new team is growing"). So a statement about the reader's
affairs, or a deed of the owner's, needs its telling verb or noun in the evidence. Part of check 3 of docs/writer.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from assistant.core.lexicon import Vocabulary

_HEDGE = re.compile(
    r"\b(?:if|whether|hope|hoping|wonder|wondering|curious|how|what|when|where|which|who|why|unless|should|would|could|might|may|let me know|tell me"
    r"|anything|whatever|whenever|wherever|everything|all|the way|as|than|until|say|imagine|assume|guess|suppose|sure|in case|like|love|want)\b",
    re.IGNORECASE,
)
_YOU_DID = re.compile(
    r"\byou(?:'ve| have| had)(?: \w+ly| just| also| now| already| finally| since| recently)* (?P<verb>\w+)|\byou (?:were|are|'re)(?: \w+ly| just| now| already| still)* (?P<state>\w+)"
    r"|\byou're(?: \w+ly| just| now| already| still)* (?P<state2>\w+)|\byou must (?:be|have) (?P<guess>\w+)"
    r"|\byou (?P<past>took|made|got|became|came|gave|ran|set|put|kept|led|left|went|moved|started|began|found|heard|saw|met|wrote|changed|joined|switched)\b(?! me\b)",
    re.IGNORECASE,
)
_YOU_FREE: Final = frozenset(
    "a an the not so very busy well fine right free willing able open up interested one someone somebody always often welcome happy comfortable curious around "
    "in on at of my ever any time thoughts had shared given told said advised suggested recommended mentioned taught seen been have too also probably the already "
    "likely swamped stretched likely going doing keeping wondering asked encouraged helped pointed taken generous kind good great far further ahead".split()
)
_YOURS = re.compile(
    r"\byour (?P<what>(?:\w+ ){0,2}?\w+) (?:is|are|was|were|has|have|had|must|went|goes|made|keeps?|continues?)\b(?! (?:welcome|appreciated|always|worth|too full|full))",
    re.IGNORECASE,
)
_YOURS_FREE: Final = frozenset(
    "advice perspective view views time calendar schedule plate thoughts opinion answer help support words input feedback insight insights guidance name word mind "
    "take wisdom experience counsel honesty encouragement note notes question questions suggestion suggestions side path judgement judgment attention company "
    "way point outlook approach reading thinking openness week day hands inbox days weeks priorities reasons plans voice sense eye mail mails".split()
)
_NEW_YOURS = re.compile(
    r"\b(?:your|my|our) (?:\w+ )?(?:new|former|old|next|recent|latest|upcoming|current) (?P<what>\w+)", re.IGNORECASE
)
_NEW_FREE: Final = frozenset(
    "step steps move challenge question conversation talk chat meeting coffee call advice note mail chapter one ideas exchange mails".split()
)
_I_DID = re.compile(
    r"\b(?:i|we)(?:'ve| have| had)(?: \w+ly| just| also| now| already| finally| since| recently| both)* (?P<perfect>been \w+|\w+)"
    r"|\b(?:i|we) (?:just |also |finally |recently |already |actually )*(?P<past>took|made|got|became|came|gave|ran|set|put|began|started|led|left|went|moved|found|saw|met|kept|tried|used|learned|learnt|decided|managed|missed|passed|prepared|planned)\b",
    re.IGNORECASE,
)
_I_FREE: Final = frozenset(
    "thinking meaning wanting wondering hoping trying reflecting considering turning mulling weighing asking looking looked meant wanted thought been kept never not "
    "always often come had enjoyed appreciated valued learned learnt forgotten wondered talked spoken written met exchanged shared discussed caught "
    "a an the my our your reasons no some something questions one something's lost let missed owed remembered in out on quite rather collected long good much many more plenty "
    "to any time room fallen slipped gone put going carrying carried reading working got changed heard seen known reached taken touched questions two".split()
)
_PAST_FREE = re.compile(
    r"\b(?:i|we) (?:\w+ )?(?:met|saw each|kept (?:thinking|coming|meaning|wondering|you|going)|got (?:so much|a lot|plenty|something|to thinking|thinking|talking|to talk)|made (?:me|it sound)|took (?:a lot|so much|away|your|it to|something|the time)"
    r"|came (?:away|back|to (?:mind|think))|put (?:it|this|that|off)|found (?:it|your|myself|that|our|them)|gave (?:me|it)|learned (?:a lot|so much|from|something)|learnt (?:a lot|so much|from)|started (?:thinking|wondering|talking)"
    r"|began (?:thinking|wondering)|went (?:away|back|over)|left (?:it|off|things|our)|missed (?:our|talking|hearing|you)|decided to (?:write|ask|reach|be)|managed to (?:talk|catch)|planned to (?:write|ask)|used to)\b",
    re.IGNORECASE,
)
_PAIRS: Final = frozenset({"en"})


def invented(text: str, words: Vocabulary, language: str) -> bool:
    """Return whether an English sentence states something of the reader or the owner that no evidence word bears."""
    if language not in _PAIRS:
        return False
    folded = " ".join(text.replace("’", "'").split())
    for clause in re.split(r"[.!;:]\s+|,\s+|\s[–—]\s", folded):
        if clause.rstrip().endswith("?") or (_HEDGE.search(clause) and not _NEW_YOURS.search(clause)):
            continue
        if _about_reader(clause, words) or _about_owner(clause, words):
            return True
    return False


def _about_reader(clause: str, words: Vocabulary) -> bool:
    for match in _YOU_DID.finditer(clause):
        said = next(value for value in match.groupdict().values() if value).lower()
        if said not in _YOU_FREE and not words.holds(said):
            return True
    for match in _YOURS.finditer(clause):
        if not any(word.lower() in _YOURS_FREE or words.holds(word) for word in match["what"].split()):
            return True
    return _news_of(clause, words)


def _news_of(clause: str, words: Vocabulary) -> bool:
    return any(
        match["what"].lower() not in _NEW_FREE and not words.holds(match["what"])
        for match in _NEW_YOURS.finditer(clause)
    )


def _about_owner(clause: str, words: Vocabulary) -> bool:
    for match in _I_DID.finditer(clause):
        said = (match["perfect"] or match["past"]).lower().split()[-1]
        if match["past"] and _PAST_FREE.search(clause):
            continue
        if said not in _I_FREE and not words.holds(said):
            return True
    return False
