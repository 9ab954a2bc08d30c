"""What would bind the owner: attachments, agreements out of the air, free times, money, decisions.

The cues are data (`language/words/commitments.toml`). The assistant attaches nothing, keeps no calendar of free hours
and has no purse, so a draft that says so is wrong unless the owner's own words said so before.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from assistant.core.language.data_files import data_file
from assistant.core.language.fold import fold_text

_GAP: Final = r"(?:[\w'’-]+[\s,]+){0,5}?"


def commitment(text: str, evidence: str, *, brief: bool = False) -> str | None:
    """Return "attachment", "promise", "free" or "money" for what a text binds the owner to, None for nothing.

    `evidence` is all of it, as one text. A line of a brief (`brief`) sends nothing and promises nobody anything.
    """
    if brief:
        return None
    folded = fold_text(text)
    known = fold_text(evidence)
    for name, (cues, unless) in _cues().items():
        # What the evidence says in the same words, or speaks of at all where that is enough, a verifier judges.
        said = [match[0] for match in cues.finditer(folded) if match[0] not in known or name == "attachment"]
        if said and not (unless and unless.search(known)):
            return name
    return None


@cache
def _cues() -> dict[str, tuple[re.Pattern[str], re.Pattern[str] | None]]:
    return {
        name: (_any(table["cues"]), _any(table["unless"]) if table["unless"] else None)
        for name, table in data_file("words", "commitments").items()
    }


def _any(cues: list[str]) -> re.Pattern[str]:
    """Return one pattern for cues in the small language that the data file explains."""
    return re.compile("|".join(rf"(?<!\w){_cue(cue)}(?!\w)" for cue in cues))


def _cue(cue: str) -> str:
    parts = []
    words = cue.split()
    for index, word in enumerate(words):
        if word == "..":
            parts.append(_GAP)
            continue
        if word.startswith("!"):
            parts.append(rf"(?!\s{word[1:]}\b)")
            continue
        optional = word.endswith("?")
        forms = "|".join(re.escape(form).replace(r"\*", r"\w*") for form in word.removesuffix("?").split("|"))
        after = "" if index + 1 == len(words) or words[index + 1].startswith("!") else r"(?:[\s,]+|(?<='))"
        parts.append(rf"(?:(?:{forms}){after})?" if optional else rf"(?:{forms}){after}")
    return "".join(parts)
