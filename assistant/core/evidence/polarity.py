"""Whether a sentence says of the same people, and with the same yes or no, what its evidence says.

Part of check 3 of docs/writer.md: words that all stand in the evidence can still be turned round, by a "not" or by
giving one person's deed to another.
"""

# ruff: noqa: SIM905 -- lists of words are read best as text
from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from assistant.core.evidence.time_claims import UNITS
from assistant.core.language.everyday import everyday
from assistant.core.language.fold import fold_text
from assistant.core.language.lexicon import CHECKED_ELSEWHERE, stem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.core.evidence.dossier import Evidence

_NEGATION: Final = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|no longer|hardly|fail(?:ed|s)? to"
    r"|stopped|refused|declined"
    r"|nicht|kein\w{0,2}|nie|niemals|nichts|ohne|weder|pas|jamais|sans|aucune?|rien|nunca|sin|ningún|ninguna?"
    r"|tampoco)\b|n't\b|\bn'\w|\bne\s",
    re.IGNORECASE,
)
_IDIOMS: Final = re.compile(
    r"\b(?:haven't forgotten|have not forgotten|not forgotten|nicht vergessen|n'ai pas oublié|no he olvidado"
    r"|not only|nicht nur|no hurry|no rush|no pressure|no worries"
    r"|no problem|no need|if not|whether or not|why not|not least|no doubt|ohne zweifel|sin duda|sans doute"
    r"|can't wait|cannot wait|don't hesitate|nothing but|nicht gemeldet|not (?:been in touch|written|spoken"
    r"|talked|met|caught up)|haven't (?:been in touch|written|spoken|talked|met|caught up|seen each other)"
    r"|keine eile|kein druck|kein problem)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[.!?;:\n]+\s*|,\s+(?=(?:but|and|so|which|who|aber|und|doch|mais|et|pero|y)\b)|\s+(?:but|dass|aber|mais"
    r"|pero)\s+|\s+that\s+(?=(?:i|you|we|he|she|they|it|the|my|your|our|there)\b)|\s[–—-]\s"
)
_OWNER: Final = frozenset(
    "i we my our me us mine ours ich wir mein meine meinen meinem meiner unser unsere unseren mir uns mich je "
    "j nous mon ma mes notre nos yo nosotros mi mis nuestro nuestra".split()
)
_READER: Final = frozenset(
    "you your yours u du sie dein deine deinen deinem deiner ihr ihre ihren ihnen dir dich tu vous ton ta tes "
    "votre vos tú usted tus su".split()
)
_THIRD: Final = frozenset("she he her his him er sein seine seinen elle il ella él sie".split())
_SUBJECTS: Final = frozenset(
    "i we you he she they ich wir du sie er je j nous tu vous il elle yo nosotros tú usted él ella".split()
)
_POSSESSIVES: Final = frozenset(
    "my our your his her their mein meine meinen meinem meiner unser unsere dein deine deinen deinem deiner "
    "ihr ihre ihren mon ma mes ton ta tes votre vos mi mis tu tus nuestro nuestra".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")
_SHORTEST: Final = 3
Party = Literal["owner", "reader", "other", "open"]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its telling stems with the place of each, whether it is negated, its words."""

    text: str
    words: tuple[str, ...]
    stems: dict[str, int]
    negated: bool


def clauses(text: str, language: str) -> list[Clause]:
    """Return the clauses of a text that hold a telling word; empty for none."""
    return [clause for part in _CLAUSE.split(fold_keep(text)) if part and (clause := _clause(part, language)).stems]


def clause_of(text: str, language: str) -> Clause:
    """Return a text as one clause."""
    return _clause(fold_keep(text), language)


def fold_keep(text: str) -> str:
    """Return text with straight quotes and line breaks kept."""
    return "\n".join(fold_text(line) for line in text.split("\n"))


_PREFACE: Final = re.compile(
    r"^\W*(?:as far as i (?:know|remember|recall)|i (?:know|think|believe|understand|remember|recall|gather"
    r"|guess|suppose)(?: that)?|you (?:may|might) (?:remember|recall)(?: that)?"
    r"|as you (?:may |might )?(?:know|remember)|soweit ich weiß|ich (?:weiß|glaube|denke)|je (?:sais|crois"
    r"|pense) que|sé que|creo que)\b,?\s*",
)


def _clause(text: str, language: str) -> Clause:
    text = _PREFACE.sub("", text)
    words = tuple(_WORD.findall(text))
    telling = {stem(word, language): place for place, word in enumerate(words) if _telling(word, language)}
    return Clause(text, words, telling, bool(_NEGATION.search(_IDIOMS.sub(" ", text))))


@lru_cache(maxsize=20_000)
def _telling(word: str, language: str) -> bool:
    return (
        len(word) >= _SHORTEST
        and word not in _STOP | CHECKED_ELSEWHERE | UNITS.keys()
        and not (word in everyday(language) and len(word) <= _SHORTEST)
    )


_STOP: Final = (
    _OWNER
    | _READER
    | _THIRD
    | frozenset(
        "the and for with that this have has had was were been are not never but from about what when how your "
        "one would could should will can "
        "like since last time more very just also into over some any there here than then them know think want "
        "wanted hope feel good great much "
        "back still been being does did done our out who which while where because though after before until "
        "each other both "
        "und der die das den dem des ein eine einen mit auf für von zum zur als wie ist sind war hat habe "
        "haben hast dass nicht auch noch aber oder wenn bei nach über vor aus "
        "les des une est pas que qui dans pour sur avec plus los las una que con para por más pero como glad "
        "tell told said say let get got make made".split()
    )
)


def contradicts(text: str, cited: Iterable[Evidence], language: str) -> str | None:
    """Return "negation" or "subject" where a clause turns its evidence round, else None.

    A clause is compared with the evidence clauses it shares most telling words with (two at least, or all of a short
    one); it passes when one of the best of them agrees.
    """
    cited = tuple(cited)
    if cited and all(item.kind == "advice" for item in cited) and _OWN_ADVICE.search(fold_text(text)):
        return "subject"
    items = [(item, clause) for item in cited for clause in clauses(item.text, language)]
    for said in clauses(text, language):
        near = _nearest(said, items)
        if not near:
            continue
        if all(said.negated != clause.negated for _, clause in near):
            return "negation"
        if all(_swapped(said, clause, item) for item, clause in near):
            return "subject"
        if all(_done_at_once(said, item) for item, _ in near):
            return "claim"
    return None


def _nearest(said: Clause, items: list[tuple[Evidence, Clause]]) -> list[tuple[Evidence, Clause]]:
    """Return the evidence clauses most like `said`; a word that many clauses share tells little."""
    common = Counter(word for _, clause in items for word in clause.stems)
    scored = []
    for item, clause in items:
        together = said.stems.keys() & clause.stems.keys()
        if len(together) > 1 or (together and len(clause.stems) == 1):
            scored.append((round(sum(1 / common[word] for word in together), 3), item, clause))
    best = max((score for score, _, _ in scored), default=0)
    return [(item, clause) for score, item, clause in scored if score == best]


_WISH: Final = re.compile(
    r"\b(?:want|wants|wanted|would|like|hope|hoping|aim|goal|plan|planning|towards?|toward|become|becoming"
    r"|trying|try|think|thinking|considering|find|one day|to|whether|if|should|how|let|for"
    r"|möchte|will|würde|ziel|hinarbeite|überlege|hin|gern|zu|ob|wie|werden|j'aimerais|veux|objectif|pour"
    r"|quiero|me gustaría|meta|para)\b|'d\b",
    re.IGNORECASE,
)
_OWNERS_DEED: Final = re.compile(
    r"\b(?:i|we)(?:'ve| have| had)?(?: also| just| already| now| finally)* (?:\w{3,}ed|wrote|took|did|made|went"
    r"|ran|kept|spoke|got)\b|\bich habe\b.*\bge\w+"
)


def _done_at_once(said: Clause, item: Evidence) -> bool:
    """Return whether a goal is told as reached or advice as followed: evidence of a wish is none of the deed."""
    if item.kind == "goal":
        deed = next((stem(word, "en") for word in item.text.split(": ")[-1].split()), "")
        return (
            deed in said.stems
            and not _WISH.search(said.text)
            and any(word.split("'")[0] in _OWNER for word in said.words)
        )
    return item.kind == "advice" and bool(_OWNERS_DEED.search(said.text))


def _swapped(said: Clause, shown: Clause, item: Evidence) -> bool:
    """Return whether a shared word is given to another party than the evidence gives it to."""
    for shared in said.stems.keys() & shown.stems.keys():
        claimed = _party(said, said.stems[shared], "open", notes=False)
        found = _party(shown, shown.stems[shared], _by_default(item), notes=item.kind not in {"message", "win", "goal"})
        if "open" in (claimed, found):
            continue
        return claimed != found
    return False


def _by_default(item: Evidence) -> Party:
    """Return whose deed a clause without a subject is: wins and asks are the owner's, a note is about the person."""
    if item.kind in {"win", "ask"}:
        return "owner"
    first = item.text.split()[0].lower() if item.text.split() else ""
    return "reader" if item.kind == "note" and first not in _DONE_TOGETHER else "open"


_DONE_TOGETHER: Final = frozenset(
    "talked met discussed agreed asked told promised chatted spoke called wrote decided planned we i my our "
    "the a an both "
    "gesprochen getroffen geredet vereinbart wir ich".split()
)
_OWN_ADVICE: Final = re.compile(
    r"\b(?:i|we)(?:'ve| have| had| also| once)* (?:advised|suggested|told|recommended|urged|encouraged|said to"
    r"|asked) (?:that )?you\b"
    r"|\bich habe (?:dir|ihnen) (?:geraten|empfohlen|vorgeschlagen)\b|\bje t'ai conseillé\b|\bte aconsejé\b"
    r"|\bmy advice\b|\bmein rat\b",
)


def _party(clause: Clause, place: int, default: Party, *, notes: bool) -> Party:
    """Return whose the word at `place` is: by a possessive right before it, else by the last subject before it."""
    before = clause.words[max(0, place - 3) : place]
    for word in reversed(before):
        if word in _POSSESSIVES:
            return _side(word, notes=notes)
        if word in _SUBJECTS:
            break
    for index in range(place - 1, -1, -1):
        word = clause.words[index].split("'")[0]
        if word in _SUBJECTS and not (index and word in {"you", "sie"} and clause.words[index - 1] in _TAKES_OBJECT):
            return _side(word, notes=notes)
    return default


_TAKES_OBJECT: Final = frozenset(
    "asked ask told tell for to with from about thank thanks give gave show showed of at send sent see saw "
    "help helped let want wanted wrote write owe miss missed "
    "near and meet met know invite invited call called advised advise reach remind reminded für mit von an bei "
    "über".split()
)


def _side(word: str, *, notes: bool) -> Party:
    word = word.split("'", maxsplit=1)[0]
    if word in _THIRD and (notes or word not in _READER):
        return "reader" if notes else "other"
    if word in _OWNER:
        return "owner"
    return "reader" if word in _READER else "open"
