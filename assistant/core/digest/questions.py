"""Which questions a digest asks: at most three, the most important first (docs/how-contact-is-inferred.md).

`rounds/digest/questions.py` puts them into words, and `core/replies/plan/answer.py` says what an answer does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.core.digest.model import QUESTIONS_A_DIGEST
from assistant.core.people.roles import family

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from assistant.core.people.ledger import TellKind
    from assistant.core.people.roles import Role
    from assistant.core.people.roster import Person, Roster
    from assistant.core.people.workplace import OwnCompany, Workplace

# The others are asked and answered in transcripts.
DIGEST_KINDS = ("link", "met", "role", "doubt", "mine", "came", "fact")
ASKED_ONCE = frozenset({"role", "mine", "came", "fact"})
"""Kinds that are in one digest only, answered or not; the others come back until they are answered."""
FACTS: dict[str, tuple[TellKind, ...]] = {
    "mentor": ("peer",),
    "advocate": ("see-me",),
    "ally": ("motive", "my-motive"),
}
"""What the owner is asked once about each person, by the role theirs is most like: kinds of notes."""

ALIAS_LETTERS, ALIAS_ONE_IN = 5, 50


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One open question. Its key begins with its kind; `payload` is as stored."""

    key: str
    payload: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """Return the kind, which is the first word of the key."""
        return self.key.split(" ", 1)[0]


def role_questions(
    roster: Roster,
    roles: Mapping[str, Role],
    places: Mapping[str, Workplace],
    company: OwnCompany,
    known: Collection[str] = (),
) -> list[OpenQuestion]:
    """Return a question for each person whose role and company disagree, or who moved (docs/roles.md).

    `places` has where each works, by handle. `known` are the keys of the questions that were asked before; each change
    is asked about once.
    """
    found = []
    for person in roster.active():
        role, place = roles.get(person.role), places.get(person.handle)
        question = _role_question(person, role, place, company) if role and place else None
        if question is None or question.key in known:
            continue
        # Who was asked about as a wrong role at that company isn't asked about once more because it's a new company.
        if question.payload["likely"] == person.role and any(key.startswith(f"{question.key} ") for key in known):
            continue
        found.append(question)
    return found


def _role_question(person: Person, role: Role, place: Workplace, company: OwnCompany) -> OpenQuestion | None:
    """Return the question about one person, None if nothing is to ask.

    Its key has the domain, so that the next company is another question, and how often the owner moved.
    """
    at = place.now or place.address or "nowhere"
    left = person.handle in company.advocates and role.inside is True
    if role.inside is not None and place.inside is not None and place.inside != role.inside:
        likely, key = "advocate" if place.inside else "advisor", f"{at} {'inside' if place.inside else 'outside'}"
    elif left and place.inside is None:
        # Nobody can tell from their address, but the owner left the company where they spoke up.
        likely, key = "advisor", f"{at} left"
    elif place.was:
        likely, key = person.role, at
    else:
        return None
    moves = f" {company.moves}" if company.moves and likely != person.role else ""
    payload = {
        "handle": person.handle,
        "role": person.role,
        "likely": likely,
        "inside": place.inside,
        "now": place.now or at.rpartition("@")[2],
        "was": place.was,
        "left": left,
    }
    return OpenQuestion(f"role {person.handle} {key}{moves}", payload)


def fact_questions(
    roster: Roster, roles: Mapping[str, Role], noted: Collection[tuple[str, str]], known: Collection[str] = ()
) -> list[OpenQuestion]:
    """Return a question for each personal fact that a role needs and nobody noted or was asked (docs/roles.md).

    `noted` are (handle, kind of note), `known` the keys of the questions that were asked before.
    """
    return [
        OpenQuestion(key, {"handle": person.handle, "fact": kind, "goal": person.goal})
        for person in roster.active()
        for kind in FACTS.get(family(person.role, roles.get(person.role)), ())
        # Two people have motives for a goal; without one there's nothing to ask.
        if (person.goal or "motive" not in kind)
        and (person.handle, kind) not in noted
        and (key := f"fact {person.handle} {kind}") not in known
    ]


def alias_questions(letters: Mapping[str, int], total: int) -> list[OpenQuestion]:
    """Return "is that address yours?" for each sender of more than five messages and 2 % of the `total`, by address.

    `letters` counts the messages from each address that isn't the owner's.
    """
    return [
        OpenQuestion(f"mine {address}", {"address": address, "count": count, "total": total})
        for address, count in sorted(letters.items())
        if count > ALIAS_LETTERS and count * ALIAS_ONE_IN > total
    ]


def choose(questions: Iterable[OpenQuestion], due: frozenset[str]) -> list[OpenQuestion]:
    """Return the questions that a digest asks, at most three, the most important first; one about a fact at most.

    `due` has the handles that are in the digest or close to it: their questions would change who is due.
    """

    def weight(question: OpenQuestion) -> tuple[int, str]:
        handle = str(question.payload.get("handle", ""))
        # First a message to somebody else that may or may not have gone, and mail that isn't counted at all until the
        # owner says that its address is theirs.
        if question.kind in {"doubt", "mine"}:
            return 0, question.key
        if question.kind == "fact":
            return (5 if handle in due else 6), question.key
        if question.payload.get("matters") or handle in due:
            return 1, question.key
        return {"met": 2, "came": 3, "role": 3}.get(question.kind, 4), question.key

    asked = sorted((question for question in questions if question.kind in DIGEST_KINDS), key=weight)
    facts = [question for question in asked if question.kind == "fact"]
    return [question for question in asked if question not in facts[1:]][:QUESTIONS_A_DIGEST]
