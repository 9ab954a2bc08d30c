"""The prep brief for one person, or exactly what a model would be sent for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.core.digest.week import current
from assistant.core.evidence.hard_checks import ground
from assistant.core.evidence.playbook_lines import playbook_lines
from assistant.core.language.phrases import Phrases
from assistant.core.people.handles import people_meant
from assistant.errors import UserError
from assistant.rounds.digest.dossier import gather
from assistant.rounds.digest.roster_status import views
from assistant.writer.offline.brief import full_brief

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier, Words
    from assistant.core.language.data_files import Language
    from assistant.rounds.context import Round
    from assistant.rounds.digest.roster_status import View


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief with the evidence it rests on."""

    dossier: Dossier
    words: Words
    language: Language

    def lines(self) -> tuple[str, ...]:
        """Return the brief as lines of text: the name, each line with its heading, then the sources it cites."""
        phrases = Phrases(self.language)
        found = [self.dossier.person.name]
        last = ""
        for line in self.words.brief:
            key = f"brief.{line.kind}"
            heading = phrases(key) if phrases.known(key) else line.kind
            text = phrases("unchecked", text=line.text) if line.unchecked else line.text
            found.append(f"{phrases.label(heading)} {text}" if heading != last else f"  {text}")
            last = heading
        cited = {number for line in self.words.brief for number in line.evidence}
        rows = [row for row in self.dossier.evidence if row.number in cited]
        found += [f"  {phrases.label(f'{row.number} {row.source}')} {row.text}" for row in rows]
        return tuple(found)

    def as_json(self) -> dict[str, Any]:
        """Return what `brief --json` prints."""
        return {
            "person": self.dossier.person.handle,
            "brief": [
                {"heading": s.kind, "text": s.text, "evidence": list(s.evidence), "unchecked": s.unchecked}
                for s in self.words.brief
            ],
            "draft": {
                "subject": self.words.subject,
                "body": self.words.body,
                "unchecked": [s.text for s in self.words.sentences if s.unchecked],
            },
            "evidence": [
                {"number": e.number, "kind": e.kind, "on": e.on, "text": e.text, "source": e.source}
                for e in self.dossier.evidence
            ],
            "dropped": [{"text": text, "check": check} for text, check in self.words.dropped],
            "model": self.words.model,
            "tokens": {"prompt": self.words.prompt_tokens, "completion": self.words.completion_tokens},
            "remark": self.words.remark,
        }


def build_brief(round_: Round, who: str) -> Brief:
    """Return the brief for one person, named by handle, name, address or a part of one.

    Raises UserError if nobody or more than one person fits.
    """
    view = find_standing(round_, who)
    dossier = gather(round_, view, current(round_.now, round_.slot).week)
    words = round_.writer.words([dossier])[view.standing.person.handle]
    if words.writer == "offline":  # the digest has room for four lines, whoever asks has time for more
        words = ground(replace(words, brief=full_brief(dossier)), dossier)
        words = replace(words, dropped=tuple(dict.fromkeys(words.dropped)))
    words = replace(words, brief=(*words.brief, *playbook_lines(dossier)))
    return Brief(dossier, words, round_.config.digest.language)


def prompt(round_: Round, who: str) -> str:
    """Return exactly what would be sent to the model for this person, or a sentence saying that nothing would be."""
    dossier = gather(round_, find_standing(round_, who), current(round_.now, round_.slot).week)
    return round_.writer.show_prompt(dossier) or "Nothing would be sent: no model is configured, or share is nothing."


def find_standing(round_: Round, who: str) -> View:
    """Return where one person stands. Raises UserError if nobody or more than one person fits."""
    everybody = {view.standing.person.handle: view for view in views(round_.config, round_.store, round_.now)}
    people = people_meant(who, [view.standing.person for view in everybody.values()])
    if len(people) == 1:
        return everybody[people[0].handle]
    if not people:
        raise UserError("Nobody on the roster is called “{who}”. See: assistant people", who=who)
    handles = ", ".join(person.handle for person in people)
    raise UserError("More than one person is called “{who}”: {handles}.", who=who, handles=handles)
