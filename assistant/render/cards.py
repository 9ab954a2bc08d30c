"""One person in words: the card of "Reach out" and the row of the roster (see `view.py`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.core.language.clean import lines
from assistant.core.language.phrases import isolated
from assistant.render.view import Bar, Card, Cuts, Draft, Row, dotted, name, sentence, shorten, subject

if TYPE_CHECKING:
    from assistant.core.digest.model import Digest, DueItem, LastContact, RosterRow
    from assistant.core.evidence.dossier import Sentence
    from assistant.core.language.phrases import Phrases

_WHOLE_BAR = 100
_NO_DRAFT = {"owe-answer": "draft.none-owe-answer", "update": "draft.none-update"}


def card(item: DueItem, digest: Digest, t: Phrases, cuts: Cuts) -> Card:
    """Return one card of "Reach out" in words."""
    brief = item.words.brief[: cuts.brief]
    return Card(
        number=str(item.number),
        name=name(item.name),
        meta=f"{t.role(item.role)} ({t.every(item.cadence_days)})",
        standing=_standing(item, digest, t),
        since=_since(item.days_since, t),
        over=item.overdue_days > 0,
        bar=bar(item.days_since, item.cadence_days),
        facts=tuple(_facts(item, t)),
        draft=_draft(item, t, cuts),
        no_draft="" if item.words.body.strip() else t(_NO_DRAFT.get(item.situation, "draft.none")),
        brief=_headed([(line.kind, _marked(line, t).text) for line in brief], t),
        brief_note=t("brief.cut", item.number) if len(brief) < len(item.words.brief) else "",
        taps=item.taps,
        small=tuple(_small(item, t)),
    )


def bar(days: int | None, cadence: int | None) -> Bar | None:
    """Return the time since the last contact against the cadence; None where either is not known."""
    if days is None or not cadence:
        return None
    if days <= cadence:
        return Bar(max(2, round(_WHOLE_BAR * days / cadence)) if days else 0, 0)
    over = min(85, max(4, round(_WHOLE_BAR * (days - cadence) / days)))
    return Bar(_WHOLE_BAR - over, over)


def last_words(last: LastContact, t: Phrases) -> str:
    """Return the last contact in words: its day, subject and reason."""
    what = (
        t("last.subject", day=t.day(last.on), subject=subject(last.subject))
        if last.subject
        else t("last", day=t.day(last.on))
    )
    return t("last.reason", last=what, reason=t.reason(last.reason)) if last.reason else what


def _standing(item: DueItem, digest: Digest, t: Phrases) -> str:
    """Return why they are here: days over, or another reason, or that no contact was seen."""
    why = [sentence(item.why_not_cadence)] if item.why_not_cadence else []
    if item.days_since is None:
        return " · ".join([*why, t.unseen(digest.seen_since)])
    over = [t("over", item.overdue_days)] if item.overdue_days > 0 else []
    return " · ".join([*over, *why]) or t("over.now")


def _since(days: int | None, t: Phrases) -> str:
    """Return how long ago the last contact was, with months beside the days where that helps; "" when none was seen."""
    if not days:
        return "" if days is None else f"· {t('since.today')}"
    plain, long = t("days", days), t.long(days)
    words = t("since", days)
    return f"· {words}" if long == plain else f"· {words} ({long.removeprefix(plain).strip(', ')})"


def _facts(item: DueItem, t: Phrases) -> list[str]:
    facts = [last_words(item.last, t)] if item.last else []
    soft = item.last_soft
    if soft and (item.last is None or soft.on > item.last.on):
        what = (
            t("soft.subject", day=t.day(soft.on), subject=subject(soft.subject))
            if soft.subject
            else t("soft", day=t.day(soft.on))
        )
        facts.append(t("last.reason", last=what, reason=t.reason(soft.reason)) if soft.reason else what)
    return facts


def _marked(sentence: Sentence, t: Phrases) -> Sentence:
    """Return a sentence as it is shown: with a mark where nobody could check it."""
    if not sentence.unchecked:
        return sentence
    return replace(sentence, text=t("unchecked", text=sentence.text), unchecked=False)


def _draft(item: DueItem, t: Phrases, cuts: Cuts) -> Draft | None:
    words = item.words
    # With the marked sentences: the copy in Drafts is without them.
    whole = lines(replace(words, sentences=tuple(_marked(s, t) for s in words.sentences)).body).strip()
    if not whole:
        return None
    body = shorten(whole, cuts.draft)
    lies = item.in_drafts
    notes = [t("draft.cut-lies" if lies else "draft.cut")] if body != whole else []
    if any(sentence.unchecked for sentence in words.sentences):
        notes = [*(notes or [t("draft.lies" if lies else "draft.copy")]), t("draft.unchecked")]
    return Draft(
        to=t("to", address=isolated(shorten(item.address, 200))) if item.address else t("to.nobody"),
        subject=t("subject", subject=subject(item.words.subject)) if item.words.subject.strip() else t("subject.none"),
        where=t("draft.lies" if lies else "draft.copy"),
        paragraphs=tuple(tuple(part.split("\n")) for part in body.split("\n\n") if part.strip()),
        note=" ".join(notes),
    )


def _headed(parts: list[tuple[str, str]], t: Phrases) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the brief's lines under their headings, each heading once, in the order they first come."""
    heads: dict[str, list[str]] = {}
    for kind, text in parts:
        heads.setdefault(kind, []).append(sentence(text))
    return tuple(
        (t(f"brief.{kind}") if t.known(f"brief.{kind}") else isolated(kind), tuple(said))
        for kind, said in heads.items()
    )


def _small(item: DueItem, t: Phrases) -> list[str]:
    words = item.words
    made = t("small.made", sources="; ".join(sentence(source) for source in item.made_from)) if item.made_from else ""
    by_model = words.writer == "model"
    # A model was asked where its words are used, or a remark says why they are not. What the offline writer tried and
    # let go was nobody's invention and is not worth a line.
    asked = by_model or words.remark is not None
    dropped = t("small.dropped", len(words.dropped)) if words.dropped and asked else ""
    writer = t("small.model", model=sentence(words.model)) if words.model and by_model else ""
    remark = sentence(words.remark) if words.remark else ""
    short = item.last.short if item.last else None
    message = t("small.message", short=isolated(short)) if short else ""
    return [part for part in (made, message, writer, dropped, remark) if part]


def row(person: RosterRow, t: Phrases, cuts: Cuts) -> Row:
    """Return one line of the roster in words."""
    months = tuple(min(2, count) for count in person.months) if cuts.blocks else ()
    touched = sum(count > 0 for count in person.months)
    return Row(
        name=name(person.name),
        words=dotted(said.replace(" ", "\u00a0") for said in _row_words(person, t)),
        bar=bar(person.days_since, person.cadence_days),
        months=months,
        months_label=_months_label(touched, len(person.months), t),
        over=t("over", person.overdue_days) if _is_over(person) else "",
    )


def _months_label(touched: int, of: int, t: Phrases) -> str:
    if not of:
        return ""
    return t("roster.months", touched, of=str(of)) if touched else t("roster.months-none", of)


def _is_over(person: RosterRow) -> bool:
    return person.overdue_days > 0 and person.days_since is not None and person.snoozed_until is None


def _row_words(person: RosterRow, t: Phrases) -> list[str]:
    # The cadence never comes last: "Jane every 3 weeks" is a command.
    said = [sentence(person.rhythm) or t.every(person.cadence_days)]
    if person.days_since is None:
        said.append(t("roster.unseen"))
    else:
        said.append(t("roster.ago", person.days_since) if person.days_since else t("roster.today"))
    if person.snoozed_until:
        said.append(t("roster.snoozed", day=t.short_day(person.snoozed_until)))
    elif person.due_on and not _is_over(person):
        said.append(t("roster.due", day=t.short_day(person.due_on)))
    return [*said, t("roster.favourite")] if person.favourite else said
