"""The messages for one person, from the templates in `prompts/` (docs/writer.md, "The prompts").

templates (the owner's before ours) + playbook -> system message;  dossier -> JSON -> user message
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from assistant.config.bundled import bundled
from assistant.core.people.roles import Role
from assistant.errors import UserError
from assistant.writer.model.schema import COMMANDS_SCHEMA, SCHEMA
from assistant.writer.offline.choose import situation
from assistant.writer.offline.greetings import first_name, greeting, sign_off

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.core.evidence.dossier import Dossier

BLOCKS: Final = ("mentor", "advisor", "advocate", "ally")
TEMPLATES: Final = (
    "frame.j2",
    "person.j2",
    "again.j2",
    "reply.j2",
    "role.j2",
    "other.j2",
    *(f"{name}.j2" for name in BLOCKS),
)
_NAME_LETTERS: Final = 40
_NAME_WORDS: Final = 3
_LANGUAGES: Final = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """The two messages for one person, and what is added on a second asking; `schema` None is that of words."""

    system: str
    user: str
    again: str
    schema: dict[str, Any] | None = None

    @property
    def size(self) -> int:
        """Return the bytes of both messages in UTF-8."""
        return len(self.system.encode()) + len(self.user.encode())


class Prompts:
    """The templates, an owner's own before ours. Raises UserError where one cannot be read or filled."""

    def __init__(self, folder: Path | None = None) -> None:
        folders = [folder] if folder else []
        loader = ChoiceLoader([FileSystemLoader(path) for path in (*folders, bundled("prompts"))])
        self._environment = SandboxedEnvironment(
            loader=loader, undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False
        )
        self._environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": False}

    def render(self, dossier: Dossier) -> Prompt:
        """Return the messages for one person."""
        values = _values(dossier)
        try:
            system = self._environment.get_template("frame.j2").render(values)
            user = self._environment.get_template("person.j2").render(data=_data(dossier))
            again = self._environment.get_template("again.j2").render()
        except TemplateError as error:
            raise _unfilled(error) from error
        return Prompt(system.strip(), user.strip(), again.strip())

    def reply(self, line: str, again: str) -> Prompt:
        """Return the messages for one line that an owner wrote."""
        schema = json.dumps(COMMANDS_SCHEMA, separators=(",", ":"))
        try:
            system = self._environment.get_template("reply.j2").render(schema=schema)
        except TemplateError as error:
            raise _unfilled(error) from error
        user = json.dumps({"line": line}, ensure_ascii=False)
        return Prompt(system.strip(), user, again, COMMANDS_SCHEMA)

    def fingerprint(self) -> str:
        """Return a hash of the bytes of all templates in use."""
        digest = hashlib.sha256()
        loader = self._environment.loader
        for name in TEMPLATES:
            source = loader.get_source(self._environment, name)[0] if loader else ""
            digest.update(f"{name}\n{len(source)}\n{source}".encode())
        return digest.hexdigest()


def _unfilled(error: TemplateError) -> UserError:
    name, line = getattr(error, "name", None) or "a prompt template", getattr(error, "lineno", None)
    place = f"{name}, line {line}" if line else str(name)
    message = f"The prompts in prompts_dir cannot be filled ({place}: {error.message}). Mend or remove that file."
    return UserError(message)


def _values(dossier: Dossier) -> dict[str, Any]:
    role = dossier.playbook or Role(dossier.person.role, "", "", None)
    told = situation(dossier)
    return {
        "owner": first_name(dossier.owner_name) or "the owner",
        "name": _short(first_name(dossier.person.name)),
        "role": asdict(role),
        "block": f"{role.name}.j2" if role.name in BLOCKS else "other.j2",
        "hoped": dossier.person.hoped,
        "situation": "candidate" if dossier.situation in {"candidate", "gap"} else told,
        "language": _LANGUAGES.get(dossier.language, "the language of the pieces named in voice"),
        "brief_language": _LANGUAGES.get(dossier.owner_language, "English"),
        "schema": json.dumps(SCHEMA, separators=(",", ":")),
    }


def _short(name: str) -> str:
    """Return a name fit for the frame: others chose display names, so nothing longer than a name gets in."""
    return name if len(name) <= _NAME_LETTERS and len(name.split()) <= _NAME_WORDS else "this person"


def _data(dossier: Dossier) -> dict[str, Any]:
    """Return the one person's evidence and computed facts as plain JSON values."""
    evidence = [
        {"number": e.number, "kind": e.kind, **({"date": e.on.isoformat()} if e.on else {}), "text": e.text}
        for e in dossier.evidence
    ]
    facts = {
        "today": dossier.today.isoformat(),
        "name": dossier.person.name,
        "role": dossier.person.role,
        "situation": situation(dossier),
        "days_since_last_contact": dossier.days_since,
        "days_overdue": max(dossier.overdue_days, 0),
        "formal": dossier.formal,
    }
    return {
        "facts": facts,
        "greeting": greeting(dossier, dossier.language),
        "sign_off": sign_off(dossier),
        "evidence": evidence,
        "voice": [e.number for e in dossier.of_kind("message")][:2],
        "said_last_time": list(dossier.previous[:12]),
    }
