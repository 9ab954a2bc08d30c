"""Who answers the questions of set-up: a person at a terminal, or a file.

Each question has a key; the file is TOML with those keys. What it leaves out takes the default that is proposed, and
where there is none, set-up ends with one sentence: nothing is ever asked of somebody who is not there.
"""

from __future__ import annotations

import tomllib
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from assistant.config.section import closest, type_name
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
    """Asks and tells."""

    def ask(self, key: str, text: str, default: str | None = None) -> str:
        """Return an answer as one line, stripped; `default` for an empty one, "" only where that is the default."""
        ...

    def secret(self, key: str, text: str, default: str | None = None) -> str:
        """Return an answer that is not shown while it is typed; `default` for an empty one, "" where there is none."""
        ...

    def agree(self, key: str, text: str) -> bool:
        """Return whether the owner says yes; no is the default."""
        ...

    def again(self, problem: str) -> None:
        """Tell why an answer will not do; raises UserError where nobody can give another."""
        ...

    def say(self, text: str) -> None:
        """Tell something."""
        ...

    def working(self, text: str) -> AbstractContextManager[None]:
        """Return a context in which somebody who waits sees that this is at work."""
        ...

    def given(self, key: str) -> Any:
        """Return what was answered before it was asked, None for nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """An Asker whose answers are all written down; `tell` is where it says things."""

    answers: Mapping[str, Any]
    tell: Callable[[str], None] = field(default=lambda _text: None)

    def ask(self, key: str, text: str, default: str | None = None) -> str:
        """Return the answer of that key, else the default. Raises UserError where there is neither."""
        answer = self.answers.get(key)
        if answer is None and default is None:
            raise UserError(
                f'The answers hold no {key}, which is needed ({text.strip().rstrip(":")}); write {key} = "…".'
            )
        return str(default if answer is None else answer)

    def secret(self, key: str, text: str, default: str | None = None) -> str:
        """Return the answer of that key, else the default. Raises UserError where there is neither."""
        return self.ask(key, text, default)

    def agree(self, key: str, text: str) -> bool:
        """Return the answer of that key, no where there is none."""
        del text
        return bool(self.answers.get(key, False))

    def again(self, problem: str) -> None:
        """Raise the problem: nobody is there to answer once more."""
        raise UserError(problem)

    def say(self, text: str) -> None:
        """Tell it."""
        self.tell(text)

    def working(self, text: str) -> AbstractContextManager[None]:
        """Show nothing: nobody waits."""
        del text
        return nullcontext()

    def given(self, key: str) -> Any:
        """Return the answer of that key, None where there is none."""
        return self.answers.get(key)


def read_answers(text: str, needed: str = "address") -> dict[str, Any]:
    """Return the answers that a TOML text holds; `needed` is the key it must have, "" for none.

    Raises ConfigError with every problem of it at once; no value is repeated, since it may be a secret.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError((f"The answers are no TOML ({error}).",)) from None
    problems = [problem for key, value in values.items() if (problem := _problem(key, value))]
    named = [key for key in ONE_OF if key in values]
    if len(named) > 1:
        problems.append(f"The answers hold {' and '.join(named)}; keep one of them.")
    if needed and needed not in values:
        problems.append(f'The answers hold no {needed}; write {needed} = "…".')
    if problems:
        raise ConfigError(tuple(problems))
    return values


def _problem(key: str, value: object) -> str | None:
    if key in FLAGS:
        fits = isinstance(value, bool)
        wanted = "true or false"
    elif key in LISTS:
        fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        wanted = "a list of texts"
    elif key in TEXTS:
        fits = isinstance(value, str) and value.isprintable()
        wanted = "one line of text in quotes"
    else:
        known = TEXTS | LISTS | FLAGS
        hint = closest(key, known) or "; known: " + ", ".join(sorted(known))
        return f"The answers hold {key}, which is not known{hint}{'' if hint.endswith('?') else '.'}"
    return None if fits else f"{key} in the answers is {type_name(value)}; write {wanted}."
