"""Letters that only look like others: Cyrillic а in a Latin name, Greek capitals, Armenian օ (Unicode UTS 39).

Two names that are equal by the look of their letters are never equal: an impostor picks such letters, nobody else does.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

LATIN = "LATIN"
MIXED = "mixed"
SOUNDED = frozenset(
    (
        *("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN", "HEBREW", "ARABIC", "CJK", "DEVANAGARI", "BENGALI"),
        *("GUJARATI", "GURMUKHI", "KANNADA", "MALAYALAM", "ORIYA", "SINHALA", "TAMIL", "TELUGU", "THAANA", "THAI"),
        *("LAO", "KHMER", "MYANMAR", "TIBETAN", "MONGOLIAN", "ETHIOPIC"),
    )
)
"""Scripts in which a name may be equal to a Latin one by its sound. The others (Cherokee, Lisu) serve to deceive."""
_WRITTEN_TOGETHER = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"})
_PHONETIC = dict(zip("ɑɡɩɪʀʏʙʜʟɴɢᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜰꜱꞁ", "agiirybhlngacdejkmoptuvwzfsl", strict=True))
"""Letters of phonetic writing, which Unicode calls Latin."""
_LOOKS = {
    **_PHONETIC,
    **dict(zip("авгԁеһіјкӏмнпорԛѕстуүѵԝхь", "abrdehijklmhnopqsctyyvwxb", strict=True)),
    **dict(zip("АВСԀЕНІЈКӀМОРԚЅТУҮѴԜХЬ", "abcdehijklmopqstyyvwxb", strict=True)),
    **dict(zip("αβγεικνορστυχωηϲϳμπ", "abyeikvopotuxwncjun", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿ", "abezhikmnoptyxcj", strict=True)),
    **dict(zip("օսհոցզյալքռրՕՍՏԼՈ", "ouhngqjwlpnnousln", strict=True)),
    **dict(zip("ᎪᎠᎡᎢᎥᎫᎬᎳᎷᎻᎽᏀᏃᏒᏔᏕᏙᏚᏞᏟᏢᏦᏧᏳᏴ", "adrtijewmhygzrwsvslcpkdgb", strict=True)),
}


def script_of(text: str) -> str:
    """Return the script of a text's letters by its Unicode name ("LATIN", "CYRILLIC"; "CJK" for all of East Asia).

    MIXED where there are several, "" where there are no letters.
    """
    if text.isascii():
        return LATIN if any(map(str.isalpha, text)) else ""
    scripts = {_script(char) for char in unicodedata.normalize("NFKC", text) if char.isalpha()} - {""}
    return MIXED if len(scripts) > 1 else next(iter(scripts), "")


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    if char in _PHONETIC:
        return "PHONETIC"
    if unicodedata.category(char) == "Lm":
        return ""  # marks between letters (ʼ, ー), of no script
    first = unicodedata.name(char, "").partition(" ")[0]
    return "CJK" if first in _WRITTEN_TOGETHER else first


def look_of(text: str) -> str:
    """Return a text with Latin letters in the place of those that look like them, without accents."""
    return "".join(
        _LOOKS.get(char, char) for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)
    )


def deceives(text: str) -> bool:
    """Return whether a text mixes scripts, or is of another script and reads as Latin all through."""
    script = script_of(text)
    return script == MIXED or (script not in {"", LATIN} and look_of(text).isascii())


@lru_cache(maxsize=65_536)
def is_deceptive_address(address: str) -> bool:
    """Return whether the local part or a label of the host of a normal address deceives by its letters."""
    local, _, host = address.rpartition("@")
    if local.isascii() and "xn--" not in host:
        return False
    return any(map(deceives, (local, *map(_label, host.split(".")))))


def _label(label: str) -> str:
    """Return a label of a host as it is shown (RFC 3492); itself where it cannot be."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label
