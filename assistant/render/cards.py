"""One person in words: the card with its draft and brief (see `view.py`)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from assistant.core.digest.roster_row import Bar
from assistant.core.language.clean import lines
from assistant.core.language.days_in_words import cadence_unit
from assistant.core.language.phrases import isolated
from assistant.core.replies.program_text import letters
from assistant.render.view import Card, Cuts, name, sentence, shorten, within

if TYPE_CHECKING:
    from datetime import date

    from assistant.core.digest.model import DueItem
    from assistant.core.evidence.dossier import Sentence
    from assistant.core.language.days_in_words import Unit
    from assistant.core.language.phrases import Phrases

_QUOTE: Final = re.compile(r"[“„«]\s?([^“”«»]{12,}?)\s?[“”»]")
"""A quotation long enough to be known again."""
_BRIEF_WORDS: Final = 32
"""Of all lines of a card together; `brief N` brings the rest."""
_WHOLE_BAR = 100
_NO_DRAFT: Final = {"owe-answer": "draft.none-owe-answer", "update": "draft.none-update"}
_A_MONTH, _A_YEAR = 365.25 / 12, 365.25
_SPANS: Final[tuple[tuple[int, Unit, float], ...]] = (
    (14, "day", 1),
    (70, "week", 7),
    (700, "month", _A_MONTH),
)
"""Days below which a silence is counted in that unit: as people do, who say "7 weeks" and not "a month and a half"."""


def card(item: DueItem, seen_since: date | None, t: Phrases, cuts: Cuts) -> Card:
    """Return one card in words; `seen_since` is the day from which on mail was read."""
    return Card(
        number=str(item.number),
        name=name(item.name),
        role=role_of(item.role, t, hoped=item.hoped),
        why=_why(item, seen_since, t),
        bar=bar(item.days_since, item.cadence_days),
        draft=_draft(item, t, cuts),
        note=_note(item, t, cuts),
        brief=within(_brief(item, t)[: cuts.brief], _BRIEF_WORDS, lambda line: line[1]),
        taps=item.taps,
    )


def bar(days: int | None, cadence: int | None) -> Bar | None:
    """Return the time since the last contact against the cadence; None where either is not known."""
    if days is None or not cadence:
        return None
    if days <= cadence:
        return Bar(max(2, round(_WHOLE_BAR * days / cadence)) if days else 0, 0)
    over = min(85, max(4, round(_WHOLE_BAR * (days - cadence) / days)))
    return Bar(_WHOLE_BAR - over, over)


def role_of(role: str, t: Phrases, *, hoped: bool) -> str:
    """Return a role as it stands beside a name: "Mentor", "Hoped-for advocate"."""
    said = t.role_within(role, hoped=True) if hoped else t.role(role)
    return said[:1].upper() + said[1:]


def _brief(item: DueItem, t: Phrases) -> tuple[tuple[str, str], ...]:
    """Return the brief's lines by label, the first of each, without what the draft beside it quotes already."""
    draft, found = letters(item.words.body), dict[str, str]()
    for line in item.words.brief:
        key = f"brief.{line.kind}"
        label = t(key) if t.known(key) else isolated(line.kind)
        if not any(letters(quote) in draft for quote in _QUOTE.findall(line.text)):
            found.setdefault(label, sentence(_marked(line, t).text))
    return tuple(found.items())


def _why(item: DueItem, seen_since: date | None, t: Phrases) -> str:
    """Return in one line why they are here now: a reason of its own, or the silence against the plan."""
    if item.why_not_cadence:
        why = sentence(item.why_not_cadence)
        if item.days_since and item.cadence_days and item.overdue_days > 0:
            return t("why.quiet", span=_silence(item.days_since, t), why=why)
        return why[:1].upper() + why[1:]
    if item.days_since is None:
        return t.unseen(seen_since)
    if not item.days_since:
        return t("quiet.today")
    unit, span = _span(item.days_since)[1], _silence(item.days_since, t)
    if not item.cadence_days:
        return t("quiet.no-plan", span=span)
    often, of = cadence_unit(item.cadence_days, slack=1.5)  # as in Phrases.every
    plan = t("every.same", often) if of == unit and often > 1 else t.every(item.cadence_days)
    return t("quiet", span=span, plan=plan)


def _silence(days: int, t: Phrases) -> str:
    count, unit = _span(days)
    return t(f"silence.{unit}", count)


def _span(days: int) -> tuple[int, Unit]:
    for below, unit, length in _SPANS:
        if days < below:
            return round(days / length), unit
    return round(days / _A_YEAR), "year"


def _marked(line: Sentence, t: Phrases) -> Sentence:
    """Return a sentence as it is shown: with a mark where nobody could check it."""
    return replace(line, text=t("unchecked", text=line.text), unchecked=False) if line.unchecked else line


def _whole(item: DueItem, t: Phrases) -> str:
    # With the marked sentences: the copy in Drafts is without them.
    shown = replace(item.words, sentences=tuple(_marked(one, t) for one in item.words.sentences))
    return lines(shown.body).strip()


def _draft(item: DueItem, t: Phrases, cuts: Cuts) -> tuple[tuple[str, ...], ...]:
    body = shorten(_whole(item, t), cuts.draft)
    return tuple(tuple(part.split("\n")) for part in body.split("\n\n") if part.strip())


def _note(item: DueItem, t: Phrases, cuts: Cuts) -> str:
    whole = _whole(item, t)
    if not whole:
        return t(_NO_DRAFT.get(item.situation, "draft.none"))
    said = []
    if len(whole) > cuts.draft:
        said.append(t("draft.cut"))
    if not any(tap.href.startswith(f"mailto:{item.address}?") for tap in item.taps):
        said.append(t("draft.lies" if item.in_drafts else "draft.copy"))
    if any(one.unchecked for one in item.words.sentences):
        said.append(t("draft.unchecked"))
    return " ".join(said)
