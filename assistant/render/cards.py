"""One person in words: the card of "Reach out" and the row of the roster (see `view.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.render.clean import lines
from assistant.render.phrases import isolated
from assistant.render.view import Bar, Card, Cuts, Draft, Row, name, sentence, shorten, subject

if TYPE_CHECKING:
    from assistant.core.digest import Digest, DueItem, LastContact, RosterRow
    from assistant.render.phrases import Phrases

_WHOLE_BAR = 100


def card(item: DueItem, digest: Digest, t: Phrases, cuts: Cuts) -> Card:
    """Return one card of "Reach out" in words."""
    brief = item.words.brief[: cuts.brief]
    return Card(
        number=str(item.number),
        name=name(item.name),
        meta=f"{t.role(item.role)} · {t.every(item.cadence_days)}",
        standing=_standing(item, digest, t),
        over=item.overdue_days > 0,
        bar=bar(item.days_since, item.cadence_days, t),
        facts=tuple(_facts(item, t)),
        draft=_draft(item, t, cuts),
        brief=_headed([(s.kind, s.text) for s in brief], t),
        brief_note=t("brief.cut", item.number) if len(brief) < len(item.words.brief) else "",
        taps=item.taps,
        small=tuple(_small(item, t)),
    )


def bar(days: int | None, cadence: int | None, t: Phrases) -> Bar | None:
    """Return the time since the last contact against the cadence; None where either is not known."""
    if days is None or not cadence:
        return None
    label = f"{t('since', days) if days else t('since.today')}, {t.every(cadence)}"
    if days <= cadence:
        return Bar(max(2, round(_WHOLE_BAR * days / cadence)) if days else 0, 0, label)
    over = min(85, max(4, round(_WHOLE_BAR * (days - cadence) / days)))
    return Bar(_WHOLE_BAR - over, over, label)


def last_words(last: LastContact, t: Phrases) -> str:
    """Return the last contact in words: its day, subject and reason."""
    what = (
        t("last.subject", day=t.day(last.on), subject=subject(last.subject))
        if last.subject
        else t("last", day=t.day(last.on))
    )
    return t("last.reason", last=what, reason=t.reason(last.reason)) if last.reason else what


def _standing(item: DueItem, digest: Digest, t: Phrases) -> str:
    why = [sentence(item.why_not_cadence)] if item.why_not_cadence else []
    if item.days_since is None:
        unseen = t("since.none-month", month=t.month(digest.seen_since)) if digest.seen_since else t("since.none")
        return " · ".join([*why, unseen])
    since = t("since", item.days_since) if item.days_since else t("since.today")
    if item.overdue_days > 0:
        return " · ".join([t("over", item.overdue_days), *why, _long_since(item.days_since, since, t)])
    return " · ".join([*(why or [t("over.now")]), _long_since(item.days_since, since, t)])


def _long_since(days: int, words: str, t: Phrases) -> str:
    plain, long = t("days", days), t.long(days)
    return words if long == plain else f"{words} ({long.removeprefix(plain).strip(', ')})"


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


def _draft(item: DueItem, t: Phrases, cuts: Cuts) -> Draft | None:
    whole = lines(item.words.body).strip()
    if not whole:
        return None
    body = shorten(whole, cuts.draft)
    lies = item.draft_id is not None
    key = ("draft.lies" if lies else "draft.copy") + ("" if item.address else "-nobody")
    return Draft(
        subject=t("subject", subject=subject(item.words.subject)),
        where=t(key, address=isolated(item.address or "")),
        paragraphs=tuple(tuple(part.split("\n")) for part in body.split("\n\n") if part.strip()),
        note=t("draft.cut-lies" if lies else "draft.cut") if body != whole else "",
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
    dropped = t("small.dropped", len(words.dropped)) if words.dropped else ""
    writer = t("small.model", model=sentence(words.model)) if words.writer == "model" and words.model else ""
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
        words=" · ".join(_row_words(person, t)),
        bar=bar(person.days_since, person.cadence_days, t),
        months=months,
        months_label=t("roster.months", touched, of=str(len(person.months))) if person.months else "",
        over=person.overdue_days > 0,
    )


def _row_words(person: RosterRow, t: Phrases) -> list[str]:
    if person.days_since is None:
        said = [t("roster.unseen")]
    else:
        said = [t("roster.ago", person.days_since) if person.days_since else t("roster.today")]
    said.append(t.every(person.cadence_days))
    if person.snoozed_until:
        said.append(t("roster.snoozed", day=t.short_day(person.snoozed_until)))
    elif person.overdue_days > 0 and person.days_since is not None:
        said.append(t("over", person.overdue_days))
    elif person.due_on:
        said.append(t("roster.due", day=t.short_day(person.due_on)))
    return [*said, t("roster.favourite")] if person.favourite else said
