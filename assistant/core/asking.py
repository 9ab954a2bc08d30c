"""The questions of a digest and the steps for gaps, in words: stored payloads to items, in English and German.

Questions are rationed (docs/how-contact-is-inferred.md): at most five a digest, those that would change who is due
first. What each may be answered with is part of the item; what an answer does is decided by `changes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.core.digest import QUESTIONS_A_DIGEST, GapItem, QuestionItem
from assistant.core.spoken import WEEKDAYS, day_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.core.digest import CandidateItem
    from assistant.core.people import Person, Roster
    from assistant.core.roles import Role

DIGEST_KINDS = ("link", "met", "role", "doubt")
"""The kinds of question a digest asks; the others are asked and settled within a transcript."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One open question: its key begins with its kind; `payload` as stored."""

    key: str
    payload: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """Return the first word of the key."""
        return self.key.split(" ", 1)[0]


def role_questions(roster: Roster, roles: Mapping[str, Role], company_domains: Iterable[str]) -> list[OpenQuestion]:
    """Return a question for each person whose role and company disagree (docs/roles.md); empty without domains.

    An advisor at the owner's company, or an advocate who is not: they moved, or the owner did.
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


def choose(questions: Iterable[OpenQuestion], due: frozenset[str]) -> list[OpenQuestion]:
    """Return the at most five questions a digest asks, the weightiest first.

    First what may already have been sent or not, then what would change who is due (`due` holds the handles that are
    in the digest or close to it), then meetings, then roles, then the rest.
    """

    def weight(question: OpenQuestion) -> tuple[int, str]:
        handle = str(question.payload.get("handle", ""))
        if question.kind == "doubt":
            return 0, question.key
        if question.payload.get("matters") or handle in due:
            return 1, question.key
        return {"met": 2, "role": 3}.get(question.kind, 4), question.key

    asked = (question for question in questions if question.kind in DIGEST_KINDS)
    return sorted(asked, key=weight)[:QUESTIONS_A_DIGEST]


def items(questions: Sequence[OpenQuestion], roster: Roster, language: str) -> tuple[QuestionItem, ...]:
    """Return the questions as numbered items, Q1 first; those whose person is gone are left out."""
    found: list[QuestionItem] = []
    for question in questions:
        words = _words(question, roster, language)
        if words:
            text, why, answers = words
            found.append(QuestionItem(f"Q{len(found) + 1}", question.key, text, why, answers))
    return tuple(found)


def gap_items(
    found: Sequence[tuple[str, str]], roles: Mapping[str, Role], candidates: Sequence[CandidateItem], language: str
) -> tuple[GapItem, ...]:
    """Return each gap with one concrete next step: a candidate who would fit, else whom to look for."""
    return tuple(_gap(name, state, roles[name], candidates, language) for name, state in found)


def _gap(name: str, state: str, role: Role, candidates: Sequence[CandidateItem], language: str) -> GapItem:
    fits = next((candidate for candidate in candidates if candidate.guess == name), None)
    role_word = ROLE_WORDS.get(language, {}).get(name, name)
    words = WORDS[language]
    text = words[f"gap-{state}"].format(role=role_word)
    if fits:
        step = words["gap-fits"].format(name=fits.name or fits.address, label=fits.label, role=role_word)
    else:
        step = words["gap-look"].format(who=WHO_FITS[language].get(name, role.who))
    return GapItem(name, text, step)


def _words(question: OpenQuestion, roster: Roster, language: str) -> tuple[str, str, tuple[str, ...]] | None:
    payload = question.payload
    person = roster.by_handle(str(payload.get("handle", "")))
    words = WORDS[language]
    if question.kind == "doubt":
        return words["doubt"].format(to=payload.get("to", "?")), words["doubt-why"], ("yes", "no")
    if person is None or person.status != "active":
        return None
    if question.kind == "link":
        return _link(payload, person, words)
    if question.kind == "met":
        return _met(payload, person, language)
    return _role(payload, person, language)


def _link(payload: Mapping[str, Any], person: Person, words: Mapping[str, str]) -> tuple[str, str, tuple[str, ...]]:
    names = [name for name in payload.get("names", ()) if name]
    address = str(payload.get("address", ""))
    written = words["written"].format(name=names[0]) if names else ""
    text = words["link"].format(address=address, written=written, name=person.name)
    return text, words["link-why"].format(known=person.addresses[0] if person.addresses else "–"), ("yes", "no")


def _met(payload: Mapping[str, Any], person: Person, language: str) -> tuple[str, str, tuple[str, ...]]:
    day = date.fromisoformat(str(payload["day"]))
    when = f"{WEEKDAYS[language][day.weekday()]}, {day_in_words(day, language)}"
    summary = str(payload.get("summary", ""))
    words = WORDS[language]
    called = words["called"].format(summary=summary) if summary else ""
    return words["met"].format(name=person.name, when=when, called=called), words["met-why"], ("yes", "no")


def _role(payload: Mapping[str, Any], person: Person, language: str) -> tuple[str, str, tuple[str, ...]]:
    words = WORDS[language]
    role_words = ROLE_WORDS.get(language, {})
    text = words["role-inside" if payload.get("inside") else "role-outside"].format(
        name=person.name,
        role=role_words.get(person.role, person.role),
        likely=role_words.get(str(payload.get("likely")), str(payload.get("likely"))),
    )
    return text, words["role-why"], ("yes", "no", *(name for name in ROLE_ORDER if name != person.role))


def _within(address: str, domains: tuple[str, ...]) -> bool:
    domain = address.rpartition("@")[2]
    return any(domain == known or domain.endswith("." + known) for known in domains)


ROLE_ORDER = ("mentor", "advisor", "advocate", "ally")
ROLE_WORDS: dict[str, dict[str, str]] = {
    "en": {},
    "de": {"mentor": "Mentor", "advisor": "Berater", "advocate": "Fürsprecher", "ally": "Verbündeter"},
}
WHO_FITS: dict[str, dict[str, str]] = {
    "en": {
        "mentor": "a peer on a path like yours, or somebody one step ahead",
        "advisor": "somebody further along than you who does not work where you work: a former manager, say",
        "advocate": "a senior person of your own company who has seen your work: write to them after the next talk",
    },
    "de": {
        "mentor": "jemand auf einem ähnlichen Weg wie du oder einen Schritt voraus",
        "advisor": "jemand, der weiter ist als du und nicht in deiner Firma arbeitet: eine frühere Chefin etwa",
        "advocate": "jemand Erfahrenes in deiner Firma, der deine Arbeit gesehen hat: schreib nach dem nächsten Vortrag",
    },
}
WORDS: dict[str, dict[str, str]] = {
    "en": {
        "link": "Is {address}{written} {name}?",
        "written": " (you write “{name}” there)",
        "link-why": "The name fits, but the address alone proves nothing; so far I know {known}.",
        "met": "Did you meet {name} on {when}{called}?",
        "called": " (“{summary}”)",
        "met-why": "You sent the invitation, but the answer is not in your sent mail.",
        "role-inside": "{name} is your {role}, but writes from your own company. Is {likely} the right role now?",
        "role-outside": "{name} is your {role}, but does not write from your company any more. Is {likely} the right role now?",
        "role-why": "An advisor looks from outside, an advocate speaks up inside.",
        "doubt": "The line broke while your message to {to} was on its way, and no copy was found. Send it again?",
        "doubt-why": "It may or may not have arrived, and nothing is sent twice unless you say so.",
        "gap-empty": "You have no {role} yet.",
        "gap-asleep": "You have not been in touch with any {role} for a long time.",
        "gap-fits": "{name} ({label}) would fit: answer with {label} {role} and the draft comes next week.",
        "gap-look": "Look for {who}. Most people are glad to be asked, so the mail may ask directly.",
    },
    "de": {
        "link": "Ist {address}{written} {name}?",
        "written": " (dort schreibst du „{name}“)",
        "link-why": "Der Name passt, aber die Adresse allein beweist nichts; bisher kenne ich {known}.",
        "met": "Hast du {name} am {when}{called} getroffen?",
        "called": " („{summary}“)",
        "met-why": "Die Einladung kam von dir, die Antwort liegt nicht in deinen gesendeten Mails.",
        "role-inside": "{name} ist bei dir als {role} geführt, schreibt aber aus deiner Firma. Passt {likely} jetzt besser?",
        "role-outside": "{name} ist bei dir als {role} geführt, schreibt aber nicht mehr aus deiner Firma. Passt {likely} jetzt besser?",
        "role-why": "Ein Berater schaut von außen, ein Fürsprecher spricht drinnen für dich.",
        "doubt": "Die Leitung brach ab, als deine Nachricht an {to} unterwegs war; keine Kopie gefunden. Noch einmal senden?",
        "doubt-why": "Vielleicht kam sie an; nichts wird zweimal gesendet, außer du sagst es.",
        "gap-empty": "Du hast noch niemanden als {role}.",
        "gap-asleep": "Mit niemandem, der {role} ist, hattest du in letzter Zeit Kontakt.",
        "gap-fits": "{name} ({label}) würde passen: antworte mit dem Kürzel und der Rolle, der Entwurf kommt nächste Woche.",
        "gap-look": "Such {who}. Die meisten freuen sich, gefragt zu werden; die Mail darf direkt fragen.",
    },
}
