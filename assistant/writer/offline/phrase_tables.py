"""The phrases of a language, and which of them it is this week's turn to say.

Steady choice: the same person and week always get the same words, and the next week others.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.evidence.dossier import Dossier
    from assistant.core.language.data_files import Language

LANGUAGES: Final = ("en", "de", "fr", "es")
"""The languages there are phrases in: to people written to in another one there is no draft by rules."""
_TELLING: Final = 9
"""Characters a fixed part needs to tell one phrase from another: a mere ", and " says nothing."""


def draft_language(language: str) -> str | None:
    """Return the language if there are phrases in it, else None."""
    return language if language in LANGUAGES else None


@cache
def table(name: str) -> dict[str, Any]:
    """Return `NAME.toml` beside this module, as it stands in the file."""
    # Prose is edited as prose, by people who needn't read the code.
    return tomllib.loads(files("assistant.writer.offline").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def phrases(language: str) -> dict[str, Any]:
    """Return the phrases of letters in a language: the tables of `phrases_LANGUAGE.toml`."""
    return table(f"phrases_{language}")


def brief_lines(language: Language) -> dict[str, Any]:
    """Return the tables of `brief_LANGUAGE.toml`: the lines of a brief in the owner's own language."""
    return table(f"brief_{language}")


def address(template: str, *, formal: bool) -> str:
    """Return the template with its "[du|Sie]" places filled for one form of address."""
    return re.sub(r"\[([^|\[\]]*)\|([^\[\]]*)\]", lambda match: match[2 if formal else 1], template)


def ordered(options: Sequence[str], dossier: Dossier, what: str) -> list[str]:
    """Return the options, this week's first, then the next weeks'; those said last time stand at the end."""
    year, _, number = dossier.week.partition("-W")
    week = date.fromisocalendar(int(year), int(number), 1).toordinal() // 7
    start = (crc32(f"{dossier.person.handle} {what}".encode()) + week) % len(options)
    turned = [*options[start:], *options[:start]]
    return sorted(turned, key=lambda option: said_before(option, dossier))


def said_before(template: str, dossier: Dossier) -> bool:
    """Return whether last time's draft or brief used the template: its longest fixed part stands in it."""
    if not dossier.previous:
        return False
    fixed = fixed_part(address(template, formal=dossier.formal))
    return len(fixed) >= _TELLING and any(fixed in folded(said) for said in dossier.previous)


def fixed_part(template: str) -> str:
    """Return the longest part of a template that is the same whatever fills its places."""
    return folded(max(re.split(r"\{\w+\}", template), key=len)).strip()


def folded(text: str) -> str:
    """Return the text for comparing: small letters, and the plain spaces that French phrases have and drafts don't."""
    return text.replace("\u00a0", " ").casefold()
