"""What set-up, errors and the command line say, in the owner's language.

The English sentence stands in the code, with named places, and is the key of its translations (`translations/de.toml`):

    Translatable("Signed in as {user}.", user=…) ─> a question, a hint, an error ─> translated(…, "de") ─> the terminal

Only the edge that shows a sentence knows the language. What the digest says has keys instead (`phrases`).
"""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Any, Final, Self

from assistant.core.language.data_files import data_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TRANSLATED: Final = ("de", "fr", "es")
_THOUSANDS: Final = {"de": ".", "fr": "\u202f", "es": "."}


class Translatable(str):
    """An English text, or a part of one, that can be said in other languages too.

    It is the finished text for everybody who wants a `str`. The values may be sentences and errors themselves. Without
    values, the template is taken as it is, braces and all.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Return the sentence. One that is a sentence already stays what it is."""
        if isinstance(template, cls):
            return template
        made = super().__new__(cls, _Filling("en").vformat(template, (), values) if values else template)
        made.template, made.values = template, values
        return made


class _Filling(Formatter):
    """Fills the places of a template with values in one language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Translatable | BaseException):
            return translated(value, self._language)
        text: str = super().format_field(value, format_spec)
        return text.replace(",", _THOUSANDS.get(self._language, ",")) if format_spec == "," else text


def joined(parts: Iterable[str], between: str = " ") -> Translatable:
    """Return one sentence made of several, which have `between` between them."""
    values = {f"part{number}": part for number, part in enumerate(parts)}
    return Translatable(between.join(f"{{{name}}}" for name in values), **values)


def all_of(names: Iterable[str]) -> str:
    """Return "a and b and c"; "" for nothing."""
    first, *others = [*names] or [""]
    for other in others:
        first = Translatable("{first} and {other}", first=first, other=other)
    return first


def translated(said: str | BaseException, language: str) -> str:
    """Return a sentence, or what an error says, in that language; in English where there is no translation."""
    if isinstance(said, BaseException):
        said = said.args[0] if said.args and isinstance(said.args[0], Translatable) else str(said)
    sentence = Translatable(said)
    template = _table(language).get(sentence.template, sentence.template)
    return _Filling(language).vformat(template, (), sentence.values) if sentence.values else template


def spoken_language(environ: Mapping[str, str]) -> str:
    """Return the language a process is asked to speak: the first of three variables that is set decides (POSIX 8.2)."""
    named = next(filter(None, map(environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    language = named.partition(".")[0].partition("_")[0].casefold()
    return language if language in TRANSLATED else "en"


def means(answer: str, words: str, language: str) -> bool:
    """Return whether an answer is one of `words`, which blanks separate, in English or as translated."""
    return answer.strip().casefold() in {*words.split(), *translated(words, language).split()}


def _table(language: str) -> Mapping[str, str]:
    return data_file("translations", language) if language in TRANSLATED else {}
