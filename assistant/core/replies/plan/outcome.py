"""Plan the answer to "What came of it?", the one question of the digest that takes a whole sentence.

Q2 I took the job, and stayed ─> an `outcome` note, question answered
Q2 nothing ────────────────────> question answered
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.core.language.fold import fold_text
from assistant.core.replies.plan.notes import note_change
from assistant.core.replies.plan.state import Planned

if TYPE_CHECKING:
    from assistant.core.replies.plan.question import Question
    from assistant.core.replies.plan.state import State

NOTHING: Final = frozenset({"nothing", "nothing yet", "nothing so far", "nichts", "noch nichts", "bisher nichts"})


def plan_outcome(question: Question, text: str, state: State, *, closes: bool) -> Planned | None:
    """Return the plan that keeps what came of somebody's advice, in the owner's words; None if these can't be that.

    With `closes`, or where nothing came of it, the question is only closed.
    """
    person = state.roster.by_handle(str(question.payload["handle"]))
    said = fold_text(text).strip(" .!")
    # Some programs quote our question without a mark. Its words are never what came of it.
    if person is None or said in fold_text(str(question.payload["text"])):
        return None
    if closes or said in NOTHING:
        return Planned("ok", state.words("came.nothing", name=person.name), (state.answered(question, "no"),))
    kept = note_change(state, person.handle, "outcome", text)
    told = {"name": person.name, "kind": state.words("kind.outcome"), "text": text, "named": ""}
    return Planned("ok", state.words("told.of", **told), (kept, state.answered(question, "yes")))
