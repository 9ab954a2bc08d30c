"""Plan what the owner wants remembered: notes, advice, the ledger, wins and goals (docs/replies.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.core.language.fold import fold_text
from assistant.core.people.roster import Note
from assistant.core.replies.plan.change import Change, note_value
from assistant.core.replies.plan.resolve_person import FoundPerson, find_person
from assistant.core.replies.plan.state import Planned

if TYPE_CHECKING:
    from datetime import date

    from assistant.core.replies.grammar.commands import Intro, Tell
    from assistant.core.replies.plan.question import Question
    from assistant.core.replies.plan.state import State

_OURS: Final = 90  # of 100: words this much like our question are ours
NOTHING: Final = frozenset({"nothing", "nothing yet", "nothing so far", "nichts", "noch nichts", "bisher nichts"})


def note_change(
    state: State, handle: str | None, kind: str, text: str, on: date | None = None, verb: str | None = None
) -> Change:
    """Return the change that keeps one more note. `handle` None is the owner, `on` None the day of the reply."""
    number = _notes_before(state) + 1
    note = Note(f"{state.reply.cause}-{number}", handle, kind, verb, on or state.reply.today, text)
    return Change("note", note.id, None, note_value(note), kind)


def _notes_before(state: State) -> int:
    """Return how many notes this transaction has made, which is the number in the latest one's id."""
    prefix = f"{state.reply.cause}-"
    # From the end, since an import has thousands of changes.
    latest = next(
        (one for one in reversed(state.roster.done) if one.entity == "note" and one.key.startswith(prefix)), None
    )
    return int(latest.key.removeprefix(prefix)) if latest else 0


def plan_tell(command: Tell, state: State) -> Planned:
    """Return the plan that notes something about one person, or about the owner."""
    say = state.words
    if command.who is None:
        verb = "public" if command.public else None
        change = note_change(state, None, command.kind, command.text, command.on, verb)
        kind = say("kind.win.public" if command.public else f"kind.{command.kind}")
        return Planned("ok", say("told", kind=kind[:1].upper() + kind[1:], text=command.text), (change,))
    found = find_person(command.who, command, state)
    if isinstance(found, Planned):
        return found
    change = note_change(state, found.person.handle, command.kind, command.text, command.on)
    told = {"kept": say(f"kept.{command.kind}"), "text": command.text, "named": found.named}
    return Planned("ok", say("told.of" if command.text else "told.bare", name=found.person.name, **told), (change,))


def plan_intro(command: Intro, state: State) -> Planned:
    """Return the plan that notes an introduction with both people. One of them may be a stranger, who is only named."""
    found = [find_person(who, command, state) for who in command.whos]
    known = [one for one in found if isinstance(one, FoundPerson)]
    unclear = next((one for one in found if isinstance(one, Planned) and one.outcome == "ask"), None)
    if unclear or not known:
        return unclear or found[0]  # type: ignore[return-value]
    names = [
        one.person.name if isinstance(one, FoundPerson) else who for one, who in zip(found, command.whos, strict=True)
    ]
    changes: list[Change] = []
    for one, other in zip(found, reversed(names), strict=True):
        if isinstance(one, FoundPerson):
            changes.append(note_change(state.after(tuple(changes)), one.person.handle, "intro", other))
    effect = state.words("intro", first=names[0], second=names[1], named="".join(one.named for one in known))
    return Planned("ok", effect, tuple(changes))


def plan_outcome(question: Question, text: str, state: State, *, closes: bool) -> Planned | None:
    """Return the plan that keeps what came of somebody's advice, in the owner's words; None if these can't be that.

    With `closes`, or where nothing came of it, the question is only closed.
    """
    from rapidfuzz import fuzz

    person = state.roster.by_handle(str(question.payload["handle"]))
    said = fold_text(text).strip(" .!")
    # Some programs quote our question without a mark, or with its accents broken. Its words are never what came of it.
    if person is None or fuzz.partial_ratio(said, fold_text(str(question.payload["text"]))) > _OURS:
        return None
    if closes or said in NOTHING:
        return Planned("ok", state.words("came.nothing", name=person.name), (state.answered(question, "no"),))
    kept = note_change(state, person.handle, "outcome", text)
    told = {"name": person.name, "kept": state.words("kept.outcome"), "text": text, "named": ""}
    return Planned("ok", state.words("told.of", **told), (kept, state.answered(question, "yes")))
