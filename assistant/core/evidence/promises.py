"""Commitments and claims out of the air: "attached", "as discussed", "congratulations", "I heard that you …".

Check 5 of docs/writer.md. Each pattern names the stem that the evidence would have to hold for it to be true; "" means
that nothing in evidence could make it true, as the assistant attaches nothing and keeps no calendar of free hours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from assistant.core.language.lexicon import Vocabulary

_PATTERNS: Final[tuple[tuple[str, str], ...]] = (
    (
        (
            r"\battach(?:ed|ing|ment)\b|\bi attach\b|\benclosed\b|\bim anhang\b|\banbei\b|\bangehängt\b"
            r"|\bbeigefügt\b|\bci-joint\b|\ben pi[èe]ce jointe\b|\badjunt[oa]?\b"
        ),
        "",
    ),
    (
        (
            r"\bas (?:we |you |i )?(?:discussed|agreed|promised|mentioned|requested|asked|planned|arranged|said"
            r"|explained|noted)\b"
            r"|\bper (?:our|your) (?:call|conversation|discussion|chat|request)\b|\bwie (?:besprochen|vereinbart"
            r"|versprochen|abgemacht|gewünscht|erwähnt|verabredet|angekündigt)\b"
            r"|\bcomme (?:convenu|promis|discuté|prévu|demandé)\b|\bcomo (?:acordamos|quedamos|prometí|hablamos"
            r"|comentamos|pediste)\b"
        ),
        "",
    ),
    (
        (
            r"\bi(?:'m| am| will be|'ll be) (?:free|available|around|in town|travell?ing|visiting|out of office)\b"
            r"|\bi have time (?:on|at)\b|\bmy calendar is (?:open|free|clear)\b"
            r"|\bich (?:bin|wäre) (?:am|nächste|diese|ab) \w+ (?:frei|verfügbar|da|in)\b|\bich habe (?:am|um) \w+ "
            r"(?:zeit|frei)\b|\bje suis (?:libre|disponible)\b|\bestoy (?:libre|disponible)\b"
        ),
        "",
    ),
    (
        (
            r"\bcongrat\w*|\bglückwunsch|\bglückwünsche|\bgratulier\w*|\bgratuliere|\bfélicitations?\b"
            r"|\bfelicidades\b|\benhorabuena\b"
        ),
        "congrat",
    ),
    (
        (
            r"\bthank(?:s| you)(?: \w+){0,3} for (?:the |your |that |an? |all )?(?:kind |warm |recent |generous "
            r")?(?:intro\w*|introducing|referr\w*|recommend\w*|connecting|invit\w*|gift|dinner|hosting"
            r"|lunch|coffee|drinks?|call|meeting|review\w*|letter|reference|endorsement|coming|joining|attending"
            r"|speaking|feedback|message|note|reply|email|e-mail|answer\w*|response|sending|sharing)\b"
            r"|\bdanke? (?:\w+ )?für (?:die|das|den|deine|ihre|deinen|ihren|dein|ihr) (?:\w+ )?(?:vorstellung"
            r"|einführung|empfehlung|einladung|essen|kaffee|geschenk|treffen|gespräch|antwort|nachricht|mail"
            r"|feedback|rückmeldung)\b"
            r"|\bmerci (?:\w+ )?pour (?:l'|le |la |ton |ta |votre )(?:introduction|recommandation|invitation"
            r"|déjeuner|café|réponse|message|retour|accueil)\b"
            r"|\bgracias (?:\w+ )?por (?:la |el |tu |su )(?:presentación|recomendación|invitación|comida|café"
            r"|respuesta|mensaje|cena)\b"
        ),
        "thanks-for",
    ),
    (
        (
            r"\b(?:it was |so |really )?(?:good|great|nice|lovely|wonderful|fun|a pleasure|so good) (?:to see"
            r"|seeing|to meet|meeting|catching up|to catch up|talking|to talk|chatting|speaking) (?:you |with you "
            r"|to you )?(?:at|in|on|last|again last|yesterday|the other|today|there|over)\b"
            r"|\bit was (?:\w+ ){0,2}(?:good|great|nice|lovely|wonderful|a pleasure) (?:to see|seeing|to meet"
            r"|meeting|catching up|to catch up|talking|to talk|chatting|speaking|to hear|hearing)\b"
            r"|\bes war (?:\w+ )?(?:schön|toll|nett|gut), (?:dich|sie|mit) "
        ),
        "met",
    ),
    (
        (
            r"\b(?:i|we) (?:just |recently |also |have |'ve )?(?:heard|hear|saw|read|noticed|learned|learnt"
            r"|understand|gather|see|found out|spotted)(?: about| of| that| from \w+ that)? (?:you(?!r (?:point"
            r"|side|view|time))|your|the news|on linkedin|a rumou?r)\b"
            r"|\b(?:i've|i have) (?:heard|seen|read|noticed|learned)(?: about| of| that)? (?:you|your|the news)\b"
            r"|\brumou?r has it\b|\bword is\b|\ba little bird\b|\bi was told\b|\bsomeone told me\b"
            r"|\bich habe (?:gehört|gelesen|gesehen|mitbekommen|erfahren)\b|\bwie ich (?:höre|hörte|gehört habe"
            r"|lese|sehe)\b|\bmir ist zu ohren\b|\bj'ai (?:entendu|appris|vu|lu)\b|\bhe (?:oído|leído|visto) (?:que"
            r"|tu|en)\b|\bme enteré\b"
        ),
        "",
    ),
    (
        (
            r"\bi(?:'ve| have)? (?:already |just |also )?(?:sent|forwarded|booked|scheduled|reserved|sharing"
            r"|shared with|cc'd|copied|invited|signed|introduced|spoke to|talked to)\b"
            r"|\bi(?:'ll| will| am going to|'m going to) (?:send|share|forward|book|pay|transfer|wire|introduce"
            r"|send over|call you (?:on|at)|be (?:there|in)|come by|drop by|bring|buy|treat|see you|meet you|attend"
            r"|join)\b"
            r"|\bich habe (?:dir|ihnen) \w+ (?:geschickt|gesendet|gebucht|reserviert)\b|\bich (?:schicke|sende"
            r"|überweise|buche|bringe) (?:dir|ihnen)\b(?! (?:gern|stattdessen|dann))"
        ),
        "promise",
    ),
    (
        (
            r"\bsee you (?:on|at|in|there|then|next|tomorrow|tonight|this)\b|\blooking forward to (?:seeing"
            r"|meeting) you (?:on|at|in|there|next|tomorrow|this)\b|\bbis (?:morgen|montag|dienstag|mittwoch"
            r"|donnerstag|freitag|dann am)\b"
        ),
        "meeting",
    ),
    (
        (
            r"\bhappy (?:belated )?(?:birthday|anniversary|new year|holidays|easter|thanksgiving)\b|\bmerry "
            r"christmas\b|\bget well\b|\bsorry (?:to hear|for your loss|about your)\b|\bcondolences\b|\bspeedy "
            r"recovery\b"
            r"|\balles gute zum\b|\bgute besserung\b|\bmein beileid\b|\btut mir leid zu hören\b|\bfrohe "
            r"weihnachten\b|\bjoyeux anniversaire\b|\bfeliz (?:cumpleaños|navidad)\b"
        ),
        "",
    ),
    (
        (
            r"\b(?:i |really |so |much |thoroughly )*(?:enjoyed|loved|liked|was impressed by|admired?|adore) "
            r"(?:reading |watching |seeing |hearing )?your (?!advice|perspective|view|thoughts|way|company|input"
            r"|insights?|conversation|time|honest|candou?r|mails?|openness)"
        ),
        "your",
    ),
    (
        (
            r"\byou (?:promised|offered|agreed|volunteered|asked me to|said you would|said you'd|wanted me to"
            r"|invited me)\b|\b(?:du hast|sie haben) (?:mir )?(?:versprochen|angeboten|zugesagt)\b"
        ),
        "said-so",
    ),
    (
        (
            r"\bwe (?:agreed|decided|settled|arranged|said we(?:'d| would)|planned) (?:to|on|that)\b|\bour "
            r"(?:meeting|call|appointment|lunch|coffee|dinner) (?:on|at|tomorrow|next|this)\b|\bwir (?:hatten"
            r"|haben) (?:vereinbart|abgemacht|beschlossen|verabredet)\b"
        ),
        "agree",
    ),
    (
        (
            r"\b(?:my|our) (?:boss|manager|assistant|wife|husband|partner|team|company|lawyer) (?:said|says|told"
            r"|thinks|wants|agreed|approved|asked|recommend)"
        ),
        "",
    ),
    (
        (
            r"\bspeaks? (?:so |very )?highly\b|\bsends? (?:you )?(?:his|her|their|his|my|warm|best) ?(?:warm |best "
            r"|kind )?(?:regards|love|greetings|wishes)\b|\bmutual (?:friend|acquaintance|contact|colleague)s?\b"
        ),
        "friend",
    ),
    (
        (
            r"\b(?:she|he|they) (?:told|said|mentioned|asked|thinks|wants|sends)\b|\bpassed away\b|\bi (?:am|was) "
            r"(?:a|an|the) (?!bit|little|lot|fan|firm|big|great|believer|beginner|peer|few)\w+"
        ),
        "third",
    ),
    (
        (
            r"\bi (?:quit|resigned|am quitting|am resigning|resign|got fired|was fired|kündige|have decided to "
            r"(?:leave|quit))\b|\bich (?:kündige|habe gekündigt)\b"
        ),
        "quit",
    ),
)
_COMPILED: Final = tuple((re.compile(pattern, re.IGNORECASE), key) for pattern, key in _PATTERNS)
_SUPPORT: Final[dict[str, tuple[str, ...]]] = {
    "congrat": (
        "congratulations",
        "congratulate",
        "promoted",
        "award",
        "won",
        "married",
        "born",
        "befördert",
        "gratulieren",
    ),
    "thanks-for": (
        "introduction",
        "introduced",
        "intro",
        "recommendation",
        "recommended",
        "referral",
        "invitation",
        "invited",
        "lunch",
        "dinner",
        "coffee",
        "feedback",
        "call",
        "review",
        "reviewed",
        "vorstellung",
        "empfehlung",
        "einladung",
        "gespräch",
    ),
    "met": (
        "met",
        "meeting",
        "saw",
        "lunch",
        "coffee",
        "dinner",
        "talked",
        "called",
        "spoke",
        "conference",
        "getroffen",
        "treffen",
    ),
    "promise": (),
    "meeting": ("meeting",),
    "your": ("talk", "post", "article", "book", "presentation", "keynote", "vortrag"),
    "said-so": ("promised", "offered", "agreed", "asked", "invited", "versprochen", "angeboten"),
    "agree": ("agreed", "decided", "arranged", "planned", "vereinbart", "beschlossen"),
    "quit": ("resigned", "quit", "gekündigt", "fired"),
}


def unfounded(text: str, words: Vocabulary) -> bool:
    """Return whether the text promises or claims something that the evidence could not bear out.

    A claim with a possible ground passes only when the evidence holds the very word it turns on: thanks for a lunch
    want a lunch in the evidence, not a call.
    """
    folded = text.replace("’", "'")
    for pattern, key in _COMPILED:
        for match in pattern.finditer(folded):
            if not _grounded(match[0], key, words):
                return True
    return False


def _grounded(said: str, key: str, words: Vocabulary) -> bool:
    support = _SUPPORT.get(key, ())
    if key == "thanks-for":
        turned = [part for part in said.lower().split() if any(part[:5] == word[:5] for word in support)]
        return bool(turned) and all(words.holds(part) for part in turned)
    return any(words.holds(word) for word in support)
