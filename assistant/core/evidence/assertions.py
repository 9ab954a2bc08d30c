"""Statements about the reader, the owner or things of theirs that no evidence bears, told from wishes and politeness.

Everyday words can be put together into an invention ("your new team is growing"). So a clause that reports something,
and is neither a question nor a wish, must share its telling words with one clause of the evidence, unless what it
reports is only the writing itself ("I have been thinking about …"). Part of check 3 of docs/writer.md.
"""

# ruff: noqa: SIM905 -- lists of words are read best as text
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.core.evidence.polarity import clause_of, clauses
from assistant.core.language.calendar_words import MONTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.evidence.dossier import Evidence
    from assistant.core.evidence.polarity import Clause

_SPLIT = re.compile(
    r"[.!;:]\s+|,\s+(?!(?:dass|ob|was|wie|wenn|wo|wer|wann|that|if)\b)|\s[–—]\s|\s+(?:and|but|because|und|aber"
    r"|denn|weil)\s+"
)
_HEDGES: Final = {
    "en": re.compile(
        r"\b(?:if|whether|hope|hoping|wonder|wondering|curious|how|what|when|where|which|who|why|unless|should|would"
        r"|could|might|may|can|let me know|tell me|whatever|whenever|wherever|imagine|assume|guess|suppose|i'd|we'd"
        r"|you'd|\w+'ll|will|let's|as far as|say)\b",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\b(?:wenn|falls|ob|hoffe|würde|könnte|hätte|wäre|möchte|wie|was|wann|wo|wer|warum|sag|will|kann|darf|soll"
        r"|lass)\b",
        re.IGNORECASE,
    ),
}
_ADVERB: Final = r"(?: (?:\w+ly|just|also|now|already|still|since|both|never|always|often|even|ever|once|not|then))*"
_IRREGULAR: Final = (
    "took|made|got|became|came|gave|ran|set|put|kept|led|left|went|began|found|heard|saw|met|wrote|won|lost|built|bought|sold|grew|broke|spent|sent|paid"
    "|stood|held|brought|taught|chose|drew|drove|fell|felt|flew|hit|hurt|quit|read|rose|shut|slept|spoke|swore|told|thought|threw|understood|woke|wore|did|had|was|were"
)
_PAST: Final = rf"(?:[a-z]{{3,}}ed|{_IRREGULAR})"
_BE: Final = r"(?:is|are|was|were|has|have|had|isn't|aren't|wasn't|hasn't)"
_YOU = re.compile(
    rf"\byou(?:'ve| have| had){_ADVERB} (?P<perfect>\w+)|\byou(?: are|'re| were){_ADVERB} (?P<state>\w+)|\byou "
    rf"must{_ADVERB} (?:be|have) (?P<guess>\w+)|\byou{_ADVERB} (?P<past>{_PAST})\b(?! me\b)",
    re.IGNORECASE,
)
_YOU_FREE: Final = frozenset(
    "a an the not so very busy well fine right free willing able open up interested one someone somebody "
    "always often welcome happy comfortable curious around "
    "in on at of my ever any time thoughts had shared given told said advised suggested recommended mentioned "
    "taught seen been have too also probably the already "
    "likely swamped stretched likely going doing keeping wondering asked encouraged helped pointed generous "
    "kind good great far further ahead reminded noted "
    "your my our gave raised explained described wrote called thought meant needed wanted a no plenty enough "
    "more much many full tied packed who somebody".split()
)
_YOURS = re.compile(
    rf"\byour (?P<what>(?:\w+ ){{0,3}}?\w+){_ADVERB} (?P<verb>{_BE}|must|{_PAST}|goes|keeps|continues|seems|looks)\b",
    re.IGNORECASE,
)
_YOURS_FREE: Final = frozenset(
    "advice perspective view views time calendar schedule plate thoughts opinion answer help support words "
    "input feedback insight insights guidance name word mind "
    "take wisdom experience counsel honesty encouragement note notes question questions suggestion suggestions "
    "side path judgement judgment attention point points "
    "outlook approach reading thinking openness week day hands inbox days weeks priorities reasons plans voice "
    "sense eye mail mails checklist".split()
)
_STAYED = re.compile(
    r"\b(?:stayed|stuck|sticks|stays|remained|remains|been (?:on|in|with)|is still|are still|(?:is|are|has "
    r"been) (?:often |always )?on my mind|meant|means|made "
    r"me|makes me|helped|helps|shaped|guided|inspired|inspires|encouraged|came (?:to|back)|has given|gave me"
    r"|left (?:me|a))\b",
    re.IGNORECASE,
)
_NEW = re.compile(
    r"\b(?:your|my|our|a|an|the) (?:new|former|old|latest|upcoming|next) (?P<what>\w+)|\b(?:neue[nrsm]?"
    r"|alte[nrsm]?) (?P<neu>\w+)",
    re.IGNORECASE,
)
_NEW_FREE: Final = frozenset(
    "step steps move challenge question conversation talk chat meeting coffee call advice note mail chapter "
    "one ones ideas idea exchange mails time lessons direction "
    "perspective angle things thing schritt schritte runde ideen gespräch mal frage fragen perspektive blick "
    "kontakt seite zeit".split()
)
_I = re.compile(
    rf"\b(?:i|we)(?:'ve| have| had){_ADVERB} (?P<perfect>been \w+|\w+)|\b(?:i|we){_ADVERB} (?P<past>{_PAST})\b"
    rf"|\b(?:i'm|i am|we're|we are){_ADVERB} (?P<now>\w+ing)\b",
    re.IGNORECASE,
)
_I_FREE: Final = frozenset(
    "thinking meaning wanting wondering hoping trying reflecting considering turning mulling weighing asking "
    "looking looked meant wanted thought been kept never not "
    "always often come had enjoyed appreciated valued learned learnt forgotten wondered talked spoken written "
    "met exchanged shared discussed caught chatted corresponded "
    "a an the my our your no some reasons something questions one anything something's owed remembered in on "
    "quite rather good much many more plenty "
    "to any time room fallen slipped gone carrying carried working heard seen known reached touched asked "
    "wrote spoke said told mentioned noted emailed called "
    "hoped appreciate missed enjoyed loved liked was were felt needed stayed promised-nothing writing reaching "
    "checking following looking getting wrapping sending "
    "keeping feeling finding struggling aiming facing curious learning turning preparing planning dying "
    "counting missing sorting figuring chewing "
    "noticed realised realized decided left waited both all each only such had did".split()
)
_OTHERS_TALK = re.compile(
    r"\b(?:i|we)(?:'ve| have)? (?:also |just |recently )?(?:spoke|spoken|talked|met|chatted|discussed (?:this"
    r"|it)|worked)\b(?! (?:about|on|of)\b)(?: \w+)? (?:to|with) (?!you\b|each other)",
    re.IGNORECASE,
)
_DEEDS = re.compile(
    rf"\b(?:i|we)(?:'ve| have)?{_ADVERB} (?:got|gotten|made|took|taken|left|decided to|missed|was|were|worked"
    rf"|met|had|did|found|felt) (?P<rest>.*)",
    re.IGNORECASE,
)
_DEEDS_FREE = re.compile(
    r"^(?:the (?:feeling|impression|sense|time|chance|liberty)|so much|a lot|much|more|out|plenty|something|to"
    r"|me|myself|us|it|this|that|your|our (?:talk|chat|conversation|exchange|mail|time|lunch|coffee)s?|things"
    r"|off|in touch|thinking|wondering|glad|happy|grateful|"
    r"curious|pleased|delighted|going to|hoping|reminded|struck|impressed|lucky|sorry|sure|a (?:question"
    r"|thought|chance|good (?:talk|time|feeling))|you|each other|up|last|in (?!a\b|the\b|paris)|on the phone"
    r"|write|ask|reach|a great deal|some|stuck|able|too|very|on|with|for|by|not|about|of|real|such|there|here"
    r"|behind|because|while|wanted|looking)\b",
    re.IGNORECASE,
)
_ACTORS = re.compile(
    rf"\b(?:(?:my|our|the|his|her|their) (?:\w+ )?(?:team|teams|manager|boss|company|job|colleagues?|leadership"
    rf"|management|customers?|clients?|group|department|organi[sz]ation|partner|office|people|friends?)"
    rf"|everyone|everybody|people|someone|somebody|people){_ADVERB} (?:{_BE}|{_PAST}|\w{{3,}}s|think|love|like"
    rf"|know|use)\b",
    re.IGNORECASE,
)
_THING = re.compile(
    rf"^\W*(?:so |and |by the way |meanwhile )?(?:the|my|our|this|that|both|all) (?P<what>(?:[\w-]+ "
    rf"){{0,3}}?[\w-]+?){_ADVERB} (?:{_BE}|{_PAST}|comes?|goes|gets|earned|fails?)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_THING_FREE: Final = frozenset(
    "mail email message letter time aim goal question idea plan version story thing things reason point hope "
    "wish way last next rest "
    "answer truth fact part week month year advice thought lesson "
    "exchange conversation talk mails note notes short one ones same best worst first kind sort ball door "
    "offer timing".split()
)
_GERMAN = re.compile(
    r"\b(?:ich|wir|du|sie|mein\w*|unser\w*|dein\w*|ihr\w*)\b[^,;.]*?\b(?:habe|hast|hat|haben|hatte|hatten|bin"
    r"|bist|ist|sind|war|waren|wurde|wurden|wird)\b(?P<rest>[^,;.]*)"
    r"|^\W*(?:habe|hast|hat|haben|hatte|bin|bist|ist|sind|war|wurde) (?:ich|wir|du|sie)\b(?P<rest2>[^,;.]*)"
    r"|\b(?:ich|wir|du|sie) \w+(?:te|test|ten)\b(?P<rest3>[^,;.]*)",
    re.IGNORECASE,
)
_GERMAN_FREE = re.compile(
    r"\b(?:geschrieben|gesprochen|telefoniert|gedacht|nachgedacht|gefragt|überlegt|gefreut|vergessen|gemeldet"
    r"|ausgetauscht|vorgenommen|angesammelt|zusammengekommen|gelernt|geraten|gesagt|erzählt"
    r"|empfohlen|vorgeschlagen|gehört|getan|vergangen|geblieben|beschäftigt|geholfen|gutgetan|gespannt"
    r"|neugierig|froh|dankbar|sicher|bereit|schuldig|gern|lust|zeit|interesse|freude|frage|fragen|idee|ideen"
    r"|wichtig|her|zu nah|in ordnung|willkommen|weg|ziel|rat|danke|viel|gut|schön|kein\w*|leid|klar|wert|fällig"
    r"|überfällig|auf (?:dich|sie)|an (?:dich|sie)|hier|da|dabei|noch immer|meinung|sicht|blick|nicht"
    r"|eingespannt|ausgebucht|verständnis|gedanken|unser letzter|der letzte|austausch|kontakt|gespräch|gefühl"
    r"|eindruck|entscheidung\w*|gründe\w*|jemanden|wollte\w*|sollte\w*|konnte\w*|musste\w*|arbeite|bitte|warte"
    r"|richte|halte|hoffte|dachte|fragte|rate|hinarbeite|zuletzt|an der zeit|an der reihe|eine weile|lange"
    r"|etwas|einiges|ein klares bild|selten|angewiesen|mitgenommen|gebracht|treffen|ist|weiß|es|mir)\b",
    re.IGNORECASE,
)
_MONTHS: Final = "|".join(name for names in MONTHS.values() for name in names)
_PLACE = re.compile(
    rf"\b(?:in|bei|auf|at|im)\s(?!(?:{_MONTHS}|den|der|dem|die|Ihre?[mnrs]?|[Dd]eine[mnr]|[Mm]eine[mnr]|einem"
    rf"|einer|Ruhe|Kontakt|Zukunft|Zeit|touch|mind|the|my|our)\b)(?P<where>[A-ZÄÖÜ]\w+)[^,;.]*\b(?:getroffen"
    rf"|gesehen|kennengelernt)\b"
)


def invented(text: str, evidence: Sequence[Evidence], language: str) -> bool:
    """Return whether the text reports something that no clause of the evidence bears (English and German).

    In other languages the words themselves must stand in evidence or in the list of common words; that is all.
    """
    if language not in {"en", "de"}:
        return False
    told = tuple(clause for item in evidence for clause in clauses(item.text, language))
    folded = " ".join(text.replace("’", "'").split())
    reports = _reports_english if language == "en" else _reports_german
    for part in _SPLIT.split(folded):
        if part.rstrip().endswith("?") or not part.strip():
            continue
        hedged = bool(_HEDGES[language].search(part))
        if reports(part, hedged=hedged) and not _borne(clause_of(part, language), told):
            return True
        if language == "en" and not hedged and _about_thing(part, told):
            return True
    return False


def _borne(clause: Clause, told: tuple[Clause, ...]) -> bool:
    """Return whether one evidence clause shares two telling words with this one, or all of its few."""
    for known in told:
        together = clause.stems.keys() & known.stems.keys()
        if len(together) > 1 or (together and len(known.stems) == 1):
            return True
    return False


def _reports_english(part: str, *, hedged: bool) -> bool:
    if any(
        (match["what"] or "").lower() not in _NEW_FREE for match in _NEW.finditer(part) if match["what"]
    ) and re.search(r"\b(?:my|your|our|a|an) (?:new|former|old|latest|upcoming)", part, re.IGNORECASE):
        return True
    if hedged:
        return False
    return _about_reader(part) or _about_owner(part) or bool(_ACTORS.search(part))


def _about_reader(part: str) -> bool:
    for match in _YOU.finditer(part):
        said = next(value for value in match.groupdict().values() if value).lower()
        if said not in _YOU_FREE:
            return True
    return any(
        not any(word.lower() in _YOURS_FREE for word in match["what"].split()) and not _STAYED.search(part)
        for match in _YOURS.finditer(part)
    )


def _about_owner(part: str) -> bool:
    if _OTHERS_TALK.search(part):
        return True
    for match in _I.finditer(part):
        said = (match["perfect"] or match["past"] or match["now"]).lower().split()[-1]
        if said not in _I_FREE and not (deed := _DEEDS.search(part)):
            return True
        if (deed := _DEEDS.search(part)) and deed["rest"].strip() and not _DEEDS_FREE.match(deed["rest"].strip()):
            return True
    return False


def _about_thing(part: str, told: tuple[Clause, ...]) -> bool:
    """Return whether a thing of the evidence is said to do or be what the evidence does not say of it."""
    match = _THING.match(part)
    if not match or any(word.lower() in _THING_FREE for word in match["what"].split()):
        return False
    subject, rest = clause_of(match["what"], "en"), clause_of(part[match.end("what") :], "en")
    about = [known for known in told if subject.stems.keys() & known.stems.keys()]
    if not rest.stems or not about:
        return False
    return not any(rest.stems.keys() & known.stems.keys() for known in about) and not _STAYED.search(part)


def _reports_german(part: str, *, hedged: bool) -> bool:
    if _PLACE.search(part):
        return True
    news = [match["neu"].lower() for match in _NEW.finditer(part) if match["neu"]]
    if any(word not in _NEW_FREE for word in news) and re.search(
        r"\b(?:habe|hast|haben|deine|dein|meine|mein|im|in)\b", part, re.IGNORECASE
    ):
        return True
    if hedged:
        return False
    match = _GERMAN.search(part)
    return bool(match) and not _GERMAN_FREE.search(part)
