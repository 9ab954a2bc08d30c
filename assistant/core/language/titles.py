"""Titles, degrees and generations that stand beside a name, in lower case without dots."""

from __future__ import annotations

from typing import Final

_TITLES: Final = (
    "dr doktor prof professor mr mrs ms miss mx sir dame rev hon herr frau mag ing dipl dott dottssa avv arch drs ir "
    "mme mlle monsieur madame sra srta don dona univ privdoz lic mtro mtra "
    "maître maitre licenciada licenciado capt col lt sgt fr hc habil"
)
TITLES: Final = frozenset(_TITLES.split())
TITLES_OR_NAMES: Final = frozenset(["don", "dona", "mag", "ing", "hon", "col", "fr", "ir", "arch", "lord", "lady"])
"""Titles that are names as well (Don Draper): dropped with a dot, or before two other words."""
_DEGREES: Final = "phd md mba esq msc bsc dds cpa pe llm llb mph edd jd rn cfa pmp ba ma bs ms meng beng"
DEGREES: Final = frozenset(_DEGREES.split())
DEGREES_OR_NAMES: Final = frozenset(["ma", "ba", "pe", "jd", "rn"])
"""Degrees that are names as well (Jack Ma): dropped in capitals after two words of another kind."""
GENERATIONS: Final = frozenset(["jr", "sr", "ii", "iii", "iv", "junior", "senior"])
HONORIFICS: Final = (TITLES - TITLES_OR_NAMES) | frozenset(["san", "sensei", "m"])
"""What a greeting may hold beside the name and is surely no name itself; the Japanese ones stand behind it."""
