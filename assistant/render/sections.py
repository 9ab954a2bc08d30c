"""The digest in words: each section in the order of the page (see `view.py`, docs/look.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.core.language.phrases import Phrases, isolated
from assistant.core.replies.grammar.lines import Speech
from assistant.render import headline as heads
from assistant.render.cards import card
from assistant.render.everyone import by_when, comes_up, is_monthly, rows, short_names, without_card
from assistant.render.review import review_entries, review_title
from assistant.render.view import Cuts, Entry, View, name, quiet, sentence, subject, within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.core.digest.model import CandidateItem, Digest, GapItem, MeetingItem, QuestionItem, RosterRow

ROLES = ("mentor", "advisor", "advocate", "ally")
_MEETING_LINES, _MEETING_WORDS = 2, 32
_MOST_GAPS = 2


def in_words(digest: Digest, cuts: Cuts) -> View:
    """Return the digest in words, no part longer than `cuts` allows; what is left out is said where it would stand."""
    t, names = Phrases(digest.language), short_names(digest)
    review, monthly = digest.review, is_monthly(digest) and cuts.roster != 0
    more = [names[item.name] for item in digest.due[cuts.people :]]
    cards = tuple(card(item, digest.seen_since, t, cuts) for item in digest.due[: cuts.people])
    return View(
        language=digest.language,
        today=digest.on,
        roles=_roles(digest),
        phrases=t,
        day=t.long_day(digest.on),
        headline=heads.headline(digest, names, t),
        # A name may read as a command, and some programs show hidden text in what they quote.
        preheader=quiet(heads.preheader(digest, names, t), Speech(digest.on, digest.language, _roles(digest))),
        lead=heads.lead(digest, names, t),
        cards=cards,
        cards_title=t("section.these", len(cards) - 1, count=t.many(len(cards) - 1).lower()),
        cards_note=t("cut.people", len(more), names=t.join(more)) if more else "",
        week=_capped((_meeting(item, names, t) for item in digest.meetings), t, cuts),
        groups=tuple(group for group in _groups(digest, t, cuts) if group[2]),
        # Of the others the roster or the review tells.
        everyone=(without_card if review or monthly else by_when)(digest, names, t),
        roster=rows(_kept(digest.roster, cuts), names, digest.on, t) if monthly and not review else (),
        review_title=review_title(review, t) if review else "",
        review=_capped(review_entries(review, t), t, cuts) if review else (),
        answer_taps=digest.answer_taps,
        remarks=tuple(sentence(one) for one in digest.remarks),
        small=tuple(_small(digest, names, t)),
        footer_taps=digest.footer_taps,
    )


def _kept(roster: tuple[RosterRow, ...], cuts: Cuts) -> list[RosterRow]:
    """Return the rows that are shown: of too many those furthest from due are left out."""
    return sorted(roster, key=lambda row: (comes_up(row) is None, comes_up(row)))[: cuts.roster]


def _meeting(item: MeetingItem, names: dict[str, str], t: Phrases) -> Entry:
    title = subject(item.summary)
    others = [names[who] for who in item.people if names[who] not in title]
    return Entry(
        mark=t.when(item.start),
        title=title,
        aside=t("meeting.with", people=t.join(others)) if others else "",
        lines=within(map(sentence, item.brief), _MEETING_WORDS, str)[:_MEETING_LINES],
    )


def _groups(digest: Digest, t: Phrases, cuts: Cuts) -> Iterator[tuple[str, str, tuple[Entry, ...]]]:
    asked = len(digest.questions)
    yield (
        t("section.questions", asked, count=t.many(asked)),
        "",
        _capped((_question(item) for item in digest.questions), t, cuts),
    )
    missing = [
        *(_candidate(item, t) for item in digest.candidates),
        *(_gap(gap, t) for gap in digest.gaps[:_MOST_GAPS]),
    ]
    lead = t("missing.lead") if digest.candidates and digest.first else ""
    yield t("section.missing"), lead, _capped(missing, t, cuts)


def _question(item: QuestionItem) -> Entry:
    why = (sentence(item.why),) if item.why else ()
    return Entry(isolated(item.label), sentence(item.text), "", why, item.taps, numbered=True)


def _gap(gap: GapItem, t: Phrases) -> Entry:
    return Entry("", t.role(gap.role), "", (sentence(gap.text), *([sentence(gap.step)] if gap.step else ())))


def _candidate(item: CandidateItem, t: Phrases) -> Entry:
    count = t("candidate.count", item.messages)
    aside = f"{count}, {sentence(item.why.removesuffix('.'))}" if item.why else count
    draft = (t("candidate.draft"), *map(isolated, item.draft)) if item.draft else ()
    return Entry(isolated(item.label), name(item.name or item.address), aside, draft, item.taps, numbered=True)


def _capped(entries: Iterable[Entry], t: Phrases, cuts: Cuts) -> tuple[Entry, ...]:
    found = tuple(entries)
    if len(found) <= cuts.entries:
        return found
    return (*found[: cuts.entries], Entry("", t("cut.lines", len(found) - cuts.entries)))


def _small(digest: Digest, names: dict[str, str], t: Phrases) -> Iterator[str]:
    """Yield the sentences of the last paragraph: how to answer, where the drafts are, what was read and linked."""
    # Somebody the owner knows makes the better example.
    example = names[digest.due[0].name] if digest.due else next(iter(names.values()), "Ruth")
    if digest.first:
        yield t("answer.first", name=example)
    else:
        tips = t.lines("answer.tips")
        yield tips[digest.on.isocalendar().week % len(tips)].format(name=example)
    if digest.scan and digest.scan.complete_to:
        at = digest.scan.complete_to
        moment = t("scan.today", time=f"{at:%H:%M}") if at.date() == digest.on else t.when(at)
        yield t("scan.read", digest.scan.new, moment=moment) if digest.scan.new else t("scan.none")
    elif digest.scan:
        yield t("scan.read-open", digest.scan.new)
    yield from (sentence(one) for one in digest.linked)


def _roles(digest: Digest) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*ROLES, *(row.role for row in digest.roster)]))
