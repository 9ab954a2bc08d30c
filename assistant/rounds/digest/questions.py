"""Turn stored questions and gaps into the worded items of a digest."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from assistant.core.digest.model import GapItem, QuestionItem
from assistant.core.digest.questions import ASKED_ONCE, OpenQuestion
from assistant.core.language.first_name import first_name
from assistant.core.language.phrases import isolated
from assistant.core.people.ledger import advice_to_follow_up
from assistant.core.people.roles import BUILT_IN, in_language
from assistant.store import roster

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.core.digest.gap_fillers import Filler
    from assistant.core.language.phrases import Phrases
    from assistant.core.people.roles import Role
    from assistant.core.people.roster import Note, Person, Roster
    from assistant.rounds.context import Round
    from assistant.rounds.digest.building import Building, Gap
    from assistant.rounds.digest.roster_status import View
    from assistant.store.digests import StoredQuestion

YES_OR_NO = ("yes", "no")
REST = timedelta(days=20)
"""How long a question without an answer rests, so that the same ones aren't asked every week."""


def may_be_asked(question: StoredQuestion, now: int) -> bool:
    """Return whether a question is due again; `now` is in epoch seconds."""
    kind = question.key.partition(" ")[0]
    if question.asked_at is None or kind == "doubt":
        return True
    # After that `doctor` names an address that may be the owner's, and a role is said in a word.
    return kind not in ASKED_ONCE and now - question.asked_at >= REST.total_seconds()


def items(questions: Sequence[OpenQuestion], people: Roster, phrases: Phrases) -> tuple[QuestionItem, ...]:
    """Return the questions as items Q1, Q2, …, without those about people who left the roster."""
    found: list[QuestionItem] = []
    for question in questions:
        label = f"Q{len(found) + 1}"
        words = _words(question, people, phrases, label)
        if words:
            text, why, answers = words
            person = people.by_handle(str(question.payload.get("handle", "")))
            who = person.name if person else ""
            found.append(QuestionItem(label, question.key, text, why, answers, who))
    return tuple(found)


def advice_to_ask_about(round_: Round, people: Roster) -> list[OpenQuestion]:
    """Return the question what came of each advice of six to ten weeks ago that no outcome was noted of."""
    notes: dict[str | None, list[Note]] = {}
    for note in roster.all_notes(round_.store, "advice", "outcome"):
        notes.setdefault(note.person, []).append(note)
    found = []
    for person in people.active():
        advice = advice_to_follow_up(notes.get(person.handle, ()), round_.today)
        if advice:
            month = round_.phrases.month_name(advice.on)
            text = round_.phrases("ask.came", month=month, name=first_name(person.name), advice=advice.text)
            found.append(OpenQuestion(f"came {advice.id}", {"handle": person.handle, "text": text}))
    return found


def gap_items(
    build_up: Building,
    roles: Mapping[str, Role],
    everybody: Sequence[View],
    numbers: Mapping[str, int],
    phrases: Phrases,
    *,
    monthly: bool,
) -> tuple[GapItem, ...]:
    """Return each gap with its next step: who is due, who could fill it, or whom to look for.

    `numbers` are those of this digest's cards, by handle. `monthly` says that this is the first digest of a month.
    """
    items_ = [
        _gap(gap, in_language(roles[gap.role], phrases.language), everybody, numbers, phrases)
        for gap in build_up.gaps
        # Somebody who is due answers it without a word more, so that's said once a month.
        if monthly or not _due_in(gap.role, everybody)
    ]
    if build_up.lonely_goal:
        items_.append(GapItem("ally", phrases("gap.goal", goal=build_up.lonely_goal), phrases("gap.goal-step")))
    return tuple(items_)


def _gap(gap: Gap, role: Role, everybody: Sequence[View], numbers: Mapping[str, int], phrases: Phrases) -> GapItem:
    answer = _due_in(gap.role, everybody)
    if answer:
        step = phrases("gap.due", name=answer)
    elif gap.fillers:
        step = " ".join(_could_fill(gap.fillers, numbers, phrases))
    else:
        step = phrases("gap.look", who=isolated(role.who.rstrip("."))) if role.who else ""
    text = phrases(f"gap.{gap.state}", role=phrases.role_within(gap.role))
    # Who has somebody in the role knows what it's for.
    what = phrases("gap.does", does=isolated(role.does)) if gap.state == "empty" and role.does else ""
    return GapItem(gap.role, f"{text} {what}".strip(), step)


def _due_in(role: str, everybody: Sequence[View]) -> str:
    """Return the name of somebody in a role who is due, "" for nobody."""
    due = (view.standing for view in everybody if view.standing.is_due and not view.standing.person.hoped)
    return next((stands.person.name for stands in due if stands.person.role == role), "")


def _could_fill(fillers: Sequence[Filler], numbers: Mapping[str, int], phrases: Phrases) -> Iterator[str]:
    """Yield sentences that name who could fill a gap, and where a first mail to one of them stands."""
    named = [f"{one.name} ({one.label})" for one in fillers if one.label]
    if named:
        yield phrases("gap.fits", names=phrases.join(named))
    for one in fillers:
        if one.met:
            key = "gap.met" if one.met.text else "gap.met-untitled"
            yield phrases(key, name=one.name, summary=isolated(one.met.text), day=phrases.short_day(one.met.on))
        if one.address in numbers:
            yield phrases("gap.mail", name=one.name, number=numbers[one.address])


def _words(
    question: OpenQuestion, people: Roster, phrases: Phrases, label: str
) -> tuple[str, str, tuple[str, ...]] | None:
    payload = question.payload
    person = people.by_handle(str(payload.get("handle", "")))
    if question.kind == "doubt":
        return phrases("ask.doubt", to=str(payload.get("to", "?"))), phrases("ask.doubt-why"), YES_OR_NO
    if question.kind == "mine":
        address, count, total = (str(payload.get(key, "?")) for key in ("address", "count", "total"))
        return phrases("ask.mine", address=address), phrases("ask.mine-why", count=count, total=total), YES_OR_NO
    if person is None or person.status != "active":
        return None
    if question.kind == "came":
        return str(payload["text"]), phrases("ask.came-why"), ("nothing",)
    words = {"link": _link, "met": _met, "fact": _fact}.get(question.kind, _role)
    return words({**payload, "label": label}, person, phrases)


def _link(payload: Mapping[str, Any], person: Person, phrases: Phrases) -> tuple[str, str, tuple[str, ...]]:
    written = next((str(name) for name in payload.get("names", ()) if name and name != person.name), "")
    address = str(payload.get("address", ""))
    key = "ask.link-written" if written else "ask.link"
    text = phrases(key, address=address, name=person.name, written=written)
    if payload.get("reason") == "look-alike":
        return text, phrases("ask.link-looks"), YES_OR_NO
    return text, "" if written else phrases("ask.link-why"), YES_OR_NO


def _met(payload: Mapping[str, Any], person: Person, phrases: Phrases) -> tuple[str, str, tuple[str, ...]]:
    when = phrases.short_day(date.fromisoformat(str(payload["day"])))
    return phrases("ask.met", name=first_name(person.name), when=when), "", YES_OR_NO


def _role(payload: Mapping[str, Any], person: Person, phrases: Phrases) -> tuple[str, str, tuple[str, ...]]:
    stays = payload["likely"] == person.role
    if payload["left"]:
        key = "left"
    elif payload["was"]:
        key = "moved" if stays else "moved-inside" if payload["inside"] else "moved-outside"
    else:
        key = "inside" if payload["inside"] else "outside"
    text = phrases(
        f"ask.role-{key}",
        name=first_name(person.name),
        role=phrases.role_within(person.role),
        likely=phrases.role(payload["likely"]),
        now=payload["now"],
        was=payload["was"],
    )
    # Asked whether somebody is "still your mentor", yes is what stays; no needs the role they have now. Otherwise yes
    # is the likely role.
    answers = ("yes",) if stays else YES_OR_NO
    others = [name for name in BUILT_IN if name not in {person.role, payload["likely"]}]
    other = phrases("ask.role-other", label=payload["label"], role=others[-1])
    return text, other, (*answers, *others, "close")


def _fact(payload: Mapping[str, Any], person: Person, phrases: Phrases) -> tuple[str, str, tuple[str, ...]]:
    kind = payload["fact"]
    text = phrases(f"ask.fact-{kind}", name=first_name(person.name), goal=isolated(person.goal or ""))
    return text, phrases("ask.fact-why"), YES_OR_NO if kind == "peer" else ()
