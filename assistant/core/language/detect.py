"""Which language a text is written in, by its function words: English, German, French, Spanish, or another."""

from __future__ import annotations

import re
from typing import Final

WORDED: Final = ("en", "de", "fr", "es")
"""The languages the checks have word lists for."""

_FUNCTION_WORDS: Final[dict[str, str]] = {
    "en": "the and of to in is that it you for was on are with as i be this have from at by not but we they an your "
    "my our can will would about if what when so there which been has had me do just how any could let thanks hi",
    "de": "der die das und ist nicht ich du sie wir es ein eine einen dem den des mit auf für von zu im in dass wie "
    "auch noch aber oder wenn bei nach über mir dir mich dich dein mein unser ihr habe hast hat haben war bin bist "
    "sind wäre kann würde hallo liebe danke sehr schon gern einmal mal uns euch ihnen",
    "fr": "le la les des et est pas je tu vous nous il elle un une du de que qui dans pour sur avec ce cette mon ma "
    "ton ta votre notre j c qu ça on où était "
    "au aux en ne se suis es sont ai as avez avons mais ou si plus bonjour merci très bien être",
    "es": "el la los las y es no yo tú usted nos un una del de que en para por con se mi tu su nuestro al lo me te le "
    "como más pero si ya muy hola gracias este esta eso sobre cuando hay fue ser estar estoy está he has ha hemos",
    # Only to tell that a text is in none of the four.
    "it": "il lo gli della che di è per con non mi ti ci sono hai ho abbiamo una un nel alla ma come ciao grazie più",
    "nl": "de het een en van ik je jij wij is niet dat op te met voor zijn heb hebt heeft naar ook maar nog bij hoe",
    "pt": "o os as um uma e de do da que não com para por se em no na eu você nós mas mais como obrigado olá foi são",
    "sv": "och att det som en ett på är av för med inte jag du vi den har till om men hej tack kan så de",
    "pl": "i w na z do że się nie to jest jak ale o co dla po czy tak jestem masz cześć dziękuję przez od za",
}
FUNCTION_WORDS: Final = {name: frozenset(words.split()) for name, words in _FUNCTION_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
END_OF_LATIN: Final = 0x24F
"""The last letter of Latin Extended-B."""
ENOUGH = 3
"""Function words a text needs before it counts as evidence of a language."""


def detect(text: str) -> str | None:
    """Return "en", "de", "fr" or "es", "other" for a text in another language, None when it is too short to tell.

    Looks at the first 400 words. A script other than Latin is "other" at once.
    """
    words = _words(text)
    if not words:
        return None
    if _foreign_script(words):
        return "other"
    hits = _hits(words)
    best = max(hits, key=lambda name: hits[name])
    if hits[best] < ENOUGH:
        return None
    return best if best in WORDED else "other"


def speaks_another(text: str, language: str) -> bool:
    """Return whether a text is surely not in `language`: another of the four has twice as many of its words in it.

    A sentence is short, and French and Spanish share words: where in doubt, it is in the language it should be in.
    """
    words = _words(text)
    if language not in WORDED or not words:
        return False
    hits = _hits(words)
    most = max(hits[name] for name in WORDED if name != language)
    return _foreign_script(words) or (most >= ENOUGH and most > 2 * hits[language])


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text[:8000])[:400]]


def _foreign_script(words: list[str]) -> bool:
    return sum(ord(word[0]) > END_OF_LATIN for word in words) * 2 > len(words)


def _hits(words: list[str]) -> dict[str, int]:
    return {name: sum(word in known for word in words) for name, known in FUNCTION_WORDS.items()}


# German pronouns are formal only with a capital, and a capital says nothing where a sentence begins. French "vos" is
# formal, Argentine "vos" is not, so each language has its own words.
_FORMAL: Final = {
    "de": re.compile(r"(?<![.!?:]\s)(?<!^)\b(?:Sie|Ihnen|Ihren?|Ihrem|Ihrer|Ihres)\b|^Sehr geehrte"),
    "fr": re.compile(r"\b(?:vous|votre|vos)\b|^(?:chère? )?(?:monsieur|madame)\b", re.IGNORECASE),
    "es": re.compile(
        r"\b(?:usted|ud|permítame|dígame|sírvase)\b|^estimad[oa]s? (?:d|l|ing|prof|maestr|señ|sr)\w*", re.IGNORECASE
    ),
}
_FAMILIAR: Final = {
    "de": re.compile(r"\b(?:du|dir|dich|dein(?:e[mnrs]?)?|euch|euer|eure[mnrs]?)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:tu|toi|ton|ta|tes|t['’])", re.IGNORECASE),
    "es": re.compile(r"\b(?:tú|vos|ti|te|tus?|contigo|has|estás|tienes|puedes)\b", re.IGNORECASE),
}


def address_form(text: str, language: str) -> bool | None:
    """Return whether a text addresses its reader formally; None where it tells neither, as English never does."""
    if language not in _FORMAL:
        return None
    formal, familiar = len(_FORMAL[language].findall(text)), len(_FAMILIAR[language].findall(text))
    return None if formal == familiar else formal > familiar
