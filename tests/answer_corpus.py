"""What owners answered to one digest without having read a manual (`corpus/answers`), and what came of each line.

Fifteen owners, written by people who saw only the picture of that digest. Each line says what was meant, in words of
its own: `talked`, `handled`, `later`, `unsure` (a careful person would ask) and so on. `monday.json` has the roster and
the labels of the digest; the answers are of the next day.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast
from zoneinfo import ZoneInfo

from assistant.core.language.dates import after, parse_length
from assistant.core.replies.grammar.lines import Speech, parse_lines
from assistant.core.replies.plan.change import Change
from assistant.core.replies.plan.plan_lines import plan_lines, suggest
from assistant.core.replies.plan.roster_state import roster_state
from assistant.core.replies.plan.state import DraftFacts, Item, ReplyContext, State
from assistant.core.replies.reading.read_orders import ReadOrder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.language.data_files import Language
    from assistant.core.replies.plan.state import Planned
    from assistant.core.replies.reading.read_orders import Status

FOLDER = Path(__file__).parent / "corpus" / "answers"
NOW = datetime(2026, 3, 3, 21, 0, tzinfo=ZoneInfo("Europe/Berlin"))
VERDICTS = ("right", "asked", "missed", "wrong", "lost")
Verdict = Literal["right", "asked", "missed", "wrong", "lost"]
"""`missed` is told as not understood; `wrong` did what wasn't meant; `lost` was passed over in silence."""

Fact = tuple[str, str, str]
"""What a plan does: what, to whom (a handle or a key), and a day or value."""
_UNTIL_SLACK = 1  # days; "two weeks" from Tuesday evening may be either Tuesday
# A word for what was meant -> the kinds of facts that do it.
_FITS = {
    "talked": {"talked", "handled"},
    "handled": {"talked", "handled"},
    "tried": {"tried", "note"},
    "skip": {"skip", "later"},
    "later": {"skip", "later"},
    "send": {"send"},
    "role": {"add", "change", "answer", "link"},
    "add": {"add", "link"},
    "change": {"change", "link"},
    "win": {"win"},
    "look": {"look"},
    "promise": {"promised", "note"},
}
_TOLD = ("note", "advice", "gave", "outcome", "ask", "thanked")
_SWITCHES = ("undo", "pause", "resume", "stop")
_HARMLESS = {"cannot", "unsure"}


@dataclass
class Score:
    """How many lines had which verdict, and the lines with theirs."""

    counts: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    def share(self, *verdicts: str) -> float:
        """Return the share of those verdicts among all lines."""
        return sum(self.counts[one] for one in verdicts) / self.counts.total()


class NothingBefore:
    """A past in which one earlier answer, T1, can be taken back."""

    def last(self) -> str | None:
        return "T1"

    def at(self, cause: str) -> int:  # noqa: ARG002 - the port's
        return int(NOW.timestamp())

    def exists(self, cause: str) -> bool:
        return cause == "T1"

    def undone(self, cause: str) -> bool:
        return cause != "T1"

    def conflict(self, *causes: str) -> str | None:  # noqa: ARG002 - the port's
        return None

    def changes(self, *causes: str) -> tuple[tuple[Change, int | None], ...]:  # noqa: ARG002
        note = {"person": "ruth-abramson", "kind": "note", "verb": None, "day": "2026-03-03", "text": "tea"}
        return ((Change("note", "T1-1", note, None, "undo"), 1),)

    def sends(self, cause: str) -> tuple[str, ...]:  # noqa: ARG002
        return ()

    def messages(self, short: str) -> tuple[str, ...]:  # noqa: ARG002
        return ()


def monday(language: Language = "en") -> State:
    """Return the state in which those answers are planned."""
    kept = json.loads((FOLDER / "monday.json").read_text(encoding="utf-8"))
    values = {(entity, key): value for entity, key, value in kept["values"]}
    items = {label: Item(label, **item) for label, item in kept["items"].items()}
    drafts = {
        item.draft: DraftFacts("somebody@example.com", "Hello", as_shown=True, state="saved", order=None)
        for item in items.values()
        if item.draft is not None
    }
    reply = ReplyContext(
        cause="T2",
        now=int(NOW.astimezone(UTC).timestamp()),
        today=NOW.date(),
        language=language,
        roles=("mentor", "advisor", "advocate", "ally"),
        own_addresses=frozenset({"priya.raman@northwind.example"}),
        items=items,
        drafts=drafts,
        digest_on=date(2026, 3, 2),
        newest=True,
        parents=(),
        thread=(),
        trusted=False,
        outside=False,
        exposed=False,
        tapped=False,
        code="ABCDEF",
        hold_minutes=10,
        past=NothingBefore(),
    )
    return State(reply, roster_state(values))


def owners(folder: Path = FOLDER) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each owner's file by name."""
    for path in sorted(folder.glob("*.toml")):
        yield path.stem, tomllib.loads(path.read_text(encoding="utf-8"))


Reader = Callable[[dict[str, Any], State], "tuple[ReadOrder, ...]"]
"""What a model reads in a line of the corpus."""


def ideal(line: dict[str, Any], state: State) -> tuple[ReadOrder, ...]:
    """Read what was meant, as a model without a fault would."""
    found = ((_order_for(act, state), act) for act in line.get("act", []))
    doubts = {"unsure": "doubtful"}
    return tuple(
        ReadOrder(order, act.get("text") or line["text"], cast("Status", doubts.get(act["kind"], "happened")))
        for order, act in found
        if order
    )


def careless(line: dict[str, Any], state: State) -> tuple[ReadOrder, ...]:
    """Read a contact of today with everybody whom the line names, a yes to everything, and a win in every line."""
    words, text = set(line["text"].casefold().split()), line["text"]
    met = (person.name.split()[0] for person in state.roster.people if person.name.split()[0].casefold() in words)
    orders = [*(f"met {name}" for name in met), "Q1 yes", "Q2 yes", "C1 mentor", f"win: {text}", "done 4", "send 1"]
    return tuple(ReadOrder(order, text, "happened") for order in orders)


def _order_for(act: dict[str, str], state: State) -> str:  # noqa: C901, PLR0912 - one case a kind
    """Return the line of the grammar that does what was meant, "" for nothing."""
    who, text = act.get("who") or act.get("candidate") or "", act.get("text", "")
    label = next((label for label, item in state.reply.items.items() if _is_under(item, who, state)), "")
    on = f" on {act['on']}" if act.get("on") else ""
    then = f"until {act['until']}" if act.get("until") else f"for {act['for']}" if act.get("for") else ""
    told = {"promise": "promised", "talked": "met", "handled": "done", "unsure": "met"}.get(act["kind"], act["kind"])
    match act["kind"]:
        case "talked" | "unsure":
            order = f"met {who}{on}" + (f": {text}" if text else "")
        case "handled":
            order = f"{label} done" if label.isdecimal() else f"met {who}"
        case "skip":
            order = f"not now {who}"
        case "later":
            order = f"snooze {who} {then}" if then else f"not now {who}"
        case "send":
            order = f"send {label}"
        case "answer":
            order = f"{act.get('question', '')} {act.get('value') or text}"
        case "role":
            role = "ignore" if act.get("role") == "none" else act.get("role", "")
            order = f"{label} {role}" if label.startswith("C") else f"{who} role {role}"
        case "win":
            order = f"win: {text}"
        case "look":
            order = f"{act.get('what', 'brief')} {who}".strip()
        case "add":
            order = f"add {who} <{act.get('address', '')}> as {act.get('role', 'mentor')}"
        case kind if kind in _SWITCHES:
            order = kind
        case "none" | "cannot" | "change":
            order = f"{who} {act['what']}" if act["kind"] == "change" else ""
        case _:
            order = f"{told} {who}: {text}"
    return order


def _is_under(item: Item, who: str, state: State) -> bool:
    person = state.roster.by_handle(item.person or "")
    name = person.name if person else str(item.payload.get("name", ""))
    return bool(who) and (item.label == who or who.casefold() in name.casefold())


def score(owner: dict[str, Any], into: Score, reader: Reader | None = None) -> Score:
    """Plan each line of an owner's answers, with a model or without, and add what came of it."""
    language = owner["owner"]["language"]
    state = monday()
    speech = Speech(state.reply.today, language, state.reply.roles, ("Priya Raman",))
    for line in owner["line"]:
        parsed = [replace(one, place=line.get("under", "")) for one in parse_lines([line["text"]], speech)]
        if not parsed:
            continue
        read = {(line["text"], line.get("under", "")): reader(line, state)} if reader else {}
        (step,) = suggest(plan_lines(parsed, speech, state, read), speech).steps
        verdict = verdict_on(step.planned, line.get("act", []), state)
        into.counts[verdict] += 1
        into.told.append(f"{verdict:6} {line.get('under', ''):2} {line['text']}\n          {step.planned.effect}")
    return into


def verdict_on(planned: Planned, acts: list[dict[str, str]], state: State) -> Verdict:
    """Return what a plan is, measured by what was meant."""
    kinds, done = {act["kind"] for act in acts}, facts(planned)
    if planned.outcome == "noise":
        return "right" if kinds <= {"none"} else "lost"
    if planned.outcome == "ok":
        meant = [*acts, *(_also(act) for act in acts if act.get("also"))]
        idle = not done and kinds <= {"none", *_HARMLESS}
        return "wrong" if idle or not all(any(_fits(act, one, state) for act in meant) for one in done) else "right"
    if planned.outcome == "ask" or planned.effect.startswith(
        state.words("unknown.closest", near="|").partition("|")[0]
    ):
        return "right" if kinds <= {"unsure"} else "asked"
    return "right" if kinds <= _HARMLESS else "missed"


def facts(planned: Planned) -> list[Fact]:
    """Return what a plan does."""
    found = [fact for change in planned.changes for fact in _facts(change)]
    found += [("send", order.handle, "") for order in planned.orders]
    found += [("look", planned.look[1], planned.look[0])] if planned.look else []
    return found + ([("stop", "", "")] if planned.revoke else [])


def _facts(change: Change) -> Iterator[Fact]:
    after_, before = change.after or {}, change.before or {}
    match change.entity:
        case "note" if not after_:
            yield "setting", change.key, change.kind
        case "note" if after_["kind"] == "met":
            yield ("handled" if after_["verb"] == "done" else "talked"), after_["person"], after_["day"]
        case "note":
            yield after_["kind"], after_["person"] or "", ""
        case "person" if not change.before:
            yield "add", change.key, after_["role"]
        case "person" if after_["snoozed_until"] != before["snoozed_until"]:
            yield ("skip" if change.kind in {"skip", "not now"} else "later"), change.key, after_["snoozed_until"] or ""
        case "person":
            yield "change", change.key, change.kind
        case "question" if change.kind != "ask":
            yield "answer", change.key, str(after_.get("answer"))
        case "belongs":
            yield "link", change.key, ""
        case "setting":
            yield "setting", change.key, change.kind


def _also(act: dict[str, str]) -> dict[str, str]:
    """Return the other thing that a reasonable person could have meant."""
    kind, *rest = act["also"].split()
    return {**act, "kind": kind, "who": rest[0] if rest else act.get("who", ""), "on": "", "until": "", "for": ""}


def _fits(act: dict[str, str], fact: Fact, state: State) -> bool:
    kind, key, value = fact
    meant = act["kind"]
    if meant == "answer":
        return _answers(act, fact, state)
    if meant in _SWITCHES:
        return kind in {"setting", "stop", "answer"}
    fits = kind in _FITS.get(meant, {meant, "note"} if meant in _TOLD else set())
    if meant in {"role", "add"} or not fits or meant in {"look", "win"}:
        return fits
    return _is_about(act, key, state) and _is_then(act, kind, value)


def _is_then(act: dict[str, str], kind: str, value: str) -> bool:
    """Return whether a fact has the day that was meant, where one was."""
    if kind == "talked" and act.get("on") and act["kind"] == "talked":
        return value == act["on"]
    if kind not in {"later", "skip"} or act["kind"] != "later":
        return True
    length = parse_length(act["for"]) if act.get("for") else None
    until = date.fromisoformat(act["until"]) if act.get("until") else after(NOW.date(), length) if length else None
    return until is None or abs((date.fromisoformat(value) - until).days) <= _UNTIL_SLACK


def _is_about(act: dict[str, str], key: str, state: State) -> bool:
    who = (act.get("who") or act.get("candidate") or "").casefold()
    known = {person.handle for person in state.roster.people if who in person.name.casefold()}
    known |= {str(item.person) for label, item in state.reply.items.items() if label.casefold() == who}
    return bool(who) and any(key == handle or key.endswith(f" {handle}") for handle in known)


def _answers(act: dict[str, str], fact: Fact, state: State) -> bool:
    kind, key, value = fact
    if kind != "answer":
        return kind in {"outcome", "note", "change", "link"}
    item = state.reply.items.get(act.get("question", ""))
    said = act.get("value", "")
    fits = value not in {"no", "close"} if said == "yes" else value in {"no", "close", "keep"} if said == "no" else True
    return item is not None and key == item.payload["key"] and fits
