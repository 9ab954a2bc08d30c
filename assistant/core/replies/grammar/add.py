"""Parse add NAME <address> [as ROLE][, CADENCE][, for "GOAL"][, until DATE][, OCCASION] (docs/replies.md)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.core.language.dates import cadence_days
from assistant.core.replies.grammar.cleaning import without_courtesy
from assistant.core.replies.grammar.commands import Add
from assistant.core.replies.grammar.slots import ADDRESS, is_name, role_of, until_of

if TYPE_CHECKING:
    from assistant.core.replies.grammar.slots import Speech

_ADD = re.compile(rf"add ([^@]{{1,200}}?)[ ,]*{ADDRESS}(?:$|[ ,;]+(.*))", re.IGNORECASE)
_AS = re.compile(
    r"as ([^,;\"]+?)(?=$|[,;]| for | until | every | (?:dai|week|fortnight|bi-?week|month|quarter|year)ly\b)(.*)",
    re.IGNORECASE,
)
_GOAL = re.compile(r"for (?:\"([^\"]{1,500})\"|'([^']{1,500})'|([^\",;]{1,500}?(?=$|[,;]| until )))(.*)", re.IGNORECASE)
_UNTIL_CLAUSE = re.compile(r"(?:until|till|bis) ([^,;]+(?:, ?\d{4})?)(.*)", re.IGNORECASE)
_CADENCE_CLAUSE = re.compile(r"([a-z0-9 -]+?)(?=$|[,;]| for | until | as )(.*)", re.IGNORECASE)


def parse_add(said: str, speech: Speech) -> Add | None:
    """Return the Add that a line says, None if it isn't one.

    Raises ProblemError for an `until` that has come already.
    """
    match = _ADD.fullmatch(said)
    if match is None:
        return None
    name = match[1].strip(" ,\"'<")
    rest = without_courtesy(match[3] or "")
    if not name or not is_name(name):
        return None
    slots: dict[str, object] = {}
    occasion: list[str] = []
    # The clauses may come in any order, each once. What fits none of them is why somebody is hoped for; about anybody
    # else it makes the whole line not understood.
    while rest:
        found = next((step for step in (clause(rest, speech) for clause in _CLAUSES) if step), None)
        if found is None and slots.get("hoped"):
            words, _, rest = rest.partition(",")
            occasion += [words.strip()] if words.strip() else []
            rest = rest.lstrip(" ,;")
            continue
        if found is None or set(found[0]) & set(slots):
            return None
        slots |= found[0]
        rest = found[1].lstrip(" ,;")
    return Add(name, match[2], occasion=", ".join(occasion), **slots)  # type: ignore[arg-type]


def _as_clause(rest: str, speech: Speech) -> tuple[dict[str, object], str] | None:
    match = _AS.fullmatch(rest)
    found = role_of(match[1], speech) if match else None
    return ({"role": found[0], "hoped": found[1]}, match[2]) if match and found else None


def _goal_clause(rest: str, _speech: Speech) -> tuple[dict[str, object], str] | None:
    match = _GOAL.fullmatch(rest)
    goal = (match[1] or match[2] or match[3] or "").strip() if match else ""
    return ({"goal": goal}, match[4]) if match and goal else None


def _until_clause(rest: str, speech: Speech) -> tuple[dict[str, object], str] | None:
    match = _UNTIL_CLAUSE.fullmatch(rest)
    day = until_of(f"until {match[1].strip()}", speech) if match else None
    return ({"until": day}, match[2]) if match and day else None


def _cadence_clause(rest: str, speech: Speech) -> tuple[dict[str, object], str] | None:
    match = _CADENCE_CLAUSE.fullmatch(rest)
    days = cadence_days(match[1], speech.language) if match else None
    return ({"cadence_days": days}, match[2]) if match and days else None


_CLAUSES = (_as_clause, _goal_clause, _until_clause, _cadence_clause)
