"""Which questions a digest asks: at most five, the most important first (docs/how-contact-is-inferred.md).

`rounds/digest/questions.py` puts them into words, and `core/replies/plan/answer.py` says what an answer does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.core.digest.model import QUESTIONS_A_DIGEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assistant.core.people.roles import Role
    from assistant.core.people.roster import Roster

# The others are asked and answered in transcripts.
DIGEST_KINDS = ("link", "met", "role", "doubt", "mine", "came")


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


def role_questions(roster: Roster, roles: Mapping[str, Role], company_domains: Iterable[str]) -> list[OpenQuestion]:
    """Return a question for each person whose role and company disagree (docs/roles.md); empty without domains.

    That is an advisor at the owner's company or an advocate elsewhere: they moved, or the owner did.
    """
    domains = tuple(company_domains)
    if not domains:
        return []
    found = []
    for person in roster.active():
        role = roles.get(person.role)
        if role is None or role.inside is None or not person.addresses:
            continue
        inside = any(_within(address, domains) for address in person.addresses)
        if inside != role.inside:
            likely = "advocate" if inside else "advisor"
            payload = {"handle": person.handle, "role": person.role, "likely": likely, "inside": inside}
            found.append(OpenQuestion(f"role {person.handle}", payload))
    return found


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
    """Return the questions that a digest asks, at most five, the most important first.

    `due` has the handles that are in the digest or close to it: their questions would change who is due.
    """

    def weight(question: OpenQuestion) -> tuple[int, str]:
        handle = str(question.payload.get("handle", ""))
        # First a message to somebody else that may or may not have gone, and mail that isn't counted at all until the
        # owner says that its address is theirs.
        if question.kind in {"doubt", "mine"}:
            return 0, question.key
        if question.payload.get("matters") or handle in due:
            return 1, question.key
        return {"met": 2, "came": 3, "role": 3}.get(question.kind, 4), question.key

    asked = (question for question in questions if question.kind in DIGEST_KINDS)
    return sorted(asked, key=weight)[:QUESTIONS_A_DIGEST]


def _within(address: str, domains: tuple[str, ...]) -> bool:
    domain = address.rpartition("@")[2]
    return any(domain == known or domain.endswith("." + known) for known in domains)
