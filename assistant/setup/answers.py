"""Where the answers of set-up come from: a person at a terminal, or a file.

Each question has a key, and the file is TOML with these keys. A missing key takes the proposed default. If there is
none, set-up ends with one sentence, since nobody is there to be asked.
"""

from __future__ import annotations

import tomllib
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from assistant.config.section import did_you_mean, type_name
from assistant.core.language.translation import Translatable, all_of, translated
from assistant.errors import ConfigError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

TEXTS: Final = frozenset(
    {
        "address",
        "name",
        "user",
        "password",
        "password_command",
        "password_env",
        "password_file",
        "token_command",
        "client_id",
        "client_secret",
        "imap",
        "smtp",
        "model",
        "model_name",
        "model_key",
        "sent",
        "drafts",
        "timezone",
        "language",
    }
)
LISTS: Final = frozenset({"addresses", "company_domains"})
FLAGS: Final = frozenset({"first_digest", "device", "trust_dns"})
ONE_OF: Final = ("password", "password_command", "password_env", "password_file", "token_command", "client_id")


class Asker(Protocol):
    """Asks the owner, and tells the owner things."""

    @property
    def language(self) -> str:
        """Return the language it speaks."""
        ...

    def ask(self, key: str, text: str, default: str | None = None) -> str:
        """Return the answer as one stripped line, or `default` for an empty one. "" only if that is the default."""
        ...

    def secret(self, key: str, text: str, default: str | None = None) -> str:
        """Return an answer that isn't shown while it is typed, or `default` for an empty one ("" if there is none)."""
        ...

    def agree(self, key: str, text: str) -> bool:
        """Return whether the owner says yes. No is the default."""
        ...

    def again(self, problem: str) -> None:
        """Say why an answer won't do. Raises UserError if nobody can give another one."""
        ...

    def say(self, text: str) -> None:
        """Say something."""
        ...

    def working(self, text: str) -> AbstractContextManager[None]:
        """Return a context that shows somebody who waits that work is going on."""
        ...

    def given(self, key: str) -> Any:
        """Return an answer that was given in advance, None if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """An Asker whose answers are all written down. `tell` gets what it has to say, in its language."""

    answers: Mapping[str, Any]
    tell: Callable[[str], None] = field(default=lambda _text: None)
    language: str = "en"

    def ask(self, key: str, text: str, default: str | None = None) -> str:
        """Return the answer for the key, else the default. Raises UserError if there is neither."""
        answer = self.answers.get(key)
        if answer is None and default is None:
            raise UserError(
                'The answers have no {key}, which is needed ({text}); write {key} = "…".',
                key=key,
                text=Translatable(text),
            )
        return str(default if answer is None else answer)

    def secret(self, key: str, text: str, default: str | None = None) -> str:
        """Return the answer for the key, else the default. Raises UserError if there is neither."""
        return self.ask(key, text, default)

    def agree(self, key: str, text: str) -> bool:
        """Return the answer for the key. No answer is a no."""
        del text
        return bool(self.answers.get(key, False))

    def again(self, problem: str) -> None:
        """Raise the problem, since nobody is there to answer again."""
        raise UserError(problem)

    def say(self, text: str) -> None:
        """Pass it to `tell`."""
        self.tell(translated(text, self.language))

    def working(self, text: str) -> AbstractContextManager[None]:
        """Show nothing, since nobody waits."""
        del text
        return nullcontext()

    def given(self, key: str) -> Any:
        """Return the answer for the key, None if there is none."""
        return self.answers.get(key)


def read_answers(text: str, needed: str = "address") -> dict[str, Any]:
    """Return the answers in a TOML text. `needed` is a key it must have, "" for none.

    Raises ConfigError with all problems at once.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Here and below, no value is repeated in a message: it may be a secret.
        raise ConfigError((Translatable("The answers are not TOML ({error}).", error=error),)) from None
    problems = [problem for key, value in values.items() if (problem := _problem(key, value))]
    named = [key for key in ONE_OF if key in values]
    if len(named) > 1:
        problems.append(Translatable("The answers have {named}; keep one of them.", named=all_of(named)))
    if needed and needed not in values:
        problems.append(Translatable('The answers have no {needed}; write {needed} = "…".', needed=needed))
    if problems:
        raise ConfigError(tuple(problems))
    return values


def _problem(key: str, value: object) -> str | None:
    if key in FLAGS:
        fits = isinstance(value, bool)
        wanted = Translatable("true or false")
    elif key in LISTS:
        fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        wanted = Translatable("a list of texts")
    elif key in TEXTS:
        fits = isinstance(value, str) and value.isprintable()
        wanted = Translatable("one line of text in quotes")
    else:
        known = TEXTS | LISTS | FLAGS
        hint = did_you_mean(key, known) or Translatable("; known: {known}.", known=", ".join(sorted(known)))
        return Translatable("The answers have {key}, which is not known{hint}", key=key, hint=hint)
    if fits:
        return None
    kind = type_name(value)
    return Translatable("{key} in the answers is {kind}; write {wanted}.", key=key, kind=kind, wanted=wanted)
