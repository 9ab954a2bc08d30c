"""Whether an owner's own line of prose says that the owner was in touch with somebody (docs/replies.md).

line                                                         says so
coffee with Bob and Sam; Bob and I had lunch; Bob called me  yes
coffee with Bob, Sam was ill; a talk about Sam; Kim met Sam  no, or too doubtful: asked

Only what is certain counts: a contact that never was keeps somebody from being thought of.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PLACES = 5
"""Places of one sentence at most where somebody's name is looked at."""
_SENTENCE = re.compile(r"[.;:!?](?=\s|$)| [-–—] ")
WORD = re.compile(r"[^\W_]+")
_VERB = (
    r"met|saw|visited|called|phoned|rang|texted|messaged|e-?mailed|mailed|wrote to|talked to|spoke to"
    r"|ran into|bumped into"
)
_LINK = re.compile(rf"\b(?:{_VERB}|with|mit)\b", re.IGNORECASE)
_MEETING = re.compile(
    r"\b(?:met|meeting|coffees?|lunch|dinner|supper|breakfast|brunch|beers?|drinks?|tea|wine|meal|walk|stroll|talk|talked"
    r"|spoke|chat|chatted|call|phone|conversation|catch-?up|caught up|catching up|session|sync|1:1|one-on-one|spent|sat"
    r"|zoom|kaffee|tee|bier|mittagessen|abendessen|essen|frühstück|gespräch|telefonat|treffen|spaziergang|getroffen"
    r"|gesprochen|telefoniert|geredet|unterhalten)\b",
    re.IGNORECASE,
)
"""What people do with each other: beside "with" it is a contact, and "agreed with Bob" is none."""
_DID = re.compile(
    rf"\b(?:{_VERB}|had|has|went|spoke|talked|caught|sat|spent|grabbed|took|got|did|was|were|is|hat|hatte|war|ging)\b",
    re.IGNORECASE,
)
_SELF = r"(?:I|me|myself|we|ich|mich|wir)"
_OWNER = re.compile(
    rf"(?:^|,|\b{_SELF}(?:['’]ve|['’]d)?)(?: ?(?:just|finally|also|again|briefly|quickly|have|had|today|yesterday|heute"
    r"|gestern))*\s*$",
    re.IGNORECASE,
)
"""Who did it: the owner, or nobody is said."""
_BESIDE = frozenset(("and", "und", "both", "my", "the", "number", "numbers", "nr", "no", "nummer", "dear", "old"))
"""What may stand between "with" and a name, beside other names."""
_BEHIND = re.compile(
    r"\s*(?:$|[,)\"”]|(?:and|und|&|yesterday|today|tonight|last|this|on|at|in|over|for|about|again|gestern|heute|vorgestern"
    r"|letzte\w*|am|im|beim|zum|über|getroffen|gesprochen|getrunken|gegessen|\d)\b)",
    re.IGNORECASE,
)
"""What may stand behind the second name of a list: with a verb behind it, it begins a sentence of its own."""
_AND_I = re.compile(rf"\s*(?:,? and |,? und | & ){_SELF}\b", re.IGNORECASE)
_I_AND = re.compile(rf"\b{_SELF}(?: and | und | & )$", re.IGNORECASE)
_MET_BEHIND = re.compile(r"(?: [^\s,;]+){0,5} (?:getroffen|gesehen|angerufen|besucht|gesprochen)\b", re.IGNORECASE)
_MET_ME = re.compile(
    r" (?:called|phoned|rang|texted|messaged|e-?mailed|mailed|wrote(?: to)?|visited) me\b", re.IGNORECASE
)
_OTHERS = re.compile(
    r"\b(?:he|she|they|it|who|you|er|sie|es|ihr|du|man|his|her|their|ihre?|seine?|hear\w*|that|about|dass|über)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    rf"\b(?i:[^\W\d]+(?:,? and |,? und | & ){_SELF}|{_SELF}(?: and | und | & )[^\W\d]+)\b"
    rf"|(?i:{_LINK.pattern} )[^\W\d]+(?: [A-Z][^\W\d]+)?(?:(?:, |,? and |,? und )[A-Z][^\W\d]+)*"
)
"""Those of whom it is said already that the owner met them."""


def says_met(who: str, line: str, names: frozenset[str]) -> bool:
    """Return whether the line says that its writer was in touch with `who`, a number or words that stand in it.

    `names` are the words of everybody's name, casefolded. Where somebody else may have met them, it does not say so.
    """
    others = names - set(WORD.findall(who.casefold()))
    return any(
        _is_company(clause[: at.start()], clause[at.end() :], others)
        for clause in _SENTENCE.split(line)
        for at in islice(places(who, clause), MOST_PLACES)
    )


def places(who: str, clause: str) -> Iterator[re.Match[str]]:
    """Yield where somebody is named: a number only as "number 2" or "#2", as else it may count anything."""
    words = re.escape(who).replace(r"\ ", r"\s+")
    before = r"(?:(?:\b(?:numbers?|nr|no|nummer)\b\.? |#)(?:#?\d{1,3}(?:, | and | & ))*)" if who.isdecimal() else ""
    yield from re.finditer(rf"{before}(?<![^\W_]){words}(?![^\W_]|['’]s)", clause, re.IGNORECASE)


def _is_company(before: str, after: str, names: frozenset[str]) -> bool:
    met = _MEETING.search(before) or _MEETING.search(after)
    if met and (_AND_I.match(after) or _I_AND.search(before)):
        return not _by_others(_I_AND.sub("", before), names)
    if _MET_BEHIND.match(after) or _MET_ME.match(after):
        return not _by_others(before, names)
    link = next(reversed(list(_LINK.finditer(before))), None)
    if link is None or (link[0].lower() in {"with", "mit"} and not met):
        return False
    between = [word.casefold() for word in WORD.findall(before[link.end() :])]
    second = any(word in names or word.isdecimal() for word in between)
    if not all(word in _BESIDE or word in names or word.isdecimal() for word in between):
        return False
    return (not second or _BEHIND.match(after) is not None) and not _by_others(before[: link.end()], names)


def _by_others(before: str, names: frozenset[str]) -> bool:
    """Say whether it may be somebody else's doing: no owner before the verb, or another name that stands alone."""
    did = _DID.search(before)
    if did and not _OWNER.search(before[: did.start()]):
        return True
    rest = _OWN.sub(" ", before)
    return bool(_OTHERS.search(rest)) or any(word.casefold() in names for word in WORD.findall(rest))
