"""The messages for one person, from the templates in `prompts/` (docs/writer.md, "Your own prompts").

    templates (the owner's before ours) + playbook -> system messages;  dossier -> JSON -> user messages

Three requests: `write` (frame.j2, person.j2), `verify` (verify.j2), `repair` (repair.j2). What the last two send
besides the evidence is known only once an answer is there, so their JSON is made here and not by a template.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import htmlsafe_json_dumps

from assistant.config.bundled import bundled
from assistant.core.evidence.dossier import NO_REQUEST
from assistant.core.language.first_name import first_name
from assistant.core.language.fold import fold_text
from assistant.core.people.roles import Role
from assistant.core.replies.reading.read_orders import STATUSES
from assistant.errors import UserError
from assistant.writer.model.schema import (
    HEADINGS,
    KINDS,
    READING_SCHEMA,
    REPAIR_SCHEMA,
    VERDICTS_SCHEMA,
    WORDS_SCHEMA,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from assistant.core.evidence.dossier import Dossier
    from assistant.core.replies.reading.read_orders import Around, PlacedLine

BLOCKS: Final = ("mentor", "advisor", "advocate", "ally")
TEMPLATES: Final = (
    "frame.j2",
    "person.j2",
    "verify.j2",
    "repair.j2",
    "again.j2",
    "reply.j2",
    "role.j2",
    "other.j2",
    "situation.j2",
    *(f"{name}.j2" for name in BLOCKS),
)
_NAME_LETTERS: Final = 40
_NAME_WORDS: Final = 3
_LANGUAGES: Final = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}
_MOST_SAID: Final = 12
"""Sentences of last time that go along."""
_VOICE: Final = 2
"""Letters that show how the owner writes to this person."""
_EXPECTED_OUT: Final = 700
_OUT_OF_A_VERDICT: Final = 50
_OUT_OF_A_REPAIR: Final = 90
_OUT_OF_A_LINE: Final = 80
"""Tokens an answer is expected to cost before it is known: words, each verdict, each repaired sentence, each line."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request: two messages, what is added on a second asking, the form of the answer.

    `schema` None is that of words; `expected` the tokens an answer may take; `temperature` None is the owner's.
    """

    system: str
    user: str
    again: str
    schema: dict[str, Any] | None = None
    expected: int = _EXPECTED_OUT
    temperature: float | None = None

    @property
    def size(self) -> int:
        """Return the bytes of both messages in UTF-8."""
        return len(self.system.encode()) + len(self.user.encode())


@dataclass(frozen=True, slots=True)
class PersonPrompts:
    """Everything that may be asked about one person; nothing of anybody else is in it."""

    write: Prompt
    verify_system: str
    repair_system: str
    evidence: tuple[dict[str, str], ...]
    facts: Mapping[str, Any]

    def verify(self, sentences: Sequence[dict[str, Any]]) -> Prompt:
        """Return the request for verdicts on numbered sentences: {sentence, part, text}."""
        data = {"task": "verify", "facts": self.facts, "evidence": self.evidence, "sentences": [*sentences]}
        expected = _OUT_OF_A_VERDICT * len(sentences)
        # A judgement is no place for variety.
        return Prompt(self.verify_system, _json(data), self.write.again, VERDICTS_SCHEMA, expected, temperature=0.0)

    def repair(self, wanted: Sequence[dict[str, Any]], kept: Sequence[dict[str, Any]]) -> Prompt:
        """Return the request for other sentences in place of some: {sentence, kind or heading, reason}."""
        data = {"task": "write", "repair": [*wanted], "kept": [*kept], "facts": self.facts, "evidence": self.evidence}
        expected = _OUT_OF_A_REPAIR * len(wanted)
        return Prompt(self.repair_system, _json(data), self.write.again, REPAIR_SCHEMA, expected)


class Prompts:
    """The templates, an owner's own before ours. Raises UserError where one cannot be read or filled."""

    def __init__(self, folder: Path | None = None) -> None:
        folders = [folder] if folder else []
        loader = ChoiceLoader([FileSystemLoader(path) for path in (*folders, bundled("prompts"))])
        self._environment = SandboxedEnvironment(
            loader=loader, undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False
        )
        self._environment.filters["tojson"] = _json

    def person(self, dossier: Dossier) -> PersonPrompts:
        """Return what may be asked about one person; every template is filled, so that a mistake is told at once."""
        values, data = _values(dossier), _data(dossier)
        again = self._filled("again.j2")
        write = Prompt(self._filled("frame.j2", **values), self._filled("person.j2", data=data), again)
        verify, repair = self._filled("verify.j2", **values), self._filled("repair.j2", **values)
        return PersonPrompts(write, verify, repair, tuple(data["evidence"]), data["facts"])

    def reply(self, lines: Sequence[PlacedLine], around: Around) -> Prompt:
        """Return the request to read an owner's lines, with the names and labels they may speak of."""
        data = {
            "task": "read",
            "lines": [
                {"line": number, "text": text, **({"under": place} if place else {})}
                for number, (text, place) in enumerate(lines, 1)
            ],
            "cards": [{"label": label, "name": name} for label, name in around.cards],
            "questions": [{"label": label, "name": name, "about": kind} for label, name, kind in around.questions],
            "candidates": [{"label": label, "name": name} for label, name in around.candidates],
            "other_names": [*around.others],
        }
        system, again = self._filled("reply.j2", statuses=STATUSES), self._filled("again.j2")
        expected = _OUT_OF_A_LINE * len(lines)
        return Prompt(system, _json(data), again, READING_SCHEMA, expected, temperature=0.0)

    def fingerprint(self) -> str:
        """Return a hash of the bytes of all templates in use."""
        digest = hashlib.sha256()
        loader = self._environment.loader
        for name in TEMPLATES:
            source = loader.get_source(self._environment, name)[0] if loader else ""
            digest.update(f"{name}\n{len(source)}\n{source}".encode())
        return digest.hexdigest()

    def _filled(self, template: str, **values: object) -> str:
        try:
            return self._environment.get_template(template).render(values).strip()
        except TemplateError as error:
            raise _unfilled(error) from error


def _unfilled(error: TemplateError) -> UserError:
    name, line = getattr(error, "name", None) or "a prompt template", getattr(error, "lineno", None)
    place = f"{name}, line {line}" if line else str(name)
    told = "The prompts in prompts_dir cannot be filled ({place}: {why}). Mend or remove that file."
    return UserError(told, place=place, why=error.message)


def _json(data: object) -> str:
    """Return JSON in which no tag of a chat format can stand (< > & are escaped), but apostrophes are themselves."""
    dumped = htmlsafe_json_dumps(data, ensure_ascii=False, sort_keys=False)
    return str(dumped).replace("\\u0027", "'")


def _compact(schema: dict[str, Any]) -> str:
    return json.dumps(schema, separators=(",", ":"))


def _values(dossier: Dossier) -> dict[str, Any]:
    role = dossier.playbook or Role(dossier.person.role, "", "", None)
    hoped = dossier.person.hoped
    return {
        "owner": first_name(dossier.owner_name) or "the owner",
        "name": _short(first_name(dossier.person.name)),
        "role": asdict(role),
        "block": f"{role.name}.j2" if role.name in BLOCKS else "other.j2",
        "hoped": hoped,
        "formal": dossier.formal,
        "situation": dossier.situation,
        "asks": dossier.situation not in NO_REQUEST,
        "asks_openly": hoped or dossier.situation in {"candidate", "gap", "hoped"},
        "greeted": bool(dossier.greeting) or dossier.language in _LANGUAGES,
        "language": _LANGUAGES.get(dossier.language, "the language of the pieces named in voice"),
        "brief_language": _LANGUAGES.get(dossier.owner_language, "English"),
        "kinds": KINDS[1:] if dossier.greeting or dossier.language in _LANGUAGES else KINDS,
        "headings": HEADINGS,
        "schema": _compact(WORDS_SCHEMA),
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
        "situation": dossier.situation,
        **_rests_on(dossier),
        "days_since_last_contact": dossier.days_since,
        "days_overdue": max(dossier.overdue_days, 0),
        "formal": dossier.formal,
        **({"last_letter": dossier.last_letter_on.isoformat()} if dossier.last_letter_on else {}),
        **({"last_topic": dossier.topic} if dossier.topic else {}),
        **({"suits": sorted(dossier.preferred)} if dossier.preferred else {}),
        **({"ruled_out": sorted(dossier.forbidden)} if dossier.forbidden else {}),
    }
    return {
        "task": "write",
        "facts": facts,
        "greeting": dossier.greeting or "",
        "sign_off": dossier.sign_off or "",
        "evidence": evidence,
        "open_loops": _loops(dossier),
        "voice": [e.number for e in dossier.of_kind("message")][:_VOICE],
        "said_last_time": list(dossier.previous[:_MOST_SAID]),
    }


def _rests_on(dossier: Dossier) -> dict[str, dict[str, str]]:
    """Return where the situation's occasion stands, as far as `share` lets its words go along; empty for none."""
    found = {}
    for name, text in (("occasion", dossier.occasion), ("kept_by", dossier.kept_by)):
        if row := dossier.row_with(text):
            found[name] = {"evidence": row.number, "quote": text}
    if dossier.occasion_on:
        found.setdefault("occasion", {})["date"] = dossier.occasion_on.isoformat()
    return found


def _loops(dossier: Dossier) -> list[dict[str, str]]:
    """Return the open loops whose words stand in the evidence that goes along: `share` decides about that."""
    told = [(item.number, fold_text(item.text)) for item in dossier.evidence]
    found = []
    for loop in dossier.loops:
        number = next((number for number, text in told if fold_text(loop.quote) in text), "")
        if number:
            row = {"kind": loop.kind, "evidence": number, "date": loop.on.isoformat(), "quote": loop.quote}
            found.append(row)
    return found
